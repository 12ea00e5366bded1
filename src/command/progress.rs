//! How far an experiment is: for the terminal while it runs, and for `shequ status`.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Common, output, results};
use shequ_experiment::observer::{Extent, Observer};
use shequ_model::base::i18n::{Both, both};

/// Work that ends sooner shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// Milliseconds from one look at the bar to the next.
const PACE: u64 = 100;

/// What a terminal sees of an experiment: notes, unless it is to be quiet, warnings, and a bar that counts months
/// and says how many runs are finished, at what rate, and when all will be.
pub struct Progress {
    quiet: bool,
    wanted: bool,
    state: Mutex<State>,
    /// Months run since the work began.
    months: AtomicU64,
    /// Milliseconds after which the bar is to be drawn again.
    due: AtomicU64,
    origin: Instant,
}

struct State {
    bar: ProgressBar,
    extent: Extent,
    began: Instant,
    is_shown: bool,
}

impl Progress {
    /// Of a command; nothing has begun.
    #[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
    pub fn new(common: Common) -> Progress {
        let now = Instant::now();
        let state = State { bar: hidden(), extent: Extent::default(), began: now, is_shown: false };
        Progress {
            quiet: common.quiet,
            wanted: !common.quiet && std::io::stderr().is_terminal(),
            state: Mutex::new(state),
            months: AtomicU64::new(0),
            due: AtomicU64::new(0),
            origin: now,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn milliseconds(&self) -> u64 {
        self.origin.elapsed().as_millis() as u64
    }

    fn draw(&self, state: &mut State) {
        let taken = state.began.elapsed();
        if taken < PATIENCE {
            return;
        }
        if !state.is_shown {
            state.is_shown = true;
            show(&state.bar);
        }
        let months = self.months.load(Ordering::Relaxed);
        state.bar.set_position(state.extent.months_before + months);
        state.bar.set_message(describe(&state.extent, months, taken).of(output::language()).to_string());
    }
}

impl Observer for Progress {
    fn note(&self, words: Both) {
        if !self.quiet {
            self.tell(words);
        }
    }

    fn tell(&self, words: Both) {
        self.state().bar.suspend(|| output::tell(words));
    }

    fn warn(&self, words: Both) {
        self.tell(results::warning(words));
    }

    #[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
    fn begin(&self, extent: Extent) {
        let bar = hidden();
        bar.set_length(extent.months);
        self.months.store(0, Ordering::Relaxed);
        *self.state() = State { bar, extent, began: Instant::now(), is_shown: false };
    }

    fn month(&self) {
        self.months.fetch_add(1, Ordering::Relaxed);
        if !self.wanted {
            return;
        }
        let now = self.milliseconds();
        let due = self.due.load(Ordering::Relaxed);
        let is_mine = || self.due.compare_exchange(due, now + PACE, Ordering::Relaxed, Ordering::Relaxed);
        if now >= due && is_mine().is_ok() {
            self.draw(&mut self.state());
        }
    }

    fn run(&self, failed: bool) {
        let mut state = self.state();
        state.extent.finished += 1;
        state.extent.failed += u64::from(failed);
        if self.wanted {
            self.draw(&mut state);
        }
    }

    fn end(&self) {
        self.state().bar.finish_and_clear();
    }
}

fn hidden() -> ProgressBar {
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden())
}

fn show(bar: &ProgressBar) {
    let colour = if std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) { ".cyan" } else { "" };
    if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:30{colour}}} {{msg}}")) {
        bar.set_style(style);
    }
    bar.set_draw_target(ProgressDrawTarget::stderr());
}

/// Runs that are finished, rate and time left, where `months` were run in the time that it took.
fn describe(extent: &Extent, months: u64, taken: Duration) -> Both {
    let Extent { runs, finished, failed, .. } = *extent;
    let missing = extent.months.saturating_sub(extent.months_before + months);
    let cost = (months > 0).then(|| taken.as_secs_f64() / months as f64);
    let of_run = cost.map(|cost| cost * extent.months as f64 / runs.max(1) as f64);
    let left = cost.map(|cost| cost * missing as f64);
    let speed = speed(failed, of_run, left);
    both!("{finished} of {runs} runs, {speed}", "共 {runs} 次模拟，已完成 {finished} 次，{speed}";
        finished = finished, runs = runs, speed = speed)
}

/// Failed runs, rate and time left, from the median cost of a run in `seconds` and the number of runs
/// that are carried out side by side.
pub fn words(failed: u64, missing: u64, seconds: &[f64], workers: usize) -> Both {
    let cost = median(seconds).map(|cost| cost / workers as f64);
    speed(failed, cost, cost.map(|cost| missing as f64 * cost))
}

/// Failed runs, the rate at which a run ends every `cost` seconds, and the seconds that are left.
fn speed(failed: u64, cost: Option<f64>, left: Option<f64>) -> Both {
    let failed = match failed {
        0 => Both::default(),
        _ => both!("{failed} failed, ", "失败 {failed} 次，"),
    };
    let Some(cost) = cost.filter(|cost| *cost > 0.0) else {
        return both!("{failed}no rate yet", "{failed}速度尚不可知"; failed = failed);
    };
    let rate = match 1.0 / cost {
        rate if rate >= 10.0 => both!("{rate:.0} runs a second", "每秒 {rate:.0} 次模拟"),
        rate if rate * 60.0 >= 10.0 => {
            both!("{rate:.0} runs a minute", "每分钟 {rate:.0} 次模拟"; rate = rate * 60.0)
        }
        rate => both!("{rate:.1} runs an hour", "每小时 {rate:.1} 次模拟"; rate = rate * 3600.0),
    };
    let left = Duration::try_from_secs_f64(left.unwrap_or(0.0)).unwrap_or(Duration::MAX);
    both!("{failed}{rate}, {left} left", "{failed}{rate}，还需 {left}";
        failed = failed, rate = rate, left = duration(left))
}

/// A stretch of time in its largest unit: "3 minutes".
pub fn duration(time: Duration) -> Both {
    let en = HumanDuration(time).to_string();
    let (number, unit) = en.split_once(' ').unwrap_or((&en, ""));
    let unit = match unit.trim_end_matches('s') {
        "second" => "秒",
        "minute" => "分钟",
        "hour" => "小时",
        "day" => "天",
        "week" => "周",
        "year" => "年",
        other => other,
    };
    let zh = format!("{number} {unit}");
    both(en, zh)
}

fn median(seconds: &[f64]) -> Option<f64> {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_follows_the_median_run() {
        // One run that took long says little of the others.
        let text = words(0, 100, &[0.5, 0.5, 60.0], 2);
        assert_eq!(text, both("240 runs a minute, 25 seconds left", "每分钟 240 次模拟，还需 25 秒"));
        assert_eq!(words(3, 100, &[], 2), both("3 failed, no rate yet", "失败 3 次，速度尚不可知"));
        let slow = words(0, 2, &[7200.0], 1);
        assert_eq!(slow, both("0.5 runs an hour, 4 hours left", "每小时 0.5 次模拟，还需 4 小时"));
    }

    #[test]
    fn a_single_long_run_moves_with_its_months() {
        let extent = Extent { runs: 1, months: 1200, months_before: 600, ..Extent::default() };
        let text = describe(&extent, 300, Duration::from_secs(300));
        let (en, zh) = ("3.0 runs an hour, 5 minutes left", "每小时 3.0 次模拟，还需 5 分钟");
        assert_eq!(text, both(format!("0 of 1 runs, {en}"), format!("共 1 次模拟，已完成 0 次，{zh}")));
    }
}
