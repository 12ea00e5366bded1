//! What surveys, registers and bulletins count: each figure follows from others, or from a setting, in closed form.

use crate::common;

use common::{PLAIN, output, scenario, series};

fn monthly(settings: &[&str], metrics: &[&str]) -> Vec<Vec<f64>> {
    let one = ["population.communities=1", "months=24", "report.groups_every=0"];
    let output = output(&scenario(&[PLAIN, &one, settings]), 0);
    metrics.iter().map(|metric| series(&output, metric).to_vec()).collect()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn contacts_are_what_the_committee_gets_and_what_is_said_online() {
    let metrics = ["contacts", "staff.jobs", "participation.online"];
    let of = monthly(&["admin.tasks_per_month=0", "residents.request_rate=0.3"], &metrics);
    assert!(of[1].iter().sum::<f64>() > 0.0);
    for ((contacts, jobs), online) in of[0].iter().zip(&of[1]).zip(&of[2]) {
        // 160 adults in one community, whose committee has nothing to do but requests and complaints.
        let online = if online.is_nan() { 0.0 } else { *online };
        near(contacts * 160.0, jobs + online * 160.0);
    }
}

#[test]
fn complaints_taken_up_are_complaints_times_voices_answered() {
    let metrics = ["complaints.taken_up", "participation.complaint", "voices.answered"];
    let of = monthly(&["modes.complaint.base_rate=0.3"], &metrics);
    assert!(of[0].iter().sum::<f64>() > 0.0);
    for ((taken_up, complaints), answered) in of[0].iter().zip(&of[1]).zip(&of[2]) {
        if *complaints > 0.0 {
            near(*taken_up, complaints * answered);
        }
    }
}

#[test]
fn every_request_is_overdue_at_a_limit_of_nil_and_none_at_one_that_nothing_reaches() {
    let of = |rate: &str, days: &str| {
        let settings = [rate, days, "residents.request_rate=0.1", "staff.count=10"];
        let shares = monthly(&settings, &["requests.overdue"]).remove(0);
        shares.into_iter().filter(|share| !share.is_nan()).collect::<Vec<_>>()
    };
    let limited = "feedback.response_rate=0.5";
    let (nil, never) = (of(limited, "feedback.days=0"), of(limited, "feedback.days=60"));
    assert!(nil.len() > 12 && nil.iter().all(|&share| share == 1.0), "{nil:?}");
    // Ten people have time for 160 adults, and nobody waits.
    assert!(never.len() > 12 && never.iter().all(|&share| share == 0.0), "{never:?}");
    assert!(of("feedback.response_rate=0", "feedback.days=0").is_empty());
}

#[test]
fn a_year_of_grants_is_the_grant_of_a_year() {
    let granted = monthly(&["funding.base=100001"], &["fund.per_community"]).remove(0);
    near(granted[..12].iter().sum::<f64>() / 12.0, 100_001.0);
}

#[test]
fn women_cast_all_ballots_where_there_are_no_men_and_none_where_there_are_no_women() {
    let of = |men: &str| monthly(&["funding.decider=residents", men], &["ballots.women"]).remove(0);
    for (men, share) in [("population.male_share=0", 1.0), ("population.male_share=1", 0.0)] {
        let held: Vec<f64> = of(men).into_iter().filter(|share| !share.is_nan()).collect();
        assert!(!held.is_empty() && held.iter().all(|&women| women == share), "{held:?}");
    }
}

#[test]
fn nobody_is_without_acquaintances_where_all_know_each_other_and_as_many_as_asked_for_elsewhere() {
    let of = |settings: &[&str]| monthly(settings, &["ties.none"])[0][0];
    assert_eq!(of(&["population.network.kind=complete"]), 0.0);
    let many = ["population.adults=4000", "population.isolated=0.3", "population.compound_ties=6"];
    // Four standard errors of a share of 4,000; households of one who have nobody count as well.
    let (alone, error) = (of(&many), 4.0 * (0.3f64 * 0.7 / 4_000.0).sqrt());
    assert!((alone - 0.3).abs() < error, "{alone}");
}

#[test]
fn what_mediation_settles_is_its_share_of_what_is_closed() {
    let metrics = ["conflicts.settled", "conflicts.new", "conflicts.open"];
    let rate = ["mediation.conflict_rate=20", "mediation.success=1", "mediation.capacity=1000"];
    let of = monthly(&rate, &metrics);
    let per_thousand = 1_000.0 / 160.0;
    assert!(of[0].iter().sum::<f64>() > 0.0);
    for month in 1..24 {
        // What is not open any more was settled or gave itself up; no more than that is settled.
        let closed = of[2][month - 1] + of[1][month] * per_thousand - of[2][month];
        assert!(of[0][month] <= closed + 1e-9, "{} of {closed}", of[0][month]);
    }
}

#[test]
fn those_who_trust_the_centre_more_are_all_or_none_by_where_trust_begins() {
    let still = [
        "months=1",
        "residents.trust_spread=0",
        "residents.trust_central_government=0.9",
        "residents.central_contact=0",
    ];
    let of = |local: &str| monthly(&[&still[..], &[local]].concat(), &["trust.centre_more"])[0][0];
    // Four answers: up to ¼, ½, ¾ and 1. In a month trust moves by less than .1.
    assert_eq!(of("residents.trust_local_government=0.6"), 1.0);
    assert_eq!(of("residents.trust_local_government=0.85"), 0.0);
}
