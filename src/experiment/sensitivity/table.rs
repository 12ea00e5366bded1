//! The table of indices.

use super::{Analysis, Label};
use crate::record::table::{Cell, Column, Table};

/// The analysis of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The metric.
    pub metric: String,
    /// The months over which its mean is taken, as in the experiment file.
    pub window: String,
    /// The arm whose effect against the base is the outcome; "" where the outcome is the metric itself.
    pub arm: String,
    /// Its indices.
    pub analysis: Analysis,
    /// The share of the variance between rows that is luck; `None` if one replicate does not tell.
    pub noise: Option<f64>,
}

/// Name in tables of the parameter that does nothing.
pub const DUMMY: &str = "(dummy)";

/// `indices.csv`: one row for each index of each outcome. `keys` are those of the factors, in order.
pub fn indices<'a>(keys: &'a [String], outcomes: &'a [Outcome]) -> Table<'a> {
    let text = ["outcome", "window", "parameter", "other", "index"].map(Column::text);
    let real = ["value", "ci95_low", "ci95_high"].map(Column::real);
    let rest = [Column::whole("n"), Column::text("method"), Column::text("arm")];
    Table {
        name: "indices",
        columns: text.into_iter().chain(real).chain(rest).collect(),
        rows: Box::new(move |take| {
            for outcome in outcomes {
                for index in &outcome.analysis.indices {
                    let Label { measure, factor, other } = index.label;
                    take(&[
                        Cell::Text(&outcome.metric),
                        Cell::Text(&outcome.window),
                        Cell::Text(factor.map_or(DUMMY, |factor| &keys[factor])),
                        Cell::Text(other.map_or("", |other| &keys[other])),
                        Cell::Text(measure.name),
                        Cell::Real(index.value),
                        Cell::Real(index.value - index.half_width),
                        Cell::Real(index.value + index.half_width),
                        Cell::Whole(outcome.analysis.used as i64),
                        Cell::Text(measure.method),
                        Cell::Text(&outcome.arm),
                    ])?;
                }
            }
            Ok(())
        }),
    }
}
