//! A table of communities beside the keys that say the same of all of them: who has the last word.
//!
//! A file has it over those that it extends, and an option over all. So a table replaces the numbers of
//! communities, streets and districts of a file that it extends. Rules are another matter: what the table says
//! of each community holds where the rules are those of the start, and a policy that changes a rule changes it
//! everywhere.

use std::collections::BTreeSet;

use toml::Value;

use crate::base::i18n::both;
use crate::base::problem::{Place, Problem, Problems};
use crate::city::table;
use crate::scenario::draft::{Draft, Given};

/// The key.
const TABLE: &str = "population.table";

/// Settles what the table says beside other keys. What contradicts it is added to `problems`.
pub fn settle(draft: &mut Draft, problems: &mut Problems) {
    let Some(given) = draft.values.get(TABLE) else { return };
    let (Some(rows), Some(place)) = (given.value.as_array().cloned(), given.place.clone()) else { return };
    if rows.is_empty() {
        return;
    }
    let named = |key: &str| {
        let names: BTreeSet<&str> = rows.iter().filter_map(|row| row.get(key)?.as_str()).collect();
        (!names.is_empty()).then_some(names.len())
    };
    count(draft, "population.communities", rows.len(), &place, problems);
    for (key, column) in [("population.streets", "street"), ("population.districts", "district")] {
        if let Some(names) = named(column) {
            count(draft, key, names, &place, problems);
        }
    }
    let adults: Vec<i64> = rows.iter().filter_map(|row| row.get("adults")?.as_integer()).collect();
    if adults.len() == rows.len() {
        let mean = (adults.iter().sum::<i64>() as f64 / rows.len() as f64).round() as i64;
        let given = Given { value: Value::Integer(mean), place: Some(place.clone()), notes: Vec::new() };
        draft.values.insert("population.adults".into(), given);
    }
    for (column, keys) in table::RULES {
        let is_given = rows.iter().any(|row| row.get(column).is_some());
        for key in keys.iter().filter(|_| is_given) {
            tell(draft, key, column, &place);
        }
    }
}

/// Tells that a column holds beside a rule that was given after it: at the start the table has the word, and a
/// rule that differs from the start has it.
fn tell(draft: &mut Draft, key: &str, column: &str, table: &Place) {
    let said = draft.values.get(key).and_then(|given| given.place.clone());
    let Some(said) = said.filter(|said| layer(draft, said) < layer(draft, table)) else { return };
    let note = Problem::new(both!(
        "`{key}` is given beside a table with the column `{column}`, which holds at the start",
        "`{key}` 与含 `{column}` 列的表同时给出，起始时以表为准"
    ))
    .of(key)
    .at(said)
    .help(both!(
        "an arm or a [[change]] with another value replaces the column; else leave the column out",
        "方案或 [[change]] 中的不同取值会取代该列；否则请删去该列"
    ));
    if let Some(given) = draft.values.get_mut(key)
        && !given.notes.iter().any(|known| known.message == note.message)
    {
        given.notes.push(note);
    }
}

/// Sets a number that follows from the table, unless somebody else says otherwise.
fn count(draft: &mut Draft, key: &str, number: usize, place: &Place, problems: &mut Problems) {
    let Some(given) = draft.values.get(key) else { return };
    let number = number as i64;
    let other = given.value.as_integer().filter(|other| *other != number);
    if let (Some(other), Some(said)) = (other, &given.place)
        && layer(draft, said) <= layer(draft, place)
    {
        let problem = Problem::new(both!(
            "`{key}` is {other}, and the table has {number}",
            "`{key}` 为 {other}，而表中有 {number} 个"
        ))
        .of(key)
        .at(said.clone())
        .help(both!("leave `{key}` out: it follows from the table", "请删去 `{key}`：它由表得出"));
        return problems.push(problem);
    }
    if let Some(given) = draft.values.get_mut(key) {
        given.value = Value::Integer(number);
        given.place = Some(place.clone());
    }
}

/// How many have the last word over what was said at `place`: a file over those that it extends, an option or
/// an experiment over all files.
fn layer(draft: &Draft, place: &Place) -> usize {
    let name = &place.source.name;
    let file =
        draft.files.iter().position(|file| place.source.is_file && file.display().to_string() == *name);
    file.map_or(0, |file| file + 1)
}
