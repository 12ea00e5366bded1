//! Public spaces (特色公共空间) where neighbours meet: halls for the old, reading rooms, edible gardens.
//!
//! Row 65. Space is a stock that money builds and time wears. It brings about encounters, and residents
//! hold events of their own there.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::{Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::opportunities::{either, suits};
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext, services,
};

/// Settings of `[spaces]`.
#[settings]
pub struct Settings {
    /// Money for public spaces.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "公共空间投入。",
        choice
    )]
    pub investment: f64,
    /// Money that would give everybody a public space at hand, without ageing and at first return.
    #[param(
        real = 300.0,
        range = 1.0..=1_000_000.0,
        unit = "yuan per adult",
        zh = "使人人就近可用公共空间所需的资金。",
        assumed = "rooms and gardens of a few hundred square metres for a few thousand adults"
    )]
    pub cost: f64,
    /// Chance that public spaces at their fullest bring a resident together with neighbours.
    #[param(
        share = 0.1,
        unit = "probability per month",
        zh = "公共空间充足时居民与邻里相遇的概率。",
        assumed = "as an activity of a social organisation that suits"
    )]
    pub encounter: f64,
    /// Events that residents hold by themselves where public spaces are at their fullest.
    #[param(
        real = 1.0,
        range = 0.0..=100.0,
        unit = "events per month",
        zh = "公共空间充足时居民自办的活动数。",
        assumed = "no count was found"
    )]
    pub events: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Public space at hand, in [0, 1].
    pub stock: f32,
    /// Yuan spent this month.
    pub spent: i64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "spaces",
    family: Family::PublicServices,
    summary: text("Public spaces where neighbours meet.", "邻里相聚的公共空间。"),
    rows: &[65],
    equations: &[
        "S' = S · (1 − services.depreciation) + money per adult / cost · (1 − S)",
        "chance to meet neighbours = encounter · S, 95 % of it good;  events of one's own: open = 1 − exp(−fit · events · S)",
    ],
    neutral: &[("investment", "0.0")],
    demonstration: &[("investment", "30")],
    acts: &[
        Act { step: Step::Services, what: "are built, and wear out", run: Run::Community(build) },
        Act {
            step: Step::Opportunities,
            what: "bring neighbours together, and give room to their events",
            run: Run::Community(gather),
        },
    ],
    costs: Costs::Charged {
        label: text("spending on public spaces", "公共空间支出"),
        charges: &[Charge { what: "building", of: building_cost }],
    },
};

fn building_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    Cost::yuan(Payer::Budget, state.local.spaces.spent as f64)
}

/// Wears a stock by a month and adds what `yuan` per adult build at `cost`.
pub fn wear_and_build(stock: &mut f32, yuan: f64, cost: f64, now: &StepContext) {
    let depreciation = now.rules.institutions.services.depreciation as f32;
    *stock = *stock * (1.0 - depreciation) + (yuan / cost).min(1.0) as f32 * (1.0 - *stock);
}

fn build(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let spaces = &now.rules.institutions.spaces;
    let local = &mut state.local.spaces;
    local.spent = 0;
    if spaces.investment == 0.0 && local.stock == 0.0 {
        return;
    }
    let adults = state.community.adults().max(1) as f64;
    local.spent = services::of_this_month((spaces.investment * adults) as i64, now);
    let heads = adults * state.signals.crowding as f64;
    wear_and_build(&mut local.stock, local.spent as f64 / heads, spaces.cost, now);
}

fn gather(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let stock = state.local.spaces.stock;
    if stock == 0.0 {
        return;
    }
    let rules = &now.rules.institutions;
    meet(state, rules.spaces.encounter as f32 * stock, now);
    let own = suits(rules.opportunities.fit, rules.spaces.events * stock as f64);
    let stake = rules.opportunities.stake_events as f32;
    let signals = &mut state.signals;
    signals.open[Mode::Event as usize] = either(signals.open[Mode::Event as usize], own);
    signals.stake[Mode::Event as usize] = signals.stake[Mode::Event as usize].max(stake);
}

/// Neighbours meet with this chance, and nearly always like it.
pub fn meet(state: &mut CommunityState, chance: f32, now: &StepContext) {
    let good = now.rules.residents.activity_good as f32;
    let neighbours = &mut state.signals.contacts[Target::Neighbours as usize];
    *neighbours = neighbours.and(Contact { chance, good });
}
