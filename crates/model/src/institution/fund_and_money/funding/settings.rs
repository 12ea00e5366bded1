//! The settings of `[funding]`.

use super::{Decider, Given, Match};
use crate::base::params::settings;

/// Settings of `[funding]`.
#[settings]
pub struct Settings {
    /// Yearly grant to each community.
    #[param(
        count = 200_000,
        range = 0..=1_000_000_000,
        unit = "yuan per community and year",
        zh = "每个社区每年的专项资金。",
        measured = "at least 200,000 yuan per village and year from 2009 (press 2009-07-29; source text F10)"
    )]
    pub base: i64,
    /// Further grant for each adult.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "按成年人口追加的资金。",
        assumed = "the formula after 2018 was not found"
    )]
    pub per_capita: f64,
    /// Yearly growth of the grant.
    #[param(
        real = 0.0,
        range = -0.5..=1.0,
        unit = "share per year",
        zh = "资金的年增长率。",
        assumed = "raised greatly since (F10), without figures"
    )]
    pub growth: f64,
    /// Month of the first grant; the others follow every twelve months.
    #[param(
        count = 0,
        range = 0..=1200,
        unit = "months after the start",
        zh = "首次拨款的月份,此后每十二个月一次。",
        choice
    )]
    pub start_month: u32,
    /// Who decides what the fund is spent on.
    #[param(one_of = Street, zh = "资金用途由谁决定。")]
    pub decider: Decider,
    /// Median months from grant to decision.
    #[param(
        real = 2.0,
        range = 0.0..=11.0,
        unit = "months",
        zh = "从拨款到决定的中位月数。",
        assumed = "cumbersome approval and slow spending are reported (Q district study), without a number"
    )]
    pub approval_delay: f64,
    /// Median cost of a project.
    #[param(
        count = 40_000,
        range = 1_000..=100_000_000,
        unit = "yuan",
        zh = "项目费用的中位数。",
        derived = "2,300 villages, 40,000–50,000 projects in four years at 200,000 yuan a year: about 40,000 yuan each"
    )]
    pub project_cost: i64,
    /// Months that a project takes.
    #[param(count = 6, range = 1..=60, unit = "months", zh = "项目工期。", assumed = "within a budget year")]
    pub project_months: u32,
    /// What a yuan of a project does for its service, relative to a yuan of public money spent on that
    /// service alone.
    #[param(
        share = 0.1,
        zh = "项目资金对所属服务的效用,相对于专用于该服务的公共投入。",
        assumed = "until it is measured, a small work done once is taken to do for its own service what a yuan of the general budget does for each of ten"
    )]
    pub project_yield: f64,
    /// Share of spending that leaks where nobody watches.
    #[param(share = 0.10, zh = "无监督时资金流失的比例。", assumed = "proposed core model")]
    pub leak: f64,
    /// How open accounts are to residents.
    #[param(share = 0.3, zh = "财务公开程度。", assumed = "no measurement")]
    pub openness: f64,
    /// How thoroughly accounts are audited.
    #[param(share = 0.3, zh = "审计力度。", assumed = "no measurement")]
    pub audit: f64,
    /// Chance that a project is never finished.
    #[param(share = 0.10, zh = "项目烂尾的概率。", assumed = "no measurement")]
    pub lapse: f64,
    /// Chance that a resident hears of a ballot on the fund by its own notices.
    // The ballot is announced where all residents decide.
    #[param(
        share = 0.5,
        zh = "居民通过公告得知资金票决的概率。",
        assumed = "a questionnaire reached 1,016 residents in two days (Wenjiang 2009)",
        demonstration = [".decider=residents"]
    )]
    pub publicity: f64,
    /// What members of a council and residents approve of.
    #[param(one_of = Wishes, zh = "议事会成员与居民赞成项目的依据。")]
    pub match_rule: Match,
    /// Share of a project's work that residents are invited to do.
    #[param(share = 0.0, zh = "邀请居民参与实施的项目工作比例。", choice)]
    pub coproduction: f64,
    /// Share of the money for services that goes into the fund instead, to be decided in the community.
    #[param(share = 0.0, zh = "转入社区专项资金、由社区决定的服务经费比例(重心下移)。", choice)]
    pub devolution: f64,
    /// Share of the money meant for services and the fund that is spent on them; the rest goes into growth
    /// elsewhere.
    #[param(share = 1.0, zh = "用于治理与服务的经费比例,其余用于经济发展。", choice)]
    pub governance_share: f64,
    /// What the community earns by each staff hour that is left over (own revenue).
    #[param(
        real = 0.0,
        range = 0.0..=10_000.0,
        unit = "yuan per hour",
        zh = "每一剩余工时为社区带来的自有收入(造血)。",
        choice
    )]
    pub own_revenue: f64,
    /// What the community earns by itself at the start.
    #[param(
        real = 0.0,
        range = 0.0..=1e9,
        unit = "yuan per month",
        zh = "起始时社区的自有月收入。",
        choice,
        fixed
    )]
    pub own_income: f64,
    /// An election held elsewhere, such as one of Pabulib: where all residents decide, its projects and
    /// ballots are decided on by `council.rule`, and its budget is the year's grant.
    #[param(
        election,
        zh = "既有的参与式预算选举(如 Pabulib 数据):由全体居民票决时,以其项目、选票与预算,按 council.rule 决定。"
    )]
    pub election: Given,
}
