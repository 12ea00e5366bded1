//! Experiment files: one TOML file that names scenarios and what to do with them.
//!
//! [`Experiment::load`] reports everything that is wrong at once, as scenario files do: keys are described
//! in [`keys`], and what a scenario may hold decides what may be set and varied.

pub mod keys;
mod reading;
pub mod resolved;
pub mod schema;
mod vary;

use std::path::Path;

use crate::base::problem::Problems;
use crate::experiment::design::Design;
use crate::experiment::outcome::Outcome;
use crate::experiment::replicates::Replicates;
use crate::experiment::window::Window;
use crate::scenario::Loaded;

/// What kind of experiment a file describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Arms against the base.
    Compare,
    /// The same under every theory and trust rule.
    Contest,
    /// A design of rows.
    Sweep,
    /// A design of rows, from which indices are estimated.
    Sensitivity,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Compare, Kind::Contest, Kind::Sweep, Kind::Sensitivity];

    /// As in files; also the name of the command.
    pub fn name(self) -> &'static str {
        ["compare", "contest", "sweep", "sensitivity"][self as usize]
    }

    /// True if it has a design, and perhaps arms; the others have arms alone.
    pub fn varies(self) -> bool {
        matches!(self, Kind::Sweep | Kind::Sensitivity)
    }
}

/// A scenario to compare with the base.
#[derive(Clone)]
pub struct Arm {
    /// Its name, English.
    pub name: String,
    /// Its name, Chinese; empty if none was given.
    pub name_zh: String,
    /// Its scenario.
    pub loaded: Loaded,
}

/// An experiment that was read and checked.
#[derive(Clone)]
pub struct Experiment {
    /// What kind it is.
    pub kind: Kind,
    /// Its name, English.
    pub name: String,
    /// Its name, Chinese; empty if none was given.
    pub name_zh: String,
    /// The scenario that everything starts from.
    pub base: Loaded,
    /// What is compared with it. Where keys vary, every row of the design is lived under each.
    pub arms: Vec<Arm>,
    /// Lives of each row.
    pub replicates: Replicates,
    /// What is taken from each life.
    pub outcomes: Vec<Outcome>,
    /// Over which months.
    pub windows: Vec<Window>,
    /// The rows; `None` where nothing varies but the arms.
    pub design: Option<Design>,
}

/// What the command line says of an experiment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `key=value` for the base and all arms. The file's own `set` and arms come after it.
    pub set: Vec<String>,
    /// In place of the file's replicates.
    pub replicates: Option<u32>,
}

impl Experiment {
    /// Reads the experiment file at `path` and the scenarios that it names. It must be of `kind`, if one is
    /// given.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(path: &Path, kind: Option<Kind>, overrides: &Overrides) -> Result<Experiment, Problems> {
        reading::load(path, kind, overrides)
    }
}
