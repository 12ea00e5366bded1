//! A comparison that was lived, and its tables.

use std::io;

use super::alike::are_alike;
use super::effects::{self, Asked, Effect, Side, effects};
use crate::experiment::file::Experiment;
use crate::experiment::study::{Lived, Study};
use crate::experiment::sweep;
use crate::experiment::warnings::{self, Warning};
use crate::metric;
use crate::record::Life;
use crate::record::table::Table;
use crate::record::tables::{self, Results};

/// Everything that a comparison found.
pub struct Findings {
    /// What was asked of every life.
    pub asked: Asked,
    /// The base, then the arms.
    pub sides: Vec<Side>,
    /// The lives of each side, by replicate; months of a life that failed have no values.
    pub lives: Vec<Vec<Life>>,
    /// The effects of the arms, by arm, window and outcome.
    pub effects: Vec<Effect>,
    /// True if all sides share city and luck.
    pub paired: bool,
    /// What to know of it.
    pub warnings: Vec<Warning>,
}

impl Findings {
    /// Of a study that was lived.
    ///
    /// # Errors
    /// What the disk says.
    pub fn of(study: &Study, lived: &Lived) -> io::Result<Findings> {
        let experiment = study.experiment;
        let asked = asked(experiment);
        let mut records = lived.index.records()?;
        let (mut sides, mut lives) = (Vec::new(), Vec::new());
        for (row, (name, name_zh, loaded)) in parties(experiment).into_iter().enumerate() {
            let choice = &loaded.scenario.theory_choice;
            sides.push(Side {
                name: name.into(),
                name_zh: name_zh.into(),
                theory: choice.participation.clone(),
                trust: choice.trust.clone(),
                values: lived.values(&mut records, row as u32, asked.width())?,
            });
            lives.push(lived.lives(&mut records, row as u32, &loaded.scenario)?);
        }
        let paired = experiment.arms.iter().all(|arm| are_alike(&experiment.base, &arm.loaded));
        let arms = against_the_first(&sides);
        let effects = effects(&asked, &arms, paired);
        let mut warnings = warnings::of_effects(&effects, &arms);
        warnings.extend(warnings::of_replicates(&arms, &asked));
        warnings.extend(experiment.arms.iter().flat_map(|arm| {
            warnings::of_scenario(&experiment.base, &arm.loaded, &arm.name)
        }));
        Ok(Findings { asked, effects, paired, warnings, sides, lives })
    }

    /// Every arm with the base.
    pub fn arms(&self) -> Vec<(&Side, &Side)> {
        against_the_first(&self.sides)
    }

    /// The lives of each side, as results.
    pub fn results<'a>(&'a self, experiment: &Experiment, communities: &'a [&'a str]) -> Vec<Results<'a>> {
        let scenario = &experiment.base.scenario;
        let results = |lives: &'a Vec<Life>| Results {
            start: scenario.start,
            months: scenario.months,
            metrics: metric::all(),
            community_columns: communities,
            lives,
            margins: &[],
        };
        self.lives.iter().map(results).collect()
    }
}
