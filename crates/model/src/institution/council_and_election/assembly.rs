//! The residents' representative assembly (居民代表大会): each residents' group sends representatives,
//! who bring up its matters, and tell it afterwards what was said.
//!
//! Rows 5, 51 and 132.

use crate::base::params::{settings, text};
use crate::institution::opportunities::this_month;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[assembly]`.
#[settings]
pub struct Settings {
    /// Meetings of the residents' representative assembly; 0 = none.
    #[param(
        real = 0.0,
        range = 0.0..=52.0,
        unit = "meetings per year",
        zh = "居民代表大会每年召开的次数;0 表示没有。",
        choice
    )]
    pub meetings_per_year: f64,
    /// Residents' matters that each residents' group gets through at a meeting.
    #[param(
        real = 0.5,
        range = 0.0..=100.0,
        unit = "matters per group and meeting",
        zh = "每次会议上每个居民小组可提出并办理的居民事项数。",
        assumed = "every second group is heard on one matter; no count was found"
    )]
    pub matters_per_group: f64,
    /// Share of residents whom representatives tell of what is open to them after a meeting.
    #[param(
        share = 0.15,
        zh = "会后由居民代表转告参与机会的居民比例。",
        assumed = "representatives are neighbours; no measurement"
    )]
    pub relay: f64,
    /// Staff time that a meeting takes.
    #[param(
        real = 16.0,
        range = 0.0..=1_000.0,
        unit = "hours per meeting",
        zh = "每次会议所需的工作人员工时。",
        assumed = "two working days"
    )]
    pub staff_hours: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "assembly",
    family: Family::CouncilAndElection,
    summary: text("The residents' representative assembly.", "居民代表大会。"),
    rows: &[5, 51, 132],
    equations: &[
        "share of voices taken up = min(1, matters_per_group · groups · meetings this month / voices)",
        "unreached' = unreached · (1 − relay) in months with a meeting",
    ],
    neutral: &[("meetings_per_year", "0.0")],
    demonstration: &[("meetings_per_year", "4")],
    acts: &[
        Act { step: Step::Tasks, what: "is prepared by the staff", run: Run::Community(prepare) },
        Act {
            step: Step::Outreach,
            what: "sends its members back to tell their groups",
            run: Run::Community(relay),
        },
        Act { step: Step::Decisions, what: "takes up what residents raise", run: Run::Community(sit) },
    ],
};

fn meetings(now: &StepContext) -> f64 {
    this_month(now.rules.institutions.assembly.meetings_per_year, now)
}

fn prepare(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let minutes = meetings(now) * now.rules.institutions.assembly.staff_hours * 60.0;
    state.signals.duties += minutes as i64;
}

fn relay(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    if meetings(now) > 0.0 {
        let told = now.rules.institutions.assembly.relay as f32;
        state.signals.unreached.iter_mut().for_each(|unreached| *unreached *= 1.0 - told);
    }
}

fn sit(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let voices = state.signals.voices();
    let per_meeting = now.rules.institutions.assembly.matters_per_group * state.community.groups() as f64;
    let matters = meetings(now) * per_meeting;
    if voices > 0 && matters > 0.0 {
        let taken_up = (matters / voices as f64).min(1.0) as f32;
        state.signals.answer(taken_up * state.signals.heard);
    }
}
