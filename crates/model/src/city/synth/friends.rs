//! Who knows whom: everyone at home, neighbours in the compound, and a few people further off.

use super::{FOUNDING, homes::Sizes};
use crate::base::rng::{BufferedDraws, CounterRng, Stream};
use crate::city::{Households, Ties, population};

const ROUND: Stream = Stream::named("synth.ties.round");
const REWIRE: Stream = Stream::named("synth.ties.rewire");
const NEIGHBOUR: Stream = Stream::named("synth.ties.neighbour");
const FAR: Stream = Stream::named("synth.ties.far");

/// Mean number of ties asked for: those at home, in the compound and further off.
pub fn asked(population: &population::Settings) -> f64 {
    Sizes::solve(population.household_mean, population.child_share).adults_at_home()
        + population.compound_ties
        + population.far_ties
}

/// Draws the ties of a community. `compound` is that of each resident.
///
/// Each resident reaches out for half of the ties asked, and is reached for the other half. A tie that
/// is drawn twice counts once, so the mean falls short of the one asked by the chance of that.
pub fn meet(
    population: &population::Settings,
    households: &Households,
    compound: &[u16],
    rng: CounterRng,
) -> Ties {
    let mut pairs = Vec::with_capacity(compound.len() * 6);
    let mut draws = Draws::new(population, rng);
    let mut ring = 0..0;
    for h in 0..households.len() {
        let home = households.members(h);
        if home.start >= ring.end {
            let rest = &compound[home.start..];
            ring = home.start..home.start + rest.partition_point(|&c| c == rest[0]);
        }
        for i in home.clone() {
            pairs.extend((i + 1..home.end).map(|other| (i as u32, other as u32)));
            meet_neighbours(population, i, home.end, &ring, &mut draws, &mut pairs);
            meet_far(population, i, compound.len(), &mut draws, &mut pairs);
        }
    }
    Ties::from_pairs(compound.len(), &pairs)
}

/// The draws that residents make one after another: how many they reach out to near and far, and for each
/// step whether another takes the place of the neighbour, and who is met far off.
struct Draws {
    rng: CounterRng,
    round: [BufferedDraws; 2],
    rewire: Vec<BufferedDraws>,
    far: Vec<BufferedDraws>,
}

impl Draws {
    fn new(population: &population::Settings, rng: CounterRng) -> Draws {
        // As many steps as the highest chance gives.
        let steps =
            |stream, mean| (0..half(mean, 1.0)).map(|step| rng.buffered(stream, FOUNDING, step)).collect();
        Draws {
            rng,
            round: [0, 1].map(|index| rng.buffered(ROUND, FOUNDING, index)),
            rewire: steps(REWIRE, population.compound_ties),
            far: steps(FAR, population.far_ties),
        }
    }
}

/// The next residents along the ring of the compound, past one's own household; some of them replaced
/// by any resident of the compound (a small world after Watts and Strogatz 1998).
fn meet_neighbours(
    population: &population::Settings,
    i: usize,
    home_end: usize,
    ring: &std::ops::Range<usize>,
    draws: &mut Draws,
    pairs: &mut Vec<(u32, u32)>,
) {
    let who = i as u32;
    for step in 0..half(population.compound_ties, draws.round[0].uniform(who)) {
        let rewired = draws.rewire[step as usize].uniform(who) < population.rewiring;
        let along = if rewired {
            draws.rng.below(NEIGHBOUR, who, FOUNDING, step, ring.len() as u32) as usize
        } else {
            (home_end - ring.start + step as usize) % ring.len()
        };
        pairs.push((who, (ring.start + along) as u32));
    }
}

/// Work and hobby ties: any resident of the community.
fn meet_far(
    population: &population::Settings,
    i: usize,
    residents: usize,
    draws: &mut Draws,
    pairs: &mut Vec<(u32, u32)>,
) {
    let who = i as u32;
    let steps = half(population.far_ties, draws.round[1].uniform(who)) as usize;
    pairs.extend(draws.far[..steps].iter_mut().map(|far| (who, far.below(who, residents as u32))));
}

/// Half of `mean`, rounded up or down by `chance` in (0, 1].
fn half(mean: f64, chance: f64) -> u32 {
    (0.5 * mean + chance) as u32
}
