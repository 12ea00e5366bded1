//! Extremes: the smallest cities, and every key at its lowest and highest, run and give sensible values;
//! and limits that have a meaning mean it.

use crate::common;

use common::{NOBODY_MOVES, PLAIN, busy, lists, mean_from, output, outputs, scenario, series};
use rayon::prelude::*;
use shequ::model::base::params::Kind;
use shequ::model::city::Mode;
use shequ::model::metric;
use shequ::model::scenario::{Scenario, sections};
use shequ::model::simulation::ReplicateOutput;

/// Every value is finite or absent, and shares are shares.
fn assert_sensible(output: &ReplicateOutput, what: &str) {
    for (k, &value) in output.monthly.iter().enumerate() {
        let metric = &metric::all()[k % metric::all().len()];
        assert!(value.is_nan() || value.is_finite(), "{what}: {} is {value}", metric.name);
        // A hair of slack for sums of rounded numbers.
        let share = metric.unit == "share" && !value.is_nan();
        assert!(!share || (-1e-9..=1.0 + 1e-9).contains(&value), "{what}: {} is {value}", metric.name);
        // Who takes in more than they spend has a negative cost.
        let may_gain = ["cost.by.fund", "cost.by.organisations"].contains(&metric.name);
        assert!(value.is_nan() || value >= 0.0 || may_gain, "{what}: {} is {value}", metric.name);
    }
    let rest =
        output.communities.iter().flat_map(|r| &r.values).chain(output.groups.iter().map(|g| &g.value));
    assert!(rest.into_iter().all(|v| !v.is_infinite()), "{what}: a group or community is infinite");
}

/// A city so small that 400 of them run in a few seconds.
const TINY: &[&str] = &["population.communities=2", "population.adults=60", "months=14"];

/// Sizes beyond which the city would not be tiny.
fn cap(path: &str) -> i64 {
    match path {
        "population.communities" => 4,
        "population.adults" => 300,
        "months" => 20,
        _ => i64::MAX,
    }
}

/// Every key at its lowest and highest, every word of every choice.
fn extremes() -> Vec<String> {
    let mut all = Vec::new();
    for section in sections() {
        for key in &section.keys {
            let path = if section.path.is_empty() {
                key.name.into()
            } else {
                format!("{}.{}", section.path, key.name)
            };
            let values: Vec<String> = match &key.kind {
                Kind::Real { low, high } => vec![format!("{low:?}"), format!("{high:?}")],
                Kind::Count { low, high } => vec![low.to_string(), (*high).min(cap(&path)).to_string()],
                Kind::Flag => vec!["false".into(), "true".into()],
                Kind::Choice(words) => words.iter().map(|w| w.name.to_string()).collect(),
                Kind::Shares(parts) => (0..parts.len())
                    .map(|k| {
                        let one = (0..parts.len()).map(|j| if j == k { "1" } else { "0" });
                        format!("[{}]", one.collect::<Vec<_>>().join(", "))
                    })
                    .collect(),
                Kind::Each { low, high, parts } => {
                    [low, high].map(|end| format!("{:?}", vec![*end; parts.len()])).to_vec()
                }
                Kind::Month => vec!["1000-01".into(), "9990-01".into()],
                Kind::Text => vec!["x".repeat(200)],
                // All residents or none take part, but for the intercept.
                Kind::Formula if key.name == "probability" => vec!["if(a > 0, 1, 0)".into()],
                Kind::Formula => vec!["0".into()],
                Kind::Numbers { .. } | Kind::Rows { .. } | Kind::Communities | Kind::Election => {
                    lists(&path, 60)
                }
            };
            all.extend(values.into_iter().map(|value| format!("{path}={value}")));
        }
    }
    all
}

#[test]
fn every_key_at_its_lowest_and_highest_gives_a_replicate() {
    let extremes = extremes();
    assert!(extremes.len() > 300, "{}", extremes.len());
    let problems: Vec<String> = extremes
        .par_iter()
        .flat_map(|extreme| [PLAIN, busy()].map(|base| (base, extreme)))
        .filter_map(|(base, extreme)| {
            std::panic::catch_unwind(|| {
                let scenario = scenario(&[base, TINY, &[extreme.as_str()]]);
                assert_sensible(&output(&scenario, 0), extreme);
            })
            .err()
            .map(|_| extreme.clone())
        })
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Settings of every share (a number from 0 to 1) at once.
fn all_shares(value: &str) -> Vec<String> {
    let mut all = Vec::new();
    for section in sections() {
        for key in &section.keys {
            if matches!(key.kind, Kind::Real { low: 0.0, high: 1.0 }) {
                all.push(format!("{}.{}={value}", section.path, key.name));
            }
        }
    }
    all
}

#[test]
fn all_shares_at_zero_and_all_shares_at_one_give_a_replicate() {
    for value in ["0.0", "1.0"] {
        let shares = all_shares(value);
        let shares: Vec<&str> = shares.iter().map(String::as_str).collect();
        for base in [PLAIN, busy()] {
            for theory in ["theory.participation=calculus", "theory.participation=threshold"] {
                let scenario = scenario(&[base, TINY, &shares, &[theory]]);
                assert_sensible(&output(&scenario, 0), value);
            }
        }
    }
}

#[test]
fn the_smallest_cities_live() {
    let cities: [&[&str]; 5] = [
        &["population.communities=1", "population.adults=1"],
        &["population.communities=1"],
        &["population.communities=5", "population.adults=1"],
        &["organisations.count=0.0", "organisations.birth_rate=0.0"],
        &["staff.count=0"],
    ];
    for smallest in cities {
        for base in [PLAIN, busy()] {
            for selection in
                ["direct", "household", "delegates", "sortition", "stratified_sortition", "appointed"]
            {
                let chosen = [&format!("council.selection={selection}"), "months=40"];
                let chosen: Vec<&str> = chosen.to_vec();
                assert_sensible(&output(&scenario(&[base, smallest, &chosen]), 0), selection);
            }
        }
    }
}

/// Sum of a metric over a replicate.
fn total(scenario: &Scenario, name: &str) -> f64 {
    series(&output(scenario, 0), name).into_iter().filter(|v| !v.is_nan()).sum()
}

#[test]
fn a_mode_whose_base_rate_is_zero_has_no_participants() {
    for mode in Mode::ALL {
        let decider =
            if mode == Mode::Ballot { "funding.decider=residents" } else { "funding.decider=council" };
        // Where somebody stands at the bins, those who do not want to sort do.
        let unwatched = ["waste.supervision=0", "waste.group_size=0"];
        let never = [&format!("modes.{}.base_rate=0.0", mode.name()), decider];
        let metric = format!("participation.{}", mode.name());
        assert_eq!(total(&scenario(&[busy(), &unwatched, &never]), &metric), 0.0, "{metric}");
        let usual = ["modes.proposal.base_rate=0.3", "modes.meeting.base_rate=0.3", decider];
        assert!(total(&scenario(&[busy(), &usual]), &metric) > 0.0, "{metric}, for comparison");
    }
}

#[test]
fn where_nothing_is_open_nobody_takes_part() {
    let closed = [
        "opportunities.events_per_month=0",
        "opportunities.volunteering_per_month=0",
        "opportunities.forums_per_year=0",
        "opportunities.online=0",
        "opportunities.owners_assembly_month=0",
        "opportunities.complaints=0",
        "opportunities.sorting=0",
        "organisations.count=0",
        "election.term_months=0",
    ];
    let scenario = scenario(&[PLAIN, &closed]);
    let output = output(&scenario, 0);
    assert!(series(&output, "participation").iter().all(|&p| p == 0.0));
    for mode in Mode::ALL {
        let open = series(&output, &format!("participation.{}", mode.name()));
        assert!(open.iter().all(|v| v.is_nan()), "{} was open", mode.name());
    }
}

#[test]
fn where_nobody_can_hear_of_anything_only_those_asked_in_person_take_part() {
    let silent = [
        "outreach.notice_board=0",
        "outreach.website=0",
        "outreach.wechat_account=0",
        "outreach.home_visits=0",
        "residents.word_of_mouth=0",
        "residents.forgetting=1.0",
        "election.publicity=0",
    ];
    let output = output(&scenario(&[PLAIN, &silent]), 0);
    assert!(series(&output, "awareness").iter().all(|&a| a == 0.0));
    assert!(series(&output, "participation.event").iter().all(|&p| p == 0.0));
    // Activists still ask for votes.
    assert!(series(&output, "participation.vote").iter().any(|&p| p > 0.0));
}

#[test]
fn officers_who_are_always_fair_win_trust_and_those_never_fair_lose_it() {
    let ends = |fairness: &str| {
        let settings = [fairness, "enforcement.rate=0.5", "enforcement.oversight=0", "months=60"];
        let output = output(&scenario(&[PLAIN, &settings]), 0);
        let trust = series(&output, "trust.local_government");
        (trust[0], trust[59])
    };
    // Newcomers bring the trust they had elsewhere, so the end itself is never reached: more than half of
    // the way to it is what steps of a tenth on three months in four must reach in five years.
    let (first, last) = ends("enforcement.fairness=1.0");
    assert!(1.0 - last < 0.5 * (1.0 - first), "{first} to {last}");
    let (first, last) = ends("enforcement.fairness=0.0");
    assert!(last < 0.5 * first, "{first} to {last}");
}

#[test]
fn a_day_reserved_for_residents_leaves_none_to_tasks_unless_residents_need_none() {
    let all_day = ["staff.reserved=1.0", "admin.tasks_per_month=50", "outreach.home_visits=0"];
    let flooded = ["residents.request_rate=1.0", "staff.request_minutes=600"];
    let output = output(&scenario(&[PLAIN, &all_day, &flooded]), 0);
    // In the first month nobody has filed a request yet, and tasks then in hand are finished in the second.
    assert_eq!(mean_from(&output, "staff.admin_share", 2), 0.0);
}

#[test]
fn money_that_is_watched_does_not_leak_and_projects_that_never_lapse_fail_nobody() {
    let watched = ["funding.openness=1.0", "funding.openness_effect=1.0", "funding.leak=1.0"];
    assert_eq!(total(&scenario(&[PLAIN, &watched]), "fund.leaked"), 0.0);
    let open = ["funding.openness=0.0", "funding.audit=0.0", "funding.leak=0.9"];
    let output = output(&scenario(&[PLAIN, &open]), 0);
    let sum = |name: &str| series(&output, name).into_iter().sum::<f64>();
    // Every project month rounds down by less than a yuan.
    let (leaked, spent) = (sum("fund.leaked"), sum("fund.spent"));
    assert!((leaked / (leaked + spent) - 0.9).abs() < 1e-3, "{leaked} of {}", leaked + spent);
}

#[test]
fn where_all_own_and_nobody_moves_or_dies_nobody_comes() {
    let outputs = outputs(&scenario(&[PLAIN, NOBODY_MOVES]), 2);
    assert!(outputs.iter().all(|l| series(l, "residents.arrived").iter().all(|&n| n == 0.0)));
    let restless = [
        "residents.move_owner=1.0",
        "residents.move_renter=1.0",
        "residents.mortality=0",
        "residents.leave_at_retirement=0",
    ];
    let output = output(&scenario(&[PLAIN, &restless]), 0);
    assert!(series(&output, "residents.arrived").iter().all(|&n| n == 480.0), "all 3 · 160 move every month");
}

#[test]
fn without_staff_only_what_the_council_takes_up_is_answered() {
    let alone = [
        "staff.count=0",
        "platform.two_way=0",
        "council.agenda_items=1",
        "council.sessions_per_year=12",
        "assembly.meetings_per_year=0",
        "feedback.response_rate=0",
        "government.role_hours=0",
        "intervention.hours=0",
        // Nor does an organisation of residents see to it that complaints are heard.
        "rights.org_allowed=false",
    ];
    let scenario = scenario(&[busy(), &alone]);
    let city = common::city(&scenario);
    let mut simulation = common::begin(&scenario, &city, 0);
    for month in 0..scenario.months {
        simulation.step();
        for signals in simulation.communities.iter().map(|p| &p.signals) {
            let voices: u32 = [Mode::Meeting, Mode::Proposal, Mode::Online, Mode::Complaint]
                .iter()
                .map(|&m| signals.took_part[m as usize])
                .sum();
            let most = if voices > 0 { 1.0 / voices as f32 } else { 0.0 };
            // 1 − (1 − 0)(1 − x) is x but for rounding.
            assert!(signals.answered <= most + 1e-6, "month {month}: {} of {voices}", signals.answered);
        }
    }
}

#[test]
fn a_grant_that_doubles_every_year_stays_a_number_for_a_century() {
    let doubling = ["funding.base=1000000000", "funding.growth=1.0", "months=1200"];
    let small = ["population.communities=1", "population.adults=10"];
    assert_sensible(&output(&scenario(&[PLAIN, &small, &doubling]), 0), "a century of growth");
}
