//! Candidates as rows of a study, generation by generation. What comes next is a function of what was run, so that a
//! search that was killed goes on as if it had not been.

use std::io;
use std::sync::Arc;

use toml::Value;

use super::Search;
use super::breed::Parents;
use super::front::{Judged, crowding, ranks, select};
use crate::design::sobol;
use crate::observer::Tell;
use crate::plan::Row;
use crate::study::RunResults;
use shequ_model::base::i18n::both;
use shequ_model::base::rng::CounterRng;
use shequ_model::base::stats::estimate;

/// Mixes that fresh replicates are spent on, at most.
const CONFIRMED: usize = 12;
/// Attempts to find a candidate that was not tried before.
const ATTEMPTS: u32 = 20;

impl Search {
    /// The candidates of the first generation, which fill what levers may be.
    pub fn begin(&self) -> Vec<Vec<f64>> {
        sobol::points(self.pace.candidates, self.levers.len(), CounterRng::new(self.pace.seed, 0))
    }

    /// The rows of candidates that depart from the base, whose row is `side`.
    pub fn rows(&self, points: &[Vec<f64>], side: &Row) -> Vec<Row> {
        let keys: Arc<[String]> = self.levers.iter().map(|lever| lever.key.clone()).collect();
        let row = |point: &Vec<f64>| {
            let values: Arc<[Value]> = self.values(point).into();
            Row { keys: keys.clone(), values, departs: Some(0), ..side.clone() }
        };
        points.iter().map(row).collect()
    }

    /// Adds the next generation to what is to be run, or fresh replicates of the mixes that the last one ends with.
    /// False if both are there.
    pub fn grow(&self, result: &mut RunResults, side: &Row, tell: &Tell) -> io::Result<bool> {
        let seen = result.searched();
        if result.plan.replicates.iter().any(|n| *n > seen) {
            return Ok(false);
        }
        let judged = self.all_judged(result)?;
        let done = (result.candidates.len() / self.pace.candidates as usize) as u32;
        tell(&|| {
            let front = front_of(&judged).len();
            both!(
                "generation {done}: {front} of {tried} candidates are better than all others in something",
                "第 {done} 代：{tried} 个候选方案中有 {front} 个未被其他方案全面超过"; tried = judged.len() - 1
            )
        });
        if done < self.pace.generations {
            let points = self.children(&judged[1..], result, done);
            result.rows.extend(self.rows(&points, side));
            result.plan.replicates.extend(points.iter().map(|_| seen));
            result.candidates.extend(points);
            return Ok(true);
        }
        // Those that share a draw stay together.
        let fresh = self.pace.final_replicates.next_multiple_of(result.unit);
        let values: Vec<&[Value]> = result.rows.iter().map(|row| &row.values[..]).collect();
        for row in confirmed(&judged, &values) {
            result.plan.replicates[row] = seen + fresh;
        }
        Ok(true)
    }

    /// What each row is worth, the base first, by the replicates that the search sees.
    fn all_judged(&self, result: &RunResults) -> io::Result<Vec<Judged>> {
        Ok(self.judge(&self.means(result)?))
    }

    /// What rows with these means are worth, the base first.
    pub fn judge(&self, means: &[Vec<f64>]) -> Vec<Judged> {
        means.iter().map(|own| self.judged(own, &means[0])).collect()
    }

    /// The mean of each measure in each row over the replicates that the search sees; NaN where one of its runs failed,
    /// as a candidate is not compared by the others alone.
    pub fn means(&self, result: &RunResults) -> io::Result<Vec<Vec<f64>>> {
        let seen = result.searched() as usize;
        let width = self.measures().len();
        let mut records = result.index.records()?;
        let mut of_row = |row: usize| {
            let values = result.by_replicate(&mut records, row as u32, width)?;
            let mean = |measure: usize| {
                let of = || values[..seen].iter().map(|values| values[measure]);
                if of().any(f64::is_nan) { f64::NAN } else { estimate(of()).mean }
            };
            Ok((0..width).map(mean).collect())
        };
        (0..result.rows.len()).map(&mut of_row).collect()
    }

    /// The next generation, from the best of all before it.
    fn children(&self, judged: &[Judged], result: &RunResults, generation: u32) -> Vec<Vec<f64>> {
        let best = select(judged, self.pace.candidates as usize);
        let points: Vec<Vec<f64>> = best.iter().map(|&one| result.candidates[one].clone()).collect();
        let judged: Vec<Judged> = best.iter().map(|&one| judged[one].clone()).collect();
        let ranks = ranks(&judged);
        let room = crowding(&judged, &ranks);
        let parents = Parents { points: &points, ranks: &ranks, room: &room };
        let genes = self.genes();
        let rng = CounterRng::new(self.pace.seed, generation);
        let mut tried: Vec<Vec<Value>> = result.candidates.iter().map(|point| self.values(point)).collect();
        let mut children = Vec::new();
        for number in 0..self.pace.candidates {
            let drawn = |attempt: u32| parents.child(&genes, rng, number + attempt * self.pace.candidates);
            let is_new = |point: &Vec<f64>| !tried.contains(&self.values(point));
            // Where levers have few values, all may have been tried.
            let child = (0..ATTEMPTS).map(drawn).find(is_new).unwrap_or_else(|| drawn(0));
            tried.push(self.values(&child));
            children.push(child);
        }
        children
    }
}

/// The rows that none dominates and that keep all constraints; the base, row 0, counts as a candidate.
pub fn front_of(judged: &[Judged]) -> Vec<usize> {
    let is_best = |row: &usize| judged.iter().all(|other| !other.dominates(&judged[*row]));
    (0..judged.len()).filter(is_best).filter(|&row| judged[row].violation == 0.0).collect()
}

/// The rows that fresh replicates are spent on: the base, and the front, or of a larger one those with most room.
/// Where no candidate keeps all constraints, the one that breaks them least. Where levers have few values, some
/// candidates were tried twice; one of each is enough.
fn confirmed(judged: &[Judged], values: &[&[Value]]) -> Vec<usize> {
    let is_first = |row: &usize| !values[..*row].contains(&values[*row]);
    let front: Vec<usize> = front_of(judged).into_iter().filter(is_first).collect();
    let own: Vec<Judged> = front.iter().map(|&row| judged[row].clone()).collect();
    let mut rows: Vec<usize> =
        select(&own, CONFIRMED).into_iter().map(|at| front[at]).filter(|row| *row > 0).collect();
    if rows.is_empty() {
        rows.extend(select(&judged[1..], 1).into_iter().map(|at| at + 1));
    }
    rows.push(0);
    rows.sort_unstable();
    rows.dedup();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(objectives: [f64; 2], violation: f64) -> Judged {
        Judged { objectives: objectives.to_vec(), violation }
    }

    /// The rows that are confirmed of candidates that set a lever to these values.
    fn of(judged: &[Judged], lever: &[i64]) -> Vec<usize> {
        let values: Vec<Vec<Value>> = lever.iter().map(|value| vec![(*value).into()]).collect();
        confirmed(judged, &values.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn the_base_stands_among_what_is_confirmed_and_rules_out_what_it_dominates() {
        let all = [judged([2.0, 2.0], 0.0), judged([3.0, 3.0], 0.0), judged([1.0, 4.0], 0.0)];
        assert_eq!(of(&all, &[0, 1, 2]), [0, 2]);
        // Equal in everything is as good.
        let all = [judged([2.0, 2.0], 0.0), judged([2.0, 2.0], 0.0)];
        assert_eq!(of(&all, &[0, 1]), [0, 1]);
        // And what is tried twice counts once.
        let all = [judged([2.0, 2.0], 0.0), judged([1.0, 3.0], 0.0), judged([1.0, 3.0], 0.0)];
        assert_eq!(of(&all, &[0, 1, 1]), [0, 1]);
    }

    #[test]
    fn where_all_break_a_constraint_the_nearest_is_confirmed() {
        let all = [judged([0.0, 0.0], 3.0), judged([1.0, 1.0], 0.5), judged([1.0, 1.0], 0.2)];
        assert!(front_of(&all).is_empty());
        assert_eq!(of(&all, &[0, 1, 2]), [0, 2]);
    }
}
