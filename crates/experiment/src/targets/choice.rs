//! Which combination of theory and rule predicts what was held back: log scores, and weights by stacking.
//!
//! The weights are those under which the mix of all combinations predicts best (stacking of predictive distributions:
//! Y. Yao, A. Vehtari, D. Simpson and A. Gelman 2018, Bayesian Analysis 13:917): with `p_ik` the density of target i
//! under combination k, they maximise
//!
//! ```text
//! Σ_i v_i log Σ_k w_k p_ik,   w_k ≥ 0,  Σ_k w_k = 1
//! ```
//!
//! Targets of one `family` are about one outcome and err together. Each family has one vote, which its targets share:
//! `v_i` is one over the number of families and of the targets in that of i. A target without a family is one of its
//! own. A density is taken to be no less than that at [`RULED_OUT`] standard deviations: beyond, a combination is ruled
//! out, and how far says nothing. Why stacking, and what it cannot do: `docs/decisions/0049-model-choice.md`.

use super::held::{Held, Predicted};
use super::score::{Combination, Judged};
use super::table::{Target, Use};
use crate::record::table::{Cell, Column, Table, Take};

/// Standard deviations of all that is doubtful beyond which a figure is ruled out, as in history matching.
pub const RULED_OUT: f64 = 3.0;
/// Steps between weights in tables: no figure says more.
const FINEST: f64 = 1e-6;
/// The log score of the weights is this near to the best there is.
const NEAR: f64 = 1e-10;
/// Steps after which weights are taken as they are: each is a few hundred operations.
const MOST_STEPS: usize = 100_000;

/// How well combinations predict what was held back, and what each should count.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Targets that were held back and have a figure under every combination, by their place in the table.
    pub targets: Vec<usize>,
    /// How many of these are as likely under every combination, such as those that all miss by far: they say nothing.
    pub silent: usize,
    /// Number of families of these.
    pub families: usize,
    /// Of each combination, its weight.
    pub weights: Vec<f64>,
    /// Of each combination, the mean over families of the log predictive density, but for what is the same for all.
    pub log_scores: Vec<f64>,
    /// The log score of the mix by these weights.
    pub stacked: f64,
    /// The log score of the mix in which every combination counts the same.
    pub equal: f64,
}

impl Choice {
    /// By the figures of each combination for `targets`; none if none of these is held back and has figures.
    pub fn of(targets: &[Target], judged: &[Vec<Judged>]) -> Option<Choice> {
        let is_used = |&i: &usize| {
            targets[i].used == Use::HoldOut && judged.iter().all(|judged| judged[i].figure.n > 0)
        };
        let used: Vec<usize> = (0..targets.len()).filter(is_used).collect();
        if used.is_empty() || judged.is_empty() {
            return None;
        }
        let densities: Vec<Vec<f64>> = used.iter().map(|&i| log_densities(&targets[i], i, judged)).collect();
        let families: Vec<&str> = used.iter().map(|&i| targets[i].family.as_str()).collect();
        let (votes, families) = votes(&families);
        let is_silent = |row: &&Vec<f64>| row.iter().all(|density| *density == row[0]);
        let combinations = judged.len();
        let alone = |k: usize| votes.iter().zip(&densities).map(|(vote, row)| vote * row[k]).sum();
        let weights = stack(&densities, &votes);
        Some(Choice {
            silent: densities.iter().filter(is_silent).count(),
            families,
            log_scores: (0..combinations).map(alone).collect(),
            stacked: log_score(&densities, &votes, &weights),
            equal: log_score(&densities, &votes, &vec![1.0 / combinations as f64; combinations]),
            targets: used,
            weights,
        })
    }

    /// The log score of the best single combination.
    pub fn best(&self) -> f64 {
        self.log_scores.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The weights as a table; `combinations` are those that they are of.
    pub fn table<'a>(&'a self, combinations: &'a [Combination]) -> Table<'a> {
        let mut columns = ["theory", "trust"].map(Column::text).to_vec();
        columns.extend(["weight", "log_score"].map(Column::real));
        let rows = move |take: &mut Take| {
            combinations.iter().zip(self.weights.iter().zip(&self.log_scores)).try_for_each(
                |(combination, (weight, score))| {
                    take(&[
                        Cell::Text(&combination.theory),
                        Cell::Text(&combination.rule),
                        Cell::Real(libm::round(weight / FINEST) * FINEST),
                        Cell::Real(*score),
                    ])
                },
            )
        };
        Table { name: "weights", columns, rows: Box::new(rows) }
    }
}

/// The log predictive density of a target under each combination. The chance of the replicates is pooled over
/// combinations, which share random numbers: a variance from few replicates says too little to choose by.
fn log_densities(target: &Target, i: usize, judged: &[Vec<Judged>]) -> Vec<f64> {
    let chances =
        judged.iter().map(|judged| judged[i].figure).filter(|f| f.n > 1).map(|f| f.sd * f.sd / f.n as f64);
    let (sum, count) = chances.fold((0.0, 0), |(sum, count), chance| (sum + chance, count + 1));
    let held = Held::of(target, sum / f64::from(count.max(1)));
    let least = held.log_likelihood_at(RULED_OUT);
    let density = |judged: &Vec<Judged>| {
        held.log_likelihood(Predicted { mean: judged[i].figure.mean, variance: 0.0 }).max(least)
    };
    judged.iter().map(density).collect()
}

/// What each target counts, one in all, and the number of families.
fn votes(families: &[&str]) -> (Vec<f64>, usize) {
    let is_named = |family: &str| !family.is_empty();
    let of = |family: &str| families.iter().filter(|other| **other == family).count().max(1);
    let size = |family: &str| if is_named(family) { of(family) } else { 1 };
    let is_first = |i: usize| !is_named(families[i]) || !families[..i].contains(&families[i]);
    let count = (0..families.len()).filter(|&i| is_first(i)).count();
    (families.iter().map(|family| 1.0 / (count * size(family)) as f64).collect(), count)
}

/// Weights under which the mix predicts best, from log densities `densities[target][model]` and what each target
/// counts, which is one in all. Models that predict the same have the same weight.
///
/// Each step multiplies a weight by what its model adds (expectation and maximisation of a mixture with known parts);
/// no step lowers the score. What may still be gained is at most the largest of these factors less one, because the
/// score is concave; the steps end when that is next to nothing.
pub fn stack(densities: &[Vec<f64>], votes: &[f64]) -> Vec<f64> {
    let models = densities.first().map_or(0, Vec::len);
    let relative: Vec<Vec<f64>> = densities.iter().map(|row| relative(row)).collect();
    let mut weights = vec![1.0 / models as f64; models];
    let mut factors = vec![0.0; models];
    for _ in 0..MOST_STEPS {
        factors.fill(0.0);
        for (row, vote) in relative.iter().zip(votes) {
            let mix = mix(row, &weights);
            factors.iter_mut().zip(row).for_each(|(factor, p)| *factor += vote * p / mix);
        }
        let most = factors.iter().copied().fold(0.0, f64::max);
        if most - 1.0 <= NEAR {
            break;
        }
        weights.iter_mut().zip(&factors).for_each(|(weight, factor)| *weight *= factor);
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
    }
    weights
}

/// The log score of the mix by `weights`.
pub fn log_score(densities: &[Vec<f64>], votes: &[f64], weights: &[f64]) -> f64 {
    let of = |row: &Vec<f64>| largest(row) + libm::log(mix(&relative(row), weights));
    densities.iter().zip(votes).map(|(row, vote)| vote * of(row)).sum()
}

/// Densities as shares of the largest, so that those far out can be told apart.
fn relative(row: &[f64]) -> Vec<f64> {
    let largest = largest(row);
    row.iter().map(|density| libm::exp(density - largest)).collect()
}

fn largest(row: &[f64]) -> f64 {
    row.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn mix(row: &[f64], weights: &[f64]) -> f64 {
    row.iter().zip(weights).map(|(p, weight)| p * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::Verdict;
    use crate::targets::table::read;
    use shequ_model::base::problem::Source;
    use shequ_model::base::rng::{CounterRng, Stream};
    use shequ_model::base::stats::estimate;

    /// Weights by densities (not their logarithms) and votes.
    fn weights(densities: &[&[f64]], votes: &[f64]) -> Vec<f64> {
        let logs = |row: &&[f64]| row.iter().map(|p| libm::log(*p)).collect();
        stack(&densities.iter().map(logs).collect::<Vec<_>>(), votes)
    }

    fn are_near(weights: &[f64], expected: &[f64], tolerance: f64) {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance;
        assert!(weights.iter().zip(expected).all(near), "{weights:?} {expected:?}");
    }

    #[test]
    fn a_model_that_is_right_on_every_target_has_all_the_weight() {
        let third = [1.0 / 3.0; 3];
        // The weight of the other falls by at least half with each step.
        are_near(&weights(&[&[4.0, 1.0], &[4.0, 2.0], &[2.0, 1.0]], &third), &[1.0, 0.0], 1e-9);
        // On one target the better one is best, however little better.
        are_near(&weights(&[&[1.0, 1.1]], &[1.0]), &[0.0, 1.0], 1e-6);
        // Far from what is right, only the distance between models matters.
        are_near(&stack(&[vec![-9000.0, -9900.0]], &[1.0]), &[1.0, 0.0], 1e-12);
    }

    #[test]
    fn two_models_and_two_targets_have_a_closed_form() {
        // With a and b the densities of both models and d = a − b: w = −(v₁ d₁ b₂ + v₂ d₂ b₁) / (d₁ d₂), inside [0, 1].
        let densities: [&[f64]; 2] = [&[3.0, 1.0], &[1.0, 2.0]];
        are_near(&weights(&densities, &[0.5, 0.5]), &[0.75, 0.25], 1e-4);
        are_near(&weights(&densities, &[0.4, 0.6]), &[0.5, 0.5], 1e-4);
        // 7/6 would be outside.
        are_near(&weights(&densities, &[2.0 / 3.0, 1.0 / 3.0]), &[1.0, 0.0], 1e-4);
    }

    #[test]
    fn models_that_are_each_right_on_some_targets_have_their_share_of_the_votes() {
        // Each target is as good as impossible under the other model: log w is all that is left.
        let rows = [vec![0.0, -900.0], vec![-900.0, 0.0]];
        are_near(&stack(&rows, &[0.5, 0.5]), &[0.5, 0.5], 1e-9);
        are_near(&stack(&rows, &[0.2, 0.8]), &[0.2, 0.8], 1e-9);
    }

    #[test]
    fn models_that_predict_the_same_share_what_one_of_them_would_have() {
        let (once, twice): ([&[f64]; 2], [&[f64]; 2]) =
            ([&[3.0, 1.0], &[1.0, 2.0]], [&[3.0, 1.0, 3.0], &[1.0, 2.0, 1.0]]);
        let (once, twice) = (weights(&once, &[0.5, 0.5]), weights(&twice, &[0.5, 0.5]));
        assert_eq!(twice[0], twice[2]);
        are_near(&[twice[0] + twice[2], twice[1]], &once, 1e-4);
    }

    #[test]
    fn no_single_model_nor_equal_weights_predict_better_than_the_mix() {
        let rng = CounterRng::new(5, 0);
        for case in 0..40_u32 {
            let (targets, models) = (1 + case % 9, 2 + case % 6);
            let value = |i: u32, k: u32| 4.0 * rng.normal(Stream::named("density"), case, i, k);
            let rows: Vec<Vec<f64>> =
                (0..targets).map(|i| (0..models).map(|k| value(i, k)).collect()).collect();
            let votes = vec![1.0 / f64::from(targets); targets as usize];
            let weights = stack(&rows, &votes);
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12 && weights.iter().all(|w| *w >= 0.0));
            let best = log_score(&rows, &votes, &weights);
            let only = |k: u32| (0..models).map(|j| if j == k { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
            let equal = vec![1.0 / f64::from(models); models as usize];
            for other in (0..models).map(only).chain([equal]) {
                // What the steps left to be gained.
                assert!(best >= log_score(&rows, &votes, &other) - 1e-8, "{case}: {weights:?} {other:?}");
            }
        }
    }

    /// Figures 0 and 2 times `size` (mean `size`) for each target of each model; none if `size` is not a number.
    fn judged(sizes: &[&[f64]]) -> Vec<Vec<Judged>> {
        let one = |&size: &f64| Judged {
            figure: estimate([0.0 * size, 2.0 * size].into_iter()),
            distance: 0.0,
            verdict: Verdict::Open,
        };
        sizes.iter().map(|sizes| sizes.iter().map(one).collect()).collect()
    }

    fn targets(rows: &str) -> Vec<Target> {
        let head = "id,metric,value,standard_error,use,family\n";
        read(&Source::file("targets.csv", format!("{head}{rows}"))).unwrap()
    }

    #[test]
    fn densities_are_those_of_what_was_held_back_with_the_chance_of_all_replicates() {
        let table = targets(
            "A,participation,1,3,hold_out,a\nB,participation,1,3,fit,b\nC,participation,1,3,hold_out,c\n",
        );
        // C has no figure under the second model: it counts for none.
        let choice = Choice::of(&table, &judged(&[&[1.0, 1.0, 1.0], &[4.0, 1.0, f64::NAN]])).unwrap();
        assert_eq!((&choice.targets[..], choice.families, choice.silent), (&[0][..], 1, 0));
        // Figures 0, 2 and 0, 8: their means have the variances 1 and 16, pooled 8.5; with the error, 17.5.
        let of = |z2: f64| -0.5 * z2 / 17.5 - 0.5 * libm::log(17.5);
        are_near(&choice.log_scores, &[of(0.0), of(9.0)], 1e-12);
        assert!(choice.weights[0] > 0.999 && choice.best() == choice.log_scores[0]);
        let even = of(0.0) + libm::log(0.5 + 0.5 * libm::exp(of(9.0) - of(0.0)));
        assert!((choice.equal - even).abs() < 1e-12 && choice.stacked > choice.equal);

        assert_eq!(Choice::of(&targets("A,participation,1,3,fit,a\n"), &judged(&[&[1.0], &[2.0]])), None);
    }

    #[test]
    fn what_is_ruled_out_under_all_says_nothing() {
        // Errors of .1 and no chance: 2 and 2.5 standard deviations, then more than three.
        let exact = |mean: f64| Judged {
            figure: estimate([mean, mean].into_iter()),
            distance: 0.0,
            verdict: Verdict::Open,
        };
        let of = |rows: [[f64; 2]; 2]| {
            let table = targets("A,participation,0,.1,hold_out,a\nB,participation,>= 0,.1,hold_out,b\n");
            Choice::of(&table, &rows.map(|figures| figures.map(exact).to_vec())).unwrap()
        };
        let far = of([[0.2, -0.5], [0.25, -0.31]]);
        assert!(far.silent == 1 && far.weights[0] > 0.999, "{far:?}");
        // Fifty standard deviations off count as three: the closed form of two models and two targets, with a and b the
        // lower density over the higher of each. R: pnorm(-3) is 0.001349898.
        let near = of([[0.2, -5.0], [0.25, 0.0]]);
        let (a, b) = (libm::exp(-1.125), 0.001_349_898 / 0.5);
        let first = (1.0 - a - a * (1.0 - b)) / (2.0 * (1.0 - a) * (1.0 - b));
        assert_eq!(near.silent, 0);
        are_near(&near.weights, &[first, 1.0 - first], 1e-4);
    }

    #[test]
    fn a_family_has_one_vote_however_many_its_targets() {
        assert_eq!(votes(&["a", "b", "a", "", ""]), (vec![0.125, 0.25, 0.125, 0.25, 0.25], 4));
        // Three of one family are right under the first model alone, one of another under the second.
        let table = targets(
            "A,participation,0,.1,hold_out,a\nB,participation,0,.1,hold_out,a\n\
             C,participation,0,.1,hold_out,a\nD,participation,90,.1,hold_out,d\n",
        );
        let choice =
            Choice::of(&table, &judged(&[&[0.0, 0.0, 0.0, 0.0], &[90.0, 90.0, 90.0, 90.0]])).unwrap();
        assert_eq!((choice.families, choice.silent), (2, 0));
        let alone: f64 = choice.log_scores[0] - choice.log_scores[1];
        assert!(alone.abs() < 1e-9, "{choice:?}");
        are_near(&choice.weights, &[0.5, 0.5], 1e-6);
    }
}
