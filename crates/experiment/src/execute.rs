//! Carries out the runs of a plan that are not in the journals yet, many side by side.
//!
//! A worker is a thread with a pool of its own, so that a run's own parallel loops never wait for other runs. Workers
//! hand finished runs to the one thread that writes the journal; runs that end while it waits for the disk are written
//! together.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use super::checkpoint::{Checkpoints, Refusal};
use super::journal::{self, Began, Expected, Index, Journal, Record};
use super::observer::Observer;
use super::plan::{Plan, Row, Run, Shard};
use crate::record::disk::Dir;
use shequ_model::base::i18n::{Both, both, errors, reason};

/// Records on their way to the journal; more make workers wait.
const QUEUE: usize = 256;

/// Threads of all pools together up to which each pool has as many as there are, where runs are few.
const POOLED: usize = 512;

/// Runs for each worker below which there are few: the last ones would leave most of the threads idle.
const FEW: usize = 4;

/// What is taken from a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Yield {
    /// Its outcomes: all of the first window, then all of the next …; of a comparison, the cells of groups
    /// follow in the same way.
    pub values: Vec<f64>,
    /// The outcomes by month, `[month * outcomes + o]`, where the experiment keeps them; else empty.
    pub monthly: Vec<f64>,
    /// Everything that is recorded of it as bytes, where the experiment keeps that; else empty.
    pub output: Vec<u8>,
}

impl Yield {
    /// Everything that is recorded, as bytes.
    pub fn whole(output: Vec<u8>) -> Yield {
        Yield { output, ..Yield::default() }
    }
}

/// Asked after each month with the number of months done: false stops the run.
pub type KeepGoing<'a> = dyn Fn(u32) -> bool + Sync + 'a;

/// Carries out one run of a row: `None` if it was stopped, an error if it cannot be carried out.
pub type RunOne<'a> = dyn Fn(&Row, Run, &KeepGoing) -> Option<Result<Yield, String>> + Sync + 'a;

/// Why not everything was run. What was finished is in the journal.
#[derive(Debug)]
pub enum Stop {
    /// Somebody asked for it.
    Asked,
    /// The disk refused.
    Disk(io::Error),
    /// A run cannot go on from its checkpoint.
    Checkpoint(PathBuf, Refusal),
    /// The system gave us no threads.
    Threads(String),
}

impl Stop {
    /// What is told of it.
    pub fn message(&self) -> Both {
        match self {
            Stop::Asked => both!("stopped", "已停止"),
            Stop::Disk(cause) => {
                both!("cannot write the journal: {why}", "无法写入日志：{why}"; why = reason(cause))
            }
            Stop::Checkpoint(path, refusal) => both!(
                "the checkpoint {path} cannot be used: {refusal}; nothing was changed. Move it away to run \
                 this replicate from its beginning, or use the program that wrote it",
                "检查点 {path} 无法使用：{refusal}。未作任何改动。移走该文件可从头模拟这次重复，或使用写出它的程序";
                path = path.display(), refusal = refusal.message()
            ),
            Stop::Threads(why) => both!(
                "cannot start threads: {why}; use fewer with --threads, or ask for a higher limit of processes",
                "无法启动线程：{why}；请用 --threads 减少线程，或申请更高的进程数上限"
            ),
        }
    }
}

errors!(Stop);

/// How the runs of a plan are carried out.
pub struct Work<'a> {
    /// The experiment, and what its records look like.
    pub expected: Expected<'a>,
    /// The part of the plan to carry out.
    pub shard: Shard,
    /// Threads, at least 1.
    pub threads: usize,
    /// Who follows it.
    pub observer: &'a dyn Observer,
    /// Where unfinished runs are kept.
    pub checkpoints: &'a Checkpoints<'a>,
    /// Carries out one run.
    pub run_one: &'a RunOne<'a>,
    /// Asked after every month of every run.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl Work<'_> {
    /// Carries out what is missing of `plan`, whose rows these are, in the journals of `folder`, of which `index`
    /// is what they hold, adding it to that of the shard, and returns what there is then.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn complete(&self, plan: &Plan, rows: &[Row], index: Index, folder: &Path) -> Result<Index, Stop> {
        let missing: Vec<Run> = plan.runs(self.shard).filter(|run| !index.has(*run)).collect();
        if missing.is_empty() {
            return Ok(index);
        }
        let experiment = self.expected.experiment;
        let file = Dir::open_own(folder).and_then(|dir| journal::open(&dir, experiment, self.shard));
        let mut journal = Journal::to(Box::new(file.map_err(Stop::Disk)?), experiment);
        self.run_all(&missing, rows, &mut journal)?;
        let index = journal::files(folder).and_then(|files| Index::read(files, &self.expected));
        let index = index.map_err(Stop::Disk)?;
        // Where locks do not hold, another process may have written over what this one wrote.
        match missing.iter().filter(|run| !index.has(**run)).count() {
            0 => Ok(index),
            lost => Err(Stop::Disk(io::Error::other(both!(
                "{lost} runs that were written are not in the journal; another process may write to it too",
                "已写入的模拟中有 {lost} 次不在日志里；可能另有进程也在写入该日志"
            )))),
        }
    }

    /// Carries out the runs that are `missing`.
    ///
    /// # Errors
    /// [`Stop`].
    fn run_all(&self, missing: &[Run], rows: &[Row], journal: &mut Journal) -> Result<(), Stop> {
        let workers = workers(self.threads, missing.len());
        let threads = threads_of_each(self.threads, workers, missing.len());
        journal.begin(Began { shard: self.shard.to_string(), workers, threads }).map_err(Stop::Disk)?;
        let failed = AtomicBool::new(false);
        let stop = || failed.load(Ordering::Relaxed) || (self.stop)();
        let one = |k: usize| self.record(&rows[missing[k].row as usize], missing[k], &stop);
        let written = side_by_side(missing.len(), self.threads, &stop, &one, |from| {
            let written = self.write(from, journal);
            failed.store(written.is_err(), Ordering::Relaxed);
            written
        })?;
        if written.map_err(Stop::Disk)? == missing.len() { Ok(()) } else { Err(Stop::Asked) }
    }

    /// One run; `None` if it was stopped.
    #[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
    fn record(&self, row: &Row, run: Run, stop: &(dyn Fn() -> bool + Sync)) -> Option<Record> {
        let start = Instant::now();
        let keep_going = |_month: u32| {
            self.observer.month();
            !stop()
        };
        let result = attempt(|| (self.run_one)(row, run, &keep_going))?;
        let (failure, Yield { values, monthly, output }) = match result {
            Ok(result) => (None, result),
            Err(message) => (Some(message), Yield::default()),
        };
        let seconds = start.elapsed().as_secs_f64();
        Some(Record { row: run.row, replicate: run.replicate, failure, values, monthly, output, seconds })
    }

    /// Writes what comes, and returns how many runs that were.
    fn write(&self, from: Receiver<Record>, journal: &mut Journal) -> io::Result<usize> {
        let mut written = 0;
        while let Ok(first) = from.recv() {
            let mut records = vec![first];
            records.extend(from.try_iter().take(QUEUE));
            let of = |r: &Record| (Run { row: r.row, replicate: r.replicate }, r.failure.is_some());
            let counted: Vec<(Run, bool)> = records.iter().map(of).collect();
            journal.add(records)?;
            written += counted.len();
            for (run, failed) in counted {
                self.checkpoints.remove(run);
                self.observer.run(failed);
            }
        }
        Ok(written)
    }
}

/// Carries out `count` pieces of work side by side on `threads` threads, each piece by its number, until all are done,
/// `stop` says so or one of them is `None`. What they give goes to `take` on the calling thread, in the order in which
/// they end.
///
/// # Errors
/// [`Stop::Threads`] if the system gives us none.
pub fn side_by_side<T: Send, R>(
    count: usize,
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
    piece: &(dyn Fn(usize) -> Option<T> + Sync),
    take: impl FnOnce(Receiver<T>) -> R,
) -> Result<R, Stop> {
    let workers = workers(threads, count);
    let each = threads_of_each(threads, workers, count);
    let pools: Vec<_> = (0..workers).map(|_| pool(each)).collect::<Result<_, _>>()?;
    let (next, is_refused) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = |to: &SyncSender<T>| {
        while !is_refused.load(Ordering::Relaxed) && !stop() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            let Some(done) = piece(number) else { return };
            // Who takes them is gone if it can use no more.
            if to.send(done).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let (to, from) = sync_channel(QUEUE);
        let started = pools.iter().try_for_each(|pool| {
            let (to, work) = (to.clone(), &work);
            let on_pool = move || pool.install(|| work(&to));
            std::thread::Builder::new().spawn_scoped(scope, on_pool).map(drop)
        });
        is_refused.store(started.is_err(), Ordering::Relaxed);
        drop(to);
        let taken = take(from);
        started.map_err(|error| Stop::Threads(error.to_string()))?;
        Ok(taken)
    })
}

/// Pieces of work that are carried out at a time, at least 1.
fn workers(threads: usize, count: usize) -> usize {
    threads.min(count).max(1)
}

/// Carries out one run: `None` if it was stopped, an error if it cannot be carried out or panics.
pub fn attempt<T>(run: impl FnOnce() -> Option<Result<T, String>>) -> Option<Result<T, String>> {
    let done = catch_unwind(AssertUnwindSafe(run));
    done.unwrap_or_else(|panic: Box<dyn Any + Send>| Some(Err(words(panic.as_ref()))))
}

/// Threads of the pool of each of `workers` that share `threads` for so many runs. Where runs are many, each worker has
/// its part of the threads; where they are few, it has all, as the others may end before it.
fn threads_of_each(threads: usize, workers: usize, runs: usize) -> usize {
    let part = (threads / workers).max(1);
    if runs < FEW * workers { threads.min((POOLED / workers).max(part)) } else { part }
}

/// A pool of so many threads.
///
/// # Errors
/// [`Stop::Threads`] if the system gives us none.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool, Stop> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| Stop::Threads(error.to_string()))
}

/// The words of a panic.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown cause").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_runs_have_all_threads_and_many_share_them() {
        let of = |threads: usize, runs: usize| threads_of_each(threads, threads.min(runs), runs);
        assert_eq!([of(2, 1), of(2, 3), of(2, 7), of(2, 8), of(2, 100)], [2, 2, 2, 1, 1]);
        // One long run has everything; a thousand threads do not become a million.
        assert_eq!([of(64, 1), of(64, 64), of(64, 256), of(1000, 1000), of(1000, 10)], [64, 8, 1, 1, 100]);
    }
}
