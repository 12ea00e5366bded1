//! Community planners on three levels (导师团—规划师—众创组, F15).
//!
//! Rows 32 and 160. Mentors of the district make projects that last, planners of the street know what is
//! needed, and groups of the community design with residents.

use crate::base::params::{settings, text};
use crate::city::{DOMAINS, Mode};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::opportunities::suits;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[planner]`.
#[settings]
pub struct Settings {
    /// Share of projects that the district's team of mentors looks through.
    #[param(share = 0.0, zh = "区级导师团指导的项目比例。", choice, demonstration = ["funding.lapse=0.5"])]
    pub level1: f64,
    /// Share of decisions that the street's planner prepares.
    // What planners know matters where an office decides, and mentors where projects lapse.
    #[param(
        share = 0.0,
        zh = "街道规划师参与的决策比例。",
        choice,
        demonstration = ["funding.decider=street", "funding.project_cost=2000"]
    )]
    pub level2: f64,
    /// Share of projects that a community group designs with residents.
    #[param(share = 0.0, zh = "社区众创组与居民共同设计的项目比例。", choice)]
    pub level3: f64,
    /// Share of lapses that mentors prevent in projects they look through.
    #[param(
        share = 0.5,
        zh = "导师团指导所避免的项目烂尾比例。",
        assumed = "no measurement",
        demonstration = ["funding.lapse=0.5"]
    )]
    pub mentor_effect: f64,
    /// Share of an office's guessing that a planner replaces by knowledge.
    #[param(
        share = 0.5,
        zh = "规划师以调研取代机构猜测的比例。",
        assumed = "no measurement",
        prior = beta(3.0, 3.0),
        demonstration = ["funding.decider=street", "funding.project_cost=2000"]
    )]
    pub insight: f64,
    /// Workshops that a community group holds while projects are under way.
    #[param(
        real = 1.0,
        range = 0.0..=30.0,
        unit = "workshops per month",
        zh = "项目期间众创组每月举办的工作坊。",
        assumed = "no count was found"
    )]
    pub workshops: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "planner",
    family: Family::FundAndMoney,
    summary: text("Community planners on three levels.", "三级社区规划师:导师团、规划师、众创组。"),
    rows: &[32, 160],
    equations: &[
        "chance that a project lapses' = funding.lapse · (1 − mentor_effect · level1)",
        "guess of an office' = guess · (1 − insight · level2)",
        "while projects are under way: meetings open = 1 − exp(−fit · workshops · level3); what those who come need counts as proposals",
    ],
    neutral: &[("level1", "0.0"), ("level2", "0.0"), ("level3", "0.0")],
    demonstration: &[("level1", "0.5"), ("level2", "0.5"), ("level3", "0.5")],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "prepare decisions, look through projects, and hold workshops",
            run: Run::Community(plan),
        },
        Act {
            step: Step::Decisions,
            what: "take up what residents said in workshops",
            run: Run::Community(design),
        },
    ],
    costs: Costs::Charged {
        label: text("planners", "社区规划师支出"),
        charges: &[Charge {
            what: "planners of each level, and workshops while projects are under way",
            of: planners_cost,
        }],
    },
};

fn planners_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (planner, prices) = (&now.rules.institutions.planner, &now.rules.costs);
    let levels = planner.level1 + planner.level2 + planner.level3;
    let under_way = !state.local.funding.projects.is_empty();
    let held = if under_way { planner.workshops * planner.level3 } else { 0.0 };
    Cost::yuan(Payer::Budget, levels * prices.planner / 12.0 + held * prices.meeting)
}

fn plan(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let planner = &rules.planner;
    let signals = &mut state.signals;
    signals.lapse *= (1.0 - planner.mentor_effect * planner.level1) as f32;
    signals.guess *= (1.0 - planner.insight * planner.level2) as f32;
    let held = planner.workshops * planner.level3;
    if held == 0.0 || state.local.funding.projects.is_empty() {
        return;
    }
    let o = &rules.opportunities;
    signals.offer(Mode::Meeting, suits(o.fit, held), o.stake_officials as f32);
}

fn design(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let planner = &now.rules.institutions.planner;
    if planner.level3 * planner.workshops == 0.0 || state.local.funding.projects.is_empty() {
        return;
    }
    let residents = &state.community.residents;
    let mut came = [0u32; DOMAINS];
    for (acts, needs) in residents.acts.iter().zip(&residents.needs) {
        came[needs.first()] += (acts & Mode::Meeting.bit() != 0) as u32;
    }
    for (raised, n) in state.signals.raised.iter_mut().zip(came) {
        *raised += (planner.level3 * n as f64).round() as u32;
    }
}
