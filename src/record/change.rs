//! How each metric stands at the beginning and at the end of a run, and how far it moved in between.

use crate::base::stats::{Estimate, estimate};
use crate::record::Life;
use crate::record::table::{Cell, Column, Table, Take};
use crate::record::tables::Results;

/// One metric from the first months of a run to the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Place of the metric.
    pub metric: usize,
    /// Mean over the first months, over the lives.
    pub first: Estimate,
    /// Mean over the last months.
    pub last: Estimate,
    /// Last less first, life by life.
    pub change: Estimate,
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
    let series = |life: &Life| life.monthly.iter().skip(metric).step_by(width).copied().collect::<Vec<_>>();
    let lives: Vec<Vec<f64>> = results.lives.iter().map(series).collect();
    let first = |life: &Vec<f64>| mean_or_nearest(life.iter(), window);
    let last = |life: &Vec<f64>| mean_or_nearest(life.iter().rev(), window);
    Change {
        metric,
        first: estimate(lives.iter().map(first)),
        last: estimate(lives.iter().map(last)),
        change: estimate(lives.iter().map(|life| last(life) - first(life))),
    }
}

/// The mean of the first `window` values or, where none of them is there, the first that is: a year may
/// pass without an election.
fn mean_or_nearest<'a>(values: impl Iterator<Item = &'a f64> + Clone, window: usize) -> f64 {
    let within = estimate(values.clone().take(window).copied()).mean;
    let nearest = || values.clone().find(|v| !v.is_nan()).copied();
    if within.is_nan() { nearest().unwrap_or(f64::NAN) } else { within }
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

    #[test]
    fn a_year_without_a_value_borrows_the_nearest() {
        let life = [f64::NAN, f64::NAN, 3.0, 5.0];
        assert_eq!(mean_or_nearest(life.iter(), 2), 3.0);
        assert_eq!(mean_or_nearest(life.iter().rev(), 2), 4.0);
        assert!(mean_or_nearest([f64::NAN].iter(), 1).is_nan());
    }

    #[test]
    fn the_ends_of_a_short_run_do_not_overlap() {
        assert_eq!([1, 2, 5, 24, 120].map(window), [1, 1, 2, 12, 12]);
    }
}
