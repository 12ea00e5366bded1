//! Why a resident takes part: rival theories behind one interface, one file each.
//!
//! To add a theory: write one file with a type that is its settings and implements [`Theory`], and
//! add one line to [`ALL`].

pub mod calculus;
pub mod threshold;

use toml::Table;

use crate::base::about::{Key, Section, Settings, Text};
use crate::city::Mode;

/// What a theory may know of a block of residents who consider one mode. All slices have the same
/// length; values are in [0, 1] unless said otherwise.
pub struct Inputs<'a> {
    /// The mode.
    pub mode: Mode,
    /// Lasting inclination, standard normal.
    pub disposition: &'a [f32],
    /// Share of acquaintances who took part when the mode was last open.
    pub norm: &'a [f32],
    /// Habit of this mode.
    pub habit: &'a [f32],
    /// What there is to gain, by stake and need.
    pub benefit: &'a [f32],
    /// Time and effort that it costs, relative to the resident's own.
    pub cost: &'a [f32],
    /// Sense of duty.
    pub duty: &'a [f32],
    /// Trust in the mode's counterpart.
    pub trust: &'a [f32],
    /// External efficacy.
    pub voice: &'a [f32],
    /// 1 if asked in person this month, else 0.
    pub asked: &'a [f32],
}

impl<'a> Inputs<'a> {
    /// The inputs of resident `k` alone.
    pub fn only(&self, k: usize) -> Inputs<'a> {
        let one = |column: &'a [f32]| &column[k..k + 1];
        Inputs {
            mode: self.mode,
            disposition: one(self.disposition),
            norm: one(self.norm),
            habit: one(self.habit),
            benefit: one(self.benefit),
            cost: one(self.cost),
            duty: one(self.duty),
            trust: one(self.trust),
            voice: one(self.voice),
            asked: one(self.asked),
        }
    }
}

/// One term of a decision, for `shequ trace`.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Name in the theory's own words.
    pub name: Text,
    /// Its contribution, in the theory's own unit.
    pub value: f64,
}

/// A theory of participation.
pub trait Theory: Send + Sync {
    /// Writes each resident's probability of taking part, given that the mode is open to them and
    /// they know it, to `out`. It must not fall when `intercept` rises.
    fn probability(&self, intercept: f32, inputs: &Inputs, out: &mut [f32]);

    /// The terms behind resident `k` of the block; the last one is the probability.
    fn terms(&self, intercept: f32, inputs: &Inputs, k: usize) -> Vec<Term>;
}

/// A registered theory.
pub struct Entry {
    /// Word for `theory.participation` and name of its table.
    pub name: &'static str,
    /// Path of its table.
    pub path: &'static str,
    /// What it says.
    pub summary: Text,
    /// Its equation.
    pub equation: &'static str,
    /// Its keys.
    pub keys: fn() -> Vec<Key>,
    /// The theory with the settings of its table, which has been checked.
    pub build: fn(&Table) -> Result<Box<dyn Theory>, toml::de::Error>,
}

/// Every theory.
pub const ALL: &[Entry] = &[calculus::ENTRY, threshold::ENTRY];

/// For [`Entry::build`]: the theory whose settings `T` are the theory itself.
pub fn build<T: Theory + Settings + 'static>(table: &Table) -> Result<Box<dyn Theory>, toml::de::Error> {
    Ok(Box::new(T::deserialize(table.clone())?))
}

/// The tables of all theories.
pub fn sections() -> Vec<Section> {
    ALL.iter().map(|e| Section { path: e.path, meaning: e.summary, keys: (e.keys)() }).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One resident's inputs, all moderate.
    pub struct Person {
        pub disposition: f32,
        pub norm: f32,
        pub habit: f32,
        pub benefit: f32,
        pub cost: f32,
        pub duty: f32,
        pub trust: f32,
        pub voice: f32,
        pub asked: f32,
    }

    impl Default for Person {
        fn default() -> Person {
            Person {
                disposition: 0.0,
                norm: 0.2,
                habit: 0.2,
                benefit: 0.5,
                cost: 0.3,
                duty: 0.3,
                trust: 0.5,
                voice: 0.5,
                asked: 0.0,
            }
        }
    }

    /// Probability under `theory` of a population of copies of `person`.
    pub fn everyone(theory: &dyn Theory, intercept: f32, person: Person) -> f32 {
        let inputs = Inputs {
            mode: Mode::Meeting,
            disposition: &[person.disposition],
            norm: &[person.norm],
            habit: &[person.habit],
            benefit: &[person.benefit],
            cost: &[person.cost],
            duty: &[person.duty],
            trust: &[person.trust],
            voice: &[person.voice],
            asked: &[person.asked],
        };
        let mut out = [0.0];
        theory.probability(intercept, &inputs, &mut out);
        out[0]
    }

    #[test]
    fn no_theory_lowers_participation_when_its_intercept_rises() {
        for entry in ALL {
            let table = (entry.keys)().iter().map(|k| (k.name.to_string(), k.default.clone())).collect();
            let theory = (entry.build)(&table).unwrap();
            let mut last = 0.0;
            for step in -40..=40 {
                let p = everyone(theory.as_ref(), step as f32 / 4.0, Person::default());
                assert!(p >= last && p <= 1.0, "{} at {step}", entry.name);
                last = p;
            }
        }
    }
}
