//! Rules that choose projects within a budget from approval ballots.

/// Projects and ballots of one decision. A ballot is a set of bits: bit `p` approves project `p`.
pub struct Election<'a> {
    /// Cost of each project in yuan; at most 64 projects.
    pub costs: &'a [i64],
    /// One ballot for each voter.
    pub ballots: &'a [u64],
    /// Money at hand in yuan.
    pub budget: i64,
}

impl Election<'_> {
    /// Approvals of project `p`.
    fn votes(&self, p: usize) -> usize {
        self.ballots.iter().filter(|&&b| b >> p & 1 == 1).count()
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
        let voters = self.ballots.len();
        self.affordable(self.by_votes().into_iter().filter(|&(votes, _)| 2 * votes > voters).map(|(_, p)| p))
    }

    /// The method of equal shares with cost utilities, completed by "Add1": every voter has an equal
    /// share of the budget, the project with most effective votes is bought by its supporters, and
    /// shares are raised step by step as long as the outcome stays within the budget.
    ///
    /// Source: Peters, Pierczyński and Skowron, "Proportional participatory budgeting with additive
    /// utilities", NeurIPS 2021. The step is one yuan or one hundredth of a share, whichever is more.
    pub fn equal_shares(&self) -> Vec<usize> {
        if self.ballots.is_empty() {
            return Vec::new();
        }
        let share = self.budget as f64 / self.ballots.len() as f64;
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
        let mut purse = vec![share; self.ballots.len()];
        let mut chosen = Vec::new();
        loop {
            let offer = (0..self.costs.len())
                .filter(|p| !chosen.contains(p))
                .filter_map(|p| self.price(p, &purse).map(|price| (p, price)))
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
            for (money, _) in purse.iter_mut().zip(self.ballots).filter(|(_, b)| **b >> p & 1 == 1) {
                *money -= money.min(price);
            }
            chosen.push(p);
        }
        chosen.sort_unstable();
        chosen
    }

    /// The highest payment of any supporter if all supporters share the cost of `p` as equally as
    /// their purses allow; none if they cannot afford it.
    fn price(&self, p: usize, purse: &[f64]) -> Option<f64> {
        let mut supporters: Vec<f64> =
            purse.iter().zip(self.ballots).filter(|(_, b)| *b >> p & 1 == 1).map(|(&m, _)| m).collect();
        supporters.sort_by(f64::total_cmp);
        let (mut cost, mut left) = (self.costs[p] as f64, supporters.len() as f64);
        for money in supporters {
            if money * left + 1e-9 >= cost {
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
        let mut ballots = vec![0b00111u64; 6];
        ballots.extend([0b11000; 4]);
        let e = Election { costs: &[30, 30, 30, 40, 35], ballots: &ballots, budget: 100 };
        assert_eq!(e.equal_shares(), [0, 1, 4]);
        assert_eq!(e.greedy(), [0, 1, 2]);
        assert_eq!(e.majority(), [0, 1, 2]);
    }

    #[test]
    fn nothing_is_bought_without_voters_votes_or_money() {
        for (costs, ballots, budget) in
            [(vec![5], vec![], 10), (vec![5], vec![0], 10), (vec![5], vec![1], 4), (vec![], vec![1], 10)]
        {
            let e = Election { costs: &costs, ballots: &ballots, budget };
            assert!(e.greedy().is_empty() && e.majority().is_empty() && e.equal_shares().is_empty());
        }
    }
}
