//! Pages of tables: with what an institution, theory, rule or mode has to say besides its keys.

use super::{Fact, Topic, fact, label, says};
use shequ_model::base::params::{Key, Section, Text, text};
use shequ_model::base::units;
use shequ_model::city::Mode;
use shequ_model::institution::{self, Institution};
use shequ_model::scenario::{chapter, sections};
use shequ_model::theory::formula::operation::{self, Function};
use shequ_model::theory::formula::{self, variable};
use shequ_model::{theory, trust};

/// Every table, in the order in which files show them.
pub fn topics() -> Vec<Topic> {
    sections().iter().filter(|section| !section.path.is_empty()).map(topic).collect()
}

fn topic(section: &Section) -> Topic {
    let (also, mut facts) = particular(section.path);
    facts.push(keys(section));
    Topic {
        chapter: chapter(section.path),
        name: section.path.into(),
        also: also.into_iter().map(String::from).collect(),
        meaning: section.meaning.into(),
        facts,
    }
}

/// What is particular to the table's kind, and its short name.
fn particular(path: &str) -> (Option<&'static str>, Vec<Fact>) {
    let kind = |en, zh| says(label::KIND, [(String::from(en), String::from(zh))]);
    if let Some(institution) = institution::all().iter().find(|i| i.name == path) {
        return (None, institution_facts(institution));
    }
    if let Some(entry) = theory::with_own().find(|e| e.path == path) {
        let choose = format!("theory.participation = \"{}\"", entry.name);
        let mut facts = vec![
            kind("theory of participation", "参与理论"),
            fact(label::EQUATION, [entry.equation.into()]),
            fact(label::USE, [choose]),
        ];
        if path == formula::PATH {
            facts.extend(of_formulas());
        }
        return (Some(entry.name), facts);
    }
    if let Some(entry) = trust::all().iter().find(|e| e.path == path) {
        let choose = format!("theory.trust = \"{}\"", entry.name);
        let facts = vec![
            kind("rule of trust", "信任规则"),
            fact(label::EQUATION, [entry.equation.into()]),
            fact(label::USE, [choose]),
        ];
        return (Some(entry.name), facts);
    }
    match Mode::ALL.into_iter().find(|mode| path.strip_prefix("modes.") == Some(mode.name())) {
        Some(mode) => (Some(mode.name()), vec![kind("mode of taking part", "参与方式")]),
        None => (None, Vec::new()),
    }
}

/// The names, signs and functions of formulas.
fn of_formulas() -> [Fact; 3] {
    let named = |(name, meaning): (String, Text)| {
        (format!("{name}: {}", meaning.en), format!("{name}：{}", meaning.zh))
    };
    let function =
        |function: &Function| named((format!("{}({})", function.name, function.takes), function.meaning));
    let signs = text(
        "+ - * / ^ and brackets; < <= > >= == != give 1 or 0",
        "+ - * / ^ 与括号；< <= > >= == != 得 1 或 0",
    );
    [
        says(label::NAMES, variable::explained().map(named)),
        says(label::SIGNS, [(signs.en.into(), signs.zh.into())]),
        says(label::FUNCTIONS, operation::FUNCTIONS.iter().map(function)),
    ]
}

fn institution_facts(institution: &Institution) -> Vec<Fact> {
    let family = institution.family.label();
    let kind = (format!("institution: {}", family.en), format!("制度：{}", family.zh));
    let rows: Vec<String> = institution.rows.iter().map(u16::to_string).collect();
    let rows = Some(rows.join(", ")).filter(|rows| !rows.is_empty());
    let rows = rows.map(|rows| (format!("rows {rows}"), format!("第 {rows} 行")));
    let neutral = institution.neutral.iter().map(|(key, value)| format!("{key} = {value}"));
    let acts = institution.acts.iter().map(|act| format!("{:?}: {}", act.step, act.what));
    vec![
        says(label::KIND, [kind]),
        says(label::ROWS, rows),
        fact(label::EQUATION, institution.equations.iter().map(|equation| equation.to_string())),
        fact(label::NEUTRAL, neutral),
        fact(label::ACTS, acts),
    ]
}

fn keys(section: &Section) -> Fact {
    let line = |key: &Key| {
        let unit = units::unit(key.unit);
        let start = |unit: &str| format!("{} = {} {unit}", key.name, key.default).trim_end().to_string();
        let (en, zh) = (start(unit.en), start(unit.zh));
        (format!("{en}: {}", key.meaning.en), format!("{zh}：{}", key.meaning.zh))
    };
    says(label::KEYS, section.keys.iter().map(line))
}
