//! The same question under every theory of participation, in the background.

use std::sync::Arc;

use serde::Serialize;

use super::answer::{GoOn, Pairs, side};
use super::question::{Question, THEORIES};
use super::session::{Runs, Session, sizes};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::Problems;
use shequ_model::base::stats::Estimate;
use shequ_model::scenario::Loaded;
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
        let Some((runs, policy)) = first_size(session, &own, &base)? else { break };
        let mut pairs = Pairs::new(&runs, policy);
        if !pairs.add(PAIRS, go_on, &mut |_| ()) {
            break;
        }
        rows.push((entry.label.into(), pairs.difference(|taken| taken.means[0]).effect));
        let title = both("Under every theory of participation", "在各参与理论下");
        hand_out(UnderTheories {
            chart: live::side_by_side(question.outcome.metric, "theories", title, &rows),
            said: said(&rows, all.len()),
            done: [rows.len(), all.len()],
        });
    }
    Ok(())
}

/// The base and the policy at the first of the sizes at which they can be looked at.
fn first_size(
    session: &Session,
    question: &Question,
    base: &Loaded,
) -> Result<Option<(Arc<Runs>, Loaded)>, Problems> {
    for size in sizes(question, base) {
        let found = side(session, question, base, size)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Under how many of the theories that have been run the effect is above zero, below it, or cannot be told; `all` there
/// will be.
fn said(rows: &[(Both, Estimate)], all: usize) -> Both {
    let run = rows.len();
    let up = rows.iter().filter(|(_, e)| e.mean - e.half_width > 0.0).count();
    let down = rows.iter().filter(|(_, e)| e.mean + e.half_width < 0.0).count();
    let of = match run < all {
        true => {
            both!("the {run} of {all} theories that have been run", "已计算的 {run} 种（共 {all} 种）理论")
        }
        false => both!("all {all} theories", "全部 {all} 种理论"),
    };
    match (up, down) {
        (up, 0) if up == run => both!("Higher under {of}", "在{of}下均上升"; of = of),
        (0, down) if down == run => both!("Lower under {of}", "在{of}下均下降"; of = of),
        _ => {
            let open = run - up - down;
            both!(
                "Of {of}: higher under {up}, lower under {down}, cannot be told under {open}",
                "在{of}中：{up} 种下上升，{down} 种下下降，{open} 种下不能判定"; of = of
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(mean: f64, half_width: f64) -> (Both, Estimate) {
        (Both::same("x"), Estimate { mean, sd: 1.0, half_width, n: 6 })
    }

    #[test]
    fn theories_are_counted_by_their_intervals() {
        assert_eq!(said(&[row(2.0, 1.0), row(3.0, 1.0)], 2).en, "Higher under all 2 theories");
        assert_eq!(said(&[row(-2.0, 1.0), row(-3.0, 1.0)], 2).zh, "在全部 2 种理论下均下降");
        let mixed = said(&[row(2.0, 1.0), row(0.5, 1.0), row(-2.0, 1.0), row(1.0, f64::NAN)], 4);
        assert_eq!(mixed.en, "Of all 4 theories: higher under 1, lower under 1, cannot be told under 2");
    }

    #[test]
    fn what_has_not_been_run_is_not_spoken_for() {
        let first = said(&[row(2.0, 1.0)], 6);
        assert_eq!(first.en, "Higher under the 1 of 6 theories that have been run");
        assert_eq!(first.zh, "在已计算的 1 种（共 6 种）理论下均上升");
        let mixed = said(&[row(2.0, 1.0), row(0.5, 1.0)], 6);
        assert!(
            mixed.en.starts_with("Of the 2 of 6 theories that have been run: higher under 1"),
            "{}",
            mixed.en
        );
    }
}
