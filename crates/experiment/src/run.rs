//! All replicates of one scenario, in parallel.

use std::any::Any;
use std::io::IsTerminal;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use shequ_model::base::i18n::{Both, both};
use shequ_model::simulation::ReplicateOutput;

/// Asked after each month with the number of months done: false stops the replicate.
pub type KeepGoing<'a> = dyn Fn(u32) -> bool + Sync + 'a;

/// Runs one replicate: `None` if it was stopped, an error if it failed.
pub type RunOne<'a> = dyn Fn(u32, &KeepGoing) -> Option<Result<ReplicateOutput, Both>> + Sync + 'a;

/// Runs shorter than this show no progress.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// Why there are no outputs.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// Somebody asked the run to stop.
    Stopped,
    /// A replicate failed.
    Replicate {
        /// Which replicate.
        replicate: u32,
        /// What the program said.
        message: Both,
    },
    /// The system gave us no threads.
    Threads {
        /// Threads asked for.
        threads: usize,
        /// What the system said.
        message: String,
    },
}

impl Failure {
    /// What is told of it.
    pub fn message(&self) -> Both {
        match self {
            Failure::Stopped => both!("stopped", "已停止"),
            Failure::Replicate { replicate, message } => {
                both!(
                    "replicate {replicate} failed: {message}", "第 {replicate} 次重复失败：{message}";
                    replicate = replicate, message = *message
                )
            }
            Failure::Threads { threads, message } => {
                both!("cannot start {threads} threads: {message}", "无法启动 {threads} 个线程：{message}")
            }
        }
    }
}

/// Runs `replicates` on `threads` threads, and returns their outputs in this order.
///
/// `stop` is asked after every month of every replicate.
///
/// # Errors
/// [`Failure`]; the first replicate, by number, that is known to have failed is named.
pub fn outputs(
    replicates: Range<u32>,
    threads: usize,
    run_one: &RunOne,
    progress: &Progress,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<ReplicateOutput>, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|e| Failure::Threads { threads, message: e.to_string() })?;
    let failed = AtomicBool::new(false);
    let one = |replicate: u32| {
        let wanted = || !stop() && !failed.load(Ordering::Relaxed);
        let keep_going = |_month: u32| {
            progress.month();
            wanted()
        };
        if !wanted() {
            return Err(Failure::Stopped);
        }
        let result = catch_unwind(AssertUnwindSafe(|| run_one(replicate, &keep_going)));
        let result = result.unwrap_or_else(|panic| Some(Err(Both::same(&words(panic.as_ref())))));
        result.ok_or(Failure::Stopped)?.map_err(|message| {
            failed.store(true, Ordering::Relaxed);
            Failure::Replicate { replicate, message }
        })
    };
    let outcomes: Vec<Result<ReplicateOutput, Failure>> =
        pool.install(|| replicates.into_par_iter().map(one).collect());
    progress.finish();
    // A replicate that broke down stops the others: its failure is the cause, theirs the consequence.
    let is_cause =
        |outcome: &&Result<ReplicateOutput, Failure>| matches!(outcome, Err(Failure::Replicate { .. }));
    if let Some(Err(Failure::Replicate { replicate, message })) = outcomes.iter().find(is_cause) {
        return Err(Failure::Replicate { replicate: *replicate, message: message.clone() });
    }
    outcomes.into_iter().collect()
}

/// The words of a panic.
pub fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown cause").into()
}

/// A bar on the terminal with the time left, counted in resident-months over all replicates.
///
/// It shows itself only on a terminal and only if the run takes longer than a second.
pub struct Progress {
    bar: ProgressBar,
    residents: u64,
    wanted: bool,
    started: Instant,
    shown: OnceLock<()>,
}

impl Progress {
    /// A bar for `outputs` replicates of `months` months of `residents` residents. `quiet` hides it.
    #[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
    pub fn new(outputs: u32, months: u32, residents: u64, quiet: bool) -> Progress {
        let length = residents * u64::from(months) * u64::from(outputs);
        Progress {
            bar: ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden()),
            residents,
            wanted: !quiet && std::io::stderr().is_terminal(),
            started: Instant::now(),
            shown: OnceLock::new(),
        }
    }

    /// One more month of one replicate is done.
    fn month(&self) {
        self.bar.inc(self.residents);
        if self.wanted && self.started.elapsed() > PATIENCE {
            self.shown.get_or_init(|| self.show());
        }
    }

    fn show(&self) {
        let colour = if std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) { ".cyan" } else { "" };
        let template = format!(
            "{{bar:30{colour}}} {{percent:>3}} %  {{human_pos}} of {{human_len}} resident-months  {{eta}} left"
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            self.bar.set_style(style);
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
