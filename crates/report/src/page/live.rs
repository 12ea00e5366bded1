//! What is said and drawn of a policy while somebody sets it: from differences in memory, without a results folder.

use serde::Serialize;

use super::claim::{Claim, difference_unit, level_unit};
use super::sentence::rounded_sum;
use super::{communities, groups};
use crate::chart::{Change, Chart, Form, Panel, Row, Scale, Series};
use crate::shown::Shown;
use shequ_experiment::compare::difference::Difference;
use shequ_experiment::compare::group::Cell;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::month::Month;
use shequ_model::base::stats::Estimate;
use shequ_model::city::table;
use shequ_model::metric::Metric;

/// Months of a year.
const YEAR: f64 = 12.0;

/// What a policy does to one outcome, as a line of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The outcome.
    pub name: Both,
    /// Its unit.
    pub unit: Both,
    /// Without the policy.
    pub base: Both,
    /// With it.
    pub policy: Both,
    /// The difference with its interval.
    pub effect: Both,
    /// What the interval shows.
    pub claim: &'static str,
    /// In words.
    pub verdict: Both,
}

/// The word by which a page knows a claim, and what it is called.
fn words(claim: Claim) -> (&'static str, Both) {
    match claim {
        Claim::Up => ("up", both("higher", "上升")),
        Claim::Down => ("down", both("lower", "下降")),
        Claim::Unclear => ("unclear", both("cannot be told yet", "尚不能判定")),
        Claim::Nothing | Claim::Constant => ("same", both("the same", "相同")),
        Claim::NoInterval => ("unclear", both("one pair alone", "仅一对重复")),
        Claim::NoValue => ("none", both("no value", "无数值")),
    }
}

fn claim(e: Estimate) -> Claim {
    Claim::of(e.mean, e.mean - e.half_width, e.mean + e.half_width)
}

/// What a policy does to `metric`.
pub fn line(metric: &Metric, difference: &Difference) -> Line {
    let e = difference.effect;
    let shown = |language| Shown::of(metric, language);
    let level = |language, value| {
        let shown = shown(language);
        let per_cent = if shown.unit.en == "%" { " %" } else { "" };
        shown.number(value) + per_cent
    };
    let signed = |language, value| shown(language).signed_as_fine_as(e, value);
    written(metric.label.into(), difference_unit(metric), difference, level, signed)
}

/// What a policy costs beside its base: yuan for each of `communities` and year, by the difference of money spent in
/// a month.
pub fn cost(difference: &Difference, communities: usize) -> Line {
    let sum = |_, value: f64| rounded_sum(value * YEAR / communities as f64);
    let level = |language, value| sum(language, value).trim_start_matches('+').to_string();
    let unit = both("yuan for each community and year", "元（每社区每年）");
    written(both("cost", "总成本"), unit, difference, level, sum)
}

fn written(
    name: Both,
    unit: Both,
    d: &Difference,
    level: impl Fn(Language, f64) -> String,
    signed: impl Fn(Language, f64) -> String,
) -> Line {
    let e = d.effect;
    let (word, verdict) = words(claim(e));
    let plain = |text: String| text.replace('-', "−");
    Line {
        name,
        unit: both(unit.en.trim(), unit.zh.trim()),
        base: Both::by(|language| plain(level(language, d.base))),
        policy: Both::by(|language| plain(level(language, d.arm))),
        effect: Both::by(|language| {
            let [mean, low, high] = [e.mean, e.mean - e.half_width, e.mean + e.half_width]
                .map(|value| plain(signed(language, value)));
            match (e.half_width.is_nan(), language) {
                (true, _) => mean,
                (false, Language::En) => format!("{mean} ({low} to {high})"),
                (false, Language::Zh) => format!("{mean}（{low} 至 {high}）"),
            }
        }),
        claim: word,
        verdict,
    }
}

/// The answer in one sentence: what the policy does to `metric`, as far as that can be told.
pub fn headline(metric: &Metric, difference: &Difference) -> Both {
    let Difference { effect: e, base, arm, .. } = *difference;
    let say = |language: Language| {
        let shown = Shown::of(metric, language);
        // For readers in a hurry; the line below the sentence is finer.
        let rough = shown.rough(e.half_width);
        let fine = |value: f64| rough.number(value.abs());
        let (near, far) = match e.mean < 0.0 {
            true => (e.mean + e.half_width, e.mean - e.half_width),
            false => (e.mean - e.half_width, e.mean + e.half_width),
        };
        let (name, unit) = (language.of(metric.label), difference_unit(metric).of(language).to_string());
        let level = level_unit(metric).of(language).to_string();
        let ([x, low, high], [from, to]) =
            ([e.mean, near, far].map(fine), [base, arm].map(|value| shown.number(value)));
        let signed =
            [e.mean - e.half_width, e.mean + e.half_width].map(|value| rough.signed(value).replace('-', "−"));
        match (claim(e), language) {
            (Claim::Up | Claim::Down, Language::En) => {
                let does = if e.mean > 0.0 { "raises" } else { "lowers" };
                format!(
                    "This policy {does} {name} by {x}{unit} ({low} to {high}), from {from} to {to}{level}"
                )
            }
            (Claim::Up | Claim::Down, Language::Zh) => {
                let does = if e.mean > 0.0 { "上升" } else { "下降" };
                format!("此政策使{name}{does} {x}{unit}（{low} 至 {high}），由 {from} 变为 {to}{level}")
            }
            (Claim::Unclear, Language::En) => {
                let [a, b] = signed;
                format!(
                    "It cannot be told yet whether this policy moves {name}: {a} to {b}{unit}, around {from}{level}"
                )
            }
            (Claim::Unclear, Language::Zh) => {
                let [a, b] = signed;
                format!("尚不能判定此政策是否改变{name}：{a} 至 {b}{unit}，水平约为 {from}{level}")
            }
            (Claim::NoInterval, Language::En) => {
                format!("One pair of replicates: {name} is {to}{level} in place of {from}")
            }
            (Claim::NoInterval, Language::Zh) => {
                format!("仅一对重复：{name}由 {from} 变为 {to}{level}")
            }
            (Claim::Nothing | Claim::Constant, Language::En) => {
                format!("This policy leaves {name} as it is: {from}{level}")
            }
            (Claim::Nothing | Claim::Constant, Language::Zh) => {
                format!("此政策不改变{name}：{from}{level}")
            }
            (Claim::NoValue, Language::En) => format!("{name} has no value in these months"),
            (Claim::NoValue, Language::Zh) => format!("{name}在这些月份没有数值"),
        }
    };
    Both::by(say)
}

/// `metric` month by month from `start`, without and with the policy, and what it changes when.
pub fn over_time(
    metric: &Metric,
    start: Month,
    [base, policy]: [Vec<Estimate>; 2],
    changes: Vec<Change>,
) -> Option<Chart> {
    let series = [(both("base", "基准"), base), (both("policy", "政策"), policy)];
    let panel = Panel {
        form: Form::Lines,
        scale: Scale::of(metric),
        series: series.into_iter().map(|(name, estimates)| Series::of(name, estimates)).collect(),
        ..Panel::default()
    };
    let chart = Chart {
        id: "over-time".into(),
        title: Both::by(|language| match language {
            Language::En => format!("When: {}", metric.label.en),
            Language::Zh => format!("何时：{}", metric.label.zh),
        }),
        note: both("Bands: 95 % interval of the mean.", "色带为均值的 95% 置信区间。"),
        start: Some(start),
        changes,
        panels: vec![panel],
        ..Chart::default()
    };
    chart.if_any()
}

/// Who gains: the effect on `metric` in each group of residents.
pub fn by_group(metric: &Metric, effects: &[(Cell, Estimate)]) -> Option<Chart> {
    let own: Vec<&(Cell, Estimate)> = effects.iter().filter(|(cell, _)| cell.metric == metric.name).collect();
    let panel = Panel {
        form: Form::Dots,
        scale: groups::scale(metric.name, true),
        rows: groups::rows(own.iter().map(|(cell, _)| (cell.group, cell.level))),
        series: vec![Series::of(metric.label, own.iter().map(|(_, e)| *e))],
        ..Panel::default()
    };
    let chart = Chart {
        id: "groups".into(),
        title: both("Who gains", "谁受益"),
        note: both("Lines: 95 % interval, not corrected.", "线段为未经校正的 95% 置信区间。"),
        panels: vec![panel],
        ..Chart::default()
    };
    chart.if_any()
}

/// Where: the effect on `metric` in each community, named by the table of communities where there is one.
pub fn by_community(metric: &Metric, effects: Vec<Estimate>, table: &[table::Row]) -> Option<Chart> {
    let series = Series::of(metric.label, effects);
    let ground = communities::Ground::of(table, series.mean.len());
    let panel = ground.panel(Both::default(), Scale::of_differences(metric), series);
    let note = both("Blue is higher than the base, orange lower.", "蓝色高于基准，橙色低于基准。");
    ground.chart("where".into(), both("Where", "何处"), note, vec![panel])
}

/// Names with what a policy does to `metric` under each, such as theories or policies that are kept in view.
pub fn side_by_side(metric: &Metric, id: &str, title: Both, rows: &[(Both, Estimate)]) -> Option<Chart> {
    let panel = Panel {
        form: Form::Dots,
        scale: Scale::of_differences(metric),
        rows: rows.iter().map(|(name, _)| Row { name: name.clone(), heading: None }).collect(),
        series: vec![Series::of(metric.label, rows.iter().map(|(_, e)| *e))],
        ..Panel::default()
    };
    let note = both("Lines: 95 % interval.", "线段为 95% 置信区间。");
    Chart { id: id.into(), title, note, panels: vec![panel], ..Chart::default() }.if_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::time_series::metric;

    fn of(base: [f64; 3], arm: [f64; 3]) -> Both {
        headline(metric("participation").unwrap(), &Difference::paired(&base, &arm))
    }

    #[test]
    fn the_sentence_is_no_stronger_than_its_interval() {
        // Differences .01, .02, .03: mean .02, half width 4.3027 · .01 / √3 = .02484.
        let unclear = of([0.10, 0.11, 0.12], [0.11, 0.13, 0.15]);
        assert_eq!(
            unclear.en,
            "It cannot be told yet whether this policy moves participation: −0.5 to +4.5 percentage points, around 11.0 %"
        );
        // Differences .030, .031, .032: half width .002484.
        let up = of([0.10, 0.11, 0.12], [0.130, 0.141, 0.152]);
        assert_eq!(
            up.en,
            "This policy raises participation by 3.1 percentage points (2.9 to 3.3), from 11.0 to 14.1 %"
        );
        let down = of([0.130, 0.141, 0.152], [0.10, 0.11, 0.12]);
        assert!(
            down.en.contains("lowers participation by 3.1 percentage points (2.9 to 3.3)"),
            "{}",
            down.en
        );
        assert!(down.zh.contains("下降 3.1 百分点（2.9 至 3.3）"), "{}", down.zh);
        assert!(of([0.1; 3], [0.1; 3]).en.contains("leaves participation as it is"), "same");
    }

    #[test]
    fn cost_is_told_for_each_community_and_year() {
        // 1,000 yuan a month more in four communities: 3,000 yuan for each and year.
        let d = Difference::paired(&[100.0, 200.0, 300.0], &[1_090.0, 1_200.0, 1_310.0]);
        assert!(cost(&d, 4).effect.en.starts_with("+3,000 ("), "{}", cost(&d, 4).effect.en);
    }
}
