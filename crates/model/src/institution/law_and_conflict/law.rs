//! How certain the rules are (法律法规政策体系不完善): where they are not, the outcome depends on who
//! happens to decide.
//!
//! Row 182. Each year brings each community a reading of the rules that is better or worse for its
//! residents than the usual one, and the same on average.

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::city::Target;
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[law]`.
#[settings]
pub struct Settings {
    /// How far rules decide how residents are treated; 1 = fully, below it who happens to decide has a say.
    #[param(share = 1.0, zh = "规则对居民所受对待的确定程度;1 表示完全由规则决定。", choice)]
    pub certainty: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "law",
    family: Family::LawAndConflict,
    summary: text("How certain the rules are.", "规则的确定性。"),
    rows: &[182],
    equations: &[
        "good' = good + (1 − certainty) · (1 − settled by local rules) · u · min(good, 1 − good), u even in [−1, 1], one for each community and year; for encounters with local government and for requests",
    ],
    neutral: &[("certainty", "1.0")],
    demonstration: &[("certainty", "0.8")],
    acts: &[Act {
        step: Step::Encounters,
        what: "leaves to chance what it leaves open",
        run: Run::Community(waver),
    }],
    costs: Costs::Free("rules are made elsewhere, at a cost that the model does not follow"),
};

fn waver(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let open = (1.0 - now.rules.institutions.law.certainty) as f32 * (1.0 - state.signals.settled);
    if open == 0.0 {
        return;
    }
    let rng = now.rng.of(state.community.id);
    let reading = |of: u32| {
        let u = rng.uniform(Stream::named("reading of the rules"), of, now.month / 12, 0);
        open * (2.0 * u - 1.0) as f32
    };
    // As far up as down, so that the mean over communities stays.
    let signals = &mut state.signals;
    let waver = |good: &mut f32, reading: f32| *good += reading * good.min(1.0 - *good);
    waver(&mut signals.contacts[Target::LocalGovernment as usize].good, reading(0));
    waver(&mut signals.handled_well, reading(1));
}
