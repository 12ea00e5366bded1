//! Experiments as a library: statistics with known answers, tables, checkpoints.

#[path = "../common/mod.rs"]
mod common;
#[path = "../fake/mod.rs"]
mod fake;
#[path = "../place/mod.rs"]
mod place;
#[path = "../common/program.rs"]
mod program;

mod checkpoint;
mod design_statistics;
mod record;
mod report;
mod sensitivity;
