//! What each part of a bundle does: alone, last of all, and on average over all orders.

use std::collections::BTreeMap;
use std::io;

use super::orders::{Coalition, Orders, whole};
use crate::compare::difference::Difference;
use crate::outcome::Outcome;
use crate::study::{RunResults, Study};
use crate::window::Window;
use shequ_model::base::stats::{Estimate, estimate};

/// What the parts of an arm do to one outcome in one window.
#[derive(Clone, Debug, PartialEq)]
pub struct Apart {
    /// Which bundle, by its place among them.
    pub bundle: usize,
    /// The outcome.
    pub outcome: Outcome,
    /// The window.
    pub window: Window,
    /// Of each part.
    pub parts: Vec<Share>,
    /// The effect of the whole.
    pub whole: Estimate,
    /// What the whole does beyond all parts alone; NaN where some part cannot be alone.
    pub interaction: Estimate,
}

/// What one part does.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Its effect alone; NaN where it cannot be alone.
    pub alone: Estimate,
    /// What is lost of the effect without it; NaN where the others cannot be without it.
    pub lost: Estimate,
    /// What it adds when it comes, averaged over the orders.
    pub share: Estimate,
    /// Half the 95 % interval of that average over orders, where they are drawn; else 0.
    pub of_orders: f64,
}

/// Everything of a study whose runs are done, by bundle, window and outcome.
///
/// # Errors
/// An I/O error if a journal cannot be read.
pub fn of(study: &Study, result: &RunResults) -> io::Result<Vec<Apart>> {
    let experiment = study.experiment;
    let mut records = result.index.records()?;
    let mut all = Vec::new();
    for (number, bundle) in experiment.bundles.iter().enumerate() {
        let mut values = BTreeMap::new();
        for (coalition, row) in study.coalitions(number) {
            values.insert(coalition, result.values(&mut records, row as u32, study.width())?);
        }
        let mut columns = 0..;
        for window in &experiment.windows {
            for outcome in &experiment.outcomes {
                let k = columns.next().unwrap_or(0);
                let column = |values: &Vec<Vec<f64>>| values.iter().map(|values| values[k]).collect();
                let own = values.iter().map(|(coalition, values)| (*coalition, column(values))).collect();
                let parts = Parts { orders: &bundle.orders, values: own };
                all.push(parts.apart(number, *outcome, *window));
            }
        }
    }
    Ok(all)
}

/// One outcome of every coalition, by replicate.
struct Parts<'a> {
    orders: &'a Orders,
    values: BTreeMap<Coalition, Vec<f64>>,
}

impl Parts<'_> {
    fn apart(self, bundle: usize, outcome: Outcome, window: Window) -> Apart {
        let parts = self.complete();
        let whole = whole(parts.orders.parts);
        let alone: Vec<Vec<f64>> = (0..parts.orders.parts).map(|part| parts.step(0, part)).collect();
        let share = |(part, alone): (usize, &Vec<f64>)| Share {
            alone: of_differences(alone),
            lost: of_differences(&parts.step(whole & !(1 << part), part)),
            share: of_differences(&parts.share(part)),
            of_orders: parts.of_orders(part),
        };
        let effect = parts.difference(0, whole);
        let beyond = |(replicate, effect): (usize, &f64)| {
            effect - alone.iter().map(|of_part| of_part[replicate]).sum::<f64>()
        };
        let interaction: Vec<f64> = effect.iter().enumerate().map(beyond).collect();
        Apart {
            bundle,
            outcome,
            window,
            parts: alone.iter().enumerate().map(share).collect(),
            whole: of_differences(&effect),
            interaction: of_differences(&interaction),
        }
    }

    /// The same without replicates of which some coalition has no value, so that shares add up to the whole.
    fn complete(mut self) -> Self {
        let replicates = self.values.values().map(Vec::len).min().unwrap_or(0);
        for replicate in 0..replicates {
            if self.values.values().any(|values| values[replicate].is_nan()) {
                self.values.values_mut().for_each(|values| values[replicate] = f64::NAN);
            }
        }
        self
    }

    /// What changes from one coalition to another, by replicate; NaN where one of them was not run.
    fn difference(&self, from: Coalition, to: Coalition) -> Vec<f64> {
        match (self.values.get(&from), self.values.get(&to)) {
            (Some(from), Some(to)) => from.iter().zip(to).map(|(from, to)| to - from).collect(),
            _ => vec![f64::NAN; self.values.values().map(Vec::len).min().unwrap_or(0)],
        }
    }

    fn step(&self, to: Coalition, part: usize) -> Vec<f64> {
        self.difference(to, to | 1 << part)
    }

    /// What a part adds on average over the orders, by replicate.
    fn share(&self, part: usize) -> Vec<f64> {
        let mut share = vec![0.0; self.values.values().map(Vec::len).min().unwrap_or(0)];
        for step in self.orders.steps.iter().filter(|step| step.part == part) {
            let added = self.step(step.to, part);
            share.iter_mut().zip(added).for_each(|(share, added)| *share += step.weight * added);
        }
        share
    }

    /// Half the interval of what a part adds over the orders that were drawn.
    fn of_orders(&self, part: usize) -> f64 {
        if self.orders.drawn.is_empty() {
            return 0.0;
        }
        let added = self.orders.drawn.iter().map(|order| {
            let before = order.iter().take_while(|other| **other != part);
            let there = before.fold(0, |there, other| there | 1 << other);
            estimate(self.step(there, part).into_iter()).mean
        });
        estimate(added.collect::<Vec<_>>().into_iter()).half_width
    }
}

/// The mean of differences of pairs, as comparisons estimate it.
fn of_differences(apart: &[f64]) -> Estimate {
    Difference::paired(&vec![0.0; apart.len()], apart).effect
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::rng::{CounterRng, Stream};

    /// What parts do, where `value` gives that of a coalition and a replicate.
    fn apart(count: usize, value: impl Fn(Coalition, u32) -> f64) -> Apart {
        let orders = Orders::of(count, 1, &mut |_| true).unwrap();
        let all = orders.coalitions().into_iter().chain([0, whole(count)]);
        let of = |coalition| (coalition, (0..20).map(|replicate| value(coalition, replicate)).collect());
        let parts = Parts { orders: &orders, values: all.map(of).collect() };
        parts.apart(0, Outcome::named("participation").unwrap(), Window::Whole)
    }

    fn noise(who: u32, replicate: u32) -> f64 {
        CounterRng::new(1, replicate).normal(Stream::named("noise"), who, 0, 0)
    }

    /// True if part `part` is there.
    fn has(coalition: Coalition, part: usize) -> f64 {
        f64::from(coalition >> part & 1)
    }

    #[test]
    fn parts_that_do_not_depend_on_one_another_have_what_they_do_alone() {
        let found = apart(2, |coalition, replicate| {
            let own =
                |part: usize| has(coalition, part) * (1.0 + part as f64 + noise(1 + part as u32, replicate));
            noise(0, replicate) + own(0) + own(1)
        });
        for share in &found.parts {
            for other in [share.alone, share.lost] {
                assert!((share.share.mean - other.mean).abs() < 1e-12);
                assert!((share.share.half_width - other.half_width).abs() < 1e-12);
            }
        }
        assert!(found.interaction.mean.abs() < 1e-12);
    }

    #[test]
    fn what_parts_do_only_together_is_shared_equally() {
        let found = apart(3, |coalition, replicate| {
            has(coalition, 0) * has(coalition, 1) * (6.0 + noise(1, replicate))
        });
        let [first, second, idle] = &found.parts[..] else { panic!() };
        assert!((first.share.mean - found.whole.mean / 2.0).abs() < 1e-12);
        assert!((first.share.mean - second.share.mean).abs() < 1e-12);
        assert_eq!((first.alone.mean, first.lost.mean), (0.0, found.whole.mean));
        assert_eq!(found.interaction.mean, found.whole.mean);
        // One that changes nothing has exactly nothing.
        assert_eq!((idle.share.mean, idle.share.half_width, idle.lost.mean), (0.0, 0.0, 0.0));
    }

    #[test]
    fn shares_add_up_to_the_whole_of_few_parts_and_of_many() {
        for count in [2, 5, 6, 9] {
            let found = apart(count, noise);
            let sum: f64 = found.parts.iter().map(|share| share.share.mean).sum();
            assert!((sum - found.whole.mean).abs() < 1e-12, "{count}: {sum} of {}", found.whole.mean);
            assert_eq!(found.parts.iter().all(|share| share.of_orders == 0.0), count <= 6);
        }
    }

    #[test]
    fn a_replicate_without_a_value_of_one_coalition_is_left_out_of_all() {
        let found = apart(3, |coalition, replicate| match (coalition, replicate) {
            (0b101, 7) => f64::NAN,
            _ => noise(coalition, replicate),
        });
        assert_eq!((found.whole.n, found.parts[1].share.n), (19, 19));
        let sum: f64 = found.parts.iter().map(|share| share.share.mean).sum();
        assert!((sum - found.whole.mean).abs() < 1e-12);
    }
}
