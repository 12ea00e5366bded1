//! Who knows whom: everyone at home, neighbours in the compound, and a few people further off.

use super::{FOUNDING, homes::Sizes};
use crate::base::rng::{BufferedDraws, CounterRng, Stream};
use crate::city::{Households, Ties, population};

const ALONE: Stream = Stream::named("synth.ties.alone");
const ROUND: Stream = Stream::named("synth.ties.round");
const REWIRE: Stream = Stream::named("synth.ties.rewire");
const NEIGHBOUR: Stream = Stream::named("synth.ties.neighbour");
const FAR: Stream = Stream::named("synth.ties.far");

/// Mean number of ties asked for: those at home, in the compound and further off.
pub fn asked(population: &population::Settings) -> f64 {
    Sizes::of(population).adults_at_home() + population.compound_ties + population.far_ties
}

/// Draws the ties of a community. `compound` is that of each resident.
///
/// Some have no acquaintances outside their home, and nobody reaches out to them; the others have so many more
/// that the mean is the one asked. Each of them reaches out for half of the ties, and is reached for the other
/// half. A tie that is drawn twice counts once, so the mean falls short of the one asked by the chance of that.
pub fn meet(
    population: &population::Settings,
    households: &Households,
    compound: &[u16],
    rng: CounterRng,
) -> Ties {
    let sociable = sociable(population, compound.len() as u32, rng);
    let place = |i: usize| sociable.partition_point(|&who| (who as usize) < i);
    let mut pairs = Vec::with_capacity(compound.len() * 6);
    let mut draws = Draws::new(population, rng);
    let (mut compound_end, mut ring) = (0, &sociable[..0]);
    for h in 0..households.len() {
        let home = households.members(h);
        pairs.extend(home.clone().flat_map(|i| (i + 1..home.end).map(move |other| (i as u32, other as u32))));
        if home.start >= compound_end {
            let rest = &compound[home.start..];
            compound_end = home.start + rest.partition_point(|&c| c == rest[0]);
            ring = &sociable[place(home.start)..place(compound_end)];
        }
        let (first, next) = (place(home.start), place(home.end));
        let next_door = next + ring.len() - place(compound_end);
        for &who in &sociable[first..next] {
            meet_neighbours(population.rewiring, who, next_door, ring, &mut draws, &mut pairs);
            meet_far(who, &sociable, &mut draws, &mut pairs);
        }
    }
    Ties::from_pairs(compound.len(), &pairs)
}

/// The residents who have acquaintances outside their home.
fn sociable(population: &population::Settings, residents: u32, rng: CounterRng) -> Vec<u32> {
    let mut draws = rng.buffered(ALONE, FOUNDING, 0);
    (0..residents).filter(|&who| draws.uniform(who) >= population.isolated).collect()
}

/// The draws that residents make one after another: how many they reach out to near and far, and for each
/// step whether another takes the place of the neighbour, and who is met far off.
struct Draws {
    rng: CounterRng,
    /// Mean ties in the compound and further off of those who have any.
    means: [f64; 2],
    round: [BufferedDraws; 2],
    rewire: Vec<BufferedDraws>,
    far: Vec<BufferedDraws>,
}

impl Draws {
    fn new(population: &population::Settings, rng: CounterRng) -> Draws {
        // As many steps as the highest chance gives.
        let steps =
            |stream, mean| (0..half(mean, 1.0)).map(|step| rng.buffered(stream, FOUNDING, step)).collect();
        let means =
            [population.compound_ties, population.far_ties].map(|mean| mean / (1.0 - population.isolated));
        Draws {
            rng,
            means,
            round: [0, 1].map(|index| rng.buffered(ROUND, FOUNDING, index)),
            rewire: steps(REWIRE, means[0]),
            far: steps(FAR, means[1]),
        }
    }
}

/// The next along the ring of those in the compound who have acquaintances, past one's own household from place
/// `next_door` on; some of them replaced by any of the compound (a small world after Watts and Strogatz 1998).
fn meet_neighbours(
    rewiring: f64,
    who: u32,
    next_door: usize,
    ring: &[u32],
    draws: &mut Draws,
    pairs: &mut Vec<(u32, u32)>,
) {
    for step in 0..half(draws.means[0], draws.round[0].uniform(who)) {
        let rewired = draws.rewire[step as usize].uniform(who) < rewiring;
        let along = if rewired {
            draws.rng.below(NEIGHBOUR, who, FOUNDING, step, ring.len() as u32) as usize
        } else {
            (next_door + step as usize) % ring.len()
        };
        pairs.push((who, ring[along]));
    }
}

/// Work and hobby ties: anybody in the community who has acquaintances.
fn meet_far(who: u32, sociable: &[u32], draws: &mut Draws, pairs: &mut Vec<(u32, u32)>) {
    let steps = half(draws.means[1], draws.round[1].uniform(who)) as usize;
    let others = sociable.len() as u32;
    pairs.extend(draws.far[..steps].iter_mut().map(|far| (who, sociable[far.below(who, others) as usize])));
}

/// Half of `mean`, rounded up or down by `chance` in (0, 1].
fn half(mean: f64, chance: f64) -> u32 {
    (0.5 * mean + chance) as u32
}
