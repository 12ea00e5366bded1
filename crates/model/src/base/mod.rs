//! What every other room stands on: keyed randomness, elementary functions, the calendar, and the
//! words with which keys, institutions, metrics and problems describe themselves.

pub mod ballot;
pub mod i18n;
pub mod list;
pub mod math;
pub mod month;
pub mod params;
pub mod prior;
pub mod problem;
pub mod remainders;
pub mod rng;
pub mod stats;
pub mod student;
pub mod units;
pub mod visible;
