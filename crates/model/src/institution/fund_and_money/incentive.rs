//! Rewards for contributing (积分奖励): private stakes of taking part.
//!
//! Row 140. To share what others built is easy, to build it hard: a reward adds to the stakes of
//! contributing, by half where its worth is `half_stake`.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::Mode;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[incentive]`.
#[settings]
pub struct Settings {
    /// Worth of what one gets for a meeting, a proposal or a shift of volunteering; 0 = nothing.
    #[param(
        real = 0.0,
        range = 0.0..=10_000.0,
        unit = "yuan per participation",
        zh = "参加一次议事、提案或志愿服务所得积分的价值;0 表示没有。",
        choice
    )]
    pub reward: f64,
    /// Worth of what one gets for a month of sorting waste; 0 = nothing.
    #[param(
        real = 0.0,
        range = 0.0..=10_000.0,
        unit = "yuan per resident and month",
        zh = "坚持垃圾分类一个月所得积分的价值;0 表示没有。",
        choice
    )]
    pub sorting: f64,
    /// Worth of a reward at which it raises the stake by half of what is missing.
    #[param(
        real = 50.0,
        range = 0.1..=10_000.0,
        unit = "yuan",
        zh = "使利害感提高到缺口一半的奖励价值。",
        assumed = "as the half_stake of the fund; no measurement"
    )]
    pub half_stake: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Yuan paid out this month.
    pub paid: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "incentive",
    family: Family::FundAndMoney,
    summary: text("Rewards for contributing.", "对参与贡献的奖励。"),
    rows: &[140],
    equations: &["stake' = stake + r / (r + half_stake) · (1 − stake), with r the reward in yuan"],
    neutral: &[("reward", "0.0"), ("sorting", "0.0")],
    demonstration: &[("reward", "5"), ("sorting", "5")],
    acts: &[
        Act { step: Step::Opportunities, what: "offers rewards", run: Run::Community(offer) },
        Act { step: Step::Decisions, what: "pays them", run: Run::Community(pay) },
    ],
    costs: Costs::Charged {
        label: text("rewards", "奖励支出"),
        charges: &[Charge { what: "rewards", of: rewards_cost }],
    },
};

fn rewards_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    Cost::yuan(Payer::Budget, state.local.incentive.paid)
}

/// What is rewarded.
const REWARDED: [Mode; 3] = [Mode::Meeting, Mode::Proposal, Mode::Volunteer];

fn offer(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let incentive = &now.rules.institutions.incentive;
    let mut reward = |mode: Mode, yuan: f64| {
        let stake = &mut state.signals.stake[mode as usize];
        *stake += (yuan / (yuan + incentive.half_stake)) as f32 * (1.0 - *stake);
    };
    if incentive.reward > 0.0 {
        REWARDED.into_iter().for_each(|mode| reward(mode, incentive.reward));
    }
    if incentive.sorting > 0.0 {
        reward(Mode::Sorting, incentive.sorting);
    }
}

fn pay(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let incentive = &now.rules.institutions.incentive;
    let took_part = |mode: Mode| state.signals.took_part[mode as usize] as f64;
    let rewarded: f64 = REWARDED.into_iter().map(took_part).sum();
    state.local.incentive.paid = rewarded * incentive.reward + took_part(Mode::Sorting) * incentive.sorting;
}
