//! Every key of a scenario changes the results.

use crate::common;

use common::{BUSY, bits, lists, make_consistent, output, scenario};
use rayon::prelude::*;
use shequ::experiment::idle::SHARED;
use shequ::model::base::params::{Key, Kind};
use shequ::model::institution;
use shequ::model::scenario::{Scenario, sections};

/// Keys that only name or count replicates, or say which of the later ones have other cities (`tests/model/cities.rs`).
const NO_EFFECT: [&str; 4] = ["name", "name_zh", "replicates", "seed.cities"];

/// Keys that act only where another key makes room for them: prefix of the key, and what makes room.
const CONTEXT: &[(&str, &[&str])] = &[
    ("theory.threshold.", &["theory.participation=threshold"]),
    ("theory.conditional_cooperation.", &["theory.participation=conditional_cooperation"]),
    ("theory.civic_voluntarism.", &["theory.participation=civic_voluntarism"]),
    ("theory.planned_behaviour.", &["theory.participation=planned_behaviour"]),
    ("theory.aspiration_learning.", &["theory.participation=aspiration_learning"]),
    ("theory.beta.", &["theory.trust=beta"]),
    ("theory.social.", &["theory.trust=social"]),
    ("theory.social.confidence", &["theory.social.form=hegselmann_krause"]),
    ("population.given.susceptibility", &["theory.trust=social"]),
    ("council.delegates_per_group", &["council.selection=delegates"]),
    ("election.delegates_per_group", &["election.form=delegates"]),
    // Groups of residents matter where they send delegates.
    ("population.households_per_group", &["council.selection=delegates", "election.form=delegates"]),
    // The ballot is announced where all residents decide.
    ("funding.publicity", &["funding.decider=residents"]),
    ("modes.ballot.", &["funding.decider=residents"]),
    // Founders go ahead unaided where there is no seed money.
    ("organisations.unaided", &["organisations.grants=0", "organisations.birth_rate=5"]),
    ("population.network.degree", &["population.network.kind=random"]),
    ("population.network.rewiring", &["population.network.kind=small_world"]),
    ("population.network.shape", &["population.network.kind=lattice"]),
    ("population.network.ties", &["population.network.kind=given"]),
    (
        "population.network.directed",
        &["population.network.kind=given", "population.network.ties=[[0, 1], [1, 2]]"],
    ),
    // With the same seed of city and life, the first life would draw the city's own network again.
    ("population.network.redrawn", &["population.network.kind=random", "seed.replicates=7"]),
    ("population.given.active", &["population.given.activity=listed"]),
    ("population.given.active_share", &["population.given.activity=share"]),
    ("population.given.active_number", &["population.given.activity=number"]),
    ("population.given.steadfast", &["population.given.activity=share"]),
    ("population.given.threshold", &["theory.participation=threshold"]),
    ("residents.trust_rest", &["residents.trust_return=0.2"]),
    ("modes.vote.intercept", &["theory.intercepts=given"]),
    ("modes.vote.quality", &["modes.vote.experience=1.0", "modes.vote.base_rate=0.5"]),
    ("modes.ballot.intercept", &["funding.decider=residents", "theory.intercepts=given"]),
    (
        "modes.ballot.quality",
        &["funding.decider=residents", "modes.ballot.experience=1.0", "modes.ballot.base_rate=0.5"],
    ),
    ("modes.meeting.intercept", &["theory.intercepts=given"]),
    ("modes.meeting.quality", &["modes.meeting.experience=1.0", "modes.meeting.base_rate=0.5"]),
    ("modes.proposal.intercept", &["theory.intercepts=given"]),
    ("modes.proposal.quality", &["modes.proposal.experience=1.0", "modes.proposal.base_rate=0.5"]),
    ("modes.volunteer.intercept", &["theory.intercepts=given"]),
    ("modes.volunteer.quality", &["modes.volunteer.experience=1.0", "modes.volunteer.base_rate=0.5"]),
    ("modes.event.intercept", &["theory.intercepts=given"]),
    ("modes.event.quality", &["modes.event.experience=1.0", "modes.event.base_rate=0.5"]),
    ("modes.online.intercept", &["theory.intercepts=given"]),
    ("modes.online.quality", &["modes.online.experience=1.0", "modes.online.base_rate=0.5"]),
    ("modes.owners.intercept", &["theory.intercepts=given"]),
    ("modes.owners.quality", &["modes.owners.experience=1.0", "modes.owners.base_rate=0.5"]),
    ("modes.complaint.intercept", &["theory.intercepts=given"]),
    ("modes.complaint.quality", &["modes.complaint.experience=1.0", "modes.complaint.base_rate=0.5"]),
    ("modes.sorting.intercept", &["theory.intercepts=given"]),
    ("modes.sorting.quality", &["modes.sorting.experience=1.0", "modes.sorting.base_rate=0.5"]),
    // What the district has differs from what the city has only where there are several.
    (
        "diffusion.elsewhere",
        &[
            "population.communities=5",
            "population.streets=5",
            "population.districts=3",
            "diffusion.pilots=0.4",
            "months=60",
        ],
    ),
    // Enough volunteers and grants that preference and birth show in a city of 500.
    ("organisations.birth_rate", &["modes.volunteer.base_rate=0.5"]),
    ("organisations.local_preference", &["organisations.count=5.0", "organisations.grants=2000"]),
    ("property.amateur", &["property.mode=owners"]),
    ("services.docking_months", &["services.market_yield=2.0"]),
    // Whom offices tell apart matters where an office decides.
    ("demand.segmentation", &["funding.decider=street", "funding.project_cost=2000"]),
    // What planners know matters where an office decides, and mentors where projects lapse.
    ("planner.level2", &["funding.decider=street", "funding.project_cost=2000"]),
    ("planner.insight", &["funding.decider=street", "funding.project_cost=2000"]),
    // Efficacy is what is lacking only where trust is not.
    ("intervention.enough_efficacy", &["intervention.enough_trust=0.0"]),
    ("planner.level1", &["funding.lapse=0.5"]),
    ("planner.mentor_effect", &["funding.lapse=0.5"]),
    ("staff.professional_skill", &["staff.professional_share=0.5"]),
    // Delay shows where requests have to wait.
    ("staff.promise_days", &["residents.request_rate=0.8"]),
    ("staff.reserved", &["residents.request_rate=0.8", "admin.tasks_per_month=4"]),
    // A merit that weighs residents must lead to other allotments.
    ("government.resident_weight", &["population.streets=3"]),
    ("population.streets", &["population.communities=4"]),
    // The time of the committee is moved where it is short.
    ("oversight.resident_weight", &["residents.request_rate=0.8", "admin.tasks_per_month=4"]),
    ("oversight.appraisal", &["residents.request_rate=0.8", "admin.tasks_per_month=4"]),
    ("admin.off_list", &["admin.task_list=0.5"]),
    // Districts compare their streets once a year; a street that turned back is turned again by them.
    (
        "population.districts",
        &["population.communities=5", "population.streets=5", "government.learning_rate=1.0", "months=120"],
    ),
];

/// Largest values that keep the city small.
fn cap(path: &str) -> i64 {
    match path {
        "population.communities" => 5,
        "population.adults" => 300,
        "months" => 40,
        _ => i64::MAX,
    }
}

/// Values that the key may hold and that are far from `BUSY`'s: one of each list must make a difference.
fn other_values(path: &str, key: &Key) -> Vec<Vec<String>> {
    match &key.kind {
        Kind::Real { low, high } => {
            let middle = 0.5 * (low + high);
            vec![[*low, *high, middle].iter().map(|v| format!("{v:?}")).collect()]
        }
        Kind::Count { low, high } => {
            let default = key.default.as_integer().unwrap_or(0);
            let values = [*low, (*high).min(cap(path)), default / 2 + 1, (default * 2).min(*high)];
            vec![values.map(|v| v.min(cap(path)).to_string()).to_vec()]
        }
        Kind::Flag => vec![vec!["false".into(), "true".into()]],
        // Every word but the one in force must make a difference of its own.
        Kind::Choice(words) => words.iter().map(|w| vec![w.name.to_string()]).collect(),
        Kind::Shares(parts) => {
            let rest = 0.3 / (parts.len() - 1) as f64;
            let shares = (0..parts.len()).map(|k| if k == 0 { 0.7 } else { rest }.to_string());
            vec![vec![format!("[{}]", shares.collect::<Vec<_>>().join(", "))]]
        }
        Kind::Month => vec![vec!["2017-11".into()]],
        Kind::Text => vec![vec!["Other".into()]],
        Kind::Numbers { .. } | Kind::Rows { .. } | Kind::Election => vec![lists(path, 160)],
    }
}

fn context(path: &str) -> Vec<&'static str> {
    let fitting = CONTEXT.iter().filter(|(prefix, _)| path.starts_with(prefix));
    fitting.flat_map(|(_, settings)| settings.iter().copied()).collect()
}

fn path(section: &str, key: &Key) -> String {
    if section.is_empty() { key.name.into() } else { format!("{section}.{}", key.name) }
}

fn every_key() -> Vec<(String, Key)> {
    let keys = sections().into_iter().flat_map(|s| {
        let of = s.path;
        s.keys.into_iter().map(move |k| (path(of, &k), k))
    });
    keys.filter(|(path, _)| !NO_EFFECT.contains(&path.as_str())).collect()
}

/// The value in force in the scenario of the context, as it would be written.
fn in_force(path: &str, settings: &[&str]) -> Option<String> {
    let mut options: Vec<String> = settings.iter().map(|s| s.to_string()).collect();
    make_consistent(&mut options);
    let loaded = Scenario::from_text("test", "name = \"Test\"", &options);
    let value = loaded.ok()?.value(path)?.value.clone();
    Some(value.as_str().map_or_else(|| value.to_string(), String::from))
}

#[test]
fn every_key_changes_what_is_lived() {
    let unused: Vec<String> = every_key()
        .par_iter()
        .flat_map_iter(|(path, key)| {
            let base: Vec<&str> = [BUSY, &context(path)].concat();
            let before = bits(&output(&scenario(&[&base]), 0));
            let now = in_force(path, &base);
            let differs = |value: &String| {
                let setting = format!("{path}={value}");
                bits(&output(&scenario(&[&base, &[&setting]]), 0)) != before
            };
            let others = other_values(path, key).into_iter();
            let without_now = others.filter(|values| values.len() > 1 || values.first() != now.as_ref());
            without_now
                .filter(|values| !values.iter().any(differs))
                .map(|values| format!("{path} = {}", values.join(" or ")))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(unused.is_empty(), "no effect: {unused:#?}");
}

#[test]
fn keys_that_name_or_count_replicates_change_nothing_in_the_first() {
    let before = bits(&output(&scenario(&[BUSY]), 0));
    for key in NO_EFFECT {
        let value = match key {
            "replicates" => "3",
            "seed.cities" => "pairs",
            _ => "Other",
        };
        assert_eq!(before, bits(&output(&scenario(&[BUSY, &[&format!("{key}={value}")]]), 0)), "{key}");
    }
}

#[test]
fn keys_of_an_institution_that_is_off_change_nothing_but_for_those_that_others_use() {
    // A sweep leaves keys that change nothing out of its ranking.
    let used: Vec<String> = institution::ALL
        .par_iter()
        .flat_map_iter(|institution| {
            let prefix = format!("{}.", institution.name);
            let is_neutral =
                |path: &str| institution.neutral.iter().any(|(key, _)| path == prefix.clone() + key);
            let others = every_key().into_iter();
            let others = others.filter(|(path, _)| path.starts_with(&prefix) && !is_neutral(path));
            let off: Vec<String> =
                institution.neutral.iter().map(|(key, value)| format!("{prefix}{key}={value}")).collect();
            let off: Vec<&str> = off.iter().map(String::as_str).collect();
            let acts = |path: &str, key: &Key| {
                let context = context(path);
                let of = |more: &[&str]| bits(&output(&scenario(&[BUSY, &context, &off, more]), 0));
                let before = of(&[]);
                let differs = |value: &String| of(&[&format!("{path}={value}")]) != before;
                other_values(path, key).iter().flatten().any(differs)
            };
            others.filter(|(path, key)| acts(path, key)).map(|(path, _)| path).collect::<Vec<_>>()
        })
        .collect();
    let shared = |path: &&String| SHARED.contains(&path.as_str());
    let unknown: Vec<&String> = used.iter().filter(|path| !shared(path)).collect();
    assert!(unknown.is_empty(), "they are not in idle::SHARED: {unknown:#?}");
    assert_eq!(used.iter().filter(shared).count(), SHARED.len(), "{used:#?}");
}
