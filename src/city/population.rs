//! `[population]`: how the city is built.

use serde::{Deserialize, Serialize};

use crate::base::about::{self, Key};

/// Settings of the section `[population]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub communities: u32,
    pub adults: u32,
}

impl about::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::count("communities", 10, 1, 10_000)
                .fixed()
                .means("Number of communities.", "社区数量。")
                .choice(),
            Key::count("adults", 3_000, 1, 2_000_000)
                .fixed()
                .unit("adults")
                .means("Mean number of adults in a community.", "每个社区成年居民的平均数。")
                .choice(),
        ]
    }
}
