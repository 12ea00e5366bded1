//! Elementary effects: μ, their mean; μ*, the mean of their absolute values; σ, their standard deviation.
//!
//! M. D. Morris, Technometrics 33 (1991) 161–174; μ* is from F. Campolongo, J. Cariboni and A. Saltelli,
//! Environ. Model. Softw. 22 (2007) 1509–1518. An effect is the change of the outcome divided by the step that
//! the value takes ([`Factor::step`]), a part of its whole range: the change over that range, were it linear,
//! and for words, whose step is a whole one, the change from one to another.

use super::{Estimator, Label, Measure};
use crate::design::Factor;

const METHOD: &str = "morris-1991";

/// Mean effect.
pub const MU: Measure = Measure { name: "mu", method: METHOD, ranks: false };
/// Mean absolute effect.
pub const MU_STAR: Measure = Measure { name: "mu_star", method: "campolongo-2007", ranks: true };
/// Standard deviation of effects.
pub const SIGMA: Measure = Measure { name: "sigma", method: METHOD, ranks: false };

/// The elementary effects of every factor in every trajectory.
pub struct Effects {
    /// By trajectory and factor.
    effects: Vec<Vec<f64>>,
}

impl Effects {
    /// From the points of the unit cube of whole trajectories and their outputs.
    pub fn new(factors: &[Factor], points: &[&[f64]], outputs: &[f64]) -> Effects {
        let size = factors.len() + 1;
        let trajectories = points.chunks(size).zip(outputs.chunks(size));
        Effects { effects: trajectories.map(|(points, outputs)| effects(factors, points, outputs)).collect() }
    }
}

/// One effect for each factor; 0 of one whose value never moves.
fn effects(factors: &[Factor], points: &[&[f64]], outputs: &[f64]) -> Vec<f64> {
    let mut effects = vec![0.0; factors.len()];
    for (points, outputs) in points.windows(2).zip(outputs.windows(2)) {
        let step = |moved: usize| factors[moved].step(points[0][moved], points[1][moved]);
        if let Some(moved) = (0..factors.len()).find(|&factor| step(factor) != 0.0) {
            effects[moved] = (outputs[1] - outputs[0]) / step(moved);
        }
    }
    effects
}

impl Estimator for Effects {
    fn labels(&self) -> Vec<Label> {
        let of = |measure| move |factor| Label { measure, factor, other: None };
        let factors = 0..self.effects[0].len();
        [MU_STAR, MU, SIGMA].into_iter().flat_map(|measure| factors.clone().map(of(measure))).collect()
    }

    fn units(&self) -> usize {
        self.effects.len()
    }

    fn estimate(&self, units: &[usize]) -> Vec<f64> {
        let (factors, n) = (self.effects[0].len(), units.len() as f64);
        let mean = |factor: usize, of: &dyn Fn(f64) -> f64| {
            units.iter().map(|&unit| of(self.effects[unit][factor])).sum::<f64>() / n
        };
        let mu: Vec<f64> = (0..factors).map(|f| mean(f, &|effect| effect)).collect();
        let mu_star: Vec<f64> = (0..factors).map(|f| mean(f, &f64::abs)).collect();
        let variance = |f: usize| mean(f, &|effect| (effect - mu[f]) * (effect - mu[f])) * n / (n - 1.0);
        let sigma: Vec<f64> = (0..factors).map(|f| libm::sqrt(variance(f))).collect();
        [mu_star, mu, sigma].concat()
    }
}
