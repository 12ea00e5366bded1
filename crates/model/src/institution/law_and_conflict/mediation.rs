//! Neighbours fall out, and others help them to make it up: mediation, the judicial office (司法所) and
//! the police station (派出所).
//!
//! Rows 22, 111, 151, 153, 163 and 164. The less neighbours trust each other, the fewer rules they have
//! agreed on and the more their needs differ, the more often they fall out. A conflict stays open until
//! it is mediated, made up, or ended by the police; while it is open, it is a bad experience with
//! neighbours and wears on public safety.

use serde::{Deserialize, Serialize};

use crate::base::math::poisson_quantile;
use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::base::units::PER_THOUSAND;
use crate::city::{DOMAINS, Target};
use crate::institution::cost::{Charge, Cost, Costs};
use crate::institution::diffusion::Practice;
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[mediation]`.
#[settings]
pub struct Settings {
    /// Conflicts between neighbours who trust each other halfway, without common rules, with evenly spread
    /// needs; 0 = conflicts are left out.
    #[param(
        real = 0.0,
        range = 0.0..=100.0,
        unit = "conflicts per 1,000 adults and month",
        zh = "邻里信任居中、无共同规则、需求分散时每千名成年人每月的矛盾数;0 表示不考虑矛盾。",
        choice
    )]
    pub conflict_rate: f64,
    /// Hours of the community's mediation committee.
    #[param(
        real = 10.0,
        range = 0.0..=10_000.0,
        unit = "hours per month",
        zh = "社区调解委员会每月的工时。",
        assumed = "a part of one person's work"
    )]
    pub capacity: f64,
    /// Hours that the street's judicial office gives to the community.
    #[param(
        real = 0.0,
        range = 0.0..=10_000.0,
        unit = "hours per month",
        zh = "司法所每月投入社区调解的工时。",
        choice
    )]
    pub judicial_office: f64,
    /// Share of open conflicts that the police station ends in a month, as fairly as officers act otherwise.
    #[param(
        share = 0.05,
        unit = "share per month",
        zh = "派出所每月处置的未决矛盾比例(公正程度同执法)。",
        assumed = "no measurement"
    )]
    pub police: f64,
    /// Work for one mediation.
    #[param(
        real = 6.0,
        range = 0.1..=1_000.0,
        unit = "hours",
        zh = "调解一件矛盾所需的工时。",
        assumed = "two or three meetings"
    )]
    pub hours_per_case: f64,
    /// Share of mediations that settle the conflict.
    #[param(
        share = 0.9,
        zh = "调解成功的比例。",
        assumed = "official reports say more; a tenth is left for those that come back",
        // .976 by a bureau's own count, .70 of mediation at courts: .70 to .98.
        prior = beta(8.0, 1.3)
    )]
    pub success: f64,
    /// Share of open conflicts made up without help in a month, if neighbours trusted each other fully.
    #[param(
        share = 0.1,
        unit = "share per month",
        zh = "邻里充分信任时每月自行和解的比例。",
        assumed = "no measurement"
    )]
    pub made_up: f64,
    /// Residents who live with an open conflict around them.
    #[param(
        real = 20.0,
        range = 0.0..=10_000.0,
        unit = "residents per conflict",
        zh = "每件未决矛盾波及的居民数。",
        assumed = "a staircase"
    )]
    pub witnesses: f64,
    /// Share of public safety that a month of full disorder takes away.
    #[param(
        share = 0.02,
        unit = "share per month",
        zh = "完全失序一个月对公共安全服务水平的损耗比例。",
        assumed = "about three times the usual ageing of services"
    )]
    pub wear: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Conflicts that are open.
    pub open: f64,
    /// Conflicts that broke out this month.
    pub new: u32,
    /// Conflicts settled by mediation this month.
    pub mediated: f64,
    /// Conflicts closed in any way this month.
    pub closed: f64,
    /// How much first needs differ, in [0, 1]: 1 if evenly spread; worked out once a year.
    pub diversity: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "mediation",
    family: Family::LawAndConflict,
    summary: text("Conflicts between neighbours, mediation and disorder.", "邻里矛盾、调解与失序。"),
    rows: &[22, 111, 151, 153, 163, 164],
    equations: &[
        "conflicts ~ Poisson(adults · conflict_rate / 1,000 · 2 · (1 − trust in neighbours) · (1 − common rules) · diversity of needs · (1 + strain))",
        "mediated = success · min(open, hours / hours_per_case); of the rest, made_up · trust in neighbours are made up and police ended in a month",
        "disorder = 1 − exp(−witnesses · open / adults); public safety' = public safety · (1 − wear · disorder)",
        "both parties have a bad experience with neighbours in each month of an open conflict, one with the committee (good in the share success) when it is mediated, and one with local government (good as enforcement is fair) when the police end it",
    ],
    neutral: &[("conflict_rate", "0.0")],
    demonstration: &[("conflict_rate", "20"), ("capacity", "5")],
    acts: &[Act {
        step: Step::Encounters,
        what: "sees conflicts break out, mediates, and leaves some open",
        run: Run::Community(arise),
    }],
    costs: Costs::Charged {
        label: text("mediation", "调解支出"),
        charges: &[Charge {
            what: "hours of the mediation committee and the judicial office; those that organisations give are theirs",
            of: mediators_cost,
        }],
    },
};

fn mediators_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (mediation, prices) = (&now.rules.institutions.mediation, &now.rules.costs);
    if mediation.conflict_rate == 0.0 || !Practice::Mediation.is_in_use(state) {
        return Cost::default();
    }
    Cost::staff(mediation.capacity, prices.staff_hour)
        .and(Cost::staff(mediation.judicial_office, prices.official_hour))
}

/// Position of public safety among the domains.
const SAFETY: usize = 0;

fn arise(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let mediation = &rules.mediation;
    if mediation.conflict_rate == 0.0 {
        return;
    }
    if state.local.mediation.diversity == 0.0 || now.date.of_year() == 1 {
        state.local.mediation.diversity = diversity(state);
    }
    let adults = state.community.adults().max(1) as f64;
    let trust = state.mean(&state.community.residents.trust[Target::Neighbours as usize]) as f64;
    break_out(state, now, adults, trust);
    let in_use = Practice::Mediation.is_in_use(state) as u8 as f64;
    let hours = in_use * (mediation.capacity + mediation.judicial_office + state.signals.mediators);
    let fair = rules.enforcement.fairness;
    let local = &mut state.local.mediation;
    let cases = (hours / mediation.hours_per_case).min(local.open);
    local.mediated = mediation.success * cases;
    let left = local.open - local.mediated;
    let made_up = mediation.made_up * trust * left;
    let ended = mediation.police * (left - made_up);
    local.closed = local.mediated + made_up + ended;
    local.open -= local.closed;
    let open = local.open;
    let signals = &mut state.signals;
    signals.disorder = (1.0 - libm::exp(-mediation.witnesses * open / adults)) as f32;
    signals.services[SAFETY] *= 1.0 - mediation.wear as f32 * signals.disorder;
    let mut both_parties = |target: Target, conflicts: f64, good: f64| {
        let contact = &mut signals.contacts[target as usize];
        let chance = (2.0 * conflicts / adults).min(1.0) as f32;
        *contact = contact.and(Contact { chance, good: good as f32 });
    };
    both_parties(Target::Neighbours, open, 0.0);
    both_parties(Target::Committee, cases, mediation.success);
    both_parties(Target::LocalGovernment, ended, fair);
}

fn break_out(state: &mut CommunityState, now: &StepContext, adults: f64, trust: f64) {
    let rate = now.rules.institutions.mediation.conflict_rate / PER_THOUSAND;
    let signals = &state.signals;
    let unsettled = 1.0 - signals.common_rules as f64;
    let strain = 1.0 + signals.strain as f64;
    let local = &mut state.local.mediation;
    let mean = adults * rate * 2.0 * (1.0 - trust) * unsettled * local.diversity * strain;
    let rng = now.rng.of(state.community.id);
    local.new = poisson_quantile(mean, rng.uniform(Stream::named("conflicts"), 0, now.month, 0));
    local.open += local.new as f64;
}

/// Chance that two residents need different domains most, relative to evenly spread needs.
fn diversity(state: &CommunityState) -> f64 {
    state.community.residents.diversity_of_needs() / (1.0 - 1.0 / DOMAINS as f64)
}
