//! What surveys ask: what is true of residents, and what they say when they are asked.

use super::{From, Metric};
use crate::base::params::{Text, text};
use crate::city::survey_items::{ITEMS, Item};
use crate::institution::survey::Wave;
use crate::institution::{CityState, CommunityState};

/// The family.
pub fn family() -> Vec<Metric> {
    let metric =
        |name, unit, label: Text, en, zh, from| Metric { name, unit, label, meaning: text(en, zh), from };
    let mut all = vec![
        metric(
            "survey.response",
            "share",
            text("response to the survey", "问卷应答率"),
            "Share of those asked this month who answered; empty in months without a wave, as all of the survey.",
            "本月受访者的应答比例;未开展调查的月份为空(各项调查结果同)。",
            From::City(|_, citywide| wave(citywide, |w| w.response)),
        ),
        metric(
            "survey.participation",
            "share",
            text("participation as told", "问卷参与率"),
            "Share of those who answered who say that they took part this month, beside the true `participation`.",
            "应答者自报本月参与的比例,可与真实的参与率对照。",
            From::City(|_, citywide| wave(citywide, |w| w.participation)),
        ),
        metric(
            "survey.error",
            "share",
            text("sampling error", "抽样标准误"),
            "Standard error that a pollster gives for it.",
            "调查者给出的自报参与率标准误。",
            From::City(|_, citywide| wave(citywide, |w| w.error)),
        ),
        metric(
            "survey.satisfaction",
            "share",
            text("satisfaction as told", "问卷满意度"),
            "Mean satisfaction told, beside the true `satisfaction`.",
            "应答者自报的平均满意度,可与真实满意度对照。",
            From::City(|_, citywide| wave(citywide, |w| w.satisfaction)),
        ),
        metric(
            "survey.trust",
            "share",
            text("trust as told", "问卷信任度"),
            "Mean trust in local government told, beside the true `trust.local_government`.",
            "应答者自报的对地方政府平均信任,可与真实值对照。",
            From::City(|_, citywide| wave(citywide, |w| w.trust)),
        ),
    ];
    all.extend(ITEMS.iter().map(true_of));
    all.extend(ITEMS.iter().zip(TOLD).map(|(item, told)| as_told(item, told)));
    all
}

/// The share of whom it is true.
fn true_of(item: &'static Item) -> Metric {
    let Item { name, label, meaning, truth, .. } = *item;
    Metric { name, unit: "share", label, meaning, from: From::Residents(truth) }
}

/// A value of the whole city.
type Told = fn(&[CommunityState], &CityState) -> f64;

/// What was told on each question, in the order of [`ITEMS`].
const TOLD: [Told; ITEMS.len()] = [
    told::<0>, told::<1>, told::<2>, told::<3>, told::<4>, told::<5>, told::<6>, told::<7>, told::<8>,
    told::<9>,
];

fn told<const ITEM: usize>(_: &[CommunityState], citywide: &CityState) -> f64 {
    wave(citywide, |wave| wave.items[ITEM])
}

/// The share of those who answered who say yes.
fn as_told(item: &'static Item, told: Told) -> Metric {
    Metric {
        name: item.told,
        unit: "share",
        label: item.told_label,
        meaning: text(
            "Share of those who answered who say so, beside the true share of the same name without `survey.`; empty in months without a wave.",
            "应答者中自报如此的比例,可与去掉 `survey.` 的同名真实比例对照;未开展调查的月份为空。",
        ),
        from: From::City(told),
    }
}

/// Of this month's wave of the survey.
fn wave(citywide: &CityState, of: fn(&Wave) -> f64) -> f64 {
    citywide.survey.wave.as_ref().map_or(f64::NAN, of)
}
