//! How many replicates are enough: a fixed number, or until an interval is narrow enough.
//!
//! The sequential rule runs [`LEAST`] replicates, looks, and as long as half the interval of [`half_width`] is too
//! wide runs half as many again and looks once more: 30, 45, 68, 102 … A look depends on nothing but the replicates
//! from 0 on, so a run that was cut short takes the same decisions when it goes on.
//!
//! A rule that stops when the spread happens to look small gives intervals that hold the truth too seldom, the more
//! so the more skewed or the rarer an outcome is (Chow and Robbins 1965, Annals of Mathematical Statistics 36:457;
//! Hoad, Robinson and Davies 2010, Journal of the Operational Research Society 61:1632). So the first batch is large,
//! looks are few, and the interval is one for what is looked at: [decision
//! 0024](../../docs/decisions/0024-replicates-and-cities.md) says why these. Its 95 % interval holds the mean in at least 94
//! of 100 runs for normal, exponential and yes/no outcomes and for shares of residents, and in 91 for a log-normal one
//! whose logarithm has a standard deviation of 1; a test measures it. A run that ends at its most is told.

use std::fmt;

use crate::outcome::Outcome;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::stats::{Estimate, distinct, estimate, level, student_975};
use shequ_model::base::student;

/// Replicates before the first look.
pub const LEAST: u32 = 30;
/// Values that lie closer than this part of the largest are the same but for rounding.
const ROUNDING: f64 = 1e-9;

/// How many replicates to run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Replicates {
    /// This many.
    FittedModel(u32),
    /// Until half the 95 % interval of an outcome is less than `half_width`, but at most `max`.
    Until {
        /// The outcome whose interval counts. Experiments of several rows ask it of every row.
        outcome: Outcome,
        /// In the unit of the outcome, above 0.
        half_width: f64,
        /// Replicates after which to stop at any rate.
        max: u32,
    },
}

impl Replicates {
    /// What may be written for `until`.
    pub const ALLOWED: &str = "a metric and a half-width, such as \"participation < 0.005\"";

    /// Reads `text`, such as "participation < 0.005".
    ///
    /// # Errors
    /// What is wrong, without the text itself.
    pub fn until(text: &str, max: u32) -> Result<Replicates, Both> {
        let (metric, width) = text.split_once('<').ok_or_else(|| both!("has no `<`", "缺少 `<`"))?;
        let outcome = Outcome::named(metric.trim())?;
        match width.trim().parse() {
            Ok(half_width) if half_width > 0.0 && f64::is_finite(half_width) => {
                Ok(Replicates::Until { outcome, half_width, max })
            }
            _ => {
                let width = width.trim();
                Err(both!(
                    "{width:?} is not a half-width, a number above 0",
                    "的 {width:?} 不是半宽，应为大于 0 的数"
                ))
            }
        }
    }

    /// How many there are at most.
    pub fn most(self) -> u32 {
        match self {
            Replicates::FittedModel(n) => n,
            Replicates::Until { max, .. } => max,
        }
    }

    /// How many to run before the first look.
    pub fn first(self) -> u32 {
        match self {
            Replicates::FittedModel(n) => n,
            Replicates::Until { max, .. } => max.min(LEAST),
        }
    }

    /// What `values` say of the level of `outcome`: of the one that is waited for, with the interval of the rule.
    pub fn level(self, outcome: Outcome, values: &[f64]) -> Estimate {
        let e = level(values.iter().copied());
        if self.waits_for(outcome) { Estimate { half_width: half_width(values), ..e } } else { e }
    }

    /// True of the outcome whose interval decides.
    pub fn waits_for(self, outcome: Outcome) -> bool {
        matches!(self, Replicates::Until { outcome: own, .. } if own == outcome)
    }

    /// How many to run in all when `done` of them have given an interval of `half_width`, the widest of
    /// those that count; `None` if they are enough. An interval that does not exist, NaN, is too wide.
    pub fn next(self, done: u32, half_width: f64) -> Option<u32> {
        match self {
            Replicates::Until { half_width: wanted, max, .. } if done < max => {
                let more = done.saturating_add(done.div_ceil(2)).min(max);
                (half_width.is_nan() || half_width >= wanted).then_some(more)
            }
            _ => None,
        }
    }
}

/// Half the 95 % interval of the mean of `values`, of which those that are NaN are left out. NaN where all coincide,
/// which does not show how far others lie from them.
///
/// Of two values it is as wide as the farther end of the interval of Clopper and Pearson (1934, Biometrika 26:404)
/// for the share of one of them. Of more it is Student's, with the correction for skewness of Johnson (1978, Journal
/// of the American Statistical Association 73:536) added to both sides.
pub fn half_width(values: &[f64]) -> f64 {
    let values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    match distinct(&values, ROUNDING * largest) {
        0 | 1 => f64::NAN,
        2 => half_width_of_two(&values),
        _ => half_width_of_many(&values),
    }
}

/// The same for the effect of an arm, by replicate or as two samples that share nothing. 0 where an outcome that
/// varies is the same with the arm as without it, to the last bit, in every replicate.
pub fn half_width_of_effect(base: &[f64], arm: &[f64], paired: bool) -> f64 {
    if !paired {
        return libm::hypot(half_width(base), half_width(arm));
    }
    let apart: Vec<f64> = base.iter().zip(arm).map(|(b, a)| a - b).collect();
    let is_same = apart.iter().all(|d| d.is_nan() || *d == 0.0);
    if is_same && distinct(base, 0.0) > 2 { 0.0 } else { half_width(&apart) }
}

fn half_width_of_two(values: &[f64]) -> f64 {
    let (low, high) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
    let n = values.len() as f64;
    let above = values.iter().filter(|&&value| value > (low + high) / 2.0).count() as f64;
    // Shares at which so many or more, and so few or fewer, have a chance of 2.5 %. Both values are there.
    let fewest = student::beta_quantile(0.025, above, n - above + 1.0);
    let most = student::beta_quantile(0.975, above + 1.0, n - above);
    (high - low) * (above / n - fewest).max(most - above / n)
}

fn half_width_of_many(values: &[f64]) -> f64 {
    let Estimate { mean, sd, half_width, n } = estimate(values.iter().copied());
    let n = n as f64;
    let cubes: f64 = values.iter().map(|value| (value - mean) * (value - mean) * (value - mean)).sum();
    // Fisher's, which takes into account that the sample's own mean is used.
    let skewness = n * cubes / ((n - 1.0) * (n - 2.0) * sd * sd * sd);
    let t = student_975(values.len() - 1);
    half_width + skewness.abs() * (1.0 + 2.0 * t * t) / (6.0 * n) * sd
}

impl fmt::Display for Replicates {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Replicates::FittedModel(n) => write!(f, "{n}"),
            Replicates::Until { outcome, half_width, max } => {
                write!(f, "until {} < {half_width}, at most {max}", outcome.name())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::rng::{CounterRng, Stream};

    fn until(half_width: f64, max: u32) -> Replicates {
        Replicates::until(&format!("participation < {half_width}"), max).unwrap()
    }

    #[test]
    fn a_fixed_number_is_never_looked_at() {
        assert_eq!(Replicates::FittedModel(30).first(), 30);
        assert_eq!(Replicates::FittedModel(30).next(30, 1e9), None);
    }

    #[test]
    fn looks_grow_by_half_up_to_the_cap() {
        let rule = until(0.005, 150);
        assert_eq!(rule.first(), 30);
        let looks: Vec<u32> = std::iter::successors(Some(30), |&n| rule.next(n, 1.0)).collect();
        assert_eq!(looks, [30, 45, 68, 102, 150]);
        assert_eq!(rule.next(45, 0.0049), None);
        assert_eq!(rule.next(45, 0.005), Some(68));
        assert_eq!(rule.next(45, f64::NAN), Some(68));
        assert_eq!(until(0.1, 4).first(), 4);
    }

    #[test]
    fn values_that_coincide_are_never_narrow_enough() {
        assert!(half_width(&[0.0; 40]).is_nan() && half_width(&[]).is_nan());
        assert!(half_width(&[0.22 - 0.21, 0.21 - 0.2]).is_nan());
        assert!(half_width_of_effect(&[0.0; 40], &[0.0; 40], true).is_nan());
        assert!(half_width_of_effect(&[0.0, 1.0, 0.0], &[0.0, 1.0, 0.0], true).is_nan());
        let varied: Vec<f64> = (0..40).map(|i| f64::from(i * i % 17)).collect();
        assert_eq!(half_width_of_effect(&varied, &varied, true), 0.0);
    }

    #[test]
    fn half_widths_by_hand() {
        // Clopper and Pearson's interval of 2 in 30 is 0.0082 to 0.2207 (their tables; R, binom.test).
        let two: Vec<f64> = (0..30).map(|i| if i < 2 { 5.0 } else { 3.0 }).collect();
        assert!((half_width(&two) - 2.0 * (0.2207 - 2.0 / 30.0)).abs() < 2e-4, "{}", half_width(&two));
        // Symmetric values have Student's interval.
        let symmetric = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert!((half_width(&symmetric) - estimate(symmetric.into_iter()).half_width).abs() < 1e-12);
        // 0, 0, 3: mean 1, sd √3, third moment 6, so a skewness of 3 · 6 / (2 · 3√3) = √3, and t = 4.3027.
        let expected = 4.3027 + 3.0 * (1.0 + 2.0 * 4.3027 * 4.3027) / 18.0;
        assert!((half_width_of_many(&[0.0, 0.0, 3.0]) - expected).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for bad in
            ["participation", "participation < x", "participation < -1", "participation < inf", "p < 1"]
        {
            assert!(Replicates::until(bad, 10).is_err(), "{bad}");
        }
    }

    /// An outcome with a known mean and standard deviation: its draw from a uniform number and a normal one.
    struct Known {
        name: &'static str,
        mean: f64,
        sd: f64,
        draw: fn(&CounterRng, u32) -> f64,
    }

    const UNIFORM: Stream = Stream::named("uniform");

    fn yes(rng: &CounterRng, i: u32, share: f64) -> f64 {
        f64::from(u8::from(rng.uniform(UNIFORM, i, 0, 0) < share))
    }

    fn normal(rng: &CounterRng, i: u32) -> f64 {
        rng.normal(Stream::named("normal"), i, 0, 0)
    }

    /// The share of 1,000 courses of the rule whose interval holds the mean, where half the interval is to be below
    /// `part` of the standard deviation.
    fn held(of: &Known, part: f64) -> f64 {
        let rule = until(part * of.sd, 5_000);
        let course = |course: u32| {
            let rng = CounterRng::new(1, course);
            let (mut values, mut wanted): (Vec<f64>, u32) = (Vec::new(), rule.first());
            loop {
                values.extend((values.len() as u32..wanted).map(|i| (of.draw)(&rng, i)));
                let half_width = half_width(&values);
                match rule.next(wanted, half_width) {
                    Some(more) => wanted = more,
                    None => return (estimate(values.iter().copied()).mean - of.mean).abs() <= half_width,
                }
            }
        };
        (0..1_000).filter(|&c| course(c)).count() as f64 / 1_000.0
    }

    #[test]
    fn intervals_at_which_the_rule_stops_hold_the_mean_as_often_as_is_said() {
        let log_normal =
            |sd: f64| (libm::exp(sd * sd / 2.0), libm::sqrt(libm::expm1(sd * sd)) * libm::exp(sd * sd / 2.0));
        let (half, whole) = (log_normal(0.5), log_normal(1.0));
        let all: [(Known, f64); 7] = [
            (Known { name: "normal", mean: 0.0, sd: 1.0, draw: normal }, 0.94),
            (
                Known {
                    name: "exponential",
                    mean: 1.0,
                    sd: 1.0,
                    draw: |rng, i| -libm::log(rng.uniform(UNIFORM, i, 0, 0)),
                },
                0.94,
            ),
            (
                Known {
                    name: "log-normal, 0.5",
                    mean: half.0,
                    sd: half.1,
                    draw: |rng, i| libm::exp(0.5 * normal(rng, i)),
                },
                0.94,
            ),
            (
                Known {
                    name: "log-normal, 1",
                    mean: whole.0,
                    sd: whole.1,
                    draw: |rng, i| libm::exp(normal(rng, i)),
                },
                0.91,
            ),
            (
                Known {
                    name: "yes or no, 9.5 %",
                    mean: 0.095,
                    sd: libm::sqrt(0.095 * 0.905),
                    draw: |rng, i| yes(rng, i, 0.095),
                },
                0.94,
            ),
            (
                Known {
                    name: "yes or no, 5 %",
                    mean: 0.05,
                    sd: libm::sqrt(0.05 * 0.95),
                    draw: |rng, i| yes(rng, i, 0.05),
                },
                0.94,
            ),
            (
                Known {
                    name: "5 % of 60 residents",
                    mean: 0.05,
                    sd: libm::sqrt(0.05 * 0.95 / 60.0),
                    draw: |rng, i| (0..60).map(|k| yes(rng, 60 * i + k, 0.05)).sum::<f64>() / 60.0,
                },
                0.94,
            ),
        ];
        for (known, said) in &all {
            // At the first look, soon after it, and after several: 30 to about 400 replicates.
            for part in [1.0, 0.3, 0.12] {
                let held = held(known, part);
                // Three standard errors of 1,000 courses.
                let tolerance = 3.0 * libm::sqrt(said * (1.0 - said) / 1_000.0);
                assert!(held >= said - tolerance, "{}, {part}: {held}", known.name);
            }
        }
    }
}
