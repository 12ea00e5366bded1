//! The cases of the source text, in `scenarios/cases/`: each runs, and shows what its comment expects, in
//! small versions under common luck.

mod common;

use std::path::Path;

use common::{effect, last_year, lives, mean, series};
use rayon::prelude::*;
use shequ::record::Life;
use shequ::scenario::Scenario;

/// Paired lives of each case.
const LIVES: u32 = 30;

fn lives_of(name: &str, more: &[&str]) -> Vec<Life> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.toml"));
    let small = ["population.communities=2", "report.communities_every=0", "report.groups_every=0"];
    let settings: Vec<String> = small.iter().chain(more).map(|s| s.to_string()).collect();
    let loaded = Scenario::load(&path, &settings).unwrap_or_else(|p| panic!("{name}: {p:?}"));
    lives(&loaded.scenario, LIVES)
}

/// A case, what it is compared with, settings of both, and what rises or falls in the last year.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [(&'static str, bool)]);

const SHORT: &[&str] = &["population.adults=1500", "months=60"];
const VILLAGE: &[&str] = &["population.adults=900", "months=60", "population.kinds=[0, 0, 0, 0, 1]"];

const CASES: &[Case] = &[
    (
        "cases/special-fund",
        "baseline",
        SHORT,
        &[("participation", true), ("fund.fit", true), ("fund.leaked", false)],
    ),
    (
        "cases/waste-self-management",
        "baseline",
        SHORT,
        &[("sorting.accuracy", true), ("participation.sorting", true), ("sorting.knowledge", true)],
    ),
    (
        "cases/aiyouxi",
        "baseline",
        SHORT,
        &[("ties.across", true), ("rules.agreed", true), ("trust.neighbours", true), ("staff.load", false)],
    ),
    ("cases/unfair-enforcement", "baseline", SHORT, &[("trust.local_government", false)]),
    (
        "cases/unfair-enforcement-repaired",
        "cases/unfair-enforcement",
        SHORT,
        &[("enforcement.fairness", true), ("trust.local_government", true)],
    ),
    (
        "cases/village-revival",
        "baseline",
        VILLAGE,
        &[("efficacy", true), ("interest", true), ("awareness", true)],
    ),
    (
        "cases/return-of-power",
        "baseline",
        SHORT,
        &[("staff.load", false), ("staff.admin_share", false), ("efficacy", true)],
    ),
];

#[test]
fn every_case_shows_what_its_comment_expects() {
    let judged: Vec<(bool, String)> = CASES
        .par_iter()
        .flat_map_iter(|&(case, against, settings, expected)| {
            let (before, own) = (lives_of(against, settings), lives_of(case, settings));
            expected.iter().map(move |&(outcome, rises)| {
                let e = effect(&before, &own, &|life| last_year(life, outcome));
                let holds = if rises { e.mean > e.half_width } else { e.mean < -e.half_width };
                (holds, format!("{case}: {outcome} {:+.5} ± {:.5}", e.mean, e.half_width))
            })
        })
        .collect();
    judged.iter().for_each(|(holds, said)| println!("{} {said}", if *holds { "   " } else { "NOT" }));
    assert!(judged.iter().all(|(holds, _)| *holds));
}

#[test]
fn after_the_earthquake_more_take_part_and_the_difference_fades() {
    let settings = ["population.adults=1500"];
    let struck = lives_of("cases/earthquake-2008", &settings);
    let spared = lives_of("cases/earthquake-2008", &["population.adults=1500", "shock.severity=0.0"]);
    // May 2008 is month 16; the year after it, and the last of seven years.
    let over =
        |from: usize| move |life: &Life| mean(series(life, "participation")[from..from + 12].iter().copied());
    let (first, last) = (effect(&spared, &struck, &over(17)), effect(&spared, &struck, &over(72)));
    println!("after the earthquake {:+.4} ± {:.4}, at last {:+.4}", first.mean, first.half_width, last.mean);
    assert!(first.mean > first.half_width && last.mean < 0.5 * first.mean, "{first:?} {last:?}");
}

#[test]
fn three_forms_of_election_differ_as_expected() {
    let of = |name: &str| lives_of(name, SHORT);
    let direct = of("cases/elections-direct");
    let gap = |life: &Life| {
        let of = |name| mean(series(life, name).into_iter());
        of("turnout.official") - of("turnout.cast")
    };
    let household = effect(&direct, &of("cases/elections-household"), &gap);
    assert!(household.mean > household.half_width, "{household:?}");
    let seats = |life: &Life| mean(series(life, "council.distance").into_iter());
    let delegates = effect(&direct, &of("cases/elections-delegates"), &seats);
    println!(
        "distance of seats, delegates less direct: {:+.4} ± {:.4}",
        delegates.mean, delegates.half_width
    );
    assert!(delegates.mean.abs() > delegates.half_width, "{delegates:?}");
}

#[test]
fn all_of_chengdu_is_a_scenario() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/chengdu.toml");
    let loaded = Scenario::load(&path, &[]).unwrap_or_else(|p| panic!("{p:?}"));
    let people = &loaded.scenario.population;
    assert!((17_000_000..19_000_000).contains(&(people.communities as u64 * people.adults as u64)));
    // In small, with everything at work.
    let small = lives_of("chengdu", &["population.communities=6", "population.adults=200", "months=24"]);
    assert!(small.iter().all(|life| last_year(life, "participation") > 0.0));
}
