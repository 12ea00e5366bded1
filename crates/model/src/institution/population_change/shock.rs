//! A disaster, and how relief is given: the earthquake of 2008 in the source text (F10).
//!
//! Rows 36 and 158. A shock damages services and brings residents, neighbours, local government and
//! the state together; what residents make of it follows from those encounters. Helping is an act: for as long
//! as there is relief to be given, there is every day something to do for others, much is at stake in it, and
//! people are asked. Those who help, and those who are helped, are attached to their community more, and
//! have a good experience with neighbours.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::{Mode, Target};
use crate::institution::cost::Costs;
use crate::institution::opportunities::suits;
use crate::institution::{
    Act, Asker, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[shock]`.
#[settings]
pub struct Settings {
    /// Month of the disaster.
    #[param(month = "2020-01", zh = "灾害发生的月份。")]
    pub date: String,
    /// Severity; 0 = no disaster.
    #[param(share = 0.0, zh = "严重程度;0 表示没有灾害。", choice)]
    pub severity: f64,
    /// Share of services lost at full severity.
    #[param(share = 0.3, zh = "最严重时损失的服务比例。", assumed = "proposed core model")]
    pub damage: f64,
    /// Lift of helpfulness at full severity, felt as if that share of acquaintances took part.
    #[param(
        share = 0.3,
        zh = "最严重时互助意识的提升,等同于相应比例的熟人参与。",
        assumed = "as if three in ten acquaintances, who had done nothing, were seen to help",
        // Few disasters, and no monthly series.
        prior = beta(3.0, 6.0)
    )]
    pub solidarity: f64,
    /// Occasions to help in the first month at full severity; fewer as relief ends.
    #[param(
        real = 20.0,
        range = 0.0..=1_000.0,
        unit = "occasions per month",
        zh = "最严重时首月的互助机会数，随救助结束而减少。",
        assumed = "relief goes on in every street on most days"
    )]
    pub occasions: f64,
    /// What is at stake in helping.
    #[param(share = 1.0, zh = "互助的利害程度。", assumed = "the greatest that the model knows")]
    pub help_stake: f64,
    /// Share of residents who are asked in person to help, in the first month at full severity.
    #[param(
        share = 0.8,
        zh = "最严重时首月被当面请求参与互助的居民比例。",
        assumed = "most are asked by neighbours and leaders; beside what is at stake it decides how many help, of whom .431 were counted in reconstruction within a year of the Wenchuan earthquake (CASTED 2010)"
    )]
    pub asked: f64,
    /// Residents whom one who helps in a month helps.
    #[param(
        real = 3.0,
        range = 0.0..=100.0,
        unit = "residents",
        zh = "每名互助者一个月帮助的居民数。",
        assumed = "a household and somebody else"
    )]
    pub helped: f64,
    /// Step of the attachment of one who helped or was helped in a month.
    #[param(
        share = 0.1,
        zh = "一个月内帮助他人或得到帮助使社区归属感提高的步长。",
        assumed = "88 % of survivors say that their community is closer; no panel was found"
    )]
    pub bond: f64,
    /// Share of residents who find neighbours' help good.
    #[param(share = 0.95, zh = "认为邻里互助良好的居民比例。", assumed = "nearly all")]
    pub neighbours_help: f64,
    /// Months until the lift, and relief, have halved.
    #[param(
        real = 12.0,
        range = 1.0..=120.0,
        unit = "months",
        zh = "提升减半所需的月数。",
        assumed = "proposed core model",
        // Few disasters, and no monthly series.
        prior = log_normal(10.0, 0.5)
    )]
    pub half_life: f64,
    /// Share of residents who find relief fair.
    #[param(share = 0.8, zh = "认为救助公平的居民比例。", assumed = "as in everyday enforcement")]
    pub relief_fairness: f64,
    /// Share of residents who find the state's rescue good.
    #[param(
        share = 0.95,
        zh = "认为国家救援良好的居民比例。",
        assumed = "80.7 % received outside support (CASTED 2010); what they thought of it is assumed"
    )]
    pub state_response: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Relief that is still given, as a share of that in the first month at full severity.
    pub relief: f32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "shock",
    family: Family::PopulationChange,
    summary: text("A disaster and its relief.", "灾害与救助。"),
    rows: &[36, 158],
    equations: &[
        "services' = services · (1 − damage · severity)",
        "solidarity = solidarity₀ · severity, then halving every half_life months; it adds to the share of acquaintances seen to take part",
        "relief = severity, then halving every half_life months; volunteering is open to 1 − exp(−fit · occasions · relief) more, with stake help_stake, and asked · relief are asked in person",
        "of those who volunteer, and of the share 1 − exp(−helped · volunteers / adults) whom they help: A' = A + bond · relief · (1 − A);  those helped have an experience with neighbours",
    ],
    neutral: &[("severity", "0.0")],
    demonstration: &[("severity", "0.5"), ("date", "\"2017-06\"")],
    acts: &[
        Act { step: Step::Calendar, what: "strikes, and its memory fades", run: Run::Community(strike) },
        Act { step: Step::Opportunities, what: "calls on residents to help", run: Run::Community(call) },
        Act {
            step: Step::Encounters,
            what: "brings those who help and those who are helped together",
            run: Run::Community(bring_together),
        },
    ],
    costs: Costs::Free(
        "relief is given by others than the model follows, and residents' help is in the hours of taking part",
    ),
};

fn strike(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let shock = &now.rules.institutions.shock;
    let signals = &mut state.signals;
    let kept = libm::exp2(-1.0 / shock.half_life) as f32;
    signals.solidarity *= kept;
    let relief = &mut state.local.shock.relief;
    *relief = if *relief > OVER { *relief * kept } else { 0.0 };
    if shock.severity == 0.0 || now.date.to_string() != shock.date {
        return;
    }
    let severity = shock.severity as f32;
    let lost = shock.damage as f32 * severity;
    let excused = lost * (1.0 - now.rules.institutions.responsibility.disasters as f32);
    state.local.responsibility.excuse(signals.services.map(|level| level * excused));
    for level in &mut signals.services {
        *level *= 1.0 - lost;
    }
    signals.solidarity += shock.solidarity as f32 * severity;
    *relief += severity;
    let mut meets = |target: Target, good: f64| {
        signals.contacts[target as usize] = Contact { chance: severity, good: good as f32 };
    };
    meets(Target::LocalGovernment, shock.relief_fairness);
    meets(Target::CentralGovernment, shock.state_response);
    // Neighbours help each other: a good experience for nearly all who have one.
    meets(Target::Neighbours, shock.neighbours_help);
}

/// Relief of which nobody speaks any more.
const OVER: f32 = 1e-3;

fn call(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let (shock, relief) = (&rules.shock, state.local.shock.relief as f64);
    if relief == 0.0 {
        return;
    }
    let chance = suits(rules.opportunities.fit, shock.occasions * relief);
    state.signals.offer(Mode::Volunteer, chance, shock.help_stake as f32);
    state.signals.ask(Asker::Relief, &[Mode::Volunteer], (shock.asked * relief).min(1.0) as f32);
}

fn bring_together(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let shock = &now.rules.institutions.shock;
    if state.local.shock.relief == 0.0 {
        return;
    }
    let volunteers = state.signals.took_part[Mode::Volunteer as usize] as f64;
    let adults = state.community.adults().max(1) as f64;
    // As relief ends, less and less of what volunteers do is relief.
    let relief = state.local.shock.relief.min(1.0);
    let chance = relief * (1.0 - libm::exp(-shock.helped * volunteers / adults)) as f32;
    let step = shock.bond as f32;
    let residents = &mut state.community.residents;
    for (attachment, acts) in residents.attachment.iter_mut().zip(&residents.acts) {
        let helps = acts & Mode::Volunteer.bit() != 0;
        *attachment += step * if helps { relief } else { chance } * (1.0 - *attachment);
    }
    state.signals.meet(Target::Neighbours, Contact { chance, good: shock.neighbours_help as f32 });
}
