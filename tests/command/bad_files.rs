//! Every kind of wrong scenario, with the whole of what is said about it.
//!
//! `tests/bad/NAME.toml` is the scenario, `NAME.txt` beside it the message and `NAME.zh.txt` the same in
//! Chinese; `tests/bad/experiments` has experiments in the same way. After a message was changed on purpose,
//! `SHEQU_REFRESH=1 cargo test --test command bad_files` writes the new ones; that run always fails, so that
//! refreshing cannot pass for testing.

use std::fs;
use std::path::{Path, PathBuf};

use shequ::experiment::file::{Experiment, Kind, Overrides};
use shequ::model::base::i18n::Language;
use shequ::model::base::problem::{Place, Problems};
use shequ::model::scenario::Scenario;

use crate::translation;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad")
}

/// What is said about a file, its folder left out.
fn message(problems: &Problems, language: Language) -> String {
    let text = problems.render(language, false);
    let folder = |inner: &str| format!("{}{}", folder().join(inner).display(), std::path::MAIN_SEPARATOR);
    text.replace(&folder("experiments"), "").replace(&folder("").replace("//", "/"), "") + "\n"
}

/// The cases in a folder.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_case = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with(".toml") && !name.starts_with('_')
    };
    let mut files: Vec<PathBuf> = entries.filter(is_case).collect();
    files.sort();
    files
}

fn check(folder: &Path, problems: &dyn Fn(&Path) -> Problems) {
    let refresh = std::env::var_os("SHEQU_REFRESH").is_some();
    let mut wrong = Vec::new();
    for path in cases(folder) {
        let problems = problems(&path);
        for (language, ending) in [(Language::En, "txt"), (Language::Zh, "zh.txt")] {
            let (said, kept) = (message(&problems, language), path.with_extension(ending));
            if refresh {
                fs::write(&kept, &said).unwrap();
            } else if fs::read_to_string(&kept).unwrap_or_default() != said {
                wrong.push(format!("{}:\n{said}", kept.display()));
            }
        }
    }
    assert!(!refresh, "messages were refreshed: read them, then test without SHEQU_REFRESH");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_bad_file_is_answered_with_exactly_its_message() {
    check(&folder(), &of_scenario);
}

#[test]
fn every_bad_experiment_is_answered_with_exactly_its_message() {
    check(&folder().join("experiments"), &of_experiment);
}

fn of_scenario(path: &Path) -> Problems {
    Scenario::load(path, &[]).err().unwrap_or_default()
}

fn of_experiment(path: &Path) -> Problems {
    let kind = match fs::read_to_string(path).unwrap().contains("\"sensitivity\"") {
        true => Kind::Sensitivity,
        false => Kind::Sweep,
    };
    Experiment::load(path, Some(kind), &Overrides::default()).err().unwrap_or_default()
}

#[test]
fn both_languages_name_the_same_keys_words_and_numbers() {
    let scenarios = cases(&folder()).into_iter().map(|path| of_scenario(&path));
    let experiments = cases(&folder().join("experiments")).into_iter().map(|path| of_experiment(&path));
    let mut checked = 0;
    for problem in scenarios.chain(experiments).flat_map(|problems| problems.0) {
        let message = Some(Box::new(problem.message));
        for said in [message, problem.allowed, problem.help].into_iter().flatten() {
            translation::check(&said.en, &said.zh).unwrap_or_else(|why| panic!("{why}"));
            checked += 1;
        }
    }
    assert!(checked > 200, "{checked}");
}

#[test]
fn there_are_at_least_thirty_five_kinds() {
    assert!(cases(&folder()).len() >= 35);
    assert!(cases(&folder().join("experiments")).len() >= 20);
}

fn problems_of(bytes: &[u8]) -> Problems {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    fs::write(&path, bytes).unwrap();
    Scenario::load(&path, &[]).err().unwrap()
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Scenario::load(&folder.path().join("none.toml"), &[]).err().unwrap();
    assert!(missing.to_string().contains("none.toml: the file does not exist"), "{missing}");
    let folder = Scenario::load(folder.path(), &[]).err().unwrap();
    assert!(folder.to_string().contains("is a folder, not a file"), "{folder}");
}

#[test]
fn a_file_larger_than_any_scenario_is_not_read_to_its_end() {
    let most = 64 << 20;
    let problems = problems_of(&vec![b'#'; most + 1]);
    assert!(problems.to_string().contains("a.toml is larger than 64 MiB"), "{problems}");
}

#[test]
fn the_first_byte_that_is_not_utf_8_is_pointed_at() {
    let problems = problems_of(b"months = 3\nname = \"\xC9\xE7\xC7\xF8\"\n");
    let place = problems.0[0].place.as_ref().unwrap();
    assert_eq!((place.line(), place.column()), (2, 9));
    assert!(problems.to_string().contains("save it as UTF-8"), "{problems}");
}

#[test]
fn binary_files_and_utf_16_are_named_for_what_they_are() {
    assert!(problems_of(b"\x7FELF\0\0\0").to_string().contains("is not a text file"));
    assert!(problems_of(b"\xFF\xFEn\0a\0").to_string().contains("is text in UTF-16"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    fs::write(&path, "\u{FEFF}name = \"A\"\r\n[seed]\r\ncity = 2\r\n").unwrap();
    let loaded = Scenario::load(&path, &[]).unwrap();
    assert_eq!(loaded.scenario.seed.city, 2);
    assert_eq!(loaded.value("seed.city").unwrap().origin(), "a.toml:3");
}

#[test]
fn deep_nesting_is_a_problem_and_no_overflow() {
    let brackets = problems_of(format!("a = {}", "[".repeat(10_000)).as_bytes());
    let braces = problems_of(format!("a = {}", "{a = ".repeat(10_000)).as_bytes());
    let dots = problems_of(format!("{}b = 1", "a.".repeat(10_000)).as_bytes());
    let table = problems_of(format!("[{}b]", "a.".repeat(10_000)).as_bytes());
    for problems in [brackets, braces, dots, table] {
        assert_eq!(problems.0.len(), 1);
        assert!(problems.to_string().len() < 1_000, "{problems}");
    }
}

#[test]
fn ten_thousand_problems_are_counted_and_not_all_shown() {
    let many: String = (0..10_000).map(|i| format!("wrong{i} = 1\n")).collect();
    let problems = problems_of(many.as_bytes());
    assert_eq!(problems.0.len(), 10_000);
    let text = problems.to_string();
    assert!(text.ends_with("10000 problems, of which the first 100 are shown."));
}

/// Files cut short at any byte, and with any byte replaced, are read or refused but never crash.
#[test]
fn no_mutilated_file_crashes_the_reader() {
    let good = fs::read_to_string(folder().join("change_key_fixed.toml")).unwrap();
    for at in (0..good.len()).filter(|&at| good.is_char_boundary(at)) {
        let _ = Scenario::from_text("cut.toml", &good[..at], &[]);
        for with in ["[", "\"", "=", "\u{FF1D}", "\n", ".", "{", "9"] {
            let text = format!("{}{with}{}", &good[..at], good[at..].chars().skip(1).collect::<String>());
            if let Err(problems) = Scenario::from_text("changed.toml", &text, &[]) {
                let _ = problems.to_string();
            }
        }
    }
}

#[test]
fn every_override_is_checked_like_a_line_of_a_file() {
    let said = |option: &str| {
        let loaded = Scenario::from_text("a.toml", "name = \"A\"", &[option.to_string()]);
        loaded.map(|_| String::new()).unwrap_or_else(|problems| problems.to_string())
    };
    for (option, expected) in [
        ("months", "`--set months` is not of the form key=value"),
        ("seed.replicate=3", "did you mean `seed.replicates`?"),
        ("months=0", "`months` is out of range"),
        ("months=many", "`months` must be a whole number, not text"),
        ("start=2017-13", "`start` is not a month: \"2017-13\""),
        ("seed=3", "`seed` is a table of keys, not a value"),
        ("extends=b.toml", "`extends` cannot be given with --set"),
        ("change=[]", "`change` cannot be given with --set"),
        ("=3", "`--set =3` is not of the form key=value"),
        ("", "is not of the form key=value"),
        ("months=9999999999999999999999", "`months` is out of range"),
        ("update=[[[[", "`update` does not allow \"[[[[\""),
    ] {
        let text = said(option);
        assert!(text.contains(expected), "{option}: {text}");
    }
    for fine in [
        "name=Two words",
        "name=2020",
        "start=2018-02",
        "modes.vote.hours=2",
        " months = 7 ",
        "update=\"synchronous\"",
    ] {
        assert_eq!(said(fine), "", "{fine}");
    }
}

#[test]
fn a_problem_of_an_override_is_shown_at_the_option() {
    let problems = Scenario::from_text("a.toml", "name = \"A\"", &["months=0".into()]).err().unwrap();
    assert_eq!(problems.0[0].place.as_ref().map(Place::origin).as_deref(), Some("--set"));
    assert_eq!(problems.0[0].key.as_deref(), Some("months"));
}
