//! Means, intervals and inequality, summed in a fixed order.

/// Mean, spread and 95 % interval of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean; NaN of an empty sample.
    pub mean: f64,
    /// Standard deviation with n − 1; NaN below two values.
    pub sd: f64,
    /// Half width of the 95 % interval of the mean by Student's t; NaN below two values.
    pub half_width: f64,
    /// Number of values that are not NaN.
    pub n: usize,
}

/// Estimates the mean of those `values` that are not NaN.
pub fn estimate(values: impl Iterator<Item = f64> + Clone) -> Estimate {
    let present = values.filter(|v| !v.is_nan());
    let n = present.clone().count();
    if n == 0 {
        return Estimate { mean: f64::NAN, sd: f64::NAN, half_width: f64::NAN, n };
    }
    let mean = present.clone().sum::<f64>() / n as f64;
    if n == 1 {
        return Estimate { mean, sd: f64::NAN, half_width: f64::NAN, n };
    }
    let squares: f64 = present.map(|v| (v - mean) * (v - mean)).sum();
    let sd = libm::sqrt(squares / (n - 1) as f64);
    Estimate { mean, sd, half_width: student_975(n - 1) * sd / libm::sqrt(n as f64), n }
}

/// The same for a level, such as a mean over replicates: values that all coincide have no interval, because
/// they do not show how far others would lie from them.
pub fn level(values: impl Iterator<Item = f64> + Clone) -> Estimate {
    let e = estimate(values);
    if e.sd == 0.0 { Estimate { half_width: f64::NAN, ..e } } else { e }
}

/// How many of `values` differ from one another by more than `rounding`.
pub fn distinct(values: &[f64], rounding: f64) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let gaps = sorted.windows(2).filter(|pair| pair[1] - pair[0] > rounding).count();
    gaps + usize::from(!values.is_empty())
}

/// The `p`-quantile of values that are `sorted`, between the two nearest in proportion (type 7 of Hyndman and Fan 1996,
/// American Statistician 50:361, as NumPy and R have it); NaN of none.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = p * last as f64;
    let below = (place as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// Mean and spread of values that come one by one and are not kept, by Welford's recurrence (1962,
/// Technometrics 4:419), which loses no digits to a large mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Values so far.
    pub n: usize,
    /// Their mean; 0 of none.
    pub mean: f64,
    /// The sum of their squared distances from it.
    pub squares: f64,
}

impl Moments {
    /// Counts `value` in.
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        let apart = value - self.mean;
        self.mean += apart / self.n as f64;
        self.squares += apart * (value - self.mean);
    }
}

/// 97.5 % quantile of Student's t with `df` degrees of freedom.
///
/// Tabulated to 10, then the Cornish–Fisher expansion (Abramowitz and Stegun 26.7.5), whose error
/// is below 2e-4 there.
pub fn student_975(df: usize) -> f64 {
    const TABLE: [f64; 10] =
        [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];
    match df {
        0 => f64::NAN,
        1..=10 => TABLE[df - 1],
        _ => {
            let (z, n) = (1.959_963_985_f64, df as f64);
            let (z3, z5) = (z * z * z, z * z * z * z * z);
            let g1 = (z3 + z) / 4.0;
            let g2 = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
            let g3 = (3.0 * z5 * z * z + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0;
            z + g1 / n + g2 / (n * n) + g3 / (n * n * n)
        }
    }
}

/// Gini coefficient of a histogram: `counts[v]` people hold the value v. NaN if nobody holds
/// anything.
pub fn gini(counts: &[u64]) -> f64 {
    let people: u64 = counts.iter().sum();
    let total: f64 = counts.iter().enumerate().map(|(v, &c)| v as f64 * c as f64).sum();
    if people == 0 || total == 0.0 {
        return f64::NAN;
    }
    // Area under the Lorenz curve by trapezoids, one for each value.
    let (mut held, mut area) = (0.0, 0.0);
    for (v, &c) in counts.iter().enumerate() {
        let next = held + v as f64 * c as f64;
        area += (held + next) * c as f64;
        held = next;
    }
    1.0 - area / (people as f64 * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gini_of_a_share_p_of_equal_givers_is_one_minus_p() {
        // Benchmark case O11, exact.
        assert!((gini(&[75, 25]) - 0.75).abs() < 1e-12);
        assert!((gini(&[0, 0, 10]) - 0.0).abs() < 1e-12);
        assert!(gini(&[10]).is_nan());
    }

    #[test]
    fn quantiles_by_hand() {
        // numpy.quantile([1, 2, 4, 8], …), whose default is the same.
        let of = |p| quantile(&[1.0, 2.0, 4.0, 8.0], p);
        assert_eq!([of(0.0), of(0.25), of(0.5), of(0.9), of(1.0)], [1.0, 1.75, 3.0, 6.800000000000001, 8.0]);
        assert!(quantile(&[], 0.5).is_nan() && quantile(&[7.0], 0.1) == 7.0);
    }

    #[test]
    fn student_quantiles_match_tables() {
        // Abramowitz and Stegun, table 26.10.
        for (df, t) in [(1, 12.7062), (10, 2.2281), (11, 2.2010), (29, 2.0452), (120, 1.9799)] {
            assert!((student_975(df) - t).abs() < 2e-4, "df = {df}");
        }
    }

    #[test]
    fn moments_of_values_one_by_one_are_those_of_all() {
        let values = [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0];
        let mut moments = Moments::default();
        values.iter().for_each(|&value| moments.add(value));
        assert_eq!((moments.n, moments.mean, moments.squares), (4, 1e9 + 10.0, 90.0));
    }

    #[test]
    fn values_that_coincide_have_a_level_but_no_interval() {
        let e = level([0.3; 5].into_iter());
        assert_eq!((e.mean, e.sd, e.n), (0.3, 0.0, 5));
        assert!(e.half_width.is_nan());
        let values = [0.1, 0.2, 0.4];
        assert_eq!(level(values.into_iter()), estimate(values.into_iter()));
    }

    #[test]
    fn values_that_differ_by_rounding_alone_are_one() {
        assert_eq!(distinct(&[0.22 - 0.21, 0.21 - 0.2, 0.5], 1e-12), 2);
        assert_eq!((distinct(&[], 0.0), distinct(&[1.0, 1.0], 0.0), distinct(&[1.0, 2.0], 0.0)), (0, 1, 2));
    }

    #[test]
    fn an_estimate_leaves_out_missing_values() {
        let e = estimate([1.0, f64::NAN, 3.0].into_iter());
        assert_eq!((e.mean, e.n), (2.0, 2));
        // sd = sqrt 2, half width = 12.7062 · sqrt 2 / sqrt 2
        assert!((e.half_width - 12.7062).abs() < 1e-9);
    }
}
