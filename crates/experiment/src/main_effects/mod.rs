//! Main effects of a sweep: how an outcome moves with each key, all others being spread as in the whole design.
//!
//! Rows are grouped by what they give to a key: by its value where there are few, else into stretches of about as
//! many rows each. The effect of a group is what it adds to the mean of all rows in a least-squares fit on the
//! groups of all keys at once (`regression`), so that a group is not credited with what its rows happen to
//! have of other keys. In a full grid that is the mean of its rows less the mean of all. Intervals hold both what
//! other rows of the same design would give and what other replicates would. Where an arm is compared with the
//! base, the outcome is the arm's paired effect.
//!
//! Keys are ranked by the share of the variance between rows that goes with their groups. A key that is not in
//! force in any row ([`super::idle`]) is named and has no effects; so have keys that the rows do not set apart.
//!
//! A row counts if all of its replicates have the outcome; rows with more replicates than others, by a sequential
//! rule, count with as many as all have. Everything is summed up row by row: memory holds one row's replicates.

pub(crate) mod grouping;
pub(crate) mod regression;

use std::io;

use toml::Value;

use super::compare::holm::holm;
use super::idle;
use super::quantity::{self, Quantity};
use super::study::{RunResults, Study};
use grouping::{Grouping, is_full};
use regression::{Contrast, Counts, Fit, Sums};
use shequ_model::base::stats::{Estimate, Moments};
use shequ_model::base::student;

/// Level of intervals and tests.
const LEVEL: f64 = 0.05;

/// The rows that give one value, or one stretch of values, to a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Least and greatest value; the same where the group has one.
    pub values: (Value, Value),
    /// Rows that count.
    pub rows: usize,
    /// The mean of all rows and the effect; NaN where there is no effect.
    pub mean: f64,
    /// What the group adds to the mean of all rows, with its interval over rows and replicates.
    pub effect: Estimate,
}

/// Whether a key has effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has.
    Estimated,
    /// No row uses it, whatever its value.
    NotInForce,
    /// The rows do not set it apart from these other keys.
    Confounded(Vec<String>),
    /// There are no more rows than unknowns.
    TooFewRows,
}

/// The groups of a key with the least and the greatest effect, by number, and how far they are apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The least.
    pub least: usize,
    /// The greatest.
    pub most: usize,
    /// How far they are apart. The interval is one of those of all pairs of groups that hold together
    /// (Bonferroni), because these two were chosen for being far apart.
    pub apart: Estimate,
}

/// The groups of one key, in the order of their values.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyEffects {
    /// The key.
    pub key: String,
    /// Whether it has effects.
    pub standing: Standing,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Its extremes; `None` where it has no effects.
    pub spread: Option<Spread>,
    /// The share of the variance between rows that goes with the groups, less what noise would give: of one key
    /// Kelley's ε² (1935), which is 0 on average for a key that does nothing. NaN where rows do not differ.
    pub share: f64,
    /// p value that no two groups differ, corrected for all pairs of them; NaN where there is no test.
    pub p: f64,
    /// The same, adjusted by Holm's method for all keys of the quantity.
    pub adjusted: f64,
}

impl KeyEffects {
    /// The groups with the least and the greatest effect, and how far they are apart.
    pub fn spread(&self) -> Option<(&Group, &Group, Estimate)> {
        self.spread.map(|Spread { least, most, apart }| (&self.groups[least], &self.groups[most], apart))
    }
}

/// The main effects on one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// Of what.
    pub quantity: Quantity,
    /// Mean over all rows that count.
    pub mean: f64,
    /// The row with the least and that with the greatest mean, each with its mean.
    pub extremes: [(usize, f64); 2],
    /// Rows that count.
    pub rows: usize,
    /// Rows that do not.
    pub left_out: usize,
    /// Replicates of each row.
    pub replicates: usize,
    /// True if the rows are a full grid, so that intervals are over replicates alone.
    pub is_full: bool,
    /// By key, in the order of the design.
    pub keys: Vec<KeyEffects>,
}

impl Effects {
    /// The keys that have effects, the strongest first.
    pub fn ranked(&self) -> Vec<&KeyEffects> {
        let mut keys: Vec<&KeyEffects> = self.keys.iter().filter(|key| key.spread.is_some()).collect();
        keys.sort_by(|a, b| b.share.total_cmp(&a.share));
        keys
    }
}

/// The main effects on every quantity: all of the base first, then of each arm.
///
/// # Errors
/// An I/O error if the journals cannot be read.
pub fn of(study: &Study, result: &RunResults) -> io::Result<Vec<Effects>> {
    let keys = study.rows.first().map_or(&[][..], |row| &row.keys);
    let rows = || study.rows.iter().step_by(study.sides());
    let columns: Vec<Vec<&Value>> =
        (0..keys.len()).map(|key| rows().map(|row| &row.values[key]).collect()).collect();
    let design = Rows::of(&columns);
    let replicates = (0..study.rows.len()).map(|row| result.units(row)).min().unwrap_or(0) as usize;
    let quantities = Quantity::all(study);
    let mut tallies: Vec<Tally> = quantities.iter().map(|_| Tally::new(&design, replicates)).collect();
    let outcomes = study.experiment.outcomes.len();
    quantity::each_row(study, result, &mut |row, sides| {
        let groups = design.groups(row);
        for (quantity, tally) in quantities.iter().zip(&mut tallies) {
            tally.add(row, &groups, &quantity.values(sides, outcomes, replicates));
        }
    })?;
    let idle = idle::keys(study);
    let effects = quantities.into_iter().zip(tallies).map(|(quantity, tally)| {
        let of_arm = |key: usize| quantity.arm.is_none_or(|arm| idle[arm + 1][key]);
        let is_used: Vec<bool> = (0..keys.len()).map(|key| !(idle[0][key] && of_arm(key))).collect();
        tally.effects(quantity, keys, &design, &is_used)
    });
    Ok(effects.collect())
}

/// The rows of a design by what they give to each key.
pub struct Rows {
    groupings: Vec<Grouping>,
    counts: Counts,
    is_full: bool,
}

impl Rows {
    /// Of `columns`, the values of each key in every row.
    pub fn of(columns: &[Vec<&Value>]) -> Rows {
        let groupings = Grouping::all(columns);
        let counts = Counts::of(&groupings, columns.first().map_or(0, Vec::len));
        Rows { counts, groupings, is_full: is_full(columns) }
    }

    /// The group of a row under each key.
    pub fn groups(&self, row: usize) -> Vec<usize> {
        self.groupings.iter().map(|grouping| grouping.of_row[row]).collect()
    }
}

/// What is kept of all rows, of one quantity.
pub struct Tally {
    sums: Sums,
    left_out: Vec<usize>,
    replicates: usize,
    /// Of the means of rows.
    means: Moments,
    extremes: [(usize, f64); 2],
}

impl Tally {
    /// Of no row yet; each has so many replicates.
    pub fn new(design: &Rows, replicates: usize) -> Tally {
        let sizes: Vec<usize> = design.groupings.iter().map(|grouping| grouping.groups.len()).collect();
        Tally {
            sums: Sums::new(&sizes, replicates),
            left_out: Vec::new(),
            replicates,
            means: Moments::default(),
            extremes: [(0, f64::NAN); 2],
        }
    }

    /// Adds a row by its group under each key and its values by replicate; it does not count if one is NaN.
    pub fn add(&mut self, row: usize, groups: &[usize], values: &[f64]) {
        if values.is_empty() || values.iter().any(|value| value.is_nan()) {
            self.left_out.push(row);
            return;
        }
        self.sums.add(groups, values);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        self.means.add(mean);
        let [least, most] = &mut self.extremes;
        if least.1.is_nan() || mean < least.1 {
            *least = (row, mean);
        }
        if most.1.is_nan() || mean > most.1 {
            *most = (row, mean);
        }
    }

    /// The main effects of `keys`, of which those count that are in force: `is_used`.
    pub fn effects(self, quantity: Quantity, keys: &[String], design: &Rows, is_used: &[bool]) -> Effects {
        let mut counts = design.counts.clone();
        self.left_out.iter().for_each(|&row| counts.add(&design.groupings, row, -1.0));
        let is_full = design.is_full && self.left_out.is_empty();
        let fit = Fit::of(&counts, &self.sums, is_used, is_full);
        let fitted = Fitted { tally: &self, design, counts: &counts, fit: &fit };
        let standing = |key: usize| match () {
            _ if !is_used[key] => Standing::NotInForce,
            _ if !fit.confounded[key].is_empty() => {
                Standing::Confounded(fit.confounded[key].iter().map(|&other| keys[other].clone()).collect())
            }
            _ if !is_full && fit.df < 1.0 => Standing::TooFewRows,
            _ => Standing::Estimated,
        };
        let mut all: Vec<KeyEffects> =
            (0..keys.len()).map(|key| fitted.key(key, &keys[key], standing(key))).collect();
        let adjusted = holm(&all.iter().map(|key| key.p).collect::<Vec<_>>());
        all.iter_mut().zip(adjusted).for_each(|(key, adjusted)| key.adjusted = adjusted);
        Effects {
            quantity,
            mean: if self.means.n > 0 { self.means.mean } else { f64::NAN },
            extremes: self.extremes,
            rows: self.means.n,
            left_out: self.left_out.len(),
            replicates: self.replicates,
            is_full,
            keys: all,
        }
    }
}

/// The fit to a quantity.
struct Fitted<'a> {
    tally: &'a Tally,
    design: &'a Rows,
    counts: &'a Counts,
    fit: &'a Fit,
}

impl Fitted<'_> {
    fn key(&self, key: usize, name: &str, standing: Standing) -> KeyEffects {
        let groups = self.design.groupings[key].groups.len();
        let known: Vec<usize> = (0..groups).filter(|&group| self.rows(key, group) > 0).collect();
        let has_effects = standing == Standing::Estimated && !known.is_empty();
        let contrast = |group: usize| has_effects.then(|| self.against_all(key, group));
        let contrasts: Vec<Option<Contrast>> =
            (0..groups).map(|group| contrast(group).filter(|_| known.contains(&group))).collect();
        let group = |group: usize| Group {
            values: self.design.groupings[key].groups[group].clone(),
            rows: self.rows(key, group),
            mean: contrasts[group].as_ref().map_or(f64::NAN, |c| self.tally.means.mean + c.value),
            effect: self.estimate(contrasts[group].as_ref(), LEVEL),
        };
        let effect = |group: &usize| contrasts[*group].as_ref().map_or(f64::NAN, |c| c.value);
        let by_effect = |a: &usize, b: &usize| effect(a).total_cmp(&effect(b));
        let ends = known.iter().copied().min_by(by_effect).zip(known.iter().copied().max_by(by_effect));
        let pairs = known.len() * known.len().saturating_sub(1) / 2;
        let spread = ends.filter(|_| has_effects).map(|(least, most)| {
            let apart = self.estimate(Some(&self.between(key, most, least)), LEVEL / pairs.max(1) as f64);
            Spread { least, most, apart }
        });
        let p = if has_effects { self.p(key, &known) } else { f64::NAN };
        KeyEffects {
            key: name.into(),
            groups: (0..groups).map(group).collect(),
            spread,
            share: self.share(key, &contrasts),
            p,
            adjusted: f64::NAN,
            standing,
        }
    }

    fn rows(&self, key: usize, group: usize) -> usize {
        self.counts.rows(key, group) as usize
    }

    /// A group against the mean of all rows.
    fn against_all(&self, key: usize, group: usize) -> Contrast {
        let groups = self.design.groupings[key].groups.len();
        let part = |other: usize| self.counts.rows(key, other) / self.tally.means.n as f64;
        let weight = |other: usize| if other == group { 1.0 - part(other) } else { -part(other) };
        self.fit.contrast(key, &(0..groups).map(weight).collect::<Vec<_>>())
    }

    fn between(&self, key: usize, one: usize, other: usize) -> Contrast {
        let mut weights = vec![0.0; self.design.groupings[key].groups.len()];
        weights[one] += 1.0;
        weights[other] -= 1.0;
        self.fit.contrast(key, &weights)
    }

    fn estimate(&self, contrast: Option<&Contrast>, level: f64) -> Estimate {
        let n = self.tally.replicates;
        let Some(Contrast { value, variance, df, .. }) = contrast.cloned() else {
            return Estimate { mean: f64::NAN, sd: f64::NAN, half_width: f64::NAN, n };
        };
        let half_width = match variance {
            // Whatever the degrees of freedom.
            0.0 => 0.0,
            _ if variance.is_nan() => f64::NAN,
            _ => student::critical(level, df) * libm::sqrt(variance),
        };
        Estimate { mean: value, sd: f64::NAN, half_width, n }
    }

    /// That no two groups differ.
    fn p(&self, key: usize, known: &[usize]) -> f64 {
        let (mut least, mut pairs) = (f64::NAN, 0.0);
        for (at, &one) in known.iter().enumerate() {
            for &other in &known[at + 1..] {
                let Contrast { value, variance, df, .. } = self.between(key, one, other);
                // What never varies has no test.
                if variance > 0.0 {
                    least = student::two_sided(value / libm::sqrt(variance), df).min(least);
                }
                pairs += 1.0;
            }
        }
        (least * pairs).min(if least.is_nan() { f64::NAN } else { 1.0 })
    }

    fn share(&self, key: usize, contrasts: &[Option<Contrast>]) -> f64 {
        if self.tally.means.squares <= 0.0 {
            return f64::NAN;
        }
        let part = |(group, contrast): (usize, &Option<Contrast>)| {
            let Contrast { value, noise, .. } = contrast.as_ref()?;
            Some(self.counts.rows(key, group) * (value * value - noise))
        };
        let parts: Option<Vec<f64>> =
            contrasts.iter().enumerate().filter(|(group, _)| self.rows(key, *group) > 0).map(part).collect();
        let share = |parts: Vec<f64>| (parts.iter().sum::<f64>() / self.tally.means.squares).clamp(0.0, 1.0);
        parts.map_or(f64::NAN, share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(values: &[i64]) -> Vec<Value> {
        values.iter().map(|&value| Value::Integer(value)).collect()
    }

    /// The effects of an outcome `of` row and replicate over rows of values of the keys "a", "b", ….
    fn effects(rows: &[Vec<i64>], is_used: &[bool], of: &dyn Fn(usize, usize) -> f64) -> Effects {
        let column = |at: usize| whole(&rows.iter().map(|row| row[at]).collect::<Vec<_>>());
        let columns: Vec<Vec<Value>> = (0..is_used.len()).map(column).collect();
        let columns: Vec<Vec<&Value>> = columns.iter().map(|values| values.iter().collect()).collect();
        let design = Rows::of(&columns);
        let mut tally = Tally::new(&design, 4);
        for row in 0..rows.len() {
            let values: Vec<f64> = (0..4).map(|replicate| of(row, replicate)).collect();
            tally.add(row, &design.groups(row), &values);
        }
        let quantity = Quantity { outcome: 0, window: 0, arm: None };
        let keys: Vec<String> = ["a", "b", "c"][..is_used.len()].iter().map(|key| key.to_string()).collect();
        tally.effects(quantity, &keys, &design, is_used)
    }

    fn grid() -> Vec<Vec<i64>> {
        (0..2).flat_map(|a| (0..3).map(move |b| vec![a, b])).collect()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn effects_in_a_full_grid_are_exact() {
        // y = 10 a and what all rows of a replicate share.
        let effects = effects(&grid(), &[true; 2], &|row, r| 10.0 * grid()[row][0] as f64 + (r * r) as f64);
        let [a, b] = &effects.keys[..] else { panic!("two keys") };
        let of = |key: &KeyEffects| key.groups.iter().map(|g| g.effect.mean).collect::<Vec<_>>();
        assert!(close(of(a)[0], -5.0) && close(of(a)[1], 5.0));
        assert_eq!(of(b), [0.0; 3]);
        let (least, most, apart) = a.spread().unwrap();
        assert_eq!((least.rows, most.rows), (3, 3));
        assert!(close(apart.mean, 10.0) && close(apart.half_width, 0.0));
        assert!(close(a.share, 1.0) && b.share == 0.0 && effects.is_full);
        assert_eq!((effects.mean, effects.extremes.map(|e| e.1)), (8.5, [3.5, 13.5]));
        assert_eq!((b.groups[0].effect.half_width, effects.ranked()[0].key.as_str()), (0.0, "a"));
    }

    #[test]
    fn a_row_without_an_outcome_is_left_out_and_counted() {
        let of = |row: usize, r: usize| match row {
            5 => f64::NAN,
            _ => 10.0 * grid()[row][0] as f64 + (r * r) as f64,
        };
        let effects = effects(&grid(), &[true; 2], &of);
        assert_eq!((effects.rows, effects.left_out, effects.is_full), (5, 1, false));
        // Without the row, the means of b's groups hold different shares of a; its effects do not.
        assert!(close(effects.keys[0].spread().unwrap().2.mean, 10.0));
        assert!(effects.keys[1].groups.iter().all(|group| group.effect.mean.abs() < 1e-9));
        assert_eq!(effects.keys[1].groups[2].rows, 1);
    }

    #[test]
    fn keys_that_rows_do_not_set_apart_are_said_and_have_no_numbers() {
        // b goes with a; c does not.
        let rows: Vec<Vec<i64>> = (0..24).map(|i| vec![i % 3, i % 3 + 7, i / 3 % 2]).collect();
        let effects = effects(&rows, &[true; 3], &|row, r| (row % 3 + row / 3 % 2 + r * row % 5) as f64);
        let standing = |at: usize| effects.keys[at].standing.clone();
        let named = |key: &str| Standing::Confounded(vec![key.into()]);
        assert_eq!((standing(0), standing(1), standing(2)), (named("b"), named("a"), Standing::Estimated));
        assert!(effects.keys[0].groups.iter().all(|group| group.effect.mean.is_nan() && group.rows == 8));
        assert_eq!(effects.ranked().iter().map(|key| &*key.key).collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn keys_that_are_not_in_force_are_named_and_left_out() {
        let effects = effects(&grid(), &[true, false], &|row, r| (grid()[row][0] as usize + r) as f64);
        assert_eq!(effects.keys[1].standing, Standing::NotInForce);
        assert!(effects.keys[1].share.is_nan() && effects.keys[1].spread.is_none());
        assert_eq!(effects.ranked().len(), 1);
    }

    #[test]
    fn more_unknowns_than_rows_give_no_numbers() {
        // A half of the grid of three switches: four rows, four unknowns.
        let rows: Vec<Vec<i64>> = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]].map(Vec::from).into();
        let effects = effects(&rows, &[true; 3], &|row, r| (row * r) as f64);
        assert!(effects.keys.iter().all(|key| key.standing == Standing::TooFewRows), "{effects:?}");
    }
}
