//! Slurm, as its own commands speak for it.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use super::scripts::{JOB, MERGE};
use super::{Error, cannot};
use shequ_model::base::i18n::both;

/// The line of `scontrol show config` that says one more than an array may have.
const LARGEST: &str = "MaxArraySize";

/// What a command of Slurm prints; none where there is no Slurm, or it does not answer.
fn said(command: &str, arguments: &[&str]) -> Option<String> {
    let done =
        Command::new(command).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8(done.stdout).ok())?
}

/// Most tasks of an array, as the cluster at hand says.
pub fn most_tasks() -> Option<u32> {
    let said = said("scontrol", &["show", "config"])?;
    let line = said.lines().find(|line| line.trim_start().starts_with(LARGEST))?;
    line.split_once('=')?.1.trim().parse::<u32>().ok()?.checked_sub(1)
}

/// The tasks of arrays of this name that run or wait in the queue, as far as Slurm says so.
pub fn queued(name: &str) -> BTreeSet<u32> {
    let queue = said("squeue", &["--me", "--noheader", "--array", "--name", name, "--format=%K"]);
    queue.unwrap_or_default().lines().filter_map(|line| line.trim().parse().ok()).collect()
}

/// Submits by `sbatch` from within `out`, and gives the number of the job.
pub fn sbatch(out: &Path, arguments: &[String]) -> Result<String, Error> {
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
