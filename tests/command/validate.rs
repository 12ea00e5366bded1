//! `shequ validate` as people type it: cases hold, and a wrong parameter is found out.

use crate::place::text;
use crate::program;

use std::fs;
use std::path::Path;
use std::process::Output;

use shequ::experiment::validate::{Case, bundled};
use shequ::model::base::params::Kind;
use shequ::model::scenario::bundled::FILES;
use shequ::model::scenario::sections;
use shequ::model::{theory, trust};

fn validate(arguments: &[&str]) -> Output {
    program::shequ().arg("validate").args(arguments).output().unwrap()
}

/// Cases that take no more than a second or two, each with a key that spoils it. The others (O3, O4, O6,
/// O22 and X1) are run by `.ci/run`, which runs all.
const SPOILED: &[(&str, &str)] = &[
    ("O1", "theory.threshold.exit=0.1"),
    ("O2", "theory.threshold.spontaneous=0.5"),
    ("O5", "population.given.trust=[0.5, 0.0, 0.5]"),
    ("O7", "theory.conditional_cooperation.slope=0.9"),
    ("O8a", "theory.beta.prior=8.0"),
    ("O8b", "theory.asymmetric.loss=0.1"),
    ("O9", "council.rule=majority"),
    ("O10", "outreach.notice_board_reach=0.005"),
    ("O11a", "theory.threshold.spontaneous=0.4"),
    ("O11b", "theory.threshold.exit=0.2"),
    ("O11c", "residents.move_owner=0.05"),
    ("O12", "ladder.moving=0.1"),
    ("O12b", "ladder.continuing_bias=0.5"),
    ("O13", "theory.threshold.spread=0.11"),
    ("O14", "theory.civic_voluntarism.networks=3.5"),
    ("O15", "theory.aspiration_learning.step=0.2"),
    ("O16", "theory.planned_behaviour.norm=0.7"),
    ("O17", "funding.blindness=0.55"),
    ("O18", "council.seats=19"),
    ("O19", "council.susceptibility=0.0"),
    ("O20", "population.households_per_group=9"),
    ("O21", "population.household_sizes=poisson"),
    ("O23", "theory.social.confidence=0.3"),
    ("O24", "election.same_compound=0.3"),
    ("O25", "population.households_per_group=36"),
];

#[test]
fn cases_hold_and_a_wrong_parameter_makes_each_of_them_fail() {
    let cases: Vec<&str> = SPOILED.iter().map(|&(id, _)| id).collect();
    let output = validate(&cases);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!text(&output.stdout).contains("outside"));
    for (id, wrong) in SPOILED {
        let output = validate(&[id, "--set", wrong]);
        assert_eq!(output.status.code(), Some(1), "{id} with {wrong}\n{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("outside tolerance"), "{id} with {wrong}");
    }
}

#[test]
fn all_twelve_published_results_are_bundled_with_source_and_reason() {
    let mut ids = Vec::new();
    for name in bundled::names() {
        let case = Case::load(bundled::path(name).as_ref(), &[]).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert!(!case.source.is_empty() && !case.title_zh.is_empty(), "{name}");
        assert!(case.checks.iter().all(|c| !c.because.is_empty() && c.tolerance > 0.0), "{name}");
        ids.push(case.id);
    }
    for number in 1..=12 {
        let own = |id: &String| id.trim_end_matches(char::is_alphabetic) == format!("O{number}");
        assert!(ids.iter().any(own), "O{number} is not among {ids:?}");
    }
    let listed = text(&validate(&["--list"]).stdout);
    assert_eq!(listed.lines().count(), ids.len());
}

#[test]
fn every_theory_and_trust_rule_and_every_way_to_decide_has_a_case() {
    let bundled = |name: &str| {
        let of_name = |(path, _): &&(&str, &str)| *path == format!("benchmarks/{name}.toml");
        FILES.iter().find(of_name).unwrap().1
    };
    let cases: Vec<&str> = bundled::names().map(bundled).collect();
    let said = |words: &[String]| cases.iter().any(|case| words.iter().any(|word| case.contains(word)));
    let theories = theory::all().iter().map(|entry| entry.path);
    let tables = theories.chain(trust::all().iter().map(|entry| entry.path));
    let missing: Vec<&str> =
        tables.filter(|table| !said(&[format!("[scenario.{table}]"), format!("\"{table}.")])).collect();
    assert!(missing.is_empty(), "no case gives their parameters: {missing:?}");
    let bodies = ["assembly", "council", "election", "funding", "registration"];
    let missing = bodies.iter().find(|body| !said(&[format!("[scenario.{body}]"), format!("\"{body}.")]));
    assert_eq!(missing, None, "no case gives its settings");
    for key in [
        "funding.decider",
        "council.rule",
        "council.body",
        "council.selection",
        "election.form",
        "registration.rule",
    ] {
        let (_, name) = key.split_once('.').unwrap();
        let keys = sections();
        let words = keys.iter().find(|s| key.starts_with(s.path) && !s.path.is_empty()).unwrap();
        let Kind::Choice(words) = &words.keys.iter().find(|k| k.name == name).unwrap().kind else { panic!() };
        for word in words.iter().map(|word| word.name) {
            let forms = [format!("\n{name} = \"{word}\""), format!("\"{key}\" = \"{word}\"")];
            assert!(said(&forms), "no case has {key} = {word}");
        }
    }
}

#[test]
fn a_check_that_names_nothing_is_said_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let case = |check: &str| {
        format!(
            "id = \"M\"\ntitle = \"M\"\nsource = \"by hand\"\n[scenario]\n\
             extends = \"shequ:benchmarks/neutral.toml\"\nmonths = 1\npopulation.adults = 10\n\
             [[check]]\nname = \"n\"\n{check}\nexpected = 0.0\ntolerance = 1.0\nbecause = \"any\"\n"
        )
    };
    for (check, what) in [
        ("metric = \"particpation\"", "there is no metric particpation"),
        ("metric = \"participation\"\ngroup = \"gender\"\nlevel = \"male\"", "there is no group gender"),
        ("metric = \"participation\"\ngroup = \"sex\"\nlevel = \"men\"", "there is no level men"),
        ("metric = \"fund.spent\"\ngroup = \"sex\"\nlevel = \"male\"", "nothing that each resident has"),
        ("metric = \"projects\"\nclusters = { gap = 0.1 }", "nothing that each resident has"),
    ] {
        fs::write(&file, case(check)).unwrap();
        let output = validate(&[file.to_str().unwrap()]);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(what), "{check}: {said}");
        assert!(said.contains("mine.toml:"), "{said}");
    }
}

#[test]
fn the_case_that_the_documents_show_is_a_case_and_holds() {
    let page = fs::read_to_string("docs/validation.md").unwrap();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    fs::write(&file, example).unwrap();
    let output = validate(&[file.to_str().unwrap()]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("all take part in the end"));
}

#[test]
fn targets_are_judged_by_the_figures_of_a_run_and_say_what_is_wrong_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("targets.csv");
    let small =
        ["months=12", "burn_in=0", "replicates=2", "population.communities=2", "population.adults=60"];
    let judge = |table: &str, more: &[&str]| {
        fs::write(&file, table).unwrap();
        let set = small.iter().flat_map(|setting| ["--set", setting]);
        let arguments: Vec<&str> = ["--targets", file.to_str().unwrap()].into_iter().chain(set).collect();
        validate(&[&arguments[..], more].concat())
    };

    // A month in which nobody may vote has no turnout; shares lie between 0 and 1, and a run less itself is 0.
    let table = "id,metric,value,from,to,set,against,use\n\
        A,participation,0 to 1,,,,,fit\n\
        B,participation,>= 1.5,,,,,hold_out\n\
        C,turnout.cast,0 to 1,1,2,,,fit\n\
        D,awareness,0,,,survey.sample=5,nothing,fit\n\
        E,trend of awareness,-9 to -5,,,,,show\n";
    let output = judge(table, &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    let verdict = |id: &str| {
        let line =
            page.lines().find(|line| line.trim_start().starts_with(id)).unwrap_or_else(|| panic!("{page}"));
        line.trim_end().rsplit("  ").next().unwrap().trim().to_string()
    };
    let verdicts = ["A ", "B ", "C ", "D ", "E "].map(verdict);
    assert_eq!(verdicts, ["met", "MISSED", "no value", "met", "MISSED"], "{page}");
    assert!(page.contains("2 of 3 to fit are met, 0 of 1 held back"), "{page}");

    // By their labels, not by their keys.
    assert!(page.contains("awareness, change a year") && !page.contains("turnout.cast"), "{page}");
    let chinese = text(&judge(table, &["--lang", "zh"]).stdout);
    assert!(chinese.contains("参与率") && !chinese.contains("participation"), "{chinese}");

    let every =
        text(&judge("id,metric,value\nA,participation,0 to 1\n", &["--every-theory", "--quiet"]).stdout);
    assert_eq!(every.matches("✓").count(), 6 * 3, "{every}");

    weights_of_what_was_held_back(folder.path(), &judge);

    let wrong = judge("id,metric,value\nA,particpation,0.1\n", &[]);
    assert_eq!(wrong.status.code(), Some(2));
    let told = text(&wrong.stderr);
    assert!(told.contains("targets.csv:2:3") && told.contains("did you mean `participation`?"), "{told}");
    let two = judge("id,metric,value\nA,trend of participation / awareness,0.1\n", &[]);
    assert!(text(&two.stderr).contains("targets.csv:2:3"), "{}", text(&two.stderr));
    let keys = judge(
        "id,metric,value,set\nA,participation,0.1,funding.bas=1\nB,participation,0.1,funding.base=-1\n",
        &[],
    );
    let told = text(&keys.stderr);
    assert!(told.contains("target A:") && told.contains("target B:"), "{told}");
}

/// The weights that are printed and written by `judge`, which judges by a table with more arguments.
fn weights_of_what_was_held_back(folder: &Path, judge: &dyn Fn(&str, &[&str]) -> Output) {
    let file = folder.join("weights.csv");
    let more = ["--every-theory", "--quiet", "--weights", file.to_str().unwrap()];
    let held = "id,metric,value,standard_error,use\nA,participation,0.1,0.1,hold_out\n";
    let output = judge(held, &more);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    assert!(page.contains("weights by stacking, from 1 targets held back, of 1 families"), "{page}");
    let written = fs::read_to_string(&file).unwrap();
    let rows: Vec<Vec<&str>> = written.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((&rows[0][..], rows.len()), (&["theory", "trust", "weight", "log_score"][..], 1 + 6 * 3));
    let number = |row: &Vec<&str>, column: usize| row[column].parse::<f64>().unwrap();
    let sum: f64 = rows[1..].iter().map(|row| number(row, 2)).sum();
    // Each weight is rounded to six digits.
    assert!((sum - 1.0).abs() < 1e-5, "{written}");
    // On one target, no combination weighs more than the one that predicts it best.
    let most = |column: usize| {
        rows[1..].iter().max_by(|a, b| number(a, column).total_cmp(&number(b, column))).unwrap()
    };
    assert_eq!(number(most(2), 3), number(most(3), 3), "{written}");

    let again = judge(held, &more);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("weights.csv exists already"), "{}", text(&again.stderr));
    fs::remove_file(&file).unwrap();
    let none = judge("id,metric,value\nA,participation,0.1\n", &more);
    assert_eq!((none.status.code(), file.exists()), (Some(2), false));
    assert!(text(&none.stderr).contains("no target is held back"), "{}", text(&none.stderr));
}

#[test]
fn the_table_of_targets_that_is_part_of_the_program_can_be_read() {
    let targets = shequ::experiment::targets::table::load("shequ:targets.csv".as_ref()).unwrap();
    // Judges take no part in fitting, and both kinds are there for turnout, which the model is about.
    use shequ::experiment::targets::Use;
    let turnout = |used| targets.iter().filter(|t| t.family == "turnout" && t.used == used).count();
    assert!(turnout(Use::Fit) > 0 && turnout(Use::HoldOut) > 0);
    assert!(targets.iter().all(|t| !t.source.is_empty() && !t.place.is_empty() && t.origin.is_some()));
}
