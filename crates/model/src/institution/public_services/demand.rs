//! How offices learn what residents need (需求识别): by asking some, by listening to those who speak up,
//! and by telling groups of residents apart.
//!
//! Rows 63, 64, 119, 120, 153 and 184. Nothing is assumed about how well this works: some residents are
//! asked, their answers are counted, and what is not known is guessed. Those who come to meetings are not
//! like all others; to weigh answers by age corrects for that.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::city::{AGE_BANDS, DOMAINS, Mode, Needs, Residents};
use crate::institution::cost::{Charge, Cost, Costs};
use crate::institution::staff;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[demand]`.
#[settings]
pub struct Settings {
    /// Residents whom staff mean to visit at home in a month and ask what they need, if they have the time.
    #[param(
        count = 0,
        range = 0..=100_000,
        unit = "interviews per community and month",
        zh = "工作人员每月计划入户访谈需求的居民数(视时间而定)。",
        choice
    )]
    pub interviews: u32,
    /// Share of those who come to meetings whose needs are noted.
    #[param(share = 0.0, zh = "参加会议者的需求被记录的比例。", choice)]
    pub meetings: f64,
    /// Share of those who make proposals, complain or speak up online whose needs are noted.
    #[param(share = 0.0, zh = "通过提案、投诉与线上表达的需求被记录的比例。", choice)]
    pub actions: f64,
    /// How far offices tell residents of different age apart: in weighing what they were told, and in
    /// expecting of each group what its like need across the city.
    // Whom offices tell apart matters where an office decides.
    #[param(
        share = 0.0,
        zh = "按人群(年龄)细分需求的程度。",
        choice,
        demonstration = ["funding.decider=street", "funding.project_cost=2000"]
    )]
    pub segmentation: f64,
    /// Share of what was noted that is out of date after a month.
    #[param(
        share = 0.03,
        unit = "share per month",
        zh = "每月过时的需求信息比例。",
        assumed = "needs are asked anew every few years"
    )]
    pub outdated: f64,
}

/// What an office can know about unmet needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sensed {
    /// What was told and what is expected of each group, by domain.
    pub unmet: [f64; DOMAINS],
    /// Weight that is left to a hunch; the weights in `unmet` are the rest.
    pub hunch: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Needs noted, by age band and domain; one resident's needs sum to 1.
    pub noted: [[f32; DOMAINS]; AGE_BANDS.len()],
    /// What follows for the decision of this month; none where nobody listens or no decision is due.
    pub sensed: Option<Sensed>,
}

impl Local {
    /// Weight of what was told, against a hunch.
    pub fn known(&self) -> f64 {
        let n: f64 = self.noted.iter().flatten().map(|&n| n as f64).sum();
        n / (n + HUNCH)
    }
}

/// What is kept for the whole city.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Citywide {
    /// Shares of needs in each age band of the city; empty where nobody tells them apart.
    pub profile: Vec<[f64; DOMAINS]>,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "demand",
    family: Family::PublicServices,
    summary: text("How offices learn what residents need.", "需求识别:分类、访谈、会议与居民行动。"),
    rows: &[63, 64, 119, 120, 153, 184],
    equations: &[
        "n' = (1 − outdated) · n + interviews done + meetings · those who came + actions · those who spoke up",
        "weight of what was told: K = n / (n + 27); 27 = variance of an answer over variance of a hunch: 0.1 · 0.9 / (0.2² / 12)",
        "told = (1 − segmentation) · shares of all answers + segmentation · Σ over ages of share of adults · shares of their answers",
        "guess = K · told + (1 − K) · (segmentation · Σ over ages of share of adults · needs of that age in the city + (1 − segmentation) · hunch), each by what services lack",
    ],
    neutral: &[("interviews", "0"), ("meetings", "0.0"), ("actions", "0.0"), ("segmentation", "0.0")],
    demonstration: &[("interviews", "5"), ("meetings", "0.5"), ("actions", "0.2")],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "learns once what each age group of the city needs",
            run: Run::City(study),
        },
        Act {
            step: Step::Decisions,
            what: "notes what residents say they need",
            run: Run::Community(listen),
        },
    ],
    costs: Costs::Charged {
        label: text("interviews about needs", "需求访谈支出"),
        charges: &[Charge { what: "interviews, in hours of the committee's staff", of: interviews_cost }],
    },
};

fn interviews_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let [interviews, _] = staff::visit_hours(state, now);
    Cost::staff(interviews, now.rules.costs.staff_hour)
}

/// Variance of one answer's share in a domain over that of a hunch, see the equations.
const HUNCH: f64 = 27.0;
const ASKED: Stream = Stream::named("interviews about needs");

fn note(noted: &mut [f32; DOMAINS], needs: Needs, weight: f32) {
    noted[needs.first()] += weight * Needs::FIRST;
    noted[needs.second()] += weight * (1.0 - Needs::FIRST);
}

fn study(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    let tells_apart =
        |state: &CommunityState| now.rules_of(&state.community).institutions.demand.segmentation > 0.0;
    if !city.demand.profile.is_empty() || !communities.iter().any(tells_apart) {
        return;
    }
    let mut profile = vec![[0.0; DOMAINS]; AGE_BANDS.len()];
    for state in communities.iter() {
        let residents = &state.community.residents;
        for i in 0..residents.len() {
            let (age, needs) = (residents.age_band(i), residents.needs[i]);
            profile[age][needs.first()] += Needs::FIRST as f64;
            profile[age][needs.second()] += 1.0 - Needs::FIRST as f64;
        }
    }
    profile.iter_mut().for_each(|needs| *needs = shares(needs));
    city.demand.profile = profile;
}

fn listen(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let demand = &now.rules.institutions.demand;
    let silent = demand.interviews == 0 && demand.meetings == 0.0 && demand.actions == 0.0;
    if silent && demand.segmentation == 0.0 {
        return;
    }
    let kept = 1.0 - demand.outdated as f32;
    state.local.demand.noted.iter_mut().flatten().for_each(|n| *n *= kept);
    ask(state, now);
    overhear(state, demand);
    let due = state.local.funding.decision == now.month;
    state.local.demand.sensed = due.then(|| sense(state, city, demand));
}

/// Interviews: as many as the staff came to, of residents drawn by lot.
fn ask(state: &mut CommunityState, now: &StepContext) {
    let adults = state.community.adults() as u32;
    let rng = now.rng.of(state.community.id);
    let (residents, noted) = (&state.community.residents, &mut state.local.demand.noted);
    for k in 0..state.signals.interviewed {
        let i = rng.below(ASKED, k, now.month, 0, adults) as usize;
        note(&mut noted[residents.age_band(i)], residents.needs[i], 1.0);
    }
}

/// Those who speak up are heard without being asked.
fn overhear(state: &mut CommunityState, demand: &Settings) {
    let took_part = |mode: Mode| state.signals.took_part[mode as usize];
    let meet = demand.meetings > 0.0 && took_part(Mode::Meeting) > 0;
    let act = demand.actions > 0.0;
    if !meet && !act {
        return;
    }
    let speaking = Mode::Proposal.bit() | Mode::Complaint.bit() | Mode::Online.bit();
    let (residents, noted) = (&state.community.residents, &mut state.local.demand.noted);
    for i in 0..residents.len() {
        let acts = residents.acts[i];
        let met = (acts & Mode::Meeting.bit() != 0) as u8 as f64 * demand.meetings;
        let spoke = (acts & speaking != 0) as u8 as f64 * demand.actions;
        if met + spoke > 0.0 {
            note(&mut noted[residents.age_band(i)], residents.needs[i], met.max(spoke) as f32);
        }
    }
}

/// What is known, and what is left to a hunch.
fn sense(state: &CommunityState, city: &CityState, demand: &Settings) -> Sensed {
    let noted = state.local.demand.noted.map(|needs| needs.map(f64::from));
    let pooled: [f64; DOMAINS] = std::array::from_fn(|d| noted.iter().map(|needs| needs[d]).sum());
    let ages = ages(&state.community.residents);
    let s = demand.segmentation;
    let (mut told, mut expected) = ([0.0; DOMAINS], [0.0; DOMAINS]);
    let all = shares(&pooled);
    for (age, &share) in ages.iter().enumerate() {
        // Of an age of which nobody was asked, one only knows what everybody said.
        let own = if noted[age].iter().sum::<f64>() > 0.0 { shares(&noted[age]) } else { all };
        for d in 0..DOMAINS {
            told[d] += share * ((1.0 - s) * all[d] + s * own[d]);
            expected[d] += share * city.demand.profile.get(age).map_or(0.0, |needs| needs[d]);
        }
    }
    let unmet = |needs: [f64; DOMAINS]| {
        shares(&std::array::from_fn(|d| needs[d] * (1.0 - state.signals.services[d] as f64)))
    };
    let (told, expected) = (unmet(told), unmet(expected));
    let known = state.local.demand.known();
    Sensed {
        unmet: std::array::from_fn(|d| known * told[d] + (1.0 - known) * s * expected[d]),
        hunch: (1.0 - known) * (1.0 - s),
    }
}

/// Share of adults by age band.
fn ages(residents: &Residents) -> [f64; AGE_BANDS.len()] {
    let mut counts = [0u32; AGE_BANDS.len()];
    (0..residents.len()).for_each(|i| counts[residents.age_band(i)] += 1);
    counts.map(|n| n as f64 / residents.len().max(1) as f64)
}

/// Parts of a whole; even parts where there is nothing.
fn shares(parts: &[f64; DOMAINS]) -> [f64; DOMAINS] {
    let sum: f64 = parts.iter().sum();
    parts.map(|part| if sum > 0.0 { part / sum } else { 1.0 / DOMAINS as f64 })
}
