//! `shequ generate`: the files of the repository that are made from the program.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, output};
use crate::scenario;

/// A generated file.
struct File {
    /// Path from the root of the repository.
    path: &'static str,
    /// What it holds.
    text: fn() -> String,
}

/// Every generated file.
const FILES: &[File] = &[
    File { path: "scenarios/schema.json", text: scenario::schema::text },
    File { path: "scenarios/baseline.toml", text: scenario::template::baseline },
];

/// Arguments of `generate`.
#[derive(Args)]
pub struct Arguments {
    /// Fail if a file is not as it would be written
    #[arg(long, conflicts_with = "write", required_unless_present = "write")]
    check: bool,
    /// Write the files that are not as they should be
    #[arg(long)]
    write: bool,
    /// Root of the repository
    #[arg(long, default_value = ".")]
    root: PathBuf,
}

/// Writes or checks all files.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let is_stale =
        |file: &&File| std::fs::read_to_string(arguments.root.join(file.path)).ok() != Some((file.text)());
    let stale: Vec<&File> = FILES.iter().filter(is_stale).collect();
    for file in &stale {
        if arguments.write {
            write(&arguments.root.join(file.path), &(file.text)())?;
        }
        if !common.quiet {
            let what = if arguments.write { "written" } else { "is out of date" };
            output::say(&format!("{} {what}", file.path));
        }
    }
    if arguments.check && !stale.is_empty() {
        return Err(Error::Failed("generated files are out of date: run `shequ generate --write`".into()));
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    written.map_err(|error| Error::Failed(format!("cannot write {}: {error}", path.display())))
}
