//! PAWN: how far the distribution of an outcome moves when a parameter is known.
//!
//! F. Pianosi and T. Wagener, Environ. Model. Softw. 108 (2018) 33–39: the points are cut into slices by one
//! parameter; the index is the median over slices of the largest distance between the distribution of the
//! outcome within the slice and over all (Kolmogorov and Smirnov's). It needs no moments and no density, and
//! holds for any sample.
//!
//! **Slices.** Numbers are cut into [`SLICES`] of about as many points each, equal values never apart; every
//! word has a slice of its own. With the ten slices that are usual for numbers, most lie in the middle, where
//! a steady effect moves the outcome little, and each has few points: such an effect was found half as often
//! as that of a switch with the same share of the variance (decision 0022).
//!
//! **Limits.** Of finite slices the index is never 0, and no slice of k with as many points each can be
//! farther from all points than 1 − 1/k. The floor of a parameter is what its own slices give when outputs are
//! dealt out to points at random: a parameter that does nothing is above it in [`ABOVE`] of all samples. That
//! is a test by permutation, so it holds for any distribution of the outcome.

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::{Estimator, Label, Limits, Measure};
use crate::design::Factor;
use shequ_model::base::rng::{CounterRng, Stream};

/// Median distance over slices.
pub const PAWN: Measure = Measure { name: "pawn", method: "pianosi-wagener-2018", ranks: true };

/// Slices of a parameter that is a number.
pub const SLICES: usize = 3;

/// Share of samples in which a parameter that does nothing is above its floor.
pub const ABOVE: f64 = 0.05;

/// Permutations behind a floor: with the sample itself as one more, a twentieth is a whole number of them.
const PERMUTATIONS: u32 = 999;

/// Points, cut into slices by each parameter, and the order of their outputs.
pub struct Slices {
    /// By parameter.
    cuts: Vec<Cut>,
    /// The points by output, least first.
    order: Vec<usize>,
    /// By place in this order: true for the last of equal outputs.
    ends: Vec<bool>,
    rng: CounterRng,
}

/// The slices of one parameter.
struct Cut {
    /// Of each point.
    slice: Vec<usize>,
    /// Slices that have points.
    filled: usize,
}

impl Slices {
    /// From points, their outputs and the factors whose values the points are; `rng` draws the permutations.
    pub fn new(factors: &[Factor], points: &[&[f64]], outputs: &[f64], rng: CounterRng) -> Slices {
        let n = outputs.len();
        let column = |(at, factor): (usize, &Factor)| {
            Cut::of((0..n).map(|i| points[i][at]).collect(), factor.words().is_some())
        };
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| outputs[i].total_cmp(&outputs[j]));
        let ends = (0..n).map(|at| at + 1 == n || outputs[order[at]] < outputs[order[at + 1]]).collect();
        Slices { cuts: factors.iter().enumerate().map(column).collect(), order, ends, rng }
    }

    /// The index of every parameter: what stands at each place in the order of outputs is a point, which
    /// counts `weight` times.
    fn indices(&self, order: &[usize], weight: impl Fn(usize) -> u32) -> Vec<f64> {
        self.cuts.iter().map(|cut| cut.index(order, &self.ends, &weight)).collect()
    }
}

impl Cut {
    /// By `values`, one for each point.
    fn of(values: Vec<f64>, are_words: bool) -> Cut {
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        // The least value of each slice but the first.
        let mut edges: Vec<f64> = match are_words {
            true => sorted.clone(),
            false => (1..SLICES).map(|i| sorted[i * sorted.len() / SLICES]).collect(),
        };
        edges.retain(|&edge| edge > sorted[0]);
        edges.dedup();
        let slice = values.iter().map(|value| edges.partition_point(|edge| edge <= value)).collect();
        Cut { slice, filled: edges.len() + 1 }
    }

    /// Median over slices of the distance between the outputs in a slice and all of them.
    fn index(&self, order: &[usize], ends: &[bool], weight: &impl Fn(usize) -> u32) -> f64 {
        let mut sizes = vec![0; self.filled];
        order.iter().for_each(|&point| sizes[self.slice[point]] += weight(point));
        let all: u32 = sizes.iter().sum();
        let (mut below, mut within, mut largest) = (0, vec![0; self.filled], vec![0.0_f64; self.filled]);
        for (&point, &end) in order.iter().zip(ends) {
            below += weight(point);
            within[self.slice[point]] += weight(point);
            if end {
                let share = f64::from(below) / f64::from(all);
                for slice in (0..self.filled).filter(|&slice| sizes[slice] > 0) {
                    let distance = f64::from(within[slice]) / f64::from(sizes[slice]) - share;
                    largest[slice] = largest[slice].max(distance.abs());
                }
            }
        }
        median((0..self.filled).filter(|&slice| sizes[slice] > 0).map(|slice| largest[slice]).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

impl Estimator for Slices {
    fn labels(&self) -> Vec<Label> {
        let label = |factor| Label { measure: PAWN, factor, other: None };
        (0..self.cuts.len()).map(label).collect()
    }

    fn units(&self) -> usize {
        self.order.len()
    }

    fn estimate(&self, units: &[usize]) -> Vec<f64> {
        let mut weights = vec![0; self.order.len()];
        units.iter().for_each(|&unit| weights[unit] += 1);
        self.indices(&self.order, |point| weights[point])
    }

    fn limits(&self) -> Vec<Limits> {
        let dealt = |permutation: u32| {
            let mut order = self.order.clone();
            order.shuffle(&mut self.rng.stream_rng(Stream::named("permutation"), permutation, 0));
            self.indices(&order, |_| 1)
        };
        let dealt: Vec<Vec<f64>> = (0..PERMUTATIONS).into_par_iter().map(dealt).collect();
        let limits = |(factor, cut): (usize, &Cut)| {
            let mut floors: Vec<f64> = dealt.iter().map(|indices| indices[factor]).collect();
            floors.sort_by(f64::total_cmp);
            let rank = (1.0 - ABOVE) * f64::from(PERMUTATIONS + 1);
            Limits { floor: floors[rank.round() as usize - 1], ceiling: 1.0 - 1.0 / cut.filled as f64 }
        };
        self.cuts.iter().enumerate().map(limits).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_into_thirds_and_words_by_word() {
        let numbers = Cut::of((0..9).map(|i| f64::from((i * 4) % 9)).collect(), false);
        assert_eq!((numbers.slice, numbers.filled), (vec![0, 1, 2, 1, 2, 0, 2, 0, 1], 3));
        // Equal values are never parted: of two, there are two slices.
        let two = Cut::of(vec![1.0, 0.0, 1.0, 1.0, 1.0, 1.0], false);
        assert_eq!((two.slice, two.filled), (vec![1, 0, 1, 1, 1, 1], 2));
        let words = Cut::of(vec![3.0, 0.0, 1.0, 2.0, 3.0], true);
        assert_eq!((words.slice, words.filled), (vec![3, 0, 1, 2, 3], 4));
    }
}
