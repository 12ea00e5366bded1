//! A city at rest: the months before the first, in which habits, feelings and institutions settle under the
//! rules of the start. Nothing of them is reported, and their random numbers are those of the city, not of a
//! replicate, so that replicates of a city and arms of an experiment begin in the same one.

use std::io::{self, Read, Write};
use std::sync::Arc;

use rayon::prelude::*;

use super::checkpoint::{read_city, write_city};
use super::pool::Pool;
use super::run::Simulation;
use super::{Context, FittedModel, begin};
use crate::base::rng::CounterRng;
use crate::city::{City, Memory, given::Activity};
use crate::institution::{CityState, CommunityState, Local, Signals};
use crate::scenario::Scenario;

/// Months after which those who arrive take after residents as they are now, until the start.
const RENEWED: u32 = 12;

/// A city as its replicates begin in it.
#[derive(Clone)]
pub struct Beginning {
    /// The communities, in the order of their ids.
    pub communities: Vec<CommunityState>,
    /// What institutions keep for the whole city.
    pub citywide: CityState,
    /// After whom those take who arrive; none without burn-in.
    pub newcomers: Option<Arc<Pool>>,
    /// Seed of the city.
    pub seed: u64,
}

impl Beginning {
    /// A city as it was built.
    pub(super) fn built(scenario: &Scenario, fitted: &FittedModel, city: City) -> Beginning {
        let level = scenario.periods[0].rules.residents.satisfaction as f32;
        let (things, of_targets) = (fitted.theory.remembers().len(), fitted.trust.remembers().is_some());
        let state = |mut community: crate::city::Community| {
            community.residents.memory = Memory::blank(community.adults(), things, of_targets);
            CommunityState {
                community,
                local: Local::default(),
                signals: Signals::new(level),
                ledger: Default::default(),
            }
        };
        let seed = city.seed;
        let communities = city.communities.into_iter().map(state).collect();
        Beginning { communities, citywide: CityState::default(), newcomers: None, seed }
    }

    /// The city after its burn-in, or as it was built if there is none. Returns none if `keep_going`, asked after
    /// every month, says no.
    pub fn of(
        scenario: &Scenario,
        fitted: &Arc<FittedModel>,
        city: City,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Beginning> {
        let seed = city.seed;
        let built = Beginning::built(scenario, fitted, city);
        if scenario.burn_in == 0 {
            return Some(built);
        }
        let mut simulation = Simulation::before(scenario, fitted.clone(), built, CounterRng::before(seed));
        for month in 0..scenario.burn_in {
            if month % RENEWED == 0 {
                simulation.renew_newcomers();
            }
            simulation.step();
            if !keep_going() {
                return None;
            }
        }
        simulation.renew_newcomers();
        Some(simulation.into_beginning())
    }

    /// Writes a city at rest, so that others begin in it whose burn-in is the same.
    ///
    /// # Errors
    /// An I/O error if a file cannot be written.
    pub fn save(&self, to: &mut impl Write) -> io::Result<()> {
        write_city(&self.citywide, &self.communities, to)
    }

    /// `city` at rest, as it was saved after a burn-in under the same rules.
    ///
    /// # Errors
    /// An I/O error if the bytes cannot be read or are not of this city.
    pub fn saved(
        scenario: &Scenario,
        fitted: &FittedModel,
        city: City,
        from: &mut impl Read,
    ) -> io::Result<Beginning> {
        let mut beginning = Beginning::built(scenario, fitted, city);
        read_city(&mut beginning.citywide, &mut beginning.communities, from)?;
        let newcomers = Pool::of(&beginning.communities).map(Arc::new);
        Ok(Beginning { newcomers, ..beginning })
    }
}

/// Residents of every community begin: as those who are like them do in the city on which the theory was
/// fitted, if it was, or else as the theory says of the first occasion.
pub fn settle_in(communities: &mut [CommunityState], context: &Context) {
    let given = &context.now.population.given;
    let usual = given.activity == Activity::Usual && !given.steadfast;
    let people = context.fitted.people.as_ref().filter(|_| usual);
    communities.par_iter_mut().for_each(|state| {
        begin::state(state, &context.within(&state.community));
        let Some(people) = people else { return };
        let rng = context.now.rng.of(state.community.id);
        let residents = &mut state.community.residents;
        for i in 0..residents.len() {
            people.donor(residents, i, rng, FOUNDERS).give_to_founder(residents, i);
        }
    });
}

/// The month of draws for founders: before any other.
const FOUNDERS: u32 = u32::MAX;
