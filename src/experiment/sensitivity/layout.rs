//! From the outputs of runs to the analysis of each outcome.
//!
//! Where the experiment has arms, each row of the design is run under the base scenario and under every arm,
//! and what is analysed is the effect of an arm: its outcome less that of the base, replicate by replicate
//! under the same luck.

use std::io;

use super::table::Outcome;
use super::{analyse, noise};
use crate::base::luck::Luck;
use crate::experiment::design::Design;
use crate::experiment::study::{Lived, Study};

/// The outputs of one metric over one window: by row of the design, scenario (the base, then each arm) and
/// replicate; NaN where a run failed or the metric has no value.
pub type Outputs = Vec<Vec<Vec<f64>>>;

/// The analysis of every outcome of a study over every window, as far as the study has a design.
///
/// # Errors
/// What the disk says.
pub fn outcomes(study: &Study, lived: &Lived) -> io::Result<Vec<Outcome>> {
    let experiment = study.experiment;
    let Some(design) = &experiment.design else { return Ok(Vec::new()) };
    let arms = experiment.arms.iter().map(|arm| arm.name.clone()).collect();
    let layout = Layout { design, points: design.coordinates(), arms };
    let width = experiment.windows.len() * experiment.outcomes.len();
    let mut records = lived.index.records()?;
    let lives: Vec<Vec<Vec<f64>>> = (0..study.rows.len() as u32)
        .map(|row| lived.values(&mut records, row, width))
        .collect::<io::Result<_>>()?;
    let mut found = Vec::new();
    for column in 0..width {
        let output = |lives: &Vec<Vec<f64>>| lives.iter().map(|life| life[column]).collect();
        let outputs: Outputs =
            lives.chunks(study.sides()).map(|sides| sides.iter().map(output).collect()).collect();
        let window = experiment.windows[column / experiment.outcomes.len()].to_string();
        let metric = experiment.outcomes[column % experiment.outcomes.len()].name();
        found.extend(layout.outcomes(metric, &window, &outputs));
    }
    Ok(found)
}

/// What was run: the design, where its rows lie, and the arms.
pub struct Layout<'a> {
    /// The design.
    pub design: &'a Design,
    /// Its [`Design::coordinates`].
    pub points: Vec<Vec<f64>>,
    /// Names of the arms.
    pub arms: Vec<String>,
}

impl Layout<'_> {
    /// The analysis of one metric over one window: one outcome, or one for each arm.
    ///
    /// A row counts if all of its replicates have an output: a mean over some of them would not share its
    /// luck with the other rows.
    pub fn outcomes(&self, metric: &str, window: &str, outputs: &Outputs) -> Vec<Outcome> {
        let outcome = |arm: &str, of_rows: Vec<Vec<f64>>| {
            let mean = |row: &Vec<f64>| row.iter().sum::<f64>() / row.len() as f64;
            let means: Vec<f64> = of_rows.iter().map(mean).collect();
            // The resamples depend on the design alone.
            let luck = Luck::new(self.design.seed, 1);
            Outcome {
                metric: metric.into(),
                window: window.into(),
                arm: arm.into(),
                analysis: analyse(self.design, &self.points, &means, luck),
                noise: noise::share(&of_rows),
            }
        };
        if self.arms.is_empty() {
            return vec![outcome("", outputs.iter().map(|runs| runs[0].clone()).collect())];
        }
        let effects = |arm: usize| outputs.iter().map(|runs| differences(&runs[arm + 1], &runs[0])).collect();
        self.arms.iter().enumerate().map(|(arm, name)| outcome(name, effects(arm))).collect()
    }
}

fn differences(of: &[f64], base: &[f64]) -> Vec<f64> {
    of.iter().zip(base).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::{Factor, Method, Range};
    use crate::experiment::sensitivity::Nothing;

    fn design() -> Design {
        let factor = |key: &str| Factor { key: key.into(), range: Range::Linear { low: 0.0, high: 1.0 } };
        let method = Method::Morris { trajectories: 6, levels: 4 };
        Design { factors: vec![factor("a"), factor("b")], method, seed: 1 }
    }

    #[test]
    fn the_effect_of_an_arm_is_paired_by_replicate() {
        let design = design();
        let (points, arms) = (design.coordinates(), vec!["same".into(), "other".into()]);
        // Replicates shift all arms alike; the third arm also has twice the second parameter.
        let row = |x: &Vec<f64>| {
            let life = |effect: f64| (0..3).map(|r| 10.0 * f64::from(r) + x[0] + effect).collect();
            vec![life(0.0), life(0.0), life(2.0 * x[1])]
        };
        let outputs: Outputs = points.iter().map(row).collect();
        let layout = Layout { design: &design, points, arms };
        let outcomes = layout.outcomes("participation", "whole", &outputs);
        assert_eq!(outcomes[0].analysis.verdict, Err(Nothing::Constant));
        let effects: Vec<f64> = outcomes[1].analysis.indices.iter().take(2).map(|i| i.value).collect();
        assert!(effects[0].abs() < 1e-9 && (effects[1] - 2.0).abs() < 1e-9, "{effects:?}");
        assert!(outcomes[1].noise.unwrap() < 1e-12);
    }

    #[test]
    fn without_arms_the_outcome_is_the_metric_and_a_row_needs_all_its_replicates() {
        let design = design();
        let points = design.coordinates();
        let mut outputs: Outputs = points.iter().map(|x| vec![vec![x[0], x[0] + 1.0]]).collect();
        outputs[4][0][1] = f64::NAN;
        let layout = Layout { design: &design, points, arms: Vec::new() };
        let outcomes = layout.outcomes("participation", "whole", &outputs);
        assert_eq!((outcomes.len(), outcomes[0].arm.as_str()), (1, ""));
        assert_eq!(outcomes[0].analysis.dropped, [1]);
        assert!((outcomes[0].analysis.indices[0].value - 1.0).abs() < 1e-9);
    }
}
