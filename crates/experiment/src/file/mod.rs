//! Experiment files: one TOML file that names scenarios and what to do with them.
//!
//! [`Experiment::load`] reports everything that is wrong at once, as scenario files do: keys are described
//! in `keys`, and what a scenario may hold decides what may be set and varied.

mod bundles;
mod fitted;
pub(crate) mod keys;
mod posterior;
mod reading;
mod replicates;
pub mod resolved;
mod run;
mod scenarios;
pub mod schema;
mod search;
mod smallest;
mod solve;
mod vary;
mod weights;

pub use fitted::PRIOR;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::calibrate::Calibration;
use crate::compare::pairing::{self, are_alike};
use crate::contest::weights::Weights;
use crate::design::Design;
use crate::outcome::Outcome;
use crate::parts::Bundle;
use crate::posterior::Posterior;
use crate::replicates::Replicates;
use crate::search::Search;
use crate::smallest::Smallest;
use crate::window::Window;
use shequ_model::base::i18n::both;
use shequ_model::base::month::Month;
use shequ_model::base::problem::{Problem, Problems, Source};
use shequ_model::city::Cities;
use shequ_model::scenario::places::Where;
use shequ_model::scenario::{self, Loaded};
use shequ_model::theory::formula::outside::Outside;

/// What kind of experiment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Arms against the base.
    Compare,
    /// The same under every theory and trust rule.
    Contest,
    /// A design of rows.
    Sweep,
    /// A design of rows, from which indices are estimated.
    Sensitivity,
    /// Parameters fitted to targets.
    Calibrate,
    /// The best mixes of levers.
    Search,
    /// One scenario, of whose replicates everything is kept. No file describes one: it needs none.
    Run,
}

impl Kind {
    /// Every kind that a file may describe.
    pub const ALL: [Kind; 6] =
        [Kind::Compare, Kind::Contest, Kind::Sweep, Kind::Sensitivity, Kind::Calibrate, Kind::Search];

    /// As in files; also the name of the command.
    pub fn name(self) -> &'static str {
        ["compare", "contest", "sweep", "sensitivity", "calibrate", "search", "run"][self as usize]
    }

    /// What is taken of a replicate where nothing else is asked for.
    pub fn outcomes(self) -> Vec<Outcome> {
        match self {
            Kind::Compare => Outcome::all_but_costs(),
            Kind::Contest => Outcome::headlines(),
            Kind::Sweep | Kind::Sensitivity => Outcome::named("participation").into_iter().collect(),
            // Its targets, or its objectives and constraints, say what is taken.
            Kind::Calibrate | Kind::Search | Kind::Run => Vec::new(),
        }
    }

    /// True if it compares arms with its base.
    pub fn compares(self) -> bool {
        matches!(self, Kind::Compare | Kind::Contest)
    }

    /// True if it has a design, and perhaps arms.
    pub fn varies(self) -> bool {
        matches!(self, Kind::Sweep | Kind::Sensitivity)
    }
}

/// A scenario to compare with the base.
#[derive(Clone)]
pub struct Arm {
    /// Its name, English.
    pub name: String,
    /// Its name, Chinese; empty if none was given.
    pub name_zh: String,
    /// Its scenario.
    pub loaded: Loaded,
    /// In which communities it holds, where the experiment says so; in all others the base does.
    pub within: Option<Where>,
}

impl Arm {
    /// Its name, the Chinese one if there is one and it is wanted.
    pub fn title(&self, chinese: bool) -> &str {
        if chinese && !self.name_zh.is_empty() { &self.name_zh } else { &self.name }
    }
}

/// An experiment that was read and checked.
#[derive(Clone)]
pub struct Experiment {
    /// What kind it is.
    pub kind: Kind,
    /// Its name, English.
    pub name: String,
    /// Its name, Chinese; empty if none was given.
    pub name_zh: String,
    /// The scenario that everything starts from.
    pub base: Loaded,
    /// What is compared with it. Where keys vary, every row of the design is simulated under each.
    pub arms: Vec<Arm>,
    /// True if arms may have other cities or seeds than the base.
    pub allow_unlike: bool,
    /// Replicates of each row.
    pub replicates: Replicates,
    /// The first of them: not 0 only where one replicate of a run is asked for.
    pub first_replicate: u32,
    /// What is taken from each replicate.
    pub outcomes: Vec<Outcome>,
    /// Those of them that are tested by themselves where arms are compared; else none.
    pub primary: Vec<Outcome>,
    /// The smallest effects that matter, where arms are compared.
    pub smallest: Smallest,
    /// Over which months.
    pub windows: Vec<Window>,
    /// The rows; `None` where nothing varies but the arms.
    pub design: Option<Design>,
    /// What is known of parameters; `None` where they have the values of the scenarios alone.
    pub posterior: Option<Arc<Posterior>>,
    /// What each theory and rule counts in a contest; `None` where all count the same alone.
    pub weights: Option<Arc<Weights>>,
    /// Outcomes of which less is better, where arms are ranked; of all others more is.
    pub lower: Vec<Outcome>,
    /// What is fitted to what; `None` where nothing is. Its arms are then the runs that targets ask for.
    pub calibration: Option<Calibration>,
    /// What is looked for; `None` where nothing is.
    pub search: Option<Search>,
    /// The arms that are taken apart; their coalitions are rows after the arms.
    pub bundles: Vec<Bundle>,
    /// What a reader should know of how this file was read.
    pub notes: Vec<Problem>,
}

impl Experiment {
    /// The keys that its design varies, or that are fitted, in the order of the columns of its rows.
    pub fn varied_keys(&self) -> Vec<String> {
        let fitted =
            self.calibration.iter().flat_map(|known| &known.parameters).map(|known| known.key.clone());
        let levers = self.search.iter().flat_map(|search| &search.levers);
        let varied = self.design.iter().flat_map(|design| &design.factors).chain(levers);
        varied.map(|factor| factor.key.clone()).chain(fitted).collect()
    }

    /// What is to be known of this file, then of the base and of every arm.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.notes.iter().chain(self.scenarios().flat_map(|loaded| &loaded.warnings))
    }

    /// The base and every arm.
    fn scenarios(&self) -> impl Iterator<Item = &Loaded> {
        std::iter::once(&self.base).chain(self.arms.iter().map(|arm| &arm.loaded))
    }

    /// Functions that a program brought along and that formulas of its scenarios call, each once.
    pub fn functions(&self) -> Vec<Arc<Outside>> {
        let mut all: Vec<Arc<Outside>> = Vec::new();
        for function in self.scenarios().flat_map(|loaded| loaded.scenario.theory.outside()) {
            if !all.contains(function) {
                all.push(function.clone());
            }
        }
        all
    }

    /// The names and texts of these functions, on which results depend.
    pub(crate) fn functions_in_words(&self) -> Vec<String> {
        let functions = self.functions();
        functions.iter().flat_map(|function| [function.name().into(), function.source().into()]).collect()
    }
}

/// A window of which a run of `months` months from `start` does not have every month.
fn outside(window: Window, start: Month, months: u32) -> Problem {
    let last = start.plus(months - 1);
    let message = both!("the scenario does not cover all of {window}", "情景的月份未涵盖整个 {window}");
    let problem = Problem::new(message).of("window");
    problem.allowed(both!("months from {start} to {last}", "{start} 至 {last} 的月份"))
}

/// What the command line says of an experiment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `key=value` for the base and all arms. The file's own `set` and arms come after it.
    pub set: Vec<String>,
    /// In place of the file's replicates.
    pub replicates: Option<u32>,
    /// In place of the file's windows, if there are any.
    pub windows: Vec<Window>,
    /// In place of the file's outcomes, if there are any.
    pub outcomes: Vec<Outcome>,
    /// In place of the file's primary outcomes, if there are any.
    pub primary: Vec<Outcome>,
    /// Before the file's smallest effects that matter.
    pub smallest: Vec<(Outcome, f64)>,
    /// Arms may have other cities or seeds than the base, whatever the file says.
    pub allow_unlike: bool,
    /// The table of a posterior, in place of the file's.
    pub posterior: Option<PathBuf>,
    /// Of a contest, the table of weights of theories and rules, in place of the file's.
    pub weights: Option<PathBuf>,
    /// In place of the file's outcomes of which less is better, if there are any.
    pub lower: Vec<Outcome>,
}

/// True of a file that says what only an experiment says. A pipe, which can be read once, is taken for a scenario.
pub fn is_one(path: &Path) -> bool {
    const ITS_OWN: [&str; 4] = ["kind", "vary", "arm", "objective"];
    let source = path.is_file().then(|| scenario::file::read(path, &path.display().to_string()).ok());
    let table: Option<toml::Table> = source.flatten().and_then(|source| source.text.parse().ok());
    table.is_some_and(|table| ITS_OWN.iter().any(|key| table.contains_key(*key)))
}

impl Experiment {
    /// Reads the experiment file at `path` and the scenarios that it names. It must be of `kind`, if one is
    /// given.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(path: &Path, kind: Option<Kind>, overrides: &Overrides) -> Result<Experiment, Problems> {
        reading::load(path, kind, overrides)
    }

    /// Reads `text`, which people know as `name`, as an experiment file in `folder`.
    ///
    /// # Errors
    /// Everything that is wrong with it, and with the scenarios that it names.
    pub fn from_text(
        name: &str,
        text: &str,
        folder: &Path,
        kind: Option<Kind>,
        overrides: &Overrides,
    ) -> Result<Experiment, Problems> {
        reading::of_source(&Source::file(name, text), folder, kind, overrides)
    }

    /// The scenario at `base` against each of those at `arms`, all with the values that `overrides` set.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn of_scenarios(
        kind: Kind,
        base: &Path,
        arms: &[PathBuf],
        overrides: &Overrides,
    ) -> Result<Experiment, Problems> {
        scenarios::load(kind, base, arms, overrides)
    }

    /// `loaded` with the cities of an experiment: one for all replicates unless it says otherwise, but one for each of a
    /// calibration, whose targets are not of one city. Replicates count as independent of one another, so none of them
    /// share a city two by two.
    ///
    /// # Errors
    /// None that a scenario which was loaded can give.
    pub fn with_cities(loaded: Loaded, kind: Kind) -> Result<Loaded, Problems> {
        match loaded.scenario.seed.cities {
            Cities::Auto if kind == Kind::Calibrate => loaded.with(&["seed.cities=each".into()]),
            Cities::Auto => loaded.with(&["seed.cities=one".into()]),
            Cities::Pairs => loaded.with(&["seed.cities=each".into()]),
            Cities::One | Cities::Each => Ok(loaded),
        }
    }

    /// What is taken, and what of it is primary, where `outcomes` and `primary` are asked for: every primary outcome
    /// is taken, and of a comparison there is always one.
    fn outcomes_of(
        kind: Kind,
        mut outcomes: Vec<Outcome>,
        primary: Vec<Outcome>,
    ) -> (Vec<Outcome>, Vec<Outcome>) {
        let missing: Vec<Outcome> = primary.iter().copied().filter(|o| !outcomes.contains(o)).collect();
        outcomes.extend(missing);
        let primary = match primary.is_empty() && kind.compares() {
            true => Outcome::primary_of(&outcomes),
            false => primary,
        };
        (outcomes, primary)
    }

    /// The `arms` in the city at rest of `base`: until the start the rules of `base` hold in all of them.
    fn departing(base: &Loaded, arms: Vec<Arm>) -> Result<Vec<Arm>, Problems> {
        let departing =
            |arm: Arm| Ok(Arm { loaded: arm.loaded.departing_from(base, arm.within.as_ref())?, ..arm });
        arms.into_iter().map(departing).collect()
    }

    /// The coalition's scenario file in a results folder, where `number` counts those of all bundles from 0.
    pub fn coalition_file(number: usize) -> String {
        format!("parts-{}.toml", number + 1)
    }

    /// The scenarios of all coalitions, in the order of their rows.
    pub fn coalitions(&self) -> impl Iterator<Item = &Loaded> {
        self.bundles.iter().flat_map(|bundle| &bundle.coalitions).map(|(_, loaded)| loaded)
    }

    /// True if the base and all arms have the same city and random numbers.
    pub fn is_paired(&self) -> bool {
        self.arms.iter().all(|arm| are_alike(&self.base, &arm.loaded))
    }

    /// What must hold of the whole: arms can be compared with the base.
    fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        for arm in &self.arms {
            problems.0.extend(pairing::problems(&self.base, &arm.loaded, &arm.name, self.allow_unlike).0);
        }
        problems
    }
}
