//! How base and arms part over time, month by month, and the tables of it.

use std::io;

use super::difference::Difference;
use super::effects::{Asked, Side};
use crate::base::month::Month;
use crate::base::stats::{Estimate, estimate};
use crate::record::table::{Cell, Column, Table, Take};

/// Every month of every side.
pub struct Courses {
    /// First month.
    pub start: Month,
    /// Months.
    pub months: u32,
    /// Lives of each side.
    pub lives: usize,
    outcomes: usize,
    /// `levels[side][month * outcomes + o]`.
    levels: Vec<Vec<Estimate>>,
    /// `differences[arm][month * outcomes + o]`, of arms in the order of effects.
    differences: Vec<Vec<Difference>>,
}

/// What a course is made from.
pub struct Shape {
    /// First month.
    pub start: Month,
    /// Months.
    pub months: u32,
    /// Outcomes of each month.
    pub outcomes: usize,
    /// How many of the sides are the base's.
    pub combinations: usize,
    /// True if sides share their luck.
    pub paired: bool,
}

/// The lives of one side by its number: `lives[replicate][month * outcomes + o]`, NaN where there is no value.
pub type Lives<'a> = dyn FnMut(usize) -> io::Result<Vec<Vec<f64>>> + 'a;

impl Courses {
    /// Of `sides` sides, of which the base's come first.
    ///
    /// # Errors
    /// Those of `lives`.
    pub fn of(shape: &Shape, sides: usize, lives: &mut Lives) -> io::Result<Courses> {
        let Shape { start, months, outcomes, combinations, paired } = *shape;
        let width = months as usize * outcomes;
        let column = |lives: &[Vec<f64>], k: usize| lives.iter().map(|life| life[k]).collect::<Vec<f64>>();
        let mut courses =
            Courses { start, months, lives: 0, outcomes, levels: Vec::new(), differences: Vec::new() };
        let mut bases: Vec<Vec<Vec<f64>>> = Vec::new();
        for side in 0..sides {
            let own = lives(side)?;
            courses.lives = courses.lives.max(own.len());
            courses.levels.push((0..width).map(|k| estimate(column(&own, k).into_iter())).collect());
            if side < combinations {
                bases.push(own);
                continue;
            }
            let base = &bases[side % combinations];
            let difference = |k| Difference::new(&column(base, k), &column(&own, k), paired);
            courses.differences.push((0..width).map(difference).collect());
        }
        Ok(courses)
    }

    /// What a side was like in a month, in one outcome.
    pub fn level(&self, side: usize, month: u32, outcome: usize) -> Estimate {
        self.levels[side][month as usize * self.outcomes + outcome]
    }

    /// How far an arm was from its base in a month, in one outcome.
    pub fn difference(&self, arm: usize, month: u32, outcome: usize) -> Difference {
        self.differences[arm][month as usize * self.outcomes + outcome]
    }

    /// Every month with its date and every outcome, by month.
    fn cells<'a>(&'a self, asked: &'a Asked) -> impl Iterator<Item = (u32, String, usize)> + 'a {
        let dated = |month: u32| (month, self.start.plus(month).to_string());
        let outcomes = 0..asked.outcomes.len();
        (0..self.months).map(dated).flat_map(move |(month, date)| {
            outcomes.clone().map(move |outcome| (month, date.clone(), outcome))
        })
    }
}

/// `summary.csv`: one row for each side, month and outcome, as in the summary of a run.
pub fn summary<'a>(courses: &'a Courses, asked: &'a Asked, sides: &'a [Side]) -> Table<'a> {
    let mut columns = ["arm", "theory", "trust"].map(Column::text).to_vec();
    columns.extend([Column::whole("month"), Column::text("date")]);
    columns.extend(["metric", "unit"].map(Column::text));
    columns.extend(["mean", "sd", "ci95_low", "ci95_high"].map(Column::real));
    columns.push(Column::whole("n"));
    let rows = move |take: &mut Take| {
        for (number, side) in sides.iter().enumerate() {
            for (month, date, o) in courses.cells(asked) {
                let (e, metric) = (courses.level(number, month, o), asked.outcomes[o].metric);
                take(&[
                    Cell::Text(&side.name),
                    Cell::Text(&side.theory),
                    Cell::Text(&side.trust),
                    Cell::Whole(month.into()),
                    Cell::Text(&date),
                    Cell::Text(metric.name),
                    Cell::Text(metric.unit),
                    Cell::Real(e.mean),
                    Cell::Real(e.sd),
                    Cell::Real(e.mean - e.half_width),
                    Cell::Real(e.mean + e.half_width),
                    Cell::Whole(e.n as i64),
                ])?;
            }
        }
        Ok(())
    };
    Table { name: "summary", columns, rows: Box::new(rows) }
}

/// `differences.csv`: one row for each arm, month and outcome. Each interval stands for its month alone.
/// Each arm is given with its base, as effects are.
pub fn differences<'a>(courses: &'a Courses, asked: &'a Asked, arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let arms = arms.to_vec();
    let mut columns = ["arm", "base", "theory", "trust"].map(Column::text).to_vec();
    columns.extend([Column::whole("month"), Column::text("date")]);
    columns.extend(["metric", "unit"].map(Column::text));
    columns.extend(["effect", "ci95_low", "ci95_high"].map(Column::real));
    columns.extend([Column::whole("n"), Column::real("variance_ratio"), Column::text("method")]);
    let rows = move |take: &mut Take| {
        for (number, (base, arm)) in arms.iter().enumerate() {
            for (month, date, o) in courses.cells(asked) {
                let (d, metric) = (courses.difference(number, month, o), asked.outcomes[o].metric);
                take(&[
                    Cell::Text(&arm.name),
                    Cell::Text(&base.name),
                    Cell::Text(&arm.theory),
                    Cell::Text(&arm.trust),
                    Cell::Whole(month.into()),
                    Cell::Text(&date),
                    Cell::Text(metric.name),
                    Cell::Text(metric.unit),
                    Cell::Real(d.effect.mean),
                    Cell::Real(d.effect.mean - d.effect.half_width),
                    Cell::Real(d.effect.mean + d.effect.half_width),
                    Cell::Whole(d.effect.n as i64),
                    Cell::Real(d.variance_ratio),
                    Cell::Text(d.method.word()),
                ])?;
            }
        }
        Ok(())
    };
    Table { name: "differences", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_arm_is_set_against_the_base_of_its_combination() {
        // Two combinations, one arm, one outcome, two months, two lives.
        let shape =
            Shape { start: Month::new(2017, 1), months: 2, outcomes: 1, combinations: 2, paired: true };
        let sides = [[0.0, 0.0], [5.0, 5.0], [1.0, 2.0], [5.0, 8.0]];
        let mut lives =
            |side: usize| Ok([0.0, 1.0].map(|luck| sides[side].map(|v| v + luck).to_vec()).to_vec());
        let courses = Courses::of(&shape, 4, &mut lives).unwrap();
        assert_eq!((courses.lives, courses.level(1, 0, 0).mean), (2, 5.5));
        let difference = |arm, month| courses.difference(arm, month, 0).effect.mean;
        assert_eq!(
            [difference(0, 0), difference(0, 1), difference(1, 0), difference(1, 1)],
            [1.0, 2.0, 0.0, 3.0]
        );
    }
}
