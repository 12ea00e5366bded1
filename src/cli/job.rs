//! From a scenario that was loaded to lives that can be lived.

use std::sync::{Arc, Mutex, PoisonError};

use super::run::{Job, Model};
use super::{Error, Language};
use crate::base::words::{Both, both};
use crate::city::City;
use crate::city::synth::{self, Margin};
use crate::experiment::run::KeepGoing;
use crate::metric;
use crate::model::{self, Fixed};
use crate::record::Life;
use crate::record::checkpoint::Checkpoints;
use crate::record::manifest::Seeds;
use crate::report::plots;
use crate::scenario::{Loaded, Scenario};

/// A scenario with its city built and its theory fitted.
pub struct Prepared {
    /// What is recorded of it.
    pub job: Job,
    scenario: Scenario,
    /// The city, and how many lives are yet to be lived in it: the last one takes it.
    city: Mutex<(u32, Option<Arc<City>>)>,
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
        let pool = pool(threads)?;
        let residents = &scenario.eras[0].rules.residents;
        let city = pool.install(|| synth::city(&scenario.population, residents, scenario.seed.city));
        Ok(Prepared {
            job: job(loaded, language, &city),
            margins: synth::margins(&city, &scenario.population),
            fixed: model::prepare(&scenario),
            columns: model::community_metrics().map(|m| m.name).collect(),
            city: Mutex::new((scenario.replicates, Some(Arc::new(city)))),
            scenario,
        })
    }

    /// One life, from beginning to end, or from its checkpoint if there are any; `None` if it was stopped.
    /// As many can be lived as the scenario has replicates.
    pub fn live(
        &self,
        replicate: u32,
        checkpoints: Option<&Checkpoints>,
        keep_going: &KeepGoing,
    ) -> Option<Result<Life, Both>> {
        let city = Arc::unwrap_or_clone(self.city()?);
        let lived = model::live_of(&self.scenario, &self.fixed, city, replicate, checkpoints, keep_going)?;
        Some(lived.map_err(|refusal| {
            both!("its checkpoint cannot be used: {why}", "检查点无法使用：{why}"; why = refusal.said())
        }))
    }

    /// The city for one life: the last one has it for itself, so that it need not be copied.
    fn city(&self) -> Option<Arc<City>> {
        let mut city = self.city.lock().unwrap_or_else(PoisonError::into_inner);
        city.0 = city.0.saturating_sub(1);
        if city.0 == 0 { city.1.take() } else { city.1.clone() }
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
        changes: plots::changes(loaded),
    }
}

/// Threads to use: as asked, or as many as the machine has.
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get())).max(1)
}

/// A pool of so many threads.
///
/// # Errors
/// [`Error::Failed`] if the system gives us none.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool, Error> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|why| {
        Error::Failed(both!("cannot start {threads} threads: {why}", "无法启动 {threads} 个线程：{why}"))
    })
}
