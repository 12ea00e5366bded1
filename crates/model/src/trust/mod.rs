//! How trust moves: rival rules behind one interface, one file each.
//!
//! To add a rule: write one file with a type that is its settings and implements [`Rule`], and add
//! one line to the list of rules.

pub mod asymmetric;
pub mod beta;
mod circle;
pub mod social;

pub use circle::{Circle, Influence};
use multiversion::multiversion;
use toml::Table;

use crate::base::list::List;
use crate::base::params::{Registered, Section, Settings, Text};

/// A rule by which experience changes trust.
pub trait Rule: Send + Sync {
    /// Moves `trust` of a block of residents in one target by this month's experience: `good[k]` and
    /// `bad[k]` in [0, 1] say how much of each resident `k` had. All slices have the same length, but
    /// `memory` is empty if the rule remembers nothing; NaN in it stands for "nothing yet". Said to be always
    /// inlined, it is compiled for newer processors too.
    fn update(&self, trust: &mut [f32], good: &[f32], bad: &[f32], memory: &mut [f32]);

    /// True if trust stays where it is, to the last bit, in a month without experience.
    fn rests(&self) -> bool {
        false
    }

    /// What it remembers of each resident's dealings with each target, if anything: a column for each
    /// target is allocated at the beginning of a replicate.
    fn remembers(&self) -> Option<Text> {
        None
    }

    /// How trust moves by what acquaintances trust, if it does: after the month's experience.
    fn influence(&self) -> Option<&dyn Influence> {
        None
    }
}

/// A registered rule.
pub type Entry = Registered<dyn Rule>;

/// The standard rules, and those from outside.
static RULES: List<Entry> = List::new(&[asymmetric::ENTRY, beta::ENTRY, social::ENTRY]);

/// Every rule.
pub fn all() -> &'static [&'static Entry] {
    RULES.all()
}

/// The list of rules, to add to it.
pub(crate) fn list() -> &'static List<Entry> {
    &RULES
}

/// For [`Entry::build`]: the rule whose settings `T` are the rule itself.
pub fn build<T: Rule + Settings + 'static>(table: &Table) -> Result<Box<dyn Rule>, toml::de::Error> {
    Ok(Box::new(Compiled(T::deserialize(table.clone())?)))
}

/// A rule whose loop is compiled for several generations of processors; the one at hand is found out when
/// the program runs.
struct Compiled<T>(T);

impl<T: Rule> Rule for Compiled<T> {
    fn update(&self, trust: &mut [f32], good: &[f32], bad: &[f32], memory: &mut [f32]) {
        update(&self.0, trust, good, bad, memory);
    }

    fn rests(&self) -> bool {
        self.0.rests()
    }

    fn remembers(&self) -> Option<Text> {
        self.0.remembers()
    }

    fn influence(&self) -> Option<&dyn Influence> {
        self.0.influence()
    }
}

#[multiversion(targets = "simd")]
fn update<T: Rule>(rule: &T, trust: &mut [f32], good: &[f32], bad: &[f32], memory: &mut [f32]) {
    rule.update(trust, good, bad, memory);
}

/// The tables of all rules.
pub fn sections() -> Vec<Section> {
    all().iter().map(|entry| entry.section()).collect()
}
