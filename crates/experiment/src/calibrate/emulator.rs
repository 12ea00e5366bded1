//! What a target's figure would be at settings that were not run: a polynomial fitted to those that were.
//!
//! Coordinates are standard normal a priori, so that products of normalised Hermite polynomials of degree at most
//! two are orthonormal: with coefficients β, Σ β² but for the constant is the variance over the prior, and each part
//! of it belongs to a parameter or to a pair (polynomial chaos; B. Sudret 2008, Reliab. Eng. Syst. Saf. 93:964). All
//! but the constant are drawn towards 0 by a ridge penalty, those of second degree more, as leaving each row out in
//! turn chooses.

use super::cholesky::{Cholesky, dot};
use crate::targets::held::Predicted;

/// Penalties that are tried, in rows.
const PENALTIES: [f64; 4] = [0.01, 0.5, 8.0, 64.0];
/// By how much more the terms of second degree are penalised, of which there are many and most do little: from all
/// alike to next to none of them.
const SECOND: [f64; 3] = [1.0, 20.0, 1000.0];
/// Fewest rows that are fitted.
const LEAST_ROWS: usize = 3;
/// Part of a figure's spread below which what is left is rounding.
const ROUNDING: f64 = 1e-9;

/// A fitted polynomial for each target.
#[derive(Clone, Debug)]
pub struct Emulators {
    dimensions: usize,
    /// What polynomials have in common that were fitted to the same rows under the same penalty.
    factors: Vec<Cholesky>,
    /// By target; none for one without values.
    polynomials: Vec<Option<Polynomial>>,
}

#[derive(Clone, Debug)]
struct Polynomial {
    factor: usize,
    coefficients: Vec<f64>,
    /// Of what is left.
    variance: f64,
    explained: f64,
}

/// The terms at a point: the constant, each coordinate, its square, and the products of two.
fn terms(point: &[f64]) -> Vec<f64> {
    let squares = point.iter().map(|z| (z * z - 1.0) * std::f64::consts::FRAC_1_SQRT_2);
    let mut terms = vec![1.0];
    terms.extend_from_slice(point);
    terms.extend(squares);
    for (i, a) in point.iter().enumerate() {
        terms.extend(point[i + 1..].iter().map(|b| a * b));
    }
    terms
}

/// Number of terms in so many dimensions.
pub fn count(dimensions: usize) -> usize {
    1 + 2 * dimensions + dimensions * dimensions.saturating_sub(1) / 2
}

impl Emulators {
    /// Fitted to `figures`, which has a row for each of `points` and a column for each target; none for a column
    /// without at least three values. Rows without a value are left out.
    pub fn fit(points: &[Vec<f64>], figures: &[Vec<f64>]) -> Emulators {
        let rows: Vec<Vec<f64>> = points.iter().map(|point| terms(point)).collect();
        let dimensions = points.first().map_or(0, Vec::len);
        let mut emulators = Emulators { dimensions, factors: Vec::new(), polynomials: Vec::new() };
        let mut systems: Vec<(Vec<bool>, Vec<System>)> = Vec::new();
        for column in 0..figures.first().map_or(0, Vec::len) {
            let has_value: Vec<bool> = figures.iter().map(|row| row[column].is_finite()).collect();
            let of_row = rows.iter().zip(figures).filter(|(_, row)| row[column].is_finite());
            let (kept, values): (Vec<&[f64]>, Vec<f64>) =
                of_row.map(|(row, figures)| (row.as_slice(), figures[column])).unzip();
            if values.len() < LEAST_ROWS {
                emulators.polynomials.push(None);
                continue;
            }
            let at = systems.iter().position(|(known, _)| *known == has_value).unwrap_or_else(|| {
                systems.push((has_value, System::all(&kept, dimensions, &mut emulators.factors)));
                systems.len() - 1
            });
            let fits = systems[at].1.iter().map(|system| system.fit(&emulators.factors, &kept, &values));
            let best = fits.min_by(|a, b| a.1.total_cmp(&b.1));
            emulators.polynomials.push(best.map(|(polynomial, _)| polynomial));
        }
        emulators
    }

    /// The figures of all targets at a point. The variance of each is that of rows that were left out, and grows where
    /// rows are few.
    pub fn at(&self, point: &[f64]) -> Vec<Option<Predicted>> {
        let terms = terms(point);
        let mut leverages = vec![None; self.factors.len()];
        let mut at = |polynomial: &Polynomial| {
            let leverage = *leverages[polynomial.factor].get_or_insert_with(|| {
                let away = self.factors[polynomial.factor].forward(&terms);
                dot(&away, &away)
            });
            let mean = dot(&terms, &polynomial.coefficients);
            Predicted { mean, variance: polynomial.variance * (1.0 + leverage) }
        };
        self.polynomials.iter().map(Option::as_ref).map(|polynomial| polynomial.map(&mut at)).collect()
    }

    /// Share of the variance of a target's rows that is explained where each is left out; none without an emulator.
    pub fn explained(&self, target: usize) -> Option<f64> {
        self.polynomials[target].as_ref().map(|polynomial| polynomial.explained)
    }

    /// Shares of the variance of a target over the prior: by parameter, alone and with all pairs that it is part
    /// of; none without an emulator.
    pub fn shares(&self, target: usize) -> Option<Vec<(f64, f64)>> {
        let d = self.dimensions;
        let polynomial = self.polynomials[target].as_ref()?;
        let squares: Vec<f64> = polynomial.coefficients.iter().map(|beta| beta * beta).collect();
        let alone: Vec<f64> = (0..d).map(|i| squares[1 + i] + squares[1 + d + i]).collect();
        let mut total = alone.clone();
        let mut at = 1 + 2 * d;
        for i in 0..d {
            for j in i + 1..d {
                total[i] += squares[at];
                total[j] += squares[at];
                at += 1;
            }
        }
        let all: f64 = squares[1..].iter().sum();
        let share = |part: f64| if all > 0.0 { part / all } else { 0.0 };
        Some(alone.into_iter().zip(total).map(|(alone, total)| (share(alone), share(total))).collect())
    }
}

/// What all figures have in common under one penalty.
struct System {
    /// Which of the factors.
    factor: usize,
    /// How much each row pulls at its own fitted value.
    leverages: Vec<f64>,
}

impl System {
    /// One for each pair of penalties, whose factors are added to `factors`.
    fn all(rows: &[&[f64]], dimensions: usize, factors: &mut Vec<Cholesky>) -> Vec<System> {
        let width = rows[0].len();
        let mut normal = vec![vec![0.0; width]; width];
        for row in rows {
            for (i, sums) in normal.iter_mut().enumerate() {
                sums[..=i].iter_mut().zip(row.iter()).for_each(|(sum, value)| *sum += row[i] * value);
            }
        }
        let plain: Vec<f64> = (0..width).map(|i| normal[i][i]).collect();
        let mut systems = Vec::new();
        for (penalty, second) in PENALTIES.iter().flat_map(|penalty| SECOND.map(|second| (penalty, second))) {
            let of = |i: usize| if i <= dimensions { *penalty } else { penalty * second };
            (1..width).for_each(|i| normal[i][i] = plain[i] + of(i));
            let Some(factor) = Cholesky::of(&normal) else { continue };
            let leverage = |row: &&[f64]| {
                let x = factor.forward(row);
                dot(&x, &x)
            };
            systems.push(System { factor: factors.len(), leverages: rows.iter().map(leverage).collect() });
            factors.push(factor);
        }
        systems
    }

    /// The fit and its squared error where each row is left out.
    fn fit(&self, factors: &[Cholesky], rows: &[&[f64]], values: &[f64]) -> (Polynomial, f64) {
        let mut right = vec![0.0; rows[0].len()];
        for (row, value) in rows.iter().zip(values) {
            right.iter_mut().zip(row.iter()).for_each(|(sum, term)| *sum += term * value);
        }
        let coefficients = factors[self.factor].solve(&right);
        let (n, mean) = (values.len() as f64, values.iter().sum::<f64>() / values.len() as f64);
        let spread: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let left = |((row, value), leverage): ((&&[f64], &f64), &f64)| {
            let error = (value - dot(row, &coefficients)) / (1.0 - leverage).max(ROUNDING);
            error * error
        };
        let errors: f64 = rows.iter().zip(values).zip(&self.leverages).map(left).sum();
        let least = ROUNDING * ROUNDING * (mean * mean + spread / n);
        let variance = (errors / n).max(least).max(f64::MIN_POSITIVE);
        let explained = if spread > n * least { 1.0 - errors / spread } else { 0.0 };
        (Polynomial { factor: self.factor, coefficients, variance, explained }, errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::rng::{CounterRng, Stream};

    fn points(n: u32, dimensions: u32) -> Vec<Vec<f64>> {
        let rng = CounterRng::new(1, 0);
        let normal = |k: u32, j: u32| rng.normal(Stream::named("test"), k, j, 0);
        (0..n).map(|k| (0..dimensions).map(|j| normal(k, j)).collect()).collect()
    }

    #[test]
    fn a_polynomial_of_degree_two_is_found_with_the_shares_of_its_parts() {
        let points = points(80, 3);
        let figures: Vec<Vec<f64>> =
            points.iter().map(|p| vec![5.0 + 3.0 * p[0] + 2.0 * p[1] * p[2], f64::NAN]).collect();
        let emulators = Emulators::fit(&points, &figures);
        let told = emulators.at(&[0.5, -1.0, 2.0]);
        assert!((told[0].unwrap().mean - 2.5).abs() < 0.01);
        assert_eq!((told[1], emulators.explained(1)), (None, None));
        assert!(emulators.explained(0).unwrap() > 0.9999);
        // Variances 9 and 4: the first alone has 9/13, the others nothing alone and 4/13 together.
        let known = [(9.0, 9.0), (0.0, 4.0), (0.0, 4.0)];
        for ((alone, total), (a, t)) in emulators.shares(0).unwrap().into_iter().zip(known) {
            assert!((alone - a / 13.0).abs() < 0.01 && (total - t / 13.0).abs() < 0.01, "{alone} {total}");
        }
        assert_eq!(count(3), terms(&[0.0; 3]).len());
    }

    #[test]
    fn intervals_of_what_a_run_gives_hold_it_as_often_as_they_say() {
        // A curve that no polynomial of degree two is, with noise of standard deviation .2; of 500 new points 95 %
        // of intervals hold the value, up to three standard errors of a share of 500.
        let (rng, all) = (CounterRng::new(2, 0), points(620, 4));
        let value = |k: usize, p: &[f64]| {
            libm::tanh(p[0]) + 0.3 * p[1] * p[1] + 0.2 * rng.normal(Stream::named("noise"), k as u32, 0, 0)
        };
        let figures: Vec<Vec<f64>> = all.iter().enumerate().map(|(k, p)| vec![value(k, p)]).collect();
        let emulators = Emulators::fit(&all[..120], &figures[..120]);
        let holds = |k: &usize| {
            let told = emulators.at(&all[*k])[0].unwrap();
            (figures[*k][0] - told.mean).abs() <= 1.96 * libm::sqrt(told.variance)
        };
        let share = (120..620).filter(holds).count() as f64 / 500.0;
        assert!((share - 0.95).abs() < 0.03, "{share}");
    }

    #[test]
    fn a_figure_that_no_parameter_moves_has_no_shares() {
        let points = points(20, 2);
        let emulators = Emulators::fit(&points, &vec![vec![0.7]; 20]);
        let told = emulators.at(&[0.0, 0.0])[0].unwrap();
        assert!((told.mean - 0.7).abs() < 1e-6 && told.variance < 1e-12, "{told:?}");
        assert_eq!(emulators.explained(0), Some(0.0));
    }
}
