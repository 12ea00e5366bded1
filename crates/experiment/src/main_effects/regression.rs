//! Least squares on which group each row is in by each key, and how far the answers may be off.
//!
//! With y_ir the outcome in row i and replicate r, x_i the groups of the row,
//!
//! ```text
//! y_ir = x_i (β + b_r) + d_i + e_ir
//! ```
//!
//! where b_r is what the random numbers of a replicate, which all rows share, do to effects, d_i what the row has
//! beyond the sum of its groups (interactions, and what values do within a stretch), and e_ir the rest. Of an
//! effect c β, with q = c (X'X)⁻¹ c', n rows, p unknowns and R replicates,
//!
//! ```text
//! over rows         q s²(mean residuals of rows)      q (σ_d² + σ_e²/R)          n − p degrees of freedom
//! over replicates   variance of c β̂_r, over R         c Var(b) c'/R + q σ_e²/R   R − 1
//! of both           q s²(what is left), over R        q σ_e²/R
//! ```
//!
//! so that the variance of the estimate is the first, and the second as far as it is larger than the third, with
//! the degrees of freedom of Satterthwaite (1946, Biometrics Bulletin 2:110). This is how the analysis of
//! variance treats two crossed samples (H. H. Clark 1973, J. Verbal Learn. Verbal Behav. 12:335). In a full grid
//! the rows are no sample, and the groups of a key hold the same values of all others: the variance is that over
//! replicates.

use super::grouping::Grouping;

/// Part of a diagonal entry below which a column depends on those before it.
const DEPENDENT: f64 = 1e-9;
/// Share of a column in what depends on it below which it has no part in that.
const NO_PART: f64 = 1e-6;
/// Part of the outcome below which effects are rounding.
const ROUNDING: f64 = 1e-12;

/// Sums over the rows that count, of one quantity, less the values of the first of them: large values would
/// drown what differs.
pub struct Sums {
    first: Vec<f64>,
    /// By key and group, by replicate.
    groups: Vec<Vec<Vec<f64>>>,
    /// By replicate.
    all: Vec<f64>,
    /// Of squares, of all replicates.
    squares: f64,
    /// Of the squared means of rows.
    mean_squares: f64,
    largest: f64,
}

impl Sums {
    /// None yet; `sizes` are the numbers of groups by key.
    pub fn new(sizes: &[usize], replicates: usize) -> Sums {
        Sums {
            first: Vec::new(),
            groups: sizes.iter().map(|&size| vec![vec![0.0; replicates]; size]).collect(),
            all: vec![0.0; replicates],
            squares: 0.0,
            mean_squares: 0.0,
            largest: 0.0,
        }
    }

    /// Adds a row by its group under each key and its values by replicate.
    pub fn add(&mut self, groups: &[usize], values: &[f64]) {
        if self.first.is_empty() {
            self.first = values.to_vec();
        }
        let apart: Vec<f64> = values.iter().zip(&self.first).map(|(value, first)| value - first).collect();
        let add = |sums: &mut [f64]| sums.iter_mut().zip(&apart).for_each(|(sum, value)| *sum += value);
        add(&mut self.all);
        self.groups.iter_mut().zip(groups).for_each(|(of_key, &group)| add(&mut of_key[group]));
        let mean = apart.iter().sum::<f64>() / apart.len() as f64;
        self.squares += apart.iter().map(|value| value * value).sum::<f64>();
        self.mean_squares += mean * mean;
        self.largest = values.iter().fold(self.largest, |most, value| most.max(value.abs()));
    }
}

/// How many rows are in every two groups at once.
#[derive(Clone)]
pub struct Counts {
    /// Where the groups of each key begin; 0 is all rows.
    begins: Vec<usize>,
    /// Symmetric.
    both: Vec<Vec<f64>>,
}

impl Counts {
    /// Of `rows` rows.
    pub fn of(groupings: &[Grouping], rows: usize) -> Counts {
        let mut begins = vec![1];
        begins.extend(groupings.iter().scan(1, |end, grouping| {
            *end += grouping.groups.len();
            Some(*end)
        }));
        let width = begins[groupings.len()];
        let mut counts = Counts { begins, both: vec![vec![0.0; width]; width] };
        (0..rows).for_each(|row| counts.add(groupings, row, 1.0));
        counts
    }

    /// Counts a row `by` times more.
    pub fn add(&mut self, groupings: &[Grouping], row: usize, by: f64) {
        let of_key = |(grouping, begins): (&Grouping, &usize)| begins + grouping.of_row[row];
        let columns: Vec<usize> =
            std::iter::once(0).chain(groupings.iter().zip(&self.begins).map(of_key)).collect();
        for &a in &columns {
            for &b in &columns {
                self.both[a][b] += by;
            }
        }
    }

    /// Rows in a group of a key.
    pub fn rows(&self, key: usize, group: usize) -> f64 {
        let at = self.begins[key] + group;
        self.both[at][at]
    }
}

/// An estimate, its variance and the degrees of freedom of that.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// The estimate.
    pub value: f64,
    /// NaN with one replicate.
    pub variance: f64,
    /// Of the variance.
    pub df: f64,
    /// What can be told of the variance with any number of replicates: 0 of one replicate of a full grid.
    pub noise: f64,
}

/// The fitted regression.
pub struct Fit {
    /// By key: the groups that have rows, each with its column; the first, against which the others stand, has
    /// none.
    groups: Vec<Vec<(usize, Option<usize>)>>,
    inverse: Vec<Vec<f64>>,
    /// By column and replicate.
    answers: Vec<Vec<f64>>,
    /// By key, the keys that cannot be told apart from it.
    pub confounded: Vec<Vec<usize>>,
    /// n − p.
    pub df: f64,
    of_rows: f64,
    of_both: f64,
    replicates: usize,
    is_full: bool,
    rounding: f64,
}

impl Fit {
    /// Of the keys that `is_used`. `is_full` says that the rows are a full grid.
    pub fn of(counts: &Counts, sums: &Sums, is_used: &[bool], is_full: bool) -> Fit {
        // Columns: all rows, and the groups of every key but its first.
        let mut columns = vec![(0, &sums.all)];
        let mut groups: Vec<Vec<(usize, Option<usize>)>> = Vec::new();
        for (key, of_key) in sums.groups.iter().enumerate() {
            let mut own = Vec::new();
            for group in (0..of_key.len()).filter(|&group| counts.rows(key, group) > 0.0) {
                let has_column = is_used[key] && !own.is_empty();
                own.push((group, has_column.then_some(columns.len())));
                if has_column {
                    columns.push((counts.begins[key] + group, &of_key[group]));
                }
            }
            groups.push(own);
        }
        let product = |a: &(usize, &Vec<f64>)| -> Vec<f64> {
            columns.iter().map(|(column, _)| counts.both[a.0][*column]).collect()
        };
        let (inverse, dependent) = inverse(columns.iter().map(product).collect());
        let (rows, replicates) = (counts.both[0][0], sums.all.len());
        let answer = |own: &Vec<f64>| -> Vec<f64> {
            let part = |r: usize| own.iter().zip(&columns).map(|(by, (_, sums))| by * sums[r]).sum();
            (0..replicates).map(part).collect()
        };
        let answers: Vec<Vec<f64>> = inverse.iter().map(answer).collect();
        // Sums of squares: what the fit leaves of every replicate, and of the means of rows.
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let fitted: f64 = answers.iter().zip(&columns).map(|(a, (_, y))| dot(a, y)).sum();
        let fitted_means: f64 = answers.iter().zip(&columns).map(|(a, (_, y))| mean(a) * mean(y)).sum();
        let left = (sums.squares - fitted).max(0.0);
        let left_of_means = (sums.mean_squares - fitted_means).max(0.0);
        let (n, df) = (replicates as f64, rows - (columns.len() - dependent.len()) as f64);
        let confounded = confounded(&groups, &dependent);
        Fit {
            of_rows: left_of_means / df,
            of_both: (left - n * left_of_means).max(0.0) / (df * (n - 1.0)) / n,
            rounding: ROUNDING * sums.largest,
            groups,
            inverse,
            answers,
            confounded,
            df,
            replicates,
            is_full,
        }
    }

    /// Σ weight × effect over groups of a key; `weights` by group, of which those without rows do not count.
    pub fn contrast(&self, key: usize, weights: &[f64]) -> Contrast {
        let own: Vec<(usize, f64)> =
            self.groups[key].iter().filter_map(|&(group, column)| Some((column?, weights[group]))).collect();
        let of_replicate = |r: usize| {
            let value: f64 = own.iter().map(|&(column, weight)| weight * self.answers[column][r]).sum();
            if value.abs() <= self.rounding { 0.0 } else { value }
        };
        let values: Vec<f64> = (0..self.replicates).map(of_replicate).collect();
        let n = values.len() as f64;
        let value = values.iter().sum::<f64>() / n;
        let over_replicates = values.iter().map(|v| (v - value) * (v - value)).sum::<f64>() / (n - 1.0) / n;
        let part =
            |&(a, u): &(usize, f64)| -> f64 { own.iter().map(|&(b, v)| u * v * self.inverse[a][b]).sum() };
        let q: f64 = own.iter().map(part).sum();
        if self.is_full {
            let noise = if n > 1.0 { over_replicates } else { 0.0 };
            return Contrast { value, variance: over_replicates, df: n - 1.0, noise };
        }
        let over_rows = q * self.of_rows;
        if n < 2.0 {
            return Contrast { value, variance: f64::NAN, df: f64::NAN, noise: over_rows };
        }
        let more = (over_replicates - q * self.of_both).max(0.0);
        let variance = over_rows + more;
        let uncertainty = over_rows * over_rows / self.df + more * more / (n - 1.0);
        let df = if uncertainty > 0.0 { variance * variance / uncertainty } else { self.df };
        Contrast { value, variance, df, noise: variance }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// By key, the others that share a dependent column with it. The column is a sum of those in its second part.
fn confounded(groups: &[Vec<(usize, Option<usize>)>], dependent: &[(usize, Vec<f64>)]) -> Vec<Vec<usize>> {
    let mut confounded = vec![Vec::new(); groups.len()];
    for (column, parts) in dependent {
        let has_part = |at: usize| at == *column || parts[at].abs() > NO_PART;
        let is_touched = |key: &usize| groups[*key].iter().any(|(_, at)| at.is_some_and(has_part));
        let touched: Vec<usize> = (0..groups.len()).filter(is_touched).collect();
        for &key in &touched {
            let others = touched.iter().filter(|&&other| other != key);
            confounded[key].extend(others);
            confounded[key].sort_unstable();
            confounded[key].dedup();
        }
    }
    confounded
}

/// The inverse of a symmetric matrix, in which columns that depend on those before them are zero, and these
/// columns, each with the parts that the others have in it (J. H. Goodnight 1979, The American Statistician
/// 33:149).
fn inverse(mut a: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, Vec<(usize, Vec<f64>)>) {
    let size = a.len();
    let diagonal: Vec<f64> = (0..size).map(|k| a[k][k]).collect();
    let mut is_swept = vec![false; size];
    for k in 0..size {
        let pivot = a[k][k];
        if pivot <= DEPENDENT * diagonal[k] {
            continue;
        }
        is_swept[k] = true;
        a[k][k] = 1.0;
        a[k].iter_mut().for_each(|value| *value /= pivot);
        let row = a[k].clone();
        for (_, other) in a.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let by = other[k];
            if by != 0.0 {
                other[k] = 0.0;
                other.iter_mut().zip(&row).for_each(|(value, pivoted)| *value -= by * pivoted);
            }
        }
    }
    let parts = |column: usize| (0..size).map(|k| if is_swept[k] { a[k][column] } else { 0.0 }).collect();
    let dependent = (0..size).filter(|&k| !is_swept[k]).map(|k| (k, parts(k))).collect();
    let kept = |i: usize, j: usize| if is_swept[i] && is_swept[j] { a[i][j] } else { 0.0 };
    ((0..size).map(|i| (0..size).map(|j| kept(i, j)).collect()).collect(), dependent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_by_hand_and_what_depends_on_what() {
        // [[4, 2], [2, 3]] has the determinant 8.
        let (inverse, dependent) = inverse(vec![vec![4.0, 2.0], vec![2.0, 3.0]]);
        for (value, expected) in inverse.iter().flatten().zip([0.375, -0.25, -0.25, 0.5]) {
            assert!((value - expected).abs() < 1e-12, "{inverse:?}");
        }
        assert!(dependent.is_empty());
        // The third column is the first twice and the second once.
        let columns = [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [2.0, 1.0, 3.0]];
        let products = columns.map(|a| columns.map(|b| dot(&a, &b)).to_vec());
        let (inverse, dependent) = super::inverse(products.to_vec());
        let [(2, parts)] = &dependent[..] else { panic!("{dependent:?}") };
        assert!((parts[0] - 2.0).abs() < 1e-9 && (parts[1] - 1.0).abs() < 1e-9);
        assert!(inverse[2].iter().all(|&value| value == 0.0));
    }
}
