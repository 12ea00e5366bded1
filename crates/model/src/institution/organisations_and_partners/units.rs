//! Units stationed in the community (驻区单位) and other partners: what they share, and what makes them.
//!
//! Rows 13, 15, 76, 77, 108 and 109. A unit gives a part of what it could; to be evaluated for it makes
//! the part larger, year by year. What units give goes where they like, unless needs and resources are
//! matched by lists.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::city::{DOMAINS, Mode, domain};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::opportunities::suits;
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Provider, Run, Step, StepContext, services,
};

/// Settings of `[units]`.
#[settings]
pub struct Settings {
    /// Units stationed in a community.
    #[param(
        real = 0.0,
        range = 0.0..=1_000.0,
        unit = "units per community",
        zh = "每个社区的驻区单位数。",
        choice
    )]
    pub count: f64,
    /// What a unit could give at full effort, and what a partner gives.
    #[param(
        real = 50_000.0,
        range = 0.0..=1_000_000_000.0,
        unit = "yuan per unit and year",
        zh = "驻区单位尽全力(及合作伙伴)每年可投入的资源。",
        assumed = "a few rooms, a little money, some hours"
    )]
    pub resources: f64,
    /// Share of that which a unit gives of its own accord.
    #[param(
        share = 0.1,
        zh = "驻区单位自愿投入的比例。",
        assumed = "no measurement",
        prior = beta(2.0, 12.0)
    )]
    pub effort: f64,
    /// Weight of responsibility for the community in the evaluation of units.
    #[param(share = 0.0, zh = "履行社区治理责任在单位评价中的权重。", choice)]
    pub evaluation_weight: f64,
    /// Share of what a unit holds back that an evaluation of full weight draws out.
    #[param(share = 0.5, zh = "评价权重最高时所调动的保留资源比例。", assumed = "no measurement")]
    pub evaluation_effect: f64,
    /// Share of units that open their rooms and grounds to residents.
    #[param(share = 0.0, zh = "向居民开放场地设施的单位比例。", choice)]
    pub share_rate: f64,
    /// Share of what units give that is matched to what is lacking most; the rest goes where each unit likes.
    #[param(share = 0.0, zh = "资源与需求对接的比例,其余由单位自定。", choice)]
    pub docking: f64,
    /// Associations, groups, firms and research bodies that work with a community.
    #[param(
        real = 0.0,
        range = 0.0..=1_000.0,
        unit = "partners per community",
        zh = "每个社区的合作组织数。",
        choice
    )]
    pub partners: f64,
    /// Kinds of partners, and the service that each gives to.
    #[param(
        shares = [0.2; 5],
        parts = [
                text("industry associations: labour", "行业协会(劳动就业)"),
                text("social groups: culture", "社会团体(文化)"),
                text("non-profit bodies: civil affairs", "非营利组织(民政)"),
                text("private bodies: environment", "私人组织(环境)"),
                text("research and academic bodies: education", "科研学术团体(教育)"),
            ],
        zh = "合作组织的类型及其投入领域。",
        assumed = "F19 lists the kinds without numbers"
    )]
    pub partner_mix: [f64; 5],
    /// Monthly step of a unit's effort towards what its evaluation makes worth while.
    #[param(
        share = 0.1,
        zh = "驻区单位的投入每月向考核所要求水平靠近的步长。",
        assumed = "a year to change a habit"
    )]
    pub effort_step: f64,
    /// Events that a room shared by a unit makes room for.
    #[param(
        real = 0.5,
        range = 0.0..=100.0,
        unit = "events per room and month",
        zh = "每处共享空间每月容纳的活动。",
        assumed = "every other month"
    )]
    pub events_per_room: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Share of what they could that units give; none before the first month with units.
    pub effort: Option<f64>,
    /// Yuan that units and partners gave this month, all of which went into services.
    pub given: i64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "units",
    family: Family::OrganisationsAndPartners,
    summary: text("Stationed units and partners, and what they share.", "驻区单位与合作组织及其资源共享。"),
    rows: &[13, 15, 76, 77, 108, 109],
    equations: &[
        "e' = e + 0.1 · (effort + evaluation_effect · evaluation_weight · (1 − effort) − e)",
        "given = count · resources · e / 12, plus partners · resources / 12; a yuan does what a yuan of public money for one service does",
        "rooms opened: chance that some event suits = 1 − exp(−fit · 0.5 · count · share_rate)",
    ],
    neutral: &[("count", "0.0"), ("partners", "0.0")],
    demonstration: &[
        ("count", "3"),
        ("evaluation_weight", "0.5"),
        ("share_rate", "0.3"),
        ("docking", "0.5"),
        ("partners", "1"),
    ],
    acts: &[
        Act {
            step: Step::Services,
            what: "give to services, each to its own or where most is lacking",
            run: Run::Community(give),
        },
        Act { step: Step::Opportunities, what: "open their rooms", run: Run::Community(open) },
    ],
    costs: Costs::Charged {
        label: text("gifts of units", "驻区单位投入"),
        charges: &[Charge { what: "what units and partners give to services, by them", of: gifts_cost }],
    },
};

fn gifts_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    Cost::yuan(Payer::Others, state.local.units.given as f64)
}

/// The service that each kind of partner gives to.
const FIELDS: [usize; 5] =
    [domain::LABOUR, domain::CULTURE, domain::CIVIL_AFFAIRS, domain::ENVIRONMENT, domain::EDUCATION];
const LIKES: Stream = Stream::named("what units give");

fn give(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let units = &rules.units;
    let local = &mut state.local.units;
    local.given = 0;
    if units.count == 0.0 && units.partners == 0.0 {
        return;
    }
    let target = units.effort + units.evaluation_effect * units.evaluation_weight * (1.0 - units.effort);
    let effort = local.effort.get_or_insert(units.effort);
    *effort += units.effort_step * (target - *effort);
    let of_units = units.count * units.resources * *effort / 12.0;
    let of_partners = units.partners * units.resources / 12.0;
    let id = state.community.id;
    let lacking = |&d: &usize| state.signals.services[d];
    let scarcest = (0..DOMAINS).min_by(|a, b| lacking(a).total_cmp(&lacking(b))).unwrap_or(0);
    let mut spend = |domain: usize, yuan: f64, kind: Provider| {
        let yuan = yuan as i64;
        services::buy(state, kind, domain, yuan as f64, &rules.services);
        state.local.units.given += yuan;
    };
    let rng = now.rng.of(id);
    let number = (units.count.round() as u32).max(1);
    for unit in 0..number {
        let likes = rng.below(LIKES, unit, 0, 0, DOMAINS as u32) as usize;
        spend(likes, of_units / number as f64 * (1.0 - units.docking), Provider::State);
    }
    for (&field, share) in FIELDS.iter().zip(units.partner_mix) {
        spend(field, of_partners * share, Provider::Society);
    }
    spend(scarcest, of_units * units.docking, Provider::State);
}

fn open(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let rooms = rules.units.count * rules.units.share_rate;
    let o = &rules.opportunities;
    if rooms > 0.0 {
        state.signals.offer(
            Mode::Event,
            suits(o.fit, rules.units.events_per_room * rooms),
            o.stake_events as f32,
        );
    }
}
