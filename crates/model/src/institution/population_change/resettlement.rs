//! Resettlement (集中居住): villagers are moved into estates, among people they do not know.
//!
//! Rows 34, 57 and 155. Nothing is taken from participation itself: those who move begin anew with their
//! neighbours, lose what attachment long years gave them, some need work, and all ask more of the committee.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::city::{Kind, Needs, domain};
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[resettlement]`.
#[settings]
pub struct Settings {
    /// Month in which villagers are moved.
    #[param(month = "2018-01", zh = "集中居住(搬迁)的月份。")]
    pub date: String,
    /// Share of households of villages and resettlement estates that are moved.
    #[param(share = 0.0, zh = "村与安置小区中搬迁家庭的比例。", choice)]
    pub share: f64,
    /// Attachment that one loses who had lived there for ever; less for those who had come lately.
    #[param(
        share = 0.35,
        zh = "长期居住者因搬迁损失的归属感。",
        assumed = "what long residence gives at the start of a replicate"
    )]
    pub uprooting: f64,
    /// Share of those of working age who lose their livelihood and need labour services most.
    #[param(
        share = 0.3,
        zh = "劳动年龄居民中失去生计、最需就业服务的比例。",
        assumed = "unemployment after concentration (F10), without a number"
    )]
    pub job_gap: f64,
    /// Further requests and quarrels of those moved, relative to the usual, until they have settled.
    #[param(
        real = 1.0,
        range = 0.0..=20.0,
        unit = "multiple",
        zh = "搬迁居民安顿之前增加的诉求与纠纷倍数。",
        assumed = "estates are hard to manage (F10), without a number"
    )]
    pub trouble: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Month of the move; none before it.
    pub moved: Option<u32>,
    /// Share of residents who were moved.
    pub share: f32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "resettlement",
    family: Family::PopulationChange,
    summary: text("Villagers are moved into estates.", "集中居住与安置。"),
    rows: &[34, 57, 155],
    equations: &[
        "those moved: months here = 0;  attachment' = attachment − uprooting · (1 − exp(−months / 60)), at least 0; acquaintances won across compounds are lost",
        "requests, and what neighbours fall out over = usual · (1 + trouble · share moved · (1 − months since / residents.settling_months))",
    ],
    neutral: &[("share", "0.0")],
    demonstration: &[("share", "0.3"), ("date", "\"2017-09\"")],
    acts: &[Act {
        step: Step::Calendar,
        what: "moves households, once, and brings requests until they have settled",
        run: Run::Community(resettle),
    }],
    costs: Costs::Free("the money for new estates is none of a community's"),
};

const WHO: Stream = Stream::named("resettlement");

fn resettle(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions.resettlement;
    if rules.share > 0.0
        && now.date.to_string() == rules.date
        && matches!(state.community.kind, Kind::Village | Kind::Resettlement)
    {
        uproot(state, rules, now);
    }
    if let Some(moved) = state.local.resettlement.moved {
        let settling = now.rules.residents.settling_months.max(1) as f64;
        let unsettled = (1.0 - (now.month - moved) as f64 / settling).max(0.0);
        let share = state.local.resettlement.share as f64;
        let trouble = rules.trouble * share * unsettled;
        state.signals.neediness *= (1.0 + trouble) as f32;
        state.signals.strain += trouble as f32;
    }
}

fn uproot(state: &mut CommunityState, rules: &Settings, now: &StepContext) {
    let rng = now.rng.of(state.community.id);
    let mut count = 0;
    for household in 0..state.community.households.len() {
        if rng.uniform(WHO, household as u32, now.month, 0) >= rules.share {
            continue;
        }
        let members = state.community.households.members(household);
        let residents = &mut state.community.residents;
        for i in members {
            count += 1;
            let rooted = now.population.feelings.rooted(residents.months_here[i] as f64);
            residents.attachment[i] = (residents.attachment[i] - (rules.uprooting * rooted) as f32).max(0.0);
            residents.months_here[i] = 0;
            let works = residents.age[i] < now.population.retirement_age * 12;
            if works && rng.uniform(WHO, i as u32, now.month, 1) < rules.job_gap {
                let first = residents.needs[i].first();
                // What was needed most comes second now.
                let second = if first == domain::LABOUR { residents.needs[i].second() } else { first };
                residents.needs[i] = Needs::new(domain::LABOUR as u8, second as u8);
            }
        }
    }
    let adults = state.community.adults().max(1);
    state.local.resettlement.moved = Some(now.month);
    let share = count as f32 / adults as f32;
    state.local.resettlement.share = share;
    state.signals.bridges *= 1.0 - share;
}
