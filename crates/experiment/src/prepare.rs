//! From a scenario to a replicate that can be run, at little cost for each.
//!
//! A city is built, and comes to rest, once for all runs that ask for the same one; a theory is fitted once for
//! all that need the same fit; a row's scenario is built once. What is kept is bounded, so that memory does
//! not grow with the number of runs, and nothing here is asked in the course of a month.

mod cache;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use self::cache::Cache;
use crate::checkpoint::Checkpoints;
use crate::execute::KeepGoing;
use crate::plan::{Row, Run};
use crate::starts::Starts;
use shequ_model::base::params::Key;
use shequ_model::city::synth::Margin;
use shequ_model::city::{City, MODES, Mode, synth};
use shequ_model::scenario::{Intercepts, Loaded, Scenario, index};
use shequ_model::simulation::{
    self, Beginning, FittedModel, Panel, Reference, ReplicateOutput, Simulation, Watched,
};
use shequ_model::theory::{self, formula};
use shequ_model::trust;

/// Adults of all cities that are kept.
pub const ADULTS: u64 = 1_000_000;
/// Fitted intercepts that are kept.
const FITS: u64 = 4_000;
/// References that are kept.
const REFERENCES: u64 = 100;
/// Rows whose scenarios are kept.
const ROWS: u64 = 1_000;

/// A replicate of a scenario that can be run.
#[derive(Clone)]
pub struct Prepared {
    /// The scenario; it reports months, and groups, communities and residents as far as they are kept.
    pub scenario: Arc<Scenario>,
    fitted: Arc<FittedModel>,
    /// None if its burn-in was stopped.
    beginning: Option<Arc<Beginning>>,
    replicate: u32,
    keeps: Keeps,
}

impl Prepared {
    /// The replicate, without a value for metrics that nobody asked for; `None` if it was stopped.
    pub fn run(self, keep_going: &KeepGoing) -> Option<ReplicateOutput> {
        self.record(None, keep_going)
    }

    /// The same as `run` of an experiment, which goes on from its checkpoint if there is one, and is saved on its
    /// way as often as `checkpoints` say, and when it is stopped. One that cannot be gone on from is told, and left
    /// alone.
    pub fn run_or_resume(
        self,
        run: Run,
        checkpoints: &Checkpoints,
        keep_going: &KeepGoing,
    ) -> Option<ReplicateOutput> {
        self.record(Some((run, checkpoints)), keep_going)
    }

    fn record(self, kept: Option<(Run, &Checkpoints)>, keep_going: &KeepGoing) -> Option<ReplicateOutput> {
        let Prepared { scenario, fitted, beginning, replicate, keeps } = self;
        let beginning = beginning?;
        let begin = |beginning| Simulation::of(&scenario, fitted.clone(), beginning, replicate);
        let mut output = ReplicateOutput::new(replicate);
        let begun = kept.and_then(|(run, checkpoints)| checkpoints.begun(run));
        let simulation = match begun {
            None => begin(Arc::unwrap_or_clone(beginning)),
            Some((month, state)) => {
                let mut simulation = begin(Beginning::clone(&beginning));
                match simulation.restore(month, state) {
                    Ok(recorded) => {
                        output = recorded;
                        simulation
                    }
                    // Its bytes are those that were written, so only a disk that fails now gets here.
                    Err(_) => begin(Arc::unwrap_or_clone(beginning)),
                }
            }
        };
        let mut after_month = |simulation: &Simulation, output: &ReplicateOutput| {
            let month = simulation.month();
            let wanted = keep_going(month - 1);
            if let Some((run, checkpoints)) = kept
                && month < scenario.months
                && checkpoints.is_due(month, !wanted)
            {
                checkpoints.keep(run, month, |to| simulation.save(output, to));
            }
            wanted
        };
        let watched = keeps.metrics.as_deref().map_or(Watched::All, Watched::These);
        simulation.record(output, &watched, &mut after_month)
    }
}

/// What is kept of a replicate.
#[derive(Clone)]
struct Keeps {
    /// Positions in `metric::all()` of the metrics that are reported; all if there are none.
    metrics: Option<Arc<[usize]>>,
    /// What groups of residents and communities are like.
    parts: bool,
    /// What single residents are like who are followed.
    residents: bool,
}

/// What runs have in common, kept between them.
pub struct RunCache {
    keeps: Keeps,
    stock: Arc<Stock>,
    /// By number of the row and, where there is a posterior, by place of the draw.
    rows: Cache<(u32, Option<usize>), Result<PreparedScenario, String>>,
    /// Runs that are yet to come in a city, by its seed, where that is known.
    to_come: Mutex<BTreeMap<u64, usize>>,
    /// What the city of the first of these came out like.
    margins: Option<(u64, OnceLock<Vec<Margin>>)>,
    /// Where cities at rest are kept for other commands, if they are.
    starts: Option<Arc<Starts>>,
}

/// What even the runs of different plans have in common.
struct Stock {
    panel: OnceLock<Panel>,
    fits: Cache<(String, usize, u32), f32>,
    references: Cache<String, Reference>,
    beginnings: Cache<(String, u64), Option<Arc<Beginning>>>,
}

/// A scenario but for its city, which is kept apart because it is large.
#[derive(Clone)]
struct PreparedScenario {
    scenario: Arc<Scenario>,
    fitted: Arc<FittedModel>,
    /// What its beginning depends on beside the seed of the city.
    beginning: String,
}

impl RunCache {
    /// An empty stock. Runs report the metrics at the positions `watched` of `metric::all()`, and what groups
    /// of residents and communities are like if `parts` are asked for.
    pub fn new(watched: &[usize], parts: bool) -> RunCache {
        RunCache::keeping(Keeps { metrics: Some(watched.into()), parts, residents: false })
    }

    /// The same, and what residents are like who are followed.
    pub fn following(self) -> RunCache {
        RunCache { keeps: Keeps { residents: true, ..self.keeps }, ..self }
    }

    /// The stock of one scenario, of whose `replicates` everything is kept. The last of those that share a city takes
    /// it, so that it need not be copied.
    pub fn of_run(scenario: &Scenario, replicates: impl Iterator<Item = u32>) -> RunCache {
        let mut to_come = BTreeMap::new();
        let mut first = None;
        for replicate in replicates {
            let city = scenario.seed.of_city(replicate);
            first.get_or_insert(city);
            *to_come.entry(city).or_insert(0) += 1;
        }
        RunCache {
            to_come: Mutex::new(to_come),
            margins: first.map(|first| (first, OnceLock::new())),
            ..RunCache::of_everything()
        }
    }

    /// A stock of which runs of any scenario report everything, and which keeps every city for those to come.
    pub fn of_everything() -> RunCache {
        RunCache::keeping(Keeps { metrics: None, parts: true, residents: true })
    }

    /// The same cities and fits for another plan, whose runs report the metrics at the positions `watched` alone;
    /// everything if none are given.
    pub fn for_plan(&self, watched: Option<&[usize]>) -> RunCache {
        let all = watched.is_none();
        let keeps = Keeps { metrics: watched.map(Arc::from), parts: all, residents: all };
        RunCache { stock: self.stock.clone(), starts: self.starts.clone(), ..RunCache::keeping(keeps) }
    }

    /// The same, whose cities at rest are taken from a folder as far as they are there, and kept in it.
    pub fn with_starts(self, folder: Option<&Path>) -> RunCache {
        RunCache { starts: folder.map(Starts::of).map(Arc::new), ..self }
    }

    /// Where cities at rest are kept for other commands, if they are.
    pub fn starts(&self) -> Option<&Starts> {
        self.starts.as_deref()
    }

    fn keeping(keeps: Keeps) -> RunCache {
        let stock = Stock {
            panel: OnceLock::new(),
            fits: Cache::new(FITS),
            references: Cache::new(REFERENCES),
            beginnings: Cache::new(ADULTS),
        };
        RunCache {
            keeps,
            stock: Arc::new(stock),
            rows: Cache::new(ROWS),
            to_come: Mutex::default(),
            margins: None,
            starts: None,
        }
    }

    /// Shares that the city of the replicate was asked for, and those that came out.
    pub fn margins(&self, scenario: &Scenario, replicate: u32) -> Vec<Margin> {
        let seed = scenario.seed.of_city(replicate);
        let made = self.margins.iter().find(|(first, _)| *first == seed);
        let known = made.and_then(|(_, margins)| margins.get()).cloned();
        known.unwrap_or_else(|| synth::margins(&build(scenario, seed), &scenario.population))
    }

    /// A replicate of row number `number` of a plan; one stock serves one plan.
    ///
    /// # Errors
    /// What its values contradict, on one line.
    pub fn row(
        &self,
        number: u32,
        row: &Row,
        replicate: u32,
        keep_going: &KeepGoing,
    ) -> Result<Prepared, String> {
        let draw = row.draws.as_ref().map(|draws| draws.choice(replicate));
        let scenario_of = self.rows.get((number, draw), 1, || match row.of_replicate(replicate).load() {
            Ok(loaded) => Ok(self.scenario_of(&loaded)),
            Err(problems) => {
                // Tables are in English, whatever the language of what is printed.
                let messages: Vec<String> =
                    problems.0.into_iter().map(|problem| problem.message.en).collect();
                Err(messages.join("; "))
            }
        })?;
        Ok(self.furnish(scenario_of, replicate, keep_going))
    }

    /// Runs a replicate of row number `number`, and says of which scenario; `None` if `keep_going` stopped it.
    ///
    /// # Errors
    /// What its values contradict, on one line.
    pub fn run(
        &self,
        number: u32,
        row: &Row,
        replicate: u32,
        keep_going: &KeepGoing,
    ) -> Option<Result<(ReplicateOutput, Arc<Scenario>), String>> {
        loop {
            let prepared = match self.row(number, row, replicate, keep_going) {
                Ok(prepared) => prepared,
                Err(message) => return Some(Err(message)),
            };
            let scenario = prepared.scenario.clone();
            match prepared.run(keep_going) {
                Some(output) => return Some(Ok((output, scenario))),
                None if !keep_going(0) => return None,
                // The city was being made for somebody else, who no longer wants it.
                None => {}
            }
        }
    }

    /// A replicate of a scenario, ready to be run.
    pub fn prepare(&self, loaded: &Loaded, replicate: u32) -> Prepared {
        self.furnish(self.scenario_of(loaded), replicate, &|_| true)
    }

    /// Burn-in, of which a plan counts no months, asks `keep_going` once a year.
    fn furnish(&self, scenario_of: PreparedScenario, replicate: u32, keep_going: &KeepGoing) -> Prepared {
        let adults = scenario_of.scenario.population.all_adults();
        let seed = scenario_of.scenario.seed.of_city(replicate);
        let make = || self.beginning(&scenario_of, seed, keep_going).map(Arc::new);
        let key = (scenario_of.beginning.clone(), seed);
        let beginning = match self.is_last_in(seed) {
            true => self.stock.beginnings.take(&key, make),
            false => self.stock.beginnings.get(key.clone(), adults, make),
        };
        if beginning.is_none() {
            // Who stopped it does not want it; another may.
            self.stock.beginnings.drop_if(&key, Option::is_none);
        }
        let PreparedScenario { scenario, fitted, .. } = scenario_of;
        Prepared { scenario, fitted, beginning, replicate, keeps: self.keeps.clone() }
    }

    /// The beginning of a scenario in the city of this seed, at rest if there is burn-in: the one that is kept in the
    /// folder for that, or else a new one. Returns none if `keep_going` stopped it.
    fn beginning(&self, of: &PreparedScenario, seed: u64, keep_going: &KeepGoing) -> Option<Beginning> {
        let PreparedScenario { scenario, fitted, beginning: settings } = of;
        let city = || {
            let city = build(scenario, seed);
            if let Some((first, margins)) = &self.margins
                && *first == seed
            {
                margins.get_or_init(|| synth::margins(&city, &scenario.population));
            }
            city
        };
        // Without burn-in there is nothing that takes time, and what a program brought along is known to it alone.
        let can_be_kept = scenario.burn_in > 0 && scenario.theory.outside().is_empty();
        let make = || {
            let months = Cell::new(0);
            let go_on = || {
                months.set(months.get() + 1);
                months.get() % 12 != 0 || keep_going(0)
            };
            Beginning::of(scenario, fitted, city(), &go_on)
        };
        let read = |mut state: &mut dyn Read| Beginning::saved(scenario, fitted, city(), &mut state);
        match self.starts().filter(|_| can_be_kept) {
            Some(starts) => starts.begin(settings, seed, read, make),
            None => make(),
        }
    }

    /// True if no other run is known to come in this city.
    fn is_last_in(&self, seed: u64) -> bool {
        let mut to_come = self.to_come.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(runs) = to_come.get_mut(&seed) else { return false };
        *runs = runs.saturating_sub(1);
        *runs == 0
    }

    fn scenario_of(&self, loaded: &Loaded) -> PreparedScenario {
        let mut scenario = loaded.scenario.clone();
        let report = &mut scenario.report;
        if !self.keeps.parts {
            (report.communities_every, report.groups_every) = (0, 0);
        }
        if !self.keeps.residents {
            report.residents = 0;
        }
        if self.keeps.metrics.is_some() {
            report.distributions_every = 0;
        }
        let fitted = match (scenario.theory_choice.intercepts, scenario.burn_in) {
            (Intercepts::Given, _) => simulation::prepare(&scenario),
            (Intercepts::Fitted, 0) => simulation::fitted(&scenario, self.intercepts(loaded), None),
            (Intercepts::Fitted, _) => {
                let modes = &scenario.periods[0].rules.modes;
                let Reference { intercepts, people } =
                    self.stock.references.get(what_is_fitted(loaded), 1, || {
                        Reference::fit(&scenario.theory, &scenario.trust, modes)
                    });
                simulation::fitted(&scenario, intercepts, Some(people))
            }
        };
        let beginning = match scenario.burn_in {
            0 => what_the_city_is_built_from(loaded),
            _ => what_comes_before_the_start(loaded),
        };
        PreparedScenario { scenario: Arc::new(scenario), fitted, beginning }
    }

    /// The intercepts of a theory on its first occasion.
    fn intercepts(&self, loaded: &Loaded) -> [f32; MODES] {
        let scenario = &loaded.scenario;
        let chosen = theory::named(&scenario.theory_choice.participation);
        let path = chosen.map_or("", |entry| entry.path);
        let theory = values(loaded, |section, _| is_of(section, path)) + &brought_along(scenario);
        std::array::from_fn(|m| {
            let rate = scenario.periods[0].rules.modes[m].base_rate as f32;
            self.stock.fits.get((theory.clone(), m, rate.to_bits()), 1, || {
                let panel = self.stock.panel.get_or_init(Panel::new);
                panel.fit_mode(scenario.theory.as_ref(), Mode::ALL[m], rate)
            })
        })
    }
}

/// The city of a scenario under `seed`.
fn build(scenario: &Scenario, seed: u64) -> City {
    synth::city(&scenario.population, &scenario.periods[0].rules.residents, seed)
}

/// Everything that a city depends on beside its seed: the population, those settings of residents that cannot
/// change because the city is built with them, and how often people move, from which follows how long
/// they have lived where they are. Beside the city a beginning holds the satisfaction of its communities, and what the
/// theory and the rule of trust remember.
fn what_the_city_is_built_from(loaded: &Loaded) -> String {
    values(loaded, |section, key| match section {
        "population" => true,
        "residents" => key.fixed || key.name.starts_with("move_") || key.name == "satisfaction",
        "theory" => matches!(key.name, "participation" | "trust"),
        formula::PATH => key.name == "remember",
        _ => false,
    }) + &brought_along(&loaded.scenario)
}

/// What a theory at rest depends on: its own settings, those of the rule of trust, and base rates.
fn what_is_fitted(loaded: &Loaded) -> String {
    let choice = &loaded.scenario.theory_choice;
    let theory = theory::named(&choice.participation);
    let rule = trust::all().iter().find(|entry| entry.name == choice.trust);
    let paths = [theory.map_or("", |entry| entry.path), rule.map_or("", |entry| entry.path)];
    let chosen = format!("{} {}\n", choice.participation, choice.trust);
    chosen
        + &brought_along(&loaded.scenario)
        + &values(loaded, |section, key| {
            paths.iter().any(|path| is_of(section, path))
                || section.starts_with("modes.") && key.name == "base_rate"
        })
}

/// What a city depends on that has come to rest: every value at the start but those that only later months,
/// replicates and tables depend on.
fn what_comes_before_the_start(loaded: &Loaded) -> String {
    const LATER: [&str; 5] = ["name", "name_zh", "months", "replicates", "start"];
    values(loaded, |section, key| match section {
        "" => !LATER.contains(&key.name),
        "seed" | "report" => false,
        _ => true,
    }) + &brought_along(&loaded.scenario)
        + &format!("month {}", loaded.scenario.start.of_year())
}

/// True if `section` is the table `path` of a theory or rule, or holds the parameters of one's own theory there.
fn is_of(section: &str, path: &str) -> bool {
    section == path || path == formula::PATH && section == formula::PARAMETERS
}

/// Which functions that a program brought along its theory uses; empty of most.
fn brought_along(scenario: &Scenario) -> String {
    scenario.theory.outside().iter().map(|function| format!("function {}\n", function.stamp())).collect()
}

/// The values of all keys that are `wanted` by their section and description.
fn values(loaded: &Loaded, wanted: impl Fn(&str, &Key) -> bool) -> String {
    let mut text = String::new();
    for section in index().sections() {
        for key in section.keys.iter().filter(|key| wanted(section.path, key)) {
            let path = shequ_model::scenario::index::join(section.path, key.name);
            if let Some(given) = loaded.value(&path) {
                let _ = writeln!(text, "{path}={}", given.value);
            }
        }
        let is_own = section.path == formula::PARAMETERS && wanted(section.path, &formula::parameter());
        for (name, given) in loaded.own_parameters().filter(|_| is_own) {
            let _ = writeln!(text, "{}.{name}={}", section.path, given.value);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::params::Kind;
    use shequ_model::metric;

    const TINY: &str = "name = \"A\"\nmonths = 3\npopulation.communities = 2\npopulation.adults = 40\n";

    fn tiny(overrides: &[&str]) -> Loaded {
        let overrides: Vec<String> = overrides.iter().map(|o| o.to_string()).collect();
        Scenario::from_text("a.toml", TINY, &overrides).unwrap()
    }

    #[test]
    fn a_burn_in_that_was_stopped_is_begun_anew_by_who_asks_next() {
        let row = Row::plain(&tiny(&["burn_in=24"]), "a.toml");
        let cache = RunCache::new(&[0], false);
        let prepared = |keep_going: &KeepGoing| cache.row(0, &row, 0, keep_going).unwrap();
        assert!(prepared(&|_| false).run(&|_| true).is_none());
        assert!(prepared(&|_| true).run(&|_| true).is_some());
    }

    #[test]
    fn the_last_replicate_in_a_city_takes_it() {
        let loaded = tiny(&["seed.cities=pairs", "replicates=4"]);
        let cache = RunCache::of_run(&loaded.scenario, 0..3);
        let kept = || cache.stock.beginnings.len();
        let first = cache.prepare(&loaded, 0);
        assert_eq!(kept(), 1);
        drop(first);
        let second = cache.prepare(&loaded, 1);
        let owners = |prepared: &Prepared| prepared.beginning.as_ref().map(Arc::strong_count);
        assert_eq!((kept(), owners(&second)), (0, Some(1)));
        assert_eq!(owners(&cache.prepare(&loaded, 2)), Some(1));
        assert_eq!(kept(), 0);
        let seed = loaded.scenario.seed.of_city(0);
        let expected = synth::margins(&build(&loaded.scenario, seed), &loaded.scenario.population);
        let shares = |margins: Vec<Margin>| margins.iter().map(|m| m.realised.to_bits()).collect::<Vec<_>>();
        assert_eq!(shares(cache.margins(&loaded.scenario, 0)), shares(expected));
    }

    #[test]
    fn intercepts_that_are_given_are_not_fitted() {
        let loaded = tiny(&["theory.intercepts=given", "modes.meeting.intercept=-1"]);
        let expected = simulation::prepare(&loaded.scenario).intercepts;
        assert_eq!(RunCache::new(&[], false).prepare(&loaded, 0).fitted.intercepts, expected);
        assert!(expected.contains(&-1.0));
    }

    #[test]
    fn a_replicate_from_the_stock_is_that_of_its_scenario() {
        let watched =
            ["participation", "trust.committee", "satisfaction"].map(|name| metric::position(name).unwrap());
        let cache = RunCache::new(&watched, false);
        // The city of the first is there when the second asks, and the intercepts of both.
        for overrides in [
            &[][..],
            &["residents.habit_gain=0.3"],
            &["theory.calculus.cost=2"],
            &["seed.cities=one"],
            // Without burn-in a beginning is a city as it was built, with what the theory and the rule remember.
            &["burn_in=0"],
            &["burn_in=0", "theory.participation=aspiration_learning"],
            &["burn_in=0", "theory.trust=social"],
            &["burn_in=0", "residents.satisfaction=0.9"],
            &["burn_in=0", "residents.word_of_mouth=0.3"],
        ] {
            let loaded = tiny(overrides);
            let scenario = &loaded.scenario;
            let seed = scenario.seed.of_city(3);
            let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, seed);
            let expected =
                simulation::run_replicate(scenario, &simulation::prepare(scenario), &city, 3, &|_| true)
                    .unwrap();
            let output = cache.prepare(&loaded, 3).run(&|_| true).unwrap();
            for (place, (value, expected)) in output.monthly.iter().zip(&expected.monthly).enumerate() {
                match watched.contains(&(place % metric::all().len())) {
                    true => assert_eq!(value.to_bits(), expected.to_bits()),
                    false => assert!(value.is_nan()),
                }
            }
        }
        // Each comes to rest under rules of its own, or in a city of its own; without burn-in some share it.
        assert_eq!(cache.stock.beginnings.len(), 8);
    }

    #[test]
    fn a_city_at_rest_from_a_folder_is_the_one_that_came_to_rest() {
        let outputs = |overrides: &[&str], cache: RunCache| {
            let loaded = tiny(&[overrides, &["burn_in=18"]].concat());
            let outputs = [0, 1].map(|replicate| cache.prepare(&loaded, replicate).run(&|_| true).unwrap());
            (outputs.map(|output| output.to_bytes().unwrap()), cache.starts().and_then(Starts::summary))
        };
        // With what the theory and the rule remember, and with ties that each replicate draws anew.
        for overrides in [
            &[][..],
            &["theory.participation=aspiration_learning"],
            &["theory.trust=social"],
            &["population.network.redrawn=true", "seed.replicates=7"],
            &["seed.cities=one"],
        ] {
            let folder = tempfile::tempdir().unwrap();
            let from_folder = || RunCache::of_everything().with_starts(Some(folder.path()));
            let (alone, nothing) = outputs(overrides, RunCache::of_everything());
            assert_eq!(nothing, None);
            let (kept, said) = outputs(overrides, from_folder());
            assert!(said.unwrap().en.starts_with("kept in "), "{overrides:?}");
            let (taken, said) = outputs(overrides, from_folder());
            assert!(said.unwrap().en.starts_with("taken from "), "{overrides:?}");
            assert!(alone == kept && kept == taken, "{overrides:?}");
        }
    }

    #[test]
    fn a_city_depends_on_no_setting_of_residents_that_may_change() {
        let city = |loaded: &Loaded| {
            let rules = &loaded.scenario.periods[0].rules;
            format!("{:?}", synth::city(&loaded.scenario.population, &rules.residents, 1))
        };
        let (base, mut seen) = (tiny(&[]), 0);
        let is_left_out = |path: &str, key: &Key| {
            path.starts_with("residents.") && !key.fixed && !key.name.starts_with("move_")
        };
        for (path, key) in index().keys().filter(|(path, key)| is_left_out(path, key)) {
            let other = match key.kind {
                Kind::Real { low, high } => 0.6 * low + 0.4 * high,
                Kind::Count { low, high } => ((low + high) / 3) as f64,
                _ => continue,
            };
            assert_eq!(city(&tiny(&[&format!("{path}={other}")])), city(&base), "{path}");
            seen += 1;
        }
        assert!(seen > 10);
    }
}
