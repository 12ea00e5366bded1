//! What the commands for experiments have in common: from a file to a finished results folder.
//!
//! While an experiment is under way its folder is called `NAME-ID.partial` and holds the experiment, its
//! scenarios and the journals. When every run is done, the tables are written into the folder `NAME-ID`, and
//! the other one goes.

use std::path::{Path, PathBuf};

use clap::Args;

use super::compare::Compared;
use super::run::{Clock, Format};
use super::sensitivity::Indices;
use super::sweep::MainEffects;
use super::{Common, Error, Language, Overrides, memory, output, prepare, report, results, value_parser};
use shequ_experiment::execute::Stop;
use shequ_experiment::file::{self, Experiment, Kind};
use shequ_experiment::interrupt;
use shequ_experiment::plan::Shard;
use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::folder::{self, Draft, Trouble};
use shequ_experiment::record::manifest::{Machine, Manifest, Program, Seeds, arguments};
use shequ_experiment::record::table::{Form, Table};
use shequ_experiment::study::{RunResults, Settings, Study};
use shequ_experiment::sweep;
use shequ_experiment::workplace::{self, Barred, Underway, Workplace};
use shequ_model::base::i18n::{Both, both, reason};
use shequ_model::base::params::text;

/// The file of a results folder that holds what was printed when it was made.
const SUMMARY: &str = "summary.txt";

/// Arguments of the commands that carry out an experiment file.
#[derive(Args)]
pub struct Arguments {
    /// Experiment file
    file: PathBuf,
    #[command(flatten)]
    how: How,
}

/// How an experiment is carried out.
#[derive(Args)]
pub struct How {
    /// Parent folder of the results folder
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Threads; default: all cores
    #[arg(long, value_name = "N", value_parser = value_parser::within(1, 1024_u16))]
    threads: Option<u16>,
    /// Format of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Start again and replace what exists
    #[arg(long)]
    force: bool,
    /// Run only shard K of N; `merge` puts the shards together
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    #[command(flatten)]
    memory: memory::Allowance,
    #[command(flatten)]
    overrides: Overrides,
}

/// What the command line says of an experiment.
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
    /// Begin anew.
    pub force: bool,
}

/// Carries out the experiment of `arguments`, which must be of `kind`.
pub fn command(arguments: Arguments, common: Common, kind: Kind) -> Result<(), Error> {
    let experiment = Experiment::load(&arguments.file, Some(kind), &arguments.how.overrides())?;
    carry_out(&experiment, arguments.how, common)
}

impl How {
    /// What it says of an experiment.
    pub fn overrides(&self) -> file::Overrides {
        file::Overrides {
            set: self.overrides.all(),
            replicates: self.overrides.replicates,
            ..file::Overrides::default()
        }
    }
}

/// Carries out an experiment that was read and checked.
pub fn carry_out(experiment: &Experiment, how: How, common: Common) -> Result<(), Error> {
    output::warn(experiment.warnings(), common.quiet);
    let options = Options {
        out: how.out,
        threads: prepare::threads(how.threads.map(usize::from)),
        forms: how.format.forms(),
        language: common.lang,
        quiet: common.quiet,
        force: how.force,
    };
    let study = Study::new(experiment);
    how.memory.check(memory::of_experiment(&study, options.threads))?;
    complete(&study, how.shard.unwrap_or(Shard::WHOLE), &options)
}

/// Runs what is missing of a study and, if nothing is then, writes its results.
fn complete(study: &Study, shard: Shard, options: &Options) -> Result<(), Error> {
    interrupt::listen();
    let clock = Clock::start();
    if shard != Shard::WHOLE && study.experiment.replicates.first() != study.experiment.replicates.most() {
        return Err(Error::Usage(both!(
            "a shard cannot know when replicates are enough: give their number with --replicates",
            "单个分片无法得知重复次数何时足够：请用 --replicates 给出次数"
        )));
    }
    let finished = options.out.join(study.name());
    results::mend(&options.out, &study.name());
    if !options.force
        && let Some(manifest) = results::there_already(&finished, options.language)?
    {
        remove_work(&options.out.join(workplace::name(&study.name())), &manifest);
        return show(saved_summary(&finished), &finished, options);
    }
    folder::check(&options.out, &study.name(), options.force)
        .map_err(|trouble| Error::Usage(trouble.message()))?;
    let work = Workplace::open(study, &options.out, shard)?;
    work.note().into_iter().for_each(output::tell);
    if options.force {
        work.forget(shard)?;
    }
    let path = work.folder().path().to_path_buf();
    let settings =
        Settings { threads: options.threads, shard, quiet: options.quiet, stop: &interrupt::asked };
    announce(study, &work, options.quiet)?;
    let result = study.complete(&path, &settings).map_err(|stop| stopped(stop, &path))?;
    if shard != Shard::WHOLE {
        output::tell(both!(
            "shard {shard} is done; `shequ merge` puts all shards together",
            "分片 {shard} 已完成；用 `shequ merge` 合并全部分片"
        ));
        output::print(&format!("{}\n", path.display()))?;
        return judge(&result);
    }
    finish(study, &result, options, &clock, vec![work])
}

/// What was said when the results were made; without it the folder is shown by its name alone.
fn saved_summary(finished: &Path) -> String {
    let saved = Dir::open(finished).and_then(|dir| dir.text(SUMMARY)).unwrap_or_default();
    String::from_utf8(saved).unwrap_or_default()
}

/// Removes the folder in which the results were made, if their process was killed before it could. One that
/// they were not made in stays: it may hold the runs of shards that are to replace them.
fn remove_work(path: &Path, manifest: &Manifest) {
    let Ok(work) = Underway::open(path) else { return };
    if manifest.work.iter().any(|id| id == work.id())
        && let Ok(work) = work.take(Shard::WHOLE)
        && let Err(trouble) = work.retire()
    {
        output::tell(results::warning(trouble.message()));
    }
}

impl From<Barred> for Error {
    /// Where the disk refuses, the command has failed; where something is in the way, it cannot be carried out
    /// as it was given.
    fn from(barred: Barred) -> Error {
        match &barred {
            Barred::Trouble(Trouble::Disk { .. }) => Error::Failed(barred.message()),
            _ => Error::Usage(barred.message()),
        }
    }
}

/// Says how much there is to run, and which records are of no use.
fn announce(study: &Study, work: &Workplace, is_quiet: bool) -> Result<(), Error> {
    let files = work.folder().journals().map_err(unreadable)?;
    let (result, _) = study.gather(files).map_err(unreadable)?;
    result.index.damage().into_iter().for_each(|words| output::tell(results::warning(words)));
    if is_quiet {
        return Ok(());
    }
    let (rows, runs, done) = (study.rows.len(), result.plan.count(), result.index.len());
    let replicates = study.experiment.replicates;
    let before = match done {
        0 => Both::default(),
        done => both!("; {done} done before", "；此前已完成 {done} 次"),
    };
    output::tell(both!(
        "{runs} runs: {rows} rows, replicates {replicates}{before}",
        "共 {runs} 次模拟：{rows} 行，每行重复 {replicates}{before}";
        runs = runs, rows = rows, replicates = replicates, before = before
    ));
    Ok(())
}

fn stopped(stop: Stop, folder: &Path) -> Error {
    match stop {
        Stop::Asked => {
            output::tell(both!(
                "finished runs are saved; the same command resumes",
                "已完成的部分已保存；再次执行同一命令即可继续"
            ));
            Error::Interrupted
        }
        Stop::Disk(cause) => {
            let cause = std::io::Error::new(cause.kind(), reason(&cause));
            let words = Trouble::out(text("write", "写入"), folder)(cause).message();
            Error::Failed(both!(
                "{words}; finished runs are saved, and the same command resumes",
                "{words}；已完成的部分保留，再次执行同一命令即可继续";
                words = words
            ))
        }
        Stop::Threads(_) => Error::Failed(stop.message()),
    }
}

/// Writes the results of a study whose runs are all there, and removes the folders of its work.
pub fn finish(
    study: &Study,
    result: &RunResults,
    options: &Options,
    clock: &Clock,
    work: Vec<Workplace>,
) -> Result<(), Error> {
    let mut draft = Draft::begin(&options.out, &study.name(), options.force)?;
    // As the first process wrote them, with the origin of every value.
    for name in workplace::description(study) {
        draft.write_bytes(&name, &work[0].text(&name)?)?;
    }
    draft.write_tables(&sweep::tables(study, result), &options.forms)?;
    let findings = findings(study, result, options.language)?;
    draft.write_tables(&findings.tables(), &options.forms)?;
    let summary = findings.summary();
    draft.write_bytes(SUMMARY, summary.as_bytes())?;
    if interrupt::asked() {
        return Err(Error::Interrupted);
    }
    let manifest = manifest(study, result, options, clock, &work);
    report::add(&mut draft, &manifest, options.language)?;
    let folder = draft.finish(manifest)?;
    for work in work {
        // The results are there; what is left of the work is worth a word, but no error.
        if let Err(trouble) = work.retire() {
            output::tell(results::warning(trouble.message()));
        }
    }
    show(summary, &folder, options)?;
    judge(result)
}

/// Prints what an experiment found and, as the last line, its folder.
fn show(summary: String, folder: &Path, options: &Options) -> Result<(), Error> {
    let summary = if options.quiet || summary.is_empty() { String::new() } else { summary + "\n" };
    output::print(&format!("{summary}{}\n", folder.display()))
}

/// What a kind of experiment makes of its runs, besides the tables of runs that all kinds have.
pub trait Findings {
    /// Its tables.
    fn tables(&self) -> Vec<Table<'_>>;
    /// What people see on the terminal.
    fn summary(&self) -> String;
}

/// The findings of a study whose runs are all there.
pub fn findings<'a>(
    study: &'a Study,
    result: &'a RunResults,
    language: Language,
) -> Result<Box<dyn Findings + 'a>, Error> {
    Ok(match study.experiment.kind {
        Kind::Compare | Kind::Contest => Box::new(Compared::new(study, result, language)?),
        Kind::Sensitivity => Box::new(Indices::new(study, result, language)?),
        Kind::Sweep => Box::new(MainEffects::new(study, result, language)?),
    })
}

/// The journals cannot be read.
pub fn unreadable(cause: std::io::Error) -> Error {
    Error::Failed(both!("cannot read the journals: {why}", "无法读取日志：{why}"; why = reason(&cause)))
}

/// An error if runs failed.
fn judge(result: &RunResults) -> Result<(), Error> {
    match result.index.failed() {
        0 => Ok(()),
        failed => {
            let all = result.index.len();
            Err(Error::Failed(both!(
                "{failed} of {all} runs failed; runs.csv says why, and how to see it again",
                "{all} 次模拟中有 {failed} 次失败；runs.csv 说明原因及如何重现"
            )))
        }
    }
}

fn manifest(
    study: &Study,
    result: &RunResults,
    options: &Options,
    clock: &Clock,
    work: &[Workplace],
) -> Manifest {
    let (started, ended, seconds) = clock.stop();
    let seed = study.experiment.base.scenario.seed;
    Manifest {
        program: Program::this(),
        scenario_hash: study.hash.clone(),
        scenario: study.experiment.name.clone(),
        seeds: Seeds { city: seed.city, replicates: seed.replicates },
        replicates: study.experiment.replicates.most(),
        first_replicate: 0,
        threads: options.threads,
        machine: Machine::this(),
        started,
        ended,
        seconds,
        arguments: arguments(),
        runs: Some(result.index.counts()),
        work: work.iter().map(|work| work.folder().id().into()).collect(),
        changed: false,
        files: Vec::new(),
        replacing: Vec::new(),
        is_sealed: true,
    }
}
