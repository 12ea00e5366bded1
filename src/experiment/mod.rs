//! Running many lives.

pub mod design;
pub mod interrupt;
pub mod run;
pub mod sensitivity;
