//! Every kind of wrong scenario, with the whole of what is said about it.
//!
//! `tests/bad/NAME.toml` is the scenario, `NAME.txt` beside it the message and `NAME.zh.txt` the same in
//! Chinese; `tests/bad/experiments` has experiments, and `tests/bad/tables` tables of communities in the same
//! way. After a message was changed on purpose,
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
    let text = text.replace(&folder("tables"), "");
    text.replace(&folder("experiments"), "").replace(&folder("").replace("//", "/"), "") + "\n"
}

/// The cases in a folder.
fn cases(folder: &Path) -> Vec<PathBuf> {
    files(folder, ".toml")
}

/// The tables of communities.
fn tables() -> Vec<PathBuf> {
    let of = |ending| files(&folder().join("tables"), ending);
    [".csv", ".xlsx", ".geojson"].into_iter().flat_map(of).collect()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_case = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with(ending) && !name.starts_with('_')
    };
    let mut files: Vec<PathBuf> = entries.filter(is_case).collect();
    files.sort();
    files
}

fn check(cases: Vec<PathBuf>, problems: &dyn Fn(&Path) -> Problems) {
    let refresh = std::env::var_os("SHEQU_REFRESH").is_some();
    let mut wrong = Vec::new();
    for path in cases {
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
    check(cases(&folder()), &of_scenario);
}

#[test]
fn every_bad_experiment_is_answered_with_exactly_its_message() {
    check(cases(&folder().join("experiments")), &of_experiment);
}

#[test]
fn every_bad_table_is_answered_with_exactly_its_message() {
    check(tables(), &of_table);
}

/// What is said of a scenario beside the table, which names it.
fn of_table(path: &Path) -> Problems {
    let beside = path.with_file_name("scenario.toml");
    let named = path.file_name().unwrap().to_string_lossy();
    let text = format!("name = \"A\"\n[population]\ntable = \"{named}\"\n");
    Scenario::from_text(&beside.display().to_string(), &text, &[]).err().unwrap_or_default()
}

#[test]
fn a_hundred_thousand_rows_are_too_many_communities_and_a_large_file_is_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let said = |text: &str| {
        let path = folder.path().join("a.csv");
        fs::write(&path, text).unwrap();
        of_table(&path).to_string()
    };
    let rows: String = (0..100_000).map(|n| format!("{n},1\n")).collect();
    let many = said(&format!("name,adults\n{rows}"));
    assert!(many.contains("this table has 100000 rows, and a city at most 10000 communities"), "{many}");
    let large = said(&format!("name\n{}", "x".repeat(16 << 20)));
    assert!(large.contains("is larger than 16 MiB"), "{large}");
}

#[test]
fn a_table_in_the_place_of_a_scenario_is_recognised() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.csv", "x"), ("a.xlsx", "PK"), ("a.toml", "社区,类型\n甲,村\n")] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let said = Scenario::load(&path, &[]).err().unwrap().to_string();
        assert!(said.contains("is a table, not a scenario"), "{name}: {said}");
        assert!(said.contains("--set population.table="), "{name}: {said}");
    }
}

#[test]
fn a_number_of_communities_that_the_table_does_not_have_is_told_unless_the_table_has_the_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("c.csv", "name,street\nA,x\nB,y\n");
    write("base.toml", "name = \"A\"\n[population]\ncommunities = 6\n");
    write("child.toml", "extends = \"base.toml\"\n[population]\ntable = \"c.csv\"\n");
    write("both.toml", "name = \"A\"\n[population]\ncommunities = 6\ntable = \"c.csv\"\n");
    let load = |name: &str, set: &[&str]| {
        let set: Vec<String> = set.iter().map(|set| set.to_string()).collect();
        Scenario::load(&folder.path().join(name), &set)
    };
    let population = load("child.toml", &[]).unwrap().scenario.population;
    assert_eq!((population.communities, population.streets), (2, 2));
    for (name, set) in [("both.toml", &[][..]), ("child.toml", &["population.communities=3"])] {
        let said = load(name, set).err().unwrap().to_string();
        assert!(said.contains("and the table has 2"), "{name}: {said}");
    }
}

/// Tables cut short at any byte, and with any byte replaced, are read or refused but never crash.
#[test]
fn no_mutilated_table_crashes_the_reader() {
    let good = shequ::model::scenario::communities::template::table(Language::Zh);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    for at in (0..good.len()).step_by(5) {
        let mut cut = good.as_bytes()[..at].to_vec();
        fs::write(&path, &cut).unwrap();
        let _ = of_table(&path).to_string();
        cut.extend([b"\"", &b","[..], b"%", b"\n", b"\xFF"][at % 5]);
        cut.extend(&good.as_bytes()[at + 1..]);
        fs::write(&path, &cut).unwrap();
        let _ = of_table(&path).to_string();
    }
}

fn of_scenario(path: &Path) -> Problems {
    Scenario::load(path, &[]).err().unwrap_or_default()
}

fn of_experiment(path: &Path) -> Problems {
    let text = fs::read_to_string(path).unwrap();
    // Only arms of a comparison have parts, and its own command reads them.
    let kind = match () {
        _ if text.contains("\"sensitivity\"") => Some(Kind::Sensitivity),
        _ if text.contains("\"search\"") => Some(Kind::Search),
        _ if text.contains("smallest_effect") => Some(Kind::Compare),
        _ => (!text.contains("parts = ")).then_some(Kind::Sweep),
    };
    Experiment::load(path, kind, &Overrides::default()).err().unwrap_or_default()
}

#[test]
fn both_languages_name_the_same_keys_words_and_numbers() {
    let scenarios = cases(&folder()).into_iter().map(|path| of_scenario(&path));
    let experiments = cases(&folder().join("experiments")).into_iter().map(|path| of_experiment(&path));
    let mut checked = 0;
    let tables = tables().into_iter().map(|path| of_table(&path));
    for problem in scenarios.chain(experiments).chain(tables).flat_map(|problems| problems.0) {
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
    assert!(tables().len() >= 40);
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
