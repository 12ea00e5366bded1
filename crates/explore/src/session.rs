//! Bases, and what was run of them: kept between questions, so that a lever that moves costs the policy alone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::question::Question;
use shequ_experiment::compare::{community, group};
use shequ_experiment::execute::KeepGoing;
use shequ_experiment::outcome::Outcome;
use shequ_experiment::plan::Row;
use shequ_experiment::prepare::RunCache;
use shequ_model::base::i18n::both;
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::city::Cities;
use shequ_model::metric;
use shequ_model::scenario::{Loaded, Scenario};
use shequ_model::simulation::ReplicateOutput;

/// Resident-months of a replicate of the small city, about: a tenth of a second of one processor.
const SMALL: u64 = 500_000;
/// Adults of a small community, at least, so that councils and groups of residents mean something.
const FEWEST: u32 = 200;
/// Replicates of a small city, at most: it is looked at while the asked one is on its way.
const QUICK: u32 = 12;
/// The file of a row, which nobody sees.
const FILE: &str = "scenario.toml";
/// Bases that are kept: two pages that look at two theories each, at two sizes.
const KEPT: usize = 8;

/// What is looked at beside the outcome that is asked for; money comes last.
pub const OUTCOMES: [&str; 10] = [
    "participation",
    "trust.committee",
    "trust.neighbours",
    "trust.local_government",
    "satisfaction",
    "awareness",
    "efficacy",
    "participation.gini",
    "staff.load",
    metric::costs::TOTAL,
];

/// A scenario that may be the base.
pub struct Base {
    /// Its file; `None` of the program's own.
    pub file: Option<PathBuf>,
    /// What was set for it on the command line, as `key=value`.
    pub options: Vec<String>,
    /// The scenario.
    pub loaded: Loaded,
}

/// How large a city is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Communities of so many adults in the mean, for a first answer.
    Small(u32),
    /// As the scenario says.
    Asked,
}

/// What was taken from a replicate.
pub struct Taken {
    /// `[month * outcomes + k]`, in the order of [`Runs::outcomes`].
    pub monthly: Vec<f64>,
    /// Means over the window, `[outcome]`.
    pub means: Vec<f64>,
    /// Means over the window by community, of the first outcome.
    pub communities: Vec<f64>,
    /// Means over the window by group, in the order of [`group::Cell::all`].
    pub groups: Vec<f64>,
}

/// A base at one size, and its replicates.
pub struct Runs {
    /// The base at this size.
    pub base: Loaded,
    /// What is taken, the outcome that is asked for first.
    pub outcomes: Vec<Outcome>,
    cells: Vec<community::Cell>,
    groups: usize,
    window: std::ops::Range<u32>,
    cache: RunCache,
    kept: Mutex<BTreeMap<u32, Arc<Taken>>>,
    /// Rows that were run in this cache, the base being row 0.
    rows: AtomicU32,
}

/// What tells one base from another: which, under which theory, at which size, and what is taken.
type Id = (usize, String, Size, String);

/// Everything that pages share.
pub struct Session {
    /// The scenarios of the command line.
    pub bases: Vec<Base>,
    runs: Mutex<Vec<(Id, Arc<Runs>)>>,
}

impl Base {
    /// A base whose replicates share one city, as those of a comparison do.
    ///
    /// # Errors
    /// None that a scenario which was loaded can give.
    pub fn new(file: Option<PathBuf>, options: &[String], loaded: Loaded) -> Result<Base, Problems> {
        let loaded = match loaded.scenario.seed.cities {
            Cities::Auto | Cities::Pairs => loaded.with(&["seed.cities=one".into()])?,
            Cities::One | Cities::Each => loaded,
        };
        Ok(Base { file, options: options.to_vec(), loaded })
    }
}

/// The sizes at which a scenario is looked at: a small city first where that is much quicker.
pub fn sizes(loaded: &Loaded) -> Vec<Size> {
    let scenario = &loaded.scenario;
    let population = &scenario.population;
    let months = u64::from(scenario.months.max(1)) * u64::from(population.communities.max(1));
    let adults = (SMALL / months).clamp(FEWEST.into(), u64::from(u32::MAX)) as u32;
    match u64::from(adults) * 2 < mean_adults(loaded) {
        true => vec![Size::Small(adults), Size::Asked],
        false => vec![Size::Asked],
    }
}

/// A scenario as it is run.
pub fn row(loaded: &Loaded) -> Row {
    Row::plain(loaded, FILE)
}

/// Replicates at a size.
pub fn replicates(loaded: &Loaded, size: Size) -> u32 {
    let asked = loaded.scenario.replicates.max(2);
    if size == Size::Asked { asked } else { asked.min(QUICK) }
}

/// The scenario at a size.
fn at(loaded: &Loaded, size: Size) -> Result<Loaded, Problems> {
    match size {
        Size::Asked => Ok(loaded.clone()),
        Size::Small(adults) if loaded.scenario.population.table.is_empty() => {
            loaded.with(&[format!("population.adults={adults}")])
        }
        Size::Small(adults) => smaller(loaded, adults),
    }
}

/// Adults of a community in the mean.
fn mean_adults(loaded: &Loaded) -> u64 {
    let population = &loaded.scenario.population;
    population.all_adults() / u64::from(population.communities.max(1))
}

/// The scenario with every community of its table smaller by one factor, until one has `mean` adults in the mean; none
/// has fewer than councils and groups of residents need, or more than before.
fn smaller(loaded: &Loaded, mean: u32) -> Result<Loaded, Problems> {
    let population = &loaded.scenario.population;
    let share = f64::from(mean) / mean_adults(loaded).max(1) as f64;
    let fewer = |adults: u32| ((f64::from(adults) * share) as u32).max(FEWEST.min(adults));
    let mut text: toml::Table = loaded.canonical_toml().parse().unwrap_or_default();
    let rows =
        text.get_mut("population").and_then(|all| all.get_mut("table")).and_then(|all| all.as_array_mut());
    for (written, row) in rows.into_iter().flatten().zip(&population.table) {
        let adults = fewer(row.adults.unwrap_or(population.adults));
        written.as_table_mut().map(|row| row.insert("adults".into(), i64::from(adults).into()));
    }
    Scenario::from_text(FILE, &text.to_string(), &[])
}

impl Session {
    /// A session that may look at `bases`.
    pub fn new(bases: Vec<Base>) -> Session {
        Session { bases, runs: Mutex::default() }
    }

    /// The base of a question, as the command line named it.
    ///
    /// # Errors
    /// That there is none of that number.
    pub fn base(&self, question: &Question) -> Result<&Base, Problems> {
        self.bases.get(question.base).ok_or_else(|| {
            let message = both!("there is no scenario number {n}", "没有第 {n} 个情景"; n = question.base);
            Problem::new(message).into()
        })
    }

    /// The same under the theory of the question.
    ///
    /// # Errors
    /// That there is none of that number, or what is wrong with the theory.
    pub fn loaded(&self, question: &Question) -> Result<Loaded, Problems> {
        question.base(&self.base(question)?.loaded)
    }

    /// What is kept of `base`, which is [`Session::loaded`] of the question, at a size.
    ///
    /// # Errors
    /// What is wrong with a city of that size.
    pub fn runs(&self, question: &Question, base: &Loaded, size: Size) -> Result<Arc<Runs>, Problems> {
        let theory: String = question.theory.iter().map(|(key, value)| format!("{key}={value};")).collect();
        let window = question.window.range(base.scenario.start, base.scenario.months);
        let id = (question.base, theory, size, format!("{} {window:?}", question.outcome.name()));
        let mut all = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = match all.iter().position(|(known, _)| *known == id) {
            Some(place) => all.remove(place).1,
            None => Arc::new(Runs::new(at(base, size)?, question.outcome, window)),
        };
        if all.len() == KEPT {
            all.remove(0);
        }
        all.push((id, runs.clone()));
        Ok(runs)
    }
}

impl Runs {
    fn new(base: Loaded, outcome: Outcome, window: std::ops::Range<u32>) -> Runs {
        let mut outcomes = vec![outcome];
        let others = OUTCOMES.iter().filter_map(|name| Outcome::named(name).ok());
        outcomes.extend(others.filter(|other| *other != outcome));
        let cells = community::Cell::all(base.scenario.population.communities, &outcomes[..1]);
        let watched: Vec<usize> = outcomes.iter().map(|outcome| outcome.index).collect();
        Runs {
            base,
            cells,
            groups: group::Cell::all().len(),
            window,
            cache: RunCache::new(&watched, true),
            kept: Mutex::default(),
            rows: AtomicU32::new(1),
            outcomes,
        }
    }

    /// A number under which a policy is run.
    pub fn number(&self) -> u32 {
        self.rows.fetch_add(1, Ordering::Relaxed)
    }

    /// A replicate of the base, run when it is first asked for; `None` if it was stopped.
    pub fn base(&self, row: &Row, replicate: u32, keep_going: &KeepGoing) -> Option<Arc<Taken>> {
        let known = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = known().get(&replicate) {
            return Some(taken.clone());
        }
        let taken = Arc::new(self.run(0, row, replicate, keep_going)?);
        Some(known().entry(replicate).or_insert(taken).clone())
    }

    /// A replicate of a policy whose row has this number; `None` if it was stopped.
    pub fn run(&self, number: u32, row: &Row, replicate: u32, keep_going: &KeepGoing) -> Option<Taken> {
        // A scenario that was loaded contradicts itself no more.
        let (output, _) = self.cache.run(number, row, replicate, keep_going)?.ok()?;
        Some(self.take(&output))
    }

    fn take(&self, output: &ReplicateOutput) -> Taken {
        let width = metric::all().len();
        let month = |month: &[f64]| self.outcomes.iter().map(|o| month[o.index]).collect::<Vec<f64>>();
        Taken {
            monthly: output.monthly.chunks(width).flat_map(month).collect(),
            means: self.outcomes.iter().map(|o| o.reduce(output, self.window.clone())).collect(),
            communities: community::reduce(output, &self.window, &self.cells),
            groups: group::reduce(output, &self.window, self.groups),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_small_city_too_with_the_same_communities() {
        let text = "name = \"A\"\npopulation.table = [{ name = \"P\", adults = 3000 }, { name = \"Q\", adults = 9000 }, \
                    { name = \"R\", adults = 150 }]\n";
        let loaded = Scenario::from_text("a.toml", text, &[]).unwrap();
        assert!(matches!(sizes(&loaded)[..], [Size::Small(_), Size::Asked]));
        // 12,150 adults in three communities: 405 is a tenth of their mean.
        let small = at(&loaded, Size::Small(405)).unwrap();
        let rows: Vec<_> =
            small.scenario.population.table.iter().map(|row| (row.name.as_str(), row.adults)).collect();
        assert_eq!(rows, [("P", Some(300)), ("Q", Some(900)), ("R", Some(150))]);
        // Their mean, which stands for the whole city.
        assert_eq!(small.scenario.population.adults, 450);
        // Nothing else is other than it was.
        let others = |loaded: &Loaded| {
            let mut all: toml::Table = loaded.canonical_toml().parse().unwrap();
            all["population"].as_table_mut().unwrap().retain(|key, _| key != "table" && key != "adults");
            all
        };
        assert_eq!(others(&small), others(&loaded));
    }
}
