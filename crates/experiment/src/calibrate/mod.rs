//! Parameters fitted to targets: which values are plausible after all that was observed, and how plausible.
//!
//! | step | module |
//! |---|---|
//! | what is fitted to what | here |
//! | what a figure would be where nothing was run | [`emulator`] |
//! | where a cost is low under the prior | [`particles`] |
//! | which points are run next, and what the last are worth | [`waves`] |
//! | points as rows of a study, and figures from its records | `rows` |
//! | what was learnt, and its tables | [`learnt`], `tables` |

mod cholesky;
pub mod emulator;
pub mod learnt;
pub mod particles;
pub(crate) mod rows;
pub(crate) mod tables;
pub mod waves;

use std::fmt::Write;

use toml::Value;

use crate::design::Factor;
use crate::file::resolved::{quoted, range};
use crate::file::{Arm, PRIOR};
use crate::targets::measure::reports;
use crate::targets::score::{of_runs, runs};
use crate::targets::{Target, Use};
use shequ_model::base::math::normal_share;
use shequ_model::base::params::Kind;
use shequ_model::base::prior::Prior;
use shequ_model::base::problem::Problems;
use shequ_model::scenario::value::number_of;
use shequ_model::scenario::{Loaded, index};
use waves::{Pace, Purpose};

/// Digits of a value of a parameter: more would be no knowledge, and hard to read.
const DIGITS: usize = 6;

/// What is believed of a parameter before the targets are looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Believed {
    /// The prior that is written at the parameter.
    Prior(Prior),
    /// All values of a range alike.
    Range(Factor),
}

/// A parameter that is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Dotted path of its key.
    pub key: String,
    /// What is believed of it before.
    pub believed: Believed,
}

impl Parameter {
    /// The key that its prior is in units of.
    fn of(&self) -> Option<&'static str> {
        match &self.believed {
            Believed::Prior(prior) => prior.of,
            Believed::Range(_) => None,
        }
    }

    /// The value at coordinate `z`, standard normal a priori; `unit` is what the prior is in units of.
    fn value(&self, z: f64, unit: f64) -> Value {
        let share = normal_share(z);
        let value = match &self.believed {
            Believed::Range(factor) => factor.at(share),
            Believed::Prior(prior) => Value::Float(prior.quantile(share) * unit),
        };
        let kind = index().key(&self.key).map(|key| &key.kind);
        match (value, kind) {
            (Value::Float(number), Some(Kind::Count { low, high })) => {
                Value::Integer((libm::round(number) as i64).clamp(*low, *high))
            }
            (Value::Float(number), Some(Kind::Real { low, high })) => {
                Value::Float(rounded(number).clamp(*low, *high))
            }
            (value, _) => value,
        }
    }
}

/// A number with [`DIGITS`] digits.
fn rounded(number: f64) -> f64 {
    format!("{number:.digits$e}", digits = DIGITS - 1).parse().unwrap_or(number)
}

/// What is fitted to what, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The targets, held back ones included.
    pub targets: Vec<Target>,
    /// Their table as it was read.
    pub text: String,
    /// How it goes about it.
    pub pace: Pace,
    /// Settings of each run that targets ask for, beside the values of the parameters; the first has none.
    settings: Vec<Vec<String>>,
}

impl Calibration {
    /// `text` is the table of the `targets`.
    pub fn new(parameters: Vec<Parameter>, targets: Vec<Target>, text: String, pace: Pace) -> Calibration {
        let asked = runs(&targets).into_iter().filter(|settings| !settings.is_empty());
        let settings = std::iter::once(Vec::new()).chain(asked.map(<[String]>::to_vec)).collect();
        Calibration { parameters, targets, text, pace, settings }
    }

    /// The scenario that parameters are fitted in, with the reports that targets are read from.
    ///
    /// # Errors
    /// None that a scenario which was loaded can give.
    pub fn base(&self, base: &Loaded) -> Result<Loaded, Problems> {
        base.with(&reports())
    }

    /// The runs that targets ask for beside that of `base`.
    ///
    /// # Errors
    /// All that is wrong with their settings, each with the targets that ask for it.
    pub fn arms(&self, base: &Loaded) -> Result<Vec<Arm>, Problems> {
        of_runs(&self.targets, self.settings[1..].iter().map(Vec::as_slice), &|settings| {
            Ok(Arm {
                name: settings.join("; "),
                name_zh: String::new(),
                loaded: base.with(settings)?,
                within: None,
            })
        })
    }

    /// The run that `settings` ask for: 0 is the base's, the others are the arms'.
    fn run_of(&self, settings: &[String]) -> usize {
        self.settings.iter().position(|known| known == settings).unwrap_or(0)
    }

    /// True if a target is read from a run.
    fn asks(&self, target: usize, run: usize) -> bool {
        self.targets[target].runs().any(|settings| self.run_of(settings) == run)
    }

    /// The runs that a wave is made of, in order: those of the targets that are fitted or, of what is held back, of
    /// the targets that those do not tell.
    pub fn runs(&self, purpose: Purpose) -> Vec<usize> {
        let fitted = self.runs_of(|target| target.used == Use::Fit);
        match purpose {
            Purpose::History | Purpose::Draws => fitted,
            Purpose::HeldBack => {
                self.runs_of(|target| target.runs().any(|settings| !fitted.contains(&self.run_of(settings))))
            }
        }
    }

    /// The runs of some targets, in order.
    fn runs_of(&self, counts: impl Fn(&Target) -> bool) -> Vec<usize> {
        let asked = self.targets.iter().filter(|target| counts(target)).flat_map(Target::runs);
        let mut runs: Vec<usize> = asked.map(|settings| self.run_of(settings)).collect();
        runs.sort_unstable();
        runs.dedup();
        runs
    }

    /// The values of all parameters at a point. A prior in units of another key takes its value, fitted or not,
    /// from the same point.
    pub fn values(&self, point: &[f64], base: &Loaded) -> Vec<Value> {
        (0..self.parameters.len()).map(|at| self.value_at(at, point, base)).collect()
    }

    /// The value of one of them. That key may be in units of a third: a test of the model holds that this ends.
    fn value_at(&self, at: usize, point: &[f64], base: &Loaded) -> Value {
        let unit = |key: &str| {
            let fitted = self.parameters.iter().position(|parameter| parameter.key == key);
            let value = match fitted {
                Some(other) => Some(self.value_at(other, point, base)),
                None => base.value(key).map(|given| given.value.clone()),
            };
            value.as_ref().and_then(number_of).unwrap_or(1.0)
        };
        let parameter = &self.parameters[at];
        parameter.value(point[at], parameter.of().map_or(1.0, unit))
    }

    /// As TOML, but for the targets.
    pub fn resolved(&self) -> String {
        let Pace { waves, points, draws, cut_off, seed } = self.pace;
        let cut_off = Value::Float(cut_off);
        let mut text = format!(
            "\n[calibrate]\nwaves = {waves}\npoints = {points}\ndraws = {draws}\ncut_off = {cut_off}\nseed = {seed}\n\
             \n[vary]\n"
        );
        for Parameter { key, believed } in &self.parameters {
            let believed = match believed {
                Believed::Prior(_) => quoted(PRIOR),
                Believed::Range(factor) => range(&factor.range),
            };
            let _ = writeln!(text, "{} = {believed}", quoted(key));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::prior::{beta, log_normal};
    use shequ_model::scenario::Scenario;

    fn fitted(key: &str, prior: Prior) -> Parameter {
        Parameter { key: key.into(), believed: Believed::Prior(prior) }
    }

    #[test]
    fn a_prior_in_units_of_another_parameter_takes_its_value_from_the_same_point() {
        let base = Scenario::from_text("a.toml", "name = \"A\"", &[]).unwrap();
        let loss = fitted("residents.habit_loss", beta(2.0, 4.0).of("residents.habit_gain"));
        let gain = fitted("residents.habit_gain", log_normal(0.2, 0.6));
        let pace = Pace { waves: 1, points: 8, draws: 20, cut_off: 3.0, seed: 1 };
        let of = |parameters: Vec<Parameter>, point: &[f64]| {
            let values = Calibration::new(parameters, Vec::new(), String::new(), pace).values(point, &base);
            values.iter().map(|value| value.as_float().unwrap()).collect::<Vec<_>>()
        };
        // Whatever comes first: median .2, times the median of the beta law, .3138.
        let both = of(vec![loss.clone(), gain], &[0.0, 0.0]);
        assert!((both[1] - 0.2).abs() < 1e-6 && (both[0] - 0.2 * 0.3138).abs() < 1e-4, "{both:?}");
        // A unit may be in units of a third: .2 · .3138 · .5.
        let third = fitted("residents.skill_gain", log_normal(0.5, 0.1).of("residents.habit_loss"));
        let gain = fitted("residents.habit_gain", log_normal(0.2, 0.6));
        let chain = of(vec![third, loss.clone(), gain], &[0.0; 3]);
        assert!((chain[0] - 0.2 * 0.3138 * 0.5).abs() < 1e-4, "{chain:?}");
        // Alone it is in units of the scenario's own value.
        let own = base.value("residents.habit_gain").unwrap().value.as_float().unwrap();
        assert!((of(vec![loss], &[0.0])[0] - own * 0.3138).abs() < 1e-4);
    }

    #[test]
    fn values_have_six_digits_and_stay_within_their_keys() {
        assert_eq!((rounded(0.123_456_789), rounded(-1234.5678), rounded(0.0)), (0.123457, -1234.57, 0.0));
        let whole = fitted("population.communities", log_normal(3.0, 5.0));
        assert_eq!(whole.value(0.0, 1.0), Value::Integer(3));
        assert_eq!(whole.value(-6.0, 1.0), Value::Integer(1));
    }
}
