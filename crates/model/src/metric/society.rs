//! What society does for itself: organisations, volunteers, rights, rules, conflicts and what spreads.

use super::{From, Metric};
use crate::base::params::{Text, text};
use crate::city::Column;
use crate::institution::CommunityState;

/// The family.
pub fn family() -> Vec<Metric> {
    let metric =
        |name, unit, label: Text, en, zh, from| Metric { name, unit, label, meaning: text(en, zh), from };
    vec![
        metric(
            "interest",
            "share",
            text("interest", "关心程度"),
            "Mean interest in community affairs.",
            "居民对社区事务关心程度的均值。",
            From::Residents(|r| Column::Values(&r.interest)),
        ),
        metric(
            "sorting.knowledge",
            "share",
            text("knowledge of sorting", "分类知识"),
            "Share of residents who know how to sort beyond what everybody knows.",
            "掌握垃圾分类知识的居民比例。",
            From::Ratio(|p| by_adults(p, p.local.waste.knowledge)),
        ),
        metric(
            "sorting.watched",
            "share",
            text("watched drop-offs", "监督投放"),
            "Share of drop-offs at which someone stands at the bins.",
            "有人值守监督的投放比例。",
            From::Ratio(|p| by_adults(p, p.local.waste.watched)),
        ),
        metric(
            "volunteer.hours",
            "hours",
            text("hours of volunteer teams", "志愿服务队工时"),
            "Hours that volunteer teams gave this month.",
            "本月志愿服务队的服务时数。",
            From::Sum(|p| p.local.volunteer.hours),
        ),
        metric(
            "organisations.contracted",
            "hours",
            text("contracted hours", "承接事务工时"),
            "Hours of departments' tasks that organisations did under contract this month.",
            "本月社会组织承接部门事务的工时。",
            From::Sum(|p| p.local.organisations.contracted),
        ),
        metric(
            "organisations.capacity",
            "hours per month",
            text("capacity of organisations", "社会组织服务能力"),
            "Hours of work that organisations can offer in a month.",
            "社会组织每月可提供的工时。",
            From::City(|_, citywide| citywide.organisations.all.iter().map(|o| o.capacity).sum()),
        ),
        metric(
            "rules.agreed",
            "share",
            text("common rules", "社区共同规则"),
            "Share of what neighbours fall out over that their own rules settle beforehand.",
            "由居民共同规则事先约定的邻里事务比例。",
            From::Ratio(|p| by_adults(p, p.signals.common_rules)),
        ),
        metric(
            "ties.across",
            "ties per resident",
            text("ties across compounds", "跨院落联系"),
            "Acquaintances from other compounds won at activities that bring compounds together.",
            "通过跨院落活动新结识的居民数。",
            From::Ratio(|p| by_adults(p, p.signals.bridges)),
        ),
        metric(
            "enforcement.fairness",
            "share",
            text("fair enforcement", "执法公正比例"),
            "Share of encounters with officers that are fair; no value where there are none.",
            "公正执法的比例;没有执法时为空。",
            From::Ratio(|p| {
                let fair = p.local.enforcement.fair;
                if fair > 0.0 { by_adults(p, fair) } else { (0.0, 0.0) }
            }),
        ),
        metric(
            "rights.organised",
            "share",
            text("rights organisations", "维权组织"),
            "Share of communities in which residents have organised to defend their rights.",
            "已成立维权组织的社区比例。",
            From::Ratio(|p| (p.local.rights.organised as u8 as f64, 1.0)),
        ),
        metric(
            "conflicts.new",
            "conflicts",
            text("new conflicts", "新发矛盾"),
            "Conflicts between neighbours that broke out this month.",
            "本月新发生的邻里矛盾。",
            From::Sum(|p| p.local.mediation.new as f64),
        ),
        metric(
            "conflicts.open",
            "conflicts per 1,000 adults",
            text("open conflicts", "未决矛盾"),
            "Conflicts between neighbours that are open at the end of the month.",
            "月末未解决的邻里矛盾(每千名成年人)。",
            From::Ratio(|p| (1_000.0 * p.local.mediation.open, p.community.adults() as f64)),
        ),
        metric(
            "conflicts.mediated",
            "share",
            text("orderly settled conflicts", "调解化解比例"),
            "Of the conflicts closed this month, the share settled by mediation.",
            "本月了结的矛盾中经调解化解的比例。",
            From::Ratio(|p| (p.local.mediation.mediated, p.local.mediation.closed)),
        ),
        metric(
            "disorder",
            "share",
            text("disorder", "失序程度"),
            "Share of residents who live with an open conflict around them.",
            "身边有未决矛盾的居民比例。",
            From::Ratio(|p| by_adults(p, p.signals.disorder)),
        ),
        metric(
            "incentive.paid",
            "yuan",
            text("rewards paid", "积分奖励支出"),
            "Paid this month as rewards for contributing.",
            "本月用于参与奖励的支出。",
            From::Sum(|p| p.local.incentive.paid),
        ),
        metric(
            "diffusion.reach",
            "share",
            text("spread of practices", "做法推广程度"),
            "Share of communities in which the practices that spread are in use, mean over these practices.",
            "实行可推广做法的社区比例(各做法平均)。",
            From::Ratio(|p| {
                let in_use = &p.local.diffusion.in_use;
                (in_use.iter().filter(|&&u| u).count() as f64, in_use.len() as f64)
            }),
        ),
        metric(
            "needs.diversity",
            "probability",
            text("diversity of needs", "需求多样性"),
            "Chance that the chief needs of two residents of a community differ.",
            "同一社区两位居民首要需求不同的概率。",
            From::Ratio(|p| {
                let adults = p.community.adults() as f64;
                (p.community.residents.diversity_of_needs() * adults, adults)
            }),
        ),
        metric(
            "ladder.apathetic",
            "share",
            text("apathetics", "冷漠者"),
            "Share of residents on no rung of Milbrath's ladder; no value where it is off.",
            "处于米尔布拉斯阶梯第0级的居民比例;未启用时无值。",
            From::Ratio(|p| on_rungs(p, 0..1)),
        ),
        metric(
            "ladder.spectators",
            "share",
            text("spectators", "旁观者"),
            "Share of residents on rungs 1 to 4 of Milbrath's ladder.",
            "处于米尔布拉斯阶梯第1至4级的居民比例。",
            From::Ratio(|p| on_rungs(p, 1..5)),
        ),
        metric(
            "ladder.transitional",
            "share",
            text("transitionals", "过渡者"),
            "Share of residents on rungs 5 to 7 of Milbrath's ladder.",
            "处于米尔布拉斯阶梯第5至7级的居民比例。",
            From::Ratio(|p| on_rungs(p, 5..8)),
        ),
        metric(
            "ladder.gladiators",
            "share",
            text("gladiators", "积极参与者"),
            "Share of residents on rungs 8 to 12 of Milbrath's ladder.",
            "处于米尔布拉斯阶梯第8至12级的居民比例。",
            From::Ratio(|p| on_rungs(p, 8..13)),
        ),
    ]
}

/// Residents on the rungs of Milbrath's ladder, and all who climb it.
fn on_rungs(state: &CommunityState, rungs: std::ops::Range<u8>) -> (f64, f64) {
    let climbers = &state.local.ladder.climbers;
    let on = climbers.iter().filter(|climber| rungs.contains(&climber.level)).count();
    (on as f64, climbers.len() as f64)
}

/// A value of a community, weighted by adults.
fn by_adults(state: &CommunityState, value: f32) -> (f64, f64) {
    let adults = state.community.adults() as f64;
    (value as f64 * adults, adults)
}
