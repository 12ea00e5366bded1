//! How much of an outcome's variance over the rows of a design is noise.
//!
//! Rows use common random numbers: replicate r of every row has the same random numbers. What a replicate does to all
//! rows alike moves no index. What is left, eᵢᵣ in yᵢᵣ = rowᵢ + replicateᵣ + eᵢᵣ, is noise in the mean of
//! each row, with variance σ² / replicates (two-way analysis of variance without repetition).

use shequ_model::base::stats::Moments;

/// Sums over the rows of a design, which come one by one.
#[derive(Default)]
pub struct Noise {
    /// Of the means of rows.
    rows: Moments,
    /// By replicate, of how far its outputs are from the means of their rows: eᵢᵣ is how far they are from
    /// their own mean.
    replicates: Vec<Moments>,
}

impl Noise {
    /// Adds a row by its outputs, one for each replicate; it does not count if one of them is NaN.
    pub fn add(&mut self, outputs: &[f64]) {
        let mean = outputs.iter().sum::<f64>() / outputs.len() as f64;
        if !mean.is_finite() {
            return;
        }
        self.rows.add(mean);
        self.replicates.resize(outputs.len(), Moments::default());
        self.replicates.iter_mut().zip(outputs).for_each(|(moments, output)| moments.add(output - mean));
    }

    /// The share of the variance of row means that is noise, in [0, 1]. `None` with one replicate, fewer than
    /// two rows, or no variance.
    pub fn share(&self) -> Option<f64> {
        let (rows, replicates) = (self.rows.n as f64, self.replicates.len() as f64);
        if rows < 2.0 || replicates < 2.0 {
            return None;
        }
        let squares: f64 = self.replicates.iter().map(|moments| moments.squares).sum();
        let noise = squares / ((rows - 1.0) * (replicates - 1.0)) / replicates;
        let variance = self.rows.squares / (rows - 1.0);
        (variance > 0.0).then(|| (noise / variance).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::rng::{CounterRng, Stream};

    fn share(outputs: &[Vec<f64>]) -> Option<f64> {
        let mut noise = Noise::default();
        outputs.iter().for_each(|row| noise.add(row));
        noise.share()
    }

    fn outputs(spread: f64, of_replicate: f64) -> Vec<Vec<f64>> {
        let (rng, s) = (CounterRng::new(4, 0), Stream::named("noise"));
        let replicate = |r: u32| of_replicate * f64::from(r);
        let output = |row: u32, r: u32| f64::from(row % 2) * spread + replicate(r) + rng.normal(s, row, r, 0);
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
    fn without_random_numbers_there_is_no_noise_and_one_replicate_does_not_tell() {
        assert_eq!(share(&[vec![1.0, 2.0], vec![3.0, 4.0]]), Some(0.0));
        assert_eq!(share(&[vec![1.0], vec![3.0]]), None);
        assert_eq!(share(&[vec![1.0, 1.0], vec![f64::NAN, 1.0]]), None);
    }
}
