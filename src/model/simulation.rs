//! One life of the city: state, and the step from month to month.

use std::cell::RefCell;
use std::sync::Arc;

use rayon::prelude::*;

use super::intercepts::Panel;
use super::month::{Process, Work, schedule};
use super::observe::{self, Watched};
use super::{Context, Fixed, Scratch, begin};
use crate::base::luck::Luck;
use crate::city::{City, MODES, Memory, synth};
use crate::institution::{Commons, Local, Now, Place, Run, Wide};
use crate::record::Life;
use crate::record::checkpoint::{Checkpoints, Refusal};
use crate::scenario::{Intercepts, Scenario};

/// A city in the course of one life.
pub struct Simulation<'a> {
    scenario: &'a Scenario,
    fixed: Arc<Fixed>,
    schedule: Vec<Process>,
    /// The communities, in the order of their ids.
    pub places: Vec<Place>,
    /// What institutions keep for the whole city.
    pub wide: Wide,
    luck: Luck,
    month: u32,
}

thread_local! {
    // Reused by whatever community a thread works on next, so that a month allocates nothing.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What the lives of one scenario share: fitted once.
pub fn prepare(scenario: &Scenario) -> Arc<Fixed> {
    let modes = &scenario.eras[0].rules.modes;
    let intercepts = match scenario.theory_choice.intercepts {
        Intercepts::Fitted => Panel::new().fit(scenario.theory.as_ref(), modes),
        Intercepts::Given => std::array::from_fn(|m| modes[m].intercept as f32),
    };
    fixed(scenario, intercepts)
}

/// The same with intercepts that were fitted before.
pub fn fixed(scenario: &Scenario, intercepts: [f32; MODES]) -> Arc<Fixed> {
    Arc::new(Fixed {
        theory: scenario.theory.clone(),
        intercepts,
        trust: scenario.trust.clone(),
        update: scenario.update,
    })
}

impl<'a> Simulation<'a> {
    /// The beginning of life `replicate` of a copy of `city`. What never changes is not copied.
    pub fn new(scenario: &'a Scenario, fixed: Arc<Fixed>, city: &City, replicate: u32) -> Simulation<'a> {
        Simulation::of(scenario, fixed, city.clone(), replicate)
    }

    /// The beginning of life `replicate` of `city` itself, for those who need it no more: there is no copy.
    pub fn of(scenario: &'a Scenario, fixed: Arc<Fixed>, city: City, replicate: u32) -> Simulation<'a> {
        let level = scenario.eras[0].rules.residents.satisfaction as f32;
        let place = |community| Place { community, local: Local::default(), commons: Commons::new(level) };
        let mut places: Vec<Place> = city.communities.into_iter().map(place).collect();
        let luck = Luck::new(scenario.seed.replicates, replicate);
        let (things, of_targets) = (fixed.theory.remembers().len(), fixed.trust.remembers().is_some());
        for place in &mut places {
            place.community.residents.memory = Memory::blank(place.community.adults(), things, of_targets);
        }
        if scenario.population.network.redrawn {
            places
                .par_iter_mut()
                .for_each(|place| synth::meet_anew(&mut place.community, &scenario.population, luck));
        }
        let mut simulation = Simulation {
            scenario,
            fixed,
            schedule: schedule(),
            places,
            wide: Wide::default(),
            luck,
            month: 0,
        };
        let context = Context { now: simulation.now(), fixed: &simulation.fixed.clone() };
        simulation.places.par_iter_mut().for_each(|place| begin::place(place, &context));
        simulation
    }

    /// Replaces the schedule, to leave out an institution or to time processes.
    pub fn with_schedule(mut self, schedule: Vec<Process>) -> Simulation<'a> {
        self.schedule = schedule;
        self
    }

    /// Continues after `month` months.
    pub(super) fn go_to(&mut self, month: u32) {
        self.month = month;
    }

    /// Months lived so far.
    pub fn month(&self) -> u32 {
        self.month
    }

    /// The present month and the rules in force.
    pub fn now(&self) -> Now<'a> {
        let scenario = self.scenario;
        let era = scenario.eras.iter().rev().find(|e| e.from <= self.month).unwrap_or(&scenario.eras[0]);
        Now {
            month: self.month,
            date: scenario.start.plus(self.month),
            rules: &era.rules,
            population: &scenario.population,
            luck: self.luck,
        }
    }

    /// Lives one month. Neighbouring local processes run community by community, so that a community
    /// stays in the cache from one to the next.
    pub fn step(&mut self) {
        let fixed = self.fixed.clone();
        let context = Context { now: self.now(), fixed: &fixed };
        let mut rest = self.schedule.as_slice();
        while !rest.is_empty() {
            let local = rest.iter().take_while(|p| p.is_local()).count();
            let (stretch, after) = rest.split_at(local.max(1));
            run(&mut self.places, &mut self.wide, stretch, &context);
            rest = after;
        }
        self.month += 1;
    }

    /// Lives one month process by process, each in all communities before the next: slower than
    /// [`Simulation::step`] with the same results, for those who want to time or watch it. `before` is
    /// shown the city before every process.
    pub fn step_apart(&mut self, before: &mut dyn FnMut(&Moment)) {
        let fixed = self.fixed.clone();
        let context = Context { now: self.now(), fixed: &fixed };
        for (position, process) in self.schedule.iter().enumerate() {
            before(&Moment { position, process, places: &self.places, context });
            run(&mut self.places, &mut self.wide, std::slice::from_ref(process), &context);
        }
        self.month += 1;
    }
}

/// The state before a process, as [`Simulation::step_apart`] shows it.
pub struct Moment<'a> {
    /// Position in the schedule.
    pub position: usize,
    /// The process that is to run.
    pub process: &'a Process,
    /// The communities.
    pub places: &'a [Place],
    /// The month.
    pub context: Context<'a>,
}

/// Runs processes that are all local, or a single one for the whole city.
fn run(places: &mut [Place], wide: &mut Wide, processes: &[Process], context: &Context) {
    match processes[0].work {
        Work::Act(Run::City(act)) => act(places, wide, &context.now),
        _ => run_local(places, wide, processes, context),
    }
}

fn run_local(places: &mut [Place], wide: &Wide, processes: &[Process], context: &Context) {
    let live = |place: &mut Place| {
        SCRATCH.with_borrow_mut(|scratch| {
            // A scratch left by another life must not be taken for this month's.
            scratch.stamp = None;
            for process in processes {
                match process.work {
                    Work::Act(Run::Place(act)) => act(place, wide, &context.now),
                    Work::Residents(process) => process(place, scratch, context),
                    Work::Act(Run::City(_)) => unreachable!("a city-wide act is not local"),
                }
            }
        });
    };
    // Handing over what nobody else could take costs more than a small community's month.
    if places.len() == 1 || rayon::current_num_threads() == 1 {
        return places.iter_mut().for_each(live);
    }
    // Whoever is free takes the largest community that is left, so that all end at about the same time.
    let mut queue: Vec<&mut Place> = places.iter_mut().collect();
    queue.sort_by_key(|place| std::cmp::Reverse(place.community.adults()));
    queue.into_iter().par_bridge().for_each(live);
}

/// Lives all months of one replicate and records them. Returns none if `keep_going`, asked after each
/// month, says no.
pub fn live(
    scenario: &Scenario,
    fixed: &Arc<Fixed>,
    city: &City,
    replicate: u32,
    keep_going: &(dyn Fn(u32) -> bool + Sync),
) -> Option<Life> {
    live_watched(scenario, fixed, city, replicate, &Watched::All, keep_going)
}

/// As [`live`], using up the city. If there are `checkpoints`, the life goes on from its own, and is kept
/// there on its way, at its end, and when it is stopped.
///
/// The inner result is an error if its checkpoint cannot be read.
pub fn live_of(
    scenario: &Scenario,
    fixed: &Arc<Fixed>,
    city: City,
    replicate: u32,
    checkpoints: Option<&Checkpoints>,
    keep_going: &(dyn Fn(u32) -> bool + Sync),
) -> Option<Result<Life, Refusal>> {
    let mut simulation = Simulation::of(scenario, fixed.clone(), city, replicate);
    let mut life = Life::new(replicate);
    match checkpoints.map(|checkpoints| checkpoints.open(replicate)) {
        None | Some(Ok(None)) => {}
        Some(Err(refusal)) => return Some(Err(refusal)),
        Some(Ok(Some((month, state)))) => match simulation.restore(month, state) {
            Ok(lived) => life = lived,
            Err(error) => return Some(Err(error.into())),
        },
    }
    // Whoever counts months counts those that were lived before.
    (0..simulation.month).for_each(|month| _ = keep_going(month));
    record(simulation, life, &Watched::All, checkpoints, keep_going).map(Ok)
}

/// As [`live`], with no other city-level metrics than are `watched`.
pub fn live_watched(
    scenario: &Scenario,
    fixed: &Arc<Fixed>,
    city: &City,
    replicate: u32,
    watched: &Watched,
    keep_going: &(dyn Fn(u32) -> bool + Sync),
) -> Option<Life> {
    let simulation = Simulation::new(scenario, fixed.clone(), city, replicate);
    record(simulation, Life::new(replicate), watched, None, keep_going)
}

fn record(
    mut simulation: Simulation,
    mut life: Life,
    watched: &Watched,
    checkpoints: Option<&Checkpoints>,
    keep_going: &(dyn Fn(u32) -> bool + Sync),
) -> Option<Life> {
    let scenario = simulation.scenario;
    for month in simulation.month..scenario.months {
        simulation.step();
        let (places, wide) = (&simulation.places, &simulation.wide);
        observe::month(&mut life, month, &scenario.report, watched, places, wide);
        let wanted = keep_going(month);
        let ends = !wanted || month + 1 == scenario.months;
        if let Some(checkpoints) = checkpoints.filter(|c| ends || c.is_due(month + 1)) {
            checkpoints.keep(life.replicate, month + 1, |to| simulation.save(&life, to));
        }
        if !wanted {
            return None;
        }
    }
    observe::end(&mut life, &simulation.places);
    Some(life)
}
