//! Positive definite matrices: all that fits and random walks need of linear algebra.
//!
//! Own code because shards on different machines choose the same points only if every bit is the same, which
//! libraries that pick instructions by processor do not promise.

/// A lower triangular factor L of a matrix L Lᵀ.
#[derive(Clone, Debug)]
pub struct Cholesky {
    /// Row by row, each up to its diagonal.
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// The factor of a symmetric matrix, of which the lower half is read; `None` if it is not positive definite.
    pub fn of(matrix: &[Vec<f64>]) -> Option<Cholesky> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
        for (i, given) in matrix.iter().enumerate() {
            let mut row = Vec::with_capacity(i + 1);
            for (j, &value) in given[..=i].iter().enumerate() {
                let known: &[f64] = if j < i { &rows[j] } else { &row };
                let rest = value - dot(&row[..j], &known[..j]);
                if j < i {
                    row.push(rest / known[j]);
                } else if rest > 0.0 && rest.is_finite() {
                    row.push(libm::sqrt(rest));
                } else {
                    return None;
                }
            }
            rows.push(row);
        }
        Some(Cholesky { rows })
    }

    /// x of L x = `right`.
    pub fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(right.len());
        for (row, &value) in self.rows.iter().zip(right) {
            let i = x.len();
            x.push((value - dot(&row[..i], &x)) / row[i]);
        }
        x
    }

    /// x of L Lᵀ x = `right`.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut x = self.forward(right);
        for i in (0..x.len()).rev() {
            let after: f64 = (i + 1..x.len()).map(|k| self.rows[k][i] * x[k]).sum();
            x[i] = (x[i] - after) / self.rows[i][i];
        }
        x
    }

    /// L `z`: of independent standard normal numbers, numbers with the covariance of the matrix.
    pub fn times(&self, z: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| dot(row, z)).collect()
    }
}

/// The sum of products, as far as both go.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_solves_and_is_refused_to_what_is_not_positive_definite() {
        let matrix = vec![vec![4.0, 2.0, 0.0], vec![2.0, 5.0, 2.0], vec![0.0, 2.0, 5.0]];
        let factor = Cholesky::of(&matrix).unwrap();
        // L = [2; 1 2; 0 1 2].
        assert_eq!(factor.times(&[1.0, 1.0, 1.0]), [2.0, 3.0, 3.0]);
        let x = factor.solve(&[6.0, 9.0, 7.0]);
        let back: Vec<f64> = matrix.iter().map(|row| dot(row, &x)).collect();
        assert!(back.iter().zip([6.0, 9.0, 7.0]).all(|(a, b)| (a - b).abs() < 1e-12), "{back:?}");
        assert!(Cholesky::of(&[vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
    }
}
