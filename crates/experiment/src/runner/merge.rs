//! The shards of an experiment, put together.

use std::path::{Path, PathBuf};

use super::clock::Clock;
use super::finish::finish;
use super::{Failure, Finished, Options, findings, mend, there_already};
use crate::file::Experiment;
use crate::findings::Inconclusive;
use crate::plan::Shard;
use crate::record::finished;
use crate::record::folder::is_finished;
use crate::study::Study;
use crate::workplace::{Barred, Underway, results_name};
use shequ_model::base::i18n::both;

/// The experiment of a folder under way.
///
/// # Errors
/// [`Failure`].
pub fn reopen(folder: &Path) -> Result<Experiment, Failure> {
    let folder = Underway::open(folder)?;
    Ok(Experiment::reopen(folder.path())?)
}

/// Makes the results of an experiment whose shards in `folders` have all been run, in the folder that `options` say.
///
/// # Errors
/// [`Failure`].
pub fn merge(study: &Study, folders: &[PathBuf], options: &Options) -> Result<Finished, Failure> {
    let clock = Clock::start();
    let observer = options.settings.observer;
    // All are looked at before any is touched.
    let looked = folders.iter().map(|folder| Underway::open(folder));
    let mut folders = looked.collect::<Result<Vec<_>, _>>()?;
    if let Some(other) = folders.iter().find(|folder| folder.experiment() != study.hash) {
        let other = Barred::Another(other.path().into()).message();
        return Err(Failure::Refused(both!("cannot merge: {why}", "无法合并：{why}"; why = other)));
    }
    let (mut work, mut files) = (Vec::new(), Vec::new());
    for folder in folders.drain(..) {
        work.push(folder.take(Shard::WHOLE)?);
        files.extend(work[work.len() - 1].folder().journals().map_err(Inconclusive::from)?);
    }
    let (result, missing) = study.gather(files).map_err(Inconclusive::from)?;
    result.index.damage().into_iter().for_each(|words| observer.warn(words));
    if missing > 0 {
        let (runs, shards) = (result.plan.count(), result.shards());
        return Err(Failure::Failed(both!(
            "{missing} of {runs} runs are missing; the journals are of shards {shards}",
            "{runs} 次模拟中缺少 {missing} 次；这些日志属于分片 {shards}"
        )));
    }
    let experiment = study.experiment;
    let findings = findings(study, &result, work[0].folder().path(), &|| {
        study.cache(Shard::WHOLE).margins(&experiment.base.scenario, experiment.first_replicate)
    })?;
    finish(study, &result, findings, options, &clock, work)
}

/// The results of these folders, if they are there already; what is still there of the folders is then removed: the
/// process that made the results was killed before it could. What dead processes left is mended first.
///
/// # Errors
/// [`Failure`].
pub fn merged(folders: &[PathBuf], options: &Options) -> Result<Option<Finished>, Failure> {
    let observer = options.settings.observer;
    let Some(first) = folders.first() else { return Ok(None) };
    let name = results_name(first);
    mend(&options.out, &name, observer);
    folders.iter().for_each(|folder| mend(parent(folder), &results_name(folder), observer));
    let finished = &options.out.join(&name);
    if options.force || !is_finished(finished) {
        return Ok(None);
    }
    let there = folders.iter().filter(|folder| folder.symlink_metadata().is_ok());
    let there = there.map(|folder| Underway::open(folder)).collect::<Result<Vec<_>, _>>()?;
    let manifest = finished::open(finished)?.manifest;
    if !there.iter().all(|folder| manifest.work.iter().any(|id| id == folder.id())) {
        return Ok(None);
    }
    let manifest = there_already(finished, options)?.unwrap_or(manifest);
    for folder in there {
        folder.take(Shard::WHOLE)?.retire()?;
    }
    Ok(Some(Finished::ThereAlready { folder: finished.into(), manifest: Box::new(manifest) }))
}

/// The folder in which `folder` is.
pub fn parent(folder: &Path) -> &Path {
    match folder.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
