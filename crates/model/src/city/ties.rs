//! Who knows whom, as one compact list per resident.

use std::iter::Sum;
use std::ops::{Add, Range, Sub};

/// Residents over whose lists one total runs, so that the totals stay in the first-level cache.
const TOGETHER: usize = 128;

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
    others: Numbers,
    /// Weight of each entry of `others`; empty if all weigh the same.
    weights: Vec<f32>,
    /// True if everybody knows everybody.
    everybody: Option<Everybody>,
    /// Most entries of a list that are counted.
    counted: u32,
    /// Longest list, as far as it is counted.
    longest: u32,
    /// True if ties are undirected and alike.
    mutual: bool,
    /// True if some lists are longer than what is counted of them.
    cut: bool,
}

/// Numbers of residents: of 16 bits where a community is small enough for it, as nearly all are.
#[derive(Clone, Debug, PartialEq)]
enum Numbers {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers::Short(Vec::new())
    }
}

impl Numbers {
    /// These numbers, all below `residents`.
    fn new(residents: usize, numbers: impl Iterator<Item = u32>) -> Numbers {
        match residents > 1 << 16 {
            true => Numbers::Long(numbers.collect()),
            false => Numbers::Short(numbers.map(|number| number as u16).collect()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Numbers::Short(numbers) => numbers.len(),
            Numbers::Long(numbers) => numbers.len(),
        }
    }
}

/// A number of a resident, as lists hold it.
trait Number: Copy {
    fn index(self) -> usize;
}

impl Number for u16 {
    #[inline(always)]
    fn index(self) -> usize {
        self as usize
    }
}

impl Number for u32 {
    #[inline(always)]
    fn index(self) -> usize {
        self as usize
    }
}

/// Those whom one resident knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct List<'a>(Slice<'a>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Slice<'a> {
    Short(&'a [u16]),
    Long(&'a [u32]),
}

impl<'a> List<'a> {
    /// How many they are.
    pub fn len(self) -> usize {
        match self.0 {
            Slice::Short(numbers) => numbers.len(),
            Slice::Long(numbers) => numbers.len(),
        }
    }

    /// True of one who knows nobody.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Their numbers in the community, rising.
    pub fn iter(self) -> impl Iterator<Item = usize> + 'a {
        (0..self.len()).map(move |k| match self.0 {
            Slice::Short(numbers) => numbers[k].index(),
            Slice::Long(numbers) => numbers[k].index(),
        })
    }

    /// True if resident `i` is among them.
    pub fn contains(self, i: usize) -> bool {
        self.iter().any(|other| other == i)
    }
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
        let real = || pairs.iter().copied().filter(|(a, b)| a != b);
        let mut starts = vec![0u32; residents + 1];
        real().for_each(|(a, b)| [a, b].into_iter().for_each(|who| starts[who as usize + 1] += 1));
        accumulate(&mut starts);
        let met = into_lists(&starts, real().flat_map(|(a, b)| [(a, b), (b, a)]));
        // Whoever is in a list has the other in theirs, so the lists read across are the lists again, and
        // sorted, since they are read in order.
        let lists = starts.windows(2).map(|pair| &met[pair[0] as usize..pair[1] as usize]);
        let mut others =
            into_lists(&starts, (0..).zip(lists).flat_map(|(who, list)| list.iter().map(move |&i| (i, who))));
        drop_doubles(&mut starts, &mut others);
        let others = Numbers::new(residents, others.into_iter());
        let mut ties = Ties { starts, others, counted: MOST as u32, mutual: true, ..Ties::default() };
        let longest = ties.longest_list();
        (ties.longest, ties.cut) = (longest.min(ties.counted), longest > ties.counted);
        ties
    }

    /// As [`Ties::from_pairs`], and everybody in a list is counted.
    pub fn all_counted(residents: usize, pairs: &[(u32, u32)]) -> Ties {
        let mut ties = Ties::from_pairs(residents, pairs);
        (ties.counted, ties.cut) = (u32::MAX, false);
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
        let mut starts = vec![0u32; residents + 1];
        arcs.iter().for_each(|&(from, ..)| starts[from as usize + 1] += 1);
        accumulate(&mut starts);
        let others = Numbers::new(residents, arcs.iter().map(|&(_, to, _)| to));
        let mut ties = Ties { starts, others, counted: u32::MAX, ..Ties::default() };
        ties.longest = ties.longest_list();
        if arcs.iter().any(|&(.., weight)| weight != 1.0) {
            ties.weights = arcs.iter().map(|&(.., weight)| weight).collect();
        }
        ties
    }

    /// Everybody knows everybody.
    pub fn of_everybody(residents: usize, whom: Everybody) -> Ties {
        Ties { starts: vec![0; residents + 1], everybody: Some(whom), ..Ties::default() }
    }

    fn longest_list(&self) -> u32 {
        self.starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
    }

    /// Where in `others` the list of resident `i` lies.
    #[inline(always)]
    fn range(&self, i: usize) -> Range<usize> {
        self.starts[i] as usize..self.starts[i + 1] as usize
    }

    /// Every tie: who knows whom, and its weight, by the number of the first. A mutual tie comes once, from the lesser
    /// number. None where [`Ties::everybody`] says that everybody knows everybody.
    pub fn each(&self) -> impl Iterator<Item = (usize, usize, f32)> + '_ {
        (0..self.len()).flat_map(move |i| {
            let weights = self.weights_of(i);
            let weighed = self.of(i).iter().enumerate();
            let weighed = weighed.map(move |(k, j)| (i, j, weights.get(k).copied().unwrap_or(1.0)));
            weighed.filter(|&(i, j, _)| !self.mutual || i < j)
        })
    }

    /// Those whom resident `i` knows; nobody where [`Ties::everybody`] says that it is everybody.
    pub fn of(&self, i: usize) -> List<'_> {
        List(match &self.others {
            Numbers::Short(numbers) => Slice::Short(&numbers[self.range(i)]),
            Numbers::Long(numbers) => Slice::Long(&numbers[self.range(i)]),
        })
    }

    /// Tells `take` of each of the residents `who`, in order, the sum of `value` over those whom they know
    /// and who are counted.
    #[inline(always)]
    pub fn sums<S: Sum>(&self, who: Range<usize>, value: impl Fn(usize) -> S, mut take: impl FnMut(S)) {
        match &self.others {
            Numbers::Short(numbers) => who.for_each(|i| take(self.sum(numbers, i, &value))),
            Numbers::Long(numbers) => who.for_each(|i| take(self.sum(numbers, i, &value))),
        }
    }

    /// As [`Ties::sums`] of all residents, of `values` of each, in `room` that is used over and over.
    ///
    /// Where lists end is what no processor foresees, and a wrong guess costs more than a list. So nobody
    /// asks: one total runs over the lists of many residents, and each list is the difference of two.
    pub fn sums_of_all<S>(&self, values: &[S], room: &mut Vec<S>, mut take: impl FnMut(S))
    where
        S: Copy + Default + Sum + Add<Output = S> + Sub<Output = S>,
    {
        match &self.others {
            _ if self.cut => self.sums(0..self.len(), |j| values[j], take),
            Numbers::Short(numbers) => self.differences(numbers, values, room, &mut take),
            Numbers::Long(numbers) => self.differences(numbers, values, room, &mut take),
        }
    }

    fn differences<S>(
        &self,
        others: &[impl Number],
        values: &[S],
        room: &mut Vec<S>,
        take: &mut impl FnMut(S),
    ) where
        S: Copy + Default + Add<Output = S> + Sub<Output = S>,
    {
        for first in (0..self.len()).step_by(TOGETHER) {
            let starts = &self.starts[first..(first + TOGETHER).min(self.len()) + 1];
            let (begin, end) = (starts[0] as usize, starts[starts.len() - 1] as usize);
            let mut total = S::default();
            room.clear();
            room.push(total);
            room.extend(others[begin..end].iter().map(|other| {
                total = total + values[other.index()];
                total
            }));
            let totals = room.as_slice();
            for pair in starts.windows(2) {
                take(totals[pair[1] as usize - begin] - totals[pair[0] as usize - begin]);
            }
        }
    }

    #[inline(always)]
    fn sum<S: Sum>(&self, others: &[impl Number], i: usize, value: &impl Fn(usize) -> S) -> S {
        let others = &others[self.range(i)];
        others[..others.len().min(self.counted as usize)].iter().map(|other| value(other.index())).sum()
    }

    /// True if [`Ties::spread`] gives the same as [`Ties::sums`].
    pub fn are_mutual(&self) -> bool {
        self.mutual && !self.cut
    }

    /// Adds the value of each of the residents `who` to the sums of all whom they know.
    #[inline(always)]
    pub fn spread<S: Copy + std::ops::AddAssign>(
        &self,
        who: &[u32],
        value: impl Fn(usize) -> S,
        sums: &mut [S],
    ) {
        match &self.others {
            Numbers::Short(numbers) => self.tell(numbers, who, value, sums),
            Numbers::Long(numbers) => self.tell(numbers, who, value, sums),
        }
    }

    #[inline(always)]
    fn tell<S: Copy + std::ops::AddAssign>(
        &self,
        others: &[impl Number],
        who: &[u32],
        value: impl Fn(usize) -> S,
        sums: &mut [S],
    ) {
        for i in who.iter().map(|&i| i as usize) {
            let value = value(i);
            others[self.range(i)].iter().for_each(|other| sums[other.index()] += value);
        }
    }

    /// Number of those whom resident `i` knows and who are counted.
    #[inline(always)]
    fn degree(&self, i: usize) -> u32 {
        (self.starts[i + 1] - self.starts[i]).min(self.counted)
    }

    /// Weights of [`Ties::of`]; empty if all weigh the same.
    #[inline(always)]
    pub fn weights_of(&self, i: usize) -> &[f32] {
        match self.weights.is_empty() {
            true => &[],
            false => &self.weights[self.range(i)],
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
            None if self.weights.is_empty() => self.degree(i) as f32,
            None => self.weights_of(i).iter().sum(),
        }
    }

    /// How many each of the residents `who` knows, each by weight.
    #[inline(always)]
    pub fn degrees_of(&self, who: Range<usize>, known: &mut [f32]) {
        if self.everybody.is_some() || !self.weights.is_empty() {
            known.iter_mut().zip(who).for_each(|(known, i)| *known = self.known(i));
        } else {
            let starts = &self.starts[who.start..who.end + 1];
            for (known, pair) in known.iter_mut().zip(starts.windows(2)) {
                // A list is as long as a community at most, so that it fits in 31 bits.
                *known = (pair[1] - pair[0]).min(self.counted) as i32 as f32;
            }
        }
    }

    /// As [`Ties::degrees_of`], at least one.
    #[inline(always)]
    pub fn known_of(&self, who: Range<usize>, known: &mut [f32]) {
        self.degrees_of(who, known);
        known.iter_mut().for_each(|known| *known = if *known > 0.0 { *known } else { 1.0 });
    }

    /// Number of residents.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// True if nobody lives here.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the lists take.
    pub fn bytes(&self) -> usize {
        let others = match &self.others {
            Numbers::Short(numbers) => size_of_val(numbers.as_slice()),
            Numbers::Long(numbers) => size_of_val(numbers.as_slice()),
        };
        size_of_val(self.starts.as_slice()) + others + size_of_val(self.weights.as_slice())
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

/// Turns the length of each list, one place late, into where each begins.
fn accumulate(starts: &mut [u32]) {
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
}

/// Puts everybody named second into the list of the one named first, in the order in which they come.
fn into_lists(starts: &[u32], arcs: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
    let mut next = starts.to_vec();
    let mut lists = vec![0; starts[starts.len() - 1] as usize];
    arcs.for_each(|(who, whom)| {
        lists[next[who as usize] as usize] = whom;
        next[who as usize] += 1;
    });
    lists
}

/// Closes up sorted lists over numbers that come twice. No branch depends on which do.
fn drop_doubles(starts: &mut [u32], lists: &mut Vec<u32>) {
    let (mut begin, mut kept) = (0, 0);
    for start in &mut starts[1..] {
        let end = *start as usize;
        let mut last = u32::MAX;
        for k in begin..end {
            let other = lists[k];
            lists[kept] = other;
            kept += (other != last) as usize;
            last = other;
        }
        (begin, *start) = (end, kept as u32);
    }
    lists.truncate(kept);
}

#[cfg(test)]
mod tests {
    use std::num::Wrapping;

    use super::*;

    fn whom(ties: &Ties, i: usize) -> Vec<usize> {
        ties.of(i).iter().collect()
    }

    #[test]
    fn ties_are_undirected_without_loops_or_doubles() {
        let ties = Ties::from_pairs(4, &[(0, 1), (1, 0), (2, 2), (3, 1)]);
        assert_eq!(whom(&ties, 0), [1]);
        assert_eq!(whom(&ties, 1), [0, 3]);
        assert!(ties.of(2).is_empty());
        assert_eq!(whom(&ties, 3), [1]);
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
        assert_eq!((whom(&ties, 0), ties.weights_of(0)), (vec![0, 1], &[0.75, 0.25][..]));
        assert_eq!((whom(&ties, 1), ties.known(1)), (vec![0], 1.0));
        assert!(Ties::from_arcs(2, &[(0, 1, 1.0)]).weights_of(0).is_empty());
    }

    #[test]
    fn mutual_ties_are_told_once_and_directed_ones_as_they_are() {
        let mutual = Ties::from_pairs(4, &[(1, 0), (3, 1), (1, 3)]);
        assert_eq!(mutual.each().collect::<Vec<_>>(), [(0, 1, 1.0), (1, 3, 1.0)]);
        let directed = Ties::from_arcs(2, &[(1, 0, 0.5), (0, 1, 0.25), (0, 0, 0.75)]);
        assert_eq!(directed.each().collect::<Vec<_>>(), [(0, 0, 0.75), (0, 1, 0.25), (1, 0, 0.5)]);
        assert_eq!(Ties::of_everybody(5, Everybody::Else).each().count(), 0);
    }

    #[test]
    fn where_everybody_knows_everybody_there_are_no_lists() {
        let ties = Ties::of_everybody(5, Everybody::Else);
        assert_eq!((ties.known(3), ties.mean_degree(), ties.len()), (4.0, 4.0, 5));
        assert_eq!(Ties::of_everybody(5, Everybody::AndOneself).known(3), 5.0);
        assert!(ties.of(3).is_empty() && !ties.are_few());
    }

    #[test]
    fn numbers_are_short_as_long_as_they_fit() {
        let pairs = [(0, 65_535), (65_535, 7), (7, 0)];
        let (short, long) = (Ties::from_pairs(65_536, &pairs), Ties::from_pairs(65_537, &pairs));
        assert_eq!((whom(&short, 65_535), whom(&long, 65_535)), (vec![0, 7], vec![0, 7]));
        // Four bytes for each beginning, and two or four for each of the six entries.
        assert_eq!((short.bytes(), long.bytes()), (4 * 65_537 + 2 * 6, 4 * 65_538 + 4 * 6));
        let mut sums = Vec::new();
        long.sums(0..8, |other| other, |sum| sums.push(sum));
        assert_eq!(sums, [65_542, 0, 0, 0, 0, 0, 0, 65_535]);
    }

    #[test]
    fn sums_of_all_are_those_of_each_list_and_so_are_numbers_of_acquaintances() {
        let ring =
            |n: u32, reach: u32| (0..n).flat_map(move |i| (1..=i % reach).map(move |d| (i, (i + d * d) % n)));
        // Lists of several lengths, some of them empty, over more than one block; lists that are cut; and
        // a single long one.
        let star: Vec<(u32, u32)> = (1..=40).map(|j| (0, j)).collect();
        for (n, pairs) in [(300, ring(300, 7).collect::<Vec<_>>()), (41, star.clone()), (5, vec![])] {
            for ties in [Ties::from_pairs(n, &pairs), Ties::all_counted(n, &pairs)] {
                // Totals may run over: differences do not.
                let values: Vec<Wrapping<u16>> = (0..n).map(|i| Wrapping((i * 331) as u16)).collect();
                let (mut one_by_one, mut at_once) = (Vec::new(), Vec::new());
                ties.sums(0..n, |j| values[j], |sum: Wrapping<u16>| one_by_one.push(sum));
                ties.sums_of_all(&values, &mut Vec::new(), |sum| at_once.push(sum));
                assert_eq!(one_by_one, at_once);
                let mut known = vec![0.0; n];
                ties.known_of(0..n, &mut known);
                assert!((0..n).all(|i| known[i] == ties.known(i).max(1.0)));
            }
        }
    }
}
