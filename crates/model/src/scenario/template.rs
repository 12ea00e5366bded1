//! The text of a new scenario file.

use std::fmt::Write;

use toml::Value;

use super::index::join;
use super::own_theory::is_its_table;
use super::sections;
use crate::base::i18n::{Both, Language, both};
use crate::base::params::{Grade, Key, Section, Text, text};

/// First line of a scenario file, by which editors find the schema.
const SCHEMA_LINE: &str = "#:schema ./schema.json\n";

/// A policy: its name and `keys`, each at its default with what it means in `language`; on top of the file `base`, else
/// of the defaults. Without keys it shows how one is given.
pub fn policy(base: Option<&str>, name: &str, keys: &[String], language: Language) -> String {
    let on = base.map_or_else(|| both("the defaults", "默认值"), Both::same);
    let mut text = SCHEMA_LINE.to_string();
    let about = both!(
        "Only what differs from {on}; `shequ explain` finds every key.",
        "只写与{on}不同之处；各键可用 `shequ explain` 查找。";
        on = on
    );
    let _ = writeln!(text, "# {}\n", about.of(language));
    if let Some(base) = base {
        let _ = writeln!(text, "extends = {}", quoted(base));
    }
    let _ = writeln!(text, "name = {}", quoted(name));
    if keys.is_empty() {
        text += language.of(EXAMPLE);
    }
    for section in sections() {
        let wanted = |key: &&Key| keys.iter().any(|path| *path == join(section.path, key.name));
        let own: Vec<&Key> = section.keys.iter().filter(wanted).collect();
        if !own.is_empty() && !section.path.is_empty() {
            let _ = writeln!(text, "\n[{}]", section.path);
        }
        for key in own {
            let _ = writeln!(text, "{} = {}  # {}", key.name, key.default, language.of(key.meaning));
        }
    }
    text
}

/// How a policy gives a key another value.
const EXAMPLE: Text = text(
    "\n# A policy: give any key another value, for example\n\
     #\n\
     # [modes.meeting]\n\
     # hours = 1.5\n\
     #\n\
     # A policy from some month on:\n\
     #\n\
     # [[change]]\n\
     # from = \"2020-01\"\n\
     # modes.meeting.hours = 1.5\n",
    "\n# 政策：为任一键另赋新值，例如\n\
     #\n\
     # [modes.meeting]\n\
     # hours = 1.5\n\
     #\n\
     # 自某月起的政策：\n\
     #\n\
     # [[change]]\n\
     # from = \"2020-01\"\n\
     # modes.meeting.hours = 1.5\n",
);

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
