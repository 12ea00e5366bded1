//! The prices of what institutions take, `[costs]`.
//!
//! They are for accounting alone: no act reads them. None was found published for communities of Chengdu, so all are
//! assumed, with the wide priors that follow; whoever has invoices writes them here. Prices that an institution needs
//! for what it does are its own: `organisations.hour_cost`, `property.fee`, `incentive.reward`.

use crate::base::params::settings;

/// Settings of `[costs]`.
#[settings]
pub struct Settings {
    /// An hour of the committee's staff, paid whether there is work or not.
    #[param(
        real = 35.0,
        range = 0.0..=10_000.0,
        unit = "yuan per hour",
        zh = "居委会工作人员每小时的人力成本（无论有无工作均须支付）。",
        assumed = "70,000 to 85,000 yuan a year with insurance and allowances, over 12 · 185 hours; no payroll was seen"
    )]
    pub staff_hour: f64,
    /// An hour of officials, mediators of the judicial office and facilitators sent by the street.
    #[param(
        real = 70.0,
        range = 0.0..=10_000.0,
        unit = "yuan per hour",
        zh = "街道与部门干部、司法所调解员及驻点协作者每小时的人力成本。",
        assumed = "twice an hour of the committee's staff"
    )]
    pub official_hour: f64,
    /// An hour of somebody paid to stand at the bins.
    #[param(
        real = 22.0,
        range = 0.0..=10_000.0,
        unit = "yuan per hour",
        zh = "垃圾投放点值守人员每小时的报酬。",
        assumed = "about the minimum wage by the hour"
    )]
    pub watch_hour: f64,
    /// What an hour of a resident is worth, which nobody pays: it is in no sum of money.
    #[param(
        real = 20.0,
        range = 0.0..=10_000.0,
        unit = "yuan per hour",
        zh = "居民一小时的价值（无人支付，不计入任何金额合计）。",
        assumed = "half an hourly wage, as free time is often valued"
    )]
    pub resident_hour: f64,
    /// One call to a resident.
    #[param(
        real = 2.0,
        range = 0.0..=1_000.0,
        unit = "yuan per call",
        zh = "给一位居民打一次电话的费用。",
        assumed = "three minutes of a paid caller, with the fee"
    )]
    pub call: f64,
    /// Keeping the WeChat group of one residents' group.
    #[param(
        real = 30.0,
        range = 0.0..=10_000.0,
        unit = "yuan per group and month",
        zh = "每个居民小组微信群每月的维护费用。",
        assumed = "an hour a month"
    )]
    pub group: f64,
    /// Keeping one channel to everybody up to date: board, website, account, or what is opened to view.
    #[param(
        real = 300.0,
        range = 0.0..=100_000.0,
        unit = "yuan per channel and month",
        zh = "维护一个面向全体居民的渠道（公告栏、网站、公众号、公开事项）每月的费用。",
        assumed = "a day's work a month"
    )]
    pub channel: f64,
    /// One resident invited to a course or coached.
    #[param(
        real = 30.0,
        range = 0.0..=10_000.0,
        unit = "yuan per resident",
        zh = "每邀请一名居民参加培训或辅导一名居民的费用。",
        assumed = "a teacher and a room for an afternoon, for thirty"
    )]
    pub course: f64,
    /// An hour of training of one person, beside the wage.
    #[param(
        real = 40.0,
        range = 0.0..=10_000.0,
        unit = "yuan per hour",
        zh = "每人每小时培训的费用（工资之外）。",
        assumed = "a teacher and a room, for twenty"
    )]
    pub training_hour: f64,
    /// Officers of law enforcement who work in a community, for each 10,000 adults; their training is paid by it.
    #[param(
        real = 15.0,
        range = 0.0..=1_000.0,
        unit = "officers per 10,000 adults",
        zh = "每万名成年居民对应的执法人员数（用于计算其培训费用）。",
        assumed = "about the police of the country per inhabitant"
    )]
    pub officers: f64,
    /// An election or a ballot, for each resident who may vote.
    #[param(
        real = 4.0,
        range = 0.0..=1_000.0,
        unit = "yuan per elector",
        zh = "一次选举或票决对每名有资格者的费用。",
        assumed = "papers, boxes and helpers for a day"
    )]
    pub ballot: f64,
    /// A seat filled by lot, by name or by appointment.
    #[param(
        real = 80.0,
        range = 0.0..=10_000.0,
        unit = "yuan per seat",
        zh = "以抽签、推举或指定方式产生一个席位的费用。",
        assumed = "three invitations by letter and visit",
        demonstration = ["council.selection=sortition"]
    )]
    pub seat: f64,
    /// A meeting of a council, an assembly, a forum, a workshop or a branch.
    #[param(
        real = 500.0,
        range = 0.0..=100_000.0,
        unit = "yuan per meeting",
        zh = "议事会、代表大会、座谈会、工作坊或支部会议每次的费用。",
        assumed = "a room, papers, tea and minutes"
    )]
    pub meeting: f64,
    /// Hours that a member of a council or an assembly gives to a meeting.
    #[param(
        real = 3.0,
        range = 0.0..=100.0,
        unit = "hours per meeting",
        zh = "议事会或代表大会成员每次会议付出的时数。",
        assumed = "an afternoon with the papers"
    )]
    pub meeting_hours: f64,
    /// An event of the committee.
    #[param(
        real = 1_000.0,
        range = 0.0..=1_000_000.0,
        unit = "yuan per event",
        zh = "居委会自办一次活动的费用。",
        assumed = "materials, food and small prizes for fifty"
    )]
    pub event: f64,
    /// The audit of one year's accounts.
    #[param(
        real = 5_000.0,
        range = 0.0..=1_000_000.0,
        unit = "yuan per audit",
        zh = "审计一年账目的费用。",
        assumed = "an accountant's week"
    )]
    pub audit: f64,
    /// A team of volunteers: insurance, clothes, water.
    #[param(
        real = 300.0,
        range = 0.0..=100_000.0,
        unit = "yuan per team and month",
        zh = "一支志愿服务队每月的保险、服装与饮水等费用。",
        assumed = "ten yuan for each of thirty"
    )]
    pub team: f64,
    /// Planners of one level who serve a community in full.
    #[param(
        real = 40_000.0,
        range = 0.0..=10_000_000.0,
        unit = "yuan per community and year",
        zh = "一级规划师全面服务一个社区每年的费用。",
        assumed = "a fifth of a planner"
    )]
    pub planner: f64,
    /// A platform that serves everybody, or machine dispatch of all requests.
    #[param(
        real = 20_000.0,
        range = 0.0..=10_000_000.0,
        unit = "yuan per community and year",
        zh = "覆盖全体居民的平台（或全部事项的智能分派）每年的费用。",
        assumed = "a licence and its care, shared by a street"
    )]
    pub platform: f64,
    /// Smart facilities for safety and the environment in one compound.
    #[param(
        real = 10_000.0,
        range = 0.0..=10_000_000.0,
        unit = "yuan per compound and year",
        zh = "一个小区智能安防与环境设施每年的费用。",
        assumed = "equipment of 50,000 yuan that lasts five years"
    )]
    pub smart: f64,
    /// An office that coordinates departments in full, as far as a community bears it.
    #[param(
        real = 20_000.0,
        range = 0.0..=10_000_000.0,
        unit = "yuan per community and year",
        zh = "统筹协调机构分摊到每个社区每年的费用。",
        assumed = "five persons for twenty communities"
    )]
    pub office: f64,
    /// One resident drawn for a survey.
    #[param(
        real = 50.0,
        range = 0.0..=10_000.0,
        unit = "yuan per resident",
        zh = "抽样调查每抽取一名居民的费用。",
        assumed = "an interviewer's hour and a gift, for two in three who answer"
    )]
    pub interview: f64,
}
