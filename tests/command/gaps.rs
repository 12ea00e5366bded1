//! Gaps between groups of residents, in a comparison and under every theory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::place::{Place, text};

type Row = BTreeMap<String, String>;

fn rows(folder: &Path) -> Vec<Row> {
    let mut table = csv::Reader::from_path(folder.join("gaps.csv")).unwrap();
    table.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn a_contest_has_the_gaps_of_a_comparison_under_every_theory_and_rule() {
    let small = [
        "-q",
        "--replicates",
        "4",
        "--set",
        "months=24",
        "--set",
        "burn_in=0",
        "--set",
        "population.communities=2",
        "--set",
        "population.adults=100",
    ];
    let folder_of = |command: &str| {
        let place = Place::with(&[
            ("base.toml", "name = \"Base\"\n"),
            ("visits.toml", "extends = \"base.toml\"\nname = \"Visits\"\noutreach.home_visits = 0.9\n"),
        ]);
        let output = place.shequ(&[&[command, "base.toml", "visits.toml"], &small[..]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let folder = place.results("results");
        (place, folder)
    };
    let (_compared, compared) = folder_of("compare");
    let (_contested, contested) = folder_of("contest");
    let (compared, all) = (rows(&compared), rows(&contested));
    let combinations = |rows: &[Row]| {
        let mut all: Vec<String> =
            rows.iter().map(|row| format!("{} {}", row["theory"], row["trust"])).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let own = combinations(&compared);
    assert_eq!(own.len(), 1);
    assert_eq!(all.len(), compared.len() * combinations(&all).len());
    // Under the theory of the comparison it is the same runs: the same gaps, but for the correction.
    let same: Vec<&Row> =
        all.iter().filter(|row| format!("{} {}", row["theory"], row["trust"]) == own[0]).collect();
    assert_eq!(same.len(), compared.len());
    for (a, b) in compared.iter().zip(same) {
        for column in ["group", "level", "other_level", "effect", "ci95_low", "base_mean", "p"] {
            assert_eq!(a[column], b[column], "{column}");
        }
    }
    // The group that is named first is the higher one without the policy, under each of them.
    let known = all.iter().filter(|row| !row["base_mean"].is_empty());
    assert!(
        known.clone().count() > 100
            && known.clone().all(|row| row["base_mean"].parse::<f64>().unwrap() >= 0.0)
    );
    let page = fs::read_to_string(contested.join("report.html")).unwrap();
    assert!(page.contains("Gaps between groups of residents"));
}
