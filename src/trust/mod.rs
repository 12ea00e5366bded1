//! How trust moves: rival rules behind one interface, one file each.
//!
//! To add a rule: write one file with a type that is its settings and implements [`Rule`], and add
//! one line to [`ALL`].

pub mod asymmetric;

use toml::Table;

use crate::base::about::{Key, Section, Settings, Text};

/// A rule by which experience moves trust.
pub trait Rule: Send + Sync {
    /// Moves `trust` of a block of residents in one target by this month's experience: `good[k]` and
    /// `bad[k]` in [0, 1] say how much of each resident `k` had. All slices have the same length.
    fn update(&self, trust: &mut [f32], good: &[f32], bad: &[f32]);
}

/// A registered rule.
pub struct Entry {
    /// Word for `theory.trust` and name of its table.
    pub name: &'static str,
    /// Path of its table.
    pub path: &'static str,
    /// What it says.
    pub summary: Text,
    /// Its equation.
    pub equation: &'static str,
    /// Its keys.
    pub keys: fn() -> Vec<Key>,
    /// The rule with the settings of its table, which has been checked.
    pub build: fn(&Table) -> Result<Box<dyn Rule>, toml::de::Error>,
}

/// Every rule.
pub const ALL: &[Entry] = &[asymmetric::ENTRY];

/// For [`Entry::build`]: the rule whose settings `T` are the rule itself.
pub fn build<T: Rule + Settings + 'static>(table: &Table) -> Result<Box<dyn Rule>, toml::de::Error> {
    Ok(Box::new(T::deserialize(table.clone())?))
}

/// The tables of all rules.
pub fn sections() -> Vec<Section> {
    ALL.iter().map(|e| Section { path: e.path, meaning: e.summary, keys: (e.keys)() }).collect()
}
