//! The tables of a sweep.

use std::io;

use toml::Value;

use super::main_effects::{Effects, Standing};
use super::plan::Row;
use super::quantity::Quantity;
use super::study::{RunResults, Study};
use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::params::Kind;
use shequ_model::base::stats::Estimate;
use shequ_model::scenario::index;
use shequ_model::scenario::value::number_of;

/// What `status` says in `runs.csv` of a run that went well, and of one that failed.
pub const STATUS: [&str; 2] = ["done", "failed"];

/// The tables that every experiment has, in the order in which they are written; `points` only where keys
/// vary.
pub fn tables<'a>(study: &'a Study, result: &'a RunResults) -> Vec<Table<'a>> {
    match study.experiment.design {
        Some(_) => vec![runs(study, result), points(study, result)],
        None => vec![runs(study, result)],
    }
}

/// The names of the outcomes of one replicate, in the order of its values: with the window where there are
/// several.
pub fn outcome_names(study: &Study) -> Vec<String> {
    let (windows, outcomes) = (&study.experiment.windows, &study.experiment.outcomes);
    let name = |window: &super::window::Window, outcome: &super::outcome::Outcome| match windows.len() {
        1 => outcome.name().to_string(),
        _ => format!("{}@{window}", outcome.name()),
    };
    windows.iter().flat_map(|w| outcomes.iter().map(|o| name(w, o)).collect::<Vec<_>>()).collect()
}

/// One row for each row of the design, the first after the header being row 0: the values of its keys.
/// It can be read again as the table of a design.
pub fn design<'a>(study: &'a Study) -> Table<'a> {
    let columns = keys(&study.rows).map(|path| parameter(path)).collect();
    let rows = move |take: &mut Take| {
        let mut texts = Vec::new();
        study.rows.iter().step_by(study.sides()).try_for_each(|row| take(&cells(&row.values, &mut texts)))
    };
    Table { name: "design", columns, rows: Box::new(rows) }
}

/// One row for each run: status, what went wrong, parameters, outcomes.
pub fn runs<'a>(study: &'a Study, result: &'a RunResults) -> Table<'a> {
    let head = [Column::whole("replicate"), Column::text("status"), Column::text("message")];
    let outcomes = outcome_names(study);
    let width = outcomes.len();
    let draw = study.experiment.posterior.is_some().then(|| Column::whole("draw"));
    let parameters = keys(&study.rows).map(|path| parameter(path));
    let columns = row_columns(study).into_iter().chain(head).chain(draw).chain(parameters);
    let columns = columns.chain(outcomes.iter().map(|name| Column::real(name))).collect();
    let rows = move |take: &mut Take| {
        let mut records = result.index.records()?;
        for (number, row) in study.rows.iter().enumerate() {
            let mut texts = Vec::new();
            let parameters = cells(&row.values, &mut texts);
            let coalition = study.coalition(number);
            for replicate in 0..result.plan.replicates[number] {
                let record = result.record(&mut records, number as u32, replicate)?;
                let failed = record.failure.is_some();
                let message = record.failure.map(|words| message(&words, row, record.replicate));
                let mut cells = row_cells(study, number, &coalition);
                cells.extend([
                    Cell::Whole(record.replicate.into()),
                    Cell::Text(STATUS[usize::from(failed)]),
                    Cell::Text(message.as_deref().unwrap_or("")),
                ]);
                let draw = row.draws.as_ref().map(|draws| draws.number(record.replicate));
                cells.extend(draw.map(|number| Cell::Whole(number.into())));
                cells.extend_from_slice(&parameters);
                let value = |i: usize| if failed { f64::NAN } else { record.values[i] };
                cells.extend((0..width).map(|i| Cell::Real(value(i))));
                take(&cells)?;
            }
        }
        Ok(())
    };
    Table { name: "runs", columns, rows: Box::new(rows) }
}

/// `main_effects.csv`: one row for each outcome, window, arm, key and group of its values. The arm is that
/// whose paired effect the outcome is; empty where it is the outcome of the base. A group of numbers goes from
/// `low` to `high`, one of words is its `value`. A key without effects says why in `status`.
pub fn main_effects<'a>(study: &'a Study, effects: &'a [Effects]) -> Table<'a> {
    let text = ["outcome", "unit", "window", "arm", "parameter", "value"].map(Column::text);
    let real = ["mean", "effect", "ci95_low", "ci95_high"].map(Column::real);
    let range = ["low", "high"].map(Column::real);
    let columns = text.into_iter().chain(range).chain([Column::whole("rows")]).chain(real);
    let last = [Column::whole("n"), Column::real("variance_share"), Column::text("method")];
    let last = last.into_iter().chain(["p", "p_holm"].map(Column::real)).chain([Column::text("status")]);
    let rows = move |take: &mut Take| {
        for effects in effects {
            let Quantity { outcome, window, arm } = effects.quantity;
            let outcome = &study.experiment.outcomes[outcome];
            let window = study.experiment.windows[window].to_string();
            let method = match (effects.is_full, study.unit() > 1) {
                (true, false) => "Student's t over replicates, paired",
                (false, false) => "regression, Student's t over rows and replicates",
                (true, true) => "Student's t over draws of the posterior, paired",
                (false, true) => "regression, Student's t over rows and draws of the posterior",
            };
            for key in &effects.keys {
                let standing = standing(&key.standing);
                for group in &key.groups {
                    let Estimate { mean, half_width, n, .. } = group.effect;
                    let [low, high] =
                        [&group.values.0, &group.values.1].map(|v| number_of(v).unwrap_or(f64::NAN));
                    let word = if low.is_nan() { text_of(&group.values.0) } else { String::new() };
                    take(&[
                        Cell::Text(outcome.name()),
                        Cell::Text(outcome.metric.unit),
                        Cell::Text(&window),
                        Cell::Text(arm.map_or("", |arm| study.side_name(arm + 1))),
                        Cell::Text(&key.key),
                        Cell::Text(&word),
                        Cell::Real(low),
                        Cell::Real(high),
                        Cell::Whole(group.rows as i64),
                        Cell::Real(group.mean),
                        Cell::Real(mean),
                        Cell::Real(mean - half_width),
                        Cell::Real(mean + half_width),
                        Cell::Whole(n as i64),
                        Cell::Real(key.share),
                        Cell::Text(method),
                        Cell::Real(key.p),
                        Cell::Real(key.adjusted),
                        Cell::Text(&standing),
                    ])?;
                }
            }
        }
        Ok(())
    };
    Table { name: "main_effects", columns: columns.chain(last).collect(), rows: Box::new(rows) }
}

/// Whether a key has effects, in words.
fn standing(standing: &Standing) -> String {
    match standing {
        Standing::Estimated => "estimated".into(),
        Standing::NotInForce => "not in force".into(),
        Standing::Confounded(keys) => format!("confounded with {}", keys.join(", ")),
        Standing::TooFewRows => "too few rows".into(),
    }
}

/// The columns that name a row: the row of the design and, where there are arms, the arm and, where arms are taken
/// apart, those of its parts that it is run with, unless it is whole.
fn row_columns(study: &Study) -> Vec<Column> {
    let arm = (study.sides() > 1).then(|| Column::text("arm"));
    let part = (!study.experiment.bundles.is_empty()).then(|| Column::text("part"));
    [Column::whole("design_row")].into_iter().chain(arm).chain(part).collect()
}

/// Their cells.
fn row_cells<'a>(study: &'a Study, number: usize, coalition: &'a Option<(&'a str, String)>) -> Vec<Cell<'a>> {
    let (row, side) = study.place(number);
    let (arm, parts) = match coalition {
        Some((arm, parts)) => (*arm, parts.as_str()),
        None => (study.side_name(side), ""),
    };
    let arm = (study.sides() > 1).then_some(Cell::Text(arm));
    let parts = (!study.experiment.bundles.is_empty()).then_some(Cell::Text(parts));
    [Cell::Whole(row as i64)].into_iter().chain(arm).chain(parts).collect()
}

/// What went wrong, on one line, and how to see it again.
pub(crate) fn message(words: &str, row: &Row, replicate: u32) -> String {
    let plain: Vec<&str> = words.split_whitespace().collect();
    format!("{}; again by: {}", plain.join(" "), row.of_replicate(replicate).command(replicate))
}

/// One row for each row of the design, window and outcome: mean, spread and interval over the replicates
/// that went well.
pub fn points<'a>(study: &'a Study, result: &'a RunResults) -> Table<'a> {
    let mut columns = row_columns(study);
    columns.extend(["outcome", "unit", "window"].map(Column::text));
    columns.extend(Column::of_estimate());
    columns.push(Column::text("method"));
    let rows = move |take: &mut Take| {
        let windows: Vec<String> = study.experiment.windows.iter().map(|w| w.to_string()).collect();
        let outcomes = &study.experiment.outcomes;
        each_point(study, result, &mut |row, estimates| {
            for (i, e) in estimates.iter().enumerate() {
                let outcome = &outcomes[i % outcomes.len()];
                let mut cells = row_cells(study, row, &None);
                let words = [outcome.name(), outcome.metric.unit, &windows[i / outcomes.len()]];
                cells.extend(words.map(Cell::Text));
                cells.extend(Cell::of_estimate(e));
                cells.push(Cell::Text(
                    match (study.experiment.replicates.waits_for(*outcome), result.unit > 1) {
                        (true, false) => "Student's t over replicates, adjusted for skewness and stopping",
                        (false, false) => "Student's t over replicates",
                        (true, true) => {
                            "Student's t over draws of the posterior, adjusted for skewness and stopping"
                        }
                        (false, true) => "Student's t over draws of the posterior",
                    },
                ));
                take(&cells)?;
            }
            Ok(())
        })
    };
    Table { name: "points", columns, rows: Box::new(rows) }
}

/// Hands over every row of the design with its estimates, one for each value of a replicate.
///
/// # Errors
/// An I/O error if a journal cannot be read, or the error of the receiver.
pub fn each_point(
    study: &Study,
    result: &RunResults,
    take: &mut dyn FnMut(usize, &[Estimate]) -> io::Result<()>,
) -> io::Result<()> {
    let width = outcome_names(study).len();
    let mut records = result.index.records()?;
    for row in 0..study.rows.len() {
        let values = result.values(&mut records, row as u32, width)?;
        let column = |i: usize| values.iter().map(|output| output[i]).collect::<Vec<f64>>();
        let outcome = |i: usize| study.experiment.outcomes[i % study.experiment.outcomes.len()];
        let column = |i: usize| study.experiment.replicates.level(outcome(i), &column(i));
        take(row, &(0..width).map(column).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// The keys that vary.
fn keys(rows: &[Row]) -> impl Iterator<Item = &String> {
    rows.first().into_iter().flat_map(|row| row.keys.iter()).filter(|path| index().key(path).is_some())
}

/// The column of a key of a scenario.
pub(crate) fn parameter(path: &str) -> Column {
    match index().key(path).map(|key| &key.kind) {
        Some(Kind::Real { .. }) => Column::real(path),
        Some(Kind::Count { .. }) => Column::whole(path),
        Some(Kind::Flag) => Column::flag(path),
        _ => Column::text(path),
    }
}

/// Values of keys as cells, of the types that [`parameter`] gives their columns; `texts` keeps them as they are written.
pub(crate) fn cells<'t>(values: &'t [Value], texts: &'t mut Vec<String>) -> Vec<Cell<'t>> {
    *texts = values.iter().map(text_of).collect();
    let cell = |(value, text): (&Value, &'t String)| match value {
        Value::Float(number) => Cell::Real(*number),
        Value::Integer(number) => Cell::Whole(*number),
        Value::Boolean(flag) => Cell::Flag(Some(*flag)),
        _ => Cell::Text(text),
    };
    values.iter().zip(texts.iter()).map(cell).collect()
}

/// A value as people write it.
pub fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}
