//! Finished results folders: valid if their files match their manifest.

use std::io;
use std::path::Path;

use super::{Error, Language, output, report};
use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::disk::listing::Findings;
use shequ_experiment::record::folder::{self, Trouble, is_finished};
use shequ_experiment::record::manifest::{MANIFEST, Manifest, Program};
use shequ_model::base::i18n::{Both, both, reason};
use shequ_model::base::params::text;
use shequ_report::page::REPORT;

/// A results folder, compared with its manifest.
pub struct Finished {
    /// Its manifest.
    pub manifest: Manifest,
    /// Where the folder departs from it.
    pub findings: Findings,
}

/// Reads the manifest of a finished results folder and compares all files with it. Their scenario is
/// `scenario.toml` beside the manifest.
///
/// # Errors
/// [`Error::Usage`] if this is no finished results folder.
pub fn open(path: &Path) -> Result<Finished, Error> {
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
        Error::Usage(both!(
            "{path} is not a results folder: {what}", "{path} 不是结果文件夹：{what}";
            path = path.display(), what = what
        ))
    };
    let dir = Dir::open(path).map_err(no_folder)?;
    let manifest = Manifest::of(&dir).map_err(no_folder)?;
    let findings = manifest.check(&dir).map_err(|cause| unreadable(path, &cause))?;
    Ok(Finished { manifest, findings })
}

/// A folder cannot be read.
pub fn unreadable(path: &Path, cause: &io::Error) -> Error {
    Error::Failed(both!(
        "cannot read {folder}: {why}", "无法读取 {folder}：{why}"; folder = path.display(), why = reason(cause)
    ))
}

/// Warns if another version of the program wrote results.
pub fn warn_of_versions(then: &Program) {
    let now = Program::this();
    for (what, then, now) in [
        (text("model version", "模型版本"), &then.model, &now.model),
        (text("program version", "程序版本"), &then.version, &now.version),
        (text("commit", "提交"), &then.commit, &now.commit),
        (text("hash of the sources", "源代码的哈希值"), &then.sources, &now.sources),
    ] {
        if then != now {
            output::tell(both!(
                "warning: {what} was {then} and is {now}", "警告：{what}原为 {then}，现为 {now}";
                what = what, then = then, now = now
            ));
        }
    }
}

/// Why results are not valid: files that were modified, or are missing. The report and the pictures
/// may be missing, as they are made from the rest.
pub fn unfit(findings: &Findings) -> Findings {
    let is_made = |name: &&String| *name == REPORT || name.starts_with("plots/");
    let missing = findings.missing.iter().filter(|name| !is_made(name)).cloned().collect();
    Findings { changed: findings.changed.clone(), missing, foreign: Vec::new() }
}

/// That results are not valid, and why.
pub fn unbelievable(path: &Path, unfit: &Findings) -> Both {
    both!(
        "{path} was modified after it was written ({findings})",
        "{path} 在写出后被修改（{findings}）"; path = path.display(), findings = unfit.message()
    )
}

/// Clears what dead processes left in `out` of the results folder `name`, and reports what could not be cleared.
pub fn mend(out: &Path, name: &str) {
    folder::mend(out, name).into_iter().for_each(|note| output::tell(warning(note)));
}

/// The same words as a warning.
pub fn warning(words: Both) -> Both {
    both!("warning: {words}", "警告：{words}"; words = words)
}

/// The results in `folder`, if they exist already and are valid; a message says so. If they lack a report,
/// it is made in `language`.
///
/// # Errors
/// [`Error::Failed`] if they are there and not as they were written.
pub fn there_already(folder: &Path, language: Language) -> Result<Option<Manifest>, Error> {
    if !is_finished(folder) {
        return Ok(None);
    }
    let Finished { manifest, findings } = open(folder)?;
    let unfit = unfit(&findings);
    if unfit != Findings::default() {
        return Err(Error::Failed(both!(
            "{words}; move it away to make new results", "{words}；请将其移走以重新生成";
            words = unbelievable(folder, &unfit)
        )));
    }
    output::tell(Trouble::ThereAlready(folder.into()).message());
    report::complete(folder, &manifest, language);
    Ok(Some(manifest))
}
