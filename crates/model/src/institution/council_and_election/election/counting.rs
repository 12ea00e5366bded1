//! Ballots: who puts in how many, and who is counted as having voted.

use super::Settings;
use super::contest::{Ballot, delegates};
use crate::city::{Community, Mode, Residents};
use crate::institution::StepContext;
use crate::institution::registration::Electorate;

/// What is counted of an election.
pub(super) struct Count {
    pub(super) all: u32,
    pub(super) willing: u32,
    pub(super) cast: u32,
    pub(super) official: u32,
    /// Ballots that decide.
    pub(super) ballots: Vec<Ballot>,
    /// Of residents whose ballots name delegates, whether theirs was sent; empty in other forms.
    pub(super) sent: Vec<(u32, bool)>,
}

fn votes(residents: &Residents, i: usize) -> bool {
    residents.acts[i] & Mode::Vote.bit() != 0
}

/// Residents who may vote.
fn electors(residents: &Residents, electorate: Electorate) -> impl Iterator<Item = usize> {
    (0..residents.len()).filter(move |&i| electorate.has(residents, i))
}

/// The ballots of those among `electors` who vote, each their own.
pub fn own_ballots(residents: &Residents, electors: impl Iterator<Item = usize>) -> Vec<Ballot> {
    electors.filter(|&i| votes(residents, i)).map(|i| Ballot::of(i as u32)).collect()
}

/// Each who votes puts in a ballot of their own, activists those of acquaintances too.
pub(super) fn one_by_one(community: &Community, election: &Settings, electorate: Electorate) -> Count {
    let residents = &community.residents;
    let all = electors(residents, electorate).count() as u32;
    let mut ballots = own_ballots(residents, electors(residents, electorate));
    let willing = ballots.len() as u32;
    let mut silent: Vec<bool> =
        (0..residents.len()).map(|i| electorate.has(residents, i) && !votes(residents, i)).collect();
    carry(community, election, &mut ballots, |other| std::mem::take(&mut silent[other]));
    let official = ballots.iter().map(|ballot| ballot.ballots).sum();
    Count { all, willing, cast: willing, official, ballots, sent: Vec::new() }
}

/// One ballot for each household of which anybody votes, put in by the eldest of those; activists carry those of
/// acquaintances' households that cast none.
pub(super) fn by_household(community: &Community, election: &Settings, electorate: Electorate) -> Count {
    let residents = &community.residents;
    let all = electors(residents, electorate).count() as u32;
    let willing = electors(residents, electorate).filter(|&i| votes(residents, i)).count() as u32;
    let mut ballots: Vec<Ballot> =
        representatives(community, |i| electorate.has(residents, i)).map(Ballot::of).collect();
    let cast = ballots.len() as u32;
    let mut silent = vec![true; community.households.len()];
    ballots.iter().for_each(|ballot| silent[community.households.of(ballot.voter as usize)] = false);
    carry(community, election, &mut ballots, |other| {
        electorate.has(residents, other) && std::mem::take(&mut silent[community.households.of(other)])
    });
    let is_counted = |&i: &usize| !silent[community.households.of(i)];
    let official = electors(residents, electorate).filter(is_counted).count() as u32;
    Count { all, willing, cast, official, ballots, sent: Vec::new() }
}

/// Of each household in which somebody votes who `may`, the eldest of these.
pub fn representatives(community: &Community, may: impl Fn(usize) -> bool) -> impl Iterator<Item = u32> {
    let residents = &community.residents;
    (0..community.households.len()).filter_map(move |h| {
        let voters = community.households.members(h).filter(|&i| may(i) && votes(residents, i));
        voters.max_by_key(|&i| (residents.age[i], i)).map(|i| i as u32)
    })
}

/// Delegates whom residents of their group named put in the ballots.
pub(super) fn by_delegates(
    community: &Community,
    election: &Settings,
    electorate: Electorate,
    now: &StepContext,
) -> Count {
    let residents = &community.residents;
    let all = electors(residents, electorate).count() as u32;
    let own = own_ballots(residents, electors(residents, electorate));
    let willing = own.len() as u32;
    let per_group = election.delegates_per_group as usize;
    let (sent, won) = delegates(community, election, per_group, &own, now.rng.of(community.id), now.month);
    // A group that sends delegates is counted whole.
    let mut counted = vec![false; community.groups()];
    sent.iter().for_each(|&delegate| counted[community.group_of(delegate as usize)] = true);
    let official = electors(residents, electorate).filter(|&i| counted[community.group_of(i)]).count() as u32;
    let ballots: Vec<Ballot> = sent.into_iter().map(Ballot::of).collect();
    let sent = own.iter().map(|ballot| ballot.voter).zip(won).collect();
    Count { all, willing, cast: ballots.len() as u32, official, ballots, sent }
}

/// Activists carry ballots of acquaintances. `take` is asked for one after another, and says whether there was a
/// ballot to take.
fn carry(
    community: &Community,
    election: &Settings,
    ballots: &mut [Ballot],
    mut take: impl FnMut(usize) -> bool,
) {
    let ties = &community.ties;
    for ballot in ballots.iter_mut() {
        let activist = ballot.voter as usize;
        if !community.residents.traits[activist].party() {
            continue;
        }
        let full = 1 + election.proxies;
        let mut ask = |other: usize| ballot.ballots += (ballot.ballots < full && take(other)) as u32;
        match ties.everybody() {
            Some(_) => (0..community.adults()).for_each(&mut ask),
            None => ties.of(activist).iter().for_each(&mut ask),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Form;
    use super::*;
    use crate::base::params::Settings as _;
    use crate::city::{City, Ties, Traits, person, population, synth};

    /// A community of four, each in a household of their own, who have lived there long. All know the first, who is a
    /// member of the party; who votes says `voters`.
    fn four(voters: [bool; 4]) -> Community {
        let one = population::Settings { communities: 1, adults: 4, ..population::Settings::standard() };
        let city: City = synth::city(&one, &person::Settings::standard(), 1);
        let mut community = city.communities.into_iter().next().expect("one community was asked for");
        let households = crate::city::Households { starts: vec![0, 1, 2, 3, 4], persons: vec![1; 4] };
        community.households = households.into();
        community.ties = Ties::from_pairs(4, &[(0, 1), (0, 2), (2, 3)]).into();
        let party = |is: bool| Traits::new(false, 0, 0, false, true, is, false);
        community.residents.traits = vec![party(true), party(false), party(false), party(false)];
        community.residents.months_here = vec![100; 4];
        community.residents.acts = voters.iter().map(|&votes| Mode::Vote.bit() * votes as u16).collect();
        community
    }

    fn everybody() -> Electorate {
        Electorate::settled(Settings::standard().settled_months)
    }

    #[test]
    fn activists_carry_ballots_of_silent_acquaintances_and_of_nobody_else() {
        let election = Settings::standard();
        // The fourth is silent too, but no acquaintance.
        let (direct, household) = (one_by_one, by_household);
        for count in [direct, household] {
            let counted = count(&four([true, false, false, false]), &election, everybody());
            assert_eq!(counted.ballots, [Ballot { voter: 0, ballots: 3 }]);
            assert_eq!((counted.willing, counted.cast, counted.official, counted.all), (1, 1, 3, 4));
        }
        let one = Settings { proxies: 1, ..Settings::standard() };
        assert_eq!(one_by_one(&four([true, false, false, false]), &one, everybody()).official, 2);
        // Who is no activist carries none.
        assert_eq!(one_by_one(&four([false, true, true, false]), &election, everybody()).official, 2);
    }

    #[test]
    fn newcomers_neither_vote_nor_are_they_counted() {
        let mut community = four([true, true, true, true]);
        community.residents.months_here[3] = 0;
        let counted = one_by_one(&community, &Settings::standard(), everybody());
        assert_eq!((counted.all, counted.willing, counted.official), (3, 3, 3));
        let counted = by_household(&community, &Settings::standard(), everybody());
        assert_eq!((counted.all, counted.cast, counted.official), (3, 3, 3));
    }

    #[test]
    fn one_of_a_household_goes_for_all_and_delegates_are_named_at_a_meeting() {
        let (election, mut community) = (Settings::standard(), four([true; 4]));
        let cost = |form, community: &Community| election.cost(form, community);
        assert_eq!([Form::Direct, Form::Household].map(|form| cost(form, &community)), [1.0, 1.0]);
        community.households = crate::city::Households { starts: vec![0, 4], persons: vec![4] }.into();
        assert_eq!([Form::Direct, Form::Household].map(|form| cost(form, &community)), [1.0, 0.25]);
        assert_eq!(cost(Form::Delegates, &community), election.group_cost as f32);
    }
}
