//! Networks of a kind that a scenario asks for: complete, random, small world, lattice, given.

use std::collections::BTreeSet;

use super::FOUNDING;
use crate::base::rng::{CounterRng, Stream};
use crate::city::Ties;
use crate::city::network::{Kind, Settings, Shape};
use crate::city::ties::Everybody;

const PAIR: Stream = Stream::named("network.pair");
const REWIRE: Stream = Stream::named("network.rewire");
const TARGET: Stream = Stream::named("network.target");

/// Undirected ties between residents.
type Pairs = Vec<(u32, u32)>;

/// The ties of a community of `n` adults; none of a network that people settle into.
pub fn ties(asked: &Settings, n: u32, rng: CounterRng) -> Option<Ties> {
    let residents = n as usize;
    Some(match asked.kind {
        Kind::Settled => return None,
        Kind::Complete => Ties::of_everybody(residents, Everybody::Else),
        Kind::MeanField => Ties::of_everybody(residents, Everybody::AndOneself),
        Kind::Random => Ties::all_counted(residents, &random(asked.degree, n, rng)),
        Kind::SmallWorld => Ties::all_counted(residents, &small_world(asked, n, rng)),
        Kind::Lattice => Ties::all_counted(residents, &lattice(asked, n)),
        Kind::Given => given(asked, residents),
    })
}

/// G(n, m): `m` different pairs of different residents, each set of pairs equally likely (Erdős and
/// Rényi 1959). What is drawn twice is drawn anew.
fn random(degree: f64, n: u32, rng: CounterRng) -> Pairs {
    let most = n as u64 * (n as u64).saturating_sub(1) / 2;
    let asked = ((n as f64 * degree / 2.0).round() as u64).min(most) as usize;
    let mut pairs = Pairs::with_capacity(asked);
    let mut drawn = 0;
    while pairs.len() < asked {
        for _ in pairs.len()..asked {
            let [a, b] = [0, 1].map(|end| rng.below(PAIR, drawn, FOUNDING, end, n));
            drawn += 1;
            if a != b {
                pairs.push((a.min(b), a.max(b)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
    }
    pairs
}

/// Steps along a ring at which residents know one another: half of the degree to each side.
fn reach_on_ring(degree: f64, n: u32) -> u32 {
    ((degree / 2.0).round() as u32).min(n.saturating_sub(1) / 2)
}

/// A ring on which each tie keeps its first end and, with the chance asked, gets another second end
/// that makes no loop and no double (Watts and Strogatz 1998).
fn small_world(asked: &Settings, n: u32, rng: CounterRng) -> Pairs {
    let reach = reach_on_ring(asked.degree, n);
    let is_rewired = |i: u32, step: u32| rng.uniform(REWIRE, i, FOUNDING, step) < asked.rewiring;
    let all = (0..n).flat_map(|i| (1..=reach).map(move |step| (i, step)));
    let (moved, kept): (Vec<_>, Vec<_>) = all.partition(|&(i, step)| is_rewired(i, step));
    let mut pairs: Pairs = kept.iter().map(|&(i, step)| (i, (i + step) % n)).collect();
    let stays = |a: u32, b: u32| {
        let step = (b + n - a) % n;
        (1..=reach).contains(&step) && !is_rewired(a, step)
    };
    let mut taken = BTreeSet::new();
    for (i, step) in moved {
        // A resident who knows everybody keeps the tie as it was.
        let other = (0..64)
            .map(|attempt| rng.below(TARGET, i, FOUNDING, attempt << 12 | step, n))
            .find(|&j| i != j && !stays(i, j) && !stays(j, i) && !taken.contains(&(i.min(j), i.max(j))));
        let other = other.unwrap_or((i + step) % n);
        taken.insert((i.min(other), i.max(other)));
        pairs.push((i, other));
    }
    pairs
}

fn lattice(asked: &Settings, n: u32) -> Pairs {
    match asked.shape {
        Shape::Ring => {
            let reach = reach_on_ring(asked.degree, n);
            (0..n).flat_map(|i| (1..=reach).map(move |step| (i, (i + step) % n))).collect()
        }
        Shape::Grid => grid(n, asked.degree > 4.0),
    }
}

/// A torus of rows and columns, each resident knowing those at the sides and, if asked, at the corners.
fn grid(n: u32, corners: bool) -> Pairs {
    let columns = (1..=n).take_while(|c| c * c <= n).filter(|c| n.is_multiple_of(*c)).last().unwrap_or(1);
    let rows = n / columns;
    let steps: &[(u32, u32)] =
        if corners { &[(0, 1), (1, 0), (1, 1), (1, columns - 1)] } else { &[(0, 1), (1, 0)] };
    let at = |row: u32, column: u32| row % rows * columns + column % columns;
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    cells
        .flat_map(|(row, column)| {
            steps.iter().map(move |(down, right)| (at(row, column), at(row + down, column + right)))
        })
        .collect()
}

fn given(asked: &Settings, residents: usize) -> Ties {
    let arcs: Vec<(u32, u32, f32)> = asked
        .ties
        .iter()
        .map(|tie| (tie[0] as u32, tie[1] as u32, tie.get(2).copied().unwrap_or(1.0) as f32))
        .collect();
    if asked.directed {
        return Ties::from_arcs(residents, &arcs);
    }
    let both = arcs.iter().filter(|(a, b, _)| a != b).flat_map(|&(a, b, w)| [(a, b, w), (b, a, w)]);
    Ties::from_arcs(residents, &both.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(settings: Settings, n: u32) -> Ties {
        ties(&settings, n, CounterRng::new(1, 0)).unwrap()
    }

    fn of(kind: Kind, degree: f64) -> Settings {
        Settings { kind, degree, ..Settings::default() }
    }

    #[test]
    fn a_random_network_has_exactly_the_ties_asked() {
        let ties = built(of(Kind::Random, 6.5), 1_000);
        assert_eq!(ties.mean_degree(), 6.5);
        // Of a Poisson number with mean 6.5, e^-6.5 = .0015 are nil: two or so in a thousand.
        let degrees: Vec<usize> = (0..1_000).map(|i| ties.of(i).len()).collect();
        let variance = degrees.iter().map(|&d| (d as f64 - 6.5).powi(2)).sum::<f64>() / 1_000.0;
        assert!((variance / 6.5 - 1.0).abs() < 0.2, "{variance}");
        assert_eq!(built(of(Kind::Random, 50.0), 5).mean_degree(), 4.0, "no more than there are pairs");
    }

    #[test]
    fn a_small_world_lies_between_a_ring_and_chance() {
        let world = |rewiring| built(Settings { rewiring, ..of(Kind::SmallWorld, 8.0) }, 2_000);
        let ring = built(of(Kind::Lattice, 8.0), 2_000);
        assert_eq!(world(0.0), ring);
        let far = |ties: &Ties| {
            let far = |i: usize| {
                ties.of(i).iter().filter(|&j| j.abs_diff(i).min(2_000 - j.abs_diff(i)) > 4).count()
            };
            (0..2_000).map(far).sum::<usize>() as f64 / 16_000.0
        };
        let share = far(&world(0.1));
        // 8,000 ties, each far with chance .1 · (1 − 8/2000): standard error .0033.
        assert!((share - 0.0996).abs() < 0.014, "{share}");
        assert_eq!(world(0.1).mean_degree(), 8.0);
        assert_eq!(world(1.0).mean_degree(), 8.0);
    }

    #[test]
    fn on_a_grid_everybody_knows_as_many() {
        for (degree, known) in [(4.0, 4), (8.0, 8)] {
            let grid = built(Settings { shape: Shape::Grid, ..of(Kind::Lattice, degree) }, 63);
            assert!((0..63).all(|i| grid.of(i).len() == known));
        }
    }

    #[test]
    fn given_ties_are_mutual_unless_they_have_a_direction() {
        let ties = vec![vec![0.0, 1.0], vec![2.0, 2.0, 0.5]];
        let mutual = built(Settings { ties: ties.clone(), ..of(Kind::Given, 0.0) }, 3);
        let whom = |ties: &Ties| [0, 1, 2].map(|i| ties.of(i).iter().collect::<Vec<_>>());
        assert_eq!(whom(&mutual), [vec![1], vec![0], vec![]]);
        let directed = built(Settings { ties, directed: true, ..of(Kind::Given, 0.0) }, 3);
        assert_eq!(whom(&directed), [vec![1], vec![], vec![2]]);
        assert_eq!(directed.known(2), 0.5);
    }
}
