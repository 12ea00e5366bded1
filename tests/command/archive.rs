//! `shequ archive`: a zip from which a referee gets the same bytes.

use crate::packages::{CALIBRATION, POSTERIOR, TARGETS};
use crate::place;

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use place::{Place, text};
use serde_json::Value;
use zip::ZipArchive;

const TINY: &str = r#"
name = "Tiny"
months = 8
burn_in = 0
replicates = 2
population.table = "table.csv"
"#;

const TABLE: &str = "name,kind,adults,owners\nNorth,commodity,50,0.8\nSouth,village,50,0.9\n";

fn place() -> Place {
    Place::with(&[
        ("tiny.toml", TINY),
        (
            "visits.toml",
            &TINY.replace("Tiny", "Visits").replace("months", "outreach.home_visits = 0.3\nmonths"),
        ),
        ("table.csv", TABLE),
        ("fitted.toml", CALIBRATION),
        ("targets.csv", TARGETS),
        ("posterior.csv", POSTERIOR),
    ])
}

/// The results of a command.
fn results(place: &Place, command: &[&str]) -> PathBuf {
    let output = place.shequ(&[command, &["-q", "--no-report", "--out", "made"][..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    place.results("made")
}

fn archived(place: &Place, folder: &Path) -> Vec<u8> {
    let output = place.shequ(&["archive", &folder.to_string_lossy()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let zip = folder.with_extension("zip");
    assert_eq!(text(&output.stdout).trim(), zip.to_string_lossy());
    fs::read(zip).unwrap()
}

#[test]
fn a_fresh_directory_gives_the_same_bytes() {
    let commands: [&[&str]; 3] = [
        &["run", "tiny.toml"],
        &["compare", "tiny.toml", "visits.toml", "--posterior", "posterior.csv"],
        &["calibrate", "fitted.toml"],
    ];
    for command in commands {
        let place = place();
        let folder = results(&place, command);
        let bytes = archived(&place, &folder);
        let fresh = Place::with(&[]);
        ZipArchive::new(Cursor::new(bytes)).unwrap().extract(fresh.path()).unwrap();
        let results = Path::new(folder.file_name().unwrap()).join("results");
        let again = fresh.shequ(&["reproduce", &results.to_string_lossy()]);
        assert!(again.status.success(), "{command:?}: {}{}", text(&again.stdout), text(&again.stderr));
        assert!(!text(&again.stderr).contains("warning"), "{}", text(&again.stderr));
    }
}

#[test]
fn a_deposit_says_what_it_holds_and_is_the_same_each_time() {
    let place = place();
    let folder = results(&place, &["run", "tiny.toml"]);
    let bytes = archived(&place, &folder);
    let other = place.shequ(&["archive", &folder.to_string_lossy(), "--out", "other.zip"]);
    assert!(other.status.success(), "{}", text(&other.stderr));
    assert_eq!(fs::read(place.path().join("other.zip")).unwrap(), bytes);

    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let root = format!("{}/", folder.file_name().unwrap().to_string_lossy());
    let names: BTreeSet<String> =
        zip.file_names().map(|name| name.unwrap().strip_prefix(&root).unwrap().to_string()).collect();
    let metadata: Value =
        serde_json::from_reader(zip.by_name(&format!("{root}ro-crate-metadata.json")).unwrap()).unwrap();
    let graph = metadata["@graph"].as_array().unwrap();
    let files = graph.iter().filter(|part| part["@type"] == "File");
    let mut described: BTreeSet<String> = files.map(|file| file["@id"].as_str().unwrap().into()).collect();
    described.insert("ro-crate-metadata.json".into());
    assert_eq!(names, described);
    for name in ["CITATION.cff", "LICENSE.txt", "README.md", "README.zh.md", "results/manifest.json"] {
        assert!(names.contains(name), "{name}");
    }
    // Whatever an entity points at is there.
    let ids: BTreeSet<&str> = graph.iter().map(|part| part["@id"].as_str().unwrap()).collect();
    let action = graph.iter().find(|part| part["@type"] == "CreateAction").unwrap();
    for at in ["object", "result"] {
        for part in action[at].as_array().unwrap() {
            assert!(ids.contains(part["@id"].as_str().unwrap()), "{part}");
        }
    }
    assert!(ids.contains(action["instrument"]["@id"].as_str().unwrap()));
}

#[test]
fn results_that_were_changed_are_refused_and_nothing_is_overwritten() {
    let place = place();
    let folder = results(&place, &["run", "tiny.toml"]);
    let name = folder.to_string_lossy().to_string();
    place.write("mine.zip", "mine");
    let taken = place.shequ(&["archive", &name, "--out", "mine.zip"]);
    assert_eq!(taken.status.code(), Some(2));
    assert!(text(&taken.stderr).contains("mine.zip exists already"), "{}", text(&taken.stderr));
    assert_eq!(fs::read_to_string(place.path().join("mine.zip")).unwrap(), "mine");

    let monthly = folder.join("monthly.csv");
    fs::write(&monthly, fs::read_to_string(&monthly).unwrap().replace(",0.", ",1.")).unwrap();
    let changed = place.shequ(&["archive", &name]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(text(&changed.stderr).contains("was modified after it was written"), "{}", text(&changed.stderr));
    assert!(!folder.with_extension("zip").exists());

    let nothing = place.shequ(&["archive", "tiny.toml"]);
    assert_eq!(nothing.status.code(), place.shequ(&["reproduce", "tiny.toml"]).status.code());
}
