//! The brief of a search: which mixes no other beats, what they give and what they set.

use std::io;

use super::standing::{Standing, called, first_of, ranking};
use super::{Brief, Figure, Part, assumed_of, certainty, foot};
use crate::draw::ranking::Direction;
use crate::page::experiment::Experiment;
use crate::page::folder::Folder;
use crate::page::search::{self, Asked, Found, answer, levers, spans};
use crate::page::sentence::{Cell, Item, Sentence, sentence};
use shequ_model::base::i18n::{Both, both};

/// Mixes that a page has room for, and those of which it says what they set.
const MOST: usize = 5;
const SET: usize = 3;

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder) -> io::Result<Brief> {
    let (experiment, found) = (Experiment::of(folder)?, Found::of(folder)?);
    let measures = found.measures();
    let first = measures.first().map_or_else(|| found.best(), |measure| found.best_for(measure));
    let mut parts: Vec<Part> = settings(&found, &first).into_iter().collect();
    // A theory stands among what is assumed.
    let mut sure = search::certainty(folder, &experiment);
    sure.pop();
    parts.extend([certainty(sure), assumed_of(&experiment, &levers(&found))]);
    Ok(Brief {
        of: experiment.name.clone(),
        answer: answer(&found, &measures, ["", ""]),
        lead: spans(&found, &measures),
        figures: measures
            .iter()
            .filter(|measure| measure.is_objective)
            .take(2)
            .enumerate()
            .map(|(at, measure)| figure(&found, measure, at))
            .collect(),
        parts,
        foot: foot(folder),
    })
}

/// What each mix of the front changes in one objective.
fn figure(found: &Found, measure: &Asked, at: usize) -> Figure {
    let standing = |&mix: &usize| {
        let number =
            |column: &str| found.row(mix, measure).map_or(f64::NAN, |row| found.front.number(row, column));
        let values = ["change", "change_ci95_low", "change_ci95_high"].map(number);
        let (words, direction) = match (values[1] > 0.0, values[2] < 0.0) {
            (true, _) => (both("higher", "上升"), Direction::Higher),
            (_, true) => (both("lower", "下降"), Direction::Lower),
            _ => (both("not significant", "不显著"), Direction::Open),
        };
        Standing::on(measure.metric(), found.name(mix), values, words, direction)
    };
    let best = found.best_for(measure);
    let (what, left_out) = (measure.name(), first_of(best.len(), MOST));
    ranking(
        ["brief-first", "brief-second"][at.min(1)],
        both!("{what}: change against the base", "{what}：相对基准的变化"; what = what),
        both!(
            "Mixes that no other beats, the best first, by replicates that the search has not seen. Line: 95 % interval. \
             Hollow: it includes zero.{left_out}",
            "未被其他组合全面超过者，最好者在前，由搜索未用过的重复得出。线段：95% 置信区间。空心：区间含零。{left_out}";
            left_out = left_out
        ),
        measure.metric(),
        best.iter().take(MOST).map(standing).collect(),
    )
}

/// What the first of these mixes set, a line for each.
fn settings(found: &Found, mixes: &[usize]) -> Option<Part> {
    let keys = levers(found);
    let line = |&mix: &usize| {
        let mut items: Vec<(String, Item)> =
            vec![("mix".into(), Cell::of(&found.mixes, mix, "design_row").whole())];
        let mut template = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            let (name, value) = (format!("key{at}"), format!("value{at}"));
            items.push((name.clone(), called(key).into()));
            items.push((
                value.clone(),
                match found.mixes.has_numbers(key) {
                    true => Cell::of(&found.mixes, mix, key).significant(),
                    false => Both::same(found.mixes.text(mix, key)).into(),
                },
            ));
            template.push(format!("{{{name}}}: {{{value}}}"));
        }
        let items: Vec<(&str, Item)> =
            items.iter().map(|(name, item)| (name.as_str(), item.clone())).collect();
        let english = format!("Mix {{mix}}: {}.", template.join("; "));
        sentence(&english, &format!("组合 {{mix}}：{}。", template.join("；")), &items)
    };
    let lines: Vec<Sentence> = mixes.iter().take(SET).map(line).collect();
    (!lines.is_empty()).then(|| Part { title: both("What do they set?", "如何设置？"), lines })
}
