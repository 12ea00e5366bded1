//! Elementary functions that give the same bits on every machine.
//!
//! The hot path uses polynomials written here (branch-free, so that loops over residents become
//! vector instructions); set-up code uses the `libm` crate. The standard library's `exp` and `ln`
//! call the machine's C library and are forbidden by `clippy.toml`.

use multiversion::multiversion;

/// e^x for |x| below 87, relative error below 2e-7 plus rounding of x·log₂e. Clamped outside.
///
/// Splits x·log₂e into a whole and a fractional part and takes the degree-6 Taylor polynomial of
/// 2^f on [-1/2, 1/2].
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding 1.5·2²³ rounds to the nearest whole number, which then stands in the low bits.
    const ROUNDER: f32 = 12_582_912.0;
    let t = x.clamp(-87.0, 87.0) * std::f32::consts::LOG2_E;
    let rounded = t + ROUNDER;
    let f = t - (rounded - ROUNDER);
    let poly = 1.0
        + f * (std::f32::consts::LN_2
            + f * (0.240_226_5
                + f * (0.055_504_11 + f * (0.009_618_129 + f * (0.001_333_356 + f * 0.000_154_035_3)))));
    let whole = rounded.to_bits().wrapping_sub(ROUNDER.to_bits());
    f32::from_bits(whole.wrapping_add(127) << 23) * poly
}

/// The logistic function 1 / (1 + e^-x).
#[inline(always)]
pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The same in double precision, the inverse of [`logit`].
pub fn expit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// ln(p / (1 - p)) for p in (0, 1).
pub fn logit(p: f64) -> f64 {
    libm::log(p / (1.0 - p))
}

/// Below this probability, and as far above, [`normal_quantile`] uses the form for tails.
const TAIL: f64 = 0.02425;

/// Quantile of the standard normal distribution at `p` in (0, 1), absolute error below 1.2e-9.
///
/// Source: P. J. Acklam's rational approximation (2003), central and tail regions.
pub fn normal_quantile(p: f64) -> f64 {
    if p < TAIL {
        normal_tail(p)
    } else if p > 1.0 - TAIL {
        -normal_tail(1.0 - p)
    } else {
        normal_centre(p)
    }
}

/// Share of a standard normal distribution below `z`.
pub fn normal_share(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Replaces each probability by its [`normal_quantile`]: first all as if they lay in the central region,
/// in vector instructions, then the twentieth that do not.
#[multiversion(targets = "simd")]
pub fn normal_quantiles(probabilities: &mut [f64]) {
    const BLOCK: usize = 64;
    /// Fewer than this are sooner done one by one.
    const FEW: usize = 4;
    for block in probabilities.chunks_mut(BLOCK) {
        if block.len() < FEW {
            block.iter_mut().for_each(|p| *p = normal_quantile(*p));
            continue;
        }
        let mut asked = [0.0; BLOCK];
        asked[..block.len()].copy_from_slice(block);
        block.iter_mut().for_each(|p| *p = normal_centre(*p));
        for (value, p) in block.iter_mut().zip(asked) {
            if !(TAIL..=1.0 - TAIL).contains(&p) {
                *value = normal_quantile(p);
            }
        }
    }
}

#[inline(always)]
fn normal_centre(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.383577518672690e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 5] = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
    ];
    let q = p - 0.5;
    let r = q * q;
    horner(&A, r) * q / (horner(&B, r) * r + 1.0)
}

/// The lower tail.
fn normal_tail(p: f64) -> f64 {
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 4] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];
    let q = libm::sqrt(-2.0 * libm::log(p));
    horner(&C, q) / (horner(&D, q) * q + 1.0)
}

/// The polynomial with these coefficients, highest power first.
#[inline(always)]
fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, &a| sum * x + a)
}

/// Smallest k with P(Poisson(mean) ≤ k) ≥ u: the inverse, so that a larger mean under the same
/// draw never gives a smaller count. Means above 500 use the normal approximation with continuity.
pub fn poisson_quantile(mean: f64, u: f64) -> u32 {
    if mean <= 0.0 {
        return 0;
    }
    if mean > 500.0 {
        let z = normal_quantile(u.clamp(1e-12, 1.0 - 1e-12));
        return (mean + libm::sqrt(mean) * z + 0.5).max(0.0) as u32;
    }
    let mut probability = libm::exp(-mean);
    let mut below = probability;
    let mut k = 0;
    while below < u && k < 5_000 {
        k += 1;
        probability *= mean / k as f64;
        below += probability;
    }
    k
}

/// The greatest number that divides both; the other where one is 0.
pub fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_within_its_stated_error_of_libm() {
        for i in -8600..8600 {
            let x = i as f32 / 100.0;
            let exact = libm::exp(x as f64);
            // Rounding x·log2(e) in single precision costs |x|·2^-24 on top of the polynomial.
            let allowed = 2e-7 + x.abs() as f64 * 1.2e-7;
            assert!((exp(x) as f64 / exact - 1.0).abs() < allowed, "x = {x}");
        }
    }

    #[test]
    fn normal_quantile_matches_tabulated_values() {
        // Abramowitz and Stegun, table 26.5, and symmetry.
        for (p, z) in [(0.5, 0.0), (0.975, 1.959963985), (0.99, 2.326347874), (0.999, 3.090232306)] {
            assert!((normal_quantile(p) - z).abs() < 1e-8, "p = {p}");
            assert!((normal_quantile(1.0 - p) + z).abs() < 1e-8, "p = {}", 1.0 - p);
        }
    }

    #[test]
    fn the_share_below_a_quantile_is_its_probability() {
        for i in 1..1_000 {
            let p = i as f64 / 1_000.0;
            // The error of the quantile, 1.2e-9, times the density, at most 0.4.
            assert!((normal_share(normal_quantile(p)) - p).abs() < 1e-9, "p = {p}");
        }
    }

    #[test]
    fn quantiles_of_many_are_those_of_each() {
        let asked: Vec<f64> = (1..1_000).map(|i| i as f64 / 1_000.0).collect();
        let mut many = asked.clone();
        normal_quantiles(&mut many);
        assert_eq!(many, asked.into_iter().map(normal_quantile).collect::<Vec<_>>());
    }

    #[test]
    fn poisson_quantile_is_monotone_in_the_mean_and_right_at_zero() {
        // P(0) = e^-2 = 0.1353
        assert_eq!(poisson_quantile(2.0, 0.135), 0);
        assert_eq!(poisson_quantile(2.0, 0.136), 1);
        for u in [0.01, 0.3, 0.5, 0.9, 0.999] {
            let mut last = 0;
            for step in 0..600 {
                let k = poisson_quantile(step as f64, u);
                assert!(k >= last || step == 501 && k + 1 >= last, "u = {u}, mean = {step}");
                last = k;
            }
        }
    }

    #[test]
    fn common_divisors_by_hand() {
        assert_eq!([gcd(12, 18), gcd(7, 5), gcd(0, 9), gcd(9, 0), gcd(0, 0)], [6, 1, 9, 9, 0]);
    }
}
