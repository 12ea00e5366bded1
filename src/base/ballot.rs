//! Rules that choose projects within a budget from approval ballots.

/// Yuan by which purses may fall short by rounding alone.
const ENOUGH: f64 = 1e-9;
/// Yuan by which purses are too poor beyond any doubt of rounding.
const MARGIN: f64 = 1e-3;

/// Projects and ballots of one decision.
pub struct Election<'a> {
    /// Cost of each project in yuan.
    costs: &'a [i64],
    /// Those who approve each project, in ascending order.
    supporters: Vec<Vec<u32>>,
    /// Number of voters, those who approve nothing included.
    voters: usize,
    /// Money at hand in yuan.
    budget: i64,
}

impl<'a> Election<'a> {
    /// From one ballot for each voter: the numbers of the projects approved, counted from 0. What is said
    /// twice counts once; numbers that no project has are passed over.
    pub fn new<B>(costs: &'a [i64], ballots: impl IntoIterator<Item = B>, budget: i64) -> Election<'a>
    where
        B: IntoIterator<Item = usize>,
    {
        let mut supporters = vec![Vec::new(); costs.len()];
        let mut voters: u32 = 0;
        for ballot in ballots {
            for p in ballot.into_iter().filter(|&p| p < costs.len()) {
                let list: &mut Vec<u32> = &mut supporters[p];
                if list.last() != Some(&voters) {
                    list.push(voters);
                }
            }
            voters += 1;
        }
        Election { costs, supporters, voters: voters as usize, budget }
    }

    /// Approvals of project `p`.
    fn votes(&self, p: usize) -> usize {
        self.supporters[p].len()
    }

    /// Projects by approvals, most first; ties go to the cheaper, then to the earlier.
    fn by_votes(&self) -> Vec<(usize, usize)> {
        let mut order: Vec<(usize, usize)> = (0..self.costs.len()).map(|p| (self.votes(p), p)).collect();
        order.sort_by_key(|&(votes, p)| (std::cmp::Reverse(votes), self.costs[p], p));
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

    /// The projects with most approvals that the budget still affords, one after another.
    pub fn greedy(&self) -> Vec<usize> {
        self.affordable(self.by_votes().into_iter().filter(|&(votes, _)| votes > 0).map(|(_, p)| p))
    }

    /// As [`Election::greedy`], but only projects approved by more than half of the voters.
    pub fn majority(&self) -> Vec<usize> {
        self.affordable(
            self.by_votes().into_iter().filter(|&(votes, _)| 2 * votes > self.voters).map(|(_, p)| p),
        )
    }

    /// The method of equal shares with cost utilities, completed by "Add1": every voter has an equal
    /// share of the budget, the project with most effective votes is bought by its supporters, and
    /// shares are raised step by step as long as the outcome stays within the budget.
    ///
    /// Source: Peters, Pierczyński and Skowron, "Proportional participatory budgeting with additive
    /// utilities", NeurIPS 2021. The step is one yuan or one hundredth of a share, whichever is more.
    pub fn equal_shares(&self) -> Vec<usize> {
        if self.voters == 0 {
            return Vec::new();
        }
        let share = self.budget as f64 / self.voters as f64;
        let step = (share / 100.0).max(1.0);
        let mut best = self.buy(share);
        for raise in 1..10_000 {
            let chosen = self.buy(share + raise as f64 * step);
            let cost: i64 = chosen.iter().map(|&p| self.costs[p]).sum();
            if cost > self.budget {
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

    /// What voters buy who have `share` yuan each.
    fn buy(&self, share: f64) -> Vec<usize> {
        let mut purse = vec![share; self.voters];
        let mut left: Vec<usize> = (0..self.costs.len()).filter(|&p| self.votes(p) > 0).collect();
        let mut chosen = Vec::new();
        loop {
            let offer = left
                .iter()
                .filter_map(|&p| self.price(p, &purse).map(|price| (p, price)))
                // Highest effective votes = cost / highest payment; then more votes, lower cost.
                .min_by(|&(p, a), &(q, b)| {
                    let (effective_p, effective_q) = (self.costs[p] as f64 / a, self.costs[q] as f64 / b);
                    effective_q
                        .total_cmp(&effective_p)
                        .then(self.votes(q).cmp(&self.votes(p)))
                        .then(self.costs[p].cmp(&self.costs[q]))
                        .then(p.cmp(&q))
                });
            let Some((p, price)) = offer else { break };
            for &voter in &self.supporters[p] {
                let money = &mut purse[voter as usize];
                *money -= money.min(price);
            }
            left.retain(|&other| other != p);
            chosen.push(p);
        }
        chosen.sort_unstable();
        chosen
    }

    /// The highest payment of any supporter if all supporters share the cost of `p` as equally as
    /// their purses allow; none if they cannot afford it.
    fn price(&self, p: usize, purse: &[f64]) -> Option<f64> {
        let purses = self.supporters[p].iter().map(|&voter| purse[voter as usize]);
        let (mut cost, mut left) = (self.costs[p] as f64, self.votes(p) as f64);
        // Most often nobody is too poor for an equal part, or all of them together are: no need to sort.
        let (least, all) =
            purses.clone().fold((f64::INFINITY, 0.0), |(least, all), purse| (purse.min(least), all + purse));
        if least * left + ENOUGH >= cost {
            return Some(cost / left);
        }
        if all + MARGIN < cost {
            return None;
        }
        let mut supporters: Vec<f64> = purses.collect();
        supporters.sort_by(f64::total_cmp);
        for money in supporters {
            if money * left + ENOUGH >= cost {
                return Some(cost / left);
            }
            cost -= money;
            left -= 1.0;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_and_greedy_differ_as_worked_out_by_hand() {
        // Docking case O9: A, B, C cost 30, approved by voters 1–6; D costs 40, E 35, by 7–10.
        let mut ballots = vec![vec![0, 1, 2]; 6];
        ballots.extend(vec![vec![3, 4]; 4]);
        let e = Election::new(&[30, 30, 30, 40, 35], ballots, 100);
        assert_eq!(e.equal_shares(), [0, 1, 4]);
        assert_eq!(e.greedy(), [0, 1, 2]);
        assert_eq!(e.majority(), [0, 1, 2]);
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
        assert_eq!((e.votes(0), e.votes(1), e.greedy()), (1, 2, vec![1]));
    }
}
