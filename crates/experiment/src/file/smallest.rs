//! `smallest_effect`: how large effects must be to matter.

use toml::de::{DeTable, DeValue};

use super::Overrides;
use super::reading::File;
use super::vary::number;
use crate::outcome::Outcome;
use crate::smallest::{Smallest, checked};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::{Problem, Problems};

/// The key.
const KEY: &str = "smallest_effect";

/// What the file of a comparison of `outcomes` says, and before it the command line.
pub fn of_file(file: &mut File, keys: &DeTable, outcomes: &[Outcome]) -> Smallest {
    let mut all = Vec::new();
    match keys.get(KEY).map(|value| (value, value.get_ref())) {
        None => {}
        Some((_, DeValue::Table(table))) => {
            for (name, value) in table {
                let smallest = || checked(number(value.get_ref()).unwrap_or(f64::NAN));
                match Outcome::named(name.get_ref()).and_then(|outcome| Ok((outcome, smallest()?))) {
                    Ok(one) => all.push(one),
                    Err(what) => {
                        let name = name.get_ref();
                        let message = both!("`{key}` of `{name}`: {what}", "`{key}` 中的 `{name}`：{what}"; key = KEY, name = name, what = what);
                        file.wrong(Problem::new(message).of(KEY).at(file.reader.place(value)));
                    }
                }
            }
        }
        Some((value, _)) => {
            let message = both!("`{key}` must be a table of metrics and numbers", "`{key}` 必须是由指标与数值组成的表"; key = KEY);
            let problem = Problem::new(message).of(KEY).at(file.reader.place(value));
            file.wrong(problem.help(both!(
                "for example: {key} = {{ participation = 0.01 }}",
                "例如：{key} = {{ participation = 0.01 }}";
                key = KEY
            )));
        }
    }
    let smallest = together(all, file.overrides);
    for message in not_taken(&smallest, outcomes) {
        let problem = file.about(KEY, keys, message);
        file.wrong(problem);
    }
    smallest
}

/// What the command line says of a comparison of `outcomes`.
pub fn of_option(outcomes: &[Outcome], overrides: &Overrides, problems: &mut Problems) -> Smallest {
    let smallest = together(Vec::new(), overrides);
    not_taken(&smallest, outcomes).for_each(|message| problems.push(Problem::new(message).of(KEY)));
    smallest
}

fn together(of_file: Vec<(Outcome, f64)>, overrides: &Overrides) -> Smallest {
    Smallest(overrides.smallest.iter().copied().chain(of_file).collect())
}

fn not_taken(smallest: &Smallest, outcomes: &[Outcome]) -> impl Iterator<Item = Both> {
    let missing = smallest.0.iter().filter(|(outcome, _)| !outcomes.contains(outcome));
    missing.map(|(outcome, _)| {
        both!(
            "`{key}` names `{outcome}`, which is not among the outcomes",
            "`{key}` 指明 `{outcome}`，但它不在所取的结果之中";
            key = KEY, outcome = outcome.name()
        )
    })
}
