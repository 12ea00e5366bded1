//! The ratio of two means with its confidence set (Fieller 1954, Journal of the Royal Statistical Society B 16:175).
//!
//! The set holds every ratio R for which the mean of x − R·y is no further from zero than Student's t allows. Where y is
//! not known to differ from zero it has no end: what lies beyond two ratios, or everything. An interval by the usual
//! rule for errors would have ends all the same, and would hold the truth too seldom.

use shequ_model::base::student;

/// The chance that a set misses the truth.
const LEVEL: f64 = 0.05;

/// Which ratios are not refuted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Set {
    /// Those between two.
    Between(f64, f64),
    /// Those up to the first and from the second on: the ratio may be of either sign and of any size.
    Outside(f64, f64),
    /// All.
    All,
    /// There are too few values to say.
    Unknown,
}

impl Set {
    /// True if `ratio` is not refuted.
    pub fn holds(self, ratio: f64) -> bool {
        match self {
            Set::Between(low, high) => (low..=high).contains(&ratio),
            Set::Outside(low, high) => ratio <= low || ratio >= high,
            Set::All => true,
            Set::Unknown => false,
        }
    }

    /// As in the column `set`.
    pub fn word(self) -> &'static str {
        match self {
            Set::Between(..) => "between",
            Set::Outside(..) => "outside",
            Set::All => "all",
            Set::Unknown => "",
        }
    }

    /// Its ends, as in the columns of intervals; NaN where there is none.
    pub fn ends(self) -> [f64; 2] {
        match self {
            Set::Between(low, high) | Set::Outside(low, high) => [low, high],
            Set::All | Set::Unknown => [f64::NAN; 2],
        }
    }
}

/// A ratio of means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// Mean of the one over the mean of the other; NaN if that is zero.
    pub value: f64,
    /// Its confidence set.
    pub set: Set,
}

/// Means of two numbers with their variances and covariance, as means, and degrees of freedom.
struct Means {
    of: [f64; 2],
    variance: [f64; 2],
    covariance: f64,
    df: f64,
}

/// Sums of squares and products about the means of `pairs`, over n · (n − 1): of means.
fn means(pairs: &[[f64; 2]]) -> Means {
    let n = pairs.len() as f64;
    let of = [0, 1].map(|k| pairs.iter().map(|pair| pair[k]).sum::<f64>() / n);
    let sum = |a: usize, b: usize| {
        pairs.iter().map(|pair| (pair[a] - of[a]) * (pair[b] - of[b])).sum::<f64>() / (n * (n - 1.0))
    };
    Means { of, variance: [sum(0, 0), sum(1, 1)], covariance: sum(0, 1), df: n - 1.0 }
}

/// Of the differences that an arm makes to two numbers: the first over the second. `base` and `arm` hold both of each
/// replicate, those of one place being a pair if `paired`. Without pairs the degrees of freedom are those of the smaller
/// sample, which are no more than there are.
pub fn ratio(base: &[[f64; 2]], arm: &[[f64; 2]], paired: bool) -> Ratio {
    let is_there = |pair: &&[f64; 2]| !pair[0].is_nan() && !pair[1].is_nan();
    if paired {
        let differences: Vec<[f64; 2]> = base
            .iter()
            .zip(arm)
            .filter(|(base, arm)| is_there(base) && is_there(arm))
            .map(|(base, arm)| [arm[0] - base[0], arm[1] - base[1]])
            .collect();
        return of_means(&means(&differences));
    }
    let [base, arm] =
        [base, arm].map(|side| means(&side.iter().filter(is_there).copied().collect::<Vec<_>>()));
    of_means(&Means {
        of: [0, 1].map(|k| arm.of[k] - base.of[k]),
        variance: [0, 1].map(|k| arm.variance[k] + base.variance[k]),
        covariance: arm.covariance + base.covariance,
        df: base.df.min(arm.df),
    })
}

/// Ratios R with (x − R·y)² ≤ t² · variance of x − R·y: where a·R² − 2·b·R + c is not above zero.
fn of_means(means: &Means) -> Ratio {
    let [x, y] = means.of;
    let value = if y == 0.0 { f64::NAN } else { x / y };
    if means.df < 1.0 {
        return Ratio { value, set: Set::Unknown };
    }
    let t = student::critical(LEVEL, means.df);
    let a = y * y - t * t * means.variance[1];
    let b = x * y - t * t * means.covariance;
    let c = x * x - t * t * means.variance[0];
    let roots = b * b - a * c;
    let set = if a > 0.0 {
        // The ratio of the means is within, so there are two ends but for rounding.
        let half = libm::sqrt(roots.max(0.0));
        Set::Between((b - half) / a, (b + half) / a)
    } else if a < 0.0 && roots > 0.0 {
        let half = libm::sqrt(roots);
        Set::Outside((b + half) / a, (b - half) / a)
    } else {
        Set::All
    };
    Ratio { value, set }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::rng::{CounterRng, Stream};

    #[test]
    fn without_an_error_of_the_denominator_it_is_the_interval_of_the_numerator() {
        // x is 1, 2, 3 and y is 2: t · sd / √3 = 4.3027 / √3, over 2.
        let base = [[0.0; 2]; 3];
        let Ratio { value, set } = ratio(&base, &[[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]], true);
        let half = 4.302_652_73 / libm::sqrt(3.0) / 2.0;
        let Set::Between(low, high) = set else { panic!("{set:?}") };
        assert!(value == 1.0 && (low - (1.0 - half)).abs() < 1e-6 && (high - (1.0 + half)).abs() < 1e-6);
    }

    #[test]
    fn numbers_in_proportion_have_their_ratio_for_certain() {
        let arm = [[3.0, 1.0], [6.0, 2.0], [9.0, 3.0], [6.3, 2.1]];
        let Ratio { value, set } = ratio(&[[0.0; 2]; 4], &arm, true);
        let [low, high] = set.ends();
        assert!((value - 3.0).abs() < 1e-9 && (low - 3.0).abs() < 1e-6 && (high - 3.0).abs() < 1e-6);
    }

    #[test]
    fn where_the_denominator_may_be_nothing_the_set_has_no_end() {
        let base = [[0.0; 2]; 4];
        let set = ratio(&base, &[[5.0, 1.0], [5.1, -1.0], [5.2, 1.1], [4.9, -1.0]], true).set;
        assert!(matches!(set, Set::Outside(low, high) if low < 0.0 && high > 0.0), "{set:?}");
        let set = ratio(&base, &[[1.0, 1.0], [-1.0, -1.1], [-1.2, 1.0], [1.1, -1.0]], true).set;
        assert_eq!(set, Set::All);
        // An effect that is nothing in every replicate.
        let nothing = ratio(&base, &[[1.0, 0.0], [2.0, 0.0], [1.5, 0.0], [1.2, 0.0]], true);
        assert!(nothing.value.is_nan() && nothing.set == Set::All);
        assert_eq!(ratio(&base[..1], &[[1.0, 1.0]], true).set, Set::Unknown);
        assert_eq!(ratio(&[], &[], false).set, Set::Unknown);
    }

    /// How often the set holds the truth, in samples of `n` with true means `x` and `y`, unit variances and a
    /// correlation of 0.6; and how often it has ends.
    fn coverage(x: f64, y: f64, n: u32, paired: bool) -> [f64; 2] {
        const DRAWS: u32 = 4_000;
        let stream = Stream::named("fieller");
        let one = |sample: u32| {
            let rng = CounterRng::new(7, sample);
            let draw = |i: u32, side: u32, mean: [f64; 2]| {
                let [u, v] = [0, 1].map(|k| rng.normal(stream, i, side, k));
                [mean[0] + u, mean[1] + 0.6 * u + 0.8 * v]
            };
            let side = |side: u32, mean| (0..n).map(|i| draw(i, side, mean)).collect::<Vec<_>>();
            let base = if paired { vec![[0.0; 2]; n as usize] } else { side(0, [0.0; 2]) };
            let set = ratio(&base, &side(1, [x, y]), paired).set;
            [set.holds(x / y), matches!(set, Set::Between(..))]
        };
        let all: Vec<[bool; 2]> = (0..DRAWS).map(one).collect();
        [0, 1].map(|k| all.iter().filter(|found| found[k]).count() as f64 / f64::from(DRAWS))
    }

    #[test]
    fn the_set_holds_the_truth_in_nineteen_of_twenty_samples_however_weak_the_denominator() {
        for (x, y) in [(3.0, 2.0), (1.0, 0.5), (-2.0, 0.2), (0.0, 0.1), (4.0, -1.0)] {
            // Three standard errors of 4,000 draws at 95 % are 0.0103.
            for n in [3, 10, 30] {
                let [covered, _] = coverage(x, y, n, true);
                assert!((covered - 0.95).abs() < 0.0104, "{x} / {y}, {n} pairs: {covered}");
            }
            let [covered, _] = coverage(x, y, 10, false);
            assert!(covered > 0.95 - 0.0104, "{x} / {y}, two samples of ten: {covered}");
        }
        assert!(coverage(3.0, 2.0, 30, true)[1] > 0.99 && coverage(0.0, 0.1, 10, true)[1] < 0.2);
    }
}
