//! What somebody who quotes a sweep or a sensitivity analysis should know.

use std::io;

use super::{Level, Warning, bound, few, is_edge, of_the_cap};
use crate::file::Kind;
use crate::quantity::{Quantity, Sides, each_row};
use crate::replicates::{Replicates, half_width};
use crate::sensitivity::table::Outcome;
use crate::study::{RunResults, Study};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::stats::estimate;
use shequ_model::scenario::index;
use shequ_model::scenario::value::number_of;

/// An interval of 95 % lies wrongly on one side of zero in 25 of 1,000 rows: in more than twice as many, there
/// is something.
const MORE_THAN_CHANCE: f64 = 0.05;
/// Noise above this share of the variance between rows makes every index imprecise.
const MUCH_NOISE: f64 = 0.1;

/// What is to be said of the rows of a design.
///
/// # Errors
/// An I/O error if a journal cannot be read.
pub fn of_rows(study: &Study, result: &RunResults) -> io::Result<Vec<Warning>> {
    let mut rows: Vec<Rows> = Quantity::all(study).into_iter().map(Rows::new).collect();
    let mut widest = 0.0_f64;
    each_row(study, result, &mut |_, sides| {
        rows.iter_mut().for_each(|rows| rows.add(study, sides));
        // NaN, no interval at all, is the widest.
        let own = half_width_that_counts(study, sides);
        widest = if own.total_cmp(&widest).is_gt() { own } else { widest };
    })?;
    let mut all = Vec::new();
    if study.experiment.kind == Kind::Sweep {
        let fewest = (0..study.rows.len()).map(|row| result.units(row)).min().unwrap_or(0);
        all.extend(few(fewest as usize, result.unit > 1));
    }
    if result.index.failed() > 0 {
        let (failed, runs) = (result.index.failed(), result.index.len());
        let message = both!(
            "{failed} of {runs} runs failed, and their rows are left out",
            "{runs} 次模拟中有 {failed} 次失败，所在行不计入"
        );
        all.push(Warning::new(Level::Warning, "failed_runs", message));
    }
    if let Replicates::Until { half_width, max, .. } = study.experiment.replicates {
        let is_narrow = widest < half_width;
        all.extend((!is_narrow).then(|| of_the_cap(max, widest, half_width)));
    }
    all.extend(rows.iter().flat_map(|rows| [rows.at_a_bound(study), rows.sign_changes(study)]).flatten());
    all.extend(at_the_edge(study));
    Ok(all)
}

/// What is to be said of indices.
pub fn of_indices(outcomes: &[Outcome]) -> Vec<Warning> {
    let about = |outcome: &Outcome, code, message| Warning {
        arm: outcome.arm.clone(),
        metric: outcome.metric.clone(),
        window: outcome.window.clone(),
        ..Warning::new(Level::Warning, code, message)
    };
    let said = |outcome: &Outcome| {
        let open = outcome.analysis.verdict.ok().filter(|verdict| !verdict.values());
        let open = open.map(|verdict| {
            let width = verdict.width;
            let message = both!(
                "indices have not converged: the widest interval is {width:.2} wide",
                "指数尚未收敛：最宽区间的宽度为 {width:.2}"
            );
            about(outcome, "not_converged", message)
        });
        let rng = outcome.noise.filter(|&share| share > MUCH_NOISE).map(|share| {
            let percent = 100.0 * share;
            let message = both!(
                "random numbers account for {percent:.0} % of the variance between rows: more replicates would make the indices more precise",
                "行间方差的 {percent:.0}% 来自随机数：增加重复次数可使指数更精确"
            );
            about(outcome, "much_noise", message)
        });
        [open, rng]
    };
    outcomes.iter().flat_map(said).flatten().collect()
}

/// Half the widest interval of a row that the rule for replicates asks about; 0 without such a rule.
fn half_width_that_counts(study: &Study, sides: &Sides) -> f64 {
    let Replicates::Until { outcome, .. } = study.experiment.replicates else { return 0.0 };
    let outcomes = &study.experiment.outcomes;
    let at = outcomes.iter().position(|other| *other == outcome).unwrap_or(0);
    let widths = sides.iter().flat_map(|outputs| {
        let values =
            |w: usize| outputs.iter().map(|output| output[w * outcomes.len() + at]).collect::<Vec<f64>>();
        let window = |w: usize| half_width(&values(w)).abs();
        (0..study.experiment.windows.len()).map(window).collect::<Vec<_>>()
    });
    widths.max_by(|a, b| a.total_cmp(b)).unwrap_or(0.0)
}

/// How the rows of a design lie in one quantity.
struct Rows {
    quantity: Quantity,
    known: usize,
    at_bound: usize,
    up: usize,
    down: usize,
}

impl Rows {
    fn new(quantity: Quantity) -> Rows {
        Rows { quantity, known: 0, at_bound: 0, up: 0, down: 0 }
    }

    fn add(&mut self, study: &Study, sides: &Sides) {
        let replicates = sides.iter().map(Vec::len).min().unwrap_or(0);
        let values = self.quantity.values(sides, study.experiment.outcomes.len(), replicates);
        let row = estimate(values.into_iter());
        self.known += usize::from(!row.mean.is_nan());
        let is_share = study.experiment.outcomes[self.quantity.outcome].metric.unit == "share";
        self.at_bound += usize::from(is_share && bound(row.mean).is_some());
        self.up += usize::from(row.mean - row.half_width > 0.0);
        self.down += usize::from(row.mean + row.half_width < 0.0);
    }

    fn about(&self, study: &Study, code: &'static str, message: Both) -> Warning {
        let Quantity { outcome, window, arm } = self.quantity;
        Warning {
            arm: arm.map_or_else(String::new, |arm| study.side_name(arm + 1).into()),
            metric: study.experiment.outcomes[outcome].name().into(),
            window: study.experiment.windows[window].to_string(),
            ..Warning::new(Level::Warning, code, message)
        }
    }

    /// An outcome of the base that cannot rise or fall any further in some rows.
    fn at_a_bound(&self, study: &Study) -> Option<Warning> {
        let Rows { known, at_bound, .. } = *self;
        (self.quantity.arm.is_none() && at_bound > 0).then(|| {
            let message = both!(
                "the outcome is at its bound of 0 or 1 in {at_bound} of {known} rows",
                "{known} 行中有 {at_bound} 行的结果处于边界 0 或 1"
            );
            self.about(study, "at_a_bound", message)
        })
    }

    /// An effect of an arm that is up in some rows and down in others, theories among them.
    fn sign_changes(&self, study: &Study) -> Option<Warning> {
        let Rows { known, up, down, .. } = *self;
        let is_more = |rows: usize| rows as f64 > MORE_THAN_CHANCE * known as f64;
        (self.quantity.arm.is_some() && is_more(up) && is_more(down)).then(|| {
            let message = both!(
                "the effect changes sign over the design: up in {up} and down in {down} of {known} rows",
                "效应的方向在设计中改变：{known} 行中 {up} 行上升，{down} 行下降"
            );
            self.about(study, "sign_changes", message)
        })
    }
}

/// Keys whose values reach the edge of what is allowed.
fn at_the_edge(study: &Study) -> Vec<Warning> {
    let Some(first) = study.rows.first() else { return Vec::new() };
    let edge = |(k, path): (usize, &String)| {
        let key = index().key(path)?;
        let values = study.rows.iter().filter_map(|row| number_of(&row.values[k]));
        values.into_iter().any(|value| is_edge(key, value)).then(|| {
            let message = both!(
                "`{path}` reaches the edge of its range, {allowed}", "`{path}` 达到取值范围 {allowed} 的边缘";
                path = path, allowed = key.allowed()
            );
            Warning::new(Level::Note, "edge_of_range", message)
        })
    };
    first.keys.iter().enumerate().filter_map(edge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::{Analysis, verdict::Verdict};

    fn outcome(width: f64, noise: f64) -> Outcome {
        let verdict = Verdict { width, shift: 0.0, width_of_small: 0.0 };
        let analysis = Analysis { indices: Vec::new(), used: 9, dropped: Vec::new(), verdict: Ok(verdict) };
        let [metric, window, arm] = ["participation", "whole", ""].map(String::from);
        Outcome { metric, window, arm, analysis, noise: Some(noise) }
    }

    #[test]
    fn indices_that_are_wide_or_blurred_are_said() {
        let codes = |width, noise| {
            let said = of_indices(&[outcome(width, noise)]);
            said.iter().map(|warning| warning.code).collect::<Vec<_>>()
        };
        assert!(codes(0.01, 0.01).is_empty());
        assert_eq!(codes(0.5, 0.01), ["not_converged"]);
        assert_eq!(codes(0.01, 0.5), ["much_noise"]);
    }
}
