//! The difference between two samples of replicates: paired under common random numbers, or not.
//!
//! Student's t takes differences for a sample of a continuous distribution. Where several of few coincide, as
//! counts do, their spread says little: two equal ones would give an interval of width 0. There the p value is
//! also that of the sign test, and the interval is as wide as that p value asks
//! ([decision 0023](../../../docs/decisions/0023-tests-of-comparisons.md)).

use shequ_model::base::stats::{Estimate, distinct, estimate, student_975};
use shequ_model::base::student;

/// p values below this are claimed.
pub const LEVEL: f64 = 0.05;
/// Values that lie closer than this part of the largest level are the same but for rounding.
const ROUNDING: f64 = 1e-9;
/// From so many pairs on, the spread of differences is known well enough even where some coincide.
const MANY: usize = 30;
/// So many distinct differences, or three quarters of all, are taken for continuous: enumerated over symmetric
/// null distributions on few whole numbers, the size of the test is then at most 5 %.
const CONTINUOUS: usize = 8;

/// How an interval was got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Student's t interval of paired differences.
    Paired,
    /// Welch's t interval of the difference of two means: nothing is shared.
    Welch,
    /// The first as wide as the rule for replicates asks.
    PairedUntil,
    /// The second as wide as the rule for replicates asks.
    WelchUntil,
}

impl Method {
    /// As in the column `method`.
    pub fn word(self) -> &'static str {
        match self {
            Method::Paired => "paired t",
            Method::Welch => "Welch t",
            Method::PairedUntil => "paired t, adjusted for skewness and stopping",
            Method::WelchUntil => "Welch t, adjusted for skewness and stopping",
        }
    }

    fn until(self) -> Method {
        match self {
            Method::Paired | Method::PairedUntil => Method::PairedUntil,
            Method::Welch | Method::WelchUntil => Method::WelchUntil,
        }
    }
}

/// What an arm changes, in the unit of the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// How it was got.
    pub method: Method,
    /// Mean of the base over the replicates that count.
    pub base: f64,
    /// Mean of the arm over the replicates that count.
    pub arm: f64,
    /// Mean difference, its spread and 95 % interval. By Welch, `sd` is that of a difference of two
    /// independent replicates, and `n` is that of the smaller sample.
    pub effect: Estimate,
    /// Replicates, or pairs, left out because they have no value.
    pub missing: usize,
    /// Variance of the paired difference over the sum of both variances. Below 1, pairing has helped: as
    /// narrow an interval without it takes 1 / ratio times as many replicates. 0 if every pair differs by
    /// the same; NaN without pairs or where nothing varies.
    pub variance_ratio: f64,
    /// Two-sided p value of no difference; NaN where there is no test: below two values, and where values of
    /// neither side vary.
    pub p: f64,
}

impl Difference {
    /// Of `arm` from `base`, by pairs or as two samples that share nothing.
    pub fn new(base: &[f64], arm: &[f64], paired: bool) -> Difference {
        if paired { Difference::paired(base, arm) } else { Difference::welch(base, arm) }
    }

    /// Of `arm` from `base`, both by replicate under common random numbers; NaN where a replicate has no value.
    pub fn paired(base: &[f64], arm: &[f64]) -> Difference {
        let (base_values, arm_values) = present(base, arm);
        let (before, after) = (of(&base_values), of(&arm_values));
        let apart = differences(&base_values, &arm_values);
        let effect = of(&apart);
        let difference = Difference {
            method: Method::Paired,
            base: before.mean,
            arm: after.mean,
            effect,
            missing: base.len().max(arm.len()) - effect.n,
            variance_ratio: ratio(square(effect.sd), square(before.sd) + square(after.sd)),
            p: f64::NAN,
        };
        let is_coarse = is_coarse(&apart, rounding(&base_values, &arm_values));
        let error = effect.sd / libm::sqrt(effect.n as f64);
        difference.tested([&base_values, &arm_values], (error, effect.n as f64 - 1.0), is_coarse)
    }

    /// Of the means of two samples that share nothing (Welch 1947, Biometrika 34:28).
    pub fn welch(base: &[f64], arm: &[f64]) -> Difference {
        let valued = |values: &[f64]| values.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<f64>>();
        let (base_values, arm_values) = (valued(base), valued(arm));
        let (before, after) = (of(&base_values), of(&arm_values));
        let errors = [before, after].map(|e| square(e.sd) / e.n as f64);
        let error = errors[0] + errors[1];
        let parts = [before, after].into_iter().zip(errors).map(|(e, v)| v * v / (e.n as f64 - 1.0));
        // Samples that do not vary have no degrees of freedom to speak of, and need none.
        let df = if error > 0.0 { error * error / parts.sum::<f64>() } else { 1.0 };
        let n = before.n.min(after.n);
        let effect = Estimate {
            mean: after.mean - before.mean,
            sd: libm::sqrt(square(before.sd) + square(after.sd)),
            half_width: if n > 1 { student::critical(LEVEL, df) * libm::sqrt(error) } else { f64::NAN },
            n,
        };
        let difference = Difference {
            method: Method::Welch,
            base: before.mean,
            arm: after.mean,
            effect,
            missing: base.len() + arm.len() - before.n - after.n,
            variance_ratio: f64::NAN,
            p: f64::NAN,
        };
        let rounding = rounding(&base_values, &arm_values);
        let is_coarse = is_coarse(&base_values, rounding) || is_coarse(&arm_values, rounding);
        difference.tested([&base_values, &arm_values], (libm::sqrt(error), df), is_coarse)
    }

    /// With its p value, by the standard error and its degrees of freedom. Of values that are coarse it is no
    /// smaller than that of the sign test, for which samples that are not paired are taken in the order of their
    /// replicates.
    fn tested(self, [base, arm]: [&[f64]; 2], (error, df): (f64, f64), is_coarse: bool) -> Difference {
        let rounding = rounding(base, arm);
        if self.effect.n < 2 || self.is_nothing() {
            return self;
        }
        if distinct(base, rounding) == 1 && distinct(arm, rounding) == 1 {
            return Difference { effect: Estimate { half_width: f64::NAN, ..self.effect }, ..self };
        }
        let mean = self.effect.mean;
        let p = if mean == 0.0 { 1.0 } else { student::two_sided(mean / error, df) };
        let signs = if is_coarse { sign_test(&differences(base, arm), rounding) } else { 0.0 };
        let agreeing = if p < LEVEL && p < signs { half_width_of(mean, signs, df) } else { 0.0 };
        let half_width = self.effect.half_width.max(agreeing);
        Difference { effect: Estimate { half_width, ..self.effect }, p: p.max(signs), ..self }
    }

    /// The same with an interval of at least `half_width`, as the rule for replicates asks for, unless that is NaN, and
    /// with the p value that agrees with it.
    pub fn at_least(self, half_width: f64) -> Difference {
        let is_wider = half_width > self.effect.half_width && self.effect.half_width > 0.0;
        if !is_wider {
            return self;
        }
        let t = self.effect.mean / half_width * student_975(self.effect.n - 1);
        let p = self.p.max(student::two_sided(t, self.effect.n as f64 - 1.0));
        Difference { method: self.method.until(), effect: Estimate { half_width, ..self.effect }, p, ..self }
    }

    /// True if every replicate has the same value with the arm as without it, to the last bit.
    pub fn is_nothing(&self) -> bool {
        self.effect.mean == 0.0 && (self.effect.sd == 0.0 || self.effect.n == 1)
    }

    /// True if several replicates differ by the same, and values of neither side vary: there is no chance to
    /// judge it by.
    pub fn is_constant(&self) -> bool {
        self.effect.n > 1 && self.effect.half_width.is_nan()
    }
}

/// The pairs of which both have a value.
fn present(base: &[f64], arm: &[f64]) -> (Vec<f64>, Vec<f64>) {
    base.iter().zip(arm).filter(|(b, a)| !b.is_nan() && !a.is_nan()).unzip()
}

fn differences(base: &[f64], arm: &[f64]) -> Vec<f64> {
    base.iter().zip(arm).map(|(b, a)| a - b).collect()
}

fn of(values: &[f64]) -> Estimate {
    estimate(values.iter().copied())
}

fn rounding(base: &[f64], arm: &[f64]) -> f64 {
    ROUNDING * base.iter().chain(arm).fold(0.0_f64, |most, value| most.max(value.abs()))
}

/// True of few values of which several coincide, and of any number that all do.
fn is_coarse(values: &[f64], rounding: f64) -> bool {
    let distinct = distinct(values, rounding);
    distinct == 1 || values.len() < MANY && distinct <= CONTINUOUS.min(3 * values.len() / 4)
}

/// Two-sided p value of the sign test: of signs as uneven as these, or more, where both are equally likely.
fn sign_test(differences: &[f64], rounding: f64) -> f64 {
    let above = differences.iter().filter(|&&d| d > rounding).count();
    let below = differences.iter().filter(|&&d| d < -rounding).count();
    let (fewer, more) = (above.min(below) as f64, above.max(below) as f64);
    // The binomial distribution function as an incomplete beta function; of no signs it is 1.
    if more == 0.0 { 1.0 } else { (2.0 * student::beta(0.5, more, fewer + 1.0)).min(1.0) }
}

/// Half the 95 % interval of a mean whose p value is `p`.
fn half_width_of(mean: f64, p: f64, df: f64) -> f64 {
    // Beyond one half, an interval that holds zero is no longer told apart by its width.
    mean.abs() * student::critical(LEVEL, df) / student::critical(p.min(0.5), df)
}

fn square(x: f64) -> f64 {
    x * x
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::rng::{CounterRng, Stream};

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
    fn the_same_replicates_differ_by_exactly_nothing_which_is_no_test() {
        let outputs = [0.1, 0.7, 0.3];
        let d = Difference::paired(&outputs, &outputs);
        assert_eq!((d.effect.mean, d.effect.half_width, d.variance_ratio), (0.0, 0.0, 0.0));
        assert!(d.is_nothing() && d.p.is_nan());
        // Where nothing varies with or without pairing, there is no ratio.
        let d = Difference::paired(&[2.0, 2.0], &[2.0, 2.0]);
        assert!(d.is_nothing() && d.variance_ratio.is_nan() && d.p.is_nan());
    }

    #[test]
    fn what_varies_on_neither_side_is_no_test() {
        for paired in [true, false] {
            let d = Difference::new(&[1.0, 1.0], &[3.0, 3.0], paired);
            assert!(d.effect.mean == 2.0 && d.is_constant() && !d.is_nothing() && d.p.is_nan());
        }
        assert!(!Difference::paired(&[1.0], &[3.0]).is_constant());
    }

    #[test]
    fn few_differences_that_coincide_are_judged_by_their_signs() {
        // Three of 300 residents more in each of n pairs. The p value is that of n equal signs, 2 / 2ⁿ.
        let base: Vec<f64> = (0..40).map(|i| f64::from(60 + i * i % 7) / 300.0).collect();
        let arm: Vec<f64> = base.iter().map(|b| b + 0.01).collect();
        for n in 2..=40 {
            let d = Difference::paired(&base[..n], &arm[..n]);
            let expected = libm::exp2(1.0 - n as f64);
            assert!((d.p / expected - 1.0).abs() < 1e-9, "{n}: {}", d.p);
            let holds_zero = d.effect.mean <= d.effect.half_width;
            assert_eq!(holds_zero, d.p >= LEVEL, "{n}: {d:?}");
            assert!(d.effect.half_width > 0.1 * d.effect.mean && d.effect.half_width.is_finite(), "{d:?}");
        }
        // Not paired, one side without any spread.
        let d = Difference::welch(&[0.2, 0.2, 0.2], &[0.21, 0.21, 0.2101]);
        assert_eq!((d.p, d.effect.mean < d.effect.half_width), (0.25, true));
    }

    #[test]
    fn continuous_differences_are_judged_by_t_alone() {
        let base = [0.31, 0.27, 0.35, 0.29];
        let d = Difference::paired(&base, &[0.352, 0.311, 0.3937, 0.3301]);
        let apart = [0.042, 0.041, 0.0437, 0.0401];
        let e = estimate(apart.into_iter());
        assert!(near(d.effect.half_width, e.half_width));
        assert!(near(d.p, student::two_sided(e.mean / e.sd * 2.0, 3.0)) && d.p < 1e-4);
    }

    #[test]
    fn a_wider_interval_brings_its_p_value() {
        let d = Difference::paired(&[1.0, 5.0, 2.0], &[2.0, 7.0, 5.0]);
        let wide = d.at_least(4.0 / student_975(2));
        assert_eq!(wide, d);
        // Twice the standard error that gives t = 1, whose p is 1 − 1 / √3 with two degrees of freedom.
        let wide = d.at_least(2.0 * student_975(2));
        assert!(near(wide.p, 1.0 - 1.0 / libm::sqrt(3.0)));
        assert_eq!(d.at_least(f64::NAN), d);
    }

    /// Differences of two whole numbers below `faces`, drawn alike for both sides.
    fn rejected(faces: u32, n: u32, paired: bool) -> f64 {
        const DRAWS: u32 = 4_000;
        let draw = |sample: u32, side: u32, i: u32| {
            f64::from(CounterRng::new(1, sample).below(Stream::named("null"), i, side, 0, faces)) / 300.0
        };
        let is_rejected = |sample: u32| {
            let side = |side: u32| (0..n).map(|i| draw(sample, side, i)).collect::<Vec<f64>>();
            Difference::new(&side(0), &side(1), paired).p < LEVEL
        };
        (0..DRAWS).filter(|&sample| is_rejected(sample)).count() as f64 / f64::from(DRAWS)
    }

    #[test]
    fn where_nothing_differs_counts_are_claimed_to_in_five_of_a_hundred_at_most() {
        for paired in [true, false] {
            for faces in [2, 3, 4, 7] {
                for n in [2, 3, 4, 5, 6, 8, 10, 20, 30] {
                    // Three standard errors of 4,000 draws at 5 % are 0.0103.
                    let size = rejected(faces, n, paired);
                    assert!(size < 0.0603, "{faces} values, {n} replicates, paired {paired}: {size}");
                }
            }
        }
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
