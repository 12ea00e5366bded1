//! The JSON Schema of scenario files, with which editors complete and check them.

use serde_json::{Map, Value, json};

use super::index::split;
use super::{READING, places, sections};
use crate::base::params::{Key, Kind, Section, Text};
use crate::city::table;
use crate::theory::formula;

/// A month, as a regular expression.
const MONTH: &str = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$";

/// The dialect of JSON Schema.
pub const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema (draft 2020-12) of scenario files.
pub fn schema() -> Value {
    let sections = sections();
    let [extends, changes, from, within] = READING.map(|(_, meaning)| meaning);
    let mut root = object(tree(&sections, |_| true));
    root["$schema"] = json!(DRAFT);
    root["title"] = json!("shequ scenario");
    root["description"] =
        json!("A scenario of the community simulator shequ.\n社区模拟器 shequ 的情景文件。");
    root["properties"]["extends"] = json!({
        "type": "string",
        "minLength": 1,
        "description": both(extends),
    });
    root["properties"]["change"] = json!({
        "type": "array",
        "items": change(&sections, from, within),
        "description": both(changes),
    });
    root
}

/// The schema as the text of a file.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// One `[[change]]`: its month, and every key that is not built into the city.
fn change(sections: &[Section], from: Text, within: Text) -> Value {
    let mut item = object(tree(sections, |key| !key.fixed));
    item["properties"]["from"] = json!({
        "type": "string",
        "pattern": MONTH,
        "description": both(from),
    });
    item["properties"]["where"] = places();
    item["properties"]["where"]["description"] = json!(both(within));
    item["required"] = json!(["from"]);
    // A change that holds nothing but its month changes nothing.
    item["minProperties"] = json!(2);
    item
}

/// What `where` may hold, in a change and in an arm of an experiment.
pub fn places() -> Value {
    let name = json!({ "type": ["string", "integer"] });
    let words = json!({ "oneOf": [name, { "type": "array", "items": name, "minItems": 1 }] });
    let columns = places::columns();
    let column = json!({ "enum": columns.iter().map(|key| key.name).collect::<Vec<_>>() });
    let mut properties: Map<String, Value> =
        places::WORDS.iter().map(|word| (word.to_string(), words.clone())).collect();
    let ends = ["at_least", "at_most"].map(|end| (end.to_string(), json!({ "type": "number" })));
    let bounds = json!({ "oneOf": [{ "type": "number" }, object(Map::from_iter(ends))] });
    properties.extend(columns.iter().map(|key| (key.name.to_string(), bounds.clone())));
    properties.extend([
        ("share".to_string(), json!({ "type": "number", "minimum": 0, "maximum": 1 })),
        ("stratified_by".to_string(), json!({ "enum": places::WORDS[1..] })),
        ("highest".to_string(), column.clone()),
        ("lowest".to_string(), column),
    ]);
    let mut places = object(properties);
    places["minProperties"] = json!(1);
    places
}

/// Properties of the top level: the keys of each section that are wanted, in nested objects.
pub fn tree(sections: &[Section], wanted: impl Fn(&Key) -> bool) -> Map<String, Value> {
    let mut top = Map::new();
    for section in sections {
        if section.path == formula::PARAMETERS && wanted(&formula::parameter()) {
            let (outer, name) = split(section.path);
            table(&mut top, outer, sections).insert(name.into(), named_by_scenarios(section));
        }
        let keys: Vec<&Key> = section.keys.iter().filter(|key| wanted(key)).collect();
        if keys.is_empty() {
            continue;
        }
        let table = table(&mut top, section.path, sections);
        table.extend(keys.into_iter().map(|key| (key.name.to_string(), property(key))));
    }
    top
}

/// The properties of the table `path`, made if they are not there yet.
fn table<'a>(
    top: &'a mut Map<String, Value>,
    path: &str,
    sections: &[Section],
) -> &'a mut Map<String, Value> {
    if path.is_empty() {
        return top;
    }
    let (outer, name) = split(path);
    let outer = table(top, outer, sections);
    let entry = outer.entry(name).or_insert_with(|| {
        let mut empty = object(Map::new());
        if let Some(section) = sections.iter().find(|s| s.path == path) {
            empty["description"] = json!(both(section.meaning));
        }
        empty
    });
    match &mut entry["properties"] {
        Value::Object(properties) => properties,
        _ => unreachable!("object() makes properties"),
    }
}

/// A table in which scenarios name the keys themselves.
fn named_by_scenarios(section: &Section) -> Value {
    let Kind::Real { low, high } = formula::parameter().kind else { unreachable!("it is a number") };
    json!({
        "type": "object",
        "additionalProperties": { "type": "number", "minimum": low, "maximum": high },
        "description": both(section.meaning),
    })
}

/// An object of these properties and no others.
pub fn object(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The property of one key.
pub fn property(key: &Key) -> Value {
    let mut property = match &key.kind {
        Kind::Real { low, high } => json!({ "type": "number", "minimum": low, "maximum": high }),
        Kind::Count { low, high } => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice(words) => {
            json!({ "type": "string", "enum": words.iter().map(|w| w.name).collect::<Vec<_>>() })
        }
        Kind::Text => json!({ "type": "string", "maxLength": 200 }),
        Kind::Formula => json!({ "type": "string", "maxLength": 4000 }),
        Kind::Month => json!({ "type": "string", "pattern": MONTH }),
        Kind::Shares(parts) => json!({
            "type": "array",
            "items": { "type": "number", "minimum": 0, "maximum": 1 },
            "minItems": parts.len(),
            "maxItems": parts.len(),
        }),
        Kind::Each { low, high, parts } => json!({
            "type": "array",
            "items": { "type": "number", "minimum": low, "maximum": high },
            "minItems": parts.len(),
            "maxItems": parts.len(),
        }),
        Kind::Numbers { low, high } => {
            list_or_file(json!({ "type": "number", "minimum": low, "maximum": high }))
        }
        Kind::Rows { shortest, longest } => list_or_file(json!({
            "type": "array",
            "items": { "type": "number" },
            "minItems": shortest,
            // Beyond what any editor can count.
            "maxItems": (*longest).min(u32::MAX as usize),
        })),
        Kind::Communities => communities(),
        Kind::Election => election(),
    };
    property["default"] = json!(key.default);
    property["description"] = json!(description(key));
    property
}

/// Rows of a table of communities, or its file.
fn communities() -> Value {
    let keys = table::keys();
    let mut row = object(keys.iter().map(|key| (key.name.to_string(), property(key))).collect());
    row["required"] = json!(["name"]);
    list_or_file(row)
}

fn election() -> Value {
    let amount = json!({ "type": "integer", "minimum": 1 });
    let ballot = json!({ "type": "array", "items": { "type": "integer", "minimum": 0 } });
    let scores = json!({ "type": "array", "items": { "type": "integer" } });
    let mut table = object(Map::from_iter([
        ("budget".to_string(), amount.clone()),
        ("costs".to_string(), json!({ "type": "array", "items": amount })),
        ("ballots".to_string(), json!({ "type": "array", "items": ballot })),
        ("scores".to_string(), json!({ "type": "array", "items": scores })),
    ]));
    table["dependentRequired"] = json!({ "budget": ["costs", "ballots"] });
    json!({ "anyOf": [table, { "type": "string", "minLength": 1 }] })
}

/// A list of such items, or the name of a file that holds them.
fn list_or_file(item: Value) -> Value {
    json!({ "anyOf": [{ "type": "array", "items": item }, { "type": "string", "minLength": 1 }] })
}

/// English, then Chinese, then what the key's kind cannot say by itself.
fn description(key: &Key) -> String {
    let mut lines = vec![both(key.meaning)];
    match &key.kind {
        Kind::Choice(words) => {
            lines.extend(words.iter().map(|w| format!("{}: {} / {}", w.name, w.meaning.en, w.meaning.zh)));
        }
        Kind::Shares(parts) | Kind::Each { parts, .. } => {
            let names = |of: fn(&Text) -> &'static str| parts.iter().map(of).collect::<Vec<_>>().join(", ");
            lines.push(format!("{} / {}", names(|p| p.en), names(|p| p.zh)));
        }
        _ if key.unit.is_empty() => {}
        _ => lines.push(format!("Unit: {}", key.unit)),
    }
    lines.join("\n")
}

fn both(text: Text) -> String {
    format!("{}\n{}", text.en, text.zh)
}
