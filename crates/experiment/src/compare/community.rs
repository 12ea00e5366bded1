//! Where an arm does what it does: what is taken of single communities.

use std::ops::Range;

use crate::outcome::Outcome;
use shequ_model::base::stats::estimate;
use shequ_model::simulation::community_metrics;

use shequ_model::simulation::{CommunityRow, ReplicateOutput};

/// Outcomes that are taken of communities at most; of more, the headlines are.
const MOST: usize = 6;

/// A metric of one community.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Number of the community.
    pub community: u32,
    /// The metric.
    pub outcome: Outcome,
    /// Its place among the values of a community.
    column: usize,
}

impl Cell {
    /// Of each of `communities` communities, the first of those `outcomes` that a community has by itself: by
    /// outcome, then community.
    pub fn all(communities: u32, outcomes: &[Outcome]) -> Vec<Cell> {
        let headlines = Outcome::headlines();
        let is_wanted = |outcome: &&Outcome| outcomes.len() <= MOST || headlines.contains(outcome);
        let column = |outcome: &Outcome| community_metrics().position(|metric| metric.name == outcome.name());
        let taken =
            outcomes.iter().filter(is_wanted).filter_map(|&outcome| Some((outcome, column(&outcome)?)));
        let of =
            |(outcome, column)| (0..communities).map(move |community| Cell { community, outcome, column });
        taken.take(MOST).flat_map(of).collect()
    }
}

/// The mean of every cell over the months of `window` for which communities were recorded; NaN where none
/// was.
pub fn reduce(output: &ReplicateOutput, window: &Range<u32>, cells: &[Cell]) -> Vec<f64> {
    let communities = cells.iter().map(|cell| cell.community as usize + 1).max().unwrap_or(0);
    let mut rows: Vec<Vec<&CommunityRow>> = vec![Vec::new(); communities];
    for row in output.communities.iter().filter(|row| window.contains(&row.month)) {
        if let Some(own) = rows.get_mut(row.community as usize) {
            own.push(row);
        }
    }
    let mean = |cell: &Cell| {
        let own = rows[cell.community as usize].iter();
        estimate(own.map(|row| row.values[cell.column])).mean
    };
    cells.iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_the_mean_of_its_community_over_the_recorded_months() {
        let outcomes = ["participation", "satisfaction"].map(|name| Outcome::named(name).unwrap());
        let cells = Cell::all(2, &outcomes);
        assert_eq!((cells.len(), cells[1].community, cells[2].outcome), (4, 1, outcomes[1]));
        let row = |month: u32, community: u32| CommunityRow {
            month,
            community,
            values: (0..community_metrics().count())
                .map(|k| f64::from(10 * month + community) + k as f64)
                .collect(),
        };
        let communities = [3, 5, 7].into_iter().flat_map(|month| [row(month, 0), row(month, 1)]).collect();
        let output = ReplicateOutput { communities, ..ReplicateOutput::default() };
        let means = reduce(&output, &(4..8), &cells);
        assert_eq!(means[1] - means[0], 1.0);
        assert_eq!(means[0], 60.0 + cells[0].column as f64);
        assert!(reduce(&output, &(0..3), &cells).iter().all(|value| value.is_nan()));
    }

    #[test]
    fn no_more_is_taken_than_can_be_looked_at() {
        let outcomes = Outcome::all();
        let cells = Cell::all(1, &outcomes);
        assert_eq!(cells.len(), MOST);
        assert!(cells.iter().all(|cell| Outcome::headlines().contains(&cell.outcome)));
        // A gap between communities is of the city alone.
        assert!(Cell::all(3, &[Outcome::named("satisfaction.gap").unwrap()]).is_empty());
    }
}
