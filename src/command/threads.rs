//! How many threads there are to work with.

use std::env;

use shequ_experiment::record::manifest::cores;

/// Variables by which schedulers say how many processors a job has here, each behind one that says that there is a job
/// of that scheduler: Slurm (of a task, else on this node), PBS, Grid Engine, LSF.
const GRANTED: [(&str, &str); 5] = [
    ("SLURM_JOB_ID", "SLURM_CPUS_PER_TASK"),
    ("SLURM_JOB_ID", "SLURM_CPUS_ON_NODE"),
    ("PBS_JOBID", "NCPUS"),
    ("SGE_TASK_ID", "NSLOTS"),
    ("LSB_JOBID", "LSB_DJOB_NUMPROC"),
];

/// Threads to use: as asked, or as many as a scheduler grants, or as the machine or the control group has.
pub fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(|| granted(cores(), &|name| env::var(name).ok()), usize::from).max(1)
}

/// Of `cores`, as many as a scheduler grants to the job that this is, if it is one. Where the scheduler leaves a job all
/// cores of a machine, the grant alone keeps jobs out of each other's way.
fn granted(cores: usize, variable: &dyn Fn(&str) -> Option<String>) -> usize {
    let said = GRANTED.iter().filter(|(job, _)| variable(job).is_some());
    let said = said.filter_map(|(_, processors)| variable(processors)?.trim().parse::<usize>().ok());
    said.filter(|processors| *processors > 0).map(|processors| processors.min(cores)).next().unwrap_or(cores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_has_what_its_scheduler_grants_and_never_more_than_there_is() {
        let of = |environment: &[(&str, &str)]| {
            granted(8, &|name| environment.iter().find(|(of, _)| *of == name).map(|(_, is)| is.to_string()))
        };
        let slurm = ("SLURM_JOB_ID", "17");
        assert_eq!(of(&[]), 8);
        assert_eq!(of(&[slurm, ("SLURM_CPUS_ON_NODE", "4")]), 4);
        assert_eq!(of(&[slurm, ("SLURM_CPUS_ON_NODE", "4"), ("SLURM_CPUS_PER_TASK", "2")]), 2);
        assert_eq!(of(&[slurm, ("SLURM_CPUS_PER_TASK", "64")]), 8);
        assert_eq!(of(&[slurm, ("SLURM_CPUS_PER_TASK", "many")]), 8);
        assert_eq!(of(&[("PBS_JOBID", "1.server"), ("NCPUS", "3")]), 3);
        // Without a job these are variables of something else.
        assert_eq!(of(&[("NCPUS", "3"), ("NSLOTS", "2"), ("SLURM_CPUS_PER_TASK", "0")]), 8);
    }
}
