//! `shequ man`.

use clap::CommandFactory;

use super::{Cli, Error, output};

/// Prints the manual page.
pub fn run() -> Result<(), Error> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
    rendered.map_err(|error| Error::Failed(format!("cannot write the manual page: {error}")))?;
    output::print(&String::from_utf8_lossy(&page))
}
