//! How many threads there are to work with.

use shequ_experiment::record::manifest::cores;

/// Threads to use: as asked, or as many as the machine has.
pub fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(cores, usize::from).max(1)
}
