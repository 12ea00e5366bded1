//! Sobol' indices from Saltelli's design: the shares of an outcome's variance that parameters account for
//! alone (first order, S1), in pairs beyond that (second order, S2), and in any way (total, ST).
//!
//! With A, B, ABⱼ and BAⱼ the outputs in the rows of a block, less their mean, and V their variance over A
//! and B:
//!
//! | index | estimator | source |
//! |---|---|---|
//! | S1 | mean of B (ABⱼ − A), over V | A. Saltelli et al., Comput. Phys. Commun. 181 (2010) |
//! | S1 | 1 − half the mean of (B − ABⱼ)², over V | M. J. W. Jansen, Comput. Phys. Commun. 117 (1999) |
//! | S1 | 2 Σ (BAⱼ − B)(A − ABⱼ) / Σ ((A − B)² + (BAⱼ − ABⱼ)²) | I. Azzini, T. A. Mara and R. Rosati, Environ. Model. Softw. 144 (2021) |
//! | ST | half the mean of (A − ABⱼ)², over V | Jansen 1999 |
//! | S2 | (mean of BAⱼ ABₖ − A B) / V − S1ⱼ − S1ₖ | A. Saltelli, Comput. Phys. Commun. 145 (2002) |
//!
//! All are reported. Shown first is the S1 of Azzini et al. where the design has BA, because it uses all four
//! rows and is exactly 0 for a parameter that does nothing; else that of Saltelli 2010, which is so too.
//! Jansen's S1 is not: its error there is that of a variance.

use super::{Estimator, Label, Measure};

/// First order, Azzini, Mara and Rosati 2021.
pub const FIRST_AZZINI: Measure = Measure { name: "S1", method: "azzini-2021", ranks: false };
/// First order, Saltelli et al. 2010.
pub const FIRST_SALTELLI: Measure = Measure { name: "S1", method: "saltelli-2010", ranks: false };
/// First order, Jansen 1999.
pub const FIRST_JANSEN: Measure = Measure { name: "S1", method: "jansen-1999", ranks: false };
/// Total, Jansen 1999.
pub const TOTAL: Measure = Measure { name: "ST", method: "jansen-1999", ranks: true };
/// Second order, Saltelli 2002.
pub const SECOND: Measure = Measure { name: "S2", method: "saltelli-2002", ranks: false };

/// The outputs of whole blocks, less their mean.
pub struct Blocks {
    factors: usize,
    second_order: bool,
    /// By block, in the order of the design's rows.
    outputs: Vec<Vec<f64>>,
}

/// The parts of a block.
struct Block<'a> {
    a: f64,
    ab: &'a [f64],
    ba: &'a [f64],
    b: f64,
}

impl Blocks {
    /// From the outputs of whole blocks over so many factors.
    pub fn new(factors: usize, second_order: bool, outputs: &[f64]) -> Blocks {
        let size = crate::design::sobol::block(factors, second_order);
        // Products of outputs far from zero would drown what differs.
        let mean = outputs.iter().sum::<f64>() / outputs.len() as f64;
        let centred: Vec<f64> = outputs.iter().map(|y| y - mean).collect();
        Blocks { factors, second_order, outputs: centred.chunks(size).map(<[f64]>::to_vec).collect() }
    }

    fn block(&self, unit: usize) -> Block<'_> {
        let outputs = &self.outputs[unit];
        let (ab, rest) = outputs[1..].split_at(self.factors);
        Block { a: outputs[0], ab, ba: &rest[..rest.len() - 1], b: rest[rest.len() - 1] }
    }

    fn pairs(&self) -> Vec<(usize, usize)> {
        let others = |j| (j + 1..self.factors).map(move |k| (j, k));
        if self.second_order { (0..self.factors).flat_map(others).collect() } else { Vec::new() }
    }

    fn first_measures(&self) -> Vec<Measure> {
        let azzini = self.second_order.then_some(FIRST_AZZINI);
        azzini.into_iter().chain([FIRST_SALTELLI, FIRST_JANSEN]).collect()
    }
}

impl Estimator for Blocks {
    fn labels(&self) -> Vec<Label> {
        let of = |measure| move |factor| Label { measure, factor, other: None };
        let measures = self.first_measures().into_iter().chain([TOTAL]);
        let single = measures.flat_map(|measure| (0..self.factors).map(of(measure)));
        let pair = |(j, k)| Label { measure: SECOND, factor: j, other: Some(k) };
        single.chain(self.pairs().into_iter().map(pair)).collect()
    }

    fn units(&self) -> usize {
        self.outputs.len()
    }

    fn estimate(&self, units: &[usize]) -> Vec<f64> {
        let n = units.len() as f64;
        let mean = |of: &dyn Fn(Block) -> f64| units.iter().map(|&u| of(self.block(u))).sum::<f64>() / n;
        let centre = mean(&|o| (o.a + o.b) / 2.0);
        let variance = mean(&|o| (square(o.a - centre) + square(o.b - centre)) / 2.0);
        // A resample may hold one block alone.
        let share = |of: f64| if variance > 0.0 { of / variance } else { f64::NAN };
        let each = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..self.factors).map(of).collect() };

        let saltelli = each(&|j| share(mean(&|o| (o.b - centre) * (o.ab[j] - o.a))));
        let jansen = each(&|j| 1.0 - share(mean(&|o| square(o.b - o.ab[j]) / 2.0)));
        let total = each(&|j| share(mean(&|o| square(o.a - o.ab[j]) / 2.0)));
        let azzini = |j: usize| {
            let between = mean(&|o| square(o.a - o.b) + square(o.ba[j] - o.ab[j]));
            let together = mean(&|o| (o.ba[j] - o.b) * (o.a - o.ab[j]));
            if between > 0.0 { 2.0 * together / between } else { f64::NAN }
        };
        let closed = |j: usize, k: usize| share(mean(&|o| o.ba[j] * o.ab[k] - o.a * o.b));
        let pairs = self.pairs();
        let second = pairs.iter().map(|&(j, k)| closed(j, k) - saltelli[j] - saltelli[k]).collect();
        let azzini = if self.second_order { each(&azzini) } else { Vec::new() };
        [azzini, saltelli.clone(), jansen, total, second].concat()
    }
}

fn square(x: f64) -> f64 {
    x * x
}
