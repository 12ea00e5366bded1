//! What a community stands for: talent, international or industry communities (source text F12), whose
//! residents' needs are mixed otherwise than elsewhere.
//!
//! Row 35.

use multiversion::multiversion;
use serde::{Deserialize, Serialize};

use crate::base::params::{Text, settings, text};
use crate::base::rng::{CounterRng, Stream, unit};
use crate::city::{Needs, domain};
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// What a community may stand for, in the order of `community.types`.
const TYPES: [Text; 4] = [
    text("general", "普通社区"),
    text("talent", "人才社区"),
    text("international", "国际化社区"),
    text("industry", "产业社区"),
];

/// The service that residents of each type need most; none of a general community. Families of the well
/// trained look for schools, those from abroad for culture, workers for labour and social security.
const CHIEF_NEED: [Option<u8>; 4] =
    [None, Some(domain::EDUCATION as u8), Some(domain::CULTURE as u8), Some(domain::LABOUR as u8)];

/// Settings of `[community]`.
#[settings]
pub struct Settings {
    /// Chances that a community is of each type.
    #[param(shares = [1.0, 0.0, 0.0, 0.0], parts = TYPES, zh = "社区属于各类型的概率。", choice, fixed)]
    pub types: [f64; 4],
    /// Share of residents of a community of a type whose chief need is the type's own: education, culture, or
    /// labour and social security.
    #[param(
        share = 0.3,
        zh = "非普通社区中以该类型特有需求(教育、文化或劳动保障)为首要需求的居民比例。",
        assumed = "no survey of needs by type of community was found"
    )]
    pub need_shift: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// The service that its residents need most, if it is no general community.
    pub chief_need: Option<u8>,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "community",
    family: Family::PopulationChange,
    summary: text(
        "Talent, international and industry communities, with needs of their own.",
        "人才社区、国际化社区与产业社区及其需求结构。",
    ),
    rows: &[35],
    equations: &[
        "the chief need of a share need_shift of homes is the type's own, whoever lives there; what was needed most comes second",
    ],
    neutral: &[("types", "[1.0, 0.0, 0.0, 0.0]")],
    demonstration: &[("types", "[0.0, 0.4, 0.3, 0.3]")],
    acts: &[Act {
        step: Step::Tasks,
        what: "houses residents whose needs are its own",
        run: Run::Community(house),
    }],
    costs: Costs::Free("says what kind of community it is"),
};

fn house(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let settings = &now.rules.institutions.community;
    let rng = now.rng.of(state.community.id);
    if now.month == 0 {
        let draw = rng.uniform(Stream::named("type of community"), 0, 0, 0);
        state.local.community.chief_need = CHIEF_NEED[of_type(&settings.types, draw)];
    }
    let Some(chief) = state.local.community.chief_need else { return };
    // Needs change where somebody has moved in, and in the first month.
    if now.month > 0 && state.signals.left == 0 {
        return;
    }
    put_first(&mut state.community.residents.needs, chief, settings.need_shift, rng);
}

/// A share of residents, the same from month to month, needs most what `chief` stands for.
#[multiversion(targets = "simd")]
fn put_first(needs: &mut [Needs], chief: u8, share: f64, rng: CounterRng) {
    let stream = Stream::named("needs of a type of community");
    for (needs, i) in needs.iter_mut().zip(0..) {
        let typical = (unit(rng.block(stream, i, 0, 0)[0]) as f64) < share;
        let typical_needs = Needs::new(chief, needs.first() as u8);
        *needs = if typical && needs.first() != chief as usize { typical_needs } else { *needs };
    }
}

/// The type at `draw` in (0, 1).
fn of_type(chances: &[f64; 4], draw: f64) -> usize {
    let mut left = draw;
    for (kind, &chance) in chances.iter().enumerate() {
        left -= chance;
        if left < 0.0 {
            return kind;
        }
    }
    // Chances sum to one but for rounding.
    chances.iter().rposition(|&chance| chance > 0.0).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_drawn_in_their_shares() {
        let chances = [0.5, 0.2, 0.0, 0.3];
        let drawn =
            |kind| (0..1_000).filter(|&k| of_type(&chances, (k as f64 + 0.5) / 1_000.0) == kind).count();
        assert_eq!([0, 1, 2, 3].map(drawn), [500, 200, 0, 300]);
        assert_eq!(of_type(&[0.3, 0.7 - 1e-12, 0.0, 0.0], 1.0 - 1e-16), 1);
    }
}
