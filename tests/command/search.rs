//! `shequ search` as a user types it: what it finds, that constraints hold, and that nothing is lost.

use std::fs;
use std::time::{Duration, Instant};

use crate::folders::{assert_same, clear, files, fine, finished_in, killed, rows};
use crate::place::{Place, entries, text};

const BASE: &str = r#"
name = "Tiny"
name_zh = "小城"
months = 14
burn_in = 12
population.communities = 2
population.adults = 60
"#;

const SEARCH: &str = r#"
kind = "search"
name = "Mixes"
name_zh = "组合"
scenario = "tiny.toml"
replicates = 2

[search]
candidates = 6
generations = 3
final_replicates = 4

[[objective]]
outcome = "participation"

[[objective]]
outcome = "cost.total"
better = "lower"

[[constraint]]
outcome = "participation"
group = "age"
level = "70+"
change_at_least = -0.05

[vary]
"outreach.home_visits" = { low = 0, high = 0.9 }
"council.selection" = ["direct", "sortition"]
"#;

/// One lever, whose more is better for participation and dearer.
const LADDER: &str = r#"
kind = "search"
name = "Ladder"
scenario = "tiny.toml"
replicates = 2
[search]
candidates = 4
generations = 2
final_replicates = 4
[[objective]]
outcome = "participation"
[vary]
"outreach.home_visits" = [0.0, 0.3, 0.6, 0.9]
"#;

fn place() -> Place {
    Place::with(&[("tiny.toml", BASE), ("search.toml", SEARCH), ("ladder.toml", LADDER)])
}

#[test]
fn a_search_ends_with_mixes_that_keep_to_constraints_beside_the_base() {
    let place = place();
    let output = fine(place.shequ(&["search", "search.toml"]));
    let (said, told, folder) = (text(&output.stdout), text(&output.stderr), place.results("results"));
    assert!(said.contains("not beaten by any other") && said.contains("fresh replicates"), "{said}");
    assert!(told.contains("the first of 3 generations") && told.contains("generation 3: "), "{told}");
    let (mixes, candidates) = (rows(&folder, "mixes.csv"), rows(&folder, "candidates.csv"));
    // The base and three generations of six.
    assert_eq!(candidates.len(), 19);
    assert_eq!((mixes[0]["status"].as_str(), mixes[0]["design_row"].as_str()), ("base", "0"));
    assert!(mixes.len() > 1 && mixes[1..].iter().all(|mix| mix["status"] == "mix" && mix["n"] == "4"));
    // What is confirmed was on the front of the search and feasible in it.
    let confirmed = candidates[1..].iter().filter(|tried| tried["confirmed"] == "true");
    assert!(confirmed.clone().all(|tried| tried["feasible"] == "true" && tried["front"] == "true"));
    assert_eq!(confirmed.count(), mixes.len() - 1);
    // A change is the difference of the levels of the same replicates.
    let front = rows(&folder, "front.csv");
    let number =
        |row: &std::collections::BTreeMap<String, String>, column: &str| row[column].parse::<f64>().unwrap();
    let base = |outcome: &str, level: &str| {
        let own = front
            .iter()
            .find(|row| row["status"] == "base" && row["outcome"] == outcome && row["level"] == level);
        number(own.unwrap(), "mean")
    };
    for row in &front {
        let change = number(row, "mean") - base(&row["outcome"], &row["level"]);
        assert!((change - number(row, "change")).abs() < 1e-9, "{row:?}");
    }
    // Every run of the search, and fresh ones of the base and of each mix.
    assert_eq!(rows(&folder, "runs.csv").len(), 2 * 19 + 4 * mixes.len());
    for file in ["report.html", "brief.docx", "plots/changes-1.svg", "summary.zh.txt", "experiment.toml"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    let again = fine(place.shequ(&["reproduce", folder.to_str().unwrap()]));
    assert!(again.status.success());
}

#[test]
fn the_best_of_a_ladder_is_found_and_a_bound_moves_it() {
    let place = place();
    let visits = |file: &str, out: &str| {
        fine(place.shequ(&["search", file, "--out", out, "-q"]));
        let mixes = rows(&place.results(out), "mixes.csv");
        let best: Vec<f64> =
            mixes[1..].iter().map(|mix| mix["outreach.home_visits"].parse().unwrap()).collect();
        best
    };
    // More visits reach more residents: the highest step is the one that no other beats.
    assert_eq!(visits("ladder.toml", "free"), [0.9]);
    // A bound between what the second and the third step give, as the search saw them.
    let candidates = rows(&place.results("free"), "candidates.csv");
    let given = |visits: &str| {
        let own = candidates[1..].iter().find(|tried| tried["outreach.home_visits"] == visits);
        own.unwrap()["participation"].parse::<f64>().unwrap()
    };
    let bound = 0.5 * (given("0.3") + given("0.6"));
    let bounded = format!("{LADDER}[[constraint]]\noutcome = \"participation\"\nat_most = {bound}\n");
    fs::write(place.path().join("bounded.toml"), bounded).unwrap();
    assert_eq!(visits("bounded.toml", "bounded"), [0.3]);
}

#[test]
fn the_best_candidate_is_that_of_a_comparison() {
    // An arm of a comparison departs from the base's city at rest and shares its random numbers, and so does a mix.
    let place = place();
    fine(place.shequ(&["search", "ladder.toml", "--out", "search", "-q"]));
    let compared = "kind = \"compare\"\nname = \"Compared\"\nscenario = \"tiny.toml\"\nreplicates = 6\n\
        outcomes = [\"participation\"]\n[[arm]]\nname = \"Visits\"\nset = { outreach.home_visits = 0.9 }\n";
    place.write("compared.toml", compared);
    fine(place.shequ(&["compare", "compared.toml", "--out", "compare", "-q"]));
    let of_search: Vec<String> = {
        let folder = place.results("search");
        let best = rows(&folder, "mixes.csv")[1]["design_row"].clone();
        let own = rows(&folder, "runs.csv").into_iter().filter(|run| run["design_row"] == best);
        own.map(|run| run["participation"].clone()).collect()
    };
    let of_arm: Vec<String> = rows(&place.results("compare"), "runs.csv")
        .into_iter()
        .filter(|run| run["arm"] == "Visits")
        .map(|run| run["participation"].clone())
        .collect();
    assert_eq!(of_search, of_arm);
}

#[test]
fn under_a_table_of_theories_a_mix_is_the_mean_of_comparisons_under_each() {
    let place = place();
    place.write("theories.csv", "draw,weight,theory.participation\n0,1,calculus\n1,1,threshold\n");
    let under = ["--posterior", "theories.csv"];
    fine(place.shequ(&[&["search", "ladder.toml", "--out", "search", "-q"][..], &under].concat()));
    let compared = "kind = \"compare\"\nname = \"Compared\"\nscenario = \"tiny.toml\"\nreplicates = 6\n\
        outcomes = [\"participation\"]\n[[arm]]\nname = \"Visits\"\nset = { outreach.home_visits = 0.9 }\n";
    place.write("compared.toml", compared);
    let compare = ["compare", "compared.toml", "--out", "compare", "-q"];
    fine(place.shequ(&[&compare[..], &under].concat()));
    let folder = place.results("search");
    assert!(folder.join("posterior.csv").is_file());
    let best = rows(&folder, "mixes.csv")[1]["design_row"].clone();
    let runs = |out: &str, column: &str, value: &str| -> Vec<String> {
        let own = rows(&place.results(out), "runs.csv").into_iter().filter(|run| run[column] == value);
        own.map(|run| run["participation"].clone()).collect()
    };
    // A pair of the search and two fresh ones; the comparison has three pairs.
    let of_search = runs("search", "design_row", &best);
    assert_eq!(of_search.len(), 6);
    assert_eq!(of_search, runs("compare", "arm", "Visits"));
    fine(place.shequ(&["reproduce", folder.to_str().unwrap(), "-q"]));
}

#[test]
fn shards_take_turns_generation_by_generation_and_end_in_the_same_bytes() {
    let place = place();
    fine(place.shequ(&["search", "ladder.toml", "--out", "calm", "-q"]));
    let expected = files(&place.results("calm"));
    let shard = |shard: &str| {
        text(&fine(place.shequ(&["search", "ladder.toml", "--shard", shard, "--out", "shards"])).stderr)
    };
    let mut turns = Vec::new();
    for turn in 0..12 {
        turns.push(shard(["2/2", "1/2"][turn % 2]));
        if turns.iter().rev().take(2).all(|told| !told.contains("waits for the other shards")) {
            break;
        }
    }
    assert!(turns[0].contains("generation 1 waits for the other shards"), "{}", turns[0]);
    let folder = entries(&place.path().join("shards")).remove(0);
    fine(place.shequ(&["merge", folder.to_str().unwrap(), "--out", "shards", "-q"]));
    clear(&place.path().join("shards"));
    assert_same(&place, "shards", &expected, "shards");
}

#[cfg(unix)]
#[test]
#[allow(clippy::disallowed_methods)] // A clock that spreads the moments; nothing is asserted of it.
fn a_search_that_is_killed_goes_on_to_the_same_bytes() {
    let place = place();
    let begin = Instant::now();
    fine(place.shequ(&["search", "search.toml", "--out", "calm", "-q"]));
    let (expected, whole) = (files(&place.results("calm")), begin.elapsed());
    let out = place.path().join("killed");
    for kill in 1..=5 {
        let after = whole.mul_f64(0.12 * f64::from(kill)).max(Duration::from_millis(5));
        killed(&place, &["search", "search.toml", "--out", "killed", "-q"], after);
        if finished_in(&out) {
            break;
        }
    }
    fine(place.shequ(&["search", "search.toml", "--out", "killed", "-q", "--threads", "1"]));
    clear(&out);
    assert_same(&place, "killed", &expected, "killed");
}
