//! The report of a sweep: outcomes over the points of a design.

use std::io;

use super::chart::{Chart, Form, Panel, Row, Scale, Series};
use super::compare::shown;
use super::course::metric;
use super::experiment::{Experiment, warnings, window};
use super::folder::Folder;
use super::main_effects::MainEffects;
use super::sentence::{Cell as Number, Item as Named, Sentence, sentence, significant};
use super::{Content, Item, Pictures, Section, claim, evidence, provenance};
use crate::base::about::Kind;
use crate::base::words::{Both, Language, both};
use crate::record::sheet::Sheet;
use crate::scenario::index;

/// Outcomes and keys that pictures show at most, so that a page stays small.
const MOST: usize = 6;
/// Points of a picture at most; of larger designs every so-manieth is drawn.
const POINTS: usize = 1500;
/// Levels of a key at most for a surface.
const LEVELS: usize = 25;

/// A design and what came out at its points.
pub struct Points {
    /// The values of the keys that vary, row by row.
    pub design: Sheet,
    /// Means by point, outcome and window.
    pub points: Sheet,
}

/// One outcome of one arm in one window.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<'a> {
    /// The metric.
    pub of: &'a str,
    /// The window.
    pub window: &'a str,
    /// The arm; "" of the base or where there is none.
    pub arm: &'a str,
}

impl Points {
    /// Those of a folder.
    ///
    /// # Errors
    /// What the disk says, or what is wrong with the tables.
    pub fn of(folder: &Folder) -> io::Result<Points> {
        let is_text = |path: &str| match index().key(path).map(|key| &key.kind) {
            Some(Kind::Real { .. } | Kind::Count { .. }) => false,
            Some(_) => true,
            // A table from elsewhere may have columns of its own.
            None => true,
        };
        Ok(Points { design: folder.sheet_with("design", &is_text)?, points: folder.sheet("points")? })
    }

    /// The keys that vary.
    pub fn keys(&self) -> Vec<&str> {
        self.design.columns().collect()
    }

    /// True of a key whose values are numbers.
    pub fn is_number(&self, key: &str) -> bool {
        !self.design.numbers(key).is_empty()
    }

    /// The rows of `points` of what is asked, each with its row of the design.
    pub fn rows(&self, asked: &Asked) -> Vec<(usize, usize)> {
        let own = |row: &usize| {
            self.points.text(*row, "outcome") == asked.of
                && self.points.text(*row, "window") == asked.window
                && self.points.text(*row, "arm") == asked.arm
        };
        let rows = (0..self.points.rows()).filter(own);
        rows.map(|row| (row, self.points.number(row, "design_row") as usize)).collect()
    }

    /// Everything that was asked, of what is shown.
    pub fn asked<'a>(&'a self, experiment: &'a Experiment) -> Vec<Asked<'a>> {
        let arms: Vec<&str> = match self.points.words("arm") {
            [] => vec![""],
            arms => arms.iter().map(String::as_str).collect(),
        };
        let mut all = Vec::new();
        for of in shown(experiment) {
            for window in &experiment.windows {
                all.extend(arms.iter().map(|&arm| Asked { of, window, arm }));
            }
        }
        all
    }
}

/// What is asked, in words: the metric with its window and arm.
pub fn title(experiment: &Experiment, asked: &Asked) -> Both {
    let label = metric(asked.of).map_or_else(|| Both::same(asked.of), |metric| metric.label.into());
    let when = window(asked.window);
    let arm = experiment.arms.iter().find(|arm| arm.id == asked.arm);
    match (arm, experiment.arms.is_empty()) {
        (Some(arm), _) => both(
            format!("{}, {}, {}", label.en, when.en, arm.name.en),
            format!("{}（{}，{}）", label.zh, when.zh, arm.name.zh),
        ),
        (None, false) => {
            both(format!("{}, {}, base", label.en, when.en), format!("{}（{}，基线）", label.zh, when.zh))
        }
        (None, true) => both(format!("{}, {}", label.en, when.en), format!("{}（{}）", label.zh, when.zh)),
    }
}

/// Everything.
///
/// # Errors
/// What the disk says, or what is wrong with the tables.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let experiment = Experiment::of(folder)?;
    let points = Points::of(folder)?;
    let mut charts = Vec::new();
    for (number, asked) in points.asked(&experiment).iter().enumerate().take(MOST) {
        charts.extend(surface(&points, &experiment, asked, number));
        charts.extend(scatter(&points, &experiment, asked, number, &points.keys()));
    }
    let mut said = words(&experiment, &points);
    said.items.extend(warnings(folder)?);
    charts.extend(MainEffects::of(folder)?.charts(&experiment));
    Ok(Content {
        title: experiment.name.clone(),
        subtitle: both("Many values of some keys", "参数扫描"),
        sections: vec![
            said,
            Section {
                id: "points",
                title: both("Over the design", "各设计点"),
                items: charts.into_iter().map(|chart| Item::Picture(Box::new(chart))).collect(),
            },
            provenance::section(folder, experiment.differences(folder)?),
        ],
    })
}

/// The static pictures: main effects.
///
/// # Errors
/// As [`content`].
pub fn pictures(folder: &Folder, language: Language) -> io::Result<Pictures> {
    MainEffects::of(folder)?.pictures(&Experiment::of(folder)?, language)
}

fn words(experiment: &Experiment, points: &Points) -> Section {
    let keys = points.keys().join(", ");
    let asked = sentence(
        "How do outcomes under \"{base}\" vary with {keys}?",
        "在“{base}”之下，结果如何随 {keys} 变化？",
        &[("base", experiment.base_name().into()), ("keys", Both::same(&keys).into())],
    );
    let mut items = vec![
        Item::Heading(both("What was asked", "问题")),
        Item::Paragraph(vec![asked, experiment.city()]),
        Item::Heading(both("What was found", "结论")),
        Item::Paragraph(vec![sentence(
            "The lowest and the highest mean over the points of the design, with their 95 % intervals; the extremes of \
             many means are in part luck.",
            "各设计点均值中的最低与最高及其 95% 置信区间；众多均值中的极值部分出于偶然。",
            &[],
        )]),
    ];
    let all = points.asked(experiment);
    items.push(Item::List(all.iter().filter_map(|asked| extremes(points, experiment, asked)).collect()));
    let lives = Number::of(&points.points, 0, "n").whole();
    items.extend([
        Item::Heading(both("How sure", "把握有多大")),
        Item::List(vec![
            sentence(
                "Chance: each point is the mean of {n} lives under the same luck as all others; its interval is by \
                 itself.",
                "偶然：每个设计点为 {n} 次模拟的均值，各点共用随机数；各区间独立成立。",
                &[("n", lives)],
            ),
            evidence::parameters(),
            evidence::theory(&experiment.base),
        ]),
    ]);
    items.extend(experiment.closing());
    Section { id: "words", title: both("In words", "文字结论"), items }
}

/// Where an outcome is lowest and where highest, and whether their intervals leave that open.
fn extremes(points: &Points, experiment: &Experiment, asked: &Asked) -> Option<Sentence> {
    let of = metric(asked.of)?;
    let mean = |row: usize| points.points.number(row, "mean");
    let rows: Vec<(usize, usize)> =
        points.rows(asked).into_iter().filter(|(row, _)| !mean(*row).is_nan()).collect();
    let lowest = rows.iter().copied().min_by(|a, b| mean(a.0).total_cmp(&mean(b.0)))?;
    let highest = rows.iter().copied().max_by(|a, b| mean(a.0).total_cmp(&mean(b.0)))?;
    let end = |row: usize, column: &str| Number::of(&points.points, row, column);
    let (low, high) = (end(lowest.0, "ci95_high").value, end(highest.0, "ci95_low").value);
    let (en, zh) = match () {
        _ if mean(lowest.0) == mean(highest.0) => {
            return Some(sentence(
                "{what}: the same mean at every point, {a}{unit}.",
                "{what}：各设计点均值相同，为 {a}{unit}。",
                &[
                    ("what", title(experiment, asked).into()),
                    ("a", end(lowest.0, "mean").level(of)),
                    ("unit", claim::level_unit(of).into()),
                ],
            ));
        }
        _ if low.is_nan() || high.is_nan() => ("without intervals, nothing is shown", "没有区间，不能下结论"),
        _ if low < high => ("their intervals do not overlap", "两者区间不重叠"),
        _ => ("their intervals overlap, so that no difference is shown", "两者区间重叠，未显示差异"),
    };
    let interval = |row: usize, names: [&'static str; 3]| {
        let columns = ["mean", "ci95_low", "ci95_high"];
        names
            .into_iter()
            .zip(columns)
            .map(move |(name, column)| (name.to_string(), end(row, column).level(of)))
    };
    let mut items: Vec<(String, Named)> = vec![
        ("what".into(), title(experiment, asked).into()),
        ("unit".into(), claim::level_unit(of).into()),
        ("verdict".into(), both(en, zh).into()),
    ];
    let has_interval = !low.is_nan() && !high.is_nan();
    items.extend(interval(lowest.0, ["a", "a_low", "a_high"]));
    items.extend(interval(highest.0, ["b", "b_low", "b_high"]));
    let a = settings(points, lowest.1, "p", &mut items);
    let b = settings(points, highest.1, "q", &mut items);
    let (a_ends, b_ends) = match has_interval {
        true => (" [{a_low}, {a_high}]", " [{b_low}, {b_high}]"),
        false => ("", ""),
    };
    let items: Vec<(&str, Named)> = items.iter().map(|(name, item)| (name.as_str(), item.clone())).collect();
    Some(sentence(
        &format!(
            "{{what}}: lowest {{a}}{a_ends}{{unit}} at {a}; highest {{b}}{b_ends}{{unit}} at {b}; {{verdict}}."
        ),
        &format!(
            "{{what}}：最低 {{a}}{a_ends}{{unit}}（{a}），最高 {{b}}{b_ends}{{unit}}（{b}）；{{verdict}}。"
        ),
        &items,
    ))
}

/// A template of the values of a row of the design, and its items.
fn settings(points: &Points, row: usize, prefix: &str, items: &mut Vec<(String, Named)>) -> String {
    let one = |(number, key): (usize, &str)| {
        let (name, value) = (format!("{prefix}{number}"), format!("{prefix}{number}_value"));
        items.push((name.clone(), Both::same(key).into()));
        items.push((
            value.clone(),
            match points.is_number(key) {
                true => Number::of(&points.design, row, key).significant(),
                false => Both::same(points.design.text(row, key)).into(),
            },
        ));
        format!("{{{name}}} = {{{value}}}")
    };
    points.keys().into_iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
}

/// The meaning of a key beside its path.
pub fn named(key: &str) -> Both {
    match index().key(key) {
        Some(known) if known.unit.is_empty() => Both::same(key),
        Some(known) => Both::same(&format!("{key} ({})", known.unit)),
        None => Both::same(key),
    }
}

fn chart(id: String, form: Form, title: Both, note: Both, panels: Vec<Panel>) -> Option<Chart> {
    Chart { id, form, title, note, start: None, changes: Vec::new(), panels }.if_any()
}

/// The outcome over each key whose values are numbers: a panel for each.
pub fn scatter(
    points: &Points,
    experiment: &Experiment,
    asked: &Asked,
    number: usize,
    keys: &[&str],
) -> Option<Chart> {
    let of = metric(asked.of)?;
    let rows = points.rows(asked);
    let every = rows.len().div_ceil(POINTS).max(1);
    let rows: Vec<(usize, usize)> = rows.into_iter().step_by(every).collect();
    let panel = |key: &str| {
        let mut series = Series { name: of.label.into(), ..Series::default() };
        for &(row, at) in &rows {
            series.across.push(points.design.number(at, key));
            let number = |column| points.points.number(row, column);
            // Where there are many points their intervals would cover them.
            if rows.len() <= 200 {
                series.push(number("mean"), number("ci95_low"), number("ci95_high"));
            } else {
                series.mean.push(number("mean"));
            }
        }
        Panel {
            title: Both::same(key),
            scale: Scale::of(of),
            across: Some(named(key)),
            series: vec![series],
            ..Panel::default()
        }
    };
    let numbers = keys.iter().copied().filter(|key| points.is_number(key)).take(MOST);
    chart(
        format!("scatter-{}", number + 1),
        Form::Scatter,
        title(experiment, asked),
        both(
            "A mark for each point of the design: mean over lives, with its 95 % interval where there is room.",
            "每个标记为一个设计点的均值；点数不多时附 95% 置信区间。",
        ),
        numbers.map(panel).collect(),
    )
}

/// The outcome over two keys that have few values each: a surface.
fn surface(points: &Points, experiment: &Experiment, asked: &Asked, number: usize) -> Option<Chart> {
    let of = metric(asked.of)?;
    let values = |key: &str| {
        let mut values = points.design.numbers(key).to_vec();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let few = |key: &&str| points.is_number(key) && (2..=LEVELS).contains(&values(key).len());
    let keys: Vec<&str> = points.keys().into_iter().filter(few).take(2).collect();
    let [down, across] = keys[..] else { return None };
    let (rows, columns) = (values(down), values(across));
    let mut sums = vec![(0.0, 0); rows.len() * columns.len()];
    for (row, at) in points.rows(asked) {
        let place = |all: &[f64], key| all.iter().position(|v| *v == points.design.number(at, key));
        let mean = points.points.number(row, "mean");
        if let (Some(r), Some(c), false) = (place(&rows, down), place(&columns, across), mean.is_nan()) {
            let cell = &mut sums[r * columns.len() + c];
            *cell = (cell.0 + mean, cell.1 + 1);
        }
    }
    // A design that is no grid leaves most of the surface empty.
    let filled = sums.iter().filter(|cell| cell.1 > 0).count();
    let mean = sums.iter().map(|(sum, n)| if *n > 0 { sum / f64::from(*n) } else { f64::NAN });
    let panel = Panel {
        scale: Scale::of(of),
        rows: rows
            .iter()
            .map(|v| Row { name: Both::same(&format!("{down} = {}", significant(*v))), heading: None })
            .collect(),
        columns: columns.iter().map(|v| Both::same(&significant(*v))).collect(),
        across: Some(named(across)),
        series: vec![Series { name: of.label.into(), mean: mean.collect(), ..Series::default() }],
        ..Panel::default()
    };
    let shown = chart(
        format!("surface-{}", number + 1),
        Form::Heat,
        title(experiment, asked),
        both(
            format!("Mean over lives and over all other keys, by {down} and {across}; darker is more."),
            format!("按 {down} 与 {across} 分列，对模拟与其余各键取均值；颜色越深数值越大。"),
        ),
        vec![panel],
    );
    shown.filter(|_| 2 * filled > sums.len())
}
