//! Coordination against silos (九龙治水, 条块分割): the office for community development and governance
//! (社治委), the district's committee, the civil-affairs node, linked functions and linked levels.
//!
//! Rows 16, 17, 19, 51, 61, 106, 126 and 134. What departments ask twice, what passes from desk to desk
//! and what is bought twice all go with fragmentation; who overcomes a share of it lowers all three.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Rules, Run, Step, StepContext,
};

/// Settings of `[coordination]`.
#[settings]
pub struct Settings {
    /// Share of fragmentation that an office for community governance (社治委) overcomes in the end; 0 = no
    /// office.
    #[param(share = 0.0, zh = "社治委最终能克服的条块分割比例;0 表示没有社治委。", choice)]
    pub office: f64,
    /// Month in which that office begins.
    #[param(
        count = 0,
        range = 0..=1_200,
        unit = "months after the start",
        zh = "社治委开始运作的月份。",
        choice
    )]
    pub start_month: u32,
    /// Months until the office does half of what it will do in the end.
    #[param(
        real = 12.0,
        range = 0.1..=240.0,
        unit = "months",
        zh = "社治委发挥一半作用所需的月数。",
        assumed = "a year to be taken seriously"
    )]
    pub half_months: f64,
    /// Share of residents' requests that more than one department has to do with.
    #[param(share = 0.0, zh = "涉及多个部门的居民事项比例。", choice)]
    pub crossing: f64,
    /// Days that such a request takes longer where departments do not coordinate at all.
    #[param(
        real = 20.0,
        range = 0.0..=365.0,
        unit = "days",
        zh = "部门完全不协调时此类事项多花的天数。",
        assumed = "no measurement; the committee waits for others' letters"
    )]
    pub passing_days: f64,
    /// Requests of several departments that the community office in the civil-affairs bureau passes on at
    /// once.
    #[param(
        real = 0.0,
        range = 0.0..=10_000.0,
        unit = "requests per community and month",
        zh = "区民政局社区办公室每月可及时协调的跨部门事项数。",
        choice
    )]
    pub civil_affairs_capacity: f64,
    /// Share of functions that have one clear place, so that a request about them concerns one department
    /// only.
    #[param(share = 0.0, zh = "职能归位的比例:归位后事项只涉及一个部门。", choice)]
    pub linkage: f64,
    /// Levels that a decision on major matters passes after the community's own.
    #[param(count = 0, range = 0..=6, unit = "levels", zh = "重大事项在社区之后需逐级通过的层级数。", choice)]
    pub chain_levels: u32,
    /// Months that a decision lies at a level.
    #[param(
        real = 1.0,
        range = 0.0..=12.0,
        unit = "months per level",
        zh = "每一层级所需的月数。",
        assumed = "a monthly meeting"
    )]
    pub level_months: f64,
    /// Of the four levels city, district, street and community, those that act at one table (四级联动).
    #[param(
        count = 0,
        range = 0..=4,
        unit = "levels",
        zh = "市、区、街道、社区四级中实现联动的层级数。",
        choice
    )]
    pub linked_levels: u32,
    /// Sittings of the district's community-building committee, at which all departments decide at once; 0 =
    /// none.
    #[param(
        real = 0.0,
        range = 0.0..=52.0,
        unit = "sittings per year",
        zh = "区社区建设委员会每年会议次数(各部门一次议定);0 表示没有。",
        choice
    )]
    pub district_sittings: f64,
    /// Share of the money for services that is spent twice on the same thing where departments do not
    /// coordinate at all.
    #[param(share = 0.0, zh = "部门完全不协调时服务经费中重复投入的比例。", choice)]
    pub duplication: f64,
    /// What the district's committee can overcome of the fragmentation of departments.
    #[param(
        share = 0.5,
        zh = "区级委员会至多能克服的部门分割程度。",
        assumed = "departments decide at once there, and work apart afterwards",
        demonstration = [".district_sittings=4"]
    )]
    pub district_reach: f64,
    /// Sittings in a year at which it does 63 % of that.
    #[param(
        real = 4.0,
        range = 0.1..=100.0,
        unit = "sittings per year",
        zh = "区级委员会发挥63 %作用所需的每年会议次数。",
        assumed = "quarterly",
        demonstration = [".district_sittings=4"]
    )]
    pub usual_sittings: f64,
}

/// What is kept in one community.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Local {
    /// What the office does by now, as a share of what it will do in the end.
    pub built: f64,
    /// Share of residents' requests that concern several departments this month.
    pub crossing: f64,
    /// Days that such a request takes longer.
    pub passing_days: f64,
    /// Share of the money for services that buys nothing this month.
    pub wasted: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "coordination",
    family: Family::CommitteeAndStaff,
    summary: text("Coordination of departments and levels.", "部门与层级间的统筹协调。"),
    rows: &[16, 17, 19, 51, 61, 106, 126, 134],
    equations: &[
        "fragmentation F = admin.fragmentation · (1 − coordinated), with coordinated from office · (1 − 2^(−months / half_months)), district_reach · (1 − exp(−district_sittings / usual_sittings)), and whoever else coordinates",
        "crossing = crossing₀ · (1 − linkage);  days longer = passing_days · F · (1 − linked_levels / 4) · (1 − min(1, civil_affairs_capacity / crossing requests))",
        "months of a major decision: chain_levels · level_months · (1 − linked_levels / 4), or half the time between the district's sittings if that is less",
        "money that buys nothing = duplication · F",
    ],
    neutral: &[
        ("office", "0.0"),
        ("crossing", "0.0"),
        ("chain_levels", "0"),
        ("district_sittings", "0.0"),
        ("duplication", "0.0"),
    ],
    demonstration: &[
        ("office", "0.4"),
        ("start_month", "3"),
        ("crossing", "0.4"),
        ("linkage", "0.2"),
        ("chain_levels", "2"),
        ("linked_levels", "1"),
        ("duplication", "0.2"),
    ],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "brings departments together",
            run: Run::Community(bring_together),
        },
        Act {
            step: Step::Tasks,
            what: "leaves requests, decisions and money to silos as far as it does not reach",
            run: Run::Community(leave),
        },
    ],
    costs: Costs::Charged {
        label: text("coordination of departments", "统筹协调支出"),
        charges: &[Charge {
            what: "the office, from its first month; sittings are among the work of those who sit",
            of: office_cost,
        }],
    },
};

fn office_cost(_: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let c = &now.rules.institutions.coordination;
    let strength = if now.has_come(c.start_month) { c.office } else { 0.0 };
    Cost::yuan(Payer::Budget, strength * now.rules.costs.office / 12.0)
}

/// Months that a decision on the fund waits for levels above the community.
pub fn chain_months(rules: &Rules) -> f64 {
    let c = &rules.institutions.coordination;
    let chain = c.chain_levels as f64 * c.level_months * (1.0 - linked(c));
    if c.district_sittings > 0.0 { chain.min(0.5 * 12.0 / c.district_sittings) } else { chain }
}

/// How much departments fail to speak with one voice to this community.
pub fn fragmentation(state: &CommunityState, rules: &Rules) -> f64 {
    rules.institutions.admin.fragmentation * (1.0 - state.signals.coordinated as f64)
}

/// Levels from the community to the city, all linked where `linked_levels` is as high as it may be.
const LEVELS: f64 = 4.0;

fn linked(c: &Settings) -> f64 {
    c.linked_levels as f64 / LEVELS
}

fn bring_together(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let c = &now.rules.institutions.coordination;
    let local = &mut state.local.coordination;
    if c.office > 0.0 && now.has_come(c.start_month) {
        local.built += (1.0 - libm::exp2(-1.0 / c.half_months)) * (1.0 - local.built);
        state.signals.coordinate((c.office * local.built) as f32);
    }
    if c.district_sittings > 0.0 {
        let reached = 1.0 - libm::exp(-c.district_sittings / c.usual_sittings);
        state.signals.coordinate((c.district_reach * reached) as f32);
    }
}

fn leave(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let c = &now.rules.institutions.coordination;
    let fragmentation = fragmentation(state, now.rules);
    let local = &mut state.local.coordination;
    local.wasted = c.duplication * fragmentation;
    local.crossing = c.crossing * (1.0 - c.linkage);
    let requests = local.crossing * state.signals.filed as f64;
    let passed_on = if requests > 0.0 { (c.civil_affairs_capacity / requests).min(1.0) } else { 0.0 };
    local.passing_days = c.passing_days * fragmentation * (1.0 - linked(c)) * (1.0 - passed_on);
}
