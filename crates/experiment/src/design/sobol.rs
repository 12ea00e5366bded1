//! Sobol' sequences, and Saltelli's design over them.
//!
//! The sequence has the direction numbers of Joe and Kuo (SIAM J. Sci. Comput. 30, 2008) and is
//! Owen-scrambled by hashing (B. Burley, JCGT 9, 2020), with a key from the seed of the design. A scrambled
//! sequence has no point at the origin, so that none is skipped: dropping points would spoil its
//! balance (A. B. Owen, "On dropping the first Sobol' point", 2020).

use shequ_model::base::rng::{CounterRng, Stream};

/// Most points of a sequence.
pub const MOST_POINTS: u32 = 1 << 16;

/// Most dimensions of a sequence.
pub const MOST_DIMENSIONS: usize = sobol_burley::NUM_DIMENSIONS as usize;

/// `points` points in [0, 1)^`dimensions`.
pub fn points(points: u32, dimensions: usize, rng: CounterRng) -> Vec<Vec<f64>> {
    let key = rng.block(Stream::named("sobol"), 0, 0, 0)[0];
    let coordinate = |point: u32, dimension: usize| sobol_burley::sample(point, dimension as u32, key).into();
    (0..points).map(|point| (0..dimensions).map(|d| coordinate(point, d)).collect()).collect()
}

/// Rows of a block of Saltelli's design over `dimensions` factors.
pub fn block(dimensions: usize, second_order: bool) -> usize {
    if second_order { 2 * dimensions + 2 } else { dimensions + 2 }
}

/// Saltelli's design: from each point of a sequence in twice as many dimensions, the halves A and B, a
/// block of the rows A, AB₁ … ABₖ, (BA₁ … BAₖ,) B, where ABⱼ is A with coordinate j of B, and BAⱼ the
/// reverse, for second orders. The order is SALib's.
///
/// A. Saltelli, Comput. Phys. Commun. 145 (2002) 280–297; A. Saltelli et al., 181 (2010) 259–270.
pub fn saltelli(blocks: u32, dimensions: usize, second_order: bool, rng: CounterRng) -> Vec<Vec<f64>> {
    let mut rows = Vec::with_capacity(blocks as usize * block(dimensions, second_order));
    let crossed = |into: &[f64], from: &[f64], j: usize| {
        let mut row = into.to_vec();
        row[j] = from[j];
        row
    };
    for point in points(blocks, 2 * dimensions, rng) {
        let (a, b) = point.split_at(dimensions);
        rows.push(a.to_vec());
        rows.extend((0..dimensions).map(|j| crossed(a, b, j)));
        if second_order {
            rows.extend((0..dimensions).map(|j| crossed(b, a, j)));
        }
        rows.push(b.to_vec());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coordinate_has_one_point_in_each_of_n_parts_and_every_pair_is_balanced() {
        // A (t, m, s)-net in base 2: what scrambling leaves as it is. In one dimension t = 0.
        let points = points(256, 12, CounterRng::new(5, 0));
        for dimension in 0..12 {
            let mut parts: Vec<usize> = points.iter().map(|p| (p[dimension] * 256.0) as usize).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..256).collect::<Vec<_>>());
        }
        let quarter = points.iter().filter(|p| p[0] < 0.5 && p[1] < 0.5).count();
        assert_eq!(quarter, 64);
    }

    #[test]
    fn it_integrates_a_smooth_function_better_than_chance() {
        // The mean of Π(1 + (x - 1/2)) over four dimensions is 1; its standard deviation by chance,
        // sqrt((13/12)^4 - 1) / sqrt(1024) = 0.019. Scrambled nets do better by a factor of n^1/2 or more.
        let of = |x: &Vec<f64>| x.iter().map(|x| 0.5 + x).product::<f64>();
        let mean = points(1024, 4, CounterRng::new(8, 0)).iter().map(of).sum::<f64>() / 1024.0;
        assert!((mean - 1.0).abs() < 0.019 / 8.0, "{mean}");
    }

    #[test]
    fn a_block_crosses_two_points() {
        for second_order in [false, true] {
            let rows = saltelli(4, 3, second_order, CounterRng::new(1, 0));
            let block = block(3, second_order);
            assert_eq!(rows.len(), 4 * block);
            for rows in rows.chunks(block) {
                let (a, b) = (&rows[0], &rows[block - 1]);
                for j in 0..3 {
                    let own = |i: usize| if i == j { b[i] } else { a[i] };
                    assert!((0..3).all(|i| rows[1 + j][i] == own(i)));
                    let reverse = |i: usize| if i == j { a[i] } else { b[i] };
                    assert!(!second_order || (0..3).all(|i| rows[4 + j][i] == reverse(i)));
                }
            }
        }
    }
}
