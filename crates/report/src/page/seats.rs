//! Council seats against residents: who sits on the councils at the end, beside who lives there.

use std::io;

use super::Item;
use super::experiment::Experiment;
use super::folder::Folder;
use super::groups;
use super::sentence::Sentence;
use super::shares::{Shares, caution};
use crate::chart::{Chart, Panel};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::text;

/// Name of the table.
const SEATS: &str = "seats";

/// The councils of a run or of an arm: the title of their panel, how sentences begin, and their rows.
struct Side {
    title: Both,
    opening: Both,
    rows: Vec<usize>,
}

/// Sentences and the picture of a run; nothing without a council.
///
/// # Errors
/// An I/O error if the table cannot be read or is not as this program writes it.
pub fn of_run(folder: &Folder) -> io::Result<Vec<Item>> {
    let side = |sheet: &Sheet| {
        let opening = both("On the councils ", "议事会中，");
        vec![Side { title: Both::default(), opening, rows: (0..sheet.rows()).collect() }]
    };
    items(folder, &side)
}

/// The same of the base and of every arm that has a council.
///
/// # Errors
/// As [`of_run`].
pub fn of_arms(folder: &Folder, experiment: &Experiment) -> io::Result<Vec<Item>> {
    let sides = |sheet: &Sheet| {
        let base = (experiment.base.scenario.name.as_str(), experiment.base_name());
        let arms = experiment.arms.iter().map(|arm| (&*arm.id, arm.name.clone()));
        let side = |(id, title): (&str, Both)| Side {
            opening: both(
                format!("On the councils of \"{}\" ", title.en),
                format!("“{}”的议事会中，", title.zh),
            ),
            rows: (0..sheet.rows()).filter(|&row| sheet.text(row, "arm") == id).collect(),
            title,
        };
        std::iter::once(base).chain(arms).map(side).filter(|side| !side.rows.is_empty()).collect()
    };
    items(folder, &sides)
}

fn items(folder: &Folder, sides: &dyn Fn(&Sheet) -> Vec<Side>) -> io::Result<Vec<Item>> {
    if !folder.has(SEATS) {
        return Ok(Vec::new());
    }
    let sheet = folder.sheet(SEATS)?;
    let (mut said, mut panels) = (Vec::new(), Vec::new());
    for side in sides(&sheet) {
        let levels = side.rows.iter().map(|&row| (sheet.text(row, "group"), sheet.text(row, "level")));
        let rows = groups::rows(levels);
        let shares = shares(&sheet, side.rows, side.opening);
        said.extend(shares.sentences());
        panels.push(shares.panel(side.title, rows));
    }
    Ok(section(said, panels))
}

fn section(mut said: Vec<Sentence>, panels: Vec<Panel>) -> Vec<Item> {
    let chart = Chart {
        id: "seats".into(),
        title: both("Council seats against residents", "议事会席位与居民构成"),
        note: both(
            "When the councils of the last month were seated; mean over communities and replicates. Bars: share of \
             adults. Marks: share of all seats, those of stationed units among them. Lines: 95 % interval.",
            "最后一个月在任的议事会产生之时，按社区与重复取均值。条形：占成年居民。标记：占全部席位（含驻区单位席位）。线段：95% 置信区间。",
        ),
        panels,
        ..Chart::default()
    };
    let mut items = vec![Item::Heading(both("Composition of the councils", "议事会的构成"))];
    if !said.is_empty() {
        said.push(caution());
        items.push(Item::List(said));
    }
    items.extend(chart.if_any().map(|chart| Item::Picture(Box::new(chart))));
    items
}

fn shares(sheet: &Sheet, rows: Vec<usize>, opening: Both) -> Shares<'_> {
    Shares {
        sheet,
        rows,
        columns: ["seats", "adults"],
        names: [text("share of seats", "占席位"), text("share of adults", "占成年居民")],
        of: [text("seats", "席位"), text("adults", "成年居民")],
        opening,
        said: [
            text("more than their share of the seats is held by", "席位比例高于人口比例的是"),
            text("less than their share of the seats is held by", "席位比例低于人口比例的是"),
        ],
        nothing: text(
            "no group holds significantly more or less than its share of the seats",
            "没有群体的席位比例显著高于或低于其人口比例",
        ),
        named: |sheet, row| groups::named(sheet.text(row, "group"), sheet.text(row, "level")),
    }
}
