//! A run: the experiment of one scenario, of whose replicates everything is kept.

use std::path::Path;

use toml::{Table, Value};

use super::{Experiment, Kind, Overrides, resolved};
use crate::record::folder::{hash, scenario_hash};
use crate::replicates::Replicates;
use crate::smallest::Smallest;
use shequ_model::base::problem::Problems;
use shequ_model::scenario::{Loaded, Scenario};

/// The key that says which replicate is run alone.
const ONLY: &str = "replicate";

impl Experiment {
    /// The run of a scenario: all of its replicates, or `only` one.
    pub fn of_run(loaded: Loaded, only: Option<u32>) -> Experiment {
        let Scenario { name, name_zh, replicates, .. } = &loaded.scenario;
        Experiment {
            kind: Kind::Run,
            name: name.clone(),
            name_zh: name_zh.clone(),
            replicates: Replicates::Fixed(only.map_or(*replicates, |_| 1)),
            first_replicate: only.unwrap_or(0),
            base: loaded,
            arms: Vec::new(),
            allow_unlike: false,
            outcomes: Vec::new(),
            primary: Vec::new(),
            smallest: Smallest::default(),
            windows: Vec::new(),
            design: None,
            posterior: None,
            weights: None,
            lower: Vec::new(),
            calibration: None,
            search: None,
            bundles: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The experiment of a folder under way, as its files say.
    ///
    /// # Errors
    /// What is wrong with them; another version of the program may have written them.
    pub fn reopen(folder: &Path) -> Result<Experiment, Problems> {
        let path = folder.join(resolved::EXPERIMENT);
        match run_of(&path) {
            Some(run) => {
                let only = run.get(ONLY).and_then(Value::as_integer);
                let loaded = Scenario::load(&folder.join(resolved::SCENARIO), &[])?;
                Ok(Experiment::of_run(loaded, only.and_then(|only| u32::try_from(only).ok())))
            }
            None => Experiment::load(&path, None, &Overrides::default()),
        }
    }

    /// The one replicate that is run, unless all are.
    fn only(&self) -> Option<u32> {
        let all = (0, self.base.scenario.replicates);
        ((self.first_replicate, self.replicates.first()) != all).then_some(self.first_replicate)
    }

    /// What says that this is a run, in place of the keys of other kinds.
    pub(super) fn run_toml(&self) -> String {
        let only = self.only().map_or(String::new(), |only| format!("{ONLY} = {only}\n"));
        format!("kind = \"{}\"\nscenario = \"{}\"\n{only}", Kind::Run.name(), resolved::SCENARIO)
    }

    /// What the results of a run depend on: the scenario, the model and, if not all are run, the replicates.
    pub(crate) fn run_hash(&self) -> String {
        let scenario = scenario_hash(&self.base.resolved_toml(), shequ_model::VERSION);
        let only = self.only().map(|only| format!("{:?}", only..only + 1));
        let beside: Vec<String> = only.into_iter().chain(self.functions_in_words()).collect();
        match beside.is_empty() {
            true => scenario,
            false => hash(std::iter::once(scenario.as_str()).chain(beside.iter().map(String::as_str))),
        }
    }
}

/// The file at `path`, if it describes a run.
fn run_of(path: &Path) -> Option<Table> {
    let text = std::fs::read_to_string(path).ok()?;
    let table: Table = text.parse().ok()?;
    (table.get("kind")?.as_str()? == Kind::Run.name()).then_some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_again_from_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let loaded = Scenario::from_text("a.toml", "name = \"A\"\nreplicates = 4\n", &[]).unwrap();
        let mut hashes = Vec::new();
        for only in [None, Some(0), Some(3)] {
            let run = Experiment::of_run(loaded.clone(), only);
            for (name, text) in
                [(resolved::EXPERIMENT, run.resolved_toml()), (resolved::SCENARIO, run.base.resolved_toml())]
            {
                std::fs::write(folder.path().join(name), text).unwrap();
            }
            let again = Experiment::reopen(folder.path()).unwrap();
            assert_eq!(again.run_hash(), run.run_hash());
            assert_eq!((again.first_replicate, again.replicates), (run.first_replicate, run.replicates));
            hashes.push(run.run_hash());
        }
        hashes.dedup();
        assert_eq!(hashes.len(), 3);
    }
}
