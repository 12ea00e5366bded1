//! Morris's trajectories: paths through a grid of the unit cube that change one coordinate at a time.
//!
//! M. D. Morris, Technometrics 33 (1991) 161–174. As there and in SALib, a coordinate takes p levels
//! (p even), and a step is p / (2 (p - 1)); a coordinate that stands for words goes from one to another
//! instead. Trajectories are drawn independently: those optimised for
//! spread (Campolongo et al. 2007) cost a search and depend on one another, so that a bootstrap over them
//! would not be valid.

use rand::seq::SliceRandom;

use shequ_model::base::rng::{CounterRng, Stream};

/// `trajectories` paths, each of one point more than there are coordinates. `words` says of each coordinate
/// how many words it stands for; `None` if it stands for numbers, which have levels.
pub fn points(trajectories: u32, levels: u32, words: &[Option<usize>], rng: CounterRng) -> Vec<Vec<f64>> {
    (0..trajectories).flat_map(|number| trajectory(number, levels, words, rng)).collect()
}

fn trajectory(number: u32, levels: u32, words: &[Option<usize>], rng: CounterRng) -> Vec<Vec<f64>> {
    let (order, turn) = (Stream::named("morris.order"), Stream::named("morris.turn"));
    let ends: Vec<[f64; 2]> = (0..)
        .zip(words)
        .map(|(d, words)| match words {
            Some(words) => two_words(number, d, *words as u32, rng),
            None => two_levels(number, d, levels, rng),
        })
        .collect();
    let dimensions = 0..words.len();
    let mut at: Vec<usize> =
        dimensions.clone().map(|d| rng.below(turn, number, d as u32, 0, 2) as usize).collect();
    let mut steps: Vec<usize> = dimensions.collect();
    steps.shuffle(&mut rng.stream_rng(order, number, 0));

    let point = |at: &[usize]| -> Vec<f64> { ends.iter().zip(at).map(|(ends, &end)| ends[end]).collect() };
    let mut path = vec![point(&at)];
    for d in steps {
        at[d] = 1 - at[d];
        path.push(point(&at));
    }
    path
}

/// A level of the lower half and its partner half the levels above.
fn two_levels(number: u32, d: u32, levels: u32, rng: CounterRng) -> [f64; 2] {
    let half = levels / 2;
    let low = rng.below(Stream::named("morris.start"), number, d, 0, half);
    [low, low + half].map(|level| f64::from(level) / f64::from(levels - 1))
}

/// Two different words, every two as likely: a step of levels would never set some words against others. A
/// word is in the middle of its part of the interval.
fn two_words(number: u32, d: u32, words: u32, rng: CounterRng) -> [f64; 2] {
    let stream = Stream::named("morris.words");
    let one = rng.below(stream, number, d, 0, words);
    let other = match words {
        1 => one,
        _ => (one + 1 + rng.below(stream, number, d, 1, words - 1)) % words,
    };
    [one, other].map(|word| (f64::from(word) + 0.5) / f64::from(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_of_a_trajectory_changes_one_coordinate_by_the_step_and_each_coordinate_once() {
        for levels in [4, 6, 10] {
            for path in points(20, levels, &[None; 5], CounterRng::new(2, 0)).chunks(6) {
                let mut changed: Vec<usize> = path
                    .windows(2)
                    .map(|pair| {
                        let moves: Vec<f64> = (0..5).map(|d| (pair[1][d] - pair[0][d]).abs()).collect();
                        let moved: Vec<usize> = (0..5).filter(|&d| moves[d] > 0.0).collect();
                        assert_eq!(moved.len(), 1);
                        let step = f64::from(levels) / f64::from(2 * (levels - 1));
                        assert!((moves[moved[0]] - step).abs() < 1e-12);
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
        let points = points(4_000, 4, &[None], CounterRng::new(9, 0));
        let mut counts = [0.0; 4];
        points.iter().for_each(|p| counts[(p[0] * 3.0).round() as usize] += 1.0);
        // Both points of a path count, so levels 0 and 2, and 1 and 3, stand together: 2,000 ± 5 sd of 32.
        assert!(counts.iter().all(|c: &f64| (c - 2_000.0).abs() < 160.0), "{counts:?}");
    }

    #[test]
    fn every_two_words_are_set_against_each_other_equally_often() {
        let points = points(6_000, 4, &[Some(4)], CounterRng::new(9, 0));
        let mut counts = [[0.0_f64; 4]; 4];
        for pair in points.chunks(2) {
            let word = |i: usize| (pair[i][0] * 4.0) as usize;
            counts[word(0)][word(1)] += 1.0;
        }
        // Twelve ordered pairs of different words: 500 ± 5 standard deviations of 21.
        for (one, row) in counts.iter().enumerate() {
            for (other, count) in row.iter().enumerate() {
                let expected = if one == other { 0.0 } else { 500.0 };
                assert!((count - expected).abs() <= 107.0 && (one != other || *count == 0.0), "{counts:?}");
            }
        }
    }
}
