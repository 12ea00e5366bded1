//! How much memory a run will take, and whether the computer has it.

use std::fs;
use std::path::Path;

use super::Error;
use crate::base::words::both;
use crate::city::Cities;
use crate::city::synth::size;
use crate::scenario::Scenario;

/// What every run takes beside its city: the program, tables, pictures.
const BASE: u64 = 64 << 20;

/// Bytes that a run of `scenario` takes at most, about. Of replicates that share a city, the last takes it itself, and
/// each other that goes on at the same time has columns of its own; others have cities of their own, beside the first.
pub fn of_run(scenario: &Scenario, threads: usize) -> u64 {
    let (city, columns) = (size::city(&scenario.population), size::columns(&scenario.population));
    let others = match scenario.replicates {
        1 => 0,
        replicates => (replicates as u64).min(threads as u64),
    };
    let each = if scenario.seed.cities == Cities::One { columns } else { city };
    BASE + city + others * each
}

/// Checks that a run fits.
///
/// # Errors
/// [`Error::Usage`] if it needs more than is free, as far as the system says how much that is.
pub fn check(scenario: &Scenario, threads: usize) -> Result<(), Error> {
    let needed = of_run(scenario, threads);
    match available() {
        Some(free) if needed > free => Err(Error::Usage(both!(
            "this run needs about {needed} of memory and {free} are free; fewer adults, fewer replicates or \
             --threads 1 need less, and --any-memory tries it all the same",
            "此次运行约需内存 {needed}，而空闲的只有 {free}；减少成年居民、减少重复次数或用 --threads 1 \
             可少用内存，--any-memory 则仍然尝试";
            needed = text(needed), free = text(free)
        ))),
        _ => Ok(()),
    }
}

/// Bytes in words: "350 MiB", "2.4 GiB".
pub fn text(bytes: u64) -> String {
    const MIB: f64 = (1 << 20) as f64;
    let mib = bytes as f64 / MIB;
    if mib < 1000.0 { format!("{} MiB", mib.ceil()) } else { format!("{:.1} GiB", mib / 1024.0) }
}

/// Bytes that are free to this process: those of the machine, or what is left of the limit of its control
/// group, whichever is less. Only Linux says so.
fn available() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| of_machine(&text));
    let group = fs::read_to_string("/proc/self/cgroup").ok().and_then(|text| of_group(&text));
    machine.into_iter().chain(group).min()
}

/// `MemAvailable`, in kibibytes in that file.
fn of_machine(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What is left of the limit of the control group (version 2), if it has one: "max" is none.
fn of_group(own: &str) -> Option<u64> {
    let path = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let folder = Path::new("/sys/fs/cgroup").join(path);
    let number = |name: &str| fs::read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_and_told_in_words() {
        let meminfo = "MemTotal:       24576000 kB\nMemAvailable:   20000000 kB\n";
        assert_eq!(of_machine(meminfo), Some(20_480_000_000));
        assert_eq!(of_machine("MemTotal: 1 kB\n"), None);
        assert_eq!(of_group("1:name=systemd:/\n"), None);
        assert_eq!([1, 350 << 20, 2 << 30].map(text), ["1 MiB", "350 MiB", "2.0 GiB"]);
    }

    #[test]
    fn replicates_side_by_side_take_columns_or_cities_of_their_own_and_memory_is_linear() {
        let mut scenario = Scenario::standard();
        scenario.replicates = 1;
        let one = of_run(&scenario, 2) - BASE;
        scenario.replicates = 30;
        assert_eq!(of_run(&scenario, 2) - BASE, 3 * one);
        scenario.seed.cities = Cities::One;
        let columns = size::columns(&scenario.population);
        assert_eq!(of_run(&scenario, 2) - BASE, one + 2 * columns);
        (scenario.replicates, scenario.population.communities) = (1, 100);
        let tenfold = of_run(&scenario, 2) - BASE;
        assert!(tenfold.abs_diff(10 * one) <= 10, "{tenfold} and {one}");
    }
}
