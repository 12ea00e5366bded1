//! A scenario written out in full, and how two scenarios differ.

use std::collections::BTreeSet;
use std::fmt::Write;

use toml::Value;

use super::draft::Draft;
use super::index::{Index, join};
use super::sections;
use crate::base::month::Month;

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
    for section in sections().iter().filter(|section| !section.keys.is_empty()) {
        if !section.path.is_empty() {
            lines.extend([String::new(), format!("[{}]", section.path)]);
        }
        for key in &section.keys {
            if let Some(given) = draft.values.get(&join(section.path, key.name)) {
                lines.push(finish(format!("{} = {}", key.name, given.value), given.origin()));
            }
        }
    }
    let order: Vec<String> = Index::new(sections()).keys().map(|(path, _)| path).collect();
    for change in &draft.changes {
        lines.extend([String::new(), "[[change]]".into()]);
        lines.push(finish(format!("from = \"{}\"", change.from), change.place.origin()));
        let mut entries: Vec<_> = change.entries.iter().collect();
        entries.sort_by_key(|entry| order.iter().position(|path| *path == entry.path));
        let line = |e: &super::document::Entry| finish(format!("{} = {}", e.path, e.value), e.place.origin());
        lines.extend(entries.into_iter().map(line));
    }
    lines.join("\n") + "\n"
}

/// The keys that differ, one a line: old and new value, and where the new one comes from.
pub fn difference(old: &Draft, new: &Draft) -> String {
    let index = Index::new(sections());
    let mut text = String::new();
    for (path, _) in index.keys() {
        if let (Some(a), Some(b)) = (old.values.get(&path), new.values.get(&path))
            && a.value != b.value
        {
            let _ = writeln!(text, "{path}: {} -> {}  # {}", a.value, b.value, b.origin());
        }
    }
    let months: BTreeSet<Month> = old.changes.iter().chain(&new.changes).map(|change| change.from).collect();
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
    text
}

/// True if a change of exactly this month sets the key.
fn changed(draft: &Draft, month: Month, path: &str) -> bool {
    let mut now = draft.changes.iter().filter(|change| change.from == month);
    now.any(|change| change.entries.iter().any(|entry| entry.path == path))
}

/// The value that the key has in `month`.
fn in_force<'a>(draft: &'a Draft, month: Month, path: &str) -> Option<&'a Value> {
    let past = draft.changes.iter().rev().filter(|change| change.from <= month);
    let changed = past.flat_map(|change| &change.entries).find(|entry| entry.path == path);
    changed.map(|entry| &entry.value).or_else(|| draft.values.get(path).map(|given| &given.value))
}
