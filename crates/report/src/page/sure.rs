//! A comparison under a posterior: which arm is best, and where the doubt about effects comes from.

use std::io;

use super::claim::difference_unit;
use super::contest::source_called;
use super::experiment::{Experiment, window};
use super::folder::Folder;
use super::sentence::{Cell as Number, Item as Named, Sentence, sentence};
use super::time_series::metric;
use super::{Cell, Grid, Item, Section};
use crate::shown::{Shown, by_itself};
use shequ_experiment::posterior::ranking;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::metric::Metric;

/// The section, if the results are those of a posterior.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn section(folder: &Folder, experiment: &Experiment) -> io::Result<Option<Section>> {
    if !folder.has("ranking") {
        return Ok(None);
    }
    let (ranking, splits) = (folder.sheet("ranking")?, folder.sheet("uncertainty")?);
    let mut items = vec![
        Item::Paragraph(vec![asked(&ranking)]),
        Item::List(questions(&ranking).filter_map(|rows| best(experiment, &ranking, &rows)).collect()),
        Item::Table(standings(experiment, &ranking)),
        Item::Heading(both("Sources of the doubt about effects", "效应不确定性的来源")),
        Item::List(sources(experiment, &splits)),
    ];
    items.push(Item::Paragraph(vec![sentence(
        "Shares are of the variance of the effect in a single pair of replicates, with 95 % intervals; uncertainty.csv \
         has them for all outcomes. Random numbers include the city where replicates have cities of their own.",
        "各比例针对单对模拟的效应方差，其后为 95% 置信区间；全部结果见 uncertainty.csv。若各次重复各有城市，随机数中包含城市的差异。",
        &[],
    )]));
    Ok(Some(Section {
        id: "sure", title: both("Ranking under uncertainty", "不确定之下的排序"), items
    }))
}

fn asked(ranking: &Sheet) -> Sentence {
    sentence(
        "Parameters are not known exactly: every pair of replicates was run under one draw of posterior.csv, the same for \
         the baseline and all policies ({n} in all). Probabilities and regrets are of expected outcomes under these draws; \
         chance is taken out, as far as the replicates tell it apart.",
        "参数并非确知：每对重复采用 posterior.csv 中的一组抽样，基准与各方案相同（共 {n} 组）。概率与差距针对各组抽样下的期望结果，在重复所能区分的范围内已除去随机波动。",
        &[("n", Number::of(ranking, 0, "n").whole())],
    )
}

/// The rows of each outcome and window.
fn questions(ranking: &Sheet) -> impl Iterator<Item = Vec<usize>> + '_ {
    let mut all: Vec<Vec<usize>> = Vec::new();
    let of = |row: usize| (ranking.text(row, "metric"), ranking.text(row, "window"));
    for row in 0..ranking.rows() {
        match all.last_mut().filter(|rows| of(rows[0]) == of(row)) {
            Some(rows) => rows.push(row),
            None => all.push(vec![row]),
        }
    }
    all.into_iter()
}

/// An outcome with its months.
fn what(sheet: &Sheet, row: usize, metric: &Metric) -> Both {
    let (label, months) = (Both::from(metric.label), window(sheet.text(row, "window")));
    both(format!("{}, {}", label.en, months.en), format!("{}（{}）", label.zh, months.zh))
}

fn name(experiment: &Experiment, sheet: &Sheet, row: usize) -> Both {
    let id = sheet.text(row, "arm");
    experiment.arm(id).map_or_else(|| experiment.base_name(), |arm| arm.name.clone())
}

/// Which arm is best in the last months of the outcome called `name`.
pub fn first(experiment: &Experiment, ranking: &Sheet, name: &str) -> Option<Sentence> {
    let own = questions(ranking).filter(|rows| ranking.text(rows[0], "metric") == name);
    best(experiment, ranking, &own.last()?)
}

/// Which arm is best in one outcome, or between which the data cannot tell.
fn best(experiment: &Experiment, ranking: &Sheet, rows: &[usize]) -> Option<Sentence> {
    let metric = metric(ranking.text(rows[0], "metric"))?;
    let p: Vec<f64> = rows.iter().map(|&row| ranking.number(row, "p_best")).collect();
    let candidates: Vec<usize> = ranking::candidates(&p).into_iter().map(|side| rows[side]).collect();
    let regret = |row: &usize| ranking.number(*row, "expected_regret");
    let least = *rows.iter().min_by(|a, b| regret(a).total_cmp(&regret(b)))?;
    let mut items: Vec<(String, Named)> = vec![
        ("what".into(), what(ranking, rows[0], metric).into()),
        ("least".into(), name(experiment, ranking, least).into()),
        ("regret".into(), size(ranking, least, metric)),
        ("unit".into(), difference_unit(metric).into()),
    ];
    for (n, &row) in candidates.iter().enumerate() {
        items.push((format!("arm{n}"), name(experiment, ranking, row).into()));
        items.push((format!("p{n}"), Number::of(ranking, row, "p_best").per_cent(0)));
    }
    let list = |one: fn(usize) -> String, between: &str| {
        (0..candidates.len()).map(one).collect::<Vec<_>>().join(between)
    };
    let (en_one, zh_one): (fn(usize) -> String, fn(usize) -> String) =
        (|n| format!("\"{{arm{n}}}\" ({{p{n}}} %)"), |n| format!("“{{arm{n}}}”（{{p{n}}}%）"));
    let (en, zh) = match candidates.len() {
        0 => return None,
        1 => (
            "{what}: \"{arm0}\" is the best with a probability of {p0} %. Its expected regret is {regret}{unit}.".into(),
            "{what}：“{arm0}”为最优的概率为 {p0}%，期望差距为 {regret}{unit}。".into(),
        ),
        count => {
            let told = match count {
                2 => format!("the data cannot tell {}", list(en_one, " from ")),
                _ => format!("the data cannot tell apart {}", list(en_one, ", ")),
            };
            (
                format!(
                    "{{what}}: {told}, by the probability to be the best. \"{{least}}\" has the least expected regret, \
                     {{regret}}{{unit}}."
                ),
                format!(
                    "{{what}}：按为最优的概率，数据无法区分{}。期望差距最小的是“{{least}}”，为 {{regret}}{{unit}}。",
                    list(zh_one, "、")
                ),
            )
        }
    };
    let items: Vec<(&str, Named)> = items.iter().map(|(name, item)| (name.as_str(), item.clone())).collect();
    Some(sentence(&en, &zh, &items))
}

/// A regret with two figures.
fn size(ranking: &Sheet, row: usize, metric: &Metric) -> Named {
    Number::of(ranking, row, "expected_regret")
        .size(metric, by_itself(ranking.number(row, "expected_regret")))
}

/// How base and arms stand.
fn standings(experiment: &Experiment, ranking: &Sheet) -> Grid {
    let row = |row: usize| {
        let metric = metric(ranking.text(row, "metric"))?;
        let cell = |column: &str| ranking.number(row, column);
        let per_cent = |column: &str| match cell(column) {
            p if p.is_nan() => Cell::Number(both("–", "–")),
            p => Cell::Number(both(format!("{:.0} %", 100.0 * p), format!("{:.0}%", 100.0 * p))),
        };
        let shown = |write: &dyn Fn(Shown) -> String| {
            Cell::Number(Both::by(|language| write(Shown::of(metric, language))))
        };
        let regret = cell("expected_regret");
        Some(vec![
            Cell::Words(name(experiment, ranking, row)),
            Cell::Words(outcome(metric)),
            Cell::Words(window(ranking.text(row, "window"))),
            shown(&|shown| shown.number(cell("mean"))),
            per_cent("p_better"),
            per_cent("p_best"),
            shown(&|shown| shown.with_two_figures(regret)),
        ])
    };
    Grid {
        id: "ranking",
        caption: both("Baseline and policies, ranked", "基准与各方案的排序"),
        head: vec![
            both("policy", "政策"),
            both("outcome", "结果"),
            both("months", "时段"),
            both("mean", "均值"),
            both("P(better than the baseline)", "优于基准的概率"),
            both("P(best)", "为最优的概率"),
            both("expected regret", "期望差距"),
        ],
        rows: (0..ranking.rows()).filter_map(row).collect(),
        folded: false,
    }
}

fn outcome(metric: &Metric) -> Both {
    Both::by(|language: Language| Shown::of(metric, language).label(language))
}

/// Where the variance of each effect on a primary outcome comes from.
fn sources(experiment: &Experiment, splits: &Sheet) -> Vec<Sentence> {
    let mut all = Vec::new();
    for arm in &experiment.arms {
        for of in &experiment.primary {
            for months in &experiment.windows {
                let is_own = |row: &usize| {
                    splits.text(*row, "arm") == arm.id
                        && splits.text(*row, "metric") == of
                        && splits.text(*row, "window") == months
                        && !splits.number(*row, "share").is_nan()
                };
                let rows: Vec<usize> = (0..splits.rows()).filter(is_own).collect();
                all.extend(split(&arm.name, splits, &rows));
            }
        }
    }
    all
}

/// "…: parameters 31 % [4, 58], random numbers 69 % [42, 96]."
fn split(arm: &Both, splits: &Sheet, rows: &[usize]) -> Option<Sentence> {
    let metric = metric(splits.text(*rows.first()?, "metric"))?;
    let mut items: Vec<(String, Named)> =
        vec![("arm".into(), arm.clone().into()), ("what".into(), what(splits, rows[0], metric).into())];
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    for (n, &row) in rows.iter().enumerate() {
        items.push((format!("source{n}"), source_called(splits.text(row, "source")).into()));
        let number = |column: &str| Number::of(splits, row, column).per_cent(0);
        items.push((format!("share{n}"), number("share")));
        let interval = match splits.number(row, "ci95_low").is_nan() {
            true => String::new(),
            false => {
                items.push((format!("low{n}"), number("ci95_low")));
                items.push((format!("high{n}"), number("ci95_high")));
                format!(" [{{low{n}}}, {{high{n}}}]")
            }
        };
        en.push(format!("{{source{n}}} {{share{n}}} %{interval}"));
        zh.push(format!("{{source{n}}} {{share{n}}}%{interval}"));
    }
    let items: Vec<(&str, Named)> = items.iter().map(|(name, item)| (name.as_str(), item.clone())).collect();
    let (en, zh) = (en.join(", "), zh.join("，"));
    Some(sentence(&format!("\"{{arm}}\", {{what}}: {en}."), &format!("“{{arm}}”，{{what}}：{zh}。"), &items))
}
