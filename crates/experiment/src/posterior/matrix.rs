//! Small symmetric matrices.

/// Sweeps after which the rest is rounding; five or six are needed as a rule.
const SWEEPS: usize = 30;

/// A symmetric matrix.
pub struct Symmetric(Vec<Vec<f64>>);

/// Its eigenvectors, of length 1, and eigenvalues.
pub struct Directions {
    /// `axes[i]` is the vector that belongs to `sizes[i]`.
    pub axes: Vec<Vec<f64>>,
    /// The values.
    pub sizes: Vec<f64>,
}

impl Directions {
    /// How far `x` goes along axis `i`.
    pub fn along(&self, i: usize, x: &[f64]) -> f64 {
        self.axes[i].iter().zip(x).map(|(axis, x)| axis * x).sum()
    }
}

impl Symmetric {
    /// The sum of the products of `vectors`, of so many entries each, with themselves over `divisor`.
    pub fn of_products(vectors: &[Vec<f64>], entries: usize, divisor: f64) -> Symmetric {
        let product = |i: usize, j: usize| vectors.iter().map(|x| x[i] * x[j]).sum::<f64>() / divisor;
        Symmetric((0..entries).map(|i| (0..entries).map(|j| product(i, j)).collect()).collect())
    }

    /// Eigenvalues and eigenvectors, by Jacobi's rotations (1846), in the order in which they come out.
    pub fn directions(self) -> Directions {
        let Symmetric(mut a) = self;
        let n = a.len();
        let mut axes: Vec<Vec<f64>> =
            (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for _ in 0..SWEEPS {
            for p in 0..n {
                for q in p + 1..n {
                    rotate(&mut a, &mut axes, p, q);
                }
            }
        }
        Directions { sizes: (0..n).map(|i| a[i][i]).collect(), axes }
    }
}

/// Turns axes `p` and `q` until `a[p][q]` is zero.
fn rotate(a: &mut [Vec<f64>], axes: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + libm::sqrt(theta * theta + 1.0));
    let c = 1.0 / libm::sqrt(t * t + 1.0);
    let s = t * c;
    let turn = |x: f64, y: f64| (c * x - s * y, s * x + c * y);
    for row in a.iter_mut() {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
    for k in 0..a.len() {
        (a[p][k], a[q][k]) = turn(a[p][k], a[q][k]);
        (axes[p][k], axes[q][k]) = turn(axes[p][k], axes[q][k]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_by_hand_and_of_any_matrix() {
        // [[2, 1], [1, 2]] has 1 along (1, −1) and 3 along (1, 1).
        let of = Symmetric(vec![vec![2.0, 1.0], vec![1.0, 2.0]]).directions();
        let mut sizes = of.sizes.clone();
        sizes.sort_by(f64::total_cmp);
        assert!((sizes[0] - 1.0).abs() < 1e-12 && (sizes[1] - 3.0).abs() < 1e-12);
        // A v = λ v, and axes are perpendicular and of length 1.
        let vectors: Vec<Vec<f64>> =
            (0..7).map(|k| (0..4).map(|i| f64::from((3 * k + i * i * k) % 5) - 2.0).collect()).collect();
        let Symmetric(a) = Symmetric::of_products(&vectors, 4, 6.0);
        let of = Symmetric(a.clone()).directions();
        for i in 0..4 {
            for row in 0..4 {
                let product: f64 = a[row].iter().zip(&of.axes[i]).map(|(a, v)| a * v).sum();
                assert!((product - of.sizes[i] * of.axes[i][row]).abs() < 1e-12);
            }
            let lengths = (0..4).map(|j| of.along(i, &of.axes[j]) - f64::from(u8::from(i == j)));
            assert!(lengths.into_iter().all(|off| off.abs() < 1e-12));
        }
    }
}
