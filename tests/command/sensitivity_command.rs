//! `shequ sensitivity` on outcomes of the model whose indices are known in closed form.

use crate::folders::rows;
use crate::place;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use place::{Place, entries, text};

/// 100 adults, whose fund is granted once: base + 100 × per_capita yuan, whatever else happens.
const BASE: &str = "name = \"Tiny\"\nmonths = 6\npopulation.communities = 1\npopulation.adults = 100\n";

/// The variance of the grant is that of a sum: 300,000² and 150,000² parts in 12, so 0.8 and 0.2 of it; the
/// third key does not touch it.
fn experiment(design: &str) -> Place {
    let text = format!(
        r#"
kind = "sensitivity"
name = "Known"
scenario = "tiny.toml"
replicates = 2
outcomes = ["fund.granted"]
window = "whole"
{design}
[vary]
"funding.base" = {{ low = 0, high = 300000 }}
"funding.per_capita" = {{ low = 0, high = 1500 }}
"residents.word_of_mouth" = {{ low = 0.01, high = 0.1 }}
"#
    );
    Place::with(&[("tiny.toml", BASE), ("known.toml", &text)])
}

/// The first estimate of an index and half its interval, by parameter.
fn index(folder: &Path, name: &str) -> BTreeMap<String, (f64, f64)> {
    let mut found = BTreeMap::new();
    for row in rows(folder, "indices.csv").iter().filter(|row| row["index"] == name) {
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        let estimate = (number("value"), (number("ci95_high") - number("ci95_low")) / 2.0);
        found.entry(row["parameter"].clone()).or_insert(estimate);
    }
    found
}

#[test]
fn sobol_indices_of_a_sum_are_the_shares_of_its_variance() {
    let place = experiment("[design]\nmethod = \"sobol\"\npoints = 128\n");
    let output = place.shequ(&["sensitivity", "known.toml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    for name in ["S1", "ST"] {
        let found = index(&folder, name);
        for (key, expected) in
            [("funding.base", 0.8), ("funding.per_capita", 0.2), ("residents.word_of_mouth", 0.0)]
        {
            let (value, half) = found[key];
            // 1.96 standard errors are half an interval; 3 are allowed. Rounding to whole yuan adds nothing.
            assert!((value - expected).abs() <= 1.53 * half + 1e-6, "{name} of {key}: {value} ± {half}");
            assert!(half < 0.25, "{half}");
        }
    }
    let convergence = &rows(&folder, "convergence.csv")[0];
    assert_eq!((convergence["n"].as_str(), convergence["dropped"].as_str()), ("128", "0"));
    assert!(
        convergence["noise_share"].parse::<f64>().unwrap() < 1e-9,
        "the grant does not depend on random numbers"
    );
    let stdout = text(&output.stdout);
    let at = |key: &str| stdout.find(key).unwrap_or_else(|| panic!("{stdout}"));
    assert!(at("funding.base") < at("funding.per_capita") && stdout.contains("converged"), "{stdout}");
    for ending in ["svg", "png"] {
        assert!(folder.join(format!("plots/fund-granted-whole.{ending}")).is_file());
    }
}

#[test]
fn elementary_effects_of_the_paired_effect_of_a_policy_are_exact() {
    let arm = "[[arm]]\nname = \"Granted later\"\nset = { \"funding.start_month\" = 12 }\n";
    let place = experiment(&format!("{arm}[design]\nmethod = \"morris\"\ntrajectories = 4\n"));
    let output = place.shequ(&["sensitivity", "known.toml", "--threads", "1"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    // The arm grants nothing in the run, so its effect is the whole grant taken away, a sixth of it a month.
    let (stars, spread) = (index(&folder, "mu_star"), index(&folder, "sigma"));
    let (signed, scale) = (index(&folder, "mu"), 1.0 / 6.0);
    for (key, expected) in [("funding.base", 300_000.0 * scale), ("funding.per_capita", 150_000.0 * scale)] {
        assert!((stars[key].0 - expected).abs() < 1.0, "{key}: {:?}", stars[key]);
        assert!((signed[key].0 + expected).abs() < 1.0 && spread[key].0 < 1.0, "{key}");
    }
    assert!(stars["residents.word_of_mouth"].0 == 0.0);
    assert!(text(&output.stdout).contains("Granted later"), "{}", text(&output.stdout));
    // Any number of threads, and a second process after a first was stopped, give the same tables.
    let shard = place.shequ(&["sensitivity", "known.toml", "--shard", "2/2", "--out", "again"]);
    assert!(shard.status.success());
    assert!(place.shequ(&["sensitivity", "known.toml", "--out", "again", "-q"]).status.success());
    for table in ["runs.csv", "points.csv", "indices.csv", "convergence.csv"] {
        assert!(
            fs::read(folder.join(table)).unwrap() == fs::read(place.results("again").join(table)).unwrap()
        );
    }
}

#[test]
fn pawn_tells_what_moves_an_outcome_from_what_does_not() {
    let place = experiment("[design]\nmethod = \"lhs\"\npoints = 200\n");
    let mut command = place.command(&["sensitivity", "known.toml", "--lang", "zh", "--replicates", "1"]);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let table = rows(&place.results("results"), "indices.csv");
    let cells = |key: &str| {
        let row = table.iter().find(|row| row["parameter"] == key).unwrap();
        ["value", "floor", "ceiling"].map(|column| row[column].parse::<f64>().unwrap())
    };
    let ([base, floor, ceiling], [idle, idle_floor, _]) =
        (cells("funding.base"), cells("residents.word_of_mouth"));
    assert!(floor < base && base < ceiling && idle < idle_floor, "{table:?}");
    assert!((ceiling - 2.0 / 3.0).abs() < 1e-9, "numbers are cut into thirds");
    let said = text(&output.stdout);
    assert!(said.contains("超过下限的参数：funding.base") && !said.contains("：residents"), "{said}");
    assert_eq!(entries(&place.path().join("results")).len(), 1);
}

#[test]
fn a_trajectory_with_a_failed_run_is_left_out_and_counted() {
    // A council decides that is not there in half of the rows: nothing is left to estimate from.
    let vary = "[design]\nmethod = \"lhs\"\npoints = 40\n[vary]\n\"council.enabled\" = [true, false]\n\
                \"funding.decider\" = [\"council\", \"street\"]\n\"funding.base\" = { low = 0, high = 300000 }\n";
    let head = "kind = \"sensitivity\"\nname = \"Known\"\nscenario = \"tiny.toml\"\nreplicates = 1\n\
                outcomes = [\"fund.granted\"]\nwindow = \"whole\"\n";
    let place = Place::with(&[("tiny.toml", BASE), ("known.toml", &format!("{head}{vary}"))]);
    let output = place.shequ(&["sensitivity", "known.toml"]);
    assert_eq!(output.status.code(), Some(1));
    let folder = place.results("results");
    let failed = rows(&folder, "runs.csv").iter().filter(|run| run["status"] == "failed").count();
    let convergence = &rows(&folder, "convergence.csv")[0];
    assert!(failed > 0 && convergence["dropped"] == failed.to_string(), "{failed}");
    assert_eq!(convergence["n"], (40 - failed).to_string());
    assert!(text(&output.stdout).contains("left out"), "{}", text(&output.stdout));
}
