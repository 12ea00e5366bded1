//! What several tests share: small scenarios, lives, and their comparison bit by bit.

#![allow(dead_code)] // Each test takes what it needs.

use rayon::prelude::*;
use shequ::base::stats::{Estimate, estimate};
use shequ::city::City;
use shequ::city::synth;
use shequ::institution::Place;
use shequ::metric;
use shequ::model::{self, Simulation};
use shequ::record::Life;
use shequ::scenario::Scenario;

/// A small city in which every institution is at work: a council that decides the fund, all channels of
/// outreach, allotment by merit, supervised bins, and a disaster in the sixth month.
pub const BUSY: &[&str] = &[
    "population.communities=3",
    "population.adults=160",
    "population.size_spread=0.2",
    "population.households_per_compound=20",
    "population.households_per_group=10",
    "months=30",
    "report.communities_every=6",
    "report.groups_every=6",
    "council.enabled=true",
    "council.unit_seat_share=0.1",
    "council.term_months=12",
    "funding.decider=council",
    "funding.growth=0.05",
    "funding.per_capita=50",
    "government.allocation=merit",
    "staff.count=1",
    "admin.tasks_per_month=1",
    "admin.return_power=0.1",
    "outreach.wechat_group=0.3",
    "outreach.phone=0.2",
    "outreach.home_visits=0.2",
    "election.term_months=12",
    "organisations.local_preference=0.2",
    "waste.supervision=0.3",
    "shock.severity=0.5",
    "shock.date=2017-06",
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
    "staff.count=1",
    "admin.tasks_per_month=1",
];

/// The scenario of `settings`, each `key=value`, later ones having the last word.
pub fn scenario(settings: &[&[&str]]) -> Scenario {
    scenario_with("", settings)
}

/// As [`scenario`], with `text` at the end of the file, for dated changes.
pub fn scenario_with(text: &str, settings: &[&[&str]]) -> Scenario {
    let options: Vec<String> = settings.concat().iter().map(|s| s.to_string()).collect();
    match Scenario::from_text("test", &format!("name = \"Test\"\n{text}"), &options) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => panic!("{settings:?}: {problems:?}"),
    }
}

/// The city of a scenario.
pub fn city(scenario: &Scenario) -> City {
    synth::city(&scenario.population, &scenario.eras[0].rules.residents, scenario.seed.city)
}

/// The life of replicate `replicate`.
pub fn life(scenario: &Scenario, replicate: u32) -> Life {
    let fixed = model::prepare(scenario);
    model::live(scenario, &fixed, &city(scenario), replicate, &|_| true).expect("nobody stopped it")
}

/// All lives of a scenario with replicates 0 to `n`.
pub fn lives(scenario: &Scenario, n: u32) -> Vec<Life> {
    let (fixed, city) = (model::prepare(scenario), city(scenario));
    let one = |r| model::live(scenario, &fixed, &city, r, &|_| true).expect("nobody stopped it");
    (0..n).into_par_iter().map(one).collect()
}

/// Everything recorded of a life as bits, so that NaN equals NaN and 0.0 does not equal -0.0.
pub fn bits(life: &Life) -> Vec<u64> {
    let monthly = life.monthly.iter();
    let communities = life.communities.iter().flat_map(|row| &row.values);
    let groups = life.groups.iter().map(|row| &row.value);
    monthly.chain(communities).chain(groups).map(|value| value.to_bits()).collect()
}

/// Values of the metric `name`, month by month.
pub fn series(life: &Life, name: &str) -> Vec<f64> {
    let k = metric::position(name).unwrap_or_else(|| panic!("no metric is called {name}"));
    life.monthly.iter().skip(k).step_by(metric::all().len()).copied().collect()
}

/// Mean of `values` over those that exist; NaN of none.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.filter(|v| !v.is_nan()).fold((0.0, 0u32), |(s, n), v| (s + v, n + 1));
    sum / n as f64
}

/// Mean of a metric over the months from `from` on.
pub fn mean_from(life: &Life, name: &str, from: usize) -> f64 {
    mean(series(life, name).into_iter().skip(from))
}

/// Mean over the last twelve months.
pub fn last_year(life: &Life, name: &str) -> f64 {
    let values = series(life, name);
    mean(values[values.len().saturating_sub(12)..].iter().copied())
}

/// Estimate of the paired differences of what `outcome` says of two lots of lives under common luck.
pub fn effect(before: &[Life], after: &[Life], outcome: &dyn Fn(&Life) -> f64) -> Estimate {
    let differences: Vec<f64> = before.iter().zip(after).map(|(a, b)| outcome(b) - outcome(a)).collect();
    estimate(differences.into_iter())
}

/// The beginning of life `replicate` in a city of one's own making.
pub fn begin<'a>(scenario: &'a Scenario, city: &City, replicate: u32) -> Simulation<'a> {
    Simulation::new(scenario, model::prepare(scenario), city, replicate)
}

/// Everything in a community that changes in a life, written out; numbers read back to the same bits.
pub fn portrait(place: &Place) -> String {
    format!("{:?} {:?} {:?}", place.community.residents, place.local, place.commons)
}
