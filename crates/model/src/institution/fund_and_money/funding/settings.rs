//! The settings of `[funding]`.

use super::{Decider, Given, Match};
use crate::base::params::settings;

/// Settings of `[funding]`.
#[settings]
pub struct Settings {
    /// Yearly grant to each community.
    #[param(
        count = 360_000,
        range = 0..=1_000_000_000,
        unit = "yuan per community and year",
        zh = "每个社区每年的专项资金。",
        derived = "over 232 million US dollars for over 4,300 villages and neighbourhoods in 2018 (Participedia 5969): 300,000 to 420,000; the floor of 2009 was 200,000 (F10)",
        prior = log_normal(360_000.0, 0.13)
    )]
    pub base: i64,
    /// Further grant for each adult.
    #[param(
        real = 0.0,
        range = 0.0..=100_000.0,
        unit = "yuan per adult and year",
        zh = "按成年人口追加的资金。",
        assumed = "the formula after 2018 was not found; all of it by heads would be about 100 yuan for each resident"
    )]
    pub per_capita: f64,
    /// Yearly growth of the grant.
    #[param(
        real = 0.0,
        range = -0.5..=1.0,
        unit = "share per year",
        zh = "资金的年增长率。",
        assumed = "nil, so that policies are compared at one level; from 200,000 in 2009 to 357,000 in 2018 it grew by .066 a year, in prices of the time"
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
    /// Spread of that time between communities and years.
    #[param(
        real = 0.5,
        range = 0.0..=3.0,
        unit = "standard deviation of the logarithm",
        zh = "拨款到决定所需时间的离散程度。",
        assumed = "no measurement"
    )]
    pub approval_spread: f64,
    /// Grant for each adult at which a resident's stake in it is half of the greatest.
    #[param(
        real = 50.0,
        range = 0.1..=100_000.0,
        unit = "yuan per adult",
        zh = "使居民利害感达到最大值一半的人均资金。",
        assumed = "a day's wages once; no measurement"
    )]
    pub half_stake: f64,
    /// Median cost of a project.
    #[param(
        count = 35_000,
        range = 1_000..=100_000_000,
        unit = "yuan",
        zh = "项目费用的中位数。",
        derived = "40,000 to 50,000 projects in 2009–12 at what was granted, not at the floor: 75,000 yuan on average (40,000 to 95,000); the median lies below the mean by exp(−spread² / 2)",
        prior = log_normal(35_000.0, 0.34)
    )]
    pub project_cost: i64,
    /// Spread of the cost of projects that stand to one vote.
    #[param(
        real = 1.24,
        range = 0.0..=4.0,
        unit = "standard deviation of the logarithm",
        zh = "同一次票决中项目费用的离散程度。",
        measured = "549 elections of Polish participatory budgets (Pabulib); carried over"
    )]
    pub cost_spread: f64,
    /// Share of projects that serve the whole community; the others serve one compound.
    #[param(
        share = 0.5,
        zh = "服务于整个社区的项目比例，其余只服务于一个小区。",
        assumed = "no ledger was found that says"
    )]
    pub shared: f64,
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
    #[param(
        share = 0.15,
        zh = "无监督时资金流失的比例。",
        derived = "about .28 was missing from 600 village roads where audits were rare (Indonesia; Olken 2007): another country, and works that are easy to cheat on; .05 to .28",
        // Hidden by nature.
        prior = beta(2.0, 11.0)
    )]
    pub leak: f64,
    /// How open accounts are to residents.
    #[param(share = 0.3, zh = "财务公开程度。", assumed = "no measurement")]
    pub openness: f64,
    /// Share of leaks that full openness stops.
    #[param(
        share = 0.1,
        zh = "完全公开可避免的流失比例。",
        derived = "residents at meetings on accounts, and forms to comment, stopped nothing overall (Olken 2007); newspapers in Uganda stopped much (Reinikka and Svensson 2004): 0 to .5",
        prior = beta(1.0, 3.0)
    )]
    pub openness_effect: f64,
    /// How thoroughly accounts are audited.
    #[param(share = 0.3, zh = "审计力度。", assumed = "no measurement")]
    pub audit: f64,
    /// Share of leaks that a certain audit of every project stops.
    #[param(
        share = 0.29,
        zh = "全面审计可避免的流失比例。",
        measured = "audits of all in the place of 4 % of projects: −8 points of about 28 (Olken 2007); carried over",
        // What audits stopped in that experiment is a target, and must not count twice.
        prior = beta(3.0, 7.0)
    )]
    pub audit_effect: f64,
    /// How much of residents' unmet need the street does not see.
    // Who knows nothing, guesses; it matters where an office decides.
    #[param(
        share = 0.5,
        zh = "街道看不到的居民未满足需求比例。",
        assumed = "half; no ledger of projects beside a survey of needs was found",
        demonstration = [".decider=street", ".project_cost=2000"]
    )]
    pub blindness: f64,
    /// In the place of what it does not see: weight of works that can be shown (environment, culture, sport).
    #[param(
        share = 0.4,
        zh = "看得见的工程所占的权重（环境、文化、体育；在街道不知居民需求之处）。",
        assumed = "no measurement; the rest after lobbying is a hunch",
        demonstration = [".decider=street", ".project_cost=2000"]
    )]
    pub visible: f64,
    /// The same of what organisations that work there do already, and speak for.
    #[param(
        share = 0.2,
        zh = "当地社会组织已有业务所占的权重（游说；在街道不知居民需求之处）。",
        assumed = "no measurement",
        demonstration = [".decider=street", ".project_cost=2000"]
    )]
    pub lobbying: f64,
    /// How much a committee that visits homes comes to know: share of what the street does not see, for each
    /// share of households visited in the month of the decision.
    #[param(
        real = 4.0,
        range = 0.0..=100.0,
        unit = "share per share",
        zh = "入户走访使居委会了解需求的程度。",
        assumed = "a quarter of the homes tells all",
        demonstration = [".decider=committee", ".project_cost=2000", "staff.accountability=0.1"]
    )]
    pub visit_insight: f64,
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
    #[param(
        share = 0.0,
        zh = "邀请居民参与实施的项目工作比例。",
        choice,
        demonstration = [".lapse=0.9"]
    )]
    pub coproduction: f64,
    /// Volunteers who make a project sure to be finished, if all of its work is open to them.
    #[param(
        real = 10.0,
        range = 0.1..=1_000.0,
        unit = "residents",
        zh = "确保一个项目完成所需志愿者人数的尺度（在全部工作开放给居民时）。",
        assumed = "as a usual shift",
        demonstration = [".coproduction=1.0", ".lapse=0.9", ".project_cost=2000"]
    )]
    pub helpers: f64,
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
    /// Weight of a need, as a share of both, from which on residents approve projects for it where needs
    /// decide.
    #[param(
        share = 0.4,
        zh = "按需求决策时,居民赞成相应项目所需的需求权重(两项需求合计为1)。",
        assumed = "one's second need counts where it is not far less pressing than the first",
        demonstration = [".decider=residents", ".match_rule=needs"]
    )]
    pub pressing: f64,
}
