//! Cities at rest that are kept in a folder: one burn-in, and other scenarios and commands from it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::place::{Place, entries, text};

const TOWN: &str = r#"
name = "Town"
months = 6
burn_in = 24
replicates = 2

[seed]
cities = "one"

[population]
communities = 3
adults = 90
"#;

/// The same city at rest, and another policy from the first month on.
const VISITS: &str = "extends = \"town.toml\"\nname = \"Visits\"\nmonths = 9\n\n\
                      [[change]]\nfrom = \"2017-01\"\noutreach.home_visits = 0.4\n";

/// Another policy in burn-in already, which is another city at rest.
const OTHER: &str = "extends = \"town.toml\"\nname = \"Other\"\noutreach.home_visits = 0.4\n";

fn place() -> Place {
    Place::with(&[("town.toml", TOWN), ("visits.toml", VISITS), ("other.toml", OTHER)])
}

/// What a command says of cities at rest; it must succeed.
fn said(place: &Place, arguments: &[&str]) -> String {
    let output = place.shequ(&[arguments, &["--no-report", "--lang", "en"]].concat());
    let said = text(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    said.lines().filter(|line| line.contains("at rest") || line.contains("to rest")).collect()
}

/// The tables of the only results in a folder.
fn tables(place: &Place, out: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = place.results(out);
    let files = entries(&folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "csv"));
    let table = |path: PathBuf| (path.strip_prefix(&folder).unwrap().to_path_buf(), fs::read(&path).unwrap());
    files.map(table).collect()
}

fn starts(folder: &Path) -> Vec<PathBuf> {
    entries(&folder.join("starts"))
}

#[test]
fn other_scenarios_and_commands_go_on_from_one_burn_in_with_the_bytes_of_their_whole_run() {
    let place = place();
    let run = |file: &str, out: &str, starts: &[&str]| {
        said(&place, &[&["run", file, "--out", out], starts].concat())
    };
    let kept = ["--starts", "starts"];
    assert_eq!(run("town.toml", "town", &kept), "kept in starts: 1 city at rest");
    assert_eq!(run("visits.toml", "visits", &kept), "taken from starts: 1 city at rest");
    assert_eq!(starts(place.path()).len(), 1);
    assert_eq!(run("other.toml", "other", &kept), "kept in starts: 1 city at rest");
    for (file, out, alone) in [
        ("town.toml", "town", "town-1"),
        ("visits.toml", "visits", "visits-1"),
        ("other.toml", "other", "other-1"),
    ] {
        assert_eq!(run(file, alone, &[]), "");
        let (with, without) = (tables(&place, out), tables(&place, alone));
        assert!(!with.is_empty() && with == without, "{file}");
    }

    // A comparison begins in the city at rest of its base, whatever its arms set.
    let compare = ["compare", "town.toml", "other.toml", "--out"];
    assert_eq!(
        said(&place, &[&compare[..], &["compared"], &kept].concat()),
        "taken from starts: 1 city at rest"
    );
    said(&place, &[&compare[..], &["compared-1"]].concat());
    assert_eq!(tables(&place, "compared"), tables(&place, "compared-1"));
    assert_eq!(starts(place.path()).len(), 2, "nothing is kept twice, and nothing is left behind");
}

#[test]
fn what_is_damaged_or_in_the_way_is_told_and_left_as_it_is() {
    let place = place();
    let run = |out: &str, starts: &str| said(&place, &["run", "town.toml", "--out", out, "--starts", starts]);
    run("first", "starts");
    let [file] = &starts(place.path())[..] else { panic!("one city is kept") };
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, &bytes).unwrap();
    let told = run("second", "starts");
    assert!(told.contains("it is damaged; the city comes to rest anew"), "{told}");
    assert_eq!(fs::read(file).unwrap(), bytes);
    assert_eq!(tables(&place, "first"), tables(&place, "second"));

    let told = run("third", "town.toml");
    assert!(told.contains("the city comes to rest anew") && told.contains("town.toml"), "{told}");
    assert_eq!(fs::read_to_string(place.path().join("town.toml")).unwrap(), TOWN);
    assert_eq!(tables(&place, "first"), tables(&place, "third"));
}
