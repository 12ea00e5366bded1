//! How many synthetic cities there are, and who has which.

use serde::{Deserialize, Serialize};

/// Which replicates share a synthetic city.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cities {
    /// None in a run, all in an experiment.
    Auto,
    /// All.
    One,
    /// None.
    Each,
    /// Two by two.
    Pairs,
}

impl Cities {
    /// The number of the city of `replicate`.
    pub fn number(self, replicate: u32) -> u32 {
        match self {
            Cities::One => 0,
            Cities::Auto | Cities::Each => replicate,
            Cities::Pairs => replicate / 2,
        }
    }
}
