//! Experiments as a library: statistics with known answers, tables, checkpoints.

#[path = "../common/mod.rs"]
mod common;
#[path = "../fake/mod.rs"]
mod fake;
#[path = "../place/mod.rs"]
mod place;
#[path = "../common/program.rs"]
mod program;

#[path = "../../examples/own_experiment.rs"]
#[allow(dead_code)] // Its `main` is for a terminal.
mod own_experiment;
#[path = "../../examples/run_a_scenario.rs"]
#[allow(dead_code)]
mod run_a_scenario;

mod checkpoint;
mod design_statistics;
mod known_posteriors;
mod library;
mod record;
mod report;
mod sensitivity;
mod survey_start;
mod synthetic_truths;
