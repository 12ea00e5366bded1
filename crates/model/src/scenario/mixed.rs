//! Scenarios that have some keys from one scenario and all others from another.

use std::collections::BTreeSet;

use super::Loaded;
use super::document::Change;
use super::loaded::finish;
use crate::base::problem::Problems;

/// Keys that tell scenarios apart and change nothing in them.
const NAMES: [&str; 3] = ["name", "name_zh", "replicates"];

impl Loaded {
    /// The keys that have another course than in `base`: another value at the start, or other changes later.
    pub fn departures(&self, base: &Loaded) -> Vec<String> {
        let is_name = |key: &str| NAMES.contains(&key);
        let keys = self.draft.values.keys().filter(|key| !is_name(key));
        let changed = |key: &str, loaded: &Loaded| -> Vec<String> {
            let of =
                |change: &Change| change.only(|path| path == key).map(|own| format!("{:?}", own.course()));
            loaded.draft.changes.iter().filter_map(of).collect()
        };
        let value = |key: &str, loaded: &Loaded| loaded.value(key).map(|given| given.value.clone());
        keys.filter(|key| value(key, self) != value(key, base) || changed(key, self) != changed(key, base))
            .cloned()
            .collect()
    }

    /// The same scenario but for `keys`, which have the course that they have in `other`.
    ///
    /// # Errors
    /// What the values contradict.
    pub fn taking(&self, keys: &BTreeSet<String>, other: &Loaded) -> Result<Loaded, Problems> {
        let mut draft = self.draft.clone();
        for key in keys {
            if let Some(given) = other.draft.values.get(key) {
                draft.values.insert(key.clone(), given.clone());
            }
        }
        let kept = self.draft.changes.iter().filter_map(|change| change.only(|path| !keys.contains(path)));
        draft.changes = kept.collect();
        let taken = other.draft.changes.iter().filter_map(|change| change.only(|path| keys.contains(path)));
        taken.for_each(|change| draft.lay_under(change));
        finish(draft, &[], Problems::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const BASE: &str = "name = \"A\"\nburn_in = 0\n";
    const OTHER: &str = "name = \"B\"\nburn_in = 0\nelection.publicity = 0.9\nmodes.meeting.hours = 3\n\
                         [[change]]\nfrom = \"2018-01\"\nelection.publicity = 0.5\nmodes.event.hours = 5\n";

    fn load(text: &str) -> Loaded {
        Scenario::from_text("a.toml", text, &[]).unwrap()
    }

    fn keys(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn a_key_is_taken_with_all_its_later_changes() {
        let (base, other) = (load(BASE), load(OTHER));
        let all = ["election.publicity", "modes.event.hours", "modes.meeting.hours"];
        assert_eq!(other.departures(&base), all);
        let one = base.taking(&keys(&all[..1]), &other).unwrap();
        assert_eq!(one.departures(&base), all[..1]);
        assert_eq!(other.departures(&one), all[1..]);
        assert_eq!(one.scenario.name, "A");
        // None of the keys is the base, and all of them are the other scenario but for its name.
        assert_eq!(base.taking(&keys(&[]), &other).unwrap().canonical_toml(), base.canonical_toml());
        let whole = base.taking(&keys(&all), &other).unwrap();
        assert_eq!(whole.scenario.periods, other.scenario.periods);
        assert_eq!(whole.taking(&keys(&all), &base).unwrap().canonical_toml(), base.canonical_toml());
    }
}
