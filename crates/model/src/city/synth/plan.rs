//! The plan of the city: which communities there are, of what kind and size, in which street.

use crate::base::rng::{CounterRng, Stream};
use crate::city::{Kind, population};

const SIZE: Stream = Stream::named("synth.size");
const ORDER: Stream = Stream::named("synth.order");

/// One community to be built.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    pub id: u32,
    pub kind: Kind,
    pub street: u16,
    pub district: u16,
    pub adults: u32,
    /// Size relative to the mean; does not depend on how many adults are asked for.
    pub relative: f64,
}

/// All communities, with the numbers of streets and districts.
pub fn plots(population: &population::Settings, rng: CounterRng) -> (Vec<Plot>, u16, u16) {
    let n = population.communities.max(1);
    let streets = n.min(population.streets.max(1).into());
    let districts = streets.min(population.districts.max(1).into());
    let kinds = kinds(&population.kinds, n as usize, rng);
    let sizes: Vec<f64> = (0..n)
        .map(|id| libm::exp(population.size_spread * rng.normal(SIZE, id, super::FOUNDING, 0)))
        .collect();
    let mean = sizes.iter().sum::<f64>() / n as f64;
    let plots = (0..n)
        .map(|id| {
            let street = block(id, n, streets);
            let relative = sizes[id as usize] / mean;
            Plot {
                id,
                kind: kinds[id as usize],
                street: street as u16,
                district: block(street, streets, districts) as u16,
                adults: (population.adults as f64 * relative).round().max(1.0) as u32,
                relative,
            }
        })
        .collect();
    (plots, streets as u16, districts as u16)
}

/// Share of the city's adults by kind of community.
pub fn weights(plots: &[Plot]) -> [f64; 5] {
    let mut weights = [0.0; 5];
    for plot in plots {
        weights[plot.kind as usize] += plot.relative / plots.len() as f64;
    }
    weights
}

/// The block of thing `i` when `n` things form `blocks` contiguous blocks as even as possible.
fn block(i: u32, n: u32, blocks: u32) -> u32 {
    (i as u64 * blocks as u64 / n as u64) as u32
}

/// The kind of each of `n` communities: whole numbers nearest to the shares, in a keyed order.
fn kinds(shares: &[f64; 5], n: usize, rng: CounterRng) -> Vec<Kind> {
    let counts = largest_remainder(shares, n);
    let mut order: Vec<(u64, u32)> =
        (0..n as u32).map(|id| (rng.uniform(ORDER, id, super::FOUNDING, 0).to_bits(), id)).collect();
    order.sort_unstable();
    let in_order = Kind::ALL.iter().zip(counts).flat_map(|(&kind, count)| std::iter::repeat_n(kind, count));
    let mut kinds = vec![Kind::Commodity; n];
    for ((_, id), kind) in order.into_iter().zip(in_order) {
        kinds[id as usize] = kind;
    }
    kinds
}

/// Whole numbers that sum to `n` and lie within one of `n · shares` (Hamilton's method).
fn largest_remainder(shares: &[f64; 5], n: usize) -> [usize; 5] {
    // A hair is added so that 0.1 · 30 = 3.0000000000000004 or 2.9999999999999996 both count as 3.
    let quotas = shares.map(|share| share * n as f64 + 1e-9);
    let mut counts = quotas.map(|quota| quota as usize);
    let mut order = [0, 1, 2, 3, 4];
    order.sort_by(|&a, &b| quotas[b].fract().total_cmp(&quotas[a].fract()));
    let missing = n.saturating_sub(counts.iter().sum());
    for &part in order.iter().cycle().take(missing) {
        counts[part] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    #[test]
    fn largest_remainder_gives_the_whole_number_nearest_to_each_share() {
        assert_eq!(largest_remainder(&[0.4, 0.2, 0.1, 0.1, 0.2], 10), [4, 2, 1, 1, 2]);
        assert_eq!(largest_remainder(&[0.4, 0.2, 0.1, 0.1, 0.2], 1), [1, 0, 0, 0, 0]);
        // Quotas 1.2, 0.6, 0.3, 0.3, 0.6.
        assert_eq!(largest_remainder(&[0.4, 0.2, 0.1, 0.1, 0.2], 3), [1, 1, 0, 0, 1]);
        assert_eq!(largest_remainder(&[0.0, 0.0, 0.0, 0.0, 1.0], 7), [0, 0, 0, 0, 7]);
    }

    #[test]
    fn streets_are_even_contiguous_blocks_and_no_more_than_communities() {
        let asked = population::Settings { communities: 5, streets: 9, ..population::Settings::standard() };
        let (plots, streets, districts) = plots(&asked, CounterRng::new(1, 0));
        assert_eq!((streets, districts), (5, 1));
        assert_eq!(plots.iter().map(|p| p.street).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!((0..7).map(|i| block(i, 7, 3)).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn uneven_sizes_keep_their_mean() {
        let asked =
            population::Settings { communities: 400, size_spread: 0.8, ..population::Settings::standard() };
        let (plots, ..) = plots(&asked, CounterRng::new(3, 0));
        let mean = plots.iter().map(|p| p.adults as f64).sum::<f64>() / 400.0;
        assert!((mean - 3000.0).abs() < 1.0, "mean {mean}");
        assert!((weights(&plots).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
