//! What a chain of files and the options on the command line say together, not yet judged as a whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Value;

use super::document::{self, Change, Document, Entry, Within};
use super::index::{Index, did_you_mean, split};
use super::reader::HINTED;
use super::{communities, file, lists, renamed};
use crate::base::i18n::both;
use crate::base::problem::{Place, Problem, Problems, Source, nearest};

/// Most files that may extend one another.
const MOST_FILES: usize = 32;

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub struct Given {
    /// The value.
    pub value: Value,
    /// Where it was given; none if nobody said anything and the default holds.
    pub place: Option<Place>,
    /// What a reader should know of how it was read.
    pub notes: Vec<Problem>,
}

impl Given {
    /// "default", a file name with a line, or "--set".
    pub fn origin(&self) -> String {
        self.place.as_ref().map_or("default".into(), Place::origin)
    }
}

/// Values by dotted path, and the changes in the order of their months.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The files, the one that was named first, then what it extends.
    pub files: Vec<PathBuf>,
    /// The value of every key.
    pub values: BTreeMap<String, Given>,
    /// In the order of their months; of one month the later has the last word where both hold.
    pub changes: Vec<Change>,
    /// Warnings about the names of files.
    of_files: Vec<Problem>,
}

impl Draft {
    /// Every key at its default.
    pub fn defaults(index: &Index) -> Draft {
        let given = |value: &Value| Given { value: value.clone(), place: None, notes: Vec::new() };
        let values = index.keys().map(|(path, key)| (path, given(&key.default))).collect();
        Draft { files: Vec::new(), values, changes: Vec::new(), of_files: Vec::new() }
    }

    /// Adds what the file at `path` says, on top of what the files say that it extends. Of the file
    /// itself only the table `within` may be the scenario, and then of those that it extends, where they have one.
    pub fn read(&mut self, path: &Path, within: Option<&str>, index: &Index, problems: &mut Problems) {
        let mut documents = Vec::new();
        let mut name = path.display().to_string();
        let mut next = Some((path.to_path_buf(), None));
        while let Some((path, named_at)) = next.take() {
            match self.open(&path, &name) {
                Ok(source) => {
                    let required = documents.is_empty();
                    let within = within.map(|table| Within { table, required });
                    let document = document::read(&source, within, index, problems);
                    if let Some((extended, place)) = &document.extends {
                        self.of_files.extend(renamed::file_note(extended, place));
                        let extended = lists::beside(path.parent().unwrap_or(Path::new("")), extended);
                        name = extended.display().to_string();
                        next = Some((extended, Some(place.clone())));
                    }
                    documents.push(document);
                }
                Err(problem) => problems.push(point(problem, named_at)),
            }
        }
        documents.into_iter().rev().for_each(|document| self.add(document));
    }

    /// The text of the next file of the chain, unless the chain comes back to itself.
    fn open(&mut self, path: &Path, name: &str) -> Result<Arc<Source>, Problem> {
        if let Some(problem) = communities::instead_of_scenario(path, name) {
            return Err(problem);
        }
        let source = file::read(path, name)?;
        if let Some(problem) = communities::headings_instead_of_scenario(&source) {
            return Err(problem);
        }
        if self.files.len() == MOST_FILES {
            return Err(Problem::new(both!(
                "{name} is one of more than {MOST_FILES} files that extend one another",
                "{name} 位于超过 {MOST_FILES} 个文件的扩展链中"
            ))
            .help(both!("let files extend a common base", "请让各文件扩展同一个基础文件")));
        }
        let same = |other: &PathBuf| match (other.canonicalize(), path.canonicalize()) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        };
        if self.files.iter().any(same) {
            return Err(Problem::new(both!(
                "{name} extends itself through this line",
                "{name} 经由此行扩展了自身"
            ))
            .help(both!(
                "a chain of `extends` must end in a file that extends nothing",
                "一连串 `extends` 的最后一个文件不得再扩展其他文件"
            )));
        }
        self.files.push(path.to_path_buf());
        Ok(source)
    }

    /// What a reader should know of how the values in force were read.
    pub fn notes(&self) -> impl Iterator<Item = &Problem> {
        let changed = self.changes.iter().flat_map(|change| &change.entries);
        let of_values = self.values.values().flat_map(|given| &given.notes);
        self.of_files.iter().chain(of_values).chain(changed.flat_map(|entry| &entry.notes))
    }

    /// Lays what a document says over what is there. A new name is not called in Chinese as the old one was.
    pub fn add(&mut self, document: Document) {
        let names = |key: &str| document.entries.iter().any(|entry| entry.path == key);
        if names("name") && !names("name_zh") {
            let nothing = Given { value: Value::String(String::new()), place: None, notes: Vec::new() };
            self.values.insert("name_zh".into(), nothing);
        }
        document.entries.into_iter().for_each(|entry| self.set(entry));
        if let Some(changes) = document.changes {
            self.changes = merged(changes);
        }
    }

    /// Lays a change under those that there are: what they set in the same month has the last word.
    pub fn lay_under(&mut self, change: Change) {
        let mut changes = vec![change];
        changes.append(&mut self.changes);
        self.changes = merged(changes);
    }

    /// Lays changes over those that there are: what they set in the same month has the last word.
    pub fn lay_over(&mut self, changes: Vec<Change>) {
        self.changes.extend(changes);
        self.changes = merged(std::mem::take(&mut self.changes));
    }

    /// Gives one key another value at the start.
    pub fn set(&mut self, entry: Entry) {
        let Entry { path, value, place, notes } = entry;
        self.values.insert(path, Given { value, place: Some(place), notes });
    }

    /// Applies `key=value`, as given to `--set`.
    pub fn apply(&mut self, option: &str, index: &Index, problems: &mut Problems) {
        let source = Source::option("--set", option);
        let Some((path, written)) = option.split_once('=').filter(|(path, _)| !path.trim().is_empty()) else {
            let problem = Problem::new(both!(
                "`--set {option}` is not of the form key=value",
                "`--set {option}` 不是 key=value 的形式"
            ));
            problems.push(problem.help(both!("for example: --set months=24", "例如：--set months=24")));
            return;
        };
        let (named_at, mut notes) = (Place::new(&source, 0..path.len()), Vec::new());
        let path = renamed::of_today(path.trim(), &named_at, &mut notes);
        if index.key(path).is_none() {
            problems.push(unknown(path, index, problems).at(named_at));
            return;
        }
        let start = option.len() - written.trim_start().len();
        let place = Place::new(&source, start..start + written.trim().len());
        if let Some(mut entry) = document::written(path, &place, written.trim(), index, problems) {
            entry.notes.append(&mut notes);
            self.set(entry);
        }
    }
}

/// A problem with a file, at the line that named the file.
fn point(problem: Problem, named_at: Option<Place>) -> Problem {
    match (&problem.place, named_at) {
        (None, Some(place)) => problem.at(place),
        _ => problem,
    }
}

/// The changes in the order of their months, those that follow each other in one month and place made one.
fn merged(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|change| change.from);
    let mut months: Vec<Change> = Vec::new();
    for change in changes {
        let continues = |last: &&mut Change| last.from == change.from && last.within == change.within;
        match months.last_mut().filter(continues) {
            Some(last) => change.entries.into_iter().for_each(|entry| replace(&mut last.entries, entry)),
            None => months.push(change),
        }
    }
    months
}

fn replace(entries: &mut Vec<Entry>, entry: Entry) {
    entries.retain(|other| other.path != entry.path);
    entries.push(entry);
}

/// The problem that `path` is no key, with a hint unless `problems` has more already than anybody reads.
pub fn unknown(path: &str, index: &Index, problems: &Problems) -> Problem {
    if matches!(path, "extends" | "change" | super::places::WHERE) {
        return Problem::new(both!("`{path}` cannot be given with --set", "`{path}` 不能用 --set 给出"))
            .help(both!("write it in the scenario file", "请写在情景文件中"));
    }
    if index.is_table(path) {
        return not_a_value(path, index);
    }
    let unknown = Problem::new(both!("unknown key `{path}`", "未知的键 `{path}`")).of(path);
    if problems.0.len() >= HINTED {
        return unknown;
    }
    let (table, name) = split(path);
    let all: Vec<String> = index.keys().map(|(path, _)| path).collect();
    let help = match nearest(path, all.iter().map(String::as_str)) {
        Some(near) => did_you_mean(near),
        None => index.key_hint(table, name),
    };
    unknown.help(help)
}

/// The problem that `path` is a table.
pub fn not_a_value(path: &str, index: &Index) -> Problem {
    let message = both!("`{path}` is a table of keys, not a value", "`{path}` 是含有键的表，而不是一个值");
    Problem::new(message).of(path).help(index.table_contents(path))
}
