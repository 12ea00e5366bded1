//! `shequ schema`.

use clap::Args;

use super::{Error, output};
use shequ_experiment as experiment;
use shequ_model::scenario;

/// Arguments of `schema`.
#[derive(Args)]
pub struct Arguments {
    /// Of experiment files
    #[arg(long)]
    experiment: bool,
}

/// Prints the JSON Schema of scenario or experiment files.
pub fn run(arguments: Arguments) -> Result<(), Error> {
    output::print(&match arguments.experiment {
        true => experiment::file::schema::text(),
        false => scenario::schema::text(),
    })
}
