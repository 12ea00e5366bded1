//! What `shequ sweep` adds to an experiment's results: main effects, their pictures, a summary.

use super::report::undrawn;
use super::study::{Findings, unreadable};
use super::{Error, Language};
use crate::experiment::main_effects::{self, Effects};
use crate::experiment::study::{Lived, Study};
use crate::experiment::sweep;
use crate::record::folder::slug;
use crate::record::table::Table;
use crate::report::paint;
use crate::report::sweep::Sweep;

/// The main effects of a study.
pub struct MainEffects<'a> {
    study: &'a Study<'a>,
    effects: Vec<Effects>,
    language: Language,
}

impl<'a> MainEffects<'a> {
    /// Those of a study whose runs are all there.
    ///
    /// # Errors
    /// [`Error::Failed`] if the journals cannot be read.
    pub fn new(study: &'a Study, lived: &Lived, language: Language) -> Result<MainEffects<'a>, Error> {
        let effects = main_effects::of(study, lived).map_err(unreadable)?;
        Ok(MainEffects { study, effects, language })
    }

    fn sweeps(&self) -> impl Iterator<Item = Sweep<'_>> {
        let (study, language) = (self.study, self.language);
        self.effects.iter().map(move |effects| Sweep { study, effects, language })
    }
}

impl Findings for MainEffects<'_> {
    fn tables(&self) -> Vec<Table<'_>> {
        vec![sweep::main_effects(self.study, &self.effects)]
    }

    fn pictures(&self, threads: usize) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let experiment = self.study.experiment;
        let name = |sweep: &Sweep| {
            let quantity = sweep.effects.quantity;
            let arm = quantity.arm.map_or("", |arm| self.study.side_name(arm + 1));
            let window = experiment.windows[quantity.window].to_string();
            slug([experiment.outcomes[quantity.outcome].name(), &window, arm].join(" ").trim())
        };
        let pictures: Vec<_> = self.sweeps().filter_map(|s| Some((name(&s), s.picture()?))).collect();
        let pictures: Vec<_> = pictures.iter().map(|(name, picture)| (name.as_str(), picture)).collect();
        paint::files(&pictures, threads).map_err(undrawn)
    }

    fn summary(&self) -> String {
        self.sweeps().map(|sweep| sweep.summary() + "\n").collect::<Vec<_>>().join("\n")
    }
}
