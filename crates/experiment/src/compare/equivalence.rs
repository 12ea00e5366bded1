//! Whether a difference is too small to matter.
//!
//! Two one-sided tests ([Schuirmann 1987](https://doi.org/10.1007/BF01068419), Journal of Pharmacokinetics and
//! Biopharmaceutics 15:657): that it is below the smallest effect that matters, and above its negative. Each is half of
//! the two-sided test of a [`Difference`] from a base that is moved by as much, with all that guards it where values
//! are few or coincide.

use super::difference::Difference;

/// The p value of the claim that `arm` differs from `base` by less than `smallest`, where `difference` judges how far
/// an arm stands from what it is given as its base; NaN where there is no test.
pub fn equivalence(base: &[f64], smallest: f64, difference: &dyn Fn(&[f64]) -> Difference) -> f64 {
    if smallest.is_nan() || smallest <= 0.0 {
        return f64::NAN;
    }
    let moved = |by: f64| difference(&base.iter().map(|value| value + by).collect::<Vec<f64>>());
    let [below, above] = [one_sided(&moved(smallest), 1.0), one_sided(&moved(-smallest), -1.0)];
    if below.is_nan() || above.is_nan() { f64::NAN } else { below.max(above) }
}

/// The p value of the claim that a difference, times `direction`, is below zero.
fn one_sided(difference: &Difference, direction: f64) -> f64 {
    let mean = direction * difference.effect.mean;
    match () {
        // Every pair differs by just as much as matters.
        () if difference.is_nothing() && difference.effect.n > 1 => 0.5,
        () if mean < 0.0 => difference.p / 2.0,
        () => 1.0 - difference.p / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::difference::LEVEL;
    use shequ_model::base::rng::{CounterRng, Stream};
    use shequ_model::base::student;

    fn of(base: &[f64], arm: &[f64], paired: bool, smallest: f64) -> f64 {
        equivalence(base, smallest, &|base| Difference::new(base, arm, paired))
    }

    #[test]
    fn two_one_sided_tests_by_hand() {
        // Differences of mean 2 and standard deviation 1 in three pairs: t of 2 − 5 is −3√3, of 2 + 5 is 7√3.
        let (base, arm) = ([1.0, 5.0, 2.0], [2.0, 7.0, 5.0]);
        let expected = student::two_sided(3.0 * libm::sqrt(3.0), 2.0) / 2.0;
        assert!((of(&base, &arm, true, 5.0) - expected).abs() < 1e-12);
        // Beyond what matters t of 2 − 1 is √3, and the test looks the other way.
        let expected = 1.0 - student::two_sided(libm::sqrt(3.0), 2.0) / 2.0;
        assert!((of(&base, &arm, true, 1.0) - expected).abs() < 1e-12);
        assert_eq!(of(&base, &arm, true, 2.0), 0.5);
    }

    #[test]
    fn without_a_spread_or_a_smallest_effect_there_is_no_test() {
        assert!(of(&[1.0, 1.0], &[1.1, 1.1], true, 0.5).is_nan());
        assert!(of(&[1.0], &[1.1], true, 0.5).is_nan());
        assert!(of(&[1.0, 2.0], &[1.1, 2.3], true, 0.0).is_nan());
        assert!(of(&[1.0, 2.0], &[1.1, 2.3], true, f64::NAN).is_nan());
    }

    #[test]
    fn few_pairs_that_coincide_do_not_pass() {
        // Equal to the bit in n pairs: the sign test from either side gives 1 / 2ⁿ.
        for n in 2..9 {
            let base: Vec<f64> = (0..n).map(|i| f64::from(60 + i * i % 7) / 300.0).collect();
            let expected = libm::exp2(-f64::from(n));
            let p = of(&base, &base, true, 0.01);
            assert!((p / expected - 1.0).abs() < 1e-9, "{n}: {p}");
        }
    }

    const DRAWS: u32 = 4_000;

    /// How often a difference of `truth` is claimed to be smaller than one, where each of `n` pairs adds what `noise`
    /// gives.
    fn claimed(truth: f64, n: u32, paired: bool, noise: &dyn Fn(u32, u32, u32) -> f64) -> f64 {
        let is_claimed = |sample: u32| {
            let side = |side: u32| (0..n).map(|i| noise(sample, i, side)).collect::<Vec<f64>>();
            let arm: Vec<f64> = side(1).iter().map(|value| value + truth).collect();
            of(&side(0), &arm, paired, 1.0) < LEVEL
        };
        (0..DRAWS).filter(|&sample| is_claimed(sample)).count() as f64 / f64::from(DRAWS)
    }

    fn normal(sample: u32, i: u32, side: u32) -> f64 {
        0.5 * CounterRng::new(7, sample).normal(Stream::named("equivalence"), i, side, 0)
    }

    #[test]
    fn an_effect_that_just_matters_is_called_practically_the_same_in_five_of_a_hundred_at_most() {
        for paired in [true, false] {
            for truth in [1.0, -1.0] {
                for n in [3, 5, 10, 30] {
                    // Three standard errors of 4,000 draws at 5 % are 0.0103.
                    let size = claimed(truth, n, paired, &normal);
                    assert!(size < 0.0603, "{truth}, {n} replicates, paired {paired}: {size}");
                }
                let count = |sample: u32, i: u32, side: u32| {
                    f64::from(CounterRng::new(3, sample).below(Stream::named("count"), i, side, 0, 3)) - 1.0
                };
                for n in [2, 3, 4, 5, 6, 8, 10, 20] {
                    let size = claimed(truth, n, paired, &count);
                    assert!(size < 0.0603, "counts, {truth}, {n} replicates, paired {paired}: {size}");
                }
            }
        }
    }

    #[test]
    fn of_no_effect_it_is_claimed_as_often_as_theory_says() {
        // The difference of a pair has the standard deviation .5 √2, its mean of 30 .129. By the normal distribution
        // two one-sided tests at 1.699 standard errors claim unless the mean is off by 1 − 1.699 · .129 = .781, which
        // is 6 standard errors: always.
        assert_eq!(claimed(0.0, 30, true, &normal), 1.0);
        // Of six pairs the standard error is .289, and t at 5 % with five degrees of freedom 2.015: about
        // P(|z| < (1 − 2.015 · .289) / .289) = P(|z| < 1.45) = .85, a little less as the spread is estimated.
        let power = claimed(0.0, 6, true, &normal);
        assert!((0.75..0.88).contains(&power), "{power}");
    }
}
