//! What residents do, know and feel.

use super::{From, Metric};
use crate::base::params::text;
use crate::base::stats::gini;
use crate::city::{Column, MODES, Mode};
use crate::institution::{CityState, CommunityState};

/// The family.
pub fn family() -> Vec<Metric> {
    let metric = |name, unit, label, meaning, from| Metric { name, unit, label, meaning, from };
    let share = |name, label, en, zh, from| metric(name, "share", label, text(en, zh), from);
    let mut all = vec![share(
        "participation",
        text("participation", "参与率"),
        "Share of adults who took part this month in at least one civic mode (waste sorting not counted).",
        "本月至少参与一种公共事务的成年人比例(不含垃圾分类)。",
        From::Ratio(|p| (p.signals.participants as f64, p.community.adults() as f64)),
    )];
    all.extend(modes());
    all.push(metric(
        "participation.gini",
        "Gini coefficient",
        text("inequality of participation", "参与不平等"),
        text(
            "Gini coefficient of hours of civic participation over the last twelve months.",
            "最近十二个月参与时数的基尼系数。",
        ),
        From::City(inequality),
    ));
    all.extend(trust());
    all.extend([
        share(
            "satisfaction",
            text("satisfaction", "满意度"),
            "Mean satisfaction with services, weighted by what each resident needs.",
            "按个人需求加权的服务满意度均值。",
            From::Residents(|r| Column::Values(&r.satisfaction)),
        ),
        share(
            "satisfaction.gap",
            text("satisfaction gap", "社区间满意度差距"),
            "Highest less lowest mean satisfaction of a community.",
            "社区平均满意度的最高与最低之差。",
            From::City(gap),
        ),
        share(
            "efficacy",
            text("efficacy", "效能感"),
            "Mean of internal efficacy (I can) and external efficacy (they listen).",
            "内部效能感与外部效能感的均值。",
            From::Residents(|r| Column::MeanOf(&r.internal_efficacy, &r.external_efficacy)),
        ),
        share(
            "awareness",
            text("awareness", "知情率"),
            "Mean chance that a resident knows what is open to residents this month.",
            "居民知晓当月参与机会的平均概率。",
            From::Residents(|r| Column::Known(r)),
        ),
        share(
            "sorting.accuracy",
            text("sorting accuracy", "垃圾分类准确率"),
            "Mean accuracy of waste sorting.",
            "垃圾分类平均准确率。",
            From::Residents(|r| Column::Values(&r.accuracy)),
        ),
    ]);
    all
}

/// `participation.MODE`: those who took part over those eligible; no value where the mode was closed.
fn modes() -> impl Iterator<Item = Metric> {
    macro_rules! parts {
        ($($mode:ident),*) => {
            [$((|p: &CommunityState| {
                let m = Mode::$mode as usize;
                (p.signals.took_part[m] as f64, p.signals.eligible[m] as f64)
            }) as fn(&CommunityState) -> (f64, f64)),*]
        };
    }
    const PARTS: [fn(&CommunityState) -> (f64, f64); MODES] =
        parts!(Vote, Ballot, Meeting, Proposal, Volunteer, Event, Online, Owners, Complaint, Sorting);
    const NAMES: [&str; MODES] = [
        "participation.vote",
        "participation.ballot",
        "participation.meeting",
        "participation.proposal",
        "participation.volunteer",
        "participation.event",
        "participation.online",
        "participation.owners",
        "participation.complaint",
        "participation.sorting",
    ];
    Mode::ALL.into_iter().map(|mode| Metric {
        name: NAMES[mode as usize],
        unit: "share",
        label: mode.label(),
        meaning: text(
            "Share of eligible adults who took part in this mode; empty where it was not open.",
            "符合资格的成年人中参与该方式的比例;未开放的月份为空。",
        ),
        from: From::Ratio(PARTS[mode as usize]),
    })
}

fn trust() -> impl Iterator<Item = Metric> {
    macro_rules! target {
        ($name:literal, $index:literal, $label:expr) => {
            Metric {
                name: concat!("trust.", $name),
                unit: "share",
                label: $label,
                meaning: text("Mean trust of adults, from 0 to 1.", "成年居民的平均信任,取值0至1。"),
                from: From::Residents(|r| Column::Values(&r.trust[$index])),
            }
        };
    }
    [
        target!("neighbours", 0, text("trust in neighbours", "对邻里的信任")),
        target!("committee", 1, text("trust in the committee", "对居委会的信任")),
        target!("organisations", 2, text("trust in organisations", "对社会组织的信任")),
        target!("property", 3, text("trust in the property company", "对物业公司的信任")),
        target!("local_government", 4, text("trust in local government", "对地方政府的信任")),
        target!("central_government", 5, text("trust in the central government", "对中央政府的信任")),
    ]
    .into_iter()
}

fn inequality(communities: &[CommunityState], _: &CityState) -> f64 {
    // A year holds at most 12 · 255 quarter hours.
    let mut counts = vec![0u64; 12 * 255 + 1];
    for state in communities {
        for &quarters in &state.community.residents.year_quarter_hours {
            counts[quarters as usize] += 1;
        }
    }
    gini(&counts)
}

fn gap(communities: &[CommunityState], _: &CityState) -> f64 {
    let means = communities.iter().map(|p| {
        let column = Column::Values(&p.community.residents.satisfaction);
        column.sum() / p.community.adults().max(1) as f64
    });
    let (low, high) = means.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), m| (l.min(m), h.max(m)));
    if communities.is_empty() { f64::NAN } else { high - low }
}
