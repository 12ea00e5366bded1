//! Whether a policy widens or narrows the gaps between groups of residents.

use std::io;

use super::effects::{Asked, Side};
use super::group;
use super::subgroups::{self, Part, PartEffect, ReadRuns};
use crate::record::table::{Cell as Value, Column, Table};

/// How far two groups of one grouping stand apart in a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The group that is the higher one without the policy.
    upper: group::Cell,
    /// The other.
    lower: group::Cell,
    /// Their places among the cells of groups.
    places: [usize; 2],
}

/// What an arm adds to a gap.
pub type Gap = PartEffect<Cell>;

/// What every arm adds to the gaps between all groups of a grouping, in the primary outcomes that groups have: by arm,
/// window and pair. `cells` are those of groups, and `outputs` as of [`subgroups::effects`].
///
/// # Errors
/// Those of `outputs`.
pub fn gaps(
    cells: &[group::Cell],
    asked: &Asked,
    sides: usize,
    paired: bool,
    outputs: &mut ReadRuns,
) -> io::Result<Vec<Gap>> {
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    let base = outputs(0)?;
    let last = asked.windows.len().saturating_sub(1) * cells.len();
    let level = |place: usize| {
        let values = base.iter().map(|output| output[last + place]).filter(|value| !value.is_nan());
        values.fold(0.0, |sum, value| sum + value)
    };
    let is_primary = |cell: &group::Cell| asked.primary.iter().any(|outcome| outcome.name() == cell.metric);
    let mut pairs = Vec::new();
    for (i, cell) in cells.iter().enumerate().filter(|(_, cell)| is_primary(cell)) {
        let rivals = cells.iter().enumerate().skip(i + 1);
        let is_rival = |other: &group::Cell| (other.group, other.metric) == (cell.group, cell.metric);
        for (j, other) in rivals.filter(|(_, other)| is_rival(other)) {
            pairs.push(match level(i) >= level(j) {
                true => Cell { upper: *cell, lower: *other, places: [i, j] },
                false => Cell { upper: *other, lower: *cell, places: [j, i] },
            });
        }
    }
    let windows = asked.windows.len();
    let apart = |output: &Vec<f64>| -> Vec<f64> {
        let of = |window: usize| {
            let at = move |place: usize| output[window * cells.len() + place];
            pairs.iter().map(move |pair| at(pair.places[0]) - at(pair.places[1]))
        };
        (0..windows).flat_map(of).collect()
    };
    subgroups::effects(&pairs, asked, sides, paired, &mut |side| {
        Ok(outputs(side)?.iter().map(apart).collect())
    })
}

/// `gaps.csv`. `arms` are those that the gaps were computed with.
pub fn table<'a>(gaps: &'a [Gap], arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let of = |cell: &Cell| [cell.upper.group, cell.upper.level, cell.lower.level].map(Value::Text).to_vec();
    let part =
        Part { columns: ["group", "level", "other_level"].map(Column::text).to_vec(), of: Box::new(of) };
    subgroups::table("gaps", part, gaps, arms, |cell| (cell.upper.metric, cell.upper.unit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Outcome;
    use crate::window::Window;
    use shequ_model::base::month::Month;

    #[test]
    fn a_gap_is_taken_from_the_higher_group_and_what_a_policy_adds_by_pairs() {
        let cell = |group, level, metric| group::Cell { group, level, metric };
        let cells = [
            cell("tenure", "renter", "participation"),
            cell("tenure", "renter", "awareness"),
            cell("tenure", "owner", "participation"),
            cell("sex", "female", "participation"),
        ];
        let outcomes = vec![Outcome::named("participation").unwrap()];
        let asked = Asked::new(outcomes, &[Window::Whole], Month::new(2017, 1), 12);
        // Owners stand .3 and .4 above renters without the policy, .1 and .4 with it.
        let outputs = [
            vec![vec![0.1, 0.0, 0.4, 0.2], vec![0.2, 0.0, 0.6, 0.2]],
            vec![vec![0.3, 0.0, 0.4, 0.9], vec![0.2, 0.0, 0.6, 0.9]],
        ];
        let gaps = gaps(&cells, &asked, 2, true, &mut |side| Ok(outputs[side].clone())).unwrap();
        // Neither another metric nor another grouping is set against them.
        assert_eq!(gaps.len(), 1);
        let gap = &gaps[0];
        assert_eq!((gap.cell.upper.level, gap.cell.lower.level), ("owner", "renter"));
        let d = &gap.difference;
        for (found, expected) in [(d.base, 0.35), (d.arm, 0.25), (d.effect.mean, -0.1)] {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
