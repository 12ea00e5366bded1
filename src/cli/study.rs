//! What the commands for experiments have in common: from a file to a finished results folder.
//!
//! While an experiment is under way its folder is called `NAME-ID.partial` and holds the experiment, its
//! scenarios and the journals. When everything is lived, the tables are written into the folder `NAME-ID`, and
//! the other one goes.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Args;

use super::compare::Compared;
use super::run::{Clock, Format};
use super::sensitivity::Indices;
use super::sweep::MainEffects;
use super::{Common, Error, Language, Overrides, job, output, report, whole};
use crate::base::about::{Text, text};
use crate::base::words::{Both, both, reason};
use crate::experiment::execute::Stop;
use crate::experiment::file::{self, Experiment, Kind, resolved};
use crate::experiment::interrupt;
use crate::experiment::journal::{self, Lock};
use crate::experiment::plan::Shard;
use crate::experiment::study::{Lived, Settings, Study};
use crate::experiment::sweep;
use crate::record::folder::{Draft, Trouble, is_finished};
use crate::record::manifest::{Machine, Manifest, Program, Seeds, without_folder};
use crate::record::table::{Form, Table};

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
    /// Folder in which the results folder is made
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Threads; as many as the machine has if left out
    #[arg(long, value_name = "N", value_parser = whole::within(1, 1024_u16))]
    threads: Option<u16>,
    /// Form of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Begin anew, whatever is there already
    #[arg(long)]
    force: bool,
    /// Live only every N-th run, from the K-th; `merge` puts the shards together
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
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
    output::warn(experiment.scenarios(), common.quiet);
    let options = Options {
        out: how.out,
        threads: job::threads(how.threads.map(usize::from)),
        forms: how.format.forms(),
        language: common.lang,
        quiet: common.quiet,
        force: how.force,
    };
    complete(&Study::new(experiment), how.shard.unwrap_or(Shard::WHOLE), &options)
}

/// Lives what is missing of a study and, if nothing is then, writes its results.
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
    if is_finished(&finished) && !options.force {
        report::there_already(&finished);
        // What was said when it was made; without it the folder is shown by its name alone.
        let said = fs::read_to_string(finished.join(SUMMARY)).unwrap_or_default();
        return show(said, &finished, options);
    }
    let work = Workplace::open(study, shard, options)?;
    let settings =
        Settings { threads: options.threads, shard, quiet: options.quiet, stop: &interrupt::asked };
    if !options.quiet {
        announce(study, &work.folder)?;
    }
    let lived = study.complete(&work.folder, &settings).map_err(|stop| stopped(stop, &work.folder))?;
    if shard != Shard::WHOLE {
        output::tell(both!(
            "shard {shard} is done; `shequ merge` puts all shards together",
            "分片 {shard} 已完成；用 `shequ merge` 合并全部分片"
        ));
        output::print(&format!("{}\n", work.folder.display()))?;
        return judge(&lived);
    }
    finish(study, &lived, options, &clock, &[work])
}

/// The folder of an experiment that is under way, held by this process.
pub struct Workplace {
    folder: PathBuf,
    _lock: Lock,
}

impl Workplace {
    /// Makes the folder if need be, and takes it.
    fn open(study: &Study, shard: Shard, options: &Options) -> Result<Workplace, Error> {
        let folder = options.out.join(format!("{}.partial", study.name()));
        fs::create_dir_all(&folder).map_err(|cause| disk(text("create", "建立"), &folder, &cause))?;
        let work = Workplace::take(folder, shard)?;
        let written = (|| {
            if options.force {
                journal::forget(&work.folder, shard)?;
            }
            describe(study)?.into_iter().try_for_each(|(name, bytes)| put(&work.folder.join(name), &bytes))
        })();
        written.map_err(|cause| disk(WRITE, &work.folder, &cause))?;
        study.journals(&work.folder).map_err(|cause| disk(READ, &work.folder, &cause))?;
        Ok(work)
    }

    /// Takes a folder that is there.
    pub fn take(folder: PathBuf, shard: Shard) -> Result<Workplace, Error> {
        match journal::lock(&folder, shard) {
            Ok(Some(lock)) => Ok(Workplace { folder, _lock: lock }),
            Ok(None) => {
                let folder = folder.display();
                Err(Error::Usage(both!(
                    "{folder}: another process is at work there; wait for it, or give each a --shard of its own",
                    "{folder}：另一个进程正在其中工作；请等待，或给每个进程各自的 --shard"
                )))
            }
            Err(cause) => Err(disk(text("lock", "锁定"), &folder, &cause)),
        }
    }
}

const READ: Text = text("read", "读取");
const WRITE: Text = text("write", "写入");

fn disk(doing: Text, path: &Path, cause: &std::io::Error) -> Error {
    let cause = std::io::Error::new(cause.kind(), reason(cause));
    Error::Failed(Trouble::Disk { doing, path: path.into(), cause }.said())
}

/// The files that say what the experiment is, each with what it holds.
fn describe(study: &Study) -> io::Result<Vec<(String, Vec<u8>)>> {
    let experiment = study.experiment;
    let mut files = vec![
        ("experiment.toml".to_string(), experiment.resolved_toml().into_bytes()),
        (resolved::SCENARIO.to_string(), experiment.base.resolved_toml().into_bytes()),
    ];
    let arms = experiment.arms.iter().enumerate();
    files.extend(arms.map(|(n, arm)| (Experiment::arm_file(n), arm.loaded.resolved_toml().into_bytes())));
    if experiment.design.is_some() {
        let mut design = Vec::new();
        sweep::design(study).write(Form::Csv, &mut design)?;
        files.push((resolved::DESIGN.to_string(), design));
    }
    Ok(files)
}

/// Writes a file unless it is there already: others may be reading it.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::read(path) {
        Ok(there) if there == bytes => Ok(()),
        _ => fs::write(path, bytes),
    }
}

/// Says how much there is to live.
fn announce(study: &Study, folder: &Path) -> Result<(), Error> {
    let files = study.journals(folder).map_err(|cause| disk(READ, folder, &cause))?;
    let (lived, _) = study.gather(files).map_err(|cause| disk(READ, folder, &cause))?;
    let (rows, runs, done) = (study.rows.len(), lived.plan.count(), lived.index.len());
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
                "what is finished is kept; the same command goes on from there",
                "已完成的部分保留；再次执行同一命令即可继续"
            ));
            Error::Interrupted
        }
        Stop::Disk(cause) => {
            let Error::Failed(words) = disk(WRITE, folder, &cause) else { return Error::Interrupted };
            Error::Failed(both!(
                "{words}; what is finished is kept, and the same command goes on from there",
                "{words}；已完成的部分保留，再次执行同一命令即可继续";
                words = words
            ))
        }
        Stop::Threads(_) => Error::Failed(stop.said()),
    }
}

/// Writes the results of a study whose runs are all there, and removes the folders of its work.
pub fn finish(
    study: &Study,
    lived: &Lived,
    options: &Options,
    clock: &Clock,
    work: &[Workplace],
) -> Result<(), Error> {
    let mut draft = match Draft::begin(&options.out, &study.name(), options.force) {
        Ok(draft) => draft,
        Err(trouble) => return Err(Error::Failed(trouble.said())),
    };
    // As the first process wrote them, with the origin of every value.
    for (name, _) in describe(study).map_err(unreadable)? {
        let path = work[0].folder.join(&name);
        let bytes = fs::read(&path).map_err(|cause| disk(READ, &path, &cause))?;
        draft.write_bytes(&name, &bytes)?;
    }
    draft.write_tables(&sweep::tables(study, lived), &options.forms)?;
    let findings = findings(study, lived, options.language)?;
    draft.write_tables(&findings.tables(), &options.forms)?;
    let summary = findings.summary();
    draft.write_bytes(SUMMARY, summary.as_bytes())?;
    if interrupt::asked() {
        return Err(Error::Interrupted);
    }
    let manifest = manifest(study, lived, options, clock);
    report::add_pictures(&mut draft, &manifest, options.language)?;
    report::add(&mut draft, &manifest, options.language)?;
    let folder = draft.finish(manifest)?;
    for work in work {
        // What is left of it, if the disk refuses, is harmless.
        let _ = fs::remove_dir_all(&work.folder);
    }
    show(summary, &folder, options)?;
    judge(lived)
}

/// Prints what an experiment found and, as the last line, its folder.
fn show(summary: String, folder: &Path, options: &Options) -> Result<(), Error> {
    let summary = if options.quiet || summary.is_empty() { String::new() } else { summary + "\n" };
    output::print(&format!("{summary}{}\n", folder.display()))
}

/// What a kind of experiment makes of its lives, besides the tables of runs that all kinds have.
pub trait Findings {
    /// Its tables.
    fn tables(&self) -> Vec<Table<'_>>;
    /// What people see on the terminal.
    fn summary(&self) -> String;
}

/// The findings of a study whose runs are all there.
pub fn findings<'a>(
    study: &'a Study,
    lived: &'a Lived,
    language: Language,
) -> Result<Box<dyn Findings + 'a>, Error> {
    Ok(match study.experiment.kind {
        Kind::Compare | Kind::Contest => Box::new(Compared::new(study, lived, language)?),
        Kind::Sensitivity => Box::new(Indices::new(study, lived, language)?),
        Kind::Sweep => Box::new(MainEffects::new(study, lived, language)?),
    })
}

/// The journals cannot be read.
pub fn unreadable(cause: std::io::Error) -> Error {
    Error::Failed(both!("cannot read the journals: {why}", "无法读取日志：{why}"; why = reason(&cause)))
}

/// An error if runs failed.
fn judge(lived: &Lived) -> Result<(), Error> {
    match lived.index.failed() {
        0 => Ok(()),
        failed => {
            let all = lived.index.len();
            Err(Error::Failed(both!(
                "{failed} of {all} runs failed; runs.csv says why, and how to see it again",
                "{all} 次模拟中有 {failed} 次失败；runs.csv 说明原因及如何重现"
            )))
        }
    }
}

fn manifest(study: &Study, lived: &Lived, options: &Options, clock: &Clock) -> Manifest {
    let (started, ended, seconds) = clock.stop();
    let seed = study.experiment.base.scenario.seed;
    Manifest {
        program: Program::this(),
        scenario_hash: study.hash.clone(),
        scenario: study.experiment.name.clone(),
        seeds: Seeds { city: seed.city, life: seed.life },
        replicates: study.experiment.replicates.most(),
        first_replicate: 0,
        threads: options.threads,
        machine: Machine::this(),
        started,
        ended,
        seconds,
        arguments: std::env::args().skip(1).map(|a| without_folder(&a)).collect(),
        runs: Some(lived.index.counts()),
        files: Vec::new(),
    }
}
