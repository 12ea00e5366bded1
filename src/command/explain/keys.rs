//! Pages of scenario keys.

use super::{Fact, Topic, fact, label, says};
use shequ_model::base::i18n::{Both, both, listed};
use shequ_model::base::params::{Grade, Key, Kind, Text};
use shequ_model::base::prior::{Basis, Prior, short};
use shequ_model::base::units;
use shequ_model::city::table;
use shequ_model::scenario::communities::columns::{COLUMNS, Column};
use shequ_model::scenario::index::join;
use shequ_model::scenario::together::{Together, together};
use shequ_model::scenario::{READING, chapter, sections};

/// Every key of every section, and those that say how a file is read.
pub fn topics() -> Vec<Topic> {
    let sections = sections();
    let each = sections.iter().flat_map(|section| section.keys.iter().map(|key| topic(section.path, key)));
    let reading = READING.into_iter().map(|(name, meaning)| reading(name, meaning));
    each.chain(reading).collect()
}

fn reading(name: &str, meaning: Text) -> Topic {
    let example = match name {
        "extends" => vec!["extends = \"baseline.toml\""],
        _ => vec!["[[change]]", "from = \"2020-01\"", "modes.meeting.hours = 1.5"],
    };
    let example = fact(label::EXAMPLE, example.into_iter().map(String::from));
    Topic {
        chapter: chapter(""),
        name: name.into(),
        also: Vec::new(),
        meaning: meaning.into(),
        facts: vec![example],
    }
}

fn topic(table: &str, key: &Key) -> Topic {
    let (name, allowed) = (join(table, key.name), key.allowed());
    let facts = vec![
        says(label::ALLOWED, [(allowed.en, allowed.zh)]),
        words(key),
        columns(key),
        says(label::UNIT, given(key.unit).map(|_| units::unit(key.unit).into())),
        fact(label::DEFAULT, [key.default.to_string()]),
        says(label::GRADE, [(key.grade.word().into(), key.grade.label().zh.into())]),
        fact(label::SOURCE, given(key.source)),
        says(label::PRIOR, prior(key)),
        says(label::TOGETHER, together(&name).map(|group| others(group, &name))),
        says(label::CHANGE, [changeable(key)]),
    ];
    Topic { chapter: chapter(table), name, also: Vec::new(), meaning: key.meaning.into(), facts }
}

fn words(key: &Key) -> Fact {
    let (words, parts): (&[_], &[_]) = match &key.kind {
        Kind::Choice(words) => (words, &[]),
        Kind::Shares(parts) | Kind::Each { parts, .. } => (&[], parts),
        _ => (&[], &[]),
    };
    let words = words
        .iter()
        .map(|w| (w.name, w.meaning))
        .map(|(name, meaning)| (format!("\"{name}\": {}", meaning.en), format!("\"{name}\":{}", meaning.zh)));
    let parts = parts
        .iter()
        .enumerate()
        .map(|(i, p)| (format!("{}. {}", i + 1, p.en), format!("{}. {}", i + 1, p.zh)));
    says(label::WORDS, words.chain(parts))
}

/// The columns of a table of communities: their headings in both languages, and what else they are known by.
fn columns(key: &Key) -> Fact {
    let all: &[Column] = if matches!(key.kind, Kind::Communities) { COLUMNS } else { &[] };
    let keys = table::keys();
    let line = |column: &Column| {
        let key = keys.iter().find(|key| key.name == column.key)?;
        let also = listed(column.also.iter().copied());
        let meaning = key.meaning;
        let range = match key.kind {
            // As a cell of a table has it.
            Kind::Rows { .. } => {
                both("a Polygon or MultiPolygon of GeoJSON", "GeoJSON 的 Polygon 或 MultiPolygon")
            }
            _ => key.allowed(),
        };
        Some((
            format!("{}, {}: {} ({}); also {}", column.heading, column.zh, meaning.en, range.en, also.en),
            format!("{}，{}：{}（{}）；又作 {}", column.zh, column.heading, meaning.zh, range.zh, also.zh),
        ))
    };
    says(label::COLUMNS, all.iter().filter_map(line))
}

/// What is believed of a key before any data, in two lines; nothing is said of a choice, which is no claim.
fn prior(key: &Key) -> Vec<(String, String)> {
    let Some(prior) = key.prior() else {
        let none = match key.kind {
            _ if key.grade == Grade::Choice => return Vec::new(),
            Kind::Real { .. } | Kind::Count { .. } => {
                both("none: nothing gives its scale", "无：没有可依据的尺度")
            }
            _ => both("none: it is not a single number", "无：不是单个数"),
        };
        return vec![none.into()];
    };
    let basis = match prior.basis {
        Basis::Own => both("its own", "单独设定"),
        Basis::Grade => both("by its grade", "依证据等级"),
    };
    let law = both!("{basis}: {law}", "{basis}：{law}"; basis = basis, law = prior.words());
    vec![law.into(), interval(&prior).into()]
}

/// Median and interval of a prior, or of the factor that it is a prior of.
fn interval(prior: &Prior) -> Both {
    let [low, median, high] = [0.05, 0.5, 0.95].map(|p| short(prior.quantile(p)));
    let numbers = both!(
        "median {median}, 90 % between {low} and {high}",
        "中位数 {median}，90% 位于 {low} 至 {high} 之间"
    );
    match prior.of {
        None => numbers,
        Some(_) => both!("of the factor: {numbers}", "该倍数：{numbers}"; numbers = numbers),
    }
}

/// What data tell of `key` and which others together.
fn others(group: &Together, key: &str) -> (String, String) {
    let keys = listed(group.keys.iter().copied().filter(|other| *other != key));
    both!("{what}: {keys}", "{what}：{keys}"; what = group.what, keys = keys).into()
}

fn given(text: &str) -> Option<String> {
    Some(text.to_string()).filter(|text| !text.is_empty())
}

fn changeable(key: &Key) -> (String, String) {
    let (en, zh) = match (key.fixed, key.citywide) {
        (true, _) => ("no: it is fixed for the whole run", "不可:全程不变"),
        (_, true) => ("yes: from any month on, in the whole city", "可以:可从任一月份起改变,全市统一"),
        _ => (
            "yes: from any month on, in all communities or in some",
            "可以:可从任一月份起改变,全部或部分社区均可",
        ),
    };
    (en.into(), zh.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::metric;

    #[test]
    fn every_unit_has_chinese() {
        let sections = sections();
        let of_keys = sections.iter().flat_map(|section| section.keys.iter().map(|key| key.unit));
        let all =
            of_keys.chain(metric::all().iter().map(|metric| metric.unit)).filter(|unit| !unit.is_empty());
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let missing: Vec<&str> = all.filter(|unit| !is_chinese(units::unit(unit).zh)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
