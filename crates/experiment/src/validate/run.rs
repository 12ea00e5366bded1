//! Runs the scenarios of a case and judges its checks.

use rayon::prelude::*;

use super::measure::{Sight, measured};
use super::{Case, Check};
use shequ_model::base::problem::Problems;
use shequ_model::city::synth;
use shequ_model::scenario::Scenario;
use shequ_model::simulation::{Simulation, prepare};

/// What came of one check.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Position of the check in its case.
    pub check: usize,
    /// What came out; NaN if nothing did.
    pub measured: f64,
    /// True if it is as near to what is expected as it must be.
    pub holds: bool,
}

/// Runs the case and judges every check, or none if `stop`, asked after every month, returns true.
///
/// Checks of the same scenario share its replicates, which run in parallel; the verdicts do not depend on how
/// many do.
///
/// # Errors
/// If a check sets what no scenario may hold.
pub fn verdicts(case: &Case, stop: &(dyn Fn() -> bool + Sync)) -> Result<Option<Vec<Verdict>>, Problems> {
    let mut verdicts = Vec::new();
    for (overrides, checks) in alike(&case.checks) {
        let scenario = match overrides.is_empty() {
            true => case.loaded.scenario.clone(),
            false => case.loaded.with(overrides)?.scenario,
        };
        let Some(numbers) = outputs(&scenario, &checks, case.until_stationary, stop) else { return Ok(None) };
        for ((position, check), numbers) in checks.into_iter().zip(numbers) {
            let measured = measured(check, &numbers);
            // Written so that a number that is none does not hold.
            let holds = (measured - check.expected).abs() <= check.tolerance;
            verdicts.push(Verdict { check: position, measured, holds });
        }
    }
    verdicts.sort_by_key(|verdict| verdict.check);
    Ok(Some(verdicts))
}

/// Checks, with their positions, under what they set.
type Alike<'a> = Vec<(&'a [String], Vec<(usize, &'a Check)>)>;

fn alike(checks: &[Check]) -> Alike<'_> {
    let mut groups: Alike = Vec::new();
    for (position, check) in checks.iter().enumerate() {
        match groups.iter_mut().find(|(overrides, _)| *overrides == check.overrides) {
            Some((_, group)) => group.push((position, check)),
            None => groups.push((&check.overrides, vec![(position, check)])),
        }
    }
    groups
}

/// For each check the numbers of all replicates, in order.
fn outputs(
    scenario: &Scenario,
    checks: &[(usize, &Check)],
    until_stationary: bool,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<Vec<f64>>> {
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, scenario.seed.city);
    let fitted = prepare(scenario);
    let outputs: Option<Vec<Vec<Vec<f64>>>> = (0..scenario.replicates)
        .into_par_iter()
        .map(|replicate| {
            let simulation = Simulation::new(scenario, fitted.clone(), &city, replicate);
            output(simulation, scenario.months, checks, until_stationary, stop)
        })
        .collect();
    let outputs = outputs?;
    Some(
        (0..checks.len())
            .map(|k| outputs.iter().flat_map(|output| output[k].iter().copied()).collect())
            .collect(),
    )
}

/// One replicate: for each check, the numbers of its units.
fn output(
    mut simulation: Simulation,
    months: u32,
    checks: &[(usize, &Check)],
    until_stationary: bool,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<Vec<f64>>> {
    let mut sights: Vec<Sight> = checks.iter().map(|(_, check)| Sight::new(check)).collect();
    let mut before: Vec<u32> = Vec::new();
    for month in 0..months {
        if stop() {
            return None;
        }
        simulation.step();
        let now: Vec<u32> = simulation.communities.iter().map(|state| state.signals.participants).collect();
        let is_last = month + 1 == months
            || until_stationary && now == before
            || checks.iter().all(|(_, check)| check.months.ends_by(month));
        sights.iter_mut().for_each(|sight| sight.look(&simulation, month, is_last));
        if is_last {
            break;
        }
        before = now;
    }
    Some(sights.iter().map(Sight::numbers).collect())
}
