//! What works spreads: communities take up what they see others do well (可借鉴、可推广的经验).
//!
//! Rows 86 and 161. Some practices begin in pilot communities only. A community without one takes it up
//! with a chance that grows with the share of communities it looks at that have it, if they do better
//! by it than itself.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[diffusion]`.
#[settings]
pub struct Settings {
    /// Share of communities that practise from the beginning what spreads: the waste group, volunteer teams,
    /// mediation; 1 = all, so that nothing is left to spread.
    #[param(
        share = 1.0,
        zh = "一开始即实行可推广做法(垃圾分类小组、志愿服务队、调解)的社区比例;1 表示全部实行。",
        choice,
        fixed
    )]
    pub pilots: f64,
    /// Chance that a community takes up a practice that all others have and do better by; 0 = nothing
    /// spreads.
    #[param(
        share = 0.0,
        unit = "probability per month",
        zh = "某社区当月采纳一种做法的概率(其他社区均已实行且效果更好时);0 表示不推广。",
        choice,
        citywide
    )]
    pub rate: f64,
    /// How much communities look beyond their own district.
    // What the district has differs from what the city has only where there are several.
    #[param(
        share = 0.2,
        zh = "社区关注本区以外经验的程度。",
        assumed = "mostly one's own district holds the meetings at which experience is told",
        demonstration = ["population.communities=5", "population.streets=5", "population.districts=3", ".pilots=0.4", "months=60"],
        citywide
    )]
    pub elsewhere: f64,
}

/// A practice that spreads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Practice {
    /// The self-management group on waste and its WeChat group.
    WasteGroup,
    /// Volunteer teams.
    VolunteerTeams,
    /// The mediation committee.
    Mediation,
}

/// Months of a quarter.
pub const QUARTER: u32 = 3;
/// Number of practices.
const PRACTICES: usize = 3;

impl Practice {
    const ALL: [Practice; PRACTICES] = [Practice::WasteGroup, Practice::VolunteerTeams, Practice::Mediation];

    /// Whether the community has it.
    pub fn is_in_use(self, state: &CommunityState) -> bool {
        state.local.diffusion.in_use[self as usize]
    }

    /// What others see of how well a community does by it, in [0, 1].
    fn success(self, state: &CommunityState) -> f64 {
        match self {
            Practice::WasteGroup => state.mean(&state.community.residents.accuracy) as f64,
            Practice::VolunteerTeams => state.mean(&state.community.residents.satisfaction) as f64,
            Practice::Mediation => 1.0 - state.signals.disorder as f64,
        }
    }
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// Whether each practice is in use.
    pub in_use: [bool; PRACTICES],
}

impl Default for Local {
    fn default() -> Local {
        Local { in_use: [true; PRACTICES] }
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "diffusion",
    family: Family::CommitteeAndStaff,
    summary: text("What works spreads from community to community.", "有效做法在社区之间的推广。"),
    rows: &[86, 161],
    equations: &[
        "each quarter a community without a practice takes it up with 1 − (1 − rate · seen)³, if those who have it do better on average than itself",
        "seen = (1 − elsewhere) · share of its district + elsewhere · share of the city that has it",
    ],
    neutral: &[("pilots", "1.0")],
    demonstration: &[("pilots", "0.6"), ("rate", "0.3")],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "names pilot communities in the first month",
            run: Run::Community(name_pilots),
        },
        Act {
            step: Step::Adaptation,
            what: "lets communities take up, once a quarter, what works elsewhere",
            run: Run::City(spread),
        },
    ],
    costs: Costs::Free("communities look at each other; what they take up is paid for where it is used"),
};

const PILOT: Stream = Stream::named("pilot communities");
const ADOPTION: Stream = Stream::named("adoption of practices");

fn name_pilots(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let pilots = now.rules.institutions.diffusion.pilots;
    if now.month > 0 || pilots == 1.0 {
        return;
    }
    // The same communities are pilots of all practices: pilots are chosen, not practices.
    let rng = now.rng.of(state.community.id);
    state.local.diffusion.in_use = [rng.uniform(PILOT, 0, 0, 0) < pilots; PRACTICES];
}

fn spread(communities: &mut [CommunityState], _: &mut CityState, now: &StepContext) {
    let diffusion = &now.rules.institutions.diffusion;
    let everywhere = |state: &CommunityState| state.local.diffusion.in_use == [true; PRACTICES];
    if diffusion.rate == 0.0 || now.date.of_year() % QUARTER != 0 || communities.iter().all(everywhere) {
        return;
    }
    let districts = communities.iter().map(|p| p.community.district as usize + 1).max().unwrap_or(0);
    for practice in Practice::ALL {
        let has = |state: &CommunityState| practice.is_in_use(state) as u8 as f64;
        let users: f64 = communities.iter().map(has).sum();
        if users == 0.0 {
            continue;
        }
        let success: Vec<f64> = communities.iter().map(|state| practice.success(state)).collect();
        let theirs = communities.iter().zip(&success).map(|(p, s)| has(p) * s).sum::<f64>() / users;
        let (mut all, mut using) = (vec![0.0; districts], vec![0.0; districts]);
        for state in communities.iter() {
            all[state.community.district as usize] += 1.0;
            using[state.community.district as usize] += has(state);
        }
        let of_city = users / communities.len() as f64;
        for (state, own) in communities.iter_mut().zip(success) {
            let district = state.community.district as usize;
            let here = using[district] / all[district];
            let seen = (1.0 - diffusion.elsewhere) * here + diffusion.elsewhere * of_city;
            let chance = 1.0 - libm::pow(1.0 - diffusion.rate * seen, QUARTER as f64);
            let draw = now.rng.of(state.community.id).uniform(ADOPTION, 0, now.month, practice as u32);
            let takes_up = theirs > own && draw < chance;
            state.local.diffusion.in_use[practice as usize] |= takes_up;
        }
    }
}
