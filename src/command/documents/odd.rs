//! The parts of `docs/odd.md` that are made from the program.

use super::institutions::step;
use super::{code, table};
use shequ_model::base::params::Key;
use shequ_model::city::Mode;
use shequ_model::city::mode::section;
use shequ_model::simulation::month::{MONTH, Row};
use shequ_model::simulation::reach;
use shequ_model::{institution, theory, trust};

/// The month as a table: what runs, in the order in which it runs.
pub fn month() -> String {
    let mut rows: Vec<[String; 4]> = Vec::new();
    for row in MONTH {
        match *row {
            Row::Residents(who, what, _) => {
                rows.push([String::new(), "residents".into(), format!("**{who}**"), what.into()]);
            }
            Row::Accounts(who, what, _) => {
                rows.push([String::new(), "accounts".into(), format!("**{who}**"), what.into()]);
            }
            Row::Institutions(at) => {
                for institution in institution::all() {
                    for act in institution.acts.iter().filter(|act| act.step == at) {
                        let who = code(institution.name);
                        rows.push([String::new(), step(at), who, act.what.into()]);
                    }
                }
            }
        }
    }
    for (number, row) in rows.iter_mut().enumerate() {
        row[0] = (number + 1).to_string();
    }
    table(["", "step", "who", "what"], rows)
}

/// The theories of participation.
pub fn theories() -> String {
    let row = |e: &theory::Entry| [code(e.name), e.summary.en.into(), code(e.equation)];
    table(["theory", "meaning", "equation"], theory::all().iter().copied().map(row))
}

/// The rules of trust.
pub fn rules() -> String {
    let row = |e: &trust::Entry| [code(e.name), e.summary.en.into(), code(e.equation)];
    table(["rule", "meaning", "equation"], trust::all().iter().copied().map(row))
}

/// What decides under each theory and rule: how many parameters weigh in it, and what is remembered of each resident.
pub fn deciding() -> String {
    let row = |kind: &str, name: &str, path: &str, keys: Vec<Key>, remembered: Vec<&str>| {
        let keys: Vec<String> = keys.iter().map(|key| code(key.name)).collect();
        let remembered = if remembered.is_empty() { "nothing".into() } else { remembered.join(", ") };
        [format!("{kind} {}", code(name)), format!("{}: {}", code(path), keys.join(", ")), remembered]
    };
    let of_theory = |e: &theory::Entry| {
        let built = (e.build)(&standard((e.keys)()));
        let remembered = built.iter().flat_map(|theory| theory.remembers()).map(|text| text.en);
        row("theory", e.name, e.path, (e.keys)(), remembered.collect())
    };
    let of_rule = |e: &trust::Entry| {
        let built = (e.build)(&standard((e.keys)()));
        let remembered = built.iter().filter_map(|rule| rule.remembers()).map(|text| text.en);
        row("rule", e.name, e.path, (e.keys)(), remembered.collect())
    };
    let theories = theory::all().iter().copied().map(of_theory);
    table(
        ["decides", "by", "remembers of each resident"],
        theories.chain(trust::all().iter().copied().map(of_rule)),
    )
}

/// A table in which each of `keys` is at its default.
fn standard(keys: Vec<Key>) -> toml::Table {
    keys.into_iter().map(|key| (key.name.to_string(), key.default)).collect()
}

/// What is kept of each resident: the fields of `Residents` with their comments.
pub fn residents() -> String {
    table(
        ["state variable", "stored as", "meaning"],
        columns(include_str!("../../../crates/model/src/city/residents.rs")),
    )
}

/// The public fields of the struct `Residents` in this source text: name, type and comment.
fn columns(source: &str) -> Vec<[String; 3]> {
    let body = source.split("pub struct Residents {").nth(1).and_then(|rest| rest.split("\n}").next());
    let mut comment = String::new();
    let mut rows = Vec::new();
    for line in body.unwrap_or_default().lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            comment = format!("{comment} {}", words.trim());
        } else if let Some((name, kind)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": "))
        {
            let kind = kind.trim_end_matches(',').replace("Vec<", "").replace('>', "");
            rows.push([code(name), code(&kind), std::mem::take(&mut comment).replace('`', "")]);
        }
    }
    rows
}

/// The modes of participation, for the ODD text.
pub fn modes() -> String {
    let row = |mode: Mode| {
        let defaults = section(mode).defaults();
        let number = |key: &str| defaults.get(key).map(ToString::to_string).unwrap_or_default();
        [
            code(mode.name()),
            format!("{} ({})", mode.label().en, mode.label().zh),
            number("base_rate"),
            reach(mode).to_string(),
            number("hours"),
            number("friction"),
            mode.counterpart().label().en.to_string(),
            if mode.is_voice() { "yes" } else { "no" }.to_string(),
        ]
    };
    table(
        ["mode", "meaning", "base rate", "reference reach", "hours", "friction", "counterpart", "voice"],
        Mode::ALL.into_iter().map(row),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_residents_is_found_with_its_comment() {
        let rows = columns(include_str!("../../../crates/model/src/city/residents.rs"));
        assert!(rows.len() >= 20, "{rows:?}");
        assert!(
            rows.iter().all(|[name, kind, comment]| name.len() > 2 && kind.len() > 2 && !comment.is_empty())
        );
    }

    #[test]
    fn the_table_of_the_month_has_a_row_for_every_process() {
        assert_eq!(month().lines().count() - 2, shequ_model::simulation::month::schedule().len());
    }
}
