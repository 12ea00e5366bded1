//! Runs whose results stay in memory: for programs that ask again and again, and need no journal and no folder.

use std::sync::Arc;

use toml::Value;

use crate::design;
use crate::execute::{self, Stop};
use crate::file::resolved;
use crate::observer::Extent;
use crate::outcome::Outcome;
use crate::plan::{Plan, Row, Run, Shard};
use crate::prepare::RunCache;
use crate::study::Settings;
use crate::window::Window;
use shequ_model::base::problem::{Problem, Problems, Source};
use shequ_model::scenario::{Loaded, Scenario, index};
use shequ_model::simulation::ReplicateOutput;

/// What is taken of a run, or why it cannot be carried out.
pub type Taken<T> = Result<T, String>;

/// Carries out every run of `plan`, whose rows these are, and returns what `take` takes of each: row by row, and of a
/// row replicate by replicate. `settings` say how, but for shards and checkpoints, of which there are none.
///
/// # Errors
/// [`Stop`].
pub fn carry_out<T: Send>(
    rows: &[Row],
    plan: &Plan,
    cache: &RunCache,
    settings: &Settings,
    take: &(dyn Fn(ReplicateOutput, &Scenario) -> T + Sync),
) -> Result<Vec<Taken<T>>, Stop> {
    let Settings { threads, stop, observer, .. } = *settings;
    let runs: Vec<Run> = plan.runs(Shard::WHOLE).collect();
    let months = runs.iter().map(|run| u64::from(rows[run.row as usize].months())).sum();
    observer.begin(Extent { runs: runs.len() as u64, months, ..Extent::default() });
    let keep_going = |_month: u32| {
        observer.month();
        !stop()
    };
    let one = |number: usize| {
        let Run { row, replicate } = runs[number];
        let run = || cache.run(row, &rows[row as usize], replicate, &keep_going);
        let done = execute::attempt(run)?;
        Some((runs[number], done.map(|(output, scenario)| take(output, &scenario))))
    };
    let done = execute::side_by_side(runs.len(), threads, stop, &one, |from| {
        from.into_iter().inspect(|(_, done)| observer.run(done.is_err())).collect::<Vec<_>>()
    });
    observer.end();
    let mut done = done?;
    if done.len() < runs.len() {
        return Err(Stop::Asked);
    }
    done.sort_by_key(|(run, _)| *run);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// All replicates of a scenario, or `only` one, in order.
///
/// # Errors
/// [`Stop`].
pub fn replicates(
    loaded: &Loaded,
    only: Option<u32>,
    cache: &RunCache,
    settings: &Settings,
) -> Result<Vec<Taken<ReplicateOutput>>, Stop> {
    let plan = match only {
        Some(only) => Plan { first: only, ..Plan::new(1, 1) },
        None => Plan::new(1, loaded.scenario.replicates),
    };
    let rows = [Row::plain(loaded, resolved::SCENARIO)];
    carry_out(&rows, &plan, cache, settings, &|output, _| output)
}

/// The rows of a design, each of which gives some keys of a base other values.
pub struct Batch {
    /// The rows.
    pub rows: Vec<Row>,
    /// What a reader should know of how they were read.
    pub notes: Vec<Problem>,
}

impl Batch {
    /// The rows that `table`, which people know as `name`, says as the CSV of a design does.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn of_table(base: &Loaded, name: &str, table: &str) -> Result<Batch, Problems> {
        let (mut problems, mut notes) = (Problems::default(), Vec::new());
        let source = Source::file(name, table);
        let (factors, rows) = design::csv::read(&source, index(), &mut problems, &mut notes);
        if !problems.is_empty() {
            return Err(problems);
        }
        let plain = Row::plain(base, resolved::SCENARIO);
        let keys: Arc<[String]> = factors.into_iter().map(|factor| factor.key).collect();
        let row = |values: Vec<Value>| Row { keys: keys.clone(), values: values.into(), ..plain.clone() };
        Ok(Batch { rows: rows.into_iter().map(row).collect(), notes })
    }

    /// The outcomes over `window` of so many replicates of every row, as a sweep takes them: row by row, and of a row
    /// replicate by replicate.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn outcomes(
        &self,
        outcomes: &[Outcome],
        window: Window,
        replicates: u32,
        cache: &RunCache,
        settings: &Settings,
    ) -> Result<Vec<Taken<Vec<f64>>>, Stop> {
        let watched: Vec<usize> = outcomes.iter().map(|outcome| outcome.index).collect();
        let take = |output: ReplicateOutput, scenario: &Scenario| {
            let months = window.range(scenario.start, scenario.months);
            Outcome::reduce_all(outcomes, &output, &[months])
        };
        let plan = Plan::new(self.rows.len(), replicates);
        carry_out(&self.rows, &plan, &cache.for_plan(Some(&watched)), settings, &take)
    }
}
