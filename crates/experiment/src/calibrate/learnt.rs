//! What a calibration taught: about parameters, about targets, and about the two together.

use std::io;

use toml::Value;

use super::particles::effective;
use super::rows::Asked;
use super::waves::{Next, Purpose, Stage, Wave, excess, fill};
use super::{Calibration, Parameter};
use crate::posterior::{Draw, Posterior};
use crate::study::{RunResults, Study};
use crate::targets::held::{Held, Predicted};
use crate::targets::score::WITHIN;
use crate::targets::{Aim, Target, Use, Verdict};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::rng::CounterRng;
use shequ_model::scenario::Loaded;
use shequ_model::scenario::value::number_of;

/// Points of the prior at which emulators are asked.
const CLOUD: u32 = 1 << 13;
/// Share of a parameter's variance that targets must take away, or part of its standard deviation by which they must
/// move its mean, to count as informing it: with a hundred draws chance alone reaches either in a twentieth of cases.
const INFORMED: (f64, f64) = (0.25, 0.25);
/// Points that two targets should share, were they met independently, for it to mean something that they share none.
const EXPECTED: f64 = 20.0;
/// Targets that are named as those that rule out most.
const NAMED: usize = 3;
/// Weight that a sign must have to be met, or the opposite to be missed.
const SURE: f64 = 0.95;

/// Median and 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Half of the weight is below.
    pub median: f64,
    /// A twentieth of the weight is below.
    pub low: f64,
    /// A twentieth of the weight is above.
    pub high: f64,
}

impl Spread {
    /// Of values with weights; NaN values count for nothing, and all is NaN if there are no others.
    pub fn of(values: impl Iterator<Item = (f64, f64)>) -> Spread {
        let mut sorted: Vec<(f64, f64)> = values.filter(|(value, _)| !value.is_nan()).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let sum: f64 = sorted.iter().map(|(_, weight)| weight).sum();
        let at = |share: f64| {
            let mut below = 0.0;
            let reaches = |(_, weight): &&(f64, f64)| {
                below += weight;
                below >= share * sum
            };
            sorted.iter().find(reaches).or(sorted.last()).map_or(f64::NAN, |(value, _)| *value)
        };
        Spread { median: at(0.5), low: at(0.05), high: at(0.95) }
    }
}

/// A parameter before and after.
#[derive(Clone, Debug)]
pub struct OfParameter {
    /// Its key.
    pub key: String,
    /// Its prior.
    pub before: Spread,
    /// Its posterior.
    pub after: Spread,
    /// Share of its variance that the targets took away, on the scale on which its prior is standard normal; below 0 if
    /// it became wider.
    pub contraction: f64,
    /// By how many standard deviations of the prior its mean moved, on the same scale.
    pub shift: f64,
}

impl OfParameter {
    /// True if the targets say something about it that chance would not.
    pub fn is_informed(&self) -> bool {
        self.contraction > INFORMED.0 || self.shift.abs() > INFORMED.1
    }
}

/// What the model makes of a target before and after.
#[derive(Clone, Debug)]
pub struct OfTarget {
    /// Over the prior; NaN of one whose runs are asked for at the end alone.
    pub before: Spread,
    /// Over the posterior.
    pub after: Spread,
    /// Mean over the posterior.
    pub mean: f64,
    /// Standard deviations of all that is doubtful between the mean and the nearest figure that is right; NaN of a
    /// sign.
    pub distance: f64,
    /// Whether it is met.
    pub verdict: Verdict,
    /// Share of the prior that it rules out by itself; NaN of one that is held back.
    pub ruled_out: f64,
    /// Share of its variance over the prior that the emulator explains; NaN of one that is held back.
    pub explained: f64,
    /// Shares of its variance over the prior by parameter, alone and with others; empty of one that is held back.
    pub shares: Vec<(f64, f64)>,
}

/// A wave.
#[derive(Clone, Copy, Debug)]
pub struct OfWave {
    /// What for.
    pub purpose: Purpose,
    /// Its points.
    pub points: usize,
    /// Its runs.
    pub runs: u64,
    /// Share of the prior that is not ruled out after it.
    pub left: f64,
    /// Implausibility from which points are ruled out.
    pub bound: f64,
    /// True if emulators are no longer what is doubtful after it.
    pub is_sharp: bool,
}

/// Two targets that can be met one by one but not together, or one that cannot be met at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conflict {
    /// The target.
    pub target: usize,
    /// Share of the prior that meets it.
    pub met: f64,
    /// The other one, and the share that meets it.
    pub with: Option<(usize, f64)>,
}

/// What a calibration taught.
pub struct Learnt {
    /// By parameter.
    pub parameters: Vec<OfParameter>,
    /// By target.
    pub targets: Vec<OfTarget>,
    /// By wave.
    pub waves: Vec<OfWave>,
    /// What cannot be met.
    pub conflicts: Vec<Conflict>,
    /// The posterior, whose weights sum to 1.
    pub posterior: Posterior,
    /// How many equally good draws it is worth.
    pub worth: f64,
}

impl Learnt {
    /// From the runs of a study, which are all there.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read.
    pub fn of(study: &Study, calibration: &Calibration, result: &RunResults) -> io::Result<Learnt> {
        let finished = calibration.finished(&result.waves, result)?;
        let problem = calibration.problem();
        let stages = problem.stages(&finished);
        let weights = match problem.next_after(&finished, &stages) {
            Next::Done(weights) => weights,
            Next::Run(..) => Vec::new(),
        };
        let [first, .., last] = &finished[..] else { return Err(io::ErrorKind::InvalidData.into()) };
        let base = &study.experiment.base;
        let cloud = cloud(calibration);
        let draw = |((number, weight), point): ((u32, &f64), &Vec<f64>)| Draw {
            number,
            weight: *weight,
            values: calibration.values(point, base),
        };
        Ok(Learnt {
            parameters: parameters(calibration, base, &cloud, last, &weights),
            targets: targets(calibration, [first, last], &stages[0], &cloud, &weights),
            waves: waves(result, &stages, &cloud),
            conflicts: conflicts(&stages[0], &cloud),
            worth: effective(&weights),
            posterior: Posterior {
                keys: calibration.parameters.iter().map(|parameter| parameter.key.clone()).collect(),
                draws: (0..).zip(&weights).zip(&last.points).map(draw).collect(),
            },
        })
    }

    /// How many targets for one use are met, and how many there are.
    pub fn met(&self, targets: &[Target], used: Use) -> (usize, usize) {
        let here = targets.iter().zip(&self.targets).filter(|(target, _)| target.used == used);
        (here.clone().filter(|(_, of)| of.verdict == Verdict::Met).count(), here.count())
    }
}

/// Points that fill the prior, others than those of the first wave.
fn cloud(calibration: &Calibration) -> Vec<Vec<f64>> {
    fill(CLOUD, calibration.parameters.len(), CounterRng::new(calibration.pace.seed, u32::MAX))
}

/// What is told after a wave.
pub fn told(calibration: &Calibration, stages: &[Stage], waves: &[Wave]) -> Both {
    let Some(stage) = stages.last().filter(|_| stages.len() == waves.len()) else { return Both::default() };
    let cloud = cloud(calibration);
    let left = share(&cloud, |point| excess(stages, point) <= 1.0);
    let mut ruled_out: Vec<(f64, &str)> = calibration
        .targets
        .iter()
        .zip(ruled_out(stage, &cloud))
        .map(|(target, share)| (share, target.id.as_str()))
        .filter(|(share, _)| *share > 0.0)
        .collect();
    ruled_out.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<&str> = ruled_out.iter().take(NAMED).map(|(_, id)| *id).collect();
    let left = match left {
        0.0 => format!("< {:.2} %", 100.0 / f64::from(CLOUD)),
        left => format!("{:.3} %", 100.0 * left),
    };
    let by = match names.is_empty() {
        true => Both::default(),
        false => both!("; most is ruled out by {names}", "；排除最多的是 {names}"; names = names.join(", ")),
    };
    both!(
        "wave {number} of {points} points: {left} of the prior is not ruled out{by}",
        "第 {number} 轮（{points} 个点）：先验的 {left} 未被排除{by}";
        number = waves.len(), points = waves.last().map_or(0, |wave| wave.points.len()), left = left, by = by
    )
}

fn share(cloud: &[Vec<f64>], is: impl Fn(&Vec<f64>) -> bool) -> f64 {
    cloud.iter().filter(|point| is(point)).count() as f64 / cloud.len() as f64
}

/// Share of the points that each target rules out by itself.
fn ruled_out(stage: &Stage, cloud: &[Vec<f64>]) -> Vec<f64> {
    let mut counts = vec![0.0; stage.held().len()];
    for point in cloud {
        stage.beyond(point, stage.bound).into_iter().for_each(|target| counts[target] += 1.0);
    }
    counts.into_iter().map(|n| n / cloud.len() as f64).collect()
}

fn parameters(
    calibration: &Calibration,
    base: &Loaded,
    cloud: &[Vec<f64>],
    last: &Wave,
    weights: &[f64],
) -> Vec<OfParameter> {
    let values = |points: &[Vec<f64>]| -> Vec<Vec<f64>> {
        let numbers = |values: Vec<Value>| values.iter().map(|v| number_of(v).unwrap_or(f64::NAN)).collect();
        points.iter().map(|point| numbers(calibration.values(point, base))).collect()
    };
    let (before, after) = (values(cloud), values(&last.points));
    let of = |(k, parameter): (usize, &Parameter)| {
        let mean: f64 = last.points.iter().zip(weights).map(|(point, w)| w * point[k]).sum();
        let squares =
            last.points.iter().zip(weights).map(|(point, w)| w * (point[k] - mean) * (point[k] - mean));
        OfParameter {
            key: parameter.key.clone(),
            before: Spread::of(before.iter().map(|values| (values[k], 1.0))),
            after: Spread::of(after.iter().map(|values| values[k]).zip(weights.iter().copied())),
            contraction: 1.0 - squares.sum::<f64>(),
            shift: mean,
        }
    };
    calibration.parameters.iter().enumerate().map(of).collect()
}

fn targets(
    calibration: &Calibration,
    [prior, posterior]: [&Wave; 2],
    first: &Stage,
    cloud: &[Vec<f64>],
    weights: &[f64],
) -> Vec<OfTarget> {
    let (before, after) = (&prior.figures, &posterior.figures);
    let ruled_out = ruled_out(first, cloud);
    let of = |(k, target): (usize, &Target)| {
        let is_fitted = target.used == Use::Fit;
        let weighted = after.iter().map(|figures| figures[k]).zip(weights.iter().copied());
        let weighted = weighted.filter(|(figure, _)| !figure.is_nan());
        let sum: f64 = weighted.clone().map(|(_, w)| w).sum();
        let mean = weighted.clone().map(|(figure, w)| w * figure).sum::<f64>() / sum;
        let (distance, verdict) = judge(target, posterior.chance[k], mean, weighted.clone(), sum);
        let missing = |value: f64| if is_fitted { value } else { f64::NAN };
        OfTarget {
            before: Spread::of(before.iter().map(|figures| (figures[k], 1.0))),
            after: Spread::of(weighted),
            mean,
            distance,
            verdict,
            ruled_out: missing(ruled_out[k]),
            explained: first.emulators().explained(k).map_or(f64::NAN, missing),
            shares: first.emulators().shares(k).filter(|_| is_fitted).unwrap_or_default(),
        }
    };
    calibration.targets.iter().enumerate().map(of).collect()
}

/// How far the mean figure is from the target, and what follows. A sign is met if nearly all of the posterior has it.
fn judge(
    target: &Target,
    chance: f64,
    mean: f64,
    weighted: impl Iterator<Item = (f64, f64)>,
    sum: f64,
) -> (f64, Verdict) {
    if mean.is_nan() {
        return (f64::NAN, Verdict::NoValue);
    }
    let sign = match target.aim {
        Aim::Positive => 1.0,
        Aim::Negative => -1.0,
        _ => {
            let distance = Held::of(target, chance).implausibility(Predicted { mean, variance: 0.0 });
            return (distance, if distance <= WITHIN { Verdict::Met } else { Verdict::Missed });
        }
    };
    let right = weighted.filter(|(figure, _)| sign * figure > 0.0).map(|(_, w)| w).sum::<f64>() / sum;
    let verdict = match right {
        _ if right >= SURE => Verdict::Met,
        _ if right <= 1.0 - SURE => Verdict::Missed,
        _ => Verdict::Open,
    };
    (f64::NAN, verdict)
}

fn waves(result: &RunResults, stages: &[Stage], cloud: &[Vec<f64>]) -> Vec<OfWave> {
    let ends = result.waves.iter().skip(1).map(|wave| wave.first).chain([result.rows.len()]);
    // What is held back rules nothing out.
    let stages = stages.iter().chain(stages.last());
    // What one stage rules out stays out.
    let mut left: Vec<&Vec<f64>> = cloud.iter().collect();
    let of = |((wave, end), stage): ((&Asked, usize), &Stage)| {
        left.retain(|point| stage.excess(point) <= 1.0);
        OfWave {
            purpose: wave.purpose,
            points: wave.points.len(),
            runs: result.plan.replicates[wave.first..end].iter().map(|&n| u64::from(n)).sum(),
            left: left.len() as f64 / cloud.len() as f64,
            bound: stage.bound,
            is_sharp: stage.is_sharp,
        }
    };
    result.waves.iter().zip(ends).zip(stages).map(of).collect()
}

/// Targets that no point of the prior meets, and pairs that none meets together though many meet each.
fn conflicts(first: &Stage, cloud: &[Vec<f64>]) -> Vec<Conflict> {
    let has_figure = |k: &usize| first.held()[*k].is_some() && first.emulators().explained(*k).is_some();
    let fitted: Vec<usize> = (0..first.held().len()).filter(has_figure).collect();
    let meets = |point: &Vec<f64>| -> Vec<bool> {
        let beyond = first.beyond(point, WITHIN);
        fitted.iter().map(|target| !beyond.contains(target)).collect()
    };
    let met: Vec<Vec<bool>> = cloud.iter().map(meets).collect();
    let share = |a: usize| met.iter().filter(|met| met[a]).count() as f64 / met.len() as f64;
    let shares: Vec<f64> = (0..fitted.len()).map(share).collect();
    let mut conflicts = Vec::new();
    for (a, &target) in fitted.iter().enumerate() {
        if shares[a] == 0.0 {
            conflicts.push(Conflict { target, met: 0.0, with: None });
        }
        for b in a + 1..fitted.len() {
            let expected = shares[a] * shares[b] * met.len() as f64;
            if expected >= EXPECTED && !met.iter().any(|met| met[a] && met[b]) {
                let with = Some((fitted[b], shares[b]));
                conflicts.push(Conflict { target, met: shares[a], with });
            }
        }
    }
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_go_by_weight() {
        let spread = Spread::of([(3.0, 1.0), (1.0, 8.0), (2.0, 1.0), (f64::NAN, 50.0)].into_iter());
        assert_eq!(spread, Spread { median: 1.0, low: 1.0, high: 3.0 });
        assert!(Spread::of([(f64::NAN, 1.0)].into_iter()).median.is_nan());
    }
}
