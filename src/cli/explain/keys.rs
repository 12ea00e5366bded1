//! Pages of scenario keys.

use super::{Fact, Topic, fact, label, says};
use crate::base::about::{Grade, Key, Kind, Text};
use crate::scenario::index::join;
use crate::scenario::{READING, sections};

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
    Topic { name: name.into(), also: None, meaning: meaning.into(), facts: vec![example] }
}

fn topic(table: &str, key: &Key) -> Topic {
    let name = join(table, key.name);
    let facts = vec![
        says(label::ALLOWED, [(key.allowed(), allowed_zh(key))]),
        words(key),
        fact(label::UNIT, given(key.unit)),
        fact(label::DEFAULT, [key.default.to_string()]),
        says(label::GRADE, [(key.grade.word().into(), grade_zh(key.grade).into())]),
        fact(label::SOURCE, given(key.source)),
        says(label::CHANGE, [changeable(key)]),
    ];
    Topic { name, also: None, meaning: key.meaning.into(), facts }
}

fn words(key: &Key) -> Fact {
    let (words, parts): (&[_], &[_]) = match &key.kind {
        Kind::Choice(words) => (words, &[]),
        Kind::Shares(parts) => (&[], parts),
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

fn given(text: &str) -> Option<String> {
    Some(text.to_string()).filter(|text| !text.is_empty())
}

fn changeable(key: &Key) -> (String, String) {
    let (en, zh) = if key.fixed {
        ("no: it holds for the whole run", "不可:全程不变")
    } else {
        ("yes: it may change from any month on", "可以:可从任一月份起改变")
    };
    (en.into(), zh.into())
}

fn allowed_zh(key: &Key) -> String {
    match &key.kind {
        Kind::Real { low, high } => format!("{low} 至 {high} 的数"),
        Kind::Count { low, high } => format!("{low} 至 {high} 的整数"),
        Kind::Flag => "true(是)或 false(否)".into(),
        Kind::Choice(_) => "下列选项之一".into(),
        Kind::Text => "不超过 200 个字符的文本".into(),
        Kind::Month => "月份,如 \"2017-01\"".into(),
        Kind::Shares(parts) => format!("{} 个份额,合计为 1", parts.len()),
        Kind::Numbers { low, high } => format!("{low} 至 {high} 的数的列表,或 \"文件.csv:列名\""),
        Kind::Rows { shortest, longest } if *longest == usize::MAX => {
            format!("由至少含 {shortest} 个数的列表组成的列表,或 \"文件.csv\"")
        }
        Kind::Rows { shortest, longest } => {
            format!("由含 {shortest} 至 {longest} 个数的列表组成的列表,或 \"文件.csv\"")
        }
        Kind::Election => "\"文件.pb\",或含 budget、costs、ballots 的表".into(),
    }
}

fn grade_zh(grade: Grade) -> &'static str {
    match grade {
        Grade::Measured => "实测",
        Grade::Derived => "推算",
        Grade::Assumed => "假定",
        Grade::Choice => "自选",
    }
}
