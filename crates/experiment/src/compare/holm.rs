//! Correction for many outcomes.

/// Holm's adjusted p values (1979, Scandinavian Journal of Statistics 6:65), in the order of `p`. Those
/// that are NaN belong to no test, are not counted, and stay NaN.
///
/// If effects whose adjusted p is below 0.05 are claimed, the chance that any claim of the whole list is
/// false is at most 5 %, however the outcomes hang together.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    order.sort_by(|&i, &j| p[i].total_cmp(&p[j]));
    let (tests, mut adjusted, mut least) = (order.len(), vec![f64::NAN; p.len()], 0.0_f64);
    for (rank, &i) in order.iter().enumerate() {
        least = least.max((tests - rank) as f64 * p[i]).min(1.0);
        adjusted[i] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_by_hand() {
        // Sorted .01, .02, .03, .5 times 4, 3, 2, 1 = .04, .06, .06, .5, never falling.
        let adjusted = holm(&[0.03, 0.5, f64::NAN, 0.01, 0.02]);
        for (a, b) in adjusted.iter().zip([0.06, 0.5, f64::NAN, 0.04, 0.06]) {
            assert!((a - b).abs() < 1e-12 || a.is_nan() && b.is_nan(), "{a} {b}");
        }
        assert_eq!(holm(&[0.4, 0.6]), [0.8, 0.8]);
        assert_eq!(holm(&[0.9, 0.9]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
