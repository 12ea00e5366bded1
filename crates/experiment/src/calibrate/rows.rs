//! Points as rows of a study, and the figures of its records.

use std::io;
use std::sync::Arc;

use toml::Value;

use super::waves::{Next, Problem, Purpose, Wave};
use super::{Calibration, learnt};
use crate::journal::Records;
use crate::plan::Row;
use crate::study::RunResults;
use crate::targets::Target;
use crate::targets::measure::figure;
use shequ_model::base::i18n::Both;
use shequ_model::base::stats::estimate;
use shequ_model::scenario::Scenario;
use shequ_model::simulation::ReplicateOutput;

/// Takes what is worth telling, which costs something to find out and is not told to everybody.
pub type Tell<'a> = dyn Fn(&dyn Fn() -> Both) + 'a;

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

    /// Adds the next wave to what is to be run, each row as often as `replicates` say, and tells what all before it
    /// taught. False if there is none.
    pub fn grow(
        &self,
        result: &mut RunResults,
        sides: &[Row],
        replicates: u32,
        tell: &Tell,
    ) -> io::Result<bool> {
        let state = self.state(&result.waves, result)?;
        let problem = state.problem(self);
        let stages = problem.stages(&state.waves);
        tell(&|| learnt::told(self, &stages, &state.waves));
        let Next::Run(purpose, points) = problem.next_after(&state.waves, &stages) else { return Ok(false) };
        let asked = Asked { purpose, points, first: result.rows.len() };
        let rows = self.rows(&asked, sides);
        result.plan.replicates.extend(rows.iter().map(|_| replicates));
        result.rows.extend(rows);
        result.waves.push(asked);
        Ok(true)
    }

    /// What is kept of a replicate: the figure of every target, as this run gives it.
    pub fn figures(&self, output: &ReplicateOutput, scenario: &Scenario) -> Vec<f64> {
        let of = |target: &Target| figure(&target.quantity, output, target.span(scenario.months));
        self.targets.iter().map(of).collect()
    }

    /// The problem, and the waves that are finished.
    pub fn state(&self, asked: &[Asked], result: &RunResults) -> io::Result<State> {
        let mut records = result.index.records()?;
        let (mut waves, mut squares) = (Vec::new(), vec![(0.0, 0usize); self.targets.len()]);
        let mut replicates = 1;
        for wave in asked {
            let mut figures = Vec::new();
            for point in 0..wave.points.len() {
                let of_point = self.of_point(wave, point, result, &mut records)?;
                replicates = of_point.len();
                let of_target = |target: usize| estimate(of_point.iter().map(move |values| values[target]));
                let estimates: Vec<_> = (0..self.targets.len()).map(of_target).collect();
                for (sums, estimate) in squares.iter_mut().zip(&estimates) {
                    if estimate.sd.is_finite() {
                        *sums = (sums.0 + estimate.sd * estimate.sd, sums.1 + 1);
                    }
                }
                figures.push(estimates.iter().map(|estimate| estimate.mean).collect());
            }
            waves.push(Wave { purpose: wave.purpose, points: wave.points.clone(), figures });
        }
        let mean = |(sum, count): (f64, usize)| sum / count.max(1) as f64 / replicates as f64;
        Ok(State { waves, chance: squares.into_iter().map(mean).collect() })
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

/// What was run so far.
pub struct State {
    /// The waves.
    pub waves: Vec<Wave>,
    /// Variance of each target's figure as a mean over replicates, whatever the point.
    pub chance: Vec<f64>,
}

impl State {
    /// The problem that the waves are to solve.
    pub fn problem<'a>(&'a self, calibration: &'a Calibration) -> Problem<'a> {
        Problem {
            dimensions: calibration.parameters.len(),
            targets: &calibration.targets,
            chance: &self.chance,
            pace: calibration.pace,
        }
    }
}
