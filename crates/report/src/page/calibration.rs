//! The report of a calibration: which targets the model meets, what was learnt about its parameters, and what was not.

use std::io;

use super::experiment::Experiment;
use super::folder::Folder;
use super::sentence::{Cell as Number, Item as Named, Sentence, Source, sentence};
use super::{Cell, Content, Grid, Item, Section, evidence, provenance};
use crate::brief;
use crate::chart::{Chart, Form, Mark, Panel, Row, Scale, Series};
use crate::targets::{self, aim, called_with_id, distance, interval_of};
use shequ_experiment::file::resolved::TARGETS;
use shequ_experiment::record::sheet::Sheet;
use shequ_experiment::targets::score::WITHIN;
use shequ_experiment::targets::{Target, table};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::problem;
use shequ_model::base::units::unit;
use shequ_model::scenario::index;

/// Targets that a sentence names at most.
const NAMED: usize = 8;

/// The tables, and the targets as they were given.
pub struct Found {
    /// As they were given.
    pub targets: Vec<Target>,
    /// What the model gives for each.
    pub predictions: Sheet,
    /// Priors and posteriors.
    pub parameters: Sheet,
    waves: Sheet,
    conflicts: Sheet,
    influence: Sheet,
}

impl Found {
    /// Those of a folder.
    ///
    /// # Errors
    /// An I/O error if a table cannot be read or is not as this program writes it.
    pub fn of(folder: &Folder) -> io::Result<Found> {
        let written = folder.text(TARGETS)?;
        let targets = table::read(&problem::Source::file(TARGETS, written)).map_err(io::Error::other)?;
        Ok(Found {
            targets,
            predictions: folder.sheet("predictions")?,
            parameters: folder.sheet("parameters")?,
            waves: folder.sheet("waves")?,
            conflicts: folder.sheet("conflicts")?,
            influence: folder.sheet("influence")?,
        })
    }

    /// Rows of the targets for one use.
    fn used(&self, used: &str) -> Vec<usize> {
        (0..self.predictions.rows()).filter(|&row| self.predictions.text(row, "use") == used).collect()
    }

    /// The ids of the targets for one use that have a verdict.
    pub fn ids(&self, used: &str, verdict: &str) -> Vec<&str> {
        let rows = self.used(used).into_iter().filter(|&row| self.is(row, verdict));
        rows.map(|row| self.predictions.text(row, "target")).collect()
    }

    /// The parameters that the targets say something about, or those that they do not.
    pub fn informed(&self, wanted: bool) -> Vec<&str> {
        let rows = 0..self.parameters.rows();
        let own = rows.filter(|&row| (self.parameters.text(row, "informed") == "true") == wanted);
        own.map(|row| self.parameters.text(row, "parameter")).collect()
    }

    fn is(&self, row: usize, verdict: &str) -> bool {
        self.predictions.text(row, "verdict") == verdict
    }
}

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn content(folder: &Folder) -> io::Result<Content> {
    let (experiment, found) = (Experiment::of(folder)?, Found::of(folder)?);
    Ok(Content {
        title: experiment.name.clone(),
        subtitle: both("Parameters fitted to targets", "按目标拟合的参数"),
        sections: vec![
            summary(&experiment, &found),
            Section {
                id: "targets",
                title: both("Targets", "目标"),
                items: picture(targets_chart(&found)).chain([Item::Table(targets_table(&found))]).collect(),
            },
            Section {
                id: "parameters",
                title: both("Parameters", "参数"),
                items: picture(parameters_chart(&found))
                    .chain([Item::Table(parameters_table(&found))])
                    .chain(picture(influence_chart(&found)))
                    .collect(),
            },
            Section {
                id: "waves",
                title: both("How it was found", "求解过程"),
                items: vec![Item::List(method()), Item::Table(waves_table(&found))],
            },
            provenance::section(folder, experiment.differences(folder)?),
        ],
        beside: Vec::new(),
    })
}

fn picture(chart: Option<Chart>) -> impl Iterator<Item = Item> {
    chart.into_iter().map(|chart| Item::Picture(Box::new(chart)))
}

fn summary(experiment: &Experiment, found: &Found) -> Section {
    let mut items = vec![
        Item::Heading(both("Question", "研究问题")),
        Item::Paragraph(vec![sentence(
            "Which values of {keys} are plausible under \"{base}\", given what was observed?",
            "在“{base}”之下，根据观测结果，{keys} 的哪些取值可信？",
            &[("keys", evidence::keys_named(&keys(found)).into()), ("base", experiment.base_name().into())],
        )]),
        Item::Heading(both("Findings", "研究发现")),
        Item::List(vec![met(found, 0), met(found, 1), informed(found)]),
        Item::Table(counts(found)),
    ];
    let conflicts = conflicts(found);
    if !conflicts.is_empty() {
        items.push(Item::Heading(both("What cannot be met", "无法满足的目标")));
        items.push(Item::List(conflicts));
    }
    items.extend([Item::Heading(both("Uncertainty", "不确定性")), Item::List(certainty(experiment, found))]);
    items.extend(evidence::items(&experiment.base));
    Section { id: "words", title: both("Summary", "结论摘要"), items }
}

/// How sure it is.
pub fn certainty(experiment: &Experiment, found: &Found) -> Vec<Sentence> {
    vec![
        sentence(
            "Intervals hold nine tenths of the posterior. A target is met if the mean of the posterior is within \
                 two standard deviations of what was observed, counting the error of the observation, its transfer \
                 from another place or year, what the model leaves out, and the chance of the replicates.",
            "区间包含后验的九成。若后验均值与观测值相差不超过两个标准差，则视为满足；标准差计入观测误差、由异地异年移用的误差、模型未涵盖的部分与重复的随机波动。",
            &[],
        ),
        left(found),
        sentence(
            "Targets count as independent of one another. Where several come from one survey, the posterior is too \
                 narrow.",
            "各目标视为相互独立；若若干目标来自同一调查，后验会偏窄。",
            &[],
        ),
        evidence::theory(&experiment.base),
    ]
}

/// The parameters.
pub fn keys(found: &Found) -> Vec<&str> {
    (0..found.parameters.rows()).map(|row| found.parameters.text(row, "parameter")).collect()
}

/// The ids of targets, at most so many of them.
pub fn named(ids: &[&str]) -> Both {
    match ids.len() {
        0 => both("none", "无"),
        n if n <= NAMED => both(ids.join(", "), ids.join("、")),
        _ => {
            let first = &ids[..NAMED];
            both(format!("{} and others", first.join(", ")), format!("{} 等", first.join("、")))
        }
    }
}

/// The uses of targets, as tables call them and as people do.
const USES: [(&str, Text); 2] =
    [("fit", text("fitted", "用于拟合")), ("hold_out", text("held back", "留出"))];
/// The verdicts, likewise.
const VERDICTS: [(&str, Text); 4] = [
    ("met", text("met", "满足")),
    ("missed", text("missed", "不满足")),
    ("open", text("undecided", "无法判断")),
    ("", text("without a value", "无数值")),
];
/// Id of the table of verdicts.
const COUNTS: &str = "verdicts";

/// How many targets of each use have each verdict.
fn counts(found: &Found) -> Grid {
    let row = |(used, name): &(&str, Text)| {
        let rows = found.used(used);
        let of = |verdict: &str| rows.iter().filter(|&&row| found.is(row, verdict)).count();
        let counts = std::iter::once(rows.len()).chain(VERDICTS.iter().map(|(verdict, _)| of(verdict)));
        let cells = counts.map(|count| number(count.to_string()));
        std::iter::once(Cell::Words((*name).into())).chain(cells).collect()
    };
    let head = [both("use", "用途"), both("targets", "目标数")].into_iter();
    Grid {
        id: COUNTS,
        caption: both("Verdicts", "判断"),
        head: head.chain(VERDICTS.iter().map(|(_, name)| (*name).into())).collect(),
        rows: USES.iter().map(row).collect(),
        folded: true,
    }
}

/// A cell of the table of verdicts.
fn count(place: usize, column: usize, count: usize) -> Named {
    let source = Source { table: COUNTS.into(), row: (place + 1).to_string(), column: column.to_string() };
    Number { value: count as f64, source }.whole()
}

/// How many targets there are of one use, by its place among the uses.
pub fn all_of(found: &Found, place: usize) -> Named {
    count(place, 2, found.used(USES[place].0).len())
}

/// How many of them are met.
pub fn met_of(found: &Found, place: usize) -> Named {
    count(place, 3, found.ids(USES[place].0, VERDICTS[0].0).len())
}

/// Which targets of one use, by its place among the uses, are met, and which are not.
fn met(found: &Found, place: usize) -> Sentence {
    let (used, called) = USES[place];
    let rest = VERDICTS[1..].iter().map(|(verdict, word)| (found.ids(used, verdict), Both::from(*word)));
    let said: Vec<Both> = rest
        .filter(|(ids, _)| !ids.is_empty())
        .map(|(ids, word)| both!("; {word}: {ids}", "；{word}：{ids}"; ids = named(&ids), word = word))
        .collect();
    let joined = both(
        said.iter().map(|said| said.en.as_str()).collect::<String>(),
        said.iter().map(|said| said.zh.as_str()).collect::<String>(),
    );
    sentence(
        "Targets that were {called}: {met} of {all} are met{rest}.",
        "{called}的目标共 {all} 个，满足 {met} 个{rest}。",
        &[
            ("called", Both::from(called).into()),
            ("met", met_of(found, place)),
            ("all", all_of(found, place)),
            ("rest", joined.into()),
        ],
    )
}

/// Which parameters the targets say something about.
fn informed(found: &Found) -> Sentence {
    let list = |keys: &[&str]| if keys.is_empty() { both("none", "无") } else { evidence::keys_named(keys) };
    sentence(
        "Parameters that the targets inform: {informed}. Parameters that keep their priors: {others}.",
        "目标有所约束的参数：{informed}。保持先验的参数：{others}。",
        &[("informed", list(&found.informed(true)).into()), ("others", list(&found.informed(false)).into())],
    )
}

/// Targets that cannot be met, alone or together.
pub fn conflicts(found: &Found) -> Vec<Sentence> {
    let sheet = &found.conflicts;
    let of = |row: usize| {
        let words = |column| Both::same(sheet.text(row, column));
        match sheet.text(row, "other_target") {
            "" => sentence(
                "{target}: no values of these parameters meet it.",
                "{target}：这些参数的任何取值都不能满足。",
                &[("target", words("target").into())],
            ),
            _ => sentence(
                "{target} and {with}: each can be met ({a} % and {b} % of the prior do), but not both together.",
                "{target} 与 {with}：可分别满足（先验的 {a}% 与 {b}%），但不能同时满足。",
                &[
                    ("target", words("target").into()),
                    ("with", words("other_target").into()),
                    ("a", Number::of(sheet, row, "share_met").per_cent(1)),
                    ("b", Number::of(sheet, row, "share_with_met").per_cent(1)),
                ],
            ),
        }
    };
    (0..sheet.rows()).map(of).collect()
}

/// How much of the prior is not ruled out in the end.
fn left(found: &Found) -> Sentence {
    let last = found.waves.rows().saturating_sub(1);
    sentence(
        "After wave {wave}, {left} % of the prior is left; a point more than {bound} standard deviations from any target \
         is ruled out.",
        "第 {wave} 轮之后，先验的 {left}% 未被排除；与某一目标相差超过 {bound} 个标准差即排除。",
        &[
            ("wave", Number::of(&found.waves, last, "wave").whole()),
            ("left", Number::of(&found.waves, last, "share_left").per_cent(2)),
            ("bound", Number::of(&found.waves, last, "bound").decimals(1)),
        ],
    )
}

fn method() -> Vec<Sentence> {
    vec![
        sentence(
            "Waves of history matching rule out values of the parameters whose figures are too far from some target. \
             Each wave is run where nothing is ruled out yet; between the points that were run, a polynomial of \
             second degree stands for the model, with its error.",
            "历史匹配逐轮排除使某一目标相差过大的参数取值。每轮只在尚未排除之处模拟；模拟点之间以二次多项式代替模型，并计入其误差。",
            &[],
        ),
        sentence(
            "The last wave are draws of the posterior under the polynomials, each weighted by what the model gives there \
             in the place of what the polynomials expected.",
            "最后一轮是多项式之下的后验抽样，并按模型实际结果与多项式预期之比加权。",
            &[],
        ),
    ]
}

/// How a figure stands to its target in standard deviations; NaN where that has no meaning.
pub fn deviations(found: &Found, row: usize, column: &str) -> f64 {
    let number = |column: &str| found.predictions.number(row, column);
    let sd = number("sd");
    if sd > 0.0 { (number(column) - number("value")) / sd } else { f64::NAN }
}

/// Every target that has a size, before and after, in standard deviations from what was observed.
fn targets_chart(found: &Found) -> Option<Chart> {
    let rows: Vec<usize> = [found.used("fit"), found.used("hold_out")].concat();
    let rows: Vec<usize> =
        rows.into_iter().filter(|&row| !deviations(found, row, "posterior_median").is_nan()).collect();
    let series = |name: Both, prefix: &str| {
        let mut series = Series::named(name);
        for &row in &rows {
            let [mean, low, high] =
                ["median", "p05", "p95"].map(|end| deviations(found, row, &format!("{prefix}_{end}")));
            series.push(mean, low, high);
        }
        series
    };
    let first_held = rows.iter().position(|&row| found.predictions.text(row, "use") == "hold_out");
    let row = |(k, &row): (usize, &usize)| {
        let target = &found.targets[row];
        let heading = match k {
            _ if Some(k) == first_held => Some(USES[1].1.into()),
            0 => Some(USES[0].1.into()),
            _ => None,
        };
        Row { name: called_with_id(target), heading }
    };
    let chart = Chart {
        id: "targets".into(),
        file: Some("targets".into()),
        title: both("How far the model is from each target", "模型与各目标的差距"),
        note: both(
            "Medians and 90 % intervals, before and after fitting. Zero is what was observed; within two standard \
             deviations a target is met.",
            "拟合前后的中位数与 90% 区间。零为观测值；相差不超过两个标准差即为满足。",
        ),
        panels: vec![Panel {
            form: Form::Dots,
            scale: Scale {
                differences: true,
                ..Scale::plain(both("standard deviations from the target", "与目标相差的标准差"), 1)
            },
            rows: rows.iter().enumerate().map(row).collect(),
            series: vec![
                series(both("after", "拟合后"), "posterior"),
                series(both("before", "拟合前"), "prior"),
            ],
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

/// Every parameter after, on a scale on which its prior goes from −1 to 1.
fn parameters_chart(found: &Found) -> Option<Chart> {
    let sheet = &found.parameters;
    let mut order: Vec<usize> = (0..sheet.rows()).collect();
    order.sort_by(|&a, &b| sheet.number(b, "contraction").total_cmp(&sheet.number(a, "contraction")));
    let mut series = Series::named(both("posterior", "后验"));
    for &row in &order {
        let number = |column: &str| sheet.number(row, column);
        let (median, low, high) = (number("prior_median"), number("prior_p05"), number("prior_p95"));
        let of = |column: &str| {
            let apart = number(column) - median;
            apart / if apart < 0.0 { median - low } else { high - median }
        };
        series.push(of("posterior_median"), of("posterior_p05"), of("posterior_p95"));
    }
    let limit = |value: f64, name: Both| Series {
        mark: Mark::Limit,
        mean: vec![value; order.len()],
        ..Series::named(name)
    };
    let ends =
        [limit(-1.0, both("prior, lower end", "先验下端")), limit(1.0, both("prior, upper end", "先验上端"))];
    let chart = Chart {
        id: "parameters".into(),
        file: Some("parameters".into()),
        title: both("What the targets say about each parameter", "目标对各参数的约束"),
        note: both(
            "Median and 90 % interval of the posterior; −1, 0 and 1 are the lower end, the median and the upper end of \
             the prior.",
            "后验的中位数与 90% 区间；−1、0、1 分别为先验区间的下端、中位数与上端。",
        ),
        panels: vec![Panel {
            form: Form::Dots,
            scale: Scale {
                differences: true,
                ..Scale::plain(both("place within the prior", "在先验中的位置"), 1)
            },
            rows: order
                .iter()
                .map(|&row| Row { name: Both::same(sheet.text(row, "parameter")), heading: None })
                .collect(),
            series: std::iter::once(series).chain(ends).collect(),
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

/// Which parameter moves which target over the prior.
fn influence_chart(found: &Found) -> Option<Chart> {
    let sheet = &found.influence;
    let keys = keys(found);
    let mut ids: Vec<&str> = (0..sheet.rows()).map(|row| sheet.text(row, "target")).collect();
    ids.dedup();
    let mut mean = vec![f64::NAN; ids.len() * keys.len()];
    for row in 0..sheet.rows() {
        let target = ids.iter().position(|id| *id == sheet.text(row, "target"));
        let key = keys.iter().position(|key| *key == sheet.text(row, "parameter"));
        if let (Some(target), Some(key)) = (target, key) {
            mean[key * ids.len() + target] = sheet.number(row, "share_total");
        }
    }
    let chart = Chart {
        id: "influence".into(),
        title: both("Which parameter moves which target", "哪个参数影响哪个目标"),
        note: both(
            "Share of the target's variance over the prior that is due to the parameter, alone and with others.",
            "目标在先验上的方差中由该参数（单独及与其他参数共同）引起的比例。",
        ),
        panels: vec![Panel {
            form: Form::Heat,
            scale: Scale {
                from_zero: true,
                ..Scale::plain(both("share of the target's variance", "占目标方差的比例"), 2)
            },
            rows: keys.iter().map(|key| Row { name: brief::called(key), heading: None }).collect(),
            columns: ids.iter().map(|id| Both::same(id)).collect(),
            series: vec![Series { name: both("share", "比例"), mean, ..Series::default() }],
            ..Panel::default()
        }],
        ..Chart::default()
    };
    chart.if_any()
}

fn number(shown: String) -> Cell {
    Cell::Number(Both::same(&shown))
}

fn targets_table(found: &Found) -> Grid {
    let sheet = &found.predictions;
    let row = |(row, target): (usize, &Target)| {
        let called = |names: &[(&str, Text)], word: &str| {
            names
                .iter()
                .find(|(name, _)| *name == word)
                .map(|(_, name)| Both::from(*name))
                .unwrap_or_default()
        };
        let verdict = called(&VERDICTS, sheet.text(row, "verdict"));
        let used = called(&USES, sheet.text(row, "use"));
        vec![
            Cell::Code(target.id.clone()),
            Cell::Words(targets::called(target)),
            Cell::Number(Both::by(|language| aim(target, language))),
            number(interval_of(sheet, row, "prior")),
            number(interval_of(sheet, row, "posterior")),
            number(distance(sheet.number(row, "distance"))),
            Cell::Words(verdict),
            Cell::Words(used),
        ]
    };
    let rows: Vec<Vec<Cell>> = found.targets.iter().enumerate().map(row).collect();
    Grid {
        id: "predictions",
        caption: both!(
            "Targets, and what the model gives: median and 90 % interval, before and after; met within {within} \
             standard deviations",
            "目标与模型结果：拟合前后的中位数与 90% 区间；相差不超过 {within} 个标准差为满足"; within = WITHIN
        ),
        head: vec![
            both("target", "目标"),
            both("quantity", "项目"),
            both("observed", "观测值"),
            both("before", "拟合前"),
            both("after", "拟合后"),
            both("distance (sd)", "偏离（标准差）"),
            both("verdict", "判断"),
            both("use", "用途"),
        ],
        rows,
        folded: false,
    }
}

fn parameters_table(found: &Found) -> Grid {
    let sheet = &found.parameters;
    let row = |row: usize| {
        let told = match sheet.text(row, "informed") {
            "true" => both("informed", "有约束"),
            _ => both("keeps its prior", "保持先验"),
        };
        let known = index().key(sheet.text(row, "parameter"));
        vec![
            Cell::Code(sheet.text(row, "parameter").into()),
            Cell::Words(known.map(|key| unit(key.unit).into()).unwrap_or_default()),
            number(interval_of(sheet, row, "prior")),
            number(interval_of(sheet, row, "posterior")),
            number(format!("{:.0} %", 100.0 * sheet.number(row, "contraction").max(0.0))),
            Cell::Words(told),
        ]
    };
    Grid {
        id: "fitted",
        caption: both(
            "Parameters: median and 90 % interval, before and after",
            "参数：拟合前后的中位数与 90% 区间",
        ),
        head: vec![
            both("parameter", "参数"),
            both("unit", "单位"),
            both("prior", "先验"),
            both("posterior", "后验"),
            both("variance taken away", "减少的方差"),
            both("verdict", "判断"),
        ],
        rows: (0..sheet.rows()).map(row).collect(),
        folded: false,
    }
}

fn waves_table(found: &Found) -> Grid {
    let sheet = &found.waves;
    let row = |row: usize| {
        let purpose = match sheet.text(row, "purpose") {
            "history" => both("history matching", "历史匹配"),
            "held back" => both("targets held back", "留出的目标"),
            _ => both("draws of the posterior", "后验抽样"),
        };
        let left = 100.0 * sheet.number(row, "share_left");
        vec![
            number(format!("{:.0}", sheet.number(row, "wave"))),
            Cell::Words(purpose),
            number(format!("{:.0}", sheet.number(row, "points"))),
            number(format!("{:.0}", sheet.number(row, "runs"))),
            number(if left < 0.01 { "< 0.01 %".into() } else { format!("{left:.2} %") }),
            number(format!("{:.1}", sheet.number(row, "bound"))),
        ]
    };
    Grid {
        id: "waves",
        caption: both("What was run, and how much of the prior was left", "各轮模拟与先验的剩余部分"),
        head: vec![
            both("wave", "轮次"),
            both("purpose", "目的"),
            both("points", "点数"),
            both("runs", "模拟次数"),
            both("of the prior not ruled out", "先验中未排除的部分"),
            both("cut-off (sd)", "界限（标准差）"),
        ],
        rows: (0..sheet.rows()).map(row).collect(),
        folded: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::i18n::Language;

    #[test]
    fn many_targets_are_not_all_named() {
        assert_eq!(named(&[]).of(Language::En), "none");
        assert_eq!(named(&["A", "B"]).of(Language::Zh), "A、B");
        assert_eq!(named(&["A"; 9]).of(Language::En), "A, A, A, A, A, A, A, A and others");
    }
}
