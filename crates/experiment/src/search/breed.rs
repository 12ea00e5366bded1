//! New candidates from good ones: tournaments, simulated binary crossover and polynomial mutation (K. Deb and
//! R. B. Agrawal 1995, Complex Systems 9:115; the distribution indices are those of NSGA-II's paper).

use shequ_model::base::rng::{CounterRng, Stream};

/// How close children are to their parents.
const CROSSOVER: f64 = 15.0;
/// How close a mutation is to what it changes.
const MUTATION: f64 = 20.0;
/// Share of pairs of parents that are crossed.
const CROSSED: f64 = 0.9;

/// What a lever is: how its place in the unit interval is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gene {
    /// A number: what is near is alike.
    Number,
    /// One of several values, none of which is near another.
    Choice,
}

/// Parents, the best of each tournament, with what they are judged by.
pub struct Parents<'a> {
    /// Places of their levers in the unit interval.
    pub points: &'a [Vec<f64>],
    /// Their fronts.
    pub ranks: &'a [usize],
    /// Their room.
    pub room: &'a [f64],
}

/// Draws of one child, gene by gene.
struct Draws {
    rng: CounterRng,
    child: u32,
}

impl Draws {
    fn uniform(&self, gene: usize, what: u32) -> f64 {
        self.rng.uniform(Stream::named("search"), self.child, gene as u32, what)
    }
}

impl Parents<'_> {
    /// Child number `child` of a generation with random numbers of its own.
    pub fn child(&self, genes: &[Gene], rng: CounterRng, child: u32) -> Vec<f64> {
        let draws = Draws { rng, child };
        let (mother, father) = (self.winner(&draws, 0), self.winner(&draws, 2));
        let mut point = self.points[mother].clone();
        if draws.uniform(genes.len(), 4) < CROSSED {
            for (gene, kind) in genes.iter().enumerate() {
                let pair = [self.points[mother][gene], self.points[father][gene]];
                point[gene] = crossed(pair, *kind, &draws, gene);
            }
        }
        for (gene, kind) in genes.iter().enumerate() {
            if draws.uniform(gene, 2) * (genes.len() as f64) < 1.0 {
                point[gene] = mutated(point[gene], *kind, draws.uniform(gene, 3));
            }
        }
        point
    }

    /// The better of two that are drawn.
    fn winner(&self, draws: &Draws, first: u32) -> usize {
        let drawn = |what: u32| {
            let at = draws.uniform(draws_of_tournament(), first + what) * self.points.len() as f64;
            (at as usize).min(self.points.len() - 1)
        };
        let (a, b) = (drawn(0), drawn(1));
        let is_better = self.ranks[b].cmp(&self.ranks[a]).then(self.room[a].total_cmp(&self.room[b]));
        if is_better.is_lt() { b } else { a }
    }
}

/// The place among a child's draws that no lever has.
const fn draws_of_tournament() -> usize {
    1 << 20
}

/// One of two children of a pair, in one gene.
fn crossed([a, b]: [f64; 2], kind: Gene, draws: &Draws, gene: usize) -> f64 {
    let u = draws.uniform(gene, 0);
    let (near, far) = if draws.uniform(gene, 1) < 0.5 { (a, b) } else { (b, a) };
    if kind == Gene::Choice {
        return near;
    }
    let power = 1.0 / (CROSSOVER + 1.0);
    let spread = if u <= 0.5 { libm::pow(2.0 * u, power) } else { libm::pow(1.0 / (2.0 * (1.0 - u)), power) };
    (0.5 * ((1.0 + spread) * near + (1.0 - spread) * far)).clamp(0.0, 1.0)
}

fn mutated(x: f64, kind: Gene, u: f64) -> f64 {
    if kind == Gene::Choice {
        return u;
    }
    let power = 1.0 / (MUTATION + 1.0);
    let to_end = if u < 0.5 { x } else { 1.0 - x };
    let rest = libm::pow(1.0 - to_end, MUTATION + 1.0);
    let step = match u < 0.5 {
        true => libm::pow(2.0 * u + (1.0 - 2.0 * u) * rest, power) - 1.0,
        false => 1.0 - libm::pow(2.0 * (1.0 - u) + 2.0 * (u - 0.5) * rest, power),
    };
    (x + step).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::front::{Judged, crowding, ranks, select};
    use super::*;

    const POPULATION: usize = 100;
    const GENERATIONS: u32 = 250;

    /// The last population on a problem whose variables lie in the unit interval, by its judgements.
    fn solved(dimensions: usize, judge: &dyn Fn(&[f64]) -> Judged) -> Vec<Judged> {
        let genes = vec![Gene::Number; dimensions];
        let first = CounterRng::new(7, 0);
        let uniform = |k: usize, d: usize| first.uniform(Stream::named("first"), k as u32, d as u32, 0);
        let mut points: Vec<Vec<f64>> =
            (0..POPULATION).map(|k| (0..dimensions).map(|d| uniform(k, d)).collect()).collect();
        let mut judged: Vec<Judged> = points.iter().map(|point| judge(point)).collect();
        for generation in 1..=GENERATIONS {
            let ranks = ranks(&judged);
            let room = crowding(&judged, &ranks);
            let parents = Parents { points: &points, ranks: &ranks, room: &room };
            let rng = CounterRng::new(7, generation);
            let children: Vec<Vec<f64>> =
                (0..POPULATION).map(|child| parents.child(&genes, rng, child as u32)).collect();
            judged.extend(children.iter().map(|point| judge(point)));
            points.extend(children);
            let kept = select(&judged, POPULATION);
            points = kept.iter().map(|&one| points[one].clone()).collect();
            judged = kept.iter().map(|&one| judged[one].clone()).collect();
        }
        judged
    }

    /// Mean distance of the second objective from the known front, which gives it for the first.
    fn distance(found: &[Judged], front: &dyn Fn(f64) -> f64) -> f64 {
        let off = found.iter().map(|one| (one.objectives[1] - front(one.objectives[0])).abs());
        off.sum::<f64>() / found.len() as f64
    }

    /// Widest gap in the first objective among all from 0 to 1.
    fn widest_gap(found: &[Judged], from: f64, to: f64) -> f64 {
        let mut firsts: Vec<f64> = found.iter().map(|one| one.objectives[0]).chain([from, to]).collect();
        firsts.sort_by(f64::total_cmp);
        firsts.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max)
    }

    fn zdt(x: &[f64], shape: impl Fn(f64) -> f64) -> Judged {
        let g = 1.0 + 9.0 * x[1..].iter().sum::<f64>() / (x.len() - 1) as f64;
        Judged { objectives: vec![x[0], g * shape(x[0] / g)], violation: 0.0 }
    }

    #[test]
    fn the_fronts_of_zdt1_and_zdt2_are_found() {
        // Thirty variables. The paper (table II, real-coded NSGA-II, as many evaluations) is .033 and .072 from them.
        let convex = solved(30, &|x| zdt(x, |ratio| 1.0 - libm::sqrt(ratio)));
        assert!(distance(&convex, &|f| 1.0 - libm::sqrt(f)) < 0.05);
        assert!(widest_gap(&convex, 0.0, 1.0) < 0.06);
        let concave = solved(30, &|x| zdt(x, |ratio| 1.0 - ratio * ratio));
        assert!(distance(&concave, &|f| 1.0 - f * f) < 0.1);
        assert!(widest_gap(&concave, 0.0, 1.0) < 0.12);
    }

    #[test]
    fn the_front_of_a_problem_with_constraints_is_found() {
        // CONSTR of the same paper: its front follows a constraint first, and then the objective alone.
        let judge = |x: &[f64]| {
            let (a, b) = (0.1 + 0.9 * x[0], 5.0 * x[1]);
            let violation = (6.0 - b - 9.0 * a).max(0.0) + (1.0 + b - 9.0 * a).max(0.0);
            Judged { objectives: vec![a, (1.0 + b) / a], violation }
        };
        let found = solved(2, &judge);
        assert!(found.iter().all(|one| one.violation == 0.0));
        let front = |a: f64| if a < 2.0 / 3.0 { (7.0 - 9.0 * a) / a } else { 1.0 / a };
        // Within a hundredth of what the second objective ranges over, from nine to one.
        assert!(distance(&found, &front) < 0.08, "{}", distance(&found, &front));
        // The feasible part begins at 7/18.
        assert!(widest_gap(&found, 7.0 / 18.0, 1.0) < 0.05);
    }

    #[test]
    fn choices_come_from_a_parent_or_anew() {
        let points = [vec![0.1], vec![0.9]];
        let parents = Parents { points: &points, ranks: &[0, 0], room: &[1.0, 1.0] };
        let mut seen = [0; 3];
        for child in 0..200 {
            let value = parents.child(&[Gene::Choice], CounterRng::new(1, 1), child)[0];
            seen[if value == 0.1 {
                0
            } else if value == 0.9 {
                1
            } else {
                2
            }] += 1;
        }
        // With one gene every child mutates.
        assert_eq!(seen[2], 200, "{seen:?}");
        let two = [vec![0.1, 0.1], vec![0.9, 0.9]];
        let parents = Parents { points: &two, ..parents };
        let inherited = (0..200).filter(|&child| {
            let value = parents.child(&[Gene::Choice; 2], CounterRng::new(1, 1), child)[0];
            value == 0.1 || value == 0.9
        });
        // Half of them: within four standard deviations of 100 in 200.
        assert!((72..=128).contains(&inherited.count()));
    }
}
