//! Intervals of indices, from resampling the units of a design with replacement.
//!
//! The interval is the estimate ± 1.96 standard deviations over the resamples (G. E. B. Archer, A. Saltelli
//! and I. M. Sobol', J. Stat. Comput. Simul. 58, 1997), as SALib's. Percentiles of resamples would be off
//! centre for indices that are biased upwards in small samples, such as PAWN. Units of a Sobol' sequence are
//! more even than independent ones, so that intervals of Sobol' indices are rather too wide than too narrow.

use rayon::prelude::*;

use super::{Estimator, Index, Label, Limits};
use shequ_model::base::rng::{CounterRng, Stream};

/// Resamples: the standard deviation over them is then known to about 2 %.
pub const RESAMPLES: u32 = 1000;

/// An estimate from all units, and from each resample.
pub struct Resampled {
    /// One value for each label.
    pub values: Vec<f64>,
    /// For each resample, one value for each label.
    pub again: Vec<Vec<f64>>,
}

/// Estimates from all units, and from [`RESAMPLES`] resamples of them.
pub fn resample(estimator: &dyn Estimator, rng: CounterRng) -> Resampled {
    let all: Vec<usize> = (0..estimator.units()).collect();
    Resampled {
        values: estimator.estimate(&all),
        again: again(estimator.units(), rng, &|units| estimator.estimate(units)),
    }
}

/// What `estimate` makes of each of [`RESAMPLES`] resamples of so many units.
pub fn again(
    units: usize,
    rng: CounterRng,
    estimate: &(dyn Fn(&[usize]) -> Vec<f64> + Sync),
) -> Vec<Vec<f64>> {
    let (units, stream) = (units as u32, Stream::named("bootstrap"));
    let draw = |resample: u32| -> Vec<usize> {
        (0..units).map(|unit| rng.below(stream, unit, resample, 0, units) as usize).collect()
    };
    (0..RESAMPLES).into_par_iter().map(|resample| estimate(&draw(resample))).collect()
}

impl Resampled {
    /// The values with their intervals and limits.
    pub fn indices(&self, labels: &[Label], limits: &[Limits]) -> Vec<Index> {
        let index = |(i, (&label, &limits))| {
            let (value, half_width) = (self.values[i], self.half_width(i));
            Index { label, value, half_width, limits }
        };
        labels.iter().zip(limits).enumerate().map(index).collect()
    }

    /// Half the width of the 95 % interval of value `i`. Resamples without variance do not count.
    pub fn half_width(&self, i: usize) -> f64 {
        1.959_963_985 * shequ_model::base::stats::estimate(self.again.iter().map(|values| values[i])).sd
    }
}
