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
    /// `bad[k]` in [0, 1] say how much of each resident `k` had, by what its kind weighs. All slices have the same length, but
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
    Ok(Box::new(Compiled(T::of(table.clone())?)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::{CounterRng, Stream};

    #[test]
    fn all_rules_rest_where_good_and_bad_experiences_balance_by_what_their_kind_weighs() {
        // Good ones weigh w, bad ones 1, a share q is good: trust rests at q·w / (q·w + 1 − q) in the mean.
        let rng = CounterRng::new(5, 0);
        for entry in all() {
            let defaults = (entry.keys)().into_iter().map(|key| (key.name.to_string(), key.default));
            let rule = (entry.build)(&defaults.collect()).unwrap();
            for (q, w) in [(0.8, 1.0f32), (0.8, 0.4), (0.5, 0.4)] {
                let (mut trust, mut memory) = (vec![0.5f32; 4_000], vec![f32::NAN; 4_000]);
                if rule.remembers().is_none() {
                    memory.clear();
                }
                for month in 0..200 {
                    let is_good = |who| rng.uniform(Stream::named("test"), who, month, 0) < q;
                    let good: Vec<f32> = (0..4_000).map(|who| is_good(who) as u8 as f32 * w).collect();
                    let bad: Vec<f32> = good.iter().map(|&g| (g == 0.0) as u8 as f32).collect();
                    rule.update(&mut trust, &good, &bad, &mut memory);
                }
                let mean = trust.iter().map(|&t| t as f64).sum::<f64>() / 4_000.0;
                let (good, bad) = (q * w as f64, 1.0 - q);
                let expected = good / (good + bad);
                // Steps are linear in trust, so the mean is exact. Between residents trust differs by less than .2
                // and nothing is left of the beginning: four standard errors of the mean are .013.
                let apart = mean - expected;
                assert!(
                    apart.abs() < 0.015,
                    "{}: q = {q}, w = {w}: {mean} instead of {expected}",
                    entry.name
                );
            }
        }
    }
}
