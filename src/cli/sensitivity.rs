//! What `shequ sensitivity` adds to an experiment's results: indices, tornados, a summary.

use super::report::undrawn;
use super::study::{Findings, unreadable};
use super::{Error, Language};
use crate::experiment::sensitivity::layout;
use crate::experiment::sensitivity::table::{self, Outcome};
use crate::experiment::study::{Lived, Study};
use crate::record::folder::slug;
use crate::record::table::Table;
use crate::report::{paint, sensitivity};

/// The indices of a study.
pub struct Indices {
    keys: Vec<String>,
    outcomes: Vec<Outcome>,
    name: String,
    language: Language,
}

impl Indices {
    /// The indices of a study whose runs are all there.
    ///
    /// # Errors
    /// [`Error::Failed`] if the journals cannot be read.
    pub fn new(study: &Study, lived: &Lived, language: Language) -> Result<Indices, Error> {
        let outcomes = layout::outcomes(study, lived).map_err(unreadable)?;
        let experiment = study.experiment;
        let keys = experiment.design.iter().flat_map(|d| &d.factors).map(|f| f.key.clone()).collect();
        let chinese = language == Language::Zh && !experiment.name_zh.is_empty();
        let name = if chinese { &experiment.name_zh } else { &experiment.name }.clone();
        Ok(Indices { keys, outcomes, name, language })
    }
}

impl Findings for Indices {
    fn tables(&self) -> Vec<Table<'_>> {
        vec![table::indices(&self.keys, &self.outcomes), table::convergence(&self.outcomes)]
    }

    /// A tornado of each outcome.
    fn pictures(&self, threads: usize) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let picture = |outcome: &Outcome| {
            let parts = [outcome.metric.as_str(), &outcome.window, &outcome.arm].join(" ");
            let tornado = sensitivity::tornado(&self.name, &self.keys, outcome, self.language)?;
            Some((slug(parts.trim()), tornado))
        };
        let pictures: Vec<_> = self.outcomes.iter().filter_map(picture).collect();
        let pictures: Vec<_> = pictures.iter().map(|(name, picture)| (name.as_str(), picture)).collect();
        paint::files(&pictures, threads).map_err(undrawn)
    }

    fn summary(&self) -> String {
        let one = |outcome| sensitivity::summary(&self.keys, outcome, self.language) + "\n";
        self.outcomes.iter().map(one).collect::<Vec<_>>().join("\n")
    }
}
