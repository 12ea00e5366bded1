//! Experiments, carried out as the command does: with a journal, into a results folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyMapping;
use shequ::experiment::Failure;
use shequ::experiment::file::{Experiment, Kind, Overrides};
use shequ::experiment::memory;
use shequ::experiment::outcome::Outcome;
use shequ::experiment::record::manifest::Runs;
use shequ::experiment::record::table::Form;
use shequ::experiment::runner::{self, Finished, Options};
use shequ::experiment::smallest;
use shequ::experiment::study::{Settings, Study};
use shequ::experiment::window::Window;
use shequ::model::base::i18n::both;
use shequ::model::base::problem::{Problem, Problems};
use shequ::report::extras::Report;

use super::error;
use super::language;
use super::scenario::Scenario;
use super::values;
use super::watch::{self, Watch};

/// What is carried out.
#[derive(FromPyObject)]
pub enum Asked {
    /// A run of a scenario.
    Run(Py<Scenario>),
    /// An experiment file.
    File(PathBuf),
    /// An experiment as text: its name, the text, and the folder from which it names files.
    Text((String, String, PathBuf)),
    /// Files of scenarios, the base first.
    Scenarios(Vec<PathBuf>),
}

/// What overrides an experiment file, as the options of the command do.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Given<'py> {
    set: Bound<'py, PyMapping>,
    replicates: Option<u32>,
    windows: Vec<String>,
    outcomes: Vec<String>,
    primary: Vec<String>,
    smallest_effect: BTreeMap<String, f64>,
    lower: Vec<String>,
    posterior: Option<PathBuf>,
    weights: Option<PathBuf>,
    allow_unlike: bool,
}

impl Given<'_> {
    fn overrides(self) -> PyResult<Result<Overrides, Problems>> {
        let mut set = values::options([self.set])?;
        set.extend(self.replicates.map(|n| format!("replicates={n}")));
        let named = |names: Vec<String>| -> Result<Vec<Outcome>, Problem> {
            names.iter().map(|name| Outcome::named(name).map_err(Problem::new)).collect()
        };
        let read = || -> Result<Overrides, Problem> {
            Ok(Overrides {
                set,
                replicates: self.replicates,
                windows: self.windows.iter().map(|text| window(text)).collect::<Result<_, _>>()?,
                outcomes: named(self.outcomes)?,
                primary: named(self.primary)?,
                smallest: smallest(self.smallest_effect)?,
                allow_unlike: self.allow_unlike,
                posterior: self.posterior,
                weights: self.weights,
                lower: named(self.lower)?,
            })
        };
        Ok(read().map_err(Problems::from))
    }
}

fn smallest(of: BTreeMap<String, f64>) -> Result<Vec<(Outcome, f64)>, Problem> {
    let read = |(name, smallest): (String, f64)| smallest::parse(&format!("{name}={smallest}"));
    of.into_iter().map(|one| read(one).map_err(Problem::new)).collect()
}

/// The months that a text names.
///
/// # Errors
/// What is wrong with it, and what may be written.
pub fn window(text: &str) -> Result<Window, Problem> {
    text.parse().map_err(|why| {
        let words = both!("the window `{text}` {why}", "窗口 `{text}` {why}"; text = text, why = why);
        Problem::new(words).allowed(Window::ALLOWED)
    })
}

/// Carries out what is asked, and returns its results folder, and of how many runs how many failed; of results that
/// were there already none did.
///
/// # Errors
/// `ScenarioError`, `Refused`, `Failed`.
#[pyfunction]
#[pyo3(signature = (kind, asked, given, *, out, threads, force, report, form, checkpoint_every, starts, progress))]
#[allow(clippy::too_many_arguments)] // They are the options of one call, which Python names.
pub fn carry_out(
    py: Python,
    kind: &str,
    asked: Asked,
    given: Given,
    out: PathBuf,
    threads: Option<usize>,
    force: bool,
    report: bool,
    form: &str,
    checkpoint_every: Option<u32>,
    starts: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<(PathBuf, u64, u64)> {
    let overrides = given.overrides()?.map_err(|problems| error::problems(py, &problems))?;
    // Where arms are to cost the same, cities are run to find out by what, which may call functions of Python.
    let experiment =
        py.detach(|| read(kind, asked, &overrides))?.map_err(|problems| error::problems(py, &problems))?;
    error::warn(py, experiment.warnings())?;
    let report = Report { language: language::current(), page: report };
    let forms = match form {
        "csv" => vec![Form::Csv],
        "excel" => vec![Form::Excel],
        "parquet" => vec![Form::Parquet],
        "both" => vec![Form::Csv, Form::Parquet],
        _ => {
            return Err(PyValueError::new_err(format!(
                "no form of tables is called {form:?}: csv, excel, parquet or both"
            )));
        }
    };
    let study = Study::new(&experiment);
    let threads = values::threads(threads)?;
    let checkpoint_every =
        checkpoint_every.map(|every| values::within("checkpoint_every", every, 1..=u32::MAX));
    let checkpoint_every = checkpoint_every.transpose()?;
    error::warn_of_memory(py, memory::of_study(&study, threads))?;
    let work = |watch: &Watch| {
        let settings = Settings {
            threads,
            checkpoint_every,
            starts: starts.as_deref(),
            stop: &|| watch.is_stopped(),
            observer: watch,
            ..Settings::default()
        };
        let options = Options { out, forms, force, settings, extras: Some(&report), ..Options::default() };
        let finished = runner::run(&study, &options)?;
        let Runs { done, failed } = match &finished {
            Finished::Made { runs, .. } | Finished::Shard { runs, .. } => *runs,
            Finished::ThereAlready { manifest, .. } => manifest.runs.unwrap_or(Runs { done: 0, failed: 0 }),
        };
        Ok::<_, Failure>((finished.folder().to_path_buf(), done + failed, failed))
    };
    watch::carry_out(py, progress, work)?.map_err(|why| error::failure(py, why))
}

/// The experiment that is asked for.
fn read(kind: &str, asked: Asked, overrides: &Overrides) -> PyResult<Result<Experiment, Problems>> {
    let known = Kind::ALL.into_iter().find(|known| known.name() == kind);
    let kind =
        || known.ok_or_else(|| PyValueError::new_err(format!("no kind of experiment is called {kind:?}")));
    Ok(match asked {
        Asked::Run(scenario) => {
            let loaded = scenario.get().loaded.with(&overrides.set);
            loaded.map(|loaded| Experiment::of_run(loaded, None))
        }
        Asked::File(path) => Experiment::load(&path, Some(kind()?), overrides),
        Asked::Scenarios(files) => match &files[..] {
            [base, arms @ ..] if !arms.is_empty() => Experiment::of_scenarios(kind()?, base, arms, overrides),
            _ => return Err(PyValueError::new_err("a comparison needs a base and at least one policy")),
        },
        Asked::Text((name, text, folder)) => {
            Experiment::from_text(&name, &text, &folder, Some(kind()?), overrides)
        }
    })
}
