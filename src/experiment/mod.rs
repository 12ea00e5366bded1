//! Running many lives, and what is concluded from them.

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
pub mod replicates;
pub mod run;
pub mod sensitivity;
pub mod study;
pub mod sweep;
pub mod validate;
pub mod warnings;
pub mod window;
pub mod workplace;
