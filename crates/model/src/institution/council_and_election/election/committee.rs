//! Who sits on the residents' committee, how they got there, and what it does for the committee's work.

use serde::{Deserialize, Serialize};

use super::contest::{Ballot, Contest, OF_HEADS, OF_MEMBERS, aptitude, best, standing, standing_with_street};
use super::{Nomination, Settings};
use crate::base::rng::Stream;
use crate::city::{Community, Residents};
use crate::institution::registration::Electorate;
use crate::institution::{CommunityState, StepContext};

/// One who sits on the committee.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seat {
    /// The resident.
    pub resident: u32,
    /// Age when seated, in months: whoever took the place of one who died or left has another.
    age: u16,
    /// Skill, in standard deviations from the mean of residents.
    pub skill: f32,
    /// Effort, in the same unit.
    pub effort: f32,
}

/// The committee: its head first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Committee {
    /// Those who sit; empty before the first election.
    pub seats: Vec<Seat>,
    /// Month in which they were elected.
    since: u32,
    /// Share of residents who know the head. As members do an equal share of visits and requests, it holds for each
    /// of them.
    pub known: f64,
}

impl Committee {
    /// Skill of those who sit, in standard deviations: half the head's, half the others'; nil of nobody.
    pub fn skill(&self) -> f64 {
        self.mean(|seat| seat.skill)
    }

    /// Effort of those who sit, in the same way.
    pub fn effort(&self) -> f64 {
        self.mean(|seat| seat.effort)
    }

    fn mean(&self, of: impl Fn(&Seat) -> f32) -> f64 {
        let Some((head, others)) = self.seats.split_first() else { return 0.0 };
        let head = of(head) as f64;
        if others.is_empty() {
            return head;
        }
        0.5 * (head + others.iter().map(|seat| of(seat) as f64).sum::<f64>() / others.len() as f64)
    }

    /// Those who died or moved away leave their seats, and the member with most votes heads the rest.
    pub(super) fn retire(&mut self, residents: &Residents, month: u32) {
        let months = month.saturating_sub(self.since + 1);
        self.seats.retain(|seat| {
            let i = seat.resident as usize;
            residents.age[i] as u32 == seat.age as u32 + months && residents.months_here[i] as u32 >= months
        });
    }

    /// Residents come to know the head, whom they meet with a chance this month; those who leave are replaced by
    /// others who do not.
    pub(super) fn become_known(&mut self, chance: f64, left: f64) {
        if !self.seats.is_empty() {
            self.known += (1.0 - self.known) * chance;
            self.known *= 1.0 - left.min(1.0);
        }
    }
}

/// Who stands for election.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slate {
    /// For the head.
    heads: Vec<u32>,
    /// For the other seats.
    others: Vec<u32>,
}

impl Slate {
    /// Number of candidates.
    pub(super) fn len(&self) -> usize {
        self.heads.len() + self.others.len()
    }
}

/// Those who sit and stand again, and as many others as make `surplus` more than there are seats, for the head and
/// for the other seats.
pub(super) fn nominate(state: &CommunityState, election: &Settings, now: &StepContext) -> Slate {
    let community = &state.community;
    let rng = now.rng.of(community.id);
    let seats = &state.local.election.committee.seats;
    let again = |seat: &&Seat| {
        let draw = rng.uniform(Stream::named("stands again"), seat.resident, now.month, 0);
        draw < election.stand_again
    };
    let sits = |i: u32| seats.iter().any(|seat| seat.resident == i);
    let electorate = Electorate::of(&state.signals, &now.rules.institutions);
    let may_stand = |&i: &u32| electorate.has(&community.residents, i as usize) && !sits(i);
    let score = match election.nomination {
        Nomination::Street => standing_with_street,
        Nomination::Residents => standing,
    };
    let (surplus, others) = (election.surplus as usize, election.seats as usize - 1);
    let new = best((0..community.adults() as u32).filter(may_stand), 1 + others + 2 * surplus, |i| {
        score(community, i as usize, election, rng, now.month)
    });
    let mut new = new.into_iter();
    let mut fill = |sitting: &[Seat], n: usize| -> Vec<u32> {
        let again = sitting.iter().filter(again).map(|seat| seat.resident);
        let mut list: Vec<u32> = again.take(n).collect();
        let missing = n - list.len();
        list.extend(new.by_ref().take(missing));
        list
    };
    let head = seats.len().min(1);
    Slate { heads: fill(&seats[..head], 1 + surplus), others: fill(&seats[head..], others + surplus) }
}

/// Share of residents who know at least one of `candidates` who stand before `pool` residents each of whom has
/// `acquaintances`: from where candidates present themselves, by what those who sit did, or as acquaintances.
pub(super) fn reach(presented: f64, known: f64, candidates: f64, acquaintances: f64, pool: f64) -> f64 {
    let nobody_near = libm::exp(-candidates * acquaintances / pool.max(1.0));
    1.0 - (1.0 - presented) * (1.0 - known) * nobody_near
}

/// What came out.
pub(super) struct Outcome {
    pub(super) committee: Committee,
    /// How far the head was ahead of the next, as a share of all votes; NaN if nobody voted.
    pub(super) margin: f64,
    /// Whether the head stays; none if none stood again.
    pub(super) kept: Option<bool>,
    /// Of each ballot, whether it named the head who won.
    pub(super) won: Vec<bool>,
}

/// Counts `ballots`, and seats those with most votes. Where nobody votes, the order of the list decides.
pub(super) fn elect(
    state: &CommunityState,
    slate: &Slate,
    ballots: &[Ballot],
    election: &Settings,
    now: &StepContext,
) -> Outcome {
    let community = &state.community;
    let rng = now.rng.of(community.id);
    let before = &state.local.election.committee;
    let sits = |i: u32| before.seats.iter().find(|seat| seat.resident == i).copied();
    let seat = |i: u32| {
        let [skill, effort] = aptitude(community, i as usize, rng, now.month).map(|z| z as f32);
        let new = Seat { resident: i, age: 0, skill, effort };
        Seat { age: community.residents.age[i as usize], ..sits(i).unwrap_or(new) }
    };
    let contest = |who: &[u32], first: u32| {
        let merit = who.iter().map(|&i| {
            let Seat { skill, effort, .. } = seat(i);
            election.merit * 0.5 * (skill + effort) as f64
        });
        let incumbent = who.iter().map(|&i| sits(i).is_some() as u8 as f64);
        let (merit, incumbent) = (merit.collect(), incumbent.collect());
        Contest::new(community, who.to_vec(), first, rng, now.month).between(merit, incumbent, before.known)
    };
    let (heads, others) = (contest(&slate.heads, OF_HEADS), contest(&slate.others, OF_MEMBERS));
    let (votes, named) = heads.name_one(election, ballots);
    let seats = election.seats as usize - 1;
    let of_others = others.name_many(election, ballots, seats);
    let head = heads.winners(&votes, 1).first().copied();
    let members = others.winners(&of_others, seats);
    let stays = head.is_some() && head == before.seats.first().map(|seat| seat.resident);
    // A head who stays is known from the term too; a new one to acquaintances.
    let known_before = match head {
        Some(head) if !stays => acquaintances_of(community, head) / community.adults() as f64,
        _ => before.known,
    };
    Outcome {
        committee: Committee {
            seats: head.into_iter().chain(members).map(seat).collect(),
            since: now.month,
            known: 1.0 - (1.0 - known_before.min(1.0)) * (1.0 - election.presented),
        },
        margin: lead(&votes),
        kept: before.seats.first().filter(|old| slate.heads.contains(&old.resident)).map(|_| stays),
        won: named.iter().map(|&choice| Some(heads.who[choice]) == head).collect(),
    }
}

/// How many know `resident` as an acquaintance.
fn acquaintances_of(community: &Community, resident: u32) -> f64 {
    match community.ties.everybody() {
        Some(_) => community.adults() as f64,
        None => community.ties.of(resident as usize).len() as f64,
    }
}

/// How far the first is ahead of the second, as a share of all votes; NaN without any.
fn lead(votes: &[u32]) -> f64 {
    let all = votes.iter().sum::<u32>() as f64;
    let (first, second) = votes.iter().fold((0, 0), |(first, second), &n| match n > first {
        true => (n, first),
        false => (first, second.max(n)),
    });
    if all > 0.0 { (first - second) as f64 / all } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(skill: f32) -> Seat {
        Seat { resident: 0, age: 300, skill, effort: -skill }
    }

    #[test]
    fn a_committee_is_half_its_head_and_half_the_others() {
        let of = |skills: &[f32]| Committee {
            seats: skills.iter().map(|&skill| seat(skill)).collect(),
            ..Committee::default()
        };
        assert_eq!(of(&[]).skill(), 0.0);
        assert_eq!(of(&[1.5]).skill(), 1.5);
        assert_eq!((of(&[1.0, 0.0, -2.0]).skill(), of(&[1.0, 0.0, -2.0]).effort()), (0.0, 0.0));
    }

    #[test]
    fn those_who_were_replaced_lose_their_seats() {
        let mut residents = Residents::blank(3);
        residents.age = vec![305, 216, 305];
        residents.months_here = vec![40, 40, 2];
        let all = (0..3).map(|resident| Seat { resident, ..seat(0.0) }).collect();
        let mut committee = Committee { seats: all, since: 10, known: 0.0 };
        // At the beginning of the sixth month after, five months have passed: the second seat is another's who came of
        // age at home, the third that of one who moved in.
        committee.retire(&residents, 16);
        assert_eq!(committee.seats.iter().map(|seat| seat.resident).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn who_is_met_at_a_rate_and_leaves_at_another_is_known_in_proportion() {
        let mut committee = Committee { seats: vec![seat(0.0)], since: 0, known: 0.0 };
        (0..2_000).for_each(|_| committee.become_known(0.01, 0.02));
        // Fixed point of k = (k + (1 − k) · c) · (1 − l): c (1 − l) / (1 − (1 − c)(1 − l)).
        let expected = 0.01 * 0.98 / (1.0 - 0.99 * 0.98);
        assert!((committee.known - expected).abs() < 1e-9, "{}", committee.known);
        let mut nobody = Committee::default();
        nobody.become_known(0.5, 0.0);
        assert_eq!(nobody.known, 0.0);
    }

    #[test]
    fn the_lead_is_that_of_the_first_over_the_second() {
        assert_eq!([&[2, 5, 3][..], &[4], &[3, 3]].map(lead), [0.2, 1.0, 0.0]);
        assert!(lead(&[0, 0]).is_nan() && lead(&[]).is_nan());
    }

    #[test]
    fn one_who_stands_is_known_from_notices_by_deeds_or_as_an_acquaintance() {
        assert_eq!(reach(0.0, 0.0, 0.0, 12.0, 100.0), 0.0);
        assert!((reach(0.2, 0.0, 0.0, 12.0, 100.0) - 0.2).abs() < 1e-12);
        assert!((reach(0.2, 0.5, 0.0, 12.0, 100.0) - 0.6).abs() < 1e-12);
        // Ten acquaintances of a hundred residents, who are as likely candidates as others: e⁻¹ know none of ten.
        assert!((reach(0.0, 0.0, 10.0, 10.0, 100.0) - (1.0 - libm::exp(-1.0))).abs() < 1e-12);
    }
}
