//! The keys of scenarios and the metrics of runs, as tables.

use pyo3::prelude::*;
use shequ::model::base::params::{Key, Kind};
use shequ::model::metric;
use shequ::model::scenario::index;

use super::columns::{Column, Columns, Values};

/// What a key holds, in a word.
fn holds(key: &Key) -> &'static str {
    match key.kind {
        Kind::Real { .. } => "number",
        Kind::Count { .. } => "whole number",
        Kind::Flag => "flag",
        Kind::Choice(_) => "word",
        Kind::Text => "text",
        Kind::Formula => "formula",
        Kind::Month => "month",
        Kind::Shares(_) => "shares",
        Kind::Each { .. } | Kind::Numbers { .. } => "numbers",
        Kind::Rows { .. } => "rows",
        Kind::Communities => "communities",
        Kind::Election => "election",
    }
}

/// The least and the greatest value; missing of what is no number.
fn range(key: &Key) -> [f64; 2] {
    match key.kind {
        Kind::Real { low, high } | Kind::Each { low, high, .. } | Kind::Numbers { low, high } => [low, high],
        Kind::Count { low, high } => [low as f64, high as f64],
        Kind::Shares(_) => [0.0, 1.0],
        _ => [f64::NAN; 2],
    }
}

/// Every key of a scenario: a row for each.
#[pyfunction]
pub fn keys(py: Python) -> PyResult<Vec<Column>> {
    let all: Vec<(String, &Key)> = index().keys().collect();
    let text = |of: &dyn Fn(&(String, &Key)) -> String| Values::Text(all.iter().map(of).collect());
    let real = |at: usize| Values::Real(all.iter().map(|(_, key)| range(key)[at]).collect());
    let flag = |of: &dyn Fn(&Key) -> bool| Values::Flag(all.iter().map(|(_, key)| of(key).into()).collect());
    Columns::new(vec![
        ("key", text(&|(path, _)| path.clone())),
        ("holds", text(&|(_, key)| holds(key).into())),
        ("unit", text(&|(_, key)| key.unit.into())),
        ("low", real(0)),
        ("high", real(1)),
        ("allowed", text(&|(_, key)| key.allowed().en)),
        ("default", text(&|(_, key)| key.default.to_string())),
        ("grade", text(&|(_, key)| key.grade.word().into())),
        ("source", text(&|(_, key)| key.source.into())),
        ("fixed", flag(&|key| key.fixed)),
        ("citywide", flag(&|key| key.citywide)),
        ("meaning", text(&|(_, key)| key.meaning.en.into())),
        ("meaning_zh", text(&|(_, key)| key.meaning.zh.into())),
    ])
    .into_python(py)
}

/// Every metric of a run: a row for each, in the order of the columns of the monthly table.
#[pyfunction]
pub fn metrics(py: Python) -> PyResult<Vec<Column>> {
    let text = |of: &dyn Fn(&metric::Metric) -> &str| {
        Values::Text(metric::all().iter().map(|metric| of(metric).to_string()).collect())
    };
    Columns::new(vec![
        ("metric", text(&|metric| metric.name)),
        ("unit", text(&|metric| metric.unit)),
        ("label", text(&|metric| metric.label.en)),
        ("label_zh", text(&|metric| metric.label.zh)),
        ("meaning", text(&|metric| metric.meaning.en)),
        ("meaning_zh", text(&|metric| metric.meaning.zh)),
    ])
    .into_python(py)
}
