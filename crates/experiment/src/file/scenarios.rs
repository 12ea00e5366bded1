//! An experiment without a file of its own: scenarios named one after another, the first being the base.

use std::path::{Path, PathBuf};

use super::{Arm, Experiment, Kind, Overrides, posterior, smallest, weights};
use crate::replicates::Replicates;
use crate::window::Window;
use shequ_model::base::i18n::both;
use shequ_model::base::problem::{Problem, Problems, Source};
use shequ_model::scenario::{Loaded, Scenario, index};
use toml::de::DeTable;

/// The name in Chinese of a comparison with a base that has one.
fn chinese(kind: Kind, base: &Scenario) -> String {
    let of = match kind {
        Kind::Contest => "各理论下的比较",
        _ => "比较",
    };
    if base.name_zh.is_empty() { String::new() } else { format!("{of}：{}", base.name_zh) }
}

/// Keys of a scenario that the experiment decides on.
pub const OURS: [&str; 3] = ["name", "name_zh", "replicates"];

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
        name_zh: chinese(kind, &base.scenario),
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

/// True of what says nothing of an experiment, and something that only scenarios say.
pub fn is_one(table: &DeTable) -> bool {
    let has = |key: &str| table.contains_key(key);
    let index = index();
    let is_theirs = |key: &str| {
        matches!(key, "extends" | "change")
            || index.is_table(key)
            || index.key(key).is_some() && !OURS.contains(&key)
    };
    !has("kind") && !has("scenario") && table.keys().any(|key| is_theirs(key.get_ref()))
}

/// That a scenario stands where an experiment should, and what is missing.
pub fn told(source: &Source, wanted: Option<Kind>) -> Problems {
    let (name, kind) = (&source.name, wanted.unwrap_or(Kind::Sweep));
    let problem = Problem::new(both!("{name} is a scenario, not an experiment", "{name} 是情景，而不是实验"));
    let kind_name = kind.name();
    let help = match kind {
        Kind::Compare | Kind::Contest => both!(
            "name a base and at least one policy: shequ {kind_name} BASE.toml {name}",
            "请指明基准和至少一项政策：shequ {kind_name} 基准.toml {name}"
        ),
        _ => both!(
            "an experiment is a file of its own: kind = \"{kind_name}\", scenario = \"{name}\" and what it varies; \
             `shequ run` runs a scenario",
            "实验另写一个文件：kind = \"{kind_name}\"、scenario = \"{name}\" 以及所变化的键；运行情景用 `shequ run`"
        ),
    };
    problem.help(help).into()
}
