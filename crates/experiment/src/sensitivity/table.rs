//! The table of indices.

use super::verdict::Verdict;
use super::{Analysis, Label, Nothing};
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
    /// The share of the variance between rows that is noise; `None` if one replicate does not tell.
    pub noise: Option<f64>,
}

/// `convergence.csv`: for each outcome the units used and left out (their numbers, by design), how far its
/// indices have converged, and the share of noise.
pub fn convergence(outcomes: &[Outcome]) -> Table<'_> {
    let text = ["outcome", "window", "arm"].map(Column::text);
    let whole = ["n", "dropped"].map(Column::whole);
    let real = ["widest_interval", "rank_shift", "widest_small_interval", "noise_share"].map(Column::real);
    let flags = ["converged", "values_converged", "ranks_converged", "screening_converged"].map(Column::flag);
    let last = ["no_indices", "dropped_units"].map(Column::text);
    Table {
        name: "convergence",
        columns: text.into_iter().chain(whole).chain(real).chain(flags).chain(last).collect(),
        rows: Box::new(move |take| {
            for Outcome { metric, window, arm, analysis, noise } in outcomes {
                let verdict = analysis.verdict.ok();
                let number = |of: fn(&Verdict) -> f64| Cell::Real(verdict.as_ref().map_or(f64::NAN, of));
                let dropped: Vec<String> = analysis.dropped.iter().map(usize::to_string).collect();
                let flag = |of: fn(&Verdict) -> bool| Cell::Flag(verdict.as_ref().map(of));
                take(&[
                    Cell::Text(metric),
                    Cell::Text(window),
                    Cell::Text(arm),
                    Cell::Whole(analysis.used as i64),
                    Cell::Whole(dropped.len() as i64),
                    number(|v| v.width),
                    number(|v| v.shift),
                    number(|v| v.width_of_small),
                    Cell::Real(noise.unwrap_or(f64::NAN)),
                    flag(|v| v.values() && v.ranks() && v.screening()),
                    flag(Verdict::values),
                    flag(Verdict::ranks),
                    flag(Verdict::screening),
                    Cell::Text(analysis.verdict.err().map_or("", why)),
                    Cell::Text(&dropped.join(" ")),
                ])?;
            }
            Ok(())
        }),
    }
}

/// Why there are no indices.
fn why(nothing: Nothing) -> &'static str {
    match nothing {
        Nothing::Constant => "constant",
        Nothing::TooFew => "too few units",
    }
}

/// `indices.csv`: one row for each index of each outcome. `keys` are those of the factors, in order. The
/// floor and the ceiling stand where an index has them, which is PAWN's.
pub fn indices<'a>(keys: &'a [String], outcomes: &'a [Outcome]) -> Table<'a> {
    let text = ["outcome", "window", "parameter", "other", "index"].map(Column::text);
    let real = ["value", "ci95_low", "ci95_high"].map(Column::real);
    let rest = [Column::whole("n"), Column::text("method"), Column::text("arm")];
    let limits = ["floor", "ceiling"].map(Column::real);
    Table {
        name: "indices",
        columns: text.into_iter().chain(real).chain(rest).chain(limits).collect(),
        rows: Box::new(move |take| {
            for outcome in outcomes {
                for index in &outcome.analysis.indices {
                    let Label { measure, factor, other } = index.label;
                    take(&[
                        Cell::Text(&outcome.metric),
                        Cell::Text(&outcome.window),
                        Cell::Text(&keys[factor]),
                        Cell::Text(other.map_or("", |other| &keys[other])),
                        Cell::Text(measure.name),
                        Cell::Real(index.value),
                        Cell::Real(index.value - index.half_width),
                        Cell::Real(index.value + index.half_width),
                        Cell::Whole(outcome.analysis.used as i64),
                        Cell::Text(measure.method),
                        Cell::Text(&outcome.arm),
                        Cell::Real(index.limits.floor),
                        Cell::Real(index.limits.ceiling),
                    ])?;
                }
            }
            Ok(())
        }),
    }
}
