//! An experiment at work: its rows, its name among results, and its lives from the first to the last.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::execute::{Live, Stop, Work, Yield};
use super::file::{Experiment, Kind, resolved};
use super::journal::{self, Index, Record, Records};
use super::plan::{Plan, Row, Run, Shard};
use super::prepare::Stock;
use super::run::KeepGoing;
use crate::base::stats::estimate;
use crate::experiment::replicates::Replicates;
use crate::record::folder::{folder_name, hash};
use crate::record::manifest::MODEL_VERSION;
use crate::{theory, trust};

/// An experiment with its rows.
pub struct Study<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// Its rows. Of a comparison the base and then the arms. Of a contest the same, each under every theory
    /// and, fastest, every trust rule. Else the rows of the design, each under the base and then every arm.
    pub rows: Vec<Row>,
    /// SHA-256, in hexadecimal, of all that its results depend on.
    pub hash: String,
}

/// All lives of an experiment, as far as they were lived.
pub struct Lived {
    /// The rows, and how often each is to be lived.
    pub plan: Plan,
    /// Where their records are.
    pub index: Index,
}

/// How lives are lived.
pub struct Settings<'a> {
    /// Threads, at least 1.
    pub threads: usize,
    /// The part that is lived here.
    pub shard: Shard,
    /// No progress.
    pub quiet: bool,
    /// Asked after every month of every life.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Study<'a> {
    /// The study of `experiment`.
    pub fn new(experiment: &'a Experiment) -> Study<'a> {
        let rows = match experiment.kind {
            Kind::Compare => sides(experiment),
            Kind::Contest => contest(&sides(experiment)),
            Kind::Sweep | Kind::Sensitivity => design(experiment, &sides(experiment)),
        };
        Study { hash: identity(experiment, &rows), rows, experiment }
    }

    /// Scenarios that each row of the design is lived under: the base and the arms.
    pub fn sides(&self) -> usize {
        1 + self.experiment.arms.len()
    }

    /// The name of the base, 0, or of an arm.
    pub fn side_name(&self, side: usize) -> &str {
        let Experiment { base, arms, .. } = self.experiment;
        side.checked_sub(1).map_or(&base.scenario.name, |arm| &arms[arm].name)
    }

    /// The name of its results folder.
    pub fn name(&self) -> String {
        folder_name(&self.experiment.name, &self.hash)
    }

    /// Lives what is missing in the journals of `folder`, until every row has the replicates that it needs.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn complete(&self, folder: &Path, settings: &Settings) -> Result<Lived, Stop> {
        let stock = Stock::new();
        let live = |run: Run, keep_going: &KeepGoing| self.live(&stock, run, keep_going);
        self.complete_with(folder, settings, &live)
    }

    /// The same by another way of living a run.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn complete_with(&self, folder: &Path, settings: &Settings, live: &Live) -> Result<Lived, Stop> {
        let Settings { threads, shard, quiet, stop } = *settings;
        let work = Work { experiment: &self.hash, shard, threads, quiet, live, stop };
        let mut plan = self.first_plan();
        loop {
            let index = work.complete(&plan, folder)?;
            let lived = Lived { plan, index };
            match self.grown(&lived).map_err(Stop::Disk)? {
                Some(larger) => plan = larger,
                None => return Ok(lived),
            }
        }
    }

    /// What the journals `files` hold, without living anything; the second is the number of runs that are
    /// missing.
    ///
    /// # Errors
    /// What the disk says.
    pub fn gather(&self, files: Vec<std::path::PathBuf>) -> io::Result<(Lived, u64)> {
        let mut lived = Lived { index: Index::read(files)?, plan: self.first_plan() };
        loop {
            let missing = lived.plan.runs(Shard::WHOLE).filter(|run| !lived.index.has(*run)).count() as u64;
            match self.grown(&lived)? {
                Some(larger) if missing == 0 => lived.plan = larger,
                _ => return Ok((lived, missing)),
            }
        }
    }

    fn first_plan(&self) -> Plan {
        Plan::new(self.rows.clone(), self.experiment.replicates.first())
    }

    /// One life, as far as it is kept.
    fn live(&self, stock: &Stock, run: Run, keep_going: &KeepGoing) -> Option<Result<Yield, String>> {
        let prepared = match stock.row(run.row, &self.rows[run.row as usize]) {
            Ok(prepared) => prepared,
            Err(message) => return Some(Err(message)),
        };
        let life = prepared.live(run.replicate, keep_going)?;
        let Experiment { windows, outcomes, design, .. } = self.experiment;
        let months =
            |window: &super::window::Window| window.range(prepared.scenario.start, prepared.scenario.months);
        let values =
            windows.iter().flat_map(|w| outcomes.iter().map(|o| o.reduce(&life, months(w)))).collect();
        // Those that compare a few scenarios show how they part over time.
        Some(Ok(Yield { values, monthly: if design.is_none() { life.monthly } else { Vec::new() } }))
    }

    /// The plan with more replicates, if its rule asks for more of some row. Rows that are compared with one
    /// another share their luck replicate by replicate, so all have as many as the one that needs most.
    fn grown(&self, lived: &Lived) -> io::Result<Option<Plan>> {
        let Replicates::Until { outcome, .. } = self.experiment.replicates else { return Ok(None) };
        let at = self.experiment.outcomes.iter().position(|o| *o == outcome).unwrap_or(0);
        let mut records = lived.index.records()?;
        let mut wanted = lived.plan.replicates.clone();
        for (row, n) in wanted.iter_mut().enumerate() {
            let values = lived.values(&mut records, row as u32, self.width())?;
            let width = |window: usize| {
                let column = window * self.experiment.outcomes.len() + at;
                estimate(values.iter().map(|life| life[column])).half_width.abs()
            };
            // NaN, no interval at all, is the widest.
            let widest = (0..self.experiment.windows.len()).map(width).max_by(|a, b| a.total_cmp(b));
            *n = self.experiment.replicates.next(*n, widest.unwrap_or(f64::NAN)).unwrap_or(*n);
        }
        if self.experiment.kind != Kind::Sweep || self.sides() > 1 {
            let most = wanted.iter().copied().max().unwrap_or(0);
            wanted.fill(most);
        }
        let grows = wanted != lived.plan.replicates;
        Ok(grows.then(|| Plan { replicates: wanted, ..lived.plan.clone() }))
    }

    /// Values that are taken from a life.
    pub fn width(&self) -> usize {
        self.experiment.windows.len() * self.experiment.outcomes.len()
    }

    /// The journals in `folder`, all of which must be of this experiment.
    ///
    /// # Errors
    /// What the disk says, or that one is of another experiment.
    pub fn journals(&self, folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
        let files = journal::files(folder)?;
        for file in &files {
            let index = Index::read(vec![file.clone()])?;
            if index.began.iter().any(|began| began.experiment != self.hash) {
                return Err(io::Error::other(format!("{} is of another experiment", file.display())));
            }
        }
        Ok(files)
    }
}

impl Lived {
    /// The shards whose journals these are, such as "1/4, 3/4".
    pub fn shards(&self) -> String {
        let mut shards: Vec<&str> = self.index.began.iter().map(|began| began.shard.as_str()).collect();
        shards.sort_unstable();
        shards.dedup();
        shards.join(", ")
    }

    /// The values of every replicate of a row, `width` for each life; those of a life that failed are NaN.
    ///
    /// # Errors
    /// What the disk says.
    pub fn values(&self, records: &mut Records, row: u32, width: usize) -> io::Result<Vec<Vec<f64>>> {
        let lives = self.records_of(records, row)?;
        let values = |record: Record| match record.failure {
            None => record.values,
            Some(_) => vec![f64::NAN; width],
        };
        Ok(lives.into_iter().map(values).collect())
    }

    /// The records of every replicate of a row, in order.
    ///
    /// # Errors
    /// What the disk says, or that one is missing.
    pub fn records_of(&self, records: &mut Records, row: u32) -> io::Result<Vec<Record>> {
        let record = |replicate: u32| {
            let missing = || io::Error::other(format!("replicate {replicate} of row {row} is missing"));
            records.get(Run { row, replicate })?.ok_or_else(missing)
        };
        (0..self.plan.replicates[row as usize]).map(record).collect()
    }
}

/// The base, then the arms.
fn sides(experiment: &Experiment) -> Vec<Row> {
    let arms = experiment.arms.iter().enumerate();
    let arms = arms.map(|(number, arm)| Row::plain(&arm.loaded, &Experiment::arm_file(number)));
    std::iter::once(Row::plain(&experiment.base, resolved::SCENARIO)).chain(arms).collect()
}

/// `sides` under every theory of participation and every rule of trust.
fn contest(sides: &[Row]) -> Vec<Row> {
    let keys: Arc<[String]> = ["theory.participation", "theory.trust"].map(String::from).into();
    let mut rows = Vec::new();
    for side in sides {
        for theory in theory::ALL {
            let values = |rule: &trust::Entry| vec![theory.name.into(), rule.name.into()];
            let row = |rule| Row { keys: keys.clone(), values: values(rule), ..side.clone() };
            rows.extend(trust::ALL.iter().map(row));
        }
    }
    rows
}

/// Every row of the design under each of the `sides`.
fn design(experiment: &Experiment, sides: &[Row]) -> Vec<Row> {
    let Some(design) = &experiment.design else { return Vec::new() };
    let keys: Arc<[String]> = design.factors.iter().map(|factor| factor.key.clone()).collect();
    let mut rows = Vec::new();
    for values in design.rows() {
        let row = |side: &Row| Row { keys: keys.clone(), values: values.clone(), ..side.clone() };
        rows.extend(sides.iter().map(row));
    }
    rows
}

/// Everything that results depend on: the experiment, its scenarios, the rows and the model.
fn identity(experiment: &Experiment, rows: &[Row]) -> String {
    let mut parts = vec![MODEL_VERSION.into(), experiment.resolved_toml(), experiment.base.canonical_toml()];
    parts.extend(experiment.arms.iter().map(|arm| arm.loaded.canonical_toml()));
    let text = |row: &Row| row.values.iter().map(|value| value.to_string()).collect::<Vec<_>>().join(",");
    parts.extend(rows.iter().map(text));
    hash(parts.iter().map(String::as_str))
}
