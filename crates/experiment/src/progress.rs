//! How far an experiment is: for the terminal while it runs, and for `shequ status`.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::journal::Index;
use super::run::PATIENCE;
use shequ_model::base::i18n::{Both, both};

/// Runs whose cost tells what the next ones will cost.
const RECENT: usize = 200;

/// Counts finished runs, and shows them with rate and time left on a terminal.
pub struct Progress {
    bar: ProgressBar,
    workers: usize,
    wanted: bool,
    started: Instant,
    state: Mutex<State>,
}

struct State {
    failed: usize,
    /// Wall times of the runs that ended last, in a ring.
    seconds: Vec<f64>,
    ended: usize,
    shown: bool,
}

impl Progress {
    /// Of `runs` runs, of which those of `index` are finished. `quiet` shows nothing.
    #[allow(clippy::disallowed_methods)] // A clock for people; no result depends on it.
    pub fn new(index: &Index, runs: u64, workers: usize, quiet: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(runs), ProgressDrawTarget::hidden());
        bar.set_position(index.len() as u64);
        Progress {
            bar,
            workers,
            wanted: !quiet && std::io::stderr().is_terminal(),
            started: Instant::now(),
            state: Mutex::new(State { failed: index.failed(), seconds: Vec::new(), ended: 0, shown: false }),
        }
    }

    /// One more run is on the disk; it took so many seconds.
    pub fn run(&self, failed: bool, seconds: f64) {
        self.bar.inc(1);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.failed += usize::from(failed);
        let at = state.ended % RECENT;
        match state.seconds.get_mut(at) {
            Some(time) => *time = seconds,
            None => state.seconds.push(seconds),
        }
        state.ended += 1;
        if self.wanted && self.started.elapsed() > PATIENCE {
            if !state.shown {
                state.shown = true;
                self.show();
            }
            let missing = self.bar.length().unwrap_or(0).saturating_sub(self.bar.position());
            self.bar.set_message(words(state.failed, missing, &state.seconds, self.workers).en);
        }
    }

    fn show(&self) {
        let colour = if std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) { ".cyan" } else { "" };
        let template = format!("{{bar:30{colour}}} {{pos}} of {{len}} runs, {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            self.bar.set_style(style);
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Failed runs, rate and time left, from the median cost of a run in `seconds` and the number of runs
/// that live side by side.
pub fn words(failed: usize, missing: u64, seconds: &[f64], workers: usize) -> Both {
    let failed = match failed {
        0 => Both::default(),
        _ => both!("{failed} failed, ", "失败 {failed} 次，"),
    };
    let Some(cost) = median(seconds).filter(|cost| *cost > 0.0) else {
        return both!("{failed}no rate yet", "{failed}速度尚不可知"; failed = failed);
    };
    let rate = workers as f64 / cost;
    let rate = match rate {
        rate if rate >= 10.0 => both!("{rate:.0} runs a second", "每秒 {rate:.0} 次模拟"),
        rate if rate * 60.0 >= 10.0 => {
            both!("{rate:.0} runs a minute", "每分钟 {rate:.0} 次模拟"; rate = rate * 60.0)
        }
        rate => both!("{rate:.1} runs an hour", "每小时 {rate:.1} 次模拟"; rate = rate * 3600.0),
    };
    let left = Duration::try_from_secs_f64(missing as f64 * cost / workers as f64).unwrap_or(Duration::MAX);
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
}
