//! Sharing out whole things by fractions.

/// Whole numbers that sum to `total`, the sum of the `exact` numbers: these rounded down, and one more for those with the
/// largest remainders, the first of equal ones (Hamilton's method).
pub fn largest_remainders(exact: &[f64], total: i64) -> Vec<i64> {
    let mut parts: Vec<i64> = exact.iter().map(|exact| exact.floor() as i64).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    let missing = (total - parts.iter().sum::<i64>()).max(0) as usize;
    for part in order.into_iter().cycle().take(missing) {
        parts[part] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_over_goes_to_the_largest_remainders_and_to_the_first_of_equal_ones() {
        assert_eq!(largest_remainders(&[1.2, 0.6, 0.3, 0.3, 0.6], 3), [1, 1, 0, 0, 1]);
        assert_eq!(largest_remainders(&[0.5, 0.5, 0.5], 2), [1, 1, 0]);
        assert_eq!(largest_remainders(&[2.0, 3.0], 5), [2, 3]);
        assert_eq!(largest_remainders(&[], 0), [0; 0]);
    }
}
