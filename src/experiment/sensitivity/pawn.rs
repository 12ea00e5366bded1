//! PAWN: how far the distribution of an outcome moves when a parameter is known.
//!
//! F. Pianosi and T. Wagener, Environ. Model. Softw. 108 (2018) 33–39: the points are cut into slices by one
//! parameter, each with as many points; the index is the median over slices of the largest distance between
//! the distribution of the outcome within the slice and over all (Kolmogorov and Smirnov's). It needs no
//! moments and no density, holds for any sample, and for words as for numbers: equal values are never cut
//! apart. Of finite slices the distance is never 0: a dummy, a parameter drawn at random that does nothing,
//! shows how large it is by chance (F. Khorashadi Zadeh et al., Environ. Model. Softw. 91, 2017).

use super::{Estimator, Label, Measure};
use crate::base::luck::{Luck, Stream};

/// Median distance over slices.
pub const PAWN: Measure = Measure { name: "pawn", method: "pianosi-wagener-2018", ranks: true };

/// Slices of a parameter with enough different values, as in SALib.
pub const SLICES: usize = 10;

/// Points, cut into slices by each parameter and by the dummy, and the order of their outputs.
pub struct Slices {
    /// By parameter, the dummy last, and point: the slice.
    slices: Vec<Vec<usize>>,
    /// The points by output, least first.
    order: Vec<usize>,
    /// By place in this order: true for the last of equal outputs.
    ends: Vec<bool>,
}

impl Slices {
    /// From points and their outputs; `luck` draws the dummy.
    pub fn new(points: &[&[f64]], outputs: &[f64], luck: Luck) -> Slices {
        let n = outputs.len();
        let dummy = |i: usize| luck.uniform(Stream::named("dummy"), i as u32, 0, 0);
        let column = |factor: usize| slices((0..n).map(|i| points[i][factor]).collect());
        let mut slices: Vec<Vec<usize>> = (0..points[0].len()).map(column).collect();
        slices.push(self::slices((0..n).map(dummy).collect()));
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| outputs[i].total_cmp(&outputs[j]));
        let ends = (0..n).map(|at| at + 1 == n || outputs[order[at]] < outputs[order[at + 1]]).collect();
        Slices { slices, order, ends }
    }

    /// Median distance over the slices of one parameter, each point counted `weights` times.
    fn distance(&self, slices: &[usize], weights: &[u32]) -> f64 {
        let mut sizes = [0u32; SLICES];
        slices.iter().zip(weights).for_each(|(&slice, weight)| sizes[slice] += weight);
        let all: u32 = weights.iter().sum();
        let (mut below, mut within, mut largest) = (0, [0u32; SLICES], [0.0f64; SLICES]);
        for (&point, &end) in self.order.iter().zip(&self.ends) {
            below += weights[point];
            within[slices[point]] += weights[point];
            if end {
                let share = f64::from(below) / f64::from(all);
                for slice in (0..SLICES).filter(|&slice| sizes[slice] > 0) {
                    let distance = f64::from(within[slice]) / f64::from(sizes[slice]) - share;
                    largest[slice] = largest[slice].max(distance.abs());
                }
            }
        }
        let filled = (0..SLICES).filter(|&slice| sizes[slice] > 0).map(|slice| largest[slice]);
        median(filled.collect())
    }
}

/// The slice of each value: how many of the inner quantiles are not above it.
fn slices(values: Vec<f64>) -> Vec<usize> {
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let edges: Vec<f64> = (1..SLICES).map(|i| sorted[i * sorted.len() / SLICES]).collect();
    values.iter().map(|value| edges.partition_point(|edge| edge <= value)).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

impl Estimator for Slices {
    fn labels(&self) -> Vec<Label> {
        let dummy = self.slices.len() - 1;
        let label = |i| Label { measure: PAWN, factor: (i < dummy).then_some(i), other: None };
        (0..self.slices.len()).map(label).collect()
    }

    fn units(&self) -> usize {
        self.order.len()
    }

    fn estimate(&self, units: &[usize]) -> Vec<f64> {
        let mut weights = vec![0; self.order.len()];
        units.iter().for_each(|&unit| weights[unit] += 1);
        self.slices.iter().map(|slices| self.distance(slices, &weights)).collect()
    }
}
