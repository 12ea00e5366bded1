//! What neighbourhoods offer, who gets it, and who lives there.

use super::{From, Metric};
use crate::base::params::{Text, text};
use crate::base::stats::gini;
use crate::city::{Column, DOMAINS, Kind, domain::ENVIRONMENT};
use crate::institution::{CityState, CommunityState};

/// The family.
pub fn family() -> Vec<Metric> {
    let metric =
        |name, unit, label: Text, en, zh, from| Metric { name, unit, label, meaning: text(en, zh), from };
    vec![
        metric(
            "services.theil",
            "Theil index",
            text("inequality of services", "社区间服务不平等"),
            "Theil index of the mean level of services between communities, by adults.",
            "社区间平均服务水平的泰尔指数(按成年人口加权)。",
            From::City(theil),
        ),
        metric(
            "environment",
            "share",
            text("environment at home", "居住环境"),
            "Mean environment where residents live: the community's service and what the management of their compound adds.",
            "居民居住环境的均值:社区环境服务及小区物业管理的补充。",
            From::Ratio(environment),
        ),
        metric(
            "benefit.gini",
            "Gini coefficient",
            text("inequality of benefit", "获益不平等"),
            "Gini coefficient of satisfaction with services, beside that of contribution, `participation.gini`.",
            "居民服务满意度的基尼系数,可与参与时数的基尼系数对照。",
            From::City(inequality_of_benefit),
        ),
        metric(
            "attachment",
            "share",
            text("attachment", "归属感"),
            "Mean attachment to the community.",
            "居民对社区归属感的均值。",
            From::Residents(|r| Column::Values(&r.attachment)),
        ),
        metric(
            "property.paid",
            "share",
            text("property fees paid", "物业费收缴率"),
            "Property fees paid over fees asked for; empty where nobody asks.",
            "实收与应收物业费之比;无物业管理时为空。",
            From::Ratio(|p| (p.local.property.collected as f64, p.local.property.billed as f64)),
        ),
        metric(
            "property.astray",
            "share",
            text("property fees astray", "物业费流失率"),
            "Share of property fees that were neither spent on compounds nor kept as the margin agreed.",
            "既未用于小区也非约定利润的物业费比例。",
            From::Ratio(|p| (p.local.property.astray as f64, p.local.property.collected as f64)),
        ),
        metric(
            "spaces.stock",
            "share",
            text("public space", "公共空间"),
            "Public space at hand, by adults; 1 = for everybody.",
            "就近可用的公共空间(按成年人口),1 表示人人可用。",
            From::Ratio(|p| by_adults(p, p.local.spaces.stock as f64)),
        ),
        metric(
            "units.given",
            "yuan",
            text("given by units and partners", "驻区单位与合作组织投入"),
            "Yuan that stationed units and partners gave to services this month.",
            "本月驻区单位与合作组织投入公共服务的金额(元)。",
            From::Sum(|p| p.local.units.given as f64),
        ),
        metric(
            "danwei.welfare",
            "share",
            text("welfare of work units", "单位福利"),
            "Share of what services lack that work units make up for their members; empty without such compounds.",
            "单位为其成员弥补的公共服务缺口比例;无单位社区时为空。",
            From::Ratio(|p| {
                if p.community.kind == Kind::Danwei {
                    by_adults(p, p.signals.welfare as f64)
                } else {
                    (0.0, 0.0)
                }
            }),
        ),
        metric(
            "residents.away",
            "share",
            text("working elsewhere", "外出务工比例"),
            "Share of adults who work elsewhere and have no time at home.",
            "外出务工、在本地没有空闲时间的成年居民比例。",
            From::Ratio(|p| by_adults(p, p.local.migration.away as f64 / p.community.adults().max(1) as f64)),
        ),
        metric(
            "residents.graduates",
            "share",
            text("university education", "大学学历比例"),
            "Share of adults with a university education.",
            "具有大学学历的成年居民比例。",
            From::Ratio(|p| {
                let graduates = p.community.residents.traits.iter().filter(|t| t.education() == 3).count();
                (graduates as f64, p.community.adults() as f64)
            }),
        ),
        metric(
            "demand.known",
            "share",
            text("known needs", "需求知晓度"),
            "Weight of what residents told, against a hunch, in what an office believes of needs, by adults.",
            "机构对需求的判断中居民反馈(相对于主观猜测)的权重。",
            From::Ratio(|p| by_adults(p, p.local.demand.known())),
        ),
        metric(
            "fund.need_error",
            "share",
            text("error about needs", "需求判断误差"),
            "Half the sum of absolute differences between the shares of unmet need that the office which decided last believed in and the true ones; empty where no office decided.",
            "最近决定资金用途的机构所认为的需求份额与真实份额的差距;非机构决定时为空。",
            From::Ratio(|p| p.local.funding.need_error.map_or((0.0, 0.0), |error| (error, 1.0))),
        ),
    ]
}

/// A value of a community, weighted by its adults.
fn by_adults(state: &CommunityState, value: f64) -> (f64, f64) {
    let adults = state.community.adults() as f64;
    (value * adults, adults)
}

fn environment(state: &CommunityState) -> (f64, f64) {
    let level = state.signals.services[ENVIRONMENT] as f64;
    let compounds = state.local.property.compounds.iter().zip(&state.signals.upkeep);
    let kept: f64 = compounds.map(|(c, &upkeep)| c.adults as f64 * upkeep as f64).sum();
    let adults = state.community.adults() as f64;
    (adults * level + kept * (1.0 - level), adults)
}

/// Theil's T over communities: Σ share of adults · (level / mean) · ln(level / mean).
fn theil(communities: &[CommunityState], _: &CityState) -> f64 {
    let levels = || {
        communities.iter().map(|p| {
            let mean = p.signals.services.iter().map(|&q| q as f64).sum::<f64>() / DOMAINS as f64;
            (p.community.adults() as f64, mean)
        })
    };
    let adults: f64 = levels().map(|(n, _)| n).sum();
    let mean = levels().map(|(n, q)| n * q).sum::<f64>() / adults;
    if mean.is_nan() || mean <= 0.0 {
        return f64::NAN;
    }
    let one = |(n, q): (f64, f64)| if q > 0.0 { n / adults * (q / mean) * libm::log(q / mean) } else { 0.0 };
    // Rounding may leave a hair below nil where all are equal.
    levels().map(one).sum::<f64>().max(0.0)
}

/// Satisfaction in thousandths, so that it can be counted.
fn inequality_of_benefit(communities: &[CommunityState], _: &CityState) -> f64 {
    let mut counts = [0u64; 1001];
    for state in communities {
        for &satisfaction in &state.community.residents.satisfaction {
            counts[(satisfaction * 1000.0 + 0.5) as usize % 1001] += 1;
        }
    }
    gini(&counts)
}
