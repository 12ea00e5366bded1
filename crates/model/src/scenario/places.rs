//! In which communities a change holds: `where = { kind = "courtyard", share = 0.5 }`.
//!
//! Who is chosen depends on the city alone, so the base and all arms agree on it, and a larger share holds all
//! that a smaller one does.

use std::collections::BTreeMap;
use std::fmt;

use toml::de::DeValue;
use toml::{Spanned, Table, Value};

use super::Scenario;
use super::index::did_you_mean;
use super::reader::Reader;
use super::value::{self, number_of};
use crate::base::i18n::{Both, both, listed};
use crate::base::params::{Key, Kind as Holds};
use crate::base::problem::{Place, Problem, nearest};
use crate::base::remainders::largest_remainders;
use crate::base::rng::{CounterRng, Stream};
use crate::city::table::{Row, keys};
use crate::city::{Community, Kind};

/// The key that holds it.
pub const WHERE: &str = "where";

/// Most different places of one scenario.
pub const MOST: usize = 32;

const LOTS: Stream = Stream::named("where a change holds");

/// By what communities may be named, and told apart in strata; names tell all apart.
pub(super) const WORDS: [&str; 4] = ["name", "kind", "street", "district"];

/// Keys beside these and the columns of a table.
const OTHERS: [&str; 4] = ["share", "stratified_by", "highest", "lowest"];

/// In which communities something holds: in those of which all conditions are true, or in a share of them.
#[derive(Clone, Debug, Default)]
pub struct Where {
    /// One of [`WORDS`], and the words of which one must be true.
    words: Vec<(&'static str, Vec<String>)>,
    /// A column of the table, and the least and the most that it may say; of one that says nothing it is not true.
    bounds: Vec<(&'static str, [f64; 2])>,
    /// The share of those that remain, if not all.
    share: Option<f64>,
    /// Who comes first in the share: those of which the column says most, or least; none = by lot.
    first: Option<(&'static str, bool)>,
    /// One of [`WORDS`]: the share is taken of each stratum.
    strata: Option<&'static str>,
    /// Where it was given.
    place: Option<Place>,
}

impl PartialEq for Where {
    fn eq(&self, other: &Where) -> bool {
        self.to_string() == other.to_string()
    }
}

/// As it is written in a scenario.
impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = |text: &str| Value::String(text.into());
        let mut parts: Vec<(&str, String)> = Vec::new();
        for (key, words) in &self.words {
            parts.push((key, Value::Array(words.iter().map(|word| text(word)).collect()).to_string()));
        }
        for (key, [low, high]) in &self.bounds {
            let ends = [("at_least", low), ("at_most", high)];
            let ends = ends.into_iter().filter(|(_, end)| end.is_finite());
            let ends: Vec<String> =
                ends.map(|(name, &end)| format!("{name} = {}", Value::Float(end))).collect();
            parts.push((key, format!("{{ {} }}", ends.join(", "))));
        }
        parts.extend(self.share.map(|share| ("share", Value::Float(share).to_string())));
        parts.extend(self.first.map(|(key, most)| (rank_key(most), text(key).to_string())));
        parts.extend(self.strata.map(|strata| ("stratified_by", text(strata).to_string())));
        let parts: Vec<String> = parts.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
        write!(f, "{{ {} }}", parts.join(", "))
    }
}

impl Where {
    /// Of each of `communities`, whether it is among those meant in the city of `seed`.
    pub fn members(&self, communities: &[&Community], seed: u64) -> Vec<bool> {
        let meant = |c: &&Community| {
            let is =
                |(key, words): &(&str, Vec<String>)| word(c, key).is_some_and(|word| words.contains(&word));
            let lies = |&(key, [low, high]): &(&str, [f64; 2])| {
                number(c, key).is_some_and(|n| low <= n && n <= high)
            };
            self.words.iter().all(is) && self.bounds.iter().all(lies)
        };
        let Some(share) = self.share else { return communities.iter().map(meant).collect() };
        let mut strata: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, community) in communities.iter().enumerate().filter(|(_, c)| meant(c)) {
            let stratum = self.strata.and_then(|key| word(community, key)).unwrap_or_default();
            strata.entry(stratum).or_default().push(place);
        }
        let rng = CounterRng::new(seed, 0);
        // Who comes first: by what the column says, where one is asked for, then by lot.
        let order = |community: &&Community| {
            let rank = self.first.map_or(0.0, |(key, most)| {
                // What nothing is known of comes last.
                number(community, key).map_or(f64::INFINITY, |n| if most { -n } else { n })
            });
            (rank, rng.uniform(LOTS, community.id, 0, 0))
        };
        let order: Vec<(f64, f64)> = communities.iter().map(order).collect();
        let mut members = vec![false; communities.len()];
        let sizes: Vec<usize> = strata.values().map(Vec::len).collect();
        for (mut stratum, taken) in strata.into_values().zip(shares(&sizes, share)) {
            stratum
                .sort_by(|&a, &b| order[a].0.total_cmp(&order[b].0).then(order[a].1.total_cmp(&order[b].1)));
            stratum.into_iter().take(taken).for_each(|place| members[place] = true);
        }
        members
    }

    /// What is wrong with it in the city of `scenario`.
    pub fn problems(&self, scenario: &Scenario) -> Vec<Problem> {
        let table = &scenario.population.table;
        let mut problems = Vec::new();
        for (key, words) in self.words.iter().filter(|(key, _)| *key != "kind") {
            let known = known_words(scenario, key);
            for word in words.iter().filter(|word| !known.contains(word)) {
                problems.push(self.nowhere(key, word, &known, table.is_empty()));
            }
        }
        let columns = self.bounds.iter().map(|(key, _)| *key).chain(self.first.map(|(key, _)| key));
        for key in columns.filter(|key| table.iter().all(|row| said(row, key).is_none())) {
            let message = match table.is_empty() {
                true => both!(
                    "`where` asks for `{key}`, but no table says it of communities",
                    "`where` 用到 `{key}`，但没有社区表给出它"
                ),
                false => both!(
                    "`where` asks for `{key}`, which population.table says of no community",
                    "`where` 用到 `{key}`，但 population.table 没有给出任何社区的该列"
                ),
            };
            problems.push(self.wrong(message).help(both!(
                "population.table names a CSV file with one row for each community, with this column",
                "population.table 指明每个社区一行的 CSV 文件，其中须有此列"
            )));
        }
        problems
    }

    fn nowhere(&self, key: &str, word: &str, known: &[String], without_table: bool) -> Problem {
        let problem = self.wrong(both!(
            "`where`: no community has the {key} \"{word}\"",
            "`where`：没有社区的 {key} 为 \"{word}\""
        ));
        // A number that is near is no slip of the pen.
        let words = known.iter().map(String::as_str).filter(|word| word.parse::<u16>().is_err());
        match (nearest(word, words), known.is_empty() && without_table) {
            (_, true) => problem.help(both!(
                "without population.table communities have no names",
                "未给出 population.table 时，社区没有名称"
            )),
            (Some(near), _) => problem.help(did_you_mean(near)),
            (None, _) => {
                let known = listed(known.iter().take(SHOWN).map(String::as_str));
                problem.help(both!("there are {known}", "可用的有 {known}"; known = known))
            }
        }
    }

    fn wrong(&self, message: Both) -> Problem {
        let problem = Problem::new(message).of(WHERE);
        self.place.iter().fold(problem, |problem, place| problem.at(place.clone()))
    }
}

/// The key by which those come first of which a column says most, or least.
fn rank_key(most: bool) -> &'static str {
    if most { "highest" } else { "lowest" }
}

/// Words that are listed where none is near.
const SHOWN: usize = 12;

/// How many are taken of strata of `sizes`: the share of all of them, shared out by the largest remainders.
fn shares(sizes: &[usize], share: f64) -> Vec<usize> {
    let all: usize = sizes.iter().sum();
    let exact: Vec<f64> = sizes.iter().map(|&n| n as f64 * share).collect();
    let taken = largest_remainders(&exact, (all as f64 * share).round() as i64);
    taken.into_iter().map(|taken| taken as usize).collect()
}

/// The word by which a community is known.
fn word(community: &Community, key: &str) -> Option<String> {
    match key {
        "name" => community.given.as_deref().map(|row| row.name.clone()),
        "kind" => Some(community.kind.word().into()),
        "street" => Some(community.street_name()),
        _ => Some(community.district_name()),
    }
}

/// Names, streets or districts that a city can have.
fn known_words(scenario: &Scenario, key: &str) -> Vec<String> {
    let population = &scenario.population;
    let of_table = |of: &dyn Fn(&Row) -> Option<String>| -> Vec<String> {
        let mut words: Vec<String> = population.table.iter().filter_map(of).collect();
        words.sort();
        words.dedup();
        words
    };
    let numbers = |n: u16| (1..=n.max(1)).map(|number| number.to_string()).collect();
    let named = match key {
        "name" => return of_table(&|row| Some(row.name.clone())),
        "street" => of_table(&|row| row.street.clone()),
        _ => of_table(&|row| row.district.clone()),
    };
    match (named.is_empty(), key) {
        (false, _) => named,
        (true, "street") => numbers(population.streets),
        (true, _) => numbers(population.districts),
    }
}

/// What a table says of a community in the column `key`.
fn number(community: &Community, key: &str) -> Option<f64> {
    said(community.given.as_deref()?, key)
}

fn said(row: &Row, key: &str) -> Option<f64> {
    number_of(Table::try_from(row).ok()?.get(key)?)
}

/// The columns that hold one number.
pub(super) fn columns() -> Vec<Key> {
    let is_number = |key: &Key| matches!(key.kind, Holds::Real { .. } | Holds::Count { .. });
    keys().into_iter().filter(is_number).collect()
}

/// What is told of an arm that is to hold in some places only and has changes of its own.
pub fn of_its_own() -> Problem {
    Problem::new(both!(
        "an arm that holds in some places only has changes of its own",
        "仅在部分社区生效的方案有自己的变化"
    ))
    .of(WHERE)
    .help(both!("write `where` into the changes of its scenario", "请在其情景文件的各项变化中写 `where`"))
}

/// What is told of a key that may not differ between communities.
pub fn decided_for_the_city(path: &str) -> Problem {
    Problem::new(both!("`{path}` cannot differ between communities", "`{path}` 不能因社区而异"))
        .of(path)
        .allowed(both!("it is decided for the city as a whole", "它由全市统一决定"))
        .help(both!("write it in a change without `where`", "请写在没有 `where` 的变化中"))
}

impl Reader<'_> {
    /// Reads what `where` holds; none if something is wrong with it.
    pub fn places(&mut self, value: &Spanned<DeValue>) -> Option<Where> {
        let DeValue::Table(table) = value.get_ref() else {
            let problem = Problem::new(both!("`where` must be a table", "`where` 必须是一个表")).of(WHERE);
            self.wrong(problem.at(self.place(value)).help(both!(
                "for example: where = {{ kind = \"courtyard\" }} or where = {{ share = 0.5 }}",
                "例如：where = {{ kind = \"courtyard\" }} 或 where = {{ share = 0.5 }}"
            )));
            return None;
        };
        let before = self.problems.0.len();
        let mut places = Where { place: Some(self.place(value)), ..Where::default() };
        for (name, value) in table {
            self.condition(&mut places, name, value);
        }
        if table.is_empty() {
            self.unfit(value, both!("`where` names no communities", "`where` 没有指明社区"));
        }
        let of_a_share =
            [places.first.map(|(_, most)| rank_key(most)), places.strata.map(|_| "stratified_by")];
        for key in of_a_share.into_iter().flatten().filter(|_| places.share.is_none()) {
            self.unfit(
                value,
                both!("`where` has `{key}` without a `share`", "`where` 有 `{key}` 而没有 `share`"),
            );
        }
        (self.problems.0.len() == before).then_some(places)
    }

    fn unfit(&mut self, value: &Spanned<DeValue>, message: Both) {
        self.wrong(Problem::new(message).of(WHERE).at(self.place(value)));
    }

    fn condition(
        &mut self,
        places: &mut Where,
        name: &Spanned<std::borrow::Cow<str>>,
        value: &Spanned<DeValue>,
    ) {
        let key: &str = name.get_ref();
        let columns = columns();
        if let Some(&word) = WORDS.iter().find(|word| **word == key) {
            let words = self.words_of(word, value);
            places.words.push((word, words));
        } else if let Some(column) = columns.iter().find(|column| column.name == key) {
            let bounds = self.bounds_of(column, value);
            places.bounds.extend(bounds.map(|bounds| (column.name, bounds)));
        } else if key == "share" {
            places.share =
                self.checked_by(&Key::share("share", 1.0), value).and_then(|share| number_of(&share));
        } else if key == "stratified_by" {
            places.strata = self.one_of(key, &WORDS[1..], value);
        } else if key == "highest" || key == "lowest" {
            let names: Vec<&'static str> = columns.iter().map(|column| column.name).collect();
            let column = self.one_of(key, &names, value);
            if places.first.is_some() {
                self.unfit(
                    value,
                    both!("`where` has both `highest` and `lowest`", "`where` 同时有 `highest` 与 `lowest`"),
                );
            }
            places.first = column.map(|column| (column, key == "highest"));
        } else {
            let known: Vec<&str> =
                WORDS.into_iter().chain(OTHERS).chain(columns.iter().map(|column| column.name)).collect();
            let problem =
                Problem::new(both!("unknown key `{key}` in `where`", "`where` 中有未知的键 `{key}`"));
            let help = match nearest(key, known.iter().copied()) {
                Some(near) => did_you_mean(near),
                None => both!("known are {known}", "可用的有 {known}"; known = listed(known)),
            };
            self.wrong(problem.of(WHERE).at(Place::new(self.source, name.span())).help(help));
        }
    }

    /// One word or a list of them; streets and districts may be numbers.
    fn words_of(&mut self, key: &'static str, value: &Spanned<DeValue>) -> Vec<String> {
        let items: Vec<&Spanned<DeValue>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let kinds: Vec<&'static str> = Kind::ALL.map(Kind::word).to_vec();
        let mut words = Vec::new();
        for item in items {
            match item.get_ref() {
                _ if key == "kind" => words.extend(self.one_of(key, &kinds, item).map(String::from)),
                DeValue::String(text) if !text.trim().is_empty() => words.push(text.trim().to_string()),
                DeValue::Integer(number) if key != "name" => words.push(number.as_str().into()),
                _ => {
                    let problem = Problem::new(both!(
                        "`{key}` in `where` must be a word in quotes, or a list of such",
                        "`where` 中的 `{key}` 必须是引号中的词，或由其组成的列表"
                    ));
                    self.wrong(problem.of(WHERE).at(self.place(item)));
                }
            }
        }
        words
    }

    /// One of `words`.
    fn one_of(
        &mut self,
        key: &str,
        words: &[&'static str],
        value: &Spanned<DeValue>,
    ) -> Option<&'static str> {
        let given = value.get_ref().as_str().map(str::trim);
        let found = given.and_then(|given| words.iter().find(|word| **word == given).copied());
        if found.is_none() {
            let allowed = listed(words.iter().copied());
            let problem = Problem::new(both!(
                "`{key}` in `where` is none of its words",
                "`where` 中的 `{key}` 取值无效"
            ));
            let problem = problem
                .of(WHERE)
                .at(self.place(value))
                .allowed(both!("one of {allowed}", "{allowed} 之一"; allowed = allowed));
            let near = given.and_then(|given| nearest(given, words.iter().copied()));
            self.wrong(near.map(did_you_mean).into_iter().fold(problem, Problem::help));
        }
        found
    }

    /// A number that a column must say, or its bounds.
    fn bounds_of(&mut self, column: &Key, value: &Spanned<DeValue>) -> Option<[f64; 2]> {
        let DeValue::Table(table) = value.get_ref() else {
            let number = self.checked_by(column, value).and_then(|value| number_of(&value))?;
            return Some([number, number]);
        };
        let mut bounds = [f64::NEG_INFINITY, f64::INFINITY];
        for (name, value) in table {
            match name.get_ref().as_ref() {
                "at_least" => {
                    bounds[0] = self.checked_by(column, value).and_then(|value| number_of(&value))?
                }
                "at_most" => {
                    bounds[1] = self.checked_by(column, value).and_then(|value| number_of(&value))?
                }
                other => {
                    let message = both!("unknown key `{other}` in `where`", "`where` 中有未知的键 `{other}`");
                    let problem = Problem::new(message).of(WHERE).at(Place::new(self.source, name.span()));
                    self.wrong(
                        problem
                            .help(both!("bounds are at_least and at_most", "界限写作 at_least 与 at_most")),
                    );
                    return None;
                }
            }
        }
        if bounds[0] > bounds[1] || table.is_empty() {
            let key = column.name;
            self.unfit(
                value,
                both!("`where` asks for no value of `{key}`", "`where` 没有给出 `{key}` 的可能取值"),
            );
            return None;
        }
        Some(bounds)
    }

    fn checked_by(&mut self, key: &Key, value: &Spanned<DeValue>) -> Option<Value> {
        match value::check(key, value.get_ref()) {
            Ok(value) => Some(value),
            Err(fault) => {
                let place = Place::new(self.source, fault.span.unwrap_or_else(|| value.span()));
                let message = both!("`{name}` in `where` {what}", "`where` 中的 `{name}` {what}"; name = key.name, what = fault.what);
                let problem = Problem::new(message).of(WHERE).at(place).allowed(key.allowed());
                self.wrong(fault.help.into_iter().fold(problem, Problem::help));
                None
            }
        }
    }
}
