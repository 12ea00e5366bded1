//! The brief of a calibration: how many targets the fitted model meets, and which it does not.

use std::io;

use super::standing::{MOST, Standing, called, first_of, ranking_in};
use super::{Brief, Figure, Part, assumed_of, certainty, foot};
use crate::draw::ranking::Direction;
use crate::page::calibration::{self, Found, all_of, conflicts, deviations, keys, met_of};
use crate::page::experiment::Experiment;
use crate::page::folder::Folder;
use crate::page::sentence::{Sentence, sentence};
use crate::targets::called_with_id;
use shequ_experiment::targets::score::WITHIN;
use shequ_model::base::i18n::{Both, Language, both};

/// Conflicts that a page has room for.
const CONFLICTS: usize = 3;

/// Everything.
///
/// # Errors
/// An I/O error if a table cannot be read or is not as this program writes it.
pub fn brief(folder: &Folder) -> io::Result<Brief> {
    let (experiment, found) = (Experiment::of(folder)?, Found::of(folder)?);
    let varied = keys(&found);
    let mut parts = Vec::new();
    let conflicts = conflicts(&found);
    if !conflicts.is_empty() {
        let title = both("What cannot be met?", "哪些目标无法满足？");
        parts.push(Part { title, lines: conflicts.into_iter().take(CONFLICTS).collect() });
    }
    parts.push(learnt(&found));
    parts.push(certainty(calibration::certainty(&experiment, &found)));
    parts.push(assumed_of(&experiment, &varied));
    Ok(Brief {
        of: experiment.name.clone(),
        answer: answer(&found),
        lead: lead(&found),
        figures: figure(&found).into_iter().collect(),
        parts,
        foot: foot(folder),
    })
}

/// How many targets are met: those that values were fitted to, and those that were held back.
fn answer(found: &Found) -> Sentence {
    sentence(
        "The fitted model meets {met} of {all} targets that it was fitted to, and {held_met} of {held} that were held back",
        "拟合后的模型满足 {all} 个拟合目标中的 {met} 个，以及 {held} 个留出目标中的 {held_met} 个",
        &[
            ("met", met_of(found, 0)),
            ("all", all_of(found, 0)),
            ("held_met", met_of(found, 1)),
            ("held", all_of(found, 1)),
        ],
    )
}

/// Which of them are missed, by what they are.
fn lead(found: &Found) -> Vec<Sentence> {
    let missed = |used: &str| calibration::named(&found.ids(used, "missed"));
    vec![sentence(
        "Missed: {fitted} of the fitted, {held} of those held back.",
        "未满足：拟合目标 {fitted}；留出目标 {held}。",
        &[("fitted", missed("fit").into()), ("held", missed("hold_out").into())],
    )]
}

/// Which parameters the targets say something about.
fn learnt(found: &Found) -> Part {
    let of = |wanted: bool| {
        let names: Vec<Both> = found.informed(wanted).into_iter().map(called).collect();
        Both::by(|language| match names.len() {
            0 => both("none", "无").of(language).to_string(),
            _ => {
                let names: Vec<&str> = names.iter().map(|name| name.of(language)).collect();
                names.join(if language == Language::En { "; " } else { "；" })
            }
        })
    };
    let said = |en, zh, wanted| -> Sentence { sentence(en, zh, &[("list", of(wanted).into())]) };
    Part {
        title: both("What was learnt?", "得到了什么？"),
        lines: vec![
            said("The targets inform: {list}.", "目标有所约束：{list}。", true),
            said("As doubtful as before: {list}.", "与之前同样不确定：{list}。", false),
        ],
    }
}

/// The targets that have a size, the furthest first.
fn figure(found: &Found) -> Option<Figure> {
    let median = |row: usize| deviations(found, row, "posterior_median").abs();
    let mut rows: Vec<usize> = (0..found.predictions.rows()).filter(|&row| !median(row).is_nan()).collect();
    rows.sort_by(|&a, &b| median(b).total_cmp(&median(a)));
    let standing = |&row: &usize| {
        let values = ["posterior_median", "posterior_p05", "posterior_p95"]
            .map(|column| deviations(found, row, column));
        let used = match found.predictions.text(row, "use") {
            "fit" => both("fitted", "用于拟合"),
            _ => both("held back", "留出"),
        };
        let (verdict, direction) = match (found.predictions.text(row, "verdict"), values[0] > 0.0) {
            ("missed", true) => (both("too high", "过高"), Direction::Higher),
            ("missed", false) => (both("too low", "过低"), Direction::Lower),
            ("met", _) => (both("met", "满足"), Direction::Open),
            _ => (both("undecided", "无法判断"), Direction::Open),
        };
        let target = &found.targets[row];
        let name = called_with_id(target);
        let said = both!("{verdict}, {used}", "{verdict}，{used}"; verdict = verdict, used = used);
        Standing::plain(1, true, name, values, (said, direction))
    };
    let standings: Vec<Standing> = rows.iter().take(MOST).map(standing).collect();
    let note = both!(
        "Those furthest off: median and 90 % interval of the posterior, less what was observed. Hollow: met, within {within} \
         standard deviations, or undecided.{left_out}",
        "偏离最大者：后验中位数与 90% 区间减去观测值。空心：满足（相差不超过 {within} 个标准差）或无法判断。{left_out}";
        within = WITHIN, left_out = first_of(rows.len(), MOST)
    );
    (!standings.is_empty()).then(|| {
        ranking_in(
            both("standard deviations from what was observed", "与观测值相差的标准差"),
            true,
            "brief-targets",
            both("How far the model is from its targets", "模型与目标的差距"),
            note,
            standings,
        )
    })
}
