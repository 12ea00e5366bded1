//! What is concluded from the runs of an experiment, by its kind.

use std::io;

use super::calibrate::{self, learnt::Learnt};
use super::compare::conclusions::Conclusions;
use super::file::Kind;
use super::followed;
use super::main_effects::{self, Effects};
use super::parts;
use super::search::{self, found::Found};
use super::sensitivity::{layout, table};
use super::study::{RunResults, Study};
use super::sweep;
use super::warnings::{self, Warning};
use crate::record::places::{self, Place};
use crate::record::table::Table;
use crate::record::tables::{self, Results};
use shequ_model::base::i18n::{Both, both, errors, reason};
use shequ_model::city::synth::Margin;
use shequ_model::metric;
use shequ_model::scenario::Scenario;
use shequ_model::simulation::{self, ReplicateOutput};

/// What is concluded, ready to be written and shown.
pub enum Findings {
    /// Of a run.
    Run(Recorded),
    /// Of a comparison or a contest.
    Compared(Box<Conclusions>),
    /// Of a sweep.
    MainEffects(Vec<Effects>, Vec<Warning>),
    /// Of a calibration.
    Calibrated(Box<Learnt>),
    /// Of a search.
    Searched(Box<Found>),
    /// Of a sensitivity analysis: indices by outcome.
    Indices(Vec<table::Outcome>, Vec<Warning>),
}

/// Everything that was recorded of a run.
pub struct Recorded {
    /// The replicates, in order.
    pub outputs: Vec<ReplicateOutput>,
    /// What the first city was asked to be like, and what it came out like.
    pub margins: Vec<Margin>,
    /// The communities of the first city, where a table names them.
    pub places: Vec<Place>,
    community_columns: Vec<&'static str>,
}

impl Recorded {
    /// Of these replicates.
    pub fn new(outputs: Vec<ReplicateOutput>, margins: Vec<Margin>, places: Vec<Place>) -> Recorded {
        let community_columns = simulation::community_metrics().map(|metric| metric.name).collect();
        Recorded { outputs, margins, places, community_columns }
    }

    /// As what tables and pictures of a run of `scenario` are made from.
    pub fn results(&self, scenario: &Scenario) -> Results<'_> {
        Results {
            start: scenario.start,
            months: scenario.months,
            metrics: metric::all(),
            community_columns: &self.community_columns,
            outputs: &self.outputs,
            cities: scenario.seed.cities,
            margins: &self.margins,
            places: &self.places,
        }
    }
}

/// Why nothing is concluded.
#[derive(Debug)]
pub enum Inconclusive {
    /// The journals cannot be read.
    Unreadable(io::Error),
    /// A replicate of a run failed, and the tables need all: which, and what was said of it.
    Replicate(u32, String),
}

impl Inconclusive {
    /// What is told of it.
    pub fn message(&self) -> Both {
        match self {
            Inconclusive::Unreadable(cause) => {
                both!("cannot read the journals: {why}", "无法读取日志：{why}"; why = reason(cause))
            }
            Inconclusive::Replicate(replicate, message) => {
                both!("replicate {replicate} failed: {message}", "第 {replicate} 次重复失败：{message}")
            }
        }
    }
}

errors!(Inconclusive);

impl From<io::Error> for Inconclusive {
    fn from(cause: io::Error) -> Inconclusive {
        Inconclusive::Unreadable(cause)
    }
}

impl Findings {
    /// What the runs of a study, which are all there, say. `margins` gives those of the first city of a run.
    ///
    /// # Errors
    /// [`Inconclusive`].
    pub fn of(
        study: &Study,
        result: &RunResults,
        margins: impl FnOnce() -> Vec<Margin>,
    ) -> Result<Findings, Inconclusive> {
        Ok(match study.experiment.kind {
            Kind::Run => match result.outputs()? {
                Ok(outputs) => {
                    let experiment = study.experiment;
                    let places = places::of(&experiment.base.scenario, experiment.first_replicate);
                    Findings::Run(Recorded::new(outputs, margins(), places))
                }
                Err((replicate, message)) => return Err(Inconclusive::Replicate(replicate, message)),
            },
            Kind::Compare | Kind::Contest => Findings::Compared(Box::new(Conclusions::of(study, result)?)),
            Kind::Sweep => {
                let effects = main_effects::of(study, result)?;
                Findings::MainEffects(effects, warnings::design::of_rows(study, result)?)
            }
            Kind::Calibrate => match &study.experiment.calibration {
                Some(calibration) => Findings::Calibrated(Box::new(Learnt::of(study, calibration, result)?)),
                None => return Err(io::Error::from(io::ErrorKind::InvalidData).into()),
            },
            Kind::Search => match &study.experiment.search {
                Some(search) => Findings::Searched(Box::new(Found::of(study, search, result)?)),
                None => return Err(io::Error::from(io::ErrorKind::InvalidData).into()),
            },
            Kind::Sensitivity => {
                let outcomes = layout::outcomes(study, result)?;
                let mut warnings = warnings::design::of_indices(&outcomes);
                warnings.extend(warnings::design::of_rows(study, result)?);
                Findings::Indices(outcomes, warnings)
            }
        })
    }

    /// Does something with all tables of the results, in the order in which they are written: those of the runs, and
    /// those of what is concluded from them.
    pub fn with_tables<T>(&self, study: &Study, result: &RunResults, act: impl FnOnce(&[Table]) -> T) -> T {
        if let Findings::Run(recorded) = self {
            let scenario = &study.experiment.base.scenario;
            let results = recorded.results(scenario);
            let mut all = tables::all(&results);
            all.extend(followed::tables(study, result));
            return act(&all);
        }
        if let (Findings::Calibrated(learnt), Some(calibration)) = (self, &study.experiment.calibration) {
            return act(&calibrate::tables::all(study, calibration, result, learnt));
        }
        if let (Findings::Searched(found), Some(search)) = (self, &study.experiment.search) {
            return act(&search::tables::all(search, result, found));
        }
        let keys = study.experiment.varied_keys();
        let mut all = sweep::tables(study, result);
        match self {
            Findings::Run(_) | Findings::Calibrated(_) | Findings::Searched(_) => {}
            Findings::Compared(conclusions) => {
                all.extend(conclusions.tables(study.experiment.kind));
                let apart = &conclusions.apart;
                all.extend((!apart.is_empty()).then(|| parts::tables::table(study.experiment, apart)));
                all.extend(followed::tables(study, result));
            }
            Findings::MainEffects(effects, warnings) => {
                all.extend([sweep::main_effects(study, effects), warnings::table(warnings)]);
            }
            Findings::Indices(outcomes, warnings) => all.extend([
                table::indices(&keys, outcomes),
                table::convergence(outcomes),
                warnings::table(warnings),
            ]),
        }
        act(&all)
    }
}
