//! Residents organise to defend their rights (维权组织).
//!
//! Rows 29 and 94. Where it is allowed, an organisation comes about once enough residents complain, and
//! lasts until few do. It tells of the way to complain, asks residents in person, and lends each
//! complaint the weight of several: officers are corrected sooner, and complaints are heard.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::Mode;
use crate::institution::cost::Costs;
use crate::institution::opportunities::either;
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[rights]`.
#[settings]
pub struct Settings {
    /// Whether residents may organise to defend their rights.
    #[param(flag = false, zh = "是否允许居民成立维权组织。")]
    pub org_allowed: bool,
    /// Share who complain, smoothed over some months, at which an organisation comes about; it ends below
    /// half of it.
    #[param(
        share = 0.005,
        unit = "share of adults per month",
        zh = "促成维权组织的投诉居民比例(数月平均);低于其一半时解散。",
        assumed = "a handful in a thousand adults"
    )]
    pub threshold: f64,
    /// Chance that a resident hears from the organisation how to complain.
    #[param(
        share = 0.3,
        unit = "probability",
        zh = "居民从维权组织得知投诉途径的概率。",
        assumed = "as a WeChat group reaches its users"
    )]
    pub reach: f64,
    /// Share of residents whom members ask in person to join in.
    #[param(
        share = 0.05,
        unit = "share per month",
        zh = "成员当面邀请参与的居民比例。",
        assumed = "no measurement"
    )]
    pub asks: f64,
    /// Complaints by which each single one weighs more with those who oversee officers.
    #[param(
        real = 3.0,
        range = 0.0..=100.0,
        unit = "complaints",
        zh = "每件投诉因组织支持而增加的分量。",
        assumed = "collective complaints are harder to leave lying; no measurement"
    )]
    pub weight: f64,
    /// Share of complaints that are answered because the organisation stands behind them.
    #[param(
        share = 0.3,
        zh = "因组织支持而得到答复的投诉比例。",
        assumed = "no measurement",
        // A threat to act together added 8 to 10 points to answers of counties (Chen, Pan and Xu 2016).
        prior = log_normal(0.1, 0.5)
    )]
    pub heard: f64,
    /// Weight of the last month in how many complain, by which residents organise.
    #[param(
        share = 0.3,
        zh = "组织维权所依据的投诉水平中最近一个月的权重。",
        assumed = "a memory of three months",
        demonstration = [".org_allowed=true", "modes.complaint.base_rate=0.2"]
    )]
    pub memory: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Whether there is an organisation.
    pub organised: bool,
    /// Share of adults who complain, smoothed.
    pub complaining: f32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "rights",
    family: Family::LawAndConflict,
    summary: text("Residents organise to defend their rights.", "居民组织起来维护自身权益。"),
    rows: &[29, 94],
    equations: &[
        "complaining' = complaining + 0.3 · (complaints per adult − complaining)",
        "organised once complaining ≥ threshold, until complaining < threshold / 2",
        "each complaint counts 1 + weight times where officers are corrected; of all voices, the share heard · complaints / voices is answered besides",
    ],
    neutral: &[("org_allowed", "false")],
    demonstration: &[("org_allowed", "true")],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "tells how to complain, and stands behind those who do",
            run: Run::Community(support),
        },
        Act {
            step: Step::Decisions,
            what: "sees to it that complaints are heard",
            run: Run::Community(press),
        },
        Act { step: Step::Adaptation, what: "comes about, or dissolves", run: Run::Community(form) },
    ],
    costs: Costs::Free("residents organise in the hours in which they take part"),
};

fn support(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rights = &now.rules.institutions.rights;
    if !rights.org_allowed {
        state.local.rights = Local::default();
    }
    if !state.local.rights.organised {
        return;
    }
    let signals = &mut state.signals;
    let mode = Mode::Complaint as usize;
    signals.announced[mode] = either(signals.announced[mode], rights.reach as f32);
    signals.ask(Asker::Rights, &[Mode::Complaint], rights.asks as f32);
    signals.backing += rights.weight as f32;
}

fn press(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    if !state.local.rights.organised {
        return;
    }
    let took_part = &state.signals.took_part;
    let voices: u32 = Mode::ALL.iter().filter(|m| m.is_voice()).map(|&m| took_part[m as usize]).sum();
    let complaints = took_part[Mode::Complaint as usize];
    if voices > 0 {
        let heard = now.rules.institutions.rights.heard as f32 * complaints as f32 / voices as f32;
        state.signals.answered = either(state.signals.answered, heard);
    }
}

fn form(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rights = &now.rules.institutions.rights;
    if !rights.org_allowed {
        return;
    }
    let adults = state.community.adults().max(1) as f32;
    let complaints = state.signals.took_part[Mode::Complaint as usize] as f32 / adults;
    let local = &mut state.local.rights;
    local.complaining += rights.memory as f32 * (complaints - local.complaining);
    let needed = rights.threshold as f32 * if local.organised { 0.5 } else { 1.0 };
    local.organised = local.complaining >= needed;
}
