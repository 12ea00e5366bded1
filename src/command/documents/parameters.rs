//! `docs/parameters.md`, and the counts of keys by grade that other pages show.

use super::{NOTE, code, table};
use shequ_model::base::params::{Grade, Key, Kind, Section, text};
use shequ_model::base::prior::{Basis, Prior};
use shequ_model::scenario::index::join;
use shequ_model::scenario::{chapter, sections};

/// The grades, best first, with what each means.
const GRADES: [(Grade, &str); 5] = [
    (Grade::Measured, "taken from an official figure, a survey or a peer-reviewed study"),
    (
        Grade::Derived,
        "computed from measured figures, or a measured figure carried over from a neighbouring case",
    ),
    (Grade::Fitted, "fitted to targets together with others: the median of the [posterior](calibration.md)"),
    (Grade::Assumed, "no measurement is known"),
    (Grade::Choice, "no claim about the world: the author of the scenario decides"),
];

/// The whole page.
pub fn page() -> String {
    let sections = sections();
    let filled: Vec<&Section> = sections.iter().filter(|section| !section.keys.is_empty()).collect();
    let chapters = filled.chunk_by(|a, b| chapter(a.path) == chapter(b.path));
    let parts: Vec<String> = chapters.map(chapter_of).collect();
    format!(
        "{NOTE}\n# Parameters\n\n\
         Every key that a scenario file may hold, chapter by chapter and table by table, with its meaning in English and \
         Chinese, its unit, what it may be, its default, the grade of evidence for the default, \
         its source, and its [prior](decisions/0046-priors.md): what is believed of it before any data. Keys marked \
         *fixed* hold for a whole run; all others may change in a `[[change]]`, but those marked *citywide* \
         only in all communities at once. \
         Shares are fractions, not per cent. `shequ explain KEY` prints the same for one key.\n\n\
         {}\n{}",
        grades(),
        parts.join("\n")
    )
}

/// How many keys there are of each grade, as a table.
pub fn grades() -> String {
    let all: Vec<Key> = sections().into_iter().flat_map(|section| section.keys).collect();
    let count = |grade: Grade| all.iter().filter(|key| key.grade == grade).count();
    let row = |(grade, means): (Grade, &str)| {
        [format!("{} ({})", grade.word(), grade.label().zh), means.into(), count(grade).to_string()]
    };
    let total = ["all".to_string(), String::new(), all.len().to_string()];
    table(["grade", "meaning", "keys"], GRADES.into_iter().map(row).chain([total]))
}

/// How many keys there are, and how many of each grade, in the order of the table.
fn counts() -> (usize, [usize; 5]) {
    let all: Vec<Key> = sections().into_iter().flat_map(|section| section.keys).collect();
    let count = |grade: Grade| all.iter().filter(|key| key.grade == grade).count();
    (all.len(), GRADES.map(|(grade, _)| count(grade)))
}

/// The same in one Chinese sentence.
pub fn grades_in_chinese() -> String {
    let (all, [measured, derived, fitted, assumed, choice]) = counts();
    format!(
        "{all} 个键中，{measured} 个默认值为实测，{derived} 个由实测推算，{fitted} 个由目标数据拟合，**{assumed} 个为假定**，{choice} 个由情景作者自选。\n"
    )
}

/// The same in one sentence.
pub fn grades_in_words() -> String {
    let (all, [measured, derived, fitted, assumed, choice]) = counts();
    format!(
        "Of {all} keys, {measured} defaults are measured, {derived} are derived from what was measured, \
         {fitted} are fitted to targets, **{assumed} are assumed**, and {choice} are choices of the author of the scenario.\n"
    )
}

/// A chapter: the tables of one family of institutions, or those of one kind.
fn chapter_of(sections: &[&Section]) -> String {
    let title = sections.first().map_or(text("", ""), |section| chapter(section.path));
    let tables: Vec<String> = sections.iter().map(|of| section(of)).collect();
    format!("## Chapter: {} {}\n\n{}", title.en, title.zh, tables.join("\n"))
}

fn section(section: &Section) -> String {
    let name = if section.path.is_empty() { "top level" } else { section.path };
    let rows = section.keys.iter().map(|key| row(section.path, key));
    let head = ["key", "meaning", "含义", "unit", "allowed", "default", "grade", "source", "prior"];
    let words: String = section.keys.iter().map(|key| choices(section.path, key)).collect();
    format!(
        "### {name}\n\n{} {}\n\n{}{}{words}",
        section.meaning.en,
        section.meaning.zh,
        table(head, rows),
        if words.is_empty() { "" } else { "\n" }
    )
}

fn row(path: &str, key: &Key) -> [String; 9] {
    let held = match (key.fixed, key.citywide) {
        (true, _) => " *fixed*",
        (_, true) => " *citywide*",
        _ => "",
    };
    [
        code(&join(path, key.name)) + held,
        key.meaning.en.into(),
        key.meaning.zh.into(),
        key.unit.into(),
        key.allowed().en,
        code(&key.default.to_string()),
        key.grade.word().into(),
        key.source.into(),
        key.prior().map(prior).unwrap_or_default(),
    ]
}

/// The law of a prior, and whether it is no more than what follows from the grade.
fn prior(prior: Prior) -> String {
    let law = prior.words().en;
    match prior.basis {
        Basis::Own => law,
        Basis::Grade => format!("by grade: {law}"),
    }
}

/// What the words of a choice stand for.
fn choices(path: &str, key: &Key) -> String {
    let Kind::Choice(words) = &key.kind else { return String::new() };
    let each: Vec<String> =
        words.iter().map(|w| format!("`{}` – {} ({})", w.name, w.meaning.en, w.meaning.zh)).collect();
    format!("- {}: {}\n", code(&join(path, key.name)), each.join("; "))
}
