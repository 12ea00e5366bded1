//! What a check sees of a replicate, and what it makes of it.

use super::case::{Check, OfMonths};
use super::quantity::Quantity;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::stats::estimate;
use shequ_model::simulation::Simulation;

/// Months that a check looks at, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The last month of the run.
    Last,
    /// From one month to before another.
    Months(u32, u32),
}

impl Span {
    /// For serde, which wants a function.
    pub fn last() -> Span {
        Span::Last
    }

    /// "last", "12" or "1..12", counted from 1, within the months of the run.
    pub fn read(text: &str, months: u32) -> Result<Span, Both> {
        if text == "last" {
            return Ok(Span::Last);
        }
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        match (from.trim().parse::<u32>(), to.trim().parse::<u32>()) {
            (Ok(from), Ok(to)) if from >= 1 && from <= to && to <= months => Ok(Span::Months(from - 1, to)),
            (Ok(_), Ok(_)) => {
                Err(both!("the scenario has months 1 to {months}", "情景只有第 1 至 {months} 个月"))
            }
            _ => Err(both!(
                "months are \"last\", a number such as \"12\", or two such as \"1..12\"",
                "月份写作 \"last\"，或一个数，如 \"12\"，或两个数，如 \"1..12\""
            )),
        }
    }

    fn holds(self, month: u32) -> bool {
        matches!(self, Span::Months(from, to) if (from..to).contains(&month))
    }

    /// True if nothing after `month` is looked at, or if nobody knows yet when the end will be.
    pub fn ends_by(self, month: u32) -> bool {
        matches!(self, Span::Months(_, to) if to <= month + 1)
    }
}

/// What one check has seen of one replicate: for each unit, the months looked at.
pub struct Sight<'a> {
    check: &'a Check,
    units: Vec<Vec<f64>>,
}

impl<'a> Sight<'a> {
    /// Nothing seen yet.
    pub fn new(check: &'a Check) -> Sight<'a> {
        Sight { check, units: Vec::new() }
    }

    /// Looks at `month`, of which it is known whether it is the last.
    pub fn look(&mut self, simulation: &Simulation, month: u32, is_last: bool) {
        let wanted = match self.check.months {
            Span::Last => is_last,
            months => months.holds(month),
        };
        if wanted {
            let quantity = self.check.quantity.iter();
            let see = |quantity: &Quantity| quantity.see(&simulation.communities, &simulation.citywide);
            let values: Vec<f64> = quantity.flat_map(see).collect();
            self.units.resize(values.len(), Vec::new());
            self.units.iter_mut().zip(values).for_each(|(unit, value)| unit.push(value));
        }
    }

    /// One number for each unit, or for each of its months.
    pub fn numbers(&self) -> Vec<f64> {
        let of = |months: &Vec<f64>| match self.check.of_months {
            OfMonths::Mean => vec![estimate(months.iter().copied()).mean],
            OfMonths::Sum => vec![months.iter().filter(|value| !value.is_nan()).sum()],
            OfMonths::Each => months.clone(),
            OfMonths::Autocorrelation => vec![autocorrelation(months)],
        };
        self.units.iter().flat_map(of).collect()
    }
}

/// Correlation of neighbouring values, about the mean of all.
fn autocorrelation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let about: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let square: f64 = about.iter().map(|a| a * a).sum();
    about.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / square
}

/// What a check makes of the numbers of all replicates.
pub fn measured(check: &Check, numbers: &[f64]) -> f64 {
    let value = match check.above {
        _ if numbers.is_empty() || numbers.iter().any(|n| n.is_nan()) => f64::NAN,
        Some(bound) => numbers.iter().filter(|&&n| n > bound).count() as f64 / numbers.len() as f64,
        None => numbers.iter().sum::<f64>() / numbers.len() as f64,
    };
    check.shift + check.scale * value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_from_one_and_must_be_simulated() {
        assert_eq!(Span::read("last", 12), Ok(Span::Last));
        assert_eq!(Span::read("12", 12), Ok(Span::Months(11, 12)));
        assert_eq!(Span::read("1..12", 12), Ok(Span::Months(0, 12)));
        for wrong in ["0", "13", "5..4", "soon", "1..", ""] {
            assert!(Span::read(wrong, 12).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_series_that_alternates_is_correlated_with_itself_by_nearly_minus_one() {
        let alternating: Vec<f64> = (0..1_000).map(|k| (k % 2) as f64).collect();
        assert!((autocorrelation(&alternating) + 0.999).abs() < 1e-9);
    }
}
