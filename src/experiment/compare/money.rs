//! An effect for each million yuan more that is spent.

use crate::base::stats::{estimate, student_975};

/// Yuan by which effects are divided.
pub const MILLION: f64 = 1e6;

/// A ratio of two mean differences and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerMillion {
    /// Effect over additional spending in million yuan.
    pub ratio: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The mean of paired `effects` over that of the paired differences in `spending`, in million yuan, with
/// the interval of Fieller (1954, Journal of the Royal Statistical Society B 16:175), which takes into
/// account that both are uncertain. `None` unless more is spent: if the 95 % interval of the difference
/// holds zero, no ratio is bounded, and where less is spent, a ratio would turn the sign of the effect
/// around. Pairs that lack either are left out.
pub fn per_million(effects: &[f64], spending: &[f64]) -> Option<PerMillion> {
    let pairs = effects.iter().zip(spending).filter(|(e, s)| !e.is_nan() && !s.is_nan());
    let e = estimate(pairs.clone().map(|p| *p.0));
    let s = estimate(pairs.clone().map(|p| p.1 / MILLION));
    if e.n < 2 || s.mean <= s.half_width {
        return None;
    }
    let n = e.n as f64;
    let products: f64 = pairs.map(|(x, y)| (x - e.mean) * (y / MILLION - s.mean)).sum();
    // Squares of the half widths, and their like for the covariance.
    let scale = student_975(e.n - 1) * student_975(e.n - 1) / n;
    let (ee, es, ss) = (scale * e.sd * e.sd, scale * products / (n - 1.0), scale * s.sd * s.sd);
    // (e − ρ s)² = ee − 2 ρ es + ρ² ss, a quadratic in ρ with two real roots.
    let (a, b, c) = (s.mean * s.mean - ss, e.mean * s.mean - es, e.mean * e.mean - ee);
    let root = libm::sqrt((b * b - a * c).max(0.0));
    Some(PerMillion { ratio: e.mean / s.mean, low: (b - root) / a, high: (b + root) / a })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_a_fixed_difference_in_spending_the_interval_is_that_of_the_effect_divided() {
        let effects = [1.0, 2.0, 3.0];
        let per = per_million(&effects, &[2e6; 3]).unwrap();
        let half_width = estimate(effects.into_iter()).half_width;
        assert!((per.ratio - 1.0).abs() < 1e-12);
        assert!((per.low - (2.0 - half_width) / 2.0).abs() < 1e-9);
        assert!((per.high - (2.0 + half_width) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn the_ends_of_the_interval_are_the_ratios_that_are_just_not_refused() {
        let (effects, spending) = ([0.9, 2.1, 3.2, 4.0, 4.8], [1e6, 1.4e6, 2.2e6, 2.4e6, 3.1e6]);
        let per = per_million(&effects, &spending).unwrap();
        assert!(per.low < per.ratio && per.ratio < per.high);
        for ratio in [per.low, per.high] {
            let left = effects.iter().zip(&spending).map(|(e, s)| e - ratio * s / MILLION);
            let left = estimate(left.collect::<Vec<_>>().into_iter());
            assert!((left.mean.abs() - left.half_width).abs() < 1e-9, "{left:?}");
        }
    }

    #[test]
    fn where_no_more_is_spent_there_is_no_ratio() {
        assert_eq!(per_million(&[1.0, 2.0, 3.0], &[-1e6; 3]), None);
        assert_eq!(per_million(&[1.0, 2.0], &[0.0, 0.0]), None);
        assert_eq!(per_million(&[1.0, 2.0, 3.0], &[-1e6, 1e6, 2e6]), None);
        assert_eq!(per_million(&[1.0, f64::NAN], &[1e6, 1e6]), None);
    }
}
