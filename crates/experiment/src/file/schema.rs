//! The JSON Schema of experiment files.

use serde_json::{Value, json};

use super::PRIOR;
use super::keys::{self, sections};
use shequ_model::metric;
use shequ_model::scenario::schema::{DRAFT, object, tree};

/// The schema as the text of a file.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// The JSON Schema (draft 2020-12) of experiment files. What `set` and `vary` hold is known to the
/// scenario's schema; here their keys are only named.
pub fn schema() -> Value {
    let mut root = object(tree(&sections(), |_| true));
    root["$schema"] = json!(DRAFT);
    root["title"] = json!("shequ experiment");
    root["description"] =
        json!("An experiment of the community simulator shequ.\n社区模拟器 shequ 的实验文件。");
    for (key, shape) in [
        ("set", set()),
        ("arm", arms()),
        ("replicates", replicates()),
        ("outcomes", outcomes()),
        ("primary", outcomes()),
        ("smallest_effect", smallest()),
        ("lower", outcomes()),
        ("window", one_or_more(json!({ "type": "string" }))),
        ("vary", vary()),
        ("objective", measured(true)),
        ("constraint", measured(false)),
    ] {
        let property = &mut root["properties"][key];
        let description = property["description"].take();
        *property = shape;
        property["description"] = description;
    }
    root["required"] = json!(["kind", "name", "scenario"]);
    root
}

fn one_or_more(item: Value) -> Value {
    json!({ "oneOf": [item, { "type": "array", "items": item, "minItems": 1, "uniqueItems": true }] })
}

fn outcomes() -> Value {
    let names: Vec<&str> = metric::all().iter().map(|m| m.name).collect();
    one_or_more(json!({ "type": "string", "enum": names }))
}

fn smallest() -> Value {
    let of = |m: &metric::Metric| (m.name.to_string(), json!({ "type": "number", "exclusiveMinimum": 0 }));
    let properties: serde_json::Map<_, _> = metric::all().iter().map(of).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn replicates() -> Value {
    let rule = json!({ "until": { "type": "string" }, "max": { "type": "integer", "minimum": 1, "maximum": 100_000 } });
    json!({ "oneOf": [
        { "type": "integer", "minimum": 1, "maximum": 100_000 },
        { "type": "object", "properties": rule, "required": ["until", "max"], "additionalProperties": false },
    ] })
}

/// Dotted keys of a scenario with their values, or tables as in a scenario file.
fn set() -> Value {
    let mut properties = serde_json::Map::new();
    for (path, key) in shequ_model::scenario::index().keys() {
        properties.insert(path, shequ_model::scenario::schema::property(key));
    }
    json!({ "type": "object", "properties": properties })
}

fn arms() -> Value {
    let text = || json!({ "type": "string" });
    json!({ "type": "array", "items": {
        "type": "object",
        "properties": { "name": text(), "name_zh": text(), "scenario": text(), "set": { "type": "object" }, "parts": { "type": "boolean" }, "solve": text(), "where": shequ_model::scenario::schema::places() },
        "anyOf": [{ "required": ["name"] }, { "required": ["scenario"] }],
        "additionalProperties": false,
    } })
}

/// Tables that each name an outcome.
fn measured(is_objective: bool) -> Value {
    let mut item = object(tree(&[keys::measured(is_objective)], |_| true));
    let names: Vec<&str> = metric::all().iter().map(|m| m.name).collect();
    item["properties"]["outcome"]["enum"] = json!(names);
    item["required"] = json!(["outcome"]);
    json!({ "type": "array", "items": item, "minItems": 1 })
}

fn vary() -> Value {
    let ends =
        json!({ "low": { "type": "number" }, "high": { "type": "number" }, "log": { "type": "boolean" } });
    let range = json!({ "type": "object", "properties": ends, "required": ["low", "high"], "additionalProperties": false });
    let mut properties = serde_json::Map::new();
    for (path, key) in shequ_model::scenario::index().keys() {
        let list =
            json!({ "type": "array", "items": shequ_model::scenario::schema::property(key), "minItems": 1 });
        properties.insert(path, json!({ "oneOf": [range, list, { "const": PRIOR }] }));
    }
    json!({ "type": "object", "properties": properties })
}
