//! A pilot: what a run costs, measured by a few of them on this machine.
//!
//! Which runs these are depends on the experiment alone. They are run as a shard would run them, on one thread, cities
//! and fits included; nothing of them is kept but the time.

use std::time::Instant;

use super::execute::{KeepGoing, Stop, pool};
use super::plan::{Run, Shard};
use super::study::Study;

/// Residents times months of all runs of a pilot, about: ten to thirty seconds. One run is made whatever it takes.
const WORK: u64 = 200_000_000;
/// Most runs of a pilot.
const MOST: u64 = 12;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pilot {
    /// Runs that were made.
    pub runs: u32,
    /// Wall time of one on one thread: the mean, in seconds, without what is done once.
    pub mean: f64,
    /// What is done once in each process, such as fits that all runs share, in seconds: what the first run took longer.
    pub once: f64,
}

impl Study<'_> {
    /// Runs a few replicates of rows that lie evenly among all, until `keep_going` says no.
    ///
    /// # Errors
    /// [`Stop::Asked`] and [`Stop::Threads`].
    #[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
    pub fn pilot(&self, keep_going: &KeepGoing) -> Result<Pilot, Stop> {
        let cache = self.cache(Shard::WHOLE);
        let seconds = pool(1)?.install(|| {
            self.tried()
                .into_iter()
                .map(|run| {
                    let begin = Instant::now();
                    // A run that contradicts itself fails at once in its shard as well.
                    if let Ok(prepared) =
                        cache.row(run.row, &self.rows[run.row as usize], run.replicate, keep_going)
                    {
                        prepared.run(keep_going).ok_or(Stop::Asked)?;
                    }
                    Ok(begin.elapsed().as_secs_f64())
                })
                .collect::<Result<Vec<f64>, Stop>>()
        })?;
        let (first, others) =
            seconds.split_first().map_or((0.0, &[][..]), |(first, others)| (*first, others));
        let mean = if others.is_empty() { first } else { others.iter().sum::<f64>() / others.len() as f64 };
        Ok(Pilot { runs: seconds.len() as u32, mean, once: (first - mean).max(0.0) })
    }

    /// The runs of a pilot: of rows that lie evenly among all, each in another replicate, so that none has its city for
    /// nothing.
    fn tried(&self) -> Vec<Run> {
        let months = self.rows.iter().map(|row| u64::from(row.months()));
        let adults = self.populations().map(|(population, _)| population.all_adults());
        let work = months.zip(adults).map(|(months, adults)| months * adults).max().unwrap_or(0);
        let plan = self.first_plan();
        let (rows, runs) = (self.rows.len() as u64, (WORK / work.max(1)).clamp(1, MOST).min(plan.count()));
        let run = |number: u64| {
            let row = (number * rows / runs) as u32;
            Run { row, replicate: plan.first + number as u32 % plan.replicates[row as usize].max(1) }
        };
        (0..runs).map(run).collect()
    }
}
