//! One scenario file, read against the sections: what it says, and everything that is wrong with it.

use std::sync::Arc;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

use super::index::Index;
use super::places::{WHERE, Where};
use super::reader::{HINTED, Reader};
use super::syntax;
use crate::base::i18n::{both, listed};
use crate::base::month::Month;
use crate::base::params::{Key, Kind};
use crate::base::problem::{Place, Problem, Problems, Source};

/// A value that a person gave to a key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Dotted path of the key.
    pub path: String,
    /// The value, checked.
    pub value: Value,
    /// Where it was given.
    pub place: Place,
    /// What a reader should know of how it was read, such as what was left out of a file.
    pub notes: Vec<Problem>,
}

/// One `[[change]]`.
#[derive(Clone, Debug)]
pub struct Change {
    /// First month in which it holds.
    pub from: Month,
    /// Where that month was given.
    pub place: Place,
    /// In which communities it holds; none = in all.
    pub within: Option<Where>,
    /// What it replaces.
    pub entries: Vec<Entry>,
}

impl Change {
    /// The same with those entries alone whose keys are `wanted`; `None` if that is none of them.
    pub fn only(&self, wanted: impl Fn(&str) -> bool) -> Option<Change> {
        let entries: Vec<Entry> = self.entries.iter().filter(|entry| wanted(&entry.path)).cloned().collect();
        (!entries.is_empty()).then(|| Change { entries, ..self.clone() })
    }

    /// What it does, when and in which communities, without where that was said.
    pub fn course(&self) -> (Month, Option<String>, Vec<(&str, &Value)>) {
        let entries = self.entries.iter().map(|entry| (entry.path.as_str(), &entry.value));
        (self.from, self.within.as_ref().map(Where::to_string), entries.collect())
    }
}

/// What one file says.
#[derive(Debug, Default)]
pub struct Document {
    /// The file that it extends.
    pub extends: Option<(String, Place)>,
    /// The values outside changes.
    pub entries: Vec<Entry>,
    /// The changes, if the file has any say in them.
    pub changes: Option<Vec<Change>>,
}

/// The key by which a file is known for an experiment.
const EXPERIMENT: &str = "kind";

/// The kinds of experiments that a command of that name carries out.
const KINDS: [&str; 6] = ["compare", "contest", "sweep", "sensitivity", "calibrate", "search"];

/// Where a file that says more holds a scenario.
#[derive(Clone, Copy)]
pub struct Within<'a> {
    /// The table that is the scenario.
    pub table: &'a str,
    /// Whether there must be such a table; else a file without it is a scenario as a whole.
    pub required: bool,
}

/// Reads `source`, adding what is wrong to `problems`. Where the scenario is only the table `within` of a
/// file that says more, the rest is left to others.
pub fn read(
    source: &Arc<Source>,
    within: Option<Within>,
    index: &Index,
    problems: &mut Problems,
) -> Document {
    let mut reader = Reader::new(source, index, problems);
    let mut document = Document::default();
    match reader.parse() {
        Ok(table) => match within.filter(|within| within.required || table.contains_key(within.table)) {
            None if table.contains_key(EXPERIMENT) => {
                let problem = an_experiment(&reader, &table);
                reader.wrong(problem);
            }
            None => reader.document(&table, &mut document),
            Some(Within { table: name, .. }) => match table.get(name).map(|part| part.get_ref()) {
                Some(DeValue::Table(part)) => reader.document(part, &mut document),
                _ => reader.wrong(Problem::new(both!(
                    "{file} has no table [{name}]", "{file} 中没有表 [{name}]"; file = source.name, name = name
                ))),
            },
        },
        // Half-read tables would only add confusion; the file that is extended is still looked at.
        Err(half) => document.extends = reader.extends(&half),
    }
    document
}

/// The one problem with an experiment where a scenario is wanted; none of its keys would be known.
fn an_experiment(reader: &Reader, table: &DeTable) -> Problem {
    let kind = &table[EXPERIMENT];
    let problem = Problem::new(both!("this is an experiment, not a scenario", "这是实验文件，不是情景文件"))
        .at(reader.place(kind))
        .of(EXPERIMENT);
    match kind.get_ref().as_str().filter(|kind| KINDS.contains(kind)) {
        Some(command) => problem
            .help(both!("`shequ {command}` reads and checks it", "请用 `shequ {command}` 读取，并由它检查")),
        None => problem.help(both!(
            "there are no experiments of this kind; the kinds are {kinds}",
            "没有这种实验；可用的种类有 {kinds}";
            kinds = listed(KINDS)
        )),
    }
}

/// Checks the value of the known key `path`, written at `place` as a TOML value, or as text without
/// quotes where text is wanted.
pub fn written(
    path: &str,
    place: &Place,
    text: &str,
    index: &Index,
    problems: &mut Problems,
) -> Option<Entry> {
    let is_text = matches!(index.key(path)?.kind, Kind::Text | Kind::Formula | Kind::Choice(_) | Kind::Month);
    let value = match DeValue::parse(text) {
        Ok(value) if value.get_ref().is_str() || !is_text => value.into_inner(),
        _ => DeValue::String(text.into()),
    };
    let mut entries = Vec::new();
    let mut reader = Reader::new(&place.source, index, problems);
    reader.value(path, &Spanned::new(place.span.clone(), shifted(value, place.span.start)), &mut entries);
    entries.pop()
}

/// The items of a list, their spans counted from the start of the source that holds the list.
fn shifted(value: DeValue, by: usize) -> DeValue {
    let DeValue::Array(items) = value else { return value };
    let shift = |item: Spanned<_>| {
        let span = item.span();
        Spanned::new(span.start + by..span.end + by, item.into_inner())
    };
    DeValue::Array(items.into_iter().map(shift).collect())
}

impl<'a> Reader<'a> {
    /// The source as TOML; if it is none, what of it could be read, and its problems are added.
    pub fn parse(&mut self) -> Result<DeTable<'a>, DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(&self.source.text);
        if errors.is_empty() {
            return Ok(table.into_inner());
        }
        self.syntax(&errors);
        Err(table.into_inner())
    }

    fn document(&mut self, table: &DeTable, document: &mut Document) {
        let before = self.problems.0.len();
        document.extends = self.extends(table);
        document.changes = self.changes(table);
        self.table("", table, &["extends", "change"], &mut document.entries);
        // Problems are found by kind; people read them from top to bottom.
        self.problems.0[before..].sort_by_key(|p| p.place.as_ref().map_or(0, |place| place.span.start));
    }

    /// The file named by `extends`.
    fn extends(&mut self, table: &DeTable) -> Option<(String, Place)> {
        let value = table.get("extends")?;
        match value.get_ref() {
            DeValue::String(path) if !path.trim().is_empty() => Some((path.to_string(), self.place(value))),
            _ => {
                let problem =
                    Problem::new(both!("`extends` must name one file", "`extends` 必须指明一个文件"))
                        .allowed(both!(
                            "a path in quotes, such as \"baseline.toml\"",
                            "引号中的路径，如 \"baseline.toml\""
                        ));
                self.wrong(problem.at(self.place(value)));
                None
            }
        }
    }

    fn changes(&mut self, table: &DeTable) -> Option<Vec<Change>> {
        let value = table.get("change")?;
        let DeValue::Array(array) = value.get_ref() else {
            let problem = Problem::new(both!("`change` must be a list of tables", "`change` 必须是表的列表"))
                .help(both!(
                    "write [[change]], with two pairs of brackets, above each change",
                    "请在每项变化之上写 [[change]]，用两对方括号"
                ));
            self.wrong(problem.at(self.place(value)));
            return None;
        };
        self.in_change = true;
        let changes = array.iter().filter_map(|item| self.change(item)).collect();
        self.in_change = false;
        Some(changes)
    }

    fn change(&mut self, item: &Spanned<DeValue>) -> Option<Change> {
        let DeValue::Table(table) = item.get_ref() else {
            let problem = Problem::new(both!("each change must be a table", "每项变化必须是一个表"))
                .help(both!("write [[change]] above each change", "请在每项变化之上写 [[change]]"));
            self.wrong(problem.at(self.place(item)));
            return None;
        };
        let mut entries = Vec::new();
        let before = self.problems.0.len();
        let within = table.get(WHERE).and_then(|value| self.places(value));
        self.in_places = table.contains_key(WHERE);
        self.table("", table, &["from", WHERE], &mut entries);
        self.in_places = false;
        if entries.is_empty() && self.problems.0.len() == before {
            let problem = Problem::new(both!("this change changes nothing", "此项变化没有改变任何键"))
                .allowed(both!("at least one key besides `from`", "除 `from` 外至少一个键"))
                .help(both!(
                    "for example: council.selection = \"sortition\"",
                    "例如：council.selection = \"sortition\""
                ));
            self.wrong(problem.at(self.place(item)));
        }
        let (from, place) = self.from(item, table)?;
        Some(Change { from, place, within, entries })
    }

    fn from(&mut self, item: &Spanned<DeValue>, table: &DeTable) -> Option<(Month, Place)> {
        let Some(value) = table.get("from") else {
            let problem = Problem::new(both!(
                "this change has no `from`, the month in which it begins",
                "此项变化缺少 `from`，即开始生效的月份"
            ))
            .help(both!(
                "add its first month: from = \"2020-01\"",
                "请写明开始生效的月份：from = \"2020-01\""
            ));
            self.wrong(problem.at(self.place(item)));
            return None;
        };
        let mut checked = Vec::new();
        self.checked("from", &Key::month("from", "2017-01"), value, &mut checked);
        let entry = checked.pop()?;
        Some((entry.value.as_str()?.parse().ok()?, entry.place))
    }

    /// Syntax errors, one for each line; where one leads to all the others, that one alone.
    fn syntax(&mut self, errors: &[toml::de::Error]) {
        let mut errors: Vec<_> = errors.iter().map(|e| (e.span().unwrap_or_default(), e.message())).collect();
        errors.sort_by_key(|(span, _)| span.start);
        let unclosed = errors.iter().any(|(_, message)| message.starts_with("unclosed"));
        let one_leads_to_all = unclosed || errors.iter().any(|(_, message)| syntax::is_too_deep(message));
        errors.truncate(if one_leads_to_all { 1 } else { HINTED });
        let mut last_line = 0;
        for (span, message) in errors {
            let problem = syntax::problem(message, &self.source.text, span.start, unclosed);
            let problem = problem.at(Place::new(self.source, span));
            let line = problem.place.as_ref().map_or(0, Place::line);
            if line != last_line {
                last_line = line;
                self.wrong(problem);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::{Key, Section, text};

    fn index() -> Index {
        let keys = vec![
            Key::share("alpha", 0.5),
            Key::count("built", 3, 1, 9).fixed(),
            Key::shares("kinds", &[0.5, 0.5], &[text("old", ""), text("new", "")]),
        ];
        let other = vec![Key::flag("lit", true)];
        Index::new(vec![
            Section { path: "made", meaning: text("", ""), keys },
            Section { path: "made.up", meaning: text("", ""), keys: other },
        ])
    }

    fn find<'a>(document: &'a Document, path: &str) -> Option<&'a Entry> {
        document.entries.iter().find(|entry| entry.path == path)
    }

    fn read_text(text: &str) -> (Document, Vec<String>) {
        let mut problems = Problems::default();
        let document = read(&Source::file("a.toml", text), None, &index(), &mut problems);
        (document, problems.0.into_iter().map(|p| p.message.en).collect())
    }

    #[test]
    fn tables_and_dotted_keys_say_the_same() {
        for text in ["[made]\nalpha = 0.2\nup.lit = false", "made = { alpha = 0.2, up = { lit = false } }"] {
            let (document, problems) = read_text(text);
            assert_eq!(problems, Vec::<String>::new());
            assert_eq!(find(&document, "made.alpha").unwrap().value, Value::Float(0.2));
            assert_eq!(find(&document, "made.up.lit").unwrap().value, Value::Boolean(false));
        }
    }

    #[test]
    fn a_change_holds_dotted_keys_or_tables_but_no_fixed_ones() {
        let (document, problems) =
            read_text("[[change]]\nfrom = \"2020-01\"\nmade.alpha = 1\n[change.made]\nup.lit = false\n");
        // TOML itself forbids to open again a table that dotted keys have made.
        assert_eq!((document.changes.is_none(), problems.len()), (true, 1));
        let (document, problems) =
            read_text("[[change]]\nfrom = \"2020-01\"\n[change.made]\nalpha = 1\nup.lit = false\n");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(document.changes.unwrap()[0].entries.len(), 2);
        let (_, problems) = read_text("[[change]]\nfrom = \"2020-01\"\nmade.built = 2\n");
        assert_eq!(problems, ["`made.built` cannot change during a run"]);
    }

    #[test]
    fn wrong_shares_are_a_problem_of_their_key() {
        let (_, problems) = read_text("[made]\nkinds = [0.5, 0.6]");
        assert_eq!(problems, ["`made.kinds` must sum to 1, not 1.1"]);
    }
}
