//! Results folders as tests look at them, and processes that end well.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use crate::place::{Place, entries, text};

/// The output of a process that ended well.
pub fn fine(output: Output) -> Output {
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

/// Every file of a results folder but the manifest and the page, which know the time and the command.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut folders, mut found) = (vec![folder.to_path_buf()], BTreeMap::new());
    while let Some(inner) = folders.pop() {
        for path in entries(&inner) {
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("manifest.json") && !path.ends_with("report.html") {
                found.insert(path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The results in `out` have these files and bytes.
pub fn assert_same(place: &Place, out: &str, expected: &BTreeMap<PathBuf, Vec<u8>>, what: &str) {
    let found = files(&place.results(out));
    assert!(found.keys().eq(expected.keys()), "{what}: {:?}", found.keys());
    let other: Vec<_> = found.iter().filter(|(path, bytes)| expected[*path] != **bytes).collect();
    assert!(other.is_empty(), "{what}: {:?} differ", other.iter().map(|(path, _)| path).collect::<Vec<_>>());
}

/// The rows of a table, each a map from column to cell.
pub fn rows(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut table = csv::Reader::from_path(folder.join(table)).unwrap();
    table.deserialize().map(Result::unwrap).collect()
}

/// Starts the program and kills it after so long; false if it had ended by then.
#[cfg(unix)]
pub fn killed(place: &Place, arguments: &[&str], after: Duration) -> bool {
    let mut child = place.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let is_running = child.try_wait().unwrap().is_none();
    if is_running {
        child.kill().unwrap();
    }
    child.wait().unwrap();
    is_running
}

/// True if an experiment is finished there and nothing is left of its work.
pub fn finished_in(out: &Path) -> bool {
    out.is_dir() && {
        clear(out);
        entries(out).iter().any(|path| path.join("manifest.json").is_file())
    }
}

/// Removes what a process that was killed could not: its unfinished draft, and, where it died between the
/// two, the work of a finished experiment.
pub fn clear(out: &Path) {
    let is_finished = entries(out).iter().any(|path| path.join("manifest.json").is_file());
    for path in entries(out) {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        if name.starts_with('.') || (is_finished && name.ends_with(".partial")) {
            fs::remove_dir_all(path).unwrap();
        }
    }
}
