//! What an experiment varies: a scenario key, and the values that it takes.

use toml::Value;

use crate::base::about::{Key, Kind};
use crate::base::words::{Both, both};

/// A scenario key that varies.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Dotted path of the key.
    pub key: String,
    /// The values that it takes.
    pub range: Range,
}

/// Values of a factor, laid out along the unit interval.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// Numbers from `low` to `high`, evenly spread.
    Linear {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Numbers from `low` > 0 to `high`, their logarithms evenly spread.
    Log {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Whole numbers from `low` to `high`, each with an equal part of the interval.
    Whole {
        /// Least value.
        low: i64,
        /// Greatest value.
        high: i64,
    },
    /// Listed values, each with an equal part of the interval, in this order.
    Levels(Vec<Value>),
}

impl Factor {
    /// `path`, described by `key`, from `low` to `high`; `log` spreads logarithms evenly.
    ///
    /// # Errors
    /// What is wrong with the range, as a sentence that continues "`path` …".
    pub fn between(path: &str, key: &Key, low: f64, high: f64, log: bool) -> Result<Factor, Both> {
        let (least, most) = match key.kind {
            Kind::Real { low, high } => (low, high),
            Kind::Count { low, high } => (low as f64, high as f64),
            _ => {
                return Err(both!(
                    "is not a number: list the values that it takes ({allowed})",
                    "不是数：请列出它的取值（{allowed}）";
                    allowed = key.allowed()
                ));
            }
        };
        let inside = |end: f64| (least..=most).contains(&end);
        if !inside(low) || !inside(high) {
            return Err(both!(
                "goes from {low} to {high}, but must be {allowed}",
                "的范围是 {low} 至 {high}，但应为 {allowed}";
                allowed = key.allowed(), low = low, high = high
            ));
        }
        if low >= high {
            return Err(both!(
                "goes from {low} to {high}: `low` must be less than `high`",
                "的范围是 {low} 至 {high}：`low` 必须小于 `high`"
            ));
        }
        let range = match key.kind {
            Kind::Count { .. } if log => {
                return Err(both!("is a whole number, which has no `log` range", "是整数，没有 `log` 范围"));
            }
            Kind::Count { .. } if low.fract() != 0.0 || high.fract() != 0.0 => {
                return Err(both!(
                    "is a whole number: `low` and `high` must be so too",
                    "是整数：`low` 与 `high` 也必须是整数"
                ));
            }
            Kind::Count { .. } => Range::Whole { low: low as i64, high: high as i64 },
            _ if log && low <= 0.0 => {
                return Err(both!("with `log` must begin above 0", "使用 `log` 时必须从大于 0 的数开始"));
            }
            _ if log => Range::Log { low, high },
            _ => Range::Linear { low, high },
        };
        Ok(Factor { key: path.into(), range })
    }

    /// `path` with listed values, which fit its key.
    ///
    /// # Errors
    /// What is wrong with the list, as a sentence that continues "`path` …".
    pub fn listed(path: &str, values: Vec<Value>) -> Result<Factor, Both> {
        if values.is_empty() {
            return Err(both!("lists no values", "没有列出取值"));
        }
        Ok(Factor { key: path.into(), range: Range::Levels(values) })
    }

    /// `path` with all that its key may hold; `None` if that is neither numbers nor words.
    pub fn whole(path: &str, key: &Key) -> Option<Factor> {
        let range = match &key.kind {
            Kind::Real { low, high } => Range::Linear { low: *low, high: *high },
            Kind::Count { low, high } => Range::Whole { low: *low, high: *high },
            Kind::Flag => Range::Levels(vec![Value::Boolean(false), Value::Boolean(true)]),
            Kind::Choice(words) => Range::Levels(words.iter().map(|word| word.name.into()).collect()),
            Kind::Text
            | Kind::Month
            | Kind::Shares(_)
            | Kind::Numbers { .. }
            | Kind::Rows { .. }
            | Kind::Election => return None,
        };
        Some(Factor { key: path.into(), range })
    }

    /// The value at `u` in [0, 1].
    pub fn at(&self, u: f64) -> Value {
        // Part number floor(u·n) of n equal parts; the right end belongs to the last.
        let part = |n: u64| ((u * n as f64) as u64).min(n - 1);
        match &self.range {
            Range::Linear { low, high } => Value::Float(low + u * (high - low)),
            Range::Log { low, high } => {
                let (from, to) = (libm::log(*low), libm::log(*high));
                // Rounding must not lead out of the range.
                Value::Float(libm::exp(from + u * (to - from)).clamp(*low, *high))
            }
            Range::Whole { low, high } => Value::Integer(low + part(high.abs_diff(*low) + 1) as i64),
            Range::Levels(values) => values[part(values.len() as u64) as usize].clone(),
        }
    }

    /// A number for a value of this factor: the value itself, or its place in the list of values.
    pub fn coordinate(&self, value: &Value) -> f64 {
        let place = |values: &[Value]| values.iter().position(|v| v == value).map_or(f64::NAN, |i| i as f64);
        match (value, &self.range) {
            (Value::Float(number), _) => *number,
            (Value::Integer(number), _) => *number as f64,
            (_, Range::Levels(values)) => place(values),
            _ => f64::NAN,
        }
    }

    /// The value that stands for `number` in a table of numbers: a whole number is rounded, and the parts
    /// of a list of n values are one long, from 0 to n. `None` outside the range.
    pub fn nearest(&self, number: f64) -> Option<Value> {
        match &self.range {
            Range::Linear { low, high } | Range::Log { low, high } => {
                (low..=high).contains(&&number).then_some(Value::Float(number))
            }
            Range::Whole { low, high } => {
                let whole = number.round();
                (*low as f64..=*high as f64).contains(&whole).then_some(Value::Integer(whole as i64))
            }
            Range::Levels(values) => {
                let last = values.len() - 1;
                let inside = (0.0..=values.len() as f64).contains(&number);
                inside.then(|| values[(number as usize).min(last)].clone())
            }
        }
    }

    /// The numbers that [`Factor::nearest`] takes, in one phrase.
    pub fn allowed(&self) -> Both {
        match &self.range {
            Range::Linear { low, high } | Range::Log { low, high } => {
                both!("a number from {low} to {high}", "{low} 至 {high} 的数")
            }
            Range::Whole { low, high } => {
                both!("a whole number from {low} to {high}", "{low} 至 {high} 的整数")
            }
            Range::Levels(values) => both!(
                "a number from 0 to {n}, each listed value one long",
                "0 至 {n} 的数，所列取值各占一个单位";
                n = values.len()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(range: Range) -> Factor {
        Factor { key: "a".into(), range }
    }

    #[test]
    fn a_range_is_met_at_its_ends_and_in_its_middle() {
        let linear = factor(Range::Linear { low: -1.0, high: 3.0 });
        let at = |f: &Factor, u| f.at(u).as_float().unwrap();
        assert_eq!([at(&linear, 0.0), at(&linear, 0.5), at(&linear, 1.0)], [-1.0, 1.0, 3.0]);
        let log = factor(Range::Log { low: 0.01, high: 100.0 });
        assert_eq!([at(&log, 0.0), at(&log, 1.0)], [0.01, 100.0]);
        assert!((at(&log, 0.5) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn whole_numbers_and_words_have_equal_parts() {
        let whole = factor(Range::Whole { low: -1, high: 2 });
        let words = factor(Range::Levels(["a", "b", "c", "d"].map(Value::from).to_vec()));
        let mut counts = [[0; 4]; 2];
        for i in 0..400 {
            let u = i as f64 / 400.0;
            counts[0][(whole.at(u).as_integer().unwrap() + 1) as usize] += 1;
            counts[1]["abcd".find(words.at(u).as_str().unwrap()).unwrap()] += 1;
        }
        assert_eq!(counts, [[100; 4]; 2]);
        assert_eq!((whole.at(1.0), words.at(1.0)), (Value::Integer(2), Value::from("d")));
    }

    #[test]
    fn a_range_must_fit_its_key() {
        let wrong = |key: Key, low, high, log| Factor::between("a", &key, low, high, log).unwrap_err().en;
        let share = || Key::share("a", 0.5);
        assert!(wrong(share(), 0.0, 2.0, false).contains("from 0 to 1"));
        assert!(wrong(share(), 0.5, 0.5, false).contains("less than"));
        assert!(wrong(share(), 0.0, 1.0, true).contains("above 0"));
        assert!(wrong(share(), f64::NAN, 1.0, false).contains("NaN"));
        assert!(wrong(Key::count("a", 1, 0, 9), 0.5, 3.0, false).contains("whole"));
        assert!(wrong(Key::flag("a", true), 0.0, 1.0, false).contains("true or false"));
    }
}
