//! `shequ reproduce`: is a results folder reproduced byte by byte?

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::Progress;
use super::results::{self, warning};
use super::threads::threads;
use super::{Common, Error, interrupt, memory, output, value_parser};
use shequ_experiment::file::{self, Experiment, resolved};
use shequ_experiment::record::disk::listing::Findings;
use shequ_experiment::record::disk::seal::{Entry, entry_of};
use shequ_experiment::record::disk::{self, Dir};
use shequ_experiment::record::finished::{self, unbelievable};
use shequ_experiment::record::folder::Draft;
use shequ_experiment::record::manifest::Manifest;
use shequ_experiment::record::package::PACKAGE;
use shequ_experiment::record::table::{BYTE_ORDER_MARK, Form, Table};
use shequ_experiment::runner;
use shequ_experiment::study::{Settings, Study};
use shequ_model::base::i18n::{both, reason};
use shequ_model::base::params::{Text, text};
use shequ_model::scenario::Scenario;

/// Arguments of `reproduce`.
#[derive(Args)]
pub struct Arguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Threads; default: those that the scheduler grants, else all cores
    #[arg(long, value_name = "N", value_parser = value_parser::within(1, 1024_u16))]
    threads: Option<u16>,
    #[command(flatten)]
    memory: memory::Allowance,
}

/// Runs the scenario, or the experiment, of a results folder again and says whether every table comes out the same.
/// Results that were changed since they were written are not run again.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let folder = &arguments.folder;
    let results = finished::open(folder)?;
    let (unfit, manifest) = (results.unfit(), results.manifest);
    results::warn_of_versions(&manifest.program);
    name_strangers(&results.findings);
    if let Some(unfit) = unfit {
        for (names, verdict) in [(&unfit.changed, CHANGED), (&unfit.missing, MISSING)] {
            names.iter().try_for_each(|name| say(name, verdict))?;
        }
        return Err(Error::Failed(unbelievable(folder, &unfit)));
    }
    let experiment = experiment(folder, &manifest)?;
    let study = Study::new(&experiment);
    let threads = threads(arguments.threads);
    arguments.memory.check(memory::of_study(&study, threads))?;
    if study.hash != manifest.scenario_hash {
        let file = if manifest.has(resolved::EXPERIMENT) { resolved::EXPERIMENT } else { resolved::SCENARIO };
        output::tell(warning(both!(
            "{file} or the model differs from when the results were made",
            "{file} 或模型与生成结果时不同"
        )));
    }
    interrupt::listen();
    let (journals, progress) = (tempfile::tempdir().map_err(no_folder)?, Progress::new(common));
    let settings = Settings { threads, stop: &interrupt::asked, observer: &progress, ..Settings::default() };
    let (result, findings) = runner::carry_out(&study, journals.path(), &settings)?;
    if findings.with_tables(&study, &result, |tables| are_same(folder, &manifest, &study, tables))? {
        return Ok(());
    }
    let folder = folder.display();
    Err(Error::Failed(both!("{folder} could not be reproduced byte for byte", "{folder} 未能逐字节重现")))
}

/// The experiment that the results in `folder` are of.
fn experiment(folder: &Path, manifest: &Manifest) -> Result<Experiment, Error> {
    if manifest.has(resolved::EXPERIMENT) {
        let path = folder.join(resolved::EXPERIMENT);
        return Ok(Experiment::load(&path, None, &file::Overrides::default())?);
    }
    let loaded = Scenario::load(&folder.join(resolved::SCENARIO), &[])?;
    let replicates = manifest.result();
    if replicates == (0..loaded.scenario.replicates) {
        return Ok(Experiment::of_run(loaded, None));
    }
    if replicates.len() == 1 {
        return Ok(Experiment::of_run(loaded, Some(replicates.start)));
    }
    Err(Error::Failed(both!(
        "{folder}: manifest and scenario differ in the number of replicates",
        "{folder}：其清单与情景的重复次数不符"; folder = folder.display()
    )))
}

/// Names what is in the folder and not in its manifest.
fn name_strangers(findings: &Findings) {
    let strangers = Findings { foreign: findings.foreign.clone(), ..Findings::default() };
    if !strangers.foreign.is_empty() {
        output::tell(strangers.message());
    }
}

/// Says of each of `tables` that the folder has whether it is the same there. True if all are.
fn are_same(folder: &Path, manifest: &Manifest, study: &Study, tables: &[Table]) -> Result<bool, Error> {
    let again = write_again(folder, study, tables, &manifest.files)?;
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

/// Writes those tables that the results have, in the forms that they have, and what says what they are, and throws
/// them away.
fn write_again(folder: &Path, study: &Study, tables: &[Table], kept: &[Entry]) -> Result<Vec<Entry>, Error> {
    let place = tempfile::tempdir().map_err(no_folder)?;
    let mut draft = Draft::begin(place.path(), "again", false)?;
    let has = |name: &str| kept.iter().any(|entry| entry.name == name);
    let forms_of = |table: &Table| -> Vec<Form> {
        let own = [Form::Csv, Form::Parquet].into_iter().filter(|form| has(&table.file(*form)));
        own.map(|form| as_written(folder, table, form)).collect()
    };
    for table in tables {
        for form in forms_of(table) {
            draft.write(&table.file(form), |to| table.write(form, to))?;
        }
    }
    // Results of earlier versions have none.
    if has(PACKAGE) {
        let first = |table: &Table| forms_of(table).first().copied();
        draft.write(PACKAGE, |to| runner::write_package(study, tables, &first, to))?;
    }
    Ok(draft.entries().to_vec())
}

/// The form of a table of the folder: a CSV that begins with a byte-order mark is that of Excel.
fn as_written(folder: &Path, table: &Table, form: Form) -> Form {
    let begins = |file: &mut File| {
        let mut beginning = [0; BYTE_ORDER_MARK.len()];
        file.read_exact(&mut beginning).is_ok_and(|()| beginning == BYTE_ORDER_MARK)
    };
    let is_marked = form == Form::Csv
        && disk::read(&folder.join(table.file(form))).is_ok_and(|mut file| begins(&mut file));
    if is_marked { Form::Excel } else { form }
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
