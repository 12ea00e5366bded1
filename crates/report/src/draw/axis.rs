//! Ticks that people would choose.

use shequ_model::base::month::Month;

/// A range of values and the pixels on which it lies.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Values at the two ends.
    pub values: (f64, f64),
    /// Pixels at the two ends.
    pub pixels: (f64, f64),
}

impl Axis {
    /// The pixel of `value`.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value - self.values.0) / (self.values.1 - self.values.0);
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }
}

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// What stands beside it.
    pub label: String,
}

/// Round values that enclose `low` and `high`, in about `wanted` steps of 1, 2 or 5 times a power of
/// ten.
pub fn round_ticks(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let span = if high > low { high - low } else { high.abs().max(1.0) };
    let step = round_step(span / wanted.max(1) as f64);
    let first = (low / step + 1e-9).floor() as i64;
    let last = ((high / step - 1e-9).ceil() as i64).max(first + 1);
    let decimals = (-libm::log10(step) - 1e-9).ceil().max(0.0) as usize;
    let tick = |i: i64| {
        let value = i as f64 * step;
        Tick { value, label: thousands(&format!("{value:.decimals$}")) }
    };
    (first..=last).map(tick).collect()
}

fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(least).floor());
    [1.0, 2.0, 5.0].map(|s| s * power).into_iter().find(|&s| s >= least).unwrap_or(10.0 * power)
}

/// Groups the digits before the point by thin spaces of ASCII: "12500" becomes "12 500".
fn thousands(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let digits = whole.trim_start_matches('-');
    if digits.len() < 5 {
        return number.replace('-', "−");
    }
    let mut grouped = String::from(if whole.starts_with('-') { "−" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// Januaries, or months of a short run, at most `most` of them.
pub fn date_ticks(start: Month, months: u32, most: usize) -> Vec<Tick> {
    let most = most.max(1) as u32;
    let years = months / 12;
    if years >= 3 {
        let step = [1, 2, 5, 10, 20, 50, 100].into_iter().find(|s| years.div_ceil(*s) <= most).unwrap_or(100);
        return (0..months)
            .filter(|&m| start.plus(m).of_year() == 1 && start.plus(m).year() % step as i32 == 0)
            .map(|m| Tick { value: m.into(), label: start.plus(m).year().to_string() })
            .collect();
    }
    let step = [1, 2, 3, 6, 12].into_iter().find(|s| months.div_ceil(*s) <= most).unwrap_or(12);
    let on_step = |m: &u32| (start.plus(*m).of_year() - 1).is_multiple_of(step);
    (0..months).filter(on_step).map(|m| Tick { value: m.into(), label: start.plus(m).to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: Vec<Tick>) -> Vec<String> {
        ticks.into_iter().map(|t| t.label).collect()
    }

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        assert_eq!(labels(round_ticks(0.0, 0.93, 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(round_ticks(-3.0, 11.0, 3)), ["−5", "0", "5", "10", "15"]);
        assert_eq!(labels(round_ticks(10_000.0, 12_000.0, 2)), ["10 000", "11 000", "12 000"]);
        assert_eq!(labels(round_ticks(2.0, 2.0, 1)), ["2", "4"]);
    }

    #[test]
    fn long_runs_are_marked_by_years_and_short_ones_by_months() {
        let start = Month::new(2017, 7);
        assert_eq!(labels(date_ticks(start, 48, 10)), ["2018", "2019", "2020", "2021"]);
        assert_eq!(labels(date_ticks(start, 120, 5)), ["2018", "2020", "2022", "2024", "2026"]);
        assert_eq!(labels(date_ticks(start, 7, 3)), ["2017-07", "2017-10", "2018-01"]);
        assert_eq!(labels(date_ticks(start, 1, 3)), ["2017-07"]);
    }
}
