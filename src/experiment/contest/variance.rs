//! Where the variance of an outcome, or of an effect, comes from: theory, trust rule, policy, their
//! interactions, and chance.
//!
//! Each combination of levels is a cell, and every cell is lived under the same luck, so replicate r is a
//! vector x_r with one value for each cell. In the analysis of variance of a full factorial design, a source
//! S, a main effect or an interaction, is a projection P_S of such vectors (Scheffé 1959, The Analysis of
//! Variance, chapter 4). With c cells and n replicates of mean x̄,
//!
//! ```text
//! sum of squares   n |P_S x̄|²
//! chance in it     T_S = Σ_r |P_S (x_r − x̄)|² / (n − 1)
//! variance of S    Q_S = (|P_S x̄|² − T_S / n) / c
//! chance           C = Σ_r |x_r − x̄|² / ((n − 1) c)
//! share of S       Q_S / (Σ Q + C)
//! ```
//!
//! Q_S is an unbiased estimate of the variance between the true means of the cells that S accounts for, and it
//! stays so when cells share their luck, because each source is judged by its own T_S; C is the variance
//! of one life within a cell. With independent cells of equal variance, the share is ω² (Hays 1963,
//! Statistics for Psychologists). It may fall a little below zero, which means zero. Theories and rules are
//! fixed: the shares speak of those that were entered, not of all theories that somebody might propose,
//! and of single lives: the mean of n lives has an nth of the chance in it.

/// The part of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Names of the factors, joined by ":", or "chance".
    pub source: String,
    /// Degrees of freedom.
    pub df: usize,
    /// Sum of squares.
    pub squares: f64,
    /// Variance, in the squared unit of the values.
    pub variance: f64,
    /// Share of the variance of a single life; NaN where nothing varies.
    pub share: f64,
}

/// Splits the variance of `lives[replicate][cell]`. The last of `factors`, each a name and its number of
/// levels, varies fastest among cells. Replicates that lack a value are left out; the second number
/// returned counts those that are not. No parts below two replicates.
pub fn split(factors: &[(&str, usize)], lives: &[Vec<f64>]) -> (Vec<Part>, usize) {
    let whole: Vec<&Vec<f64>> = lives.iter().filter(|x| x.iter().all(|v| !v.is_nan())).collect();
    let (n, cells) = (whole.len(), factors.iter().map(|f| f.1).product::<usize>());
    if n < 2 {
        return (Vec::new(), n);
    }
    let mean: Vec<f64> = (0..cells).map(|c| whole.iter().map(|x| x[c]).sum::<f64>() / n as f64).collect();
    let apart: Vec<Vec<f64>> =
        whole.iter().map(|x| x.iter().zip(&mean).map(|(v, m)| v - m).collect()).collect();
    let within: f64 = apart.iter().map(|x| squares(x)).sum();

    let mut parts: Vec<Part> = subsets(factors)
        .into_iter()
        .map(|subset| {
            let between = squares(&project(factors, &subset, &mean));
            let luck: f64 = apart.iter().map(|x| squares(&project(factors, &subset, x))).sum();
            let part = |i: usize| factors[i];
            Part {
                source: subset.iter().map(|&i| part(i).0).collect::<Vec<_>>().join(":"),
                df: subset.iter().map(|&i| part(i).1 - 1).product(),
                squares: n as f64 * between,
                variance: (between - luck / (n * (n - 1)) as f64) / cells as f64,
                share: f64::NAN,
            }
        })
        .collect();
    let df = (n - 1) * cells;
    let chance =
        Part { source: "chance".into(), df, squares: within, variance: within / df as f64, share: f64::NAN };
    parts.push(chance);
    let total: f64 = parts.iter().map(|p| p.variance).sum();
    if total > 0.0 {
        parts.iter_mut().for_each(|p| p.share = p.variance / total);
    }
    (parts, n)
}

/// Every source: the factors one by one, then in pairs, and so on. A factor of one level is none.
fn subsets(factors: &[(&str, usize)]) -> Vec<Vec<usize>> {
    let all = 1_u32..1 << factors.len();
    let members = |bits: u32| (0..factors.len()).filter(|i| bits >> i & 1 == 1).collect::<Vec<usize>>();
    let mut subsets: Vec<Vec<usize>> =
        all.map(members).filter(|subset| subset.iter().all(|&i| factors[i].1 > 1)).collect();
    subsets.sort_by_key(|subset| subset.len());
    subsets
}

/// The part of `x` that belongs to the source `subset`: along each factor what differs from the mean, if the
/// factor is in it, or else the mean.
fn project(factors: &[(&str, usize)], subset: &[usize], x: &[f64]) -> Vec<f64> {
    let mut x = x.to_vec();
    let mut step = x.len();
    for (i, &(_, levels)) in factors.iter().enumerate() {
        step /= levels;
        for first in (0..x.len()).filter(|c| c / step % levels == 0) {
            let along = || (0..levels).map(|l| first + l * step);
            let mean = along().map(|c| x[c]).sum::<f64>() / levels as f64;
            for c in along() {
                x[c] = if subset.contains(&i) { x[c] - mean } else { mean };
            }
        }
    }
    x
}

fn squares(x: &[f64]) -> f64 {
    x.iter().map(|v| v * v).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: [(&str, usize); 2] = [("theory", 2), ("trust", 2)];

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn two_by_two_by_two_by_hand() {
        // Cells 1, 3, 5, 9 (theory slow, trust fast), each ± 1 in the two lives: means of theories 2 and 7,
        // of rules 3 and 6, of all 4.5.
        let lives = [vec![0.0, 4.0, 4.0, 10.0], vec![2.0, 2.0, 6.0, 8.0]];
        let (parts, n) = split(&TWO, &lives);
        assert_eq!(n, 2);
        let names: Vec<&str> = parts.iter().map(|p| p.source.as_str()).collect();
        assert_eq!(names, ["theory", "trust", "theory:trust", "chance"]);
        // |P x̄|²: theory 4·2.5² = 25; trust 4·1.5² = 9; interaction ±(1−3−5+9)/4 = ½ each: 4·¼ = 1.
        for (part, between) in parts.iter().zip([25.0, 9.0, 1.0]) {
            assert!(near(part.squares, 2.0 * between), "{part:?}");
            assert_eq!(part.df, 1);
        }
        // Deviations of the first life: −1, 1, −1, 1, the contrast of rules; so T is 8 for trust alone.
        assert!(near(parts[0].variance, 25.0 / 4.0));
        assert!(near(parts[1].variance, (9.0 - 8.0 / 2.0) / 4.0));
        assert!(near(parts[2].variance, 0.25));
        // Within cells: 8 squares of 1 over 4 degrees of freedom.
        assert_eq!((parts[3].squares, parts[3].df, parts[3].variance), (8.0, 4, 2.0));
        assert!(near(parts[0].share, 6.25 / (6.25 + 1.25 + 0.25 + 2.0)));
        assert!(near(parts.iter().map(|p| p.share).sum(), 1.0));
    }

    #[test]
    fn sources_account_for_everything_between_cells() {
        // Three factors, 2 × 3 × 2 cells, arbitrary values: sums of squares add up.
        let factors = [("policy", 2), ("theory", 3), ("trust", 2)];
        let value = |r: usize, c: usize| ((7 * c + 3 * r + c * c * r) % 11) as f64;
        let lives: Vec<Vec<f64>> = (0..5).map(|r| (0..12).map(|c| value(r, c)).collect()).collect();
        let (parts, n) = split(&factors, &lives);
        assert_eq!(parts.len(), 8);
        assert_eq!(parts[6].source, "policy:theory:trust");
        let grand = lives.iter().flatten().sum::<f64>() / (12 * n) as f64;
        let total: f64 = lives.iter().flatten().map(|v| (v - grand) * (v - grand)).sum();
        assert!(near(parts.iter().map(|p| p.squares).sum(), total));
        assert_eq!(parts.iter().map(|p| p.df).sum::<usize>(), 12 * n - 1);
    }

    #[test]
    fn common_luck_is_not_taken_for_an_interaction() {
        // Every cell moves alike from life to life: no source but chance has luck in it.
        let lives: Vec<Vec<f64>> = (0..4).map(|r| vec![r as f64; 4]).collect();
        let (parts, _) = split(&TWO, &lives);
        assert!(parts[..3].iter().all(|p| p.variance == 0.0));
        assert_eq!(parts[3].share, 1.0);
    }

    #[test]
    fn what_is_missing_or_does_not_vary_is_said() {
        assert_eq!(split(&TWO, &[vec![1.0; 4], vec![f64::NAN; 4]]), (Vec::new(), 1));
        let (parts, _) = split(&TWO, &[vec![1.0; 4], vec![1.0; 4]]);
        assert!(parts.iter().all(|p| p.share.is_nan()));
        // A factor of one level is no source.
        let (parts, _) = split(&[("policy", 1), ("theory", 2)], &[vec![1.0, 2.0], vec![1.0, 2.0]]);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].share, 1.0);
    }
}
