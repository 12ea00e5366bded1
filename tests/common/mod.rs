//! What several tests share: small scenarios, replicates, and their comparison bit by bit.

#![allow(dead_code)] // Each test takes what it needs.

use std::sync::LazyLock;

use rayon::prelude::*;
use shequ::model::base::month::Month;
use shequ::model::base::stats::{Estimate, estimate};
use shequ::model::city::City;
use shequ::model::city::synth;
use shequ::model::institution::{self, CommunityState};
use shequ::model::metric;
use shequ::model::scenario::{Loaded, Scenario};
use shequ::model::simulation::ReplicateOutput;
use shequ::model::simulation::{self, Simulation};

/// The city of [`busy`]: one community is commodity housing, one a work unit's, and one a village.
const BUSY_CITY: &[&str] = &[
    "population.communities=3",
    "population.kinds=[0.34, 0.0, 0.33, 0.0, 0.33]",
    "population.adults=160",
    "population.size_spread=0.2",
    "population.households_per_compound=20",
    "population.households_per_group=10",
    "months=30",
    "burn_in=0",
    "report.communities_every=6",
    "report.groups_every=6",
];

/// A small city in which every institution is at work, by the demonstrations that institutions give of
/// themselves: a council that decides the fund, all channels of outreach, a disaster in the sixth month.
pub fn busy() -> &'static [&'static str] {
    static BUSY: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let at_work = institution::demonstration().into_iter().map(|setting| &*setting.leak());
        BUSY_CITY.iter().copied().chain(at_work).collect()
    });
    &BUSY
}

/// All residents stay, also on retiring, and nobody dies.
pub const NOBODY_MOVES: &[&str] = &[
    "residents.move_renter=0",
    "residents.move_owner=0",
    "residents.leave_at_retirement=0",
    "residents.mortality=0",
];

/// A small city under the defaults.
pub const PLAIN: &[&str] = &[
    "population.communities=3",
    "population.adults=160",
    "population.households_per_compound=20",
    "population.households_per_group=10",
    "months=30",
    "report.communities_every=6",
    "report.groups_every=6",
    "burn_in=0",
    "staff.count=1",
    "admin.tasks_per_month=1",
];

/// The scenario of `settings`, each `key=value`, later ones having the last word.
pub fn scenario(settings: &[&[&str]]) -> Scenario {
    scenario_with("", settings)
}

/// As [`scenario`], with `text` at the end of the file, for dated changes.
pub fn scenario_with(text: &str, settings: &[&[&str]]) -> Scenario {
    loaded_with(text, settings).scenario
}

/// As [`scenario`], with the origin of every value.
pub fn loaded(settings: &[&[&str]]) -> Loaded {
    loaded_with("", settings)
}

fn loaded_with(text: &str, settings: &[&[&str]]) -> Loaded {
    let mut options: Vec<String> = settings.concat().iter().map(|s| s.to_string()).collect();
    make_consistent(&mut options);
    match Scenario::from_text("test", &format!("name = \"Test\"\n{text}"), &options) {
        Ok(loaded) => loaded,
        Err(problems) => panic!("{settings:?}: {problems:?}"),
    }
}

/// A test that sets one key may contradict another: the key set last has its way, and the other
/// follows it.
pub fn make_consistent(options: &mut Vec<String>) {
    let last = |options: &[String], key: &str| {
        let is = |o: &&String| o.split_once('=').is_some_and(|(name, _)| name == key);
        let at = options.iter().rposition(|o| is(&o));
        at.map(|at| {
            (at, options[at].split_once('=').map_or("", |(_, value)| value.trim_matches('"')).to_string())
        })
    };
    if let Some((decided, who)) = last(options, "funding.decider")
        && who == "council"
    {
        match last(options, "council.enabled") {
            Some((switched, value)) if value == "false" && switched > decided => {
                options.push("funding.decider=street".into());
            }
            _ => options.push("council.enabled=true".into()),
        }
    }
    // Lists hold one number for each adult, so communities are of one size; a given election is residents' own.
    if options.iter().any(|o| o.starts_with("population.given.") && o.contains('[')) {
        options.push("population.size_spread=0.0".into());
    }
    // A table says how many communities there are.
    if options.iter().any(|o| o.starts_with("population.table=[{")) {
        options.retain(|o| !o.starts_with("population.communities="));
    }
    if options.iter().any(|o| o.starts_with("funding.election=")) {
        options.push("funding.decider=residents".into());
    }
    let severe = last(options, "shock.severity").is_some_and(|(_, v)| v.parse() != Ok(0.0));
    let value = |key: &str, default: &str| last(options, key).map_or(default.into(), |(_, v)| v);
    let (start, date): (String, String) = (value("start", "2017-01"), value("shock.date", "2020-01"));
    let months: i32 = value("months", "120").parse().expect("a number");
    let passed = date.parse::<Month>().expect("a month").since(start.parse().expect("a month"));
    if severe && !(0..months).contains(&passed) {
        let date_is_last = last(options, "shock.date").is_some_and(|(at, _)| at + 1 == options.len());
        options.push(if date_is_last { format!("start={date}") } else { format!("shock.date={start}") });
    }
}

/// The city of a scenario.
pub fn city(scenario: &Scenario) -> City {
    synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city)
}

/// The replicate of replicate `replicate`.
pub fn output(scenario: &Scenario, replicate: u32) -> ReplicateOutput {
    let fitted = simulation::prepare(scenario);
    simulation::run_replicate(scenario, &fitted, &city(scenario), replicate, &|_| true)
        .expect("nobody stopped it")
}

/// The replicate of replicate `replicate` in the city of `seed`.
pub fn replicate_in(scenario: &Scenario, seed: u64, replicate: u32) -> ReplicateOutput {
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, seed);
    let fitted = simulation::prepare(scenario);
    simulation::run_replicate(scenario, &fitted, &city, replicate, &|_| true).expect("nobody stopped it")
}

/// All replicates of a scenario, 0 to `n`.
pub fn outputs(scenario: &Scenario, n: u32) -> Vec<ReplicateOutput> {
    let (fitted, city) = (simulation::prepare(scenario), city(scenario));
    let one =
        |r| simulation::run_replicate(scenario, &fitted, &city, r, &|_| true).expect("nobody stopped it");
    (0..n).into_par_iter().map(one).collect()
}

/// Everything recorded of a replicate as bits, so that NaN equals NaN and 0.0 does not equal -0.0.
pub fn bits(output: &ReplicateOutput) -> Vec<u64> {
    let monthly = output.monthly.iter();
    let communities = output.communities.iter().flat_map(|row| &row.values);
    let groups = output.groups.iter().map(|row| &row.value);
    let distributions = output.distributions.iter().flat_map(|row| &row.quantiles);
    let numbers = monthly.chain(communities).chain(groups).chain(distributions);
    let residents = output.residents.values.iter().map(|value| u64::from(value.to_bits()));
    numbers.map(|value| value.to_bits()).chain(residents).collect()
}

/// Values of the metric `name`, month by month.
pub fn series(output: &ReplicateOutput, name: &str) -> Vec<f64> {
    let k = metric::position(name).unwrap_or_else(|| panic!("no metric is called {name}"));
    output.monthly.iter().skip(k).step_by(metric::all().len()).copied().collect()
}

/// Mean of `values` over those that exist; NaN of none.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.filter(|v| !v.is_nan()).fold((0.0, 0u32), |(s, n), v| (s + v, n + 1));
    sum / n as f64
}

/// Mean of a metric over the months from `from` on.
pub fn mean_from(output: &ReplicateOutput, name: &str, from: usize) -> f64 {
    mean(series(output, name).into_iter().skip(from))
}

/// Mean over the last twelve months.
pub fn last_year(output: &ReplicateOutput, name: &str) -> f64 {
    let values = series(output, name);
    mean(values[values.len().saturating_sub(12)..].iter().copied())
}

/// Estimate of the paired differences in `outcome` of two sets of replicates under common random numbers.
pub fn effect(
    before: &[ReplicateOutput],
    after: &[ReplicateOutput],
    outcome: &dyn Fn(&ReplicateOutput) -> f64,
) -> Estimate {
    let differences: Vec<f64> = before.iter().zip(after).map(|(a, b)| outcome(b) - outcome(a)).collect();
    estimate(differences.into_iter())
}

/// The beginning of replicate `replicate` in a city of one's own making.
pub fn begin<'a>(scenario: &'a Scenario, city: &City, replicate: u32) -> Simulation<'a> {
    Simulation::new(scenario, simulation::prepare(scenario), city, replicate)
}

/// Everything in a community that changes in a replicate, written out; numbers read back to the same bits.
pub fn portrait(state: &CommunityState) -> String {
    format!("{:?} {:?} {:?}", state.community.residents, state.local, state.signals)
}

/// What a key that holds a list may be given in a community of `adults`, as it is written.
pub fn lists(path: &str, adults: usize) -> Vec<String> {
    let of = |values: &[&str]| {
        let all = (0..adults).map(|i| values[i % values.len()]);
        format!("[{}]", all.collect::<Vec<_>>().join(", "))
    };
    match path {
        "population.network.ties" => vec!["[[0, 1], [1, 2], [2, 0, 0.5]]".into()],
        "population.table" => vec![
            "[{ name = \"A\", kind = \"village\", adults = 40, age = [0.1, 0.2, 0.3, 0.2, 0.2], party = 1.0 }, \
             { name = \"B\", owners = 0.0, migrants = 1.0, staff = 2.0, fund = 900000 }, \
             { name = \"C\", education = [0.0, 0.0, 0.0, 1.0], services = 0.9, managed = 1.0, fee = 10 }]"
                .into(),
        ],
        "funding.election" => {
            vec!["{ budget = 100000, costs = [60000, 50000], ballots = [[0], [1], [0, 1]] }".into()]
        }
        "population.given.disposition" => vec![of(&["-3", "3"])],
        "population.given.threshold" => vec![of(&["0", "0.1"])],
        _ => vec![of(&["0", "1"])],
    }
}
