//! Exit codes, what goes to which stream, and what is left on the disk.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use assert_cmd::Command;
use tempfile::TempDir;

fn shequ(folder: &Path, arguments: &[&str]) -> Output {
    Command::cargo_bin("shequ").unwrap().current_dir(folder).args(arguments).output().unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_new_scenario_is_fine_and_is_never_overwritten_unasked() {
    let folder = folder();
    assert!(shequ(folder.path(), &["new", "baseline"]).status.success());
    let first = fs::read_to_string(folder.path().join("baseline.toml")).unwrap();
    assert!(first.starts_with("#:schema ./schema.json\n"));
    let again = shequ(folder.path(), &["new", "baseline.toml"]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(err(&again), "error: baseline.toml is there already; --force overwrites it\n");
    assert!(shequ(folder.path(), &["new", "baseline", "--force"]).status.success());
    assert!(shequ(folder.path(), &["new", "policy"]).status.success());
    let policy = fs::read_to_string(folder.path().join("policy.toml")).unwrap();
    assert!(policy.contains("extends = \"baseline.toml\""));
    let checked = shequ(folder.path(), &["check", "baseline.toml", "policy.toml"]);
    assert!(checked.status.success());
    assert!(out(&checked).is_empty());
    let said = err(&checked);
    assert!(said.starts_with(
        "baseline.toml: fine. 10 communities × 3,000 adults, 120 months from 2017-01, 30 replicates; a run \
         takes about "
    ));
    assert!(said.contains(" of memory\npolicy.toml: fine. "), "{said}");
}

#[test]
fn a_name_that_is_no_file_name_is_refused_and_nothing_is_written() {
    let folder = folder();
    for bad in ["", " ", "a/b", "../a", "a\\b", ".hidden", "a:b", "a\nb", "nul\u{7}", &"x".repeat(101)] {
        let output = shequ(folder.path(), &["new", "--", bad]);
        assert_eq!(output.status.code(), Some(2), "{bad:?}");
        assert!(err(&output).starts_with("error: "), "{bad:?}");
    }
    assert_eq!(shequ(folder.path(), &["new", "a", "--dir", "none"]).status.code(), Some(2));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_bad_scenario_is_answered_on_standard_error_with_exit_code_two() {
    let folder = folder();
    fs::write(folder.path().join("bad.toml"), "name = \"A\"\nmonths = 0\n").unwrap();
    fs::write(folder.path().join("good.toml"), "name = \"A\"\n").unwrap();
    for arguments in [
        &["check", "good.toml", "bad.toml"][..],
        &["check", "bad.toml", "--resolved"],
        &["check", "good.toml", "--diff", "bad.toml"],
        &["check", "good.toml", "--set", "months=0", "--resolved"],
        &["check", "none.toml"],
        &["check", "good.toml", "--replicates", "0"],
    ] {
        let output = shequ(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(out(&output).is_empty(), "{arguments:?}");
        assert!(err(&output).starts_with("error: "), "{arguments:?}");
        assert!(!err(&output).contains('\u{1b}'), "colour without a terminal");
    }
}

#[test]
fn resolved_and_difference_go_to_standard_output() {
    let folder = folder();
    fs::write(folder.path().join("a.toml"), "name = \"A\"\n").unwrap();
    let resolved = shequ(folder.path(), &["check", "a.toml", "--resolved", "--seed", "5"]);
    assert!(err(&resolved).is_empty());
    assert!(out(&resolved).starts_with("name = \"A\""));
    assert!(out(&resolved).lines().any(|l| l.starts_with("life = 5 ") && l.ends_with("# --set")));
    let difference = shequ(folder.path(), &["check", "a.toml", "--diff", "a.toml", "--set", "months=3"]);
    assert_eq!(out(&difference), "months: 120 -> 3  # --set\n");
}

#[test]
fn quiet_says_nothing_when_nothing_is_wrong() {
    let folder = folder();
    fs::write(folder.path().join("a.toml"), "name = \"A\"\n").unwrap();
    let output = shequ(folder.path(), &["check", "a.toml", "--quiet"]);
    assert!(output.status.success() && output.stderr.is_empty() && output.stdout.is_empty());
}

#[test]
fn everything_that_is_listed_can_be_explained_in_both_languages() {
    let folder = folder();
    let list = out(&shequ(folder.path(), &["explain"]));
    assert!(list.lines().count() > 80);
    // One of a kind each; the whole list would start hundreds of programs.
    for word in
        ["months", "modes.vote.base_rate", "seed", "[seed]", "funding", "calculus", "asymmetric", "vote"]
    {
        for language in ["en", "zh"] {
            let output = shequ(folder.path(), &["explain", word, "--lang", language]);
            assert!(output.status.success(), "{word}: {}", err(&output));
            assert!(output.stderr.is_empty());
        }
    }
    let page = out(&shequ(folder.path(), &["explain", "update", "--lang", "zh"]));
    assert!(page.contains("默认值: \"synchronous\""), "{page}");
}

#[test]
fn an_unknown_word_is_answered_with_a_likely_one() {
    let folder = folder();
    let output = shequ(folder.path(), &["explain", "calculos"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(err(&output), "error: nothing here is called `calculos`; did you mean `calculus`?\n");
    let output = shequ(folder.path(), &["explain", "base_rate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("modes.vote.base_rate"));
    assert_eq!(shequ(folder.path(), &["explain", ""]).status.code(), Some(2));
}

#[test]
fn the_schema_is_json_and_completions_and_manual_are_printed() {
    let folder = folder();
    let schema = shequ(folder.path(), &["schema"]);
    assert!(serde_json::from_slice::<serde_json::Value>(&schema.stdout).unwrap().is_object());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = shequ(folder.path(), &["completions", shell]);
        assert!(output.status.success() && out(&output).contains("shequ"));
    }
    assert!(out(&shequ(folder.path(), &["man"])).contains(".TH shequ"));
}

#[test]
fn bad_usage_is_exit_code_two_and_help_is_none() {
    let folder = folder();
    for arguments in [&["chekc"][..], &[], &["check"], &["check", "a", "--seed", "x"], &["generate"]] {
        let output = shequ(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(shequ(folder.path(), &["--help"]).status.code(), Some(0));
    assert_eq!(shequ(folder.path(), &["--version"]).status.code(), Some(0));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let program = assert_cmd::cargo::cargo_bin("shequ");
    for arguments in [&["schema"][..], &["explain"], &["completions", "bash"], &["man"]] {
        let mut child = std::process::Command::new(&program)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The reader goes away before anything is read.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", err(&output));
    }
}
