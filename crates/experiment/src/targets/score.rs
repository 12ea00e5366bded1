//! How near the model comes to targets, under each combination of theory and rule.

use rayon::prelude::*;

use super::measure::{figure, reports, watched};
use super::table::{Aim, Target};
use crate::prepare::RunCache;
use shequ_model::base::i18n::both;
use shequ_model::base::problem::Problems;
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::scenario::Loaded;
use shequ_model::simulation::ReplicateOutput;
use shequ_model::{theory, trust};

/// Standard deviations within which a figure counts as met: about 95 of 100 would be, if the model were right.
pub const WITHIN: f64 = 2.0;

/// A theory of participation with a rule of trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// The word for the theory of participation.
    pub theory: String,
    /// The word for the rule of trust.
    pub rule: String,
}

impl Combination {
    /// That of a scenario.
    pub fn of(base: &Loaded) -> Combination {
        let word = |key: &str| {
            let given = base.value(key).and_then(|given| given.value.as_str());
            given.unwrap_or_default().to_string()
        };
        Combination { theory: word("theory.participation"), rule: word("theory.trust") }
    }

    /// Each theory with each rule.
    pub fn all() -> Vec<Combination> {
        let with = |rule: &&trust::Entry| {
            let of =
                |theory: &&theory::Entry| Combination { theory: theory.name.into(), rule: rule.name.into() };
            theory::all().iter().map(of).collect::<Vec<_>>()
        };
        trust::all().iter().flat_map(with).collect()
    }

    fn settings(&self) -> [String; 2] {
        [format!("theory.participation={}", self.theory), format!("theory.trust={}", self.rule)]
    }
}

/// Whether a figure is what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, within two standard deviations of all that is doubtful.
    Met,
    /// It is not.
    Missed,
    /// Of a sign: the interval of the figure holds zero.
    Open,
    /// No run gave a figure.
    NoValue,
}

/// A target with the model's figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Mean over replicates, with its interval.
    pub figure: Estimate,
    /// Standard deviations between the figure and the nearest one that would be right; NaN for signs.
    pub distance: f64,
    /// What follows.
    pub verdict: Verdict,
}

/// Each target judged by `replicates` replicates under `combination`, whose random numbers all combinations share; none
/// if `stop`, asked each month, says so.
///
/// # Errors
/// A target sets what no scenario may hold.
pub fn scores(
    base: &Loaded,
    targets: &[Target],
    combination: &Combination,
    replicates: u32,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Vec<Judged>>, Problems> {
    scores_by(&cache(targets), base, targets, combination, replicates, stop)
}

/// What runs keep in common, and report, that `targets` judge.
pub fn cache(targets: &[Target]) -> RunCache {
    RunCache::new(&watched(targets.iter().map(|target| &target.quantity)), true)
}

/// The same by a [`cache`] of these targets, so that what is fitted for one call is there for the next.
///
/// # Errors
/// As [`scores`].
pub fn scores_by(
    cache: &RunCache,
    base: &Loaded,
    targets: &[Target],
    combination: &Combination,
    replicates: u32,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Vec<Judged>>, Problems> {
    let runs = runs(targets);
    // Contradictions come to light before anything runs.
    let scenarios: Vec<Loaded> =
        of_runs(targets, runs.iter().copied(), &|settings| scenario(base, combination, settings))?;
    let places: Vec<(usize, u32)> =
        (0..runs.len()).flat_map(|run| (0..replicates).map(move |replicate| (run, replicate))).collect();
    let output = |(run, replicate): (usize, u32)| cache.prepare(&scenarios[run], replicate).run(&|_| !stop());
    let outputs: Option<Vec<ReplicateOutput>> = places.into_par_iter().map(output).collect();
    let Some(outputs) = outputs else { return Ok(None) };
    let of_run = |settings: &[String]| {
        let run = runs.iter().position(|known| *known == settings).unwrap_or(0);
        &outputs[run * replicates as usize..][..replicates as usize]
    };
    let months = base.scenario.months;
    Ok(Some(targets.iter().map(|target| judge(target, months, &of_run)).collect()))
}

/// The settings of all runs that targets ask for, each once.
pub fn runs(targets: &[Target]) -> Vec<&[String]> {
    let mut runs: Vec<&[String]> = Vec::new();
    for target in targets {
        for settings in target.runs() {
            if !runs.contains(&settings.as_slice()) {
                runs.push(settings);
            }
        }
    }
    runs
}

fn scenario(base: &Loaded, combination: &Combination, settings: &[String]) -> Result<Loaded, Problems> {
    base.with(&[&reports()[..], &combination.settings(), settings].concat())
}

/// What `make` makes of the settings of each of some runs.
///
/// # Errors
/// All that is wrong with any of them, each with the targets that ask for it.
pub(crate) fn of_runs<'a, T>(
    targets: &[Target],
    runs: impl Iterator<Item = &'a [String]>,
    make: &dyn Fn(&[String]) -> Result<T, Problems>,
) -> Result<Vec<T>, Problems> {
    let (mut made, mut problems) = (Vec::new(), Problems::default());
    for settings in runs {
        match make(settings) {
            Ok(one) => made.push(one),
            Err(wrong) => problems.add(of_targets(wrong, targets, settings)),
        }
    }
    if problems.is_empty() { Ok(made) } else { Err(problems) }
}

/// Says of what is wrong with `settings` which targets ask for them.
fn of_targets(mut problems: Problems, targets: &[Target], settings: &[String]) -> Problems {
    let asks = |target: &&Target| target.set == settings || target.against.as_deref() == Some(settings);
    let ids: Vec<&str> = targets.iter().filter(asks).map(|target| target.id.as_str()).collect();
    let ids = ids.join(", ");
    for problem in &mut problems.0 {
        let message = &problem.message;
        problem.message =
            both(format!("target {ids}: {}", message.en), format!("目标 {ids}：{}", message.zh));
    }
    problems
}

fn judge<'a>(target: &Target, months: u32, of_run: &dyn Fn(&[String]) -> &'a [ReplicateOutput]) -> Judged {
    let figures = |settings: &[String]| -> Vec<f64> {
        of_run(settings).iter().map(|output| figure(&target.quantity, output, target.span(months))).collect()
    };
    let mut values = figures(&target.set);
    if let Some(against) = &target.against {
        values.iter_mut().zip(figures(against)).for_each(|(value, other)| *value -= other);
    }
    verdict(target, estimate(values.iter().copied()))
}

/// Judges a figure. What is doubtful is the target itself, how far it carries over, what the model leaves out, and
/// the chance of the replicates.
fn verdict(target: &Target, figure: Estimate) -> Judged {
    match target.aim {
        Aim::Positive => return signed(figure, 1.0),
        Aim::Negative => return signed(figure, -1.0),
        _ => {}
    }
    let of_chance = if figure.n > 1 { figure.sd * figure.sd / figure.n as f64 } else { 0.0 };
    let sd = libm::sqrt(target.sd() * target.sd() + of_chance);
    let (low, high) = target.aim.ends();
    let beyond = (low - figure.mean).max(figure.mean - high).max(0.0);
    let distance = if beyond == 0.0 { 0.0 } else { beyond / sd };
    let verdict = match figure.n {
        0 => Verdict::NoValue,
        _ if distance <= WITHIN => Verdict::Met,
        _ => Verdict::Missed,
    };
    Judged { figure, distance: if figure.n == 0 { f64::NAN } else { distance }, verdict }
}

/// Judges the sign of a figure: it must be that of `sign` over the whole interval.
fn signed(figure: Estimate, sign: f64) -> Judged {
    let verdict = match (figure.n, sign * figure.mean) {
        (0, _) => Verdict::NoValue,
        (_, mean) if mean > figure.half_width => Verdict::Met,
        (_, mean) if -mean > figure.half_width => Verdict::Missed,
        _ => Verdict::Open,
    };
    Judged { figure, distance: f64::NAN, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::table::read;
    use shequ_model::base::problem::Source;

    fn judged(value: &str, error: &str, figures: &[f64]) -> Judged {
        let table = format!("id,metric,value,standard_error,transfer\nA,participation,{value},{error},0.3\n");
        let target = read(&Source::file("targets.csv", table)).unwrap().remove(0);
        verdict(&target, estimate(figures.iter().copied()))
    }

    #[test]
    fn a_number_is_met_within_two_standard_deviations_of_all_that_is_doubtful() {
        // Errors .4 of the target and .3 of its transfer: .5 together. The figures 1 and 1 have no spread.
        assert_eq!(judged("0", "0.4", &[1.0, 1.0]).distance, 2.0);
        assert_eq!(judged("0", "0.4", &[1.0, 1.0]).verdict, Verdict::Met);
        assert_eq!(judged("0", "0.4", &[1.01, 1.01]).verdict, Verdict::Missed);
        // Figures 0 and 2: mean 1, standard deviation √2, of the mean 1; √(.25 + 1) in all.
        let spread = judged("0", "0.4", &[0.0, 2.0]);
        assert!((spread.distance - 1.0 / libm::sqrt(1.25)).abs() < 1e-12, "{}", spread.distance);
    }

    #[test]
    fn bounds_and_ranges_are_missed_beyond_them_only() {
        assert_eq!(judged(">= 0.5", "0.4", &[9.0, 9.0]).distance, 0.0);
        assert_eq!(judged(">= 0.5", "0.4", &[-0.5, -0.5]).distance, 2.0);
        assert_eq!(judged("<= 0.5", "0.4", &[9.0, 9.0]).verdict, Verdict::Missed);
        assert_eq!(judged("0.5 to 1", "0.4", &[0.7, 0.7]).distance, 0.0);
        assert_eq!(judged("0.5 to 1", "0.4", &[2.5, 2.5]).distance, 3.0);
    }

    #[test]
    fn a_sign_is_met_if_the_whole_interval_has_it() {
        assert_eq!(judged("positive", "", &[1.0, 1.1, 0.9]).verdict, Verdict::Met);
        assert_eq!(judged("positive", "", &[-1.0, -1.1, -0.9]).verdict, Verdict::Missed);
        assert_eq!(judged("negative", "", &[-1.0, -1.1, -0.9]).verdict, Verdict::Met);
        assert_eq!(judged("negative", "", &[-1.0, 1.1]).verdict, Verdict::Open);
        assert_eq!(judged("negative", "", &[f64::NAN]).verdict, Verdict::NoValue);
    }
}
