//! `shequ status`: how far an experiment is.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::Args;

use super::results::{self, Finished};
use super::{Common, Error, Language, merge, output};
use shequ_experiment::progress;
use shequ_experiment::record::disk::listing::Findings;
use shequ_experiment::record::folder::is_finished;
use shequ_experiment::record::manifest::Runs;
use shequ_experiment::study::Study;
use shequ_experiment::workplace::{self, Barred, Underway, results_name};
use shequ_model::base::i18n::both;
use shequ_model::base::params::text;

/// Arguments of `status`.
#[derive(Args)]
pub struct Arguments {
    /// Folder of an experiment, under way or finished
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Prints runs done, failed and missing, and, of an experiment under way, rate and time left.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let folder = now_called(arguments.folder);
    let say = |en, zh| common.lang.of(text(en, zh)).to_string();
    let (runs, missing, state) = match is_finished(&folder) {
        true => (finished(&folder)?, 0, say("finished", "已完成")),
        false => under_way(&folder, common.lang)?,
    };
    let rows = [
        (say("done", "完成"), runs.done.to_string()),
        (say("failed", "失败"), runs.failed.to_string()),
        (say("missing", "未完成"), missing.to_string()),
        (say("state", "状态"), state),
    ];
    rows.iter().try_for_each(|(name, value)| output::print(&format!("{name}: {value}\n")))
}

/// The folder, by the name that it has now: it loses ".partial" when the experiment is finished.
fn now_called(folder: PathBuf) -> PathBuf {
    let others = [results_name(&folder), workplace::name(&results_name(&folder))];
    let other = others.map(|name| folder.with_file_name(name)).into_iter();
    let other = other.filter(|_| !folder.exists()).find(|other| other.exists());
    other.unwrap_or(folder)
}

fn finished(folder: &Path) -> Result<Runs, Error> {
    let Finished { manifest, findings } = results::open(folder)?;
    let unfit = results::unfit(&findings);
    if unfit != Findings::default() {
        return Err(Error::Failed(results::unbelievable(folder, &unfit)));
    }
    Ok(manifest.runs.unwrap_or(Runs { done: manifest.replicates.into(), failed: 0 }))
}

/// Runs there are, runs that are missing, and how fast it goes.
fn under_way(folder: &Path, language: Language) -> Result<(Runs, u64, String), Error> {
    let folder = Underway::open(folder)?;
    let experiment = merge::load(&folder)?;
    let study = Study::new(&experiment);
    if study.hash != folder.experiment() {
        return Err(Error::Usage(Barred::Another(folder.path().into()).message()));
    }
    let cannot_read = |cause| results::unreadable(folder.path(), &cause);
    let files = folder.journals().map_err(cannot_read)?;
    let quiet_for = files.iter().filter_map(|file| age(file)).min();
    let (result, missing) = study.gather(files).map_err(cannot_read)?;
    result.index.damage().into_iter().for_each(|words| output::tell(results::warning(words)));
    let rate = progress::words(0, missing, &result.index.seconds, result.index.workers().max(1));
    let last = match quiet_for {
        Some(age) => {
            both!("last written {age} ago", "{age}前写入"; age = progress::duration(age))
        }
        None => both!("no results yet", "尚未写入"),
    };
    let state = both!("{rate}; {last}", "{rate}；{last}"; rate = rate, last = last);
    Ok((result.index.counts(), missing, state.of(language).into()))
}

#[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
fn age(file: &Path) -> Option<Duration> {
    SystemTime::now().duration_since(file.metadata().ok()?.modified().ok()?).ok()
}
