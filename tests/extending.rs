//! The examples of `docs/extending.md` are complete and right: applied to a copy of the crate, they
//! compile, are registered, and live.

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

/// A copy of the crate, always in the same place, so that it is compiled anew only where it changed.
fn crate_copy() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("extending");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(root).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if [".git", "target", "results", "tests"].iter().any(|left_out| name == *left_out) {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &folder.join(name));
        } else {
            fs::copy(entry.path(), folder.join(name)).unwrap();
        }
    }
    folder
}

/// What must hold of the crate with the examples in it.
const CHECK: &str = r#"
#[cfg(test)]
mod extended {
    use crate::{city::synth, metric, model, scenario};

    fn last_month(area: u32) -> Vec<f64> {
        let text = format!(
            "name = \"A\"\nmonths = 6\npopulation.communities = 2\npopulation.adults = 200\n\
             theory.participation = \"imitation\"\ntheory.trust = \"even\"\ngarden.area = {area}\n"
        );
        let scenario = scenario::Scenario::from_text("a.toml", &text, &[]).map_err(|p| p.to_string()).unwrap().scenario;
        let city = synth::city(&scenario.population, &scenario.eras[0].rules.residents, 1);
        let life = model::live(&scenario, &model::prepare(&scenario), &city, 0, &|_| true).unwrap();
        life.monthly[5 * metric::all().len()..].to_vec()
    }

    #[test]
    fn a_changed_program_does_not_pass_for_the_original() {
        assert_ne!(crate::record::manifest::Program::this().sources, "SOURCES");
    }

    #[test]
    fn everything_added_is_registered_and_lives() {
        let value = |row: &[f64], name| row[metric::position(name).unwrap()];
        let (without, with) = (last_month(0), last_month(500));
        assert!(value(&with, "trust.neighbours") > value(&without, "trust.neighbours"));
        assert!((0.0..=1.0).contains(&value(&with, "skill")));
        let paths: Vec<&str> = scenario::sections().iter().map(|s| s.path).collect();
        for path in ["theory.imitation", "theory.even", "garden"] {
            assert!(paths.contains(&path), "{path}");
        }
    }
}
"#;

#[test]
fn the_examples_of_the_document_compile_and_live() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/extending.md")).unwrap();
    let folder = crate_copy();
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
    let library = folder.join("src/lib.rs");
    let sources = shequ::record::manifest::Program::this().sources;
    fs::write(&library, fs::read_to_string(&library).unwrap() + &CHECK.replace("SOURCES", &sources)).unwrap();
    // A workspace of its own, wherever the folder lies.
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + "\n[workspace]\n").unwrap();

    // The dependencies that this test was built with serve the copy too.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(&folder)
        .args(["test", "--lib", "--offline", "--quiet"])
        .args(["--config", "profile.dev.package.shequ.opt-level=0"])
        .args([
            "--",
            "extended",
            "theory::tests",
            "trust::even",
            "model::month",
            "model::intercepts",
            "explain::keys",
        ])
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("running 0 tests"), "{said}");
}
