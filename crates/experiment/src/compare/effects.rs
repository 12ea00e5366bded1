//! The effects of arms on outcomes, and their table.

use std::ops::Range;

use super::difference::{Difference, LEVEL};
use super::equivalence::equivalence;
use super::holm::holm;
use super::subgroups::claim;
use crate::outcome::Outcome;
use crate::record::table::{Cell, Column, Table, Take};
use crate::replicates::{Replicates, half_width_of_effect};
use crate::smallest::Smallest;
use crate::window::Window;
use shequ_model::base::month::Month;

/// The outcomes of every replicate.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
    /// Those of them that are tested by themselves.
    pub primary: Vec<Outcome>,
    /// The smallest effects that matter.
    pub smallest: Smallest,
    /// How many replicates there were to be: of the outcome that they wait for, intervals are those of the rule.
    pub replicates: Replicates,
    /// The windows, each with its months since the start.
    pub windows: Vec<(Window, Range<u32>)>,
}

impl Asked {
    /// Of runs of `months` months from `start`. The primary outcome is that of [`Outcome::primary_of`], the smallest
    /// effects that matter are the defaults, and replicates wait for nothing.
    pub fn new(outcomes: Vec<Outcome>, windows: &[Window], start: Month, months: u32) -> Asked {
        let windows = windows.iter().map(|w| (*w, w.range(start, months))).collect();
        let (primary, replicates) = (Outcome::primary_of(&outcomes), Replicates::Fixed(0));
        Asked { primary, smallest: Smallest::default(), replicates, outcomes, windows }
    }

    /// Number of values of a replicate, and of effects of an arm.
    pub fn width(&self) -> usize {
        self.windows.len() * self.outcomes.len()
    }

    /// Place of an outcome in a window among them: by window, then outcome.
    pub fn index(&self, window: usize, outcome: usize) -> usize {
        window * self.outcomes.len() + outcome
    }
}

/// What is compared: an arm, or the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Its name, English, as in tables.
    pub name: String,
    /// Its name, Chinese; empty if none was given.
    pub name_zh: String,
    /// The participation theory in force.
    pub theory: String,
    /// The trust rule in force.
    pub trust: String,
    /// `values[replicate][asked.index(window, outcome)]`, NaN where there is no value. A replicate that failed
    /// is all NaN. Under a posterior, in place of a replicate stands the mean of a pair that shares a draw.
    pub values: Vec<Vec<f64>>,
    /// Under a posterior, half of what the replicates of each pair differ by, likewise; else none.
    pub halves: Vec<Vec<f64>>,
}

impl Side {
    /// One value of every replicate.
    pub fn column(&self, index: usize) -> Vec<f64> {
        self.values.iter().map(|output| output[index]).collect()
    }
}

/// What an arm changes in one outcome, over one window.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Which arm, by its place among the arms.
    pub arm: usize,
    /// The outcome.
    pub outcome: Outcome,
    /// The window.
    pub window: Window,
    /// The difference.
    pub difference: Difference,
    /// True if the outcome is a primary one.
    pub is_primary: bool,
    /// p value adjusted for all effects of the same role, primary or exploratory; NaN where there is no test.
    pub adjusted: f64,
    /// The smallest effect that matters.
    pub smallest: f64,
    /// p value of the claim that the effect is smaller than that, either way; NaN where there is no test.
    pub equivalence: f64,
    /// The same, adjusted as `adjusted` is, over all such tests of the same role.
    pub adjusted_equivalence: f64,
}

/// What an effect is shown to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Significantly above zero.
    Larger,
    /// Significantly below zero.
    Smaller,
    /// Significantly smaller than what matters, whether it is zero or not.
    PracticallySame,
    /// None of these.
    Undecided,
    /// The same with the arm as without it in every replicate.
    Identical,
    /// Without a test.
    Untested,
}

impl Verdict {
    /// As in the column `verdict`; empty without a test.
    pub fn word(self) -> &'static str {
        ["larger", "smaller", "practically the same", "undecided", "identical", ""][self as usize]
    }
}

impl Effect {
    /// As in the column `role`.
    pub fn role(&self) -> &'static str {
        if self.is_primary { "primary" } else { "exploratory" }
    }

    /// True if it is claimed, together with all others of its role that are.
    pub fn is_significant(&self) -> bool {
        self.adjusted < LEVEL
    }

    /// What it is shown to be, together with all others of its role.
    pub fn verdict(&self) -> Verdict {
        match () {
            () if self.difference.is_nothing() && self.difference.effect.n > 1 => Verdict::Identical,
            () if self.difference.p.is_nan() => Verdict::Untested,
            () if self.adjusted_equivalence < LEVEL && self.is_within() => Verdict::PracticallySame,
            () if self.is_significant() && self.sign() > 0 => Verdict::Larger,
            () if self.is_significant() => Verdict::Smaller,
            () => Verdict::Undecided,
        }
    }

    /// True if all of the 95 % interval is smaller than what matters: a little more than the test asks for, so that the
    /// interval that people read says the same.
    fn is_within(&self) -> bool {
        let e = self.difference.effect;
        e.mean.abs() + e.half_width < self.smallest
    }

    /// 1, −1 or, of an effect that is nothing or has no value, 0.
    pub fn sign(&self) -> i32 {
        let mean = self.difference.effect.mean;
        i32::from(mean > 0.0) - i32::from(mean < 0.0)
    }
}

/// The effect of every arm on every outcome in every window, in this order: arm, window, outcome. Each arm
/// is given with its base. `paired` says that both have common random numbers. p values are adjusted for those of
/// the same role.
pub fn effects(asked: &Asked, arms: &[(&Side, &Side)], paired: bool) -> Vec<Effect> {
    let mut all = Vec::new();
    for (number, (base, arm)) in arms.iter().enumerate() {
        for (w, (window, _)) in asked.windows.iter().enumerate() {
            for (o, &outcome) in asked.outcomes.iter().enumerate() {
                let index = asked.index(w, o);
                let (base, arm) = (base.column(index), arm.column(index));
                let judged = |base: &[f64]| {
                    let difference = Difference::new(base, &arm, paired);
                    match asked.replicates.waits_for(outcome) {
                        true => difference.at_least(half_width_of_effect(base, &arm, paired)),
                        false => difference,
                    }
                };
                let difference = judged(&base);
                let smallest = asked.smallest.of(outcome, difference.base);
                all.push(Effect {
                    arm: number,
                    outcome,
                    window: *window,
                    is_primary: asked.primary.contains(&outcome),
                    difference,
                    adjusted: f64::NAN,
                    smallest,
                    equivalence: equivalence(&base, smallest, &judged),
                    adjusted_equivalence: f64::NAN,
                });
            }
        }
    }
    correct(&mut all);
    all
}

/// Adjusts p values so that those claimed may be claimed side by side: primary outcomes among themselves, over
/// arms and windows, and all others among themselves. What else is asked for thus changes nothing about what is
/// primary. Tests of whether an effect is there, and of whether it is too small to matter, are two families.
fn correct(effects: &mut [Effect]) {
    for role in [true, false] {
        let own = || effects.iter().filter(|effect| effect.is_primary == role);
        let adjusted = |p: fn(&Effect) -> f64| holm(&own().map(p).collect::<Vec<f64>>());
        let (there, small) = (adjusted(|effect| effect.difference.p), adjusted(|effect| effect.equivalence));
        let own = effects.iter_mut().filter(|effect| effect.is_primary == role);
        for ((effect, there), small) in own.zip(there).zip(small) {
            (effect.adjusted, effect.adjusted_equivalence) = (there, small);
        }
    }
}

/// `effects.csv`. `arms` are those that the effects were computed with.
pub fn table<'a>(effects: &'a [Effect], arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let arms = arms.to_vec();
    let text = ["arm", "base", "metric", "unit", "window"].map(Column::text);
    let mut columns = text.to_vec();
    columns.extend(["effect", "ci95_low", "ci95_high"].map(Column::real));
    columns.extend([Column::whole("n"), Column::real("variance_ratio")]);
    columns.extend(["theory", "trust", "method"].map(Column::text));
    columns.extend(["base_mean", "arm_mean", "sd"].map(Column::real));
    columns.push(Column::whole("missing"));
    columns.extend(["p", "p_holm"].map(Column::real));
    columns.extend([Column::flag("significant"), Column::text("role")]);
    columns.extend(["smallest_effect", "p_equivalence", "p_equivalence_holm"].map(Column::real));
    columns.push(Column::text("verdict"));
    let rows = move |take: &mut Take| {
        effects.iter().try_for_each(|effect| {
            let (base, arm) = arms[effect.arm];
            let (d, window) = (&effect.difference, effect.window.to_string());
            take(&[
                Cell::Text(&arm.name),
                Cell::Text(&base.name),
                Cell::Text(effect.outcome.name()),
                Cell::Text(effect.outcome.metric.unit),
                Cell::Text(&window),
                Cell::Real(d.effect.mean),
                Cell::Real(d.effect.mean - d.effect.half_width),
                Cell::Real(d.effect.mean + d.effect.half_width),
                Cell::Whole(d.effect.n as i64),
                Cell::Real(d.variance_ratio),
                Cell::Text(&arm.theory),
                Cell::Text(&arm.trust),
                Cell::Text(d.method.word()),
                Cell::Real(d.base),
                Cell::Real(d.arm),
                Cell::Real(d.effect.sd),
                Cell::Whole(d.missing as i64),
                Cell::Real(d.p),
                Cell::Real(effect.adjusted),
                claim(effect.adjusted),
                Cell::Text(effect.role()),
                Cell::Real(effect.smallest),
                Cell::Real(effect.equivalence),
                Cell::Real(effect.adjusted_equivalence),
                Cell::Text(effect.verdict().word()),
            ])
        })
    };
    Table { name: "effects", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &str, values: &[[f64; 2]]) -> Side {
        Side {
            name: name.into(),
            name_zh: String::new(),
            theory: "calculus".into(),
            trust: "asymmetric".into(),
            values: values.iter().map(|v| v.to_vec()).collect(),
            halves: Vec::new(),
        }
    }

    fn asked() -> Asked {
        let outcomes = ["participation", "fund.spent"].map(|name| Outcome::named(name).unwrap());
        Asked::new(outcomes.to_vec(), &[Window::LastYear], Month::new(2017, 1), 24)
    }

    #[test]
    fn what_else_is_asked_for_changes_nothing_about_the_primary_outcome() {
        let verdict = |outcomes: Vec<Outcome>| {
            let column = |o: usize, r: usize, more: f64| {
                0.1 * o as f64 + 0.01 * ((7 * r + 3 * o) % 11) as f64 + more * (1.0 + 0.3 * (r % 4) as f64)
            };
            let side = |more: f64| {
                let values = |r| outcomes.iter().map(|o| column(o.index, r, more)).collect();
                Side { values: (0..10).map(values).collect(), ..side("side", &[]) }
            };
            let (base, arm) = (side(0.0), side(0.01));
            let asked = Asked::new(outcomes.clone(), &[Window::LastYear], Month::new(2017, 1), 24);
            let effects = effects(&asked, &[(&base, &arm)], true);
            effects.into_iter().find(|effect| effect.outcome.name() == "participation").unwrap()
        };
        let alone = verdict(vec![Outcome::named("participation").unwrap()]);
        assert_eq!(verdict(Outcome::all()), alone);
        // One arm, one window, one primary outcome: uncorrected.
        assert_eq!((alone.adjusted, alone.role()), (alone.difference.p, "primary"));
    }

    #[test]
    fn what_cannot_differ_is_no_test_and_costs_the_others_nothing() {
        let base = side("base", &[[0.1, 5.0], [0.2, 6.0], [0.4, 8.0]]);
        let arm = side("arm", &[[0.3, 5.0], [0.45, 6.0], [0.61, 8.0]]);
        let asked = Asked { primary: Vec::new(), ..asked() };
        let effects = effects(&asked, &[(&base, &arm)], true);
        assert!(effects[1].difference.is_nothing() && effects[1].adjusted.is_nan());
        assert_eq!((effects[0].adjusted, effects[0].role()), (effects[0].difference.p, "exploratory"));
    }

    #[test]
    fn a_verdict_is_about_what_is_there_and_about_what_matters() {
        // Ten pairs whose differences of participation are `mean` and scatter by `spread` about it; the base is .3, so
        // that .01 matters.
        let of = |mean: f64, spread: f64| {
            let pair = |r: usize| {
                let (level, off) = (0.3 + 0.01 * (r % 7) as f64, spread * (r as f64 - 4.5) / 4.5);
                ([level, 5.0], [level + mean + off * (1.0 + 0.01 * r as f64), 5.0])
            };
            let (before, after): (Vec<_>, Vec<_>) = (0..10).map(pair).unzip();
            let (base, arm) = (side("base", &before), side("arm", &after));
            let effects = effects(&asked(), &[(&base, &arm)], true);
            assert_eq!(effects[1].verdict(), Verdict::Identical);
            assert_eq!(effects[0].smallest, 0.01);
            (effects[0].verdict(), effects[0].is_significant())
        };
        assert_eq!(of(0.03, 0.01), (Verdict::Larger, true));
        assert_eq!(of(-0.03, 0.01), (Verdict::Smaller, true));
        assert_eq!(of(0.0001, 0.005), (Verdict::PracticallySame, false));
        // It is there, and too small to matter.
        assert_eq!(of(0.002, 0.001), (Verdict::PracticallySame, true));
        assert_eq!(of(0.008, 0.05), (Verdict::Undecided, false));
        let alone = effects(&asked(), &[(&side("a", &[[0.1, 1.0]]), &side("b", &[[0.2, 1.0]]))], true);
        assert!(alone.iter().all(|effect| effect.verdict().word().is_empty()), "{alone:?}");
    }

    #[test]
    fn a_side_compared_with_itself_claims_nothing() {
        let base = side("base", &[[0.1, 5.0], [0.2, f64::NAN], [0.3, 7.0]]);
        for effect in effects(&asked(), &[(&base, &base)], true) {
            assert!(effect.difference.is_nothing() && !effect.is_significant());
            assert_eq!(effect.sign(), 0);
        }
    }

    #[test]
    fn the_table_begins_with_the_columns_of_the_contract() {
        let base = side("base", &[[0.1, 5.0], [0.2, 6.0]]);
        let arms = [(&base, &base)];
        let (effects, mut csv) = (effects(&asked(), &arms, true), Vec::new());
        table(&effects, &arms).write(crate::record::table::Form::Csv, &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        let head = "arm,base,metric,unit,window,effect,ci95_low,ci95_high,n,variance_ratio,";
        assert!(csv.starts_with(head), "{csv}");
        assert!(
            csv.contains("\nbase,base,participation,share,last-year,0.0,0.0,0.0,2,0.0,calculus,"),
            "{csv}"
        );
    }
}
