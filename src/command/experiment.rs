//! `shequ sweep`, `shequ sensitivity`, `shequ calibrate` and `shequ search`: an experiment file, into a results folder.

use std::path::PathBuf;

use clap::Args;

use super::how::How;
use super::{Common, Error};
use shequ_experiment::file::{Experiment, Kind, Overrides};

/// Arguments that all have.
#[derive(Args)]
pub struct Arguments {
    /// Experiment file
    file: PathBuf,
    #[command(flatten)]
    how: How,
}

/// Arguments of what may be carried out under a posterior.
#[derive(Args)]
pub struct PosteriorArguments {
    /// A table of draws of parameters: each pair of replicates runs under one of them
    #[arg(long, value_name = "FILE")]
    posterior: Option<PathBuf>,
    #[command(flatten)]
    arguments: Arguments,
}

/// Carries out the experiment of `arguments`, which must be of `kind`, under a posterior if one is given.
pub fn under_a_posterior(arguments: PosteriorArguments, common: Common, kind: Kind) -> Result<(), Error> {
    let PosteriorArguments { posterior, arguments: Arguments { file, how } } = arguments;
    let overrides = Overrides { posterior, ..how.overrides() };
    how.carry_out(&Experiment::load(&file, Some(kind), &overrides)?, common)
}

/// Carries out the experiment of `arguments`, which must be of `kind`.
pub fn command(arguments: Arguments, common: Common, kind: Kind) -> Result<(), Error> {
    let Arguments { file, how } = arguments;
    let experiment = Experiment::load(&file, Some(kind), &how.overrides())?;
    how.carry_out(&experiment, common)
}
