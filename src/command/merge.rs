//! `shequ merge`: the shards of an experiment, put together.

use std::path::{Path, PathBuf};

use clap::Args;

use super::experiment::{self, Options};
use super::run::{Clock, Format};
use super::{Common, Error, Language, output, prepare, results};
use shequ_experiment::file::{Experiment, Overrides, resolved};
use shequ_experiment::plan::Shard;
use shequ_experiment::record::folder::is_finished;
use shequ_experiment::study::Study;
use shequ_experiment::workplace::{Barred, Underway, results_name};
use shequ_model::base::i18n::both;

/// Arguments of `merge`.
#[derive(Args)]
pub struct Arguments {
    /// Folders of the shards, in any order
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Parent folder of the results folder; default: that of the first shard
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Format of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Replace existing results
    #[arg(long)]
    force: bool,
}

/// Writes the results of an experiment whose shards have all been run.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let clock = Clock::start();
    let first = &arguments.folders[0];
    let out = arguments.out.unwrap_or_else(|| parent(first));
    let name = results_name(first);
    results::mend(&out, &name);
    for folder in &arguments.folders {
        results::mend(&parent(folder), &results_name(folder));
    }
    if !arguments.force && is_merged(&arguments.folders, &out.join(&name), common.lang)? {
        return output::print(&format!("{}\n", out.join(&name).display()));
    }
    // All are looked at before any is touched.
    let looked = arguments.folders.iter().map(|folder| Underway::open(folder));
    let mut folders = looked.collect::<Result<Vec<_>, _>>()?;
    let experiment = load(&folders[0])?;
    let study = Study::new(&experiment);
    if let Some(other) = folders.iter().find(|folder| folder.experiment() != study.hash) {
        let other = Barred::Another(other.path().into()).message();
        return Err(Error::Usage(both!("cannot merge: {why}", "无法合并：{why}"; why = other)));
    }
    let (mut work, mut files) = (Vec::new(), Vec::new());
    for folder in folders.drain(..) {
        work.push(folder.take(Shard::WHOLE)?);
        files.extend(work[work.len() - 1].folder().journals().map_err(experiment::unreadable)?);
    }
    let (result, missing) = study.gather(files).map_err(experiment::unreadable)?;
    result.index.damage().into_iter().for_each(|words| output::tell(results::warning(words)));
    if missing > 0 {
        let (runs, shards) = (result.plan.count(), result.shards());
        return Err(Error::Failed(both!(
            "{missing} of {runs} runs are missing; the journals are of shards {shards}",
            "{runs} 次模拟中缺少 {missing} 次；这些日志属于分片 {shards}"
        )));
    }
    let options = Options {
        out,
        threads: prepare::threads(None),
        forms: arguments.format.forms(),
        language: common.lang,
        quiet: common.quiet,
        force: arguments.force,
    };
    experiment::finish(&study, &result, &options, &clock, work)
}

/// True if the results in `finished` were made of these folders, which are removed as far as they are still
/// there: the command that did so was killed before it could.
fn is_merged(folders: &[PathBuf], finished: &Path, language: Language) -> Result<bool, Error> {
    if !is_finished(finished) {
        return Ok(false);
    }
    let there = folders.iter().filter(|folder| folder.symlink_metadata().is_ok());
    let there = there.map(|folder| Underway::open(folder)).collect::<Result<Vec<_>, _>>()?;
    let manifest = results::open(finished)?.manifest;
    if !there.iter().all(|folder| manifest.work.iter().any(|id| id == folder.id())) {
        return Ok(false);
    }
    results::there_already(finished, language)?;
    for folder in there {
        folder.take(Shard::WHOLE)?.retire()?;
    }
    Ok(true)
}

/// The experiment of a folder that is under way.
///
/// # Errors
/// The problems of its file, which another version of the program may have written.
pub fn load(folder: &Underway) -> Result<Experiment, Error> {
    Ok(Experiment::load(&folder.path().join(resolved::EXPERIMENT), None, &Overrides::default())?)
}

fn parent(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(parent) if parent != Path::new("") => parent.into(),
        _ => ".".into(),
    }
}
