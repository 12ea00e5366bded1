//! `shequ report`: the page and the pictures of a results folder, made anew.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Error, Language, output, results};
use shequ_experiment::record::disk::listing::Findings;
use shequ_experiment::record::folder::{self, Draft};
use shequ_experiment::record::manifest::Manifest;
use shequ_model::base::i18n::{Both, both, reason};
use shequ_report::page::folder::Folder;
use shequ_report::page::{self, REPORT};

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
    let results::Finished { mut manifest, findings } = results::open(path)?;
    results::warn_of_versions(&manifest.program);
    let unfit = results::unfit(&findings);
    if unfit != Findings::default() {
        let trouble = results::unbelievable(path, &unfit);
        if !arguments.changed {
            return Err(Error::Failed(both!(
                "{trouble}; use --changed to make the report anyway, with a note in it",
                "{trouble}；用 --changed 仍可生成报告，其中会注明"; trouble = trouble
            )));
        }
        output::tell(both!("warning: {trouble}", "警告：{trouble}"; trouble = trouble));
        manifest.changed = true;
    }
    make(path, manifest, common.lang)?;
    let report = path.join(REPORT);
    output::print(&format!("{}\n", report.display()))?;
    if arguments.open {
        open(&report)?;
    }
    Ok(())
}

/// Makes the page and the pictures of finished results.
fn make(path: &Path, manifest: Manifest, language: Language) -> Result<(), Error> {
    let results = Folder { path, manifest: &manifest };
    let files = page::files(&results, language).map_err(|cause| Error::Failed(reason(&cause)))?;
    Ok(folder::replace(path, manifest, &files)?)
}

/// Makes the report of results that were kept without one, because it could not be made then. A fault is told.
pub fn complete(path: &Path, manifest: &Manifest, language: Language) {
    if !manifest.has(REPORT)
        && let Err(Error::Failed(why)) = make(path, manifest.clone(), language)
    {
        tell_that_there_is_none(&why);
    }
}

fn tell_that_there_is_none(why: &Both) {
    output::tell(both!(
        "warning: the report could not be made: {why}", "警告：无法生成报告：{why}"; why = why.clone()
    ));
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

/// Adds the report and its pictures to results in the making. Results are worth keeping without them, so that a
/// fault is only told.
///
/// # Errors
/// What the disk says.
pub fn add(draft: &mut Draft, manifest: &Manifest, language: Language) -> Result<(), Error> {
    match page::files(&Folder { path: &draft.place(), manifest: &listed(draft, manifest) }, language) {
        Ok(made) => made.iter().try_for_each(|(name, bytes)| Ok(draft.write_bytes(name, bytes)?)),
        Err(cause) => {
            tell_that_there_is_none(&reason(&cause));
            Ok(())
        }
    }
}

/// The manifest with the files written so far.
fn listed(draft: &Draft, manifest: &Manifest) -> Manifest {
    Manifest { files: draft.entries().to_vec(), ..manifest.clone() }
}
