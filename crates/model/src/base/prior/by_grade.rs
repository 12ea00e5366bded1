//! The prior of a parameter for which nothing better is written: about its default, the wider the less is known.

use super::{Basis, Law, Prior, own};
use crate::base::params::{Grade, Key, Kind};

/// The unit of a month of the calendar, which is no quantity.
const MONTH: &str = "month of the year";

/// What is believed of `key` by its default, range and grade; nothing of lists, words, flags and choices, of
/// months of the calendar, and of numbers without an upper end that are 0 or may be negative, for which
/// there is no scale.
pub fn by_grade(key: &Key) -> Option<Prior> {
    let (default, low, high) = match key.kind {
        Kind::Real { low, high } => (key.default.as_float()?, low, high),
        Kind::Count { low, high } => (key.default.as_integer()? as f64, low as f64, high as f64),
        _ => return None,
    };
    let spread = spread(key.grade)?;
    let law = match key.kind {
        _ if key.unit == MONTH => return None,
        Kind::Real { .. } if low >= 0.0 && high <= 1.0 => share(default, spread),
        _ if low >= 0.0 && default > 0.0 => Law::LogNormal { median: default, log_sd: spread },
        _ => return None,
    };
    Some(Prior { basis: Basis::Grade, ..own(law).within(low, high) })
}

/// Standard deviation of the logarithm of a positive number, and near enough of the log odds of a share, by how
/// well it is known: the middle one of those that were judged one by one (docs/decisions/0046-priors.md). None
/// of a choice, which is no claim, nor of what was fitted: its default holds what the data said.
fn spread(grade: Grade) -> Option<f64> {
    match grade {
        Grade::Measured => Some(0.25),
        Grade::Derived => Some(0.4),
        Grade::Assumed => Some(0.6),
        Grade::Fitted | Grade::Choice => None,
    }
}

/// The beta law with mean `default` and standard deviation `spread`·m·(1 − m), which is `spread` on the scale of log
/// odds. At 0 or 1, where that has no width, the law that is densest there and lies off it by a sixth of
/// `spread` on average.
pub(super) const fn share(default: f64, spread: f64) -> Law {
    let far = 6.0 / spread - 1.0;
    if default <= 0.0 {
        Law::Beta { a: 1.0, b: far }
    } else if default >= 1.0 {
        Law::Beta { a: far, b: 1.0 }
    } else {
        let worth = 1.0 / (spread * spread * default * (1.0 - default)) - 1.0;
        Law::Beta { a: default * worth, b: (1.0 - default) * worth }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::text;

    fn sd(prior: &Prior) -> f64 {
        // Two standard deviations lie between these quantiles of a normal law.
        const HIGH: f64 = 0.841344746068543;
        (prior.quantile(HIGH) - prior.quantile(1.0 - HIGH)) / 2.0
    }

    #[test]
    fn the_less_is_known_the_wider_the_prior() {
        for key in [Key::share("a", 0.3), Key::real("a", 4.0, 0.0, 100.0), Key::count("a", 40, 0, 1_000)] {
            let widths = [key.clone().measured("m"), key.clone().derived("d"), key.clone().assumed("a")]
                .map(|key| sd(&by_grade(&key).expect("there is a law")));
            assert!(widths.is_sorted() && widths[2] > 2.0 * widths[0], "{widths:?}");
            assert_eq!(by_grade(&key.choice()), None);
        }
    }

    #[test]
    fn a_share_has_its_default_as_mean_and_the_spread_in_log_odds() {
        for default in [0.001, 0.2, 0.5, 0.97] {
            let prior = by_grade(&Key::share("a", default).derived("d")).expect("there is a law");
            let Law::Beta { a, b } = prior.law else { panic!("{prior:?}") };
            assert!((a / (a + b) - default).abs() < 1e-12);
            let variance = a * b / ((a + b) * (a + b) * (a + b + 1.0));
            assert!((libm::sqrt(variance) / (default * (1.0 - default)) - 0.4).abs() < 1e-12);
        }
    }

    #[test]
    fn a_share_at_an_end_of_its_range_is_believed_near_it() {
        for (default, mean) in [(0.0, 0.1), (1.0, 0.9)] {
            let prior = by_grade(&Key::share("a", default).assumed("a")).expect("there is a law");
            let Law::Beta { a, b } = prior.law else { panic!("{prior:?}") };
            assert!((a / (a + b) - mean).abs() < 1e-12);
            assert!(prior.density(default) >= prior.density(0.5));
        }
    }

    #[test]
    fn what_has_no_scale_has_no_prior() {
        let month = Key::count("a", 4, 1, 12).unit("month of the year").assumed("a");
        let none = Key::real("a", 0.0, 0.0, 100.0).assumed("a");
        let signed = Key::real("a", 0.5, -1.0, 1.0).assumed("a");
        let list = Key::shares("a", &[1.0], &[text("one", "一")]).assumed("a");
        assert!([month, none, signed, list].iter().all(|key| by_grade(key).is_none()));
    }
}
