//! Rules that choose projects within a budget from ballots of approvals or of scores.
//!
//! All arithmetic is exact: purses are whole multiples of one common fraction of a yuan. A rounded purse
//! would decide which of two equally good projects is bought, and with it the whole outcome.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use num_bigint::BigUint;

use super::math::gcd;

/// Most times that shares are raised; by then every share is a hundred budgets for each voter.
const RAISES: u64 = 10_000;

/// Projects and ballots of one decision.
pub struct Election<'a> {
    /// Cost of each project in yuan.
    costs: &'a [i64],
    /// Voters with equal ballots, who always have equally much left in their purses.
    groups: Vec<Group>,
    /// Voters who give each project a score above 0.
    supporters: Vec<u64>,
    /// Sum of the scores of each project.
    scores: Vec<i128>,
    /// Number of voters, those who support nothing included.
    voters: u64,
    /// Money at hand in yuan.
    budget: i64,
}

/// Voters with equal ballots.
struct Group {
    /// Projects with their scores above 0, in ascending order.
    supports: Vec<(usize, u64)>,
    /// Number of voters.
    size: u64,
}

/// What a supporter pays for each point that they gave to a project: `money` / `points`, where money is
/// counted in the unit of the purses.
#[derive(Clone)]
struct Price {
    money: BigUint,
    points: u128,
}

/// A project that may be bought, at the price that it had when it was last looked at.
struct Offer {
    project: usize,
    price: Price,
}

/// What every group of voters has left, in units of one `unit`-th of a yuan.
struct Purses {
    unit: BigUint,
    left: Vec<BigUint>,
}

impl<'a> Election<'a> {
    /// From one ballot for each voter: the projects approved, by their numbers from 0, or each with the
    /// score that it gets. What is said twice counts once; numbers that no project has are passed over.
    pub fn new<B, S>(costs: &'a [i64], ballots: impl IntoIterator<Item = B>, budget: i64) -> Election<'a>
    where
        B: IntoIterator<Item = S>,
        S: Into<Support>,
    {
        let mut groups: BTreeMap<Vec<(usize, i64)>, u64> = BTreeMap::new();
        for ballot in ballots {
            let supports = ballot.into_iter().map(|support| support.into());
            let known = supports.filter(|s: &Support| s.project < costs.len());
            let mut ballot: Vec<(usize, i64)> = known.map(|s| (s.project, s.score)).collect();
            ballot.sort_by_key(|&(project, _)| project);
            ballot.dedup_by_key(|&mut (project, _)| project);
            *groups.entry(ballot).or_insert(0) += 1;
        }
        let (mut supporters, mut scores) = (vec![0; costs.len()], vec![0; costs.len()]);
        for (ballot, &size) in &groups {
            for &(project, score) in ballot {
                supporters[project] += if score > 0 { size } else { 0 };
                scores[project] += i128::from(score) * i128::from(size);
            }
        }
        let voters = groups.values().sum();
        let positive = |&(project, score): &(usize, i64)| Some((project, u64::try_from(score).ok()?));
        let groups = groups.into_iter().map(|(ballot, size)| Group {
            supports: ballot.iter().filter_map(positive).filter(|&(_, score)| score > 0).collect(),
            size,
        });
        Election { costs, groups: groups.collect(), supporters, scores, voters, budget }
    }

    /// Projects by score, highest first; ties go to the cheaper, then to the earlier.
    fn by_score(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.costs.len()).collect();
        order.sort_by_key(|&p| (Reverse(self.scores[p]), self.costs[p], p));
        order
    }

    fn affordable(&self, order: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut left = self.budget;
        let mut chosen: Vec<usize> = order
            .filter(|&p| {
                let buys = self.costs[p] <= left;
                left -= if buys { self.costs[p] } else { 0 };
                buys
            })
            .collect();
        chosen.sort_unstable();
        chosen
    }

    /// The projects with most approvals, or the highest sum of scores, that the budget still affords, one
    /// after another.
    pub fn greedy(&self) -> Vec<usize> {
        self.affordable(self.by_score().into_iter().filter(|&p| self.scores[p] > 0))
    }

    /// As [`Election::greedy`], but only projects supported by more than half of the voters.
    pub fn majority(&self) -> Vec<usize> {
        self.affordable(self.by_score().into_iter().filter(|&p| 2 * self.supporters[p] > self.voters))
    }

    /// As [`Election::greedy`], but only projects supported by more than half of the voters in more than half of
    /// the `groups` into which all are divided and in which anybody votes: a minority of all may be enough.
    pub fn group_majority(&self, groups: &[Election]) -> Vec<usize> {
        let groups = || groups.iter().filter(|group| group.voters > 0);
        let carried = |p: usize| groups().filter(|group| 2 * group.supporters[p] > group.voters).count();
        self.affordable(self.by_score().into_iter().filter(|&p| 2 * carried(p) > groups().count()))
    }

    /// The method of equal shares with cost utilities, completed by "Add1": every voter has an equal
    /// share of the budget, the project with most effective votes is bought by its supporters, and
    /// shares are raised step by step as long as the outcome stays within the budget. A voter's utility of
    /// a project is its cost times the score that they gave to it; an approval is a score of one. Ties go to
    /// the project with the higher score, then the cheaper, then the earlier.
    ///
    /// Source: Peters, Pierczyński and Skowron, "Proportional participatory budgeting with additive
    /// utilities", NeurIPS 2021. The step is one yuan or one hundredth of a share, whichever is more.
    pub fn equal_shares(&self) -> Vec<usize> {
        if self.voters == 0 || self.budget <= 0 {
            return Vec::new();
        }
        let mut best = self.buy(0);
        for raise in 1..RAISES {
            let chosen = self.buy(raise);
            let cost: i128 = chosen.iter().map(|&p| i128::from(self.costs[p])).sum();
            if cost > i128::from(self.budget) {
                break;
            }
            let all = chosen.len() == self.costs.len();
            best = chosen;
            if all {
                break;
            }
        }
        best
    }

    /// What voters buy whose shares were raised `raise` times.
    fn buy(&self, raise: u64) -> Vec<usize> {
        let mut purses = self.purses(raise);
        let mut offers: Vec<Offer> =
            (0..self.costs.len()).filter_map(|project| self.offer(project, &purses)).collect();
        let mut chosen = Vec::new();
        while let Some(Offer { project, price }) = self.best(&mut offers, &purses) {
            let points = self.pay(project, &price, &mut purses);
            offers.iter_mut().for_each(|offer| offer.price.money *= points);
            chosen.push(project);
        }
        chosen.sort_unstable();
        chosen
    }

    /// Equal shares of the budget, raised so many times by the greater of a yuan and a hundredth of them.
    fn purses(&self, raise: u64) -> Purses {
        let (budget, voters) = (self.budget.unsigned_abs() as u128, u128::from(self.voters));
        let (share, step) = (100 * budget, budget.max(100 * voters));
        let share = BigUint::from(share) + BigUint::from(step) * raise;
        Purses { unit: BigUint::from(100 * voters), left: vec![share; self.groups.len()] }
    }

    /// Takes the best offer out. Prices never fall while purses are emptied, so an offer that was no better
    /// when it was last looked at need not be looked at again.
    fn best(&self, offers: &mut Vec<Offer>, purses: &Purses) -> Option<Offer> {
        offers.sort_by(|a, b| self.order(a, b));
        let mut best: Option<Offer> = None;
        let mut looked_at = Vec::new();
        let mut rest = std::mem::take(offers).into_iter();
        for stale in rest.by_ref() {
            if best.as_ref().is_some_and(|best| self.order(best, &stale) == Ordering::Less) {
                looked_at.push(stale);
                break;
            }
            // What cannot be afforded now never can again.
            let Some(fresh) = self.offer(stale.project, purses) else { continue };
            match &best {
                Some(better) if self.order(better, &fresh) == Ordering::Less => looked_at.push(fresh),
                _ => looked_at.extend(best.replace(fresh)),
            }
        }
        *offers = looked_at;
        offers.extend(rest);
        best
    }

    /// Which offer is better, the better one less: more effective votes, which is cost by price; then a
    /// higher score, a lower cost, an earlier place.
    fn order(&self, a: &Offer, b: &Offer) -> Ordering {
        let side = |own: &Offer, other: &Offer| {
            &own.price.money * other.price.points * self.costs[other.project].unsigned_abs()
        };
        let (p, q) = (a.project, b.project);
        side(a, b)
            .cmp(&side(b, a))
            .then(self.scores[q].cmp(&self.scores[p]))
            .then(self.costs[p].cmp(&self.costs[q]))
            .then(p.cmp(&q))
    }

    /// The lowest price at which the supporters of a project can pay for it, each by the points that they
    /// gave to it and as far as their purse allows; none if they cannot.
    fn offer(&self, project: usize, purses: &Purses) -> Option<Offer> {
        let mut supporters: Vec<(&BigUint, u64, u64)> = Vec::new();
        for (group, purse) in self.groups.iter().zip(&purses.left) {
            if let Some(score) = group.score(project) {
                supporters.push((purse, score, group.size));
            }
        }
        // Those who can pay least for each point come first.
        supporters.sort_by(|&(purse, score, _), &(other, others, _)| match score == others {
            true => purse.cmp(other),
            false => (purse * others).cmp(&(other * score)),
        });
        let mut money = BigUint::from(self.costs[project].unsigned_abs()) * &purses.unit;
        let mut points: u128 =
            supporters.iter().map(|&(_, score, size)| u128::from(score) * u128::from(size)).sum();
        for (purse, score, size) in supporters {
            if purse * points >= &money * score {
                return Some(Offer { project, price: Price { money, points } });
            }
            // They are too poor for an equal part and pay all that they have.
            money -= purse * size;
            points -= u128::from(score) * u128::from(size);
        }
        None
    }

    /// Lets the supporters of a project pay, and says by how much the unit of purses became finer.
    fn pay(&self, project: usize, price: &Price, purses: &mut Purses) -> u128 {
        let common = gcd(price.points, remainder(&price.money, price.points));
        let (money, points) = (&price.money / common, price.points / common);
        purses.unit *= points;
        for (group, purse) in self.groups.iter().zip(&mut purses.left) {
            *purse *= points;
            if let Some(score) = group.score(project) {
                let part = &money * score;
                *purse = if *purse > part { &*purse - part } else { BigUint::ZERO };
            }
        }
        points
    }
}

impl Group {
    /// The score of a project, if it is supported.
    fn score(&self, project: usize) -> Option<u64> {
        let place = self.supports.binary_search_by_key(&project, |&(other, _)| other).ok()?;
        Some(self.supports[place].1)
    }
}

/// A project on a ballot.
#[derive(Clone, Copy)]
pub struct Support {
    /// Its number, from 0.
    pub project: usize,
    /// Its score; an approval is 1.
    pub score: i64,
}

impl From<usize> for Support {
    /// An approval.
    fn from(project: usize) -> Support {
        Support { project, score: 1 }
    }
}

fn remainder(number: &BigUint, by: u128) -> u128 {
    // A remainder is below `by`, so it fits.
    u128::try_from(number % by).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_and_greedy_differ_as_worked_out_by_hand() {
        // Benchmark case O9: A, B, C cost 30, approved by voters 1–6; D costs 40, E 35, by 7–10.
        let mut ballots = vec![vec![0, 1, 2]; 6];
        ballots.extend(vec![vec![3, 4]; 4]);
        let e = Election::new(&[30, 30, 30, 40, 35], ballots, 100);
        assert_eq!(e.equal_shares(), [0, 1, 4]);
        assert_eq!(e.greedy(), [0, 1, 2]);
        assert_eq!(e.majority(), [0, 1, 2]);
    }

    #[test]
    fn by_groups_a_minority_of_four_in_nine_wins_and_not_of_three() {
        // Three groups of three voters: two of three carry a group, two groups the whole (Penrose 1946).
        let chosen = |ballots: [[bool; 3]; 3]| {
            let of = |group: &[bool]| -> Vec<Vec<usize>> {
                group.iter().map(|&yes| if yes { vec![0] } else { vec![] }).collect()
            };
            let groups = ballots.each_ref().map(|group| Election::new(&[10], of(group), 10));
            Election::new(&[10], of(ballots.as_flattened()), 10).group_majority(&groups)
        };
        let (two, one, none, all) = ([true, true, false], [false, false, true], [false; 3], [true; 3]);
        assert_eq!(chosen([two, none, two]), [0]);
        assert_eq!(chosen([one, one, one]), [] as [usize; 0]);
        assert_eq!(chosen([all, one, one]), [] as [usize; 0], "five of nine, but one group");
        // A group of which nobody votes is no group; half of the groups are no majority.
        let some = [Election::new(&[10], vec![vec![0]], 10), Election::new(&[10], [] as [Vec<usize>; 0], 10)];
        assert_eq!(Election::new(&[10], vec![vec![0]], 10).group_majority(&some), [0]);
        let halves = [
            Election::new(&[10], vec![vec![0]], 10),
            Election::new(&[10], vec![vec![]; 1] as Vec<Vec<usize>>, 10),
        ];
        assert_eq!(Election::new(&[10], vec![vec![0], vec![]], 10).group_majority(&halves), [] as [usize; 0]);
    }

    #[test]
    fn nothing_is_bought_without_voters_votes_or_money() {
        for (costs, ballots, budget) in [
            (vec![5], vec![], 10),
            (vec![5], vec![vec![]], 10),
            (vec![5], vec![vec![0]], 4),
            (vec![], vec![vec![0]], 10),
        ] {
            let e = Election::new(&costs, ballots, budget);
            assert!(e.greedy().is_empty() && e.majority().is_empty() && e.equal_shares().is_empty());
        }
    }

    #[test]
    fn an_approval_said_twice_counts_once() {
        let e = Election::new(&[5, 5], [vec![0, 0, 7], vec![1], vec![1]], 5);
        assert_eq!((&e.supporters, e.greedy()), (&vec![1, 2], vec![1]));
    }

    #[test]
    fn ties_are_ties_whatever_the_thirds() {
        // Thirteen voters. After some raises P0 and P2 have equally many effective votes, and the cheaper one,
        // P2, goes first; a purse that is rounded to a double makes P0 the better one.
        let ballots = [
            vec![0, 3, 2, 1],
            vec![0, 1],
            vec![3, 0, 1, 2],
            vec![3],
            vec![2, 3, 1, 0],
            vec![1, 0, 2],
            vec![0, 1],
            vec![1],
            vec![2, 1, 3],
            vec![1, 2],
            vec![2, 0, 1],
            vec![],
            vec![],
        ];
        let costs = [467, 500, 380, 988];
        let e = Election::new(&costs, ballots, 1000);
        let spent: i64 = e.equal_shares().iter().map(|&p| costs[p]).sum();
        // Worked out apart, with the fractions of Python.
        assert_eq!(spent, 880);
    }

    #[test]
    fn scores_weigh_as_their_sums_and_those_below_zero_pay_nothing() {
        let score = |project, score| Support { project, score };
        let ballots = [vec![score(0, 3), score(1, 1)], vec![score(1, 1)], vec![score(0, -5), score(1, 1)]];
        let e = Election::new(&[10, 10], ballots, 10);
        assert_eq!((&e.supporters, &e.scores, e.greedy()), (&vec![1, 3], &vec![-2, 3], vec![1]));
        assert_eq!(e.equal_shares(), [1]);
    }

    type Fraction = num_rational::Ratio<i128>;

    /// Equal shares by the words of its definition, with no regard to speed.
    fn by_definition(costs: &[i64], ballots: &[Vec<(usize, i64)>], budget: i64) -> Vec<usize> {
        let whole = |number: i64| Fraction::from_integer(number.into());
        let score =
            |voter: usize, p: usize| ballots[voter].iter().find(|vote| vote.0 == p).map_or(0, |vote| vote.1);
        let voters = ballots.len();
        let share = Fraction::new(budget.into(), voters as i128);
        let step = (share / whole(100)).max(whole(1));
        let buy = |share: Fraction| {
            let (mut purses, mut chosen) = (vec![share; voters], Vec::new());
            loop {
                // The price for a point solves Σ min(purse, price · score) = cost; it is tried at each purse.
                let price = |p: usize| {
                    let all = || (0..voters).filter(|&v| score(v, p) > 0);
                    let exact = |rich: &[usize]| {
                        let poor = all().filter(|v| !rich.contains(v)).map(|v| purses[v]).sum::<Fraction>();
                        let points = rich.iter().map(|&v| score(v, p)).sum::<i64>();
                        (points > 0).then(|| (whole(costs[p]) - poor) / whole(points))
                    };
                    let at = |price: Fraction| {
                        all().map(|v| purses[v].min(price * whole(score(v, p)))).sum::<Fraction>()
                    };
                    let limits = all().map(|v| purses[v] / whole(score(v, p)));
                    let tried = limits.filter_map(|limit| {
                        let rich: Vec<usize> =
                            all().filter(|&v| purses[v] / whole(score(v, p)) >= limit).collect();
                        exact(&rich)
                    });
                    tried.filter(|&price| price >= whole(0) && at(price) == whole(costs[p])).min()
                };
                let left = (0..costs.len()).filter(|p| !chosen.contains(p));
                let sum = |p: usize| (0..voters).map(|v| score(v, p)).sum::<i64>();
                let best =
                    left.filter_map(|p| Some((price(p)? / whole(costs[p]), -sum(p), costs[p], p))).min();
                let Some((rate, .., p)) = best else { break };
                for voter in 0..voters {
                    let part = rate * whole(costs[p]) * whole(score(voter, p).max(0));
                    purses[voter] = (purses[voter] - part).max(whole(0));
                }
                chosen.push(p);
            }
            chosen.sort_unstable();
            chosen
        };
        let mut best = buy(share);
        for raise in 1..RAISES as i64 {
            let chosen = buy(share + whole(raise) * step);
            if chosen.iter().map(|&p| costs[p]).sum::<i64>() > budget {
                break;
            }
            let all = chosen.len() == costs.len();
            best = chosen;
            if all {
                break;
            }
        }
        best
    }

    #[test]
    fn equal_shares_are_what_their_definition_says() {
        use crate::base::rng::{CounterRng, Stream};
        use rand::RngExt;
        let mut random = CounterRng::new(1, 0).stream_rng(Stream::named("elections"), 0, 0);
        let mut differs_from_greedy = 0;
        for election in 0..300 {
            // Few values, so that ties abound; every other election with scores.
            let (projects, voters) = (random.random_range(1..5), random.random_range(1..7));
            let costs: Vec<i64> = (0..projects).map(|_| random.random_range(1..8) * 10).collect();
            let most = if election % 2 == 0 { 1 } else { 3 };
            let mut ballot = || {
                let votes = (0..projects).map(|p| (p, random.random_range(0..=most)));
                votes.filter(|vote| vote.1 > 0).collect::<Vec<(usize, i64)>>()
            };
            let ballots: Vec<_> = (0..voters).map(|_| ballot()).collect();
            let given = ballots.iter().map(|b| b.iter().map(|&(project, score)| Support { project, score }));
            let e = Election::new(&costs, given, 100);
            assert_eq!(e.equal_shares(), by_definition(&costs, &ballots, 100), "{costs:?} {ballots:?}");
            differs_from_greedy += usize::from(e.equal_shares() != e.greedy());
        }
        assert!(differs_from_greedy > 5, "{differs_from_greedy}");
    }
}
