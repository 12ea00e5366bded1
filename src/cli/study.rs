//! What the commands for experiments have in common: from a file to a finished results folder.
//!
//! While an experiment is under way its folder is called `NAME-ID.partial` and holds the experiment, its
//! scenarios and the journals. When everything is lived, the tables are written into the folder `NAME-ID`, and
//! the other one goes.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::compare::Compared;
use super::run::{Clock, Format};
use super::sensitivity::Indices;
use super::{Common, Error, Language, Overrides, job, output, report};
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
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
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
        let words = "a shard cannot know when replicates are enough: give their number with --replicates";
        return Err(Error::Usage(words.into()));
    }
    let finished = options.out.join(study.name());
    if is_finished(&finished) && !options.force {
        output::say(&Trouble::ThereAlready(finished.clone()).to_string());
        return output::print(&format!("{}\n", finished.display()));
    }
    let work = Workplace::open(study, shard, options)?;
    let settings =
        Settings { threads: options.threads, shard, quiet: options.quiet, stop: &interrupt::asked };
    if !options.quiet {
        announce(study, &work.folder)?;
    }
    let lived = study.complete(&work.folder, &settings).map_err(|stop| stopped(stop, &work.folder))?;
    if shard != Shard::WHOLE {
        output::say(&format!("shard {shard} is done; `shequ merge` puts all shards together"));
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
        fs::create_dir_all(&folder).map_err(|cause| disk("create", &folder, &cause))?;
        let work = Workplace::take(folder, shard)?;
        let written = (|| {
            if options.force {
                journal::forget(&work.folder, shard)?;
            }
            describe(study)
                .into_iter()
                .try_for_each(|(name, text)| fs::write(work.folder.join(name), text))?;
            let mut design = Vec::new();
            sweep::design(study).write(Form::Csv, &mut design)?;
            if study.experiment.design.is_some() {
                fs::write(work.folder.join(resolved::DESIGN), design)
            } else {
                Ok(())
            }
        })();
        written.map_err(|cause| disk("write", &work.folder, &cause))?;
        study.journals(&work.folder).map_err(|cause| disk("read", &work.folder, &cause))?;
        Ok(work)
    }

    /// Takes a folder that is there.
    pub fn take(folder: PathBuf, shard: Shard) -> Result<Workplace, Error> {
        match journal::lock(&folder, shard) {
            Ok(Some(lock)) => Ok(Workplace { folder, _lock: lock }),
            Ok(None) => {
                let words =
                    "another process is at work there; wait for it, or give each a --shard of its own";
                Err(Error::Usage(format!("{}: {words}", folder.display())))
            }
            Err(cause) => Err(disk("lock", &folder, &cause)),
        }
    }
}

fn disk(doing: &'static str, path: &Path, cause: &std::io::Error) -> Error {
    let cause = std::io::Error::new(cause.kind(), cause.to_string());
    Error::Failed(Trouble::Disk { doing, path: path.into(), cause }.to_string())
}

/// The files that say what the experiment is, each with its text.
fn describe(study: &Study) -> Vec<(String, String)> {
    let experiment = study.experiment;
    let mut files = vec![
        ("experiment.toml".to_string(), experiment.resolved_toml()),
        (resolved::SCENARIO.to_string(), experiment.base.resolved_toml()),
    ];
    let arms = experiment.arms.iter().enumerate();
    files.extend(arms.map(|(number, arm)| (Experiment::arm_file(number), arm.loaded.resolved_toml())));
    files
}

/// Says how much there is to live.
fn announce(study: &Study, folder: &Path) -> Result<(), Error> {
    let files = study.journals(folder).map_err(|cause| disk("read", folder, &cause))?;
    let (lived, _) = study.gather(files).map_err(|cause| disk("read", folder, &cause))?;
    let (rows, runs, done) = (study.rows.len(), lived.plan.count(), lived.index.len());
    let before = if done > 0 { format!("; {done} done before") } else { String::new() };
    output::say(&format!("{runs} runs: {rows} rows, replicates {}{before}", study.experiment.replicates));
    Ok(())
}

fn stopped(stop: Stop, folder: &Path) -> Error {
    match stop {
        Stop::Asked => {
            output::say("what is finished is kept; the same command goes on from there");
            Error::Interrupted
        }
        Stop::Disk(cause) => {
            let Error::Failed(words) = disk("write", folder, &cause) else { return Error::Interrupted };
            Error::Failed(format!(
                "{words}; what is finished is kept, and the same command goes on from there"
            ))
        }
        Stop::Threads(_) => Error::Failed(stop.to_string()),
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
        Err(trouble) => return Err(Error::Failed(trouble.to_string())),
    };
    for (name, text) in describe(study) {
        draft.write_bytes(&name, text.as_bytes())?;
    }
    draft.write_tables(&sweep::tables(study, lived), &options.forms)?;
    let findings = findings(study, lived, options.language)?;
    draft.write_tables(&findings.tables(), &options.forms)?;
    for (name, bytes) in findings.pictures(options.threads)? {
        draft.write_bytes(&name, &bytes)?;
    }
    if interrupt::asked() {
        return Err(Error::Interrupted);
    }
    let manifest = manifest(study, lived, options, clock);
    report::add(&mut draft, &manifest, options.language)?;
    let folder = draft.finish(manifest)?;
    for work in work {
        // What is left of it, if the disk refuses, is harmless.
        let _ = fs::remove_dir_all(&work.folder);
    }
    let summary = if options.quiet { String::new() } else { findings.summary() + "\n" };
    output::print(&format!("{summary}{}\n", folder.display()))?;
    judge(lived)
}

/// What a kind of experiment makes of its lives, besides the tables of runs that all kinds have.
pub trait Findings {
    /// Its tables.
    fn tables(&self) -> Vec<Table<'_>>;
    /// Its pictures as files, drawn on `threads` threads.
    ///
    /// # Errors
    /// [`Error::Failed`] with what the painter says.
    fn pictures(&self, threads: usize) -> Result<Vec<(String, Vec<u8>)>, Error>;
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
        Kind::Sweep => Box::new(()),
    })
}

impl Findings for () {
    fn tables(&self) -> Vec<Table<'_>> {
        Vec::new()
    }

    fn pictures(&self, _: usize) -> Result<Vec<(String, Vec<u8>)>, Error> {
        Ok(Vec::new())
    }

    fn summary(&self) -> String {
        String::new()
    }
}

/// An error if runs failed.
fn judge(lived: &Lived) -> Result<(), Error> {
    match lived.index.failed() {
        0 => Ok(()),
        failed => {
            let all = lived.index.len();
            Err(Error::Failed(format!(
                "{failed} of {all} runs failed; runs.csv says why, and how to see it again"
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
