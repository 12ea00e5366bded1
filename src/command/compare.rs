//! `shequ compare` and `shequ contest`: policies against a base.

use std::path::PathBuf;

use clap::Args;

use super::how::How;
use super::{Common, Error};
use shequ_experiment::file::{self, Experiment, Kind};
use shequ_experiment::outcome::Outcome;
use shequ_experiment::smallest;
use shequ_experiment::window::Window;
use shequ_model::base::i18n::both;

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
    /// The smallest effect on an outcome that matters, in its unit (repeatable)
    #[arg(long, value_name = "METRIC=NUMBER", value_parser = smallest::parse)]
    smallest_effect: Vec<(Outcome, f64)>,
    /// A table of draws of parameters: each pair of replicates runs under one of them, and arms are ranked
    #[arg(long, value_name = "FILE")]
    posterior: Option<PathBuf>,
    /// An outcome of which less is better, where a posterior ranks the arms (repeatable)
    #[arg(long, value_name = "METRIC", value_parser = Outcome::named)]
    lower: Vec<Outcome>,
    /// Compare although cities or seeds differ: without common random numbers, and less precisely
    #[arg(long)]
    allow_unlike: bool,
    #[command(flatten)]
    how: How,
}

/// Arguments of `contest`.
#[derive(Args)]
pub struct ContestArguments {
    /// A table of weights of theories and rules, as `validate --weights` writes it: effects are averaged by them too
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    #[command(flatten)]
    arguments: Arguments,
}

/// Carries out the comparison of `arguments`.
pub fn compare(arguments: Arguments, common: Common) -> Result<(), Error> {
    command(arguments, common, Kind::Compare, None)
}

/// Carries out the contest of `arguments`.
pub fn contest(arguments: ContestArguments, common: Common) -> Result<(), Error> {
    let ContestArguments { weights, arguments } = arguments;
    command(arguments, common, Kind::Contest, weights)
}

fn command(arguments: Arguments, common: Common, kind: Kind, weights: Option<PathBuf>) -> Result<(), Error> {
    let Arguments { files, window, outcome, primary, smallest_effect, posterior, lower, allow_unlike, how } =
        arguments;
    let overrides = file::Overrides {
        windows: window,
        outcomes: outcome,
        primary,
        smallest: smallest_effect,
        posterior,
        weights,
        lower,
        allow_unlike,
        ..how.overrides()
    };
    let experiment = match &files[..] {
        [file] => Experiment::load(file, Some(kind), &overrides)?,
        [base, arms @ ..] => Experiment::of_scenarios(kind, base, arms, &overrides)?,
        [] => return Err(Error::Usage(both!("there are no effects to compare", "没有可比较的效应"))),
    };
    how.carry_out(&experiment, common)
}
