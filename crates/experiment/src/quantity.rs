//! What is concluded on where keys vary: an outcome of the base, or the effect of an arm on it.

use std::io;

use super::study::{RunResults, Study};

/// An outcome over a window, as the base has it or as an arm changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Number of the outcome.
    pub outcome: usize,
    /// Number of the window.
    pub window: usize,
    /// Number of the arm whose effect against the base it is; `None` of the base itself.
    pub arm: Option<usize>,
}

/// The replicates of a row of the design: `[side][replicate][value]`, the base being the first side; NaN where a
/// run failed or an outcome has no value.
pub type Sides = Vec<Vec<Vec<f64>>>;

impl Quantity {
    /// Every quantity of `study`: all of the base first, then of each arm.
    pub fn all(study: &Study) -> Vec<Quantity> {
        let arms = std::iter::once(None).chain((0..study.experiment.arms.len()).map(Some));
        let (windows, outcomes) = (study.experiment.windows.len(), study.experiment.outcomes.len());
        let of_arm = |arm| {
            let of_window = move |window| (0..outcomes).map(move |outcome| Quantity { outcome, window, arm });
            (0..windows).flat_map(of_window)
        };
        arms.flat_map(of_arm).collect()
    }

    /// Its value in the first `replicates` replicates of a row of which each has `outcomes` outcomes for each
    /// window. An arm is compared with the base replicate by replicate, under common random numbers.
    pub fn values(&self, sides: &Sides, outcomes: usize, replicates: usize) -> Vec<f64> {
        let column = self.window * outcomes + self.outcome;
        let of = |side: usize, replicate: usize| sides[side][replicate][column];
        let value = |r: usize| self.arm.map_or_else(|| of(0, r), |arm| of(arm + 1, r) - of(0, r));
        (0..replicates).map(value).collect()
    }
}

/// Hands over every row of the design with its replicates, one row at a time, so that memory holds one.
///
/// # Errors
/// An I/O error if a journal cannot be read.
pub fn each_row(study: &Study, result: &RunResults, take: &mut dyn FnMut(usize, &Sides)) -> io::Result<()> {
    let mut records = result.index.records()?;
    for row in 0..study.rows.len() / study.sides() {
        let at = |side: usize| (row * study.sides() + side) as u32;
        let sides = (0..study.sides()).map(|side| result.values(&mut records, at(side), study.width()));
        take(row, &sides.collect::<io::Result<_>>()?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_is_compared_with_the_base_replicate_by_replicate() {
        // Two sides, three replicates of two windows and two outcomes: value 10 w + o, the arm's twice as much.
        let output = |times: f64, rng: f64| [0.0, 1.0, 10.0, 11.0].map(|v| times * v + rng).to_vec();
        let side = |times: f64| (0..3).map(|r| output(times, f64::from(r))).collect();
        let sides: Sides = vec![side(1.0), side(2.0)];
        let of = |arm| Quantity { outcome: 1, window: 1, arm }.values(&sides, 2, 3);
        assert_eq!((of(None), of(Some(0))), (vec![11.0, 12.0, 13.0], vec![11.0; 3]));
    }
}
