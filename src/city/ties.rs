//! Who knows whom: household, compound, work and hobby ties, as one compact list per resident.

/// Ties within one community: undirected, without loops or doubles, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// Where each resident's list begins, and one last entry: the length of `others`.
    starts: Vec<u32>,
    /// Community-local numbers of those a resident knows.
    others: Vec<u32>,
}

impl Ties {
    /// From undirected pairs in any order; loops and doubles are dropped.
    pub fn from_pairs(residents: usize, pairs: &[(u32, u32)]) -> Ties {
        let mut both: Vec<(u32, u32)> =
            pairs.iter().filter(|(a, b)| a != b).flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
        both.sort_unstable();
        both.dedup();
        let mut starts = vec![0u32; residents + 1];
        for &(a, _) in &both {
            starts[a as usize + 1] += 1;
        }
        for i in 0..residents {
            starts[i + 1] += starts[i];
        }
        Ties { starts, others: both.into_iter().map(|(_, b)| b).collect() }
    }

    /// Those whom resident `i` knows.
    #[inline(always)]
    pub fn of(&self, i: usize) -> &[u32] {
        &self.others[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// Number of residents.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// True if nobody lives here.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Mean number of ties of a resident.
    pub fn mean_degree(&self) -> f64 {
        self.others.len() as f64 / self.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_undirected_without_loops_or_doubles() {
        let ties = Ties::from_pairs(4, &[(0, 1), (1, 0), (2, 2), (3, 1)]);
        assert_eq!(ties.of(0), [1]);
        assert_eq!(ties.of(1), [0, 3]);
        assert!(ties.of(2).is_empty());
        assert_eq!(ties.of(3), [1]);
        assert_eq!(ties.mean_degree(), 1.0);
    }
}
