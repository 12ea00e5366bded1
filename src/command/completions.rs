//! `shequ completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Error, output};

/// Arguments of `completions`.
#[derive(Args)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints completions for a shell.
pub fn run(arguments: Arguments) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "shequ", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
