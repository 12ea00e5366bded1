//! The same scenario gives the same numbers: for any number of threads, in any order of replicates, and
//! until the day on which two scenarios part.

use crate::common;

use common::{begin, bits, busy, city, output, scenario, scenario_with};
use shequ::model::metric;
use shequ::model::simulation;
use shequ::model::simulation::ReplicateOutput;

const UPDATES: [&str; 2] = ["update=synchronous", "update=random_sequential"];

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(work)
}

#[test]
fn a_replicate_is_the_same_for_any_number_of_threads() {
    for update in UPDATES {
        let scenario = scenario(&[busy(), &["population.communities=9", update]]);
        let one = with_threads(1, || bits(&output(&scenario, 0)));
        for threads in [2, 3, 8] {
            assert_eq!(
                one,
                with_threads(threads, || bits(&output(&scenario, 0))),
                "{update}, {threads} threads"
            );
        }
    }
}

#[test]
fn stepping_process_by_process_gives_the_same() {
    for update in UPDATES {
        let scenario = scenario(&[busy(), &[update]]);
        let city = city(&scenario);
        let (mut together, mut apart) = (begin(&scenario, &city, 0), begin(&scenario, &city, 0));
        for month in 0..scenario.months {
            together.step();
            apart.step_apart(&mut |_| ());
            for (a, b) in together.communities.iter().zip(&apart.communities) {
                assert!(common::portrait(a) == common::portrait(b), "{update}, month {month}");
            }
            assert_eq!(format!("{:?}", together.citywide), format!("{:?}", apart.citywide));
        }
    }
}

#[test]
fn a_replicate_is_the_same_whatever_was_run_before_it() {
    let scenario = scenario(&[busy()]);
    let (fitted, city) = (simulation::prepare(&scenario), city(&scenario));
    let run_replicate = |r: u32| {
        simulation::run_replicate(&scenario, &fitted, &city, r, &|_| true).expect("nobody stopped it")
    };
    let forward: Vec<ReplicateOutput> = (0..4).map(run_replicate).collect();
    let mut backward: Vec<ReplicateOutput> = (0..4).rev().map(run_replicate).collect();
    backward.reverse();
    for (a, b) in forward.iter().zip(&backward) {
        assert_eq!(bits(a), bits(b), "replicate {}", a.replicate);
    }
    assert_ne!(bits(&forward[0]), bits(&forward[1]), "replicates have random numbers of their own");
}

#[test]
fn a_replicate_depends_on_its_seed_and_not_on_how_the_scenario_is_called_or_reported() {
    let first = output(&scenario(&[busy()]), 0);
    let named = output(&scenario(&[busy(), &["name=Other", "name_zh=另", "replicates=77"]]), 0);
    assert_eq!(bits(&first), bits(&named));
    let silent = ["report.communities_every=0", "report.groups_every=0"];
    let monthly = |output: &ReplicateOutput| output.monthly.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(monthly(&first), monthly(&output(&scenario(&[busy(), &silent]), 0)));
    for other in ["seed.replicates=2", "seed.city=2"] {
        assert_ne!(monthly(&first), monthly(&output(&scenario(&[busy(), &[other]]), 0)), "{other}");
    }
}

#[test]
fn a_longer_replicate_begins_as_a_shorter_one() {
    let short = output(&scenario(&[busy(), &["months=10"]]), 0);
    let long = output(&scenario(&[busy(), &["months=20"]]), 0);
    let head = &long.monthly[..short.monthly.len()];
    assert!(short.monthly.iter().zip(head).all(|(a, b)| a.to_bits() == b.to_bits()));
}

#[test]
fn before_a_dated_change_two_replicates_have_a_common_history() {
    let change = "[[change]]\nfrom = \"2018-04\"\nenforcement.fairness = 0.1\noutreach.wechat_group = 1.0\n";
    let plain = output(&scenario(&[busy()]), 0);
    let changed = output(&scenario_with(change, &[busy()]), 0);
    let width = metric::all().len();
    let differs = |month: usize| {
        let of = |output: &ReplicateOutput| -> Vec<u64> {
            output.monthly[month * width..(month + 1) * width].iter().map(|v| v.to_bits()).collect()
        };
        of(&plain) != of(&changed)
    };
    // January 2017 is month 0, so April 2018 is month 15.
    assert_eq!((0..30).find(|&m| differs(m)), Some(15));
}
