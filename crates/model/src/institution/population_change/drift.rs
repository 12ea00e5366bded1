//! Slow change of the structure of society in late industrialisation and urbanisation (source text F16):
//! more move, homes pass from owners to tenants, and working hours change.
//!
//! Row 189.

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[drift]`.
#[settings]
pub struct Settings {
    /// Growth of the chances to move; 0 = they stay as they are.
    #[param(
        real = 0.0,
        range = -0.5..=0.5,
        unit = "per year",
        zh = "迁移概率的年增长率;0 表示不变。",
        choice
    )]
    pub mobility: f64,
    /// Share of owners' homes that are let from then on when their household moves away.
    #[param(share = 0.0, zh = "自有住房家庭迁出后转为出租的比例。", choice)]
    pub letting: f64,
    /// Growth of the free time that newcomers bring, as working hours change; 0 = as before.
    #[param(
        real = 0.0,
        range = -0.5..=0.5,
        unit = "per year",
        zh = "新迁入者可用时间的年增长率(随工作时间变化);0 表示不变。",
        choice
    )]
    pub free_time: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "drift",
    family: Family::PopulationChange,
    summary: text(
        "Slow change of mobility, tenure and working hours.",
        "流动性、住房产权与工作时间的缓慢变迁。",
    ),
    rows: &[189],
    equations: &[
        "chance to move = residents.move_renter or move_owner · (1 + mobility)^years",
        "an owners' home whose household moves away is let with chance letting; free hours of newcomers are multiplied by (1 + free_time)^years, up to population.time_most",
    ],
    neutral: &[("mobility", "0.0"), ("letting", "0.0"), ("free_time", "0.0")],
    demonstration: &[("mobility", "0.1"), ("letting", "0.3"), ("free_time", "0.1")],
    acts: &[
        Act { step: Step::Calendar, what: "makes people more or less mobile", run: Run::Community(stir) },
        Act {
            step: Step::Tasks,
            what: "lets homes, and changes newcomers' hours",
            run: Run::Community(change),
        },
    ],
    costs: Costs::Free("change of society, which nobody pays for"),
};

/// Growth over the years since the start.
fn grown(yearly: f64, now: &StepContext) -> f32 {
    if yearly == 0.0 { 1.0 } else { libm::pow(1.0 + yearly, now.years()) as f32 }
}

fn stir(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    state.signals.restless *= grown(now.rules.institutions.drift.mobility, now);
}

fn change(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let drift = &now.rules.institutions.drift;
    if state.signals.left == 0 || (drift.letting == 0.0 && drift.free_time == 0.0) {
        return;
    }
    let hours = grown(drift.free_time, now);
    let rng = now.rng.of(state.community.id);
    let stream = Stream::named("homes that are let");
    let households = state.community.households.clone();
    let residents = &mut state.community.residents;
    for home in 0..households.len() {
        let members = households.members(home);
        // Whole households move in, on one day; founders have lived here for a month at least.
        if members.is_empty() || residents.months_here[members.start] > 0 {
            continue;
        }
        let owned = residents.traits[members.start].owner();
        let is_let = owned && rng.uniform(stream, home as u32, now.month, 0) < drift.letting;
        for i in members {
            residents.time[i] = (residents.time[i] * hours).min(now.population.time_most as f32);
            if is_let {
                residents.traits[i] = residents.traits[i].renting();
            }
        }
    }
}
