//! How the community is governed: voices, time, money and coordination.

use super::{From, Metric};
use crate::base::params::{Text, text};
use crate::city::{DOMAIN_NAMES, DOMAINS, Mode};
use crate::institution::{CityState, CommunityState};

/// The family.
pub fn family() -> Vec<Metric> {
    let metric =
        |name, unit, label: Text, en, zh, from| Metric { name, unit, label, meaning: text(en, zh), from };
    let mut all = vec![
        metric(
            "participation.mobilised",
            "share",
            text("mobilised participation", "动员式参与占比"),
            "Of all occasions of civic participation this month, the share taken by residents who had been asked in person.",
            "本月公共事务参与人次中,受当面动员者所占比例。",
            From::Ratio(|p| (p.signals.mobilised as f64, taken(p))),
        ),
        metric(
            "voices.answered",
            "share",
            text("voices answered", "诉求回应率"),
            "Share of this month's voices (meetings, proposals, online, complaints) that are answered.",
            "本月居民诉求(会议、提案、线上、投诉)得到回应的比例。",
            From::Ratio(|p| {
                let voices = p.signals.voices() as f64;
                (voices * p.signals.answered as f64, voices)
            }),
        ),
        metric(
            "requests.handled_well",
            "share",
            text("requests handled well", "事项办理满意率"),
            "Share of requests that residents find well handled, at the committee or elsewhere.",
            "居民认为办理良好的事项比例(含服务站等)。",
            From::Ratio(|p| {
                let requests = (p.signals.errands + p.signals.filed) as f64;
                (requests * p.signals.handled_well as f64, requests)
            }),
        ),
        metric(
            "requests.elsewhere",
            "share",
            text("errands done elsewhere", "站点办理占比"),
            "Share of requests that residents take to a station, the street's centre or the district's window.",
            "居民在服务站、街道中心或区窗口办理的事项比例。",
            From::Ratio(|p| {
                let errands = p.signals.errands as f64;
                (errands, errands + p.signals.filed as f64)
            }),
        ),
        metric(
            "staff.skill",
            "share",
            text("staff skill", "工作人员能力"),
            "Mean skill of the committee's staff; empty without staff.",
            "居委会工作人员平均能力;无工作人员时为空。",
            From::Ratio(|p| {
                let skill = p.local.staff.skill as f64;
                if skill < 0.0 { (0.0, 0.0) } else { (skill, 1.0) }
            }),
        ),
        metric(
            "staff.free_share",
            "share",
            text("time left for residents", "可用于居民的时间"),
            "Share of working time left for home visits and for the community's own affairs.",
            "可用于走访与社区自身事务的工时比例。",
            From::Ratio(|p| {
                let month = &p.local.staff.month;
                ((month.visits + month.idle) as f64, month.capacity as f64)
            }),
        ),
        metric(
            "staff.backlog",
            "hours",
            text("backlog of tasks", "行政任务积压"),
            "Mean hours of work left over on tasks from above, by community.",
            "每个社区积压的行政任务平均工时。",
            From::Ratio(|p| (p.local.staff.backlog_minutes as f64 / 60.0, 1.0)),
        ),
        metric(
            "autonomy",
            "share",
            text("autonomy", "自治程度"),
            "Mean of the share of working time not taken by tasks from above and the share of money not from above.",
            "非上级任务工时占比与非上级资金占比的均值。",
            From::Ratio(autonomy),
        ),
        metric(
            "fund.earned",
            "yuan",
            text("own revenue", "社区自有收入"),
            "Earned by communities themselves this month.",
            "本月各社区自有收入合计。",
            From::Sum(|p| p.local.funding.earned as f64),
        ),
        metric(
            "fund.dependence",
            "share",
            text("dependence on the street", "对街道资金的依赖"),
            "Share of the community's money that comes from above, over about a year; empty without any.",
            "约一年内社区资金中来自上级的比例;无资金时为空。",
            From::Ratio(|p| {
                let [above, own] = p.local.funding.income;
                if above > 0.0 { (above, above + own) } else { (0.0, 0.0) }
            }),
        ),
        metric(
            "fund.duration",
            "months",
            text("months to the end of a project", "项目历时"),
            "Mean months from the grant to the end of the projects that ended this month.",
            "本月结束的项目从拨款到结束的平均月数。",
            From::Ratio(|p| {
                let [months, projects] = p.local.funding.durations;
                (months as f64, projects as f64)
            }),
        ),
        metric(
            "council.disagreement",
            "share",
            text("disagreement in the council", "议事会意见分歧"),
            "How far members' views stand apart after deliberation: mean half sum of absolute differences from the mean view.",
            "协商后成员意见与平均意见的差距。",
            From::Ratio(|p| {
                let d = p.local.council.disagreement;
                if d.is_nan() { (0.0, 0.0) } else { (d, 1.0) }
            }),
        ),
        metric(
            "coordination.wasted",
            "share",
            text("money spent twice", "重复投入"),
            "Share of the money for services that buys nothing because departments do not coordinate.",
            "因条块分割而重复投入的服务经费比例。",
            From::Ratio(|p| (p.local.coordination.wasted, 1.0)),
        ),
        metric(
            "trust.local_government.spread",
            "share",
            text("spread of trust in local government", "地方政府信任的离散度"),
            "Standard deviation between adults of trust in local government.",
            "成年居民对地方政府信任的标准差。",
            From::City(spread),
        ),
    ];
    all.extend((0..DOMAINS).map(of_domain));
    all
}

/// Occasions of civic participation taken this month.
fn taken(state: &CommunityState) -> f64 {
    let civic = Mode::ALL.into_iter().filter(|mode| Mode::CIVIC & mode.bit() != 0);
    civic.map(|mode| state.signals.took_part[mode as usize] as f64).sum()
}

fn autonomy(state: &CommunityState) -> (f64, f64) {
    let month = &state.local.staff.month;
    if month.capacity == 0 {
        return (0.0, 0.0);
    }
    let time = 1.0 - month.administration as f64 / month.capacity as f64;
    (0.5 * (time + 1.0 - state.local.funding.dependence()), 1.0)
}

fn spread(communities: &[CommunityState], _: &CityState) -> f64 {
    const LOCAL: usize = crate::city::Target::LocalGovernment as usize;
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for state in communities {
        let trust = &state.community.residents.trust[LOCAL];
        n += trust.len() as f64;
        let of_place = trust.iter().map(|&t| f64::from(t)).fold((0.0, 0.0), |(s, q), t| (s + t, q + t * t));
        (sum, squares) = (sum + of_place.0, squares + of_place.1);
    }
    if n > 0.0 { (squares / n - (sum / n) * (sum / n)).max(0.0).sqrt() } else { f64::NAN }
}

/// `services.DOMAIN`: the level of one service.
fn of_domain(d: usize) -> Metric {
    macro_rules! levels {
        ($($d:literal),*) => {
            [$((|p: &CommunityState| {
                let adults = p.community.adults() as f64;
                (adults * p.signals.services[$d] as f64, adults)
            }) as fn(&CommunityState) -> (f64, f64)),*]
        };
    }
    const LEVELS: [fn(&CommunityState) -> (f64, f64); DOMAINS] = levels!(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const NAMES: [&str; DOMAINS] = [
        "services.safety",
        "services.family",
        "services.civil_affairs",
        "services.disability",
        "services.labour",
        "services.health",
        "services.education",
        "services.culture",
        "services.environment",
        "services.sport",
    ];
    Metric {
        name: NAMES[d],
        unit: "share",
        label: DOMAIN_NAMES[d],
        meaning: text("Mean level of this service, by adults.", "该项服务的平均水平(按成年人口)。"),
        from: From::Ratio(LEVELS[d]),
    }
}
