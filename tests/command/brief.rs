//! The brief: one page in three forms that say the same, and nothing that the tables do not.

use crate::place::text;
use crate::program;
use crate::report_page::every_number_is_that_of_its_table;

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;

const BASE: &str = "name = \"Base\"\nname_zh = \"基准\"\nmonths = 30\nreplicates = 4\n[population]\ncommunities = 2\n\
    adults = 150\n[report]\ngroups_every = 6\n";
const VISITS: &str = "extends = \"base.toml\"\nname = \"Visits & <b>\"\nname_zh = \"走访\"\n[outreach]\n\
    home_visits = 0.9\nwechat_group = 0.9\n";
const LATER: &str = "extends = \"base.toml\"\nname = \"Later\"\nname_zh = \"稍后\"\n[[change]]\nfrom = \"2018-07\"\n\
    council.enabled = true\nfunding.decider = \"council\"\n";

/// A folder with scenarios.
fn place() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    for (name, text) in [("base", BASE), ("visits", VISITS), ("later", LATER)] {
        fs::write(place.path().join(format!("{name}.toml")), text).unwrap();
    }
    place
}

/// What a command leaves in its results folder.
fn results(place: &TempDir, arguments: &[&str]) -> PathBuf {
    let output = program::shequ().current_dir(place).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    place.path().join(text(&output.stdout).lines().last().unwrap())
}

fn compared(place: &TempDir) -> PathBuf {
    results(place, &["compare", "base.toml", "visits.toml", "later.toml", "--window", "last-year", "-q"])
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// A part of the Word file.
fn part(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What stands in an attribute, as often as it stands there.
fn attributes<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    text.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// Words without tags, entities and spaces, so that three forms can be compared.
fn bare(text: &str) -> String {
    let mut inside = false;
    let outside = |c: &char| {
        inside = (inside || *c == '<') && *c != '>';
        !inside && *c != '>'
    };
    let words: String = text.chars().filter(outside).collect();
    let words = words
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    words.chars().filter(|c| !c.is_whitespace() && *c != '\\').collect()
}

#[test]
fn every_number_of_a_brief_is_that_of_its_table() {
    let place = place();
    let folder = compared(&place);
    let compared = every_number_is_that_of_its_table(&folder, &read(&folder, "brief.html"));
    assert!(compared > 20, "{compared} numbers");
    let run = results(&place, &["run", "base.toml", "-q", "--lang", "zh"]);
    let compared = every_number_is_that_of_its_table(&run, &read(&run, "brief.html"));
    assert!(compared > 15, "{compared} numbers");
}

#[test]
fn the_first_policy_is_that_of_the_largest_effect() {
    let place = place();
    let folder = compared(&place);
    let mut effects = csv::Reader::from_path(folder.join("effects.csv")).unwrap();
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        effects.deserialize().map(|row| row.unwrap()).collect();
    let own = rows.iter().filter(|row| row["metric"] == "participation");
    let largest = own.max_by(|a, b| {
        let effect = |row: &std::collections::BTreeMap<String, String>| row["effect"].parse::<f64>().unwrap();
        effect(a).total_cmp(&effect(b))
    });
    let markdown = read(&folder, "brief.md");
    let answer = markdown.lines().next().unwrap().replace('\\', "");
    assert!(answer.contains(&format!("\"{}\"", largest.unwrap()["arm"])), "{answer}");
}

#[test]
fn an_election_of_a_policy_of_its_own_is_told() {
    let place = place();
    // The council of the policy is elected when it begins, in July 2018; by December nobody is elected.
    let told = |window: &str| {
        let folder = results(&place, &["compare", "base.toml", "later.toml", "--window", window, "-q"]);
        read(&folder, "brief.md")
            .contains("Residents vote in more of these months under \"Later\" than under")
    };
    assert!(told("2018-07..2018-12"));
    assert!(!told("2018-08..2018-12"));
}

#[test]
fn three_forms_say_the_same() {
    let place = place();
    let folder = compared(&place);
    let docx = fs::read(folder.join("brief.docx")).unwrap();
    let (html, word) = (bare(&read(&folder, "brief.html")), bare(&part(&docx, "word/document.xml")));
    let markdown = read(&folder, "brief.md");
    let lines =
        markdown.lines().filter(|line| !line.starts_with('!') && !line.starts_with('*') && *line != "---");
    for line in lines.map(|line| line.trim_start_matches(['#', '-', ' '])) {
        let line = bare(&line.replace("\\<", "&lt;").replace("\\>", "&gt;"));
        assert!(html.contains(&line), "{line} is not in brief.html");
        assert!(word.contains(&line), "{line} is not in brief.docx");
    }
}

#[test]
fn pictures_are_there_and_have_words() {
    let place = place();
    let folder = compared(&place);
    let markdown = read(&folder, "brief.md");
    let pictures: Vec<&str> = markdown.lines().filter(|line| line.starts_with("![")).collect();
    assert_eq!(pictures.len(), 2);
    for picture in &pictures {
        let file = picture.rsplit_once("](").unwrap().1.trim_end_matches(')');
        assert!(folder.join(file).is_file(), "{picture}");
    }
    let docx = fs::read(folder.join("brief.docx")).unwrap();
    let document = part(&docx, "word/document.xml");
    assert_eq!(document.matches("<w:drawing>").count(), 2);
    assert_eq!(document.matches("<wp:docPr ").count(), 2);
    let mut ids: Vec<&str> = document.split("<wp:docPr ").chain(document.split("<pic:cNvPr ")).collect();
    ids.retain(|rest| rest.starts_with("id="));
    let mut ids: Vec<&str> = ids.iter().map(|rest| rest.split('"').nth(1).unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "every id is another");
    for words in attributes(&document, "descr") {
        assert!(words.len() > 20, "{words}");
    }
    let styles = part(&docx, "word/styles.xml");
    assert!(styles.contains("w:eastAsia=\"zh-CN\"") && styles.contains("w:eastAsia=\"Microsoft YaHei\""));
    let html = read(&folder, "brief.html");
    assert!(!html.contains("<script") && !html.contains(" src=") && !html.contains(" href="));
}

#[test]
fn a_report_in_another_language_makes_the_same_bytes_twice() {
    let place = place();
    let folder = compared(&place);
    let files = ["brief.html", "brief.md", "brief.docx"];
    let bytes = || files.map(|name| fs::read(folder.join(name)).unwrap());
    let english = bytes();
    results(&place, &["report", folder.to_str().unwrap(), "--lang", "zh"]);
    let chinese = bytes();
    assert!(english.iter().zip(&chinese).all(|(en, zh)| en != zh));
    assert!(read(&folder, "brief.md").contains("走访"));
    results(&place, &["report", folder.to_str().unwrap(), "--lang", "en"]);
    assert!(english == bytes());
}

#[test]
fn a_run_claims_nothing_of_policies() {
    let place = place();
    let run = results(&place, &["run", "later.toml", "-q"]);
    let markdown = read(&run, "brief.md");
    assert!(markdown.contains("not the effect of a policy"), "{markdown}");
    assert!(!markdown.contains("raises") && !markdown.contains("lowers"), "{markdown}");
}
