//! Whether indices have converged.
//!
//! F. Sarrazin, F. Pianosi and T. Wagener, Environ. Model. Softw. 79 (2016) 135–152, ask three things of the
//! indices by which parameters are ranked, each divided by the largest where it is not a share:
//!
//! - **values**: the widest 95 % interval is below 0.05;
//! - **ranks**: between two resamples, ranks shift by less than one place on average, weighted by the square
//!   of the larger of the two indices, in 95 of 100 pairs of resamples;
//! - **screening**: of the parameters with an index below 0.05, the widest interval is below 0.05.

use super::bootstrap::Resampled;
use super::{Label, morris};

/// Widest interval of indices that have converged; also the index below which a parameter does little.
pub const NARROW: f64 = 0.05;

/// Shift of ranks below which they have converged.
pub const STEADY: f64 = 1.0;

/// How far the indices have converged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Widest interval.
    pub width: f64,
    /// Weighted shift of ranks that 95 of 100 pairs of resamples do not exceed.
    pub shift: f64,
    /// Widest interval of the parameters that do little; 0 if there are none.
    pub width_of_small: f64,
}

impl Verdict {
    /// Judges the indices that rank.
    pub fn of(labels: &[Label], resampled: &Resampled) -> Verdict {
        let ranking: Vec<usize> = (0..labels.len()).filter(|&i| labels[i].measure.ranks).collect();
        let largest = ranking.iter().map(|&i| resampled.values[i]).fold(0.0, f64::max);
        let is_share = ranking.iter().all(|&i| labels[i].measure != morris::MU_STAR);
        let scale = if is_share || largest == 0.0 { 1.0 } else { largest };
        let widest = |kept: &dyn Fn(usize) -> bool| {
            let widths = ranking.iter().filter(|&&i| kept(i)).map(|&i| 2.0 * resampled.half_width(i) / scale);
            widths.fold(0.0, f64::max)
        };
        Verdict {
            width: widest(&|_| true),
            shift: shift(&ranking, &resampled.again),
            width_of_small: widest(&|i| resampled.values[i] / scale < NARROW),
        }
    }

    /// True if the values of the indices can be relied on.
    pub fn values(&self) -> bool {
        self.width < NARROW
    }

    /// True if the order of the parameters can be relied on.
    pub fn ranks(&self) -> bool {
        self.shift < STEADY
    }

    /// True if the parameters said to do little do little.
    pub fn screening(&self) -> bool {
        self.width_of_small < NARROW
    }
}

/// The 95 % quantile, over pairs of resamples, of the weighted shift of ranks.
fn shift(ranking: &[usize], again: &[Vec<f64>]) -> f64 {
    let values = |resample: &Vec<f64>| -> Vec<f64> { ranking.iter().map(|&i| resample[i]).collect() };
    let mut shifts: Vec<f64> =
        again.chunks_exact(2).map(|pair| shift_between(&values(&pair[0]), &values(&pair[1]))).collect();
    shifts.sort_by(f64::total_cmp);
    shifts.get((shifts.len() * 95 / 100).min(shifts.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

fn shift_between(a: &[f64], b: &[f64]) -> f64 {
    let (of_a, of_b) = (ranks(a), ranks(b));
    let (mut sum, mut weights) = (0.0, 0.0);
    for i in 0..a.len() {
        let weight = a[i].max(b[i]) * a[i].max(b[i]);
        sum += weight * of_a[i].abs_diff(of_b[i]) as f64;
        weights += weight;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// The rank of each value, the largest first.
fn ranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    let mut ranks = vec![0; values.len()];
    order.iter().enumerate().for_each(|(rank, &i)| ranks[i] = rank);
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_shift_by_the_weight_of_those_that_change_places() {
        assert_eq!(shift_between(&[3.0, 2.0, 1.0], &[3.5, 2.5, 0.5]), 0.0);
        // The two that change places weigh 2² each of 4² + 2² + 2².
        assert!((shift_between(&[4.0, 2.0, 1.0], &[4.0, 1.0, 2.0]) - 8.0 / 24.0).abs() < 1e-12);
    }

    #[test]
    fn a_verdict_keeps_each_threshold_apart() {
        let verdict = Verdict { width: 0.2, shift: 0.4, width_of_small: 0.01 };
        assert_eq!((verdict.values(), verdict.ranks(), verdict.screening()), (false, true, true));
    }
}
