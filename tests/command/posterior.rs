//! `--posterior` as people type it: one draw for each pair of replicates, and what is concluded from that.

use crate::folders::rows;
use crate::place::text;
use crate::program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use shequ::experiment::file::Experiment;
use shequ::experiment::study::Study;
use tempfile::TempDir;

/// A small city under the defaults, and two policies.
const BASE: &str = "name = \"Base\"\nmonths = 12\nreplicates = 8\nburn_in = 0\n\
    [population]\ncommunities = 2\nadults = 100\nhouseholds_per_compound = 20\nhouseholds_per_group = 10\n\
    [staff]\ncount = 2\n";
const VISITS: &str =
    "extends = \"base.toml\"\nname = \"Visits\"\n[outreach]\nhome_visits = 0.5\nwechat_group = 0.9\n";
const DUTY: &str = "extends = \"base.toml\"\nname = \"Duty\"\n[theory.calculus]\nduty = 1.5\n";
/// Five draws, of which one weighs nothing.
const DRAWS: &str = "draw,weight,theory.calculus.duty,residents.habit_gain\n\
    0,1,0.2,0.1\n1,1,1.9,0.4\n2,0,1,0.2\n3,1,0.6,0.3\n4,1,1.4,0.2\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [("base.toml", BASE), ("visits.toml", VISITS), ("duty.toml", DUTY), ("draws.csv", DRAWS)];
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    folder
}

fn shequ(folder: &TempDir, arguments: &[&str]) -> Output {
    program::shequ().current_dir(folder).args(arguments).output().unwrap()
}

/// The results folder that a command names on its last line.
fn results(folder: &TempDir, arguments: &[&str]) -> PathBuf {
    let output = shequ(folder, arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    folder.path().join(text(&output.stdout).lines().last().unwrap())
}

/// The tables, by name.
fn tables(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let csv = entries.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    let named = |path: PathBuf| {
        (path.file_stem().unwrap().to_str().unwrap().into(), fs::read_to_string(&path).unwrap())
    };
    csv.map(named).collect()
}

const COMPARE: [&str; 8] =
    ["compare", "base.toml", "visits.toml", "--posterior", "draws.csv", "-q", "--outcome", "participation"];

#[test]
fn a_single_draw_that_holds_the_defaults_changes_no_table_and_adds_its_own() {
    let folder = folder();
    fs::write(folder.path().join("one.csv"), "draw,weight,theory.calculus.duty\n0,0.5,1.0\n").unwrap();
    let plain = tables(&results(&folder, &["compare", "base.toml", "visits.toml", "-q"]));
    let with = results(&folder, &["compare", "base.toml", "visits.toml", "-q", "--posterior", "one.csv"]);
    let mut with = tables(&with);
    for added in ["ranking", "uncertainty", "posterior"] {
        assert!(with.remove(added).is_some() && !plain.contains_key(added), "{added}");
    }
    // Runs name their draw, after what went wrong.
    let runs = with.get_mut("runs").unwrap();
    *runs = runs.replace("message,draw,", "message,").replace(",done,,0,", ",done,,");
    assert_eq!(with, plain);
}

#[test]
fn pairs_of_replicates_share_a_draw_whatever_the_threads_shards_and_number() {
    let folder = folder();
    let all = results(&folder, &COMPARE);
    let draws = |folder: &Path| -> Vec<(String, String, String)> {
        let of = |row: BTreeMap<String, String>| {
            (row["arm"].clone(), row["replicate"].clone(), row["draw"].clone())
        };
        rows(folder, "runs.csv").into_iter().map(of).collect()
    };
    // Four pairs, four draws that weigh the same: each once, in base and policy alike.
    let of_base: Vec<String> = draws(&all)[..8].iter().map(|(_, _, draw)| draw.clone()).collect();
    let mut each: Vec<&String> = of_base.iter().step_by(2).collect();
    each.sort();
    assert_eq!(each, ["0", "1", "3", "4"]);
    assert!(of_base.chunks(2).all(|pair| pair[0] == pair[1]));
    assert!(draws(&all)[8..].iter().zip(&of_base).all(|((_, _, draw), base)| draw == base));
    let expected = tables(&all);
    let threads = results(&folder, &[&COMPARE[..], &["--threads", "1", "--out", "alone"]].concat());
    assert_eq!(tables(&threads), expected);
    let partial = ["1/2", "2/2"]
        .map(|shard| results(&folder, &[&COMPARE[..], &["--shard", shard, "--out", "shards"]].concat()));
    let merged = results(&folder, &["merge", partial[0].to_str().unwrap(), "-q"]);
    assert_eq!(tables(&merged), expected);
    // Fewer replicates are the first of more.
    let fewer = results(&folder, &[&COMPARE[..], &["--replicates", "4"]].concat());
    let first = rows(&all, "runs.csv").into_iter().filter(|row| row["replicate"].parse::<u32>().unwrap() < 4);
    assert_eq!(rows(&fewer, "runs.csv"), first.collect::<Vec<_>>());
}

#[test]
fn the_name_of_results_follows_from_what_the_posterior_says_and_not_from_its_file() {
    let folder = folder();
    let first = results(&folder, &COMPARE);
    let rows: Vec<&str> = DRAWS.lines().collect();
    let again = [rows[0], rows[3], rows[5], rows[1], rows[2], rows[4]].join("\r\n");
    fs::write(folder.path().join("again.csv"), format!("\u{feff}{again}\r\n")).unwrap();
    fs::write(folder.path().join("other.csv"), DRAWS.replace("0.6", "0.61")).unwrap();
    let by = |file: &str| {
        let named = COMPARE.map(|word| if word == "draws.csv" { file } else { word });
        results(&folder, &named)
    };
    assert_eq!(by("again.csv"), first);
    assert_ne!(by("other.csv"), first);
    let output = shequ(&folder, &["reproduce", first.to_str().unwrap()]);
    let told = text(&output.stdout);
    assert!(output.status.success() && told.contains("ranking.csv") && !told.contains("different"), "{told}");
}

#[test]
fn a_replicate_can_be_seen_again_under_its_draw() {
    let folder = folder();
    let compared = results(&folder, &[&COMPARE[..], &["--window", "whole"]].concat());
    let experiment = Experiment::load(&compared.join("experiment.toml"), None, &Default::default()).unwrap();
    let command = Study::new(&experiment).rows[1].of_replicate(5).command(5);
    assert!(command.contains("--set theory.calculus.duty="), "{command}");
    let arguments: Vec<&str> = command.split(' ').skip(1).chain(["--out", "seen", "-q"]).collect();
    let output = program::shequ().current_dir(&compared).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let months = rows(&compared.join(text(&output.stdout).trim()), "monthly.csv");
    let mean = months.iter().map(|row| row["participation"].parse::<f64>().unwrap()).sum::<f64>() / 12.0;
    let runs = rows(&compared, "runs.csv");
    let run = runs.iter().find(|row| row["arm"] == "Visits" && row["replicate"] == "5").unwrap();
    assert!((mean - run["participation"].parse::<f64>().unwrap()).abs() < 1e-12);
}

#[test]
fn base_and_arms_are_ranked_and_the_variance_of_effects_is_split() {
    let folder = folder();
    let output =
        shequ(&folder, &["compare", "base.toml", "visits.toml", "duty.toml", "--posterior", "draws.csv"]);
    let (told, warned) = (text(&output.stdout), text(&output.stderr));
    assert!(
        told.contains("Ranking, with the uncertainty of parameters") && told.contains("P(best)"),
        "{told}"
    );
    assert!(warned.contains("`theory.calculus.duty` is set by \"Duty\""), "{warned}");
    let found = folder.path().join(told.lines().last().unwrap());
    let ranking = rows(&found, "ranking.csv");
    let arms: Vec<&str> = ranking.iter().map(|row| row["arm"].as_str()).collect();
    assert_eq!(arms, ["Base", "Visits", "Duty"]);
    let sum: f64 = ranking.iter().map(|row| row["p_best"].parse::<f64>().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9 && ranking[0]["p_better"].is_empty() && ranking[0]["n"] == "4");
    // What was called better is no longer so if less is.
    let lower = results(
        &folder,
        &[
            "compare",
            "base.toml",
            "visits.toml",
            "duty.toml",
            "--posterior",
            "draws.csv",
            "--lower",
            "participation",
            "-q",
        ],
    );
    assert_ne!(lower, found);
    let p = |row: &BTreeMap<String, String>| row["p_better"].parse::<f64>().unwrap();
    for (more, less) in ranking.iter().zip(rows(&lower, "ranking.csv")).skip(1) {
        assert!((p(more) + p(&less) - 1.0).abs() < 1e-9);
    }
    let splits = rows(&found, "uncertainty.csv");
    let own: Vec<_> =
        splits.iter().filter(|row| row["arm"] == "Visits" && row["metric"] == "participation").collect();
    assert_eq!(own.iter().map(|row| row["source"].as_str()).collect::<Vec<_>>(), ["parameters", "chance"]);
    let effects = rows(&found, "effects.csv");
    let effect =
        effects.iter().find(|row| row["arm"] == "Visits" && row["metric"] == "participation").unwrap();
    assert_eq!(effect["n"], "4");
    let page = fs::read_to_string(found.join("report.html")).unwrap();
    assert!(page.contains("Ranking under uncertainty") && page.contains("不确定之下的排序"));
}

#[test]
fn a_contest_has_theory_rule_parameters_and_chance_apart() {
    let folder = folder();
    let arguments = [
        "contest",
        "base.toml",
        "visits.toml",
        "--posterior",
        "draws.csv",
        "--replicates",
        "6",
        "--outcome",
        "participation",
        "--set",
        "months=12",
        "-q",
    ];
    let found = results(&folder, &arguments);
    let splits = rows(&found, "uncertainty.csv");
    let sources: Vec<&str> = splits.iter().map(|row| row["source"].as_str()).collect();
    assert_eq!(sources, ["theory", "trust", "theory:trust", "parameters", "chance"]);
    // The same split as in the table that contests have.
    let variance = rows(&found, "variance.csv");
    let chance = |row: &&BTreeMap<String, String>| row["of"] == "effect" && row["source"] == "chance";
    assert_eq!(variance.iter().find(chance).unwrap()["variance"], splits[4]["variance"]);
    assert_eq!(rows(&found, "ranking.csv").len(), 2);
}

#[test]
fn points_of_a_sweep_are_means_over_draws() {
    let folder = folder();
    let file = "kind = \"sweep\"\nname = \"Swept\"\nscenario = \"base.toml\"\nposterior = \"draws.csv\"\n\
        [design]\nmethod = \"list\"\n[vary]\n\"outreach.home_visits\" = [0.0, 0.5]\n";
    fs::write(folder.path().join("swept.toml"), file).unwrap();
    let found = results(&folder, &["sweep", "swept.toml", "-q"]);
    let (points, runs) = (rows(&found, "points.csv"), rows(&found, "runs.csv"));
    assert_eq!(
        (points[0]["n"].as_str(), points[0]["method"].as_str()),
        ("4", "Student's t over draws of the posterior")
    );
    let value = |row: &BTreeMap<String, String>| row["participation"].parse::<f64>().unwrap();
    let mean = runs[..8].iter().map(value).sum::<f64>() / 8.0;
    assert!((points[0]["mean"].parse::<f64>().unwrap() - mean).abs() < 1e-12);
    // The command line names a posterior too, and has the last word.
    fs::write(folder.path().join("other.csv"), DRAWS.replace("1.9", "1.8")).unwrap();
    assert_ne!(results(&folder, &["sweep", "swept.toml", "-q", "--posterior", "other.csv"]), found);
}

#[test]
fn a_draw_that_contradicts_the_scenario_fails_its_runs_with_the_reason() {
    let folder = folder();
    let draws = "draw,weight,funding.decider\n0,1,street\n1,1,council\n";
    fs::write(folder.path().join("decider.csv"), draws).unwrap();
    let output = shequ(
        &folder,
        &["compare", "base.toml", "visits.toml", "--posterior", "decider.csv", "--replicates", "4", "-q"],
    );
    assert_eq!(output.status.code(), Some(1));
    let found = folder.path().join(text(&output.stdout).lines().last().unwrap());
    let runs = rows(&found, "runs.csv");
    let failed: Vec<_> = runs.iter().filter(|row| row["status"] == "failed").collect();
    assert!(failed.len() == 4 && failed.iter().all(|row| row["draw"] == "1"));
    assert!(
        failed[0]["message"].contains("--set funding.decider=council --replicate"),
        "{}",
        failed[0]["message"]
    );
}

#[test]
fn what_a_posterior_cannot_be_used_for_is_said_before_anything_is_run() {
    let folder = folder();
    let sensitivity = "kind = \"sensitivity\"\nname = \"S\"\nscenario = \"base.toml\"\nposterior = \"draws.csv\"\n\
        [design]\nmethod = \"morris\"\n[vary]\n\"outreach.home_visits\" = { low = 0, high = 1 }\n";
    fs::write(folder.path().join("s.toml"), sensitivity).unwrap();
    let missing = sensitivity
        .replace("sensitivity", "sweep")
        .replace("morris", "grid")
        .replace("draws.csv", "none.csv");
    fs::write(folder.path().join("missing.toml"), missing).unwrap();
    fs::write(folder.path().join("bad.csv"), "draw,weight,theory.calculus.dutty\n0,-1,1\n").unwrap();
    let refused = |arguments: &[&str], said: &[&str]| {
        let output = shequ(&folder, arguments);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        said.iter().for_each(|said| assert!(told.contains(said), "{said}: {told}"));
    };
    refused(&["sensitivity", "s.toml"], &["`posterior` is not used in this kind of experiment", "s.toml:4"]);
    refused(&["sweep", "missing.toml"], &["none.csv", "missing.toml:4"]);
    let compare = ["compare", "base.toml", "visits.toml"];
    let with = |more: &[&'static str]| [&compare[..], more].concat();
    refused(&with(&["--lower", "participation"]), &["only where a posterior ranks"]);
    refused(
        &with(&["--posterior", "draws.csv", "--outcome", "participation", "--lower", "awareness"]),
        &["`lower` names `awareness`, which is not among the outcomes"],
    );
    refused(
        &with(&["--posterior", "bad.csv"]),
        &["bad.csv:1:13", "did you mean `theory.calculus.duty`?", "bad.csv:2:3"],
    );
    refused(&with(&["--posterior", "bad.csv", "--lang", "zh"]), &["不是权重", "大于等于 0 的数"]);
    assert!(!folder.path().join("results").exists());
}
