//! `shequ reproduce`: is a results folder reproduced byte by byte?

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::prepare::{self, Prepared};
use super::results::{self, Finished};
use super::run::{self, Job, Model};
use super::{Common, Error, experiment, memory, output, value_parser};
use shequ_experiment::execute::Stop;
use shequ_experiment::file::{self, Experiment, resolved};
use shequ_experiment::plan::Shard;
use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::disk::listing::Findings;
use shequ_experiment::record::disk::seal::{Entry, entry_of};
use shequ_experiment::record::folder::Draft;
use shequ_experiment::record::manifest::Manifest;
use shequ_experiment::record::table::{Form, Table};
use shequ_experiment::record::tables;
use shequ_experiment::run::KeepGoing;
use shequ_experiment::study::{Settings, Study};
use shequ_experiment::sweep;
use shequ_model::base::i18n::{both, reason};
use shequ_model::base::params::{Text, text};
use shequ_model::scenario::Scenario;

/// Arguments of `reproduce`.
#[derive(Args)]
pub struct Arguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Threads; default: all cores
    #[arg(long, value_name = "N", value_parser = value_parser::within(1, 1024_u16))]
    threads: Option<u16>,
    #[command(flatten)]
    memory: memory::Allowance,
}

/// Runs the scenario, or the experiment, of a results folder again and says whether every table comes out the same.
/// Results that were changed since they were written are not run again.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let folder = &arguments.folder;
    let Finished { manifest, findings } = results::open(folder)?;
    results::warn_of_versions(&manifest.program);
    name_strangers(&findings);
    let unfit = results::unfit(&findings);
    if unfit != Findings::default() {
        for (names, verdict) in [(&unfit.changed, CHANGED), (&unfit.missing, MISSING)] {
            names.iter().try_for_each(|name| say(name, verdict))?;
        }
        return Err(Error::Failed(results::unbelievable(folder, &unfit)));
    }
    let threads = prepare::threads(arguments.threads.map(usize::from));
    if manifest.has(resolved::EXPERIMENT) {
        return outcome(folder, experiment(folder, &manifest, threads, &arguments.memory, common)?);
    }
    let loaded = Scenario::load(&folder.join(resolved::SCENARIO), &[])?;
    if manifest.result() != (0..loaded.scenario.replicates) && manifest.replicates != 1 {
        return Err(Error::Failed(both!(
            "{folder}: manifest and scenario differ in the number of replicates",
            "{folder}：其清单与情景的重复次数不符"; folder = folder.display()
        )));
    }
    arguments.memory.check(memory::of_run(&loaded.scenario, threads))?;
    let prepared = Prepared::new(&loaded, common.lang, threads, manifest.result())?;
    let run = |replicate: u32, keep_going: &KeepGoing| prepared.run(replicate, None, keep_going);
    let same = compare(folder, &manifest, &prepared.job, &prepared.model(&run), threads, common.quiet)?;
    outcome(folder, same)
}

/// Names what is in the folder and not in its manifest.
fn name_strangers(findings: &Findings) {
    let strangers = Findings { foreign: findings.foreign.clone(), ..Findings::default() };
    if !strangers.foreign.is_empty() {
        output::tell(strangers.message());
    }
}

fn outcome(folder: &Path, same: bool) -> Result<(), Error> {
    if !same {
        let folder = folder.display();
        return Err(Error::Failed(both!(
            "{folder} could not be reproduced byte for byte",
            "{folder} 未能逐字节重现"
        )));
    }
    Ok(())
}

/// Runs the experiment of the folder again, and compares each of its tables.
fn experiment(
    folder: &Path,
    manifest: &Manifest,
    threads: usize,
    allowed: &memory::Allowance,
    common: Common,
) -> Result<bool, Error> {
    shequ_experiment::interrupt::listen();
    let experiment = Experiment::load(&folder.join(resolved::EXPERIMENT), None, &file::Overrides::default())?;
    let study = Study::new(&experiment);
    if study.hash != manifest.scenario_hash {
        output::tell(both!(
            "warning: experiment.toml or the model differs from when the results were made",
            "警告：experiment.toml 或模型与生成结果时不同"
        ));
    }
    allowed.check(memory::of_experiment(&study, threads))?;
    let journals = tempfile::tempdir().map_err(no_folder)?;
    let settings = Settings {
        threads,
        shard: Shard::WHOLE,
        quiet: common.quiet,
        stop: &shequ_experiment::interrupt::asked,
    };
    let result = study.complete(journals.path(), &settings).map_err(|stop| match stop {
        Stop::Asked => Error::Interrupted,
        other => Error::Failed(other.message()),
    })?;
    let findings = experiment::findings(&study, &result, common.lang)?;
    let mut tables = sweep::tables(&study, &result);
    tables.extend(findings.tables());
    are_same(folder, manifest, &tables)
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
    shequ_experiment::interrupt::listen();
    if job.hash() != manifest.scenario_hash {
        output::tell(both!(
            "warning: scenario.toml or the model differs from when the results were made",
            "警告：scenario.toml 或模型与生成结果时不同"
        ));
    }
    let outputs = run::run_replicates(job, model, threads, quiet)?;
    let results = run::results(job, model, &outputs);
    are_same(folder, manifest, &tables::all(&results))
}

/// Says of each of `tables` that the folder has whether it is the same there. True if all are.
fn are_same(folder: &Path, manifest: &Manifest, tables: &[Table]) -> Result<bool, Error> {
    let again = write_again(tables, &manifest.files)?;
    let mut same = true;
    for entry in &again {
        let verdict = verdict(folder, manifest, entry);
        same &= verdict == SAME;
        say(&entry.name, verdict)?;
    }
    Ok(same && !again.is_empty())
}

fn say(name: &str, verdict: Text) -> Result<(), Error> {
    output::print(&format!("{name:24} {}\n", output::language().of(verdict)))
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
const CHANGED: Text = text("modified after it was written", "写出后被修改");
const MISSING: Text = text("missing from the folder", "文件夹中没有");

fn verdict(folder: &Path, manifest: &Manifest, again: &Entry) -> Text {
    let made = manifest.files.iter().find(|entry| entry.name == again.name);
    match Dir::open(folder).and_then(|dir| entry_of(&dir, &again.name)) {
        Err(_) => MISSING,
        Ok(found) if found == *again => SAME,
        Ok(found) if made != Some(&found) => CHANGED,
        Ok(_) => text("different", "不同"),
    }
}
