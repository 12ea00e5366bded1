//! Work units (单位) and what becomes of their compounds: welfare, closure, hand-over and renewal (F15).
//!
//! Rows 33, 102, 103, 159 and 160. While it lasts, a unit looks after those who belong to it. When it
//! closes, nobody does until others take over; what they take over they keep up for all who live there.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::{DOMAINS, Kind, domain};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Provider, Run, Step, StepContext, services,
};

/// Settings of `[danwei]`.
#[settings]
pub struct Settings {
    /// What a work unit spends on services for its members.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per member and year",
        zh = "单位用于职工(家属)福利服务的支出。",
        choice
    )]
    pub welfare: f64,
    /// Month in which work units close or hand over; 0 = never.
    #[param(
        count = 0,
        range = 0..=1200,
        unit = "months after the start",
        zh = "单位改制关闭(移交)的月份;0 表示不发生。",
        choice
    )]
    pub closure_month: u32,
    /// Months from closure until others take over (water, power, heat, property).
    #[param(
        count = 12,
        range = 0..=1200,
        unit = "months",
        zh = "从改制到“三供一业”移交完成的月数。",
        assumed = "slow hand-over (F15), without a number"
    )]
    pub handover_delay: u32,
    /// Share of the unit's spending that those who take over keep up.
    #[param(share = 0.5, zh = "接管后维持的原支出比例。", assumed = "no figure was found")]
    pub handover: f64,
    /// Share of what the unit built up that is lost in a month in which nobody is in charge.
    #[param(
        share = 0.03,
        unit = "share per month",
        zh = "无人管理期间每月损失的设施水平比例。",
        assumed = "five times the usual ageing"
    )]
    pub decay: f64,
    /// Money for the renewal of the unit's courtyards, once it has handed over.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "移交后的院落改造投入。",
        choice
    )]
    pub renewal: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Whether the unit's welfare has begun here.
    pub begun: bool,
    /// Yuan spent on members this month, by the unit.
    pub spent: i64,
    /// Yuan spent this month by those who took over, renewal included.
    pub taken_over: i64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "danwei",
    family: Family::OrganisationsAndPartners,
    summary: text("Work units: welfare, closure, hand-over and renewal.", "单位:福利、改制、移交与更新。"),
    rows: &[33, 102, 103, 159, 160],
    equations: &[
        "W: share of what services lack that the unit makes up for members;  W' = W · (1 − services.depreciation) + welfare / 12 / services.cost · (1 − W), from the level that holds itself",
        "after closure: W' = W · (1 − decay) until handover_delay months are over",
        "then: W fades to nil as services age, handover · welfare of all members goes into public services of the community, and renewal into its environment",
    ],
    neutral: &[("welfare", "0.0"), ("renewal", "0.0")],
    demonstration: &[("welfare", "300"), ("closure_month", "12"), ("handover_delay", "6"), ("renewal", "50")],
    acts: &[Act {
        step: Step::Services,
        what: "look after their members, close, and are taken over",
        run: Run::Community(provide),
    }],
    costs: Costs::Charged {
        label: text("spending on work units' welfare", "单位福利支出"),
        charges: &[Charge {
            what: "members' welfare, by the unit and later by the budget, and renewal",
            of: welfare_cost,
        }],
    },
};

fn welfare_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    let local = &state.local.danwei;
    Cost::yuan(Payer::Others, local.spent as f64).and(Cost::yuan(Payer::Budget, local.taken_over as f64))
}

fn provide(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let danwei = &rules.danwei;
    let local = &mut state.local.danwei;
    (local.spent, local.taken_over) = (0, 0);
    if state.community.kind != Kind::Danwei
        || (danwei.welfare == 0.0 && danwei.renewal == 0.0 && !local.begun)
    {
        return;
    }
    let traits = &state.community.residents.traits;
    let members = traits.iter().filter(|t| t.danwei()).count() as f64;
    let welfare = services::of_this_month((danwei.welfare * members) as i64, now);
    let per_month = (danwei.welfare / 12.0 / rules.services.cost).min(1.0);
    let depreciation = rules.services.depreciation;
    let signals = &mut state.signals;
    if !local.begun && danwei.welfare > 0.0 {
        local.begun = true;
        signals.welfare = (per_month / (per_month + depreciation)) as f32;
    }
    let closed = danwei.closure_month > 0 && now.has_come(danwei.closure_month);
    let taken_over = closed && now.has_come(danwei.closure_month + danwei.handover_delay);
    let ageing = if closed && !taken_over { danwei.decay } else { depreciation };
    signals.welfare *= 1.0 - ageing as f32;
    if !closed {
        local.spent = welfare;
        signals.welfare += per_month as f32 * (1.0 - signals.welfare);
    } else if taken_over {
        let adults = state.community.adults().max(1) as f64;
        let kept = (welfare as f64 * danwei.handover) as i64;
        let renewal = services::of_this_month((danwei.renewal * adults) as i64, now);
        local.taken_over = kept + renewal;
        let each = kept as f64 / DOMAINS as f64;
        (0..DOMAINS).for_each(|d| services::buy(state, Provider::State, d, each, &rules.services));
        services::buy(state, Provider::State, domain::ENVIRONMENT, renewal as f64, &rules.services);
    }
}
