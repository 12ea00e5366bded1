//! Who may import whom, read off the source: every layer uses only layers below it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use shequ::institution;

/// The layers from the bottom up. Those on one line are siblings, which may not import each other.
const ORDER: &[&[&str]] = &[
    &["base"],
    &["city", "mechanism"],
    &["theory", "trust"],
    &["institution"],
    &["metric"],
    &["scenario"],
    &["record"],
    &["model"],
    &["experiment"],
    &["report"],
    &["cli"],
];

/// Lines that a source file may have; a longer one is two things.
const LONGEST: usize = 600;

fn height(layer: &str) -> Option<usize> {
    ORDER.iter().position(|level| level.contains(&layer))
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below `folder`, with its text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).expect("text");
            found.push((path, text));
        }
    }
    found
}

/// The text without comments; nothing in this crate hides `//` in a string that names a module.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// First segments of a use tree: `a::b` gives a; `{a::{b, c}, d}` gives a and d.
fn heads(tree: &str) -> BTreeSet<String> {
    let name = |text: &str| -> String {
        text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(inner) = tree.trim_start().strip_prefix('{') else { return BTreeSet::from([name(tree)]) };
    let (mut depth, mut start, mut found) = (0, 0, BTreeSet::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.insert(name(&inner[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.insert(name(&inner[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.remove("");
    found
}

/// Every layer that `text` reaches by a path from the root of the crate, in `use` lines and inline.
fn imports(text: &str) -> BTreeSet<String> {
    code(text).split("crate::").skip(1).flat_map(heads).collect()
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::{base::{about, math}, city};\nfn f() { crate::trust::rule() } // crate::cli::run\n\
                use crate::metric::{self, From};";
    let expected = ["base", "city", "metric", "trust"].map(String::from);
    assert_eq!(imports(text), BTreeSet::from(expected));
}

#[test]
fn no_layer_imports_one_above_or_beside_it() {
    let (mut upward, mut seen) = (Vec::new(), 0);
    for (path, text) in files(&source()) {
        let inside = path.strip_prefix(source()).expect("below src");
        let layer = inside.iter().next().and_then(|l| l.to_str()).unwrap_or("");
        if layer == "lib.rs" || layer == "main.rs" {
            continue;
        }
        let own = height(layer).unwrap_or_else(|| panic!("{layer} has no place in the order of layers"));
        for import in imports(&text).iter().filter(|&i| i != layer) {
            let other = height(import).unwrap_or_else(|| panic!("{} imports {import}", inside.display()));
            seen += 1;
            if other >= own {
                upward.push(format!("{} imports {import}", inside.display()));
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were found, so the reading of them must be wrong");
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn every_module_of_the_library_has_its_place_in_the_order() {
    let library = fs::read_to_string(source().join("lib.rs")).expect("the library");
    for line in library.lines().filter_map(|l| l.strip_prefix("pub mod ")) {
        let layer = line.trim_end_matches(';');
        assert!(height(layer).is_some(), "{layer} has no place in the order of layers");
    }
}

#[test]
fn there_is_no_unsafe_code() {
    for (path, text) in files(&source()) {
        // The lint forbids it too; this also catches a file that would switch the lint off.
        let word = |w: &str| code(&text).split(|c: char| !c.is_alphanumeric() && c != '_').any(|t| t == w);
        assert!(!word("unsafe") && !word("unsafe_code"), "{}", path.display());
    }
}

#[test]
fn every_institution_has_a_file_that_registers_it_and_every_file_is_registered() {
    // The meeting ground, and the list itself.
    let no_institutions = ["mod", "place"];
    let folder = source().join("institution");
    let mut names = BTreeSet::new();
    for (path, text) in files(&folder) {
        // A large institution may be a folder of files; its mod.rs speaks for it.
        let name = if path.parent() == Some(folder.as_path()) {
            path.file_stem()
        } else {
            path.parent().and_then(Path::file_name).filter(|_| path.ends_with("mod.rs"))
        };
        let Some(name) = name.and_then(|n| n.to_str()).filter(|n| !no_institutions.contains(n)) else {
            continue;
        };
        for word in ["pub const INSTITUTION", "pub struct Settings"] {
            assert!(text.contains(word), "{name} has no `{word}`");
        }
        assert!(text.starts_with("//! "), "{name} does not say what it is");
        names.insert(name.to_string());
    }
    let registered: BTreeSet<String> = institution::all().iter().map(|i| i.name.to_string()).collect();
    assert_eq!(names, registered);
}

#[test]
fn every_institution_says_what_it_is_and_how_to_do_without_it() {
    for institution in institution::all() {
        let name = institution.name;
        assert!(!institution.summary.en.is_empty() && !institution.summary.zh.is_empty(), "{name}");
        assert!(!institution.acts.is_empty() && !institution.equations.is_empty(), "{name}");
        assert!(!institution.neutral.is_empty(), "{name}");
        let file = source().join(format!("institution/{name}.rs"));
        let says_so =
            fs::read_to_string(file).expect("its file").contains("Brings no row of the map to life");
        assert_eq!(
            institution.rows.is_empty(),
            says_so,
            "{name} names rows of the map, or says that it has none"
        );
        let section = institution::sections().into_iter().find(|s| s.path == name).expect("a section");
        for (key, _) in institution.neutral {
            assert!(section.keys.iter().any(|k| k.name == *key), "{name} has no key {key}");
        }
    }
}

#[test]
fn files_are_short() {
    for (path, text) in files(&source()) {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}
