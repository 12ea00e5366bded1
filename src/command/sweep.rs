//! What `shequ sweep` adds to an experiment's results: main effects, a summary.

use super::experiment::{Findings, unreadable};
use super::{Error, Language};
use shequ_experiment::main_effects::{self, Effects};
use shequ_experiment::record::table::Table;
use shequ_experiment::study::{RunResults, Study};
use shequ_experiment::sweep;
use shequ_experiment::warnings::{self, Warning};
use shequ_report::comparison::warnings_table;
use shequ_report::sweep::Sweep;

/// The main effects of a study.
pub struct MainEffects<'a> {
    study: &'a Study<'a>,
    effects: Vec<Effects>,
    warnings: Vec<Warning>,
    language: Language,
}

impl<'a> MainEffects<'a> {
    /// Those of a study whose runs are all there.
    ///
    /// # Errors
    /// [`Error::Failed`] if the journals cannot be read.
    pub fn new(study: &'a Study, result: &RunResults, language: Language) -> Result<MainEffects<'a>, Error> {
        let effects = main_effects::of(study, result).map_err(unreadable)?;
        let warnings = warnings::design::of_rows(study, result).map_err(unreadable)?;
        Ok(MainEffects { study, effects, warnings, language })
    }

    fn sweeps(&self) -> impl Iterator<Item = Sweep<'_>> {
        let (study, language) = (self.study, self.language);
        self.effects.iter().map(move |effects| Sweep { study, effects, language })
    }
}

impl Findings for MainEffects<'_> {
    fn tables(&self) -> Vec<Table<'_>> {
        vec![sweep::main_effects(self.study, &self.effects), warnings::table(&self.warnings)]
    }

    fn summary(&self) -> String {
        let effects = self.sweeps().map(|sweep| sweep.summary() + "\n");
        let said = warnings_table::summary(self.study.experiment, &self.warnings, self.language);
        effects.chain((!said.is_empty()).then(|| said + "\n")).collect::<Vec<_>>().join("\n")
    }
}
