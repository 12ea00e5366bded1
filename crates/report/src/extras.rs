//! What results have beside their tables: the summary, pictures, and the page for readers.

use std::path::Path;

use crate::comparison::{Comparison, costs, table, warnings_table};
use crate::contest::Shows;
use crate::page::folder::Folder;
use crate::page::{self, REPORT};
use crate::sweep::Sweep;
use crate::{brief, calibration, parts, search, sensitivity, sure, terminal, treated, weighted};
use shequ_experiment::compare::conclusions::Conclusions;
use shequ_experiment::file::Kind;
use shequ_experiment::findings::Findings;
use shequ_experiment::observer::Observer;
use shequ_experiment::record::folder::{self, Draft};
use shequ_experiment::record::manifest::Manifest;
use shequ_experiment::runner::{Extras, Failure, Made};
use shequ_experiment::study::Study;
use shequ_model::base::i18n::{Both, Language, both, reason};

/// The file of an experiment's results that holds what is said of them in `language`.
pub fn summary_file(language: Language) -> &'static str {
    match language {
        Language::En => "summary.txt",
        Language::Zh => "summary.zh.txt",
    }
}

/// Everything that the results of a command have, in one language.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    /// The language of pictures and of the brief, and that in which the page opens.
    pub language: Language,
    /// True if the page, the brief and the pictures are made; else the summary alone.
    pub page: bool,
}

impl Extras for Report {
    fn add(&self, draft: &mut Draft, made: &Made) -> Result<(), Failure> {
        // The summary of a run is made anew from its tables whenever it is shown.
        if made.study.experiment.kind != Kind::Run {
            for language in [Language::En, Language::Zh] {
                let summary = summary(made.study, made.findings, language);
                draft.write_bytes(summary_file(language), summary.as_bytes())?;
            }
        }
        if (made.is_stopped)() {
            return Err(Failure::Stopped);
        }
        if !self.page {
            return Ok(());
        }
        let manifest = Manifest { files: draft.entries().to_vec(), ..made.manifest.clone() };
        match page::files(&Folder { path: &draft.place(), manifest: &manifest }, self.language) {
            Ok(files) => Ok(files.iter().try_for_each(|(name, bytes)| draft.write_bytes(name, bytes))?),
            // Results are worth keeping without it.
            Err(cause) => {
                made.observer.warn(none(reason(&cause)));
                Ok(())
            }
        }
    }

    fn complete(&self, folder: &Path, manifest: &Manifest, observer: &dyn Observer) {
        if self.page
            && !manifest.has(REPORT)
            && let Err(Failure::Failed(why)) = remake(folder, manifest.clone(), self.language)
        {
            observer.warn(none(why));
        }
    }
}

/// That there is no page, and why.
fn none(why: Both) -> Both {
    both!("the report could not be made: {why}", "无法生成报告：{why}"; why = why)
}

/// What finished results answer, in some ten lines of a terminal, with or without colour; nothing where they do not, or
/// cannot be read.
pub fn answer(path: &Path, language: Language, colour: bool) -> Option<String> {
    let manifest = Manifest::read(path).ok()?;
    let brief = page::brief(&Folder { path, manifest: &manifest }).ok()??;
    Some(brief::terminal::lines(&brief, language, colour))
}

/// Makes the page and the pictures of finished results anew.
///
/// # Errors
/// [`Failure::Failed`] if a table cannot be read, a picture not be drawn, or a file not be written.
pub fn remake(path: &Path, manifest: Manifest, language: Language) -> Result<(), Failure> {
    if !manifest.only.is_empty() {
        return Err(Failure::Failed(both!(
            "{path} has only the tables that were asked for ({only}); the same command without --tables and with --force \
             makes all",
            "{path} 中只有所要求的表格（{only}）；去掉 --tables 并加上 --force 再次执行同一命令，可生成全部表格";
            path = path.display(), only = manifest.only.join(", ")
        )));
    }
    let files = page::files(&Folder { path, manifest: &manifest }, language)
        .map_err(|cause| Failure::Failed(reason(&cause)))?;
    Ok(folder::replace(path, manifest, &files)?)
}

/// What was found, for a terminal.
pub fn summary(study: &Study, findings: &Findings, language: Language) -> String {
    let said = |warnings: &_| warnings_table::summary(study.experiment, warnings, language);
    match findings {
        Findings::Run(recorded) => {
            terminal::summary(&recorded.results(&study.experiment.base.scenario), language)
        }
        Findings::Compared(conclusions) => {
            let found = compared(study, conclusions, language);
            // Of a contest, which has a cost for each theory and rule, the page and the table tell.
            let is_one = study.experiment.kind == Kind::Compare;
            let costs = is_one.then(|| costs::summary(conclusions, language)).flatten();
            let sure = sure::summary(conclusions, language);
            let weighted = weighted::summary(conclusions, language);
            let apart = parts::summary(study.experiment, &conclusions.apart, language);
            let treated = treated::summary(study.experiment, &conclusions.treated, language);
            let parts =
                [Some(found), treated, apart, costs, weighted, sure, Some(said(&conclusions.warnings))];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            parts.join("\n\n").trim_end().to_string() + "\n"
        }
        Findings::Calibrated(learnt) => calibration::summary(study.experiment, learnt, language),
        Findings::Searched(found) => search::summary(study.experiment, found, language),
        Findings::MainEffects(effects, warnings) => {
            let sweeps = effects.iter().map(|effects| Sweep { study, effects, language });
            paragraphs(sweeps.map(|sweep| sweep.summary() + "\n"), said(warnings))
        }
        Findings::Indices(outcomes, warnings) => {
            let experiment = study.experiment;
            let keys = experiment.varied_keys();
            let one = |outcome| {
                let title = sensitivity::title(experiment, outcome, language);
                sensitivity::summary(&title, &keys, outcome, language) + "\n"
            };
            paragraphs(outcomes.iter().map(one), said(warnings))
        }
    }
}

fn paragraphs(found: impl Iterator<Item = String>, said: String) -> String {
    found.chain((!said.is_empty()).then(|| said + "\n")).collect::<Vec<_>>().join("\n")
}

/// A comparison or a contest as people see it.
fn compared(study: &Study, conclusions: &Conclusions, language: Language) -> String {
    let Conclusions { asked, effects, courses, paired, .. } = conclusions;
    match study.experiment.kind {
        Kind::Contest => Shows { contest: &conclusions.contest(), asked, effects, language }.summary(),
        _ => {
            let arms = conclusions.arms();
            table::summary(&Comparison { asked, arms: &arms, effects, courses, paired: *paired, language })
        }
    }
}
