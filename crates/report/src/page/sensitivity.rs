//! The report of a sensitivity study: which parameters matter.

use std::io;

use super::claim;
use super::experiment::{Experiment, warnings};
use super::folder::Folder;
use super::sentence::{Cell as Number, Item as Named, Sentence, sentence};
use super::sweep::{Asked, Points, scatter, title};
use super::time_series::metric;
use super::{Content, Item, Section, evidence, provenance};
use crate::chart::{Chart, Form, Mark, Panel, Row, Scale, Series};
use shequ_experiment::record::folder::slug;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Grade, Text, text};
use shequ_model::base::stats::Estimate;
use shequ_model::metric::Metric;
use shequ_model::scenario::index;

/// Parameters over which pictures show runs.
const STRONGEST: usize = 3;

/// An index that ranks parameters, the one beside it, and what it measures.
struct Ranking {
    first: &'static str,
    beside: Option<&'static str>,
    names: [Text; 2],
    axis: Text,
    /// What the index is said to be.
    said: Text,
    /// True if values are shares of a variance.
    is_share: bool,
}

/// The indices by which parameters may be ranked, the best first.
const RANKINGS: [Ranking; 3] = [
    Ranking {
        first: "ST",
        beside: Some("S1"),
        names: [text("total (ST)", "总效应（ST）"), text("first-order (S1)", "主效应（S1）")],
        axis: text("share of the outcome's variance", "占结果方差的比例"),
        said: text("share of the variance, interactions included (ST)", "含交互作用的方差比例（ST）"),
        is_share: true,
    },
    Ranking {
        first: "mu_star",
        beside: Some("mu"),
        names: [
            text("mean absolute effect (mu*)", "影响绝对值的均值（mu*）"),
            text("mean effect (mu)", "影响的均值（mu）"),
        ],
        axis: text("change of the outcome over the range", "取值从低到高时结果的变化"),
        said: text("mean absolute effect over its range (mu*)", "取值范围内影响绝对值的均值（mu*）"),
        is_share: false,
    },
    Ranking {
        first: "pawn",
        beside: None,
        names: [text("PAWN", "PAWN"), text("", "")],
        axis: text("distance of distributions", "分布之间的差距"),
        said: text("distance of distributions (PAWN)", "分布之间的差距（PAWN）"),
        is_share: true,
    },
];

/// The indices of one outcome.
pub struct Indices<'a> {
    /// The table.
    pub sheet: &'a Sheet,
    /// Of which outcome.
    pub asked: Asked<'a>,
    ranking: &'static Ranking,
    /// Rows of the index that ranks, the largest first.
    pub ranked: Vec<usize>,
}

impl<'a> Indices<'a> {
    /// Those of what is asked; none where the outcome does not vary.
    pub fn of(sheet: &'a Sheet, asked: Asked<'a>) -> Option<Indices<'a>> {
        let ranking = RANKINGS.iter().find(|ranking| !find(sheet, &asked, ranking.first).is_empty())?;
        // Where there are several estimators, the first is the preferred one.
        let mut ranked: Vec<usize> = Vec::new();
        for row in find(sheet, &asked, ranking.first) {
            let parameter = sheet.text(row, "parameter");
            if !ranked.iter().any(|&known| sheet.text(known, "parameter") == parameter) {
                ranked.push(row);
            }
        }
        ranked.sort_by(|&a, &b| sheet.number(b, "value").total_cmp(&sheet.number(a, "value")));
        Some(Indices { sheet, asked, ranking, ranked })
    }

    /// The index of a row, with half its interval.
    fn estimate(&self, row: usize) -> Estimate {
        let number = |column: &str| self.sheet.number(row, column);
        let half_width = (number("ci95_high") - number("ci95_low")) / 2.0;
        Estimate { mean: number("value"), sd: f64::NAN, half_width, n: 0 }
    }

    /// How the index that ranks is read: a share, or a change of the outcome in its unit.
    fn scale(&self) -> Scale {
        let axis: Both = self.ranking.axis.into();
        let scale = match self.measured() {
            Some(metric) => {
                let scale = Scale::of_differences(metric);
                let unit = both!("{axis}: {unit}", "{axis}：{unit}"; axis = axis, unit = scale.unit);
                Scale { unit, differences: false, ..scale }
            }
            None => Scale::plain(axis, 2),
        };
        Scale { from_zero: true, ..scale }
    }

    /// The metric in whose unit the index is; none of shares.
    pub fn measured(&self) -> Option<&'static Metric> {
        metric(self.asked.of).filter(|_| !self.ranking.is_share)
    }

    /// A cell of the table as it is read.
    pub fn number(&self, row: usize, column: &str) -> Named {
        let cell = Number::of(self.sheet, row, column);
        match self.measured() {
            // Sizes; but the lower end of an interval may lie below zero.
            Some(metric) if cell.value < 0.0 => cell.signed(metric, self.estimate(row)),
            Some(metric) => cell.size(metric, self.estimate(row)),
            None => cell.decimals(2),
        }
    }

    /// What the index is said to be.
    pub fn said(&self) -> Both {
        self.ranking.said.into()
    }

    /// What the axis of a picture is called.
    pub fn axis(&self) -> Both {
        self.ranking.axis.into()
    }

    /// The parameter of a row.
    pub fn parameter(&self, row: usize) -> &'a str {
        self.sheet.text(row, "parameter")
    }

    /// What the parameter of a row exceeds in one of twenty samples if it does nothing; NaN if not known.
    pub fn floor(&self, row: usize) -> f64 {
        self.sheet.number(row, "floor")
    }

    fn has_floors(&self) -> bool {
        self.ranked.iter().any(|&row| !self.floor(row).is_nan())
    }

    /// The row of another index of a parameter.
    fn beside(&self, parameter: &str) -> Option<usize> {
        let rows = find(self.sheet, &self.asked, self.ranking.beside?);
        rows.into_iter().find(|&row| self.parameter(row) == parameter)
    }
}

/// The rows of an index of an outcome.
fn find(sheet: &Sheet, asked: &Asked, name: &str) -> Vec<usize> {
    let own = |row: &usize| {
        sheet.text(*row, "outcome") == asked.of
            && sheet.text(*row, "window") == asked.window
            && sheet.text(*row, "arm") == asked.arm
            && sheet.text(*row, "index") == name
    };
    (0..sheet.rows()).filter(own).collect()
}

/// What was asked, a row of the table of convergence each.
pub fn asked(convergence: &Sheet) -> Vec<Asked<'_>> {
    let of = |row: usize| Asked {
        of: convergence.text(row, "outcome"),
        window: convergence.text(row, "window"),
        arm: convergence.text(row, "arm"),
    };
    (0..convergence.rows()).map(of).collect()
}

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let experiment = Experiment::of(folder)?;
    let points = Points::of(folder)?;
    let (sheet, convergence) = (folder.sheet("indices")?, folder.sheet("convergence")?);
    let all: Vec<(usize, Option<Indices>)> = asked(&convergence)
        .into_iter()
        .enumerate()
        .map(|(row, asked)| (row, Indices::of(&sheet, asked)))
        .collect();
    let mut charts = Vec::new();
    for (number, indices) in all.iter().filter_map(|(number, indices)| Some((*number, indices.as_ref()?))) {
        charts.extend(tornado(&experiment, indices, number));
        charts.extend(interactions(&experiment, indices, number));
        let strongest: Vec<&str> =
            indices.ranked.iter().take(STRONGEST).map(|&row| indices.parameter(row)).collect();
        charts.extend(scatter(&points, &experiment, &indices.asked, number, &strongest));
    }
    let summary = summary(&experiment, &points, &convergence, &all, warnings(folder)?);
    Ok(Content {
        title: experiment.name.clone(),
        subtitle: both("Which parameters matter", "敏感性分析"),
        sections: vec![
            summary,
            Section {
                id: "indices",
                title: both("Influence of each parameter", "各参数的影响"),
                items: charts.into_iter().map(|chart| Item::Picture(Box::new(chart))).collect(),
            },
            provenance::section(folder, experiment.differences(folder)?),
        ],
        beside: Vec::new(),
    })
}

fn summary(
    experiment: &Experiment,
    points: &Points,
    convergence: &Sheet,
    all: &[(usize, Option<Indices>)],
    warnings: Vec<Item>,
) -> Section {
    let keys = points.keys();
    let question = experiment.question(
        &keys,
        text(
            "Which of {keys} influence the outcomes under \"{base}\", and which do not?",
            "在“{base}”之下，{keys} 之中哪些影响结果，哪些不影响？",
        ),
        text(
            "Which of {keys} influence the effect of {arms}, compared with \"{base}\", and which do not?",
            "与“{base}”相比，{keys} 之中哪些影响{arms}的效应，哪些不影响？",
        ),
    );
    let mut found = Vec::new();
    let mut sure = Vec::new();
    let mut assumed = Vec::new();
    for (row, indices) in all {
        let Some(indices) = indices else {
            found.push(sentence(
                "{what}: there are no indices; the outcome does not vary, or too few runs have it.",
                "{what}：没有指数；结果没有变化，或有此结果的模拟太少。",
                &[("what", title(experiment, &asked(convergence)[*row]).into())],
            ));
            continue;
        };
        found.extend(strongest(experiment, indices));
        found.extend(indices.has_floors().then(|| above_floors(experiment, indices)));
        sure.extend(certainty(experiment, convergence, *row, indices));
        assumed.push(rests(experiment, indices));
    }
    let mut items = vec![
        Item::Heading(both("Question", "研究问题")),
        Item::Paragraph(vec![question, experiment.city()]),
        Item::Heading(both("Findings", "研究发现")),
        Item::List(found),
        Item::Heading(both("Uncertainty", "不确定性")),
        Item::List(sure),
        Item::List(vec![intervals(), experiment.theories(&keys)]),
    ];
    items.extend(warnings);
    items.extend([Item::Heading(both("Evidence base", "参数依据")), Item::List(assumed)]);
    let ranked = all.iter().find_map(|(_, indices)| indices.as_ref());
    let ranked =
        ranked.map_or(keys, |indices| indices.ranked.iter().map(|&row| indices.parameter(row)).collect());
    items.push(Item::Table(evidence::varied(&experiment.base, ranked.into_iter())));
    items.extend(evidence::items(&experiment.base));
    items.extend([Item::Heading(both("Limits of use", "使用限制")), evidence::not_for()]);
    Section { id: "words", title: both("Summary", "结论摘要"), items }
}

/// The strongest parameter and the next, and whether their intervals leave the order open.
fn strongest(experiment: &Experiment, indices: &Indices) -> Option<Sentence> {
    let first = *indices.ranked.first()?;
    let number = |row: usize, column: &str| indices.number(row, column);
    let of = indices.measured();
    let unit = of.map(claim::difference_unit).unwrap_or_default();
    let mut items = vec![
        ("what", title(experiment, &indices.asked).into()),
        ("a", Both::same(indices.parameter(first)).into()),
        ("said", Both::from(indices.ranking.said).into()),
        ("unit", unit.into()),
        ("a_value", number(first, "value")),
        ("a_low", number(first, "ci95_low")),
        ("a_high", number(first, "ci95_high")),
    ];
    let Some(&second) = indices.ranked.get(1) else {
        return Some(sentence(
            "{what}: {a}, {said} {a_value} [{a_low}, {a_high}]{unit}.",
            "{what}：{a}，{said} {a_value} [{a_low}, {a_high}]{unit}。",
            &items,
        ));
    };
    let apart = indices.sheet.number(first, "ci95_low") > indices.sheet.number(second, "ci95_high");
    let verdict = match apart {
        true => both("their intervals do not overlap", "两者区间不重叠"),
        false => {
            both("their intervals overlap, so that their order is uncertain", "两者区间重叠，次序不确定")
        }
    };
    items.extend([
        ("b", Both::same(indices.parameter(second)).into()),
        ("b_value", number(second, "value")),
        ("b_low", number(second, "ci95_low")),
        ("b_high", number(second, "ci95_high")),
        ("verdict", verdict.into()),
    ]);
    Some(sentence(
        "{what}: the most influential is {a}, {said} {a_value} [{a_low}, {a_high}]{unit}; next {b}, {b_value} [{b_low}, {b_high}]; \
         {verdict}.",
        "{what}：影响最大的是 {a}，{said} {a_value} [{a_low}, {a_high}]{unit}；其次是 {b}，{b_value} [{b_low}, {b_high}]；{verdict}。",
        &items,
    ))
}

/// Which parameters do more than one that does nothing.
fn above_floors(experiment: &Experiment, indices: &Indices) -> Sentence {
    let is_above = |row: &&usize| indices.sheet.number(**row, "value") > indices.floor(**row);
    let keys: Vec<&str> = indices.ranked.iter().filter(is_above).map(|&row| indices.parameter(row)).collect();
    let list = if keys.is_empty() { both("none", "无") } else { evidence::keys_named(&keys) };
    sentence(
        "{what}: above their floors: {list}. A parameter without influence is above its floor in one sample of \
         twenty; none can be above its ceiling, which is lower for parameters with fewer values.",
        "{what}：超过下限的参数：{list}。没有影响的参数在二十个样本中有一个超过下限；任何参数都不会超过上限，取值越少，上限越低。",
        &[("what", title(experiment, &indices.asked).into()), ("list", list.into())],
    )
}

/// What has converged, and the share of noise.
pub fn certainty(experiment: &Experiment, sheet: &Sheet, row: usize, indices: &Indices) -> Vec<Sentence> {
    let held = sheet.text(row, "converged");
    let what = || ("what", title(experiment, &indices.asked).into());
    // Version 0.1.0 listed in one column what has converged.
    let is = |name: &str| match sheet.text(row, &format!("{name}_converged")) {
        "" => held.split(' ').any(|word| word == name),
        flag => flag == "true",
    };
    let list = |wanted: bool| {
        let names =
            [("values", "values", "数值"), ("ranks", "ranks", "排序"), ("screening", "screening", "筛选")];
        let own: Vec<_> = names.iter().filter(|(name, ..)| is(name) == wanted).collect();
        let joined = |one: &dyn Fn(&(&str, &str, &str)) -> String, between: &str, none: &str| match own.len()
        {
            0 => none.to_string(),
            _ => own.iter().map(|name| one(name)).collect::<Vec<_>>().join(between),
        };
        both(joined(&|name| name.1.into(), ", ", "nothing"), joined(&|name| name.2.into(), "、", "无"))
    };
    let mut all = vec![sentence(
        "{what}: converged: {held}; not converged: {missed} (widest interval {width}, of {n} units).",
        "{what}：已收敛：{held}；未收敛：{missed}（最宽区间 {width}，共 {n} 个单元）。",
        &[
            what(),
            ("held", list(true).into()),
            ("missed", list(false).into()),
            ("width", Number::of(sheet, row, "widest_interval").decimals(3)),
            ("n", Number::of(sheet, row, "n").whole()),
        ],
    )];
    let noise = Number::of(sheet, row, "noise_share");
    if !noise.value.is_nan() {
        all.push(sentence(
            "{what}: random numbers account for {noise} % of the variance between points.",
            "{what}：设计点间方差的 {noise}% 来自随机数。",
            &[what(), ("noise", noise.per_cent(1))],
        ));
    }
    all
}

/// What intervals of indices hold for.
pub fn intervals() -> Sentence {
    sentence(
        "Random variation and parameters: intervals are 95 % bootstrap intervals over the points of the design, and hold \
         for the given ranges of the parameters.",
        "随机波动与参数：区间为对设计点自助抽样的 95% 置信区间，只对给定的取值范围成立。",
        &[],
    )
}

/// Which of the parameters are assumed, the strongest first.
fn rests(experiment: &Experiment, indices: &Indices) -> Sentence {
    let is_assumed = |key: &str| index().key(key).is_some_and(|key| key.grade == Grade::Assumed);
    let keys = indices.ranked.iter().map(|&row| indices.parameter(row)).filter(|key| is_assumed(key));
    let keys: Vec<&str> = keys.collect();
    let none = both("none of those that vary", "变动的参数中没有");
    let list = if keys.is_empty() { none } else { evidence::keys_named(&keys) };
    sentence(
        "{what}: parameters whose defaults are assumed, by influence: {list}.",
        "{what}：默认值为假定的参数，按影响排列：{list}。",
        &[("what", title(experiment, &indices.asked).into()), ("list", list.into())],
    )
}

/// The parameters by rank.
fn tornado(experiment: &Experiment, indices: &Indices, number: usize) -> Option<Chart> {
    let Indices { sheet, asked, ranking, ranked } = indices;
    let series = |name: Text, mark: Mark, row_of: &dyn Fn(usize) -> Option<usize>| {
        let mut series = Series { mark, ..Series::named(name) };
        for &row in ranked {
            let number = |column| row_of(row).map_or(f64::NAN, |row| sheet.number(row, column));
            series.push(number("value"), number("ci95_low"), number("ci95_high"));
        }
        series
    };
    let mut all = vec![series(ranking.names[0], Mark::Bar, &Some)];
    if ranking.beside.is_some() {
        all.push(series(ranking.names[1], Mark::Dot, &|row| indices.beside(indices.parameter(row))));
    }
    if indices.has_floors() {
        let mean = ranked.iter().map(|&row| indices.floor(row)).collect();
        all.push(Series { mark: Mark::Limit, mean, ..Series::named(both("floor", "下限")) });
    }
    let what = title(experiment, asked);
    let row = |&row: &usize| Row { name: Both::same(indices.parameter(row)), heading: None };
    let chart = Chart {
        id: format!("tornado-{}", number + 1),
        file: Some(slug([asked.of, asked.window, asked.arm].join(" ").trim())),
        title: both!("{what}: influence of each parameter", "{what}：各参数的影响"; what = what),
        note: match indices.has_floors() {
            true => both(
                "Lines: 95 % bootstrap interval; floor: the level that a parameter without influence exceeds in one \
                 sample of twenty.",
                "线段为 95% 自助法置信区间；下限：没有影响的参数在二十个样本中有一个会超过的水平。",
            ),
            false => both("Lines: 95 % bootstrap interval.", "线段为 95% 自助法置信区间。"),
        },
        panels: vec![Panel {
            form: Form::Dots,
            scale: indices.scale(),
            rows: ranked.iter().map(row).collect(),
            series: all,
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

/// What pairs of parameters do together beyond their own.
fn interactions(experiment: &Experiment, indices: &Indices, number: usize) -> Option<Chart> {
    let rows = find(indices.sheet, &indices.asked, "S2");
    let keys: Vec<&str> = indices.ranked.iter().map(|&row| indices.parameter(row)).collect();
    let mut mean = vec![f64::NAN; keys.len() * keys.len()];
    for row in rows {
        let place = |column| keys.iter().position(|key| *key == indices.sheet.text(row, column));
        if let (Some(a), Some(b)) = (place("parameter"), place("other")) {
            let value = indices.sheet.number(row, "value");
            (mean[a * keys.len() + b], mean[b * keys.len() + a]) = (value, value);
        }
    }
    let what = title(experiment, &indices.asked);
    let chart = Chart {
        id: format!("interactions-{}", number + 1),
        title: both(format!("{}: pairs", what.en), format!("{}：两两交互", what.zh)),
        note: both(
            "Share of the variance due to the interaction of two parameters (S2); values slightly below zero mean zero.",
            "两个参数的交互作用所占的方差比例（S2）；略小于零即为零。",
        ),
        panels: vec![Panel {
            form: Form::Heat,
            scale: Scale {
                from_zero: true,
                ..Scale::plain(both("share of the outcome's variance", "占结果方差的比例"), 2)
            },
            rows: keys.iter().map(|key| Row { name: Both::same(key), heading: None }).collect(),
            columns: keys.iter().map(|key| Both::same(key)).collect(),
            series: vec![Series { name: Both::same("S2"), mean, ..Series::default() }],
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font;

    #[test]
    fn pictures_can_write_what_rankings_say() {
        for ranking in &RANKINGS {
            for words in [ranking.names[0], ranking.names[1], ranking.axis] {
                assert!(font::can_write(words.en) && font::can_write(words.zh), "{words:?}");
            }
        }
    }
}
