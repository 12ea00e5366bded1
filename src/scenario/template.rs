//! The text of a new scenario file.

use std::fmt::Write;

use toml::Value;

use super::sections;
use crate::base::about::{Key, Section};

/// First line of a scenario file, by which editors find the schema.
const SCHEMA_LINE: &str = "#:schema ./schema.json\n";

/// A file that extends `base` and says only its name.
pub fn extending(base: &str, name: &str) -> String {
    format!(
        "{SCHEMA_LINE}\
         # Says only how it differs from {base}; `shequ explain` lists every key.\n\
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

/// A file that gives every key at its default, each explained.
pub fn complete(name: &str) -> String {
    let mut text =
        format!("{SCHEMA_LINE}# Every key at its default; `shequ explain KEY` says more about each.\n");
    for section in sections().iter().filter(|section| !section.keys.is_empty()) {
        write_section(section, name, &mut text);
    }
    text.push_str(
        "\n# What changes in the course of the run, by date:\n\
         #\n\
         # [[change]]\n\
         # from = \"2020-01\"\n\
         # modes.meeting.hours = 1.5\n",
    );
    text
}

fn write_section(section: &Section, name: &str, text: &mut String) {
    text.push('\n');
    if !section.path.is_empty() {
        let _ = writeln!(text, "# {}\n[{}]", section.meaning.en, section.path);
    }
    for key in &section.keys {
        let is_name = section.path.is_empty() && key.name == "name";
        let value = if is_name { quoted(name) } else { key.default.to_string() };
        let _ = writeln!(text, "# {} ({})\n{} = {value}", key.meaning.en, range(key), key.name);
    }
}

/// What is allowed, with the unit where it has one.
fn range(key: &Key) -> String {
    match key.unit {
        "" | "share" => key.allowed(),
        unit => format!("{}, {unit}", key.allowed()),
    }
}

fn quoted(text: &str) -> String {
    Value::String(text.into()).to_string()
}
