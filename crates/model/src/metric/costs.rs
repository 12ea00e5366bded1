//! What the month cost: money by who pays and by instrument, and hours.
//!
//! `cost.total` is the sum of `cost.by.…`, and of `cost.for.…`.

use super::{From, Metric};
use crate::base::params::{Text, text};
use crate::institution::CommunityState;
use crate::institution::cost::{Costs, PAYERS, Payer};
use crate::institution::{self, Institution};

/// How a metric begins that is of this family.
pub const PREFIX: &str = "cost.";

/// Money, whoever pays.
pub const TOTAL: &str = "cost.total";

/// The middle of the scale from 0 to 1.
const MIDDLE: f32 = 0.5;

/// Yuan, of all communities together as those of the fund.
const YUAN: &str = "yuan";

/// How each payer's part is taken.
const BY: [(&str, fn(&CommunityState) -> f64); PAYERS] = [
    ("cost.by.budget", |p| p.ledger.total.yuan[Payer::Budget as usize]),
    ("cost.by.fund", |p| p.ledger.total.yuan[Payer::Fund as usize]),
    ("cost.by.residents", |p| p.ledger.total.yuan[Payer::Residents as usize]),
    ("cost.by.organisations", |p| p.ledger.total.yuan[Payer::Organisations as usize]),
    ("cost.by.others", |p| p.ledger.total.yuan[Payer::Others as usize]),
];

/// The family.
pub fn family() -> Vec<Metric> {
    let metric =
        |name, unit, label: Text, en, zh, from| Metric { name, unit, label, meaning: text(en, zh), from };
    let mut all = vec![metric(
        TOTAL,
        YUAN,
        text("cost", "总成本"),
        "Money spent this month in all communities, whoever pays.",
        "本月各社区支出合计（不论由谁支付）。",
        From::Sum(|p| p.ledger.total.total()),
    )];
    all.extend(BY.into_iter().zip(Payer::ALL).map(|((name, of), payer)| {
        metric(
            name,
            YUAN,
            payer.label(),
            "What this payer has less after this month; negative where more came in than was spent.",
            "本月该支付方净减少的资金；收入多于支出时为负。",
            From::Sum(of),
        )
    }));
    all.extend([
        metric(
            "cost.staff_hours",
            "hours",
            text("hours of staff", "工作人员工时"),
            "Hours that staff worked this month, of the committee, officials, organisations and all others paid.",
            "本月居委会、干部、社会组织及其他受薪人员的工作时数。",
            From::Sum(|p| p.ledger.total.staff_hours),
        ),
        metric(
            "cost.resident_hours",
            "hours",
            text("hours of residents", "居民付出时数"),
            "Hours that residents gave this month, in taking part, sitting in councils and asking others.",
            "本月居民在参与、议事与动员他人中付出的时数。",
            From::Sum(|p| p.ledger.total.resident_hours),
        ),
        metric(
            "cost.resident_value",
            YUAN,
            text("worth of residents' hours", "居民时数的价值"),
            "What these hours are worth at `costs.resident_hour`; nobody pays it, and it is in no sum.",
            "上述时数按 `costs.resident_hour` 折算的价值；无人支付，不计入任何合计。",
            From::Sum(|p| p.ledger.resident_value),
        ),
    ]);
    all.extend(goods());
    all.extend(institution::all().iter().enumerate().filter_map(|(place, of)| of_institution(place, of)));
    all
}

/// Residents as a number, for whom money is spent.
fn goods() -> [Metric; 2] {
    [
        Metric {
            name: "cost.active_residents",
            unit: "residents",
            label: text("active residents", "参与居民数"),
            meaning: text(
                "Residents who took part this month in at least one civic mode, to set costs against.",
                "本月至少以一种公民方式参与的居民人数，用于与成本对照。",
            ),
            from: From::Sum(|p| p.signals.participants as f64),
        },
        Metric {
            name: "cost.satisfied_residents",
            unit: "residents",
            label: text("satisfied residents", "满意居民数"),
            meaning: text(
                "Residents whose satisfaction is above the middle of the scale, to set costs against.",
                "满意度高于量表中点的居民人数，用于与成本对照。",
            ),
            from: From::Sum(|p| {
                let satisfaction = &p.community.residents.satisfaction;
                satisfaction.iter().filter(|&&s| s > MIDDLE).count() as f64
            }),
        },
    ]
}

/// What an institution costs, unless it says that it takes nothing.
fn of_institution(place: usize, institution: &Institution) -> Option<Metric> {
    let Costs::Charged { label, .. } = institution.costs else { return None };
    Some(Metric {
        // Made once for the process, as the list of metrics is.
        name: format!("{PREFIX}for.{}", institution.name).leak(),
        unit: YUAN,
        label,
        meaning: text(
            "Money for this instrument this month in all communities, whoever pays.",
            "本月各社区用于该工具的支出合计（不论由谁支付）。",
        ),
        from: From::For(place),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_payer_has_a_metric_of_its_name() {
        for ((name, _), payer) in BY.into_iter().zip(Payer::ALL) {
            assert_eq!(name, format!("cost.by.{}", payer.name()));
        }
    }
}
