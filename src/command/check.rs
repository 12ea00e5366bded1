//! `shequ check`: every file that people write for us, told by what it holds.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, Overrides, memory, output, threads};
use shequ_experiment::file::{self, Experiment};
use shequ_experiment::study::Study;
use shequ_experiment::targets::{Target, table};
use shequ_model::base::i18n::{Both, both, counted, thousands};
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::scenario::{Loaded, Scenario, communities};

/// Arguments of `check`.
#[derive(Args)]
pub struct Arguments {
    /// Scenario files, experiment files, tables of communities, tables of targets
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print every key of a scenario with its value and where the value comes from
    #[arg(long)]
    resolved: bool,
    /// Print only the keys that differ from this scenario
    #[arg(long, value_name = "BASE", conflicts_with = "resolved")]
    diff: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
}

/// What a file holds, read and checked.
enum Checked {
    Scenario(Box<Loaded>),
    Experiment(Box<Experiment>),
    Communities { rows: usize, notes: Vec<Problem> },
    Targets(Vec<Target>),
}

impl Checked {
    /// The file at `path` as what it is.
    fn load(path: &Path, overrides: &Overrides) -> Result<Checked, Problems> {
        if table::is_one(path) {
            return Ok(Checked::Targets(table::load(path)?));
        }
        if communities::is_table(path) {
            let read = communities::read(&path.display().to_string(), Path::new("")).map_err(Problems)?;
            let rows = read.value.as_array().map_or(0, Vec::len);
            return Ok(Checked::Communities { rows, notes: read.notes });
        }
        if file::is_one(path) {
            let experiment = Experiment::load(path, None, &overrides.of_experiment())?;
            return Ok(Checked::Experiment(Box::new(experiment)));
        }
        Ok(Checked::Scenario(Box::new(Scenario::load(path, &overrides.all())?)))
    }

    /// What is worth knowing of it.
    fn warnings(&self) -> Vec<&Problem> {
        match self {
            Checked::Scenario(loaded) => loaded.warnings.iter().collect(),
            Checked::Experiment(experiment) => experiment.warnings().collect(),
            Checked::Communities { notes, .. } => notes.iter().collect(),
            Checked::Targets(_) => Vec::new(),
        }
    }

    /// That it is valid, and what it is.
    fn fine(&self, path: &Path) -> Both {
        let file = path.display();
        match self {
            Checked::Scenario(loaded) => of_scenario(path, &loaded.scenario),
            Checked::Experiment(experiment) => of_experiment(path, experiment),
            Checked::Communities { rows, .. } => both!(
                "{file}: valid. A table of {rows}; `--set population.table={file}` adds it to a scenario",
                "{file}：有效。社区表，{rows}；用 `--set population.table={file}` 加到情景上";
                file = file, rows = counted(*rows as u64, ["community", "communities"], "个社区"),
            ),
            Checked::Targets(targets) => both!(
                "{file}: valid. A table of {targets}; `shequ validate --targets {file}` judges a scenario by it",
                "{file}：有效。目标表，{targets}；用 `shequ validate --targets {file}` 据此评判情景";
                file = file, targets = counted(targets.len() as u64, ["target", "targets"], "个目标"),
            ),
        }
    }
}

/// Checks every file before it says anything about one.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let mut problems = Problems::default();
    let mut add = |more: Problems| problems.0.extend(more.0);
    let base = arguments.diff.as_deref().map(|path| Scenario::load(path, &[]));
    let base = base.and_then(|loaded| loaded.map_err(&mut add).ok());
    let load = |path: &PathBuf| Checked::load(path, &arguments.overrides).map_err(&mut add).ok();
    let all: Vec<Checked> = arguments.files.iter().filter_map(load).collect();
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let prints = arguments.resolved || arguments.diff.is_some();
    for (path, checked) in arguments.files.iter().zip(&all) {
        if prints && !matches!(checked, Checked::Scenario(_)) {
            return Err(Error::Usage(both!(
                "only a scenario has keys to print, and {file} is none",
                "只有情景才有可显示的参数，{file} 不是情景";
                file = path.display()
            )));
        }
    }
    output::warn(all.iter().flat_map(Checked::warnings), common.quiet);
    for (path, checked) in arguments.files.iter().zip(&all) {
        match (checked, &base) {
            (Checked::Scenario(loaded), _) if arguments.resolved => output::print(&loaded.resolved_toml())?,
            (Checked::Scenario(loaded), Some(base)) => output::print(&loaded.difference(base))?,
            _ if common.quiet => {}
            _ => output::tell(checked.fine(path)),
        }
    }
    Ok(())
}

fn of_scenario(path: &Path, scenario: &Scenario) -> Both {
    let memory = memory::text(memory::of_run(scenario, threads::threads(None)));
    both!(
        "{file}: valid. {city}, {replicates}; a run takes about {memory} of memory",
        "{file}：有效。{city}，{replicates}；运行约需内存 {memory}";
        file = path.display(),
        city = city(scenario),
        replicates = counted(scenario.replicates.into(), ["replicate", "replicates"], "次模拟"),
        memory = memory,
    )
}

fn of_experiment(path: &Path, experiment: &Experiment) -> Both {
    let study = Study::new(experiment);
    let runs = counted(study.first_plan().count(), ["run", "runs"], "次模拟");
    // More follow where replicates go on until they suffice, or waves and generations follow one another.
    let runs = if study.has_rounds() { both!("at least {runs}", "至少 {runs}"; runs = runs) } else { runs };
    both!(
        "{file}: valid. An experiment, `shequ {kind}`: {runs}. {city}; it takes about {memory} of memory",
        "{file}：有效。实验，`shequ {kind}`：{runs}。{city}；约需内存 {memory}";
        file = path.display(),
        kind = experiment.kind.name(),
        runs = runs,
        city = city(&experiment.base.scenario),
        memory = memory::text(memory::of_study(&study, threads::threads(None))),
    )
}

fn city(scenario: &Scenario) -> Both {
    let Scenario { population, months, start, .. } = scenario;
    both!(
        "{communities} × {adults} adults, {months} from {start}",
        "{communities} × {adults} 名成年居民，自 {start} 起 {months}";
        communities = counted(population.communities.into(), ["community", "communities"], "个社区"),
        adults = thousands(population.adults.into()),
        months = counted((*months).into(), ["month", "months"], "个月"),
        start = start,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 2_000_000].map(thousands), ["0", "999", "1,000", "2,000,000"]);
    }
}
