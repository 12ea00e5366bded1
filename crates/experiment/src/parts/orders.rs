//! The orders in which parts may come, and what each step of them counts.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;
use shequ_model::base::rng::{CounterRng, Stream};

/// Parts up to which all orders count.
const ALL: usize = 6;
/// Orders of more parts that are drawn.
const DRAWN: usize = 16;
/// Orders that are tried for each that is drawn.
const TRIES: u32 = 64;

/// Some of the parts: bit k stands for part k.
pub type Coalition = u32;

/// A part that comes to others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Those that are there.
    pub to: Coalition,
    /// The part that comes.
    pub part: usize,
    /// Share of the orders that have this step.
    pub weight: f64,
}

/// The orders that count.
#[derive(Clone, Debug, PartialEq)]
pub struct Orders {
    /// Number of parts.
    pub parts: usize,
    /// How many orders there are.
    pub count: u64,
    /// All their steps, each once.
    pub steps: Vec<Step>,
    /// The orders themselves where they are drawn; none where all count.
    pub drawn: Vec<Vec<usize>>,
    /// Coalitions that can be without contradiction: single parts, and all but one.
    single: Vec<Coalition>,
}

impl Orders {
    /// The orders of so many parts that go through coalitions alone that `can_be`: all of few parts, and some drawn under
    /// `seed` of many. `None` if there is none.
    pub fn of(parts: usize, seed: u64, can_be: &mut dyn FnMut(Coalition) -> bool) -> Option<Orders> {
        let whole = whole(parts);
        let mut known = BTreeMap::from([(0, true), (whole, true)]);
        let mut can_be = |coalition: Coalition| *known.entry(coalition).or_insert_with(|| can_be(coalition));
        let single = (0..parts).flat_map(|part| [1 << part, whole & !(1 << part)]);
        let single: BTreeSet<Coalition> = single.collect();
        let single = single.into_iter().filter(|coalition| can_be(*coalition)).collect();
        let (count, steps, drawn) = match parts <= ALL {
            true => {
                let (count, steps) = all(parts, &mut can_be);
                (count, steps, Vec::new())
            }
            false => {
                let drawn = draw(parts, seed, &mut can_be);
                (drawn.len() as u64, steps_of(&drawn), drawn)
            }
        };
        (count > 0).then_some(Orders { parts, count, steps, drawn, single })
    }

    /// The coalitions that have to be run: those of the steps, single parts and all but one; neither none nor all.
    pub fn coalitions(&self) -> BTreeSet<Coalition> {
        let ends = self.steps.iter().flat_map(|step| [step.to, step.to | 1 << step.part]);
        let run = ends.chain(self.single.iter().copied());
        run.filter(|coalition| ![0, whole(self.parts)].contains(coalition)).collect()
    }
}

/// All parts.
pub fn whole(parts: usize) -> Coalition {
    (1 << parts) - 1
}

/// How many orders there are, and the steps of all, by the number of ways to and from each coalition.
fn all(parts: usize, can_be: &mut dyn FnMut(Coalition) -> bool) -> (u64, Vec<Step>) {
    let whole = whole(parts);
    let size = 1_usize << parts;
    let (mut to, mut from) = (vec![0_u64; size], vec![0_u64; size]);
    (to[0], from[size - 1]) = (1, 1);
    let joined = |coalition: Coalition| {
        (0..parts).filter(move |part| coalition >> part & 1 == 0).map(move |part| coalition | 1 << part)
    };
    for coalition in 0..=whole {
        for next in joined(coalition) {
            if can_be(next) {
                to[next as usize] += to[coalition as usize];
            }
        }
    }
    for coalition in (0..whole).rev().filter(|coalition| to[*coalition as usize] > 0) {
        from[coalition as usize] = joined(coalition).map(|next| from[next as usize]).sum();
    }
    let count = to[size - 1];
    let mut steps = Vec::new();
    for coalition in 0..whole {
        for part in (0..parts).filter(|part| coalition >> part & 1 == 0) {
            let next = coalition | 1 << part;
            let is_there = to[next as usize] > 0;
            let ways = if is_there { to[coalition as usize] * from[next as usize] } else { 0 };
            if ways > 0 {
                steps.push(Step { to: coalition, part, weight: ways as f64 / count as f64 });
            }
        }
    }
    (count, steps)
}

/// Some orders, each drawn anew where one contradicts itself; fewer where that goes on.
fn draw(parts: usize, seed: u64, can_be: &mut dyn FnMut(Coalition) -> bool) -> Vec<Vec<usize>> {
    let rng = CounterRng::new(seed, 0);
    let drawn = (0..DRAWN as u32).filter_map(|number| {
        (0..TRIES).find_map(|attempt| {
            let mut order: Vec<usize> = (0..parts).collect();
            order.shuffle(&mut rng.stream_rng(Stream::named("orders of parts"), number, attempt));
            let mut there = 0;
            let goes = order.iter().all(|part| {
                there |= 1 << part;
                can_be(there)
            });
            goes.then_some(order)
        })
    });
    drawn.collect()
}

/// The steps of these orders.
fn steps_of(orders: &[Vec<usize>]) -> Vec<Step> {
    let mut counts: BTreeMap<(Coalition, usize), u32> = BTreeMap::new();
    for order in orders {
        let mut there = 0;
        for &part in order {
            *counts.entry((there, part)).or_default() += 1;
            there |= 1 << part;
        }
    }
    let of = |((to, part), count): ((Coalition, usize), u32)| Step {
        to,
        part,
        weight: f64::from(count) / orders.len() as f64,
    };
    counts.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_all_orders_are_those_of_shapley() {
        // |S|! (n − |S| − 1)! / n! of three parts: 1/3 of none or two, 1/6 of one.
        let orders = Orders::of(3, 1, &mut |_| true).unwrap();
        assert_eq!((orders.count, orders.steps.len()), (6, 12));
        for step in &orders.steps {
            let expected = if step.to.count_ones() == 1 { 1.0 / 6.0 } else { 1.0 / 3.0 };
            assert!((step.weight - expected).abs() < 1e-15, "{step:?}");
        }
        assert_eq!(orders.coalitions().len(), 6);
    }

    #[test]
    fn orders_that_contradict_themselves_do_not_count() {
        // Part 1 needs part 0.
        let orders = Orders::of(3, 1, &mut |coalition| coalition & 0b011 != 0b010).unwrap();
        assert_eq!(orders.count, 3);
        assert!(orders.steps.iter().all(|step| step.part != 1 || step.to & 1 == 1));
        // None can come first.
        assert!(Orders::of(2, 1, &mut |coalition| coalition == 0b11).is_none());
    }

    #[test]
    fn orders_of_many_parts_are_drawn_and_the_same_for_a_seed() {
        let of = |seed| Orders::of(9, seed, &mut |_| true).unwrap();
        let orders = of(4);
        assert_eq!((orders.count, orders.drawn.len()), (16, 16));
        assert_eq!(orders, of(4));
        assert_ne!(orders.drawn, of(5).drawn);
        for part in 0..9 {
            let sum: f64 = orders.steps.iter().filter(|step| step.part == part).map(|step| step.weight).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }
}
