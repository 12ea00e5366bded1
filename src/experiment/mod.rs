//! Running many lives.

pub mod interrupt;
pub mod run;
pub mod validate;
