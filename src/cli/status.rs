//! `shequ status`: how far an experiment is.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::Args;
use indicatif::HumanDuration;

use super::{Common, Error, Language, merge, output};
use crate::base::about::text;
use crate::base::words::{both, reason};
use crate::experiment::journal::{self, Index};
use crate::experiment::progress;
use crate::experiment::study::Study;
use crate::record::folder::is_finished;
use crate::record::manifest::{Manifest, Runs};

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
        true => (of_manifest(&folder)?, 0, say("finished", "已完成")),
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
    let mut begun = folder.clone().into_os_string();
    begun.push(".partial");
    let others = [folder.with_extension(""), begun.into()];
    let other = others.into_iter().find(|other| !folder.exists() && other.exists());
    other.unwrap_or(folder)
}

fn of_manifest(folder: &Path) -> Result<Runs, Error> {
    let manifest = Manifest::read(folder).map_err(|cause| unreadable(folder, &cause))?;
    Ok(manifest.runs.unwrap_or(Runs { done: manifest.replicates.into(), failed: 0 }))
}

/// Runs there are, runs that are missing, and how fast it goes.
fn under_way(folder: &Path, language: Language) -> Result<(Runs, u64, String), Error> {
    let experiment = merge::open(folder)?;
    let study = Study::new(&experiment);
    let files = journal::files(folder).map_err(|cause| unreadable(folder, &cause))?;
    let workers: usize = files.iter().map(|file| workers(file)).sum();
    let quiet_for = files.iter().filter_map(|file| age(file)).min();
    let (lived, missing) = study.gather(files).map_err(|cause| unreadable(folder, &cause))?;
    let rate = progress::words(0, missing, &lived.index.seconds, workers.max(1));
    let last = match (quiet_for, language) {
        (Some(age), Language::En) => format!("last written {} ago", HumanDuration(age)),
        (Some(age), Language::Zh) => format!("{} 秒前写入", age.as_secs()),
        (None, Language::En) => "nothing written yet".into(),
        (None, Language::Zh) => "尚未写入".into(),
    };
    Ok((lived.index.counts(), missing, format!("{rate}; {last}")))
}

fn unreadable(folder: &Path, cause: &std::io::Error) -> Error {
    Error::Failed(both!(
        "cannot read {folder}: {why}", "无法读取 {folder}：{why}"; folder = folder.display(), why = reason(cause)
    ))
}

/// Runs that live side by side, as the process said that went to work last.
fn workers(journal: &Path) -> usize {
    let index = Index::read(vec![journal.into()]).unwrap_or_default();
    index.began.last().map_or(0, |began| began.workers)
}

#[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
fn age(file: &Path) -> Option<Duration> {
    SystemTime::now().duration_since(file.metadata().ok()?.modified().ok()?).ok()
}
