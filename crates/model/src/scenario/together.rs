//! Parameters that data can tell only together: where one is larger and another smaller, the same comes out.

use crate::base::params::{Text, text};

/// Keys of which data tell no more than what they come to together.
pub struct Together {
    /// What data tell.
    pub what: Text,
    /// The keys.
    pub keys: &'static [&'static str],
}

/// All of them. To fit one key of a group alone is to believe the rest of it.
pub const TOGETHER: &[Together] = &[
    Together {
        what: text(
            "how far the same residents take part again, by habit or without it",
            "同一居民再次参与的程度（出于习惯或其他）",
        ),
        keys: &[
            "theory.calculus.habit",
            "residents.habit_gain",
            "residents.habit_loss",
            "residents.vote_habit_gain",
            "residents.vote_habit_loss",
            "theory.calculus.inclination",
        ],
    },
    Together {
        what: text("level and speed of trust", "信任的水平与变化速度"),
        keys: &[
            "theory.asymmetric.gain",
            "theory.asymmetric.loss",
            "residents.good_performance",
            "residents.good_fairness",
            "residents.neighbour_contact",
            "residents.neighbour_good",
            "residents.property_contact",
            "enforcement.rate",
            "enforcement.fairness",
            "responsibility.contact",
            "residents.trust_return",
        ],
    },
    Together {
        what: text("level of trust in the central government", "对中央政府信任的水平"),
        keys: &["residents.central_good", "residents.good_performance", "residents.trust_return"],
    },
    Together {
        what: text("attendance at events", "社区活动的参加人数"),
        keys: &["modes.event.base_rate", "opportunities.events_per_month", "opportunities.fit"],
    },
    Together {
        what: text("how many volunteer in a month", "每月志愿服务的人数"),
        keys: &["modes.volunteer.base_rate", "opportunities.volunteering_per_month", "opportunities.fit"],
    },
    Together {
        what: text("how many know what is open", "知情居民的比例"),
        keys: &[
            "residents.forgetting",
            "residents.word_of_mouth",
            "outreach.message_half_life",
            "outreach.notice_board_reach",
            "outreach.website_reach",
            "outreach.wechat_account_reach",
            "outreach.wechat_group_reach",
            "outreach.phone_reach",
            "outreach.home_visit_reach",
        ],
    },
    Together {
        what: text("the unit of utility", "效用的单位"),
        keys: &[
            "theory.calculus.noise",
            "theory.calculus.benefit",
            "theory.calculus.cost",
            "theory.calculus.duty",
            "theory.calculus.social",
            "theory.calculus.trust",
            "theory.calculus.habit",
            "theory.calculus.asked",
            "theory.calculus.inclination",
        ],
    },
    Together {
        what: text("tasks from above in a month", "每月上级下派的任务数"),
        keys: &["admin.departments", "admin.tasks_per_month"],
    },
];

/// The groups to which `key` belongs.
pub fn together(key: &str) -> impl Iterator<Item = &'static Together> {
    TOGETHER.iter().filter(move |group| group.keys.contains(&key))
}
