//! `shequ merge`: the shards of an experiment, put together.

use std::path::PathBuf;

use clap::Args;

use super::how::{Format, show};
use super::progress::Progress;
use super::{Common, Error, interrupt, output, value_parser};
use shequ_experiment::record::manifest::arguments;
use shequ_experiment::runner::{self, Options};
use shequ_experiment::study::{Settings, Study};
use shequ_report::extras::Report;

/// Arguments of `merge`.
#[derive(Args)]
pub struct Arguments {
    /// Folders of the shards, in any order
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Parent folder of the results folder; default: that of the first shard
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Format of the tables
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Write these tables alone, without a report
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = value_parser::table)]
    tables: Vec<String>,
    /// Write tables without the page, the brief and the pictures, which `report` makes later
    #[arg(long)]
    no_report: bool,
    /// Replace existing results
    #[arg(long)]
    force: bool,
}

/// Writes the results of an experiment whose shards have all been run.
pub fn command(given: Arguments, common: Common) -> Result<(), Error> {
    let Arguments { folders, out, format, tables, no_report, force } = given;
    let report = Report { language: common.lang, page: !no_report && tables.is_empty() };
    let progress = Progress::new(common);
    interrupt::listen();
    let options = Options {
        out: out.unwrap_or_else(|| runner::parent(&folders[0]).into()),
        forms: format.forms(),
        only: tables,
        force,
        arguments: arguments(),
        settings: Settings { stop: &interrupt::asked, observer: &progress, ..Settings::default() },
        extras: Some(&report),
    };
    if let Some(merged) = runner::merged(&folders, &options)? {
        return output::print(&format!("{}\n", merged.folder().display()));
    }
    let experiment = runner::reopen(&folders[0])?;
    let study = Study::new(&experiment);
    show(&study, &runner::merge(&study, &folders, &options)?, common)
}
