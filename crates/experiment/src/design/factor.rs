//! What an experiment varies: a scenario key, and the values that it takes.

use toml::Value;

use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Key, Kind};
use shequ_model::scenario::value::number_of;

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
            | Kind::Formula
            | Kind::Month
            | Kind::Shares(_)
            | Kind::Each { .. }
            | Kind::Numbers { .. }
            | Kind::Rows { .. }
            | Kind::Communities
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
        number_of(value).unwrap_or_else(|| match &self.range {
            Range::Levels(values) => place(values),
            _ => f64::NAN,
        })
    }

    /// How many words or switches it lists; `None` if its values are numbers, which have an order.
    pub fn words(&self) -> Option<usize> {
        match &self.range {
            Range::Levels(values) => {
                values.iter().any(|value| number_of(value).is_none()).then_some(values.len())
            }
            _ => None,
        }
    }

    /// How far the value moves between two points of the unit interval, as a part of its whole range. Numbers
    /// are as far apart as their values, those of a range by logarithm as their logarithms. Words have no
    /// distance: another word is a whole step, which counts backwards if it stands earlier in the list.
    pub fn step(&self, from: f64, to: f64) -> f64 {
        let (Range::Whole { .. } | Range::Levels(_)) = self.range else { return to - from };
        let moved = self.coordinate(&self.at(to)) - self.coordinate(&self.at(from));
        match self.width() {
            Some(width) if width > 0.0 => moved / width,
            Some(_) => 0.0,
            None if moved == 0.0 => 0.0,
            None => moved.signum(),
        }
    }

    /// From the least to the greatest of its numbers; `None` of words.
    fn width(&self) -> Option<f64> {
        match &self.range {
            Range::Linear { low, high } | Range::Log { low, high } => Some(high - low),
            Range::Whole { low, high } => Some(high.abs_diff(*low) as f64),
            Range::Levels(values) => {
                let numbers: Vec<f64> = values.iter().map(number_of).collect::<Option<_>>()?;
                let greatest = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                Some(greatest - numbers.into_iter().fold(f64::INFINITY, f64::min))
            }
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

    #[test]
    fn a_step_is_the_part_of_the_range_that_the_value_really_moves() {
        let flag = factor(Range::Levels([false, true].map(Value::from).to_vec()));
        let words = factor(Range::Levels(["a", "b", "c"].map(Value::from).to_vec()));
        let numbers = factor(Range::Levels([1, 2, 5].map(Value::from).to_vec()));
        let whole = factor(Range::Whole { low: 3, high: 7 });
        let log = factor(Range::Log { low: 0.01, high: 1.0 });
        let step = 2.0 / 3.0;
        // Of five whole numbers the first of four levels is the lowest and the third the fourth.
        assert_eq!([&flag, &whole, &log].map(|of| of.step(0.0, step)), [1.0, 0.75, step]);
        assert_eq!([&flag, &words].map(|of| of.step(1.0, 1.0 / 3.0)), [-1.0; 2]);
        assert_eq!((numbers.step(0.0, 0.5), numbers.step(0.5, 1.0)), (0.25, 0.75));
        assert_eq!((words.step(0.5, 0.6), words.step(0.1, 0.9)), (0.0, 1.0));
        // Of one value alone there is no step.
        assert_eq!(factor(Range::Levels(vec![Value::from(1)])).step(0.0, 1.0), 0.0);
    }
}
