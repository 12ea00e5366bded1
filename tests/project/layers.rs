//! Who may import whom, read off the source: every layer uses only layers below it.

use std::collections::BTreeSet;
use std::fs;

use shequ::model::institution;

use crate::sources;

/// The layers from the bottom up, by folder from the root. Those on one line are siblings, which may not import
/// each other.
const ORDER: &[&[&str]] = &[
    &["crates/model/src/base"],
    &["crates/model/src/city", "crates/model/src/mechanism"],
    &["crates/model/src/theory", "crates/model/src/trust"],
    &["crates/model/src/institution"],
    &["crates/model/src/registry"],
    &["crates/model/src/metric"],
    &["crates/model/src/scenario"],
    &["crates/model/src/simulation"],
    &["crates/experiment/src/record"],
    &["crates/experiment/src"],
    &["crates/report/src"],
    &["crates/explore/src"],
    &["src"],
    &["python/src"],
];

/// Lines that a source file may have; a longer one is two things.
const LONGEST: usize = 600;

/// Parts of the path, from the root, to the folder that holds the families of institutions.
const FAMILIES: usize = 4;

/// The layer that a path from the root belongs to: the deepest folder of the order that holds it.
fn layer(path: &str) -> Option<(usize, &'static str)> {
    let all =
        ORDER.iter().enumerate().flat_map(|(height, level)| level.iter().map(move |name| (height, *name)));
    all.filter(|(_, name)| path.starts_with(name)).max_by_key(|(_, name)| name.len())
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

/// Every module that `text`, of the crate in `own`, reaches by a path from the root of a crate, in `use` lines and
/// inline: as a folder from the root of the workspace.
fn imports(own: &str, text: &str) -> BTreeSet<String> {
    let code = code(text);
    let of = |root: &str, folder: &str| -> Vec<String> {
        let name = format!("{folder}/");
        code.split(root).skip(1).flat_map(heads).map(|module| name.clone() + &module).collect()
    };
    let others = sources::FOLDERS.iter().filter_map(|folder| {
        let crate_name = folder.strip_prefix("crates/")?.strip_suffix("/src")?;
        Some(of(&format!("shequ_{crate_name}::"), folder))
    });
    // What a crate has beside modules, such as its version, belongs to no layer.
    let is_module = |path: &String| {
        let path = sources::root().join(path);
        path.is_dir() || path.with_extension("rs").is_file()
    };
    others.flatten().chain(of("crate::", own)).filter(is_module).collect()
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::{base::{params, math}, city};\nfn f() { shequ_model::trust::rule() } // crate::run\n\
                use crate::metric::{self, From};";
    let inside = ["base", "city", "metric", "trust"].map(|module| format!("crates/model/src/{module}"));
    assert_eq!(imports("crates/model/src", text), BTreeSet::from(inside));
}

#[test]
fn no_layer_imports_one_above_or_beside_it() {
    let (mut upward, mut seen) = (Vec::new(), 0);
    for folder in sources::FOLDERS {
        for (path, text) in sources::below(folder) {
            let path = path.to_str().expect("a plain name");
            if path.ends_with("src/lib.rs") || path.ends_with("src/main.rs") {
                continue;
            }
            let (own, name) =
                layer(path).unwrap_or_else(|| panic!("{path} has no place in the order of layers"));
            for import in imports(folder, &text) {
                let (other, of) = layer(&import).unwrap_or_else(|| panic!("{path} imports {import}"));
                seen += 1;
                if other > own || (other == own && of != name) {
                    upward.push(format!("{path} imports {import}"));
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were found, so the reading of them must be wrong");
    assert!(upward.is_empty(), "{upward:#?}");
}

/// The model needs no command line, no format of tables, no clock and no disk but for reading.
#[test]
fn the_model_depends_on_nothing_that_only_programs_need() {
    let manifest = fs::read_to_string(sources::root().join("crates/model/Cargo.toml")).expect("its manifest");
    let needs = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    for absent in [
        "clap",
        "csv",
        "parquet",
        "sha2",
        "cap-std",
        "indicatif",
        "plotters",
        "comfy-table",
        "shequ-experiment",
        "shequ-report",
    ] {
        let is_there = needs.lines().any(|line| line.starts_with(absent));
        assert!(!is_there, "crates/model needs {absent}");
    }
}

#[test]
fn there_is_no_unsafe_code() {
    for (path, text) in sources::all() {
        // The lint forbids it too; this also catches a file that would switch the lint off.
        let word = |w: &str| code(&text).split(|c: char| !c.is_alphanumeric() && c != '_').any(|t| t == w);
        assert!(!word("unsafe") && !word("unsafe_code"), "{}", path.display());
    }
}

#[test]
fn every_institution_has_a_file_that_registers_it_and_every_file_is_registered() {
    let mut names = BTreeSet::new();
    let files: Vec<_> =
        sources::below("crates/model/src/institution").into_iter().map(|(path, _)| path).collect();
    for path in files {
        // Institutions lie in the folder of their family; parts of one lie in a folder of its own below that.
        let is_of_family = path.iter().count() == FAMILIES + 2 && !path.ends_with("mod.rs");
        if let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_of_family) {
            names.insert(name.to_string());
        }
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
        let family = institution.family.label().en.replace(' ', "_");
        let file = sources::root().join(format!("crates/model/src/institution/{family}/{name}.rs"));
        let text = fs::read_to_string(file).expect("its file, in the folder of its family");
        let settings = ["pub struct Settings", "pub use settings::"];
        assert!(text.starts_with("//! "), "{name} does not say what it is");
        assert!(settings.iter().any(|words| text.contains(words)), "{name} has no settings");
        let says_so = text.contains("Implements no row of the map");
        assert_eq!(
            institution.rows.is_empty(),
            says_so,
            "{name} names rows of the map, or says that it has none"
        );
        let section = institution::sections().into_iter().find(|s| s.path == name).expect("a section");
        for (key, _) in institution.neutral.iter().chain(institution.demonstration) {
            assert!(section.keys.iter().any(|k| k.name == *key), "{name} has no key {key}");
        }
    }
}

#[test]
fn files_are_short() {
    for (path, text) in sources::all() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}
