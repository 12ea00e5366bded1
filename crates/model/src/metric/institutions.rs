//! What institutions do.

use super::{From, Metric};
use crate::base::params::{Text, text};
use crate::city::Mode;
use crate::institution::CommunityState;

/// Months after which statistics count somebody as a resident (常住人口).
const SETTLED: u16 = 6;

/// The family.
pub fn family() -> Vec<Metric> {
    let metric =
        |name, unit, label: Text, en, zh, from| Metric { name, unit, label, meaning: text(en, zh), from };
    vec![
        metric(
            "turnout.willing",
            "share",
            text("willing to vote", "愿意投票率"),
            "Share of the electorate who decided to vote; empty outside election months.",
            "有选举资格者中决定投票的比例;非选举月为空。",
            From::Ratio(|p| turnout(p, p.local.election.willing)),
        ),
        metric(
            "turnout.cast",
            "share",
            text("cast a ballot", "亲自投票率"),
            "Share of the electorate who put a ballot in themselves.",
            "有选举资格者中亲自投票的比例。",
            From::Ratio(|p| turnout(p, p.local.election.cast)),
        ),
        metric(
            "turnout.official",
            "share",
            text("official turnout", "官方投票率"),
            "Share of the electorate counted as having voted, by own, household, proxy or group ballot.",
            "有选举资格者中官方统计为已投票的比例(含户代表、委托与小组)。",
            From::Ratio(|p| turnout(p, p.local.election.official)),
        ),
        metric(
            "election.margin",
            "share",
            text("lead of the elected head", "主任得票领先幅度"),
            "How far the head elected this month was ahead of the next candidate, as a share of votes.",
            "本月当选的居委会主任领先次位候选人的得票比例之差。",
            From::Ratio(|p| {
                turnout(p, if p.local.election.willing.is_nan() { f64::NAN } else { p.local.election.margin })
            }),
        ),
        metric(
            "election.kept",
            "share",
            text("heads elected again", "主任连任比例"),
            "Of the heads who stood again this month, the share who were elected; empty where none did.",
            "本月再次参选的居委会主任中连任的比例;无人再次参选时为空。",
            From::Ratio(|p| p.local.election.kept.map_or((0.0, 0.0), |kept| (kept as u8 as f64, 1.0))),
        ),
        metric(
            "committee.known",
            "share",
            text("residents who know the head", "知晓居委会主任的居民"),
            "Share of residents who know the head of the committee; empty before the first election.",
            "知道居委会主任是谁的居民比例;首次选举前为空。",
            From::Ratio(|p| {
                let (committee, adults) = (&p.local.election.committee, p.community.adults() as f64);
                if committee.seats.is_empty() { (0.0, 0.0) } else { (committee.known * adults, adults) }
            }),
        ),
        metric(
            "electorate",
            "share",
            text("electorate", "选民比例"),
            "Share of adults who may vote, which turnout is of; empty in months without a vote.",
            "成年人中有选举资格者的比例,即投票率的分母;无投票的月份为空。",
            From::Ratio(|p| match p.signals.open[Mode::Vote as usize] > 0.0 {
                true => (p.signals.eligible[Mode::Vote as usize] as f64, p.community.adults() as f64),
                false => (0.0, 0.0),
            }),
        ),
        metric(
            "electorate.migrants",
            "share",
            text("migrants who may vote", "非本地户籍选民比例"),
            "Share of adults registered elsewhere who may vote; empty in months without a vote.",
            "非本地户籍成年人中有选举资格者的比例;无投票的月份为空。",
            From::Ratio(|p| {
                let [may, all] = p.signals.migrants;
                (may as f64, all as f64)
            }),
        ),
        metric(
            "council.distance",
            "share",
            text("distance of council", "议事会代表性距离"),
            "How far seats stand from residents: mean over five attributes of half the sum of absolute differences of shares.",
            "席位构成与居民构成的差距。",
            From::Ratio(|p| {
                let d = p.local.council.distance;
                if d.is_nan() { (0.0, 0.0) } else { (d, 1.0) }
            }),
        ),
        metric(
            "fund.granted",
            "yuan",
            text("fund granted", "专项资金拨入"),
            "Granted to the special funds of all communities this month.",
            "本月各社区专项资金拨入合计。",
            From::Sum(|p| p.local.funding.granted as f64),
        ),
        metric(
            "fund.spent",
            "yuan",
            text("fund spent", "专项资金支出"),
            "Spent on projects this month.",
            "本月用于项目的支出。",
            From::Sum(|p| p.local.funding.spent as f64),
        ),
        metric(
            "fund.leaked",
            "yuan",
            text("fund leaked", "专项资金流失"),
            "Lost from the funds this month.",
            "本月流失的资金。",
            From::Sum(|p| p.local.funding.leaked as f64),
        ),
        metric(
            "fund.balance",
            "yuan",
            text("fund balance", "专项资金结余"),
            "In the funds at the end of the month: balance before + granted + earned − spent − leaked.",
            "月末结余=上月结余+拨入+自有收入−支出−流失。",
            From::Sum(|p| p.local.funding.balance as f64),
        ),
        metric(
            "fund.fit",
            "share",
            text("fit of projects to needs", "项目与需求匹配"),
            "Unmet need met by a yuan of the projects decided last, relative to the most needed domain.",
            "最近一次所定项目每元满足的需求,相对于最迫切的领域。",
            From::Ratio(|p| p.local.funding.fit.map_or((0.0, 0.0), |fit| (fit, 1.0))),
        ),
        metric(
            "fund.coverage",
            "share",
            text("residents with a funded wish", "心愿获资助的居民"),
            "Share of residents of whose two most pressing needs at least one was met by the projects decided last, in their compound or for all.",
            "最近一次所定项目(本小区或全社区)满足其两项主要需求之一的居民比例。",
            From::Ratio(|p| {
                let adults = p.community.adults() as f64;
                p.local.funding.coverage.map_or((0.0, 0.0), |share| (share * adults, adults))
            }),
        ),
        metric(
            "staff.load",
            "ratio",
            text("staff load", "工作负荷"),
            "Minutes of work that arrived over minutes at work.",
            "新增工作量与可用工时之比。",
            From::Ratio(|p| (p.local.staff.month.demanded as f64, p.local.staff.month.capacity as f64)),
        ),
        metric(
            "staff.jobs",
            "jobs per community and month",
            text("jobs of the committee", "居委会工作件数"),
            "Tasks from above and residents' requests that came to the committee this month, by community.",
            "本月每个居委会收到的上级任务与居民请求件数。",
            From::Ratio(|p| ((p.local.staff.month.tasks + p.local.staff.month.arrived) as f64, 1.0)),
        ),
        metric(
            "staff.admin_share",
            "share",
            text("administrative share", "行政事务占比"),
            "Share of working time that tasks from above take.",
            "上级任务占工作时间的比例。",
            From::Ratio(|p| (p.local.staff.month.administration as f64, p.local.staff.month.capacity as f64)),
        ),
        metric(
            "response.days",
            "days",
            text("days to a response", "答复天数"),
            "Mean days from a request to its answer, or to its being given up.",
            "从提出请求到答复(或放弃)的平均天数。",
            From::Ratio(|p| {
                let m = &p.local.staff.month;
                let handled = (m.done + m.given_up) as f64;
                (m.days_waited + m.done as f64 * p.local.staff.handling_days, handled)
            }),
        ),
        metric(
            "organisations.count",
            "organisations",
            text("organisations", "社会组织数"),
            "Social organisations at work in the city.",
            "全市社会组织数量。",
            From::City(|_, citywide| citywide.organisations.all.len() as f64),
        ),
        metric(
            "organisations.activities",
            "activities per month",
            text("activities", "社会组织活动"),
            "Activities that organisations held this month.",
            "本月社会组织开展的活动数。",
            From::Sum(|p| p.local.organisations.activities),
        ),
        metric(
            "services.level",
            "share",
            text("services", "服务水平"),
            "Mean level of services over domains, by adults.",
            "各领域服务水平的平均值(按成年人口)。",
            From::Ratio(|p| {
                let adults = p.community.adults() as f64;
                let mean = p.signals.services.iter().map(|&q| q as f64).sum::<f64>()
                    / p.signals.services.len() as f64;
                (adults * mean, adults)
            }),
        ),
        metric(
            "residents.arrived",
            "residents",
            text("arrivals", "迁入与成年"),
            "Residents who moved in or came of age this month.",
            "本月迁入或成年的居民数。",
            From::Sum(|p| p.signals.arrived as f64),
        ),
        metric(
            "residents.left",
            "residents",
            text("departures", "迁出与死亡"),
            "Residents who moved away or died this month.",
            "本月迁出或去世的居民数。",
            From::Sum(|p| p.signals.left as f64),
        ),
        metric(
            "residents.settled",
            "share",
            text("settled residents", "常住居民比例"),
            "Share of adults who have lived in the community for six months, as statistics of the resident population count them.",
            "在本社区居住满六个月(常住人口口径)的成年人比例。",
            From::Ratio(|p| {
                let settled = p.community.residents.months_here.iter().filter(|&&months| months >= SETTLED);
                (settled.count() as f64, p.community.adults() as f64)
            }),
        ),
    ]
}

/// Communities count by their electors.
fn turnout(state: &CommunityState, share: f64) -> (f64, f64) {
    let electors = state.signals.eligible[Mode::Vote as usize] as f64;
    if share.is_nan() { (0.0, 0.0) } else { (share * electors, electors) }
}
