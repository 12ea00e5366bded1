//! Candidates, what voters know of them, and how voters choose.

use multiversion::multiversion;

use super::Settings;
use crate::base::rng::{CounterRng, Stream, unit};
use crate::city::{Community, Target};

const STANDING: Stream = Stream::named("standing for election");
const TASTE: Stream = Stream::named("taste of voters");
const HEARD: Stream = Stream::named("what voters heard of candidates");
const APTITUDE: Stream = Stream::named("aptitude for office");

/// How ready a resident is to stand, and how fit they seem.
pub fn standing(community: &Community, i: usize, rules: &Settings, rng: CounterRng, month: u32) -> f64 {
    let r = &community.residents;
    let [efficacy, interest, skill, settled, hour, chance] = rules.standing;
    efficacy * r.internal_efficacy[i] as f64
        + interest * r.interest[i] as f64
        + skill * r.skill[i] as f64
        + settled * (r.months_here[i] as f64 / rules.standing_months).min(1.0)
        + hour * (r.time[i] as f64).min(rules.standing_hours)
        + chance * rng.normal(STANDING, i as u32, month, 0)
}

/// How likely the street is to name a resident: it knows party members, owners, and people with standing.
pub fn standing_with_street(
    community: &Community,
    i: usize,
    rules: &Settings,
    rng: CounterRng,
    month: u32,
) -> f64 {
    let t = community.residents.traits[i];
    standing(community, i, rules, rng, month)
        + rules.street_party * t.party() as u8 as f64
        + rules.street_owner * t.owner() as u8 as f64
}

/// Skill and effort that a resident would bring to office, each standard normal and lasting: known by the month of
/// birth, which two people who live in the same place one after another do not share.
pub fn aptitude(community: &Community, i: usize, rng: CounterRng, month: u32) -> [f64; 2] {
    let born = month.wrapping_sub(community.residents.age[i] as u32);
    [0, 1].map(|kind| rng.normal(APTITUDE, i as u32, born, kind))
}

/// The `n` of `pool` with the highest score, highest first; ties to the lower number.
pub fn best(pool: impl Iterator<Item = u32>, n: usize, score: impl Fn(u32) -> f64) -> Vec<u32> {
    let mut scored: Vec<(f64, u32)> = pool.map(|i| (score(i), i)).collect();
    let higher = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if n < scored.len() {
        scored.select_nth_unstable_by(n, higher);
        scored.truncate(n);
    }
    scored.sort_by(higher);
    scored.into_iter().map(|(_, i)| i).collect()
}

/// One who puts in a ballot, and how many with their own: those of others whom they vote for too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// The resident.
    pub voter: u32,
    /// Number of ballots.
    pub ballots: u32,
}

impl Ballot {
    /// One's own.
    pub fn of(voter: u32) -> Ballot {
        Ballot { voter, ballots: 1 }
    }
}

/// Who stands in one ballot.
pub struct Contest<'a> {
    community: &'a Community,
    /// The candidates.
    pub who: Vec<u32>,
    /// First need, compound and age band of each.
    likeness: [Vec<u32>; 3],
    /// What those who know a candidate think of them beside likeness, and what the record of those who sit counts.
    merit: Vec<f64>,
    incumbent: Vec<f64>,
    /// Of each resident, the place among the candidates, counted from 1; 0 for all others.
    places: Vec<u16>,
    /// Chance to know those who sit by what they did; and which of several ballots of the month this is.
    known: f64,
    first_draw: u32,
    rng: CounterRng,
    month: u32,
}

impl<'a> Contest<'a> {
    /// A contest between `who`. Draws of taste are those from `first_draw` on.
    pub fn new(
        community: &'a Community,
        who: Vec<u32>,
        first_draw: u32,
        rng: CounterRng,
        month: u32,
    ) -> Contest<'a> {
        let r = &community.residents;
        let of = |trait_of: &dyn Fn(usize) -> u32| who.iter().map(|&i| trait_of(i as usize)).collect();
        let likeness = [
            of(&|i| r.needs[i].first() as u32),
            of(&|i| r.compound[i] as u32),
            of(&|i| r.age_band(i) as u32),
        ];
        let mut places = vec![0; r.len()];
        who.iter().zip(1..).for_each(|(&i, place)| places[i as usize] = place);
        let zero = vec![0.0; who.len()];
        let (merit, incumbent) = (zero.clone(), zero);
        Contest { community, who, likeness, merit, incumbent, places, known: 0.0, first_draw, rng, month }
    }

    /// The same where candidates have merit that those see who know them, and some sit already: `known` is the share
    /// of residents who know these by what they did.
    pub fn between(mut self, merit: Vec<f64>, incumbent: Vec<f64>, known: f64) -> Contest<'a> {
        (self.merit, self.incumbent, self.known) = (merit, incumbent, known);
        self
    }

    /// Tells `take`, for each ballot, how much its voter likes each candidate.
    fn poll(&self, rules: &Settings, ballots: &[Ballot], mut take: impl FnMut(Ballot, &[f64])) {
        let mut likings = vec![0.0; self.who.len()];
        let mut knows = vec![0.0; self.who.len()];
        for &ballot in ballots {
            self.tell(rules, ballot.voter, &mut knows);
            self.like(rules, ballot.voter, &knows, &mut likings);
            take(ballot, &likings);
        }
    }

    /// Whom `voter` knows: acquaintances; everybody, for one who came when candidates presented themselves or read
    /// of them; and those who sit, as far as residents met them.
    fn tell(&self, rules: &Settings, voter: u32, knows: &mut [f64]) {
        let words = self.rng.block(HEARD, voter, self.month, 0);
        let heard = (f64::from(unit(words[0])) < rules.presented) as u8 as f64;
        let met = (f64::from(unit(words[1])) < self.known) as u8 as f64;
        let ties = &self.community.ties;
        let everybody = ties.everybody().is_some() as u8 as f64;
        for (knows, incumbent) in knows.iter_mut().zip(&self.incumbent) {
            *knows = heard.max(everybody).max(incumbent * met);
        }
        let itself = std::iter::once(voter as usize);
        for place in itself.chain(ties.of(voter as usize).iter()).map(|other| self.places[other]) {
            if place > 0 {
                knows[place as usize - 1] = 1.0;
            }
        }
    }

    /// How much a voter likes each candidate: by need, place, age, merit and record of those they know, and by taste.
    fn like(&self, rules: &Settings, voter: u32, knows: &[f64], likings: &mut [f64]) {
        let (r, i) = (&self.community.residents, voter as usize);
        let own = [r.needs[i].first() as u32, r.compound[i] as u32, r.age_band(i) as u32];
        let record = rules.record * (2.0 * r.trust[Target::Committee as usize][i] as f64 - 1.0);
        let weights = [rules.same_need, rules.same_compound, rules.same_age];
        taste(self.rng, voter, self.month, self.first_draw, likings);
        let n = likings.len();
        for c in 0..n {
            let alike: f64 = (0..3).map(|k| weights[k] * (self.likeness[k][c] == own[k]) as u8 as f64).sum();
            likings[c] += knows[c] * (alike + self.merit[c] + record * self.incumbent[c]);
        }
    }

    /// Votes where each ballot names the one candidate liked best; and whom each of `ballots` named.
    pub fn name_one(&self, rules: &Settings, ballots: &[Ballot]) -> (Vec<u32>, Vec<usize>) {
        let (mut votes, mut named) = (vec![0; self.who.len()], Vec::with_capacity(ballots.len()));
        if self.who.is_empty() {
            return (votes, named);
        }
        self.poll(rules, ballots, |ballot, likings| {
            let better = |best: usize, c: usize| if likings[c] > likings[best] { c } else { best };
            let choice = (1..likings.len()).fold(0, better);
            votes[choice] += ballot.ballots;
            named.push(choice);
        });
        (votes, named)
    }

    /// Votes where each ballot names as many candidates as there are `seats`: all but those liked least.
    pub fn name_many(&self, rules: &Settings, ballots: &[Ballot], seats: usize) -> Vec<u32> {
        let mut votes = vec![0; self.who.len()];
        let mut order: Vec<usize> = (0..self.who.len()).collect();
        self.poll(rules, ballots, |ballot, likings| {
            order.sort_unstable_by(|&a, &b| likings[b].total_cmp(&likings[a]).then(a.cmp(&b)));
            order.iter().take(seats).for_each(|&c| votes[c] += ballot.ballots);
        });
        votes
    }

    /// The `seats` candidates with most votes, most first; ties to whom the list has first.
    pub fn winners(&self, votes: &[u32], seats: usize) -> Vec<u32> {
        let places = best(0..self.who.len() as u32, seats, |c| votes[c as usize] as f64);
        places.into_iter().map(|c| self.who[c as usize]).collect()
    }
}

/// Tastes in [0, 1], one for each entry of `out`.
#[multiversion(targets = "simd")]
fn taste(rng: CounterRng, voter: u32, month: u32, first: u32, out: &mut [f64]) {
    for (c, out) in (first..).zip(out) {
        *out = rng.block(TASTE, voter, month, c)[0] as f64 / u32::MAX as f64;
    }
}

/// Candidates for each seat of a group, and of a council.
pub const FOR_EACH_SEAT: usize = 2;

/// Number of candidates for the delegates of one group.
pub fn standing_for(delegates: u32) -> f64 {
    (FOR_EACH_SEAT * delegates as usize) as f64
}

/// Each residents' group sends those of its members whom those of `ballots` who live there name most. A group in
/// which fewer vote than it may send sends nobody. Beside the delegates: whether each ballot named one of them.
pub fn delegates(
    community: &Community,
    rules: &Settings,
    per_group: usize,
    ballots: &[Ballot],
    rng: CounterRng,
    month: u32,
) -> (Vec<u32>, Vec<bool>) {
    let mut groups: Vec<Vec<Ballot>> = vec![Vec::new(); community.groups()];
    for &ballot in ballots {
        groups[community.group_of(ballot.voter as usize)].push(ballot);
    }
    let mut sent = Vec::new();
    let mut is_sent = vec![false; community.adults()];
    let mut named = vec![None; community.adults()];
    for (voters, members) in
        groups.iter().zip(community.members_of_groups()).filter(|(voters, _)| voters.len() >= per_group)
    {
        let stand = best(members.into_iter(), FOR_EACH_SEAT * per_group, |i| {
            standing(community, i as usize, rules, rng, month)
        });
        let contest = Contest::new(community, stand, OF_GROUPS, rng, month);
        let (votes, choices) = contest.name_one(rules, voters);
        for (ballot, choice) in voters.iter().zip(choices) {
            named[ballot.voter as usize] = Some(contest.who[choice]);
        }
        for delegate in contest.winners(&votes, per_group) {
            is_sent[delegate as usize] = true;
            sent.push(delegate);
        }
    }
    let won = |ballot: &Ballot| named[ballot.voter as usize].is_some_and(|who| is_sent[who as usize]);
    (sent, ballots.iter().map(won).collect())
}

/// Draws of taste: first those of the ballots for the head, for the other seats, in groups, and for a council.
pub const OF_HEADS: u32 = 0;
/// See [`OF_HEADS`].
pub const OF_MEMBERS: u32 = 1 << 8;
/// See [`OF_HEADS`].
pub const OF_GROUPS: u32 = 1 << 9;
/// See [`OF_HEADS`].
pub const OF_COUNCIL: u32 = 1 << 12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;
    use crate::city::{person, population, synth};

    fn community() -> Community {
        let one = population::Settings {
            communities: 1,
            adults: 200,
            households_per_group: 25,
            households_per_compound: 25,
            ..population::Settings::standard()
        };
        let city = synth::city(&one, &person::Settings::standard(), 1);
        city.communities.into_iter().next().expect("one community was asked for")
    }

    fn rng() -> CounterRng {
        CounterRng::new(1, 0)
    }

    #[test]
    fn who_knows_no_candidate_votes_by_taste_and_who_knows_all_by_likeness() {
        let community = community();
        let all: Vec<Ballot> = (0..200).map(Ballot::of).collect();
        let strangers = Settings { presented: 0.0, same_compound: 5.0, ..Settings::standard() };
        let known = Settings { presented: 1.0, same_compound: 5.0, ..Settings::standard() };
        let r = &community.residents;
        let other = (0..200).find(|&i| r.compound[i as usize] != r.compound[0]).expect("several compounds");
        let of_own = |rules: &Settings| {
            let contest = Contest::new(&community, vec![0, other], OF_HEADS, rng(), 3);
            let (votes, named) = contest.name_one(rules, &all);
            assert_eq!(votes.iter().sum::<u32>(), 200);
            let own = all.iter().zip(named).filter(|(ballot, choice)| {
                r.compound[ballot.voter as usize] == r.compound[contest.who[*choice] as usize]
            });
            let may = all.iter().filter(|ballot| {
                [0, other].iter().any(|&c| r.compound[ballot.voter as usize] == r.compound[c as usize])
            });
            own.count() as f64 / may.count() as f64
        };
        assert_eq!(of_own(&known), 1.0, "five times the range of tastes decides");
        // By taste half of them would; acquaintances live near.
        let by_taste = of_own(&strangers);
        assert!((0.35..0.75).contains(&by_taste), "{by_taste}");
    }

    #[test]
    fn delegates_are_those_with_most_votes_of_their_group_and_silent_groups_send_nobody() {
        let community = community();
        let groups = community.groups();
        assert!(groups > 2, "{groups}");
        // The second group is silent; of the third fewer vote than it may send.
        let votes = |i: &usize| match community.group_of(*i) {
            1 => false,
            2 => community.group_of(i - 1) < 2,
            _ => true,
        };
        let own: Vec<Ballot> = (0..200).filter(votes).map(|i| Ballot::of(i as u32)).collect();
        let rules = Settings::standard();
        let (sent, won) = delegates(&community, &rules, 3, &own, rng(), 3);
        let of_group = |g: usize| sent.iter().filter(|&&i| community.group_of(i as usize) == g).count();
        assert_eq!([0, 1, 2].map(of_group), [3, 0, 0]);
        assert_eq!(won.len(), own.len());
        // More votes than by taste alone: three of six candidates.
        let named = own.iter().zip(&won).filter(|(ballot, _)| community.group_of(ballot.voter as usize) == 0);
        let (all, ahead) = named.fold((0, 0), |(all, ahead), (_, &won)| (all + 1, ahead + won as u32));
        assert!(2 * ahead >= all, "the three with most votes have half of them: {ahead} of {all}");
    }

    #[test]
    fn the_record_of_those_who_sit_counts_with_those_who_met_them() {
        let mut community = community();
        let all: Vec<Ballot> = (0..200).map(Ballot::of).collect();
        let rules = Settings { presented: 0.0, record: 3.0, ..Settings::standard() };
        let mut votes = |trust: f32, known: f64| {
            community.residents.trust[Target::Committee as usize].fill(trust);
            let contest = Contest::new(&community, vec![0, 199], OF_HEADS, rng(), 3);
            contest.between(vec![0.0; 2], vec![1.0, 0.0], known).name_one(&rules, &all).0[0]
        };
        assert!(votes(1.0, 1.0) > 190 && votes(0.0, 1.0) < 10, "{}, {}", votes(1.0, 1.0), votes(0.0, 1.0));
        let of_strangers = [votes(1.0, 0.0), votes(0.0, 0.0)];
        // Acquaintances apart, of whom a resident has a dozen, it is taste.
        assert!(of_strangers.iter().all(|&n| (70..130).contains(&n)), "{of_strangers:?}");
    }

    #[test]
    fn a_ballot_that_names_many_leaves_out_the_least_liked() {
        let community = community();
        let all: Vec<Ballot> = (0..200).map(|voter| Ballot { voter, ballots: 2 }).collect();
        let contest = Contest::new(&community, vec![0, 50, 100, 150], OF_MEMBERS, rng(), 3);
        let votes = contest.name_many(&Settings::standard(), &all, 3);
        assert_eq!(votes.iter().sum::<u32>(), 200 * 2 * 3);
        assert!(votes.iter().all(|&n| n <= 400), "nobody is named twice");
    }
}
