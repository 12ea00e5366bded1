//! Experiments with the model: many runs in parallel, what is concluded from them, and the folders and tables
//! that hold their results.

pub mod compare;
pub mod contest;
pub mod design;
pub mod execute;
pub mod file;
pub mod idle;
pub mod interrupt;
pub mod journal;
pub mod lock;
pub mod main_effects;
pub mod outcome;
pub mod plan;
pub mod prepare;
pub mod progress;
pub mod quantity;
pub mod record;
pub mod replicates;
pub mod resume;
pub mod run;
pub mod sensitivity;
pub mod study;
pub mod sweep;
pub mod validate;
pub mod warnings;
pub mod window;
pub mod workplace;
