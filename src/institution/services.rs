//! Public services: ten domains that age, and that money keeps up.
//!
//! Rows 53, 58, 95, 96, 123, 128, 130, 142 and 185.

use serde::{Deserialize, Serialize};

use super::{Act, Institution, Now, Place, Run, Step, Wide as City};
use crate::base::about::{self, Key, text};
use crate::base::luck::Stream;
use crate::city::{DOMAINS, Kind};

/// Settings of `[services]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub investment: f64,
    pub depreciation: f64,
    pub cost: f64,
    pub spread: f64,
    pub old_neighbourhood_gap: f64,
}

impl about::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::real("investment", 300.0, 0.0, 100_000.0)
                .unit("yuan per adult and year")
                .means("Money for services.", "服务投入。")
                .assumed("no figure at community level was found"),
            Key::real("depreciation", 0.006, 0.0, 0.2)
                .unit("share per month")
                .means("Share of a service's level that is lost by ageing in a month.", "设施老化每月损失的服务水平比例。")
                .assumed("proposed core model δ"),
            Key::real("cost", 1_800.0, 1.0, 1_000_000.0)
                .unit("yuan per adult")
                .means("Money that would raise a service from nothing to full without ageing and at first return.", "使服务从无到满所需的资金。")
                .derived("with the default investment and ageing, a level of .7 holds itself: 25 · (1 − .7) / 1,800 ≈ .006 · .7"),
            Key::real("spread", 0.08, 0.0, 0.3)
                .fixed()
                .unit("share")
                .means("Standard deviation of initial service levels between communities.", "社区间初始服务水平的标准差。")
                .assumed("uneven services (F1, F6, F14); no measurement"),
            Key::real("old_neighbourhood_gap", 0.08, 0.0, 0.5)
                .fixed()
                .unit("share")
                .means("How far initial services of old courtyards, resettlement estates and villages lie below the others.", "老旧院落、安置小区与村的初始服务差距。")
                .assumed("F11, F10 say lower; no measurement"),
        ]
    }
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// Yuan spent on services this month.
    pub spent: i64,
    /// How much faster than usual each service ages here.
    pub ageing: [f32; DOMAINS],
}

impl Default for Local {
    fn default() -> Local {
        Local { spent: 0, ageing: [1.0; DOMAINS] }
    }
}

/// Nothing is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wide {}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "services",
    summary: text("Public services in ten domains, their ageing and investment.", "十类公共服务及其老化与投入。"),
    rows: &[53, 58, 95, 96, 123, 128, 130, 142, 185],
    equations: &[
        "ageing = ((1 − Q₀) / Q₀) / ((1 − usual) / usual), so that initial differences last",
        "Q' = Q · (1 − depreciation · ageing) + money per adult / cost · (1 − Q), money split by domain as governments have learned",
    ],
    neutral: &[("investment", "0.0"), ("depreciation", "0.0"), ("spread", "0.0"), ("old_neighbourhood_gap", "0.0")],
    acts: &[Act { step: Step::Services, what: "ages and is invested in", run: Run::Place(produce) }],
};

fn produce(place: &mut Place, city: &City, now: &Now) {
    let services = &now.rules.institutions.services;
    if now.month == 0 {
        begin(place, services, now);
    }
    let adults = place.community.adults().max(1) as f64;
    let year = match city.government.communities.get(place.community.id as usize) {
        Some(&money) => money,
        None => (services.investment * adults) as i64,
    };
    // Whole yuan each month, so that twelve of them are the year's money.
    let step = now.date.of_year() as i64 - 1;
    let money = year * (step + 1) / 12 - year * step / 12;
    place.local.services.spent = money;
    let depreciation = services.depreciation as f32;
    let ageing = place.local.services.ageing;
    for (d, level) in place.commons.services.iter_mut().enumerate() {
        let share = city.government.domains.get(d).map_or(1.0, |s| s * DOMAINS as f64);
        let gain = money as f64 * share / adults / services.cost;
        *level = *level * (1.0 - (depreciation * ageing[d]).min(1.0)) + gain.min(1.0) as f32 * (1.0 - *level);
    }
}

/// Neighbourhoods whose facilities are old or were built cheaply.
fn is_old(kind: Kind) -> bool {
    matches!(kind, Kind::Courtyard | Kind::Resettlement | Kind::Village)
}

/// Initial differences between communities, and how they last: a service that is better or worse here
/// than usual ages so much slower or faster that the money which holds the usual level holds this one.
/// Residents are used to what they have.
fn begin(place: &mut Place, services: &Settings, now: &Now) {
    let luck = now.luck.of(place.community.id);
    let gap = if is_old(place.community.kind) { services.old_neighbourhood_gap } else { 0.0 };
    if gap == 0.0 && services.spread == 0.0 {
        return;
    }
    let own = services.spread * luck.normal(Stream::named("service levels"), 0, 0, 0);
    let usual = place.commons.services;
    for (d, level) in place.commons.services.iter_mut().enumerate() {
        let domain = 0.5 * services.spread * luck.normal(Stream::named("service levels"), 1 + d as u32, 0, 0);
        *level = (*level + (own + domain - gap) as f32).clamp(0.02, 0.98);
        let lacking = |level: f32| (1.0 - level) / level;
        place.local.services.ageing[d] = lacking(*level) / lacking(usual[d].clamp(0.02, 0.98));
    }
    let own = place.commons.services;
    let residents = &mut place.community.residents;
    for (satisfaction, needs) in residents.satisfaction.iter_mut().zip(&residents.needs) {
        let better = needs.weigh(&own) - needs.weigh(&usual);
        *satisfaction = (*satisfaction + better).clamp(0.0, 1.0);
    }
}
