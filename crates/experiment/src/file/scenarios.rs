//! An experiment without a file of its own: scenarios named one after another, the first being the base.

use std::path::{Path, PathBuf};

use super::{Arm, Experiment, Kind, Overrides, posterior, smallest, weights};
use crate::replicates::Replicates;
use crate::window::Window;
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::scenario::{Loaded, Scenario};

pub fn load(
    kind: Kind,
    base: &Path,
    arms: &[PathBuf],
    overrides: &Overrides,
) -> Result<Experiment, Problems> {
    let mut problems = Problems::default();
    let mut read = |path: &Path| match Scenario::load(path, &overrides.set)
        .and_then(|loaded| Experiment::with_cities(loaded, kind))
    {
        Ok(loaded) => Some(loaded),
        Err(wrong) => {
            problems.add(wrong);
            None
        }
    };
    let base = read(base);
    let arms: Vec<Option<Loaded>> = arms.iter().map(|path| read(path)).collect();
    let weights = weights::of_option(kind, overrides, &mut problems);
    let (Some(base), Some(arms)) = (base, arms.into_iter().collect::<Option<Vec<Loaded>>>()) else {
        return Err(problems);
    };
    let replicates = overrides.replicates.unwrap_or(base.scenario.replicates);
    let windows =
        if overrides.windows.is_empty() { vec![Window::LastYear] } else { overrides.windows.clone() };
    let outcomes = if overrides.outcomes.is_empty() { kind.outcomes() } else { overrides.outcomes.clone() };
    let (outcomes, primary) = Experiment::outcomes_of(kind, outcomes, overrides.primary.clone());
    let experiment = Experiment {
        kind,
        name: format!("{} {}", kind.name(), base.scenario.name),
        name_zh: String::new(),
        arms: Experiment::departing(&base, named_apart(arms, &base.scenario.name))?,
        base,
        allow_unlike: overrides.allow_unlike,
        replicates: Replicates::Fixed(replicates),
        first_replicate: 0,
        smallest: smallest::of_option(&outcomes, overrides, &mut problems),
        outcomes,
        primary,
        windows,
        design: None,
        posterior: None,
        weights,
        lower: overrides.lower.clone(),
        calibration: None,
        search: None,
        bundles: Vec::new(),
        notes: Vec::new(),
    };
    problems.add(experiment.problems());
    problems.0.extend(windows_within(&experiment));
    if problems.is_empty() { posterior::of_option(experiment, overrides) } else { Err(problems) }
}

/// Arms by the names of their scenarios; one that comes again, or bears the name of the base, is numbered.
fn named_apart(arms: Vec<Loaded>, base: &str) -> Vec<Arm> {
    let mut named: Vec<Arm> = Vec::new();
    for loaded in arms {
        let (name, name_zh) = (loaded.scenario.name.clone(), loaded.scenario.name_zh.clone());
        let is_taken = |name: &str| name == base || named.iter().any(|arm| arm.name == name);
        let numbered = (2..).map(|n| (format!("{name} ({n})"), format!("{name_zh} ({n})")));
        let mut names = std::iter::once((name.clone(), name_zh.clone())).chain(numbered);
        let free = names.find(|(name, _)| !is_taken(name)).unwrap_or_default();
        let name_zh = if name_zh.is_empty() { name_zh } else { free.1 };
        named.push(Arm { name: free.0, name_zh, loaded, within: None });
    }
    named
}

fn windows_within(experiment: &Experiment) -> Vec<Problem> {
    let Scenario { start, months, .. } = experiment.base.scenario;
    let outside = experiment.windows.iter().filter(|window| !window.is_within(start, months));
    outside.map(|window| super::outside(*window, start, months)).collect()
}
