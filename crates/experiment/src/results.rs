//! What the runs of an experiment gave, as far as they are finished.

use std::io;
use std::ops::Range;

use crate::calibrate::rows::Asked;
use crate::journal::{Index, Record, Records};
use crate::plan::{Plan, Row, Run, Shard};
use crate::posterior::PAIR;
use shequ_model::base::i18n::both;
use shequ_model::simulation::{ReplicateOutput, ResidentRows};

/// All runs of an experiment, as far as they are finished.
pub struct RunResults {
    /// How often each row is to be run.
    pub plan: Plan,
    /// Where their records are.
    pub index: Index,
    /// Replicates that count as one, from the first on: those that share a draw of a posterior.
    pub unit: u32,
    /// The rows: those of the study and, of a calibration or a search, those of all waves or generations.
    pub rows: Vec<Row>,
    /// The waves of a calibration.
    pub waves: Vec<Asked>,
    /// The candidates of a search, each with its row after that of the base.
    pub candidates: Vec<Vec<f64>>,
}

impl RunResults {
    /// Runs that the plan asks for and that are not there.
    pub fn missing(&self) -> u64 {
        self.plan.runs(Shard::WHOLE).filter(|run| !self.index.has(*run)).count() as u64
    }

    /// Of each of so many shards whether it lacks a run, the first shard first: in one pass, as run k is of shard k
    /// modulo their number.
    pub fn lacking(&self, shards: u32) -> Vec<bool> {
        let mut lacks = vec![false; shards as usize];
        for (place, run) in self.plan.runs(Shard::WHOLE).enumerate() {
            lacks[place % shards as usize] |= !self.index.has(run);
        }
        lacks
    }

    /// Replicates of every row of a search; those of the mixes that it ends with have more.
    pub fn searched(&self) -> u32 {
        self.plan.replicates.iter().copied().min().unwrap_or(0)
    }

    /// The shards whose journals these are, such as "1/4, 3/4".
    pub fn shards(&self) -> String {
        let mut shards: Vec<&str> = self.index.began.iter().map(|began| began.shard.as_str()).collect();
        shards.sort_unstable();
        shards.dedup();
        shards.join(", ")
    }

    /// The first `width` values of a row, one by one for what is independent: of every replicate or, under a
    /// posterior, the mean of those that share a draw. Those of a replicate that failed are NaN, and so is a mean
    /// with one of them.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read or written.
    pub fn values(&self, records: &mut Records, row: u32, width: usize) -> io::Result<Vec<Vec<f64>>> {
        Ok(means(self.by_replicate(records, row, width)?, self.unit))
    }

    /// Half of what the replicates of each pair that shares a draw differ by, of the first `width` values of a row;
    /// missing of one without the other. None where every replicate stands for itself.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read or written.
    pub fn halves(&self, records: &mut Records, row: u32, width: usize) -> io::Result<Vec<Vec<f64>>> {
        if self.unit == 1 {
            return Ok(Vec::new());
        }
        let half = |pair: &[Vec<f64>]| match pair {
            [first, second] => first.iter().zip(second).map(|(a, b)| (a - b) / 2.0).collect(),
            _ => vec![f64::NAN; width],
        };
        Ok(self.by_replicate(records, row, width)?.chunks(PAIR as usize).map(half).collect())
    }

    /// How many such values there are of a row.
    pub fn units(&self, row: usize) -> u32 {
        self.plan.replicates[row].div_ceil(self.unit)
    }

    /// The first `width` values of every replicate of a row; those of a replicate that failed are NaN.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read or written.
    pub fn by_replicate(&self, records: &mut Records, row: u32, width: usize) -> io::Result<Vec<Vec<f64>>> {
        let output = |replicate: u32| {
            let record = self.record(records, row, replicate)?;
            Ok(or_missing(record.failure, record.values, width))
        };
        self.plan.of_row(row).map(output).collect()
    }

    /// The months of a row, of which `columns` are wanted, as [`RunResults::values`].
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read or written.
    pub fn monthly(
        &self,
        records: &mut Records,
        row: u32,
        columns: Range<usize>,
    ) -> io::Result<Vec<Vec<f64>>> {
        let output = |replicate: u32| {
            let record = self.record(records, row, replicate)?;
            Ok(or_missing(record.failure, record.monthly, columns.end)[columns.clone()].to_vec())
        };
        Ok(means(self.plan.of_row(row).map(output).collect::<io::Result<_>>()?, self.unit))
    }

    /// Everything that is recorded of the replicates of a run but of their residents, who are read where they are
    /// needed, or the first that failed and why.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read or written.
    pub fn outputs(&self) -> io::Result<Result<Vec<ReplicateOutput>, (u32, String)>> {
        let mut records = self.index.records()?;
        let mut outputs = Vec::new();
        for replicate in self.plan.of_row(0) {
            let record = self.record(&mut records, 0, replicate)?;
            match record.failure {
                Some(message) => return Ok(Err((replicate, message))),
                None => outputs.push(ReplicateOutput {
                    residents: ResidentRows::default(),
                    ..ReplicateOutput::from_bytes(&record.output)?
                }),
            }
        }
        Ok(Ok(outputs))
    }

    /// The residents who were followed in the replicates of a row, replicate by replicate, so that those of one are in
    /// memory at a time.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read, or what `take` says.
    pub fn residents(
        &self,
        row: u32,
        take: &mut dyn FnMut(u32, &ResidentRows) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut records = self.index.records()?;
        for replicate in self.plan.of_row(row) {
            let output = self.record(&mut records, row, replicate)?.output;
            if !output.is_empty() {
                take(replicate, &ReplicateOutput::from_bytes(&output)?.residents)?;
            }
        }
        Ok(())
    }

    /// The record of one run.
    ///
    /// # Errors
    /// An I/O error if it cannot be read or is missing.
    pub fn record(&self, records: &mut Records, row: u32, replicate: u32) -> io::Result<Record> {
        let words = || {
            both!("replicate {replicate} of row {row} is missing", "缺少第 {row} 行的第 {replicate} 次重复")
        };
        records.get(Run { row, replicate })?.ok_or_else(|| io::Error::other(words()))
    }
}

/// The means of every `unit` replicates that follow one another; of one each, the replicates themselves.
fn means(replicates: Vec<Vec<f64>>, unit: u32) -> Vec<Vec<f64>> {
    if unit == 1 {
        return replicates;
    }
    let mean = |group: &[Vec<f64>]| {
        let of = |i: usize| group.iter().map(|values| values[i]).sum::<f64>() / group.len() as f64;
        (0..group[0].len()).map(of).collect()
    };
    replicates.chunks(unit as usize).map(mean).collect()
}

/// `width` values, all missing of a replicate that failed.
fn or_missing(failure: Option<String>, mut values: Vec<f64>, width: usize) -> Vec<f64> {
    if failure.is_some() {
        values.clear();
    }
    values.resize(width, f64::NAN);
    values
}
