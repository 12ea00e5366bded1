//! The commands, one file each.
//!
//! To add a command: write `NAME.rs` with its arguments and `run`, and add one line to `Command`
//! and one to `run`.

mod archive;
mod check;
mod choice;
mod compare;
mod completions;
mod documents;
mod experiment;
mod explain;
mod explore;
mod fit_start;
mod generate;
mod help;
mod how;
mod interrupt;
mod language;
mod man;
mod memory;
mod merge;
mod new;
pub mod output;
mod progress;
mod report;
mod reproduce;
mod results;
mod run;
mod schema;
mod status;
mod submit;
mod targets;
mod threads;
mod trace;
mod usage;
mod validate;
mod value_parser;

use std::fmt;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use shequ_experiment::file::{self, Kind};
use shequ_experiment::record::finished::NoResults;
use shequ_experiment::record::folder::Trouble;
use shequ_experiment::runner::Failure;
use shequ_experiment::workplace::Barred;
pub use shequ_model::base::i18n::Language;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problems;
use shequ_model::registry::Registry;

/// The command line.
#[derive(Parser)]
#[command(name = "shequ", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Options that every command takes.
#[derive(Args, Clone, Copy)]
pub struct Common {
    /// Language of messages and summaries; default: that of SHEQU_LANG, LC_ALL, LC_MESSAGES or LANG
    #[arg(long, global = true, value_parser = language::parser(), default_value = output::language().name(), hide_default_value = true)]
    pub lang: Language,
    /// Print errors and results only
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// Options of every command that reads a scenario.
#[derive(Args, Clone, Default)]
pub struct Overrides {
    /// Override a key, such as months=24 (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The same as --set seed.replicates=N
    #[arg(long, value_name = "N", value_parser = value_parser::within(0, u64::MAX))]
    pub seed: Option<u64>,
    /// The same as --set replicates=N
    #[arg(long, value_name = "N", value_parser = value_parser::within(0, u32::MAX))]
    pub replicates: Option<u32>,
}

impl Overrides {
    /// All as `key=value`; the short options have the last word.
    pub fn all(&self) -> Vec<String> {
        let seed = self.seed.map(|n| format!("seed.replicates={n}"));
        let replicates = self.replicates.map(|n| format!("replicates={n}"));
        self.set.iter().cloned().chain(seed).chain(replicates).collect()
    }

    /// What they say of an experiment file.
    pub fn of_experiment(&self) -> file::Overrides {
        file::Overrides { set: self.all(), replicates: self.replicates, ..file::Overrides::default() }
    }
}

/// What to do.
#[derive(Subcommand)]
enum Command {
    /// Write a commented scenario
    New(new::Arguments),
    /// Check scenarios, experiments and tables, reporting all problems at once
    Check(check::Arguments),
    /// Explain a key, table, institution, theory, rule, mode, metric or command
    Explain(explain::Arguments),
    /// Run a scenario, all replicates, into a results folder
    Run(run::Arguments),
    /// Compare policies with a baseline, using common random numbers; resumes where it stopped
    Compare(compare::Arguments),
    /// The same comparison under every theory of participation and every trust rule
    Contest(compare::ContestArguments),
    /// Run an experiment file that varies some keys; resumes where it stopped
    Sweep(experiment::PosteriorArguments),
    /// Run an experiment file and estimate the influence of each key
    Sensitivity(experiment::Arguments),
    /// Begin a scenario as a survey found the city: starting values for the rows that have a key of their own
    FitStart(fit_start::Arguments),
    /// Fit parameters to targets: which values are plausible, what they predict, and what cannot be met
    Calibrate(experiment::Arguments),
    /// Find the best mixes of levers within constraints: a front of those that no other beats
    Search(experiment::PosteriorArguments),
    /// Put the shards of an experiment together
    Merge(merge::Arguments),
    /// Submit an experiment to a cluster, as an array of shards
    Submit(submit::Arguments),
    /// Show how far an experiment is
    Status(status::Arguments),
    /// Rebuild the report of a results folder: one page that opens offline
    Report(report::Arguments),
    /// Run a results folder again and say whether every byte of its tables is the same
    Reproduce(reproduce::Arguments),
    /// Write a results folder to a zip to deposit, with what is needed to cite it and to run it again
    Archive(archive::Arguments),
    /// Move levers and see the answer in the browser, on this machine alone
    Explore(explore::Arguments),
    /// Show why one resident did what they did, term by term
    Trace(trace::Arguments),
    /// Reproduce published results: expected, measured, tolerance, verdict
    Validate(validate::Arguments),
    /// Print the JSON Schema of scenario files, or of experiment files
    Schema(schema::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Print the manual page
    Man,
    /// Write or check the files that are made from the program
    #[command(hide = true)]
    Generate(generate::Arguments),
}

fn run(cli: Cli) -> Result<(), Error> {
    let common = cli.common;
    match cli.command {
        Command::New(arguments) => new::run(arguments, common),
        Command::Check(arguments) => check::run(arguments, common),
        Command::Explain(arguments) => explain::run(arguments, common),
        Command::Run(arguments) => run::command(arguments, common),
        Command::Compare(arguments) => compare::compare(arguments, common),
        Command::Contest(arguments) => compare::contest(arguments, common),
        Command::Sweep(arguments) => experiment::under_a_posterior(arguments, common, Kind::Sweep),
        Command::Sensitivity(arguments) => experiment::command(arguments, common, Kind::Sensitivity),
        Command::FitStart(arguments) => fit_start::run(arguments, common),
        Command::Calibrate(arguments) => experiment::command(arguments, common, Kind::Calibrate),
        Command::Search(arguments) => experiment::under_a_posterior(arguments, common, Kind::Search),
        Command::Merge(arguments) => merge::command(arguments, common),
        Command::Submit(arguments) => submit::command(arguments, common),
        Command::Status(arguments) => status::command(arguments, common),
        Command::Report(arguments) => report::command(arguments, common),
        Command::Reproduce(arguments) => reproduce::command(arguments, common),
        Command::Archive(arguments) => archive::command(arguments, common),
        Command::Explore(arguments) => explore::command(arguments, common),
        Command::Trace(arguments) => trace::run(arguments, common),
        Command::Validate(arguments) => validate::run(arguments, common),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man => man::run(),
        Command::Generate(arguments) => generate::run(arguments, common),
    }
}

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub enum Error {
    /// A run failed or a check did not hold.
    Failed(Both),
    /// The command cannot be carried out as it was given.
    Usage(Both),
    /// A scenario is wrong.
    Problems(Problems),
    /// Ctrl-C; finished runs are saved.
    Interrupted,
    /// No error: help or the version, as the parser of the command line has them ready.
    Help(clap::Error),
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Error {
        Error::Problems(problems)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        match failure {
            Failure::Stopped => Error::Interrupted,
            Failure::Refused(words) => Error::Usage(words),
            Failure::Problems(problems) => Error::Problems(problems),
            Failure::Failed(words) => Error::Failed(words),
        }
    }
}

impl From<NoResults> for Error {
    fn from(why: NoResults) -> Error {
        Failure::from(why).into()
    }
}

impl From<Barred> for Error {
    fn from(barred: Barred) -> Error {
        Failure::from(barred).into()
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Error {
        Failure::from(trouble).into()
    }
}

impl Error {
    /// The exit code that scripts may rely on.
    pub fn code(&self) -> u8 {
        match self {
            Error::Failed(_) => 1,
            Error::Usage(_) | Error::Problems(_) => 2,
            Error::Interrupted => interrupt::STOPPED,
            // 0 where it was asked for, 2 where nothing else was.
            Error::Help(help) => help.exit_code() as u8,
        }
    }

    /// As text in `language`, for a terminal or for one without colour.
    fn render(&self, language: Language, colour: bool) -> String {
        let words = match self {
            Error::Problems(problems) => return problems.render(language, colour),
            Error::Interrupted => both!("stopped", "已停止"),
            Error::Help(help) => return help.render().to_string(),
            Error::Failed(words) | Error::Usage(words) => {
                both!("error: {words}", "错误：{words}"; words = *words)
            }
        };
        words.of(language).into()
    }
}

impl fmt::Display for Error {
    /// In English, as errors of Rust are.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.render(Language::En, false))
    }
}

impl std::error::Error for Error {}

/// The program with the standard institutions, theories and rules.
pub fn main() -> ExitCode {
    main_with(Registry::standard())
}

/// The program with what is in `registry`: parses the command line, does what it says, and turns the outcome
/// into an exit code.
pub fn main_with(registry: Registry) -> ExitCode {
    let language = language::of_command_line(std::env::args_os().skip(1));
    output::speak(language);
    let installed = registry.install().map_err(|refused| Error::Usage(refused.message().clone()));
    match installed.and_then(|()| usage::read(language)).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match &error {
                // A closed pipe ends the program with status 0.
                Error::Help(help) => drop(help.print()),
                _ => output::say(&error.render(language, output::colour())),
            }
            ExitCode::from(error.code())
        }
    }
}
