//! Folders full of other people's files: every command leaves them as they are, believes nothing that was changed
//! since it was written, and mends what a killed one left.
//!
//! `tests/faults/inject.py` adds a fault at every system call, which takes longer.

use crate::{place, sources};

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use place::{Place, entries};

const TINY: &str =
    "name = \"Tiny\"\nmonths = 2\nreplicates = 2\npopulation.communities = 1\npopulation.adults = 20\n";

const SWEPT: &str = r#"
kind = "sweep"
name = "Swept"
scenario = "tiny.toml"
outcomes = ["participation"]
replicates = 2
window = "whole"
[design]
method = "grid"
levels = 2
[vary]
"funding.base" = { low = 1, high = 2 }
"#;

const RUN: [&str; 4] = ["run", "tiny.toml", "--threads", "1"];
const SWEEP: [&str; 4] = ["sweep", "swept.toml", "--threads", "1"];

fn place() -> Place {
    Place::with(&[("tiny.toml", TINY), ("swept.toml", SWEPT)])
}

/// What stands at a path: the bytes of a file, where a link leads, or what else it is.
fn state(path: &Path) -> Vec<u8> {
    let about = path.symlink_metadata().unwrap();
    let kind = about.file_type();
    match () {
        () if kind.is_symlink() => fs::read_link(path).unwrap().as_os_str().as_bytes().to_vec(),
        () if kind.is_dir() => b"folder".to_vec(),
        () if kind.is_fifo() => b"pipe".to_vec(),
        () => fs::read(path).unwrap(),
    }
}

/// Everything below a folder, by path.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut folders, mut found) = (vec![folder.to_path_buf()], BTreeMap::new());
    while let Some(inner) = folders.pop() {
        for path in entries(&inner) {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path.clone());
            }
            found.insert(path.clone(), state(&path));
        }
    }
    found
}

/// What the command does, which must end and not by a panic.
fn run(place: &Place, arguments: &[&OsStr]) -> Output {
    let mut command = place.command(&[]);
    let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut waited = 0;
    while child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(20));
        waited += 1;
        if waited == 3_000 {
            child.kill().unwrap();
            panic!("{arguments:?} hangs");
        }
    }
    let output = child.wait_with_output().unwrap();
    let said = said(&output);
    assert!(
        matches!(output.status.code(), Some(0..=2)) && !said.contains("panicked"),
        "{arguments:?}: {said}"
    );
    output
}

fn shequ(place: &Place, arguments: &[&str]) -> Output {
    run(place, &arguments.iter().map(OsStr::new).collect::<Vec<_>>())
}

fn fine(output: Output) -> Output {
    assert!(output.status.success(), "{}", said(&output));
    output
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// Asserts that the command refuses, names all of `words` and touches nothing.
fn assert_refused(place: &Place, arguments: &[&str], words: &[&str]) {
    let before = tree(place.path());
    let output = shequ(place, arguments);
    let said = said(&output);
    assert!(!output.status.success(), "{arguments:?}: {said}");
    words.iter().for_each(|word| assert!(said.contains(word), "{arguments:?}, {word}: {said}"));
    assert!(tree(place.path()) == before, "{arguments:?} touched something: {said}");
}

/// The folder of the sweep under way, one of whose shards is done.
fn under_way(place: &Place) -> PathBuf {
    fine(shequ(place, &[&SWEEP[..], &["--shard", "1/2", "-q"]].concat()));
    place.results("results")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn merge_takes_no_folder_that_this_program_did_not_make() {
    let place = place();
    let folder = under_way(&place);
    fine(shequ(&place, &[&SWEEP[..], &["--shard", "2/2", "-q"]].concat()));
    fs::create_dir(place.path().join("project")).unwrap();
    for (name, text) in [("thesis-data.csv", "precious"), ("experiment.toml", SWEPT), ("tiny.toml", TINY)] {
        fs::write(place.path().join("project").join(name), text).unwrap();
    }
    assert_refused(
        &place,
        &["merge", text(&folder), "project"],
        &["project is not a folder of an experiment"],
    );
    // A ledger alone makes nobody's folder ours.
    fs::copy(folder.join("ledger.txt"), place.path().join("project/ledger.txt")).unwrap();
    assert_refused(&place, &["merge", text(&folder), "project"], &["project", "thesis-data.csv"]);
    // Nor are finished results a folder under way: no lock is left in them.
    fine(shequ(&place, &["merge", text(&folder), "-q"]));
    let finished = place.results("results");
    assert_refused(&place, &["merge", text(&finished)], &["is not a folder of an experiment"]);
}

#[test]
fn something_foreign_in_a_folder_under_way_stops_every_act_before_it_starts() {
    for (name, is_there) in [
        ("notes.txt", false),
        ("experiment.toml", true),
        ("scenario.toml", true),
        ("design.csv", true),
        ("ledger.txt", true),
        ("journal-1-of-2.txt", true),
        ("journal-1-of-1.txt", false),
        ("lock", true),
        ("lock-journal-1-of-1.txt", false),
    ] {
        let place = place();
        let folder = under_way(&place);
        let (target, path) = (place.path().join("precious"), folder.join(name));
        let bytes = if is_there { fs::read(&path).unwrap() } else { b"mine".to_vec() };
        assert_eq!(path.exists(), is_there, "{name}");
        fs::write(&target, &bytes).unwrap();
        for kind in ["link", "dangling link", "file"] {
            let _ = fs::remove_file(&path);
            match kind {
                "link" => symlink(&target, &path).unwrap(),
                "dangling link" => symlink("nowhere", &path).unwrap(),
                _ => fs::write(&path, [&b"mine\n"[..], &bytes].concat()).unwrap(),
            }
            let shard = [&SWEEP[..], &["--shard", "2/2"]].concat();
            let forced = [&SWEEP[..], &["--force"]].concat();
            let merge = ["merge", text(&folder)];
            for arguments in [&SWEEP[..], &shard, &forced, &merge] {
                assert_refused(&place, arguments, &[]);
            }
            assert_eq!(fs::read(&target).unwrap(), bytes, "{name}, {kind}");
        }
    }
}

#[test]
fn links_in_place_of_folders_and_results_are_not_followed() {
    let place = place();
    let folder = under_way(&place);
    let elsewhere = place.path().join("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    symlink(&elsewhere, &folder).unwrap();
    assert_refused(&place, &SWEEP, &[]);
    assert_refused(&place, &["merge", text(&folder)], &[]);
    fs::remove_file(&folder).unwrap();
    // The same of the name of finished results, which somebody may have moved to another disk.
    fine(shequ(&place, &[&RUN[..], &["-q", "--out", "disk"]].concat()));
    let finished = place.results("disk");
    let link = place.path().join("results").join(finished.file_name().unwrap());
    symlink(&finished, &link).unwrap();
    for arguments in [&RUN[..], &[&RUN[..], &["--force"]].concat()] {
        assert_refused(&place, arguments, &["left unchanged"]);
    }
}

#[test]
fn finished_results_with_notes_or_changes_are_never_replaced() {
    for (command, changed) in [(RUN, "monthly.csv"), (SWEEP, "runs.csv")] {
        let place = place();
        fine(shequ(&place, &[&command[..], &["-q"]].concat()));
        let folder = place.results("results");
        let forced = [&command[..], &["--force"]].concat();
        fs::write(folder.join("notes.txt"), "precious").unwrap();
        assert_refused(&place, &forced, &["notes.txt", "left unchanged"]);
        fs::remove_file(folder.join("notes.txt")).unwrap();
        fs::create_dir(folder.join("mine")).unwrap();
        assert_refused(&place, &forced, &["mine"]);
        fs::remove_dir(folder.join("mine")).unwrap();
        let bytes = fs::read(folder.join(changed)).unwrap();
        fs::write(folder.join(changed), [&bytes[..], b"\n"].concat()).unwrap();
        assert_refused(&place, &forced, &[changed]);
        fs::write(folder.join(changed), &bytes).unwrap();
        fine(shequ(&place, &forced));
    }
}

#[test]
fn what_was_changed_since_it_was_written_is_believed_by_no_command() {
    for (command, changed) in [(RUN, "summary.csv"), (SWEEP, "design.csv"), (SWEEP, "manifest.json")] {
        let place = place();
        fine(shequ(&place, &[&command[..], &["-q"]].concat()));
        let folder = place.results("results");
        let path = folder.join(changed);
        let good = fs::read_to_string(&path).unwrap();
        fs::write(&path, good.replacen(|c: char| c.is_ascii_digit() && c != '9', "9", 1)).unwrap();
        for arguments in [
            &command[..],
            &["report", text(&folder)],
            &["reproduce", text(&folder)],
            &["status", text(&folder)],
        ] {
            assert_refused(&place, arguments, &[changed, "changed"]);
        }
        // A reader may insist, and is told so on the page; what was changed stays so, and stays unbelieved.
        fine(shequ(&place, &["report", text(&folder), "--changed"]));
        let page = fs::read_to_string(folder.join("report.html")).unwrap();
        assert!(page.contains("Based on files that were modified after they were written"));
        assert_refused(&place, &["status", text(&folder)], &["manifest.json", "changed"]);
    }
}

#[test]
fn a_report_or_a_picture_may_be_deleted_but_one_that_was_edited_is_not_overwritten() {
    let place = place();
    fine(shequ(&place, &[&RUN[..], &["-q"]].concat()));
    let folder = place.results("results");
    let (page, before) = (folder.join("report.html"), tree(&folder));
    fs::remove_file(&page).unwrap();
    fs::remove_dir_all(folder.join("plots")).unwrap();
    fine(shequ(&place, &["status", text(&folder)]));
    fine(shequ(&place, &["report", text(&folder)]));
    fine(shequ(&place, &["reproduce", text(&folder)]));
    assert!(tree(&folder).keys().eq(before.keys()));
    fs::write(&page, "my own words").unwrap();
    assert_refused(&place, &["report", text(&folder), "--changed"], &["report.html"]);
    // A folder of pictures that is a link is not written into.
    fs::remove_file(&page).unwrap();
    let pictures = place.path().join("pictures");
    fs::rename(folder.join("plots"), &pictures).unwrap();
    symlink(&pictures, folder.join("plots")).unwrap();
    let before = tree(&pictures);
    shequ(&place, &["report", text(&folder), "--changed"]);
    assert_eq!(tree(&pictures), before);
}

#[test]
fn strangers_in_results_are_named_by_reproduce_and_never_read() {
    let place = place();
    fine(shequ(&place, &[&RUN[..], &["-q", "--format", "parquet"]].concat()));
    let folder = place.results("results");
    for name in ["monthly.csv", "experiment.toml", "seats.csv"] {
        fs::write(folder.join(name), "mine").unwrap();
    }
    let output = fine(shequ(&place, &["reproduce", text(&folder)]));
    assert!(said(&output).contains("not written by this program: experiment.toml, monthly.csv, seats.csv"));
    fine(shequ(&place, &["report", text(&folder)]));
    assert!(said(&fine(shequ(&place, &RUN))).contains("participation"));
}

#[test]
fn no_number_of_a_file_is_an_allocation_and_no_table_a_panic() {
    let place = place();
    // Long enough for a project to be decided on.
    fine(shequ(&place, &[&RUN[..], &["-q", "--out", "run", "--set", "months=9"]].concat()));
    fine(shequ(&place, &[&SWEEP[..], &["-q", "--out", "sweep"]].concat()));
    let folders = [place.results("run"), place.results("sweep")];
    for (folder, tables) in folders.iter().zip([
        &["monthly.csv", "summary.csv", "groups.csv", "communities.csv", "changes.csv", "projects.csv"][..],
        &["runs.csv", "points.csv", "main_effects.csv", "design.csv", "warnings.csv"],
    ]) {
        for table in tables {
            let path = folder.join(table);
            let good = fs::read_to_string(&path).unwrap();
            let (head, rest) = good.split_once('\n').unwrap();
            let first = head.split_once(',').map_or(head, |(first, _)| first);
            let without_first = |line: &str| line.split_once(',').map_or("", |(_, rest)| rest).to_string();
            let cut: Vec<String> = good.lines().map(without_first).collect();
            let bad: Vec<Vec<u8>> = vec![
                Vec::new(),
                format!("{head}\n").into(),
                cut.join("\n").into(),
                rest.into(),
                good.replacen(first, "x", 1).into(),
                good.replace(",0,", ",900000000000000,").into(),
                good.replace(",1,", ",-4000000000,").into(),
                good.replace("\n0,", "\n4000000000,").into(),
                good.replace(',', ",NaN").into(),
                good.replace("0.", "word").into(),
                format!("{good}{}\n", ",".repeat(1_000)).into(),
                [good.as_bytes(), b"\xff\xfe\x00,,,"].concat(),
                good.lines().take(2).collect::<Vec<_>>().join("\n").into(),
                good.replacen('\n', &format!("\n{}", "9".repeat(1_000_000)), 1).into(),
            ];
            for bytes in bad {
                fs::write(&path, bytes).unwrap();
                shequ(&place, &["report", text(folder), "--changed", "-q"]);
                for made in ["report.html", "manifest.json"] {
                    assert!(folder.join(made).is_file(), "{table}");
                }
            }
            fs::write(&path, &good).unwrap();
        }
        let path = folder.join("manifest.json");
        let good = fs::read_to_string(&path).unwrap();
        let unsealed = good.rsplit_once(",\n  \"seal\"").unwrap().0.to_string() + "\n}\n";
        let unsealed = unsealed.replace("  \"changed\": true,\n", "");
        for (from, to) in [
            ("\"replicates\": 2", "\"replicates\": 4000000000"),
            ("\"replicates\": 2", "\"first_replicate\": 4294967295, \"replicates\": 1"),
            ("\"done\": 4", "\"done\": 18446744073709551615"),
            ("\"name\": \"report.html\"", "\"name\": \"../../tiny.toml\""),
            ("\"size\": ", "\"size\": 1844674407370955161"),
            ("\"scenario_hash\": \"", "\"scenario_hash\": \"\u{661f}"),
        ] {
            for text_of in [&good, &unsealed] {
                fs::write(&path, text_of.replacen(from, to, 1)).unwrap();
                for command in ["status", "reproduce", "report"] {
                    let before = fs::read(place.path().join("tiny.toml")).unwrap();
                    shequ(&place, &[command, text(folder)]);
                    assert_eq!(fs::read(place.path().join("tiny.toml")).unwrap(), before);
                }
                shequ(&place, &["report", text(folder), "--changed"]);
            }
        }
        fs::write(&path, &good).unwrap();
    }
}

#[test]
fn damaged_records_are_named_and_run_again() {
    let place = place();
    fine(shequ(&place, &[&SWEEP[..], &["-q", "--out", "calm"]].concat()));
    let calm = fs::read(place.results("calm").join("runs.csv")).unwrap();
    let journal = under_way(&place).join("journal-1-of-2.txt");
    let good = fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    // The line that says who began is of no importance; a record of which a digit was changed is.
    let (began, record) = (lines[2], lines[3]);
    let changed = record.replace("\"row\":0", "\"row\":7");
    assert_ne!(changed, record);
    fs::write(&journal, good.replace(began, "").replace(record, &changed)).unwrap();
    let output = fine(shequ(&place, &SWEEP));
    assert!(said(&output).contains("1 damaged lines") && said(&output).contains("journal-1-of-2.txt:3"));
    assert_eq!(fs::read(place.results("results").join("runs.csv")).unwrap(), calm);
}

#[test]
fn the_runs_of_another_experiment_never_become_tables() {
    let place = place();
    let folder = under_way(&place);
    let other = SWEPT.replace("high = 2", "high = 900000");
    place.write("other.toml", &other);
    let shard = ["--shard", "1/2", "-q", "--out"];
    fine(shequ(&place, &[&["sweep", "other.toml"][..], &shard, &["other"]].concat()));
    let theirs = fs::read_to_string(place.results("other").join("journal-1-of-2.txt")).unwrap();
    let journal = folder.join("journal-1-of-2.txt");
    let own = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, &theirs).unwrap();
    assert_refused(&place, &SWEEP, &["journal-1-of-2.txt"]);
    // Under this experiment's first line they are damaged.
    let head = |text: &str| text.split_once('\n').unwrap().0.to_string();
    fs::write(&journal, theirs.replace(&head(&theirs), &head(&own))).unwrap();
    assert!(said(&fine(shequ(&place, &SWEEP))).contains("damaged lines"));
    fine(shequ(&place, &[&SWEEP[..], &["--out", "calm", "-q"]].concat()));
    let runs = |out: &str| fs::read(place.results(out).join("runs.csv")).unwrap();
    assert_eq!(runs("results"), runs("calm"));
}

/// Copies a folder and all in it.
fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
}

#[test]
fn work_that_a_killed_process_left_beside_its_results_is_removed_and_other_work_is_not() {
    let place = place();
    let folder = under_way(&place);
    let kept = place.path().join("kept");
    copy(&folder, &kept);
    fine(shequ(&place, &[&SWEEP[..], &["-q"]].concat()));
    copy(&kept, &folder);
    fine(shequ(&place, &[&SWEEP[..], &["-q"]].concat()));
    let finished = place.results("results");
    // By merge as well, whose folders may be gone in part.
    copy(&kept, &folder);
    let gone = place.path().join("gone/swept.partial");
    fine(shequ(&place, &["merge", text(&folder), text(&gone), "-q"]));
    assert_eq!(place.results("results"), finished);
    // The shards of a sweep that is to replace the results are not of them.
    fine(shequ(&place, &[&SWEEP[..], &["--shard", "1/2", "--force", "-q"]].concat()));
    fine(shequ(&place, &[&SWEEP[..], &["-q"]].concat()));
    assert!(folder.join("journal-1-of-2.txt").exists());
}

/// The name of a folder that a process which is no more made for `name`.
fn of_the_dead(place: &Place, name: &str) -> String {
    // That of a running one, which began at another time.
    let made = fs::read_to_string(under_way(place).join("ledger.txt")).unwrap();
    let id = made.split("\"id\":\".").nth(1).unwrap().split('"').next().unwrap();
    let tag = id.rsplit_once('.').unwrap().1;
    fs::remove_dir_all(place.path().join("results")).unwrap();
    format!(".{name}.{tag}")
}

#[test]
fn finished_results_that_a_killed_process_left_without_a_name_get_it_back() {
    let place = place();
    fine(shequ(&place, &[&RUN[..], &["-q", "--out", "calm"]].concat()));
    let calm = place.results("calm");
    let name = calm.file_name().unwrap().to_str().unwrap();
    let left = of_the_dead(&place, name);
    let out = place.path().join("results");
    fs::create_dir(&out).unwrap();
    copy(&calm, &out.join(&left));
    let output = fine(shequ(&place, &RUN));
    assert!(said(&output).contains("exists already"), "{}", said(&output));
    assert_eq!(tree(&place.results("results")).len(), tree(&calm).len());
    // If the name is taken it is removed, be it in part already; but not with somebody's notes in it.
    copy(&calm, &out.join(&left));
    fs::remove_file(out.join(&left).join("monthly.csv")).unwrap();
    fine(shequ(&place, &RUN));
    place.results("results");
    copy(&calm, &out.join(&left));
    fs::write(out.join(&left).join("notes.txt"), "precious").unwrap();
    assert!(said(&fine(shequ(&place, &RUN))).contains("was left unchanged"));
    assert_eq!(fs::read(out.join(&left).join("notes.txt")).unwrap(), b"precious");
}

#[test]
fn a_live_run_whose_folder_is_taken_away_ends_with_an_error_and_no_results() {
    let place = place();
    let long = ["run", "tiny.toml", "--set", "months=1200", "--set", "population.adults=3000"];
    let mut child = place.command(&long).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let results = place.path().join("results");
    let made = || {
        results
            .read_dir()
            .ok()?
            .find_map(|entry| Some(entry.ok()?.path()).filter(|p| p.join("journal-1-of-1.txt").exists()))
    };
    let left = loop {
        match made() {
            Some(left) => break left,
            None => assert!(child.try_wait().unwrap().is_none()),
        }
    };
    fs::remove_dir_all(left).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(entries(&results).is_empty());
}

/// A folder of things that no command should stumble over, or touch.
fn hostile(place: &Place) -> Vec<PathBuf> {
    let folder = place.path().join("theirs");
    fs::create_dir(&folder).unwrap();
    let names: [&[u8]; 5] = [b"-rf", b"a\nb", b"\x1b[31mred", b"not utf-8 \xff", b"=cmd"];
    let mut paths: Vec<PathBuf> = names.iter().map(|name| folder.join(OsStr::from_bytes(name))).collect();
    for path in &paths {
        fs::create_dir(path).unwrap();
        for name in ["precious", "manifest.json", "ledger.txt", "experiment.toml", "scenario.toml", "lock"] {
            fs::write(path.join(name), "mine").unwrap();
        }
    }
    for (name, target) in
        [("loop", "loop"), ("dangling", "nowhere"), ("to-folder", "-rf"), ("to-file", "=cmd/precious")]
    {
        symlink(target, folder.join(name)).unwrap();
        paths.push(folder.join(name));
    }
    let pipes = folder.join("pipes");
    fs::create_dir(&pipes).unwrap();
    for name in ["manifest.json", "ledger.txt", "experiment.toml", "lock", "journal-1-of-1.txt"] {
        assert!(Command::new("mkfifo").arg(pipes.join(name)).status().unwrap().success());
    }
    paths.extend([pipes.clone(), pipes.join("lock")]);
    paths
}

#[test]
fn a_hostile_folder_survives_every_command() {
    let place = place();
    let paths = hostile(&place);
    let theirs = place.path().join("theirs");
    let before = tree(&theirs);
    for path in &paths {
        let is_pipe = path.symlink_metadata().unwrap().file_type().is_fifo();
        let path = path.as_os_str();
        for command in ["report", "reproduce", "status", "merge"] {
            run(&place, &[OsStr::new(command), OsStr::new("--"), path]);
        }
        run(
            &place,
            &["report", "--changed", "--"].map(OsStr::new).into_iter().chain([path]).collect::<Vec<_>>(),
        );
        // Scenario files may be pipes: that is how a shell hands over what a command prints.
        for command in ["check", "run", "compare", "contest", "sweep", "sensitivity", "validate", "explain"] {
            if !is_pipe {
                run(&place, &[OsStr::new(command), OsStr::new("--"), path]);
            }
        }
        if !is_pipe {
            run(
                &place,
                &["trace", "--resident", "0", "--"]
                    .map(OsStr::new)
                    .into_iter()
                    .chain([path])
                    .collect::<Vec<_>>(),
            );
        }
        assert!(tree(&theirs) == before, "{path:?}");
    }
    // What is made among their files stands beside them.
    for path in &paths {
        let path = path.as_os_str();
        run(&place, &[OsStr::new("new"), OsStr::new("mine"), OsStr::new("--dir"), path]);
        for command in [RUN, SWEEP] {
            let arguments =
                command.iter().map(OsStr::new).chain([OsStr::new("--out"), path, OsStr::new("-q")]);
            run(&place, &arguments.collect::<Vec<_>>());
        }
        assert!(before.iter().all(|(path, bytes)| state(path) == *bytes), "{path:?}");
    }
}

#[test]
fn new_writes_over_a_file_when_asked_to_and_over_nothing_else() {
    let place = place();
    let target = place.path().join("precious");
    fs::write(&target, "mine").unwrap();
    symlink(&target, place.path().join("council.toml")).unwrap();
    symlink("nowhere", place.path().join("dangling.toml")).unwrap();
    fs::create_dir(place.path().join("folder.toml")).unwrap();
    for name in ["council", "dangling", "folder"] {
        assert_refused(&place, &["new", name, "--force"], &[]);
        assert_refused(&place, &["new", name], &["exists already"]);
    }
    assert_refused(&place, &["new", "tiny"], &["exists already"]);
    fine(shequ(&place, &["new", "tiny", "--force"]));
    assert_ne!(fs::read_to_string(place.path().join("tiny.toml")).unwrap(), TINY);
}

#[test]
fn the_program_writes_and_removes_through_one_module() {
    let ways = [
        "fs::write",
        "File::create",
        "OpenOptions",
        "File::options",
        "remove_file(",
        "remove_dir_all",
        "fs::rename",
        "create_dir",
        "fs::remove_dir",
        "fs::copy",
        "hard_link",
        "symlink(",
        "set_permissions",
    ];
    let mut seen = 0;
    for (path, text) in sources::all() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let found: Vec<&&str> = ways.iter().filter(|way| code.contains(**way)).collect();
        seen += found.len();
        assert!(
            found.is_empty() || path.starts_with("crates/experiment/src/record/disk"),
            "{}: {found:?}",
            path.display()
        );
    }
    assert!(seen >= 3, "the ways of that module itself are seen");
}
