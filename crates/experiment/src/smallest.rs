//! The smallest effect that matters of each outcome.

use crate::outcome::Outcome;
use shequ_model::base::i18n::{Both, both};

/// Of the level without the policy: a smaller change would not be seen in the figures of one community from one year
/// to the next.
pub const PART: f64 = 0.1;
/// Of a share at most: one resident of a hundred, about the standard error of a survey of 2,500.
pub const POINT: f64 = 0.01;

/// The smallest effects that somebody set, in the units of their outcomes; of all others the default holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Smallest(pub Vec<(Outcome, f64)>);

impl Smallest {
    /// Of `outcome`, where it is `base` without the policy: what was set or, by default, a tenth of `base`, of shares
    /// at most a point. 0 where that level is 0; NaN where there is none.
    pub fn of(&self, outcome: Outcome, base: f64) -> f64 {
        let set = self.0.iter().find(|(of, _)| *of == outcome);
        let part = PART * base.abs();
        match set {
            Some((_, smallest)) => *smallest,
            None if outcome.metric.unit == "share" && part > POINT => POINT,
            None => part,
        }
    }
}

/// What is wrong with `smallest` as an effect that matters.
///
/// # Errors
/// It is not a number above zero.
pub fn checked(smallest: f64) -> Result<f64, Both> {
    match smallest > 0.0 && smallest.is_finite() {
        true => Ok(smallest),
        false => Err(both!(
            "must be a number above 0, in the unit of the outcome",
            "须为大于 0 的数，单位与结果相同"
        )),
    }
}

/// An outcome and the smallest effect on it that matters, of `METRIC=NUMBER`.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<(Outcome, f64), Both> {
    let Some((name, number)) = text.split_once('=') else {
        return Err(both!(
            "write METRIC=NUMBER, such as participation=0.01",
            "请写成 METRIC=NUMBER，如 participation=0.01"
        ));
    };
    let number = number.trim().parse().unwrap_or(f64::NAN);
    let of = |what: Both| both!("`{text}` {what}", "`{text}` {what}"; text = text, what = what);
    Ok((Outcome::named(name.trim())?, checked(number).map_err(of)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_it_is_a_tenth_of_the_level_and_of_shares_at_most_a_point() {
        let [participation, proposals, days] = ["participation", "participation.proposal", "response.days"]
            .map(|name| Outcome::named(name).unwrap());
        let default = Smallest::default();
        assert_eq!(default.of(participation, 0.3), 0.01);
        assert!((default.of(proposals, 0.02) - 0.002).abs() < 1e-12);
        assert!((default.of(days, 7.0) - 0.7).abs() < 1e-12);
        assert_eq!(default.of(days, 0.0), 0.0);
        assert!(default.of(days, f64::NAN).is_nan());
        assert_eq!(Smallest(vec![(days, 2.0)]).of(days, 7.0), 2.0);
    }

    #[test]
    fn an_option_is_a_metric_and_a_number_above_zero() {
        let (outcome, number) = parse("trust.committee = 0.02").unwrap();
        assert_eq!((outcome.name(), number), ("trust.committee", 0.02));
        for (text, said) in [
            ("trust.committee", "METRIC=NUMBER"),
            ("trust.committees=0.02", "did you mean `trust.committee`?"),
            ("trust.committee=0", "`trust.committee=0` must be a number above 0"),
            ("trust.committee=-1", "above 0"),
            ("trust.committee=few", "above 0"),
            ("trust.committee=inf", "above 0"),
        ] {
            assert!(parse(text).unwrap_err().en.contains(said), "{text}");
        }
    }
}
