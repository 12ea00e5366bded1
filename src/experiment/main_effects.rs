//! Main effects of a sweep: how an outcome moves with each key on its own, averaged over all else.
//!
//! Rows are grouped by what they give to a key: by its value where there are few, else into stretches of
//! about as many rows each. The effect of a group is the mean of its rows less the mean of all rows. It is
//! taken replicate by replicate, because all rows of a replicate share their luck, so its interval tells
//! luck alone: other rows of the same ranges would give somewhat other means. Where an arm is compared with
//! the base, the outcome is the arm's paired effect.
//!
//! A row counts if all of its replicates have the outcome; rows with more replicates than others, by a
//! sequential rule, count with as many as all have. Everything is summed up row by row, so memory does not
//! grow with their number.

use std::io;

use toml::Value;

use super::quantity::{self, Quantity};
use super::study::{Lived, Study};
use crate::base::stats::{Estimate, Moments, estimate};

/// Most values of a key that are groups of their own; words and switches always are.
const FEW: usize = 8;
/// Stretches that a key of many values is cut into, if there are rows enough.
const STRETCHES: usize = 5;
/// Rows that a stretch should have.
const ROWS: usize = 5;

/// The rows that give one value, or one stretch of values, to a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Least and greatest value; the same where the group has one.
    pub values: (Value, Value),
    /// Rows that count.
    pub rows: usize,
    /// Mean over rows and replicates.
    pub mean: f64,
    /// The mean of its rows less the mean of all, over replicates.
    pub effect: Estimate,
    /// The effect in each replicate.
    by_replicate: Vec<f64>,
}

/// The groups of one key, in the order of their values.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyEffects {
    /// The key.
    pub key: String,
    /// Its groups.
    pub groups: Vec<Group>,
    /// The share of the variance between rows that goes with the groups: Kelley's ε² (1935), which unlike
    /// the plain ratio is 0 on average for a key that does nothing. NaN where rows do not differ.
    pub share: f64,
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
    /// By key, in the order of the design.
    pub keys: Vec<KeyEffects>,
}

impl KeyEffects {
    /// The groups with the least and the greatest mean, and how far apart they are over the replicates.
    pub fn spread(&self) -> Option<(&Group, &Group, Estimate)> {
        let known = || self.groups.iter().filter(|group| group.rows > 0);
        let least = known().min_by(|a, b| a.mean.total_cmp(&b.mean))?;
        let most = known().max_by(|a, b| a.mean.total_cmp(&b.mean))?;
        let apart = most.by_replicate.iter().zip(&least.by_replicate).map(|(high, low)| high - low);
        Some((least, most, estimate(apart)))
    }
}

/// The main effects on every quantity: all of the base first, then of each arm.
///
/// # Errors
/// What the disk says.
pub fn of(study: &Study, lived: &Lived) -> io::Result<Vec<Effects>> {
    let keys = study.rows.first().map_or(&[][..], |row| &row.keys);
    let rows = || study.rows.iter().step_by(study.sides());
    let groupings: Vec<Grouping> = (0..keys.len())
        .map(|k| Grouping::of(&rows().map(|row| &row.values[k]).collect::<Vec<_>>()))
        .collect();
    let replicates = lived.plan.replicates.iter().copied().min().unwrap_or(0) as usize;
    let quantities = Quantity::all(study);
    let sizes: Vec<usize> = groupings.iter().map(|grouping| grouping.groups.len()).collect();
    let mut sums: Vec<Sums> = quantities.iter().map(|_| Sums::new(&sizes, replicates)).collect();
    let outcomes = study.experiment.outcomes.len();
    quantity::each_row(study, lived, &mut |row, sides| {
        let groups: Vec<usize> = groupings.iter().map(|grouping| grouping.of_row[row]).collect();
        for (quantity, sums) in quantities.iter().zip(&mut sums) {
            sums.add(row, &groups, &quantity.values(sides, outcomes, replicates));
        }
    })?;
    let effects = quantities.into_iter().zip(sums);
    Ok(effects.map(|(quantity, sums)| sums.effects(quantity, keys, &groupings)).collect())
}

/// How the rows fall into groups by one key.
struct Grouping {
    /// Least and greatest value of each group.
    groups: Vec<(Value, Value)>,
    /// The group of each row.
    of_row: Vec<usize>,
}

impl Grouping {
    /// Groups rows by `values`, one for each row.
    fn of(values: &[&Value]) -> Grouping {
        let mut distinct: Vec<&Value> = Vec::new();
        for value in values {
            if !distinct.contains(value) {
                distinct.push(value);
            }
            if distinct.len() > FEW && number(value).is_some() {
                return Grouping::stretches(values);
            }
        }
        let order = |a: &&Value, b: &&Value| number(a).partial_cmp(&number(b));
        distinct.sort_by(|a, b| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
        let place = |value: &&Value| distinct.iter().position(|other| other == value).unwrap_or(0);
        Grouping {
            of_row: values.iter().map(place).collect(),
            groups: distinct.into_iter().map(|value| (value.clone(), value.clone())).collect(),
        }
    }

    /// Stretches with about as many rows each; equal values stay together.
    fn stretches(values: &[&Value]) -> Grouping {
        let at = |row: usize| number(values[row]).unwrap_or(f64::NAN);
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| at(a).total_cmp(&at(b)));
        let count = (values.len() / ROWS).clamp(2, STRETCHES);
        let (mut groups, mut of_row) = (Vec::<(Value, Value)>::new(), vec![0; values.len()]);
        let mut last = None;
        for (place, &row) in order.iter().enumerate() {
            let begins = place * count / values.len() >= groups.len() && last != Some(at(row));
            match groups.last_mut() {
                Some(group) if !begins => group.1 = values[row].clone(),
                _ => groups.push((values[row].clone(), values[row].clone())),
            }
            of_row[row] = groups.len() - 1;
            last = Some(at(row));
        }
        Grouping { groups, of_row }
    }
}

/// The value as a number; `None` of a word or a switch.
pub fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

/// Sums over rows, of one quantity.
struct Sums {
    /// Of all rows, by replicate.
    all: Vec<f64>,
    /// By key and group: of its rows, by replicate, and their number.
    groups: Vec<Vec<(Vec<f64>, usize)>>,
    left_out: usize,
    /// Of the means of rows.
    means: Moments,
    extremes: [(usize, f64); 2],
}

impl Sums {
    fn new(sizes: &[usize], replicates: usize) -> Sums {
        let groups = |&size: &usize| vec![(vec![0.0; replicates], 0); size];
        Sums {
            all: vec![0.0; replicates],
            groups: sizes.iter().map(groups).collect(),
            left_out: 0,
            means: Moments::default(),
            extremes: [(0, f64::NAN); 2],
        }
    }

    /// Adds a row by its group under each key and its values by replicate.
    fn add(&mut self, row: usize, groups: &[usize], values: &[f64]) {
        if values.is_empty() || values.iter().any(|value| value.is_nan()) {
            self.left_out += 1;
            return;
        }
        let add = |sums: &mut [f64]| sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        add(&mut self.all);
        for (key, &group) in groups.iter().enumerate() {
            let (sums, rows) = &mut self.groups[key][group];
            add(sums);
            *rows += 1;
        }
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

    fn effects(self, quantity: Quantity, keys: &[String], groupings: &[Grouping]) -> Effects {
        let of_key = |k: usize| {
            let parts = groupings[k].groups.iter().zip(&self.groups[k]);
            let groups: Vec<Group> =
                parts.map(|(values, (sums, rows))| self.group(values.clone(), sums, *rows)).collect();
            KeyEffects { key: keys[k].clone(), share: self.share(&groups), groups }
        };
        Effects {
            quantity,
            mean: if self.means.n > 0 { self.means.mean } else { f64::NAN },
            extremes: self.extremes,
            rows: self.means.n,
            left_out: self.left_out,
            replicates: self.all.len(),
            keys: (0..keys.len()).map(of_key).collect(),
        }
    }

    fn group(&self, values: (Value, Value), sums: &[f64], rows: usize) -> Group {
        let effect = |(sum, all): (&f64, &f64)| sum / rows as f64 - all / self.means.n as f64;
        let by_replicate: Vec<f64> = match rows {
            0 => Vec::new(),
            _ => sums.iter().zip(&self.all).map(effect).collect(),
        };
        let mean = sums.iter().sum::<f64>() / (rows * sums.len()) as f64;
        Group { values, rows, mean, effect: estimate(by_replicate.iter().copied()), by_replicate }
    }

    fn share(&self, groups: &[Group]) -> f64 {
        let apart = |group: &Group| group.rows as f64 * (group.mean - self.means.mean).powi(2);
        let between: f64 = groups.iter().filter(|group| group.rows > 0).map(apart).sum();
        let used = groups.iter().filter(|group| group.rows > 0).count();
        let all = self.means.squares;
        if all <= 0.0 {
            return f64::NAN;
        }
        let within = match self.means.n - used {
            0 => 0.0,
            rest => (all - between).max(0.0) / rest as f64,
        };
        ((between - used.saturating_sub(1) as f64 * within) / all).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(values: &[i64]) -> Vec<Value> {
        values.iter().map(|&value| Value::Integer(value)).collect()
    }

    fn sizes(grouping: &Grouping) -> Vec<usize> {
        let size = |group| grouping.of_row.iter().filter(|&&of| of == group).count();
        (0..grouping.groups.len()).map(size).collect()
    }

    #[test]
    fn few_values_are_groups_and_many_are_cut_into_equal_stretches() {
        let few = whole(&[3, 1, 3, 2]);
        let grouping = Grouping::of(&few.iter().collect::<Vec<_>>());
        assert_eq!(grouping.of_row, [2, 0, 2, 1]);
        let many = whole(&(0..50).map(|i| (i * 17) % 50).collect::<Vec<_>>());
        let grouping = Grouping::of(&many.iter().collect::<Vec<_>>());
        assert_eq!(sizes(&grouping), [10; 5]);
        assert_eq!(grouping.groups[1], (Value::Integer(10), Value::Integer(19)));
        // Equal values are never parted, and words are in the order in which they come.
        let tied = whole(&[[1; 30].as_slice(), &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]].concat());
        let grouping = Grouping::of(&tied.iter().collect::<Vec<_>>());
        assert_eq!(sizes(&grouping).iter().sum::<usize>(), 40);
        assert_eq!(sizes(&grouping)[0], 30);
        let words: Vec<Value> = ["b", "a", "b"].map(Value::from).into();
        assert_eq!(Grouping::of(&words.iter().collect::<Vec<_>>()).of_row, [0, 1, 0]);
    }

    /// y = 10 a + luck over a full grid of a in 0..2 and b in 0..3, with luck shared by all rows.
    fn grid(failed: Option<usize>) -> Effects {
        let rows: Vec<(i64, i64)> = (0..2).flat_map(|a| (0..3).map(move |b| (a, b))).collect();
        let column = |of: fn(&(i64, i64)) -> i64| whole(&rows.iter().map(of).collect::<Vec<_>>());
        let columns = [column(|row| row.0), column(|row| row.1)];
        let groupings = columns.each_ref().map(|c| Grouping::of(&c.iter().collect::<Vec<_>>()));
        let mut sums = Sums::new(&[2, 3], 4);
        for (row, (a, _)) in rows.iter().enumerate() {
            let luck = |r: usize| if failed == Some(row) { f64::NAN } else { (r * r) as f64 };
            let values: Vec<f64> = (0..4).map(|r| 10.0 * *a as f64 + luck(r)).collect();
            sums.add(row, &groupings.each_ref().map(|g| g.of_row[row]), &values);
        }
        let quantity = Quantity { outcome: 0, window: 0, arm: None };
        sums.effects(quantity, &["a".into(), "b".into()], &groupings)
    }

    #[test]
    fn effects_are_exact_where_all_rows_share_their_luck() {
        let effects = grid(None);
        let [a, b] = &effects.keys[..] else { panic!("two keys") };
        let of = |key: &KeyEffects| key.groups.iter().map(|g| g.effect.mean).collect::<Vec<_>>();
        assert_eq!((of(a), of(b)), (vec![-5.0, 5.0], vec![0.0; 3]));
        let (least, most, apart) = a.spread().unwrap();
        assert_eq!((least.rows, most.rows, apart.mean, apart.half_width), (3, 3, 10.0, 0.0));
        assert_eq!((a.share, b.share), (1.0, 0.0));
        assert_eq!((effects.mean, effects.extremes.map(|e| e.1)), (8.5, [3.5, 13.5]));
    }

    #[test]
    fn a_row_without_an_outcome_is_left_out_and_counted() {
        let effects = grid(Some(5));
        assert_eq!((effects.rows, effects.left_out), (5, 1));
        assert_eq!(effects.keys[0].spread().unwrap().2.mean, 10.0);
        assert_eq!(effects.keys[1].groups[2].rows, 1);
    }
}
