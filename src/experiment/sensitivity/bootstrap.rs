//! Intervals of indices, from resampling the units of a design with replacement.
//!
//! The interval is the estimate ± 1.96 standard deviations over the resamples (G. E. B. Archer, A. Saltelli
//! and I. M. Sobol', J. Stat. Comput. Simul. 58, 1997), as SALib's. Percentiles of resamples would be off
//! centre for indices that are biased upwards in small samples, such as PAWN. Units of a Sobol' sequence are
//! more even than independent ones, so that intervals of Sobol' indices are rather too wide than too narrow.

use rayon::prelude::*;

use super::{Estimator, Index, Label};
use crate::base::luck::{Luck, Stream};

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
pub fn resample(estimator: &dyn Estimator, luck: Luck) -> Resampled {
    let (units, stream) = (estimator.units() as u32, Stream::named("bootstrap"));
    let draw = |resample: u32| -> Vec<usize> {
        (0..units).map(|unit| luck.below(stream, unit, resample, 0, units) as usize).collect()
    };
    let all: Vec<usize> = (0..units as usize).collect();
    Resampled {
        values: estimator.estimate(&all),
        again: (0..RESAMPLES).into_par_iter().map(|r| estimator.estimate(&draw(r))).collect(),
    }
}

impl Resampled {
    /// The values with their intervals.
    pub fn indices(&self, labels: &[Label]) -> Vec<Index> {
        let index = |(i, &label)| Index { label, value: self.values[i], half_width: self.half_width(i) };
        labels.iter().enumerate().map(index).collect()
    }

    /// Half the width of the 95 % interval of value `i`. Resamples without variance do not count.
    pub fn half_width(&self, i: usize) -> f64 {
        1.959_963_985 * crate::base::stats::estimate(self.again.iter().map(|values| values[i])).sd
    }
}
