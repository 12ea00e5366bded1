//! Sensitivity analysis: how much each parameter moves an outcome.
//!
//! [`analyse`] takes a design and one output for each of its rows, and estimates the indices that the
//! design was made for: Morris's elementary effects (`morris`), Sobol' indices ([`sobol`]), or, from any
//! sample, the moment-independent index PAWN ([`pawn`]). Intervals come from a `bootstrap` over the units
//! that the design repeats (trajectories, blocks, rows); [`verdict`] says whether the indices have
//! converged, and `noise` the share of the outcome's variance that is noise.
//!
//! **Failed runs.** A unit with any row that has no output is left out whole: half of a trajectory or block
//! says nothing about its other half, and filling the gap would invent an effect. What was left out is
//! counted and listed. Rows fail where the model does, so that indices then hold for the rest of the space
//! only.

pub(crate) mod bootstrap;
pub(crate) mod layout;
pub(crate) mod morris;
pub(crate) mod noise;
pub mod pawn;
pub mod sobol;
pub mod table;
pub mod verdict;

use crate::design::{self, Design, Method};
use shequ_model::base::rng::CounterRng;
use verdict::Verdict;

/// Fewest units from which indices are estimated.
pub const FEWEST: usize = 4;

/// Which index: what it measures, and the estimator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its name in tables: "mu_star", "S1", "ST", …
    pub name: &'static str,
    /// The estimator, by author and year.
    pub method: &'static str,
    /// True for the indices by which parameters are ranked and convergence is judged.
    pub ranks: bool,
}

/// What an estimated value is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which index.
    pub measure: Measure,
    /// Number of the factor.
    pub factor: usize,
    /// The other factor of a second-order index.
    pub other: Option<usize>,
}

/// An index with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// What it is of.
    pub label: Label,
    /// Its estimate.
    pub value: f64,
    /// Half the width of its 95 % interval.
    pub half_width: f64,
    /// Between what it lies.
    pub limits: Limits,
}

/// Between what an index lies in a sample of this size; NaN where that is 0 and 1, or not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// What a parameter that does nothing exceeds in one of twenty samples.
    pub floor: f64,
    /// What no parameter exceeds.
    pub ceiling: f64,
}

/// Estimates indices from some of the units of a design.
pub trait Estimator: Sync {
    /// What it estimates, in order.
    fn labels(&self) -> Vec<Label>;
    /// Units that can be used, numbered from 0.
    fn units(&self) -> usize;
    /// One value for each label, from these units, which may repeat; NaN where there is no variance.
    fn estimate(&self, units: &[usize]) -> Vec<f64>;
    /// One for each label.
    fn limits(&self) -> Vec<Limits> {
        vec![Limits { floor: f64::NAN, ceiling: f64::NAN }; self.labels().len()]
    }
}

/// The indices of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The indices; none if the outcome is the same everywhere or too few units are left.
    pub indices: Vec<Index>,
    /// Units used.
    pub used: usize,
    /// Units left out because a row of theirs has no output, by number.
    pub dropped: Vec<usize>,
    /// Why there are no indices, or whether they have converged.
    pub verdict: Result<Verdict, Nothing>,
}

/// Why there are no indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// The outcome is the same in every row.
    Constant,
    /// Fewer than [`FEWEST`] units have all their outputs.
    TooFew,
}

/// Rows of a unit of the design: what is repeated, dropped and resampled as a whole.
pub fn unit(design: &Design) -> usize {
    match design.method {
        Method::Morris { .. } => design.factors.len() + 1,
        Method::Saltelli { second_order, .. } => design::sobol::block(design.factors.len(), second_order),
        _ => 1,
    }
}

/// Analyses `outputs`, one for each row of `design`, NaN where a run failed or the outcome has no value.
///
/// `points` are the design's [`Design::coordinates`]. `rng` draws the resamples and the permutations.
pub fn analyse(design: &Design, points: &[Vec<f64>], outputs: &[f64], rng: CounterRng) -> Analysis {
    let size = unit(design);
    let whole = |unit: &usize| outputs[unit * size..(unit + 1) * size].iter().all(|y| y.is_finite());
    let (kept, dropped): (Vec<usize>, Vec<usize>) = (0..outputs.len() / size).partition(whole);
    let outputs_kept: Vec<f64> =
        kept.iter().flat_map(|unit| outputs[unit * size..(unit + 1) * size].iter().copied()).collect();
    let points_kept: Vec<&[f64]> = kept
        .iter()
        .flat_map(|unit| points[unit * size..(unit + 1) * size].iter().map(Vec::as_slice))
        .collect();
    let nothing =
        |why| Analysis { indices: Vec::new(), used: kept.len(), dropped: dropped.clone(), verdict: Err(why) };
    if kept.len() < FEWEST {
        return nothing(Nothing::TooFew);
    }
    if is_constant(&outputs_kept) {
        return nothing(Nothing::Constant);
    }
    let estimator: Box<dyn Estimator> = match design.method {
        Method::Morris { .. } => Box::new(morris::Effects::new(&design.factors, &points_kept, &outputs_kept)),
        Method::Saltelli { second_order, .. } => {
            Box::new(sobol::Blocks::new(design.factors.len(), second_order, &outputs_kept))
        }
        _ => Box::new(pawn::Slices::new(&design.factors, &points_kept, &outputs_kept, rng)),
    };
    let (resampled, labels) = (bootstrap::resample(estimator.as_ref(), rng), estimator.labels());
    let verdict = Verdict::of(&labels, &resampled);
    Analysis {
        indices: resampled.indices(&labels, &estimator.limits()),
        used: kept.len(),
        dropped,
        verdict: Ok(verdict),
    }
}

/// True if nothing but rounding tells the outputs apart.
fn is_constant(outputs: &[f64]) -> bool {
    let (least, most) =
        outputs.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| (a.min(y), b.max(y)));
    most - least <= 1e-12 * least.abs().max(most.abs())
}
