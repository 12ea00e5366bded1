//! What `shequ sensitivity` adds to an experiment's results: indices, a summary.

use super::experiment::{Findings, unreadable};
use super::{Error, Language};
use shequ_experiment::record::table::Table;
use shequ_experiment::sensitivity::layout;
use shequ_experiment::sensitivity::table::{self, Outcome};
use shequ_experiment::study::{RunResults, Study};
use shequ_experiment::warnings::{self, Warning};
use shequ_report::comparison::warnings_table;
use shequ_report::sensitivity;

/// The indices of a study.
pub struct Indices {
    keys: Vec<String>,
    outcomes: Vec<Outcome>,
    titles: Vec<String>,
    said: String,
    warnings: Vec<Warning>,
    language: Language,
}

impl Indices {
    /// The indices of a study whose runs are all there.
    ///
    /// # Errors
    /// [`Error::Failed`] if the journals cannot be read.
    pub fn new(study: &Study, result: &RunResults, language: Language) -> Result<Indices, Error> {
        let outcomes = layout::outcomes(study, result).map_err(unreadable)?;
        let mut warnings = warnings::design::of_indices(&outcomes);
        warnings.extend(warnings::design::of_rows(study, result).map_err(unreadable)?);
        let experiment = study.experiment;
        let keys = experiment.design.iter().flat_map(|d| &d.factors).map(|f| f.key.clone()).collect();
        let title = |outcome| sensitivity::title(experiment, outcome, language);
        let titles = outcomes.iter().map(title).collect();
        let said = warnings_table::summary(experiment, &warnings, language);
        Ok(Indices { keys, outcomes, titles, said, warnings, language })
    }
}

impl Findings for Indices {
    fn tables(&self) -> Vec<Table<'_>> {
        vec![
            table::indices(&self.keys, &self.outcomes),
            table::convergence(&self.outcomes),
            warnings::table(&self.warnings),
        ]
    }

    fn summary(&self) -> String {
        let one = |(title, outcome): (&String, &Outcome)| {
            sensitivity::summary(title, &self.keys, outcome, self.language) + "\n"
        };
        let said = (!self.said.is_empty()).then(|| format!("{}\n", self.said));
        self.titles.iter().zip(&self.outcomes).map(one).chain(said).collect::<Vec<_>>().join("\n")
    }
}
