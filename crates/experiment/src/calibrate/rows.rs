//! Points as rows of a study, and the figures of its records.

use std::io;
use std::sync::Arc;

use toml::Value;

use super::waves::{Next, Problem, Purpose, Wave, middle};
use super::{Calibration, learnt};
use crate::journal::Records;
use crate::observer::Tell;
use crate::plan::Row;
use crate::study::RunResults;
use crate::targets::Target;
use crate::targets::measure::{figure, watched};
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::scenario::Scenario;
use shequ_model::simulation::ReplicateOutput;

/// Replicates, at least, of the point in the middle of a wave, which tell chance from what parameters do. All points
/// share their replicates, so that more points say nothing more about it: two replicates have one degree of freedom,
/// however many points they are run at.
const OF_CHANCE: u32 = 20;

/// A wave as it was asked for: its points follow one another among the rows of a study, each under every run that its
/// targets need.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What for.
    pub purpose: Purpose,
    /// The points.
    pub points: Vec<Vec<f64>>,
    /// Its first row.
    pub first: usize,
}

impl Calibration {
    /// The first wave.
    pub fn begin(&self) -> Asked {
        Asked { purpose: Purpose::History, points: self.pace.begin(self.parameters.len()), first: 0 }
    }

    /// The rows of a wave; `sides` are the base and the arms.
    pub fn rows(&self, asked: &Asked, sides: &[Row]) -> Vec<Row> {
        let keys: Arc<[String]> = self.parameters.iter().map(|parameter| parameter.key.clone()).collect();
        let mut rows = Vec::new();
        for point in &asked.points {
            let values: Arc<[Value]> = self.values(point, &sides[0].base).into();
            for run in self.runs(asked.purpose) {
                rows.push(Row { keys: keys.clone(), values: values.clone(), ..sides[run].clone() });
            }
        }
        rows
    }

    /// How often each row of a wave is run where usual ones are run `replicates` times.
    pub fn replicates(&self, asked: &Asked, replicates: u32) -> Vec<u32> {
        let (middle, runs) = (middle(&asked.points), self.runs(asked.purpose).len());
        let of = |point: usize| if point == middle { replicates.max(OF_CHANCE) } else { replicates };
        (0..asked.points.len()).flat_map(|point| std::iter::repeat_n(of(point), runs)).collect()
    }

    /// Adds the next wave to what is to be run, where usual rows are run `replicates` times, and tells what all before
    /// it taught. False if there is none.
    pub fn grow(
        &self,
        result: &mut RunResults,
        sides: &[Row],
        replicates: u32,
        tell: &Tell,
    ) -> io::Result<bool> {
        let waves = self.finished(&result.waves, result)?;
        let stages = self.problem().stages(&waves);
        tell(&|| learnt::told(self, &stages, &waves));
        let Next::Run(purpose, points) = self.problem().next_after(&waves, &stages) else { return Ok(false) };
        let asked = Asked { purpose, points, first: result.rows.len() };
        let rows = self.rows(&asked, sides);
        result.plan.replicates.extend(self.replicates(&asked, replicates));
        result.rows.extend(rows);
        result.waves.push(asked);
        Ok(true)
    }

    /// What is kept of a replicate: the figure of every target, as this run gives it.
    pub fn figures(&self, output: &ReplicateOutput, scenario: &Scenario) -> Vec<f64> {
        let of = |target: &Target| figure(&target.quantity, output, target.span(scenario.months));
        self.targets.iter().map(of).collect()
    }

    /// Positions in `metric::all()` of the metrics of all residents that targets are read from.
    pub fn watched(&self) -> Vec<usize> {
        watched(self.targets.iter().map(|target| &target.quantity))
    }

    /// The problem that waves are to solve.
    pub fn problem(&self) -> Problem<'_> {
        Problem {
            dimensions: self.parameters.len(),
            targets: &self.targets,
            pace: self.pace,
            has_more_to_show: !self.runs(Purpose::HeldBack).is_empty(),
        }
    }

    /// The waves, which are finished. Chance is 0 where the middle of a wave has no two values.
    pub fn finished(&self, asked: &[Asked], result: &RunResults) -> io::Result<Vec<Wave>> {
        let mut records = result.index.records()?;
        let usual = result.plan.replicates.iter().copied().min().unwrap_or(0) as usize;
        let mut wave = |wave: &Asked| {
            let of_point = |point| self.of_point(wave, point, result, &mut records);
            let points: Vec<Vec<Vec<f64>>> =
                (0..wave.points.len()).map(of_point).collect::<io::Result<_>>()?;
            let estimates = |of_point: &[Vec<f64>]| -> Vec<Estimate> {
                let of_target = |target: usize| estimate(of_point.iter().map(|values| values[target]));
                (0..self.targets.len()).map(of_target).collect()
            };
            let means = |of_point: &Vec<Vec<f64>>| -> Vec<f64> {
                let shared = &of_point[..usual.min(of_point.len())];
                estimates(shared).iter().map(|estimate| estimate.mean).collect()
            };
            let chance = |estimate: &Estimate| match estimate.sd.is_finite() {
                true => estimate.sd * estimate.sd / usual as f64,
                false => 0.0,
            };
            Ok(Wave {
                purpose: wave.purpose,
                points: wave.points.clone(),
                figures: points.iter().map(means).collect(),
                chance: estimates(&points[middle(&wave.points)]).iter().map(chance).collect(),
            })
        };
        let mut waves: Vec<Wave> = asked.iter().map(&mut wave).collect::<io::Result<_>>()?;
        if let [.., draws, last] = &mut waves[..]
            && last.purpose == Purpose::HeldBack
        {
            last.add(draws);
        }
        Ok(waves)
    }

    /// The figures of a point by replicate and target; NaN where there is none.
    fn of_point(
        &self,
        wave: &Asked,
        point: usize,
        result: &RunResults,
        records: &mut Records,
    ) -> io::Result<Vec<Vec<f64>>> {
        let (runs, width) = (self.runs(wave.purpose), self.targets.len());
        let first = wave.first + point * runs.len();
        let of_run = |k: usize| result.values(records, (first + k) as u32, width);
        let values: Vec<Vec<Vec<f64>>> = (0..runs.len()).map(of_run).collect::<io::Result<_>>()?;
        let of = |settings: &[String], replicate: usize, target: usize| {
            let at = runs.iter().position(|run| *run == self.run_of(settings));
            at.map_or(f64::NAN, |at| values[at][replicate][target])
        };
        let of_target = |replicate: usize, (k, target): (usize, &Target)| {
            let figure = of(&target.set, replicate, k);
            match &target.against {
                None => figure,
                Some(against) => figure - of(against, replicate, k),
            }
        };
        let of_replicate = |replicate: usize| {
            self.targets.iter().enumerate().map(|target| of_target(replicate, target)).collect()
        };
        Ok((0..values.first().map_or(0, Vec::len)).map(of_replicate).collect())
    }
}
