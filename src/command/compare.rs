//! `shequ compare` and `shequ contest`: policies against a base.

use std::path::PathBuf;

use clap::Args;

use super::experiment::{Findings, How, carry_out};
use super::{Common, Error, Language};
use shequ_experiment::compare::conclusions::Conclusions;
use shequ_experiment::file::{self, Experiment, Kind};
use shequ_experiment::outcome::Outcome;
use shequ_experiment::record::table::Table;
use shequ_experiment::study::{RunResults, Study};
use shequ_experiment::window::Window;
use shequ_model::base::i18n::{both, reason};
use shequ_report::comparison::{Comparison, table, warnings_table};
use shequ_report::contest::Shows;

/// Arguments of both commands.
#[derive(Args)]
pub struct Arguments {
    /// An experiment file, or two or more scenario files of which the first is the baseline
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Months over which outcomes are averaged: first-year, last-year, whole, 2020-01..2021-12 (repeatable)
    #[arg(long, value_name = "MONTHS")]
    window: Vec<Window>,
    /// A metric to compare (repeatable)
    #[arg(long, value_name = "METRIC", value_parser = Outcome::named)]
    outcome: Vec<Outcome>,
    /// A primary outcome, corrected separately (repeatable); all others are exploratory
    #[arg(long, value_name = "METRIC", value_parser = Outcome::named)]
    primary: Vec<Outcome>,
    /// Compare although cities or seeds differ: without common random numbers, and less precisely
    #[arg(long)]
    allow_unlike: bool,
    #[command(flatten)]
    how: How,
}

/// Carries out the comparison of `arguments`, which is of `kind`.
pub fn command(arguments: Arguments, common: Common, kind: Kind) -> Result<(), Error> {
    let Arguments { files, window, outcome, primary, allow_unlike, how } = arguments;
    let overrides =
        file::Overrides { windows: window, outcomes: outcome, primary, allow_unlike, ..how.overrides() };
    let experiment = match &files[..] {
        [file] => Experiment::load(file, Some(kind), &overrides)?,
        [base, arms @ ..] => Experiment::of_scenarios(kind, base, arms, &overrides)?,
        [] => return Err(Error::Usage(both!("there are no effects to compare", "没有可比较的效应"))),
    };
    carry_out(&experiment, how, common)
}

/// A comparison or contest whose replicates are complete, ready to be written and shown.
pub struct Compared<'a> {
    study: &'a Study<'a>,
    conclusions: Conclusions,
    language: Language,
}

impl<'a> Compared<'a> {
    /// Of `study`.
    ///
    /// # Errors
    /// [`Error::Failed`] if the journals cannot be read.
    pub fn new(study: &'a Study, result: &RunResults, language: Language) -> Result<Compared<'a>, Error> {
        let conclusions = Conclusions::of(study, result);
        let conclusions = conclusions.map_err(|cause| {
            Error::Failed(both!(
                "cannot read the journal: {why}", "无法读取日志：{why}"; why = reason(&cause)
            ))
        })?;
        Ok(Compared { study, conclusions, language })
    }

    fn kind(&self) -> Kind {
        self.study.experiment.kind
    }

    /// Does something with the comparison as people see it.
    fn shown<T>(&self, show: impl Fn(&Comparison) -> T) -> T {
        let Conclusions { asked, effects, courses, paired, .. } = &self.conclusions;
        let arms = self.conclusions.arms();
        let comparison =
            Comparison { asked, arms: &arms, effects, courses, paired: *paired, language: self.language };
        show(&comparison)
    }

    /// Does something with the contest as people see it.
    fn contested<T>(&self, show: impl Fn(&Shows) -> T) -> T {
        let Conclusions { asked, effects, .. } = &self.conclusions;
        show(&Shows { contest: &self.conclusions.contest(), asked, effects, language: self.language })
    }
}

impl Findings for Compared<'_> {
    fn tables(&self) -> Vec<Table<'_>> {
        self.conclusions.tables(self.kind())
    }

    fn summary(&self) -> String {
        let found = match self.kind() {
            Kind::Contest => self.contested(|contest| contest.summary()),
            _ => self.shown(table::summary),
        };
        let said = warnings_table::summary(self.study.experiment, &self.conclusions.warnings, self.language);
        [found, said].join("\n\n").trim_end().to_string() + "\n"
    }
}
