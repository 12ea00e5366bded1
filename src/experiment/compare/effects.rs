//! The effects of arms on outcomes, and their table.

use std::ops::Range;

use super::difference::Difference;
use super::holm::holm;
use super::who::claim;
use crate::base::month::Month;
use crate::experiment::outcome::Outcome;
use crate::experiment::window::Window;
use crate::record::table::{Cell, Column, Table, Take};

/// Adjusted p values below this are claimed as effects.
pub const LEVEL: f64 = 0.05;

/// What is asked of every life.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
    /// The windows, each with its months since the start.
    pub windows: Vec<(Window, Range<u32>)>,
}

impl Asked {
    /// Of runs of `months` months from `start`.
    pub fn new(outcomes: Vec<Outcome>, windows: &[Window], start: Month, months: u32) -> Asked {
        let windows = windows.iter().map(|w| (*w, w.range(start, months))).collect();
        Asked { outcomes, windows }
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
    /// `values[replicate][asked.index(window, outcome)]`, NaN where there is no value. A life that failed
    /// is all NaN.
    pub values: Vec<Vec<f64>>,
}

impl Side {
    /// One value of every life.
    pub fn column(&self, index: usize) -> Vec<f64> {
        self.values.iter().map(|life| life[index]).collect()
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
    /// p value adjusted for all effects of the table; NaN where there is no test.
    pub adjusted: f64,
}

impl Effect {
    /// True if it is claimed, together with all others that are.
    pub fn is_beyond_chance(&self) -> bool {
        self.adjusted < LEVEL
    }

    /// 1, −1 or, of an effect that is nothing or has no value, 0.
    pub fn sign(&self) -> i32 {
        let mean = self.difference.effect.mean;
        i32::from(mean > 0.0) - i32::from(mean < 0.0)
    }
}

/// The effect of every arm on every outcome in every window, in this order: arm, window, outcome. Each arm
/// is given with its base. `paired` says that both share their luck. Their p values are adjusted for one another.
pub fn effects(asked: &Asked, arms: &[(&Side, &Side)], paired: bool) -> Vec<Effect> {
    let mut all = Vec::new();
    for (number, (base, arm)) in arms.iter().enumerate() {
        for (w, (window, _)) in asked.windows.iter().enumerate() {
            for (o, &outcome) in asked.outcomes.iter().enumerate() {
                let index = asked.index(w, o);
                all.push(Effect {
                    arm: number,
                    outcome,
                    window: *window,
                    difference: Difference::new(&base.column(index), &arm.column(index), paired),
                    adjusted: f64::NAN,
                });
            }
        }
    }
    correct(&mut all);
    all
}

/// Adjusts the p values of all effects together, so that those claimed may be claimed side by side.
fn correct(effects: &mut [Effect]) {
    let adjusted = holm(&effects.iter().map(|e| e.difference.p).collect::<Vec<f64>>());
    effects.iter_mut().zip(adjusted).for_each(|(effect, p)| effect.adjusted = p);
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
    columns.push(Column::text("beyond_chance"));
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
                Cell::Text(claim(effect.adjusted)),
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
        }
    }

    fn asked() -> Asked {
        let outcomes = ["participation", "fund.spent"].map(|name| Outcome::named(name).unwrap());
        Asked::new(outcomes.to_vec(), &[Window::LastYear], Month::new(2017, 1), 24)
    }

    #[test]
    fn a_side_compared_with_itself_claims_nothing() {
        let base = side("base", &[[0.1, 5.0], [0.2, f64::NAN], [0.3, 7.0]]);
        for effect in effects(&asked(), &[(&base, &base)], true) {
            assert!(effect.difference.is_nothing() && !effect.is_beyond_chance());
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
        assert!(csv.contains("\nbase,base,participation,share,last-year,0,0,0,2,0,calculus,"), "{csv}");
    }
}
