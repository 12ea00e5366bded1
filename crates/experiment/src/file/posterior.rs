//! `posterior` and `lower`: what is known of parameters, and which way is better.

use std::path::Path;
use std::sync::Arc;

use toml::de::DeTable;

use super::reading::File;
use super::{Experiment, Kind, Overrides};
use crate::posterior::{doubts, table};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::{Problem, Problems};

/// `experiment` of a file with the posterior that the file or the command line names, if one does, and with outcomes of
/// which less is better.
pub fn of_file(file: &mut File, keys: &DeTable, mut experiment: Experiment) -> Option<Experiment> {
    experiment.lower = match (&file.overrides.lower[..], keys.get("lower")) {
        ([], Some(value)) => file.metrics("lower", value),
        (asked, _) => asked.to_vec(),
    };
    let own = file.text("posterior").filter(|_| file.overrides.posterior.is_none());
    let path = own.as_ref().map(|own| file.folder.join(own)).or(file.overrides.posterior.clone());
    for message in misused(&experiment, path.is_some()) {
        let key = if path.is_some() && !takes_one(experiment.kind) { "posterior" } else { "lower" };
        let problem = file.about(key, keys, message);
        file.wrong(problem);
    }
    let Some(path) = path else { return Some(experiment) };
    match under(experiment, &path) {
        Ok(experiment) => Some(experiment),
        Err(problems) => {
            file.wrong_table("posterior", own.is_some(), problems);
            None
        }
    }
}

/// `experiment` of scenarios with the posterior that the command line names, if it does.
pub fn of_option(experiment: Experiment, overrides: &Overrides) -> Result<Experiment, Problems> {
    let mut problems = Problems::default();
    let said = misused(&experiment, overrides.posterior.is_some());
    said.into_iter().for_each(|message| problems.push(Problem::new(message).of("lower")));
    match &overrides.posterior {
        _ if !problems.is_empty() => Err(problems),
        Some(path) => under(experiment, path),
        None => Ok(experiment),
    }
}

/// The experiment under the posterior at `path`.
fn under(mut experiment: Experiment, path: &Path) -> Result<Experiment, Problems> {
    let mut notes = Vec::new();
    experiment.posterior = Some(Arc::new(table::load(path, &mut notes)?));
    notes.extend(doubts::of(&experiment));
    experiment.notes.extend(notes);
    Ok(experiment)
}

/// True of kinds of experiments that can be carried out under a posterior.
fn takes_one(kind: Kind) -> bool {
    matches!(kind, Kind::Compare | Kind::Contest | Kind::Sweep | Kind::Search)
}

/// What of a posterior, and of outcomes of which less is better, means nothing here.
fn misused(experiment: &Experiment, has_posterior: bool) -> Vec<Both> {
    let mut all = Vec::new();
    if has_posterior && !takes_one(experiment.kind) {
        all.push(both!(
            "`posterior` is not used in this kind of experiment: it varies parameters by itself",
            "这种实验不使用 `posterior`：它自行改变参数"
        ));
    }
    let is_ranked = has_posterior && matches!(experiment.kind, Kind::Compare | Kind::Contest);
    if !experiment.lower.is_empty() && !is_ranked {
        all.push(both!(
            "`lower` is used only where a posterior ranks the arms of a comparison or contest",
            "`lower` 只用于按后验为比较的各方案排序"
        ));
    }
    for outcome in experiment.lower.iter().filter(|outcome| !experiment.outcomes.contains(outcome)) {
        all.push(both!(
            "`lower` names `{outcome}`, which is not among the outcomes",
            "`lower` 指明 `{outcome}`，但它不在所取的结果之中";
            outcome = outcome.name()
        ));
    }
    all
}
