//! Living the runs of a plan that are not in the journals yet, many side by side.
//!
//! A worker is a thread with a pool of its own, so that a replicate's own parallel loops never wait for
//! other replicates. Workers hand finished runs to the one thread that writes the journal; runs that end while it
//! waits for the disk are written together.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use super::journal::{self, Began, Expected, Index, Journal, Record};
use super::plan::{Plan, Run, Shard};
use super::progress::Progress;
use super::run::{KeepGoing, words};
use crate::record::disk::Dir;
use shequ_model::base::i18n::{Both, both, reason};

/// Records on their way to the journal; more make workers wait.
const QUEUE: usize = 256;

/// What is taken from a replicate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Yield {
    /// Its outcomes: all of the first window, then all of the next …; of a comparison, the cells of groups
    /// follow in the same way.
    pub values: Vec<f64>,
    /// The outcomes by month, `[month * outcomes + o]`, where the experiment keeps them; else empty.
    pub monthly: Vec<f64>,
}

/// Does one run: `None` if it was stopped, an error if it failed.
pub type RunOne<'a> = dyn Fn(Run, &KeepGoing) -> Option<Result<Yield, String>> + Sync + 'a;

/// Why not everything was run. What was finished is in the journal.
#[derive(Debug)]
pub enum Stop {
    /// Somebody asked for it.
    Asked,
    /// The disk refused.
    Disk(io::Error),
    /// The system gave us no threads.
    Threads(String),
}

impl Stop {
    /// What is told of it.
    pub fn message(&self) -> Both {
        match self {
            Stop::Asked => both!("stopped", "已停止"),
            Stop::Disk(cause) => {
                both!("the journal cannot be written: {why}", "无法写入日志：{why}"; why = reason(cause))
            }
            Stop::Threads(why) => both!(
                "cannot start threads: {why}; use fewer with --threads, or ask for a higher limit of processes",
                "无法启动线程：{why}；请用 --threads 减少线程，或申请更高的进程数上限"
            ),
        }
    }
}

/// How the runs of a plan are done.
pub struct Work<'a> {
    /// The experiment, and what its records look like.
    pub expected: Expected<'a>,
    /// The part of the plan to live.
    pub shard: Shard,
    /// Threads, at least 1.
    pub threads: usize,
    /// No progress.
    pub quiet: bool,
    /// Does one run.
    pub run_one: &'a RunOne<'a>,
    /// Asked after every month of every replicate.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl Work<'_> {
    /// Runs what is missing of `plan` in the journals of `folder`, adding it to that of the shard, and
    /// returns what there is then.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn complete(&self, plan: &Plan, folder: &Path) -> Result<Index, Stop> {
        let index = self.read(folder)?;
        let missing: Vec<Run> = plan.runs(self.shard).filter(|run| !index.has(*run)).collect();
        if missing.is_empty() {
            return Ok(index);
        }
        let experiment = self.expected.experiment;
        let file = Dir::open_own(folder).and_then(|dir| journal::open(&dir, experiment, self.shard));
        let mut journal = Journal::to(Box::new(file.map_err(Stop::Disk)?), experiment);
        let progress = Progress::new(&index, plan.count(), self.workers(missing.len()), self.quiet);
        self.run_all(&missing, &mut journal, &progress)?;
        self.read(folder)
    }

    fn read(&self, folder: &Path) -> Result<Index, Stop> {
        journal::files(folder).and_then(|files| Index::read(files, &self.expected)).map_err(Stop::Disk)
    }

    /// Runs that go side by side.
    fn workers(&self, runs: usize) -> usize {
        self.threads.min(runs).max(1)
    }

    /// Does the runs that are `missing`.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn run_all(&self, missing: &[Run], journal: &mut Journal, progress: &Progress) -> Result<(), Stop> {
        let workers = self.workers(missing.len());
        let began = Began { shard: self.shard.to_string(), workers };
        journal.begin(began).map_err(Stop::Disk)?;
        let pools: Vec<_> = (0..workers).map(|_| pool(self.threads / workers)).collect::<Result<_, _>>()?;
        let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let stop = || failed.load(Ordering::Relaxed) || (self.stop)();
        let written = std::thread::scope(|scope| {
            let (to, from) = sync_channel(QUEUE);
            let started = pools.iter().try_for_each(|pool| {
                let (to, next, stop) = (to.clone(), &next, &stop);
                let work = move || pool.install(|| self.work(missing, next, stop, &to));
                std::thread::Builder::new().spawn_scoped(scope, work).map(drop)
            });
            failed.store(started.is_err(), Ordering::Relaxed);
            drop(to);
            let written = write(from, journal, progress);
            failed.store(written.is_err(), Ordering::Relaxed);
            started.map_err(|error| Stop::Threads(error.to_string()))?;
            written.map_err(Stop::Disk)
        });
        progress.finish();
        let result = written?;
        if result == missing.len() { Ok(()) } else { Err(Stop::Asked) }
    }

    /// Does runs until there are no more of them, or it is to stop.
    fn work(
        &self,
        missing: &[Run],
        next: &AtomicUsize,
        stop: &(dyn Fn() -> bool + Sync),
        to: &SyncSender<Record>,
    ) {
        while !stop() {
            let Some(&run) = missing.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let Some(record) = self.record(run, stop) else { return };
            // The writer is gone if the disk refused.
            if to.send(record).is_err() {
                return;
            }
        }
    }

    /// One run; `None` if it was stopped.
    #[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
    fn record(&self, run: Run, stop: &(dyn Fn() -> bool + Sync)) -> Option<Record> {
        let start = Instant::now();
        let keep_going = |_month: u32| !stop();
        let result = catch_unwind(AssertUnwindSafe(|| (self.run_one)(run, &keep_going)));
        let result = result.unwrap_or_else(|panic: Box<dyn Any + Send>| Some(Err(words(panic.as_ref()))))?;
        let (failure, Yield { values, monthly }) = match result {
            Ok(result) => (None, result),
            Err(message) => (Some(message), Yield::default()),
        };
        let seconds = start.elapsed().as_secs_f64();
        Some(Record { row: run.row, replicate: run.replicate, failure, values, monthly, seconds })
    }
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, Stop> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| Stop::Threads(error.to_string()))
}

/// Writes what comes, and returns how many runs that were.
fn write(from: Receiver<Record>, journal: &mut Journal, progress: &Progress) -> io::Result<usize> {
    let mut written = 0;
    while let Ok(first) = from.recv() {
        let mut records = vec![first];
        records.extend(from.try_iter().take(QUEUE));
        let counted: Vec<(bool, f64)> = records.iter().map(|r| (r.failure.is_some(), r.seconds)).collect();
        journal.add(records)?;
        written += counted.len();
        counted.into_iter().for_each(|(failed, seconds)| progress.run(failed, seconds));
    }
    Ok(written)
}
