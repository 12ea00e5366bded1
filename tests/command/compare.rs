//! `shequ compare` and `shequ contest` as people type them, and what stands in their folders.

use crate::folders::rows;
use crate::place::text;
use crate::program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use shequ::experiment::compare::conclusions::Conclusions;
use shequ::experiment::execute::Yield;
use shequ::experiment::file::{Experiment, Kind, Overrides};
use shequ::experiment::plan::Run;
use shequ::experiment::record::table::Form;
use shequ::experiment::study::{Settings, Study};
use shequ::model::{theory, trust};
use tempfile::TempDir;

/// A small city under the defaults.
const BASE: &str = "name = \"Base\"\nname_zh = \"基准\"\nmonths = 20\nreplicates = 6\n\
    [population]\ncommunities = 2\nadults = 100\nhouseholds_per_compound = 20\nhouseholds_per_group = 10\n\
    [staff]\ncount = 1\n[report]\ngroups_every = 4\n";
const COUNCIL: &str = "extends = \"base.toml\"\nname = \"Council\"\nname_zh = \"议事会\"\n\
    [council]\nenabled = true\n[funding]\ndecider = \"council\"\n";
/// Nothing happens before 2018.
const LATER: &str = "extends = \"base.toml\"\nname = \"Later\"\n[[change]]\nfrom = \"2018-01\"\n\
    outreach.home_visits = 0.5\noutreach.wechat_group = 0.9\n";

/// A folder with the three scenarios.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("base", BASE), ("council", COUNCIL), ("later", LATER)] {
        fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    folder
}

fn shequ(folder: &TempDir, arguments: &[&str]) -> Output {
    program::shequ().current_dir(folder).args(arguments).output().unwrap()
}

/// The results folder that a command names on its last line.
fn results(folder: &TempDir, output: &Output) -> PathBuf {
    assert!(output.status.success(), "{}", text(&output.stderr));
    folder.path().join(text(&output.stdout).lines().last().unwrap())
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    if row[column].is_empty() { f64::NAN } else { row[column].parse().unwrap() }
}

/// The tables, by name.
fn tables(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let csv = entries.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    csv.map(|path| (path.file_name().unwrap().to_str().unwrap().into(), fs::read(&path).unwrap())).collect()
}

#[test]
fn a_scenario_compared_with_itself_differs_by_exactly_nothing() {
    let folder = folder();
    let output = shequ(&folder, &["compare", "base.toml", "base.toml", "--window", "whole"]);
    let results = results(&folder, &output);
    for table in ["effects.csv", "differences.csv", "group_effects.csv"] {
        let rows = rows(&results, table);
        let valued: Vec<_> = rows.iter().filter(|row| !row["effect"].is_empty()).collect();
        assert!(valued.len() > 30, "{table}");
        for row in valued {
            assert_eq!(row["effect"], "0.0", "{table}: {row:?}");
            // A single pair has no interval.
            let bound = if row["n"] == "1" { "" } else { "0.0" };
            assert_eq!([&row["ci95_low"], &row["ci95_high"]], [bound; 2], "{table}: {row:?}");
            assert!(["", "0.0"].contains(&row["variance_ratio"].as_str()), "{table}: {row:?}");
            assert_eq!((row["arm"].as_str(), row["base"].as_str()), ("Base (2)", "Base"));
        }
    }
    assert!(rows(&results, "effects.csv").iter().all(|row| row["significant"] != "true"));
    let shown = text(&output.stdout);
    assert!(shown.contains("participation: identical in every replicate; not tested."), "{shown}");
    assert!(shown.contains("0 of "), "{shown}");
}

#[test]
fn effects_are_the_mean_differences_of_the_runs() {
    let folder = folder();
    let output = shequ(
        &folder,
        &[
            "compare",
            "base.toml",
            "council.toml",
            "later.toml",
            "--window",
            "first-year",
            "--window",
            "last-year",
        ],
    );
    let results = results(&folder, &output);
    let head = fs::read_to_string(results.join("effects.csv")).unwrap();
    assert!(
        head.starts_with("arm,base,metric,unit,window,effect,ci95_low,ci95_high,n,variance_ratio,"),
        "{head}"
    );
    let runs = rows(&results, "runs.csv");
    assert_eq!(runs.len(), 3 * 6);
    assert!(runs.iter().all(|run| run["status"] == "done" && run["message"].is_empty()));
    let values = |arm: &str, outcome: &str| -> Vec<f64> {
        runs.iter().filter(|run| run["arm"] == arm).map(|run| number(run, outcome)).collect()
    };
    let (mut checked, mut continuous) = (0, 0);
    for effect in rows(&results, "effects.csv") {
        let outcome = format!("{}@{}", effect["metric"], effect["window"]);
        let (base, arm) = (values("Base", &outcome), values(&effect["arm"], &outcome));
        let differences: Vec<f64> = arm.iter().zip(&base).map(|(a, b)| a - b).collect();
        if differences.iter().any(|d| d.is_nan()) {
            continue;
        }
        let mean = differences.iter().sum::<f64>() / 6.0;
        let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 5.0;
        // Student's 97.5 % quantile with five degrees of freedom.
        let half_width = 2.5706 * (variance / 6.0).sqrt();
        let near = |column: &str, value: f64| {
            assert!(
                (number(&effect, column) - value).abs() <= 1e-9 * (1.0 + value.abs()),
                "{column}: {effect:?}"
            );
        };
        near("effect", mean);
        let is_distinct = |d: &f64| differences.iter().filter(|other| (*other - d).abs() < 1e-9).count() == 1;
        if differences.iter().all(is_distinct) {
            near("ci95_low", mean - half_width);
            near("ci95_high", mean + half_width);
            continuous += 1;
        } else if effect["p"].is_empty() {
            // No test: nothing differs, or values of neither side vary.
            assert!(effect["ci95_low"].is_empty() || effect["effect"] == "0.0", "{effect:?}");
        } else {
            // Differences that coincide have Student's interval or a wider one.
            assert!(number(&effect, "ci95_high") >= mean + half_width - 1e-9, "{effect:?}");
        }
        assert_eq!((effect["n"].as_str(), effect["method"].as_str()), ("6", "paired t"));
        checked += 1;
    }
    assert!(checked > 100 && continuous > 50, "{checked} {continuous}");
    // The first year of what begins in its second year is that of the base, to the bit.
    let before = rows(&results, "effects.csv")
        .into_iter()
        .filter(|e| e["arm"] == "Later" && e["window"] == "first-year");
    assert!(before.filter(|e| !e["effect"].is_empty()).all(|e| e["effect"] == "0.0"));
    let months = rows(&results, "differences.csv");
    let awareness = |month: &str| {
        let is = |row: &&BTreeMap<String, String>| {
            row["arm"] == "Later" && row["metric"] == "awareness" && row["month"] == month
        };
        months.iter().find(is).map(|row| number(row, "effect")).unwrap()
    };
    assert_eq!(awareness("11"), 0.0);
    // Messages are forgotten within days: .9 of groups tell those online among them with chance .3, visits few more.
    assert!(awareness("14") > 0.05);
    assert_eq!(
        rows(&results, "summary.csv").iter().filter(|row| row["metric"] == "awareness").count(),
        3 * 20
    );
    let who = rows(&results, "group_effects.csv");
    assert!(who.iter().any(|row| row["group"] == "community type" && row["metric"] == "hours"));
    for picture in ["effects", "participation", "awareness"] {
        assert!(results.join(format!("plots/{picture}.svg")).exists(), "{picture}");
        assert!(results.join(format!("plots/{picture}.png")).exists(), "{picture}");
    }
    assert!(results.join("arm-2.toml").exists() && results.join("experiment.toml").exists());
}

#[test]
fn an_effect_below_the_smallest_that_matters_is_called_practically_the_same() {
    let folder = folder();
    let compared = |smallest: &[&str]| {
        let more = ["--force", "--outcome", "participation", "--replicates", "8"];
        let output =
            shequ(&folder, &[&["compare", "base.toml", "council.toml"], &more[..], smallest].concat());
        let row = rows(&results(&folder, &output), "effects.csv").remove(0);
        (row, text(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" "))
    };
    // Nothing changes participation by half of all residents.
    let (row, said) = compared(&["--smallest-effect", "participation=0.5"]);
    assert_eq!((row["verdict"].as_str(), row["smallest_effect"].as_str()), ("practically the same", "0.5"));
    // Where pairs coincide the sign test of eight of them decides: 1 / 2⁸. One effect is not corrected.
    assert!(number(&row, "p_equivalence") < 0.00391 && row["p_equivalence"] == row["p_equivalence_holm"]);
    assert!(
        said.contains("practically the same; ") && said.contains("the smallest effect that matters, 50"),
        "{said}"
    );
    // Nor is any effect shown to be below one of a resident in a million.
    let (row, said) = compared(&["--smallest-effect", "participation=0.000001"]);
    assert!(number(&row, "p_equivalence") > 0.05 && row["verdict"] != "practically the same");
    assert!(!said.contains("practically"), "{said}");
    // By default a tenth of the base's level, of shares at most .01.
    let (row, _) = compared(&[]);
    let expected = (0.1 * number(&row, "base_mean")).min(0.01);
    assert!((number(&row, "smallest_effect") - expected).abs() < 1e-12);
}

#[test]
fn a_gap_changes_by_the_difference_of_what_its_groups_gain() {
    let folder = folder();
    let output = shequ(&folder, &["compare", "base.toml", "council.toml", "--window", "whole", "--quiet"]);
    let results = results(&folder, &output);
    let groups = rows(&results, "group_effects.csv");
    let of = |gap: &BTreeMap<String, String>, level: &str, column: &str| {
        let is_it = |row: &&BTreeMap<String, String>| {
            (&row["group"], &row["metric"]) == (&gap["group"], &gap["metric"]) && row["level"] == gap[level]
        };
        number(groups.iter().find(is_it).unwrap(), column)
    };
    let gaps = rows(&results, "gaps.csv");
    // Of two levels one pair, of four six.
    let pairs = |group: &str| gaps.iter().filter(|gap| gap["group"] == group).count();
    assert_eq!((pairs("tenure"), pairs("education")), (1, 6));
    for gap in &gaps {
        assert_eq!(gap["metric"], "participation");
        let base = number(gap, "base_mean");
        assert!(base >= 0.0 || base.is_nan(), "{gap:?}");
        // Where every replicate has a value of both.
        if gap["n"] == "6" {
            for column in ["effect", "base_mean", "arm_mean"] {
                let expected = of(gap, "level", column) - of(gap, "other_level", column);
                assert!((number(gap, column) - expected).abs() < 1e-12, "{column}: {gap:?}");
            }
        }
    }
    assert!(gaps.iter().filter(|gap| gap["n"] == "6").count() > 10);
}

#[test]
fn what_a_policy_does_in_a_community_and_who_sits_there_are_those_of_two_runs() {
    let folder = folder();
    // As the experiment has it: all replicates in one city, and both arms with the same beginning, where a run of its
    // own would bring the city to rest under the council.
    let set = ["--set", "report.communities_every=4", "--set", "seed.cities=one", "--set", "burn_in=0"];
    let compared = shequ(
        &folder,
        &[
            &["compare", "base.toml", "council.toml", "--window", "first-year", "--outcome", "participation"],
            &set[..],
        ]
        .concat(),
    );
    let compared = results(&folder, &compared);
    let run =
        |file| results(&folder, &shequ(&folder, &[&["run", file, "--out", "alone"], &set[..]].concat()));
    let (base, council) = (run("base.toml"), run("council.toml"));
    // By replicate and community, the mean over the three months of the first year that were recorded.
    let means = |folder: &Path| {
        let mut means: BTreeMap<(String, String), f64> = BTreeMap::new();
        for row in rows(folder, "communities.csv").iter().filter(|row| number(row, "month") < 12.0) {
            let of = (row["replicate"].clone(), row["community"].clone());
            *means.entry(of).or_default() += number(row, "participation") / 3.0;
        }
        means
    };
    let (before, after) = (means(&base), means(&council));
    let effects = rows(&compared, "community_effects.csv");
    assert_eq!(effects.len(), 2);
    for effect in effects {
        let own = before.keys().filter(|(_, community)| *community == effect["community"]);
        let differences: Vec<f64> = own.map(|key| after[key] - before[key]).collect();
        let mean = differences.iter().sum::<f64>() / 6.0;
        assert_eq!(
            (differences.len(), effect["n"].as_str(), effect["metric"].as_str()),
            (6, "6", "participation")
        );
        assert!((number(&effect, "effect") - mean).abs() < 1e-12, "{effect:?}");
        let half_width = (number(&effect, "ci95_high") - number(&effect, "ci95_low")) / 2.0;
        let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 5.0;
        // Student's, or wider where differences coincide.
        assert!(half_width > 2.5706 * (variance / 6.0).sqrt() - 1e-5, "{effect:?}");
    }
    // The base has no council.
    assert!(!base.join("seats.csv").exists());
    let of_arm = |row: BTreeMap<String, String>| (row["arm"] == "Council").then_some(row);
    let seated: Vec<_> = rows(&compared, "seats.csv").into_iter().map(|row| of_arm(row).unwrap()).collect();
    let alone = rows(&council, "seats.csv");
    assert!(alone.len() > 10 && alone.len() == seated.len());
    for (alone, seated) in alone.iter().zip(&seated) {
        assert!(alone.iter().all(|(column, cell)| seated[column] == *cell), "{seated:?}");
    }
}

#[test]
fn a_folder_of_results_is_an_experiment_that_gives_the_same_tables() {
    let folder = folder();
    let first =
        shequ(&folder, &["compare", "base.toml", "council.toml", "--replicates", "3", "--threads", "1"]);
    let shown = text(&first.stdout);
    let first = results(&folder, &first);
    let again = shequ(&folder, &["compare", "base.toml", "council.toml", "--replicates", "3"]);
    assert!(text(&again.stderr).contains("exists already"));
    assert_eq!(results(&folder, &again), first);
    assert_eq!(text(&again.stdout), shown);
    // Asked for in the other language, the same results answer in it.
    let zh = shequ(&folder, &["--lang", "zh", "compare", "base.toml", "council.toml", "--replicates", "3"]);
    assert!(zh.status.success() && text(&zh.stdout).contains("议事会"), "{}", text(&zh.stdout));
    assert!(!text(&zh.stdout).contains("What"), "{}", text(&zh.stdout));
    let file = first.join("experiment.toml");
    let copy = shequ(&folder, &["compare", file.to_str().unwrap(), "--out", "copy", "--threads", "3"]);
    let copy = results(&folder, &copy);
    assert_eq!(tables(&first), tables(&copy));
    assert_eq!(first.file_name(), copy.file_name());
    let name = copy.to_str().unwrap();
    let output = shequ(&folder, &["reproduce", name]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // The tables, and what says what they are.
    assert_eq!(text(&output.stdout).matches(" same\n").count(), tables(&copy).len() + 1);
    let effects = fs::read_to_string(copy.join("effects.csv")).unwrap().replacen("Council", "Counsel", 1);
    fs::write(copy.join("effects.csv"), effects).unwrap();
    let output = shequ(&folder, &["reproduce", name]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("modified after it was written"));
}

#[test]
fn a_comparison_that_was_killed_goes_on_and_ends_in_the_same_bytes() {
    let folder = folder();
    let arguments = ["compare", "base.toml", "later.toml", "--replicates", "40", "--threads", "1", "--quiet"];
    let whole = results(&folder, &shequ(&folder, &[&arguments[..], &["--out", "whole"]].concat()));
    let mut child = program::shequ()
        .current_dir(&folder)
        .args([&arguments[..], &["--out", "killed"]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let name = whole.file_name().unwrap().to_str().unwrap();
    let journal = folder.path().join(format!("killed/{name}.partial/journal-1-of-1.txt"));
    let lines = || fs::read(&journal).map_or(0, |bytes| bytes.iter().filter(|&&byte| byte == b'\n').count());
    // Some runs are done, and not all; if the machine is so fast that all are, nothing is lost but the point.
    while lines() < 5 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let output = shequ(&folder, &[&arguments[..], &["--out", "killed"]].concat());
    assert_eq!(tables(&results(&folder, &output)), tables(&whole));
}

#[test]
fn unlike_seeds_cities_and_calendars_are_refused_where_they_stand() {
    let folder = folder();
    let other =
        "extends = \"base.toml\"\nname = \"Other\"\n[seed]\nreplicates = 2\n[population]\nadults = 120\n";
    fs::write(folder.path().join("other.toml"), other).unwrap();
    let output = shequ(&folder, &["compare", "base.toml", "other.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("`seed.replicates` is 2 and not 1, so replicates of `Other` cannot be paired"),
        "{said}"
    );
    assert!(said.contains("other.toml:4:14") && said.contains("other.toml:6:10"), "{said}");
    assert!(said.contains("--allow-unlike") && said.contains("2 problems."), "{said}");
    assert!(!folder.path().join("results").exists());
    let output = shequ(&folder, &["compare", "base.toml", "other.toml", "--allow-unlike", "--quiet"]);
    let results = results(&folder, &output);
    assert!(rows(&results, "effects.csv").iter().all(|row| row["method"] == "Welch t"));
    assert!(rows(&results, "effects.csv").iter().all(|row| row["variance_ratio"].is_empty()));
    // Communities of different cities are not the same communities.
    assert!(!results.join("community_effects.csv").exists());
    fs::write(folder.path().join("short.toml"), "extends = \"base.toml\"\nname = \"Short\"\nmonths = 12\n")
        .unwrap();
    let output = shequ(&folder, &["compare", "base.toml", "short.toml", "--allow-unlike"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("short.toml:3:10"), "{}", text(&output.stderr));
}

#[test]
fn a_command_line_that_means_nothing_is_refused() {
    let folder = folder();
    for (arguments, words) in [
        (&["compare"][..], "`<FILE>...` is missing"),
        (&["compare", "base.toml"], "name a base and at least one policy"),
        (&["contest", "base.toml"], "name a base and at least one policy"),
        (&["compare", "base.toml", "none.toml"], "none.toml"),
        (&["compare", "base.toml", "council.toml", "--window", "2019"], "is not a range of months"),
        (&["compare", "base.toml", "council.toml", "--window", "2016-01..2017-12"], "does not cover all of"),
        (
            &["compare", "base.toml", "council.toml", "--outcome", "partcipation"],
            "did you mean `participation`",
        ),
        (&["compare", "base.toml", "council.toml", "--set", "months=0"], "months"),
        (&["compare", "base.toml", "council.toml", "--replicates", "0"], "replicates"),
    ] {
        let output = shequ(&folder, arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty() && !folder.path().join("results").exists(), "{arguments:?}");
    }
}

#[test]
fn everything_wrong_with_an_experiment_file_is_told_at_once_with_its_place() {
    let folder = folder();
    let bad = "kind = \"compare\"\nname = \"Bad\"\nscenario = \"base.toml\"\nreplicates = { until = \"awareness < 0.1\", max = 9 }\n\
               outcomes = [\"participation\", \"trust.comittee\"]\nwindow = \"2017-01..2019-12\"\n\n\
               [[arm]]\nname = \"A\"\nset = { \"council.selecton\" = \"sortition\" }\n\n\
               [[arm]]\nname = \"B\"\n\n[[arm]]\nname = \"C\"\nset = { \"seed.replicates\" = 3 }\n\n[vary]\nmonths = [1]\n";
    fs::write(folder.path().join("bad.toml"), bad).unwrap();
    let output = shequ(&folder, &["compare", "bad.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    for (place, words) in [
        ("bad.toml:5:30", "did you mean `trust.committee`"),
        ("bad.toml:6:10", "does not cover all of 2017-01..2019-12"),
        ("bad.toml:10:9", "council.selection"),
        ("bad.toml:12:1", "this arm does not differ from the base"),
        ("bad.toml:19:1", "[vary] is not used in this kind of experiment"),
    ] {
        assert!(said.contains(place) && said.contains(words), "{place} {words}: {said}");
    }
    assert!(!folder.path().join("results").exists());
    // With those mended, what only shows in the whole.
    let bad =
        bad.replace("comittee", "committee").replace("2019-12", "2018-08").replace("selecton", "selection");
    let bad = bad
        .replace("name = \"B\"\n", "name = \"A\"\nset.months = 20\n")
        .replace("\n[vary]\nmonths = [1]\n", "");
    fs::write(folder.path().join("bad.toml"), bad).unwrap();
    let said = text(&shequ(&folder, &["compare", "bad.toml"]).stderr);
    for (place, words) in [
        ("bad.toml:4:14", "which is not among the outcomes"),
        ("bad.toml:8:1", "another arm has the same name"),
        ("bad.toml:12:1", "another arm has the same name"),
    ] {
        assert!(said.contains(place) && said.contains(words), "{place} {words}: {said}");
    }
}

/// The experiment of `text` in a folder with the scenarios.
fn experiment(folder: &TempDir, kind: Kind, text: &str) -> Experiment {
    let file = folder.path().join("experiment.toml");
    let head = format!("kind = \"{}\"\nname = \"E\"\nscenario = \"base.toml\"\n", kind.name());
    fs::write(&file, head + text).unwrap();
    match Experiment::load(&file, Some(kind), &Overrides::default()) {
        Ok(experiment) => experiment,
        Err(problems) => panic!("{problems}"),
    }
}

#[test]
fn the_experiments_that_come_with_the_program_are_fine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/experiments");
    for (file, kind, arms) in
        [("six-policies", Kind::Compare, 6), ("council-under-every-theory", Kind::Contest, 1)]
    {
        let loaded = Experiment::load(&root.join(format!("{file}.toml")), Some(kind), &Overrides::default());
        let experiment = loaded.unwrap_or_else(|problems| panic!("{problems}"));
        assert!(experiment.is_paired() && experiment.arms.len() == arms, "{file}");
        // Arms without a name of their own take those of their scenarios.
        assert_eq!(experiment.arms[0].title(false), "Council decides the fund");
        assert_eq!(experiment.arms[0].title(true), "议事会决定专项资金");
    }
}

const ARM: &str = "[[arm]]\nname = \"Council\"\nscenario = \"council.toml\"\n";

#[test]
fn a_run_that_fails_is_a_row_and_spoils_nothing_else() {
    let folder = folder();
    let experiment =
        experiment(&folder, Kind::Compare, &format!("outcomes = \"participation\"\nreplicates = 4\n{ARM}"));
    let study = Study::new(&experiment);
    // Replicate r of the base has r, of the arm r + 1; one replicate of the arm breaks down.
    let run_replicate = |run: Run, _: &dyn Fn(u32) -> bool| {
        let value = f64::from(run.replicate + run.row);
        assert!((run.row, run.replicate) != (1, 2), "the roof fell in");
        Some(Ok(Yield { values: vec![value], monthly: vec![value; 20], ..Yield::default() }))
    };
    let journals = tempfile::tempdir().unwrap();
    let settings = Settings { threads: 2, ..Settings::default() };
    let result = study
        .complete_with(journals.path(), &settings, &|_, run, keep_going| run_replicate(run, keep_going))
        .unwrap();
    let conclusions = Conclusions::of(&study, &result).unwrap();
    let difference = conclusions.effects[0].difference;
    assert_eq!((difference.effect.mean, difference.effect.n, difference.missing), (1.0, 3, 1));
    assert!(conclusions.warnings.iter().any(|w| w.code == "failed_runs" && w.arm == "Council"));
    let mut csv = Vec::new();
    let runs = shequ::experiment::sweep::tables(&study, &result).remove(0);
    runs.write(Form::Csv, &mut csv).unwrap();
    let failed = "0,Council,2,failed,the roof fell in; again by: shequ run arm-1.toml --replicate 2,\n";
    assert!(text(&csv).contains(failed), "{}", text(&csv));
}

#[test]
fn replicates_end_when_the_interval_of_the_effect_is_narrow_enough() {
    let folder = folder();
    let rule = |most: u32| {
        format!(
            "outcomes = \"participation\"\nreplicates = {{ until = \"participation < 0.1\", max = {most} }}\n{ARM}"
        )
    };
    let run = |most: u32, spread: f64| {
        let experiment = experiment(&folder, Kind::Compare, &rule(most));
        let study = Study::new(&experiment);
        // Levels vary far more than what is asked for; only the spread of the effect counts.
        let run_replicate = |run: Run| {
            let level = f64::from(run.replicate % 7) * 10.0;
            let effect = if run.replicate % 2 == 0 { spread } else { -spread };
            let value = level + if run.row == 1 { effect } else { 0.0 };
            Some(Ok(Yield { values: vec![value], monthly: vec![value; 20], ..Yield::default() }))
        };
        let journals = tempfile::tempdir().unwrap();
        let settings = Settings { threads: 1, ..Settings::default() };
        let result =
            study.complete_with(journals.path(), &settings, &|_, run, _| run_replicate(run)).unwrap();
        let conclusions = Conclusions::of(&study, &result).unwrap();
        let capped = conclusions.warnings.iter().any(|w| w.code == "not_narrow_enough");
        (result.plan.replicates.clone(), capped)
    };
    assert_eq!(run(150, 0.01), (vec![30, 30], false));
    // Of two values the interval of their share counts: 0.187 · 2 · 0.4 > 0.1 of 15 in 30 and 0.152 · 2 · 0.4 > 0.1
    // of 22 in 45, 0.124 · 2 · 0.4 < 0.1 of 34 in 68 (Clopper and Pearson).
    assert_eq!(run(150, 0.4), (vec![68, 68], false));
    assert_eq!(run(12, 0.19), (vec![12, 12], true));
}

#[test]
fn a_contest_has_every_theory_and_rule_and_says_what_it_depends_on() {
    let folder = folder();
    let arguments =
        ["contest", "base.toml", "council.toml", "--replicates", "3", "--outcome", "participation"];
    let output = shequ(&folder, &arguments);
    let results = results(&folder, &output);
    let combinations = theory::all().len() * trust::all().len();
    let effects = rows(&results, "effects.csv");
    assert_eq!(effects.len(), combinations);
    for (effect, theory) in
        effects.iter().zip(theory::all().iter().flat_map(|t| trust::all().iter().map(move |_| t.name)))
    {
        assert_eq!(effect["theory"], theory);
    }
    assert_eq!(rows(&results, "runs.csv").len(), 2 * 3 * combinations);
    let range = &rows(&results, "range.csv")[0];
    let all: Vec<f64> = effects.iter().map(|effect| number(effect, "effect")).collect();
    assert_eq!(number(range, "lowest"), all.iter().copied().fold(f64::INFINITY, f64::min));
    assert_eq!(number(range, "highest"), all.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    assert_eq!(range["combinations"], combinations.to_string());
    let shares: Vec<f64> = rows(&results, "variance.csv")
        .iter()
        .filter(|r| r["of"] == "outcome")
        .map(|r| number(r, "share"))
        .collect();
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{shares:?}");
    assert!(results.join("plots/contest.svg").exists());
    let chinese = shequ(&folder, &[&arguments[..], &["--lang", "zh", "--force"]].concat());
    let shown = text(&chinese.stdout);
    assert!(shown.contains("议事会 对比 基准") && !shown.contains("NaN"), "{shown}");
}

#[test]
fn weights_of_theories_add_a_table_to_a_contest_and_change_no_other() {
    let folder = &folder();
    let set = ["theory.intercepts=given", "burn_in=2", "months=6"];
    let set: Vec<&str> = set.into_iter().flat_map(|setting| ["--set", setting]).collect();
    let short = ["--replicates", "2", "--outcome", "participation"];
    let arguments = &[&["contest", "base.toml", "council.toml"][..], &short, &set].concat();
    let plain = results(folder, &shequ(folder, arguments));
    let of = |weight: &dyn Fn(usize) -> f64| -> String {
        let pairs = theory::all().iter().flat_map(|t| trust::all().iter().map(move |r| (t.name, r.name)));
        let rows = pairs.enumerate().map(|(k, (t, r))| format!("{t},{r},{},-2.5\n", weight(k)));
        "theory,trust,weight,log_score\n".to_string() + &rows.collect::<String>()
    };
    let contest = |weights: &str| {
        fs::write(folder.path().join("mine.csv"), weights).unwrap();
        shequ(folder, &[&arguments[..], &["--weights", "mine.csv"]].concat())
    };
    // All weight on one combination: its own effect, with the interval of its own replicates.
    let output = contest(&of(&|k| if k == 5 { 3.0 } else { 0.0 }));
    let one = results(folder, &output);
    assert!(text(&output.stdout).contains("mean over theories and rules"), "{}", text(&output.stdout));
    let mut with = tables(&one);
    assert!(with.remove("weighted.csv").is_some() && with.remove("weights.csv").is_some());
    for (name, table) in tables(&plain) {
        assert!(with.remove(&name) == Some(table), "{name}");
    }
    assert!(with.is_empty(), "{:?}", with.keys());
    let (weighted, effect) = (&rows(&one, "weighted.csv")[0], &rows(&plain, "effects.csv")[5]);
    for column in ["arm", "metric", "unit", "window", "effect", "ci95_low", "ci95_high", "n"] {
        assert_eq!(weighted[column], effect[column], "{column}");
    }
    assert!(fs::read_to_string(one.join("report.html")).unwrap().contains("by the weights of weights.csv"));
    let again = shequ(folder, &["reproduce", one.to_str().unwrap()]);
    let told = text(&again.stdout);
    assert!(again.status.success() && told.contains("weighted.csv") && !told.contains("different"), "{told}");

    // All alike: the mean of all. Other weights have another folder.
    let equal = results(folder, &contest(&of(&|_| 0.5)));
    let all: Vec<f64> = rows(&plain, "effects.csv").iter().map(|effect| number(effect, "effect")).collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    assert!((number(&rows(&equal, "weighted.csv")[0], "effect") - mean).abs() < 1e-12);
    assert!(equal != one && equal != plain && one != plain);

    let wrong = contest("theory,trust,weight\ncalculs,beta,1\ncalculus,beta,-1\n");
    let told = text(&wrong.stderr);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(told.contains("mine.csv:2:1") && told.contains("mine.csv:3:15"), "{told}");
}
