//! `datapackage.json`: what the tables of a results folder are, for programs that read them, as a Frictionless Data
//! Package (<https://specs.frictionlessdata.io/tabular-data-package/>).

use std::io::{self, Write};

use serde::Serialize;

use crate::record::dictionary;
use crate::record::table::{Column, Form, Kind, Table};
use shequ_model::base::i18n::Both;

/// Name of the file.
pub const PACKAGE: &str = "datapackage.json";

#[derive(Serialize)]
struct Package<'a> {
    profile: &'static str,
    name: &'a str,
    title: &'a str,
    title_zh: &'a str,
    resources: Vec<Resource<'a>>,
}

/// A table.
#[derive(Serialize)]
struct Resource<'a> {
    profile: &'static str,
    name: &'static str,
    path: String,
    format: &'static str,
    encoding: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_zh: Option<&'static str>,
    schema: Schema<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema<'a> {
    fields: Vec<Field<'a>>,
    missing_values: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    primary_key: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    foreign_keys: Vec<ForeignKey>,
}

/// A column. Data packages know no unit and one language; what they do not know they let stand.
#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_zh: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_zh: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description_zh: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraints: Option<Constraints>,
}

#[derive(Serialize)]
struct Constraints {
    required: bool,
}

#[derive(Serialize)]
struct ForeignKey {
    fields: &'static [&'static str],
    reference: Reference,
}

#[derive(Serialize)]
struct Reference {
    resource: &'static str,
    fields: &'static [&'static str],
}

/// Writes the file: of `tables`, each in the form in which it is described. `name` is that of the results folder, and
/// `title` that of the scenario or experiment.
///
/// # Errors
/// An I/O error if it cannot be written.
pub fn write(name: &str, title: &Both, tables: &[(&Table, Form)], to: &mut impl Write) -> io::Result<()> {
    let resources = tables.iter().map(|&(table, form)| resource(table, tables, form)).collect();
    let package =
        Package { profile: "tabular-data-package", name, title: &title.en, title_zh: &title.zh, resources };
    serde_json::to_writer_pretty(&mut *to, &package)?;
    to.write_all(b"\n")
}

/// The columns of a table as one line of JSON, for forms that keep words about their columns.
///
/// # Errors
/// None that is known: every part has a JSON form.
pub fn fields(table: &Table) -> io::Result<String> {
    Ok(serde_json::to_string(&table.columns.iter().map(|column| field(table, column)).collect::<Vec<_>>())?)
}

fn resource<'a>(table: &'a Table, all: &[(&Table, Form)], form: Form) -> Resource<'a> {
    let title = dictionary::table(table.name).map(|listed| listed.title);
    Resource {
        profile: "tabular-data-resource",
        name: table.name,
        path: table.file(form),
        format: form.ending(),
        encoding: "utf-8",
        title: title.map(|title| title.en),
        title_zh: title.map(|title| title.zh),
        schema: schema(table, all),
    }
}

fn schema<'a>(table: &'a Table, all: &[(&Table, Form)]) -> Schema<'a> {
    let listed = dictionary::table(table.name);
    let key = listed.map_or(&[][..], |listed| listed.key).iter().copied();
    let joins = listed.map_or(&[][..], |listed| listed.joins).iter();
    let has_all = |table: &Table, fields: &[&str]| fields.iter().all(|field| has(table, field));
    let can_join = |fields: &[&str], to: &str| {
        has_all(table, fields) && all.iter().any(|(other, _)| other.name == to && has_all(other, fields))
    };
    let foreign_keys = joins
        .filter(|(fields, to)| can_join(fields, to))
        .map(|&(fields, resource)| ForeignKey { fields, reference: Reference { resource, fields } });
    Schema {
        fields: table.columns.iter().map(|column| field(table, column)).collect(),
        missing_values: [""],
        primary_key: key.filter(|name| has(table, name)).collect(),
        foreign_keys: foreign_keys.collect(),
    }
}

fn has(table: &Table, column: &str) -> bool {
    table.columns.iter().any(|own| own.name == column)
}

fn field<'a>(table: &Table, column: &'a Column) -> Field<'a> {
    let meaning = dictionary::meaning(table.name, &column.name);
    let label = meaning.as_ref().and_then(|meaning| meaning.label);
    let unit = meaning.as_ref().map(|meaning| meaning.unit).filter(|unit| !unit.en.is_empty());
    let (en, zh) = meaning.map(|meaning| (meaning.words.en, meaning.words.zh)).unzip();
    Field {
        name: &column.name,
        kind: kind(column),
        title: label.map(|label| label.en),
        title_zh: label.map(|label| label.zh),
        unit: unit.map(|unit| unit.en),
        unit_zh: unit.map(|unit| unit.zh),
        description: en,
        description_zh: zh,
        constraints: (column.kind == Kind::Whole).then_some(Constraints { required: true }),
    }
}

/// The type of a column, as data packages call it.
fn kind(column: &Column) -> &'static str {
    match column.kind {
        Kind::Whole => "integer",
        Kind::Real => "number",
        Kind::Flag => "boolean",
        Kind::Text if column.name == "date" => "yearmonth",
        Kind::Text => "string",
    }
}
