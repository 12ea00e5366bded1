//! `shequ reproduce`: does a results folder come out again, byte by byte?

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::job::{self, Prepared};
use super::run::{self, Job, Model};
use super::{Common, Error, output, study, whole};
use crate::base::about::{Text, text};
use crate::base::words::{both, reason};
use crate::experiment::execute::Stop;
use crate::experiment::file::{self, Experiment};
use crate::experiment::plan::Shard;
use crate::experiment::run::KeepGoing;
use crate::experiment::study::{Settings, Study};
use crate::experiment::sweep;
use crate::record::folder::{Draft, Entry, entry_of};
use crate::record::manifest::{MANIFEST, Manifest, Program};
use crate::record::table::{Form, Table};
use crate::record::tables;
use crate::scenario::Scenario;

/// The file that says that a folder holds an experiment.
const EXPERIMENT: &str = "experiment.toml";

/// Arguments of `reproduce`.
#[derive(Args)]
pub struct Arguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Threads; as many as the machine has if left out
    #[arg(long, value_name = "N", value_parser = whole::within(1, 1024_u16))]
    threads: Option<u16>,
}

/// Runs the scenario, or the experiment, of a results folder again and says whether every table comes out the same.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let folder = &arguments.folder;
    let manifest = open(folder)?;
    if folder.join(EXPERIMENT).is_file() {
        let threads = job::threads(arguments.threads.map(usize::from));
        return said(folder, experiment(folder, &manifest, threads, common)?);
    }
    let loaded = Scenario::load(&folder.join("scenario.toml"), &[])?;
    let threads = job::threads(arguments.threads.map(usize::from));
    let prepared = Prepared::new(&loaded, common.lang, threads, manifest.lived())?;
    let live = |replicate: u32, keep_going: &KeepGoing| prepared.live(replicate, None, keep_going);
    let same = compare(folder, &manifest, &prepared.job, &prepared.model(&live), threads, common.quiet)?;
    said(folder, same)
}

fn said(folder: &Path, same: bool) -> Result<(), Error> {
    if !same {
        let folder = folder.display();
        return Err(Error::Failed(both!("{folder} does not come out again", "{folder} 未能逐字节重现")));
    }
    Ok(())
}

/// Lives the experiment of the folder again, and says of each of its tables whether it is the same.
fn experiment(folder: &Path, manifest: &Manifest, threads: usize, common: Common) -> Result<bool, Error> {
    crate::experiment::interrupt::listen();
    let experiment = Experiment::load(&folder.join(EXPERIMENT), None, &file::Overrides::default())?;
    let study = Study::new(&experiment);
    if study.hash != manifest.scenario_hash {
        output::tell(both!(
            "warning: {EXPERIMENT}, or the model, is not the one that the results were made with",
            "警告：{EXPERIMENT} 或模型与生成结果时不同"
        ));
    }
    let journals = tempfile::tempdir().map_err(no_folder)?;
    let settings = Settings {
        threads,
        shard: Shard::WHOLE,
        quiet: common.quiet,
        stop: &crate::experiment::interrupt::asked,
    };
    let lived = study.complete(journals.path(), &settings).map_err(|stop| match stop {
        Stop::Asked => Error::Interrupted,
        other => Error::Failed(other.said()),
    })?;
    let findings = study::findings(&study, &lived, common.lang)?;
    let mut tables = sweep::tables(&study, &lived);
    tables.extend(findings.tables());
    are_same(folder, manifest, &tables)
}

/// Reads the manifest of the results folder, and warns on standard error if another version of the
/// program wrote it. Its scenario is `scenario.toml` beside the manifest.
///
/// # Errors
/// [`Error::Usage`] if this is no finished results folder.
pub fn open(folder: &Path) -> Result<Manifest, Error> {
    let manifest = Manifest::read(folder).map_err(|cause| {
        let what = match cause.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => both!(
                "it has no {MANIFEST}, which every finished results folder has",
                "其中没有 {MANIFEST}，而每个完成的结果文件夹都有"
            ),
            _ => {
                both!("{MANIFEST} cannot be read: {why}", "无法读取 {MANIFEST}：{why}"; why = reason(&cause))
            }
        };
        Error::Usage(both!(
            "{path} is no results folder: {what}", "{path} 不是结果文件夹：{what}";
            path = folder.display(), what = what
        ))
    })?;
    let (then, now) = (&manifest.program, Program::this());
    for (what, then, now) in [
        (text("model version", "模型版本"), &then.model, &now.model),
        (text("program version", "程序版本"), &then.version, &now.version),
        (text("commit", "提交"), &then.commit, &now.commit),
    ] {
        if then != now {
            output::tell(both!(
                "warning: {what} was {then} and is {now}", "警告：{what}原为 {then}，现为 {now}";
                what = what, then = then, now = now
            ));
        }
    }
    Ok(manifest)
}

/// Runs `job`, which was loaded from the folder's `scenario.toml`, again in a temporary folder, and says
/// of each table on standard output whether it is the same. True if all are.
///
/// # Errors
/// [`Error`] if the job could not be run or a file not be read.
pub fn compare(
    folder: &Path,
    manifest: &Manifest,
    job: &Job,
    model: &Model,
    threads: usize,
    quiet: bool,
) -> Result<bool, Error> {
    crate::experiment::interrupt::listen();
    if job.hash() != manifest.scenario_hash {
        output::tell(both!(
            "warning: scenario.toml, or the model, is not the one that the results were made with",
            "警告：scenario.toml 或模型与生成结果时不同"
        ));
    }
    let lives = run::live(job, model, threads, quiet)?;
    let results = run::results(job, model, &lives);
    are_same(folder, manifest, &tables::all(&results))
}

/// Says of each of `tables` that the folder has whether it is the same there. True if all are.
fn are_same(folder: &Path, manifest: &Manifest, tables: &[Table]) -> Result<bool, Error> {
    let again = write_again(tables, &manifest.files)?;
    let mut same = true;
    for entry in &again {
        let verdict = verdict(folder, manifest, entry);
        same &= verdict == SAME;
        output::print(&format!("{:24} {}\n", entry.name, output::language().of(verdict)))?;
    }
    Ok(same && !again.is_empty())
}

/// Writes those tables that the results have, in the forms that they have, and throws them away.
fn write_again(tables: &[Table], kept: &[Entry]) -> Result<Vec<Entry>, Error> {
    let place = tempfile::tempdir().map_err(no_folder)?;
    let mut draft = Draft::begin(place.path(), "again", false)?;
    for table in tables {
        for form in [Form::Csv, Form::Parquet] {
            let name = table.file(form);
            if kept.iter().any(|entry| entry.name == name) {
                draft.write(&name, |to| table.write(form, to))?;
            }
        }
    }
    Ok(draft.entries().to_vec())
}

fn no_folder(cause: io::Error) -> Error {
    Error::Failed(both!(
        "cannot make a temporary folder: {why}", "无法建立临时文件夹：{why}"; why = reason(&cause)
    ))
}

const SAME: Text = text("same", "相同");

fn verdict(folder: &Path, manifest: &Manifest, again: &Entry) -> Text {
    let made = manifest.files.iter().find(|entry| entry.name == again.name);
    match entry_of(folder, &again.name) {
        Err(_) => text("missing from the folder", "文件夹中没有"),
        Ok(found) if found == *again => SAME,
        Ok(found) if made != Some(&found) => text("changed since it was written", "写出后被改动"),
        Ok(_) => text("different", "不同"),
    }
}
