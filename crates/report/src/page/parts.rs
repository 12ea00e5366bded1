//! What the effects of arms owe to their parts.

use std::io;

use super::experiment::{Arm, Experiment, window};
use super::folder::Folder;
use super::sentence::{Cell as Number, Sentence, sentence};
use super::time_series::metric;
use super::{Cell, Grid, Item, Section};
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use crate::shown::Shown;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::stats::Estimate;

/// Columns of what a part does, as means with both ends of their intervals, and what they are called.
const SERIES: [([&str; 3], &str, &str); 3] = [
    (["alone", "alone_ci95_low", "alone_ci95_high"], "alone", "单独实施"),
    (["lost_without", "lost_without_ci95_low", "lost_without_ci95_high"], "lost without it", "去掉后的损失"),
    (["share", "ci95_low", "ci95_high"], "share", "分摊"),
];

/// The section of a comparison that takes arms apart.
///
/// # Errors
/// An I/O error if a table cannot be read.
pub fn section(folder: &Folder, experiment: &Experiment) -> io::Result<Option<Section>> {
    if !folder.has("parts") {
        return Ok(None);
    }
    let sheet = folder.sheet("parts")?;
    let mut items = vec![Item::Paragraph(vec![sentence(
        "The share of a part is what it adds when it comes, averaged over the orders in which the parts can come \
         without contradiction. Shares add up to the effect of the whole. Intervals are 95 %, each by itself, over \
         pairs of replicates.",
        "某部分的分摊，是它加入时所增加的效应，对各部分可以不自相矛盾地加入的各种次序取平均。各部分的分摊之和等于整体效应。区间为各自的 95% 区间，按配对的重复计算。",
        &[],
    )])];
    for (number, arm) in experiment.arms.iter().enumerate() {
        let own: Vec<usize> = (0..sheet.rows()).filter(|&row| sheet.text(row, "arm") == arm.id).collect();
        let of = |row: &&usize| experiment.primary.iter().any(|name| name == sheet.text(**row, "metric"));
        let primary: Vec<usize> = own.iter().filter(of).copied().collect();
        let first = primary.chunk_by(|a, b| asked(&sheet, *a) == asked(&sheet, *b));
        let said: Vec<Sentence> = first.filter_map(|rows| together(&sheet, arm, rows[0])).collect();
        if said.is_empty() {
            continue;
        }
        items.push(Item::List(said));
        items.extend(chart(&sheet, arm, number, &primary).map(|chart| Item::Picture(Box::new(chart))));
        items.push(Item::Table(table(&sheet, arm, &primary)));
    }
    Ok(Some(Section {
        id: "parts", title: both("What is owed to which part", "效应归于哪一部分"), items
    }))
}

/// The outcome and the window of a row.
fn asked(sheet: &Sheet, row: usize) -> [&str; 2] {
    ["metric", "window"].map(|column| sheet.text(row, column))
}

/// Mean and half width by the columns of a mean and of its upper end.
fn estimate(sheet: &Sheet, row: usize, columns: [&str; 3]) -> Estimate {
    let [mean, _, high] = columns.map(|column| sheet.number(row, column));
    Estimate { mean, sd: f64::NAN, half_width: high - mean, n: 0 }
}

/// What the whole does, and what of it no part does alone.
fn together(sheet: &Sheet, arm: &Arm, row: usize) -> Option<Sentence> {
    let of = metric(sheet.text(row, "metric"))?;
    let unit = |language| language_unit(Shown::of(of, language), language);
    let number = |columns: [&'static str; 3]| {
        let e = estimate(sheet, row, columns);
        columns.map(|column| Number::of(sheet, row, column).signed(of, e))
    };
    let [whole, low, high] = number(["whole", "whole_ci95_low", "whole_ci95_high"]);
    let [beyond, beyond_low, beyond_high] =
        number(["interaction", "interaction_ci95_low", "interaction_ci95_high"]);
    let mut items = vec![
        ("arm", arm.name.clone().into()),
        ("what", Both::from(of.label).into()),
        ("window", window(sheet.text(row, "window")).into()),
        ("unit", both(unit(Language::En), unit(Language::Zh)).into()),
        ("whole", whole),
        ("low", low),
        ("high", high),
    ];
    if sheet.number(row, "interaction").is_nan() {
        return Some(sentence(
            "\"{arm}\", {window}: {what} changes by {whole} [{low}, {high}]{unit}. Some parts cannot be without \
             others.",
            "“{arm}”（{window}）：{what}变化 {whole} [{low}, {high}]{unit}。有的部分离不开其他部分。",
            &items,
        ));
    }
    items.extend([("beyond", beyond), ("beyond_low", beyond_low), ("beyond_high", beyond_high)]);
    Some(sentence(
        "\"{arm}\", {window}: {what} changes by {whole} [{low}, {high}]{unit}, of which {beyond} \
         [{beyond_low}, {beyond_high}] comes from the parts being together.",
        "“{arm}”（{window}）：{what}变化 {whole} [{low}, {high}]{unit}，其中 {beyond} [{beyond_low}, {beyond_high}] 来自各部分的共同作用。",
        &items,
    ))
}

/// The unit of differences after a number.
fn language_unit(shown: Shown, language: Language) -> String {
    match (language, language.of(shown.unit_of_differences())) {
        (_, "") => String::new(),
        (Language::En, unit) => format!(" {unit}"),
        (Language::Zh, unit) => unit.into(),
    }
}

/// A panel for each primary outcome and window, a row for each part.
fn chart(sheet: &Sheet, arm: &Arm, number: usize, rows: &[usize]) -> Option<Chart> {
    let panel = |rows: &[usize]| {
        let of = metric(sheet.text(rows[0], "metric"))?;
        let months = window(sheet.text(rows[0], "window"));
        let label = Both::from(of.label);
        let series = SERIES.iter().map(|(columns, en, zh)| {
            let mut series = Series::named(both(*en, *zh));
            for &row in rows {
                let [mean, low, high] = columns.map(|column| sheet.number(row, column));
                series.push(mean, low, high);
            }
            series
        });
        let row = |&row: &usize| Row { name: Both::same(sheet.text(row, "part")), heading: None };
        Some(Panel {
            title: both!("{label}, {months}", "{label}（{months}）"; label = label, months = months),
            form: Form::Dots,
            scale: Scale::of_differences(of),
            rows: rows.iter().map(row).collect(),
            series: series.collect(),
            ..Panel::default()
        })
    };
    let chart = Chart {
        id: format!("parts-{}", number + 1),
        title: both!("{arm}: what each part does", "{arm}：各部分的作用"; arm = arm.name),
        note: both("Lines: 95 % interval.", "线段为 95% 置信区间。"),
        panels: rows.chunk_by(|a, b| asked(sheet, *a) == asked(sheet, *b)).filter_map(panel).collect(),
        ..Chart::default()
    };
    Some(chart.if_any()?.filed(format!("parts-{}", number + 1)))
}

/// What each part does to primary outcomes.
fn table(sheet: &Sheet, arm: &Arm, rows: &[usize]) -> Grid {
    let row = |&row: &usize| {
        let of = metric(sheet.text(row, "metric"))?;
        let shown = |columns: &[&'static str; 3]| {
            let one = |language| Shown::of(of, language).effect(estimate(sheet, row, *columns));
            Cell::Number(both(one(Language::En), one(Language::Zh)))
        };
        let mut cells = vec![
            Cell::Code(sheet.text(row, "part").into()),
            Cell::Words(of.label.into()),
            Cell::Words(window(sheet.text(row, "window"))),
            Cell::Code(sheet.text(row, "keys").into()),
        ];
        cells.extend(SERIES.iter().map(|(columns, ..)| shown(columns)));
        Some(cells)
    };
    let head = [both("part", "部分"), both("outcome", "结果"), both("months", "时段"), both("keys", "参数")];
    Grid {
        id: "",
        caption: both!("{arm}: what each part does", "{arm}：各部分的作用"; arm = arm.name),
        head: head.into_iter().chain(SERIES.iter().map(|(_, en, zh)| both(*en, *zh))).collect(),
        rows: rows.iter().filter_map(row).collect(),
        folded: false,
    }
}
