//! Points of the prior moved to where a cost is low, step by step: sequential Monte Carlo on a function that costs
//! nothing to ask.
//!
//! Particles begin as independent draws of the prior, which is standard normal in every coordinate. In each step half
//! of what they stand for is given up, the rest is drawn again in its place, and all walk at random in a way that
//! leaves the distribution of the step as it is (P. Del Moral, A. Doucet and A. Jasra 2006, J. R. Stat. Soc. B 68:411).
//! With a hard bound this is subset simulation (S.-K. Au and J. L. Beck 2001, Prob. Eng. Mech. 16:263).

use rayon::prelude::*;

use super::cholesky::{Cholesky, dot};
use shequ_model::base::rng::{CounterRng, Stream};

const START: Stream = Stream::named("particles: start");
const AGAIN: Stream = Stream::named("particles: drawn again");
const WALK: Stream = Stream::named("particles: walk");
const ACCEPT: Stream = Stream::named("particles: accept");

/// Most steps: each gives up half, and 2⁻⁶⁰ of a prior is nothing.
const STEPS: u32 = 60;
/// Most rounds of a walk.
const ROUNDS: u32 = 40;
/// Accepted moves of a walk, on average, that end it.
const MOVES: f64 = 6.0;
/// Steps without an improvement after which a bound is taken to be out of reach.
const STUCK: u32 = 4;
/// Improvement of a bound that counts, as a part of it.
const IMPROVEMENT: f64 = 0.01;

/// A cost at a point, infinite where there is no way to be.
pub type Cost<'a> = dyn Fn(&[f64]) -> f64 + Sync + 'a;

/// Points that are as good as one another, moved together.
pub struct Particles {
    /// The points.
    pub points: Vec<Vec<f64>>,
    /// Logarithm of the share of the prior within all bounds so far, times the evidence.
    pub log_share: f64,
    rng: CounterRng,
    costs: Vec<f64>,
    /// Of the steps of the walk.
    scale: f64,
    /// Rounds of walks so far, which key their draws.
    rounds: u32,
    /// Steps so far, likewise.
    steps: u32,
}

impl Particles {
    /// `count` draws of the prior in `dimensions` dimensions.
    pub fn of_prior(dimensions: usize, count: usize, rng: CounterRng) -> Particles {
        let point = |who: u32| (0..dimensions as u32).map(|d| rng.normal(START, who, 0, d)).collect();
        let points = (0..count as u32).into_par_iter().map(point).collect();
        Particles { points, log_share: 0.0, rng, costs: Vec::new(), scale: 1.0, rounds: 0, steps: 0 }
    }

    /// Moves them to where the cost is at most `bound`, and returns the bound that was reached: that one, unless no way
    /// leads there.
    pub fn below(&mut self, bound: f64, cost: &Cost) -> f64 {
        self.costs = self.points.par_iter().map(|point| cost(point)).collect();
        let (mut level, mut without) = (f64::INFINITY, 0);
        for _ in 0..STEPS {
            let next = self.next_bound(bound);
            without = if next < level * (1.0 - IMPROVEMENT) { 0 } else { without + 1 };
            level = next;
            let weights: Vec<f64> =
                self.costs.iter().map(|&cost| f64::from(u8::from(cost <= level))).collect();
            self.draw_again(&weights, 0.0);
            self.walk(cost, &|cost| if cost <= level { 0.0 } else { f64::NEG_INFINITY }, 0.0);
            if level <= bound || without >= STUCK {
                break;
            }
        }
        level
    }

    /// Moves them to the posterior; the cost is the negative logarithm of the likelihood.
    pub fn posterior(&mut self, cost: &Cost) {
        self.costs = self.points.par_iter().map(|point| cost(point)).collect();
        let mut level = 0.0;
        for _ in 0..STEPS {
            let least = self.costs.iter().copied().fold(f64::INFINITY, f64::min);
            let weights = |next: f64| -> Vec<f64> {
                self.costs.iter().map(|cost| libm::exp((level - next) * (cost - least))).collect()
            };
            let next = next_temperature(level, &|next| effective(&weights(next)), self.points.len());
            let weights = weights(next);
            self.draw_again(&weights, (level - next) * least);
            level = next;
            self.walk(cost, &|cost| -level * cost, f64::INFINITY);
            if level >= 1.0 {
                break;
            }
        }
    }

    /// The next bound, which half of the particles keep.
    fn next_bound(&self, wanted: f64) -> f64 {
        let mut sorted = self.costs.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[(sorted.len() - 1) / 2].max(wanted)
    }

    /// Draws as many again, each as often as it is worth up to one. The logarithm of all weights was raised by
    /// `raised`.
    fn draw_again(&mut self, weights: &[f64], raised: f64) {
        self.log_share += libm::log(weights.iter().sum::<f64>() / weights.len() as f64) + raised;
        let chosen = systematic(weights, self.points.len(), self.rng.uniform(AGAIN, 0, self.steps, 0));
        self.points = chosen.iter().map(|&k| self.points[k].clone()).collect();
        self.costs = chosen.iter().map(|&k| self.costs[k]).collect();
        self.steps += 1;
    }

    /// Lets all walk within the distribution whose density over the prior is, by its cost, exp `weight`, which is
    /// at most exp `most`.
    fn walk(&mut self, cost: &Cost, weight: &(dyn Fn(f64) -> f64 + Sync), most: f64) {
        let dimensions = self.points.first().map_or(0, Vec::len);
        let Some(factor) = Cholesky::of(&covariance(&self.points)) else { return };
        let (mut moved, usual) = (0.0, 2.38 / libm::sqrt(dimensions.max(1) as f64));
        for _ in 0..ROUNDS {
            let (rng, round, scale) = (self.rng, self.rounds, usual * self.scale);
            let one = |(who, (point, current)): (usize, (&mut Vec<f64>, &mut f64))| {
                let who = who as u32;
                let step: Vec<f64> =
                    (0..dimensions as u32).map(|d| rng.normal(WALK, who, round, d)).collect();
                let step = factor.times(&step);
                let to: Vec<f64> = point.iter().zip(step).map(|(at, step)| at + scale * step).collect();
                let prior = 0.5 * (dot(point, point) - dot(&to, &to)) - weight(*current);
                let draw = libm::log(rng.uniform(ACCEPT, who, round, 0));
                // Costs are dear: none is asked where even the best would not do.
                if draw > prior + most {
                    return 0;
                }
                let new = cost(&to);
                let is_accepted = draw <= prior + weight(new);
                if is_accepted {
                    (*point, *current) = (to, new);
                }
                usize::from(is_accepted)
            };
            let accepted: usize = self.points.par_iter_mut().zip(&mut self.costs).enumerate().map(one).sum();
            self.rounds += 1;
            let rate = accepted as f64 / self.points.len() as f64;
            moved += rate;
            self.scale = (self.scale * libm::exp(2.0 * (rate - 0.25))).clamp(0.05, 2.0);
            if moved >= MOVES {
                return;
            }
        }
    }
}

/// The next temperature after `level`, up to 1, under which particles are worth half their number.
fn next_temperature(level: f64, worth: &dyn Fn(f64) -> f64, count: usize) -> f64 {
    let is_worth = |next: f64| worth(next) >= count as f64 / 2.0;
    if is_worth(1.0) {
        return 1.0;
    }
    let (mut low, mut high) = (level, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if is_worth(middle) { low = middle } else { high = middle }
    }
    // Above the last by a step at least, however small.
    high
}

/// How many equal weights would be worth as much.
pub fn effective(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// `count` places among `weights`, each as often as it is worth up to one (systematic resampling).
pub fn systematic(weights: &[f64], count: usize, uniform: f64) -> Vec<usize> {
    let step = weights.iter().sum::<f64>() / count as f64;
    let (mut sum, mut at, mut chosen) = (0.0, 0, Vec::with_capacity(count));
    for k in 0..count {
        let wanted = (k as f64 + uniform) * step;
        while at + 1 < weights.len() && sum + weights[at] <= wanted {
            sum += weights[at];
            at += 1;
        }
        chosen.push(at);
    }
    chosen
}

/// Covariance, with a little on the diagonal so that it has a factor.
fn covariance(particles: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let (n, d) = (particles.len() as f64, particles.first().map_or(0, Vec::len));
    let mean: Vec<f64> = (0..d).map(|j| particles.iter().map(|p| p[j]).sum::<f64>() / n).collect();
    let mut sums = vec![vec![0.0; d]; d];
    for particle in particles {
        let apart: Vec<f64> = particle.iter().zip(&mean).map(|(value, mean)| value - mean).collect();
        for (i, row) in sums.iter_mut().enumerate() {
            row[..=i].iter_mut().zip(&apart).for_each(|(sum, value)| *sum += apart[i] * value / n);
        }
    }
    (0..d).for_each(|i| sums[i][i] += 1e-9);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior(dimensions: usize) -> Particles {
        Particles::of_prior(dimensions, 2000, CounterRng::new(5, 0))
    }

    fn moments(points: &[Vec<f64>], of: usize) -> (f64, f64) {
        let n = points.len() as f64;
        let mean = points.iter().map(|p| p[of]).sum::<f64>() / n;
        (mean, points.iter().map(|p| (p[of] - mean) * (p[of] - mean)).sum::<f64>() / n)
    }

    #[test]
    fn a_share_of_the_prior_beyond_a_bound_is_what_tables_say() {
        let mut tail = prior(2);
        assert_eq!(tail.below(0.0, &|z| (4.0 - z[0]).max(0.0)), 0.0);
        // P(Z > 4) = 3.167e-5, in fifteen steps, each known to 1/√2000 and somewhat less for what walks leave alike.
        assert!((tail.log_share - libm::log(3.167e-5)).abs() < 0.5, "{}", libm::exp(tail.log_share));
        assert!(tail.points.iter().all(|p| p[0] >= 4.0));
        // E(Z | Z > 4) = 4.2256; the other coordinate is what it was: mean 0, variance 1 (errors .022 and .032).
        assert!((moments(&tail.points, 0).0 - 4.2256).abs() < 0.03);
        let (mean, variance) = moments(&tail.points, 1);
        assert!(mean.abs() < 0.12 && (variance - 1.0).abs() < 0.2, "{mean} {variance}");
    }

    #[test]
    fn a_normal_likelihood_gives_the_normal_posterior_and_its_evidence() {
        // y = 3 with variance .25 about the first coordinate: mean 2.4, variance .2, evidence N(3; 0, 1.25).
        let mut found = prior(3);
        found.posterior(&|z| 2.0 * (z[0] - 3.0) * (z[0] - 3.0) + 0.5 * libm::log(0.25));
        let (mean, variance) = moments(&found.points, 0);
        assert!((mean - 2.4).abs() < 0.05 && (variance - 0.2).abs() < 0.03, "{mean} {variance}");
        let evidence = -0.5 * 9.0 / 1.25 - 0.5 * libm::log(1.25);
        assert!((found.log_share - evidence).abs() < 0.2, "{} {evidence}", found.log_share);
        assert!(moments(&found.points, 2).0.abs() < 0.1);
    }

    #[test]
    fn both_humps_of_a_likelihood_are_kept() {
        // Of z² = 4 both roots are right: half of the particles each, to four errors of a share of some 500.
        let mut found = prior(1);
        found.posterior(&|z| 10.0 * (z[0] * z[0] - 4.0) * (z[0] * z[0] - 4.0));
        let above = found.points.iter().filter(|p| p[0] > 0.0).count() as f64 / 2000.0;
        assert!((above - 0.5).abs() < 0.09, "{above}");
        assert!(found.points.iter().all(|p| (p[0].abs() - 2.0).abs() < 0.6));
    }

    #[test]
    fn a_bound_that_nothing_reaches_is_said() {
        let level = prior(2).below(1.0, &|z| 2.0 + z[0] * z[0]);
        assert!(level > 2.0 && level < 2.1, "{level}");
    }

    #[test]
    fn weights_decide_how_often_each_is_drawn() {
        assert_eq!(systematic(&[1.0, 0.0, 3.0], 4, 0.5), [0, 2, 2, 2]);
        assert_eq!(effective(&[1.0, 1.0, 0.0]), 2.0);
    }
}
