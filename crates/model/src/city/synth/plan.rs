//! The plan of the city: which communities there are, of what kind and size, in which street.

use crate::base::remainders::largest_remainders;
use crate::base::rng::{CounterRng, Stream};
use crate::city::{Kind, population, table::Row};

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
    let kinds = kinds(&population.kinds, n as usize, rng);
    let sizes: Vec<f64> = (0..n)
        .map(|id| libm::exp(population.size_spread * rng.normal(SIZE, id, super::FOUNDING, 0)))
        .collect();
    let mean = sizes.iter().sum::<f64>() / n as f64;
    let Places { street, district, streets, districts } = Places::of(population, n);
    let row = |id: u32| population.table.get(id as usize);
    let mut plots: Vec<Plot> = (0..n)
        .map(|id| {
            let relative = sizes[id as usize] / mean;
            let drawn = (population.adults as f64 * relative).round().max(1.0) as u32;
            Plot {
                id,
                kind: row(id).and_then(|row| row.kind).unwrap_or(kinds[id as usize]),
                street: street[id as usize],
                district: district[id as usize],
                adults: row(id).and_then(|row| row.adults).unwrap_or(drawn),
                relative,
            }
        })
        .collect();
    if population.table.iter().any(|row| row.adults.is_some()) {
        let mean = plots.iter().map(|plot| f64::from(plot.adults)).sum::<f64>() / n as f64;
        plots.iter_mut().for_each(|plot| plot.relative = f64::from(plot.adults) / mean);
    }
    (plots, streets, districts)
}

/// In which street and district each community lies.
struct Places {
    street: Vec<u16>,
    district: Vec<u16>,
    streets: u16,
    districts: u16,
}

impl Places {
    /// Where a table names streets or districts, those; else blocks of neighbouring communities.
    fn of(population: &population::Settings, n: u32) -> Places {
        let named = |name: fn(&Row) -> Option<&String>| numbers(population.table.iter().map(name));
        let by_table = named(|row| row.district.as_ref());
        let (street, streets) = match (named(|row| row.street.as_ref()), &by_table) {
            (Some(named), _) => named,
            (None, Some((district, districts))) => within(district, *districts, population.streets),
            (None, None) => {
                let streets = n.min(population.streets.max(1).into());
                ((0..n).map(|id| block(id, n, streets) as u16).collect(), streets as u16)
            }
        };
        let (district, districts) = by_table.unwrap_or_else(|| {
            let (streets, districts) = (streets.into(), streets.min(population.districts.max(1)));
            let of = |&street: &u16| block(street.into(), streets, districts.into()) as u16;
            (street.iter().map(of).collect(), districts)
        });
        Places { street, district, streets, districts }
    }
}

/// The number of each name, in the order in which they first come, and how many there are; none where one is
/// missing.
fn numbers<'a>(names: impl Iterator<Item = Option<&'a String>>) -> Option<(Vec<u16>, u16)> {
    let mut known: Vec<&String> = Vec::new();
    let mut numbers = Vec::new();
    for name in names {
        let name = name?;
        let place = known.iter().position(|other| *other == name).unwrap_or_else(|| {
            known.push(name);
            known.len() - 1
        });
        numbers.push(place as u16);
    }
    (!numbers.is_empty()).then_some((numbers, known.len() as u16))
}

/// Streets as blocks of the communities of each district, as many as its part of the `streets` of the city.
fn within(district: &[u16], districts: u16, streets: u16) -> (Vec<u16>, u16) {
    let (mut of, mut first) = (vec![0; district.len()], 0);
    for d in 0..districts {
        let members: Vec<usize> = (0..district.len()).filter(|&id| district[id] == d).collect();
        let (all, n) = (district.len(), members.len());
        let own = (usize::from(streets) * n + all / 2).div_euclid(all).clamp(1, n);
        for (k, &id) in members.iter().enumerate() {
            of[id] = first + block(k as u32, n as u32, own as u32) as u16;
        }
        first += own as u16;
    }
    (of, first)
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

/// Added so that 0.1 · 30 = 3.0000000000000004 or 2.9999999999999996 both count as 3.
const HAIR: f64 = 1e-9;

/// Whole numbers that sum to `n` and lie within one of `n · shares` (Hamilton's method).
pub fn largest_remainder<const N: usize>(shares: &[f64; N], n: usize) -> [usize; N] {
    let counts = largest_remainders(&shares.map(|share| share * n as f64 + HAIR), n as i64);
    std::array::from_fn(|part| counts[part] as usize)
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
    fn streets_and_districts_of_a_table_are_those_that_it_names() {
        let row = |street: Option<&str>, district: Option<&str>| Row {
            street: street.map(String::from),
            district: district.map(String::from),
            ..Row::default()
        };
        let place = |table: Vec<Row>, streets| {
            let communities = table.len() as u32;
            let asked =
                population::Settings { communities, streets, table, ..population::Settings::standard() };
            let (plots, streets, districts) = plots(&asked, CounterRng::new(1, 0));
            let of = |place: fn(&Plot) -> u16| plots.iter().map(place).collect::<Vec<_>>();
            (of(|p| p.street), of(|p| p.district), streets, districts)
        };
        let named = vec![row(Some("b"), Some("X")), row(Some("a"), Some("Y")), row(Some("b"), Some("X"))];
        assert_eq!(place(named, 1), (vec![0, 1, 0], vec![0, 1, 0], 2, 2));
        // Districts alone: their communities share the streets that there are.
        let by_district = ["X", "Y", "X", "Y", "X", "X"].map(|d| row(None, Some(d))).to_vec();
        assert_eq!(place(by_district, 3), (vec![0, 2, 0, 2, 1, 1], vec![0, 1, 0, 1, 0, 0], 3, 2));
        // Nothing: as without a table.
        assert_eq!(place(vec![row(None, None); 4], 2), (vec![0, 0, 1, 1], vec![0; 4], 2, 1));
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
