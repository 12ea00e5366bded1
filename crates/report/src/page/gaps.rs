//! Gaps between groups of residents: whether a policy widens or narrows them.

use super::claim::{Claim, Difference};
use super::compare::{filled, last, push};
use super::experiment::{Arm, Experiment, window};
use super::groups;
use super::sentence::{Cell, Sentence, sentence};
use super::time_series::metric;
use crate::chart::{Chart, Form, Panel, Row, Series};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};

/// The table.
pub const TABLE: &str = "gaps";
/// Gaps that a picture shows: those that change most.
const MOST: usize = 12;
/// Gaps of which a sentence tells.
const TOLD: usize = 3;

/// The rows of an arm in the last window on one metric, what changes most first.
fn rows(experiment: &Experiment, sheet: &Sheet, arm: &str, of: &str) -> Vec<usize> {
    let is_own = |row: &usize| {
        sheet.text(*row, "arm") == arm
            && sheet.text(*row, "metric") == of
            && sheet.text(*row, "window") == last(experiment)
            && !sheet.number(*row, "effect").is_nan()
    };
    let mut rows: Vec<usize> = (0..sheet.rows()).filter(is_own).collect();
    let size = |row: &usize| sheet.number(*row, "effect").abs();
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    rows
}

/// What a policy does to the gaps in one outcome between groups: those that change significantly and most, or that none
/// does. Nothing where there are none.
pub fn told(experiment: &Experiment, sheet: &Sheet, arm: &Arm, of: &str) -> Vec<Sentence> {
    let rows = rows(experiment, sheet, &arm.id, of);
    let Some(known) = metric(of).filter(|_| !rows.is_empty()) else { return Vec::new() };
    let named = [("arm", arm.name.clone().into()), ("what", Both::from(known.label).into())];
    let changed = rows.iter().filter(|&&row| sheet.text(row, "significant") == "true").take(TOLD);
    let told: Vec<Sentence> = changed.filter_map(|&row| one(sheet, row)).collect();
    if !told.is_empty() {
        return told;
    }
    vec![sentence(
        "Under \"{arm}\" no gap in {what} between groups of residents changes significantly, after Holm's correction \
         over all such gaps.",
        "“{arm}”之下，各居民群体之间在{what}上的差距均无显著变化（对全部差距作 Holm 校正）。",
        &named,
    )]
}

fn one(sheet: &Sheet, row: usize) -> Option<Sentence> {
    let metric = metric(sheet.text(row, "metric"))?;
    let difference = Difference { sheet, row, column: "effect", metric, is_rough: false };
    let (en, zh) = match difference.claim() {
        Claim::Up => (
            "The gap in {what} between \"{upper}\" and \"{lower}\" widens by {low} to {high}{unit}, from {from} to {to}.",
            "“{upper}”与“{lower}”在{what}上的差距扩大 {low} 至 {high}{unit}，由 {from} 变为 {to}。",
        ),
        Claim::Down => (
            "The gap in {what} between \"{upper}\" and \"{lower}\" narrows by {low} to {high}{unit}, from {from} to {to}.",
            "“{upper}”与“{lower}”在{what}上的差距缩小 {low} 至 {high}{unit}，由 {from} 变为 {to}。",
        ),
        _ => return None,
    };
    let mut items = difference.items();
    let [upper, lower] = ends(sheet, row);
    items.extend([
        ("what", Both::from(metric.label).into()),
        ("upper", upper.into()),
        ("lower", lower.into()),
        ("from", Cell::of(sheet, row, "base_mean").level(metric)),
        ("to", Cell::of(sheet, row, "arm_mean").level(metric)),
    ]);
    Some(sentence(en, zh, &items))
}

/// The two groups, the first with its grouping.
fn ends(sheet: &Sheet, row: usize) -> [Both; 2] {
    [
        groups::named(sheet.text(row, "group"), sheet.text(row, "level")),
        groups::word(sheet.text(row, "other_level")),
    ]
}

/// The gaps of an arm that change most, with their intervals, in the order of the change.
pub fn chart(experiment: &Experiment, sheet: &Sheet, arm: &Arm, number: usize) -> Option<Chart> {
    let panel = |of: &String| {
        let mut rows = rows(experiment, sheet, &arm.id, of);
        rows.truncate(MOST);
        rows.sort_by(|a, b| sheet.number(*b, "effect").total_cmp(&sheet.number(*a, "effect")));
        let mut series = Series { name: arm.name.clone(), ..Series::default() };
        rows.iter().for_each(|&row| push(&mut series, sheet, Some(row)));
        let name = |row: usize| {
            let [upper, lower] = ends(sheet, row);
            both(format!("{} − {}", upper.en, lower.en), format!("{} − {}", upper.zh, lower.zh))
        };
        Panel {
            title: groups::name(of),
            form: Form::Dots,
            scale: groups::scale(of, true),
            rows: rows.iter().map(|&row| Row { name: name(row), heading: None }).collect(),
            series: vec![series],
            ..Panel::default()
        }
    };
    let last = window(last(experiment));
    let filled = filled();
    let chart = Chart {
        id: format!("gaps-{}", number + 1),
        title: both(
            format!("{}: gaps between groups that change most, {}", arm.name.en, last.en),
            format!("{}：变化最大的群体差距（{}）", arm.name.zh, last.zh),
        ),
        note: both(
            format!(
                "Right of zero the gap widens, left of it narrows; the group named first is the higher one without the policy. {}",
                filled.en
            ),
            format!("零点右侧为差距扩大，左侧为缩小；列在前的群体在无政策时较高。{}", filled.zh),
        ),
        panels: experiment.primary.iter().map(panel).filter(|panel| !panel.rows.is_empty()).collect(),
        ..Chart::default()
    };
    chart.if_any()
}
