//! A scenario written out in full, and how two scenarios differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use toml::Value;

use super::document::Change;
use super::draft::{Draft, Given};
use super::index::{Index, join};
use super::places::WHERE;
use super::{own_theory, sections};
use crate::base::month::Month;
use crate::base::params::Section;
use crate::theory::formula::PARAMETERS;

/// Width at which the comments begin.
const COMMENTS: usize = 44;

/// Every key with its origin as a comment.
pub fn with_origins(draft: &Draft) -> String {
    write(draft, |line, origin| format!("{line:<COMMENTS$} # {origin}"))
}

/// Every key, without comments.
pub fn bare(draft: &Draft) -> String {
    write(draft, |line, _| line)
}

fn write(draft: &Draft, finish: impl Fn(String, String) -> String) -> String {
    let mut lines = Vec::new();
    for section in sections().iter().filter(|section| is_written(section, draft)) {
        if !section.path.is_empty() {
            lines.extend([String::new(), format!("[{}]", section.path)]);
        }
        let listed = section
            .keys
            .iter()
            .filter_map(|key| Some((key.name, draft.values.get(&join(section.path, key.name))?)));
        let own = own_theory::parameters(&draft.values).filter(|_| section.path == PARAMETERS);
        for (name, given) in listed.chain(own) {
            lines.push(finish(format!("{} = {}", name, given.value), given.origin()));
        }
    }
    let order: Vec<String> = Index::new(sections()).keys().map(|(path, _)| path).collect();
    for change in &draft.changes {
        lines.extend([String::new(), "[[change]]".into()]);
        lines.push(finish(format!("from = \"{}\"", change.from), change.place.origin()));
        lines.extend(
            change.within.iter().map(|within| finish(format!("{WHERE} = {within}"), change.place.origin())),
        );
        let mut entries: Vec<_> = change.entries.iter().collect();
        entries.sort_by_key(|entry| order.iter().position(|path| *path == entry.path));
        let line = |e: &super::document::Entry| finish(format!("{} = {}", e.path, e.value), e.place.origin());
        lines.extend(entries.into_iter().map(line));
    }
    lines.join("\n") + "\n"
}

/// A theory of one's own is written where there is one, all other tables always.
fn is_written(section: &Section, draft: &Draft) -> bool {
    match own_theory::is_its_table(section.path) {
        true => own_theory::is_there(draft),
        false => !section.keys.is_empty(),
    }
}

/// Names of parameters of one's own that either scenario has.
fn named(old: &Draft, new: &Draft) -> BTreeSet<String> {
    let all = own_theory::parameters(&old.values).chain(own_theory::parameters(&new.values));
    all.map(|(name, _)| join(PARAMETERS, name)).collect()
}

/// The keys that differ, one a line: old and new value, and where the new one comes from.
pub fn difference(old: &Draft, new: &Draft) -> String {
    let index = Index::new(sections());
    let mut text = String::new();
    for path in index.keys().map(|(path, _)| path).chain(named(old, new)) {
        let (before, after) = (old.values.get(&path), new.values.get(&path));
        if before.map(|given| &given.value) != after.map(|given| &given.value) {
            let shown = |given: Option<&Given>| given.map_or("–".into(), |given| given.value.to_string());
            let origin = after.map_or("–".into(), Given::origin);
            let _ = writeln!(text, "{path}: {} -> {}  # {origin}", shown(before), shown(after));
        }
    }
    let months: BTreeSet<Month> = everywhere(old).chain(everywhere(new)).map(|change| change.from).collect();
    for month in months {
        for (path, _) in
            index.keys().filter(|(path, _)| changed(old, month, path) || changed(new, month, path))
        {
            if let (Some(a), Some(b)) = (in_force(old, month, &path), in_force(new, month, &path))
                && a != b
            {
                let _ = writeln!(text, "{path} from {month}: {a} -> {b}");
            }
        }
    }
    let (before, after) = (in_places(old), in_places(new));
    for spot in before.keys().chain(after.keys().filter(|spot| !before.contains_key(*spot))) {
        if before.get(spot) != after.get(spot) {
            let shown = |values: &BTreeMap<_, &Value>| {
                values.get(spot).map_or("–".into(), |value| value.to_string())
            };
            let (path, month, within) = spot;
            let _ =
                writeln!(text, "{path} from {month} where {within}: {} -> {}", shown(&before), shown(&after));
        }
    }
    text
}

/// What is changed in some places only: key, month and place.
fn in_places(draft: &Draft) -> BTreeMap<(&str, Month, String), &Value> {
    let of = |change: &'_ Change| change.within.as_ref().map(|within| within.to_string());
    let mut values = BTreeMap::new();
    for change in &draft.changes {
        for entry in change.entries.iter().filter(|_| change.within.is_some()) {
            values.insert((entry.path.as_str(), change.from, of(change).unwrap_or_default()), &entry.value);
        }
    }
    values
}

/// True if a change of exactly this month sets the key.
fn changed(draft: &Draft, month: Month, path: &str) -> bool {
    let mut now = everywhere(draft).filter(|change| change.from == month);
    now.any(|change| change.entries.iter().any(|entry| entry.path == path))
}

/// The changes that hold in the whole city.
fn everywhere(draft: &Draft) -> impl DoubleEndedIterator<Item = &Change> {
    draft.changes.iter().filter(|change| change.within.is_none())
}

/// The value that the key has in `month` where nothing holds in some places only.
fn in_force<'a>(draft: &'a Draft, month: Month, path: &str) -> Option<&'a Value> {
    let past = everywhere(draft).rev().filter(|change| change.from <= month);
    let changed = past.flat_map(|change| &change.entries).find(|entry| entry.path == path);
    changed.map(|entry| &entry.value).or_else(|| draft.values.get(path).map(|given| &given.value))
}
