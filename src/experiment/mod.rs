//! Running many lives, and what is concluded from them.

pub mod compare;
pub mod contest;
pub mod design;
pub mod interrupt;
pub mod outcome;
pub mod replicates;
pub mod run;
pub mod sensitivity;
pub mod window;
