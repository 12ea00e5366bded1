//! Which arm is best, as far as is known: the probability that an arm is better than the base, that it is the best of
//! all, and how much is expected to be lost by choosing it.
//!
//! What is asked about is the *expected* value of an outcome under each draw of the parameters; single replicates
//! also have chance in them. With e_k the effects of all arms in unit k (the mean of the pair of replicates of a
//! draw) and h_k half of what the two replicates of the pair differ by, both as vectors with one entry for each
//! arm,
//!
//! ```text
//! of units         S = Σ (e_k − ē)(e_k − ē)' / (n − 1)        parameters, and the chance of a unit
//! of chance        C = Σ h_k h_k' / n                         the chance of a unit
//! ```
//!
//! In the directions in which C differs from S by a factor λ alone, the deviations of units are shrunk until their
//! variance is that of parameters, S − C. What is not known of these variances and of ē itself goes in by sampling: in
//! each direction S (n − 1)/χ²(n − 1) for S, λ S n/χ²(n) for C and a normal number of variance S/n for ē (a fiducial
//! distribution: J. Hannig and others 2016, Journal of the American Statistical Association 111:1346). Deviations keep
//! their own shape, be it skewed or in lumps.
//!
//! Under a single draw there are no parameters to be doubted, every replicate is a unit, and all of S is chance.
//!
//! Tests hold that k arms that do not differ have 1/k on average, and that those with a probability of p are better
//! in p of the draws. Nothing is taken to be known of effects beforehand: where most arms do nothing, a probability
//! far from one half of few units is too far from it (of 8 units, .95 where .9 is true).

use crate::compare::effects::{Asked, Side};
use crate::outcome::Outcome;
use crate::record::table::{Cell, Column, Table, Take};
use crate::window::Window;
use shequ_model::base::rng::{CounterRng, Stream};

use super::matrix::Symmetric;

/// Below this probability of the best, others are named beside it. Of two sides that do not differ, one or the
/// other has more in at most one study of ten; more than .8 in as many as four of ten.
pub const KNOWN: f64 = 0.95;

/// Fewest units of which probabilities are given.
const FEWEST: usize = 3;

/// Samples at least; a probability is then off by .008 at most.
const SAMPLES: usize = 4_096;

/// Values closer than this part of the largest are the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// How a side stands among all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Mean of the outcome, in its unit.
    pub mean: f64,
    /// Probability that it is better than the base; NaN of the base itself.
    pub p_better: f64,
    /// Probability that no other is better. Those that are alike share it.
    pub p_best: f64,
    /// How far the best is expected to be above it, in the unit of the outcome.
    pub regret: f64,
}

/// How all sides stand in one outcome and window.
pub struct Ranking {
    /// The outcome.
    pub outcome: Outcome,
    /// The window.
    pub window: Window,
    /// The base, then the arms.
    pub standings: Vec<Standing>,
    /// Independent units that it rests on.
    pub n: usize,
}

impl Ranking {
    /// The fewest sides, counted from 0, among which the best is with a probability of [`KNOWN`]; the likeliest comes
    /// first. None if there are no probabilities.
    pub fn candidates(&self) -> Vec<usize> {
        candidates(&self.standings.iter().map(|standing| standing.p_best).collect::<Vec<_>>())
    }
}

/// The same by the probabilities of all to be the best.
pub fn candidates(p_best: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_best.len()).filter(|&side| !p_best[side].is_nan()).collect();
    order.sort_by(|&a, &b| p_best[b].total_cmp(&p_best[a]));
    let mut sum = 0.0;
    let is_wanted = |side: &usize| {
        let is_wanted = sum < KNOWN;
        sum += p_best[*side];
        is_wanted
    };
    order.into_iter().take_while(is_wanted).collect()
}

/// How the `sides` stand in every primary outcome and window. They are the base and then the arms, each in all
/// `combinations`, all of which count the same; less of the outcomes `lower` is better.
pub fn rankings(asked: &Asked, sides: &[Side], combinations: usize, lower: &[Outcome]) -> Vec<Ranking> {
    let mut all = Vec::new();
    for (w, (window, _)) in asked.windows.iter().enumerate() {
        for (o, &outcome) in asked.outcomes.iter().enumerate() {
            if !asked.primary.contains(&outcome) {
                continue;
            }
            let better = if lower.contains(&outcome) { -1.0 } else { 1.0 };
            let of = |combination: usize| {
                let own: Vec<&Side> = sides.iter().skip(combination).step_by(combinations).collect();
                Units::of(&own, asked.index(w, o)).standings(better)
            };
            let each: Vec<(Vec<Standing>, usize)> = (0..combinations).map(of).collect();
            let n = each.iter().map(|(_, n)| *n).min().unwrap_or(0);
            all.push(Ranking { outcome, window: *window, standings: averages(&each), n });
        }
    }
    all
}

/// The averages over combinations.
fn averages(each: &[(Vec<Standing>, usize)]) -> Vec<Standing> {
    let mean = |side: usize, of: fn(&Standing) -> f64| {
        each.iter().map(|(standings, _)| of(&standings[side])).sum::<f64>() / each.len() as f64
    };
    let side = |side: usize| Standing {
        mean: mean(side, |s| s.mean),
        p_better: mean(side, |s| s.p_better),
        p_best: mean(side, |s| s.p_best),
        regret: mean(side, |s| s.regret),
    };
    (0..each.first().map_or(0, |(standings, _)| standings.len())).map(side).collect()
}

/// One outcome of all sides, unit by unit.
struct Units {
    /// Of each side.
    means: Vec<f64>,
    /// Effects of all arms in each unit.
    effects: Vec<Vec<f64>>,
    /// Half of what the replicates of each unit differ by; none where every replicate is a unit.
    halves: Vec<Vec<f64>>,
}

impl Units {
    /// The units of which all `sides` have value `index`.
    fn of(sides: &[&Side], index: usize) -> Units {
        let column = |rows: &[Vec<f64>], k: usize| rows[k][index];
        let has_pairs = sides.iter().all(|side| !side.halves.is_empty());
        let count = sides.iter().map(|side| side.values.len()).min().unwrap_or(0);
        let is_missing = |side: &&Side, k: usize| {
            column(&side.values, k).is_nan() || has_pairs && column(&side.halves, k).is_nan()
        };
        let is_whole = |k: &usize| !sides.iter().any(|side| is_missing(side, *k));
        let whole: Vec<usize> = (0..count).filter(is_whole).collect();
        let rows = |of: &dyn Fn(&Side) -> &[Vec<f64>]| -> Vec<Vec<f64>> {
            let row = |&k: &usize| {
                let values: Vec<f64> = sides.iter().map(|side| column(of(side), k)).collect();
                values[1..].iter().map(|value| value - values[0]).collect()
            };
            whole.iter().map(row).collect()
        };
        let mean =
            |side: &&Side| whole.iter().map(|&k| column(&side.values, k)).sum::<f64>() / whole.len() as f64;
        Units {
            means: sides.iter().map(mean).collect(),
            effects: rows(&|side| &side.values),
            halves: if has_pairs { rows(&|side| &side.halves) } else { Vec::new() },
        }
    }

    /// How the sides stand where values are multiplied by `better` for more to be better; and of how many units.
    fn standings(&self, better: f64) -> (Vec<Standing>, usize) {
        let (n, sides) = (self.effects.len(), self.means.len());
        let mut standings: Vec<Standing> =
            self.means.iter().map(|&mean| Standing { mean, ..UNKNOWN }).collect();
        if n < FEWEST {
            return (standings, n);
        }
        for standing in &mut standings {
            (standing.p_best, standing.regret) = (0.0, 0.0);
        }
        standings[1..].iter_mut().for_each(|standing| standing.p_better = 0.0);
        let samples = SAMPLES.div_ceil(n) * n;
        let (directions, largest) = (Directions::of(self), self.largest());
        let is_near = |a: f64, b: f64| (a - b).abs() <= ROUNDING * largest;
        let mut values = vec![0.0; sides];
        for sample in 0..samples {
            directions.sample(sample, &mut values[1..]);
            values[1..].iter_mut().for_each(|value| *value *= better);
            let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let alike = values.iter().filter(|&&value| is_near(value, best)).count() as f64;
            for (standing, &value) in standings.iter_mut().zip(&values) {
                standing.p_best += if is_near(value, best) { 1.0 / alike } else { 0.0 };
                standing.regret += best - value;
                standing.p_better += match value {
                    value if is_near(value, 0.0) => 0.5,
                    value if value > 0.0 => 1.0,
                    _ => 0.0,
                };
            }
        }
        // Counts first: sums of shares would exceed 1 by their rounding.
        for standing in &mut standings {
            standing.p_best = (standing.p_best / samples as f64).min(1.0);
            standing.p_better /= samples as f64;
            standing.regret /= samples as f64;
        }
        (standings, n)
    }

    fn largest(&self) -> f64 {
        self.effects.iter().flatten().chain(&self.means).fold(0.0, |most, value| most.max(value.abs()))
    }
}

const UNKNOWN: Standing = Standing { mean: f64::NAN, p_better: f64::NAN, p_best: f64::NAN, regret: f64::NAN };

/// Directions of effects in which chance and parameters are independent of one another.
struct Directions {
    mean: Vec<f64>,
    /// `to[arm][direction]`: what one standard deviation of units in a direction is in the effect of an arm.
    to: Vec<Vec<f64>>,
    /// `deviations[unit][direction]`, of variance 1.
    deviations: Vec<Vec<f64>>,
    /// Share of chance in the variance of units, by direction; none where all of it is chance.
    chance: Vec<Option<f64>>,
}

impl Directions {
    fn of(units: &Units) -> Directions {
        let (n, arms) = (units.effects.len(), units.means.len() - 1);
        let mean: Vec<f64> =
            (0..arms).map(|arm| units.effects.iter().map(|e| e[arm]).sum::<f64>() / n as f64).collect();
        let apart: Vec<Vec<f64>> =
            units.effects.iter().map(|e| e.iter().zip(&mean).map(|(e, mean)| e - mean).collect()).collect();
        let all = Symmetric::of_products(&apart, arms, (n - 1) as f64).directions();
        let least = ROUNDING * ROUNDING * units.largest() * units.largest();
        let kept: Vec<usize> = (0..arms).filter(|&i| all.sizes[i] > least).collect();
        // Along each direction, in its standard deviations.
        let along = |x: &Vec<f64>| -> Vec<f64> {
            kept.iter().map(|&i| all.along(i, x) / libm::sqrt(all.sizes[i])).collect()
        };
        let white: Vec<Vec<f64>> = apart.iter().map(along).collect();
        let halves: Vec<Vec<f64>> = units.halves.iter().map(along).collect();
        let own = Symmetric::of_products(&halves, kept.len(), n as f64).directions();
        let turned = |x: &Vec<f64>| (0..kept.len()).map(|j| own.along(j, x)).collect::<Vec<f64>>();
        let to = (0..arms).map(|arm| {
            let spread: Vec<f64> =
                kept.iter().map(|&i| all.axes[i][arm] * libm::sqrt(all.sizes[i])).collect();
            turned(&spread)
        });
        let has_pairs = !units.halves.is_empty();
        Directions {
            to: to.collect(),
            deviations: white.iter().map(turned).collect(),
            chance: own.sizes.iter().map(|&size| has_pairs.then_some(size)).collect(),
            mean,
        }
    }

    /// Fills `effects` with what the effects of arms may be under one draw.
    fn sample(&self, sample: usize, effects: &mut [f64]) {
        let n = self.deviations.len();
        let rng = CounterRng::new(0, 2);
        effects.copy_from_slice(&self.mean);
        for (direction, chance) in self.chance.iter().enumerate() {
            let normal =
                |what: u32| rng.normal(Stream::named("ranking"), sample as u32, direction as u32, what);
            let of_units = (n - 1) as f64 / chi_squared(normal(0), (n - 1) as f64);
            let of_parameters =
                chance.map_or(0.0, |chance| of_units - chance * n as f64 / chi_squared(normal(1), n as f64));
            let deviation = libm::sqrt(of_parameters.max(0.0)) * self.deviations[sample % n][direction]
                + libm::sqrt(of_units / n as f64) * normal(2);
            effects.iter_mut().zip(&self.to).for_each(|(effect, to)| *effect += to[direction] * deviation);
        }
    }
}

/// The χ² number with `df` degrees of freedom that lies as high among all as `normal` does among normal numbers, by
/// Wilson and Hilferty (1931, Proceedings of the National Academy of Sciences 17:684).
fn chi_squared(normal: f64, df: f64) -> f64 {
    const LEAST: f64 = 0.1;
    let spread = 2.0 / (9.0 * df);
    let root = (1.0 - spread + normal * libm::sqrt(spread)).max(LEAST);
    df * root * root * root
}

/// `ranking.csv`: one row for each primary outcome, window and side, the base first. `names` are those of the sides.
pub fn table<'a>(rankings: &'a [Ranking], names: Vec<&'a str>) -> Table<'a> {
    let mut columns = ["metric", "window", "arm"].map(Column::text).to_vec();
    columns.extend(["mean", "p_better", "p_best", "expected_regret"].map(Column::real));
    columns.extend([Column::text("unit"), Column::whole("n")]);
    let rows = move |take: &mut Take| {
        rankings.iter().try_for_each(|ranking| {
            let window = ranking.window.to_string();
            names.iter().zip(&ranking.standings).try_for_each(|(name, standing)| {
                let Standing { mean, p_better, p_best, regret } = *standing;
                let mut cells = [ranking.outcome.name(), &window, name].map(Cell::Text).to_vec();
                cells.extend([mean, p_better, p_best, regret].map(Cell::Real));
                cells.extend([Cell::Text(ranking.outcome.metric.unit), Cell::Whole(ranking.n as i64)]);
                take(&cells)
            })
        })
    };
    Table { name: "ranking", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::student::two_sided;

    /// One study of three sides: their expected values, what parameters do to each (as a standard deviation), and as
    /// much chance in a replicate of each as one, of which half is common to all. `n` pairs of replicates.
    fn study(number: u32, n: usize, means: [f64; 3], spread: [f64; 3]) -> Units {
        let rng = CounterRng::new(5, number);
        let normal = |what: &str, unit: usize, side: usize| {
            rng.normal(Stream::named(what), unit as u32, side as u32, 0)
        };
        let value = |side: usize, unit: usize, replicate: usize| {
            let chance = |side: usize| libm::sqrt(0.5) * normal("chance", 2 * unit + replicate, side);
            means[side] + spread[side] * normal("parameters", unit, side) + chance(side) + chance(3)
        };
        let rows = |sign: f64| -> Vec<Vec<f64>> {
            let of =
                |unit: usize| (0..3).map(|s| (value(s, unit, 0) + sign * value(s, unit, 1)) / 2.0).collect();
            (0..n).map(of).collect()
        };
        let [units, halves] = [rows(1.0), rows(-1.0)];
        let apart = |rows: &[Vec<f64>]| rows.iter().map(|x| vec![x[1] - x[0], x[2] - x[0]]).collect();
        let mean = |side: usize| units.iter().map(|x| x[side]).sum::<f64>() / n as f64;
        Units { means: (0..3).map(mean).collect(), effects: apart(&units), halves: apart(&halves) }
    }

    fn p_best(units: &Units) -> Vec<f64> {
        units.standings(1.0).0.iter().map(|standing| standing.p_best).collect()
    }

    #[test]
    fn sides_that_are_equal_are_the_best_equally_often_and_seldom_said_to_be() {
        const STUDIES: u32 = 200;
        // Without and with doubt about parameters; and of one draw, so that replicates are their own units.
        for (spread, has_pairs) in [(0.0, true), (0.7, true), (0.0, false)] {
            let of = |number| {
                let units = study(number, 15, [0.0; 3], [spread; 3]);
                p_best(&if has_pairs { units } else { Units { halves: Vec::new(), ..units } })
            };
            let studies: Vec<Vec<f64>> = (0..STUDIES).map(of).collect();
            for side in 0..3 {
                // Three standard errors of a mean of numbers from 0 to 1 that average a third.
                let mean = studies.iter().map(|p| p[side]).sum::<f64>() / f64::from(STUDIES);
                assert!((mean - 1.0 / 3.0).abs() < 0.07, "{spread} {has_pairs} {side}: {mean}");
            }
            // A share of a tenth has a standard error of .021.
            let called = studies.iter().filter(|p| candidates(p).len() == 1).count() as f64;
            assert!(called / f64::from(STUDIES) < 0.16, "{spread} {has_pairs}: {called}");
        }
    }

    #[test]
    fn a_clear_winner_is_the_best_and_what_the_others_cost_is_how_far_they_are_below() {
        let units = study(1, 15, [0.0, 0.5, 6.0], [0.0, 0.5, 0.5]);
        let (standings, n) = units.standings(1.0);
        assert!(n == 15 && standings[2].p_best > 0.999 && standings[2].regret < 1e-3, "{standings:?}");
        // The mean of 15 pairs has a standard error of .23.
        assert!((standings[0].regret - 6.0).abs() < 0.7 && standings[0].p_better.is_nan());
        // Where less is better it is the worst.
        let lower = units.standings(-1.0).0;
        assert!(
            lower[2].p_better < 1e-3 && lower[2].p_best < 1e-3 && lower[0].regret < lower[1].regret + 1.0
        );
    }

    #[test]
    fn of_arms_that_differ_those_with_a_probability_are_better_in_that_part_of_draws() {
        let (mut bins, mut held) = ([(0.0, 0.0, 0.0); 5], (0.0, 0.0));
        for number in 0..600_u32 {
            // Means are far apart against their errors, as the method takes nothing to be known of them.
            let rng = CounterRng::new(6, number);
            let mean = |side: u32| 0.8 * rng.normal(Stream::named("truth"), side, 0, 0);
            let means = [0.0, mean(1), mean(2)];
            let spread = if number % 3 == 0 { 0.0 } else { 0.7 };
            let n = if number % 2 == 0 { 15 } else { 50 };
            let standings = study(1_000 + number, n, means, [0.0, spread, spread]).standings(1.0).0;
            for side in 1..3 {
                let above = f64::from(u8::from(means[side] > 0.0));
                let truth = match spread > 0.0 {
                    true => (above - two_sided(means[side] / spread, 1e9) / 2.0).abs(),
                    false => above,
                };
                let p = standings[side].p_better;
                let bin = &mut bins[((5.0 * p) as usize).min(4)];
                *bin = (bin.0 + 1.0, bin.1 + p, bin.2 + truth);
            }
            if spread == 0.0 {
                let best = (0..3).max_by(|&a, &b| means[a].total_cmp(&means[b])).unwrap();
                let p: Vec<f64> = standings.iter().map(|standing| standing.p_best).collect();
                held = (held.0 + 1.0, held.1 + f64::from(u8::from(candidates(&p).contains(&best))));
            }
        }
        for (count, p, truth) in bins {
            // At least 100 of each; the truth within a bin has a standard deviation of .3 at most.
            assert!(count > 100.0 && (p / count - truth / count).abs() < 0.08, "{bins:?}");
        }
        // The best is among those that are named in 95 of 100, less three standard errors of 200.
        assert!(held.1 / held.0 > 0.95 - 0.046, "{held:?}");
    }

    #[test]
    fn draws_in_two_lumps_are_told_apart() {
        // Under half the draws the arm is better by 1, under the others worse by 3, and there is no chance.
        let effects: Vec<Vec<f64>> = (0..400).map(|k| vec![if k % 2 == 0 { 1.0 } else { -3.0 }]).collect();
        let units = Units { means: vec![0.0, -1.0], halves: vec![vec![0.0]; 400], effects };
        let standings = units.standings(1.0).0;
        assert!((standings[1].p_better - 0.5).abs() < 0.01, "{standings:?}");
        assert!((standings[1].regret - 1.5).abs() < 0.05 && (standings[0].regret - 0.5).abs() < 0.05);
    }

    #[test]
    fn sides_that_are_alike_share_what_there_is_and_too_few_units_say_nothing() {
        let units = |n: usize, effect: [f64; 2]| Units {
            means: vec![0.2, 0.2 + effect[0], 0.2 + effect[1]],
            effects: vec![effect.to_vec(); n],
            halves: vec![vec![0.0; 2]; n],
        };
        let none = p_best(&units(5, [0.0; 2]));
        assert!(none.iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-9), "{none:?}");
        let alike = units(5, [0.3; 2]).standings(1.0).0;
        assert!(
            (alike[1].p_best - 0.5).abs() < 1e-9 && alike[1].p_better > 1.0 - 1e-9 && alike[2].regret < 1e-9
        );
        let (few, n) = units(2, [0.3; 2]).standings(1.0);
        assert!(
            n == 2 && few[1].mean == 0.5 && few[1].p_best.is_nan() && candidates(&[f64::NAN; 3]).is_empty()
        );
    }

    #[test]
    fn candidates_are_the_fewest_that_hold_the_best() {
        assert_eq!(candidates(&[0.02, 0.96, 0.02]), [1]);
        assert_eq!(candidates(&[0.3, 0.1, 0.6]), [2, 0, 1]);
        assert_eq!(candidates(&[0.5, 0.46, 0.04]), [0, 1]);
    }
}
