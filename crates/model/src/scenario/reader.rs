//! Reading the tables and keys of a scenario file, whatever else is in it.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::Entry;
use super::index::{Index, join};
use super::{communities, draft, lists, pabulib, places, renamed, value};
use crate::base::i18n::{Both, both};
use crate::base::params::{Key, Kind};
use crate::base::problem::{Place, Problem, Problems, Source};

/// Problems for which a likely remedy is looked up; nobody reads so far as the next.
pub const HINTED: usize = 100;

/// Reads one source.
pub struct Reader<'a> {
    /// What is read.
    pub source: &'a Arc<Source>,
    /// What may be in it.
    pub index: &'a Index,
    /// What is wrong with it.
    pub problems: &'a mut Problems,
    /// True within a `[[change]]`.
    pub in_change: bool,
    /// True within what holds in some places only.
    pub in_places: bool,
}

/// A key and its value.
type Spot<'a, 'i> = (&'a Spanned<Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

impl<'a> Reader<'a> {
    /// Reads `source`, adding what is wrong to `problems`.
    pub fn new(source: &'a Arc<Source>, index: &'a Index, problems: &'a mut Problems) -> Reader<'a> {
        Reader { source, index, problems, in_change: false, in_places: false }
    }
}

impl Reader<'_> {
    /// Reads the keys of a table that may hold keys or other tables, but for the `special` ones.
    pub fn table(&mut self, path: &str, table: &DeTable, special: &[&str], out: &mut Vec<Entry>) {
        for spot in table {
            let name: &str = spot.0.get_ref();
            if special.contains(&name) {
                continue;
            }
            let written = join(path, name);
            let (place, mut notes) = (Place::new(self.source, spot.0.span()), Vec::new());
            let full = renamed::of_today(&written, &place, &mut notes);
            if name.is_empty() || name.contains('.') {
                self.unknown(path, spot);
            } else if out.iter().any(|entry| entry.path == full) {
                self.wrong(renamed::by_both_names(full, place));
            } else if self.index.key(full).is_some() {
                let before = out.len();
                self.key(full, spot, out);
                out[before..].iter_mut().for_each(|entry| entry.notes.append(&mut notes));
            } else if self.index.is_table(full) {
                self.inner(full, spot, out);
            } else {
                self.unknown(path, spot);
            }
        }
    }

    fn inner(&mut self, path: &str, (_, value): Spot, out: &mut Vec<Entry>) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(path, table, &[], out),
            DeValue::Array(_) if holds_tables(value.get_ref()) => {
                let problem = Problem::new(both!(
                    "[{path}] is one table, not a list of tables",
                    "[{path}] 是一个表，而不是表的列表"
                ))
                .help(both!(
                    "write [{path}], with one pair of brackets, once",
                    "请写 [{path}]，用一对方括号，只写一次"
                ));
                self.wrong(problem.at(self.place(value)).of(path));
            }
            _ => {
                self.wrong(draft::not_a_value(path, self.index).at(self.place(value)));
            }
        }
    }

    fn key(&mut self, path: &str, (name, value): Spot, out: &mut Vec<Entry>) {
        let fixed = self.index.key(path).is_some_and(|key| key.fixed);
        if self.in_change && fixed {
            let problem =
                Problem::new(both!("`{path}` cannot change during a run", "`{path}` 在运行过程中不能改变"))
                    .allowed(both!(
                        "it is fixed from the first month to the last",
                        "从第一个月到最后一个月都不变"
                    ))
                    .help(both!(
                        "write it outside the changes, or in a second scenario",
                        "请写在各项变化之外，或另写一个情景"
                    ));
            self.wrong(problem.at(Place::new(self.source, name.span())).of(path));
        } else if self.in_places && self.index.key(path).is_some_and(|key| key.citywide) {
            self.wrong(places::decided_for_the_city(path).at(Place::new(self.source, name.span())));
        } else {
            self.value(path, value, out);
        }
    }

    /// Reads the value of a known key.
    pub fn value(&mut self, path: &str, value: &Spanned<DeValue>, out: &mut Vec<Entry>) {
        if let Some(key) = self.index.key(path) {
            self.checked(path, key, value, out);
        }
    }

    /// Reads a value that `key` describes.
    pub fn checked(&mut self, path: &str, key: &Key, value: &Spanned<DeValue>, out: &mut Vec<Entry>) {
        if let (DeValue::String(named), Some(read)) = (value.get_ref(), self.listed(key, value.get_ref())) {
            match read {
                Ok((checked, notes)) => {
                    out.push(Entry { path: path.into(), value: checked, place: self.place(value), notes })
                }
                Err(problems) => self.unlisted(path, named, value, problems),
            }
            return;
        }
        match value::check(key, value.get_ref()) {
            Ok(checked) => {
                let place = self.place(value);
                out.push(Entry { path: path.into(), value: checked, place, notes: Vec::new() });
            }
            Err(fault) => {
                let place = Place::new(self.source, fault.span.unwrap_or_else(|| value.span()));
                let message = both!("`{path}` {what}", "`{path}` {what}"; what = fault.what, path = path);
                let problem = Problem::new(message).of(path).at(place).allowed(key.allowed());
                self.wrong(fault.help.into_iter().fold(problem, Problem::help));
            }
        }
    }

    /// The list that a text names, where the key may be a list, and what is to be known of it.
    fn listed(
        &self,
        key: &Key,
        value: &DeValue,
    ) -> Option<Result<(toml::Value, Vec<Problem>), Vec<Problem>>> {
        let named = value.as_str()?;
        let folder = if self.source.is_file { Path::new(&self.source.name).parent() } else { None };
        let folder = folder.unwrap_or(Path::new(""));
        match key.kind {
            Kind::Numbers { low, high } => Some(plain(lists::numbers(named, folder, low, high))),
            Kind::Rows { shortest, longest } => Some(plain(lists::rows(named, folder, shortest, longest))),
            Kind::Communities => {
                let read = communities::read(named, folder);
                Some(read.map(|table| (table.value, table.notes)))
            }
            Kind::Election => {
                let read = pabulib::election(named, folder);
                Some(read.map(|election| (election.value, election.notes)))
            }
            _ => None,
        }
    }

    /// What is wrong with a list in another file is shown there; with the file, where it is named.
    fn unlisted(&mut self, path: &str, named: &str, value: &Spanned<DeValue>, problems: Vec<Problem>) {
        for problem in problems {
            let message = both!("`{path}`: {what}", "`{path}`：{what}"; what = problem.message, path = path);
            let problem = Problem { message, ..problem }.of(path);
            let problem = match problem.place {
                Some(_) if problem.help.is_none() => problem
                    .help(both!("\"{named}\" is named for `{path}`", "为 `{path}` 指明的是 \"{named}\"")),
                Some(_) => problem,
                None => problem.at(self.place(value)),
            };
            self.wrong(problem);
        }
    }

    fn unknown(&mut self, table: &str, (name, value): Spot) {
        let place = Place::new(self.source, name.span());
        let word: &str = name.get_ref();
        let within = match table {
            "" => Both::default(),
            _ => both!(" in [{table}]", "（在 [{table}] 中）"),
        };
        let key = both!("unknown key `{word}`{within}", "未知的键 `{word}`{within}";
            word = shown(word), within = within);
        let problem = if self.problems.0.len() >= HINTED {
            Problem::new(key)
        } else if matches!(word, "from" | places::WHERE) && !self.in_change {
            Problem::new(key).help(both!("`{word}` belongs in a [[change]]", "`{word}` 应写在 [[change]] 中"))
        } else if holds_tables(value.get_ref()) {
            let name = shown(&join(table, word));
            Problem::new(both!("unknown table [{name}]", "未知的表 [{name}]"))
                .help(self.index.table_hint(table, word))
        } else {
            Problem::new(key).help(self.index.key_hint(table, word))
        };
        self.wrong(problem.at(place).of(join(table, word)));
    }

    /// Where a value is.
    pub fn place(&self, value: &Spanned<DeValue>) -> Place {
        Place::new(self.source, value.span())
    }

    /// Adds a problem.
    pub fn wrong(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}

/// A list of which nothing else is to be known.
fn plain<T, E>(list: Result<T, E>) -> Result<(T, Vec<Problem>), E> {
    list.map(|list| (list, Vec::new()))
}

fn holds_tables(value: &DeValue) -> bool {
    match value {
        DeValue::Table(_) => true,
        DeValue::Array(items) => items.iter().any(|item| item.get_ref().is_table()),
        _ => false,
    }
}

/// On one line and cut where it is long.
fn shown(word: &str) -> String {
    let short: String = word.chars().take(60).collect();
    short.replace(char::is_control, "?")
}
