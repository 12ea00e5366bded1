//! The effects of arms on groups of residents, and their table.

use super::difference::Difference;
use super::effects::{Asked, LEVEL, Side};
use super::group::Cell as Group;
use super::holm::holm;
use crate::experiment::window::Window;
use crate::record::table::{Cell, Column, Table, Take};

/// What an arm changes in one metric of one group, over one window.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupEffect {
    /// Which arm, by its place among the arms.
    pub arm: usize,
    /// The group and the metric.
    pub cell: Group,
    /// The window.
    pub window: Window,
    /// The difference.
    pub difference: Difference,
    /// p value adjusted for all effects of this table; NaN where there is no test.
    pub adjusted: f64,
}

/// The effect of every arm on every cell in every window, in this order: arm, window, cell. Of `sides`
/// the first is the base: `sides[side][replicate][window * cells + cell]`.
pub fn effects(cells: &[Group], asked: &Asked, sides: &[Vec<Vec<f64>>], paired: bool) -> Vec<GroupEffect> {
    let column = |side: usize, k: usize| sides[side].iter().map(|life| life[k]).collect::<Vec<f64>>();
    let mut all = Vec::new();
    for arm in 1..sides.len() {
        for (w, (window, _)) in asked.windows.iter().enumerate() {
            for (c, &cell) in cells.iter().enumerate() {
                let k = w * cells.len() + c;
                let difference = Difference::new(&column(0, k), &column(arm, k), paired);
                all.push(GroupEffect { arm: arm - 1, cell, window: *window, difference, adjusted: f64::NAN });
            }
        }
    }
    let adjusted = holm(&all.iter().map(|effect| effect.difference.p).collect::<Vec<f64>>());
    all.iter_mut().zip(adjusted).for_each(|(effect, p)| effect.adjusted = p);
    all
}

/// `group_effects.csv`. `arms` are those that the effects were computed with.
pub fn table<'a>(effects: &'a [GroupEffect], arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let arms = arms.to_vec();
    let mut columns =
        ["arm", "base", "group", "level", "metric", "unit", "window"].map(Column::text).to_vec();
    columns.extend(["effect", "ci95_low", "ci95_high"].map(Column::real));
    columns.extend([Column::whole("n"), Column::real("variance_ratio"), Column::text("method")]);
    columns.extend(["base_mean", "arm_mean", "p", "p_holm"].map(Column::real));
    columns.push(Column::text("beyond_chance"));
    let rows = move |take: &mut Take| {
        effects.iter().try_for_each(|effect| {
            let (base, arm) = arms[effect.arm];
            let (d, window) = (&effect.difference, effect.window.to_string());
            let e = d.effect;
            take(&[
                Cell::Text(&arm.name),
                Cell::Text(&base.name),
                Cell::Text(effect.cell.group),
                Cell::Text(effect.cell.level),
                Cell::Text(effect.cell.metric),
                Cell::Text(effect.cell.unit()),
                Cell::Text(&window),
                Cell::Real(e.mean),
                Cell::Real(e.mean - e.half_width),
                Cell::Real(e.mean + e.half_width),
                Cell::Whole(e.n as i64),
                Cell::Real(d.variance_ratio),
                Cell::Text(d.method.word()),
                Cell::Real(d.base),
                Cell::Real(d.arm),
                Cell::Real(d.p),
                Cell::Real(effect.adjusted),
                Cell::Text(claim(effect.adjusted)),
            ])
        })
    };
    Table { name: "group_effects", columns, rows: Box::new(rows) }
}

/// What the column `beyond_chance` says of an adjusted p value: nothing where there is no test.
pub fn claim(adjusted: f64) -> &'static str {
    match adjusted {
        p if p.is_nan() => "",
        p if p < LEVEL => "yes",
        _ => "no",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::month::Month;

    #[test]
    fn effects_on_groups_by_hand() {
        let cells = [("renter", 0), ("owner", 1)].map(|(level, _)| Group {
            group: "tenure",
            level,
            metric: "participation",
        });
        let asked = Asked::new(Vec::new(), &[Window::Whole], Month::new(2017, 1), 12);
        // Renters gain 0.1 and 0.3, owners nothing.
        let base = vec![vec![0.1, 0.5], vec![0.2, 0.6]];
        let arm = vec![vec![0.2, 0.5], vec![0.5, 0.6]];
        let effects = effects(&cells, &asked, &[base, arm], true);
        assert_eq!((effects.len(), effects[0].cell.level), (2, "renter"));
        assert!((effects[0].difference.effect.mean - 0.2).abs() < 1e-12);
        assert!(effects[1].difference.is_nothing());
        assert_eq!([f64::NAN, 0.04, 0.06].map(claim), ["", "yes", "no"]);
    }
}
