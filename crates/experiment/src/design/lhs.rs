//! Latin hypercube: in every dimension, each of n equal parts holds one of n points.
//!
//! M. D. McKay, R. J. Beckman and W. J. Conover, Technometrics 21 (1979) 239–245. A point lies anywhere in
//! its part, as they have it, not in the middle: means over the design then have no bias, and whole
//! numbers and words do not all meet the same edges.

use rand::seq::SliceRandom;

use shequ_model::base::rng::{CounterRng, Stream};

/// `points` points in [0, 1)^`dimensions`.
pub fn points(points: u32, dimensions: usize, rng: CounterRng) -> Vec<Vec<f64>> {
    let (order, within) = (Stream::named("lhs.order"), Stream::named("lhs.within"));
    let columns: Vec<Vec<u32>> = (0..dimensions as u32)
        .map(|dimension| {
            let mut parts: Vec<u32> = (0..points).collect();
            parts.shuffle(&mut rng.stream_rng(order, dimension, 0));
            parts
        })
        .collect();
    let coordinate = |point: u32, dimension: usize| {
        let part = f64::from(columns[dimension][point as usize]);
        (part + rng.uniform(within, point, dimension as u32, 0)) / f64::from(points)
    };
    (0..points).map(|point| (0..dimensions).map(|d| coordinate(point, d)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_each_dimension_holds_one_point() {
        let points = points(37, 4, CounterRng::new(3, 0));
        for dimension in 0..4 {
            let mut parts: Vec<usize> = points.iter().map(|p| (p[dimension] * 37.0) as usize).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..37).collect::<Vec<_>>());
        }
    }

    #[test]
    fn another_seed_gives_another_design() {
        assert_eq!(points(9, 2, CounterRng::new(1, 0)), points(9, 2, CounterRng::new(1, 0)));
        assert_ne!(points(9, 2, CounterRng::new(1, 0)), points(9, 2, CounterRng::new(2, 0)));
    }
}
