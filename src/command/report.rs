//! `shequ report`: the page and the pictures of a results folder, made anew.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, output, results};
use shequ_experiment::record::finished::{self, unbelievable};
use shequ_model::base::i18n::{both, reason};
use shequ_report::extras;
use shequ_report::page::REPORT;

/// Arguments of `report`.
#[derive(Args)]
pub struct Arguments {
    /// Results folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Open the page in a browser
    #[arg(long)]
    open: bool,
    /// Make the report even if files were modified after they were written; the report says so
    #[arg(long)]
    changed: bool,
}

/// Makes the report of a results folder anew, and prints where it is.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let path = &arguments.folder;
    let results = finished::open(path)?;
    let unfit = results.unfit();
    let mut manifest = results.manifest;
    results::warn_of_versions(&manifest.program);
    if let Some(unfit) = unfit {
        let trouble = unbelievable(path, &unfit);
        if !arguments.changed {
            return Err(Error::Failed(both!(
                "{trouble}; use --changed to make the report anyway, with a note in it",
                "{trouble}；用 --changed 仍可生成报告，其中会注明"; trouble = trouble
            )));
        }
        output::tell(results::warning(trouble));
        manifest.changed = true;
    }
    extras::remake(path, manifest, common.lang)?;
    let report = path.join(REPORT);
    output::print(&format!("{}\n", report.display()))?;
    if arguments.open {
        open(&report)?;
    }
    Ok(())
}

/// Opens the page by its whole path, so that a folder of whatever name is taken for no address or option.
fn open(report: &Path) -> Result<(), Error> {
    report.canonicalize().and_then(open::that_detached).map_err(|cause| {
        Error::Failed(both!(
            "cannot open {path} in a browser: {why}", "无法在浏览器中打开 {path}：{why}";
            path = report.display(), why = reason(&cause)
        ))
    })
}
