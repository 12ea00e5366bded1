//! Solving for the shares that were asked: by one shift of odds, or by raking a table.

pub use crate::base::math::expit as chance;

/// Bounds of a shift. Beyond them a chance is nil or certain for every draw of 53 bits.
const BOUND: f64 = 60.0;

/// The shift of log odds at which the mean chance over `cells` (weight, odds multiplier) is `asked`.
pub fn shift(cells: &[(f64, f64)], asked: f64) -> f64 {
    // Rounding would end the search too early.
    if asked <= 0.0 || asked >= 1.0 {
        return BOUND.copysign(asked - 0.5);
    }
    let total: f64 = cells.iter().map(|c| c.0).sum();
    let share = |shift: f64| {
        cells.iter().map(|&(weight, odds)| weight * chance(shift + libm::log(odds))).sum::<f64>() / total
    };
    let (mut low, mut high) = (-BOUND, BOUND);
    // A hundred halvings exhaust the 53 bits.
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if share(middle) < asked { low = middle } else { high = middle }
    }
    high
}

/// For ordered levels with `asked` shares: the chance to reach level 1, 2, … in each cell, under
/// proportional odds. `LEVELS` is one less than the number of levels.
pub fn ladder<const LEVELS: usize>(cells: &[(f64, f64)], asked: &[f64]) -> Vec<[f64; LEVELS]> {
    debug_assert_eq!(asked.len(), LEVELS + 1);
    let shifts: [f64; LEVELS] =
        std::array::from_fn(|level| shift(cells, asked[level + 1..].iter().sum::<f64>()));
    cells.iter().map(|&(_, odds)| shifts.map(|shift| chance(shift + libm::log(odds)))).collect()
}

/// Scales `table` until its rows sum to `rows` and its columns to `columns` (iterative proportional
/// fitting, Deming and Stephan 1940). Rows and columns have the same total.
pub fn rake<const COLUMNS: usize>(table: &mut [[f64; COLUMNS]], rows: &[f64], columns: &[f64; COLUMNS]) {
    const ROUNDS: usize = 200;
    let factor = |wanted: f64, have: f64| if have > 0.0 { wanted / have } else { 0.0 };
    for _ in 0..ROUNDS {
        for (row, &wanted) in table.iter_mut().zip(rows) {
            let by = factor(wanted, row.iter().sum());
            row.iter_mut().for_each(|cell| *cell *= by);
        }
        for (column, &wanted) in columns.iter().enumerate() {
            let by = factor(wanted, table.iter().map(|row| row[column]).sum());
            table.iter_mut().for_each(|row| row[column] *= by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_gives_the_share_asked() {
        let cells = [(0.3, 1.0), (0.5, 4.0), (0.2, 0.25)];
        for asked in [0.001, 0.2, 0.6, 0.99] {
            let s = shift(&cells, asked);
            let share: f64 = cells.iter().map(|&(w, o)| w * chance(s + libm::log(o))).sum();
            assert!((share - asked).abs() < 1e-12, "asked {asked}, came out {share}");
        }
        // Nobody and everybody are beyond every draw of 53 bits.
        assert!(chance(shift(&cells, 0.0) + libm::log(4.0)) < 1e-17);
        assert_eq!(chance(shift(&cells, 1.0) + libm::log(0.25)), 1.0);
    }

    #[test]
    fn a_raked_table_has_the_margins_asked() {
        let mut table = [[1.0, 3.0, 1.0], [2.0, 1.0, 0.5]];
        rake(&mut table, &[0.7, 0.3], &[0.5, 0.5, 0.0]);
        assert!((table[0].iter().sum::<f64>() - 0.7).abs() < 1e-12);
        assert!((table[0][0] + table[1][0] - 0.5).abs() < 1e-12);
        assert_eq!(table[0][2] + table[1][2], 0.0);
    }
}
