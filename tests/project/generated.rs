//! The files that are made from the program are as the program would make them.

use crate::program;

use std::path::Path;

#[test]
fn generated_files_are_up_to_date() {
    let root = env!("CARGO_MANIFEST_DIR");
    let output = program::shequ().args(["generate", "--check", "--root", root]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn writing_and_checking_agree_and_a_stale_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    // Pages that are generated in part are written by hand and must be there.
    std::fs::create_dir_all(folder.path().join("docs/tutorial")).unwrap();
    for page in [
        "docs/odd.md",
        "docs/evidence.md",
        "docs/residents.md",
        "docs/targets.md",
        "docs/theories.md",
        "docs/validation.md",
        "docs/tutorial/own-institution.md",
        "docs/tutorial/own-theory.md",
        "docs/tutorial/run-a-scenario.md",
        "docs/tutorial/own-experiment.md",
        "README.md",
        "README.zh.md",
    ] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        std::fs::write(folder.path().join(page), text).unwrap();
    }
    let run =
        |mode: &str| program::shequ().args(["generate", mode, "--root"]).arg(folder.path()).output().unwrap();
    let before = run("--check");
    assert_eq!(before.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&before.stderr).contains("scenarios/schema.json is out of date"));
    assert!(run("--write").status.success());
    assert!(run("--check").status.success());
    let page = folder.path().join("docs/odd.md");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, text.replace("| step |", "| stage |")).unwrap();
    let stale = run("--check");
    assert_eq!(stale.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&stale.stderr).contains("docs/odd.md is out of date"));
    assert!(run("--write").status.success());
    assert_eq!(std::fs::read_to_string(&page).unwrap(), text);
}
