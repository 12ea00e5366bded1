//! `shequ man`.

use clap::CommandFactory;

use super::{Cli, Error, output};
use shequ_model::base::i18n::{both, reason};

/// Prints the manual page.
pub fn run() -> Result<(), Error> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
    rendered.map_err(|error| {
        Error::Failed(both!(
            "cannot write the manual page: {why}", "无法写出手册页：{why}"; why = reason(&error)
        ))
    })?;
    output::print(&String::from_utf8_lossy(&page))
}
