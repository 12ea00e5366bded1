//! Communities as tiles: where it is better and where worse, and where a policy changes what.

use std::io;

use super::compare::push;
use super::experiment::{Arm, Experiment, window};
use super::folder::Folder;
use super::groups::date;
use super::sentence::{Cell as Number, Source, sentence};
use super::time_series::metric;
use super::{Cell, Grid, Item};
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::text;
use shequ_model::base::stats::estimate;
use shequ_model::city::table;
use shequ_model::metric::Metric;
use shequ_model::scenario::Scenario;

/// The metrics that are shown by community.
const SHOWN: [&str; 6] =
    ["participation", "trust.committee", "satisfaction", "services.level", "response.days", "fund.balance"];

/// Panels of effects at most, so that a page of many arms stays small.
const PANELS: usize = 18;

/// Name of the table of effects on communities.
const EFFECTS: &str = "community_effects";
/// Id of the table of how many communities a policy moves.
const COUNTS: &str = "communities-moved";

/// A tile for each community of a series, named by the table that names them, else by their numbers.
pub fn panel(title: Both, scale: Scale, series: Series, table: &[table::Row]) -> Panel {
    let name = |n: usize| match table.get(n - 1) {
        Some(row) => Both::same(&row.name),
        None => Both::same(&n.to_string()),
    };
    let rows = (1..=series.mean.len()).map(|n| Row { name: name(n), heading: None }).collect();
    Panel { title, form: Form::Tiles, scale, rows, series: vec![series], ..Panel::default() }
}

fn tiles(id: String, title: Both, note: Both, panels: Vec<Panel>) -> Option<Chart> {
    Chart { id, title, note, panels, ..Chart::default() }.if_any()
}

/// How many communities a table tells of.
fn count(sheet: &Sheet) -> usize {
    sheet.numbers("community").iter().copied().fold(-1.0, f64::max) as usize + 1
}

/// The last recorded month by community of the first city, mean and interval over the replicates in it. Communities
/// of other cities are other communities.
///
/// # Errors
/// An I/O error if a file cannot be read.
pub fn chart(folder: &Folder, scenario: &Scenario) -> io::Result<Option<Chart>> {
    let cities = scenario.seed.cities;
    let sheet = folder.sheet("communities")?;
    let (months, of) = (sheet.numbers("month"), sheet.numbers("community"));
    let number = |row: usize| cities.number(sheet.number(row, "replicate") as u32);
    let is_shown = |row: usize, last: f64| months[row] == last && number(row) == number(0);
    let Some(last) = months.iter().copied().reduce(f64::max) else { return Ok(None) };
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); count(&sheet)];
    (0..sheet.rows()).filter(|&row| is_shown(row, last)).for_each(|row| rows[of[row] as usize].push(row));
    let panels = SHOWN.iter().filter_map(|name| {
        let (metric, column) = (metric(name)?, sheet.numbers(name));
        let estimates = rows
            .iter()
            .map(|rows| estimate(rows.iter().map(|&row| column.get(row).copied().unwrap_or(f64::NAN))));
        let series = Series::of(metric.label, estimates);
        Some(panel(metric.label.into(), Scale::of(metric), series, &scenario.population.table))
    });
    let month = date(folder, last as u32)?;
    Ok(tiles(
        "communities".into(),
        both("Community by community", "各社区"),
        both(
            format!(
                "A tile for each community of the first city, {month}: darker is more. Money is of one community."
            ),
            format!("每格为第一座城市的一个社区，{month}：颜色越深数值越大。资金为单个社区。"),
        ),
        panels.collect(),
    ))
}

/// What every arm changes in every community over the last window: how many it moves, in a sentence and a
/// table, and where, as tiles. Nothing where no communities were recorded.
///
/// # Errors
/// An I/O error if the table cannot be read or is not as this program writes it.
pub fn effects(folder: &Folder, experiment: &Experiment) -> io::Result<Vec<Item>> {
    if !folder.has(EFFECTS) {
        return Ok(Vec::new());
    }
    let sheet = folder.sheet(EFFECTS)?;
    let last = experiment.windows.last().map_or("", String::as_str);
    let rows = |arm: &Arm| -> Vec<usize> {
        let [arms, windows] = ["arm", "window"].map(|column| sheet.word_numbers(column));
        let number = |column: &str, word: &str| sheet.words(column).iter().position(|known| known == word);
        let wanted = (number("arm", &arm.id), number("window", last));
        let is_own = |&row: &usize| (Some(arms[row] as usize), Some(windows[row] as usize)) == wanted;
        (0..sheet.rows()).filter(is_own).collect()
    };
    let of_arms: Vec<(&Arm, Vec<usize>)> = experiment.arms.iter().map(|arm| (arm, rows(arm))).collect();
    let most = (PANELS / of_arms.len().max(1)).max(1);
    let outcomes = sheet.words("metric").iter().filter_map(|name| metric(name)).take(most);
    let table = &experiment.base.scenario.population.table;
    let charts = outcomes.filter_map(|of| of_outcome(&sheet, of, &of_arms, last, table));
    let pictures: Vec<Item> = charts.map(|chart| Item::Picture(Box::new(chart))).collect();
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    let mut items = vec![Item::Heading(both("Where", "在何处"))];
    items.extend(experiment.recorded(text("Communities", "社区"), "report.communities_every"));
    items.extend(counts(&sheet, &of_arms, last));
    items.extend(pictures);
    Ok(items)
}

/// The effects on one outcome: a panel for each arm.
fn of_outcome(
    sheet: &Sheet,
    of: &Metric,
    of_arms: &[(&Arm, Vec<usize>)],
    last: &str,
    table: &[table::Row],
) -> Option<Chart> {
    let of_arm = |(arm, rows): &(&Arm, Vec<usize>)| {
        let mut series = Series { name: of.label.into(), ..Series::default() };
        let own = rows.iter().copied().filter(|&row| sheet.text(row, "metric") == of.name);
        own.for_each(|row| push(&mut series, sheet, Some(row)));
        panel(arm.name.clone(), Scale::of_differences(of), series, table)
    };
    let last = window(last);
    tiles(
        format!("communities-{}", of.name),
        both(
            format!("{}: effect by community, {}", of.label.en, last.en),
            format!("{}：各社区的效应（{}）", of.label.zh, last.zh),
        ),
        both(
            "A tile for each community: blue is higher than the baseline, orange lower. Framed: significant after Holm's \
             correction over all effects on communities.",
            "每格一个社区：蓝色高于基准，橙色低于基准。加框：对全部社区效应作 Holm 校正后显著。",
        ),
        of_arms.iter().map(of_arm).collect(),
    )
}

/// How many communities each arm moves in the first outcome.
fn counts(sheet: &Sheet, of_arms: &[(&Arm, Vec<usize>)], last: &str) -> Vec<Item> {
    let Some(of) = sheet.words("metric").first().and_then(|name| metric(name)) else { return Vec::new() };
    let (mut said, mut rows) = (Vec::new(), Vec::new());
    for (n, (arm, own)) in of_arms.iter().enumerate() {
        let own = || own.iter().filter(|&&row| sheet.text(row, "metric") == of.name);
        let moved = |up: bool| {
            let is_it = |row: &&usize| {
                sheet.text(**row, "significant") == "true" && (sheet.number(**row, "effect") > 0.0) == up
            };
            own().filter(is_it).count()
        };
        let counts = [own().count(), moved(true), moved(false)];
        let cell = |k: usize| {
            let source =
                Source { table: COUNTS.into(), row: (n + 1).to_string(), column: (k + 2).to_string() };
            Number { value: counts[k] as f64, source }.whole()
        };
        said.push(sentence(
            "\"{arm}\", {window}: {name} is significantly higher in {up} of {all} communities, and significantly lower \
             in {down}. In all others there is no significant difference.",
            "“{arm}”（{window}）：{all} 个社区中，{name}显著上升的有 {up} 个，显著下降的有 {down} 个；其余差异不显著。",
            &[
                ("arm", arm.name.clone().into()),
                ("window", window(last).into()),
                ("name", Both::from(of.label).into()),
                ("all", cell(0)),
                ("up", cell(1)),
                ("down", cell(2)),
            ],
        ));
        let number = |count: usize| Cell::Number(Both::same(&count.to_string()));
        let mut row = vec![Cell::Words(arm.name.clone())];
        row.extend(counts.map(number));
        rows.push(row);
    }
    let caption = both(
        format!("Communities with a significant effect on {}", of.label.en),
        format!("{}效应显著的社区数", of.label.zh),
    );
    let head = vec![
        both("policy", "政策"),
        both("communities", "社区"),
        both("higher", "上升"),
        both("lower", "下降"),
    ];
    let grid = Grid { id: COUNTS, caption, head, rows, folded: true };
    vec![Item::List(said), Item::Table(grid)]
}
