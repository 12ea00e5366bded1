//! Gaps between groups of residents: whether a policy widens or narrows them.

use std::collections::BTreeMap;

use super::claim::{Claim, Difference, difference_unit};
use super::compare::{filled, last, push};
use super::experiment::{Arm, Experiment, window};
use super::groups;
use super::sentence::{Cell, Sentence, Source, sentence};
use super::time_series::metric;
use super::{Cell as GridCell, Grid, Item};
use crate::chart::{Chart, Form, Panel, Row, Series};
use crate::shown::unsigned_zero;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};

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
            "The gap in {what} between \"{upper}\" and \"{lower}\" widens by {low} to {high}{unit}, from {from} to {to}{level}.",
            "“{upper}”与“{lower}”在{what}上的差距扩大 {low} 至 {high}{unit}，由 {from} 变为 {to}{level}。",
        ),
        Claim::Down => (
            "The gap in {what} between \"{upper}\" and \"{lower}\" narrows by {low} to {high}{unit}, from {from} to {to}{level}.",
            "“{upper}”与“{lower}”在{what}上的差距缩小 {low} 至 {high}{unit}，由 {from} 变为 {to}{level}。",
        ),
        _ => return None,
    };
    let mut items = difference.items();
    let [upper, lower] = ends(sheet, row);
    items.extend([
        ("what", Both::from(metric.label).into()),
        ("upper", upper.into()),
        ("lower", lower.into()),
        ("level", difference_unit(metric).into()),
        ("from", Cell::of(sheet, row, "base_mean").difference(metric)),
        ("to", Cell::of(sheet, row, "arm_mean").difference(metric)),
    ]);
    Some(sentence(en, zh, &items))
}

/// What theories and rules say of a gap.
struct Told {
    /// A row of it.
    row: usize,
    /// Combinations of a theory and a rule, those under which it widens significantly, and narrows.
    counts: [usize; 3],
    /// The smallest and the largest mean change.
    ends: [f64; 2],
}

/// Id of the table of gaps over theories and rules.
const COUNTS: &str = "gaps-over-theories";

/// Of a contest: what theories and rules say of the gaps in the primary outcomes over the last window, for every policy;
/// nothing where there are none.
pub fn over_theories(experiment: &Experiment, sheet: &Sheet) -> Vec<Item> {
    let (mut said, mut rows) = (Vec::new(), Vec::new());
    for arm in &experiment.arms {
        for of in &experiment.primary {
            let all = combined(experiment, sheet, &arm.id, of);
            let moved: Vec<&Told> = all.iter().filter(|told| told.counts[1] + told.counts[2] > 0).collect();
            said.extend(unmoved(arm, of).filter(|_| moved.is_empty() && !all.is_empty()));
            for (place, told) in moved.into_iter().take(MOST).enumerate() {
                rows.push(row_of(arm, sheet, told));
                said.extend((place < TOLD).then(|| counted(arm, sheet, told, rows.len())));
            }
        }
    }
    let caption = both(
        "Gaps between groups that change significantly under some theory or rule",
        "在部分理论或规则下显著变化的群体差距",
    );
    let head = vec![
        both("policy", "政策"),
        both("gap", "差距"),
        both("combinations", "组合数"),
        both("widens", "扩大"),
        both("narrows", "缩小"),
        both("mean change, smallest to largest", "平均变化（最小至最大）"),
    ];
    let table = Item::Table(Grid { id: COUNTS, caption, head, folded: true, rows });
    match said.is_empty() {
        true => Vec::new(),
        false => vec![Item::List(said), table],
    }
}

/// The gaps of an arm in one metric, those that change under most theories and rules first.
fn combined(experiment: &Experiment, sheet: &Sheet, arm: &str, of: &str) -> Vec<Told> {
    let mut gaps: BTreeMap<[&str; 3], Told> = BTreeMap::new();
    for row in rows(experiment, sheet, arm, of) {
        // Which of the two is the higher one without the policy may differ between theories.
        let mut levels = ["level", "other_level"].map(|column| sheet.text(row, column));
        levels.sort_unstable();
        let effect = sheet.number(row, "effect");
        let told = gaps.entry([sheet.text(row, "group"), levels[0], levels[1]]).or_insert(Told {
            row,
            counts: [0; 3],
            ends: [effect; 2],
        });
        let is_significant = sheet.text(row, "significant") == "true";
        told.counts[0] += 1;
        told.counts[1] += usize::from(is_significant && effect > 0.0);
        told.counts[2] += usize::from(is_significant && effect < 0.0);
        told.ends = [told.ends[0].min(effect), told.ends[1].max(effect)];
    }
    let mut all: Vec<Told> = gaps.into_values().collect();
    all.sort_by_key(|told| std::cmp::Reverse(told.counts[1] + told.counts[2]));
    all
}

/// That under no theory or rule any gap changes significantly.
fn unmoved(arm: &Arm, of: &str) -> Option<Sentence> {
    Some(sentence(
        "Under \"{arm}\" no gap in {what} between groups of residents changes significantly under any theory or rule, \
         after Holm's correction over all such gaps.",
        "“{arm}”之下，无论何种理论与规则，各居民群体之间在{what}上的差距均无显著变化（对全部差距作 Holm 校正）。",
        &[("arm", arm.name.clone().into()), ("what", Both::from(metric(of)?.label).into())],
    ))
}

/// Under how many theories and rules a gap changes; its counts stand in this row of the table, counted from 1.
fn counted(arm: &Arm, sheet: &Sheet, told: &Told, row: usize) -> Sentence {
    let [upper, lower] = ends(sheet, told.row);
    let count = |column: usize| {
        let source = Source { table: COUNTS.into(), row: row.to_string(), column: (column + 3).to_string() };
        Cell { value: told.counts[column] as f64, source }.whole()
    };
    sentence(
        "Under \"{arm}\" the gap in {what} between \"{upper}\" and \"{lower}\" widens significantly under {up} of {all} \
         combinations of theory and trust rule, and narrows under {down}.",
        "“{arm}”之下，“{upper}”与“{lower}”在{what}上的差距：{all} 种理论与信任规则的组合中，{up} 种显著扩大，{down} 种显著缩小。",
        &[
            ("arm", arm.name.clone().into()),
            ("what", groups::name(sheet.text(told.row, "metric")).into()),
            ("upper", upper.into()),
            ("lower", lower.into()),
            ("all", count(0)),
            ("up", count(1)),
            ("down", count(2)),
        ],
    )
}

fn row_of(arm: &Arm, sheet: &Sheet, told: &Told) -> Vec<GridCell> {
    let [upper, lower] = ends(sheet, told.row);
    let gap = both(format!("{} − {}", upper.en, lower.en), format!("{} − {}", upper.zh, lower.zh));
    let scale = groups::scale(sheet.text(told.row, "metric"), true);
    let change = Both::by(|language| {
        let decimals = scale.decimals[usize::from(language == Language::Zh)];
        let shown = told.ends.map(|end| {
            unsigned_zero(format!("{:+.decimals$}", end * scale.factor_in(language))).replace('-', "−")
        });
        match language {
            Language::En => format!("{} to {} {}", shown[0], shown[1], scale.unit.en),
            Language::Zh => format!("{} 至 {} {}", shown[0], shown[1], scale.unit.zh),
        }
    });
    let mut cells = vec![GridCell::Words(arm.name.clone()), GridCell::Words(gap)];
    cells.extend(told.counts.map(|count| GridCell::Number(Both::same(&count.to_string()))));
    cells.push(GridCell::Number(change));
    cells
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_widens_or_narrows_as_its_interval_says() {
        for n in -40..=40 {
            let (effect, half) = (f64::from(n) / 400.0, 0.02);
            let (low, high) = (effect - half, effect + half);
            let table = format!(
                "metric,group,level,other_level,effect,ci95_low,ci95_high,n,base_mean,arm_mean\n\
                 participation,tenure,owner,renter,{effect},{low},{high},9,0.2,{}\n",
                0.2 + effect
            );
            let is_text = |column: &str| ["metric", "group", "level", "other_level"].contains(&column);
            let said = one(&Sheet::of_text(&table, "gaps", &is_text).unwrap(), 0);
            let said = said.map(|said| said.text(Language::En)).unwrap_or_default();
            assert_eq!(said.contains("widens"), low > 0.0, "{said}");
            assert_eq!(said.contains("narrows"), high < 0.0, "{said}");
            assert_eq!(
                said.matches("percentage points").count(),
                if said.is_empty() { 0 } else { 2 },
                "{said}"
            );
        }
    }
}
