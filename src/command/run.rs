//! `shequ run`: all replicates of a scenario, into a results folder.

use std::path::PathBuf;

use clap::Args;

use super::how::How;
use super::{Common, Error, value_parser};
use shequ_experiment::file::Experiment;
use shequ_model::scenario::Scenario;

/// Arguments of `run`.
#[derive(Args)]
pub struct Arguments {
    /// Scenario file
    file: PathBuf,
    /// Run replicate number K alone, counted from 0, with the same numbers as among the others
    #[arg(long, value_name = "K", conflicts_with = "replicates", value_parser = value_parser::within(0, 99_999_u32))]
    replicate: Option<u32>,
    #[command(flatten)]
    how: How,
}

/// Loads the scenario, runs it and records it.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let Arguments { file, replicate, how } = arguments;
    let loaded = Scenario::load(&file, &how.overrides.all())?;
    how.carry_out(&Experiment::of_run(loaded, replicate), common)
}
