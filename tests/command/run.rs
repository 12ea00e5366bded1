//! `run`, `reproduce` and `trace` as a user types them, on a tiny city.

use crate::place;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use place::{Place, entries, text};

const TINY: &str = r#"
name = "Tiny"
name_zh = "小城"
months = 14
replicates = 3

[population]
communities = 3
adults = 150

[funding]
decider = "council"

[council]
enabled = true

[election]
first_month = 2

[[change]]
from = "2017-09"
council.selection = "sortition"
"#;

fn place() -> Place {
    Place::with(&[("tiny.toml", TINY)])
}

const TABLES: [&str; 6] =
    ["monthly.csv", "summary.csv", "changes.csv", "groups.csv", "communities.csv", "margins.csv"];

#[test]
fn a_run_ends_with_a_results_folder_a_summary_and_plots() {
    let place = place();
    let output = place.shequ(&["run", "tiny.toml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    let stdout = text(&output.stdout);
    assert!(stdout.contains("participation, %"), "{stdout}");
    assert!(stdout.trim_end().ends_with(&folder.file_name().unwrap().to_string_lossy().to_string()));
    assert!(!stdout.contains('\u{1b}'), "no colour in a pipe");
    for table in TABLES {
        assert!(folder.join(table).metadata().unwrap().len() > 100, "{table}");
    }
    for plot in ["participation", "participation-by-mode", "trust", "turnout", "fund", "inequality"] {
        for form in ["svg", "png"] {
            assert!(folder.join(format!("plots/{plot}.{form}")).exists(), "{plot}.{form}");
        }
    }
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"replicates\": 3"), "{manifest}");
    assert!(!manifest.contains(&*place.path().to_string_lossy()), "no path of this machine");
    let monthly = fs::read_to_string(folder.join("monthly.csv")).unwrap();
    assert_eq!(monthly.lines().count(), 1 + 3 * 14);
    assert!(monthly.starts_with("replicate,month,date,participation,participation.vote"), "{monthly}");
}

#[test]
fn tables_are_the_same_without_a_report_which_can_be_made_later() {
    let place = place();
    let run = |more: &[&str]| {
        let output = place.shequ(&[&["run", "tiny.toml", "-q"], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    run(&["--out", "with"]);
    run(&["--out", "without", "--no-report"]);
    let [with, without] = ["with", "without"].map(|out| place.results(out));
    for table in TABLES {
        assert_eq!(fs::read(with.join(table)).unwrap(), fs::read(without.join(table)).unwrap(), "{table}");
    }
    let made = ["report.html", "brief.html", "plots"];
    assert!(made.iter().all(|name| !without.join(name).exists()));
    // Asked again, it stays as it is; without the option, it gets what it lacks.
    run(&["--out", "without", "--no-report"]);
    assert!(made.iter().all(|name| !without.join(name).exists()));
    run(&["--out", "without"]);
    assert!(made.iter().all(|name| without.join(name).exists()));
}

#[test]
fn tables_that_are_asked_for_are_written_alone_with_the_same_bytes() {
    let place = place();
    let done = |arguments: &[&str]| {
        let output = place.shequ(&[arguments, &["-q", "--lang", "en"]].concat());
        (output.status.success(), text(&output.stderr))
    };
    assert_eq!(done(&["run", "tiny.toml", "--out", "all", "--no-report"]), (true, String::new()));
    let some = ["run", "tiny.toml", "--out", "some", "--tables", "summary,monthly"];
    assert_eq!(done(&some), (true, String::new()));
    let folder = place.results("some");
    let names = |ending: &str| {
        let mut all: Vec<String> =
            entries(&folder).iter().map(|path| path.file_name().unwrap().to_string_lossy().into()).collect();
        all.retain(|name| name.ends_with(ending));
        all
    };
    assert_eq!(
        (names(".csv"), names(".html")),
        (vec!["monthly.csv".into(), "summary.csv".into()], Vec::new())
    );
    for name in names(".csv") {
        assert_eq!(
            fs::read(folder.join(&name)).unwrap(),
            fs::read(place.results("all").join(&name)).unwrap()
        );
    }
    // The package names what is there, so that it is reproduced; a page of a part of the tables would be wrong.
    let folder = folder.to_string_lossy().into_owned();
    assert_eq!(done(&["reproduce", &folder]), (true, String::new()));
    for again in [&["report", &folder][..], &["run", "tiny.toml", "--out", "some"]] {
        let (_, said) = done(again);
        assert!(said.contains("has only the tables that were asked for (summary, monthly)"), "{said}");
    }
    let (is_done, said) = done(&["run", "tiny.toml", "--tables", "monthy"]);
    assert!(!is_done && said.contains("did you mean `monthly`?"), "{said}");
}

#[test]
fn seats_are_as_far_from_residents_as_the_metric_says() {
    let place = place();
    let one = ["--set", "population.communities=1", "--replicates", "1", "-q"];
    let output = place.shequ(&[&["run", "tiny.toml"], &one[..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let folder = place.results("results");
    let rows = |table: &str| -> Vec<std::collections::BTreeMap<String, String>> {
        let mut csv = csv::Reader::from_path(folder.join(table)).unwrap();
        csv.deserialize().map(|row| row.unwrap()).collect()
    };
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    let (mut apart, mut sums) = (0.0, std::collections::BTreeMap::<String, [f64; 2]>::new());
    for row in rows("seats.csv") {
        let [seats, adults, gap] = ["seats", "adults", "gap"].map(|column| number(&row[column]));
        assert!((seats - adults - gap).abs() < 1e-12 && row["gap_low"].is_empty(), "{row:?}");
        let sums = sums.entry(row["group"].clone()).or_default();
        (sums[0], sums[1]) = (sums[0] + seats, sums[1] + adults);
        // The mean over five attributes of half the sum of absolute differences; the party is not among them.
        apart += if row["group"] == "party" { 0.0 } else { gap.abs() / 2.0 / 5.0 };
    }
    assert_eq!(sums.len(), 6);
    assert!(sums.values().flatten().all(|sum| (sum - 1.0).abs() < 1e-12), "{sums:?}");
    let distance = rows("monthly.csv").last().map(|row| number(&row["council.distance"])).unwrap();
    assert!(distance > 0.0 && (apart - distance).abs() < 1e-12, "{apart} and {distance}");
}

#[test]
fn tables_have_the_same_bytes_for_any_number_of_threads() {
    let place = place();
    for update in ["synchronous", "random_sequential"] {
        let mut first: Option<Vec<Vec<u8>>> = None;
        for threads in ["1", "2", "3", "8"] {
            let (out, set) = (format!("{update}-{threads}"), format!("update={update}"));
            let output =
                place.shequ(&["run", "tiny.toml", "--threads", threads, "--out", &out, "--set", &set, "-q"]);
            assert!(output.status.success(), "{}", text(&output.stderr));
            let folder = place.results(&out);
            let tables: Vec<Vec<u8>> = TABLES.iter().map(|t| fs::read(folder.join(t)).unwrap()).collect();
            match &first {
                None => first = Some(tables),
                Some(first) => assert!(*first == tables, "{threads} threads, {update}"),
            }
        }
    }
}

#[test]
fn finished_results_are_never_overwritten_unless_forced() {
    let place = place();
    assert!(place.shequ(&["run", "tiny.toml", "-q"]).status.success());
    let manifest = place.results("results").join("manifest.json");
    let before = fs::read(&manifest).unwrap();
    let again = place.shequ(&["run", "tiny.toml"]);
    assert!(again.status.success());
    assert!(text(&again.stderr).contains("exists already"), "{}", text(&again.stderr));
    assert_eq!(fs::read(&manifest).unwrap(), before);
    let forced = place.shequ(&["run", "tiny.toml", "--force", "--threads", "1", "-q"]);
    assert!(forced.status.success());
    assert_ne!(fs::read(&manifest).unwrap(), before);
    place.results("results");
}

#[test]
fn other_seeds_give_another_folder_and_other_numbers() {
    let place = place();
    for seed in ["1", "2"] {
        assert!(place.shequ(&["run", "tiny.toml", "--seed", seed, "-q"]).status.success());
    }
    let folders = entries(&place.path().join("results"));
    assert_eq!(folders.len(), 2);
    let monthly = |k: usize| fs::read(folders[k].join("monthly.csv")).unwrap();
    assert_ne!(monthly(0), monthly(1));
}

#[test]
fn results_reproduce_and_a_changed_table_is_found_out() {
    let place = place();
    assert!(place.shequ(&["run", "tiny.toml", "-q", "--format", "both", "--threads", "2"]).status.success());
    let folder = place.results("results");
    let name = folder.to_string_lossy().to_string();
    let good = place.shequ(&["reproduce", &name, "--threads", "1"]);
    assert!(good.status.success(), "{}", text(&good.stderr));
    // The tables, and what says what they are.
    let is_table = |path: &PathBuf| path.extension().is_some_and(|e| e == "csv" || e == "parquet");
    let tables = entries(&folder).iter().filter(|path| is_table(path)).count();
    assert_eq!(text(&good.stdout).lines().filter(|l| l.ends_with("same")).count(), tables + 1);
    let table = folder.join("summary.csv");
    fs::write(&table, fs::read_to_string(&table).unwrap().replacen("0.", "1.", 1)).unwrap();
    let bad = place.shequ(&["reproduce", &name]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(text(&bad.stdout).contains("modified after it was written"));
    let none = place.shequ(&["reproduce", "nowhere"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("not a results folder"), "{}", text(&none.stderr));
}

#[test]
fn tables_for_excel_begin_with_a_mark_and_are_the_same_otherwise() {
    let place = place();
    let made = |out: &str, format: &str| {
        place.shequ(&["run", "tiny.toml", "-q", "--out", out, "--format", format]);
        place.results(out)
    };
    let (plain, marked) = (made("plain", "csv"), made("marked", "excel"));
    for table in TABLES {
        let [plain, marked] = [&plain, &marked].map(|folder| fs::read(folder.join(table)).unwrap());
        assert!(marked.strip_prefix("\u{FEFF}".as_bytes()) == Some(&plain[..]), "{table}");
    }
    let read = |name: &str| [&plain, &marked].map(|folder| fs::read(folder.join(name)).unwrap());
    // The report also has the command.
    for same in ["brief.html", "datapackage.json"] {
        let [plain, marked] = read(same);
        assert!(plain == marked, "{same}");
    }
    let manifest = fs::read_to_string(marked.join("manifest.json")).unwrap();
    assert!(TABLES.iter().all(|table| manifest.contains(&format!("\"{table}\""))));
    let folder = marked.to_string_lossy();
    for command in [&["report", &folder][..], &["reproduce", &folder], &["archive", &folder]] {
        let output = place.shequ(command);
        assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
        assert!(!text(&output.stdout).contains("different"), "{}", text(&output.stdout));
    }
}

#[test]
fn a_bad_scenario_runs_nothing_and_writes_nothing() {
    let place = place();
    let output = place.shequ(&["run", "tiny.toml", "--set", "funding.decider=king"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("council"), "{}", text(&output.stderr));
    assert!(!place.path().join("results").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_a_clear_error() {
    let place = place();
    fs::write(place.path().join("file"), "").unwrap();
    let output = place.shequ(&["run", "tiny.toml", "--out", "file"]);
    assert_ne!(output.status.code(), Some(0));
    let stderr = text(&output.stderr);
    assert!(stderr.contains("file") && !stderr.contains("panicked"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_soon_with_130_and_leaves_what_is_finished() {
    let place = place();
    let long = ["run", "tiny.toml", "--set", "months=1200", "--set", "population.adults=20000"];
    let mut child = place.command(&long).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // The folder appears once the signal is listened to; then the run is under way.
    let results = place.path().join("results");
    let begun = || results.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    while !begun() {
        assert!(child.try_wait().unwrap().is_none(), "it must not end by itself");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("the same command resumes"), "{}", text(&output.stderr));
    let left = place.results("results");
    assert!(left.to_string_lossy().ends_with(".partial"), "{left:?}");
    let status = place.shequ(&["status", left.to_str().unwrap()]);
    assert!(text(&status.stdout).starts_with("done: 0\nfailed: 0\nmissing: 3\n"), "{}", text(&status.stdout));
}

#[test]
fn a_run_is_shared_among_shards_and_put_together_and_one_of_them_goes_on() {
    let place = place();
    let run = |more: &[&str]| {
        let output = place.shequ(&[&["run", "tiny.toml"], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    let files = |out: &str| -> Vec<_> {
        let is_same = |path: &PathBuf| !path.ends_with("manifest.json") && !path.ends_with("report.html");
        let files = entries(&place.results(out)).into_iter().filter(|path| path.is_file() && is_same(path));
        files.map(|path| (path.file_name().unwrap().to_owned(), fs::read(path).unwrap())).collect()
    };
    run(&["-q", "--out", "calm"]);
    assert!(run(&["--shard", "2/2", "--out", "one"]).contains("shard 2/2 is done"));
    let folder = place.results("one").to_string_lossy().to_string();
    let missing = place.shequ(&["merge", &folder, "--out", "merged"]);
    assert!(text(&missing.stderr).contains("2 of 3 runs are missing"), "{}", text(&missing.stderr));
    assert!(place.shequ(&["status", &folder]).status.success());
    run(&["--shard", "1/2", "--out", "two"]);
    let other = place.results("two").to_string_lossy().to_string();
    let merged = place.shequ(&["merge", &folder, &other, "--out", "merged"]);
    assert!(merged.status.success(), "{}", text(&merged.stderr));
    assert!(text(&merged.stdout).contains("participation, %"), "{}", text(&merged.stdout));
    assert!(files("merged") == files("calm"));
    // The same command without a shard does the rest.
    run(&["--shard", "2/2", "--out", "rest"]);
    assert!(run(&["--out", "rest"]).contains("3 replicates; 1 done before"));
    assert!(files("rest") == files("calm"));
    let finished = place.results("rest");
    let status = place.shequ(&["status", finished.to_str().unwrap()]);
    assert_eq!(text(&status.stdout), "done: 3\nfailed: 0\nmissing: 0\nstate: finished\n");
    // One replicate alone is another run, and is known again from its folder.
    run(&["--replicate", "2", "--shard", "1/2", "--out", "third"]);
    let third = place.results("third").to_string_lossy().to_string();
    let merged = place.shequ(&["merge", &third, "-q"]);
    assert!(merged.status.success(), "{}", text(&merged.stderr));
    let monthly = fs::read_to_string(place.results("third").join("monthly.csv")).unwrap();
    assert!(monthly.lines().skip(1).all(|line| line.starts_with("2,")), "{monthly}");
    let again = place.shequ(&["reproduce", place.results("third").to_str().unwrap()]);
    assert!(again.status.success(), "{}", text(&again.stderr));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let place = place();
    let mut child =
        place.command(&["run", "tiny.toml"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("panicked"));
}

#[test]
fn quiet_prints_the_folder_and_nothing_else() {
    let place = place();
    let output = place.shequ(&["run", "tiny.toml", "--quiet"]);
    let folder = place.results("results");
    let name = folder.file_name().unwrap().to_string_lossy().to_string();
    assert_eq!(text(&output.stdout), format!("results/{name}\n"));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn chinese_summaries_and_traces_are_chinese() {
    let place = place();
    let run = text(&place.shequ(&["run", "tiny.toml", "--lang", "zh"]).stdout);
    assert!(run.contains("参与率"), "{run}");
    let trace = place.shequ(&["trace", "tiny.toml", "--resident", "1:5", "--months", "3..3", "--lang", "zh"]);
    let trace = text(&trace.stdout);
    assert!(trace.starts_with("2017-03") && trace.contains("选举投票") && trace.contains("截距"), "{trace}");
}

#[test]
fn a_trace_of_nobody_or_of_no_month_says_what_there_is() {
    let place = place();
    for (arguments, expected) in [
        (["--resident", "450", "--months", "1..2"], "a number below 450"),
        (["--resident", "3:0", "--months", "1..2"], "a community below 3"),
        (["--resident", "x", "--months", "1..2"], "this resident does not exist"),
        (["--resident", "0", "--months", "5..3"], "A must not come after B"),
        (["--resident", "0", "--months", "2016-12..2017-03"], "2017-01..2018-02"),
        (["--resident", "0", "--months", "soon"], "such as 1..12"),
    ] {
        let mut all = vec!["trace", "tiny.toml"];
        all.extend(arguments);
        let output = place.shequ(&all);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
        assert!(output.stdout.is_empty());
    }
}
