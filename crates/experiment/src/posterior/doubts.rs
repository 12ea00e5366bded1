//! What is perhaps not meant: columns of a posterior that an experiment does not use, or not everywhere.

use super::{Posterior, is_own};
use crate::file::Experiment;
use crate::idle::is_idle;
use crate::plan::Row;
use crate::study::Study;
use shequ_model::base::i18n::{both, listed};
use shequ_model::base::problem::Problem;
use shequ_model::scenario::Loaded;

/// What is to be said of the posterior of `experiment`.
pub fn of(experiment: &Experiment) -> Vec<Problem> {
    let Some(posterior) = &experiment.posterior else { return Vec::new() };
    let study = Study::new(experiment);
    let said = |key: &String| {
        let all = [overruled(&study, key), by_arms(experiment, key), changed(experiment, key)];
        let all: Vec<Problem> = all.into_iter().flatten().collect();
        match all.is_empty() {
            true => not_in_force(&study, posterior, key).into_iter().collect(),
            false => all,
        }
    };
    posterior.keys.iter().flat_map(said).collect()
}

/// A key that the design varies, or the contest.
fn overruled(study: &Study, key: &str) -> Option<Problem> {
    let varies = study.rows.first().is_some_and(|row| row.keys.iter().any(|own| own == key));
    varies.then(|| {
        let message = both!(
            "`{key}` varies in this experiment, whose values are used in place of the posterior's",
            "`{key}` 在此实验中变化，采用实验的取值，不用后验的"
        );
        Problem::new(message).of(key)
    })
}

/// A key that arms set: a policy is what its author says, whatever is known of the parameter.
fn by_arms(experiment: &Experiment, key: &str) -> Option<Problem> {
    let set = |loaded: &Loaded| is_own(&experiment.base, loaded, key) || is_changed(loaded, key);
    let by_base = is_changed(&experiment.base, key);
    let arms = experiment.arms.iter().filter(|arm| !by_base && set(&arm.loaded));
    let names: Vec<String> = arms.map(|arm| format!("\"{}\"", arm.name)).collect();
    (!names.is_empty()).then(|| {
        let message = both!(
            "`{key}` is set by {arms}, where that value holds in place of the posterior's",
            "`{key}` 由方案 {arms} 设定，在该方案中以其取值为准，不用后验的";
            key = key, arms = listed(names.iter().map(String::as_str))
        );
        Problem::new(message).of(key)
    })
}

/// A key that the base changes at some date.
fn changed(experiment: &Experiment, key: &str) -> Option<Problem> {
    is_changed(&experiment.base, key).then(|| {
        let message = both!(
            "`{key}` changes in the course of the base, and from then on no longer follows the posterior",
            "`{key}` 在基准情景中途变化，此后不再依后验取值"
        );
        Problem::new(message).of(key)
    })
}

fn is_changed(loaded: &Loaded, key: &str) -> bool {
    loaded.draft.changes.iter().flat_map(|change| &change.entries).any(|entry| entry.path == key)
}

/// A key that no run uses, of a theory or an institution that is nowhere in force.
fn not_in_force(study: &Study, posterior: &Posterior, key: &str) -> Option<Problem> {
    let of_side = |side: usize| {
        let rows: Vec<&Row> =
            (0..).zip(&study.rows).filter(|(n, _)| study.place(*n).1 == side).map(|(_, row)| row).collect();
        let Some(first) = rows.first() else { return true };
        // A draw may itself choose the theory.
        let draws = |row: &Row| {
            row.draws.clone().map(|draws| {
                (0..posterior.draws.len()).map(move |choice| draws.under(choice, row)).collect::<Vec<_>>()
            })
        };
        let under: Vec<Row> = draws(first).unwrap_or_default();
        is_idle(key, &rows) && is_idle(key, &under.iter().collect::<Vec<_>>())
    };
    (0..study.sides()).all(of_side).then(|| {
        let message = both!(
            "`{key}` is not in force in any of these scenarios, so its draws change nothing",
            "`{key}` 在这些情景中均未生效，其抽样不改变任何结果"
        );
        Problem::new(message).of(key)
    })
}
