//! Pages of the rows of the mechanism map.

use super::{Topic, fact, label, says};
use crate::command::documents::mechanisms;
use shequ_model::base::params::text;
use shequ_model::mechanism::{Row, rows};

/// Every row, as "row NUMBER"; the number alone will do.
pub fn topics() -> Vec<Topic> {
    rows().iter().map(topic).collect()
}

fn topic(row: &Row) -> Topic {
    let (en, zh) = mechanisms::status(row);
    let mut facts = vec![
        says(label::KIND, [("row of the mechanism map".into(), "机制图谱条目".into())]),
        fact(label::SOURCE, [row.source.clone()]),
        says(label::STATUS, [(en.into(), zh.into())]),
        says(label::ORIGIN, [(row.origin.label().en.into(), row.origin.label().zh.into())]),
        fact(label::KEYS, row.keys.clone()),
        fact(label::FILES, row.files.clone()),
        fact(label::SHOWN, mechanisms::shown_by(row)),
    ];
    facts.retain(|fact| !fact.is_empty());
    Topic {
        chapter: text("mechanism map", "机制图谱"),
        name: format!("row {}", row.number),
        also: vec![row.number.to_string()],
        meaning: (row.en.clone(), row.zh.clone()),
        facts,
    }
}
