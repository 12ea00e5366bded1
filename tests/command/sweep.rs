//! Sweeps lose nothing: killed, sharded, out of disk or stopped, they end in the same bytes.
//!
//! A small real file system for the test of a full disk is named by SHEQU_SMALL_DISK; `.ci/run` makes one.

use crate::folders::{assert_same, clear, files, fine, finished_in, killed, rows};
use crate::place;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use place::{Place, entries, text};
use shequ::experiment::execute::{KeepGoing, RunOne, Yield};
use shequ::experiment::file::{Experiment, Kind, Overrides};
use shequ::experiment::plan::{Row, Run};
use shequ::experiment::record::table::Form;
use shequ::experiment::study::{Settings, Study};
use shequ::experiment::sweep;
use shequ::model::base::rng::{CounterRng, Stream};

const BASE: &str = r#"
name = "Tiny"
months = 8
population.communities = 1
population.adults = 60

[[change]]
from = "2017-05"
outreach.home_visits = 0.2
"#;

const HEAD: &str = r#"
kind = "sweep"
name = "Swept"
name_zh = "试验"
scenario = "tiny.toml"
outcomes = ["participation", "awareness"]
"#;

/// 16 rows of four replicates, theories and a policy among what varies.
const SWEEP: &str = r#"
replicates = 4
window = ["whole", "2017-03..2017-06"]

[design]
method = "lhs"
points = 16

[vary]
"residents.word_of_mouth" = { low = 0.01, high = 0.1, log = true }
"theory.participation" = ["calculus", "threshold"]
"funding.decider" = ["street", "committee", "residents"]
"council.seats" = { low = 5, high = 15 }
"#;

fn swept(rest: &str) -> Place {
    Place::with(&[("tiny.toml", BASE), ("swept.toml", &format!("{HEAD}{rest}"))])
}

/// The same of one outcome over one window, so that drawing it takes little time.
fn small() -> Place {
    let place = swept("");
    let text = format!("{HEAD}{SWEEP}").replace(", \"awareness\"", "").replace(", \"2017-03..2017-06\"", "");
    place.write("swept.toml", &text);
    place
}

/// The files of the sweep when nothing disturbs it.
fn undisturbed(place: &Place) -> BTreeMap<PathBuf, Vec<u8>> {
    fine(place.shequ(&["sweep", "swept.toml", "--out", "calm", "-q"]));
    files(&place.results("calm"))
}

#[test]
fn a_sweep_ends_with_tables_pictures_and_a_summary() {
    let place = swept(SWEEP);
    let output = fine(place.shequ(&["sweep", "swept.toml"]));
    let (stdout, folder) = (text(&output.stdout), place.results("results"));
    assert!(stdout.contains("participation (%), whole run\nMean "), "{stdout}");
    assert!(stdout.contains(" theory.participation ") && !stdout.contains('\u{1b}'), "{stdout}");
    assert_eq!(text(&output.stderr), "64 runs: 16 rows, replicates 4\n");
    for picture in ["participation-whole", "awareness-2017-03-2017-06"] {
        for ending in ["svg", "png"] {
            assert!(folder.join(format!("plots/{picture}.{ending}")).is_file(), "{picture}");
        }
    }
    let runs = rows(&folder, "runs.csv");
    assert_eq!(runs.len(), 64);
    assert!(runs.iter().all(|run| run["status"] == "done" && run["message"].is_empty()));
    let design = rows(&folder, "design.csv");
    assert_eq!(runs[5]["council.seats"], design[1]["council.seats"]);
    assert_eq!(rows(&folder, "points.csv").len(), 16 * 4);
    // Five stretches of three keys would be more; words and few numbers are groups of their own.
    let effects = rows(&folder, "main_effects.csv");
    let of =
        |key: &str| effects.iter().filter(|row| row["parameter"] == key && row["window"] == "whole").count();
    assert_eq!((of("theory.participation"), of("funding.decider")), (2 * 2, 2 * 3));
    let chinese = fine(place.shequ(&["sweep", "swept.toml", "--force", "--lang", "zh"]));
    assert!(
        text(&chinese.stdout).contains("\n\n参与率, %（全程）\n16 个设计点均值"),
        "{}",
        text(&chinese.stdout)
    );
}

#[test]
fn keys_that_no_row_uses_are_named_and_have_no_numbers() {
    // The rows have one theory, another rule of trust and no council; two keys go together.
    let vary = "replicates = 2\n[design]\nmethod = \"list\"\n[vary]\n\
                \"theory.social.confidence\" = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3]\n\
                \"council.seats\" = [5, 6, 7, 7, 6, 5]\n\
                \"staff.count\" = [1, 1, 1, 9, 9, 9]\n\
                \"residents.word_of_mouth\" = [0.01, 0.01, 0.01, 0.1, 0.1, 0.1]\n";
    let place = swept(vary);
    let output = fine(place.shequ(&["sweep", "swept.toml"]));
    let said = "Not in force in any row, so without effect: theory.social.confidence, council.seats\n\
                Confounded by this design, so not estimated: staff.count, residents.word_of_mouth";
    assert!(text(&output.stdout).contains(said), "{}", text(&output.stdout));
    for row in rows(&place.results("results"), "main_effects.csv") {
        let expected = match row["parameter"].as_str() {
            "staff.count" => "confounded with residents.word_of_mouth",
            "residents.word_of_mouth" => "confounded with staff.count",
            _ => "not in force",
        };
        assert_eq!(row["status"], expected);
        assert!(row["effect"].is_empty() && row["variance_share"].is_empty() && row["p"].is_empty());
    }
}

#[test]
fn tables_and_pictures_have_the_same_bytes_for_any_number_of_threads() {
    let place = small();
    let expected = undisturbed(&place);
    for threads in ["1", "2", "5"] {
        fine(place.shequ(&["sweep", "swept.toml", "--threads", threads, "--out", threads, "-q"]));
        assert_same(&place, threads, &expected, threads);
    }
}

#[cfg(unix)]
#[test]
#[allow(clippy::disallowed_methods)] // A clock that spreads the moments; nothing is asserted of it.
fn fifty_kills_at_random_moments_change_no_byte() {
    let place = small();
    let begin = Instant::now();
    let expected = undisturbed(&place);
    let whole = begin.elapsed();
    let out = place.path().join("killed");
    let (mut kills, mut finished) = (0, 0);
    while kills < 50 {
        // Moments from the start of the program to the last table; those of one place add up.
        let share = CounterRng::new(9, kills).uniform(Stream::named("kill"), finished, 0, 0);
        let sweep = ["sweep", "swept.toml", "--out", "killed", "-q"];
        kills += u32::from(killed(&place, &sweep, whole.mul_f64(0.5 * share)));
        if finished_in(&out) {
            assert_same(&place, "killed", &expected, &format!("after {kills} kills"));
            fs::remove_dir_all(&out).unwrap();
            finished += 1;
        }
    }
    fine(place.shequ(&["sweep", "swept.toml", "--out", "killed", "-q"]));
    clear(&out);
    assert_same(&place, "killed", &expected, "at last");
}

#[test]
fn shards_in_any_order_put_together_are_the_whole() {
    let place = small();
    let expected = undisturbed(&place);
    // Each in a folder of its own, as on three machines.
    let mut folders = Vec::new();
    for (shard, threads) in [("3/3", "1"), ("1/3", "2"), ("2/3", "1")] {
        let out = format!("machine-{}", &shard[..1]);
        fine(place.shequ(&["sweep", "swept.toml", "--shard", shard, "--threads", threads, "--out", &out]));
        folders.push(place.results(&out).to_string_lossy().to_string());
        let missing = place.shequ(&["merge", &folders[0], "--out", "merged"]);
        assert_eq!(missing.status.code(), Some(1));
        assert!(text(&missing.stderr).contains("43 of 64 runs are missing; the journals are of shards 3/3"));
    }
    let folders: Vec<&str> = ["merge"].into_iter().chain(folders.iter().map(String::as_str)).collect();
    fine(place.shequ(&[&folders[..], &["--out", "merged"]].concat()));
    assert_same(&place, "merged", &expected, "merged");
    // In one folder, as on a cluster; the command without a shard sees what there is and does the rest.
    for shard in ["2/4", "4/4", "1/4"] {
        fine(place.shequ(&["sweep", "swept.toml", "--shard", shard, "--out", "one"]));
    }
    let rest = fine(place.shequ(&["sweep", "swept.toml", "--out", "one"]));
    assert!(text(&rest.stderr).starts_with("64 runs: 16 rows, replicates 4; 48 done before"));
    assert_same(&place, "one", &expected, "the rest");
}

#[test]
fn shards_of_another_experiment_are_refused() {
    let place = small();
    fine(place.shequ(&["sweep", "swept.toml", "--shard", "1/2", "--out", "a"]));
    fine(place.shequ(&["sweep", "swept.toml", "--shard", "2/2", "--out", "b", "--seed", "2"]));
    let (a, b) = (place.results("a"), place.results("b"));
    let output = place.shequ(&["merge", a.to_str().unwrap(), b.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is of another experiment"), "{}", text(&output.stderr));
    let nothing = place.shequ(&["merge", "nowhere"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("nowhere is not a folder of an experiment"));
    let shard = place.shequ(&["sweep", "swept.toml", "--shard", "3/2"]);
    assert_eq!(shard.status.code(), Some(2));
}

/// As many replicates as give a journal larger than any other file.
const MANY: &str = "--replicates=60";

/// Runs the sweep with files of at most `blocks` times 512 bytes, as a full disk would have it. The signal
/// that the system sends with the error is ignored, as it is not sent for a disk.
#[cfg(unix)]
fn with_little_room(place: &Place, blocks: u32) -> Output {
    let program = env!("CARGO_BIN_EXE_shequ");
    let line =
        format!("trap '' XFSZ; ulimit -f {blocks}; exec '{program}' sweep swept.toml {MANY} --out full -q");
    let mut shell = std::process::Command::new("sh");
    shell
        .current_dir(place.path())
        .env("SHEQU_LANG", "en")
        .args(["-c", &line])
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_stops_the_sweep_and_the_same_command_goes_on() {
    let place = small();
    fine(place.shequ(&["sweep", "swept.toml", MANY, "--out", "calm", "-q"]));
    let expected = files(&place.results("calm"));
    // The journal has no room for all runs; then for all but one table or picture.
    let largest = expected.values().map(Vec::len).max().unwrap() as u32;
    // The resolved scenario is written before the first run, so there must be room for it.
    let scenario = expected[Path::new("scenario.toml")].len() as u32 / 512 + 2;
    let kept = [(scenario, "finished runs are saved"), (scenario + 4, "saved")];
    for (blocks, what) in kept.into_iter().chain([((largest - 1) / 512, "write")]) {
        let output = with_little_room(&place, blocks);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains(what) && !stderr.contains("panicked"), "{stderr}");
        assert!(!entries(&place.path().join("full")).iter().any(|p| p.join("manifest.json").exists()));
    }
    let output = fine(place.shequ(&["sweep", "swept.toml", MANY, "--out", "full"]));
    assert!(text(&output.stderr).contains("960 done before"), "{}", text(&output.stderr));
    assert_same(&place, "full", &expected, "after a full disk");
}

#[test]
fn a_disk_that_is_really_full_is_met_in_the_same_way() {
    let Some(disk) = std::env::var_os("SHEQU_SMALL_DISK") else {
        return println!("skipped: SHEQU_SMALL_DISK names no small file system");
    };
    let place = small();
    let expected = undisturbed(&place);
    let disk = Path::new(&disk);
    let (ballast, out) = (disk.join("ballast"), disk.join("full"));
    let sweep = || place.shequ(&["sweep", "swept.toml", "--out", out.to_str().unwrap(), "-q"]);
    // The disk is met by the scenario, by the journal, by the tables and by the page.
    let scenario = expected[Path::new("scenario.toml")].len() as u64;
    let mut stopped = 0;
    for free in [scenario / 2, scenario + (6 << 10), 2 * scenario + (40 << 10), 2 * scenario + (300 << 10)] {
        let _ = fs::remove_file(&ballast);
        let mut file = fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut file, &[1; 1 << 12]).is_ok() {}
        let full = file.metadata().unwrap().len();
        file.set_len(full.saturating_sub(free)).unwrap();
        let output = sweep();
        let said = text(&output.stderr);
        stopped += usize::from(output.status.code() == Some(1));
        assert!(said.contains("No space left on device") || output.status.success(), "{said}");
        assert!(!said.contains("panicked"));
    }
    assert!(stopped >= 3, "the disk is too large for this test");
    fs::remove_file(&ballast).unwrap();
    fine(sweep());
    let found = files(&entries(&out)[0]);
    assert!(found == expected, "{:?}", found.keys());
    fs::remove_dir_all(&out).unwrap();
}

#[test]
fn a_run_that_fails_is_a_row_and_its_replay_fails_alike() {
    // A council decides that is not there: such rows contradict themselves.
    let vary = "replicates = 2\n[design]\nmethod = \"grid\"\n[vary]\n\"council.enabled\" = [false, true]\n\
                \"funding.decider\" = [\"street\", \"council\"]\n";
    let place = swept(vary);
    let output = place.shequ(&["sweep", "swept.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("2 of 8 runs failed"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("1 of 4 rows left out"), "{}", text(&output.stdout));
    let folder = place.results("results");
    let runs = rows(&folder, "runs.csv");
    let failed: Vec<_> = runs.iter().filter(|run| run["status"] == "failed").collect();
    assert_eq!(failed.len(), 2);
    assert!(failed.iter().all(|run| run["participation"].is_empty() && run["funding.decider"] == "council"));
    assert!(runs.iter().filter(|run| run["status"] == "done").all(|run| !run["participation"].is_empty()));
    let message = &failed[1]["message"];
    let (words, command) = message.split_once("; again by: shequ ").unwrap_or_else(|| panic!("{message}"));
    assert!(command.ends_with("--set funding.decider=council --replicate 1"), "{command}");
    let arguments: Vec<&str> = command.split(' ').collect();
    let mut again = place.command(&arguments);
    let again = again.current_dir(&folder).output().unwrap();
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains(words), "{words}: {}", text(&again.stderr));
    let status = fine(place.shequ(&["status", folder.to_str().unwrap()]));
    assert_eq!(text(&status.stdout), "done: 6\nfailed: 2\nmissing: 0\nstate: finished\n");
}

#[test]
fn the_command_that_replays_a_run_gives_its_numbers() {
    let arm = "[[arm]]\nname = \"Visits\"\nset = { \"outreach.home_visits\" = 0.1 }\n";
    let place = swept(&format!("{SWEEP}{arm}"));
    fine(place.shequ(&["sweep", "swept.toml", "-q"]));
    let folder = place.results("results");
    let overrides = Overrides::default();
    let experiment =
        Experiment::load(&folder.join("experiment.toml"), Some(Kind::Sweep), &overrides).unwrap();
    let study = Study::new(&experiment);
    let runs = rows(&folder, "runs.csv");
    for (row, replicate) in [(3, 2), (16, 0)] {
        let command = study.rows[row].command(replicate);
        let arguments: Vec<&str> = command.split(' ').skip(1).chain(["-q", "--out", "again"]).collect();
        fine(place.command(&arguments).current_dir(&folder).output().unwrap());
        let again = folder.join("again");
        let months = rows(&entries(&again)[0], "monthly.csv");
        assert!(months.len() == 8 && months.iter().all(|month| month["replicate"] == replicate.to_string()));
        let mean = |months: &[BTreeMap<String, String>]| {
            months.iter().map(|m| m["participation"].parse::<f64>().unwrap()).sum::<f64>()
                / months.len() as f64
        };
        let run = &runs[row * 4 + replicate as usize];
        assert_eq!(run["arm"], ["Tiny", "Visits"][row % 2]);
        assert_eq!(run["participation@whole"].parse::<f64>().unwrap(), mean(&months), "{command}");
        assert_eq!(run["participation@2017-03..2017-06"].parse::<f64>().unwrap(), mean(&months[2..6]));
        fs::remove_dir_all(&again).unwrap();
    }
}

/// The tables of a study whose runs are done by `run_one`.
fn tables(study: &Study, run_one: &RunOne, threads: usize) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { threads, ..Settings::default() };
    let result = study.complete_with(folder.path(), &settings, run_one).unwrap();
    let mut written = Vec::new();
    for table in sweep::tables(study, &result) {
        let mut bytes = Vec::new();
        table.write(Form::Csv, &mut bytes).unwrap();
        written.push(text(&bytes));
    }
    written
}

#[test]
fn a_run_that_panics_spoils_no_other() {
    let place = swept(SWEEP);
    let experiment =
        Experiment::load(&place.path().join("swept.toml"), Some(Kind::Sweep), &Overrides::default()).unwrap();
    let study = Study::new(&experiment);
    let value = |run: Run| f64::from(run.row) + 0.25 * f64::from(run.replicate);
    let calm = |_: &Row, run: Run, _: &KeepGoing| {
        Some(Ok(Yield { values: vec![value(run); 4], ..Yield::default() }))
    };
    let broken = |row: &Row, run: Run, keep_going: &KeepGoing| match (run.row, run.replicate) {
        (7, 1) => panic!("no\nresidents"),
        _ => calm(row, run, keep_going),
    };
    let (expected, found) = (tables(&study, &calm, 2), tables(&study, &broken, 2));
    let differ = |a: &str, b: &str| a.lines().zip(b.lines()).filter(|(a, b)| a != b).count();
    assert_eq!(differ(&expected[0], &found[0]), 1, "the run itself");
    assert_eq!(differ(&expected[1], &found[1]), 4, "its row, for two outcomes and two windows");
    let failed = found[0].lines().find(|line| line.contains("failed")).unwrap();
    assert!(
        failed.starts_with("7,1,failed,no residents; again by: shequ run scenario.toml --set"),
        "{failed}"
    );
}

#[test]
fn a_sweep_runs_replicates_until_every_row_is_known_well_enough() {
    let rule = "replicates = { until = \"participation < 0.004\", max = 100 }\n[design]\nmethod = \"list\"\n[vary]\n\
                \"residents.word_of_mouth\" = [0.01, 0.1]\n\"population.adults\" = [2000, 10]\n";
    let place = swept(rule);
    let said = fine(place.shequ(&["sweep", "swept.toml"]));
    let first = "60 runs: 2 rows, replicates until participation < 0.004, at most 100\n";
    assert!(text(&said.stderr).starts_with(first), "{}", text(&said.stderr));
    let points = rows(&place.results("results"), "points.csv");
    let of = |row: &str| {
        points.iter().find(|p| p["design_row"] == row && p["outcome"] == "participation").unwrap()
    };
    let half = |p: &BTreeMap<String, String>| {
        (p["ci95_high"].parse::<f64>().unwrap() - p["ci95_low"].parse::<f64>().unwrap()) / 2.0
    };
    // Few residents are less alike: that row needs more replicates, and none is run that is not needed.
    let (many, few): (u32, u32) = (of("0")["n"].parse().unwrap(), of("1")["n"].parse().unwrap());
    assert_eq!(many, 30);
    assert!(few > 30 && (half(of("1")) < 0.004 || few == 100), "{few}");
    assert!(of("1")["method"].ends_with("adjusted for skewness and stopping"), "{}", of("1")["method"]);
    // Shards wait for each other at the end of each round, and the last of a round goes on with the next.
    let shard = |which: &str| fine(place.shequ(&["sweep", "swept.toml", "--shard", which, "--out", "b"]));
    let said = text(&shard("1/2").stderr);
    assert!(said.contains("the round of 30 replicates waits for the other shards"), "{said}");
    for which in ["2/2", "1/2"].repeat(6) {
        shard(which);
    }
    fine(place.shequ(&["merge", place.results("b").to_str().unwrap(), "-q"]));
    let runs = |out: &str| fs::read(place.results(out).join("runs.csv")).unwrap();
    assert_eq!(runs("b"), runs("results"));
}

/// A sweep that takes long, once it has finished some runs.
#[cfg(unix)]
fn under_way(place: &Place) -> std::process::Child {
    let long = ["sweep", "swept.toml", "--set", "months=24", "--replicates", "100000", "--threads", "1"];
    let mut command = place.command(&long);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let journal = || {
        let folder = place.path().join("results").read_dir().ok()?.next()?.ok()?.path();
        Some(folder.join("journal-1-of-1.txt").metadata().ok()?.len())
    };
    while journal().is_none_or(|length| length < 2_000) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_finished_and_status_tells_how_far_it_is() {
    let place = small();
    let child = under_way(&place);
    let folder = place.results("results");
    let status = text(&fine(place.shequ(&["status", folder.to_str().unwrap()])).stdout);
    let number = |name: &str| {
        let line =
            status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{status}"));
        line.trim().parse::<u64>().unwrap()
    };
    assert!(number("done:") > 0 && number("failed:") == 0, "{status}");
    assert_eq!(number("done:") + number("missing:"), 1_600_000, "{status}");
    assert!(status.contains("runs a") && status.contains(" left; last written "), "{status}");
    let second = place.shequ(&["sweep", "swept.toml", "--set", "months=24", "--replicates", "100000"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(text(&second.stderr).contains("another process is working there"), "{}", text(&second.stderr));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("the same command resumes"));
    assert_eq!(entries(&place.path().join("results")), std::slice::from_ref(&folder), "no draft is left");
    let after = text(&fine(place.shequ(&["status", folder.to_str().unwrap(), "--lang", "zh"])).stdout);
    assert!(after.starts_with("完成: "), "{after}");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let place = small();
    for arguments in [&["sweep", "swept.toml"][..], &["schema", "--experiment"]] {
        let mut child =
            place.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = fine(child.wait_with_output().unwrap());
        assert!(!text(&output.stderr).contains("panicked"));
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_a_clear_error() {
    let place = swept(SWEEP);
    place.write("file", "");
    let output = place.shequ(&["sweep", "swept.toml", "--out", "file"]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = text(&output.stderr);
    assert!(stderr.contains("file") && stderr.contains("--out") && !stderr.contains("panicked"), "{stderr}");
}

#[test]
fn a_bad_experiment_runs_nothing_and_writes_nothing() {
    let place = swept("[design]\nmethod = \"grid\"\n[vary]\n\"council.seat\" = [5, 7]\n");
    let output = place.shequ(&["sweep", "swept.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    assert!(
        stderr.contains("swept.toml:10:1") && stderr.contains("did you mean `council.seats`?"),
        "{stderr}"
    );
    assert!(!place.path().join("results").exists());
}

#[test]
fn finished_results_are_kept_unless_forced() {
    let place = small();
    let quiet = fine(place.shequ(&["sweep", "swept.toml", "--quiet"]));
    let folder = place.results("results");
    let name = folder.file_name().unwrap().to_string_lossy().to_string();
    assert_eq!((text(&quiet.stdout), text(&quiet.stderr)), (format!("results/{name}\n"), String::new()));
    let before = fs::read(folder.join("manifest.json")).unwrap();
    let again = fine(place.shequ(&["sweep", "swept.toml"]));
    assert!(text(&again.stderr).contains("exists already"), "{}", text(&again.stderr));
    assert_eq!(fs::read(folder.join("manifest.json")).unwrap(), before);
    fine(place.shequ(&["sweep", "swept.toml", "--force", "-q"]));
    assert_ne!(fs::read(folder.join("manifest.json")).unwrap(), before);
    // The folder holds all that is needed to run the experiment again, and gives it the same name.
    let inside = place
        .command(&["sweep", "experiment.toml", "--out", "../../again", "-q"])
        .current_dir(&folder)
        .output();
    fine(inside.unwrap());
    assert_eq!(place.results("again").file_name(), folder.file_name());
    let mut expected = files(&folder);
    // Where values come from is another file now; nothing else is.
    let scenario = Path::new("scenario.toml");
    expected.insert(scenario.into(), fs::read(place.results("again").join(scenario)).unwrap());
    assert_same(&place, "again", &expected, "from its own folder");
}

#[test]
fn designs_from_elsewhere_are_read_as_they_are() {
    let place = swept("[design]\nmethod = \"csv\"\nfile = \"design.csv\"\n");
    place.write("design.csv", "council.seats,theory.participation\n5,threshold\n7,calculus\n");
    fine(place.shequ(&["sweep", "swept.toml", "--replicates", "1", "--out", "a", "-q"]));
    let runs = rows(&place.results("a"), "runs.csv");
    assert_eq!(
        (runs[1]["council.seats"].as_str(), runs[0]["theory.participation"].as_str()),
        ("7", "threshold")
    );
    // SALib's: numpy.savetxt of a sample, and the parameter file that it was made from.
    let files = "[design]\nmethod = \"csv\"\nfile = \"sample.txt\"\nparameters = \"parameters.txt\"\n";
    place.write("swept.toml", &format!("{HEAD}replicates = 1\n{files}"));
    place.write("parameters.txt", "residents.word_of_mouth 0.01 0.1\ncouncil.seats 5 15\n");
    place.write("sample.txt", "2.500000000000000000e-02 7.400000000000000000e+00\n5e-02 1.2e+01\n");
    fine(place.shequ(&["sweep", "swept.toml", "--out", "b", "-q"]));
    let runs = rows(&place.results("b"), "runs.csv");
    let row = |k: usize| (runs[k]["residents.word_of_mouth"].as_str(), runs[k]["council.seats"].as_str());
    assert_eq!((row(0), row(1)), (("0.025", "7"), ("0.05", "12")));
}

#[test]
fn runs_depend_on_seed_replicate_and_model_and_not_on_the_design() {
    let alone = "replicates = 2\n[design]\nmethod = \"list\"\n[vary]\n\"council.seats\" = [9]\n";
    let among = "replicates = 3\n[design]\nmethod = \"grid\"\n[vary]\n\"council.seats\" = [5, 7, 9]\n";
    let of_nine = |rest: &str| {
        let place = swept(rest);
        fine(place.shequ(&["sweep", "swept.toml", "-q"]));
        let runs = rows(&place.results("results"), "runs.csv").into_iter();
        let nine = runs.filter(|run| run["council.seats"] == "9").take(2);
        nine.map(|run| run["participation"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of_nine(alone), of_nine(among));
}
