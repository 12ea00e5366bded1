//! `[vary]` and `[design]`: what varies, and how rows are chosen.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Kind;
use super::keys::{DesignTable, used_by};
use super::reading::File;
use crate::base::about::Settings;
use crate::base::problem::{Place, Problem, Source};
use crate::experiment::design::{Design, Factor, Method, csv, salib};
use crate::scenario::index::split;
use crate::scenario::reader::Reader;
use crate::scenario::{self, file};

/// The design that the file describes, or none where something is wrong with it.
pub fn design(file: &mut File, table: &DeTable, kind: Kind) -> Option<Design> {
    let asked = asked(file, table)?;
    unused_keys(file, &asked.method);
    let before = file.reader.problems.0.len();
    let (factors, method) = match asked.method.as_str() {
        "csv" => given(file, table, &asked)?,
        _ => (named(file, table, &asked), method(&asked, kind)),
    };
    // What is wrong with a list or a file would only come up again below.
    if file.reader.problems.0.len() > before {
        return None;
    }
    let design = Design { factors, method, seed: asked.seed };
    for problem in design.problems() {
        let key = problem.key.clone().unwrap_or_default();
        let header = key.split('.').next().and_then(|name| table.get(name));
        let place = file.entry(&key).map(|entry| entry.place.clone());
        let place = place.or_else(|| header.map(|value| file.reader.place(value)));
        file.wrong(place.into_iter().fold(problem, Problem::at));
    }
    (file.reader.problems.0.len() == before).then_some(design)
}

/// The method that chooses rows by itself.
fn method(asked: &DesignTable, kind: Kind) -> Method {
    let DesignTable { points, levels, trajectories, second_order, .. } = *asked;
    match (asked.method.as_str(), kind) {
        ("list", _) => Method::List,
        ("lhs", _) => Method::Lhs { points },
        ("sobol", Kind::Sensitivity) => Method::Saltelli { points, second_order },
        ("sobol", _) => Method::Sobol { points },
        ("morris", _) => Method::Morris { trajectories, levels },
        _ => Method::Grid { levels },
    }
}

/// The factors that `[vary]` names, or SALib's parameter file.
fn named(file: &mut File, table: &DeTable, asked: &DesignTable) -> Vec<Factor> {
    let vary = table.get("vary");
    if asked.parameters.is_empty() {
        return vary.map(|vary| factors(file, vary)).unwrap_or_default();
    }
    if let Some(vary) = vary {
        let problem = Problem::new("[vary] and a parameter file cannot both name the keys that vary");
        file.wrong(problem.of("vary").at(file.reader.place(vary)));
    }
    let Some(source) = open(file, "design.parameters", &asked.parameters) else { return Vec::new() };
    salib::factors(&source, scenario::index(), file.reader.problems)
}

/// The columns of a table of numbers. A parameter file names them; its ranges have done their work.
fn columns(file: &mut File, table: &DeTable, asked: &DesignTable) -> Vec<Factor> {
    if asked.parameters.is_empty() || table.contains_key("vary") {
        return named(file, table, asked);
    }
    let source = open(file, "design.parameters", &asked.parameters);
    source.map(|source| salib::columns(&source, scenario::index(), file.reader.problems)).unwrap_or_default()
}

/// Factors and rows of a table that was made elsewhere.
fn given(file: &mut File, table: &DeTable, asked: &DesignTable) -> Option<(Vec<Factor>, Method)> {
    if asked.file.is_empty() {
        let problem = Problem::new("[design] does not name the `file` of its table").of("design.file");
        file.wrong(problem.help("for example: file = \"design.csv\""));
        return None;
    }
    let source = open(file, "design.file", &asked.file)?;
    if !csv::has_names(&source) {
        let factors = columns(file, table, asked);
        if factors.is_empty() && file.reader.problems.is_empty() {
            let problem =
                Problem::new(format!("{} does not name its columns", source.name)).of("design.file");
            file.wrong(
                problem.help(
                    "name them in [vary], or by SALib's parameter file: parameters = \"parameters.txt\"",
                ),
            );
        }
        let rows = salib::samples(&source, &factors, file.reader.problems);
        return Some((factors, Method::Given(rows)));
    }
    if let Some(vary) = table.get("vary") {
        let problem = Problem::new("[vary] means nothing where a table names its columns").of("vary");
        file.wrong(problem.at(file.reader.place(vary)));
    }
    let (factors, rows) = csv::read(&source, scenario::index(), file.reader.problems);
    Some((factors, Method::Given(rows)))
}

/// The file that a key of `[design]` names.
fn open(file: &mut File, key: &str, name: &str) -> Option<Arc<Source>> {
    let path = file.folder.join(name);
    match file::read_table(&path, &path.display().to_string()) {
        Ok(source) => Some(source),
        Err(problem) => {
            let place = file.entry(key).map(|entry| entry.place.clone()).filter(|_| problem.place.is_none());
            file.wrong(place.into_iter().fold(problem, Problem::at));
            None
        }
    }
}

/// The table `[design]`, with defaults.
fn asked(file: &mut File, table: &DeTable) -> Option<DesignTable> {
    if !table.contains_key("design") {
        let problem = Problem::new("this file does not say how rows are chosen").of("design");
        file.wrong(problem.help("for example: [design] with method = \"grid\""));
        return None;
    }
    let mut values: toml::Table =
        DesignTable::keys().iter().map(|key| (key.name.to_string(), key.default.clone())).collect();
    for entry in file.entries.iter().filter(|entry| split(&entry.path).0 == "design") {
        values.insert(split(&entry.path).1.into(), entry.value.clone());
    }
    if file.entry("design.method").is_none() {
        if !file.reader.problems.concern("design.method") {
            let problem = Problem::new("[design] does not say its `method`").of("design.method");
            file.wrong(problem.help("grid, list, lhs, sobol, morris or csv"));
        }
        return None;
    }
    DesignTable::deserialize(values).ok()
}

fn unused_keys(file: &mut File, method: &str) {
    let used = used_by(method);
    let is_idle = |name: &str| name != "method" && !used.contains(&name);
    let idle: Vec<(String, Place)> = file
        .entries
        .iter()
        .filter(|entry| split(&entry.path).0 == "design" && is_idle(split(&entry.path).1))
        .map(|entry| (entry.path.clone(), entry.place.clone()))
        .collect();
    for (path, place) in idle {
        let problem = Problem::new(format!("`{path}` means nothing to method = \"{method}\"")).of(path);
        let help = match used {
            [] => "it needs no other keys".into(),
            _ => format!("it takes {}", used.join(", ")),
        };
        file.wrong(problem.at(place).help(help));
    }
}

/// The factors of `[vary]`.
fn factors(file: &mut File, vary: &Spanned<DeValue>) -> Vec<Factor> {
    let keys = file.scenario_keys("vary", vary);
    keys.into_iter().filter_map(|(path, value)| factor(file, &path, value)).collect()
}

fn factor(file: &mut File, path: &str, value: &Spanned<DeValue>) -> Option<Factor> {
    let key = scenario::index().key(path)?;
    let made = match value.get_ref() {
        DeValue::Array(items) => {
            let mut entries = Vec::new();
            let source = file.reader.source;
            let problems = &mut *file.reader.problems;
            let before = problems.0.len();
            let mut reader = Reader { source, index: scenario::index(), problems, in_change: false };
            items.iter().for_each(|item| reader.value(path, item, &mut entries));
            if file.reader.problems.0.len() > before {
                return None;
            }
            Factor::listed(path, entries.into_iter().map(|entry| entry.value).collect())
        }
        DeValue::Table(range) => {
            range_of(range).and_then(|(low, high, log)| Factor::between(path, key, low, high, log))
        }
        _ => Err("must be a range { low = …, high = … } or a list of values".into()),
    };
    match made {
        Ok(factor) => Some(factor),
        Err(what) => {
            let problem = Problem::new(format!("`{path}` {what}")).of(path);
            file.wrong(problem.at(file.reader.place(value)).allowed(key.allowed()));
            None
        }
    }
}

/// `low`, `high` and `log` of a range.
fn range_of(range: &DeTable) -> Result<(f64, f64, bool), String> {
    if let Some(other) = range.keys().find(|key| !["low", "high", "log"].contains(&key.get_ref().as_ref())) {
        return Err(format!(
            "does not know `{}`: a range has low, high and perhaps log = true",
            other.get_ref()
        ));
    }
    let end = |name: &str| {
        let value = range.get(name).ok_or(format!("has no `{name}`"))?;
        let number = match value.get_ref() {
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
            DeValue::Float(x) => x.as_str().parse().ok(),
            _ => None,
        };
        number.filter(|n| n.is_finite()).ok_or(format!("has a `{name}` that is no number"))
    };
    let log = match range.get("log").map(Spanned::get_ref) {
        None => false,
        Some(DeValue::Boolean(log)) => *log,
        Some(_) => return Err("has a `log` that is neither true nor false".into()),
    };
    Ok((end("low")?, end("high")?, log))
}
