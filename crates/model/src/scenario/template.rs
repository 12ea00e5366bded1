//! The text of a new scenario file.

use std::fmt::Write;

use toml::Value;

use super::own_theory::is_its_table;
use super::sections;
use crate::base::params::{Grade, Key, Section};

/// First line of a scenario file, by which editors find the schema.
const SCHEMA_LINE: &str = "#:schema ./schema.json\n";

/// A file that extends `base` and says only its name.
pub fn extending(base: &str, name: &str) -> String {
    format!(
        "{SCHEMA_LINE}\
         # Only what differs from {base}; `shequ explain` lists every key.\n\
         \n\
         extends = {}\n\
         name = {}\n\
         \n\
         # A policy: give any key another value, for example\n\
         #\n\
         # [modes.meeting]\n\
         # hours = 1.5\n\
         #\n\
         # A policy from some month on:\n\
         #\n\
         # [[change]]\n\
         # from = \"2020-01\"\n\
         # modes.meeting.hours = 1.5\n",
        quoted(base),
        quoted(name)
    )
}

/// The base of all other scenarios in this repository, `scenarios/baseline.toml`.
pub fn baseline() -> String {
    complete("Baseline", "基准情景")
}

/// A file that gives every key at its default, each explained, with the source of the default.
pub fn complete(name: &str, name_zh: &str) -> String {
    let mut text = format!(
        "{SCHEMA_LINE}\
         # Every key at its default. Beside each default stands how well it is known: measured, derived\n\
         # from what was measured, fitted to targets, or assumed; keys without such a line are choices of the author.\n"
    );
    // A theory of one's own is there only where somebody writes one.
    let is_shown = |section: &&Section| !section.keys.is_empty() && !is_its_table(section.path);
    for section in sections().iter().filter(is_shown) {
        write_section(section, &[("name", name), ("name_zh", name_zh)], &mut text);
    }
    text.push_str(
        "\n# Changes during the run, by date:\n\
         #\n\
         # [[change]]\n\
         # from = \"2020-01\"\n\
         # modes.meeting.hours = 1.5\n",
    );
    text
}

/// Writes a section; `given` are values of the top level that differ from the defaults.
fn write_section(section: &Section, given: &[(&str, &str)], text: &mut String) {
    text.push('\n');
    if !section.path.is_empty() {
        let _ = writeln!(text, "# {}\n[{}]", section.meaning.en, section.path);
    }
    for key in &section.keys {
        let given = given.iter().find(|(name, _)| section.path.is_empty() && *name == key.name);
        let value = given.map_or_else(|| key.default.to_string(), |(_, value)| quoted(value));
        let _ = writeln!(text, "# {} ({})", key.meaning.en, range(key));
        if key.grade != Grade::Choice {
            let _ = writeln!(text, "# {}: {}", key.grade.word(), key.source);
        }
        let _ = writeln!(text, "{} = {value}", key.name);
    }
}

/// What is allowed, with the unit where it has one.
fn range(key: &Key) -> String {
    match key.unit {
        "" | "share" => key.allowed().en,
        unit => format!("{}, {unit}", key.allowed().en),
    }
}

fn quoted(text: &str) -> String {
    Value::String(text.into()).to_string()
}
