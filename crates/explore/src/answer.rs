//! The answer, pair of replicates by pair of replicates: a small city first, then the one that was asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde::Serialize;

use super::area;
use super::question::{Lever, Question};
use super::session::{Runs, Session, Size, Taken, replicates, row, side_by_side, sizes};
use shequ_experiment::compare::difference::Difference;
use shequ_experiment::compare::group;
use shequ_experiment::execute;
use shequ_experiment::outcome::Outcome;
use shequ_experiment::plan::Row;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::month::Month;
use shequ_model::base::params::Kind;
use shequ_model::base::problem::Problems;
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::metric;
use shequ_model::scenario::{Loaded, index};
use shequ_report::called;
use shequ_report::chart::{Change, Chart, Scale};
use shequ_report::page::live::{self, Line};

/// Pairs before the first answer of a size.
const FIRST: u32 = 4;

/// How often it is told how far the next answer is.
const TELL: Duration = Duration::from_millis(500);

/// What is known so far.
#[derive(Serialize)]
pub struct Answer {
    /// Whether this is the city that was asked for, or a small one meanwhile.
    pub asked: bool,
    /// Which it is: "few", "small" or "asked".
    pub stage: &'static str,
    /// Communities and adults of the city.
    pub city: [u64; 2],
    /// Pairs of replicates behind it.
    pub done: u32,
    /// Pairs that there will be.
    pub of: u32,
    /// In one sentence.
    pub headline: Both,
    /// The outcome that was asked for.
    pub line: Line,
    /// The difference as it stands in tables, with the ends of its interval; none where there is none.
    pub effect: [Option<f64>; 3],
    /// Mean over the replicates without and with the policy, as `shequ run` has them.
    pub means: [Option<f64>; 2],
    /// How differences of the outcome are read.
    pub scale: Scale,
    /// All other outcomes.
    pub lines: Vec<Line>,
    /// When, who and where.
    pub charts: Vec<Chart>,
    /// What has to be said of it.
    pub notes: Vec<Both>,
}

/// How far the next answer is.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Progress {
    /// Of which city it will be, as in [`Answer::stage`].
    pub stage: &'static str,
    /// Communities and adults of that city.
    pub city: [u64; 2],
    /// Communities and adults of the city that was asked for.
    pub of: [u64; 2],
    /// Months that have been simulated for it, in all replicates, and those that there will be.
    pub months: [u64; 2],
    /// Months before the first in which each city comes to rest.
    pub burn_in: u32,
}

/// What a page is told.
pub enum Told {
    /// What is known so far.
    Answer(Box<Answer>),
    /// How far the next answer is.
    Progress(Progress),
}

/// Asked between months and pairs: false ends it.
pub type GoOn<'a> = dyn Fn() -> bool + Sync + 'a;

/// Runs pairs of replicates until all are done or somebody no longer wants to know, and hands out what is known after
/// each few, and meanwhile how far it is.
///
/// # Errors
/// What is wrong with the question.
pub fn answer(
    session: &Session,
    question: &Question,
    go_on: &GoOn,
    hand_out: &mut dyn FnMut(Told),
) -> Result<(), Problems> {
    let base = session.loaded(question)?;
    // What is wrong with the levers is said before anything is run.
    question.policy(&base)?;
    // In the words of the whole city, whichever is looked at.
    let changes = dated(question, &base);
    for size in sizes(question, &base) {
        let (stage, of) = (size.word(), replicates(&base, &size));
        let Some((runs, policy)) = side(session, question, &base, size)? else { continue };
        let progress = |months| Progress {
            stage,
            city: people(&runs.base),
            of: people(&base),
            months,
            burn_in: base.scenario.burn_in,
        };
        let mut pairs = Pairs::new(&runs, policy);
        while pairs.done() < of {
            let next = pairs.next().min(of);
            if !pairs.add(next, go_on, &mut |months| hand_out(Told::Progress(progress(months)))) {
                return Ok(());
            }
            hand_out(Told::Answer(Box::new(told(question, &runs, &pairs, (stage, of), &changes))));
        }
    }
    Ok(())
}

/// The base at a size, and the policy there; none of a few communities where the policy, or the base, names others.
///
/// # Errors
/// What is wrong with the question.
pub fn side(
    session: &Session,
    question: &Question,
    base: &Loaded,
    size: Size,
) -> Result<Option<(Arc<Runs>, Loaded)>, Problems> {
    let among = match &size {
        Size::Few(kept, _) => Some(question.among(kept, base.scenario.population.table.len())),
        Size::Small(_) | Size::Asked => None,
    };
    let both = |question: &Question| {
        let runs = session.runs(question, base, size)?;
        let policy = question.policy(&runs.base)?;
        Ok((runs, policy))
    };
    match among {
        Some(among) => Ok(both(&among).ok()),
        None => both(question).map(Some),
    }
}

/// Communities and adults of a city.
fn people(loaded: &Loaded) -> [u64; 2] {
    let population = &loaded.scenario.population;
    [population.communities.into(), population.all_adults()]
}

/// Replicates of a base and of a policy, side by side.
pub struct Pairs<'a> {
    runs: &'a Runs,
    number: u32,
    base: Row,
    policy: Row,
    taken: Vec<(Arc<Taken>, Taken)>,
}

impl<'a> Pairs<'a> {
    /// None yet.
    pub fn new(runs: &'a Runs, policy: Loaded) -> Pairs<'a> {
        Pairs { runs, number: runs.number(), base: row(&runs.base), policy: row(&policy), taken: Vec::new() }
    }

    fn done(&self) -> u32 {
        self.taken.len() as u32
    }

    /// How many there are after the next few.
    fn next(&self) -> u32 {
        let (workers, threads) = side_by_side(&self.runs.base);
        match self.done() {
            // Of a large city each takes so long that it is told by itself.
            done if threads > workers => done + 1,
            0 => FIRST.max(workers as u32),
            done => done + (workers as u32).max(2),
        }
    }

    /// Runs those that are missing to `wanted`, telling months that are done and those that there will be until then;
    /// false if it was stopped.
    pub fn add(&mut self, wanted: u32, go_on: &GoOn, tell: &mut dyn FnMut([u64; 2])) -> bool {
        let next = AtomicU32::new(self.done());
        let months = AtomicU64::new(0);
        let of = self.months_to(wanted);
        let (workers, threads) = side_by_side(&self.runs.base);
        let work = || self.work(wanted, &next, &months, go_on);
        // Each with a pool of its own: in a common one, a run that waits for a city would be asked to make it.
        let worker = || execute::pool(threads).map_or_else(|_| Vec::new(), |pool| pool.install(work));
        let mut more = std::thread::scope(|scope| {
            let (working, ended) = channel::<()>();
            let start = |_| {
                let working = working.clone();
                scope.spawn(move || {
                    let pairs = worker();
                    drop(working);
                    pairs
                })
            };
            let workers: Vec<_> = (0..workers).map(start).collect();
            drop(working);
            // Until all have ended.
            while ended.recv_timeout(TELL) == Err(RecvTimeoutError::Timeout) {
                tell([months.load(Ordering::Relaxed), of]);
            }
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect::<Vec<_>>()
        });
        more.sort_by_key(|(replicate, _)| *replicate);
        let is_done = more.len() as u32 == wanted.saturating_sub(self.done());
        // What was stopped leaves gaps.
        let from = self.done()..;
        let in_order = from.zip(more).take_while(|(expected, (replicate, _))| expected == replicate);
        let pairs: Vec<_> = in_order.map(|(_, (_, pair))| pair).collect();
        self.taken.extend(pairs);
        is_done
    }

    /// Months that are to be simulated until there are `wanted` pairs: those of the policy, and of the base where they
    /// are not kept.
    fn months_to(&self, wanted: u32) -> u64 {
        let runs = |replicate: u32| if self.runs.is_kept(replicate) { 1 } else { 2 };
        let runs: u64 = (self.done()..wanted).map(runs).sum();
        runs * u64::from(self.runs.base.scenario.months)
    }

    /// Runs pairs until there are no more of them, or it is stopped, and counts their `months`.
    fn work(
        &self,
        wanted: u32,
        next: &AtomicU32,
        months: &AtomicU64,
        go_on: &GoOn,
    ) -> Vec<(u32, (Arc<Taken>, Taken))> {
        let pair = |replicate: u32| {
            let base = self.runs.base(&self.base, replicate, &counting(months, go_on))?;
            let policy = self.runs.run(self.number, &self.policy, replicate, &counting(months, go_on))?;
            Some((replicate, (base, policy)))
        };
        let free = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|replicate| *replicate < wanted);
        std::iter::from_fn(|| free().and_then(pair)).collect()
    }

    /// The difference of what `of` takes of each replicate.
    pub fn difference(&self, of: impl Fn(&Taken) -> f64) -> Difference {
        let [base, policy] = self.both(&of);
        Difference::paired(&base, &policy)
    }

    fn both(&self, of: &impl Fn(&Taken) -> f64) -> [Vec<f64>; 2] {
        [
            self.taken.iter().map(|(base, _)| of(base)).collect(),
            self.taken.iter().map(|(_, own)| of(own)).collect(),
        ]
    }

    /// Estimates over the replicates of each side.
    fn levels(&self, of: impl Fn(&Taken) -> f64) -> [Estimate; 2] {
        self.both(&of).map(|values| estimate(values.into_iter()))
    }
}

/// Asks whether to go on after each month of a run, and adds it to those that are done.
fn counting<'a>(months: &'a AtomicU64, go_on: &'a GoOn) -> impl Fn(u32) -> bool + Sync + 'a {
    let done = AtomicU32::new(0);
    move |now| {
        let before = done.fetch_max(now, Ordering::Relaxed);
        months.fetch_add(now.saturating_sub(before).into(), Ordering::Relaxed);
        go_on()
    }
}

fn told(
    question: &Question,
    runs: &Runs,
    pairs: &Pairs,
    (stage, of): (&'static str, u32),
    changes: &[Change],
) -> Answer {
    let metric = question.outcome.metric;
    let difference = pairs.difference(|taken| taken.means[0]);
    let e = difference.effect;
    let number = |value: f64| Some(value).filter(|value| !value.is_nan());
    Answer {
        asked: stage == Size::Asked.word(),
        stage,
        city: people(&runs.base),
        done: pairs.done(),
        of,
        headline: live::headline(metric, &difference),
        line: live::line(metric, &difference),
        effect: [e.mean, e.mean - e.half_width, e.mean + e.half_width].map(number),
        means: [difference.base, difference.arm].map(number),
        scale: Scale::of_differences(metric),
        lines: lines(runs, pairs),
        charts: charts(question, runs, pairs, changes),
        notes: notes(question, &runs.base, &pairs.policy.base),
    }
}

/// All outcomes but the one that was asked for; of money, what a community costs in a year.
fn lines(runs: &Runs, pairs: &Pairs) -> Vec<Line> {
    let communities = runs.base.scenario.population.communities as usize;
    let one = |(k, outcome): (usize, &Outcome)| {
        let difference = pairs.difference(|taken| taken.means[k]);
        match outcome.name() == metric::costs::TOTAL {
            true => live::cost(&difference, communities),
            false => live::line(outcome.metric, &difference),
        }
    };
    runs.outcomes.iter().enumerate().skip(1).map(one).collect()
}

fn charts(question: &Question, runs: &Runs, pairs: &Pairs, changes: &[Change]) -> Vec<Chart> {
    let outcome = question.outcome;
    let scenario = &runs.base.scenario;
    let width = runs.outcomes.len();
    let month = |m: usize| pairs.levels(|taken| taken.monthly[m * width]);
    let (base, policy) =
        (0..scenario.months as usize).map(month).map(|[base, policy]| (base, policy)).unzip();
    let cells = group::Cell::all();
    let of_group =
        |(k, cell): (usize, &group::Cell)| (*cell, pairs.difference(|taken| taken.groups[k]).effect);
    let own = |(_, cell): &(usize, &group::Cell)| cell.metric == outcome.name();
    let groups: Vec<_> = cells.iter().enumerate().filter(own).map(of_group).collect();
    let communities = pairs.taken.first().map_or(0, |(base, _)| base.communities.len());
    let places = (0..communities).map(|c| pairs.difference(|taken| taken.communities[c]).effect).collect();
    let charts = [
        live::over_time(outcome.metric, scenario.start, [base, policy], changes.to_vec()),
        live::by_group(outcome.metric, &groups),
        live::by_community(outcome.metric, places, &scenario.population.table),
    ];
    charts.into_iter().flatten().collect()
}

/// Levers that hold from a later month on, or end before the run does.
fn dated(question: &Question, base: &Loaded) -> Vec<Change> {
    let scenario = &base.scenario;
    let at = |month: Month| u32::try_from(month.since(scenario.start)).ok().filter(|m| *m < scenario.months);
    let change = |month: Option<Month>, label: Both| Some(Change { month: at(month?)?, policy: None, label });
    let one = |lever: &Lever| {
        let (name, value, place) =
            (called(&lever.key), value_called(&lever.key, &lever.value), place(question, lever, base));
        let begins = both!("{name}: {value}{place}", "{name}：{value}{place}"; name = name, value = value, place = place);
        let ends = both!("{name} ends{place}", "{name}结束{place}"; name = name, place = place);
        [change(lever.from, begins), change(lever.to.map(|to| to.plus(1)), ends)]
    };
    question.levers.iter().flat_map(one).flatten().collect()
}

/// A value in words, where it is a word of the program.
fn value_called(key: &str, value: &str) -> Both {
    let words = index().key(key).and_then(|key| match &key.kind {
        Kind::Choice(words) => words.iter().find(|word| word.name == value).map(|word| word.meaning.into()),
        _ => None,
    });
    words.unwrap_or_else(|| Both::same(value))
}

/// " (communities of the kind …)" of a lever that does not hold everywhere.
fn place(question: &Question, lever: &Lever, base: &Loaded) -> Both {
    let within = lever.within.as_ref().unwrap_or(&question.within).written(&base.scenario).ok().flatten();
    within.map(|within| bracketed(&within)).unwrap_or_default()
}

fn bracketed(within: &str) -> Both {
    both!(" ({place})", "（{place}）"; place = area::said(within))
}

/// Warnings of the policy that the base does not have, and levers that the base moves again.
fn notes(question: &Question, base: &Loaded, policy: &Loaded) -> Vec<Both> {
    let known: Vec<&Both> = base.warnings.iter().map(|warning| &warning.message).collect();
    let own = policy.warnings.iter().map(|warning| &warning.message).filter(|words| !known.contains(words));
    own.cloned().chain(question.levers.iter().filter_map(|lever| again(lever, base))).collect()
}

/// That the base changes the key of a lever while it holds, if it does.
fn again(lever: &Lever, base: &Loaded) -> Option<Both> {
    let from = lever.from.unwrap_or(base.scenario.start);
    let holds = |month: Month| month > from && lever.to.is_none_or(|to| month <= to);
    let mut later = base.draft.changes.iter().filter(|change| holds(change.from));
    let change = later.find(|change| change.entries.iter().any(|entry| entry.path == lever.key))?;
    let place = change.within.as_ref().map(|within| bracketed(&within.to_string())).unwrap_or_default();
    Some(both!(
        "the base changes “{name}” again in {month}{place}; from then on its value holds there",
        "基准在 {month} 再次改变“{name}”{place}，此后在该处以其值为准";
        name = called(&lever.key), month = change.from, place = place
    ))
}
