//! Where the variance of an effect comes from: what is not known of parameters, chance, and in a contest the theory and
//! the rule of trust.
//!
//! In a comparison it is split as in an analysis of variance of one way with random effects (Scheffé 1959, The Analysis
//! of Variance, chapter 7): of n pairs of replicates with the same draw, with M the mean square between pairs and W
//! that within,
//!
//! ```text
//! parameters       (M − W) / 2
//! chance           W
//! share            (F − 1) / (F + 1), F = M / W
//! ```
//!
//! The interval of the share is that of F over the quantiles of its distribution with n − 1 and n degrees of freedom,
//! exact where both are normal. With cities of their own, replicates of a pair differ in their city too, which is then
//! part of chance. In a contest the split is that of [`Sources`](crate::contest::variance::Sources).
//!
//! A variance may come out a little below zero, which means zero; shares and their intervals are cut off there.

use crate::compare::effects::{Asked, Side};
use crate::contest::variance::{CHANCE, PARAMETERS};
use crate::contest::{Contest, Of};
use crate::outcome::Outcome;
use crate::record::table::{Cell, Column, Table, Take};
use crate::window::Window;
use shequ_model::base::student::beta_quantile;

/// The part of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is, as in the column `source`.
    pub source: String,
    /// Variance, in the squared unit of the effect.
    pub variance: f64,
    /// Share of the variance of a single pair of base and arm; NaN where nothing varies.
    pub share: f64,
    /// Ends of its 95 % interval; NaN where there are too few to tell.
    pub interval: (f64, f64),
}

/// Where the variance of one effect comes from.
pub struct Split {
    /// Number of the arm.
    pub arm: usize,
    /// The outcome.
    pub outcome: Outcome,
    /// The window.
    pub window: Window,
    /// Its sources; none where too few replicates have a value.
    pub parts: Vec<Part>,
    /// Independent units that it rests on.
    pub n: usize,
}

/// Of every effect of a comparison; each arm is given with its base.
pub fn of_arms(arms: &[(&Side, &Side)], asked: &Asked) -> Vec<Split> {
    let of = |number: usize, index: usize| {
        let (base, arm) = arms[number];
        let apart = |of: fn(&Side) -> &[Vec<f64>]| -> Vec<f64> {
            of(base).iter().zip(of(arm)).map(|(base, arm)| arm[index] - base[index]).collect()
        };
        let (units, halves) = (apart(|side| &side.values), apart(|side| &side.halves));
        match halves.is_empty() {
            true => of_one_draw(&units),
            false => of_pairs(&units, &halves),
        }
    };
    each(asked, arms.len(), of)
}

/// Of every effect of a contest.
pub fn of_contest(contest: &Contest, asked: &Asked) -> Vec<Split> {
    let of = |policy: usize, index: usize| {
        let sources = contest.sources(Of::Effect, policy..policy + 1, index);
        let part = |part: crate::contest::variance::Part| Part {
            interval: cut((part.share - part.half_width, part.share + part.half_width)),
            share: part.share.clamp(0.0, 1.0),
            variance: part.variance,
            source: part.source,
        };
        (sources.parts().into_iter().map(part).collect(), sources.n())
    };
    each(asked, contest.policies(), of)
}

fn each(asked: &Asked, arms: usize, of: impl Fn(usize, usize) -> (Vec<Part>, usize)) -> Vec<Split> {
    let mut all = Vec::new();
    for arm in 0..arms {
        for (w, (window, _)) in asked.windows.iter().enumerate() {
            for (o, &outcome) in asked.outcomes.iter().enumerate() {
                let (parts, n) = of(arm, asked.index(w, o));
                all.push(Split { arm, outcome, window: *window, parts, n });
            }
        }
    }
    all
}

/// Under one draw nothing comes from parameters.
fn of_one_draw(values: &[f64]) -> (Vec<Part>, usize) {
    let e = shequ_model::base::stats::estimate(values.iter().copied());
    if e.n < 2 {
        return (Vec::new(), e.n);
    }
    let variance = e.sd * e.sd;
    let share = |share: f64| if variance > 0.0 { share } else { f64::NAN };
    let part = |source: &str, variance: f64, of: f64| Part {
        source: source.into(),
        variance,
        share: share(of),
        interval: (share(of), share(of)),
    };
    (vec![part(PARAMETERS, 0.0, 0.0), part(CHANCE, variance, 1.0)], e.n)
}

/// Of pairs by their means and half their differences.
fn of_pairs(means: &[f64], halves: &[f64]) -> (Vec<Part>, usize) {
    let whole: Vec<(f64, f64)> = means
        .iter()
        .copied()
        .zip(halves.iter().copied())
        .filter(|(m, h)| !m.is_nan() && !h.is_nan())
        .collect();
    let n = whole.len();
    if n < 2 {
        return (Vec::new(), n);
    }
    let (count, mean) = (n as f64, whole.iter().map(|(m, _)| m).sum::<f64>() / n as f64);
    let between = 2.0 * whole.iter().map(|(m, _)| (m - mean) * (m - mean)).sum::<f64>() / (count - 1.0);
    let within = 2.0 * whole.iter().map(|(_, h)| h * h).sum::<f64>() / count;
    let share = |f: f64| if f.is_infinite() { 1.0 } else { ((f - 1.0) / (f + 1.0)).clamp(0.0, 1.0) };
    let (f, df) = (between / within, (count - 1.0, count));
    let interval = (share(f / f_quantile(0.975, df)), share(f / f_quantile(0.025, df)));
    let parameters =
        Part { source: PARAMETERS.into(), variance: (between - within) / 2.0, share: share(f), interval };
    let chance = Part {
        source: CHANCE.into(),
        variance: within,
        share: 1.0 - parameters.share,
        interval: (1.0 - interval.1, 1.0 - interval.0),
    };
    (vec![parameters, chance], n)
}

/// The F that is exceeded with probability 1 − p, with these degrees of freedom.
fn f_quantile(p: f64, (above, below): (f64, f64)) -> f64 {
    let x = beta_quantile(p, above / 2.0, below / 2.0);
    below * x / (above * (1.0 - x))
}

fn cut((low, high): (f64, f64)) -> (f64, f64) {
    (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0))
}

/// `uncertainty.csv`: one row for each effect and source. `arms` are their names.
pub fn table<'a>(splits: &'a [Split], arms: Vec<&'a str>) -> Table<'a> {
    let mut columns = ["arm", "metric", "window", "source"].map(Column::text).to_vec();
    columns.extend(["variance", "share", "ci95_low", "ci95_high"].map(Column::real));
    columns.extend([Column::text("unit"), Column::whole("n")]);
    let rows = move |take: &mut Take| {
        splits.iter().try_for_each(|split| {
            let window = split.window.to_string();
            split.parts.iter().try_for_each(|part| {
                let mut cells =
                    [arms[split.arm], split.outcome.name(), &window, &part.source].map(Cell::Text).to_vec();
                cells.extend([part.variance, part.share, part.interval.0, part.interval.1].map(Cell::Real));
                cells.extend([Cell::Text(split.outcome.metric.unit), Cell::Whole(split.n as i64)]);
                take(&cells)
            })
        })
    };
    Table { name: "uncertainty", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contest::variance::Sources;
    use shequ_model::base::rng::{CounterRng, Stream};

    #[test]
    fn a_split_by_hand() {
        // Pairs 1, 3 and 5, 9: means 2 and 7, halves 1 and 2. M = 2 · 12.5 = 25, W = 2 (1 + 4) / 2 = 5.
        let (parts, n) = of_pairs(&[2.0, 7.0, f64::NAN], &[1.0, 2.0, 0.0]);
        assert_eq!((n, parts[0].variance, parts[1].variance), (2, 10.0, 5.0));
        assert!((parts[0].share - 10.0 / 15.0).abs() < 1e-12);
        // R: qf(c(.025, .975), 1, 2) is 0.00125 and 38.506.
        let ends = (25.0 / 5.0 / 38.506, 25.0 / 5.0 / 0.001251);
        assert!(parts[0].interval.0 == 0.0 && ends.0 < 1.0);
        assert!((parts[0].interval.1 - (ends.1 - 1.0) / (ends.1 + 1.0)).abs() < 1e-5, "{parts:?}");
        assert!((parts[1].interval.1, parts[0].share + parts[1].share) == (1.0, 1.0));
        // One is no sample, and what never varies has no shares.
        assert!(of_pairs(&[1.0], &[0.5]).0.is_empty());
        assert!(of_pairs(&[1.0, 1.0], &[0.0, 0.0]).0[0].share.is_nan());
        assert_eq!(of_one_draw(&[1.0, 2.0, 3.0]).0[1].variance, 1.0);
    }

    #[test]
    fn intervals_of_shares_hold_the_truth_as_often_as_is_said() {
        const STUDIES: u32 = 1_000;
        for n in [5_u32, 15, 50] {
            for share in [0.0, 0.2, 0.8_f64] {
                let (mut held, mut sum) = (0, 0.0);
                for study in 0..STUDIES {
                    let rng = CounterRng::new(3, study);
                    let normal = |what: &str, k: u32| rng.normal(Stream::named(what), k, 0, 0);
                    let value = |k: u32| {
                        libm::sqrt(share) * normal("parameters", k / 2)
                            + libm::sqrt(1.0 - share) * normal("chance", k)
                    };
                    let of = |sign: f64| {
                        (0..n).map(|k| (value(2 * k) + sign * value(2 * k + 1)) / 2.0).collect::<Vec<f64>>()
                    };
                    let (parts, _) = of_pairs(&of(1.0), &of(-1.0));
                    let (low, high) = parts[0].interval;
                    held += u32::from((low..=high).contains(&share));
                    sum += parts[0].variance;
                }
                // Three standard errors: of 95 % in 1,000 studies, and of a mean of variances, each with a standard
                // error of at most √(2 / (n − 1)) times M / 2, which is at most 1 here, and as much for W.
                let tolerance = 3.0 * libm::sqrt(0.95 * 0.05 / f64::from(STUDIES));
                let held = f64::from(held) / f64::from(STUDIES);
                assert!(held >= 0.95 - tolerance, "{n} {share}: {held}");
                let off = (sum / f64::from(STUDIES) - share).abs();
                assert!(
                    off < 3.0 * 1.2 * libm::sqrt(2.0 / f64::from(n - 1) / f64::from(STUDIES)),
                    "{n} {share}: {off}"
                );
            }
        }
    }

    #[test]
    fn one_cell_of_a_contest_is_split_as_a_comparison_is() {
        let (units, halves) = ([2.0, 7.0, 4.0, 4.5], [1.0, -2.0, 0.5, 0.25]);
        let rows = |values: &[f64]| values.iter().map(|v| vec![*v]).collect::<Vec<_>>();
        let contest = Sources::of_units(&[], &rows(&units), &rows(&halves)).parts();
        let (compared, _) = of_pairs(&units, &halves);
        for (a, b) in contest.iter().zip(&compared) {
            assert_eq!(a.source, b.source);
            assert!(
                (a.variance - b.variance).abs() < 1e-12 && (a.share - b.share).abs() < 1e-12,
                "{a:?} {b:?}"
            );
        }
        assert_eq!((contest[0].df, contest[1].df), (3, 4));
    }

    #[test]
    fn intervals_of_shares_in_a_contest_hold_the_truth_about_as_often_as_is_said() {
        // Two theories by two rules, 20 pairs; variances 1 of theories, 1 of parameters, of which half is common to all
        // cells, and 2 of chance.
        const STUDIES: u32 = 150;
        let mut held = [0.0; 3];
        for study in 0..STUDIES {
            let rng = CounterRng::new(8, study);
            let normal = |what: &str, k: u32, cell: u32| rng.normal(Stream::named(what), k, cell, 0);
            let value = |k: u32, cell: u32| {
                let theory = if cell < 2 { 1.0 } else { -1.0 };
                let parameters =
                    libm::sqrt(0.5) * (normal("parameters", k / 2, cell) + normal("parameters", k / 2, 9));
                theory + parameters + libm::sqrt(2.0) * normal("chance", k, cell)
            };
            let of = |sign: f64| {
                let row =
                    |k: u32| (0..4).map(|c| (value(2 * k, c) + sign * value(2 * k + 1, c)) / 2.0).collect();
                (0..20).map(row).collect::<Vec<Vec<f64>>>()
            };
            let parts = Sources::of_units(&[("theory", 2), ("trust", 2)], &of(1.0), &of(-1.0)).parts();
            for (held, (source, truth)) in
                held.iter_mut().zip([("theory", 0.25), (PARAMETERS, 0.25), (CHANCE, 0.5)])
            {
                let part = parts.iter().find(|part| part.source == source).unwrap();
                *held +=
                    f64::from(u8::from((part.share - truth).abs() <= part.half_width)) / f64::from(STUDIES);
            }
        }
        // Nine of ten, less three standard errors of 150 studies.
        assert!(held.iter().all(|held| *held > 0.9 - 0.073), "{held:?}");
    }
}
