//! What is taken from a replicate: one number for a metric and a window.

use std::ops::Range;

use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::nearest;
use shequ_model::base::stats::estimate;
use shequ_model::metric::{self, Metric};
use shequ_model::simulation::ReplicateOutput;

/// The primary outcome where nobody names one: what the program is about.
const PRIMARY: &str = "participation";

/// The metrics of [`Outcome::headlines`].
const HEADLINES: [&str; 9] = [
    "participation",
    "awareness",
    "trust.neighbours",
    "trust.committee",
    "satisfaction",
    "efficacy",
    "fund.fit",
    "staff.load",
    "organisations.count",
];

/// A metric, as something that runs are compared by.
#[derive(Clone, Copy)]
pub struct Outcome {
    /// The metric: its name, unit and label.
    pub metric: &'static Metric,
    /// Its place among all metrics.
    pub index: usize,
}

impl Outcome {
    /// The outcome of the metric called `name`.
    ///
    /// # Errors
    /// What is wrong, with the nearest name.
    pub fn named(name: &str) -> Result<Outcome, Both> {
        let known = || metric::all().iter().map(|m| m.name);
        let unknown = || match nearest(name, known()) {
            Some(near) => both!(
                "no metric is called `{name}`; did you mean `{near}`?",
                "没有名为 `{name}` 的指标；是否想用 `{near}`？"
            ),
            None => both!(
                "no metric is called `{name}`; docs/metrics.md lists the metrics",
                "没有名为 `{name}` 的指标；docs/metrics.md 列出各指标"
            ),
        };
        metric::position(name).map(Outcome::at).ok_or_else(unknown)
    }

    /// Every metric, in the order of the columns of `monthly.csv`.
    pub fn all() -> Vec<Outcome> {
        (0..metric::all().len()).map(Outcome::at).collect()
    }

    /// Every metric but costs, which are told by themselves.
    pub fn all_but_costs() -> Vec<Outcome> {
        Outcome::all().into_iter().filter(|outcome| !outcome.is_cost()).collect()
    }

    /// True of money and hours spent, and of what they are set against.
    pub fn is_cost(&self) -> bool {
        self.name().starts_with(metric::costs::PREFIX)
    }

    /// The few that are taken where all would be too many to look at.
    pub fn headlines() -> Vec<Outcome> {
        Outcome::all().into_iter().filter(|outcome| HEADLINES.contains(&outcome.name())).collect()
    }

    /// The primary outcome among `outcomes` where nobody names one: participation or, where that is not asked for,
    /// the first.
    pub fn primary_of(outcomes: &[Outcome]) -> Vec<Outcome> {
        let participation = outcomes.iter().find(|outcome| outcome.name() == PRIMARY);
        participation.or(outcomes.first()).copied().into_iter().collect()
    }

    fn at(index: usize) -> Outcome {
        Outcome { metric: &metric::all()[index], index }
    }

    /// The name of the metric.
    pub fn name(&self) -> &'static str {
        self.metric.name
    }

    /// Its mean over those months of `window` in which it has a value, in its own unit; NaN if it has none.
    pub fn reduce(&self, output: &ReplicateOutput, window: Range<u32>) -> f64 {
        let width = metric::all().len();
        let value = |month: u32| output.monthly[month as usize * width + self.index];
        estimate(window.map(value)).mean
    }

    /// All of `outcomes` over the first of `windows`, then over the next …
    pub fn reduce_all(outcomes: &[Outcome], output: &ReplicateOutput, windows: &[Range<u32>]) -> Vec<f64> {
        windows.iter().flat_map(|w| outcomes.iter().map(|o| o.reduce(output, w.clone()))).collect()
    }
}

impl PartialEq for Outcome {
    fn eq(&self, other: &Outcome) -> bool {
        self.index == other.index
    }
}

impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_the_mean_over_the_months_that_have_a_value() {
        let turnout = Outcome::named("turnout.cast").unwrap();
        let width = metric::all().len();
        let mut monthly = vec![f64::NAN; 4 * width];
        monthly[turnout.index] = 9.0;
        monthly[width + turnout.index] = 0.25;
        monthly[3 * width + turnout.index] = 0.75;
        let output = ReplicateOutput { monthly, ..ReplicateOutput::default() };
        assert_eq!(turnout.reduce(&output, 1..4), 0.5);
        assert!(turnout.reduce(&output, 2..3).is_nan());
        assert!(turnout.reduce(&output, 2..2).is_nan());
    }

    #[test]
    fn where_nobody_names_a_primary_outcome_it_is_participation_or_the_first() {
        let [first, second, third] =
            ["awareness", "participation", "staff.load"].map(|name| Outcome::named(name).unwrap());
        assert_eq!(Outcome::primary_of(&Outcome::all()), [second]);
        assert_eq!(Outcome::primary_of(&[first, second]), [second]);
        assert_eq!(Outcome::primary_of(&[third, first]), [third]);
        assert!(Outcome::primary_of(&[]).is_empty());
    }

    #[test]
    fn a_mistyped_metric_is_told_its_nearest() {
        let message = Outcome::named("partcipation").unwrap_err().en;
        assert_eq!(message, "no metric is called `partcipation`; did you mean `participation`?");
        assert!(Outcome::named("x").unwrap_err().en.contains("docs/metrics.md"));
        assert_eq!(Outcome::all().len(), metric::all().len());
        assert_eq!(Outcome::headlines().len(), HEADLINES.len());
    }
}
