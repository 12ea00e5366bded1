//! The report of a search: which mixes no other beats, what they set, and what else was tried.

use std::io;

use super::claim::difference_unit;
use super::experiment::Experiment;
use super::folder::Folder;
use super::sentence::{Cell as Number, Item as Named, Sentence, Source, sentence};
use super::{Cell, Content, Grid, Item, Section, evidence, provenance};
use crate::chart::{Chart, Form, Panel, Row, Scale, Series};
use crate::search::{called, kept};
use crate::shown::Shown;
use shequ_experiment::outcome::Outcome;
use shequ_experiment::record::dictionary;
use shequ_experiment::record::sheet::Sheet;
use shequ_experiment::search::Measure;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::params::Kind;
use shequ_model::base::stats::Estimate;
use shequ_model::base::units::unit;
use shequ_model::metric::Metric;
use shequ_model::scenario::index;

/// Id of the table of counts.
const COUNTS: &str = "counts";

/// The tables.
pub struct Found {
    /// The base and the mixes, with their levers.
    pub mixes: Sheet,
    /// What each of them gives.
    pub front: Sheet,
    candidates: Sheet,
}

/// A measure, as `front.csv` names it.
pub struct Asked {
    /// What is read off.
    pub measure: Measure,
    /// True if it is an objective.
    pub is_objective: bool,
    /// True if less of it is better.
    is_lower_better: bool,
}

impl Asked {
    /// The metric.
    pub fn metric(&self) -> &'static Metric {
        self.measure.outcome.metric
    }

    /// What it is called.
    pub fn name(&self) -> Both {
        called(&self.measure)
    }
}

impl Found {
    /// Those of a folder.
    ///
    /// # Errors
    /// An I/O error if a table cannot be read or is not as this program writes it.
    pub fn of(folder: &Folder) -> io::Result<Found> {
        let is_word = |column: &str| match index().key(column).map(|key| &key.kind) {
            Some(kind) => !matches!(kind, Kind::Real { .. } | Kind::Count { .. }),
            None => dictionary::is_word(column),
        };
        Ok(Found {
            mixes: folder.sheet_with("mixes", &is_word)?,
            front: folder.sheet("front")?,
            candidates: folder.sheet_with("candidates", &is_word)?,
        })
    }

    /// The measures, those of the objectives first.
    pub fn measures(&self) -> Vec<Asked> {
        let mut all: Vec<Asked> = Vec::new();
        for row in 0..self.front.rows() {
            let Some(measure) = self.measure(row).filter(|own| all.iter().all(|known| known.measure != *own))
            else {
                continue;
            };
            let is_objective = self.front.text(row, "role").starts_with("objective");
            let is_lower_better = self.front.text(row, "better") == "lower";
            all.push(Asked { measure, is_objective, is_lower_better });
        }
        all
    }

    /// What a row of `front.csv` is of.
    fn measure(&self, row: usize) -> Option<Measure> {
        let text = |column: &str| self.front.text(row, column).to_string();
        let group = (!text("group").is_empty()).then(|| (text("group"), text("level")));
        Some(Measure { outcome: Outcome::named(&text("outcome")).ok()?, group })
    }

    /// The row of `front.csv` of a measure of a row of `mixes.csv`.
    pub fn row(&self, mix: usize, asked: &Asked) -> Option<usize> {
        let design = self.mixes.number(mix, "design_row");
        (0..self.front.rows()).find(|&row| {
            self.front.number(row, "design_row") == design
                && self.measure(row).as_ref() == Some(&asked.measure)
        })
    }

    /// The rows of `mixes.csv` that make the front, as [`Found::best`], those that do most for a measure first, and those of
    /// which that is not known last.
    pub fn best_for(&self, asked: &Asked) -> Vec<usize> {
        let gain = |mix: usize| {
            let change = self.row(mix, asked).map_or(f64::NAN, |row| self.front.number(row, "change"));
            if asked.is_lower_better { -change } else { change }
        };
        let mut best = self.best();
        best.sort_by(|&a, &b| gain(a).is_nan().cmp(&gain(b).is_nan()).then(gain(b).total_cmp(&gain(a))));
        best
    }

    /// The rows of `mixes.csv` that make the front: neither the base, nor one that is beaten or breaks a constraint.
    pub fn best(&self) -> Vec<usize> {
        let is_best = |row: &usize| {
            self.mixes.text(*row, "status") == "mix"
                && self.mixes.text(*row, "front") == "true"
                && self.mixes.text(*row, "constraints") != "broken"
        };
        (0..self.mixes.rows()).filter(is_best).collect()
    }

    /// What a mix is called.
    pub fn name(&self, mix: usize) -> Both {
        match self.mixes.text(mix, "status") {
            "base" => both("base", "基准"),
            _ => {
                let row = self.mixes.number(mix, "design_row");
                both!("mix {row}", "组合 {row}")
            }
        }
    }
}

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let (experiment, found) = (Experiment::of(folder)?, Found::of(folder)?);
    let measures = found.measures();
    let pictures = picture(&found, &measures)
        .into_iter()
        .chain(measures.iter().enumerate().filter_map(|(at, measure)| changes(&found, measure, at)));
    Ok(Content {
        title: experiment.name.clone(),
        subtitle: both("The best mixes of levers", "手段的最佳组合"),
        sections: vec![
            summary(folder, &experiment, &found, &measures),
            Section {
                id: "front",
                title: both("What the mixes give", "各组合的结果"),
                items: pictures.map(|chart| Item::Picture(Box::new(chart))).collect(),
            },
            Section {
                id: "mixes",
                title: both("What the mixes set", "各组合的取值"),
                items: vec![Item::Table(mixes_table(&found, &measures))],
            },
            provenance::section(folder, experiment.differences(folder)?),
        ],
        beside: Vec::new(),
    })
}

fn summary(folder: &Folder, experiment: &Experiment, found: &Found, measures: &[Asked]) -> Section {
    let levers: Vec<&str> = levers(found);
    let named = |wanted: bool| {
        let own = measures.iter().filter(|measure| measure.is_objective == wanted).map(Asked::name);
        let own: Vec<Both> = own.collect();
        match own.len() {
            0 => both("none", "无"),
            _ => Both::by(|language| {
                let names: Vec<&str> = own.iter().map(|name| name.of(language)).collect();
                names.join(if language == Language::En { ", " } else { "、" })
            }),
        }
    };
    let asked = sentence(
        "Which values of {levers} are best under \"{base}\", by {objectives}, within constraints on {constraints}?",
        "在“{base}”之下，按{objectives}衡量，{levers} 的哪些取值最好？条件涉及：{constraints}。",
        &[
            ("levers", evidence::keys_named(&levers).into()),
            ("base", experiment.base_name().into()),
            ("objectives", named(true).into()),
            ("constraints", named(false).into()),
        ],
    );
    let mut said = vec![answer(found, measures, [".", "。"])];
    said.extend(spans(found, measures));
    let items = vec![
        Item::Heading(both("Question", "研究问题")),
        Item::Paragraph(vec![asked, experiment.city()]),
        Item::Heading(both("Findings", "研究发现")),
        Item::List(said),
        Item::Table(counts(found)),
        Item::Heading(both("Uncertainty", "不确定性")),
        Item::List(certainty(folder, experiment)),
    ];
    Section {
        id: "words",
        title: both("Summary", "结论摘要"),
        items: items.into_iter().chain(experiment.closing()).collect(),
    }
}

/// How sure it is.
pub fn certainty(folder: &Folder, experiment: &Experiment) -> Vec<Sentence> {
    vec![
        sentence(
            "Random variation: mixes are told by replicates that the search has not seen, with their 95 % intervals, not \
             corrected for their number; base and mixes share random numbers.",
            "随机波动：各组合由搜索未用过的重复得出，附 95% 置信区间，未作多重性校正；基准与各组合共用随机数。",
            &[],
        ),
        sentence(
            "Search: a mix that was not tried may be better; more candidates and generations look further.",
            "搜索：未试过的组合可能更好；增加候选数与代数可搜索得更广。",
            &[],
        ),
        evidence::parameters_of(folder),
        evidence::theory(&experiment.base),
    ]
}

/// The keys of the levers.
pub fn levers(found: &Found) -> Vec<&str> {
    found.mixes.columns().filter(|column| index().key(column).is_some()).collect()
}

/// What the best mix does for the first objective, and how many mixes no other beats, up to the `end` of the sentence.
pub fn answer(found: &Found, measures: &[Asked], end: [&str; 2]) -> Sentence {
    let mut items = vec![("best", count(2, found.best().len())), ("tried", count(1, tried(found)))];
    let told = measures.first().and_then(|measure| most(found, measure));
    let (en, zh) = match told {
        None => (
            "None of {tried} mixes that were tried is better than the base and keeps the constraints",
            "所试的 {tried} 个组合中，没有一个优于基准且满足条件",
        ),
        Some(told) => {
            items.extend(told);
            (
                "{what}: {change}{unit} ({low} to {high}) against the base under mix {mix}, which does most for it; {best} \
                 of {tried} mixes that were tried are not beaten by any other",
                "{what}：最有利的组合 {mix} 相对基准变化 {change}{unit}（{low} 至 {high}）；所试的 {tried} 个组合中，有 {best} 个未被其他组合全面超过",
            )
        }
    };
    sentence(&format!("{en}{}", end[0]), &format!("{zh}{}", end[1]), &items)
}

/// What the mix that does most for an objective changes.
fn most(found: &Found, measure: &Asked) -> Option<Vec<(&'static str, Named)>> {
    let mix = *found.best_for(measure).first()?;
    let row = found.row(mix, measure)?;
    let cell = |column: &str| Number::of(&found.front, row, column);
    let half_width = (cell("change_ci95_high").value - cell("change_ci95_low").value) / 2.0;
    let rough = |column: &str| cell(column).rough(measure.metric(), half_width);
    Some(vec![
        ("what", measure.name().into()),
        ("mix", Number::of(&found.mixes, mix, "design_row").whole()),
        ("unit", difference_unit(measure.metric()).into()),
        ("change", rough("change")),
        ("low", rough("change_ci95_low")),
        ("high", rough("change_ci95_high")),
    ])
}

fn tried(found: &Found) -> usize {
    found.candidates.rows().saturating_sub(1)
}

/// A cell of the table of counts.
fn count(column: usize, count: usize) -> Named {
    let source = Source { table: COUNTS.into(), row: "1".into(), column: (column + 1).to_string() };
    Number { value: count as f64, source }.whole()
}

fn counts(found: &Found) -> Grid {
    let number = |count: usize| Cell::Number(Both::same(&count.to_string()));
    Grid {
        id: COUNTS,
        caption: both("What was tried", "所试的组合"),
        head: vec![both("", ""), both("tried", "所试"), both("on the front", "位于前沿")],
        rows: vec![vec![
            Cell::Words(both("mixes", "组合")),
            number(tried(found)),
            number(found.best().len()),
        ]],
        folded: true,
    }
}

/// For each objective the mix that is best in it: what it gives, and what it changes.
pub fn spans(found: &Found, measures: &[Asked]) -> Vec<Sentence> {
    let best = found.best();
    let of = |measure: &Asked| {
        let change =
            |mix: usize| found.row(mix, measure).map_or(f64::NAN, |row| found.front.number(row, "change"));
        let known = || best.iter().copied().filter(|&mix| !change(mix).is_nan());
        let low = known().min_by(|&a, &b| change(a).total_cmp(&change(b)))?;
        let high = known().max_by(|&a, &b| change(a).total_cmp(&change(b)))?;
        let cell =
            |mix: usize, column: &str| Some(Number::of(&found.front, found.row(mix, measure)?, column));
        let ends = |mix: usize| Some((cell(mix, "change_ci95_low")?, cell(mix, "change_ci95_high")?));
        let ((a_low, a_high), (b_low, b_high)) = (ends(low)?, ends(high)?);
        let half_width = |low: &Number, high: &Number| (high.value - low.value) / 2.0;
        let (a, b) = (half_width(&a_low, &a_high), half_width(&b_low, &b_high));
        let items = [
            ("what", measure.name().into()),
            ("unit", difference_unit(measure.metric()).into()),
            ("a", cell(low, "change")?.rough(measure.metric(), a)),
            ("a_low", a_low.rough(measure.metric(), a)),
            ("a_high", a_high.rough(measure.metric(), a)),
            ("b", cell(high, "change")?.rough(measure.metric(), b)),
            ("b_low", b_low.rough(measure.metric(), b)),
            ("b_high", b_high.rough(measure.metric(), b)),
        ];
        Some(match low == high {
            true => sentence(
                "{what}: it changes by {a}{unit} ({a_low} to {a_high}) against the base.",
                "{what}：相对基准变化 {a}{unit}（{a_low} 至 {a_high}）。",
                &items,
            ),
            false => sentence(
                "{what}: it changes by {a} ({a_low} to {a_high}) to {b} ({b_low} to {b_high}){unit} against the base.",
                "{what}：相对基准变化 {a}（{a_low} 至 {a_high}）至 {b}（{b_low} 至 {b_high}）{unit}。",
                &items,
            ),
        })
    };
    measures.iter().filter_map(of).collect()
}

/// All that was tried and the front, by what they change in the first two objectives.
fn picture(found: &Found, measures: &[Asked]) -> Option<Chart> {
    let objectives: Vec<&Asked> = measures.iter().filter(|measure| measure.is_objective).collect();
    let [up, across, ..] = objectives[..] else { return None };
    let series = |name: Both, mixes: &[usize]| {
        let mut series = Series::named(name);
        for &mix in mixes {
            let (Some(row), Some(at)) = (found.row(mix, up), found.row(mix, across)) else { continue };
            series.across.push(found.front.number(at, "change"));
            let [mean, low, high] = ["change", "change_ci95_low", "change_ci95_high"]
                .map(|column| found.front.number(row, column));
            series.push(mean, low, high);
        }
        series
    };
    let mut others = Series::named(both("tried", "所试"));
    for row in (1..found.candidates.rows()).filter(|&row| found.candidates.text(row, "confirmed") != "true") {
        // The base is the first row; all share its replicates.
        let change = |measure: &Asked| {
            let value = |row: usize| found.candidates.number(row, &measure.measure.name());
            value(row) - value(0)
        };
        others.across.push(change(across));
        others.mean.push(change(up));
    }
    let base: Vec<usize> =
        (0..found.mixes.rows()).filter(|&mix| found.mixes.text(mix, "status") == "base").collect();
    let axis = both!(
        "{name}: change ({unit})", "{name}：变化（{unit}）"; name = across.name(), unit = Both::from(unit(across.metric().unit))
    );
    let chart = Chart {
        id: "front".into(),
        title: both!("{up} against {across}", "{up}与{across}"; up = up.name(), across = across.name()),
        note: both(
            "Changes against the base, one mark per mix: the front by fresh replicates, with 95 % intervals; all others \
             by the replicates of the search.",
            "相对基准的变化，每个标记为一个组合：前沿由另外的重复得出，附 95% 置信区间；其余由搜索所用的重复得出。",
        ),
        panels: vec![Panel {
            title: up.name(),
            form: Form::Scatter,
            scale: Scale::of_differences(up.metric()),
            across: Some(axis),
            series: vec![
                series(both("front", "前沿"), &found.best()),
                series(both("base", "基准"), &base),
                others,
            ],
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

/// What each mix changes in one measure.
fn changes(found: &Found, measure: &Asked, at: usize) -> Option<Chart> {
    let mixes: Vec<usize> =
        (0..found.mixes.rows()).filter(|&mix| found.mixes.text(mix, "status") == "mix").collect();
    let mut series = Series::named(measure.name());
    for &mix in &mixes {
        let row = found.row(mix, measure)?;
        let [mean, low, high] =
            ["change", "change_ci95_low", "change_ci95_high"].map(|column| found.front.number(row, column));
        series.push(mean, low, high);
    }
    let chart = Chart {
        id: format!("changes-{}", at + 1),
        file: Some(format!("changes-{}", at + 1)),
        title: both!("{what}: change against the base", "{what}：相对基准的变化"; what = measure.name()),
        note: both("By fresh replicates, with 95 % intervals.", "由另外的重复得出，附 95% 置信区间。"),
        panels: vec![Panel {
            form: Form::Dots,
            scale: Scale::of_differences(measure.metric()),
            rows: mixes.iter().map(|&mix| Row { name: found.name(mix), heading: None }).collect(),
            series: vec![series],
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

/// The levers of every mix, and what it gives.
fn mixes_table(found: &Found, measures: &[Asked]) -> Grid {
    let keys = levers(found);
    let mut head = vec![both("mix", "组合")];
    head.extend(keys.iter().map(|key| Both::same(key)));
    head.extend(measures.iter().map(Asked::name));
    head.extend([both("constraints", "条件"), both("front", "前沿")]);
    let row = |mix: usize| {
        let mut cells = vec![Cell::Words(found.name(mix))];
        cells.extend(keys.iter().map(|key| Cell::Code(value(&found.mixes, mix, key))));
        cells.extend(measures.iter().map(|measure| {
            Cell::Number(Both::by(|language| {
                let Some(row) = found.row(mix, measure) else { return "–".into() };
                let number = |column: &str| found.front.number(row, column);
                let shown = Shown::of(measure.metric(), language);
                let half_width = (number("change_ci95_high") - number("change_ci95_low")) / 2.0;
                let change = Estimate { mean: number("change"), sd: f64::NAN, half_width, n: 0 };
                let level = shown.number(number("mean"));
                match found.mixes.text(mix, "status") {
                    "base" => level,
                    _ => format!("{level} ({})", shown.effect(change)),
                }
            }))
        }));
        cells.push(Cell::Words(kept(found.mixes.text(mix, "constraints"))));
        let is_best = found.mixes.text(mix, "front") == "true";
        cells.push(Cell::Words(if is_best { both("yes", "是") } else { both("no", "否") }));
        cells
    };
    Grid {
        id: "mixes",
        caption: both("Levels, with changes against the base in brackets", "水平，括号内为相对基准的变化"),
        head,
        rows: (0..found.mixes.rows()).map(row).collect(),
        folded: false,
    }
}

/// The value of a lever as it is written.
fn value(mixes: &Sheet, mix: usize, key: &str) -> String {
    match mixes.has_numbers(key) {
        true => super::sentence::significant(mixes.number(mix, key)),
        false => mixes.text(mix, key).into(),
    }
}
