//! Where a city begins, from a survey: values of keys under which the first year gives what was observed.
//!
//! Each row of the survey that a single key answers for (`counterpart`) is a root in that key. All are found at
//! once, each by secants on the scale of its key, on the same replicates in every round: keys of other rows matter
//! little, and what they do matter the next round sees. Why so, and what else was thought of:
//! `docs/decisions/0071-from-a-survey-to-a-start.md`.

mod counterpart;

pub use counterpart::YEAR;

use self::counterpart::{Counterpart, Reading};
use super::score::{self, Combination, Judged, runs};
use super::table::Target;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problems;
use shequ_model::base::stats::Estimate;
use shequ_model::scenario::Loaded;

/// Rounds after which the best so far is taken.
const ROUNDS: usize = 10;
/// A figure is near enough within this share of the standard error of the row.
const NEAR: f64 = 0.25;
/// Without a standard error, within this, and within this share of the figure.
const NEAR_ALONE: (f64, f64) = (0.002, 0.02);
/// Slopes that steps are made by: a figure moves so much for each unit of its key.
const SLOPES: (f64, f64) = (0.25, 4.0);
/// A key that was moved by this much, and its figure by less than this share of it, does not say where the figure
/// begins.
const STUCK: (f64, f64) = (0.05, 0.1);
/// Steps of values of keys within one.
const STEPS: f64 = 1e5;
/// Half width of a 95 % interval in standard errors.
const WIDE: f64 = 1.96;

/// A starting value.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The row, by its place in the table.
    pub row: usize,
    /// The key.
    pub key: String,
    /// Its value.
    pub value: f64,
    /// The values at the ends of the row's own 95 % interval; none if it has no standard error.
    pub ends: Option<[f64; 2]>,
    /// What the first year gives, and how near that is.
    pub judged: Judged,
}

/// A row that no starting value was found for.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// The row, by its place in the table.
    pub row: usize,
    /// Why.
    pub why: Both,
}

/// Where a city begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Start {
    /// Starting values, in the order of the table.
    pub found: Vec<Found>,
    /// Rows without one, in that order.
    pub left: Vec<Left>,
}

/// The start of `base` that `targets` ask for, by `replicates` replicates; none if `stop`, asked each month, says so.
///
/// # Errors
/// A target sets what no scenario may hold.
pub fn start(
    base: &Loaded,
    targets: &[Target],
    replicates: u32,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Start>, Problems> {
    let (mut rows, mut left) = rows(base, targets)?;
    // Of the first year alone, where nothing is dated after it.
    let year = base.with(&[format!("months={YEAR}")]).unwrap_or_else(|_| base.clone());
    let asked: Vec<Target> = rows.iter().map(|row| in_first_year(&targets[row.row])).collect();
    // Rounds differ in starting values, and seldom in what a theory is fitted to.
    let cache = score::cache(&asked);
    for round in 0..ROUNDS {
        if rows.iter().all(|row| row.stuck.is_some()) {
            break;
        }
        let values = rows.iter().filter(|row| row.stuck.is_none());
        let settings: Vec<String> =
            values.map(|row| format!("{}={:?}", row.counterpart.key, row.value)).collect();
        let now = year.with(&settings)?;
        let judged = score::scores_by(&cache, &now, &asked, &Combination::of(&now), replicates, stop)?;
        let Some(judged) = judged else { return Ok(None) };
        rows.iter_mut()
            .zip(judged)
            .filter(|(row, _)| row.stuck.is_none())
            .for_each(|(row, judged)| row.see(judged));
        // What does not move is taken out again, and what was tried with it counts no more.
        let given_up: Vec<bool> = rows.iter_mut().map(Row::give_up).collect();
        if given_up.contains(&true) {
            rows.iter_mut().for_each(|row| row.from = row.trials.len());
        } else if rows.iter().all(|row| row.stuck.is_some() || row.off() <= 1.0) {
            break;
        }
        if round + 1 < ROUNDS {
            rows.iter_mut().for_each(Row::step);
        }
    }
    let best = best(&rows);
    let mut found = Vec::new();
    for row in rows {
        match (&row.stuck, best) {
            (None, Some(best)) => found.push(row.found(best)),
            (None, None) => left.push(Left { row: row.row, why: no_rounds() }),
            (Some(why), _) => left.push(Left { row: row.row, why: why.clone() }),
        }
    }
    left.sort_by_key(|left| left.row);
    Ok(Some(Start { found, left }))
}

fn no_rounds() -> Both {
    both!("no starting value was found in {ROUNDS} rounds", "{ROUNDS} 轮之内没有找到初始值")
}

/// The rows that a single key answers for, each key once, and all others.
fn rows<'a>(base: &Loaded, targets: &'a [Target]) -> Result<(Vec<Row<'a>>, Vec<Left>), Problems> {
    let runs = runs(targets);
    let scenarios = score::of_runs(targets, runs.iter().copied(), &|settings| base.with(settings))?;
    let (mut rows, mut left): (Vec<Row>, Vec<Left>) = Default::default();
    for (k, target) in targets.iter().enumerate() {
        let run = runs.iter().position(|settings| *settings == target.set.as_slice()).unwrap_or(0);
        let counterpart =
            Counterpart::of(target, &scenarios[run].scenario).and_then(|counterpart| {
                match rows.iter().find(|row| row.counterpart.key == counterpart.key) {
                    None => Ok(counterpart),
                    Some(row) => Err(both!(
                        "`{key}` is given by {id} already", "`{key}` 已由 {id} 给出";
                        key = counterpart.key, id = row.target.id
                    )),
                }
            });
        match counterpart {
            Ok(counterpart) => rows.push(Row::new(k, target, counterpart, base)),
            Err(why) => left.push(Left { row: k, why }),
        }
    }
    Ok((rows, left))
}

/// The target, of the first year if it says no months.
fn in_first_year(target: &Target) -> Target {
    Target { months: target.months.or(Some((1, YEAR))), ..target.clone() }
}

/// The round, counted from the last in which something was taken out, in which the worst row is nearest.
fn best(rows: &[Row]) -> Option<usize> {
    let moving = || rows.iter().filter(|row| row.stuck.is_none());
    let rounds = moving().map(|row| row.trials.len() - row.from).min()?;
    let worst = |round: &usize| moving().map(|row| row.off_at(row.from + round)).fold(0.0, f64::max);
    (0..rounds).min_by(|a, b| worst(a).total_cmp(&worst(b)))
}

/// A value that was tried, and what it gave.
#[derive(Clone, Copy)]
struct Trial {
    value: f64,
    judged: Judged,
}

/// A row under way.
struct Row<'a> {
    row: usize,
    target: &'a Target,
    counterpart: Counterpart,
    /// The value to try next.
    value: f64,
    trials: Vec<Trial>,
    /// The first trial that counts.
    from: usize,
    /// Figure for a unit of the key, both scaled, as far as known.
    slope: f64,
    /// Why nothing is found for it.
    stuck: Option<Both>,
}

impl<'a> Row<'a> {
    /// Begins at the value of the scenario.
    fn new(row: usize, target: &'a Target, counterpart: Counterpart, base: &Loaded) -> Row<'a> {
        let value = base.value(&counterpart.key).and_then(|given| given.value.as_float()).unwrap_or(0.5);
        Row { row, target, counterpart, value, trials: Vec::new(), from: 0, slope: 1.0, stuck: None }
    }

    fn reading(&self) -> &Reading {
        &self.counterpart.reading
    }

    /// The trial of a round, scaled: the key and its figure.
    fn scaled(&self, trial: &Trial) -> (f64, f64) {
        (self.reading().of_key(trial.value), self.reading().scaled(trial.judged.figure.mean))
    }

    fn see(&mut self, judged: Judged) {
        self.trials.push(Trial { value: self.value, judged });
    }

    /// Gives up where there is no figure, or none that the key moves; true if it does so now.
    fn give_up(&mut self) -> bool {
        let (None, Some(last)) = (&self.stuck, self.trials.last()) else { return false };
        let Estimate { n, .. } = last.judged.figure;
        let key = &self.counterpart.key;
        let why = match self.trials.as_slice() {
            _ if n == 0 && self.target.quantity.metric.starts_with("survey.") => Some(both!(
                "nobody was asked in its months: write survey.sample=300 under `set`",
                "在其月份没有人接受调查：请在 `set` 列写 survey.sample=300"
            )),
            _ if n == 0 => Some(both!("it has no value in its months", "在其月份没有数值")),
            [.., before, last] => {
                let ((x0, y0), (x1, y1)) = (self.scaled(before), self.scaled(last));
                let is_still = (x1 - x0).abs() >= STUCK.0 && (y1 - y0) / (x1 - x0) < STUCK.1;
                is_still.then(|| {
                    both!(
                        "`{key}` does not say where it is after the burn-in",
                        "`{key}` 不能决定预热之后的水平"
                    )
                })
            }
            _ => None,
        };
        self.stuck = why;
        self.stuck.is_some()
    }

    /// How far the figure of a trial is off, in what is near enough.
    fn off_at(&self, trial: usize) -> f64 {
        let aim = self.target.aim.number();
        let near = match self.target.standard_error {
            0.0 => NEAR_ALONE.0.min(NEAR_ALONE.1 * aim),
            error => NEAR * error,
        };
        let off = (self.trials[trial].judged.figure.mean - aim).abs();
        if off.is_nan() { f64::INFINITY } else { off / near.max(f64::MIN_POSITIVE) }
    }

    fn off(&self) -> f64 {
        self.trials.len().checked_sub(1).map_or(f64::INFINITY, |last| self.off_at(last))
    }

    /// The value to try next: where a line through the last two trials meets the target.
    fn step(&mut self) {
        let (None, [.., last]) = (&self.stuck, self.trials.as_slice()) else { return };
        let (x, y) = self.scaled(last);
        if let [.., before, _] = self.trials.as_slice() {
            let (x0, y0) = self.scaled(before);
            if (x - x0).abs() * STEPS > 1.0 {
                self.slope = ((y - y0) / (x - x0)).clamp(SLOPES.0, SLOPES.1);
            }
        }
        let most = self.reading().step();
        let aim = self.reading().scaled(self.target.aim.number());
        let next = self.reading().key(x + ((aim - y) / self.slope).clamp(-most, most));
        self.value = libm::round(next * STEPS) / STEPS;
    }

    fn found(&self, best: usize) -> Found {
        let trial = &self.trials[self.from + best];
        let ends = (self.target.standard_error > 0.0).then(|| {
            let aim = self.target.aim.number();
            let half = WIDE * self.target.standard_error;
            let (x, middle) = (self.reading().of_key(trial.value), self.reading().scaled(aim));
            let at =
                |figure: f64| self.reading().key(x + (self.reading().scaled(figure) - middle) / self.slope);
            let mut ends = [aim - half, aim + half].map(at);
            ends.sort_by(f64::total_cmp);
            ends
        });
        Found {
            row: self.row,
            key: self.counterpart.key.clone(),
            value: trial.value,
            ends,
            judged: trial.judged,
        }
    }
}
