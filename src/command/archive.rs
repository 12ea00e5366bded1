//! `shequ archive`: a results folder as a zip to deposit, with all that is needed to cite it and to run it again.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, output};
use shequ_experiment::record::finished::{self, unbelievable, unreadable};
use shequ_model::base::i18n::both;
use shequ_report::archive::Deposit;

/// How the program is cited.
const CITATION: &str = include_str!("../../CITATION.cff");

/// Arguments of `archive`.
#[derive(Args)]
pub struct Arguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// File to write, which must be new, or the folder that gets one called as the results; default: beside them
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Writes the deposit, and prints where it is. Results that were changed since they were written are refused.
pub fn command(arguments: Arguments, _: Common) -> Result<(), Error> {
    let Arguments { folder, out } = arguments;
    let results = finished::open(&folder)?;
    if let Some(unfit) = results.unfit() {
        return Err(Error::Failed(unbelievable(&folder, &unfit)));
    }
    let whole = folder.canonicalize().map_err(|cause| Error::Failed(unreadable(&folder, &cause)))?;
    let name = whole.file_name().map(|name| name.to_string_lossy().to_string()).unwrap_or_default();
    let path = match out {
        Some(out) if out.is_dir() => out.join(format!("{name}.zip")),
        Some(out) => out,
        None => beside(&folder, &whole, &name),
    };
    let taken = both!("{path} exists already", "{path} 已经存在"; path = path.display());
    output::folder_of(&path)?;
    if path.symlink_metadata().is_ok() {
        return Err(Error::Usage(taken));
    }
    let deposit = Deposit { name: &name, manifest: &results.manifest, citation: CITATION };
    let bytes = deposit.zip(&folder).map_err(|cause| Error::Failed(unreadable(&folder, &cause)))?;
    output::file(&path, &bytes, false, taken)?;
    output::print(&format!("{}\n", path.display()))
}

/// The file beside the folder; of a folder without a name, such as `.`, by its whole path.
fn beside(folder: &Path, whole: &Path, name: &str) -> PathBuf {
    let place = if folder.file_name().is_some() { folder } else { whole };
    place.with_file_name(format!("{name}.zip"))
}
