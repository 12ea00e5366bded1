//! The brief of a sensitivity study: which parameters matter, and which do not.

use std::io;

use super::standing::{MOST, Standing, called, first_of, ranking_in};
use super::{Brief, Figure, assumed_of, certainty, foot};
use crate::draw::ranking::Direction;
use crate::page::claim::difference_unit;
use crate::page::experiment::Experiment;
use crate::page::folder::Folder;
use crate::page::sensitivity::{self, Indices, intervals};
use crate::page::sentence::{Sentence, sentence};
use crate::page::sweep::{Points, title};
use crate::shown::Shown;
use shequ_model::base::i18n::both;
use shequ_model::metric::Metric;

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder) -> io::Result<Brief> {
    let experiment = Experiment::of(folder)?;
    let (sheet, convergence) = (folder.sheet("indices")?, folder.sheet("convergence")?);
    let points = Points::of(folder)?;
    let asked = sensitivity::asked(&convergence);
    let all: Vec<(usize, Indices)> = asked
        .into_iter()
        .enumerate()
        .filter_map(|(row, asked)| Some((row, Indices::of(&sheet, asked)?)))
        .collect();
    let Some((row, first)) = all.first() else { return nothing(folder, &experiment, &points) };
    let mut sure = sensitivity::certainty(&experiment, &convergence, *row, first);
    sure.push(intervals());
    let varied = points.keys();
    Ok(Brief {
        of: experiment.name.clone(),
        answer: answer(&experiment, first, ["", ""]),
        lead: all[1..].iter().take(1).map(|(_, indices)| answer(&experiment, indices, [".", "。"])).collect(),
        figures: vec![figure(&experiment, first)],
        parts: vec![certainty(sure), assumed_of(&experiment, &varied)],
        foot: foot(folder),
    })
}

/// Where there are no indices.
fn nothing(folder: &Folder, experiment: &Experiment, points: &Points) -> io::Result<Brief> {
    Ok(Brief {
        of: experiment.name.clone(),
        answer: sentence(
            "No outcome varies over the design, so that no parameter can be told to matter",
            "各设计点的结果没有变化，无法判断哪个参数重要",
            &[],
        ),
        lead: Vec::new(),
        figures: Vec::new(),
        parts: vec![assumed_of(experiment, &points.keys())],
        foot: foot(folder),
    })
}

/// The strongest parameter of those that are shown to matter, and whether another may matter as much, up to the `end` of the
/// sentence.
fn answer(experiment: &Experiment, indices: &Indices, end: [&str; 2]) -> Sentence {
    let what = ("what", title(experiment, &indices.asked).into());
    let number = |row: usize, column: &str| indices.sheet.number(row, column);
    let Some(first) = indices.ranked.iter().copied().find(|&row| matters(indices, row)) else {
        return sentence(
            &format!("{{what}}: undecided; no parameter is shown to matter{}", end[0]),
            &format!("{{what}}：尚不能判定；没有参数被证明有影响{}", end[1]),
            &[what],
        );
    };
    let unit = indices.measured().map(difference_unit).unwrap_or_default();
    let mut items = vec![
        what,
        ("a", called(indices.parameter(first)).into()),
        ("value", indices.number(first, "value")),
        ("low", indices.number(first, "ci95_low")),
        ("high", indices.number(first, "ci95_high")),
        ("unit", unit.into()),
    ];
    let reaches = |&row: &usize| row != first && number(row, "ci95_high") >= number(first, "ci95_low");
    let (en, zh) = match indices.ranked.iter().copied().find(reaches) {
        None => ("", ""),
        Some(second) => {
            items.push(("b", called(indices.parameter(second)).into()));
            ("; \"{b}\" may matter as much", "；“{b}”可能同样重要")
        }
    };
    sentence(
        &format!("{{what}}: \"{{a}}\" matters most, {{value}}{{unit}} ({{low}} to {{high}}){en}{}", end[0]),
        &format!("{{what}}：“{{a}}”最重要，{{value}}{{unit}}（{{low}} 至 {{high}}）{zh}{}", end[1]),
        &items,
    )
}

/// The parameters by influence on the first outcome.
fn figure(experiment: &Experiment, indices: &Indices) -> Figure {
    let of = indices.measured();
    let standing = |&row: &usize| standing(indices, of, row);
    let unit = match of {
        Some(metric) => difference_unit(metric),
        None => indices.axis(),
    };
    let what = title(experiment, &indices.asked);
    let note = both!(
        "Influence on: {what}. Measure: {said}. Line: 95 % bootstrap interval. Hollow: not told from zero.{left_out}",
        "所影响的是：{what}。度量：{said}。线段：95% 自助法置信区间。空心：不能与零区分。{left_out}";
        what = what, said = indices.said(), left_out = first_of(indices.ranked.len(), MOST)
    );
    ranking_in(
        both(unit.en.trim(), unit.zh.trim()),
        false,
        "brief-parameters",
        both("Which parameters matter", "哪些参数重要"),
        note,
        indices.ranked.iter().take(MOST).map(standing).collect(),
    )
}

/// True of a parameter that is shown to matter: its interval lies above zero or, where there is a floor, its value above
/// that.
fn matters(indices: &Indices, row: usize) -> bool {
    let floor = indices.floor(row);
    let number = |column: &str| indices.sheet.number(row, column);
    if floor.is_nan() { number("ci95_low") > 0.0 } else { number("value") > floor }
}

/// The influence of one parameter.
fn standing(indices: &Indices, of: Option<&Metric>, row: usize) -> Standing {
    let values = ["value", "ci95_low", "ci95_high"].map(|column| indices.sheet.number(row, column));
    let said = match matters(indices, row) {
        true => (both("matters", "有影响"), Direction::Higher),
        false => (both("may not matter", "可能没有影响"), Direction::Open),
    };
    let name = called(indices.parameter(row));
    match of {
        None => Standing::plain(2, false, name, values, said),
        Some(metric) => {
            let shown = |language| Shown::of(metric, language).rough((values[2] - values[1]) / 2.0);
            Standing::shown(shown, false, name, values, said)
        }
    }
}
