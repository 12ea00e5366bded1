//! Who gains: what is taken of groups of residents.

use std::ops::Range;

use shequ_model::base::stats::estimate;
use shequ_model::metric;
use shequ_model::simulation::ReplicateOutput;

/// A metric of one group of residents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The grouping, such as "age".
    pub group: &'static str,
    /// The level within it.
    pub level: &'static str,
    /// The metric.
    pub metric: &'static str,
}

impl Cell {
    /// Every cell, in the order in which a replicate records them.
    pub fn all() -> Vec<Cell> {
        let mut all = Vec::new();
        for grouping in metric::groupings() {
            for &level in &grouping.levels {
                let of_level = |metric| Cell { group: grouping.name, level, metric };
                all.extend(metric::of_groups().iter().map(|(metric, _)| of_level(*metric)));
            }
        }
        all
    }

    /// The unit of its metric.
    pub fn unit(&self) -> &'static str {
        let unit = |k: usize| metric::all()[k].unit;
        match metric::position(self.metric) {
            Some(k) => unit(k),
            None if self.metric == "hours" => "hours in twelve months",
            None => "share",
        }
    }
}

/// The mean of every cell over the months of `window` for which groups were recorded; NaN where none was.
pub fn reduce(output: &ReplicateOutput, window: &Range<u32>, cells: usize) -> Vec<f64> {
    let inside: Vec<_> = output
        .groups
        .chunks(cells)
        .filter(|month| month.iter().all(|row| window.contains(&row.month)))
        .collect();
    (0..cells).map(|cell| estimate(inside.iter().map(|month| month[cell].value)).mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::simulation::GroupRow;

    #[test]
    fn a_cell_is_the_mean_over_the_recorded_months_of_the_window() {
        let cells = Cell::all();
        let row = |month: u32, number: usize| {
            let Cell { group, level, metric } = cells[number];
            GroupRow { month, group, level, metric, value: f64::from(month) + number as f64 }
        };
        let groups = [2, 5, 8].iter().flat_map(|&month| (0..cells.len()).map(move |n| (month, n)));
        let groups = groups.map(|(month, number)| row(month, number)).collect();
        let output = ReplicateOutput { groups, ..ReplicateOutput::default() };
        let mean = reduce(&output, &(3..9), cells.len());
        assert_eq!((mean.len(), mean[0], mean[7]), (cells.len(), 6.5, 13.5));
        assert!(reduce(&output, &(0..2), cells.len()).iter().all(|value| value.is_nan()));
    }

    #[test]
    fn every_cell_has_a_unit() {
        let unit = |name: &str| Cell::all().iter().find(|cell| cell.metric == name).map(Cell::unit);
        assert_eq!(unit("voted"), Some("share"));
        assert_eq!(unit("hours"), Some("hours in twelve months"));
        assert_eq!(unit("trust.committee"), Some("share"));
    }
}
