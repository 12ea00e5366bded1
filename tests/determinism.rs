//! The same scenario lives the same life: for any number of threads, in any order of replicates, and
//! until the day on which two scenarios part.

mod common;

use common::{BUSY, begin, bits, city, life, scenario, scenario_with};
use shequ::metric;
use shequ::model;
use shequ::record::Life;

const UPDATES: [&str; 2] = ["update=synchronous", "update=random_sequential"];

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(work)
}

#[test]
fn a_life_is_the_same_for_any_number_of_threads() {
    for update in UPDATES {
        let scenario = scenario(&[BUSY, &["population.communities=9", update]]);
        let one = with_threads(1, || bits(&life(&scenario, 0)));
        for threads in [2, 3, 8] {
            assert_eq!(
                one,
                with_threads(threads, || bits(&life(&scenario, 0))),
                "{update}, {threads} threads"
            );
        }
    }
}

#[test]
fn stepping_process_by_process_gives_the_same() {
    for update in UPDATES {
        let scenario = scenario(&[BUSY, &[update]]);
        let city = city(&scenario);
        let (mut together, mut apart) = (begin(&scenario, &city, 0), begin(&scenario, &city, 0));
        for month in 0..scenario.months {
            together.step();
            apart.step_apart(&mut |_| ());
            for (a, b) in together.places.iter().zip(&apart.places) {
                assert!(common::portrait(a) == common::portrait(b), "{update}, month {month}");
            }
            assert_eq!(format!("{:?}", together.wide), format!("{:?}", apart.wide));
        }
    }
}

#[test]
fn a_replicate_is_the_same_whatever_was_lived_before_it() {
    let scenario = scenario(&[BUSY]);
    let (fixed, city) = (model::prepare(&scenario), city(&scenario));
    let live = |r: u32| model::live(&scenario, &fixed, &city, r, &|_| true).expect("nobody stopped it");
    let forward: Vec<Life> = (0..4).map(live).collect();
    let mut backward: Vec<Life> = (0..4).rev().map(live).collect();
    backward.reverse();
    for (a, b) in forward.iter().zip(&backward) {
        assert_eq!(bits(a), bits(b), "replicate {}", a.replicate);
    }
    assert_ne!(bits(&forward[0]), bits(&forward[1]), "replicates have luck of their own");
}

#[test]
fn a_life_depends_on_its_seed_and_not_on_how_the_scenario_is_called_or_reported() {
    let first = life(&scenario(&[BUSY]), 0);
    let named = life(&scenario(&[BUSY, &["name=Other", "name_zh=另", "replicates=77"]]), 0);
    assert_eq!(bits(&first), bits(&named));
    let silent = ["report.communities_every=0", "report.groups_every=0"];
    let monthly = |life: &Life| life.monthly.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(monthly(&first), monthly(&life(&scenario(&[BUSY, &silent]), 0)));
    for other in ["seed.replicates=2", "seed.city=2"] {
        assert_ne!(monthly(&first), monthly(&life(&scenario(&[BUSY, &[other]]), 0)), "{other}");
    }
}

#[test]
fn a_longer_life_begins_as_a_shorter_one() {
    let short = life(&scenario(&[BUSY, &["months=10"]]), 0);
    let long = life(&scenario(&[BUSY, &["months=20"]]), 0);
    let head = &long.monthly[..short.monthly.len()];
    assert!(short.monthly.iter().zip(head).all(|(a, b)| a.to_bits() == b.to_bits()));
}

#[test]
fn before_a_dated_change_two_lives_have_a_common_history() {
    let change = "[[change]]\nfrom = \"2018-04\"\nenforcement.fairness = 0.1\noutreach.wechat_group = 1.0\n";
    let plain = life(&scenario(&[BUSY]), 0);
    let changed = life(&scenario_with(change, &[BUSY]), 0);
    let width = metric::all().len();
    let differs = |month: usize| {
        let of = |life: &Life| -> Vec<u64> {
            life.monthly[month * width..(month + 1) * width].iter().map(|v| v.to_bits()).collect()
        };
        of(&plain) != of(&changed)
    };
    // January 2017 is month 0, so April 2018 is month 15.
    assert_eq!((0..30).find(|&m| differs(m)), Some(15));
}
