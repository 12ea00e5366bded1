//! Which of several candidates are better, where there are several objectives and constraints.
//!
//! K. Deb, A. Pratap, S. Agarwal and T. Meyarivan 2002, A fast and elitist multiobjective genetic algorithm: NSGA-II,
//! IEEE Transactions on Evolutionary Computation 6:182: sorting by fronts, with constraint domination, and by
//! crowding within them. Nothing here knows of a simulator.

/// A candidate as it is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Its objectives, of all of which less is better.
    pub objectives: Vec<f64>,
    /// By how much it breaks constraints, all together; 0 if it keeps them.
    pub violation: f64,
}

impl Judged {
    /// One that could not be run: worse than all others.
    pub fn failed(objectives: usize) -> Judged {
        Judged { objectives: vec![f64::INFINITY; objectives], violation: f64::INFINITY }
    }

    /// True if it is better than `other`: it keeps constraints that the other breaks, or breaks them less, or both keep
    /// them and it is no worse in any objective and better in one.
    pub fn dominates(&self, other: &Judged) -> bool {
        if self.violation > 0.0 || other.violation > 0.0 {
            return self.violation < other.violation;
        }
        let pairs = || self.objectives.iter().zip(&other.objectives);
        pairs().all(|(a, b)| a <= b) && pairs().any(|(a, b)| a < b)
    }
}

/// The front of each candidate: 0 of those that none dominates, 1 of those that only such dominate, and so on.
pub fn ranks(all: &[Judged]) -> Vec<usize> {
    let mut ranks = vec![usize::MAX; all.len()];
    let mut left: Vec<usize> = (0..all.len()).collect();
    for rank in 0.. {
        let (front, rest): (Vec<usize>, Vec<usize>) =
            left.iter().partition(|&&one| !left.iter().any(|&other| all[other].dominates(&all[one])));
        front.into_iter().for_each(|one| ranks[one] = rank);
        if rest.is_empty() {
            break;
        }
        left = rest;
    }
    ranks
}

/// How much room each candidate has among those of its own front: the sum over objectives of the distance between its
/// neighbours, as a share of the front; infinite at the ends.
pub fn crowding(all: &[Judged], ranks: &[usize]) -> Vec<f64> {
    let mut room = vec![0.0; all.len()];
    let objectives = all.first().map_or(0, |one| one.objectives.len());
    for rank in 0..=ranks.iter().copied().max().unwrap_or(0) {
        let mut front: Vec<usize> = (0..all.len()).filter(|&one| ranks[one] == rank).collect();
        for objective in 0..objectives {
            let value = |one: usize| all[one].objectives[objective];
            // Stable, so that what is equal keeps its order.
            front.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
            let [Some(&first), Some(&last)] = [front.first(), front.last()] else { continue };
            let span = value(last) - value(first);
            room[first] = f64::INFINITY;
            room[last] = f64::INFINITY;
            for around in front.windows(3) {
                let share = (value(around[2]) - value(around[0])) / span;
                room[around[1]] += if share.is_finite() { share } else { 0.0 };
            }
        }
    }
    room
}

/// The `count` best, the best first: by front, and within one by room.
pub fn select(all: &[Judged], count: usize) -> Vec<usize> {
    let ranks = ranks(all);
    let room = crowding(all, &ranks);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| ranks[a].cmp(&ranks[b]).then(room[b].total_cmp(&room[a])));
    order.truncate(count);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(objectives: &[f64], violation: f64) -> Judged {
        Judged { objectives: objectives.to_vec(), violation }
    }

    #[test]
    fn constraints_come_before_objectives() {
        let (kept, broken, worse) = (judged(&[9.0], 0.0), judged(&[1.0], 0.1), judged(&[0.0], 0.2));
        assert!(kept.dominates(&broken) && broken.dominates(&worse) && !worse.dominates(&kept));
        assert!(!kept.dominates(&kept.clone()));
        assert!(worse.dominates(&Judged::failed(1)));
    }

    #[test]
    fn fronts_are_those_of_the_definition() {
        let all: Vec<Judged> = [[1.0, 4.0], [2.0, 2.0], [4.0, 1.0], [3.0, 3.0], [4.0, 4.0], [2.0, 2.0]]
            .iter()
            .map(|objectives| judged(objectives, 0.0))
            .collect();
        assert_eq!(ranks(&all), [0, 0, 0, 1, 2, 0]);
        let room = crowding(&all, &ranks(&all));
        assert!(room[0].is_infinite() && room[2].is_infinite() && room[1].is_finite());
        // The ends first, then by room; what is dominated comes last.
        let best = select(&all, 4);
        assert!(best[..2].contains(&0) && best[..2].contains(&2) && !best.contains(&3), "{best:?}");
    }
}
