//! How sure a comparison is under a posterior: the split of variance and the ranking of arms.

use super::ranking::{self, Ranking};
use super::uncertainty::{self, Split};
use crate::compare::conclusions::Conclusions;
use crate::file::{Experiment, Kind};
use crate::record::table::Table;

/// How sure effects and choices are.
pub struct Sure {
    /// Where the variance of every effect comes from.
    pub splits: Vec<Split>,
    /// How base and arms stand in every primary outcome.
    pub rankings: Vec<Ranking>,
}

impl Sure {
    /// Of what was found of `experiment`.
    pub fn of(found: &Conclusions, experiment: &Experiment) -> Sure {
        let Conclusions { asked, sides, combinations, .. } = found;
        Sure {
            splits: match experiment.kind {
                Kind::Contest => uncertainty::of_contest(&found.contest(), asked),
                _ => uncertainty::of_arms(&found.arms(), asked),
            },
            rankings: ranking::rankings(asked, sides, *combinations, &experiment.lower),
        }
    }

    /// Its tables; `names` are those of the base and the arms.
    pub fn tables<'a>(&'a self, names: Vec<&'a str>) -> [Table<'a>; 2] {
        [uncertainty::table(&self.splits, names[1..].to_vec()), ranking::table(&self.rankings, names)]
    }
}
