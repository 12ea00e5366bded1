//! Whether a policy widens or narrows the gaps between groups of residents.

use std::io;

use super::effects::{Asked, Side};
use super::group;
use super::subgroups::{self, GroupEffect, Part, PartEffect, ReadRuns};
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
/// window and pair. `cells` are those of groups, `groups` the effects on them, whose levels without the policy say which
/// group is the higher one; `arms` and `outputs` as of [`subgroups::effects`].
///
/// # Errors
/// Those of `outputs`.
pub fn gaps(
    cells: &[group::Cell],
    groups: &[GroupEffect],
    asked: &Asked,
    arms: &[(usize, usize)],
    paired: bool,
    outputs: &mut ReadRuns,
) -> io::Result<Vec<Gap>> {
    let is_primary = |cell: &group::Cell| asked.primary.iter().any(|outcome| outcome.name() == cell.metric);
    let mut pairs = Vec::new();
    for (i, cell) in cells.iter().enumerate().filter(|(_, cell)| is_primary(cell)) {
        let rivals = cells.iter().enumerate().skip(i + 1);
        let is_rival = |other: &group::Cell| (other.group, other.metric) == (cell.group, cell.metric);
        let rivals = rivals.filter(|(_, other)| is_rival(other));
        pairs.extend(rivals.map(|(j, other)| Cell { upper: *cell, lower: *other, places: [i, j] }));
    }
    let windows = asked.windows.len();
    let apart = |output: &Vec<f64>| -> Vec<f64> {
        let of = |window: usize| {
            let at = move |place: usize| output[window * cells.len() + place];
            pairs.iter().map(move |pair| at(pair.places[0]) - at(pair.places[1]))
        };
        (0..windows).flat_map(of).collect()
    };
    let mut gaps = subgroups::effects(&pairs, asked, arms, paired, &mut |side| {
        Ok(outputs(side)?.iter().map(apart).collect())
    })?;
    let last = windows.saturating_sub(1);
    for gap in &mut gaps {
        let level = |place: usize| groups[(gap.arm * windows + last) * cells.len() + place].difference.base;
        if level(gap.cell.places[0]) < level(gap.cell.places[1]) {
            turn(gap);
        }
    }
    Ok(gaps)
}

/// The same gap, taken from the other group.
fn turn(gap: &mut Gap) {
    std::mem::swap(&mut gap.cell.upper, &mut gap.cell.lower);
    gap.cell.places.reverse();
    let difference = &mut gap.difference;
    for value in [&mut difference.base, &mut difference.arm, &mut difference.effect.mean] {
        // Nothing stays nothing, without a sign.
        *value = 0.0 - *value;
    }
}

/// `gaps.csv`. `arms` are those that the gaps were computed with.
pub fn table<'a>(gaps: &'a [Gap], arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let of = |cell: &Cell, arm: &'a Side| {
        let group = [cell.upper.group, cell.upper.level, cell.lower.level];
        [arm.theory.as_str(), &arm.trust].into_iter().chain(group).map(Value::Text).collect()
    };
    let columns = ["theory", "trust", "group", "level", "other_level"].map(Column::text).to_vec();
    subgroups::table("gaps", Part { columns, of: Box::new(of) }, gaps, arms, |cell| {
        (cell.upper.metric, cell.upper.unit())
    })
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
        let mut read = |side: usize| Ok(outputs[side].clone());
        let groups = subgroups::effects(&cells, &asked, &[(0, 1)], true, &mut read).unwrap();
        let gaps = gaps(&cells, &groups, &asked, &[(0, 1)], true, &mut read).unwrap();
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
