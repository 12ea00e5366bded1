//! Finished results folders, as they are met: believed as far as their files fit their manifest.

use std::io;
use std::path::Path;

use crate::record::disk::Dir;
use crate::record::disk::listing::Findings;
use crate::record::manifest::{MANIFEST, Manifest};
use shequ_model::base::i18n::{Both, both, errors, reason};

/// The page of results for readers.
pub const REPORT: &str = "report.html";

/// True of what is made anew from the rest by `shequ report`: the page, the brief and the pictures.
pub fn is_made_anew(file: &str) -> bool {
    file == REPORT || file.starts_with("brief.") || file.starts_with("plots/")
}

/// A results folder, compared with its manifest.
pub struct Checked {
    /// Its manifest.
    pub manifest: Manifest,
    /// Where the folder departs from it.
    pub findings: Findings,
}

/// Why a folder cannot be taken for results.
#[derive(Debug)]
pub enum NoResults {
    /// It is no finished results folder.
    NotFinished(Both),
    /// It cannot be read.
    Unreadable(Both),
}

impl NoResults {
    /// What is told of it.
    pub fn message(&self) -> &Both {
        let (NoResults::NotFinished(words) | NoResults::Unreadable(words)) = self;
        words
    }
}

errors!(NoResults);

/// Reads the manifest of a finished results folder and compares all files with it. Their scenario is
/// `scenario.toml` beside the manifest.
///
/// # Errors
/// [`NoResults`].
pub fn open(path: &Path) -> Result<Checked, NoResults> {
    let no_folder = |cause: io::Error| {
        let what = match cause.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => both!(
                "{MANIFEST} is missing, which every finished results folder has",
                "其中没有 {MANIFEST}，而每个完成的结果文件夹都有"
            ),
            _ => {
                both!("{MANIFEST} cannot be read: {why}", "无法读取 {MANIFEST}：{why}"; why = reason(&cause))
            }
        };
        NoResults::NotFinished(both!(
            "{path} is not a results folder: {what}", "{path} 不是结果文件夹：{what}";
            path = path.display(), what = what
        ))
    };
    let dir = Dir::open(path).map_err(no_folder)?;
    let manifest = Manifest::of(&dir).map_err(no_folder)?;
    let findings = manifest.check(&dir).map_err(|cause| NoResults::Unreadable(unreadable(path, &cause)))?;
    Ok(Checked { manifest, findings })
}

/// That a folder cannot be read.
pub fn unreadable(path: &Path, cause: &io::Error) -> Both {
    both!("cannot read {folder}: {why}", "无法读取 {folder}：{why}"; folder = path.display(), why = reason(cause))
}

impl Checked {
    /// What keeps the results from being believed: files that were changed, or are missing. What is made
    /// anew may be missing. None if nothing does.
    pub fn unfit(&self) -> Option<Findings> {
        let Findings { changed, missing, .. } = &self.findings;
        let missing = missing.iter().filter(|name| !is_made_anew(name)).cloned().collect();
        let unfit = Findings { changed: changed.clone(), missing, foreign: Vec::new() };
        (unfit != Findings::default()).then_some(unfit)
    }
}

/// The manifest of results that are as they were written, or what they are not believed for.
///
/// # Errors
/// [`NoResults`].
pub fn believed(path: &Path) -> Result<Result<Manifest, Findings>, NoResults> {
    let finished = open(path)?;
    Ok(match finished.unfit() {
        Some(unfit) => Err(unfit),
        None => Ok(finished.manifest),
    })
}

/// That results are not believed, and why.
pub fn unbelievable(path: &Path, unfit: &Findings) -> Both {
    both!(
        "{path} was modified after it was written ({findings})",
        "{path} 在写出后被修改（{findings}）"; path = path.display(), findings = unfit.message()
    )
}
