//! The report of a sweep: outcomes over the points of a design.

use std::collections::BTreeMap;
use std::io;

use super::compare::shown;
use super::experiment::{Experiment, warnings, window};
use super::folder::{Folder, POSTERIOR};
use super::main_effects::MainEffects;
use super::sentence::{Cell as Number, Item as Named, Sentence, sentence, significant};
use super::time_series::metric;
use super::{Content, Item, Section, claim, evidence, provenance};
use crate::asked::{self, Whose};
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::{Kind, text};
use shequ_model::base::units::unit;
use shequ_model::metric::Metric;
use shequ_model::scenario::index;

/// Outcomes and keys that pictures show at most, so that a page stays small.
const MOST: usize = 6;
/// Points of a picture at most; of larger designs every so-manieth is drawn.
const POINTS: usize = 1500;
/// Values of a key of words at most that a picture tells apart.
const WORDS: usize = 6;
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
    /// An I/O error if a table cannot be read or is not as this program writes it.
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
        self.design.has_numbers(key) && self.design.rows() > 0
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

    /// Where what is asked is lowest and where highest, each as in [`Points::rows`]; none where it has no value.
    pub fn ends(&self, asked: &Asked) -> Option<[(usize, usize); 2]> {
        let mean = |(row, _): &(usize, usize)| self.points.number(*row, "mean");
        let rows: Vec<(usize, usize)> =
            self.rows(asked).into_iter().filter(|row| !mean(row).is_nan()).collect();
        let by_mean = |a: &&(usize, usize), b: &&(usize, usize)| mean(a).total_cmp(&mean(b));
        Some([*rows.iter().min_by(by_mean)?, *rows.iter().max_by(by_mean)?])
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

/// The outcome of the scenario that is asked about, in words: the metric with its window and whose it is.
pub fn level(experiment: &Experiment, asked: &Asked) -> Both {
    let arm = experiment.arm(asked.arm).map(|arm| arm.name.clone());
    let whose = arm.unwrap_or_else(|| both("base", "基准"));
    titled(asked, |language| match experiment.arms.is_empty() {
        true => Whose::Only,
        false => Whose::Of(whose.of(language)),
    })
}

/// As [`level`] of the base; of an arm, what it changes against the base.
pub fn title(experiment: &Experiment, asked: &Asked) -> Both {
    match experiment.arm(asked.arm) {
        Some(arm) => titled(asked, |language| Whose::Effect(arm.name.of(language))),
        None => level(experiment, asked),
    }
}

fn titled<'a>(asked: &Asked, whose: impl Fn(Language) -> Whose<'a>) -> Both {
    let label = metric(asked.of).map_or_else(|| Both::same(asked.of), |metric| metric.label.into());
    let months = window(asked.window);
    Both::by(|language| asked::title(label.of(language), months.of(language), whose(language), language))
}

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let experiment = Experiment::of(folder)?;
    let points = Points::of(folder)?;
    let mut charts = Vec::new();
    for (number, asked) in points.asked(&experiment).iter().enumerate().take(MOST) {
        charts.extend(surface(&points, &experiment, asked, number));
        charts.extend(scatter(&points, &experiment, asked, number, &points.keys()));
    }
    let effects = MainEffects::of(folder)?;
    let summary = summary(folder, &experiment, &points, &effects, warnings(folder)?);
    let mut of_keys = effects.charts(&experiment);
    charts.extend(of_keys.drain(..of_keys.len().min(MOST)));
    Ok(Content {
        title: experiment.name.clone(),
        subtitle: both("Parameter sweep", "参数扫描"),
        sections: vec![
            summary,
            Section {
                id: "points",
                title: both("Over the design", "各设计点"),
                items: charts.into_iter().map(|chart| Item::Picture(Box::new(chart))).collect(),
            },
            provenance::section(folder, experiment.differences(folder)?),
        ],
        beside: of_keys,
    })
}

fn summary(
    folder: &Folder,
    experiment: &Experiment,
    points: &Points,
    effects: &MainEffects,
    warnings: Vec<Item>,
) -> Section {
    let keys = points.keys();
    let asked = experiment.question(
        &keys,
        text(
            "How do outcomes under \"{base}\" vary with {keys}?",
            "在“{base}”之下，结果如何随 {keys} 变化？",
        ),
        text(
            "How do outcomes under \"{base}\", and the effects of {arms} on them, vary with {keys}?",
            "在“{base}”之下的结果以及{arms}的效应，如何随 {keys} 变化？",
        ),
    );
    let mut items = vec![
        Item::Heading(both("Question", "研究问题")),
        Item::Paragraph(vec![asked, experiment.city()]),
        Item::Table(evidence::varied(&experiment.base, keys.iter().copied())),
        Item::Heading(both("Findings", "研究发现")),
        Item::Paragraph(vec![sentence(
            "The lowest and the highest mean over the points of the design, with their 95 % intervals; extremes of many \
             means are partly due to random variation.",
            "各设计点均值中的最低与最高及其 95% 置信区间；众多均值中的极值部分来自随机波动。",
            &[],
        )]),
    ];
    let all = points.asked(experiment);
    items.push(Item::List(all.iter().filter_map(|asked| extremes(points, experiment, asked)).collect()));
    let of_effects = effects.sentences(experiment);
    if !of_effects.is_empty() {
        let frame = sentence(
            "The effect of the policy, by the key with the largest influence on it; ranges are 95 % intervals, not corrected for their number.",
            "政策的效应，按影响最大的键；范围为 95% 置信区间，未作多重性校正。",
            &[],
        );
        items.extend([Item::Paragraph(vec![frame]), Item::List(of_effects)]);
    }
    let without_effects = effects.without_effects();
    items.extend((!without_effects.is_empty()).then_some(Item::List(without_effects)));
    let outputs = Number::of(&points.points, 0, "n").whole();
    items.extend([
        Item::Heading(both("Uncertainty", "不确定性")),
        Item::List(vec![means(folder, outputs), evidence::parameters_of(folder), experiment.theories(&keys)]),
    ]);
    items.extend(warnings);
    items.extend(experiment.closing());
    Section { id: "words", title: both("Summary", "结论摘要"), items }
}

/// Where an outcome is lowest and where highest, and whether their intervals leave that open.
fn extremes(points: &Points, experiment: &Experiment, asked: &Asked) -> Option<Sentence> {
    let of = metric(asked.of)?;
    let mean = |row: usize| points.points.number(row, "mean");
    let [lowest, highest] = points.ends(asked)?;
    let end = |row: usize, column: &str| Number::of(&points.points, row, column);
    let (low, high) = (end(lowest.0, "ci95_high").value, end(highest.0, "ci95_low").value);
    let (en, zh) = match () {
        _ if mean(lowest.0) == mean(highest.0) => {
            return Some(sentence(
                "{what}: the same mean at every point, {a}{unit}.",
                "{what}：各设计点均值相同，为 {a}{unit}。",
                &[
                    ("what", level(experiment, asked).into()),
                    ("a", end(lowest.0, "mean").level(of)),
                    ("unit", claim::level_unit(of).into()),
                ],
            ));
        }
        _ if low.is_nan() || high.is_nan() => {
            ("without intervals, no difference can be tested", "没有区间，无法检验差异")
        }
        _ if low < high => ("their intervals do not overlap", "两者区间不重叠"),
        _ => {
            ("their intervals overlap, so that the difference is not significant", "两者区间重叠，差异不显著")
        }
    };
    let interval = |row: usize, names: [&'static str; 3]| {
        let columns = ["mean", "ci95_low", "ci95_high"];
        names
            .into_iter()
            .zip(columns)
            .map(move |(name, column)| (name.to_string(), end(row, column).level(of)))
    };
    let mut items: Vec<(String, Named)> = vec![
        ("what".into(), level(experiment, asked).into()),
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

/// A key with its unit.
pub fn named(key: &str) -> Both {
    match index().key(key).map(|known| unit(known.unit)) {
        Some(unit) if !unit.en.is_empty() => {
            both!("{key} ({unit})", "{key}（{unit}）"; key = key, unit = unit)
        }
        _ => Both::same(key),
    }
}

fn chart(id: String, title: Both, note: Both, panels: Vec<Panel>) -> Option<Chart> {
    Chart { id, title, note, panels, ..Chart::default() }.if_any()
}

/// A mark of a picture: a row of the design, what came out there, and the ends of its interval.
struct Mark {
    at: usize,
    mean: f64,
    ends: [f64; 2],
}

/// What each point is the mean of.
pub fn means(folder: &Folder, n: Named) -> Sentence {
    match folder.manifest.has(POSTERIOR) {
        true => sentence(
            "Random variation: each point is the mean of {n} pairs of replicates with a draw of the parameters each, and all \
             points share draws and common random numbers; intervals are not corrected for their number.",
            "随机波动：每个设计点为 {n} 对重复的均值，每对采用一组参数抽样，各点共用抽样与随机数；区间未作多重性校正。",
            &[("n", n)],
        ),
        false => sentence(
            "Random variation: each point is the mean of {n} replicates, and all points share common random \
             numbers; intervals are not corrected for their number.",
            "随机波动：每个设计点为 {n} 次重复的均值，各点共用随机数；区间未作多重性校正。",
            &[("n", n)],
        ),
    }
}

/// The outcome of the base at every point; of an arm its effect, which is the difference of two means of replicates
/// under common random numbers and has no interval in this table.
fn marks(points: &Points, experiment: &Experiment, asked: &Asked) -> Vec<Mark> {
    let number = |row: usize, column: &str| points.points.number(row, column);
    let rows = points.rows(asked);
    if experiment.arm(asked.arm).is_none() {
        let mark = |(row, at)| Mark {
            at,
            mean: number(row, "mean"),
            ends: ["ci95_low", "ci95_high"].map(|column| number(row, column)),
        };
        return rows.into_iter().map(mark).collect();
    }
    let base = points.rows(&Asked { arm: &experiment.base.scenario.name, ..*asked });
    let base: BTreeMap<usize, usize> = base.into_iter().map(|(row, at)| (at, row)).collect();
    let mark = |(row, at)| {
        let base = *base.get(&at)?;
        // Where a run failed the two would not be means of the same replicates.
        let alike = number(row, "n") == number(base, "n");
        alike.then(|| Mark { at, mean: number(row, "mean") - number(base, "mean"), ends: [f64::NAN; 2] })
    };
    rows.into_iter().filter_map(mark).collect()
}

/// How what is asked is read: the effect of an arm is a difference.
pub fn scale(experiment: &Experiment, asked: &Asked, of: &'static Metric) -> Scale {
    match experiment.arm(asked.arm) {
        Some(_) => Scale::of_differences(of),
        None => Scale::of(of),
    }
}

/// True if the outcome differs between points by more than rounding.
fn varies(marks: &[Mark]) -> bool {
    let means = || marks.iter().map(|mark| mark.mean).filter(|mean| !mean.is_nan());
    let (low, high) = means().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    high - low > 1e-12 * low.abs().max(high.abs())
}

/// The values that a key has, as they are written, and which of them each row of the design gives it.
struct Values {
    names: Vec<String>,
    of_row: Vec<usize>,
}

impl Values {
    fn of(points: &Points, key: &str) -> Values {
        if !points.is_number(key) {
            let of_row = points.design.word_numbers(key).iter().map(|&word| word as usize).collect();
            return Values { names: points.design.words(key).to_vec(), of_row };
        }
        let given = points.design.numbers(key);
        let mut values = given.to_vec();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let place = |value: &f64| values.partition_point(|known| known < value);
        Values {
            of_row: given.iter().map(place).collect(),
            names: values.iter().map(|value| significant(*value)).collect(),
        }
    }
}

/// The outcome of the base, or the effect of an arm, over each key whose values are numbers: a panel for each, and
/// in each a series for every value of the first key whose values are a few words.
pub fn scatter(
    points: &Points,
    experiment: &Experiment,
    asked: &Asked,
    number: usize,
    keys: &[&str],
) -> Option<Chart> {
    let of = metric(asked.of)?;
    let marks = marks(points, experiment, asked);
    if !varies(&marks) {
        return None;
    }
    let every = marks.len().div_ceil(POINTS).max(1);
    let marks: Vec<Mark> = marks.into_iter().step_by(every).collect();
    // Where there are many points their intervals would cover them; an effect has none here.
    let has_intervals = marks.len() <= 200 && experiment.arm(asked.arm).is_none();
    let words = points.keys().into_iter().filter(|key| !points.is_number(key));
    let words = words.map(|key| (key, Values::of(points, key)));
    let parted = words.into_iter().find(|(_, values)| (2..=WORDS).contains(&values.names.len()));
    let series = |key: &str, name: Both, is_own: &dyn Fn(usize) -> bool| {
        let mut series = Series { name, ..Series::default() };
        for Mark { at, mean, ends } in marks.iter().filter(|mark| is_own(mark.at)) {
            series.across.push(points.design.number(*at, key));
            match has_intervals {
                true => series.push(*mean, ends[0], ends[1]),
                false => series.mean.push(*mean),
            }
        }
        series
    };
    let panel = |key: &str| Panel {
        title: Both::same(key),
        form: Form::Scatter,
        scale: scale(experiment, asked, of),
        across: Some(named(key)),
        series: match &parted {
            None => vec![series(key, of.label.into(), &|_| true)],
            Some((word, values)) => (0..values.names.len())
                .map(|n| {
                    let name = Both::same(&format!("{word} = {}", values.names[n]));
                    series(key, name, &|at| values.of_row[at] == n)
                })
                .collect(),
        },
        ..Panel::default()
    };
    let note = match (experiment.arm(asked.arm), has_intervals) {
        (Some(_), _) => both(
            "One mark per point of the design: mean over replicates of the arm minus that of the baseline, under common random numbers.",
            "每个标记为一个设计点：共用随机数之下方案的均值减去基准的均值。",
        ),
        (None, true) => both(
            "One mark per point of the design: mean over replicates, with its 95 % interval.",
            "每个标记为一个设计点的均值，附 95% 置信区间。",
        ),
        (None, false) => {
            both("One mark per point of the design: mean over replicates.", "每个标记为一个设计点的均值。")
        }
    };
    let numbers = keys.iter().copied().filter(|key| points.is_number(key)).take(MOST);
    let what = title(experiment, asked);
    let what = both!("{what}: point by point", "{what}：各设计点"; what = what);
    chart(format!("scatter-{}", number + 1), what, note, numbers.map(panel).collect())
}

/// The outcome of the base, or the effect of an arm, over the first two keys that have few values each: a surface.
fn surface(points: &Points, experiment: &Experiment, asked: &Asked, number: usize) -> Option<Chart> {
    let of = metric(asked.of)?;
    let few = |(_, values): &(&str, Values)| (2..=LEVELS).contains(&values.names.len());
    let keys = points.keys().into_iter().map(|key| (key, Values::of(points, key)));
    let keys: Vec<(&str, Values)> = keys.filter(few).take(2).collect();
    let [(down, rows), (across, columns)] = &keys[..] else { return None };
    let marks = marks(points, experiment, asked);
    if !varies(&marks) {
        return None;
    }
    let mut sums = vec![(0.0, 0); rows.names.len() * columns.names.len()];
    for Mark { at, mean, .. } in marks.iter().filter(|mark| !mark.mean.is_nan()) {
        let cell = &mut sums[rows.of_row[*at] * columns.names.len() + columns.of_row[*at]];
        *cell = (cell.0 + mean, cell.1 + 1);
    }
    // A design that is no grid leaves most of the surface empty.
    let filled = sums.iter().filter(|cell| cell.1 > 0).count();
    let mean = sums.iter().map(|(sum, n)| if *n > 0 { sum / f64::from(*n) } else { f64::NAN });
    let row = |name: &String| Row { name: Both::same(&format!("{down} = {name}")), heading: None };
    let panel = Panel {
        form: Form::Heat,
        scale: scale(experiment, asked, of),
        rows: rows.names.iter().map(row).collect(),
        columns: columns.names.iter().map(|name| Both::same(name)).collect(),
        across: Some(named(across)),
        series: vec![Series { name: of.label.into(), mean: mean.collect(), ..Series::default() }],
        ..Panel::default()
    };
    let colours = match experiment.arm(asked.arm) {
        Some(_) => both("blue is higher than the baseline, orange lower", "蓝色高于基准，橙色低于基准"),
        None => both("darker is more", "颜色越深数值越大"),
    };
    let note = match keys.len() == points.keys().len() {
        true => both!(
            "Mean over replicates, by {down} and {across}; {colours}.",
            "按 {down} 与 {across} 分列的重复均值；{colours}。";
            down = down, across = across, colours = colours
        ),
        false => both!(
            "Mean over replicates and over all other keys, by {down} and {across}; {colours}.",
            "按 {down} 与 {across} 分列，对各次重复与其余各键取均值；{colours}。";
            down = down, across = across, colours = colours
        ),
    };
    let what = title(experiment, asked);
    let what = both!("{what}: by {down} and {across}", "{what}：按 {down} 与 {across}"; what = what, down = down, across = across);
    let shown = chart(format!("surface-{}", number + 1), what, note, vec![panel]);
    shown.filter(|_| 2 * filled > sums.len())
}
