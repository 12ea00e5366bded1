//! The residents who are followed: those of a run and, of a comparison, those of the base and of every arm, the same
//! people in each. Other experiments have too many runs to keep them.

use crate::file::{Experiment, Kind};
use crate::journal::Record;
use crate::record::residents::{self, OfReplicate, TakeReplicate};
use crate::record::table::Table;
use crate::record::ties;
use crate::study::{RunResults, Study};
use shequ_model::base::i18n::{Both, both};
use shequ_model::scenario::Scenario;
use shequ_model::simulation::ReplicateOutput;

/// The residents of a replicate as the journal of a comparison keeps them; empty if nobody is followed.
///
/// # Errors
/// As [`ReplicateOutput::to_bytes`], in words.
pub(crate) fn kept(output: ReplicateOutput) -> Result<Vec<u8>, String> {
    let ReplicateOutput { replicate, residents, .. } = output;
    if residents.who.is_empty() {
        return Ok(Vec::new());
    }
    let followed = ReplicateOutput { residents, ..ReplicateOutput::new(replicate) };
    followed.to_bytes().map_err(|cause| cause.to_string())
}

/// What a record has as bytes, if it is of its replicate.
pub(crate) fn recorded(record: &Record) -> Option<ReplicateOutput> {
    let output = ReplicateOutput::from_bytes(&record.output).ok()?;
    (output.replicate == record.replicate).then_some(output)
}

/// The tables of residents and their ties that a study has. Rows are read from the journals when they are written.
pub(crate) fn tables<'a>(study: &'a Study, result: &'a RunResults) -> Vec<Table<'a>> {
    let experiment = study.experiment;
    if !keeps(experiment.kind) {
        return Vec::new();
    }
    let has_arms = experiment.kind == Kind::Compare;
    let each = move |take: &mut TakeReplicate| {
        (0..study.sides()).try_for_each(|side| {
            let arm = if has_arms { study.side_name(side) } else { "" };
            result.residents(side as u32, &mut |replicate, residents| {
                take(OfReplicate { arm, replicate, residents })
            })
        })
    };
    let base = &experiment.base.scenario;
    let followed = sides(experiment).any(|side| side.report.residents > 0);
    let table = followed.then(|| residents::table(base.start, has_arms, Box::new(each)));
    table.into_iter().chain(ties::table(base, experiment.first_replicate)).collect()
}

/// That an experiment writes no residents, or no ties, though its base asks for them; none if it does not.
pub(crate) fn left_out(experiment: &Experiment) -> Option<Both> {
    let asked = |side: &Scenario| side.report.residents > 0 || side.report.ties;
    (!keeps(experiment.kind) && sides(experiment).any(asked)).then(|| {
        both!(
            "`report.residents` and `report.ties` are left out: only `run` and `compare` write single residents",
            "`report.residents` 与 `report.ties` 不予采用：只有 `run` 与 `compare` 输出居民个体数据"
        )
    })
}

fn keeps(kind: Kind) -> bool {
    matches!(kind, Kind::Run | Kind::Compare)
}

/// The scenarios of the base and of every arm.
fn sides(experiment: &Experiment) -> impl Iterator<Item = &Scenario> {
    let arms = experiment.arms.iter().map(|arm| &arm.loaded);
    std::iter::once(&experiment.base).chain(arms).map(|loaded| &loaded.scenario)
}
