//! State, market and society as providers of services: each may fail, and together they do more than
//! side by side.
//!
//! Rows 165 and 168.

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::institution::cost::Costs;
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Provider, Run, Step, StepContext,
};

/// Settings of `[providers]`.
#[settings]
pub struct Settings {
    /// Chance that public money buys no service this month.
    #[param(
        share = 0.0,
        unit = "probability per community and month",
        zh = "政府失灵:当月公共投入没有产出的概率。",
        choice
    )]
    pub state_failure: f64,
    /// Chance that firms make nothing of what is spent on the market this month.
    #[param(
        share = 0.0,
        unit = "probability per community and month",
        zh = "市场失灵:当月市场化投入没有产出的概率。",
        choice
    )]
    pub market_failure: f64,
    /// Chance that social organisations hold no activity this month.
    #[param(
        share = 0.0,
        unit = "probability per community and month",
        zh = "社会失灵:当月社会组织没有开展活动的概率。",
        choice
    )]
    pub society_failure: f64,
    /// How much more two providers do together: a multiple of the geometric mean of what each does.
    #[param(
        real = 0.0,
        range = 0.0..=10.0,
        unit = "ratio",
        zh = "两类主体合作的增益:为各自产出几何平均的倍数。",
        choice
    )]
    pub complementarity: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "providers",
    family: Family::PublicServices,
    summary: text(
        "State, market and society as providers that fail and complement each other.",
        "政府、市场与社会三类供给主体的失灵与互补。",
    ),
    rows: &[165, 168],
    equations: &[
        "Q' = Q + complementarity · (√(a·b) + √(b·s) + √(a·s)) · (1 − Q), with a, b, s what state, market and society made of the domain this month",
    ],
    neutral: &[
        ("state_failure", "0.0"),
        ("market_failure", "0.0"),
        ("society_failure", "0.0"),
        ("complementarity", "0.0"),
    ],
    demonstration: &[
        ("state_failure", "0.1"),
        ("market_failure", "0.1"),
        ("society_failure", "0.1"),
        ("complementarity", "0.2"),
    ],
    acts: &[
        Act { step: Step::Calendar, what: "fails or not", run: Run::Community(fail) },
        Act {
            step: Step::Projects,
            what: "does more together than side by side",
            run: Run::Community(complement),
        },
    ],
    costs: Costs::Free("says what becomes of money that others spend"),
};

fn fail(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let p = &now.rules.institutions.providers;
    let rng = now.rng.of(state.community.id);
    for (provider, chance) in [
        (Provider::State, p.state_failure),
        (Provider::Market, p.market_failure),
        (Provider::Society, p.society_failure),
    ] {
        let u = rng.uniform(Stream::named("failure of providers"), provider as u32, now.month, 0);
        state.signals.failing[provider as usize] = u < chance;
    }
}

fn complement(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let c = now.rules.institutions.providers.complementarity;
    if c == 0.0 {
        return;
    }
    let signals = &mut state.signals;
    let of = |provider: Provider| signals.made[provider as usize];
    let (state, market, society) = (of(Provider::State), of(Provider::Market), of(Provider::Society));
    for (d, level) in signals.services.iter_mut().enumerate() {
        let (a, b, s) = (state[d], market[d], society[d]);
        let together = (a * b).sqrt() + (b * s).sqrt() + (a * s).sqrt();
        *level += (c as f32 * together).min(1.0) * (1.0 - *level);
    }
}
