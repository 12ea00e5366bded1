//! Months as they go by: of all communities, without and with the policy, and of one resident.

use serde::Serialize;

use super::answer::GoOn;
use super::question::Question;
use super::session::{Session, row};
use shequ_experiment::execute::KeepGoing;
use shequ_experiment::prepare::RunCache;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::city::synth;
use shequ_model::scenario::Loaded;
use shequ_model::simulation::trace::follow;
use shequ_model::simulation::{ReplicateOutput, Simulation, community_metrics, prepare};
use shequ_report::chart::Scale;
use shequ_report::map::Map;
use shequ_report::traced;

/// What can be watched by community.
const WATCHED: [&str; 5] =
    ["participation", "trust.committee", "satisfaction", "organisations.count", "fund.balance"];

/// Months of a resident that are shown at a time.
const SHOWN: u32 = 12;

/// Months by community, of one replicate.
#[derive(Serialize)]
pub struct Watched {
    /// The first month.
    pub start: String,
    /// What communities are called.
    pub names: Vec<String>,
    /// Where they lie, if the scenario's table of communities says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<Map>,
    /// What can be watched.
    pub metrics: Vec<Course>,
}

/// One metric, month by month.
#[derive(Serialize)]
pub struct Course {
    /// Its name.
    pub name: Both,
    /// How its values are read.
    pub scale: Scale,
    /// How differences between them are.
    pub differences: Scale,
    /// `[month][community]` without the policy; none where there is no value.
    pub base: Vec<Vec<Option<f32>>>,
    /// The same with it.
    pub policy: Vec<Vec<Option<f32>>>,
}

/// Both sides of replicate 0, month by month; `None` if it was stopped.
///
/// # Errors
/// What is wrong with the question.
pub fn watch(session: &Session, question: &Question, go_on: &GoOn) -> Result<Option<Watched>, Problems> {
    let base = session.loaded(question)?;
    let every = |loaded: &Loaded| loaded.with(&["report.communities_every=1".into()]);
    let (base, policy) = (every(&base)?, every(&question.policy(&base)?)?);
    // The metrics of communities are recorded whatever is watched of the city.
    let cache = RunCache::new(&[], true);
    let keep_going: &KeepGoing = &|_| go_on();
    let run = |number: u32, loaded: &Loaded| {
        let prepared = cache.row(number, &row(loaded), 0, keep_going).ok()?;
        prepared.run(keep_going)
    };
    let (Some(without), Some(with)) = (run(0, &base), run(1, &policy)) else { return Ok(None) };
    let population = &base.scenario.population;
    let named =
        |n: u32| population.table.get(n as usize).map_or_else(|| (n + 1).to_string(), |row| row.name.clone());
    let metrics = community_metrics().enumerate().filter(|(_, metric)| WATCHED.contains(&metric.name));
    Ok(Some(Watched {
        start: base.scenario.start.to_string(),
        names: (0..population.communities).map(named).collect(),
        map: Map::of(&population.table),
        metrics: metrics
            .map(|(column, metric)| Course {
                name: metric.label.into(),
                scale: Scale::of(metric),
                differences: Scale::of_differences(metric),
                base: months(&without, column),
                policy: months(&with, column),
            })
            .collect(),
    }))
}

fn months(output: &ReplicateOutput, column: usize) -> Vec<Vec<Option<f32>>> {
    let mut months: Vec<Vec<Option<f32>>> = Vec::new();
    for row in &output.communities {
        if months.len() <= row.month as usize {
            months.push(Vec::new());
        }
        let value = Some(row.values[column] as f32).filter(|value| !value.is_nan());
        months.last_mut().into_iter().for_each(|month| month.push(value));
    }
    months
}

/// Twelve months of a resident under the policy, from month number `from` on, in words.
///
/// # Errors
/// What is wrong with the question, or that there is no such resident or month.
pub fn resident(
    session: &Session,
    question: &Question,
    (community, number, from): (usize, usize, u32),
) -> Result<String, Problems> {
    let base = session.loaded(question)?;
    let scenario = question.policy(&base)?.scenario;
    let seed = scenario.seed.of_city(0);
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, seed);
    let adults = city.communities.get(community).map_or(0, |community| community.adults());
    if number >= adults || from >= scenario.months {
        return Err(Problem::new(both!(
            "there is no such resident or month: communities 1 to {communities}, residents 0 to {last}, months 1 to {months}",
            "没有这位居民或月份：社区 1 至 {communities}，居民 0 至 {last}，月份 1 至 {months}";
            communities = city.communities.len(), last = adults.saturating_sub(1), months = scenario.months
        ))
        .into());
    }
    let simulation = Simulation::new(&scenario, prepare(&scenario), &city, 0);
    let to = from.saturating_add(SHOWN).min(scenario.months);
    Ok(traced::told(&follow(simulation, community, number, from, to), question.language))
}
