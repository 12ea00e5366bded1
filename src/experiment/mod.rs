//! Running many lives, and what is concluded from them.

pub mod compare;
pub mod contest;
pub mod interrupt;
pub mod outcome;
pub mod replicates;
pub mod run;
pub mod window;
