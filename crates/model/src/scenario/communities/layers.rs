//! A table of communities beside the keys that say the same of all of them: who has the last word.
//!
//! A file has it over those that it extends, and an option over all. So a table replaces the numbers of communities,
//! streets and districts of a file that it extends, and a rule that is set later replaces a column of the table.

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
    let replaced: Vec<&str> = table::RULES
        .iter()
        .filter(|(_, keys)| keys.iter().any(|key| is_later(draft, key, &place)))
        .map(|(column, _)| *column)
        .collect();
    if let Some(rows) = draft.values.get_mut(TABLE).and_then(|given| given.value.as_array_mut()) {
        for row in rows.iter_mut().filter_map(Value::as_table_mut) {
            replaced.iter().for_each(|column| drop(row.remove(*column)));
        }
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

/// True if `key` was given by somebody who has the last word over the one who gave the table.
fn is_later(draft: &Draft, key: &str, place: &Place) -> bool {
    let said = draft.values.get(key).and_then(|given| given.place.as_ref());
    said.is_some_and(|said| layer(draft, said) < layer(draft, place))
}

/// How many have the last word over what was said at `place`: a file over those that it extends, an option or an
/// experiment over all files.
fn layer(draft: &Draft, place: &Place) -> usize {
    let name = &place.source.name;
    let file =
        draft.files.iter().position(|file| place.source.is_file && file.display().to_string() == *name);
    file.map_or(0, |file| file + 1)
}
