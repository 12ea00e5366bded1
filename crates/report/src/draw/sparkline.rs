//! A series as a few characters, for a terminal.

use crate::chart::Series;
use shequ_model::base::stats::estimate;

/// Characters of a line.
const LENGTH: usize = 10;

/// The values of a series in a few characters, from its lowest to its highest.
pub fn sparkline(series: &Series) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let values = &series.mean;
    let parts = LENGTH.min(values.len());
    let part = |i: usize| mean(&values[i * values.len() / parts..(i + 1) * values.len() / parts]);
    let parts: Vec<f64> = (0..parts).map(part).collect();
    let present = || parts.iter().filter(|v| !v.is_nan());
    let low = present().copied().fold(f64::INFINITY, f64::min);
    let high = present().copied().fold(f64::NEG_INFINITY, f64::max);
    let height = |value: f64| match (value - low) / (high - low) {
        share if share.is_nan() => HEIGHTS[3],
        share => HEIGHTS[(share * 7.0).round() as usize],
    };
    parts.iter().map(|&v| if v.is_nan() { ' ' } else { height(v) }).collect()
}

/// The mean of the values that are there.
fn mean(values: &[f64]) -> f64 {
    estimate(values.iter().copied()).mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_goes_from_lowest_to_highest_and_skips_what_is_missing() {
        let line = |values: &[f64]| sparkline(&Series { mean: values.to_vec(), ..Series::default() });
        assert_eq!(line(&[0.0, 1.0, f64::NAN, 7.0]), "▁▂ █");
        assert_eq!(line(&[2.0, 2.0]), "▄▄");
        assert_eq!(line(&[]), "");
        assert_eq!(line(&[1.0; 120]).chars().count(), LENGTH);
    }
}
