//! Rules that hold in some communities only.

use std::sync::Arc;

use crate::city::Community;
use crate::institution::{ByCommunity, CommunityState, Rules};
use crate::scenario::{PolicyPeriod, Scenario, in_force};

/// Which rules hold in which community, over time.
pub struct Placed {
    /// The different courses of rules that occur.
    courses: Vec<Arc<[PolicyPeriod]>>,
    /// The course of each community, by its id.
    of: Vec<usize>,
}

impl Placed {
    /// Of the communities of the city of `seed`; none if all have the same rules.
    pub fn new(scenario: &Scenario, communities: &[CommunityState], seed: u64) -> Option<Placed> {
        let local = scenario.local.as_ref()?;
        let communities: Vec<&Community> = communities.iter().map(|state| &state.community).collect();
        let members: Vec<Vec<bool>> =
            local.places().iter().map(|places| places.members(&communities, seed)).collect();
        let mut kinds: Vec<Vec<bool>> = Vec::new();
        let mut of = Vec::with_capacity(communities.len());
        for community in 0..communities.len() {
            let holds: Vec<bool> = members.iter().map(|members| members[community]).collect();
            of.push(kinds.iter().position(|kind| *kind == holds).unwrap_or_else(|| {
                kinds.push(holds);
                kinds.len() - 1
            }));
        }
        Some(Placed { courses: kinds.iter().map(|holds| local.periods(holds)).collect(), of })
    }
}

impl ByCommunity for Placed {
    fn rules(&self, id: u32, since_start: Option<u32>) -> &Rules {
        &in_force(&self.courses[self.of[id as usize]], since_start).rules
    }
}
