//! The answer, pair of replicates by pair of replicates: a small city first, then the one that was asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Serialize;

use super::question::{Lever, Question};
use super::session::{Runs, Session, Size, Taken, replicates, row, sizes};
use shequ_experiment::compare::difference::Difference;
use shequ_experiment::compare::group;
use shequ_experiment::execute::{self, KeepGoing};
use shequ_experiment::outcome::Outcome;
use shequ_experiment::plan::Row;
use shequ_experiment::record::manifest::cores;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::month::Month;
use shequ_model::base::problem::Problems;
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::metric;
use shequ_model::scenario::Loaded;
use shequ_report::called;
use shequ_report::chart::{Change, Chart, Scale};
use shequ_report::page::live::{self, Line};

/// Pairs before the first answer of a size.
const FIRST: u32 = 4;

/// What is known so far.
#[derive(Serialize)]
pub struct Answer {
    /// Whether this is the city that was asked for, or a small one meanwhile.
    pub asked: bool,
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

/// Asked between months and pairs: false ends it.
pub type GoOn<'a> = dyn Fn() -> bool + Sync + 'a;

/// Runs pairs of replicates until all are done or somebody no longer wants to know, and hands out what is known after
/// each few.
///
/// # Errors
/// What is wrong with the question.
pub fn answer(
    session: &Session,
    question: &Question,
    go_on: &GoOn,
    hand_out: &mut dyn FnMut(Answer),
) -> Result<(), Problems> {
    let base = session.loaded(question)?;
    // What is wrong with the levers is said before anything is run.
    question.policy(&base)?;
    for size in sizes(&base) {
        let runs = session.runs(question, &base, size)?;
        let mut pairs = Pairs::new(&runs, question.policy(&runs.base)?);
        let of = replicates(&base, size);
        while pairs.done() < of && pairs.add(pairs.next().min(of), go_on) {
            hand_out(told(question, &runs, &pairs, (size == Size::Asked, of)));
        }
        if !go_on() {
            break;
        }
    }
    Ok(())
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
        let few = (cores() as u32).max(2);
        if self.done() == 0 { FIRST.max(few) } else { self.done() + few }
    }

    /// Runs those that are missing to `wanted`; false if it was stopped.
    pub fn add(&mut self, wanted: u32, go_on: &GoOn) -> bool {
        let next = AtomicU32::new(self.done());
        let work = || self.work(wanted, &next, go_on);
        // Each with a pool of its own: in a common one, a run that waits for a city would be asked to make it.
        let worker = || execute::pool(1).map_or_else(|_| Vec::new(), |pool| pool.install(work));
        let mut more = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..cores()).map(|_| scope.spawn(worker)).collect();
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

    /// Runs pairs until there are no more of them, or it is stopped.
    fn work(&self, wanted: u32, next: &AtomicU32, go_on: &GoOn) -> Vec<(u32, (Arc<Taken>, Taken))> {
        let keep_going: &KeepGoing = &|_| go_on();
        let pair = |replicate: u32| {
            let base = self.runs.base(&self.base, replicate, keep_going)?;
            Some((replicate, (base, self.runs.run(self.number, &self.policy, replicate, keep_going)?)))
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

fn told(question: &Question, runs: &Runs, pairs: &Pairs, (asked, of): (bool, u32)) -> Answer {
    let scenario = &runs.base.scenario;
    let metric = question.outcome.metric;
    let difference = pairs.difference(|taken| taken.means[0]);
    let e = difference.effect;
    let number = |value: f64| Some(value).filter(|value| !value.is_nan());
    Answer {
        asked,
        city: [scenario.population.communities.into(), scenario.population.all_adults()],
        done: pairs.done(),
        of,
        headline: live::headline(metric, &difference),
        line: live::line(metric, &difference),
        effect: [e.mean, e.mean - e.half_width, e.mean + e.half_width].map(number),
        means: [difference.base, difference.arm].map(number),
        scale: Scale::of_differences(metric),
        lines: lines(runs, pairs),
        charts: charts(question, runs, pairs),
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

fn charts(question: &Question, runs: &Runs, pairs: &Pairs) -> Vec<Chart> {
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
        live::over_time(outcome.metric, scenario.start, [base, policy], dated(question, scenario.start)),
        live::by_group(outcome.metric, &groups),
        live::by_community(outcome.metric, places, &scenario.population.table),
    ];
    charts.into_iter().flatten().collect()
}

/// Levers that hold from a later month on.
fn dated(question: &Question, start: Month) -> Vec<Change> {
    let one = |lever: &Lever| {
        let month = lever.from?.since(start).try_into().ok()?;
        let (name, value) = (called(&lever.key), &lever.value);
        Some(Change {
            month,
            policy: None,
            label: both!("{name}: {value}", "{name}：{value}"; name = name, value = value),
        })
    };
    question.levers.iter().filter_map(one).collect()
}

/// Warnings of the policy that the base does not have, and levers that the base moves again.
fn notes(question: &Question, base: &Loaded, policy: &Loaded) -> Vec<Both> {
    let known: Vec<&Both> = base.warnings.iter().map(|warning| &warning.message).collect();
    let mut notes: Vec<Both> = policy
        .warnings
        .iter()
        .map(|warning| &warning.message)
        .filter(|words| !known.contains(words))
        .cloned()
        .collect();
    for lever in &question.levers {
        let from = lever.from.unwrap_or(base.scenario.start);
        let mut later = base.draft.changes.iter().filter(|change| change.from > from);
        let again = later.find(|change| change.entries.iter().any(|entry| entry.path == lever.key));
        notes.extend(again.map(|change| {
            both!(
                "the base changes `{key}` again in {month}; from then on its value holds",
                "基准在 {month} 再次改变 `{key}`，此后以其值为准"; key = lever.key, month = change.from
            )
        }));
    }
    notes
}
