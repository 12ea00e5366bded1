//! The difference between two samples of lives: paired under common luck, or not.

use crate::base::stats::{Estimate, estimate};
use crate::base::student;

/// How an interval was got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Student's t interval of paired differences.
    Paired,
    /// Welch's t interval of the difference of two means: nothing is shared.
    Welch,
}

impl Method {
    /// As in the column `method`.
    pub fn word(self) -> &'static str {
        match self {
            Method::Paired => "paired t",
            Method::Welch => "Welch t",
        }
    }
}

/// What an arm changes, in the unit of the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// How it was got.
    pub method: Method,
    /// Mean of the base over the lives that count.
    pub base: f64,
    /// Mean of the arm over the lives that count.
    pub arm: f64,
    /// Mean difference, its spread and 95 % interval. By Welch, `sd` is that of a difference of two
    /// independent lives, and `n` is that of the smaller sample.
    pub effect: Estimate,
    /// Lives, or pairs, left out because they have no value.
    pub missing: usize,
    /// Variance of the paired difference over the sum of both variances. Below 1, pairing has helped: as
    /// narrow an interval without it takes 1 / ratio times as many lives. 0 if every pair differs by
    /// the same; NaN without pairs or where nothing varies.
    pub variance_ratio: f64,
    /// Two-sided p value of no difference; 1 if no pair differs, NaN below two values.
    pub p: f64,
}

impl Difference {
    /// Of `arm` from `base`, by pairs or as two samples that share nothing.
    pub fn new(base: &[f64], arm: &[f64], paired: bool) -> Difference {
        if paired { Difference::paired(base, arm) } else { Difference::welch(base, arm) }
    }

    /// Of `arm` from `base`, both by replicate under common luck; NaN where a life has no value.
    pub fn paired(base: &[f64], arm: &[f64]) -> Difference {
        let pairs = base.iter().zip(arm).filter(|(b, a)| !b.is_nan() && !a.is_nan());
        let (before, after) = (estimate(pairs.clone().map(|p| *p.0)), estimate(pairs.clone().map(|p| *p.1)));
        let effect = estimate(pairs.map(|(b, a)| a - b));
        Difference {
            method: Method::Paired,
            base: before.mean,
            arm: after.mean,
            effect,
            missing: base.len().max(arm.len()) - effect.n,
            variance_ratio: ratio(square(effect.sd), square(before.sd) + square(after.sd)),
            p: p_value(effect, effect.n as f64 - 1.0),
        }
    }

    /// Of the means of two samples that share nothing (Welch 1947, Biometrika 34:28).
    pub fn welch(base: &[f64], arm: &[f64]) -> Difference {
        let (before, after) = (estimate(base.iter().copied()), estimate(arm.iter().copied()));
        let errors = [before, after].map(|e| square(e.sd) / e.n as f64);
        let error = errors[0] + errors[1];
        let parts = [before, after].into_iter().zip(errors).map(|(e, v)| v * v / (e.n as f64 - 1.0));
        // Samples that do not vary have no degrees of freedom to speak of, and need none.
        let df = if error > 0.0 { error * error / parts.sum::<f64>() } else { 1.0 };
        let n = before.n.min(after.n);
        let effect = Estimate {
            mean: after.mean - before.mean,
            sd: libm::sqrt(square(before.sd) + square(after.sd)),
            half_width: if n > 1 { student::critical(0.05, df) * libm::sqrt(error) } else { f64::NAN },
            n,
        };
        let standard_error = libm::sqrt(error);
        Difference {
            method: Method::Welch,
            base: before.mean,
            arm: after.mean,
            effect,
            missing: base.len() + arm.len() - before.n - after.n,
            variance_ratio: f64::NAN,
            p: if n > 1 { chance(effect.mean, standard_error, df) } else { f64::NAN },
        }
    }

    /// True if every life has the same value with the arm as without it, to the last bit.
    pub fn is_nothing(&self) -> bool {
        self.effect.mean == 0.0 && (self.effect.sd == 0.0 || self.effect.n == 1)
    }
}

fn square(x: f64) -> f64 {
    x * x
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

fn p_value(effect: Estimate, df: f64) -> f64 {
    if effect.n < 2 { f64::NAN } else { chance(effect.mean, effect.sd / libm::sqrt(effect.n as f64), df) }
}

/// Chance of a mean at least this far from 0.
fn chance(mean: f64, standard_error: f64, df: f64) -> f64 {
    if mean == 0.0 { 1.0 } else { student::two_sided(mean / standard_error, df) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn a_paired_difference_by_hand() {
        // Differences 1, 2, 3: mean 2, sd 1, half width 4.3027 / √3, t = 2√3 with 2 degrees of freedom.
        let d = Difference::paired(&[1.0, 5.0, 2.0], &[2.0, 7.0, 5.0]);
        assert_eq!((d.effect.mean, d.effect.sd, d.effect.n, d.missing), (2.0, 1.0, 3, 0));
        assert!(near(d.effect.half_width, 4.3027 / libm::sqrt(3.0)));
        // Two-sided p with two degrees of freedom is 1 − t / √(2 + t²), t² = 12.
        assert!(near(d.p, 1.0 - libm::sqrt(12.0 / 14.0)));
        // Variances: base 13/3, arm 19/3; of the difference 1.
        assert!(near(d.variance_ratio, 1.0 / (32.0 / 3.0)));
        assert!(near(d.arm - d.base, 2.0));
    }

    #[test]
    fn the_variance_ratio_is_below_one_where_pairing_helps_and_above_where_it_harms() {
        let base = [1.0, 2.0, 3.0, 4.0];
        let ratio = |arm: [f64; 4]| Difference::paired(&base, &arm).variance_ratio;
        // Perfectly correlated, uncorrelated, and perfectly opposed.
        assert_eq!(ratio([2.0, 3.0, 4.0, 5.0]), 0.0);
        assert!(near(ratio([2.0, 1.0, 1.0, 2.0]), 1.0));
        assert!(near(ratio([4.0, 3.0, 2.0, 1.0]), 2.0));
    }

    #[test]
    fn the_same_lives_differ_by_exactly_nothing() {
        let lives = [0.1, 0.7, 0.3];
        let d = Difference::paired(&lives, &lives);
        assert_eq!((d.effect.mean, d.effect.half_width, d.variance_ratio, d.p), (0.0, 0.0, 0.0, 1.0));
        assert!(d.is_nothing());
        // Where nothing varies with or without pairing, there is no ratio.
        let d = Difference::paired(&[2.0, 2.0], &[2.0, 2.0]);
        assert!(d.is_nothing() && d.variance_ratio.is_nan());
        assert_eq!(d.p, 1.0);
    }

    #[test]
    fn a_difference_that_never_varies_is_certain() {
        let d = Difference::paired(&[1.0, 1.0], &[3.0, 3.0]);
        assert_eq!((d.effect.mean, d.effect.half_width, d.p), (2.0, 0.0, 0.0));
        assert!(!d.is_nothing());
        let d = Difference::welch(&[1.0, 1.0], &[3.0, 3.0]);
        assert_eq!((d.effect.mean, d.effect.half_width, d.p), (2.0, 0.0, 0.0));
    }

    #[test]
    fn missing_values_are_left_out_in_pairs_and_counted() {
        let d = Difference::paired(&[1.0, f64::NAN, 2.0, 4.0], &[2.0, 9.0, f64::NAN, 6.0]);
        assert_eq!((d.effect.mean, d.effect.n, d.missing, d.base), (1.5, 2, 2, 2.5));
        let d = Difference::paired(&[f64::NAN], &[1.0]);
        assert_eq!((d.effect.n, d.missing), (0, 1));
        assert!(d.effect.mean.is_nan() && d.p.is_nan() && !d.is_nothing());
        let d = Difference::welch(&[1.0, f64::NAN], &[2.0, 3.0]);
        assert_eq!((d.effect.mean, d.effect.n, d.missing), (1.5, 1, 1));
        assert!(d.p.is_nan());
    }

    #[test]
    fn welch_by_hand() {
        // Means 2 and 6, variances 1 and 4, n 3 and 3: error 5/3,
        // df = (5/3)² / ((1/3)²/2 + (4/3)²/2) = 50/17.
        let d = Difference::welch(&[1.0, 2.0, 3.0], &[4.0, 6.0, 8.0]);
        let (error, df) = (libm::sqrt(5.0 / 3.0), 50.0 / 17.0);
        assert_eq!((d.effect.mean, d.method), (4.0, Method::Welch));
        assert!(near(d.effect.half_width, student::critical(0.05, df) * error));
        assert!(near(d.p, student::two_sided(4.0 / error, df)));
        assert!(d.variance_ratio.is_nan());
    }
}
