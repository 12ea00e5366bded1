//! What the commands have in common that carry something out: options, what is told meanwhile, and what is shown in the
//! end.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::progress::Progress;
use super::threads::threads;
use super::{Common, Error, Overrides, interrupt, memory, output, value_parser};
use shequ_experiment::file::{self, Experiment};
use shequ_experiment::findings::Recorded;
use shequ_experiment::plan::Shard;
use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::manifest::{Manifest, Runs, arguments};
use shequ_experiment::record::read;
use shequ_experiment::record::table::Form;
use shequ_experiment::record::tables::Results;
use shequ_experiment::runner::{self, Finished, Options};
use shequ_experiment::study::{Settings, Study};
use shequ_model::base::i18n::{Language, both};
use shequ_report::extras::{self, Report};
use shequ_report::terminal;

/// How an experiment is carried out.
#[derive(Args)]
pub struct How {
    /// Parent folder of the results folder
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Threads; default: those that the scheduler grants, else all cores
    #[arg(long, value_name = "N", value_parser = value_parser::within(1, 1024_u16))]
    threads: Option<u16>,
    /// Format of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Write tables without the page, the brief and the pictures, which `report` makes later
    #[arg(long)]
    no_report: bool,
    /// Write these tables alone, without a report
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = value_parser::table)]
    tables: Vec<String>,
    /// Start again and replace what exists
    #[arg(long)]
    force: bool,
    /// Run only shard K of N; `merge` puts the shards together
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Save a checkpoint of every unfinished run after so many months; the same command resumes from it
    #[arg(long, value_name = "MONTHS", value_parser = value_parser::within(1, u32::MAX))]
    checkpoint_every: Option<u32>,
    /// Keep cities at rest in this folder, and begin from those that other commands kept there
    #[arg(long, value_name = "DIR")]
    starts: Option<PathBuf>,
    #[command(flatten)]
    memory: memory::Allowance,
    #[command(flatten)]
    pub overrides: Overrides,
}

/// Forms in which tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values
    Csv,
    /// Comma-separated values that Excel opens as they are, with a byte-order mark
    Excel,
    /// Apache Parquet
    Parquet,
    /// Both
    Both,
}

impl Format {
    /// As forms.
    pub fn forms(self) -> Vec<Form> {
        match self {
            Format::Csv => vec![Form::Csv],
            Format::Excel => vec![Form::Excel],
            Format::Parquet => vec![Form::Parquet],
            Format::Both => vec![Form::Csv, Form::Parquet],
        }
    }
}

impl How {
    /// What it says of an experiment file.
    pub fn overrides(&self) -> file::Overrides {
        self.overrides.of_experiment()
    }

    /// Carries out an experiment that was read and checked, and shows what came out.
    pub fn carry_out(self, experiment: &Experiment, common: Common) -> Result<(), Error> {
        output::warn(experiment.warnings(), common.quiet);
        let study = Study::new(experiment);
        let threads = threads(self.threads);
        self.memory.check(memory::of_study(&study, threads))?;
        interrupt::listen();
        let (progress, report) = (
            Progress::new(common),
            Report { language: common.lang, page: !self.no_report && self.tables.is_empty() },
        );
        let settings = Settings {
            threads,
            shard: self.shard.unwrap_or(Shard::WHOLE),
            checkpoint_every: self.checkpoint_every,
            starts: self.starts.as_deref(),
            stop: &interrupt::asked,
            observer: &progress,
        };
        let options = Options {
            out: self.out,
            forms: self.format.forms(),
            only: self.tables,
            force: self.force,
            arguments: arguments(),
            settings,
            extras: Some(&report),
        };
        show(&study, &runner::run(&study, &options)?, common)
    }
}

/// Shows the answer, what was found and, as the last line, the folder; an error if runs failed.
pub fn show(study: &Study, finished: &Finished, common: Common) -> Result<(), Error> {
    match finished {
        Finished::Made { folder, findings, runs } => {
            let summary = || extras::summary(study, findings, common.lang);
            print(folder, common, summary)?;
            judge(*runs)
        }
        Finished::ThereAlready { folder, manifest } => {
            print(folder, common, || saved(study, folder, manifest, common.lang))
        }
        Finished::Shard { shard, folder, runs } => {
            output::tell(both!(
                "shard {shard} is done; `shequ merge` puts all shards together",
                "分片 {shard} 已完成；用 `shequ merge` 合并全部分片"
            ));
            output::print(&format!("{}\n", folder.display()))?;
            judge(*runs)
        }
    }
}

fn print(folder: &Path, common: Common, summary: impl FnOnce() -> String) -> Result<(), Error> {
    let mut parts = Vec::new();
    if !common.quiet {
        let answer = extras::answer(folder, common.lang, output::colour_of_results());
        parts.extend(answer.into_iter().chain([summary()]).filter(|part| !part.is_empty()));
    }
    parts.push(format!("{}\n", folder.display()));
    output::print(&parts.join("\n"))
}

/// What is said of results that were made before: what was said when they were made or, of a run, what its tables
/// say as far as they can be read.
fn saved(study: &Study, folder: &Path, manifest: &Manifest, language: Language) -> String {
    if study.experiment.kind != file::Kind::Run {
        let said = |language| Dir::open(folder).and_then(|dir| dir.text(extras::summary_file(language)));
        // Results of earlier versions have one summary, in the language in which they were asked for.
        let saved = said(language).or_else(|_| said(Language::En)).unwrap_or_default();
        return String::from_utf8(saved).unwrap_or_default();
    }
    let Ok(monthly) = read::monthly(folder, manifest) else { return String::new() };
    let (start, months, names) = (monthly.start, monthly.months, monthly.names);
    let recorded = Recorded::new(monthly.outputs, Vec::new(), Vec::new());
    let results = Results { start, months, ..recorded.results(&study.experiment.base.scenario) };
    let is_known = names.iter().eq(results.metrics.iter().map(|metric| metric.name));
    if is_known { terminal::summary(&results, language) } else { String::new() }
}

/// An error if runs failed.
fn judge(runs: Runs) -> Result<(), Error> {
    let Runs { done, failed } = runs;
    match failed {
        0 => Ok(()),
        failed => {
            let all = done + failed;
            Err(Error::Failed(both!(
                "{failed} of {all} runs failed; runs.csv says why, and how to see it again",
                "{all} 次模拟中有 {failed} 次失败；runs.csv 说明原因及如何重现"
            )))
        }
    }
}
