//! What is believed of a parameter before any data: laws of one number, cut to a range.
//!
//! Quantiles, shares and densities are the same bits on every machine, because draws from a prior are part of
//! results: they use `libm` and the incomplete beta function of [`student`], and nothing of
//! the C library.

mod by_grade;

pub use by_grade::by_grade;

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

use super::i18n::{Both, both};
use super::math::{normal_quantile, normal_share};
use super::student;

/// A law of a positive or real number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// The normal law.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation, above 0.
        sd: f64,
    },
    /// A positive number whose logarithm is normal.
    LogNormal {
        /// Its median, above 0.
        median: f64,
        /// Standard deviation of the natural logarithm, above 0.
        log_sd: f64,
    },
    /// The beta law on 0 to 1, with mean a / (a + b).
    Beta {
        /// Its first shape, above 0.
        a: f64,
        /// Its second shape, above 0.
        b: f64,
    },
    /// Every number in a range alike.
    Uniform {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// The size, without its sign, of a normal number of mean 0.
    HalfNormal {
        /// Standard deviation of the number with its sign, above 0.
        sd: f64,
    },
}

impl Law {
    /// Share below `x`.
    fn cumulative(&self, x: f64) -> f64 {
        match *self {
            Law::Normal { mean, sd } => normal_share((x - mean) / sd),
            Law::LogNormal { .. } if x <= 0.0 => 0.0,
            Law::LogNormal { median, log_sd } => normal_share(libm::log(x / median) / log_sd),
            Law::Beta { a, b } => student::beta(x.clamp(0.0, 1.0), a, b),
            Law::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Law::HalfNormal { sd } => libm::erf(x.max(0.0) / sd * FRAC_1_SQRT_2),
        }
    }

    /// The number below which the share `p`, in (0, 1), lies.
    fn quantile(&self, p: f64) -> f64 {
        match *self {
            Law::Normal { mean, sd } => mean + sd * standard_normal(p),
            Law::LogNormal { median, log_sd } => median * libm::exp(log_sd * standard_normal(p)),
            Law::Beta { a, b } => student::beta_quantile(p, a, b),
            Law::Uniform { low, high } => low + p * (high - low),
            Law::HalfNormal { sd } => -sd * standard_normal((1.0 - p) / 2.0),
        }
    }

    /// Share per unit at `x`.
    fn density(&self, x: f64) -> f64 {
        match *self {
            Law::Normal { mean, sd } => bell((x - mean) / sd) / sd,
            Law::LogNormal { median, log_sd } if x > 0.0 => {
                bell(libm::log(x / median) / log_sd) / (log_sd * x)
            }
            Law::Beta { a, b } if (0.0..=1.0).contains(&x) => {
                let scale = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
                libm::exp(scale + log_power(x, a - 1.0) + log_power(1.0 - x, b - 1.0))
            }
            Law::Uniform { low, high } if (low..=high).contains(&x) => 1.0 / (high - low),
            Law::HalfNormal { sd } if x >= 0.0 => 2.0 * bell(x / sd) / sd,
            _ => 0.0,
        }
    }

    /// Its name and what it is given by.
    fn words(&self) -> Both {
        match *self {
            Law::Normal { mean, sd } => both!(
                "normal, mean {mean}, sd {sd}", "正态分布，均值 {mean}，标准差 {sd}";
                mean = short(mean), sd = short(sd)
            ),
            Law::LogNormal { median, log_sd } => both!(
                "log-normal, median {median}, log-sd {sd}", "对数正态分布，中位数 {median}，对数标准差 {sd}";
                median = short(median), sd = short(log_sd)
            ),
            Law::Beta { a, b } => both!(
                "beta, a {a}, b {b}", "Beta 分布，a 为 {a}，b 为 {b}"; a = short(a), b = short(b)
            ),
            Law::Uniform { low, high } => both!(
                "uniform from {low} to {high}", "{low} 至 {high} 的均匀分布";
                low = short(low), high = short(high)
            ),
            Law::HalfNormal { sd } => {
                both!("half-normal, sd {sd}", "半正态分布，标准差 {sd}"; sd = short(sd))
            }
        }
    }
}

/// Logarithm of `x` to a power, where 0 to the power of 0 is 1.
fn log_power(x: f64, power: f64) -> f64 {
    if power == 0.0 { 0.0 } else { power * libm::log(x) }
}

/// Quantile of the standard normal law to full precision: [`normal_quantile`] and one step of Halley.
fn standard_normal(p: f64) -> f64 {
    let z = normal_quantile(p);
    let step = (normal_share(z) - p) / bell(z);
    z - step / (1.0 + z * step / 2.0)
}

/// Density of the standard normal law.
fn bell(z: f64) -> f64 {
    libm::exp(-z * z / 2.0) / (SQRT_2 * libm::sqrt(PI))
}

/// Where a prior comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Written at the parameter, for a reason of its own.
    Own,
    /// It follows from the default and how well that is known.
    Grade,
}

/// What is believed of a parameter before any data: a law, cut to a range, perhaps in units of another parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// The law before it is cut.
    pub law: Law,
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// The key whose value it multiplies: then law and range are those of the factor, and whoever draws the
    /// product cuts that to the range of its key.
    pub of: Option<&'static str>,
    /// Where it comes from.
    pub basis: Basis,
}

/// A prior of its own, not cut.
const fn own(law: Law) -> Prior {
    Prior { law, low: f64::NEG_INFINITY, high: f64::INFINITY, of: None, basis: Basis::Own }
}

/// The normal law.
pub const fn normal(mean: f64, sd: f64) -> Prior {
    own(Law::Normal { mean, sd })
}

/// A positive number whose logarithm is normal with this standard deviation.
pub const fn log_normal(median: f64, log_sd: f64) -> Prior {
    Prior { low: 0.0, ..own(Law::LogNormal { median, log_sd }) }
}

/// The beta law, with mean a / (a + b).
pub const fn beta(a: f64, b: f64) -> Prior {
    Prior { low: 0.0, high: 1.0, ..own(Law::Beta { a, b }) }
}

/// A share about `mean`, as wide as shares of a grade are: `spread` is the standard deviation of its log odds.
pub const fn share(mean: f64, spread: f64) -> Prior {
    Prior { low: 0.0, high: 1.0, ..own(by_grade::share(mean, spread)) }
}

/// Every number in a range alike.
pub const fn uniform(low: f64, high: f64) -> Prior {
    Prior { low, high, ..own(Law::Uniform { low, high }) }
}

/// The size of a normal number of mean 0.
pub const fn half_normal(sd: f64) -> Prior {
    Prior { low: 0.0, ..own(Law::HalfNormal { sd }) }
}

impl Prior {
    /// Cut to what of its range lies in `[low, high]`.
    pub const fn within(self, low: f64, high: f64) -> Prior {
        Prior { low: self.low.max(low), high: self.high.min(high), ..self }
    }

    /// In units of what `key` holds.
    pub const fn of(self, key: &'static str) -> Prior {
        Prior { of: Some(key), ..self }
    }

    /// The number below which the share `p` lies; the ends of the range for 0 and 1.
    pub fn quantile(&self, p: f64) -> f64 {
        let (below, held) = self.cut();
        if p <= 0.0 {
            return self.low;
        }
        if p >= 1.0 {
            return self.high;
        }
        // Rounding may reach an end of the uncut law, whose quantile may be infinite.
        let inside = (below + p * held).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
        self.law.quantile(inside).clamp(self.low, self.high)
    }

    /// Share below `x`.
    pub fn cumulative(&self, x: f64) -> f64 {
        let (below, held) = self.cut();
        ((self.law.cumulative(x) - below) / held).clamp(0.0, 1.0)
    }

    /// Share per unit at `x`; 0 outside the range.
    pub fn density(&self, x: f64) -> f64 {
        if x < self.low || x > self.high { 0.0 } else { self.law.density(x) / self.cut().1 }
    }

    /// The shares of the law below the range and in it.
    fn cut(&self) -> (f64, f64) {
        let below = self.law.cumulative(self.low);
        (below, self.law.cumulative(self.high) - below)
    }

    /// The law, its range where that cuts it, and the key whose value it multiplies.
    pub fn words(&self) -> Both {
        /// Less than this of a law beyond an end is not worth a word.
        const FEW: f64 = 1e-3;
        let ends = (self.law.cumulative(self.low) > FEW, self.law.cumulative(self.high) < 1.0 - FEW);
        let (low, high) = (short(self.low), short(self.high));
        let range = match ends {
            (false, false) => Both::default(),
            (true, false) => both!(", at least {low}", "，不小于 {low}"),
            (false, true) => both!(", at most {high}", "，不大于 {high}"),
            (true, true) => both!(", from {low} to {high}", "，限于 {low} 至 {high}"),
        };
        let law = self.law.words();
        match self.of {
            None => both!("{law}{range}", "{law}{range}"; law = law, range = range),
            Some(key) => both!(
                "{key} × ({law}{range})", "{key} ×（{law}{range}）"; key = key, law = law, range = range
            ),
        }
    }
}

/// `x` with at most three significant digits.
pub fn short(x: f64) -> String {
    format!("{x:.2e}").parse().map_or_else(|_| x.to_string(), |rounded: f64| rounded.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each law, uncut and cut.
    const ALL: [Prior; 12] = [
        normal(1.5, 0.9),
        normal(0.3, 0.4).within(0.0, 1.5),
        log_normal(0.2, 0.6),
        log_normal(0.2, 0.6).within(0.02, 0.8),
        log_normal(2.5, 0.6).within(1.0, 14.0),
        beta(2.0, 4.0),
        beta(1.0, 3.0),
        beta(2.8, 277.0),
        beta(6.0, 5.0).within(0.3, 0.6),
        uniform(0.0, 0.5),
        half_normal(0.02),
        half_normal(0.5).within(0.0, 1.0),
    ];

    #[test]
    fn quantile_and_share_are_each_others_inverse() {
        for prior in ALL {
            for i in 1..200 {
                let p = i as f64 / 200.0;
                let x = prior.quantile(p);
                assert!((prior.low..=prior.high).contains(&x), "{prior:?} at {p}: {x}");
                assert!((prior.cumulative(x) - p).abs() < 1e-9, "{prior:?} at {p}");
            }
        }
    }

    #[test]
    fn the_ends_of_a_range_are_the_first_and_the_last_quantile() {
        for prior in ALL {
            assert_eq!((prior.quantile(0.0), prior.quantile(1.0)), (prior.low, prior.high), "{prior:?}");
            assert_eq!((prior.cumulative(prior.low), prior.cumulative(prior.high)), (0.0, 1.0), "{prior:?}");
        }
    }

    #[test]
    fn density_is_the_slope_of_the_share_and_holds_all_of_it() {
        const STEPS: u32 = 2_000;
        for prior in ALL {
            let (low, high) = (prior.quantile(1e-7), prior.quantile(1.0 - 1e-7));
            let step = (high - low) / f64::from(STEPS);
            let at = |k: f64| low + k * step;
            // Simpson's rule on each piece; its error falls with the fourth power of the step.
            let mut sum = 0.0;
            for k in (0..STEPS).map(f64::from) {
                let piece =
                    prior.density(at(k)) + 4.0 * prior.density(at(k + 0.5)) + prior.density(at(k + 1.0));
                sum += piece * step / 6.0;
                let slope = (prior.cumulative(at(k + 0.51)) - prior.cumulative(at(k + 0.49))) / (0.02 * step);
                // Rounding of shares by 1e-16 over so small a step, and the curvature within it.
                let allowed = 1e-6 * (1.0 / (high - low) + slope);
                assert!((slope - prior.density(at(k + 0.5))).abs() < allowed, "{prior:?} at {}", at(k + 0.5));
            }
            assert!((sum - 1.0 + 2e-7).abs() < 1e-8, "{prior:?}: {sum}");
            assert_eq!(prior.density(prior.low - 1.0), 0.0, "{prior:?}");
        }
    }

    #[test]
    fn quantiles_are_those_of_tables() {
        // As SciPy 1.17 gives them.
        for (prior, p, x) in [
            (normal(0.0, 1.0), 0.975, 1.959963984540054),
            (normal(0.0, 1.0), 0.001, -3.090232306167813),
            (normal(0.3, 0.4).within(0.0, 1.5), 0.05, 0.049076567634992),
            (normal(0.3, 0.4).within(0.0, 1.5), 0.5, 0.414481252483539),
            (normal(0.3, 0.4).within(0.0, 1.5), 0.95, 1.000501824187724),
            (log_normal(0.2, 0.6), 0.05, 0.074545165527117),
            (log_normal(0.2, 0.6), 0.5, 0.2),
            (log_normal(0.2, 0.6), 0.95, 0.536587446243571),
            (beta(2.0, 4.0), 0.05, 0.076440391412329),
            (beta(2.0, 4.0), 0.5, 0.313810170455697),
            (beta(2.0, 4.0), 0.95, 0.657408318001139),
            (beta(2.7, 280.0), 0.05, 0.002375108033295),
            (uniform(0.0, 0.5), 0.5, 0.25),
            (half_normal(0.02), 0.5, 0.013489795003922),
            (half_normal(0.02), 0.95, 0.039199279690801),
        ] {
            assert!((prior.quantile(p) - x).abs() < 1e-12, "{prior:?}: {} not {x}", prior.quantile(p));
        }
    }

    #[test]
    fn a_cut_law_is_the_law_divided_by_what_is_left() {
        let (whole, cut) = (normal(0.3, 0.4), normal(0.3, 0.4).within(0.0, 1.5));
        let left = whole.cumulative(1.5) - whole.cumulative(0.0);
        assert!((cut.density(0.3) - whole.density(0.3) / left).abs() < 1e-12);
        assert!((cut.cumulative(0.8) - (whole.cumulative(0.8) - whole.cumulative(0.0)) / left).abs() < 1e-12);
        assert_eq!((cut.density(-0.1), cut.cumulative(-0.1), cut.cumulative(2.0)), (0.0, 0.0, 1.0));
        // Cut twice is cut to what both leave.
        assert_eq!(cut.within(-1.0, 0.5), whole.within(0.0, 0.5));
    }

    #[test]
    fn a_prior_is_said_in_words() {
        for (prior, en, zh) in [
            (beta(2.0, 8.0), "beta, a 2, b 8", "Beta 分布，a 为 2，b 为 8"),
            (
                log_normal(0.2, 0.6).within(0.02, 0.8),
                "log-normal, median 0.2, log-sd 0.6, at most 0.8",
                "对数正态分布，中位数 0.2，对数标准差 0.6，不大于 0.8",
            ),
            (
                beta(2.0, 4.0).of("residents.habit_gain"),
                "residents.habit_gain × (beta, a 2, b 4)",
                "residents.habit_gain ×（Beta 分布，a 为 2，b 为 4）",
            ),
        ] {
            assert_eq!(prior.words(), both(en, zh));
        }
    }
}
