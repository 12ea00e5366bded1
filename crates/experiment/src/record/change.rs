//! How each metric stands at the beginning and at the end of a run, and how far it moved in between.

use crate::record::table::{Cell, Column, Table, Take};
use crate::record::tables::Results;
use crate::record::variance::Parts;
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::simulation::ReplicateOutput;

/// One metric from the first months of a run to the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Place of the metric.
    pub metric: usize,
    /// Mean over the first months, over the replicates.
    pub first: Estimate,
    /// Mean over the last months.
    pub last: Estimate,
    /// Last less first, replicate by replicate.
    pub change: Estimate,
    /// How the last months vary, between cities and within one.
    pub parts: Parts,
}

/// Months at each end of a run: a year, or half of a shorter run.
pub fn window(months: u32) -> usize {
    (months as usize / 2).clamp(1, 12)
}

/// The change of every metric.
pub fn changes(results: &Results) -> Vec<Change> {
    (0..results.metrics.len()).map(|metric| change(results, metric)).collect()
}

fn change(results: &Results, metric: usize) -> Change {
    let (width, window) = (results.metrics.len(), window(results.months));
    let series = |output: &ReplicateOutput| {
        output.monthly.iter().skip(metric).step_by(width).copied().collect::<Vec<_>>()
    };
    let ends: Vec<Ends> = results.outputs.iter().map(|output| Ends::of(&series(output), window)).collect();
    let last: Vec<f64> = ends.iter().map(|ends| ends.last).collect();
    Change {
        metric,
        parts: Parts::of(&results.by_city(&last)),
        first: estimate(ends.iter().map(|ends| ends.first)),
        last: estimate(ends.iter().map(|ends| ends.last)),
        change: moved(results, &ends.iter().map(|ends| ends.change).collect::<Vec<f64>>()),
    }
}

/// The mean change. The same change in every replicate has no interval, unless it is none at all.
fn moved(results: &Results, changes: &[f64]) -> Estimate {
    let change = results.level(changes);
    if change.mean == 0.0 && change.sd == 0.0 { Estimate { half_width: 0.0, ..change } } else { change }
}

/// How one metric stands at both ends of one replicate.
#[derive(Clone, Copy, Debug)]
struct Ends {
    first: f64,
    last: f64,
    /// NaN where both ends rest on the same month: then nothing is known of a change.
    change: f64,
}

impl Ends {
    fn of(values: &[f64], window: usize) -> Ends {
        let first = months(values.iter().enumerate(), window);
        let last = months(values.iter().enumerate().rev(), window);
        let mean = |months: &[usize]| estimate(months.iter().map(|&month| values[month])).mean;
        let is_known = first.iter().all(|month| !last.contains(month));
        let (first, last) = (mean(&first), mean(&last));
        Ends { first, last, change: if is_known { last - first } else { f64::NAN } }
    }
}

/// Those of the first `window` months that have a value or, where none of them has, the first month that does:
/// a year may pass without an election.
fn months<'a>(values: impl Iterator<Item = (usize, &'a f64)> + Clone, window: usize) -> Vec<usize> {
    let present = |(month, value): (usize, &f64)| (!value.is_nan()).then_some(month);
    let within: Vec<usize> = values.clone().take(window).filter_map(present).collect();
    if within.is_empty() { values.filter_map(present).take(1).collect() } else { within }
}

/// `changes.csv`: one row for each metric.
pub fn table<'a>(results: &'a Results) -> Table<'a> {
    let mut columns = vec![Column::text("metric"), Column::text("unit"), Column::whole("months")];
    columns.extend(["first", "last", "change", "sd", "ci95_low", "ci95_high"].map(Column::real));
    columns.push(Column::whole("n"));
    let rows = move |take: &mut Take| {
        changes(results).iter().try_for_each(|c| {
            let (metric, e) = (&results.metrics[c.metric], c.change);
            take(&[
                Cell::Text(metric.name),
                Cell::Text(metric.unit),
                Cell::Whole(window(results.months) as i64),
                Cell::Real(c.first.mean),
                Cell::Real(c.last.mean),
                Cell::Real(e.mean),
                Cell::Real(e.sd),
                Cell::Real(e.mean - e.half_width),
                Cell::Real(e.mean + e.half_width),
                Cell::Whole(e.n as i64),
            ])
        })
    };
    Table { name: "changes", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: f64 = f64::NAN;

    #[test]
    fn a_year_without_a_value_borrows_the_nearest() {
        let ends = Ends::of(&[NONE, NONE, 3.0, NONE, 5.0, 6.0], 2);
        assert_eq!((ends.first, ends.last, ends.change), (3.0, 5.5, 2.5));
    }

    #[test]
    fn a_change_is_unknown_where_both_ends_rest_on_the_same_month() {
        // One election between the ends, one within the first and one within the last, and two within one end.
        for values in [
            [NONE, NONE, 0.4, NONE, NONE, NONE],
            [0.4, NONE, NONE, NONE, NONE, NONE],
            [NONE, NONE, NONE, NONE, NONE, 0.4],
            [0.4, 0.6, NONE, NONE, NONE, NONE],
        ] {
            let ends = Ends::of(&values, 2);
            assert!(ends.change.is_nan() && !ends.first.is_nan() && !ends.last.is_nan(), "{ends:?}");
        }
        assert!(Ends::of(&[NONE; 4], 2).first.is_nan());
        // A run of one month has one end.
        assert!(Ends::of(&[0.4], 1).change.is_nan());
        assert_eq!(Ends::of(&[0.4, 0.4], 1).change, 0.0);
    }

    #[test]
    fn the_ends_of_a_short_run_do_not_overlap() {
        assert_eq!([1, 2, 5, 24, 120].map(window), [1, 1, 2, 12, 12]);
    }
}
