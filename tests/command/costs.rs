//! What policies cost, as `shequ compare` and `shequ contest` tell it.

use crate::folders::rows;
use crate::place::text;
use crate::program;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;

use tempfile::TempDir;

/// A small city. Communities are of one size, so that sums by head are exact.
const BASE: &str = "name = \"Base\"\nname_zh = \"基准\"\nmonths = 14\nreplicates = 6\nburn_in = 0\n\
    [population]\ncommunities = 2\nadults = 100\nsize_spread = 0.0\nhouseholds_per_compound = 20\n\
    [staff]\ncount = 1\n[report]\ngroups_every = 0\n";
/// Public spaces for 24 yuan a head.
const SPACES: &str = "extends = \"base.toml\"\nname = \"Spaces\"\nname_zh = \"公共空间\"\n\
    [spaces]\ninvestment = 24.0\n";
/// The same, and surveys, which do nothing for anybody.
const WASTEFUL: &str = "extends = \"spaces.toml\"\nname = \"Wasteful\"\nname_zh = \"浪费\"\n\
    [survey]\nsample = 40\nevery = 1\n";
/// Without the committee's events.
const QUIET: &str = "extends = \"base.toml\"\nname = \"Quiet\"\nname_zh = \"安静\"\n\
    [opportunities]\nevents_per_month = 0.0\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("base", BASE), ("spaces", SPACES), ("wasteful", WASTEFUL), ("quiet", QUIET)] {
        fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    folder
}

fn shequ(folder: &TempDir, arguments: &[&str]) -> Output {
    let output = program::shequ().current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

fn results(folder: &TempDir, output: &Output) -> PathBuf {
    folder.path().join(text(&output.stdout).lines().last().unwrap())
}

type Row = BTreeMap<String, String>;

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

fn row<'a>(rows: &'a [Row], arm: &str, metric: &str) -> &'a Row {
    let is_it = |row: &&Row| row["arm"] == arm && row["metric"] == metric;
    rows.iter().find(is_it).unwrap_or_else(|| panic!("{arm}, {metric}"))
}

#[test]
fn a_comparison_tells_costs_by_community_and_year_and_what_they_are_for() {
    let folder = folder();
    let files = ["base.toml", "spaces.toml", "wasteful.toml", "quiet.toml"];
    let asked = ["--window", "2018-01..2018-02", "--outcome", "participation"];
    let output = shequ(&folder, &[&["compare"], &files[..], &asked].concat());
    let costs = rows(&results(&folder, &output), "costs.csv");
    // 24 yuan for each of 100 adults, whatever the number of communities and of months.
    let spaces = row(&costs, "Spaces", "cost.for.spaces");
    assert_eq!([number(spaces, "value"), number(spaces, "base_mean")], [2_400.0, 0.0]);
    assert_eq!([&spaces["ci95_low"], &spaces["ci95_high"]], ["2400.0"; 2]);
    assert_eq!([&spaces["unit"], &spaces["verdict"]], ["yuan per community and year", "costs more"]);
    let total = row(&costs, "Spaces", "cost.total");
    let payers = costs.iter().filter(|row| row["arm"] == "Spaces" && row["metric"].starts_with("cost.by."));
    let paid: f64 = payers.map(|row| number(row, "value")).sum();
    let instruments = costs.iter().filter(|r| r["arm"] == "Spaces" && r["metric"].starts_with("cost.for."));
    let spent: f64 = instruments.map(|row| number(row, "value")).sum();
    assert!((paid - number(total, "value")).abs() < 1e-6 && (spent - paid).abs() < 1e-6, "{paid} {spent}");
    // Who holds no events saves them.
    let quiet = row(&costs, "Quiet", "cost.for.opportunities");
    assert!(number(quiet, "value") < 0.0 && quiet["verdict"] == "saves", "{quiet:?}");
    // What does the same for more money is dominated, by the base where even spaces change nothing.
    let wasteful = row(&costs, "Wasteful", "cost.total / cost.active_residents");
    assert!(["Base", "Spaces"].contains(&wasteful["dominated_by"].as_str()), "{wasteful:?}");
    let shown = text(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "What Spaces costs",
        "Cost: 2400 yuan per community and year more than \"Base\"",
        "\" dominates it",
        "saves",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    // No outcome but the one asked for, and nothing of costs among the effects.
    let effects = rows(&results(&folder, &output), "effects.csv");
    assert!(effects.iter().all(|row| row["metric"] == "participation"));
    let page = fs::read_to_string(results(&folder, &output).join("report.html")).unwrap();
    assert!(page.contains("data-table=\"costs\""));
    let output = shequ(&folder, &[&["compare", "--lang", "zh", "--out", "zh"], &files[..], &asked].concat());
    assert!(text(&output.stdout).contains("每个社区每年"), "{}", text(&output.stdout));
}

#[test]
fn a_ratio_in_the_table_is_that_of_its_runs() {
    let folder = folder();
    let asked = ["--outcome", "cost.total", "--outcome", "cost.active_residents", "--window", "whole"];
    let output = shequ(&folder, &[&["compare", "base.toml", "quiet.toml"], &asked[..]].concat());
    let results = results(&folder, &output);
    let runs = rows(&results, "runs.csv");
    let of = |arm: &str, outcome: &str| -> Vec<f64> {
        runs.iter().filter(|run| run["arm"] == arm).map(|run| number(run, outcome)).collect()
    };
    let mean = |outcome: &str| {
        let (base, arm) = (of("Base", outcome), of("Quiet", outcome));
        arm.iter().zip(&base).map(|(a, b)| a - b).sum::<f64>() / base.len() as f64
    };
    let [yuan, residents] = ["cost.total", "cost.active_residents"].map(mean);
    let ratio = row(&rows(&results, "costs.csv"), "Quiet", "cost.total / cost.active_residents").clone();
    assert!((number(&ratio, "value") / (12.0 * yuan / residents) - 1.0).abs() < 1e-9, "{ratio:?}");
    assert!(yuan < 0.0, "events cost money");
}

#[test]
fn a_contest_has_the_costs_of_every_theory_and_rule() {
    let folder = folder();
    let small = ["--set", "months=3", "--replicates", "2", "--window", "whole", "-q"];
    let output = shequ(&folder, &[&["contest", "base.toml", "spaces.toml"], &small[..]].concat());
    let costs = rows(&results(&folder, &output), "costs.csv");
    let spaces: Vec<_> = costs.iter().filter(|row| row["metric"] == "cost.for.spaces").collect();
    assert_eq!(spaces.len(), 18);
    assert!(spaces.iter().all(|row| number(row, "value") > 0.0 && !row["theory"].is_empty()));
}

/// Two arms of which each spends 1,800 yuan per community and year, and one key too many.
const EQUAL: &str = "kind = \"compare\"\nname = \"Equal money\"\nscenario = \"base.toml\"\nwindow = \"whole\"\n\
    outcomes = [\"participation\"]\nbudget = 1800\n\
    [[arm]]\nname = \"Spaces\"\nsolve = \"spaces.investment\"\n\
    [[arm]]\nname = \"Rewards\"\nset = { \"incentive.reward\" = 1.0 }\nsolve = \"services.third_party\"\n";

#[test]
fn arms_whose_key_is_solved_cost_the_budget() {
    let folder = folder();
    fs::write(folder.path().join("equal.toml"), EQUAL).unwrap();
    let output = shequ(&folder, &["compare", "equal.toml"]);
    let said = text(&output.stderr);
    assert!(said.contains("`spaces.investment` = ") && said.contains("the budget is 1800"), "{said}");
    let costs = rows(&results(&folder, &output), "costs.csv");
    for arm in ["Spaces", "Rewards"] {
        let total = row(&costs, arm, "cost.total");
        // Solved by four of the six replicates.
        assert!((number(total, "value") / 1_800.0 - 1.0).abs() < 0.1, "{total:?}");
    }
    // The folder holds the values, so that whoever goes on from it need not solve them again.
    let arm = fs::read_to_string(results(&folder, &output).join("arm-1.toml")).unwrap();
    assert!(arm.contains("investment = "), "{arm}");
}

#[test]
fn a_budget_that_cannot_be_met_or_has_no_key_is_told() {
    let folder = folder();
    let set = "set = { \"spaces.investment\" = 1.0 }";
    let unasked = EQUAL.replace("solve = \"spaces.investment\"", set);
    let unasked = unasked.replace("solve = \"services.third_party\"\n", "");
    let wrong = [
        (EQUAL.replace("budget = 1800", "budget = -1000000000"), "no value of `spaces.investment`"),
        (EQUAL.replace("budget = 1800\n", ""), "there is no budget"),
        (EQUAL.replace("spaces.investment", "spaces.investmnt"), "no key is called `spaces.investmnt`"),
        (unasked, "no arm says what to solve"),
    ];
    for (file, words) in wrong {
        fs::write(folder.path().join("equal.toml"), file).unwrap();
        let output = program::shequ().current_dir(&folder).args(["compare", "equal.toml"]).output().unwrap();
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(words), "{words}: {said}");
    }
}
