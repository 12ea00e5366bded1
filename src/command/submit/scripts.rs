//! The two scripts: the array of shards, and the merge.

use std::path::{Path, absolute};

use super::site::Site;
use super::{Error, Slurm, cannot};
use crate::command::{Overrides, memory};
use shequ_experiment::study::Study;
use shequ_experiment::workplace;

/// Name of the script of the array.
pub const JOB: &str = "job.sbatch";
/// Name of the script that puts the shards together.
pub const MERGE: &str = "merge.sbatch";

/// How a script says how many tasks its array has.
const ARRAY: &str = "#SBATCH --array=1-";

/// The name of the jobs of a study, by which they know each other in the queue.
pub fn job_name(study: &Study) -> String {
    format!("shequ-{}", &study.hash[..10])
}

/// How many shards the script `text` of the array has, if it is one.
pub fn shards_of(text: &str) -> Option<u32> {
    text.lines().find_map(|line| line.strip_prefix(ARRAY))?.parse().ok()
}

/// The names and texts of the two scripts of so many `shards`.
pub fn scripts(
    (given, site): (&Slurm, &Site),
    shards: u32,
    study: &Study,
    out: &Path,
) -> Result<[(&'static str, String); 2], Error> {
    let file = absolute(&given.file).map_err(|why| cannot(&given.file, &why))?;
    let program = std::env::current_exe().map_err(|why| cannot(Path::new("shequ"), &why))?;
    let [file, program, folder] = [&file, &program, out].map(|path: &Path| quoted(&path.to_string_lossy()));
    let partial = quoted(&out.join(workplace::name(&study.name())).to_string_lossy());
    let Slurm { cpus, minutes, .. } = *given;
    let (by, name, own) = (study.experiment.kind.name(), job_name(study), options(&given.overrides));
    let (head, before) = (site.head(), site.before());
    // No run is as long: checkpoints are saved when a shard is stopped, and not on the way.
    let months = study.rows.iter().map(|row| row.months()).max().unwrap_or(1);
    let mebibytes = memory::of_study(study, cpus.into()).div_ceil(1 << 20);
    let job = format!(
        "#!/bin/bash\n\
         # Written by `shequ submit slurm`: one task for each shard of the experiment.\n\
         #SBATCH --job-name={name}\n\
         {ARRAY}{shards}\n\
         #SBATCH --cpus-per-task={cpus}\n\
         #SBATCH --mem={mebibytes}M\n\
         #SBATCH --time={minutes}\n\
         # Two minutes before the limit the shard is asked to stop; it keeps what it has, unfinished runs too.\n\
         #SBATCH --signal=B:USR1@120\n\
         #SBATCH --requeue\n\
         #SBATCH --open-mode=append\n\
         {head}\n\
         {before}trap 'stopped=yes; kill -INT \"$shard\"' USR1\n\
         {program} {by} {file}{own} --out {folder} \\\n    \
         --shard \"$SLURM_ARRAY_TASK_ID/{shards}\" --threads \"${{SLURM_CPUS_PER_TASK:-{cpus}}}\" \\\n    \
         --checkpoint-every {months} --quiet &\n\
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
    let round = match study.has_rounds() {
        false => String::new(),
        true => format!(
            "# What is run next depends on what was run: where a next round lacks runs, it is submitted, and this after it.\n\
             if ! {program} status {partial} --lang en | grep -qx 'missing: 0'; then\n    \
             exec {program} submit slurm {file}{own} --out {folder} --shards {shards} --cpus {cpus} --minutes {minutes}{} \\\n        \
             --resume --quiet\n\
             fi\n",
            site_option(given)?
        ),
    };
    let merge = format!(
        "#!/bin/bash\n\
         # Written by `shequ submit slurm`: puts the shards together once all are done.\n\
         #SBATCH --job-name={name}\n\
         #SBATCH --mem={mebibytes}M\n\
         #SBATCH --time={minutes}\n\
         {head}\n\
         {before}{round}exec {program} merge {partial} --out {folder} --quiet\n"
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

/// The option that names the file of the cluster, as it was given.
fn site_option(given: &Slurm) -> Result<String, Error> {
    let Some(site) = &given.site else { return Ok(String::new()) };
    let site = absolute(site).map_err(|why| cannot(site, &why))?;
    Ok(format!(" --site {}", quoted(&site.to_string_lossy())))
}

/// As one word of a shell.
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
