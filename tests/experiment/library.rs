//! What the examples do with the library.

use std::path::Path;

use crate::{own_experiment, run_a_scenario};

const SMALL: &str = "name = \"Small\"\nmonths = 30\npopulation.communities = 2\npopulation.adults = 60\n";

#[test]
fn a_program_of_ones_own_runs_a_scenario_twice_and_reads_the_same() {
    let place = tempfile::tempdir().unwrap();
    let (file, out) = (place.path().join("small.toml"), place.path().join("out"));
    std::fs::write(&file, SMALL).unwrap();
    let first = run_a_scenario::participation(&file, &out).unwrap();
    assert!(first.len() == 3 && first.iter().all(|share| (0.0..=1.0).contains(share)), "{first:?}");
    // The second time the results are there already.
    assert_eq!(run_a_scenario::participation(&file, &out).unwrap(), first);
    let wrong = run_a_scenario::participation(Path::new("nowhere.toml"), &out).unwrap_err();
    assert!(wrong.to_string().contains("nowhere.toml"), "{wrong}");
}

#[test]
fn a_program_of_ones_own_compares_policies() {
    let place = tempfile::tempdir().unwrap();
    let (file, out) = (place.path().join("small.toml"), place.path().join("out"));
    std::fs::write(&file, SMALL).unwrap();
    let set = ["months=14", "replicates=3"].map(String::from);
    let effects = own_experiment::effects(&file, &out, &set).unwrap();
    assert_eq!(effects.iter().map(|effect| effect.share).collect::<Vec<_>>(), [0.05, 0.1, 0.2]);
    assert!(effects.iter().all(|effect| effect.mean.is_finite() && effect.half_width >= 0.0));
    let folder = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
    assert!(folder.join("report.html").is_file() && folder.join("plots").is_dir());
}
