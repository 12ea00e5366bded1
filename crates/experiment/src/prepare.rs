//! From a scenario to a run that is ready to start, at little cost for each run.
//!
//! A city is built once for all runs that ask for the same one; intercepts are fitted once for each theory
//! and base rate, on one panel; a row's scenario is built once. What is kept is bounded, so that memory does
//! not grow with the number of runs, and nothing here is asked in the course of a month.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::plan::Row;
use crate::run::KeepGoing;
use shequ_model::base::params::Key;
use shequ_model::city::{City, MODES, Mode, synth};
use shequ_model::scenario::{Loaded, ReportSettings, Scenario, index};
use shequ_model::simulation::{self, FittedModel, Panel, ReplicateOutput, Simulation, Watched};
use shequ_model::theory;

/// Adults of all cities that are kept.
pub const ADULTS: u64 = 1_000_000;
/// Fitted intercepts that are kept.
const FITS: u64 = 4_000;
/// Rows whose scenarios are kept.
const ROWS: u64 = 1_000;

/// A replicate of a scenario that can be run.
#[derive(Clone)]
pub struct Prepared {
    /// The scenario; it reports months, and groups and communities only if the stock was asked for them.
    pub scenario: Arc<Scenario>,
    fitted: Arc<FittedModel>,
    city: Arc<City>,
    replicate: u32,
    watched: Arc<[usize]>,
}

impl Prepared {
    /// The replicate, without a value for metrics that nobody asked for; `None` if it was stopped.
    pub fn run(&self, keep_going: &KeepGoing) -> Option<ReplicateOutput> {
        let watched = Watched::These(&self.watched);
        let simulation = Simulation::new(&self.scenario, self.fitted.clone(), &self.city, self.replicate);
        let mut after_month =
            |simulation: &Simulation, _: &ReplicateOutput| keep_going(simulation.month() - 1);
        simulation.record(ReplicateOutput::new(self.replicate), &watched, &mut after_month)
    }
}

/// What runs have in common, kept between them.
pub struct RunCache {
    parts: bool,
    watched: Arc<[usize]>,
    panel: OnceLock<Panel>,
    fits: Cache<(String, usize, u32), f32>,
    cities: Cache<(String, u64), Arc<City>>,
    rows: Cache<u32, Result<PreparedScenario, String>>,
}

/// A scenario but for its city, which is kept apart because it is large.
#[derive(Clone)]
struct PreparedScenario {
    scenario: Arc<Scenario>,
    fitted: Arc<FittedModel>,
    city: String,
}

impl RunCache {
    /// An empty cache. Replicates report the metrics at the positions `watched` of `metric::all()`, and what groups
    /// of residents and communities are like if `parts` are asked for.
    pub fn new(watched: &[usize], parts: bool) -> RunCache {
        RunCache {
            parts,
            watched: watched.into(),
            panel: OnceLock::new(),
            fits: Cache::new(FITS),
            cities: Cache::new(ADULTS),
            rows: Cache::new(ROWS),
        }
    }

    /// A replicate of row number `number` of a plan; one stock serves one plan.
    ///
    /// # Errors
    /// What its values contradict, on one line.
    pub fn row(&self, number: u32, row: &Row, replicate: u32) -> Result<Prepared, String> {
        let scenario_of = self.rows.get(number, 1, || match row.load() {
            Ok(loaded) => Ok(self.scenario_of(&loaded)),
            Err(problems) => {
                // Tables are in English, whatever the language of what is printed.
                let messages: Vec<String> =
                    problems.0.into_iter().map(|problem| problem.message.en).collect();
                Err(messages.join("; "))
            }
        })?;
        Ok(self.furnish(scenario_of, replicate))
    }

    /// A replicate of a scenario, ready to be run.
    pub fn prepare(&self, loaded: &Loaded, replicate: u32) -> Prepared {
        self.furnish(self.scenario_of(loaded), replicate)
    }

    fn furnish(&self, scenario_of: PreparedScenario, replicate: u32) -> Prepared {
        let PreparedScenario { scenario, fitted, city } = scenario_of;
        let population = &scenario.population;
        let adults = u64::from(population.communities) * u64::from(population.adults);
        let seed = scenario.seed.of_city(replicate);
        let build = || Arc::new(synth::city(population, &scenario.periods[0].rules.residents, seed));
        let city = self.cities.get((city, seed), adults, build);
        Prepared { scenario, fitted, city, replicate, watched: self.watched.clone() }
    }

    fn scenario_of(&self, loaded: &Loaded) -> PreparedScenario {
        let mut scenario = loaded.scenario.clone();
        if !self.parts {
            scenario.report = ReportSettings { communities_every: 0, groups_every: 0 };
        }
        let fitted = simulation::fitted(&scenario, self.intercepts(loaded));
        PreparedScenario { scenario: Arc::new(scenario), fitted, city: what_the_city_is_built_from(loaded) }
    }

    fn intercepts(&self, loaded: &Loaded) -> [f32; MODES] {
        let scenario = &loaded.scenario;
        let chosen = theory::all().iter().find(|entry| entry.name == scenario.theory_choice.participation);
        let path = chosen.map_or("", |entry| entry.path);
        let theory = values(loaded, |section, _| section == path);
        std::array::from_fn(|m| {
            let rate = scenario.periods[0].rules.modes[m].base_rate as f32;
            self.fits.get((theory.clone(), m, rate.to_bits()), 1, || {
                let panel = self.panel.get_or_init(Panel::new);
                panel.fit_mode(scenario.theory.as_ref(), Mode::ALL[m], rate)
            })
        })
    }
}

/// Everything that a city depends on beside its seed: the population, those settings of residents that cannot
/// change because the city is built with them, and how often people move, from which follows how long
/// they have lived where they are.
fn what_the_city_is_built_from(loaded: &Loaded) -> String {
    values(loaded, |section, key| match section {
        "population" => true,
        "residents" => key.fixed || key.name.starts_with("move_"),
        _ => false,
    })
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
    }
    text
}

/// Values that are made when they are first asked for, and kept until others push them out.
struct Cache<K, V> {
    slots: Mutex<Slots<K, V>>,
    limit: u64,
}

struct Slots<K, V> {
    values: BTreeMap<K, Slot<V>>,
    weight: u64,
    asked: u64,
}

struct Slot<V> {
    value: Arc<OnceLock<V>>,
    weight: u64,
    last_asked: u64,
}

impl<K: Ord + Clone, V: Clone> Cache<K, V> {
    /// Keeps values up to a weight of `limit` in all, and always the last one.
    fn new(limit: u64) -> Cache<K, V> {
        Cache { slots: Mutex::new(Slots { values: BTreeMap::new(), weight: 0, asked: 0 }), limit }
    }

    /// The value of `key`, made by `make` if it is not there. Who asks for it meanwhile waits.
    fn get(&self, key: K, weight: u64, make: impl FnOnce() -> V) -> V {
        let slot = self.slots.lock().unwrap_or_else(PoisonError::into_inner).slot(key, weight, self.limit);
        slot.get_or_init(make).clone()
    }
}

impl<K: Ord + Clone, V> Slots<K, V> {
    fn slot(&mut self, key: K, weight: u64, limit: u64) -> Arc<OnceLock<V>> {
        self.asked += 1;
        if let Some(slot) = self.values.get_mut(&key) {
            slot.last_asked = self.asked;
            return slot.value.clone();
        }
        while self.weight + weight > limit {
            let oldest = self.values.iter().min_by_key(|(_, slot)| slot.last_asked);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
            self.weight -= self.values.remove(&key).map_or(0, |slot| slot.weight);
        }
        self.weight += weight;
        let value = Arc::new(OnceLock::new());
        self.values.insert(key, Slot { value: value.clone(), weight, last_asked: self.asked });
        value
    }
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
    fn a_cache_keeps_what_was_asked_last() {
        let (cache, made) = (Cache::new(2), Mutex::new(Vec::new()));
        for key in [1, 2, 1, 3, 1, 2] {
            let make = || {
                made.lock().unwrap().push(key);
                key
            };
            assert_eq!(cache.get(key, 1, make), key);
        }
        assert_eq!(*made.lock().unwrap(), [1, 2, 3, 2]);
    }

    #[test]
    fn something_too_heavy_is_kept_alone() {
        let cache = Cache::new(5);
        cache.get("light", 1, || 1);
        cache.get("heavy", 9, || 2);
        assert_eq!(cache.slots.lock().unwrap().values.keys().collect::<Vec<_>>(), [&"heavy"]);
    }

    #[test]
    fn a_replicate_from_the_stock_is_the_replicate_of_its_scenario() {
        let watched = ["participation", "trust.committee"].map(|name| metric::position(name).unwrap());
        let cache = RunCache::new(&watched, false);
        // The city of the first is there when the second asks, and the intercepts of both.
        for overrides in
            [&[][..], &["residents.habit_gain=0.3"], &["theory.calculus.cost=2"], &["seed.cities=one"]]
        {
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
        assert_eq!(cache.cities.slots.lock().unwrap().values.len(), 2);
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
