//! How many lives are enough: a fixed number, or until an interval is narrow enough.
//!
//! The sequential rule lives [`LEAST`] replicates, looks, and as long as the 95 % interval is too wide
//! lives half as many again and looks once more: 10, 15, 23, 35 … A look depends on nothing but the
//! replicates from 0 on, so a run that was cut short takes the same decisions when it goes on.
//!
//! What stopping does to the interval: a run stops when its spread happens to look small, so the
//! interval at which it stops holds the truth less often than its 95 % say. Chow and Robbins (1965, Annals
//! of Mathematical Statistics 36:457) show that this loss vanishes as the wanted width goes to zero; Hoad,
//! Robinson and Davies (2010, Journal of the Operational Research Society 61:1632) warn against looking at
//! very few replicates, and look ahead after the first success; here looks are few instead. Under this
//! rule 93 to 95 of 100 intervals hold the mean of a normal distribution (a test measures it), and 87 to 90
//! that of an exponential one, which is very skewed. A fixed number of replicates has no such loss.

use std::fmt;

use crate::base::words::{Both, both};
use crate::experiment::outcome::Outcome;

/// Replicates before the first look.
pub const LEAST: u32 = 10;

/// How many lives to live.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Replicates {
    /// This many.
    Fixed(u32),
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
                    "{width:?} is no half-width, a number above 0",
                    "的 {width:?} 不是半宽，应为大于 0 的数"
                ))
            }
        }
    }

    /// How many there are at most.
    pub fn most(self) -> u32 {
        match self {
            Replicates::Fixed(n) => n,
            Replicates::Until { max, .. } => max,
        }
    }

    /// How many to live before the first look.
    pub fn first(self) -> u32 {
        match self {
            Replicates::Fixed(n) => n,
            Replicates::Until { max, .. } => max.min(LEAST),
        }
    }

    /// How many to live in all when `done` of them have given an interval of `half_width`, the widest of
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

impl fmt::Display for Replicates {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Replicates::Fixed(n) => write!(f, "{n}"),
            Replicates::Until { outcome, half_width, max } => {
                write!(f, "until {} < {half_width}, at most {max}", outcome.name())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::luck::{Luck, Stream};
    use crate::base::stats::estimate;

    fn until(half_width: f64, max: u32) -> Replicates {
        Replicates::until(&format!("participation < {half_width}"), max).unwrap()
    }

    #[test]
    fn a_fixed_number_is_never_looked_at() {
        assert_eq!(Replicates::Fixed(30).first(), 30);
        assert_eq!(Replicates::Fixed(30).next(30, 1e9), None);
    }

    #[test]
    fn looks_grow_by_half_up_to_the_cap() {
        let rule = until(0.005, 50);
        assert_eq!(rule.first(), 10);
        let looks: Vec<u32> = std::iter::successors(Some(10), |&n| rule.next(n, 1.0)).collect();
        assert_eq!(looks, [10, 15, 23, 35, 50]);
        assert_eq!(rule.next(15, 0.0049), None);
        assert_eq!(rule.next(15, 0.005), Some(23));
        assert_eq!(rule.next(15, f64::NAN), Some(23));
        assert_eq!(until(0.1, 4).first(), 4);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for bad in
            ["participation", "participation < x", "participation < -1", "participation < inf", "p < 1"]
        {
            assert!(Replicates::until(bad, 10).is_err(), "{bad}");
        }
    }

    #[test]
    fn stopping_costs_the_interval_of_normal_values_two_points_at_most() {
        // 4,000 courses; the share that hold the truth has a standard error of 0.004. Wanted widths near
        // those at which stopping costs most.
        let rule = until(0.4, 10_000);
        let course = |course: u32| {
            let value = |i: u32| Luck::new(1, course).normal(Stream::named("test"), i, 0, 0);
            let (mut values, mut wanted): (Vec<f64>, u32) = (Vec::new(), rule.first());
            loop {
                values.extend((values.len() as u32..wanted).map(value));
                let e = estimate(values.iter().copied());
                match rule.next(wanted, e.half_width) {
                    Some(more) => wanted = more,
                    None => return e.mean.abs() <= e.half_width,
                }
            }
        };
        let held = (0..4_000).filter(|&c| course(c)).count() as f64 / 4_000.0;
        assert!((0.92..0.955).contains(&held), "{held}");
    }
}
