//! The files that are made from the program are as the program would make them.

use assert_cmd::Command;

#[test]
fn generated_files_are_up_to_date() {
    let mut command = Command::cargo_bin("shequ").unwrap();
    command.args(["generate", "--check", "--root", env!("CARGO_MANIFEST_DIR")]).assert().success();
}

#[test]
fn writing_and_checking_agree_and_a_stale_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = |mode: &str| {
        let mut command = Command::cargo_bin("shequ").unwrap();
        command.args(["generate", mode, "--root"]).arg(folder.path()).output().unwrap()
    };
    let before = run("--check");
    assert_eq!(before.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&before.stderr).contains("scenarios/schema.json is out of date"));
    assert!(run("--write").status.success());
    assert!(run("--check").status.success());
}
