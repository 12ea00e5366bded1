//! `shequ run`: all replicates of a scenario, into a results folder.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};

use super::prepare::{self, Prepared};
use super::{Common, Error, Overrides, memory, output, report, results, value_parser};
use shequ_experiment::interrupt;
use shequ_experiment::record::checkpoint::{Checkpoints, Origin};
use shequ_experiment::record::folder::{Draft, Trouble, folder_name, hash, scenario_hash};
use shequ_experiment::record::manifest::{self, Machine, Manifest, Program, Seeds, iso_8601};
use shequ_experiment::record::read::{self, Monthly};
use shequ_experiment::record::table::Form;
use shequ_experiment::record::tables::{self, Results};
use shequ_experiment::run::{self, KeepGoing, Progress, RunOne};
use shequ_model::base::i18n::{Language, both};
use shequ_model::base::month::Month;
use shequ_model::city::Cities;
use shequ_model::city::synth::Margin;
use shequ_model::metric::Metric;
use shequ_model::scenario::Scenario;
use shequ_model::simulation::ReplicateOutput;
use shequ_model::simulation::checkpoint::layout;
use shequ_report::terminal;

/// Arguments of `run`.
#[derive(Args)]
pub struct Arguments {
    /// Scenario file
    file: PathBuf,
    /// Parent folder of the results folder
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Threads; default: all cores
    #[arg(long, value_name = "N", value_parser = value_parser::within(1, 1024_u16))]
    threads: Option<u16>,
    /// Format of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Replace existing results
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    memory: memory::Allowance,
    /// Run replicate number K alone, counted from 0, with the same numbers as among the others
    #[arg(long, value_name = "K", conflicts_with = "replicates", value_parser = value_parser::within(0, 99_999_u32))]
    replicate: Option<u32>,
    /// Save a checkpoint of every replicate after so many months; the same command resumes from it
    #[arg(long, value_name = "MONTHS", value_parser = value_parser::within(1, u32::MAX))]
    checkpoint_every: Option<u32>,
    #[command(flatten)]
    overrides: Overrides,
}

/// Forms in which tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values
    Csv,
    /// Apache Parquet
    Parquet,
    /// Both
    Both,
}

impl Format {
    /// As forms.
    pub fn forms(self) -> Vec<Form> {
        match self {
            Format::Csv => vec![Form::Csv],
            Format::Parquet => vec![Form::Parquet],
            Format::Both => vec![Form::Csv, Form::Parquet],
        }
    }
}

/// Loads the scenario, runs all its replicates and records them.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let loaded = Scenario::load(&arguments.file, &arguments.overrides.all())?;
    output::warn(&loaded.warnings, common.quiet);
    let options = Options {
        threads: prepare::threads(arguments.threads.map(usize::from)),
        forms: arguments.format.forms(),
        out: arguments.out,
        language: common.lang,
        quiet: common.quiet,
        force: arguments.force,
        arguments: manifest::arguments(),
    };
    arguments.memory.check(memory::of_run(&loaded.scenario, options.threads))?;
    let replicates = arguments.replicate.map_or(0..loaded.scenario.replicates, |only| only..only + 1);
    let prepared = Prepared::new(&loaded, common.lang, options.threads, replicates)?;
    let checkpoints = arguments.checkpoint_every.map(|every| checkpoints(&prepared.job, every, &options));
    let checkpoints = checkpoints.transpose()?;
    let run =
        |replicate: u32, keep_going: &KeepGoing| prepared.run(replicate, checkpoints.as_ref(), keep_going);
    self::run(&prepared.job, &prepared.model(&run), &options)?;
    checkpoints.iter().for_each(Checkpoints::clear);
    Ok(())
}

/// The checkpoints of `job`, beside its results folder; those that are there already are good.
///
/// # Errors
/// [`Error::Usage`] if one of them is not.
fn checkpoints(job: &Job, every: u32, options: &Options) -> Result<Checkpoints, Error> {
    let folder = options.out.join(folder_name(&job.name, &job.hash()) + ".checkpoints");
    let origin = Origin {
        program: Program::this(),
        layout: hash(layout().iter().map(String::as_str)),
        scenario_hash: job.hash(),
    };
    let checkpoints = Checkpoints::new(folder, every, origin, |trouble| {
        output::tell(both!(
            "warning: no checkpoint was saved, the run continues: {trouble}",
            "警告：此次未能保存检查点，模拟继续：{trouble}";
            trouble = trouble.message()
        ));
    });
    let result = checkpoints.check(job.replicates.clone()).map_err(|(path, refusal)| {
        Error::Usage(both!(
            "the checkpoint {path} cannot be used: {refusal}; nothing was changed. Move it away to run \
             this replicate from its beginning, or use the program that wrote it",
            "检查点 {path} 无法使用：{refusal}。未作任何改动。移走该文件可从头模拟这次重复，或使用写出它的程序";
            path = path.display(), refusal = refusal.message()
        ))
    })?;
    if result > 0 {
        let (all, folder) =
            (u64::from(job.months) * job.replicates.len() as u64, checkpoints.folder().display());
        output::tell(both!(
            "resuming from {folder}: {result} of {all} months are done",
            "从 {folder} 继续：{all} 个月中已完成 {result} 个月"
        ));
    }
    Ok(checkpoints)
}

/// A scenario, as far as running and recording it is concerned.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its name in English, from which the folder takes its own.
    pub name: String,
    /// Its name in the language of pictures.
    pub title: String,
    /// The resolved scenario as TOML; written as `scenario.toml`, and hashed without its comments.
    pub resolved: String,
    /// First month.
    pub start: Month,
    /// Months to simulate.
    pub months: u32,
    /// Replicates to run.
    pub replicates: Range<u32>,
    /// All replicates of the scenario.
    pub all_replicates: u32,
    /// Which of them share a city.
    pub cities: Cities,
    /// Residents of the city, for the progress bar.
    pub residents: u64,
    /// Seeds.
    pub seeds: Seeds,
}

impl Job {
    /// What the results depend on: the scenario, the model and, if not all are run, the replicates.
    pub fn hash(&self) -> String {
        let scenario = scenario_hash(&self.resolved, shequ_model::VERSION);
        match self.replicates == (0..self.all_replicates) {
            true => scenario,
            false => hash([scenario.as_str(), &format!("{:?}", self.replicates)]),
        }
    }
}

/// The model of a job: what it reports, and how a replicate is run.
#[derive(Clone, Copy)]
pub struct Model<'a> {
    /// City-level metrics.
    pub metrics: &'a [Metric],
    /// Names of the values for communities.
    pub community_columns: &'a [&'a str],
    /// Shares asked for and come out.
    pub margins: &'a [Margin],
    /// Runs one replicate.
    pub run: &'a RunOne<'a>,
}

/// What the command line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The folder in which the results folder is made.
    pub out: PathBuf,
    /// Threads, at least 1.
    pub threads: usize,
    /// Forms of the tables.
    pub forms: Vec<Form>,
    /// Language of pictures and of the summary.
    pub language: Language,
    /// No progress, no summary.
    pub quiet: bool,
    /// Make results anew that are there already.
    pub force: bool,
    /// The command line without the name of the program, as the manifest keeps it.
    pub arguments: Vec<String>,
}

impl From<run::Failure> for Error {
    fn from(failure: run::Failure) -> Error {
        match failure {
            run::Failure::Stopped => Error::Interrupted,
            other => Error::Failed(other.message()),
        }
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Error {
        Error::Failed(trouble.message())
    }
}

/// Runs `job` and returns its results folder: the one that is there already, or a new one.
///
/// The summary and the name of the folder go to standard output, messages to standard error.
///
/// # Errors
/// [`Error`]; then no folder was made or changed.
pub fn run(job: &Job, model: &Model, options: &Options) -> Result<PathBuf, Error> {
    interrupt::listen();
    let name = folder_name(&job.name, &job.hash());
    let folder = options.out.join(&name);
    results::mend(&options.out, &name);
    if !options.force
        && let Some(manifest) = results::there_already(&folder, options.language)?
    {
        show_finished(&folder, &manifest, job, model, options)?;
        return Ok(folder);
    }
    let draft = Draft::begin(&options.out, &name, options.force);
    let draft = draft.map_err(|trouble| Error::Usage(trouble.message()))?;
    let clock = Clock::start();
    let outputs = run_replicates(job, model, options.threads, options.quiet)?;
    let results = results(job, model, &outputs);
    let folder = write(draft, job, &results, options, &clock)?;
    show(&results, &folder, options)?;
    Ok(folder)
}

/// Runs all replicates of `job`, until Ctrl-C.
pub(super) fn run_replicates(
    job: &Job,
    model: &Model,
    threads: usize,
    quiet: bool,
) -> Result<Vec<ReplicateOutput>, Error> {
    let progress = Progress::new(job.replicates.len() as u32, job.months, job.residents, quiet);
    Ok(run::outputs(job.replicates.clone(), threads, model.run, &progress, &interrupt::asked)?)
}

pub(super) fn results<'a>(job: &Job, model: &Model<'a>, outputs: &'a [ReplicateOutput]) -> Results<'a> {
    Results {
        start: job.start,
        months: job.months,
        metrics: model.metrics,
        community_columns: model.community_columns,
        outputs,
        cities: job.cities,
        margins: model.margins,
    }
}

fn write(
    mut draft: Draft,
    job: &Job,
    results: &Results,
    options: &Options,
    clock: &Clock,
) -> Result<PathBuf, Error> {
    draft.write_bytes("scenario.toml", job.resolved.as_bytes())?;
    draft.write_tables(&tables::all(results), &options.forms)?;
    if interrupt::asked() {
        return Err(run::Failure::Stopped.into());
    }
    let manifest = manifest(job, options, clock);
    report::add(&mut draft, &manifest, options.language)?;
    Ok(draft.finish(manifest)?)
}

fn manifest(job: &Job, options: &Options, clock: &Clock) -> Manifest {
    let (started, ended, seconds) = clock.stop();
    Manifest {
        program: Program::this(),
        scenario_hash: job.hash(),
        scenario: job.name.clone(),
        seeds: job.seeds,
        replicates: job.replicates.len() as u32,
        first_replicate: job.replicates.start,
        threads: options.threads,
        machine: Machine::this(),
        started,
        ended,
        seconds,
        arguments: options.arguments.clone(),
        runs: None,
        work: Vec::new(),
        changed: false,
        files: Vec::new(),
        replacing: Vec::new(),
        is_sealed: true,
    }
}

/// The time that a run takes.
pub struct Clock {
    began: SystemTime,
    from: Instant,
}

impl Clock {
    #[allow(clippy::disallowed_methods)] // For the manifest; no result depends on it.
    /// It begins now.
    pub fn start() -> Clock {
        Clock { began: SystemTime::now(), from: Instant::now() }
    }

    /// Start and end in UTC, and the seconds between them.
    pub fn stop(&self) -> (String, String, f64) {
        let taken = self.from.elapsed();
        let since_1970 = self.began.duration_since(UNIX_EPOCH).unwrap_or_default();
        let text = |time: std::time::Duration| iso_8601(time.as_secs());
        let milliseconds = taken.as_millis() as f64;
        (text(since_1970), text(since_1970 + taken), milliseconds / 1000.0)
    }
}

/// Shows results that were made before, as far as they can be read.
fn show_finished(
    folder: &Path,
    manifest: &Manifest,
    job: &Job,
    model: &Model,
    options: &Options,
) -> Result<(), Error> {
    let names = || model.metrics.iter().map(|m| m.name);
    match read::monthly(folder, manifest) {
        Ok(monthly) if monthly.names.iter().eq(names()) => {
            let Monthly { start, months, .. } = monthly;
            show(&Results { start, months, ..results(job, model, &monthly.outputs) }, folder, options)
        }
        _ => output::print(&format!("{}\n", folder.display())),
    }
}

fn show(results: &Results, folder: &Path, options: &Options) -> Result<(), Error> {
    let summary = match options.quiet {
        true => String::new(),
        false => terminal::summary(results, options.language) + "\n",
    };
    output::print(&format!("{summary}{}\n", folder.display()))
}
