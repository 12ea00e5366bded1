//! What a search found: the mixes that it ends with, each by replicates that the search has not seen, so that none looks
//! better than it is for having been chosen.

use std::io;

use toml::Value;

use super::front::Judged;
use super::rows::front_of;
use super::{Constraint, Search};
use crate::design::Factor;
use crate::journal::Records;
use crate::replicates::{half_width, half_width_of_effect};
use crate::study::{RunResults, Study};
use shequ_model::base::stats::{Estimate, estimate};

/// Whether constraints are kept, by their intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// All of them, with the whole interval.
    Held,
    /// A bound lies within an interval.
    Open,
    /// One is broken, with the whole interval.
    Broken,
}

impl Kept {
    /// As tables call it.
    pub fn name(self) -> &'static str {
        ["held", "open", "broken"][self as usize]
    }
}

/// A measure of a mix.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its mean over fresh replicates.
    pub level: Estimate,
    /// What it changes against the base, replicate by replicate.
    pub change: Estimate,
    /// Its mean over the replicates by which it was chosen.
    pub searched: f64,
}

impl Figure {
    /// A measure by fresh replicates, alone and against those of the base; `searched` is its mean over the others.
    fn of(searched: f64, own: &[f64], base: &[f64]) -> Figure {
        let n = own.iter().filter(|value| !value.is_nan()).count();
        let with = |mean: f64, half_width: f64| Estimate { mean, sd: f64::NAN, half_width, n };
        let apart = own.iter().zip(base).map(|(own, base)| own - base);
        Figure {
            level: with(estimate(own.iter().copied()).mean, half_width(own)),
            change: with(estimate(apart).mean, half_width_of_effect(base, own, true)),
            searched,
        }
    }
}

/// A mix that fresh replicates were spent on.
#[derive(Clone, Debug)]
pub struct Mix {
    /// Its row; 0 is the base.
    pub row: usize,
    /// The generation in which it was first tried, from 1; 0 of the base.
    pub generation: u32,
    /// The values of its levers; those of the base where they have the base's own.
    pub values: Vec<Value>,
    /// Every measure.
    pub figures: Vec<Figure>,
    /// Whether it keeps the constraints.
    pub kept: Kept,
    /// True if no other confirmed mix, nor the base, is as good in everything and better in something, by fresh means.
    pub is_front: bool,
}

/// A candidate as it was tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Its row.
    pub row: usize,
    /// Its generation, from 1; 0 of the base.
    pub generation: u32,
    /// Mean of each measure over the replicates that the search sees.
    pub means: Vec<f64>,
    /// True if its means keep all constraints.
    pub is_feasible: bool,
    /// True if no other that was tried is as good in everything and better in something.
    pub is_front: bool,
    /// True if fresh replicates were spent on it.
    pub is_confirmed: bool,
}

/// What was found.
pub struct Found {
    /// The base, then mixes, the best in the first objective first.
    pub mixes: Vec<Mix>,
    /// Everything that was tried, in order.
    pub tried: Vec<Tried>,
    /// Replicates by which candidates were chosen; under a posterior, pairs of them.
    pub searched: u32,
}

impl Found {
    /// What the runs of a search, which are all there, say.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read.
    pub fn of(study: &Study, search: &Search, result: &RunResults) -> io::Result<Found> {
        let means = search.means(result)?;
        let judged = search.judge(&means);
        let front = front_of(&judged);
        // Values that count as one: under a posterior the means of pairs that share a draw.
        let seen = result.searched() / result.unit;
        let mut records = result.index.records()?;
        let (mut tried, mut mixes) = (Vec::new(), Vec::new());
        let base = values(search, result, &mut records, 0)?;
        for (row, means) in means.into_iter().enumerate() {
            let is_confirmed = result.plan.replicates[row] > result.searched();
            let generation = row.div_ceil(search.pace.candidates as usize) as u32;
            if is_confirmed {
                let own = values(search, result, &mut records, row)?;
                let figure = |(k, searched): (usize, &f64)| {
                    Figure::of(*searched, &own[k][seen as usize..], &base[k][seen as usize..])
                };
                let figures: Vec<Figure> = means.iter().enumerate().map(figure).collect();
                let of_levers = |lever: &Factor| {
                    let given = study.experiment.base.value(&lever.key);
                    given.map_or(Value::Boolean(false), |given| given.value.clone())
                };
                let levers = match row {
                    0 => search.levers.iter().map(of_levers).collect(),
                    _ => result.rows[row].values.to_vec(),
                };
                let kept = kept(search, &figures);
                mixes.push(Mix { row, generation, values: levers, figures, kept, is_front: false });
            }
            tried.push(Tried {
                row,
                generation,
                means,
                is_feasible: judged[row].violation == 0.0,
                is_front: front.contains(&row),
                is_confirmed,
            });
        }
        let again: Vec<Judged> = mixes.iter().map(|mix| fresh_judged(search, mix, &mixes[0])).collect();
        let best = front_of(&again);
        best.into_iter().for_each(|at| mixes[at].is_front = true);
        let first = search.objectives.first();
        let key = |mix: &Mix| {
            let of = first.map(|first| (first.higher, search.position(&first.measure)));
            let (higher, at) = of.unwrap_or_default();
            let value = mix.figures[at].level.mean;
            (mix.row > 0, if higher { -value } else { value })
        };
        mixes.sort_by(|a, b| {
            let (a, b) = (key(a), key(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        Ok(Found { mixes, tried, searched: seen })
    }

    /// The mixes of the front in the end, without the base, that no constraint is known to be broken by.
    pub fn front(&self) -> impl Iterator<Item = &Mix> {
        self.mixes.iter().filter(|mix| mix.row > 0 && mix.is_front && mix.kept != Kept::Broken)
    }
}

/// The measures of a row, value by value of those that count as one.
fn values(
    search: &Search,
    result: &RunResults,
    records: &mut Records,
    row: usize,
) -> io::Result<Vec<Vec<f64>>> {
    let width = search.measures().len();
    let independent = result.values(records, row as u32, width)?;
    Ok((0..width).map(|k| independent.iter().map(|values| values[k]).collect()).collect())
}

/// Whether the intervals of a mix keep the constraints. An outcome that does not vary is known.
fn kept(search: &Search, figures: &[Figure]) -> Kept {
    let one = |constraint: &Constraint| {
        let figure = figures[search.position(&constraint.measure)];
        let Estimate { mean, half_width, .. } =
            if constraint.of_change { figure.change } else { figure.level };
        let half_width = if half_width.is_nan() { 0.0 } else { half_width };
        let breaks = [mean - half_width, mean + half_width].map(|end| constraint.excess(end) > 0.0);
        match breaks {
            _ if mean.is_nan() => Kept::Open,
            [false, false] => Kept::Held,
            [true, true] => Kept::Broken,
            _ => Kept::Open,
        }
    };
    search.constraints.iter().map(one).max().unwrap_or(Kept::Held)
}

/// A confirmed mix by its fresh means.
fn fresh_judged(search: &Search, mix: &Mix, base: &Mix) -> Judged {
    let means = |mix: &Mix| mix.figures.iter().map(|figure| figure.level.mean).collect::<Vec<f64>>();
    search.judged(&means(mix), &means(base))
}
