//! Which points are run next, from all that was run before.
//!
//! Waves of history matching come first (P. S. Craig et al. 1997; I. Vernon, M. Goldstein and R. G. Bower 2010,
//! Bayesian Analysis 5:619): the first fills the prior; each other one what the emulators of all before it do not rule
//! out. When emulators are no longer what is doubtful, draws of the posterior under them are run, and weighted by
//! what the model gives there in the place of what the emulators expected. Everything is a function of what was run,
//! so that a calibration that was killed goes on as if it had not been.

use super::emulator::{self, Emulators};
use super::particles::{Particles, effective};
use crate::design::sobol;
use crate::targets::held::{Held, Predicted};
use crate::targets::{Target, Use};
use shequ_model::base::math::normal_quantile;
use shequ_model::base::rng::CounterRng;

/// Part of what is doubtful about a target that its emulator may add before another wave is worth its runs.
const SHARP: f64 = 0.25;
/// Rounds of draws: where the emulators are wrong about the first, they learn from it.
const ROUNDS: usize = 3;
/// Part of the draws that their weights must be worth.
const WORTH: f64 = 0.5;
/// Points that must stay plausible, or the bound gives way.
const STAY: usize = 5;
/// Rows for each term of an emulator, at least.
const ROWS_OF_TERM: f64 = 1.5;
/// Particles, at least.
const PARTICLES: usize = 1_000;

/// How a calibration goes about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Waves of history matching, at most.
    pub waves: u32,
    /// Points of each.
    pub points: u32,
    /// Draws of the posterior.
    pub draws: u32,
    /// Implausibility from which a point is ruled out.
    pub cut_off: f64,
    /// Seed of all that is drawn here.
    pub seed: u64,
}

impl Pace {
    /// The points of the first wave.
    pub fn begin(&self, dimensions: usize) -> Vec<Vec<f64>> {
        fill(self.points, dimensions, CounterRng::new(self.seed, 0))
    }
}

/// What a wave is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To rule out.
    History,
    /// To be the posterior.
    Draws,
}

/// Points that were run.
#[derive(Clone, Debug)]
pub struct Wave {
    /// What for.
    pub purpose: Purpose,
    /// Their coordinates, standard normal a priori.
    pub points: Vec<Vec<f64>>,
    /// The figures of each, by target, as means over replicates; NaN where there is none.
    pub figures: Vec<Vec<f64>>,
    /// Variance of each target's figure as such a mean, in the middle of them.
    pub chance: Vec<f64>,
}

/// What is known after a wave.
pub struct Stage {
    emulators: Emulators,
    /// The targets that count.
    held: Vec<Option<Held>>,
    /// Variance of each target's figure as a mean over replicates.
    chance: Vec<f64>,
    /// Implausibility above which points are ruled out: the cut-off, unless nearly all points that were run are beyond it.
    pub bound: f64,
    /// Points to which emulators were fitted.
    pub rows: usize,
    /// True if emulators are no longer what is doubtful.
    pub is_sharp: bool,
}

/// A calibration: what is to be met, and how.
pub struct Problem<'a> {
    /// Number of parameters.
    pub dimensions: usize,
    /// The targets, held back ones included.
    pub targets: &'a [Target],
    /// How it goes about it.
    pub pace: Pace,
}

/// What comes next.
pub enum Next {
    /// These points are to be run.
    Run(Purpose, Vec<Vec<f64>>),
    /// Nothing: the last wave is the posterior, with a weight for each draw.
    Done(Vec<f64>),
}

impl Stage {
    /// The targets that count and have a figure, by their place, each with its figure.
    fn counting<'a>(
        &'a self,
        figures: &'a [Option<Predicted>],
    ) -> impl Iterator<Item = (usize, &'a Held, Predicted)> {
        let both = |(k, (held, figure)): (usize, (&'a Option<Held>, &Option<Predicted>))| {
            Some((k, held.as_ref()?, (*figure)?))
        };
        self.held.iter().zip(figures).enumerate().filter_map(both)
    }

    /// What all targets together make of a point: the largest implausibility among those that count.
    fn implausibility(&self, figures: &[Option<Predicted>]) -> f64 {
        self.counting(figures).map(|(_, held, figure)| held.implausibility(figure)).fold(0.0, f64::max)
    }

    /// Implausibility of a point in units of the bound: above 1 it is ruled out.
    pub fn excess(&self, point: &[f64]) -> f64 {
        self.implausibility(&self.emulators.at(point)) / self.bound
    }

    /// Logarithm of the likelihood of all targets that count.
    fn log_likelihood(&self, point: &[f64]) -> f64 {
        let figures = self.emulators.at(point);
        self.counting(&figures).map(|(_, held, figure)| held.log_likelihood(figure)).sum()
    }

    /// The targets that are more than `bound` standard deviations from what is expected at a point, by their place.
    pub fn beyond(&self, point: &[f64], bound: f64) -> Vec<usize> {
        let figures = self.emulators.at(point);
        let is_beyond = |(_, held, figure): &(usize, &Held, Predicted)| held.implausibility(*figure) > bound;
        self.counting(&figures).filter(is_beyond).map(|(k, ..)| k).collect()
    }

    /// The emulators.
    pub fn emulators(&self) -> &Emulators {
        &self.emulators
    }

    /// Each target that counts as figures are held against it.
    pub fn held(&self) -> &[Option<Held>] {
        &self.held
    }
}

/// The place of the point that is nearest to the mean of all.
pub fn middle(points: &[Vec<f64>]) -> usize {
    let mean = |d: usize| points.iter().map(|point| point[d]).sum::<f64>() / points.len() as f64;
    let means: Vec<f64> = (0..points.first().map_or(0, Vec::len)).map(mean).collect();
    let away = |point: &[f64]| point.iter().zip(&means).map(|(at, mean)| (at - mean) * (at - mean)).sum();
    let distances: Vec<f64> = points.iter().map(|point| away(point)).collect();
    (0..points.len()).min_by(|a, b| distances[*a].total_cmp(&distances[*b])).unwrap_or(0)
}

/// So many points that fill the prior, by a Sobol' sequence.
pub fn fill(points: u32, dimensions: usize, rng: CounterRng) -> Vec<Vec<f64>> {
    let normal = |u: f64| normal_quantile(u.clamp(1e-9, 1.0 - 1e-9));
    let unit = sobol::points(points, dimensions, rng);
    unit.into_iter().map(|point| point.into_iter().map(normal).collect()).collect()
}

/// The largest excess over all stages: above 1 a point is ruled out by one of them.
pub fn excess(stages: &[Stage], point: &[f64]) -> f64 {
    stages.iter().map(|stage| stage.excess(point)).fold(0.0, f64::max)
}

impl Problem<'_> {
    /// What comes after these waves.
    pub fn next(&self, waves: &[Wave]) -> Next {
        self.next_after(waves, &self.stages(waves))
    }

    /// The same, where what is known after each wave is known already.
    pub fn next_after(&self, waves: &[Wave], stages: &[Stage]) -> Next {
        let Pace { points, draws, seed, .. } = self.pace;
        let rng = CounterRng::new(seed, waves.len() as u32);
        let Some(last) = waves.last() else {
            return Next::Run(Purpose::History, self.pace.begin(self.dimensions));
        };
        let (known, newest) = stages.split_at(stages.len() - 1);
        let rounds = waves.iter().filter(|wave| wave.purpose == Purpose::Draws).count();
        if last.purpose == Purpose::Draws {
            let weights = self.weights(&known[known.len() - 1], last);
            if rounds >= ROUNDS || effective(&weights) >= WORTH * f64::from(draws) {
                return Next::Done(weights);
            }
        }
        let goes_on = rounds == 0 && waves.len() < self.pace.waves as usize && !newest[0].is_sharp;
        let (purpose, count) = if goes_on { (Purpose::History, points) } else { (Purpose::Draws, draws) };
        let mut particles = Particles::of_prior(self.dimensions, PARTICLES.max(2 * count as usize), rng);
        particles.below(1.0, &|point| excess(stages, point));
        if purpose == Purpose::Draws {
            particles.posterior(&|point| match excess(stages, point) <= 1.0 {
                true => -newest[0].log_likelihood(point),
                false => f64::INFINITY,
            });
        }
        let every = particles.points.len() as f64 / f64::from(count);
        let chosen = (0..count).map(|k| particles.points[(f64::from(k) * every) as usize].clone()).collect();
        Next::Run(purpose, chosen)
    }

    /// What is known after each wave.
    pub fn stages(&self, waves: &[Wave]) -> Vec<Stage> {
        let mut stages: Vec<Stage> = Vec::new();
        for end in 1..=waves.len() {
            stages.push(self.stage(&stages, &waves[..end]));
        }
        stages
    }

    /// What the last of `waves` teaches. Emulators are fitted to the points that earlier ones did not rule out.
    fn stage(&self, before: &[Stage], waves: &[Wave]) -> Stage {
        let rows = waves.iter().flat_map(|wave| wave.points.iter().zip(&wave.figures));
        let mut rows: Vec<(f64, (&Vec<f64>, &Vec<f64>))> =
            rows.map(|row| (excess(before, row.0), row)).collect();
        // Stable, so that what is equal keeps the order in which it was run.
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let plausible = rows.iter().filter(|(excess, _)| *excess <= 1.0).count();
        let least = (ROWS_OF_TERM * emulator::count(self.dimensions) as f64) as usize;
        rows.truncate(plausible.max(least));
        let points: Vec<Vec<f64>> = rows.iter().map(|(_, (point, _))| (*point).clone()).collect();
        let figures: Vec<Vec<f64>> = rows.iter().map(|(_, (_, figures))| (*figures).clone()).collect();
        let emulators = Emulators::fit(&points, &figures);
        let counts =
            |(target, chance): (&Target, &f64)| (target.used == Use::Fit).then(|| Held::of(target, *chance));
        let chance = waves.last().map_or_else(Vec::new, |wave| wave.chance.clone());
        let held: Vec<Option<Held>> = self.targets.iter().zip(&chance).map(counts).collect();
        let bound = self.pace.cut_off;
        let mut stage = Stage { emulators, held, chance, bound, rows: points.len(), is_sharp: false };
        let told: Vec<Vec<Option<Predicted>>> =
            points.iter().map(|point| stage.emulators.at(point)).collect();
        let implausible: Vec<f64> = told.iter().map(|figures| stage.implausibility(figures)).collect();
        let mut sorted = implausible.clone();
        sorted.sort_by(f64::total_cmp);
        stage.bound = sorted.get(STAY - 1).copied().unwrap_or(0.0).max(self.pace.cut_off);
        let is_left = |(_, implausibility): &(_, &f64)| **implausibility <= stage.bound;
        let left: Vec<_> =
            told.iter().zip(&implausible).filter(is_left).map(|(figures, _)| figures).collect();
        stage.is_sharp = stage.held.iter().enumerate().all(|(k, held)| {
            let Some(held) = held else { return true };
            let variances: Vec<f64> = left.iter().filter_map(|figures| Some(figures[k]?.variance)).collect();
            let mean = variances.iter().sum::<f64>() / variances.len().max(1) as f64;
            // Chance is in both.
            mean <= SHARP * held.variance + stage.chance[k]
        });
        stage
    }

    /// Weights of draws of the posterior under `stage`: the likelihood of what the model gave over that of what the
    /// emulator expected. A figure is known from both, by the emulator with its error and by the run with its chance,
    /// and counts as the mean of the two by precision.
    fn weights(&self, stage: &Stage, draws: &Wave) -> Vec<f64> {
        let log = |(point, figures): (&Vec<f64>, &Vec<f64>)| -> f64 {
            let expected = stage.emulators.at(point);
            // Runs that failed are no part of the posterior.
            let counting: Vec<_> = stage.counting(&expected).collect();
            if !counting.is_empty() && counting.iter().all(|(k, ..)| figures[*k].is_nan()) {
                return f64::NEG_INFINITY;
            }
            let gained = |(k, held, expected): (usize, &Held, Predicted)| {
                let known = both(expected, figures[k], stage.chance[k]);
                held.log_likelihood(known) - held.log_likelihood(expected)
            };
            counting.into_iter().filter(|(k, ..)| figures[*k].is_finite()).map(gained).sum()
        };
        let logs: Vec<f64> = draws.points.iter().zip(&draws.figures).map(log).collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / sum).collect()
    }
}

/// What an emulator expects and a run gives, together.
fn both(expected: Predicted, figure: f64, chance: f64) -> Predicted {
    let error = (expected.variance - chance).max(0.0);
    match error + chance {
        0.0 => Predicted { mean: figure, variance: 0.0 },
        all => Predicted {
            mean: (error * figure + chance * expected.mean) / all,
            variance: error * chance / all,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::table::read;
    use shequ_model::base::problem::Source;
    use shequ_model::base::rng::Stream;

    const PACE: Pace = Pace { waves: 3, points: 40, draws: 200, cut_off: 3.0, seed: 1 };

    fn targets(rows: &str) -> Vec<Target> {
        let table = format!("id,metric,value,standard_error,use\n{rows}");
        read(&Source::file("targets.csv", table)).unwrap()
    }

    /// Runs `model` to the end, and gives the draws, their weights and the number of points that were run.
    fn calibrate(problem: &Problem, model: &dyn Fn(&[f64]) -> Vec<f64>) -> (Wave, Vec<f64>, usize) {
        let mut waves: Vec<Wave> = Vec::new();
        loop {
            match problem.next(&waves) {
                Next::Run(purpose, points) => {
                    let figures = points.iter().map(|point| model(point)).collect();
                    let chance = vec![0.0; problem.targets.len()];
                    waves.push(Wave { purpose, points, figures, chance });
                }
                Next::Done(weights) => {
                    let runs = waves.iter().map(|wave| wave.points.len()).sum();
                    return (waves.pop().unwrap(), weights, runs);
                }
            }
        }
    }

    fn moments(draws: &Wave, weights: &[f64], of: usize) -> (f64, f64) {
        let mean: f64 = draws.points.iter().zip(weights).map(|(p, w)| w * p[of]).sum();
        let squares = draws.points.iter().zip(weights).map(|(p, w)| w * (p[of] - mean) * (p[of] - mean));
        (mean, squares.sum())
    }

    #[test]
    fn a_gaussian_problem_has_its_textbook_posterior() {
        // Figures z1 + z2 and z1 − z2, seen as 1 ± .5 and 0 ± .5: precision 1 + 2/.25 = 9 of each coordinate, so mean
        // 4/9 and variance 1/9. Of 200 draws worth at least half, the mean is known to .033, the variance to .016.
        let targets = targets("A,participation,1,0.5,fit\nB,participation,0,0.5,fit\n");
        let problem = Problem { dimensions: 2, targets: &targets, pace: PACE };
        let (draws, weights, runs) = calibrate(&problem, &|z| vec![z[0] + z[1], z[0] - z[1]]);
        for of in 0..2 {
            let (mean, variance) = moments(&draws, &weights, of);
            println!("Gaussian: {mean:.3} {:.3}, {runs} runs", libm::sqrt(variance));
            assert!((mean - 4.0 / 9.0).abs() < 0.1, "{mean}");
            assert!((variance - 1.0 / 9.0).abs() < 0.05, "{variance}");
        }
        assert!(runs <= 40 + 200, "{runs}");
    }

    #[test]
    fn a_share_of_successes_has_nearly_its_beta_posterior() {
        // 14 of 20 successes under an even prior: a beta law of 15 and 7, mean 15/22, standard deviation .0971. The
        // target says .7 ± √(.7 × .3/20), a normal law, whose mean is .7 − .7 × .1025 × φ(2.93)/Φ(2.93) or so: .018 more.
        let targets = targets("A,participation,0.7,0.10247,fit\n");
        let problem = Problem { dimensions: 1, targets: &targets, pace: PACE };
        let share = |z: f64| shequ_model::base::math::normal_share(z);
        let (draws, weights, runs) = calibrate(&problem, &|z| vec![share(z[0])]);
        let shares = draws.points.iter().map(|p| share(p[0]));
        let mean: f64 = shares.clone().zip(&weights).map(|(p, w)| w * p).sum();
        let variance: f64 = shares.zip(&weights).map(|(p, w)| w * (p - mean) * (p - mean)).sum();
        println!("binomial: {mean:.3} {:.3}, {runs} runs", libm::sqrt(variance));
        assert!((mean - 15.0 / 22.0).abs() < 0.018 + 0.025, "{mean}");
        assert!((libm::sqrt(variance) - 0.0971).abs() < 0.02, "{}", libm::sqrt(variance));
    }

    #[test]
    fn a_mixture_keeps_both_of_its_parts() {
        // z² seen as 1 ± .2: two humps near ±1, equal by symmetry.
        let targets = targets("A,participation,1,0.2,fit\n");
        let problem = Problem { dimensions: 1, targets: &targets, pace: PACE };
        let (draws, weights, runs) = calibrate(&problem, &|z| vec![z[0] * z[0]]);
        let above: f64 = draws.points.iter().zip(&weights).filter(|(p, _)| p[0] > 0.0).map(|(_, w)| w).sum();
        println!("mixture: {above:.3} above 0, {runs} runs");
        assert!((above - 0.5).abs() < 0.15, "{above}");
        assert!(moments(&draws, &weights, 0).1 > 0.7);
    }

    #[test]
    fn what_is_held_back_and_what_has_no_value_teaches_nothing() {
        let targets = targets("A,participation,5,0.1,hold_out\nB,participation,5,0.1,fit\n");
        let problem = Problem { dimensions: 1, targets: &targets, pace: PACE };
        let (draws, weights, _) = calibrate(&problem, &|z| vec![z[0], f64::NAN]);
        let (mean, variance) = moments(&draws, &weights, 0);
        assert!(mean.abs() < 0.3 && (variance - 1.0).abs() < 0.4, "{mean} {variance}");
    }

    #[test]
    fn intervals_hold_synthetic_truths_as_often_as_they_say_and_ranks_are_uniform() {
        // A bent model of two parameters with three figures; each truth is a draw of the prior, seen with error and
        // chance. Of 100 truths 90 are held, to three standard errors (.09); the ranks of both parameters in quarters
        // have χ² below the 99.9 % point of 3 degrees of freedom, 16.27.
        let rng = CounterRng::new(77, 0);
        let model = |z: &[f64]| vec![z[0] + 0.3 * z[1] * z[1], libm::exp(0.4 * z[1]), z[0] * z[1]];
        let (mut held, mut quarters, truths) = (0, [[0.0f64; 4]; 2], 100);
        for truth in 0..truths {
            let z: Vec<f64> = (0..2).map(|d| rng.normal(Stream::named("truth"), truth, 0, d)).collect();
            let seen: Vec<f64> = (0..)
                .zip(model(&z))
                .map(|(k, value)| value + 0.3 * rng.normal(Stream::named("seen"), truth, 0, k))
                .collect();
            let rows = seen.iter().zip("ABC".chars());
            let rows: String = rows.map(|(y, id)| format!("{id},participation,{y},0.3,fit\n")).collect();
            let targets = targets(&rows);
            let pace = Pace { waves: 2, points: 30, draws: 100, seed: u64::from(truth), ..PACE };
            let problem = Problem { dimensions: 2, targets: &targets, pace };
            let (draws, weights, _) = calibrate(&problem, &model);
            for of in 0..2 {
                let below = draws.points.iter().zip(&weights).filter(|(p, _)| p[of] < z[of]);
                let rank: f64 = below.map(|(_, w)| w).sum();
                quarters[of][((rank * 4.0) as usize).min(3)] += 1.0;
                held += usize::from((0.05..=0.95).contains(&rank));
            }
        }
        let share = held as f64 / f64::from(2 * truths);
        assert!((share - 0.9).abs() < 0.09, "{share}");
        for counts in quarters {
            let chi: f64 = counts.iter().map(|n| (n - 25.0) * (n - 25.0) / 25.0).sum();
            assert!(chi < 16.27, "{counts:?}");
        }
    }
}
