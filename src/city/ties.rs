//! Who knows whom, as one compact list per resident.

/// Acquaintances who are counted where lists are settled by where people live; few have more.
const MOST: usize = 31;

/// Ties within one community, without doubles, sorted.
///
/// Ties that people make by living somewhere are undirected and alike. Those that a scenario lays down
/// may have a direction and a weight, and may lead back to oneself. Where everybody knows everybody
/// there are no lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ties {
    /// Where each resident's list begins, and one last entry: the length of `others`.
    starts: Vec<u32>,
    /// Community-local numbers of those a resident knows.
    others: Vec<u32>,
    /// Weight of each entry of `others`; empty if all weigh the same.
    weights: Vec<f32>,
    /// True if everybody knows everybody.
    everybody: Option<Everybody>,
    /// Most entries of a list that are counted.
    counted: u32,
    /// Longest list, as far as it is counted.
    longest: u32,
}

/// Whom a resident knows who knows everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Everybody {
    /// All others: the complete network.
    Else,
    /// All, oneself included: the mean field.
    AndOneself,
}

impl Ties {
    /// From undirected pairs in any order; loops and doubles are dropped. Of each list the first 31 are
    /// counted, as it is with neighbours.
    pub fn from_pairs(residents: usize, pairs: &[(u32, u32)]) -> Ties {
        let mut both: Vec<(u32, u32)> =
            pairs.iter().filter(|(a, b)| a != b).flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
        both.sort_unstable();
        both.dedup();
        let ties = Ties { counted: MOST as u32, ..Ties::default() };
        ties.with_lists(residents, both.iter().map(|&(a, _)| a), both.iter().map(|&(_, b)| b).collect())
    }

    /// As [`Ties::from_pairs`], and everybody in a list is counted.
    pub fn all_counted(residents: usize, pairs: &[(u32, u32)]) -> Ties {
        let mut ties = Ties::from_pairs(residents, pairs);
        ties.counted = u32::MAX;
        ties.longest = ties.longest_list();
        ties
    }

    /// From directed, weighted ties (who sees, who is seen, weight), which may lead back to oneself. Of
    /// doubles the last counts.
    pub fn from_arcs(residents: usize, arcs: &[(u32, u32, f32)]) -> Ties {
        let mut arcs = arcs.to_vec();
        arcs.reverse();
        arcs.sort_by_key(|&(from, to, _)| (from, to));
        arcs.dedup_by_key(|&mut (from, to, _)| (from, to));
        let ties = Ties { counted: u32::MAX, ..Ties::default() };
        let to = arcs.iter().map(|&(_, to, _)| to).collect();
        let mut ties = ties.with_lists(residents, arcs.iter().map(|&(from, ..)| from), to);
        if arcs.iter().any(|&(.., weight)| weight != 1.0) {
            ties.weights = arcs.iter().map(|&(.., weight)| weight).collect();
        }
        ties
    }

    /// Everybody knows everybody.
    pub fn of_everybody(residents: usize, whom: Everybody) -> Ties {
        Ties { starts: vec![0; residents + 1], everybody: Some(whom), ..Ties::default() }
    }

    /// `from` is sorted; `others[k]` belongs to the list of `from[k]`.
    fn with_lists(self, residents: usize, from: impl Iterator<Item = u32>, others: Vec<u32>) -> Ties {
        let mut starts = vec![0u32; residents + 1];
        from.for_each(|a| starts[a as usize + 1] += 1);
        for i in 0..residents {
            starts[i + 1] += starts[i];
        }
        let mut ties = Ties { starts, others, ..self };
        ties.longest = ties.longest_list().min(ties.counted);
        ties
    }

    fn longest_list(&self) -> u32 {
        self.starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
    }

    /// Those whom resident `i` knows; nobody where [`Ties::everybody`] says that it is everybody.
    #[inline(always)]
    pub fn of(&self, i: usize) -> &[u32] {
        &self.others[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// Those whom resident `i` knows and who are counted.
    #[inline(always)]
    pub fn counted_of(&self, i: usize) -> &[u32] {
        let others = self.of(i);
        &others[..others.len().min(self.counted as usize)]
    }

    /// Weights of [`Ties::of`]; empty if all weigh the same.
    #[inline(always)]
    pub fn weights_of(&self, i: usize) -> &[f32] {
        match self.weights.is_empty() {
            true => &[],
            false => &self.weights[self.starts[i] as usize..self.starts[i + 1] as usize],
        }
    }

    /// Whom everybody knows, if everybody knows everybody.
    #[inline(always)]
    pub fn everybody(&self) -> Option<Everybody> {
        self.everybody
    }

    /// True if counts of acquaintances fit in five bits each: nobody has more than 31, all alike.
    #[inline(always)]
    pub fn are_few(&self) -> bool {
        self.everybody.is_none() && self.weights.is_empty() && self.longest as usize <= MOST
    }

    /// How many resident `i` knows, each by weight.
    #[inline(always)]
    pub fn known(&self, i: usize) -> f32 {
        match self.everybody {
            Some(Everybody::Else) => self.len() as f32 - 1.0,
            Some(Everybody::AndOneself) => self.len() as f32,
            None if self.weights.is_empty() => self.counted_of(i).len() as f32,
            None => self.weights_of(i).iter().sum(),
        }
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
        let n = self.len().max(1) as f64;
        match self.everybody {
            Some(Everybody::Else) => n - 1.0,
            Some(Everybody::AndOneself) => n,
            None => self.others.len() as f64 / n,
        }
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

    #[test]
    fn neighbours_are_counted_up_to_thirty_one_and_others_to_the_last() {
        let star: Vec<(u32, u32)> = (1..=40).map(|j| (0, j)).collect();
        let (settled, all) = (Ties::from_pairs(41, &star), Ties::all_counted(41, &star));
        assert_eq!((settled.known(0), all.known(0), all.known(1)), (31.0, 40.0, 1.0));
        assert!(settled.are_few() && !all.are_few());
    }

    #[test]
    fn directed_ties_keep_their_weights_and_lead_where_they_were_told() {
        let ties = Ties::from_arcs(2, &[(0, 1, 0.25), (0, 0, 0.75), (1, 0, 9.0), (1, 0, 1.0)]);
        assert_eq!((ties.of(0), ties.weights_of(0)), (&[0, 1][..], &[0.75, 0.25][..]));
        assert_eq!((ties.of(1), ties.known(1)), (&[0][..], 1.0));
        assert!(Ties::from_arcs(2, &[(0, 1, 1.0)]).weights_of(0).is_empty());
    }

    #[test]
    fn where_everybody_knows_everybody_there_are_no_lists() {
        let ties = Ties::of_everybody(5, Everybody::Else);
        assert_eq!((ties.known(3), ties.mean_degree(), ties.len()), (4.0, 4.0, 5));
        assert_eq!(Ties::of_everybody(5, Everybody::AndOneself).known(3), 5.0);
        assert!(ties.of(3).is_empty() && !ties.are_few());
    }
}
