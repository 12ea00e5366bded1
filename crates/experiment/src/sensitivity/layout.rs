//! From the outputs of runs to the analysis of each outcome.
//!
//! Where the experiment has arms, each row of the design is run under the base scenario and under every arm,
//! and what is analysed is the effect of an arm: its outcome less that of the base, replicate by replicate
//! under common random numbers.

use std::io;

use super::table::Outcome;
use super::{analyse, noise::Noise};
use crate::quantity::{self, Quantity};
use crate::study::{RunResults, Study};
use shequ_model::base::rng::CounterRng;

/// The analysis of every outcome of a study over every window, as far as the study has a design. Where there
/// are arms, that of each arm's effect.
///
/// # Errors
/// An I/O error if a journal cannot be read.
pub fn outcomes(study: &Study, result: &RunResults) -> io::Result<Vec<Outcome>> {
    let experiment = study.experiment;
    let Some(design) = &experiment.design else { return Ok(Vec::new()) };
    let is_wanted = |quantity: &Quantity| quantity.arm.is_some() || experiment.arms.is_empty();
    let mut quantities: Vec<Quantity> = Quantity::all(study).into_iter().filter(is_wanted).collect();
    quantities.sort_by_key(|quantity| (quantity.window, quantity.outcome));
    let replicates = result.plan.replicates.first().map_or(0, |&n| n as usize);
    let mut outputs: Vec<Outputs> = quantities.iter().map(|_| Outputs::default()).collect();
    quantity::each_row(study, result, &mut |_, sides| {
        for (quantity, outputs) in quantities.iter().zip(&mut outputs) {
            outputs.add(&quantity.values(sides, experiment.outcomes.len(), replicates));
        }
    })?;
    let points = design.coordinates();
    // The resamples depend on the design alone.
    let rng = || CounterRng::new(design.seed, 1);
    let outcome = |(quantity, outputs): (&Quantity, &Outputs)| Outcome {
        metric: experiment.outcomes[quantity.outcome].name().into(),
        window: experiment.windows[quantity.window].to_string(),
        arm: quantity.arm.map_or_else(String::new, |arm| experiment.arms[arm].name.clone()),
        analysis: analyse(design, &points, &outputs.means, rng()),
        noise: outputs.noise.share(),
    };
    Ok(quantities.iter().zip(&outputs).map(outcome).collect())
}

/// What is kept of the replicates of all rows: one number for each row, however many replicates it has.
///
/// A row counts if all of its replicates have an output: a mean over some of them would not use the same random numbers
/// with the other rows.
#[derive(Default)]
struct Outputs {
    /// The mean over replicates; NaN if one has no output.
    means: Vec<f64>,
    noise: Noise,
}

impl Outputs {
    fn add(&mut self, replicates: &[f64]) {
        self.means.push(replicates.iter().sum::<f64>() / replicates.len() as f64);
        self.noise.add(replicates);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_needs_all_its_replicates() {
        let mut outputs = Outputs::default();
        let rows = [[1.0, 2.0], [f64::NAN, 3.0], [5.0, 6.0]];
        rows.iter().for_each(|row| outputs.add(row));
        assert_eq!((outputs.means[0], outputs.means[2]), (1.5, 5.5));
        assert!(outputs.means[1].is_nan());
        assert_eq!(outputs.noise.share(), Some(0.0));
    }
}
