//! A replicate that goes on from its checkpoint, and leaves one on its way.

use std::sync::Arc;

use shequ_model::city::City;
use shequ_model::scenario::Scenario;
use shequ_model::simulation::{FittedModel, ReplicateOutput, Simulation, Watched};

use crate::record::checkpoint::{Checkpoints, Refusal};

/// Runs one replicate, using up the city. If there are `checkpoints`, it goes on from its own, and its state is
/// saved there on its way, at its end, and when it is stopped. Returns none if `keep_going`, asked after each
/// month, says no.
///
/// The inner result is an error if its checkpoint cannot be read.
pub fn run_or_resume(
    scenario: &Scenario,
    fitted: &Arc<FittedModel>,
    city: City,
    replicate: u32,
    checkpoints: Option<&Checkpoints>,
    keep_going: &(dyn Fn(u32) -> bool + Sync),
) -> Option<Result<ReplicateOutput, Refusal>> {
    let mut simulation = Simulation::of(scenario, fitted.clone(), city, replicate);
    let mut output = ReplicateOutput::new(replicate);
    match checkpoints.map(|checkpoints| checkpoints.open(replicate)) {
        None | Some(Ok(None)) => {}
        Some(Err(refusal)) => return Some(Err(refusal)),
        Some(Ok(Some((month, state)))) => match simulation.restore(month, state) {
            Ok(recorded) => output = recorded,
            Err(error) => return Some(Err(error.into())),
        },
    }
    // Whoever counts months counts those that were run before.
    (0..simulation.month()).for_each(|month| _ = keep_going(month));
    let mut after_month = |simulation: &Simulation, output: &ReplicateOutput| {
        let month = simulation.month();
        let wanted = keep_going(month - 1);
        let ends = !wanted || month == scenario.months;
        if let Some(checkpoints) = checkpoints.filter(|c| ends || c.is_due(month)) {
            checkpoints.keep(replicate, month, |to| simulation.save(output, to));
        }
        wanted
    };
    simulation.record(output, &Watched::All, &mut after_month).map(Ok)
}
