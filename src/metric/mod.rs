//! What is reported, one file for each family of metrics.

use crate::base::about::Text;

/// A number that describes the city in a month.
pub struct Metric {
    /// Column name, such as `trust.committee`.
    pub name: &'static str,
    /// Unit in words: share, yuan, days, hours, organisations …
    pub unit: &'static str,
    /// Short name for axes and tables.
    pub label: Text,
    /// One sentence that defines it.
    pub meaning: Text,
}
