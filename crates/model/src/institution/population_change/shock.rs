//! A disaster, and how relief is given: the earthquake of 2008 in the source text (F10).
//!
//! Rows 36 and 158. A shock damages services and brings residents, neighbours, local government and
//! the state together; what residents make of it follows from those encounters.

use crate::base::params::{settings, text};
use crate::city::Target;
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
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
        derived = "43.1 % took part in reconstruction a year after the Wenchuan earthquake (CASTED 2010)"
    )]
    pub solidarity: f64,
    /// Months until the lift has halved.
    #[param(
        real = 12.0,
        range = 1.0..=120.0,
        unit = "months",
        zh = "提升减半所需的月数。",
        assumed = "proposed core model"
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

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "shock",
    family: Family::PopulationChange,
    summary: text("A disaster and its relief.", "灾害与救助。"),
    rows: &[36, 158],
    equations: &[
        "services' = services · (1 − damage · severity)",
        "solidarity = solidarity₀ · severity, then halving every half_life months; it adds to the share of acquaintances seen to take part",
    ],
    neutral: &[("severity", "0.0")],
    demonstration: &[("severity", "0.5"), ("date", "\"2017-06\"")],
    acts: &[Act { step: Step::Calendar, what: "strikes, and its memory fades", run: Run::Community(strike) }],
};

fn strike(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let shock = &now.rules.institutions.shock;
    let signals = &mut state.signals;
    signals.solidarity *= libm::exp2(-1.0 / shock.half_life) as f32;
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
    let mut meets = |target: Target, good: f64| {
        signals.contacts[target as usize] = Contact { chance: severity, good: good as f32 };
    };
    meets(Target::LocalGovernment, shock.relief_fairness);
    meets(Target::CentralGovernment, shock.state_response);
    // Neighbours help each other: a good experience for nearly all who have one.
    meets(Target::Neighbours, 0.95);
}
