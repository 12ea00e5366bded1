//! One replicate of the city: state, and the step from month to month.

use std::cell::RefCell;
use std::sync::Arc;

use rayon::prelude::*;

use super::followed::Followed;
use super::intercepts::{Panel, Reference};
use super::month::{Process, Work, schedule};
use super::observe::{self, Watched};
use super::placed::Placed;
use super::pool::Pool;
use super::rest::{Beginning, settle_in};
use super::{Context, FittedModel, ReplicateOutput, Scratch};
use crate::base::rng::CounterRng;
use crate::city::{City, MODES, synth};
use crate::institution::{ByCommunity, CityState, CommunityState, Run, StepContext};
use crate::scenario::{Intercepts, Scenario, in_force};

/// A city in the course of one replicate.
pub struct Simulation<'a> {
    scenario: &'a Scenario,
    shared: Shared,
    schedule: Vec<Process>,
    /// The communities, in the order of their ids.
    pub communities: Vec<CommunityState>,
    /// What institutions keep for the whole city.
    pub citywide: CityState,
    /// Seed of the city.
    seed: u64,
    rng: CounterRng,
    /// Months since the city was built, those of burn-in among them.
    month: u32,
}

/// What the months of a replicate have in common. A month holds a copy, so that the city may change meanwhile.
#[derive(Clone)]
struct Shared {
    fitted: Arc<FittedModel>,
    newcomers: Option<Arc<Pool>>,
    /// Where which rules hold; none where the same do in all communities.
    placed: Option<Arc<Placed>>,
}

thread_local! {
    // Reused by whatever community a thread works on next, so that a month allocates nothing.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What the replicates of one scenario share: fitted once.
pub fn prepare(scenario: &Scenario) -> Arc<FittedModel> {
    let modes = &scenario.periods[0].rules.modes;
    match scenario.theory_choice.intercepts {
        Intercepts::Given => fitted(scenario, std::array::from_fn(|m| modes[m].intercept as f32), None),
        Intercepts::Fitted if scenario.burn_in == 0 => {
            fitted(scenario, Panel::new().fit(scenario.theory.as_ref(), modes), None)
        }
        Intercepts::Fitted => {
            let reference = Reference::fit(&scenario.theory, &scenario.trust, modes);
            fitted(scenario, reference.intercepts, Some(reference.people))
        }
    }
}

/// The same with intercepts that were fitted before, and the residents on whom they were.
pub fn fitted(scenario: &Scenario, intercepts: [f32; MODES], people: Option<Arc<Pool>>) -> Arc<FittedModel> {
    Arc::new(FittedModel {
        theory: scenario.theory.clone(),
        intercepts,
        people,
        trust: scenario.trust.clone(),
        update: scenario.update,
    })
}

impl<'a> Simulation<'a> {
    /// The start of replicate `replicate` of a copy of `city`, after its burn-in. What never changes is not
    /// copied.
    pub fn new(
        scenario: &'a Scenario,
        fitted: Arc<FittedModel>,
        city: &City,
        replicate: u32,
    ) -> Simulation<'a> {
        let beginning = Beginning::of(scenario, &fitted, city.clone(), &|| true);
        Simulation::of(scenario, fitted, beginning.expect("nobody stopped it"), replicate)
    }

    /// The start of replicate `replicate` from a beginning.
    pub fn of(
        scenario: &'a Scenario,
        fitted: Arc<FittedModel>,
        beginning: Beginning,
        replicate: u32,
    ) -> Simulation<'a> {
        let rng = CounterRng::new(scenario.seed.replicates, replicate);
        let mut simulation = Simulation::before(scenario, fitted, beginning, rng);
        simulation.month = scenario.burn_in;
        simulation
    }

    /// The city before its burn-in, under the random numbers `rng`; without burn-in this is the start.
    pub(super) fn before(
        scenario: &'a Scenario,
        fitted: Arc<FittedModel>,
        beginning: Beginning,
        rng: CounterRng,
    ) -> Simulation<'a> {
        let Beginning { communities, citywide, newcomers, seed } = beginning;
        let is_built = newcomers.is_none();
        let placed = Placed::new(scenario, &communities, seed).map(Arc::new);
        let mut simulation = Simulation {
            scenario,
            shared: Shared { fitted, newcomers, placed },
            schedule: schedule(),
            communities,
            citywide,
            seed,
            rng,
            month: 0,
        };
        if scenario.population.network.redrawn {
            simulation
                .communities
                .par_iter_mut()
                .for_each(|state| synth::meet_anew(&mut state.community, &scenario.population, rng));
        }
        if is_built {
            let shared = simulation.shared.clone();
            let context = simulation.context(&shared);
            settle_in(&mut simulation.communities, &context);
        }
        simulation
    }

    /// From here on those who arrive take after residents as they are now.
    pub(super) fn renew_newcomers(&mut self) {
        self.shared.newcomers = Pool::of(&self.communities).map(Arc::new);
    }

    /// The city as it is now, from which replicates begin.
    pub(super) fn into_beginning(self) -> Beginning {
        let Simulation { communities, citywide, shared, seed, .. } = self;
        Beginning { communities, citywide, newcomers: shared.newcomers, seed }
    }

    /// From here on this model holds.
    pub(super) fn adopt(&mut self, fitted: FittedModel) {
        self.shared.fitted = Arc::new(fitted);
    }

    /// Replaces the schedule, to leave out an institution or to time processes.
    pub fn with_schedule(mut self, schedule: Vec<Process>) -> Simulation<'a> {
        self.schedule = schedule;
        self
    }

    /// Continues after `month` months since the start.
    pub(super) fn go_to(&mut self, month: u32) {
        self.month = self.scenario.burn_in + month;
    }

    /// Months simulated since the start.
    pub fn month(&self) -> u32 {
        self.month.saturating_sub(self.scenario.burn_in)
    }

    /// The present month and the rules in force.
    pub fn now(&self) -> StepContext<'_> {
        self.context(&self.shared).now
    }

    /// The present month with what is `shared`.
    fn context<'b>(&self, shared: &'b Shared) -> Context<'b>
    where
        'a: 'b,
    {
        let scenario = self.scenario;
        let since_start = self.month.checked_sub(scenario.burn_in);
        let now = StepContext {
            month: self.month,
            burn_in: scenario.burn_in,
            date: match since_start {
                Some(month) => scenario.start.plus(month),
                None => scenario.start.minus(scenario.burn_in - self.month),
            },
            rules: &in_force(&scenario.periods, since_start).rules,
            placed: shared.placed.as_deref().map(|placed| placed as &dyn ByCommunity),
            population: &scenario.population,
            rng: self.rng,
        };
        Context { now, fitted: &shared.fitted, newcomers: shared.newcomers.as_deref() }
    }

    /// Runs the months that are left, and adds to `output` what there is to record of them: of city-level
    /// metrics those that are `watched`. `after_month` sees both after every month; the run stops there, and
    /// returns none, if it says no.
    pub fn record(
        mut self,
        mut output: ReplicateOutput,
        watched: &Watched,
        after_month: &mut dyn FnMut(&Simulation, &ReplicateOutput) -> bool,
    ) -> Option<ReplicateOutput> {
        let report = &self.scenario.report;
        let followed = Followed::of(report, self.seed, &self.communities);
        for month in self.month()..self.scenario.months {
            self.step();
            observe::month(&mut output, month, report, watched, &self.communities, &self.citywide);
            followed.record(&mut output, month, self.scenario.start, &self.communities);
            if !after_month(&self, &output) {
                return None;
            }
        }
        observe::end(&mut output, &self.communities);
        Some(output)
    }

    /// Simulates one month. Neighbouring local processes run community by community, so that a community
    /// stays in the cache from one to the next.
    pub fn step(&mut self) {
        let shared = self.shared.clone();
        let context = self.context(&shared);
        let mut rest = self.schedule.as_slice();
        while !rest.is_empty() {
            let local = rest.iter().take_while(|p| p.is_local()).count();
            let (stretch, after) = rest.split_at(local.max(1));
            run(&mut self.communities, &mut self.citywide, stretch, &context);
            rest = after;
        }
        self.month += 1;
    }

    /// Simulates one month; just before residents decide, `before` may change what is fitted.
    pub(super) fn step_fitting(
        &mut self,
        before: &mut dyn FnMut(&[CommunityState], &Context) -> Option<FittedModel>,
    ) {
        let schedule = self.schedule.clone();
        let at = schedule.iter().position(|process| process.who == "decisions").unwrap_or(schedule.len());
        for (half, processes) in [&schedule[..at], &schedule[at..]].into_iter().enumerate() {
            let shared = self.shared.clone();
            let context = self.context(&shared);
            for process in processes {
                run(&mut self.communities, &mut self.citywide, std::slice::from_ref(process), &context);
            }
            if half == 0
                && let Some(changed) = before(&self.communities, &context)
            {
                self.adopt(changed);
            }
        }
        self.month += 1;
    }

    /// Simulates one month process by process, each in all communities before the next: slower than
    /// [`Simulation::step`] with the same results, for those who want to time or watch it. `before` is
    /// shown the city before every process.
    pub fn step_apart(&mut self, before: &mut dyn FnMut(&Snapshot)) {
        let shared = self.shared.clone();
        let context = self.context(&shared);
        for (position, process) in self.schedule.iter().enumerate() {
            before(&Snapshot { position, process, communities: &self.communities, context });
            run(&mut self.communities, &mut self.citywide, std::slice::from_ref(process), &context);
        }
        self.month += 1;
    }
}

/// The state before a process, as [`Simulation::step_apart`] shows it.
pub struct Snapshot<'a> {
    /// Position in the schedule.
    pub position: usize,
    /// The process that is to run.
    pub process: &'a Process,
    /// The communities.
    pub communities: &'a [CommunityState],
    /// The month.
    pub context: Context<'a>,
}

/// Runs processes that are all local, or a single one for the whole city.
fn run(
    communities: &mut [CommunityState],
    citywide: &mut CityState,
    processes: &[Process],
    context: &Context,
) {
    match processes[0].work {
        Work::Act(Run::City(act)) => act(communities, citywide, &context.now),
        _ => run_local(communities, citywide, processes, context),
    }
}

fn run_local(
    communities: &mut [CommunityState],
    citywide: &CityState,
    processes: &[Process],
    context: &Context,
) {
    let run_replicate = |state: &mut CommunityState| {
        SCRATCH.with_borrow_mut(|scratch| {
            // A scratch left by another replicate must not be taken for this month's.
            scratch.stamp = None;
            let context = &context.within(&state.community);
            for process in processes {
                match process.work {
                    Work::Act(Run::Community(act)) => act(state, citywide, &context.now),
                    Work::Residents(process) => process(state, scratch, context),
                    Work::Act(Run::City(_)) => unreachable!("a city-wide act is not local"),
                }
            }
        });
    };
    // Handing over what nobody else could take costs more than a small community's month.
    if communities.len() == 1 || rayon::current_num_threads() == 1 {
        return communities.iter_mut().for_each(run_replicate);
    }
    // Whoever is free takes the largest community that is left, so that all end at about the same time.
    let mut queue: Vec<&mut CommunityState> = communities.iter_mut().collect();
    queue.sort_by_key(|state| std::cmp::Reverse(state.community.adults()));
    queue.into_iter().par_bridge().for_each(run_replicate);
}

/// Runs all months of one replicate and records them. Returns none if `keep_going`, asked after each
/// month, says no.
pub fn run_replicate(
    scenario: &Scenario,
    fitted: &Arc<FittedModel>,
    city: &City,
    replicate: u32,
    keep_going: &(dyn Fn(u32) -> bool + Sync),
) -> Option<ReplicateOutput> {
    let simulation = Simulation::new(scenario, fitted.clone(), city, replicate);
    let mut after_month = |simulation: &Simulation, _: &ReplicateOutput| keep_going(simulation.month() - 1);
    simulation.record(ReplicateOutput::new(replicate), &Watched::All, &mut after_month)
}
