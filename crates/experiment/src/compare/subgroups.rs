//! The effects of arms on parts of the city: groups of residents, and single communities; and their tables.

use std::io;

use super::difference::{Difference, LEVEL};
use super::effects::{Asked, Side};
use super::holm::holm;
use super::{community, group};
use crate::record::table::{Cell, Column, Table, Take};
use crate::window::Window;

/// What an arm changes in one metric of one part of the city, over one window.
#[derive(Clone, Debug, PartialEq)]
pub struct PartEffect<C> {
    /// Which arm, by its place among the arms.
    pub arm: usize,
    /// The part and the metric.
    pub cell: C,
    /// The window.
    pub window: Window,
    /// The difference.
    pub difference: Difference,
    /// p value adjusted for all effects of this table; NaN where there is no test.
    pub adjusted: f64,
}

/// The outputs of a side, by replicate.
pub type ReadRuns<'a> = dyn FnMut(usize) -> io::Result<Vec<Vec<f64>>> + 'a;

/// An effect on a group of residents.
pub type GroupEffect = PartEffect<group::Cell>;
/// An effect on a community.
pub type CommunityEffect = PartEffect<community::Cell>;

/// The effect of every arm on every cell in every window, in this order: arm, window, cell. Each of `arms` has the number
/// of its base and its own: `outputs(number)[replicate][window * cells + cell]`. Two sides at a time are in memory.
///
/// # Errors
/// Those of `outputs`.
pub fn effects<C: Copy>(
    cells: &[C],
    asked: &Asked,
    arms: &[(usize, usize)],
    paired: bool,
    outputs: &mut ReadRuns,
) -> io::Result<Vec<PartEffect<C>>> {
    let column =
        |outputs: &[Vec<f64>], k: usize| outputs.iter().map(|output| output[k]).collect::<Vec<f64>>();
    let mut all = Vec::new();
    if cells.is_empty() {
        return Ok(all);
    }
    let (mut base, mut read) = (Vec::new(), None);
    for (arm, &(of_base, of_arm)) in arms.iter().enumerate() {
        if read != Some(of_base) {
            (base, read) = (outputs(of_base)?, Some(of_base));
        }
        let own = outputs(of_arm)?;
        for (w, (window, _)) in asked.windows.iter().enumerate() {
            for (c, &cell) in cells.iter().enumerate() {
                let k = w * cells.len() + c;
                let difference = Difference::new(&column(&base, k), &column(&own, k), paired);
                all.push(PartEffect { arm, cell, window: *window, difference, adjusted: f64::NAN });
            }
        }
    }
    let adjusted = holm(&all.iter().map(|effect| effect.difference.p).collect::<Vec<f64>>());
    all.iter_mut().zip(adjusted).for_each(|(effect, p)| effect.adjusted = p);
    Ok(all)
}

/// `group_effects.csv`. `arms` are those that the effects were computed with.
pub fn by_group<'a>(effects: &'a [GroupEffect], arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let of = |cell: &group::Cell, _: &Side| vec![Cell::Text(cell.group), Cell::Text(cell.level)];
    let part = Part { columns: ["group", "level"].map(Column::text).to_vec(), of: Box::new(of) };
    table("group_effects", part, effects, arms, |cell| (cell.metric, cell.unit()))
}

/// `community_effects.csv`, likewise.
pub fn by_community<'a>(effects: &'a [CommunityEffect], arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let of = |cell: &community::Cell, _: &Side| vec![Cell::Whole(cell.community.into())];
    let part = Part { columns: vec![Column::whole("community")], of: Box::new(of) };
    table("community_effects", part, effects, arms, |cell| (cell.outcome.name(), cell.outcome.metric.unit))
}

/// The columns that say which part of the city a row is about, and their cells.
pub struct Part<'a, C> {
    /// The columns.
    pub columns: Vec<Column>,
    /// Their cells in a row of an arm.
    pub of: Box<dyn Fn(&C, &'a Side) -> Vec<Cell<'a>> + Sync + 'a>,
}

/// A table of effects; `named` gives the metric of a cell and its unit.
pub fn table<'a, C: Sync>(
    name: &'static str,
    part: Part<'a, C>,
    effects: &'a [PartEffect<C>],
    arms: &[(&'a Side, &'a Side)],
    named: fn(&C) -> (&'static str, &'static str),
) -> Table<'a> {
    let arms = arms.to_vec();
    let mut columns = ["arm", "base"].map(Column::text).to_vec();
    columns.extend(part.columns.iter().cloned());
    columns.extend(["metric", "unit", "window"].map(Column::text));
    columns.extend(["effect", "ci95_low", "ci95_high"].map(Column::real));
    columns.extend([Column::whole("n"), Column::real("variance_ratio"), Column::text("method")]);
    columns.extend(["base_mean", "arm_mean", "p", "p_holm"].map(Column::real));
    columns.push(Column::flag("significant"));
    let rows = move |take: &mut Take| {
        effects.iter().try_for_each(|effect| {
            let (base, arm) = arms[effect.arm];
            let (d, window) = (&effect.difference, effect.window.to_string());
            let (e, (metric, unit)) = (d.effect, named(&effect.cell));
            let mut cells = vec![Cell::Text(&arm.name), Cell::Text(&base.name)];
            cells.extend((part.of)(&effect.cell, arm));
            cells.extend([metric, unit, &window].map(Cell::Text));
            cells.extend(Cell::with_ends(&e));
            cells.push(Cell::Whole(e.n as i64));
            cells.push(Cell::Real(d.variance_ratio));
            cells.push(Cell::Text(d.method.word()));
            cells.extend([d.base, d.arm, d.p, effect.adjusted].map(Cell::Real));
            cells.push(claim(effect.adjusted));
            take(&cells)
        })
    };
    Table { name, columns, rows: Box::new(rows) }
}

/// What the column `significant` says of an adjusted p value: nothing where there is no test.
pub fn claim(adjusted: f64) -> Cell<'static> {
    Cell::Flag((!adjusted.is_nan()).then_some(adjusted < LEVEL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::month::Month;

    #[test]
    fn effects_on_groups_by_hand() {
        let cells =
            ["renter", "owner"].map(|level| group::Cell { group: "tenure", level, metric: "participation" });
        let asked = Asked::new(Vec::new(), &[Window::Whole], Month::new(2017, 1), 12);
        // Renters gain 0.1 and 0.3, owners nothing.
        let base = vec![vec![0.1, 0.5], vec![0.2, 0.6]];
        let arm = vec![vec![0.2, 0.5], vec![0.5, 0.6]];
        let outputs = [base, arm];
        let effects =
            effects(&cells, &asked, &[(0, 1)], true, &mut |side| Ok(outputs[side].clone())).unwrap();
        assert_eq!((effects.len(), effects[0].cell.level), (2, "renter"));
        assert!((effects[0].difference.effect.mean - 0.2).abs() < 1e-12);
        assert!(effects[1].difference.is_nothing());
        assert_eq!([f64::NAN, 0.04, 0.06].map(claim), [None, Some(true), Some(false)].map(Cell::Flag));
    }
}
