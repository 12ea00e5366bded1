//! Standing occasions to take part that the community offers by itself.
//!
//! Rows 64, 82, 89, 93, 111 and 117. More occasions let more residents find one that suits, with
//! falling returns; without any, even the willing cannot take part.

use crate::base::params::{settings, text};
use crate::city::Mode;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[opportunities]`.
#[settings]
pub struct Settings {
    /// Events that the committee itself holds.
    #[param(
        real = 2.0,
        range = 0.0..=1_000.0,
        unit = "events per month",
        zh = "居委会自办的活动。",
        assumed = "no count was found"
    )]
    pub events_per_month: f64,
    /// Occasions to volunteer that the committee itself offers.
    #[param(
        real = 2.0,
        range = 0.0..=1_000.0,
        unit = "occasions per month",
        zh = "居委会自办的志愿服务。",
        assumed = "no count was found"
    )]
    pub volunteering_per_month: f64,
    /// Regular forums open to all residents.
    #[param(
        real = 2.0,
        range = 0.0..=365.0,
        unit = "forums per year",
        zh = "向全体居民开放的座谈会。",
        assumed = "F17 proposes regular forums without a number"
    )]
    pub forums_per_year: f64,
    /// Share of residents whom an online place for opinions serves.
    #[param(share = 0.3, zh = "线上意见渠道覆盖的居民比例。", assumed = "no measurement")]
    pub online: f64,
    /// Month in which owners' assemblies meet; 0 = never.
    #[param(
        count = 4,
        range = 0..=12,
        unit = "month of the year",
        zh = "业主大会召开的月份;0 表示不召开。",
        assumed = "once a year is usual"
    )]
    pub owners_assembly_month: u32,
    /// Share of residents to whom a way of complaining is open.
    #[param(share = 1.0, zh = "可投诉的居民比例。", assumed = "hotlines and petitions are open to all")]
    pub complaints: f64,
    /// Share of residents with bins for sorted waste at hand.
    #[param(
        share = 1.0,
        zh = "可就近分类投放垃圾的居民比例。",
        assumed = "Chengdu's target for 2021 was 90 % of compounds covered (成办发〔2021〕24号); taken as reached since"
    )]
    pub sorting: f64,
    /// How many residents one occasion suits: the chance that some occasion suits is 1 − exp(−fit ·
    /// occasions).
    #[param(
        real = 0.5,
        range = 0.0..=10.0,
        unit = "1 / occasions",
        zh = "单次机会适合居民的程度:1 − exp(−fit·次数)。",
        assumed = "two events a month suit 63 %",
        // What would have suited whom is not on record.
        prior = log_normal(0.4, 0.6)
    )]
    pub fit: f64,
    /// What is at stake for a resident in an event, here or in a shared room or public space.
    #[param(
        share = 0.3,
        zh = "居民眼中社区活动(含共享空间中的活动)的重要程度。",
        assumed = "no measurement; only the order is claimed"
    )]
    pub stake_events: f64,
    /// What is at stake in an occasion to volunteer.
    #[param(
        share = 0.3,
        zh = "居民眼中志愿服务的重要程度。",
        assumed = "no measurement; only the order is claimed"
    )]
    pub stake_volunteering: f64,
    /// What is at stake in a forum, or in a session of the council that does not decide the fund.
    #[param(
        share = 0.1,
        zh = "居民眼中座谈会(或不决定资金的议事会)的重要程度。",
        assumed = "no measurement; only the order is claimed"
    )]
    pub stake_forums: f64,
    /// What is at stake where opinions are given online.
    #[param(
        share = 0.1,
        zh = "居民眼中线上意见表达的重要程度。",
        assumed = "no measurement; only the order is claimed"
    )]
    pub stake_online: f64,
    /// What is at stake in the owners' assembly.
    #[param(
        share = 0.3,
        zh = "居民眼中业主大会的重要程度。",
        assumed = "no measurement; only the order is claimed",
        demonstration = [".owners_assembly_month=1"]
    )]
    pub stake_owners: f64,
    /// What is at stake in sorting the household's waste.
    #[param(
        share = 0.1,
        zh = "居民眼中垃圾分类的重要程度。",
        assumed = "no measurement; only the order is claimed"
    )]
    pub stake_sorting: f64,
    /// What is at stake in a meeting at which officials, planners or facilitators listen.
    #[param(
        share = 0.3,
        zh = "有干部、规划师或协作者参加的会议在居民眼中的重要程度。",
        assumed = "no measurement; only the order is claimed"
    )]
    pub stake_officials: f64,
    /// What is at stake in an activity of an organisation, of a team of volunteers, or on a project.
    #[param(
        share = 0.4,
        zh = "社会组织、志愿队伍或项目的活动在居民眼中的重要程度。",
        assumed = "no measurement; only the order is claimed"
    )]
    pub stake_organised: f64,
    /// Adults for whom an activity of an organisation or a team of volunteers is one occasion; among more it
    /// suits fewer.
    #[param(
        real = 3_000.0,
        range = 300.0..=100_000.0,
        unit = "adults",
        zh = "社会组织或志愿队伍的一次活动作为一次机会所对应的成年居民数;人数越多,适合者越少。",
        assumed = "a usual community"
    )]
    pub catchment: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "opportunities",
    family: Family::OutreachAndPlatforms,
    summary: text("Standing occasions to take part.", "常设的参与机会。"),
    rows: &[64, 82, 89, 93, 111, 117],
    equations: &["open = 1 − exp(−fit · occasions)"],
    neutral: &[
        ("events_per_month", "0.0"),
        ("volunteering_per_month", "0.0"),
        ("forums_per_year", "0.0"),
        ("online", "0.0"),
        ("owners_assembly_month", "0"),
        ("complaints", "0.0"),
        ("sorting", "0.0"),
    ],
    demonstration: &[],
    acts: &[Act {
        step: Step::Opportunities,
        what: "opens events, volunteering, forums and daily modes",
        run: Run::Community(offer),
    }],
    costs: Costs::Charged {
        label: text("events and forums of the committee", "居委会活动与座谈支出"),
        charges: &[Charge {
            what: "events and forums; occasions to volunteer take the volunteers' hours alone",
            of: occasions_cost,
        }],
    },
};

fn occasions_cost(_: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (o, prices) = (&now.rules.institutions.opportunities, &now.rules.costs);
    let forums = o.forums_per_year / 12.0 * prices.meeting;
    Cost::yuan(Payer::Budget, o.events_per_month * prices.event + forums)
}

/// Chance that one of `occasions` suits a resident.
pub fn suits(fit: f64, occasions: f64) -> f32 {
    (1.0 - libm::exp(-fit * occasions)) as f32
}

fn offer(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let o = &now.rules.institutions.opportunities;
    let signals = &mut state.signals;
    let mut open = |mode: Mode, chance: f32, stake: f64| {
        // Where no occasion is offered here, the stakes are those of other occasions.
        let stake = if chance > 0.0 { stake as f32 } else { 0.0 };
        signals.open[mode as usize] = either(signals.open[mode as usize], chance);
        signals.stake[mode as usize] = signals.stake[mode as usize].max(stake);
    };
    open(Mode::Event, suits(o.fit, o.events_per_month), o.stake_events);
    open(Mode::Volunteer, suits(o.fit, o.volunteering_per_month), o.stake_volunteering);
    open(Mode::Meeting, suits(o.fit, this_month(o.forums_per_year, now)), o.stake_forums);
    open(Mode::Online, o.online as f32, o.stake_online);
    if now.date.of_year() == o.owners_assembly_month {
        open(Mode::Owners, 1.0, o.stake_owners);
    }
    open(Mode::Complaint, o.complaints as f32, 0.0);
    open(Mode::Sorting, o.sorting as f32, o.stake_sorting);
}

/// Chance that one of so many `activities`, which all residents of a community share, suits one of its
/// `adults`:
/// the more share them, the fewer of them they suit. Where fewer than a tenth of the catchment live, they
/// suit no
/// more than there.
pub fn suits_of(o: &Settings, activities: f64, adults: f64) -> f32 {
    suits(o.fit, activities * o.catchment / adults.max(o.catchment / SMALL))
}

/// How much smaller than the catchment a community may be before its size counts no more.
const SMALL: f64 = 10.0;

/// How many of `per_year` occasions fall in this calendar month, if they are evenly spaced.
pub fn this_month(per_year: f64, now: &StepContext) -> f64 {
    let month = (now.date.of_year() - 1) as f64;
    let until = |m: f64| (m * per_year / 12.0).floor();
    until(month + 1.0) - until(month)
}

/// Chance that at least one of two independent occasions suits.
pub fn either(a: f32, b: f32) -> f32 {
    1.0 - (1.0 - a) * (1.0 - b)
}
