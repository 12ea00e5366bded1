//! How base and arms part over time, month by month, and the tables of it.

use std::io;
use std::ops::Range;

use super::difference::Difference;
use super::effects::{Asked, Side};
use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::month::Month;
use shequ_model::base::stats::{self, Estimate};

/// Every month of every side.
pub struct Courses {
    /// First month.
    pub start: Month,
    /// Months.
    pub months: u32,
    /// Replicates of each side.
    pub outputs: usize,
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
    /// Replicates of each side.
    pub outputs: usize,
    /// How many of the sides are the base's.
    pub combinations: usize,
    /// True if the sides use common random numbers.
    pub paired: bool,
}

/// The replicates of one side by its number, of which some columns `month * outcomes + o` are wanted:
/// `outputs[replicate][column]`, NaN where there is no value.
pub type ReadRuns<'a> = dyn FnMut(usize, Range<usize>) -> io::Result<Vec<Vec<f64>>> + 'a;

/// Numbers of all replicates that are held at a time, 32 MiB: where there are more, replicates are read several
/// times, some months at a time, so that memory does not grow with their number.
const HELD: usize = 1 << 22;

impl Courses {
    /// Of `sides` sides, of which the base's come first.
    ///
    /// # Errors
    /// Those of `outputs`.
    pub fn of(shape: &Shape, sides: usize, outputs: &mut ReadRuns) -> io::Result<Courses> {
        let width = shape.months as usize * shape.outcomes;
        let mut courses = Courses {
            start: shape.start,
            months: shape.months,
            outputs: shape.outputs,
            outcomes: shape.outcomes,
            levels: vec![Vec::with_capacity(width); sides],
            differences: vec![Vec::with_capacity(width); sides - shape.combinations],
        };
        // The base in every combination, and the side that is set against it.
        let step = (HELD / ((shape.combinations + 1) * shape.outputs).max(1)).clamp(1, width.max(1));
        for from in (0..width).step_by(step) {
            courses.add(shape, from..(from + step).min(width), outputs)?;
        }
        Ok(courses)
    }

    /// Adds `columns` of every side.
    fn add(&mut self, shape: &Shape, columns: Range<usize>, outputs: &mut ReadRuns) -> io::Result<()> {
        let column =
            |outputs: &[Vec<f64>], k: usize| outputs.iter().map(|output| output[k]).collect::<Vec<f64>>();
        let mut bases: Vec<Vec<Vec<f64>>> = Vec::new();
        for side in 0..self.levels.len() {
            let own = outputs(side, columns.clone())?;
            let level = |k| stats::level(column(&own, k).into_iter());
            self.levels[side].extend((0..columns.len()).map(level));
            if side < shape.combinations {
                bases.push(own);
                continue;
            }
            let base = &bases[side % shape.combinations];
            let difference = |k| Difference::new(&column(base, k), &column(&own, k), shape.paired);
            self.differences[side - shape.combinations].extend((0..columns.len()).map(difference));
        }
        Ok(())
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
    columns.extend(Column::of_estimate());
    let rows = move |take: &mut Take| {
        for (number, side) in sides.iter().enumerate() {
            for (month, date, o) in courses.cells(asked) {
                let metric = asked.outcomes[o].metric;
                let mut cells = [&side.name, &side.theory, &side.trust].map(|word| Cell::Text(word)).to_vec();
                cells.push(Cell::Whole(month.into()));
                cells.extend([date.as_str(), metric.name, metric.unit].map(Cell::Text));
                cells.extend(Cell::of_estimate(&courses.level(number, month, o)));
                take(&cells)?;
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
        // Two combinations, one arm, one outcome, two months, two replicates.
        let shape = Shape {
            start: Month::new(2017, 1),
            months: 2,
            outcomes: 1,
            outputs: 2,
            combinations: 2,
            paired: true,
        };
        let sides = [[0.0, 0.0], [5.0, 5.0], [1.0, 2.0], [5.0, 8.0]];
        let output = |side: usize, rng: f64, columns: Range<usize>| {
            sides[side].map(|value| value + rng)[columns].to_vec()
        };
        let mut outputs = |side: usize, columns: Range<usize>| {
            Ok([0.0, 1.0].map(|rng| output(side, rng, columns.clone())).to_vec())
        };
        let courses = Courses::of(&shape, 4, &mut outputs).unwrap();
        assert_eq!((courses.outputs, courses.level(1, 0, 0).mean), (2, 5.5));
        let difference = |arm, month| courses.difference(arm, month, 0).effect.mean;
        assert_eq!(
            [difference(0, 0), difference(0, 1), difference(1, 0), difference(1, 1)],
            [1.0, 2.0, 0.0, 3.0]
        );
        // Month by month is the same.
        let slow = Courses::of(&Shape { outputs: HELD, ..shape }, 4, &mut outputs).unwrap();
        let text = |courses: &Courses| format!("{:?} {:?}", courses.levels, courses.differences);
        assert_eq!(text(&slow), text(&courses));
    }
}
