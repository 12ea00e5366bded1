//! How much memory there is for this process.

use std::env;
use std::fs;
use std::path::Path;

/// Bytes that are free to this process: those of the machine, what is left of the limits of its control group, or
/// what Slurm grants, whichever is least. Only Linux says the first two.
pub fn free() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| of_machine(&text));
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let group = of_groups(&own, Path::new("/sys/fs/cgroup"));
    let job = of_job(&|name| env::var(name).ok());
    [machine, group, job].into_iter().flatten().min()
}

/// `MemAvailable`, in kibibytes in that file.
fn of_machine(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// How a version of control groups calls its files: the limit, what is used of it, and, in `memory.stat`, what of that
/// is files that the system lets go of when memory is short.
struct Names {
    limit: &'static str,
    used: &'static str,
    files: &'static str,
}

const VERSION_1: Names =
    Names { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", files: "total_inactive_file " };
const VERSION_2: Names = Names { limit: "memory.max", used: "memory.current", files: "inactive_file " };

/// The least that is left of the limits of the control groups that `own` names, and of all above them, where `root`
/// holds them: of version 2, of version 1 in the folder of its controller, or of both. A group of which a container
/// does not see the folder is the topmost that it sees.
fn of_groups(own: &str, root: &Path) -> Option<u64> {
    let groups = own.lines().filter_map(|line| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        match controllers {
            "" => Some((root.to_path_buf(), path, VERSION_2)),
            names if names.split(',').any(|name| name == "memory") => {
                Some((root.join("memory"), path, VERSION_1))
            }
            _ => None,
        }
    });
    let left = groups.flat_map(|(root, path, names)| {
        let own = Path::new(path.trim_start_matches('/'));
        own.ancestors().filter_map(|group| left_of(&root.join(group), &names)).collect::<Vec<_>>()
    });
    left.min()
}

/// What is left of the limit of one group, if it has one: "max" is none.
fn left_of(group: &Path, names: &Names) -> Option<u64> {
    let text = |name: &str| fs::read_to_string(group.join(name)).ok();
    let number = |name: &str| text(name)?.trim().parse::<u64>().ok();
    let stat = text("memory.stat").unwrap_or_default();
    let files = stat.lines().find_map(|line| line.strip_prefix(names.files)?.trim().parse::<u64>().ok());
    let used = number(names.used)?.saturating_sub(files.unwrap_or(0));
    Some(number(names.limit)?.saturating_sub(used))
}

/// What Slurm grants a job on a node, in mebibytes for the node or for each of its processors.
fn of_job(variable: &dyn Fn(&str) -> Option<String>) -> Option<u64> {
    let number = |name: &str| variable(name)?.trim().parse::<u64>().ok().filter(|number| *number > 0);
    let of_processors = || number("SLURM_MEM_PER_CPU")?.checked_mul(number("SLURM_CPUS_ON_NODE")?);
    number("SLURM_MEM_PER_NODE").or_else(of_processors)?.checked_mul(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_the_machine_is_read() {
        let meminfo = "MemTotal:       24576000 kB\nMemAvailable:   20000000 kB\n";
        assert_eq!(of_machine(meminfo), Some(20_480_000_000));
        assert_eq!(of_machine("MemTotal: 1 kB\n"), None);
    }

    #[test]
    fn what_is_left_is_the_least_of_all_groups_of_both_versions() {
        let root = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let left = |own: &str| of_groups(own, root.path());
        assert_eq!(left("1:name=systemd:/\n0::/job\n"), None);
        // Version 2 as Slurm has it: the limit is that of the job, and the step has none of its own.
        put("job/memory.max", "1000\n");
        put("job/memory.current", "700\n");
        put("job/step/memory.max", "max\n");
        put("job/step/memory.current", "700\n");
        assert_eq!(left("0::/job/step\n"), Some(300));
        // Files that were read are no memory that is taken.
        put("job/memory.stat", "anon 100\ninactive_file 600\n");
        assert_eq!(left("0::/job/step\n"), Some(900));
        // Version 1 beside it, seen from a container, which sees its own group as the topmost.
        put("memory/memory.limit_in_bytes", "800\n");
        put("memory/memory.usage_in_bytes", "500\n");
        put("memory/memory.stat", "inactive_file 9\ntotal_inactive_file 200\n");
        assert_eq!(left("4:cpu,memory:/docker/1\n0::/\n"), Some(500));
        assert_eq!(left("4:cpu,memory:/docker/1\n0::/job\n"), Some(500));
        // Without a limit version 1 says a number beyond all memory.
        put("memory/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(left("4:memory:/docker/1\n0::/job\n"), Some(900));
    }

    #[test]
    fn a_job_has_what_slurm_grants_for_the_node_or_its_processors() {
        let of = |environment: &[(&str, &str)]| {
            of_job(&|name| environment.iter().find(|(of, _)| *of == name).map(|(_, is)| is.to_string()))
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("SLURM_MEM_PER_NODE", "512")]), Some(512 << 20));
        assert_eq!(of(&[("SLURM_MEM_PER_CPU", "100"), ("SLURM_CPUS_ON_NODE", "4")]), Some(400 << 20));
        // No limit, and no job.
        assert_eq!(of(&[("SLURM_MEM_PER_NODE", "0")]), None);
        assert_eq!(of(&[("SLURM_MEM_PER_CPU", "100")]), None);
    }
}
