//! A theory written as a formula, as a user meets it: `trace`, `contest`, `sweep`, `check` and `explain`.

use crate::folders::rows;
use crate::place::{Place, text};

use std::process::Output;

const OWN: &str = r#"
name = "Own"
months = 6
burn_in = 6
population.communities = 1
population.adults = 200
theory.trust = "beta"

[theory.formula]
probability = """
logistic(intercept + b_p*influence*benefit - 1.5*cost + duty + 2.21*norm
         + 0.8*trust + 2*habit + 0.6*asked + 0.7*disposition)"""

[theory.formula.parameters]
b_p = 1.5
"#;

const CONTEST: &str = r#"
kind = "contest"
name = "Own theory"
scenario = "own.toml"
replicates = 2
outcomes = ["participation"]
arm = [{ name = "Visits", set = { "outreach.home_visits" = 0.5 } }]
"#;

const SWEEP: &str = r#"
kind = "sweep"
name = "Own weight"
scenario = "own.toml"
set = { "theory.participation" = "formula" }
replicates = 2
outcomes = ["participation"]
[design]
method = "grid"
levels = 3
[vary]
"theory.formula.parameters.b_p" = { low = 0.5, high = 4.5 }
"#;

fn place() -> Place {
    Place::with(&[("own.toml", OWN), ("contest.toml", CONTEST), ("sweep.toml", SWEEP)])
}

fn shequ(place: &Place, arguments: &[&str]) -> Output {
    let output = place.shequ(arguments);
    assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    output
}

#[test]
fn in_a_contest_the_calculus_as_a_formula_stands_where_the_calculus_does() {
    let place = place();
    shequ(&place, &["contest", "contest.toml"]);
    let effects = rows(&place.results("results"), "effects.csv");
    let of = |theory: &str| -> Vec<Vec<String>> {
        let own = effects.iter().filter(|row| row["theory"] == theory);
        own.map(|row| {
            ["trust", "effect", "ci95_low", "ci95_high", "p"].map(|column| row[column].clone()).to_vec()
        })
        .collect()
    };
    assert!(of("formula").len() == 3 && of("formula") == of("calculus"), "{:?}", of("formula"));
    // It comes last, after all theories that every scenario has.
    assert!(effects.last().is_some_and(|row| row["theory"] == "formula"));
}

#[test]
fn a_contest_of_scenarios_without_a_formula_knows_none() {
    let without = OWN.split("[theory.formula]").next().unwrap_or_default();
    let place = Place::with(&[("own.toml", without), ("contest.toml", CONTEST)]);
    shequ(&place, &["contest", "contest.toml"]);
    assert!(rows(&place.results("results"), "effects.csv").iter().all(|row| row["theory"] != "formula"));
}

#[test]
fn a_sweep_varies_a_parameter_of_the_formula() {
    let place = place();
    shequ(&place, &["sweep", "sweep.toml"]);
    let points = rows(&place.results("results"), "design.csv");
    let column = |name: &str| -> Vec<String> { points.iter().map(|row| row[name].clone()).collect() };
    assert_eq!(column("theory.formula.parameters.b_p"), ["0.5", "2.5", "4.5"]);
    let runs = rows(&place.results("results"), "runs.csv");
    let of = |value: &str| -> Vec<String> {
        let own = runs.iter().filter(|row| row["theory.formula.parameters.b_p"] == value);
        own.map(|row| row["participation"].clone()).collect()
    };
    assert!(of("0.5").len() == 2 && of("0.5") != of("4.5"), "{:?}", of("0.5"));
}

#[test]
fn a_trace_shows_the_terms_as_they_are_written() {
    let place = place();
    for (language, word) in [("en", "intercept"), ("zh", "截距")] {
        let chosen = "theory.participation=formula";
        let arguments = ["trace", "own.toml", "--resident", "0:7", "--lang", language, "--set", chosen];
        let said = text(&shequ(&place, &arguments).stdout);
        for term in [word, "b_p*influence*benefit +", "1.5*cost -", "0.7*disposition"] {
            assert!(said.contains(term), "{term}: {said}");
        }
    }
}

#[test]
fn the_resolved_scenario_holds_the_formula_and_its_numbers_and_says_the_same_again() {
    let place = place();
    let resolved = |file: &str| {
        let said = text(&shequ(&place, &["check", file, "--resolved"]).stdout);
        std::fs::write(place.path().join("again.toml"), &said).expect("written");
        said
    };
    let once = resolved("own.toml");
    assert!(once.contains("[theory.formula.parameters]\nb_p = 1.5"), "{once}");
    let values = |said: &str| -> Vec<String> {
        said.lines().map(|line| line.split(" # ").next().unwrap_or_default().trim().to_string()).collect()
    };
    assert_eq!(values(&resolved("again.toml")), values(&once));
    let plain = Place::with(&[("plain.toml", "name = \"Plain\"\n")]);
    let said = text(&shequ(&plain, &["check", "plain.toml", "--resolved"]).stdout);
    assert!(!said.contains("formula"), "a theory that nobody wrote is not written");
}

#[test]
fn inputs_and_functions_are_explained_in_both_languages() {
    let place = place();
    for (language, words) in [("en", ["sense of duty", "square root"]), ("zh", ["责任感", "平方根"])] {
        let said = text(&shequ(&place, &["explain", "formula", "--lang", language]).stdout);
        for word in words.iter().chain(&["influence", "is_vote", "clamp(x, low, high)", "took_part"]) {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
}
