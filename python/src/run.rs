//! Runs and designs whose results stay in memory.

use std::path::PathBuf;
use std::sync::OnceLock;

use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use shequ::experiment::Failure;
use shequ::experiment::file::{Experiment, Kind};
use shequ::experiment::findings::{Inconclusive, Recorded};
use shequ::experiment::in_memory::{self, Batch};
use shequ::experiment::memory;
use shequ::experiment::outcome::Outcome;
use shequ::experiment::prepare::RunCache;
use shequ::experiment::record::places::{self, Place};
use shequ::experiment::record::residents::{self, OfReplicate, TakeReplicate};
use shequ::experiment::record::table::Table;
use shequ::experiment::record::tables::{self, Results};
use shequ::experiment::record::ties;
use shequ::experiment::study::Settings;
use shequ::experiment::window::Window;
use shequ::model::base::i18n::both;
use shequ::model::base::problem::{Problem, Problems};
use shequ::model::city::synth::Margin;
use shequ::model::scenario::Loaded;
use shequ::model::simulation::ReplicateOutput;
use shequ::report::chart::{Chart, Form, Panel, Scale, Series};
use shequ::report::draw::{Drawing, raster};
use shequ::report::terminal;

use super::columns::{Column, Columns};
use super::error::{self, Failed};
use super::experiment;
use super::language;
use super::scenario::Scenario;
use super::values;
use super::watch::{self, Watch};

/// Most replicates of a scenario, by its key of that name.
const MOST_REPLICATES: u32 = 100_000;

/// Cities, at rest, and fits of theories, kept between calls.
#[pyclass(frozen, module = "shequ._shequ")]
pub struct Prepared {
    cache: RunCache,
}

#[pymethods]
impl Prepared {
    #[new]
    #[pyo3(signature = (starts))]
    fn new(starts: Option<PathBuf>) -> Prepared {
        Prepared { cache: RunCache::of_everything().with_starts(starts.as_deref()) }
    }

    /// All replicates of a scenario, or one of them.
    #[pyo3(signature = (scenario, replicate, threads, progress))]
    fn run(
        &self,
        py: Python,
        scenario: &Scenario,
        replicate: Option<u32>,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Replicates> {
        replicates(py, scenario, replicate, self.cache.for_plan(None), threads, progress)
    }

    /// Of every row of a design, which is the text of a CSV table, the outcomes over a window of every replicate: one
    /// after another, and why runs failed, each with its row.
    #[pyo3(signature = (scenario, table, outcomes, window, replicates, threads, progress))]
    #[allow(clippy::too_many_arguments)] // They are the options of one call, which Python names.
    fn design<'py>(
        &self,
        py: Python<'py>,
        scenario: &Scenario,
        table: &str,
        outcomes: Vec<String>,
        window: &str,
        replicates: Option<u32>,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<(Bound<'py, PyArray1<f64>>, Vec<(usize, String)>)> {
        let wrong = |problems: Problems| error::problems(py, &problems);
        let base = Experiment::with_cities(scenario.loaded.clone(), Kind::Sweep).map_err(wrong)?;
        let named = |name: &String| Outcome::named(name).map_err(Problem::new);
        let outcomes: Vec<Outcome> =
            outcomes.iter().map(named).collect::<Result<_, _>>().map_err(|problem| wrong(problem.into()))?;
        let window = months(&base, window).map_err(|problem| wrong(problem.into()))?;
        let batch = Batch::of_table(&base, "design", table).map_err(wrong)?;
        error::warn(py, &batch.notes)?;
        let replicates = replicates.unwrap_or(base.scenario.replicates);
        let replicates = values::within("replicates", replicates, 1..=MOST_REPLICATES)?;
        let threads = values::threads(threads)?;
        let run = |watch: &Watch| {
            let stop = || watch.is_stopped();
            batch.outcomes(&outcomes, window, replicates, &self.cache, &settings(watch, &stop, threads))
        };
        let done = watch::carry_out(py, progress, run)?.map_err(|stop| error::failure(py, stop.into()))?;
        let (mut values, mut failures) = (Vec::with_capacity(done.len() * outcomes.len()), Vec::new());
        for (number, done) in done.into_iter().enumerate() {
            match done {
                Ok(taken) => values.extend(taken),
                Err(message) => {
                    failures.push((number / replicates as usize, message));
                    values.extend(outcomes.iter().map(|_| f64::NAN));
                }
            }
        }
        Ok((values.into_pyarray(py), failures))
    }
}

/// All replicates of a scenario, or one of them, with nothing kept of its cities.
#[pyfunction]
#[pyo3(signature = (scenario, replicate, threads, progress))]
pub fn run(
    py: Python,
    scenario: &Scenario,
    replicate: Option<u32>,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Replicates> {
    let all = &scenario.loaded.scenario;
    // One that is too large is refused below.
    let asked = replicate.map_or(0..all.replicates, |only| only..only.saturating_add(1));
    replicates(py, scenario, replicate, RunCache::of_run(all, asked), threads, progress)
}

fn replicates(
    py: Python,
    scenario: &Scenario,
    replicate: Option<u32>,
    cache: RunCache,
    threads: Option<usize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Replicates> {
    let loaded = &scenario.loaded;
    let threads = values::threads(threads)?;
    let mut asked = loaded.scenario.clone();
    if let Some(replicate) = replicate {
        values::within("replicate", replicate, 0..=MOST_REPLICATES - 1)?;
        asked.replicates = 1;
    }
    error::warn_of_memory(py, memory::of_run_in_memory(&asked, threads))?;
    let run = |watch: &Watch| {
        in_memory::replicates(loaded, replicate, &cache, &settings(watch, &|| watch.is_stopped(), threads))
    };
    let done = watch::carry_out(py, progress, run)?.map_err(|stop| error::failure(py, stop.into()))?;
    let first = replicate.unwrap_or(0);
    let outputs = (first..).zip(done).map(|(replicate, done)| {
        done.map_err(|message| Failure::from(Inconclusive::Replicate(replicate, message)))
    });
    let outputs = outputs.collect::<Result<Vec<_>, _>>().map_err(|why| error::failure(py, why))?;
    let recorded = Recorded::new(outputs, Vec::new(), Vec::new());
    Ok(Replicates { loaded: loaded.clone(), first, recorded, cache, beside: OnceLock::new() })
}

/// How runs are carried out that `watch` follows.
fn settings<'a>(watch: &'a Watch, stop: &'a (dyn Fn() -> bool + Sync), threads: usize) -> Settings<'a> {
    Settings { threads, stop, observer: watch, ..Settings::default() }
}

/// The months that `window` names, all of which a run of `base` must have.
fn months(base: &Loaded, window: &str) -> Result<Window, Problem> {
    let read = experiment::window(window)?;
    match read.is_within(base.scenario.start, base.scenario.months) {
        true => Ok(read),
        false => Err(Problem::new(both!(
            "the scenario does not cover all of {window}",
            "情景的月份未涵盖整个 {window}"
        ))),
    }
}

/// Everything that is recorded of the replicates of a run.
#[pyclass(frozen, module = "shequ._shequ")]
pub struct Replicates {
    loaded: Loaded,
    first: u32,
    recorded: Recorded,
    cache: RunCache,
    /// What the first city came out like, and its communities: made when a table is asked for.
    beside: OnceLock<(Vec<Margin>, Vec<Place>)>,
}

#[pymethods]
impl Replicates {
    /// Names of the tables, in the order in which a results folder has them.
    fn names(&self, py: Python) -> Vec<&'static str> {
        py.detach(|| self.tables(&self.results()).iter().map(|table| table.name).collect())
    }

    /// The columns of a table.
    fn table<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Vec<Column<'py>>> {
        let columns = py.detach(|| {
            let results = self.results();
            let all = self.tables(&results);
            all.iter().find(|table| table.name == name).map(Columns::of)
        });
        columns.ok_or_else(|| PyKeyError::new_err(name.to_string()))??.into_python(py)
    }

    /// First and last year in words, as the command prints them.
    fn summary(&self, py: Python) -> String {
        py.detach(|| terminal::summary(&self.results(), language::current()))
    }

    /// Metrics month by month with 95 % intervals, a panel for each, as SVG.
    fn chart(&self, py: Python, metrics: Vec<String>) -> PyResult<String> {
        let named = |name: &String| Outcome::named(name);
        let outcomes = metrics.iter().map(named).collect::<Result<Vec<_>, _>>();
        let outcomes = outcomes.map_err(|words| error::problems(py, &Problem::new(words).into()))?;
        let drawn = py.detach(|| {
            let results = self.results();
            let panel = |outcome: &Outcome| Panel {
                title: outcome.metric.label.into(),
                form: Form::Lines,
                scale: Scale::of(outcome.metric),
                series: vec![Series::of(
                    outcome.metric.label,
                    (0..results.months).map(|month| results.estimate(month, outcome.index)),
                )],
                ..Panel::default()
            };
            let scenario = &self.loaded.scenario;
            let chart = Chart {
                title: both(&scenario.name, &scenario.name),
                note: both("Bands: 95 % interval of the mean.", "色带为均值的 95% 置信区间。"),
                start: Some(scenario.start),
                panels: outcomes.iter().map(panel).collect(),
                ..Chart::default()
            };
            let title = chart.title.clone();
            Drawing::new(&chart, &title, language::current()).map(|drawing| raster::svg(&drawing))
        });
        match drawn {
            Some(svg) => svg.map_err(|why| Failed::new_err(why.to_string())),
            None => Ok(String::new()),
        }
    }
}

impl Replicates {
    fn results(&self) -> Results<'_> {
        let scenario = &self.loaded.scenario;
        let make = || (self.cache.margins(scenario, self.first), places::of(scenario, self.first));
        let (margins, places) = self.beside.get_or_init(make);
        Results { margins, places, ..self.recorded.results(scenario) }
    }

    /// All tables, those of residents and their ties too.
    fn tables<'a>(&'a self, results: &'a Results) -> Vec<Table<'a>> {
        let scenario = &self.loaded.scenario;
        let each = move |take: &mut TakeReplicate| {
            results.outputs.iter().try_for_each(|output| {
                let ReplicateOutput { replicate, residents, .. } = output;
                take(OfReplicate { arm: "", replicate: *replicate, residents })
            })
        };
        let followed = scenario.report.residents > 0;
        let residents = followed.then(|| residents::table(scenario.start, false, Box::new(each)));
        let all = tables::all(results).into_iter().chain(residents);
        all.chain(ties::table(scenario, self.first)).collect()
    }
}
