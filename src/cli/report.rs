//! `shequ report`: the page and the pictures of a results folder, made anew.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, Language, output, reproduce};
use crate::base::words::{both, reason};
use crate::record::folder::{self, Draft, Trouble};
use crate::record::manifest::Manifest;
use crate::report::page::folder::Folder;
use crate::report::page::{self, REPORT};

/// Arguments of `report`.
#[derive(Args)]
pub struct Arguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Open the page in a browser
    #[arg(long)]
    open: bool,
}

/// Makes the report of a results folder anew, and prints where it is.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let path = &arguments.folder;
    let manifest = reproduce::open(path)?;
    let results = Folder { path, manifest: &manifest };
    let failed = |cause: std::io::Error| Error::Failed(reason(&cause));
    let page = page::build(&results, common.lang).map_err(failed)?;
    let mut files = page::pictures(&results, common.lang).map_err(failed)?;
    files.push((REPORT.into(), page.into_bytes()));
    folder::replace(path, manifest, &files)?;
    let report = path.join(REPORT);
    output::print(&format!("{}\n", report.display()))?;
    if arguments.open {
        open(&report)?;
    }
    Ok(())
}

fn open(report: &Path) -> Result<(), Error> {
    open::that_detached(report).map_err(|cause| {
        Error::Failed(both!(
            "cannot open {path} in a browser: {why}", "无法在浏览器中打开 {path}：{why}";
            path = report.display(), why = reason(&cause)
        ))
    })
}

/// Says that results are there already, which is no error.
pub fn there_already(folder: &Path) {
    output::tell(Trouble::ThereAlready(folder.into()).said());
}

/// Adds the report to results in the making. Results are worth keeping without it, so that a fault is only
/// told.
///
/// # Errors
/// What the disk says.
pub fn add(draft: &mut Draft, manifest: &Manifest, language: Language) -> Result<(), Error> {
    let manifest = Manifest { files: draft.entries().to_vec(), ..manifest.clone() };
    match page::build(&Folder { path: draft.place(), manifest: &manifest }, language) {
        Ok(page) => Ok(draft.write_bytes(REPORT, page.as_bytes())?),
        Err(cause) => {
            output::tell(both!(
                "warning: no report could be made: {why}", "警告：无法生成报告：{why}"; why = reason(&cause)
            ));
            Ok(())
        }
    }
}

/// A picture could not be drawn; the painter speaks English only.
pub fn undrawn(why: String) -> Error {
    Error::Failed(both!("{why}", "无法绘图：{why}"))
}
