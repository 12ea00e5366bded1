//! What several tests share: small scenarios, replicates, and their comparison bit by bit.

#![allow(dead_code)] // Each test takes what it needs.

use rayon::prelude::*;
use shequ::model::base::month::Month;
use shequ::model::base::stats::{Estimate, estimate};
use shequ::model::city::City;
use shequ::model::city::synth;
use shequ::model::institution::CommunityState;
use shequ::model::metric;
use shequ::model::scenario::Scenario;
use shequ::model::simulation::ReplicateOutput;
use shequ::model::simulation::{self, Simulation};

/// A small city in which every institution is at work: a council that decides the fund, all channels of
/// outreach, allotment by merit, supervised bins, and a disaster in the sixth month. One community is
/// commodity housing, one a work unit's, and one a village.
pub const BUSY: &[&str] = &[
    "population.communities=3",
    "population.kinds=[0.34, 0.0, 0.33, 0.0, 0.33]",
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
    "government.role_hours=20",
    "coordination.office=0.4",
    "coordination.start_month=3",
    "coordination.crossing=0.4",
    "coordination.linkage=0.2",
    "coordination.chain_levels=2",
    "coordination.linked_levels=1",
    "coordination.duplication=0.2",
    "party.strength=0.2",
    "assembly.meetings_per_year=4",
    "oversight.reports_per_year=2",
    "oversight.appraisal=0.3",
    "oversight.finance=0.3",
    "oversight.openness=0.3",
    "oversight.exit_audit=0.5",
    "admin.dependence=0.3",
    "admin.inspections_per_month=1",
    "admin.task_mix=[0.6, 0.2, 0.2]",
    "admin.style=0.2",
    "station.staff=1",
    "station.street_centre=true",
    "station.district_window=true",
    "feedback.response_rate=0.2",
    "council.local_rulemaking=0.3",
    "funding.own_revenue=20",
    "funding.coproduction=0.3",
    "law.certainty=0.8",
    "providers.state_failure=0.1",
    "providers.market_failure=0.1",
    "providers.society_failure=0.1",
    "services.third_party=10",
    "services.market_share=0.3",
    "providers.complementarity=0.2",
    "ladder.enabled=true",
    "waste.group_size=3",
    "waste.wechat_group=0.5",
    "waste.maintenance=0.3",
    "outreach.education=0.2",
    "organisations.rule_building=0.2",
    "organisations.bridging=0.5",
    "organisations.mediation=0.2",
    "organisations.outsourced_share=0.2",
    "organisations.local_asks=0.5",
    "organisations.incubation=0.3",
    "enforcement.training=2",
    "enforcement.transparency=0.3",
    "enforcement.chengguan_rate=0.02",
    "diffusion.pilots=0.6",
    "diffusion.rate=0.3",
    "volunteer.teams=0.5",
    "rights.org_allowed=true",
    "mediation.conflict_rate=20",
    "mediation.capacity=5",
    "capacity.programme=0.5",
    "incentive.reward=5",
    "incentive.sorting=5",
    "community.types=[0.0, 0.4, 0.3, 0.3]",
    "drift.mobility=0.1",
    "drift.letting=0.3",
    "drift.free_time=0.1",
    "property.mode=tri",
    "platform.coverage=0.5",
    "platform.two_way=0.5",
    "platform.decision_power=0.3",
    "platform.smart_facilities=0.5",
    "platform.ai_dispatch=0.5",
    "demand.interviews=5",
    "demand.meetings=0.5",
    "demand.actions=0.2",
    "spaces.investment=30",
    "actions.old_area=30",
    "actions.back_streets=5",
    "actions.special_streets=5",
    "actions.service_upgrade=5",
    "actions.safe_community=5",
    "units.count=3",
    "units.evaluation_weight=0.5",
    "units.share_rate=0.3",
    "units.docking=0.5",
    "units.partners=1",
    "danwei.welfare=300",
    "danwei.closure_month=12",
    "danwei.handover_delay=6",
    "danwei.renewal=50",
    "planner.level1=0.5",
    "planner.level2=0.5",
    "planner.level3=0.5",
    "migration.out_rate=0.01",
    "migration.quality_elasticity=1.0",
    "migration.culture=10",
    "migration.growth=0.02",
    "resettlement.share=0.3",
    "resettlement.date=2017-09",
    "intervention.hours=10",
    "intervention.tailored=0.5",
    "intervention.consensus=0.1",
    "survey.sample=40",
    "survey.every=6",
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
    let mut options: Vec<String> = settings.concat().iter().map(|s| s.to_string()).collect();
    make_consistent(&mut options);
    match Scenario::from_text("test", &format!("name = \"Test\"\n{text}"), &options) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => panic!("{settings:?}: {problems:?}"),
    }
}

/// A test that sets one key may contradict another: the key set last has its way, and the other
/// follows it.
pub fn make_consistent(options: &mut Vec<String>) {
    let last = |options: &[String], key: &str| {
        let is = |o: &&String| o.split_once('=').is_some_and(|(name, _)| name == key);
        let at = options.iter().rposition(|o| is(&o));
        at.map(|at| (at, options[at].split_once('=').map_or("", |(_, value)| value).to_string()))
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

/// The life of replicate `replicate`.
pub fn output(scenario: &Scenario, replicate: u32) -> ReplicateOutput {
    let fitted = simulation::prepare(scenario);
    simulation::run_replicate(scenario, &fitted, &city(scenario), replicate, &|_| true)
        .expect("nobody stopped it")
}

/// The life of replicate `replicate` in the city of `seed`.
pub fn life_in(scenario: &Scenario, seed: u64, replicate: u32) -> ReplicateOutput {
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

/// Everything recorded of a life as bits, so that NaN equals NaN and 0.0 does not equal -0.0.
pub fn bits(output: &ReplicateOutput) -> Vec<u64> {
    let monthly = output.monthly.iter();
    let communities = output.communities.iter().flat_map(|row| &row.values);
    let groups = output.groups.iter().map(|row| &row.value);
    monthly.chain(communities).chain(groups).map(|value| value.to_bits()).collect()
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

/// The beginning of life `replicate` in a city of one's own making.
pub fn begin<'a>(scenario: &'a Scenario, city: &City, replicate: u32) -> Simulation<'a> {
    Simulation::new(scenario, simulation::prepare(scenario), city, replicate)
}

/// Everything in a community that changes in a life, written out; numbers read back to the same bits.
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
        "funding.election" => {
            vec!["{ budget = 100000, costs = [60000, 50000], ballots = [[0], [1], [0, 1]] }".into()]
        }
        "population.given.disposition" => vec![of(&["-3", "3"])],
        "population.given.threshold" => vec![of(&["0", "0.1"])],
        _ => vec![of(&["0", "1"])],
    }
}
