//! `shequ submit slurm`: an experiment, as an array of shards for a cluster.

mod site;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf, absolute};
use std::process::{Command, Stdio};

use clap::{Args, Subcommand};

use site::Site;

use super::{Common, Error, Overrides, memory, output, value_parser};
use shequ_experiment::file::{Experiment, Kind};
use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::finished::unreadable;
use shequ_experiment::record::folder::is_finished;
use shequ_experiment::study::Study;
use shequ_experiment::workplace::{self, Barred, Underway};
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
    /// Number of shards, each a task of the array
    #[arg(long, value_name = "N", value_parser = value_parser::within(2, 10_000_000_u32))]
    shards: u32,
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
    /// Submit only the shards that are not done
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
    let carried_out_by = by(&experiment)?;
    if u64::from(given.shards) > study.first_plan().count() {
        let (shards, runs) = (given.shards, study.first_plan().count());
        return Err(Error::Usage(both!(
            "{shards} shards are more than there are runs: {runs}",
            "分片数 {shards} 多于模拟次数：{runs}"
        )));
    }
    let site = given.site.as_deref().map_or_else(|| Ok(Site::default()), Site::read)?;
    let most = site.tasks();
    if given.shards > most {
        let shards = given.shards;
        return Err(Error::Usage(both!(
            "{shards} shards are more than an array may have here: {most}",
            "分片数 {shards} 多于此处作业数组的上限：{most}"
        )));
    }
    let out = absolute(&given.out).map_err(|why| cannot(&given.out, &why))?;
    if is_finished(&out.join(study.name())) {
        let folder = out.join(study.name());
        output::tell(both!("{folder} is there already", "{folder} 已经存在"; folder = folder.display()));
        return Ok(());
    }
    let scripts = scripts((&given, &site), carried_out_by, &study, &out)?;
    if given.dry_run {
        return scripts.iter().try_for_each(|(name, text)| output::print(&format!("# {name}\n{text}\n")));
    }
    let tasks = tasks(&given, &study, &out)?;
    Dir::make(&out).map_err(|why| cannot(&out, &why))?;
    for (name, text) in &scripts {
        put(&out.join(name), text)?;
    }
    let array = match tasks.is_empty() {
        true => None,
        false => Some(sbatch(&out, &[format!("--array={}", tasks.join(",")), JOB.into()])?),
    };
    let after = array.iter().map(|id| format!("--dependency=afterok:{id}"));
    let after = after.chain(array.iter().map(|_| "--kill-on-invalid-dep=yes".into()));
    let merge = sbatch(&out, &after.chain([MERGE.into()]).collect::<Vec<_>>())?;
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

const JOB: &str = "job.sbatch";
const MERGE: &str = "merge.sbatch";

/// The command that carries out the experiment; an error if its shards cannot go side by side.
fn by(experiment: &Experiment) -> Result<&'static str, Error> {
    experiment.check_shards().map_err(Error::Usage)?;
    match experiment.kind {
        Kind::Compare | Kind::Contest | Kind::Sweep | Kind::Sensitivity => Ok(experiment.kind.name()),
        _ => Err(Error::Usage(both!(
            "only experiments of the kinds compare, contest, sweep and sensitivity can be submitted",
            "只能提交 compare、contest、sweep 与 sensitivity 这几类实验"
        ))),
    }
}

/// The names and texts of the two scripts.
fn scripts(
    (given, site): (&Slurm, &Site),
    by: &str,
    study: &Study,
    out: &Path,
) -> Result<[(&'static str, String); 2], Error> {
    let file = absolute(&given.file).map_err(|why| cannot(&given.file, &why))?;
    let program = std::env::current_exe().map_err(|why| cannot(Path::new("shequ"), &why))?;
    let [file, program, folder] = [&file, &program, out].map(|path: &Path| quoted(&path.to_string_lossy()));
    let partial = quoted(&out.join(workplace::name(&study.name())).to_string_lossy());
    let Slurm { shards, cpus, minutes, .. } = *given;
    let own = options(&given.overrides);
    let (head, before) = (site.head(), site.before());
    let mebibytes = memory::of_study(study, cpus.into()).div_ceil(1 << 20);
    let job = format!(
        "#!/bin/bash\n\
         # Written by `shequ submit slurm`: one task for each shard of the experiment.\n\
         #SBATCH --job-name=shequ\n\
         #SBATCH --array=1-{shards}\n\
         #SBATCH --cpus-per-task={cpus}\n\
         #SBATCH --mem={mebibytes}M\n\
         #SBATCH --time={minutes}\n\
         # Two minutes before the limit the shard is asked to stop; it keeps what it has.\n\
         #SBATCH --signal=B:USR1@120\n\
         #SBATCH --requeue\n\
         {head}\n\
         {before}trap 'stopped=yes; kill -INT \"$shard\"' USR1\n\
         {program} {by} {file}{own} --out {folder} \\\n    \
         --shard \"$SLURM_ARRAY_TASK_ID/{shards}\" --threads \"${{SLURM_CPUS_PER_TASK:-{cpus}}}\" --quiet &\n\
         shard=$!\n\
         wait \"$shard\"\n\
         code=$?\n\
         # The signal ends the wait, not the shard.\n\
         while kill -0 \"$shard\" 2>/dev/null; do wait \"$shard\"; code=$?; done\n\
         # Stopped: the same task goes on later.\n\
         if [ \"$stopped\" ] && [ \"$code\" != 0 ]; then\n    \
         scontrol requeue \"${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID\"\n\
         fi\n\
         exit \"$code\"\n"
    );
    let merge = format!(
        "#!/bin/bash\n\
         # Written by `shequ submit slurm`: puts the shards together once all are done.\n\
         #SBATCH --job-name=shequ-merge\n\
         #SBATCH --mem={mebibytes}M\n\
         #SBATCH --time={minutes}\n\
         {head}\n\
         {before}exec {program} merge {partial} --out {folder} --quiet\n"
    );
    Ok([(JOB, job), (MERGE, merge)])
}

/// The options that override keys, as they were given.
fn options(given: &Overrides) -> String {
    let set = given.set.iter().map(|option| format!(" --set {}", quoted(option)));
    let seed = given.seed.map(|seed| format!(" --seed {seed}"));
    let replicates = given.replicates.map(|replicates| format!(" --replicates {replicates}"));
    set.chain(seed).chain(replicates).collect()
}

/// As one word of a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The numbers of the shards to submit: all, or those of which the journals lack a run.
fn tasks(given: &Slurm, study: &Study, out: &Path) -> Result<Vec<String>, Error> {
    let path = out.join(workplace::name(&study.name()));
    let all = 1..=given.shards;
    if !given.resume || !path.exists() {
        return Ok(all.map(|number| number.to_string()).collect());
    }
    let folder = Underway::open(&path)?;
    if study.hash != folder.experiment() {
        return Err(Error::Usage(Barred::Another(path).message()));
    }
    let unread = |why| Error::Failed(unreadable(&path, &why));
    let (result, _) = study.gather(folder.journals().map_err(unread)?).map_err(unread)?;
    let lacks = result.lacking(given.shards);
    Ok(all.filter(|number| lacks[*number as usize - 1]).map(|number| number.to_string()).collect())
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

/// Submits by `sbatch` from within `out`, and gives the number of the job.
fn sbatch(out: &Path, arguments: &[String]) -> Result<String, Error> {
    let command = Command::new("sbatch")
        .arg("--parsable")
        .args(arguments)
        .current_dir(out)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let done = command.map_err(|why| match why.kind() {
        ErrorKind::NotFound => Error::Failed(both!(
            "there is no `sbatch` here; submit {job} and {merge} in {out} where Slurm is",
            "此处没有 `sbatch`；请在有 Slurm 的机器上提交 {out} 中的 {job} 与 {merge}";
            job = JOB, merge = MERGE, out = out.display()
        )),
        _ => cannot(Path::new("sbatch"), &why),
    })?;
    // With several clusters the number is followed by the name of one.
    let said = String::from_utf8_lossy(&done.stdout);
    let id = said.trim().split(';').next().unwrap_or_default();
    match done.status.success() && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(id.into()),
        false => Err(Error::Failed(both!("`sbatch` took no job", "`sbatch` 未接受作业"))),
    }
}

fn cannot(path: &Path, why: &io::Error) -> Error {
    let words: Both = unreadable(path, why);
    Error::Failed(words)
}
