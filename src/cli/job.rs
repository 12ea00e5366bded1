//! From a scenario that was loaded to lives that can be lived.

use std::sync::Arc;

use super::run::{Job, Model};
use super::{Error, Language};
use crate::city::City;
use crate::city::synth::{self, Margin};
use crate::experiment::run::KeepGoing;
use crate::metric;
use crate::model::{self, Fixed};
use crate::record::Life;
use crate::record::manifest::Seeds;
use crate::scenario::{Loaded, Scenario};

/// A scenario with its city built and its theory fitted.
pub struct Prepared {
    /// What is recorded of it.
    pub job: Job,
    scenario: Scenario,
    city: City,
    fixed: Arc<Fixed>,
    margins: Vec<Margin>,
    columns: Vec<&'static str>,
}

impl Prepared {
    /// Builds the city, on `threads` threads. Pictures are titled in `language`.
    ///
    /// # Errors
    /// [`Error::Failed`] if the system gives us no threads.
    pub fn new(loaded: &Loaded, language: Language, threads: usize) -> Result<Prepared, Error> {
        let scenario = loaded.scenario.clone();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|e| Error::Failed(format!("cannot start {threads} threads: {e}")))?;
        let residents = &scenario.eras[0].rules.residents;
        let city = pool.install(|| synth::city(&scenario.population, residents, scenario.seed.city));
        Ok(Prepared {
            job: job(loaded, language, &city),
            margins: synth::margins(&city, &scenario.population),
            fixed: model::prepare(&scenario),
            columns: model::community_metrics().map(|m| m.name).collect(),
            scenario,
            city,
        })
    }

    /// One life, from beginning to end.
    pub fn live(&self, replicate: u32, keep_going: &KeepGoing) -> Option<Life> {
        model::live(&self.scenario, &self.fixed, &self.city, replicate, keep_going)
    }

    /// What running and recording need to know of the model.
    pub fn model<'a>(&'a self, live: &'a crate::experiment::run::Live<'a>) -> Model<'a> {
        Model { metrics: metric::all(), community_columns: &self.columns, margins: &self.margins, live }
    }
}

fn job(loaded: &Loaded, language: Language, city: &City) -> Job {
    let scenario = &loaded.scenario;
    let chinese = language == Language::Zh && !scenario.name_zh.is_empty();
    Job {
        name: scenario.name.clone(),
        title: if chinese { &scenario.name_zh } else { &scenario.name }.clone(),
        resolved: loaded.resolved_toml(),
        start: scenario.start,
        months: scenario.months,
        replicates: 0..scenario.replicates,
        all_replicates: scenario.replicates,
        residents: city.adults() as u64,
        seeds: Seeds { city: scenario.seed.city, life: scenario.seed.life },
        changes: changes(loaded),
    }
}

/// The dated changes of the scenario, each with the keys that it changes.
fn changes(loaded: &Loaded) -> Vec<(u32, String)> {
    let start = loaded.scenario.start;
    let inside = loaded.draft.changes.iter().filter(|change| change.from > start);
    inside
        .map(|change| {
            let keys: Vec<&str> = change.entries.iter().map(|entry| entry.path.as_str()).collect();
            (change.from.since(start) as u32, keys.join(", "))
        })
        .collect()
}

/// Threads to use: as asked, or as many as the machine has.
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get())).max(1)
}
