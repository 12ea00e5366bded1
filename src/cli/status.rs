//! `shequ status`: how far an experiment is.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;
use indicatif::HumanDuration;

use super::{Common, Error, merge, output};
use crate::base::about::text;
use crate::experiment::journal::{self, Index};
use crate::experiment::progress;
use crate::experiment::study::Study;
use crate::experiment::sweep::STATUS;
use crate::record::folder::is_finished;
use crate::record::manifest::Manifest;

/// Arguments of `status`.
#[derive(Args)]
pub struct Arguments {
    /// Folder of an experiment, under way or finished
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Prints runs done, failed and missing, and, of an experiment under way, rate and time left.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    // Whoever watches an experiment by the name it had under way finds it when it is finished.
    let finished = arguments.folder.with_extension("");
    let folder = if arguments.folder.exists() { &arguments.folder } else { &finished };
    let say = |en, zh| common.lang.of(text(en, zh));
    let (counts, rest) = if is_finished(folder) {
        (of_tables(folder)?, say("finished", "已完成").to_string())
    } else {
        under_way(folder)?
    };
    let Counts { done, failed, missing } = counts;
    let rows = [
        (say("done", "完成"), done.to_string()),
        (say("failed", "失败"), failed.to_string()),
        (say("missing", "未完成"), missing.to_string()),
        (say("state", "状态"), rest),
    ];
    rows.iter().try_for_each(|(name, value)| output::print(&format!("{name}: {value}\n")))
}

/// Numbers of runs.
struct Counts {
    done: u64,
    failed: u64,
    missing: u64,
}

fn of_tables(folder: &Path) -> Result<Counts, Error> {
    let unreadable = |cause: String| Error::Failed(format!("cannot read {}: {cause}", folder.display()));
    let Ok(mut table) = csv::Reader::from_path(folder.join("runs.csv")) else {
        let manifest = Manifest::read(folder).map_err(|cause| unreadable(cause.to_string()))?;
        return Ok(Counts { done: manifest.replicates.into(), failed: 0, missing: 0 });
    };
    let status = table.headers().ok().and_then(|names| names.iter().position(|name| name == "status"));
    let status = status.ok_or_else(|| unreadable("runs.csv has no column `status`".into()))?;
    let mut counts = Counts { done: 0, failed: 0, missing: 0 };
    for row in table.records() {
        let row = row.map_err(|cause| unreadable(cause.to_string()))?;
        match row.get(status) {
            Some(word) if word == STATUS[1] => counts.failed += 1,
            _ => counts.done += 1,
        }
    }
    Ok(counts)
}

fn under_way(folder: &Path) -> Result<(Counts, String), Error> {
    let experiment = merge::open(folder)?;
    let study = Study::new(&experiment);
    let unreadable = |cause: std::io::Error| Error::Failed(format!("cannot read {}: {cause}", folder.display()));
    let files = journal::files(folder).map_err(unreadable)?;
    let workers: usize = files.iter().map(|file| workers(file)).sum();
    let quiet_for = files.iter().filter_map(|file| age(file)).min();
    let (lived, missing) = study.gather(files).map_err(unreadable)?;
    let failed = lived.index.failed() as u64;
    let counts = Counts { done: lived.index.len() as u64 - failed, failed, missing };
    let rate = progress::words(0, missing, &lived.index.seconds, workers.max(1));
    let last = quiet_for.map_or("nothing written yet".into(), |age| {
        format!("last written {} ago", HumanDuration(age))
    });
    Ok((counts, format!("{rate}; {last}")))
}

/// Runs that live side by side, as the process said that went to work last.
fn workers(journal: &Path) -> usize {
    let index = Index::read(vec![journal.into()]).unwrap_or_default();
    index.began.last().map_or(0, |began| began.workers)
}

#[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
fn age(file: &Path) -> Option<std::time::Duration> {
    SystemTime::now().duration_since(file.metadata().ok()?.modified().ok()?).ok()
}
