//! The same question under every theory of participation, in the background.

use serde::Serialize;

use super::answer::{GoOn, Pairs};
use super::question::{Question, THEORIES};
use super::session::{Session, sizes};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problems;
use shequ_model::base::stats::Estimate;
use shequ_report::chart::Chart;
use shequ_report::page::live;

/// Pairs of replicates under each theory.
const PAIRS: u32 = 6;

/// What is known under the theories so far.
#[derive(Serialize)]
pub struct UnderTheories {
    /// The effect under each, in a city as small as the first answer's.
    pub chart: Option<Chart>,
    /// In one sentence.
    pub said: Both,
    /// Theories that have been run, and all.
    pub done: [usize; 2],
}

/// Runs the question under one theory after the other, and hands out what is known after each.
///
/// # Errors
/// What is wrong with the question.
pub fn under_theories(
    session: &Session,
    question: &Question,
    go_on: &GoOn,
    hand_out: &mut dyn FnMut(UnderTheories),
) -> Result<(), Problems> {
    // Its own among them, where the base writes one.
    let all = session.base(question)?.loaded.theories();
    let mut rows: Vec<(Both, Estimate)> = Vec::new();
    for entry in &all {
        let mut own = question.clone();
        own.theory.retain(|(key, _)| *key != THEORIES[0]);
        own.theory.push((THEORIES[0], entry.name.into()));
        let base = session.loaded(&own)?;
        let runs = session.runs(&own, &base, sizes(&base)[0])?;
        let mut pairs = Pairs::new(&runs, own.policy(&runs.base)?);
        if !pairs.add(PAIRS, go_on) {
            break;
        }
        rows.push((entry.label.into(), pairs.difference(|taken| taken.means[0]).effect));
        let title = both("Under every theory of participation", "在各参与理论下");
        hand_out(UnderTheories {
            chart: live::side_by_side(question.outcome.metric, "theories", title, &rows),
            said: said(&rows),
            done: [rows.len(), all.len()],
        });
    }
    Ok(())
}

/// Under how many theories the effect is above zero, below it, or cannot be told.
fn said(rows: &[(Both, Estimate)]) -> Both {
    let of = rows.len();
    let up = rows.iter().filter(|(_, e)| e.mean - e.half_width > 0.0).count();
    let down = rows.iter().filter(|(_, e)| e.mean + e.half_width < 0.0).count();
    match (up, down) {
        (up, 0) if up == of => both!("Higher under all {of} theories", "在全部 {of} 种理论下均上升"),
        (0, down) if down == of => both!("Lower under all {of} theories", "在全部 {of} 种理论下均下降"),
        _ => both!(
            "Higher under {up} of {of} theories, lower under {down}; cannot be told under the others",
            "{of} 种理论中，{up} 种下上升，{down} 种下下降，其余不能判定"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theories_are_counted_by_their_intervals() {
        let row =
            |mean: f64, half_width: f64| (Both::same("x"), Estimate { mean, sd: 1.0, half_width, n: 6 });
        assert_eq!(said(&[row(2.0, 1.0), row(3.0, 1.0)]).en, "Higher under all 2 theories");
        assert_eq!(said(&[row(-2.0, 1.0)]).en, "Lower under all 1 theories");
        let mixed = said(&[row(2.0, 1.0), row(0.5, 1.0), row(-2.0, 1.0), row(1.0, f64::NAN)]);
        assert!(mixed.en.starts_with("Higher under 1 of 4 theories, lower under 1"), "{}", mixed.en);
    }
}
