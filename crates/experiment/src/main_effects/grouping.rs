//! How the rows of a design fall into groups by the value of a key.

use std::collections::BTreeMap;

use toml::Value;

use shequ_model::scenario::value::number_of;

/// Values of a number that are groups of their own at most, and the stretches into which more are cut: as
/// many as leave half of the rows to judge by. Words and switches are always groups of their own.
const FINENESS: [(usize, usize); 5] = [(8, 5), (5, 5), (4, 4), (3, 3), (2, 2)];
/// Rows that a stretch should have.
const ROWS: usize = 5;

/// Groups of rows by one key.
#[derive(Clone)]
pub struct Grouping {
    /// Least and greatest value of each group.
    pub groups: Vec<(Value, Value)>,
    /// The group of each row.
    pub of_row: Vec<usize>,
}

impl Grouping {
    /// Groups rows by each of `columns`, the values of a key in every row.
    pub fn all(columns: &[Vec<&Value>]) -> Vec<Grouping> {
        let rows = columns.first().map_or(0, Vec::len);
        let at = |(most, stretches): (usize, usize)| -> Vec<Grouping> {
            columns.iter().map(|values| Grouping::of(values, most, stretches)).collect()
        };
        let unknowns =
            |all: &[Grouping]| 1 + all.iter().map(|one| one.groups.len().saturating_sub(1)).sum::<usize>();
        let is_full = is_full(columns);
        let is_enough = |all: &Vec<Grouping>| 2 * unknowns(all) <= rows || is_full;
        let finest = FINENESS.into_iter().map(at).find(is_enough);
        finest.unwrap_or_else(|| at(FINENESS[FINENESS.len() - 1]))
    }

    /// By `values`, one for each row, of which up to `most` are groups of their own if they are numbers.
    fn of(values: &[&Value], most: usize, stretches: usize) -> Grouping {
        let mut distinct: Vec<&Value> = Vec::new();
        for value in values {
            if !distinct.contains(value) {
                distinct.push(value);
            }
            if distinct.len() > most && number_of(value).is_some() {
                return Grouping::stretches(values, stretches);
            }
        }
        let order = |a: &&Value, b: &&Value| number_of(a).partial_cmp(&number_of(b));
        distinct.sort_by(|a, b| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
        let place = |value: &&Value| distinct.iter().position(|other| other == value).unwrap_or(0);
        Grouping {
            of_row: values.iter().map(place).collect(),
            groups: distinct.into_iter().map(|value| (value.clone(), value.clone())).collect(),
        }
    }

    /// Stretches with about as many rows each; equal values stay together.
    fn stretches(values: &[&Value], most: usize) -> Grouping {
        let at = |row: usize| number_of(values[row]).unwrap_or(f64::NAN);
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| at(a).total_cmp(&at(b)));
        let count = (values.len() / ROWS).clamp(2, most);
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

/// True if the rows are every combination of the values of `columns`, each as often as any other.
pub fn is_full(columns: &[Vec<&Value>]) -> bool {
    let rows = columns.first().map_or(0, Vec::len);
    let mut combinations = 1;
    let mut counts: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let places: Vec<Vec<usize>> = columns
        .iter()
        .map(|values| {
            let mut known: BTreeMap<String, usize> = BTreeMap::new();
            let mut place = |value: &&Value| {
                let next = known.len();
                *known.entry(value.to_string()).or_insert(next)
            };
            let places = values.iter().map(&mut place).collect();
            combinations *= known.len().min(rows + 1);
            combinations = combinations.min(rows + 1);
            places
        })
        .collect();
    if combinations == 0 || rows % combinations != 0 {
        return false;
    }
    for row in 0..rows {
        *counts.entry(places.iter().map(|of| of[row]).collect()).or_default() += 1;
    }
    counts.len() == combinations && counts.values().all(|&count| count == rows / combinations)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(values: &[i64]) -> Vec<Value> {
        values.iter().map(|&value| Value::Integer(value)).collect()
    }

    fn one(values: &[Value]) -> Grouping {
        Grouping::all(&[values.iter().collect()]).remove(0)
    }

    fn sizes(grouping: &Grouping) -> Vec<usize> {
        let size = |group| grouping.of_row.iter().filter(|&&of| of == group).count();
        (0..grouping.groups.len()).map(size).collect()
    }

    #[test]
    fn few_values_are_groups_and_many_are_cut_into_equal_stretches() {
        assert_eq!(one(&whole(&[3, 1, 3, 2, 1, 2, 3, 1])).of_row, [2, 0, 2, 1, 0, 1, 2, 0]);
        let many: Vec<i64> = (0..50).map(|i| (i * 17) % 50 - i64::from(i == 0)).collect();
        let grouping = one(&whole(&[many, vec![0]].concat()));
        assert_eq!(sizes(&grouping), [11, 10, 10, 10, 10]);
        // Equal values are never parted, and words are in the order in which they come.
        let tied = whole(&[[1; 30].as_slice(), &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]].concat());
        let grouping = one(&tied);
        assert_eq!(sizes(&grouping).iter().sum::<usize>(), 40);
        assert_eq!(sizes(&grouping)[0], 30);
        let words: Vec<Value> = ["b", "a", "b", "b"].map(Value::from).into();
        assert_eq!(one(&words).of_row, [0, 1, 0, 0]);
    }

    #[test]
    fn groups_leave_half_of_the_rows_to_judge_by() {
        let column = |times: i64| whole(&(0..20).map(|i| (i * times) % 23).collect::<Vec<_>>());
        let columns: Vec<Vec<Value>> = [1, 3, 5, 7].map(column).into();
        let columns: Vec<Vec<&Value>> = columns.iter().map(|values| values.iter().collect()).collect();
        assert!(Grouping::all(&columns).iter().all(|grouping| grouping.groups.len() == 3));
    }

    #[test]
    fn a_full_grid_has_every_combination_equally_often() {
        let full = |rows: &[[i64; 2]]| {
            let column = |at: usize| whole(&rows.iter().map(|row| row[at]).collect::<Vec<_>>());
            let columns = [column(0), column(1)];
            is_full(&columns.each_ref().map(|values| values.iter().collect::<Vec<_>>()))
        };
        let grid: Vec<[i64; 2]> = (0..2).flat_map(|a| (0..3).map(move |b| [a, b])).collect();
        assert!(full(&grid) && full(&[grid.as_slice(), &grid].concat()));
        assert!(!full(&grid[1..]) && !full(&[&grid[1..], &grid[1..2]].concat()));
        assert!(!full(&[[0, 0], [1, 1], [2, 2]]));
    }
}
