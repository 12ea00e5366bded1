//! Student's t and Fisher's F distribution and the incomplete beta function behind them, to full precision and
//! for any degrees of freedom.
//!
//! Own code, because the statistics crates call the C library's logarithm, whose last digits vary from
//! machine to machine, and p values are part of the results.

/// Chance that |t| is at least this large, with `df` degrees of freedom above 0 (they may be fractions).
/// NaN of NaN.
pub fn two_sided(t: f64, df: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    beta(df / (df + t * t), df / 2.0, 0.5)
}

/// Chance that F is at least this large, with `above` and `below` degrees of freedom of its two mean squares,
/// which may be fractions. NaN of NaN.
pub fn f_at_least(f: f64, above: f64, below: f64) -> f64 {
    if f.is_infinite() {
        return 0.0;
    }
    beta(below / (below + above * f), below / 2.0, above / 2.0)
}

/// The t that |t| exceeds with probability `p` in (0, 1), found by halving an interval.
pub fn critical(p: f64, df: f64) -> f64 {
    let mut range = (0.0, 1.0);
    while two_sided(range.1, df) > p {
        range = (range.1, range.1 * 2.0);
    }
    for _ in 0..80 {
        let middle = (range.0 + range.1) / 2.0;
        range = if two_sided(middle, df) > p { (middle, range.1) } else { (range.0, middle) };
    }
    (range.0 + range.1) / 2.0
}

/// The x at which the regularised incomplete beta function of `a` and `b` is `p`, found by halving an interval.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let mut range = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (range.0 + range.1) / 2.0;
        range = if beta(middle, a, b) < p { (middle, range.1) } else { (range.0, middle) };
    }
    (range.0 + range.1) / 2.0
}

/// The regularised incomplete beta function I_x(a, b), by its continued fraction (Digital Library of
/// Mathematical Functions 8.17.22) on the side where that converges fast.
pub fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x.is_nan() || x <= 0.0 || x >= 1.0 {
        return x;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta(1.0 - x, b, a);
    }
    let front =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    libm::exp(front) / a / fraction(x, a, b)
}

/// 1 + d₁/(1 + d₂/(1 + …)), by the modified method of Lentz.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TERMS: u32 = 500;
    const TINY: f64 = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut value, mut c, mut d) = (1.0, 1.0, 0.0);
    for k in 1..TERMS {
        let m = f64::from(k / 2);
        let term = if k % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / away_from_zero(1.0 + term * d);
        c = away_from_zero(1.0 + term / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::stats::student_975;

    #[test]
    fn chances_match_closed_forms() {
        // One degree of freedom is the Cauchy distribution; two have an algebraic form.
        for t in [0.1, 0.7, 1.0, 2.5, 12.0, 300.0] {
            let cauchy = 1.0 - 2.0 / std::f64::consts::PI * libm::atan(t);
            assert!((two_sided(t, 1.0) - cauchy).abs() < 1e-12, "{t}");
            let two = 1.0 - t / libm::sqrt(2.0 + t * t);
            assert!((two_sided(t, 2.0) - two).abs() < 1e-12, "{t}");
        }
        assert_eq!(two_sided(0.0, 7.0), 1.0);
        assert_eq!(two_sided(f64::INFINITY, 7.0), 0.0);
        assert!(two_sided(f64::NAN, 7.0).is_nan());
    }

    #[test]
    fn chances_of_f_match_closed_forms() {
        for f in [0.01, 0.4, 1.0, 3.7, 90.0] {
            // With one degree of freedom above, F is the square of t; with two, it has an algebraic form.
            assert!((f_at_least(f, 1.0, 7.5) - two_sided(libm::sqrt(f), 7.5)).abs() < 1e-12, "{f}");
            assert!((f_at_least(f, 2.0, 6.0) - libm::pow(1.0 + f / 3.0, -3.0)).abs() < 1e-12, "{f}");
        }
        // Abramowitz and Stegun, table 26.9: 5 % of F with 5 and 10 degrees of freedom lie above 3.33.
        assert!((f_at_least(3.326, 5.0, 10.0) - 0.05).abs() < 1e-4);
        assert_eq!((f_at_least(f64::INFINITY, 2.0, 2.0), f_at_least(0.0, 2.0, 2.0)), (0.0, 1.0));
    }

    #[test]
    fn critical_values_match_tables_and_lie_between_neighbours() {
        for df in [1, 2, 5, 10, 29, 120] {
            assert!((critical(0.05, df as f64) - student_975(df)).abs() < 2e-4, "{df}");
        }
        // Abramowitz and Stegun, table 26.10, 99 % two-sided.
        assert!((critical(0.01, 10.0) - 3.169).abs() < 5e-4);
        let between = critical(0.05, 4.5);
        assert!(student_975(5) < between && between < student_975(4));
    }
}
