//! Two-way feedback (意见反馈机制): replies to what residents raise, and a limit to the days that a request
//! may wait.
//!
//! Rows 62, 88 and 122. A reply costs staff time, and convinces those who still wait for it. A request
//! as old as the limit is served before tasks from above, as far as the rule is kept.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::institution::cost::Costs;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[feedback]`.
#[settings]
pub struct Settings {
    /// Share of voices that get a reply, and of each day that overdue requests may take before tasks from
    /// above; 0 = no rule.
    #[param(
        share = 0.0,
        zh = "得到回复的诉求比例,也是逾期事项可优先占用的每日工时比例;0 表示没有反馈机制。",
        choice
    )]
    pub response_rate: f64,
    /// Days within which a voice gets its reply, and after which a request is overdue.
    #[param(
        real = 15.0,
        range = 0.0..=60.0,
        unit = "days",
        zh = "答复期限:诉求在此期限内回复,超期事项优先办理。",
        assumed = "a usual term of government hotlines"
    )]
    pub days: f64,
    /// Days after which a reply convinces only one in e (37 %) of those who raised their voice.
    #[param(
        real = 60.0,
        range = 1.0..=1_000.0,
        unit = "days",
        zh = "答复的说服力衰减到约37%所需的天数。",
        assumed = "as long as a request waits before it is given up"
    )]
    pub patience_days: f64,
    /// Staff time for a reply.
    #[param(
        real = 20.0,
        range = 0.0..=600.0,
        unit = "minutes",
        zh = "一次回复所需工时。",
        assumed = "to find out and to write it"
    )]
    pub reply_minutes: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Voices of last month.
    pub voices: u32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "feedback",
    family: Family::OutreachAndPlatforms,
    summary: text("Replies to what residents raise, within a number of days.", "对居民意见的限期反馈。"),
    rows: &[62, 88, 122],
    equations: &[
        "replied = response_rate · exp(−days / patience_days), beside what is taken up anyhow",
        "each day, requests older than `days` are served first, in up to response_rate of the day",
    ],
    neutral: &[("response_rate", "0.0")],
    demonstration: &[("response_rate", "0.2")],
    acts: &[
        Act {
            step: Step::Tasks,
            what: "writes the replies to last month's voices",
            run: Run::Community(write),
        },
        Act {
            step: Step::Decisions,
            what: "tells residents what became of what they raised",
            run: Run::Community(reply),
        },
    ],
    costs: Costs::Free(
        "replies are written in the hours of the committee's staff, who are paid all the same",
    ),
};

fn write(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let f = &now.rules.institutions.feedback;
    let replies = f.response_rate * state.local.feedback.voices as f64;
    state.signals.duties += (replies * f.reply_minutes) as i64;
}

fn reply(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let f = &now.rules.institutions.feedback;
    if f.response_rate == 0.0 {
        return;
    }
    state.local.feedback.voices = state.signals.voices();
    state.signals.answer((f.response_rate * libm::exp(-f.days / f.patience_days)) as f32);
}
