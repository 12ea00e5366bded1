//! The five actions of community development (五大行动, F5): renewal of old quarters, back streets,
//! special districts, services, safety.
//!
//! Rows 70–74. Each is money that goes into stocks which the model has anyway. Renewal of old quarters
//! takes time, and wears on the neighbourhood while it lasts.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::{DOMAINS, Kind, domain};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::spaces::{meet, wear_and_build};
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Provider, Run, Step, StepContext, services,
};

/// Settings of `[actions]`. Money in yuan per adult and year.
#[settings]
pub struct Settings {
    /// Money for the renewal of old courtyards and work-unit compounds.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "老旧城区(院落、单位社区)改造投入。",
        choice
    )]
    pub old_area: f64,
    /// Months after which a stage of renewal is finished and of use.
    #[param(
        count = 12,
        range = 1..=120,
        unit = "months",
        zh = "一期改造完工所需的月数。",
        assumed = "a year"
    )]
    pub works_months: u32,
    /// Share of the environment's level that works cost in each month that they last.
    #[param(
        share = 0.005,
        unit = "share per month",
        zh = "施工期间每月损失的环境水平比例。",
        assumed = "as much again as ageing"
    )]
    pub disruption: f64,
    /// Money for the clean-up of back streets: half for the environment, half for safety.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "背街小巷整治投入(环境与安全各半)。",
        choice
    )]
    pub back_streets: f64,
    /// Money for special districts: half for culture, half for places to stroll and meet.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "特色街区创建投入(文化与交往空间各半)。",
        choice
    )]
    pub special_streets: f64,
    /// Money for the upgrade of community services, all domains alike.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "社区服务提升投入(各领域均等)。",
        choice
    )]
    pub service_upgrade: f64,
    /// Money for public safety.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "平安社区创建投入。",
        choice
    )]
    pub safe_community: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Yuan spent this month, on all five.
    pub spent: i64,
    /// Yuan in works that are not finished yet.
    pub in_works: i64,
    /// Months since this stage of works began.
    pub months: u32,
    /// Special streets at hand, in [0, 1].
    pub streets: f32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "actions",
    family: Family::PublicServices,
    summary: text(
        "Five actions of renewal, services and safety.",
        "五大行动:老旧城区、背街小巷、特色街区、服务提升、平安社区。",
    ),
    rows: &[70, 71, 72, 73, 74],
    equations: &[
        "old quarters (courtyards and work-unit compounds): after works_months, environment Q' = Q + domains · money put in / (adults · services.cost) · (1 − Q); until then Q' = Q · (1 − disruption)",
        "back streets, services, safety: as public services, at once",
        "special streets: half culture; half a stock like that of public spaces, at `spaces.cost`, where neighbours meet with the chance `spaces.encounter` · stock",
    ],
    neutral: &[
        ("old_area", "0.0"),
        ("back_streets", "0.0"),
        ("special_streets", "0.0"),
        ("service_upgrade", "0.0"),
        ("safe_community", "0.0"),
    ],
    demonstration: &[
        ("old_area", "30"),
        ("back_streets", "5"),
        ("special_streets", "5"),
        ("service_upgrade", "5"),
        ("safe_community", "5"),
    ],
    acts: &[
        Act {
            step: Step::Services,
            what: "spends on each of the five, and finishes works",
            run: Run::Community(spend),
        },
        Act {
            step: Step::Opportunities,
            what: "lets residents meet in special streets",
            run: Run::Community(stroll),
        },
    ],
    costs: Costs::Charged {
        label: text("spending on the five actions", "五大行动支出"),
        charges: &[Charge { what: "works and services", of: works_cost }],
    },
};

fn works_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    Cost::yuan(Payer::Budget, state.local.actions.spent as f64)
}

fn spend(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let actions = &rules.actions;
    let adults = state.community.adults().max(1) as f64;
    let budget = |yearly: f64| services::of_this_month((yearly * adults) as i64, now);
    let is_old = matches!(state.community.kind, Kind::Courtyard | Kind::Danwei);
    let old = if is_old { budget(actions.old_area) } else { 0 };
    let [back, special, upgrade, safe] =
        [actions.back_streets, actions.special_streets, actions.service_upgrade, actions.safe_community]
            .map(budget);
    state.local.actions.spent = old + back + special + upgrade + safe;
    let mut buy = |domain: usize, yuan: f64| {
        services::buy(state, Provider::State, domain, yuan, &rules.services);
    };
    buy(domain::ENVIRONMENT, 0.5 * back as f64);
    buy(domain::SAFETY, 0.5 * back as f64 + safe as f64);
    buy(domain::CULTURE, 0.5 * special as f64);
    (0..DOMAINS).for_each(|d| buy(d, upgrade as f64 / DOMAINS as f64));
    let streets = &mut state.local.actions.streets;
    if special > 0 || *streets > 0.0 {
        let heads = adults * state.signals.crowding as f64;
        wear_and_build(streets, 0.5 * special as f64 / heads, rules.spaces.cost, now);
    }
    if old > 0 || state.local.actions.in_works > 0 {
        renew(state, old, now);
    }
}

/// Works on old quarters go on for a month more, and are finished when it is time.
fn renew(state: &mut CommunityState, yuan: i64, now: &StepContext) {
    let rules = &now.rules.institutions;
    let works = &mut state.local.actions;
    works.in_works += yuan;
    works.months += 1;
    state.signals.services[domain::ENVIRONMENT] *= 1.0 - rules.actions.disruption as f32;
    if works.months >= rules.actions.works_months {
        let done = works.in_works;
        (works.in_works, works.months) = (0, 0);
        services::buy(state, Provider::State, domain::ENVIRONMENT, done as f64, &rules.services);
    }
}

fn stroll(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let streets = state.local.actions.streets;
    if streets > 0.0 {
        meet(state, now.rules.institutions.spaces.encounter as f32 * streets, now);
    }
}
