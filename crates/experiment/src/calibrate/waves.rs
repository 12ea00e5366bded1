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
    /// To show what the draws make of targets that are held back and take runs of their own.
    HeldBack,
}

/// Points that were run. One that is held back has the figures of its draws, too.
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
    /// Implausibility above which points are ruled out: the cut-off, unless nearly all points that were run are
    /// beyond it.
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
    /// True if targets that are held back take runs that no other target does.
    pub has_more_to_show: bool,
}

/// What comes next.
pub enum Next {
    /// These points are to be run.
    Run(Purpose, Vec<Vec<f64>>),
    /// Nothing: the last wave is the posterior, with a weight for each draw.
    Done(Vec<f64>),
}

impl Wave {
    /// Takes the figures that `other` has, which has the same points.
    pub fn add(&mut self, other: &Wave) {
        let fill = |own: &mut f64, more: &f64| {
            if !more.is_nan() {
                *own = *more;
            }
        };
        for (own, other) in self.figures.iter_mut().zip(&other.figures) {
            own.iter_mut().zip(other).for_each(|(own, more)| fill(own, more));
        }
        for (k, chance) in other.chance.iter().enumerate() {
            if other.figures.iter().any(|figures| !figures[k].is_nan()) {
                self.chance[k] = *chance;
            }
        }
    }
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
        if last.purpose != Purpose::History {
            let weights = self.weights(&known[known.len() - 1], last);
            if rounds >= ROUNDS || effective(&weights) >= WORTH * f64::from(draws) {
                return match last.purpose == Purpose::Draws && self.has_more_to_show {
                    true => Next::Run(Purpose::HeldBack, last.points.clone()),
                    false => Next::Done(weights),
                };
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

    /// What is known after each wave; targets that are held back teach nothing.
    pub fn stages(&self, waves: &[Wave]) -> Vec<Stage> {
        let mut stages: Vec<Stage> = Vec::new();
        let teaching = waves.iter().take_while(|wave| wave.purpose != Purpose::HeldBack).count();
        for end in 1..=teaching {
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
