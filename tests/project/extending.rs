//! The examples of `docs/extending.md` are complete and right: applied to a copy of the workspace, they
//! compile, are registered, and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A code block of the document: kind (rust, diff), file that it is about, text.
struct Block<'a> {
    kind: &'a str,
    file: &'a str,
    text: &'a str,
}

fn blocks(document: &str) -> Vec<Block<'_>> {
    let fenced = document.split("```").skip(1).step_by(2);
    let named = fenced.filter_map(|block| {
        let (head, text) = block.split_once('\n')?;
        let (kind, file) = head.split_once(" file=")?;
        Some(Block { kind, file, text })
    });
    named.collect()
}

/// The text with the block's `-` lines replaced by its `+` lines.
fn patched(text: &str, diff: &str, file: &str) -> String {
    let side = |sign: char| -> String {
        let lines: Vec<&str> = diff.lines().filter_map(|line| line.strip_prefix(sign)).collect();
        lines.join("\n")
    };
    let old = side('-');
    assert_eq!(text.matches(&old).count(), 1, "docs/extending.md: `{old}` must stand once in {file}");
    text.replacen(&old, &side('+'), 1)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// A copy of the workspace but for what is `left_out`, with the examples of the document in it: always in the same
/// place, so that it is compiled anew only where it changed.
fn extended(name: &str, left_out: &[&str]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(root).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if [".git", "target"].iter().chain(left_out).any(|left_out| name == **left_out) {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &folder.join(name));
        } else {
            fs::copy(entry.path(), folder.join(name)).unwrap();
        }
    }
    let document = fs::read_to_string(root.join("docs/extending.md")).unwrap();
    let blocks = blocks(&document);
    assert!(blocks.len() >= 8, "the document has lost examples");
    for Block { kind, file, text } in blocks {
        let path = folder.join(file);
        let new = match kind {
            "diff" => patched(&fs::read_to_string(&path).unwrap(), text, file),
            _ => text.to_string(),
        };
        fs::write(path, new).unwrap();
    }
    rename_version(&folder.join("Cargo.toml"));
    folder
}

/// Cargo tells packages of two workspaces apart by name and version, not by place: with the same version, the copy's
/// crates would be built over those that the tests under way are linked to.
fn rename_version(manifest: &Path) {
    let text = fs::read_to_string(manifest).unwrap();
    let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"\nedition");
    assert_eq!(text.matches(version).count(), 1, "the version that all crates share");
    let other = concat!("version = \"", env!("CARGO_PKG_VERSION"), "+extending\"\nedition");
    fs::write(manifest, text.replace(version, other)).unwrap();
}

/// What must hold of the workspace with the examples in it.
const CHECK: &str = r#"
use shequ_model::{city::synth, metric, scenario, simulation};

fn last_month(area: u32) -> Vec<f64> {
    let text = format!(
        "name = \"A\"\nmonths = 6\npopulation.communities = 2\npopulation.adults = 200\n\
         theory.participation = \"imitation\"\ntheory.trust = \"even\"\ngarden.area = {area}\n"
    );
    let scenario = scenario::Scenario::from_text("a.toml", &text, &[]).map_err(|p| p.to_string()).unwrap().scenario;
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, 1);
    let fitted = simulation::prepare(&scenario);
    let output = simulation::run_replicate(&scenario, &fitted, &city, 0, &|_| true).unwrap();
    output.monthly[5 * metric::all().len()..].to_vec()
}

#[test]
fn a_changed_program_does_not_pass_for_the_original() {
    assert_ne!(shequ_experiment::record::manifest::Program::this().sources, "SOURCES");
}

#[test]
fn everything_added_is_registered_and_has_its_effect() {
    let value = |row: &[f64], name| row[metric::position(name).unwrap()];
    let (without, with) = (last_month(0), last_month(500));
    assert!(value(&with, "trust.neighbours") > value(&without, "trust.neighbours"));
    assert!((0.0..=1.0).contains(&value(&with, "skill")));
    let paths: Vec<&str> = scenario::sections().iter().map(|s| s.path).collect();
    for path in ["theory.imitation", "theory.even", "garden"] {
        assert!(paths.contains(&path), "{path}");
    }
}
"#;

/// The crates of the workspace that a test of it needs.
const OWN: [&str; 2] = ["shequ-experiment", "shequ-model"];

/// Where this test was built, with its dependencies, which serve the copy too.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_path_buf()
}

/// Runs cargo in the copy, and builds in `target`.
fn cargo(folder: &Path, target: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .current_dir(folder)
        .args(arguments)
        .args(["--offline", "--quiet"])
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
}

#[test]
fn the_examples_of_the_document_compile_and_work() {
    let folder = extended("extending", &["results", "tests"]);
    let sources = shequ::experiment::record::manifest::Program::this().sources;
    // Beside the crate that needs least and yet knows the program's sources; no program is built over ours.
    let tests = folder.join("crates/experiment/tests");
    fs::create_dir_all(&tests).unwrap();
    fs::write(tests.join("extended.rs"), CHECK.replace("SOURCES", &sources)).unwrap();
    // The workspace's own crates quickly; dependencies as they are, so that they need not be built again.
    let quickly = OWN.map(|name| format!("--config=profile.dev.package.{name}.opt-level=0"));
    let test = ["test", "-p", "shequ-experiment", "--test", "extended"].into_iter();
    cargo(&folder, &target(), &test.chain(quickly.iter().map(String::as_str)).collect::<Vec<_>>());
}

/// Adding these things costs what the document says and nothing else: no list elsewhere, no other test.
#[test]
fn the_whole_suite_holds_with_the_examples_of_the_document() {
    if std::env::var_os("SHEQU_EXTENDING").is_none() {
        println!("skipped: it takes as long as the whole suite; SHEQU_EXTENDING=1 asks for it");
        return;
    }
    let folder = extended("extending-whole", &[]);
    let target = folder.with_extension("target");
    cargo(&folder, &target, &["run", "--", "generate", "--write"]);
    cargo(&folder, &target, &["test", "--no-fail-fast", "--", "--skip", "extending::"]);
}
