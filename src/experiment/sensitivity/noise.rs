//! How much of an outcome's variance over the rows of a design is luck.
//!
//! Rows share their luck: replicate r of every row has the same random numbers. What a replicate does to all
//! rows alike moves no index. What is left, eᵢᵣ in yᵢᵣ = rowᵢ + replicateᵣ + eᵢᵣ, is noise in the mean of
//! each row, with variance σ² / replicates (two-way analysis of variance without repetition).

/// The share of the variance of row means that is noise, in [0, 1]. `outputs[row][replicate]`; rows with a
/// NaN do not count. `None` with one replicate, fewer than two rows, or no variance.
pub fn share(outputs: &[Vec<f64>]) -> Option<f64> {
    let whole: Vec<&Vec<f64>> = outputs.iter().filter(|row| row.iter().all(|y| y.is_finite())).collect();
    let replicates = whole.first()?.len();
    let (rows, columns) = (whole.len() as f64, replicates as f64);
    if whole.len() < 2 || replicates < 2 {
        return None;
    }
    let row_means: Vec<f64> = whole.iter().map(|row| row.iter().sum::<f64>() / columns).collect();
    let mean = row_means.iter().sum::<f64>() / rows;
    let column_mean = |r: usize| whole.iter().map(|row| row[r]).sum::<f64>() / rows;
    let column_means: Vec<f64> = (0..replicates).map(column_mean).collect();
    let residuals = whole.iter().zip(&row_means).flat_map(|(row, row_mean)| {
        row.iter().zip(&column_means).map(move |(y, column_mean)| y - row_mean - column_mean + mean)
    });
    let noise = residuals.map(|e| e * e).sum::<f64>() / ((rows - 1.0) * (columns - 1.0)) / columns;
    let variance = row_means.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (rows - 1.0);
    (variance > 0.0).then(|| (noise / variance).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::luck::{Luck, Stream};

    fn outputs(spread: f64, of_replicate: f64) -> Vec<Vec<f64>> {
        let (luck, s) = (Luck::new(4, 0), Stream::named("noise"));
        let replicate = |r: u32| of_replicate * f64::from(r);
        let output =
            |row: u32, r: u32| f64::from(row % 2) * spread + replicate(r) + luck.normal(s, row, r, 0);
        (0..400).map(|row| (0..4).map(|r| output(row, r)).collect()).collect()
    }

    #[test]
    fn the_share_is_known_and_what_replicates_have_in_common_does_not_count() {
        // Rows of 0 and 4: variance 4 · 400/399, and noise 1 / 4 in the mean of four.
        let expected = 0.25 / (4.0 * 400.0 / 399.0 + 0.25);
        for of_replicate in [0.0, 100.0] {
            let share = share(&outputs(4.0, of_replicate)).unwrap();
            // σ² from 1197 residuals: 4 % is its standard error; three of them, and as much for the rest.
            assert!((share / expected - 1.0).abs() < 0.25, "{share} and {expected}");
        }
        assert!(share(&outputs(0.0, 3.0)).unwrap() > 0.75);
    }

    #[test]
    fn without_luck_there_is_no_noise_and_one_replicate_does_not_tell() {
        assert_eq!(share(&[vec![1.0, 2.0], vec![3.0, 4.0]]), Some(0.0));
        assert_eq!(share(&[vec![1.0], vec![3.0]]), None);
        assert_eq!(share(&[vec![1.0, 1.0], vec![f64::NAN, 1.0]]), None);
    }
}
