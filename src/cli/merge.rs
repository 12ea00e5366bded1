//! `shequ merge`: the shards of an experiment, put together.

use std::path::{Path, PathBuf};

use clap::Args;

use super::run::{Clock, Format};
use super::study::{self, Options, Workplace};
use super::{Common, Error, job};
use crate::base::words::{both, reason};
use crate::experiment::file::{Experiment, Overrides};
use crate::experiment::plan::Shard;
use crate::experiment::study::Study;

/// Arguments of `merge`.
#[derive(Args)]
pub struct Arguments {
    /// Folders of the shards, in any order
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Folder in which the results folder is made; that of the first shard if left out
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Form of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Make the results anew if they are there already
    #[arg(long)]
    force: bool,
}

/// Writes the results of an experiment whose shards have all been lived.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let clock = Clock::start();
    let first = &arguments.folders[0];
    let experiment = open(first)?;
    let study = Study::new(&experiment);
    let (mut work, mut files) = (Vec::new(), Vec::new());
    for folder in &arguments.folders {
        open(folder)?;
        work.push(Workplace::take(folder.clone(), Shard::WHOLE)?);
        let journals = study.journals(folder);
        let unfit = |cause| both!("cannot merge: {why}", "无法合并：{why}"; why = reason(&cause));
        files.extend(journals.map_err(|cause| Error::Usage(unfit(cause)))?);
    }
    let (lived, missing) = study.gather(files).map_err(study::unreadable)?;
    if missing > 0 {
        let (runs, shards) = (lived.plan.count(), lived.shards());
        return Err(Error::Failed(both!(
            "{missing} of {runs} runs are missing; the journals are of shards {shards}",
            "{runs} 次模拟中缺少 {missing} 次；这些日志属于分片 {shards}"
        )));
    }
    let options = Options {
        out: arguments.out.unwrap_or_else(|| parent(first)),
        threads: job::threads(None),
        forms: arguments.format.forms(),
        language: common.lang,
        quiet: common.quiet,
        force: arguments.force,
    };
    study::finish(&study, &lived, &options, &clock, &work)
}

/// The experiment of a folder that is under way.
pub fn open(folder: &Path) -> Result<Experiment, Error> {
    let file = folder.join("experiment.toml");
    if !file.is_file() {
        let folder = folder.display();
        return Err(Error::Usage(both!(
            "{folder} is no folder of an experiment: it has no experiment.toml",
            "{folder} 不是实验的文件夹：其中没有 experiment.toml"
        )));
    }
    Ok(Experiment::load(&file, None, &Overrides::default())?)
}

fn parent(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(parent) if parent != Path::new("") => parent.into(),
        _ => ".".into(),
    }
}
