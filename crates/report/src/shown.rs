//! How the numbers of a metric are written for people.

use shequ_model::base::i18n::Language;
use shequ_model::base::params::{Text, text};
use shequ_model::base::stats::Estimate;
use shequ_model::base::units::unit;
use shequ_model::metric::Metric;

/// The unit of levels such as trust, which tables hold from 0 to 1.
pub const POINTS: Text = text("points (0–100)", "分（0–100）");

/// What is measured in points.
pub const POINTS_NOTE: Text =
    text("Trust, satisfaction and efficacy are in points (0–100).", "信任、满意度与效能感以分（0–100）计。");

/// How a metric is shown: its name, and its numbers in a unit that people read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Its name.
    pub name: Text,
    /// The unit in which it is shown.
    pub unit: Text,
    /// By which its values are multiplied.
    pub factor: f64,
    /// Digits after the point.
    pub decimals: usize,
}

impl Shown {
    /// How `metric` is shown in `language`.
    pub fn of(metric: &Metric, language: Language) -> Shown {
        let counts_people = ["participation", "turnout", "awareness"];
        let counts_people = counts_people.iter().any(|family| metric.name.starts_with(family));
        let (factor, decimals, unit) = match (metric.unit, language) {
            ("share", _) if counts_people => (100.0, 1, text("%", "%")),
            ("share", _) => (100.0, 1, POINTS),
            ("yuan", Language::En) => (1e-3, 0, text("1000 yuan", "")),
            ("yuan", Language::Zh) => (1e-4, 1, text("", "万元")),
            ("days", _) => (1.0, 1, unit(metric.unit)),
            ("organisations", _) => (1.0, 1, unit(metric.unit)),
            (other, _) => (1.0, 3, unit(other)),
        };
        Shown { name: metric.label, unit, factor, decimals }
    }

    /// Its name, with the unit if that is not the metric's own.
    pub fn label(&self, language: Language) -> String {
        let name = language.of(self.name);
        if self.factor == 1.0 { name.into() } else { format!("{name}, {}", language.of(self.unit)) }
    }

    /// As [`Shown::label`] for a narrow table, under which [`POINTS_NOTE`] has the unit of points.
    pub fn short_label(&self, language: Language) -> String {
        if self.unit == POINTS { language.of(self.name).into() } else { self.label(language) }
    }

    /// The unit of differences: a difference of percentages is one of percentage points.
    pub fn unit_of_differences(&self) -> Text {
        match self.unit.en {
            "%" => text("percentage points", "百分点"),
            _ if self.unit == POINTS => text("points", "分"),
            _ => self.unit,
        }
    }

    /// "–" where there is no value.
    pub fn number(&self, value: f64) -> String {
        match value * self.factor {
            value if value.is_nan() => "–".into(),
            value => unsigned_zero(format!("{value:.*}", self.decimals)),
        }
    }

    /// As [`Shown::change`], with as many digits as give the half width two figures: an effect may be far
    /// smaller than what it is an effect on.
    pub fn effect(&self, e: Estimate) -> String {
        Shown { decimals: self.fine(e), ..*self }.change(e)
    }

    /// `value` with as many digits as [`Shown::effect`] gives `e`.
    pub fn as_fine_as(&self, e: Estimate, value: f64) -> String {
        Shown { decimals: self.fine(e), ..*self }.number(value)
    }

    /// `value` with two figures.
    pub fn with_two_figures(&self, value: f64) -> String {
        self.as_fine_as(by_itself(value), value)
    }

    /// As [`Shown::as_fine_as`], with a sign.
    pub fn signed_as_fine_as(&self, e: Estimate, value: f64) -> String {
        Shown { decimals: self.fine(e), ..*self }.signed(value)
    }

    /// With digits for readers in a hurry: one decimal, or more where one would hide the half width of an interval.
    pub fn rough(&self, half_width: f64) -> Shown {
        let width = half_width * self.factor;
        let wanted = if width > 0.0 { -libm::log10(width).floor() } else { 1.0 };
        Shown { decimals: wanted.clamp(self.decimals.min(1) as f64, 4.0) as usize, ..*self }
    }

    /// `value` with a sign.
    pub fn signed(&self, value: f64) -> String {
        self.change(Estimate { half_width: f64::NAN, ..by_itself(value) })
    }

    fn fine(&self, e: Estimate) -> usize {
        let half_width = e.half_width * self.factor;
        let wanted = 1.0 - libm::log10(half_width).floor();
        if half_width > 0.0 { wanted.clamp(0.0, 8.0) as usize } else { self.decimals }
    }

    /// "+2.1 ± 0.3", or the change alone of a single replicate.
    pub fn change(&self, e: Estimate) -> String {
        let signed = unsigned_zero(format!("{:+.*}", self.decimals, e.mean * self.factor));
        match (e.mean.is_nan(), e.half_width.is_nan()) {
            (true, _) => "–".into(),
            (_, true) => signed,
            _ => format!("{signed} ± {:.*}", self.decimals, e.half_width * self.factor),
        }
    }
}

/// "−0.0" and "+0.0" are 0.0.
pub fn unsigned_zero(number: String) -> String {
    let is_zero = !number.contains(|c: char| ('1'..='9').contains(&c));
    if is_zero { number.trim_start_matches(['+', '-']).into() } else { number }
}

/// An estimate beside which `value` has two figures.
pub fn by_itself(value: f64) -> Estimate {
    Estimate { mean: value, sd: f64::NAN, half_width: value.abs(), n: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_is_as_fine_as_its_interval() {
        let none = text("", "");
        let shown = |factor| Shown { name: none, unit: none, factor, decimals: 1 };
        let effect = |mean, half_width| Estimate { mean, sd: 1.0, half_width, n: 30 };
        assert_eq!(shown(100.0).effect(effect(0.0412345, 0.00108)), "+4.12 ± 0.11");
        assert_eq!(shown(1.0).effect(effect(-1234.5, 77.7)), "-1234 ± 78");
        assert_eq!(shown(1.0).effect(effect(0.0, 0.0)), "0.0 ± 0.0");
        assert_eq!(shown(1.0).effect(effect(2.0, f64::NAN)), "+2.0");
    }

    #[test]
    fn nothing_is_minus_zero() {
        assert_eq!(unsigned_zero("-0.0".into()), "0.0");
        assert_eq!(unsigned_zero("-0.1".into()), "-0.1");
    }
}
