//! Morris's trajectories: paths through a grid of the unit cube that change one coordinate at a time.
//!
//! M. D. Morris, Technometrics 33 (1991) 161–174. As there and in SALib, a coordinate takes p levels
//! (p even), and a step is p / (2 (p - 1)). Trajectories are drawn independently: those optimised for
//! spread (Campolongo et al. 2007) cost a search and depend on one another, so that a bootstrap over them
//! would not be valid.

use rand::seq::SliceRandom;

use crate::base::luck::{Luck, Stream};

/// Length of a step with this many levels.
pub fn step(levels: u32) -> f64 {
    f64::from(levels) / f64::from(2 * (levels - 1))
}

/// `trajectories` paths of `dimensions` + 1 points each.
pub fn points(trajectories: u32, levels: u32, dimensions: usize, luck: Luck) -> Vec<Vec<f64>> {
    (0..trajectories).flat_map(|number| trajectory(number, levels, dimensions, luck)).collect()
}

fn trajectory(number: u32, levels: u32, dimensions: usize, luck: Luck) -> Vec<Vec<f64>> {
    let (order, start, turn) =
        (Stream::named("morris.order"), Stream::named("morris.start"), Stream::named("morris.turn"));
    // A coordinate goes between a level of the lower half and its partner half the levels above.
    let half = levels / 2;
    let lower = |d: usize| luck.below(start, number, d as u32, 0, half);
    let lows: Vec<u32> = (0..dimensions).map(lower).collect();
    let mut high: Vec<bool> =
        (0..dimensions).map(|d| luck.below(turn, number, d as u32, 0, 2) == 1).collect();
    let mut steps: Vec<usize> = (0..dimensions).collect();
    steps.shuffle(&mut luck.generator(order, number, 0));

    let level = |d: usize, high: bool| f64::from(lows[d] + if high { half } else { 0 });
    let point = |high: &[bool]| -> Vec<f64> {
        high.iter().enumerate().map(|(d, &high)| level(d, high) / f64::from(levels - 1)).collect()
    };
    let mut path = vec![point(&high)];
    for d in steps {
        high[d] = !high[d];
        path.push(point(&high));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_of_a_trajectory_changes_one_coordinate_by_the_step_and_each_coordinate_once() {
        for levels in [4, 6, 10] {
            for path in points(20, levels, 5, Luck::new(2, 0)).chunks(6) {
                let mut changed: Vec<usize> = path
                    .windows(2)
                    .map(|pair| {
                        let moves: Vec<f64> = (0..5).map(|d| (pair[1][d] - pair[0][d]).abs()).collect();
                        let moved: Vec<usize> = (0..5).filter(|&d| moves[d] > 0.0).collect();
                        assert_eq!(moved.len(), 1);
                        assert!((moves[moved[0]] - step(levels)).abs() < 1e-12);
                        moved[0]
                    })
                    .collect();
                changed.sort_unstable();
                assert_eq!(changed, [0, 1, 2, 3, 4]);
                let on_the_grid = |x: f64| (x * f64::from(levels - 1)).fract().min(1.0) < 1e-9;
                assert!(path.iter().flatten().all(|&x| (0.0..=1.0).contains(&x) && on_the_grid(x + 1e-12)));
            }
        }
    }

    #[test]
    fn every_level_is_as_likely_as_any_other() {
        let points = points(4_000, 4, 1, Luck::new(9, 0));
        let mut counts = [0.0; 4];
        points.iter().for_each(|p| counts[(p[0] * 3.0).round() as usize] += 1.0);
        // Both points of a path count, so levels 0 and 2, and 1 and 3, stand together: 2,000 ± 5 sd of 32.
        assert!(counts.iter().all(|c: &f64| (c - 2_000.0).abs() < 160.0), "{counts:?}");
    }
}
