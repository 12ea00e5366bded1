//! File systems that computers share: without locks, with locks that hold on one computer alone, with a quota, with
//! clocks apart. Each ends in a clear message or in the same bytes, and loses nothing.
//!
//! What such a file system does is done by a small library in C (`tests/faults/shared.c`), preloaded.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use crate::folders::{assert_same, files, fine};
use crate::place::{Place, entries, text};

const TINY: &str =
    "name = \"Tiny\"\nmonths = 12\nburn_in = 0\npopulation.communities = 1\npopulation.adults = 60\n";

const SWEPT: &str = "kind = \"sweep\"\nname = \"Swept\"\nscenario = \"tiny.toml\"\noutcomes = [\"participation\"]\n\
                     replicates = 40\n[design]\nmethod = \"lhs\"\npoints = 8\n[vary]\n\
                     \"residents.word_of_mouth\" = { low = 0.01, high = 0.1 }\n";

const SWEEP: [&str; 5] = ["sweep", "swept.toml", "--threads", "2", "-q"];

fn place() -> Place {
    Place::with(&[("tiny.toml", TINY), ("swept.toml", SWEPT)])
}

/// The library, if there is a compiler for it.
fn library(place: &Place) -> Option<PathBuf> {
    let made = place.path().join("shared.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shared.c");
    let compiler = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&made, &source]).status();
    if !compiler.is_ok_and(|status| status.success()) {
        println!("skipped: there is no C compiler `cc` for tests/faults/shared.c");
        return None;
    }
    Some(made)
}

/// The command on such a file system.
fn on(library: &Path, place: &Place, faults: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = place.command(arguments);
    command.env("LD_PRELOAD", library).envs(faults.iter().copied());
    command
}

fn shard(number: u32, more: &[&'static str]) -> Vec<&'static str> {
    let which = ["1/2", "2/2"][number as usize - 1];
    [&SWEEP[..], &["--shard", which], more].concat()
}

fn said(output: &Output) -> String {
    text(&output.stderr)
}

/// Starts the first of two shards, which takes long, and waits for its first runs.
fn long(library: &Path, place: &Place, locks: &str) -> std::process::Child {
    let arguments = shard(1, &["--set", "months=240"]);
    let mut command = on(library, place, &[("LOCKS", locks)], &arguments);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let has_runs = || {
        let folder = place.path().join("results").read_dir().ok()?.flatten().map(|entry| entry.path());
        let mut journals = folder.map(|folder| folder.join("journal-1-of-2.txt"));
        journals.find(|journal| journal.metadata().is_ok_and(|about| about.len() > 600))
    };
    while has_runs().is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

#[test]
fn without_locks_shards_work_side_by_side_and_a_second_writer_is_refused() {
    let place = place();
    let Some(library) = library(&place) else { return };
    let none = [("LOCKS", "none")];
    let mut first = long(&library, &place, "none");
    let folder = place.results("results").display().to_string();
    let second = on(&library, &place, &none, &shard(1, &["--set", "months=240"])).output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(said(&second).contains("another process is working there, according to"), "{}", said(&second));
    // Whoever only looks sees it by the file that stands in for a lock.
    let status = text(&fine(place.shequ(&["status", &folder])).stdout);
    assert!(status.contains("shards: 0 of 2 done; running: 1; stopped: –; not begun: 2\n"), "{status}");
    first.kill().unwrap();
    first.wait().unwrap();
    let status = text(&fine(place.shequ(&["status", &folder])).stdout);
    assert!(status.contains("; running: –; stopped: 1; not begun: 2\n"), "{status}");
    assert!(status.contains("state: nothing runs now; on one core "), "{status}");
    // What the dead one left is no obstacle; that of another computer is, and the message says what to do.
    let claim =
        fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let claim = claim.into_iter().find(|name| name.starts_with(".claim-1-of-2.")).unwrap();
    let (head, tag) = claim.rsplit_once('.').unwrap();
    let elsewhere = format!("{head}.00000000{}", &tag[8..]);
    fs::write(Path::new(&folder).join(&elsewhere), "").unwrap();
    let refused = on(&library, &place, &none, &shard(1, &["--set", "months=240"])).output().unwrap();
    assert!(said(&refused).contains("if it has ended, remove that file"), "{}", said(&refused));
    // So does that of whoever looks, who counts the shard as one that runs.
    let looked = fine(place.shequ(&["status", &folder]));
    assert!(said(&looked).contains("if it has ended, remove that file"), "{}", said(&looked));
    assert!(text(&looked.stdout).contains("running: 1; stopped: –"), "{}", text(&looked.stdout));
    fs::remove_file(Path::new(&folder).join(&elsewhere)).unwrap();
    for number in [1, 2] {
        let output =
            fine(on(&library, &place, &none, &shard(number, &["--set", "months=240"])).output().unwrap());
        assert!(said(&output).contains("this file system knows no locks"), "{}", said(&output));
    }
    fine(on(&library, &place, &none, &["merge", &folder, "-q"]).output().unwrap());
    fine(place.shequ(&[&SWEEP[..], &["--set", "months=240", "--out", "calm"]].concat()));
    assert_same(&place, "results", &files(&place.results("calm")), "without locks");
}

#[test]
fn two_writers_of_one_shard_that_cannot_see_each_other_lose_nothing() {
    let place = place();
    let Some(library) = library(&place) else { return };
    let local = [("LOCKS", "local")];
    let first = long(&library, &place, "local");
    fine(on(&library, &place, &local, &shard(1, &["--set", "months=240"])).output().unwrap());
    let output = first.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    fine(on(&library, &place, &local, &shard(2, &["--set", "months=240"])).output().unwrap());
    let folder = place.results("results").display().to_string();
    fine(place.shequ(&["merge", &folder, "-q"]));
    fine(place.shequ(&[&SWEEP[..], &["--set", "months=240", "--out", "calm"]].concat()));
    assert_same(&place, "results", &files(&place.results("calm")), "two writers");
}

#[test]
fn what_another_computer_wrote_over_is_told_and_run_again() {
    let place = place();
    let Some(library) = library(&place) else { return };
    fine(place.shequ(&[&SWEEP[..], &["--out", "calm"]].concat()));
    // The head, who began, and then records.
    let output = on(&library, &place, &[("LOST", "4")], &shard(1, &[])).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("another process may write to it too"), "{}", said(&output));
    for number in [1, 2] {
        fine(place.shequ(&shard(number, &[])));
    }
    let folder = place.results("results").display().to_string();
    fine(place.shequ(&["merge", &folder, "-q"]));
    assert_same(&place, "results", &files(&place.results("calm")), "written over");
}

#[test]
fn a_quota_that_is_reached_stops_a_shard_and_loses_nothing() {
    let place = place();
    let Some(library) = library(&place) else { return };
    fine(place.shequ(&[&SWEEP[..], &["--out", "calm"]].concat()));
    for writes in ["1", "2", "5"] {
        let output = on(&library, &place, &[("QUOTA", writes)], &shard(1, &[])).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{writes}: {}", said(&output));
        assert!(said(&output).contains("uota exceeded"), "{writes}: {}", said(&output));
    }
    for number in [2, 1] {
        fine(place.shequ(&shard(number, &[])));
    }
    let folder = place.results("results").display().to_string();
    fine(place.shequ(&["merge", &folder, "-q"]));
    assert_same(&place, "results", &files(&place.results("calm")), "after a quota");
}

#[test]
fn a_clock_that_is_ahead_is_told_and_changes_nothing() {
    let place = place();
    fine(place.shequ(&shard(1, &[])));
    let folder = place.results("results");
    let journal = File::options().append(true).open(folder.join("journal-1-of-2.txt")).unwrap();
    #[allow(clippy::disallowed_methods)] // The clock of another computer.
    journal.set_modified(SystemTime::now() + Duration::from_secs(7200)).unwrap();
    let status = text(&fine(place.shequ(&["status", folder.to_str().unwrap()])).stdout);
    assert!(status.contains("last written later than now, by the clock of this computer"), "{status}");
    assert!(status.contains("shards: 1 of 2 done; running: –; stopped: –; not begun: 2\n"), "{status}");
}

#[test]
fn a_link_in_the_place_of_a_script_is_not_followed() {
    let place = place();
    place.write("precious", "mine");
    fs::create_dir(place.path().join("results")).unwrap();
    for script in ["job.sbatch", "merge.sbatch"] {
        for target in ["../precious", "nowhere"] {
            let link = place.path().join("results").join(script);
            symlink(target, &link).unwrap();
            let mut command = place.command(&["submit", "slurm", "swept.toml", "--shards", "2"]);
            let output = command.env("PATH", "").output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{script}, {target}: {}", said(&output));
            assert!(said(&output).contains("is another script"), "{}", said(&output));
            assert_eq!(fs::read_link(&link).unwrap(), Path::new(target));
            let partial = |path: &PathBuf| path.to_string_lossy().ends_with(".partial");
            assert!(!entries(&place.path().join("results")).iter().any(partial));
            fs::remove_file(&link).unwrap();
        }
    }
    assert_eq!(fs::read(place.path().join("precious")).unwrap(), b"mine");
    assert!(!place.path().join("results/nowhere").exists());
}

#[test]
fn the_core_hours_of_all_shards_are_kept() {
    let place = place();
    for number in [1, 2] {
        fine(place.shequ(&shard(number, &[])));
    }
    let folder = place.results("results");
    // What the journals say that the runs took, each of which had one thread.
    let mut seconds = 0.0;
    for number in [1, 2] {
        let journal = fs::read_to_string(folder.join(format!("journal-{number}-of-2.txt"))).unwrap();
        let times = journal.lines().filter_map(|line| line.split("\"seconds\":").nth(1));
        seconds += times.map(|rest| rest.trim_end_matches('}').parse::<f64>().unwrap()).sum::<f64>();
    }
    fine(place.shequ(&["merge", folder.to_str().unwrap(), "-q"]));
    let manifest = fs::read(place.results("results").join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let hours = manifest["core_hours"].as_f64().unwrap();
    // Half a millionth of an hour is 1.8 ms.
    assert!(seconds > 0.0 && (hours * 3600.0 - seconds).abs() < 2e-3, "{hours} h, {seconds} s");
}
