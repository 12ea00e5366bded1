//! The terms of the field, everywhere: words that version 0.1.0 had of its own stay out of source, scenarios
//! and pages, and with them out of messages, keys, columns, metrics, reports and public names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sources;

/// A word of version 0.1.0, the term of today, and phrases in which the word has its usual meaning. Words are
/// found whatever joins them: `luck_share`, `LuckShare` and "luck share" are the same.
struct Old {
    word: &'static str,
    now: &'static str,
    usual: &'static [&'static str],
}

const fn old(word: &'static str, now: &'static str) -> Old {
    Old { word, now, usual: &[] }
}

/// Residents live in homes, and demography has its own terms.
const HOMES: &[&str] = &[
    "who lives",
    "whoever lives",
    "nobody lives",
    "lives in",
    "lives there",
    "lives here",
    "resident lives",
];
const STAY: &[&str] = &["lived in", "lived here", "lived there", "has lived", "have lived", "had lived"];
const DEMOGRAPHY: &[&str] = &["life table", "life tables", "half life", "quality of life", "community life"];

const OLD: &[Old] = &[
    old("luck", "random numbers"),
    Old { word: "life", now: "replicate, run", usual: DEMOGRAPHY },
    Old { word: "lives", now: "replicates, runs", usual: HOMES },
    Old { word: "lived", now: "simulated, run", usual: STAY },
    old("months to live", "months to simulate"),
    old("live replicate", "run replicate"),
    old("live only", "run only"),
    old("beyond chance", "significant"),
    old("not shown to", "no significant difference"),
    old("nothing is shown", "no significant difference"),
    old("hangs on", "depends on, the stakes of"),
    old("era", "policy period"),
    old("eras", "policy periods"),
    old("on the scale from", "points"),
    old("must come out", "expected results"),
    old("docking case", "benchmark case"),
    old("docking cases", "benchmark cases"),
    old("scenarios docking", "scenarios/benchmarks"),
    old("shequ docking", "shequ:benchmarks"),
    old("shelf", "bundled, benchmark cases"),
    old("until still", "until_stationary"),
    old("voice gain", "external_efficacy_gain"),
    old("enough efficacy", "enough_external_efficacy"),
    old("the disk says", "an I/O error if …"),
    old("has had enough", "a closed pipe ends the program with status 0"),
    old("goes on where", "resumes where"),
    old("goes on from there", "resumes from there"),
    old("went to work", "started"),
];

/// Texts of version 0.1.0 that are found as they stand, and those of today: headings of reports, and Chinese.
const OLD_TEXTS: &[(&str, &str)] = &[
    ("\"What was asked\"", "Question"),
    ("\"What was found\"", "Findings"),
    ("\"How sure\"", "Uncertainty"),
    ("\"What it rests on\"", "Evidence base"),
    ("\"In words\"", "Summary"),
    ("\"to know\"", "warning"),
    ("运气", "随机数"),
    ("共同随机数", "共用随机数"),
    ("超出偶然", "统计显著"),
    ("未显示", "差异不显著"),
    ("把握有多大", "不确定性"),
    ("文字结论", "结论摘要"),
    ("须知", "提示"),
    ("基线", "基准"),
    ("尺度为零至一", "分"),
];

/// Where an old word stands on purpose: a file, the word, and the reason.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("src/command/explain/glossary.rs", "luck", "the name in version 0.1.0"),
    ("src/command/explain/glossary.rs", "life", "the name in version 0.1.0"),
    ("src/command/explain/glossary.rs", "era", "the name in version 0.1.0"),
    ("src/command/explain/glossary.rs", "beyond chance", "the name in version 0.1.0"),
    ("src/command/explain/glossary.rs", "docking case", "the name in version 0.1.0"),
    ("docs/glossary.md", "luck", "the name in version 0.1.0"),
    ("docs/glossary.md", "life", "the name in version 0.1.0"),
    ("docs/glossary.md", "era", "the name in version 0.1.0"),
    ("docs/glossary.md", "beyond chance", "the name in version 0.1.0"),
    ("docs/glossary.md", "docking case", "the name in version 0.1.0"),
    ("crates/experiment/src/record/manifest.rs", "life", "a seed of old manifests"),
    ("tests/experiment/record.rs", "life", "a seed of old manifests"),
    ("tests/command/scenarios.rs", "life", "a key that is read by its old name"),
    ("crates/model/src/scenario/renamed.rs", "life", "a key that is read by its old name"),
    ("crates/model/src/scenario/renamed.rs", "voice gain", "a key that is read by its old name"),
    ("crates/model/src/scenario/renamed.rs", "enough efficacy", "a key that is read by its old name"),
    ("crates/model/src/scenario/renamed.rs", "shequ docking", "a folder that is read by its old name"),
    ("crates/experiment/src/validate/case.rs", "until still", "a key that is read by its old name"),
];

/// Folders of text besides the Rust source, from the root, with the endings that are read.
const FOLDERS: &[(&str, &[&str])] = &[
    ("", &["md"]),
    ("docs", &["md"]),
    ("docs/decisions", &["md"]),
    ("docs/tutorial", &["md"]),
    ("scenarios", &["toml", "json"]),
    ("scenarios/benchmarks", &["toml"]),
    ("scenarios/cases", &["toml"]),
    ("scenarios/communities", &["toml"]),
    ("scenarios/experiments", &["toml"]),
    ("crates/model/src/mechanism/rows", &["toml"]),
    ("crates/report/assets/report", &["js"]),
    (".github", &["md"]),
];

/// Every file that must be free of old words, by its path from the root, with its text.
fn files() -> Vec<(PathBuf, String)> {
    let rust = sources::all().into_iter().chain(sources::below("tests")).chain(sources::below("examples"));
    let rust = rust.chain(sources::below("crates/derive/src"));
    let others = FOLDERS.iter().flat_map(|(folder, endings)| {
        let of = sources::root().join(folder);
        let entries = fs::read_dir(&of).into_iter().flatten().map(|entry| entry.expect("an entry").path());
        entries.filter(|path| path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)))
    });
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("text");
        (path.strip_prefix(sources::root()).expect("below the root").to_path_buf(), text)
    };
    let is_meant = |path: &Path| {
        // The changelog tells of old names, and this file lists them.
        path != Path::new("CHANGELOG.md") && path != Path::new("tests/project/words.rs")
    };
    rust.chain(others.map(named)).filter(|(path, _)| is_meant(path)).collect()
}

/// The words of `line` in lower case; those of names in snake case and camel case by themselves.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in line.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if !c.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("there is one").extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// True if `phrase` stands in `text` at word `at`.
fn stands(text: &[String], at: usize, phrase: &[String]) -> bool {
    text.get(at..at + phrase.len()).is_some_and(|found| found == phrase)
}

/// True if the word at `at` belongs to a usual phrase.
fn is_usual(text: &[String], at: usize, old: &Old) -> bool {
    old.usual.iter().any(|phrase| {
        let phrase = words(phrase);
        (0..phrase.len()).any(|k| at >= k && phrase[k] == text[at] && stands(text, at - k, &phrase))
    })
}

/// Old words of a text: the number of their line, the word, and the term of today. A phrase may go on in the
/// next line.
fn found(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let lines: Vec<Vec<String>> = text.lines().map(words).collect();
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let texts = OLD_TEXTS.iter().filter(|(word, _)| line.contains(word));
        all.extend(texts.map(|&(word, now)| (number + 1, word, now)));
        let before = number.checked_sub(1).map_or(&[][..], |before| &lines[before][..]);
        let after = lines.get(number + 1).map_or(&[][..], |after| &after[..]);
        let text = [before, &lines[number], after].concat();
        for old in OLD {
            let phrase = words(old.word);
            let own = before.len()..before.len() + lines[number].len();
            let is_there = |at: &usize| stands(&text, *at, &phrase) && !is_usual(&text, *at, old);
            all.extend(own.filter(is_there).map(|_| (number + 1, old.word, old.now)));
        }
    }
    all
}

#[test]
fn no_word_of_the_old_dialect_is_left() {
    let files = files();
    let mut used = Vec::new();
    let mut wrong = Vec::new();
    for (path, text) in &files {
        for (line, word, now) in found(text) {
            let allowed = ALLOWED.iter().position(|(file, old, _)| path == Path::new(file) && *old == word);
            match allowed {
                Some(at) => used.push(at),
                None => wrong.push(format!("{}:{line}: \"{word}\" is now: {now}", path.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle = (0..ALLOWED.len()).filter(|at| !used.contains(at)).map(|at| ALLOWED[at]);
    assert_eq!(idle.collect::<Vec<_>>(), [], "allowed, but nowhere");
    assert!(files.len() > 300, "only {} files were read", files.len());
}

#[test]
fn old_words_are_found_however_they_are_joined() {
    let words = |text| found(text).into_iter().map(|(_, word, _)| word).collect::<Vec<_>>();
    assert_eq!(words("luck_share, MuchLuck; their\n/// lives end"), ["luck", "luck", "lives"]);
    assert_eq!(words("not beyond\n//! chance"), ["beyond chance"]);
    assert_eq!(words("who lives there, for life, by the life table"), ["life"]);
    assert_eq!(words("把握有多大"), ["把握有多大"]);
}
