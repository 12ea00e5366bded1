//! How many shards: as asked, as the script that is there has them, or by a pilot.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::scripts::{JOB, shards_of};
use super::{Error, Slurm};
use crate::command::{interrupt, output, progress};
use shequ_experiment::pilot::Pilot;
use shequ_experiment::runner::Failure;
use shequ_experiment::study::Study;
use shequ_model::base::i18n::both;

/// Fewest shards: one would be the whole.
pub const FEWEST: u32 = 2;

/// Minutes that a shard is to take: long beside the waiting of a task, short beside what a kill loses.
const MINUTES: u32 = 30;

/// The number of shards of `study`, of at most `most`.
///
/// # Errors
/// More are asked for than there are runs, or than an array may have.
pub fn shards(given: &Slurm, study: &Study, out: &Path, most: u32, quiet: bool) -> Result<u32, Error> {
    let runs = study.first_plan().count();
    let there = || fs::read_to_string(out.join(JOB)).ok().as_deref().and_then(shards_of);
    let shards = match given.shards.or_else(there) {
        Some(shards) => shards,
        None => {
            interrupt::listen();
            let pilot = study.pilot(&|_| !interrupt::asked()).map_err(Failure::from)?;
            let shards = fitting(&pilot, runs, given).min(most);
            if !quiet {
                tell(&pilot, runs, shards, given);
            }
            shards
        }
    };
    if u64::from(shards) > runs {
        return Err(Error::Usage(both!(
            "{shards} shards are more than there are runs: {runs}",
            "分片数 {shards} 多于模拟次数：{runs}"
        )));
    }
    if shards > most {
        return Err(Error::Usage(both!(
            "{shards} shards are more than an array may have here: {most}",
            "分片数 {shards} 多于此处作业数组的上限：{most}"
        )));
    }
    Ok(shards)
}

/// As many shards as take half an hour each, or half of a shorter time limit.
fn fitting(pilot: &Pilot, runs: u64, given: &Slurm) -> u32 {
    let minutes = MINUTES.min(given.minutes / 2);
    let of_each = f64::from(minutes * 60) * f64::from(given.cpus);
    let shards = (runs as f64 * pilot.mean / of_each).ceil() as u32;
    shards.max(FEWEST).min(runs.try_into().unwrap_or(u32::MAX))
}

fn tell(pilot: &Pilot, runs: u64, shards: u32, given: &Slurm) {
    let Pilot { runs: tried, mean, once } = *pilot;
    let seconds = once + runs.div_ceil(shards.into()) as f64 * mean / f64::from(given.cpus);
    let each = progress::duration(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
    output::tell(both!(
        "pilot: of {tried} runs, each took {mean:.3} s on one core here, and what is done once {once:.1} s; \
         {runs} runs as {shards} shards take about {each} each",
        "试运行：在本机单核上运行 {tried} 次，平均每次 {mean:.3} 秒，只需一次的准备 {once:.1} 秒；\
         {runs} 次模拟分为 {shards} 个分片，每个约需 {each}";
        tried = tried, mean = mean, once = once, runs = runs, shards = shards, each = each
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        slurm: Slurm,
    }

    #[test]
    fn shards_take_half_an_hour_or_half_of_a_shorter_limit() {
        let given = |options: &str| Line::parse_from(format!("x a.toml {options}").split_whitespace()).slurm;
        let pilot = |mean: f64| Pilot { runs: 3, mean, once: 1.0 };
        // Two hours of work on one core.
        assert_eq!(fitting(&pilot(7.2), 1000, &given("")), 4);
        assert_eq!(fitting(&pilot(7.2), 1000, &given("--cpus 2")), 2);
        assert_eq!(fitting(&pilot(7.2), 1000, &given("--minutes 20")), 12);
        // Never the whole in one, nor more shards than runs.
        assert_eq!(fitting(&pilot(0.001), 1000, &given("")), 2);
        assert_eq!(fitting(&pilot(7200.0), 3, &given("")), 3);
    }
}
