//! What every other room stands on: keyed randomness, elementary functions, the calendar, and the
//! words with which keys, institutions, metrics and problems describe themselves.

pub mod about;
pub mod ballot;
pub mod luck;
pub mod math;
pub mod month;
pub mod problem;
pub mod stats;
pub mod student;
pub mod units;
pub mod visible;
pub mod words;
