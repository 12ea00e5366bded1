//! Full factorial design: every combination of values.

use toml::Value;

use super::factor::{Factor, Range};

/// Values of each factor: all that a list holds, `levels` of a range at equal steps, ends included.
/// A range of fewer whole numbers has them all.
fn levels(factor: &Factor, levels: u32) -> Vec<Value> {
    if let Range::Levels(values) = &factor.range {
        return values.clone();
    }
    let last = levels.saturating_sub(1).max(1);
    let mut values: Vec<Value> =
        (0..levels).map(|level| factor.at(f64::from(level) / f64::from(last))).collect();
    values.dedup();
    values
}

/// Number of rows, if it fits.
pub fn count(factors: &[Factor], of_range: u32) -> Option<usize> {
    factors.iter().try_fold(1usize, |rows, factor| {
        rows.checked_mul(match &factor.range {
            Range::Levels(values) => values.len(),
            _ => of_range as usize,
        })
    })
}

/// The rows; the last factor varies fastest.
pub fn rows(factors: &[Factor], of_range: u32) -> Vec<Vec<Value>> {
    factors.iter().fold(vec![Vec::new()], |rows, factor| {
        let values = levels(factor, of_range);
        let with = |row: &Vec<Value>, value: &Value| [row.as_slice(), std::slice::from_ref(value)].concat();
        rows.iter().flat_map(|row| values.iter().map(move |value| with(row, value))).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_stands_once() {
        let factors = [
            Factor { key: "a".into(), range: Range::Linear { low: 0.0, high: 1.0 } },
            Factor { key: "b".into(), range: Range::Levels(vec!["x".into(), "y".into()]) },
            Factor { key: "c".into(), range: Range::Whole { low: 1, high: 2 } },
        ];
        let rows = rows(&factors, 5);
        // Of the whole numbers 1 and 2 there are but two.
        assert_eq!(rows.len(), 5 * 2 * 2);
        assert_eq!(rows[0], [Value::Float(0.0), "x".into(), Value::Integer(1)]);
        assert_eq!(rows[19], [Value::Float(1.0), "y".into(), Value::Integer(2)]);
        assert!((0..20).all(|i| !rows[..i].contains(&rows[i])));
    }
}
