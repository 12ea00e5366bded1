//! Published and exact results as runnable cases: a scenario, what is measured, and what is expected.
//!
//! A case is a file (`case`); the scenario in it goes the same way as every other. [`bundled`] names
//! the cases that are part of the program.

pub mod bundled;
pub(crate) mod case;
mod measure;
mod quantity;
pub mod run;

pub use case::{Case, Check};
pub use run::{Verdict, verdicts};
