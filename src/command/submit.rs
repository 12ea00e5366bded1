//! `shequ submit slurm`: an experiment, as an array of shards for a cluster.

mod scripts;
mod site;
mod size;
mod slurm;

use std::fs;
use std::io;
use std::path::{Path, PathBuf, absolute};

use clap::{Args, Subcommand};

use scripts::{JOB, MERGE, job_name, scripts};
use site::Site;

use super::{Common, Error, Overrides, output, results, value_parser};
use shequ_experiment::file::Experiment;
use shequ_experiment::plan::Shard;
use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::finished::{believed, unbelievable, unreadable};
use shequ_experiment::record::folder::is_finished;
use shequ_experiment::study::Study;
use shequ_experiment::workplace::{self, Underway};
use shequ_model::base::i18n::{Both, both};

/// Arguments of `submit`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    to: To,
}

/// What takes the experiment.
#[derive(Subcommand)]
enum To {
    /// Slurm: writes job.sbatch and merge.sbatch, and submits them
    Slurm(Slurm),
}

#[derive(Args)]
struct Slurm {
    /// Experiment file
    file: PathBuf,
    /// Parent folder of the results folder; the scripts are written there too
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Number of shards, each a task of the array; default: by a pilot on this machine, so that each takes half an hour
    #[arg(long, value_name = "N", value_parser = value_parser::within(size::FEWEST, 10_000_000_u32))]
    shards: Option<u32>,
    /// Processors of each task
    #[arg(long, value_name = "N", default_value = "1", value_parser = value_parser::within(1, 1024_u16))]
    cpus: u16,
    /// Time limit of each task; a shard that needs longer is requeued and goes on
    #[arg(long, value_name = "MINUTES", default_value = "60", value_parser = value_parser::within(5, 100_000_u32))]
    minutes: u32,
    /// A file of what the cluster asks of every job: account, partition, modules, sbatch, tasks
    #[arg(long, value_name = "FILE")]
    site: Option<PathBuf>,
    /// Print the scripts; write and submit nothing
    #[arg(long)]
    dry_run: bool,
    /// Submit only the shards that are not done, and neither run nor wait
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    overrides: Overrides,
}

/// Writes the scripts and submits them.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let To::Slurm(given) = arguments.to;
    let experiment = Experiment::load(&given.file, None, &given.overrides.of_experiment())?;
    output::warn(experiment.warnings(), common.quiet);
    let study = Study::new(&experiment);
    let site = given.site.as_deref().map_or_else(|| Ok(Site::default()), Site::read)?;
    let out = absolute(&given.out).map_err(|why| cannot(&given.out, &why))?;
    if is_there_already(&out.join(study.name()))? {
        return Ok(());
    }
    let shards = size::shards(&given, &study, &out, site.tasks(), common.quiet)?;
    let scripts = scripts((&given, &site), shards, &study, &out)?;
    if given.dry_run {
        return scripts.iter().try_for_each(|(name, text)| output::print(&format!("# {name}\n{text}\n")));
    }
    let tasks = tasks(given.resume, shards, &study, &out)?;
    Dir::make(&out).map_err(|why| cannot(&out, &why))?;
    for (name, text) in &scripts {
        put(&out.join(name), text)?;
    }
    // Made here, so that shards which start at the same moment need not.
    Underway::make(&study, &out)?;
    let merge = submit(&tasks, &out)?;
    if !common.quiet {
        let (n, folder) = (tasks.len(), out.join(workplace::name(&study.name())));
        output::tell(both!(
            "submitted: {n} shards, then job {merge}; `shequ status {folder}` says how far they are",
            "已提交 {n} 个分片，其后为作业 {merge}；用 `shequ status {folder}` 查看进度";
            n = n, merge = merge, folder = folder.display()
        ));
    }
    Ok(())
}

/// True if there are results in `folder`, which is told; an error if they are not as they were written.
fn is_there_already(folder: &Path) -> Result<bool, Error> {
    if !is_finished(folder) {
        return Ok(false);
    }
    believed(folder)?.map_err(|unfit| Error::Failed(unbelievable(folder, &unfit)))?;
    output::tell(both!("{folder} is there already", "{folder} 已经存在"; folder = folder.display()));
    Ok(true)
}

/// Submits the `tasks`, and the merge to follow them and all that ran or waited under the same name before: its number.
fn submit(tasks: &[u32], out: &Path) -> Result<String, Error> {
    let array = match tasks.is_empty() {
        true => String::new(),
        false => {
            let id = slurm::sbatch(out, &[format!("--array={}", list(tasks)), JOB.into()])?;
            format!("afterok:{id},")
        }
    };
    let after = format!("--dependency={array}singleton");
    slurm::sbatch(out, &[after, "--kill-on-invalid-dep=yes".into(), MERGE.into()])
}

/// The shards to submit: all, or those of which the journals lack a run and that are not known to run or wait.
fn tasks(resume: bool, shards: u32, study: &Study, out: &Path) -> Result<Vec<u32>, Error> {
    let path = out.join(workplace::name(&study.name()));
    let mut tasks: Vec<u32> = (1..=shards).collect();
    if !resume {
        return Ok(tasks);
    }
    if path.exists() {
        let folder = Underway::of(study, &path)?;
        let unread = |why| Error::Failed(unreadable(&path, &why));
        let (result, _) = study.gather(folder.journals().map_err(unread)?).map_err(unread)?;
        let lacks = result.lacking(shards);
        tasks.retain(|number| lacks[*number as usize - 1]);
        let shard = |number: u32| Shard { number, of: shards };
        let running = folder.running(tasks.iter().map(|number| shard(*number))).map_err(unread)?;
        tasks.retain(|number| !running.contains(&shard(*number)));
        let notes = folder.elsewhere().map_err(unread)?;
        notes.into_iter().for_each(|words| output::tell(results::warning(words)));
    }
    let queued = slurm::queued(&job_name(study));
    tasks.retain(|number| !queued.contains(number));
    Ok(tasks)
}

/// Numbers in order as Slurm reads them: "1-3,7".
fn list(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [one] => one.to_string(),
        _ => format!("{}-{}", run[0], run[run.len() - 1]),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// Writes a script, unless it is there already as it would be written.
fn put(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let taken = both!(
        "{path} exists already and is another script; remove it, or choose another --out",
        "{path} 已经存在，且内容不同；请将其删除，或另选 --out"; path = path.display()
    );
    output::file(path, text.as_bytes(), false, taken)
}

fn cannot(path: &Path, why: &io::Error) -> Error {
    let words: Both = unreadable(path, why);
    Error::Failed(words)
}
