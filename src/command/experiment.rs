//! `shequ sweep`, `shequ sensitivity` and `shequ calibrate`: an experiment file, into a results folder.

use std::path::PathBuf;

use clap::Args;

use super::how::How;
use super::{Common, Error};
use shequ_experiment::file::{Experiment, Kind};

/// Arguments of all three commands.
#[derive(Args)]
pub struct Arguments {
    /// Experiment file
    file: PathBuf,
    #[command(flatten)]
    how: How,
}

/// Carries out the experiment of `arguments`, which must be of `kind`.
pub fn command(arguments: Arguments, common: Common, kind: Kind) -> Result<(), Error> {
    let Arguments { file, how } = arguments;
    let experiment = Experiment::load(&file, Some(kind), &how.overrides())?;
    how.carry_out(&experiment, common)
}
