//! Experiments with the model: many runs in parallel, what is concluded from them, and the folders and tables
//! that hold their results.
//!
//! There is one way through, whatever is carried out; a run is an experiment of one row:
//!
//! ```text
//! Experiment -> Study (rows) -> Plan (runs) -> execute (workers, journal, checkpoints) -> RunResults
//!            -> Findings -> tables -> results folder -> what the caller adds to it
//! ```
//!
//! | step | module |
//! |---|---|
//! | what is asked: a file, or a scenario | [`mod@file`] |
//! | its rows, its identity, whether replicates are enough | [`study`], [`plan`], `replicates` |
//! | from a row to a replicate that can be run | [`prepare`] |
//! | cities at rest, kept for other commands | [`starts`] |
//! | under which values of parameters a replicate runs | [`posterior`] |
//! | what a run costs, by a pilot | [`pilot`] |
//! | runs side by side; what is finished, and what is not yet | [`execute`], `journal`, [`checkpoint`] |
//! | the folder under way, and who may work in it | [`workplace`], `lock` |
//! | what is concluded, by kind | [`findings`] |
//! | all of it, into a results folder | [`runner`], [`record`] |
//! | runs alone, without a folder | [`in_memory`] |
//! | whether there is memory enough | [`memory`] |
//!
//! [`run`] goes the whole way; see `docs/tutorial/run-a-scenario.md` and `docs/tutorial/own-experiment.md`.

pub mod calibrate;
pub mod checkpoint;
pub mod compare;
pub mod contest;
pub mod design;
pub mod execute;
pub mod file;
pub mod findings;
mod followed;
pub mod idle;
pub mod in_memory;
mod journal;
mod lock;
pub mod main_effects;
pub mod memory;
pub mod observer;
pub mod outcome;
pub mod parts;
pub mod pilot;
pub mod plan;
pub mod posterior;
pub mod prepare;
pub mod quantity;
pub mod record;
mod replicates;
mod results;
pub mod runner;
pub mod search;
pub mod sensitivity;
pub mod smallest;
pub mod starts;
pub mod study;
pub mod sweep;
pub mod targets;
pub mod validate;
pub mod warnings;
pub mod window;
pub mod workplace;

pub use file::Experiment;
pub use findings::Findings;
pub use observer::Observer;
pub use runner::{Failure, Finished, Options, carry_out, merge, run};
pub use study::{Settings, Study};
