//! Figures that the model should give: a table of targets, what a run gives in their place, and how near it comes.
//!
//! A target is a row of a table ([`table`]); it may be a number, a bound, a range or only a sign. The quantity is
//! read off a run as a survey would ask for it ([`measure`]); each combination of theory and rule is judged by the
//! same replicates ([`score`]), a figure is held against a target with all that is doubtful about both ([`held`]),
//! and what was held back says how much each should count ([`choice`]). Targets of a survey say where a city begins
//! ([`mod@start`]).

pub mod choice;
pub mod held;
pub mod measure;
pub mod score;
pub mod start;
pub mod table;

pub use choice::Choice;
pub use score::{Combination, Judged, Verdict, scores};
pub use table::{Aim, Target, Use};
