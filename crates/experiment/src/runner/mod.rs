//! From an experiment to its results folder: run what is missing, conclude, write.
//!
//! While an experiment is under way its folder is called `NAME-ID.partial` and holds the experiment, its
//! scenarios and the journals. When every run is done, the tables are written into the folder `NAME-ID`, and
//! the other one goes.

mod clock;
mod failure;
mod finish;
mod merge;
mod options;

pub use failure::Failure;
pub use finish::{Extras, Made, write_package};
pub use merge::{merge, merged, parent, reopen};
pub use options::Options;

use std::io;
use std::path::{Path, PathBuf};

use self::clock::Clock;
use self::finish::finish;
use super::execute::{RunOne, Stop};
use super::file::Kind;
use super::findings::{Findings, Inconclusive};
use super::followed;
use super::observer::Observer;
use super::plan::Shard;
use super::study::{RunResults, Settings, Study};
use super::workplace::{self, Underway, Workplace};
use crate::record::finished::{self, believed};
use crate::record::folder::{self, Trouble};
use crate::record::manifest::{Manifest, Runs};
use crate::record::read::{self, Monthly};
use crate::replicates::Replicates;
use shequ_model::base::i18n::{Both, both, counted, reason};
use shequ_model::base::params::text;

/// An experiment that was carried out.
pub enum Finished {
    /// Its results were made just now.
    Made {
        /// Their folder.
        folder: PathBuf,
        /// What was found.
        findings: Findings,
        /// How many runs there are.
        runs: Runs,
    },
    /// Its results were there already, as they were written.
    ThereAlready {
        /// Their folder.
        folder: PathBuf,
        /// What they are.
        manifest: Box<Manifest>,
    },
    /// One shard of it is done; [`merge`] makes results of all.
    Shard {
        /// Which.
        shard: Shard,
        /// The folder under way.
        folder: PathBuf,
        /// How many runs there are in it.
        runs: Runs,
    },
}

impl Finished {
    /// The results folder or, of a shard, the one under way.
    pub fn folder(&self) -> &Path {
        match self {
            Finished::Made { folder, .. }
            | Finished::ThereAlready { folder, .. }
            | Finished::Shard { folder, .. } => folder,
        }
    }

    /// The monthly table of the results of a run, read again to the bit.
    ///
    /// # Errors
    /// An I/O error if the table cannot be read or does not exist.
    pub fn monthly(&self) -> io::Result<Monthly> {
        read::monthly(self.folder(), &Manifest::read(self.folder())?)
    }
}

/// Carries out what is missing of an experiment, in its folder under way, and then makes its results folder.
/// Results that are there already are not made again unless `options` say so.
///
/// # Errors
/// [`Failure`]. What was finished is kept, and gone on from the next time.
pub fn run(study: &Study, options: &Options) -> Result<Finished, Failure> {
    run_by(None, study, options)
}

/// The same by another way of carrying out a run.
///
/// # Errors
/// [`Failure`].
pub fn run_with(study: &Study, options: &Options, run_one: &RunOne) -> Result<Finished, Failure> {
    run_by(Some(run_one), study, options)
}

fn run_by(run_one: Option<&RunOne>, study: &Study, options: &Options) -> Result<Finished, Failure> {
    let clock = Clock::start();
    let Options { out, force, settings, .. } = options;
    let (observer, shard) = (settings.observer, settings.shard);
    let folder = out.join(study.name());
    mend(out, &study.name(), observer);
    if !force && let Some(manifest) = there_already(&folder, options)? {
        remove_work(&out.join(workplace::name(&study.name())), &manifest, observer);
        return Ok(Finished::ThereAlready { folder, manifest: Box::new(manifest) });
    }
    folder::check(out, &study.name(), *force).map_err(|trouble| Failure::Refused(trouble.message()))?;
    let work = Workplace::open(study, out, shard)?;
    work.note().into_iter().for_each(|words| observer.tell(words));
    if *force {
        work.forget(shard, &study.first_plan())?;
    }
    let path = work.folder().path();
    let found = study.found(path).map_err(Inconclusive::from)?;
    announce(study, &found, observer);
    followed::left_out(study.experiment).into_iter().for_each(|words| observer.warn(words));
    let cache = study.cache(shard).with_starts(settings.starts);
    let result = study.complete_found(found, run_one, &cache, path, settings);
    if let Some(starts) = cache.starts() {
        starts.troubles().into_iter().for_each(|words| observer.warn(words));
        starts.summary().into_iter().for_each(|words| observer.note(words));
    }
    let result = result.map_err(|stop| stopped(stop, path, observer))?;
    if shard != Shard::WHOLE {
        if result.missing() > 0 {
            waits(study, &result).into_iter().for_each(|words| observer.tell(words));
        }
        return Ok(Finished::Shard { shard, folder: path.into(), runs: result.index.counts() });
    }
    let findings = findings(study, &result, path, &|| {
        cache.margins(&study.experiment.base.scenario, study.experiment.first_replicate)
    })?;
    finish(study, &result, findings, options, &clock, vec![work])
}

/// That what is run in turns waits for other shards, of which all of a turn are needed for the next.
fn waits(study: &Study, result: &RunResults) -> Option<Both> {
    let turn = match (&study.experiment.calibration, &study.experiment.search) {
        (Some(_), _) => both!("wave {wave}", "第 {wave} 轮"; wave = result.waves.len()),
        (None, Some(search)) => {
            let generation = result.candidates.len() / search.pace.candidates as usize;
            both!("generation {generation}", "第 {generation} 代")
        }
        (None, None) => match study.experiment.replicates {
            Replicates::Fixed(_) => return None,
            Replicates::Until { .. } => {
                let most = result.plan.replicates.iter().max().copied().unwrap_or(0);
                both!("the round of {most} replicates", "重复 {most} 次的一轮")
            }
        },
    };
    Some(both!(
        "{turn} waits for the other shards; once they are done with it, the same command goes on",
        "{turn}尚待其他分片完成；完成后再次执行同一命令即可继续";
        turn = turn
    ))
}

/// Carries out an experiment in `folder`, which is empty and stays so but for journals, and returns what came out
/// without writing results.
///
/// # Errors
/// [`Failure`].
pub fn carry_out(
    study: &Study,
    folder: &Path,
    settings: &Settings,
) -> Result<(RunResults, Findings), Failure> {
    let cache = study.cache(settings.shard).with_starts(settings.starts);
    let result = study.complete(&cache, folder, settings)?;
    let first = study.experiment.first_replicate;
    let findings = Findings::of(study, &result, || cache.margins(&study.experiment.base.scenario, first))?;
    Ok((result, findings))
}

/// What the runs say; where one of a run failed, how to see that again.
fn findings(
    study: &Study,
    result: &RunResults,
    path: &Path,
    margins: &dyn Fn() -> Vec<shequ_model::city::synth::Margin>,
) -> Result<Findings, Failure> {
    Findings::of(study, result, margins).map_err(|why| match why {
        Inconclusive::Replicate(replicate, message) => {
            let (failed, all) = (result.index.failed(), result.index.len());
            let (path, command) = (path.display(), study.rows[0].command(replicate));
            Failure::Failed(both!(
                "{failed} of {all} replicates failed, so that there are no results; replicate {replicate} failed: \
                 {message}; see it again in {path} by: {command}; --force runs all replicates again",
                "{all} 次重复中有 {failed} 次失败，因此没有结果；第 {replicate} 次重复失败：{message}；\
                 在 {path} 中用以下命令重现：{command}；--force 则重新进行全部重复"
            ))
        }
        other => other.into(),
    })
}

/// Mends what dead processes left in `out` of the results folder `name`, and says what had to stay.
pub fn mend(out: &Path, name: &str, observer: &dyn Observer) {
    folder::mend(out, name).into_iter().for_each(|note| observer.warn(note));
}

/// What the results in `folder` are, if they are there already and to be believed, which is told. What they were kept
/// without is added.
fn there_already(folder: &Path, options: &Options) -> Result<Option<Manifest>, Failure> {
    if !folder::is_finished(folder) {
        return Ok(None);
    }
    let manifest = believed(folder)?.map_err(|unfit| {
        let words = finished::unbelievable(folder, &unfit);
        Failure::Failed(both!(
            "{words}; move it away to make new results", "{words}；请将其移走以重新生成"; words = words
        ))
    })?;
    let observer = options.settings.observer;
    observer.tell(Trouble::ThereAlready(folder.into()).message());
    if let Some(extras) = options.extras {
        extras.complete(folder, &manifest, observer);
    }
    Ok(Some(manifest))
}

/// Removes the folder in which the results were made, if their process was killed before it could. One that
/// they were not made in stays: it may hold the runs of shards that are to replace them.
fn remove_work(path: &Path, manifest: &Manifest, observer: &dyn Observer) {
    let Ok(work) = Underway::open(path) else { return };
    if manifest.work.iter().any(|id| id == work.id())
        && let Ok(work) = work.take(Shard::WHOLE)
        && let Err(trouble) = work.retire()
    {
        observer.warn(trouble.message());
    }
}

/// Says how much there is to run. Of a run that is said by its scenario, so it is worth a word only where some of it is
/// done.
fn announce(study: &Study, found: &RunResults, observer: &dyn Observer) {
    let (rows, runs, done) = (study.rows.len(), found.plan.count(), found.index.len());
    if study.experiment.kind == Kind::Run {
        if done > 0 {
            observer.note(both!(
                "{runs}; {done} done before",
                "共 {runs}；此前已完成 {done} 次";
                runs = counted(runs, ["replicate", "replicates"], "次重复"), done = done
            ));
        }
        return;
    }
    let replicates = study.experiment.replicates;
    let before = match done {
        0 => Both::default(),
        done => both!("; {done} done before", "；此前已完成 {done} 次"),
    };
    let most = found.plan.replicates.iter().max();
    let middle = match (most, &study.experiment.calibration, &study.experiment.search) {
        (Some(most), Some(_), _) => {
            both!(", {most} in the middle of a wave", "，每一波的中点重复 {most}"; most = most)
        }
        (_, None, Some(search)) => {
            let generations = search.pace.generations;
            both!("; the first of {generations} generations", "；共 {generations} 代，此为第一代")
        }
        _ => Both::default(),
    };
    observer.note(both!(
        "{runs}: {rows}, replicates {replicates}{middle}{before}",
        "共 {runs}：{rows}，每行重复 {replicates}{middle}{before}";
        runs = counted(runs, ["run", "runs"], "次模拟"), rows = counted(rows as u64, ["row", "rows"], "行"), replicates = replicates, middle = middle, before = before
    ));
}

fn stopped(stop: Stop, folder: &Path, observer: &dyn Observer) -> Failure {
    match stop {
        Stop::Asked => {
            observer.tell(both!(
                "finished runs are saved; the same command resumes",
                "已完成的部分已保存；再次执行同一命令即可继续"
            ));
            Failure::Stopped
        }
        Stop::Disk(cause) => {
            let cause = io::Error::new(cause.kind(), reason(&cause));
            let words = Trouble::out(text("write", "写入"), folder)(cause).message();
            Failure::Failed(both!(
                "{words}; finished runs are saved, and the same command resumes",
                "{words}；已完成的部分保留，再次执行同一命令即可继续";
                words = words
            ))
        }
        other => other.into(),
    }
}
