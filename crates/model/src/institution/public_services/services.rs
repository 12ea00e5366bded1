//! Public services: ten domains that age, and that money keeps up.
//!
//! Rows 14, 37, 53, 58, 95, 96, 109, 123, 128, 130, 142, 165, 168, 181 and 185.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::city::{DOMAINS, Kind, domain};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::funding::devolution;
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Provider, Run, Signals, Step, StepContext,
};

/// Settings of `[services]`.
#[settings]
pub struct Settings {
    /// Money for services.
    #[param(
        real = 300.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "服务投入。",
        assumed = "no figure at community level was found"
    )]
    pub investment: f64,
    /// Share of a service's level that is lost by ageing in a month.
    #[param(
        real = 0.006,
        range = 0.0..=0.2,
        unit = "share per month",
        zh = "设施老化每月损失的服务水平比例。",
        assumed = "proposed core model δ",
        // A level of service has no unit.
        prior = log_normal(0.006, 0.4)
    )]
    pub depreciation: f64,
    /// Money that would raise a service from nothing to full without ageing and at first return.
    #[param(
        real = 1_800.0,
        range = 1.0..=1_000_000.0,
        unit = "yuan per adult",
        zh = "使服务从无到满所需的资金。",
        derived = "with the default investment and ageing, a level of .7 holds itself: 25 · (1 − .7) / 1,800 ≈ .006 · .7",
        // A level of service has no unit.
        prior = log_normal(1800.0, 0.5)
    )]
    pub cost: f64,
    /// Standard deviation of initial service levels between communities.
    #[param(
        real = 0.08,
        range = 0.0..=0.3,
        unit = "share",
        zh = "社区间初始服务水平的标准差。",
        assumed = "uneven services (F1, F6, F14); no measurement",
        fixed
    )]
    pub spread: f64,
    /// How far initial services of old courtyards, resettlement estates and villages lie below the others.
    #[param(
        real = 0.08,
        range = 0.0..=0.5,
        unit = "share",
        zh = "老旧院落、安置小区与村的初始服务差距。",
        assumed = "F11, F10 say lower; no measurement",
        fixed
    )]
    pub old_neighbourhood_gap: f64,
    /// Further money for greening, cleaning and leisure facilities.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "用于绿化、清洁与休闲设施的追加投入。",
        choice
    )]
    pub environment: f64,
    /// What residents spend on third parties that offer health and household services nearby.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "居民用于第三方医疗与家政服务的支出。",
        choice
    )]
    pub third_party: f64,
    /// Share of public money with which services are bought on the market.
    #[param(share = 0.0, zh = "以市场化方式购买服务的公共投入比例。", choice)]
    pub market_share: f64,
    /// What a yuan buys on the market, relative to public provision.
    #[param(
        real = 1.0,
        range = 0.0..=5.0,
        unit = "multiple of the public yield",
        zh = "单位资金在市场购买所得(相对于公共提供)。",
        derived = "no systematic difference in cost between private and public production (meta-regression of Bel, Fageda and Warner 2010)"
    )]
    pub market_yield: f64,
    /// Months in which contracts with third parties come to be matched with demand; until then the public
    /// provides.
    #[param(
        real = 6.0,
        range = 0.0..=120.0,
        unit = "months",
        zh = "与第三方对接所需的月数,其间仍由公共提供。",
        assumed = "half a budget year",
        demonstration = [".market_yield=2.0"]
    )]
    pub docking_months: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// Yuan of public money spent on services this month.
    pub spent: i64,
    /// Yuan that residents spent on third parties this month.
    pub bought: i64,
    /// Share of public money that contracts with third parties already cover.
    pub contracted: f64,
    /// How much faster than usual each service ages here.
    pub ageing: [f32; DOMAINS],
}

impl Default for Local {
    fn default() -> Local {
        Local { spent: 0, bought: 0, contracted: 0.0, ageing: [1.0; DOMAINS] }
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "services",
    family: Family::PublicServices,
    summary: text(
        "Public services in ten domains, their ageing and investment.",
        "十类公共服务及其老化与投入。",
    ),
    rows: &[14, 37, 53, 58, 95, 96, 109, 123, 128, 130, 142, 168, 181, 185],
    equations: &[
        "ageing = ((1 − Q₀) / Q₀) / ((1 − usual) / usual), so that initial differences last",
        "Q' = Q · (1 − depreciation · ageing) + money per adult / cost · (1 − Q), money split by domain as governments have learned",
        "of public money the share contracted buys market_yield times as much on the market; a kind of provider that fails makes nothing",
        "contracted' = contracted + (market_share − contracted) / max(1, docking_months)",
        "money for one service alone: Q' = Q + domains · money per adult / cost · (1 − Q), the price at which it is bought with all others",
        "where heads grow by a factor g a month: Q' = Q / g, and money is shared among them",
    ],
    neutral: &[
        ("investment", "0.0"),
        ("depreciation", "0.0"),
        ("spread", "0.0"),
        ("old_neighbourhood_gap", "0.0"),
        ("environment", "0.0"),
        ("third_party", "0.0"),
    ],
    demonstration: &[("third_party", "10"), ("market_share", "0.3")],
    acts: &[Act { step: Step::Services, what: "ages and is invested in", run: Run::Community(produce) }],
    costs: Costs::Charged {
        label: text("spending on services", "公共服务支出"),
        charges: &[Charge {
            what: "services that the budget buys, and those that residents buy themselves",
            of: bought_cost,
        }],
    },
};

fn bought_cost(state: &CommunityState, _: &CityState, _: &StepContext) -> Cost {
    let local = &state.local.services;
    Cost::yuan(Payer::Budget, local.spent as f64).and(Cost::yuan(Payer::Residents, local.bought as f64))
}

/// This year's money for services of a community, yuan, before any of it is devolved.
pub fn years_money(state: &CommunityState, city: &CityState, now: &StepContext) -> i64 {
    let rules = &now.rules.institutions;
    let adults = state.community.adults().max(1) as f64;
    match city.government.communities.get(state.community.id as usize) {
        Some(&money) => money,
        None => (rules.services.investment * rules.funding.governance_share * adults) as i64,
    }
}

/// What was lifted in single compounds ages as the services of all do. A level q there, of which the share 1 − q
/// is lacking, ages and is kept up by the same money as the level Q of the community; it follows that the lift L,
/// with 1 − q = (1 − L) · (1 − Q), fades at the rate of ageing / (1 − Q).
fn wear(signals: &mut Signals, ageing: &[f32; DOMAINS]) {
    let levels = signals.services;
    let kept: [f32; DOMAINS] =
        std::array::from_fn(|d| 1.0 - (ageing[d] / (1.0 - levels[d]).max(f32::EPSILON)).min(1.0));
    for lifts in &mut signals.surplus {
        lifts.iter_mut().zip(&kept).for_each(|(lift, kept)| *lift *= kept);
    }
}

fn produce(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let services = &now.rules.institutions.services;
    if now.month == 0 {
        begin(state, services, now);
    }
    let adults = state.community.adults().max(1) as f64;
    let money = of_this_month(years_money(state, city, now), now);
    let money = money - devolution::pay(state, money, now);
    let for_environment = of_this_month((services.environment * adults) as i64, now);
    let bought = of_this_month((services.third_party * adults) as i64, now);
    state.local.services.spent = money + for_environment;
    state.local.services.bought = bought;
    let heads = adults * state.signals.crowding as f64;
    let useful = 1.0 - state.local.coordination.wasted;
    let made = yields(state, services);
    let depreciation = services.depreciation as f32;
    let ageing = state.local.services.ageing;
    let signals = &mut state.signals;
    wear(signals, &ageing.map(|ageing| (depreciation * ageing).min(1.0)));
    for (d, level) in signals.services.iter_mut().enumerate() {
        let share = city.government.domains.get(d).map_or(1.0, |s| s * DOMAINS as f64);
        let each = made.map(|of| money as f64 * useful * of * share / heads / services.cost);
        let gain = (each[0] + each[1]).min(1.0) as f32;
        let lacking = 1.0 - *level;
        for (kind, each) in [Provider::State, Provider::Market].into_iter().zip(each) {
            signals.made[kind as usize][d] += each.min(1.0) as f32 * lacking;
        }
        *level = *level * (1.0 - (depreciation * ageing[d]).min(1.0)) + gain * lacking;
    }
    buy(state, Provider::State, domain::ENVIRONMENT, for_environment as f64, services);
    for domain in [domain::FAMILY, domain::HEALTH] {
        buy(state, Provider::Market, domain, bought as f64 / 2.0, services);
    }
}

/// Buys further service of one domain for `yuan` from a kind of provider, at the price at which it is
/// bought with all others; from one that fails, nothing.
pub fn buy(state: &mut CommunityState, kind: Provider, domain: usize, yuan: f64, services: &Settings) {
    if yuan == 0.0 || state.signals.failing[kind as usize] {
        return;
    }
    let heads = state.community.adults().max(1) as f64 * state.signals.crowding as f64;
    let level = &mut state.signals.services[domain];
    let gained = (DOMAINS as f64 * yuan / heads / services.cost).min(1.0) as f32 * (1.0 - *level);
    *level += gained;
    state.signals.made[kind as usize][domain] += gained;
}

/// Whole yuan of this month, so that those of twelve months are the `year`'s.
pub fn of_this_month(year: i64, now: &StepContext) -> i64 {
    let step = now.date.of_year() as i64 - 1;
    let until = |months: i64| (year as i128 * months as i128 / 12) as i64;
    until(step + 1) - until(step)
}

/// What a yuan of public money buys from the state and on the market, relative to a state that never
/// fails and provides all by itself.
fn yields(state: &mut CommunityState, services: &Settings) -> [f64; 2] {
    let contracted = &mut state.local.services.contracted;
    *contracted += (services.market_share - *contracted) / services.docking_months.max(1.0);
    let works = |kind: Provider| !state.signals.failing[kind as usize] as u8 as f64;
    [
        (1.0 - *contracted) * works(Provider::State),
        *contracted * services.market_yield * works(Provider::Market),
    ]
}

/// Neighbourhoods whose facilities are old or were built cheaply.
fn is_old(kind: Kind) -> bool {
    matches!(kind, Kind::Courtyard | Kind::Resettlement | Kind::Village)
}

/// Initial differences between communities, and how they last: a service that is better or worse here
/// than usual ages so much slower or faster that the money which holds the usual level holds this one.
/// Residents are used to what they have.
fn begin(state: &mut CommunityState, services: &Settings, now: &StepContext) {
    let rng = now.rng.of(state.community.id);
    let gap = if is_old(state.community.kind) { services.old_neighbourhood_gap } else { 0.0 };
    let given = state.community.given.as_deref().and_then(|row| row.services);
    if gap == 0.0 && services.spread == 0.0 && given.is_none() {
        return;
    }
    let own = services.spread * rng.normal(Stream::named("service levels"), 0, 0, 0);
    let usual = state.signals.services;
    for (d, level) in state.signals.services.iter_mut().enumerate() {
        let domain = 0.5 * services.spread * rng.normal(Stream::named("service levels"), 1 + d as u32, 0, 0);
        *level = match given {
            Some(given) => (given + domain) as f32,
            None => *level + (own + domain - gap) as f32,
        }
        .clamp(0.02, 0.98);
        let lacking = |level: f32| (1.0 - level) / level;
        state.local.services.ageing[d] = lacking(*level) / lacking(usual[d].clamp(0.02, 0.98));
    }
    let own = state.signals.services;
    let residents = &mut state.community.residents;
    for (satisfaction, needs) in residents.satisfaction.iter_mut().zip(&residents.needs) {
        let better = needs.weigh(&own) - needs.weigh(&usual);
        *satisfaction = (*satisfaction + better).clamp(0.0, 1.0);
    }
}
