//! `[vary]` and `[design]`: what varies, and how rows are chosen.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Kind;
use super::keys::{DesignTable, used_by};
use super::reading::File;
use crate::design::{Design, Factor, Method, csv, salib};
use shequ_model::base::i18n::{Both, both, listed};
use shequ_model::base::problem::{Place, Problem, Source};
use shequ_model::scenario::index::split;
use shequ_model::scenario::reader::Reader;
use shequ_model::scenario::{self, file};

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
        let problem = Problem::new(both!(
            "[vary] and a parameter file cannot both name the keys that vary",
            "[vary] 与参数文件不能同时指明变化的键"
        ));
        file.wrong(problem.of("vary").at(file.reader.place(vary)));
    }
    let Some(source) = open(file, "design.parameters", &asked.parameters) else { return Vec::new() };
    salib::factors(&source, scenario::index(), file.reader.problems, &mut file.notes)
}

/// The columns of a table of numbers. A parameter file names them; its ranges have done their work.
fn columns(file: &mut File, table: &DeTable, asked: &DesignTable) -> Vec<Factor> {
    if asked.parameters.is_empty() || table.contains_key("vary") {
        return named(file, table, asked);
    }
    let source = open(file, "design.parameters", &asked.parameters);
    let Some(source) = source else { return Vec::new() };
    salib::columns(&source, scenario::index(), file.reader.problems, &mut file.notes)
}

/// Factors and rows of a table that was made elsewhere.
fn given(file: &mut File, table: &DeTable, asked: &DesignTable) -> Option<(Vec<Factor>, Method)> {
    if asked.file.is_empty() {
        let message =
            both!("[design] does not name the `file` of its table", "[design] 没有用 `file` 指明表格文件");
        file.wrong(
            Problem::new(message)
                .of("design.file")
                .help(both!("for example: file = \"design.csv\"", "例如：file = \"design.csv\"")),
        );
        return None;
    }
    let source = open(file, "design.file", &asked.file)?;
    if !csv::has_names(&source) {
        let factors = columns(file, table, asked);
        if factors.is_empty() && file.reader.problems.is_empty() {
            let message = both!("{name} does not name its columns", "{name} 没有写列名"; name = source.name);
            file.wrong(Problem::new(message).of("design.file").help(both!(
                "name them in [vary], or by SALib's parameter file: parameters = \"parameters.txt\"",
                "请在 [vary] 中写明，或用 SALib 的参数文件：parameters = \"parameters.txt\""
            )));
        }
        let rows = salib::samples(&source, &factors, file.reader.problems);
        return Some((factors, Method::Given(rows)));
    }
    if let Some(vary) = table.get("vary") {
        let message =
            both!("[vary] is not used where a table names its columns", "表格已有列名时，不使用 [vary]");
        file.wrong(Problem::new(message).of("vary").at(file.reader.place(vary)));
    }
    let (factors, rows) = csv::read(&source, scenario::index(), file.reader.problems, &mut file.notes);
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
        let message =
            both!("this file does not say how design points are chosen", "此文件没有写明如何选取设计点");
        file.wrong(Problem::new(message).of("design").help(both!(
            "for example: [design] with method = \"grid\"",
            "例如：在 [design] 中写 method = \"grid\""
        )));
        return None;
    }
    if file.entry("design.method").is_none() {
        if !file.reader.problems.concern("design.method") {
            let message = both!("[design] has no `method`", "[design] 没有写明 `method`");
            file.wrong(Problem::new(message).of("design.method").help(both!(
                "grid, list, lhs, sobol, morris or csv",
                "可用 grid、list、lhs、sobol、morris 或 csv"
            )));
        }
        return None;
    }
    file.table("design")
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
        let message =
            both!("`{path}` is not used by method = \"{method}\"", "method = \"{method}\" 不使用 `{path}`");
        let help = match used {
            [] => both!("it needs no other keys", "它不需要其他键"),
            _ => both!("it takes {keys}", "它使用 {keys}"; keys = listed(used.iter().copied())),
        };
        file.wrong(Problem::new(message).of(path).at(place).help(help));
    }
}

/// The factors of `[vary]`.
fn factors(file: &mut File, vary: &Spanned<DeValue>) -> Vec<Factor> {
    let keys = file.scenario_keys("vary", vary);
    keys.into_iter().filter_map(|(path, value)| factor(file, &path, value)).collect()
}

pub fn factor(file: &mut File, path: &str, value: &Spanned<DeValue>) -> Option<Factor> {
    let key = scenario::index().key(path)?;
    let made = match value.get_ref() {
        DeValue::Array(items) => {
            let mut entries = Vec::new();
            let source = file.reader.source;
            let problems = &mut *file.reader.problems;
            let before = problems.0.len();
            let mut reader = Reader::new(source, scenario::index(), problems);
            items.iter().for_each(|item| reader.value(path, item, &mut entries));
            if file.reader.problems.0.len() > before {
                return None;
            }
            Factor::listed(path, entries.into_iter().map(|entry| entry.value).collect())
        }
        DeValue::Table(range) => {
            range_of(range).and_then(|(low, high, log)| Factor::between(path, key, low, high, log))
        }
        _ => Err(both!(
            "must be a range {{ low = …, high = … }} or a list of values",
            "必须是范围 {{ low = …, high = … }}，或取值的列表"
        )),
    };
    match made {
        Ok(factor) => Some(factor),
        Err(what) => {
            let message = both!("`{path}` {what}", "`{path}` {what}"; what = what, path = path);
            let problem = Problem::new(message).of(path);
            file.wrong(problem.at(file.reader.place(value)).allowed(key.allowed()));
            None
        }
    }
}

/// `low`, `high` and `log` of a range.
fn range_of(range: &DeTable) -> Result<(f64, f64, bool), Both> {
    if let Some(other) = range.keys().find(|key| !["low", "high", "log"].contains(&key.get_ref().as_ref())) {
        return Err(both!(
            "has no `{other}`: a range has low, high and optionally log = true",
            "没有 `{other}`：范围有 low 和 high，也可有 log = true";
            other = other.get_ref()
        ));
    }
    let end = |name: &str| {
        let value = range.get(name).ok_or_else(|| both!("has no `{name}`", "缺少 `{name}`"))?;
        let no_number = || both!("has a `{name}` that is not a number", "的 `{name}` 不是数");
        number(value.get_ref()).ok_or_else(no_number)
    };
    let log = match range.get("log").map(Spanned::get_ref) {
        None => false,
        Some(DeValue::Boolean(log)) => *log,
        Some(_) => {
            return Err(both!(
                "has a `log` that is neither true nor false",
                "的 `log` 既不是 true 也不是 false"
            ));
        }
    };
    Ok((end("low")?, end("high")?, log))
}

/// A value that is a finite number.
pub fn number(value: &DeValue) -> Option<f64> {
    let number = match value {
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
        DeValue::Float(x) => x.as_str().parse().ok(),
        _ => None,
    };
    number.filter(|n| n.is_finite())
}
