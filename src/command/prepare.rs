//! From a loaded scenario to replicates that can be run.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::run::{Job, Model};
use super::{Error, Language};
use shequ_experiment::record::checkpoint::Checkpoints;
use shequ_experiment::record::manifest::Seeds;
use shequ_experiment::resume::run_or_resume;
use shequ_experiment::run::KeepGoing;
use shequ_model::base::i18n::{Both, both};
use shequ_model::city::synth::{self, Margin};
use shequ_model::city::{Cities, City};
use shequ_model::metric;
use shequ_model::scenario::{Loaded, Scenario};
use shequ_model::simulation::ReplicateOutput;
use shequ_model::simulation::{self, FittedModel};

/// A scenario with its city built and its theory fitted.
pub struct Prepared {
    /// What is recorded of it.
    pub job: Job,
    scenario: Scenario,
    /// The first city, and how many replicates are yet to be run in it: the last one takes it.
    city: Mutex<(usize, Option<Arc<City>>)>,
    fitted: Arc<FittedModel>,
    margins: Vec<Margin>,
    columns: Vec<&'static str>,
}

impl Prepared {
    /// Builds the first city, on `threads` threads, for all replicates or for one alone. Pictures are titled in
    /// `language`.
    ///
    /// # Errors
    /// [`Error::Failed`] if the system gives us no threads.
    pub fn new(
        loaded: &Loaded,
        language: Language,
        threads: usize,
        replicates: Range<u32>,
    ) -> Result<Prepared, Error> {
        let scenario = loaded.scenario.clone();
        let (seed, first) = (scenario.seed, scenario.seed.of_city(replicates.start));
        let in_first = match seed.cities {
            Cities::One => replicates.len(),
            _ => replicates.clone().take_while(|&replicate| seed.of_city(replicate) == first).count(),
        };
        let pool = pool(threads)?;
        let residents = &scenario.periods[0].rules.residents;
        let city = pool.install(|| synth::city(&scenario.population, residents, first));
        Ok(Prepared {
            job: job(loaded, language, &city, replicates),
            margins: synth::margins(&city, &scenario.population),
            fitted: simulation::prepare(&scenario),
            columns: simulation::community_metrics().map(|m| m.name).collect(),
            city: Mutex::new((in_first, Some(Arc::new(city)))),
            scenario,
        })
    }

    /// One replicate, from beginning to end, or from its checkpoint if there is one; `None` if it was stopped.
    /// Each can be run once.
    pub fn run(
        &self,
        replicate: u32,
        checkpoints: Option<&Checkpoints>,
        keep_going: &KeepGoing,
    ) -> Option<Result<ReplicateOutput, Both>> {
        let city = self.city(replicate)?;
        let result = run_or_resume(&self.scenario, &self.fitted, city, replicate, checkpoints, keep_going)?;
        Some(result.map_err(|refusal| {
            both!("its checkpoint cannot be used: {why}", "检查点无法使用：{why}"; why = refusal.message())
        }))
    }

    /// The city of a replicate. The last of those in the first one has it for itself, so that it need not be copied.
    fn city(&self, replicate: u32) -> Option<City> {
        let Scenario { seed, population, periods, .. } = &self.scenario;
        if seed.of_city(replicate) != seed.of_city(self.job.replicates.start) {
            return Some(synth::city(population, &periods[0].rules.residents, seed.of_city(replicate)));
        }
        let first = {
            let mut city = self.city.lock().unwrap_or_else(PoisonError::into_inner);
            city.0 = city.0.saturating_sub(1);
            if city.0 == 0 { city.1.take() } else { city.1.clone() }
        };
        first.map(Arc::unwrap_or_clone)
    }

    /// What running and recording need to know of the model.
    pub fn model<'a>(&'a self, run: &'a shequ_experiment::run::RunOne<'a>) -> Model<'a> {
        Model { metrics: metric::all(), community_columns: &self.columns, margins: &self.margins, run }
    }
}

fn job(loaded: &Loaded, language: Language, city: &City, replicates: Range<u32>) -> Job {
    let scenario = &loaded.scenario;
    let chinese = language == Language::Zh && !scenario.name_zh.is_empty();
    Job {
        name: scenario.name.clone(),
        title: if chinese { &scenario.name_zh } else { &scenario.name }.clone(),
        resolved: loaded.resolved_toml(),
        start: scenario.start,
        months: scenario.months,
        replicates,
        all_replicates: scenario.replicates,
        residents: city.adults() as u64,
        cities: scenario.seed.cities,
        seeds: Seeds { city: scenario.seed.city, replicates: scenario.seed.replicates },
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
        Error::Failed(both!(
            "cannot start {threads} threads: {why}; use fewer with --threads, or ask for a higher limit of processes",
            "无法启动 {threads} 个线程：{why}；请用 --threads 减少线程，或申请更高的进程数上限"
        ))
    })
}
