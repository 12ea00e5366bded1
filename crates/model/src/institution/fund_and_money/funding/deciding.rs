//! Who chooses the fund's projects, and how: an office by what it believes, a council or residents by vote.

use std::collections::BTreeMap;

use super::{Decider, Match, Project};
use crate::base::ballot::{Election, Support};
use crate::base::rng::{CounterRng, Stream};
use crate::city::domain::{CULTURE, ENVIRONMENT, SPORT};
use crate::city::{DOMAINS, Mode, Needs};
use crate::institution::council::{self, Member, Rule, deliberate, wants};
use crate::institution::{CityState, CommunityState, StepContext};

const OFFICE: Stream = Stream::named("what the office believes");

/// The projects chosen; and, where an office chose, how wrong it was about needs.
pub(super) fn choose(
    state: &CommunityState,
    city: &CityState,
    now: &StepContext,
    rng: CounterRng,
    members: &[Member],
    candidates: &[Project],
    budget: i64,
) -> (Vec<usize>, Option<f64>) {
    let rules = &now.rules.institutions;
    let has_council = !state.local.council.members.is_empty();
    match rules.funding.decider {
        Decider::Street => by_office(state, candidates, budget, believed(state, city, now, rng, 1.0)),
        Decider::Council if has_council => (by_council(state, now, rng, members, candidates, budget), None),
        // A council without seats to fill cannot decide; the committee does.
        Decider::Committee | Decider::Council => {
            // The better it knows residents, by visits and by their proposals, the less it guesses.
            let accountability = state.local.oversight.accountability(&rules.staff);
            let visited = rules.funding.visit_insight * state.signals.visited as f64;
            let unknown = 1.0 - (visited + accountability).min(1.0);
            by_office(state, candidates, budget, believed(state, city, now, rng, unknown))
        }
        Decider::Residents => (by_ballot(state, now, candidates, budget), None),
    }
}

/// Works that can be shown to visitors.
const VISIBLE: [usize; 3] = [ENVIRONMENT, CULTURE, SPORT];

/// What the street believes residents of the community need, by domain.
pub fn street_belief(state: &CommunityState, city: &CityState, now: &StepContext) -> [f64; DOMAINS] {
    believed(state, city, now, now.rng.of(state.community.id), 1.0)
}

/// What an office believes residents need: as far as it sees them, the true needs; else what it was told, and
/// where nobody told it anything, works that can be shown, what organisations that work there speak for, and a
/// hunch. `unknown` is how much less than the street it knows.
fn believed(
    state: &CommunityState,
    city: &CityState,
    now: &StepContext,
    rng: CounterRng,
    unknown: f64,
) -> [f64; DOMAINS] {
    let funding = &now.rules.institutions.funding;
    let truth = needs(state);
    let guess = funding.blindness * unknown * state.signals.guess as f64;
    let hunch = |d: usize| rng.uniform(OFFICE, d as u32, now.month, 0) * 2.0 / DOMAINS as f64;
    let lobby = city.organisations.hours.get(state.community.id as usize);
    let hours: f64 = lobby.map_or(0.0, |hours| hours.iter().sum());
    let cut = (funding.visible + funding.lobbying).max(1.0);
    let visible = funding.visible / cut;
    let lobbying = if hours > 0.0 { funding.lobbying / cut } else { 0.0 };
    let untold = |d: usize| {
        let shown = VISIBLE.contains(&d) as u8 as f64 / VISIBLE.len() as f64;
        let spoken_for = lobby.filter(|_| hours > 0.0).map_or(0.0, |by_domain| by_domain[d] / hours);
        visible * shown + lobbying * spoken_for + (1.0 - visible - lobbying) * hunch(d)
    };
    let sensed = &state.local.demand.sensed;
    std::array::from_fn(|d| {
        let guessed = sensed.as_ref().map_or(untold(d), |s| s.unmet[d] + s.hunch * untold(d));
        (1.0 - guess) * truth[d] + guess * guessed
    })
}

/// An office pays for what it believes is needed most. Also says how wrong it was.
fn by_office(
    state: &CommunityState,
    candidates: &[Project],
    budget: i64,
    believed: [f64; DOMAINS],
) -> (Vec<usize>, Option<f64>) {
    let truth = needs(state);
    let sum: f64 = believed.iter().sum();
    let error = 0.5 * (0..DOMAINS).map(|d| (believed[d] / sum - truth[d]).abs()).sum::<f64>();
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by(|&a, &b| {
        believed[candidates[b].domain].total_cmp(&believed[candidates[a].domain]).then(a.cmp(&b))
    });
    let mut left = budget;
    order.retain(|&c| {
        let buys = candidates[c].cost <= left;
        left -= if buys { candidates[c].cost } else { 0 };
        buys
    });
    (order, Some(error))
}

/// The members of the council who sit over the fund this month; nobody where another decides.
pub(super) fn sitting(state: &CommunityState, city: &CityState, now: &StepContext) -> Vec<Member> {
    let rules = &now.rules.institutions;
    if rules.funding.decider != Decider::Council {
        return Vec::new();
    }
    council::sitting(state, now, rules.council.is_appointed().then(|| street_belief(state, city, now)))
}

fn by_council(
    state: &CommunityState,
    now: &StepContext,
    rng: CounterRng,
    members: &[Member],
    candidates: &[Project],
    budget: i64,
) -> Vec<usize> {
    let council = &now.rules.institutions.council;
    let views = deliberate(members, council.deliberation_rounds, council.susceptibility);
    let community = &state.community;
    let ballots: Vec<(usize, Vec<usize>)> = members
        .iter()
        .zip(&views)
        .enumerate()
        .map(|(seat, (member, view))| {
            let captured = rng.uniform(Stream::named("capture"), seat as u32, now.month, 0)
                < council.effective_capture();
            let home = member.resident.map(|i| community.residents.compound[i as usize]);
            // A unit is of no group, and a group of its own.
            let group = member.resident.map_or(community.groups() + seat, |i| community.group_of(i as usize));
            let view = pressing(state, now, *view);
            let likes = |p: &Project| {
                if captured {
                    p.compound.is_some() && home == p.compound
                } else {
                    view[p.domain] >= 1.0 / DOMAINS as f32
                }
            };
            (group, approved(candidates, likes))
        })
        .collect();
    vote(now, candidates, ballots, budget)
}

fn by_ballot(state: &CommunityState, now: &StepContext, candidates: &[Project], budget: i64) -> Vec<usize> {
    let given = &now.rules.institutions.funding.election;
    if !given.costs.is_empty() {
        let ballots = given.ballots.iter().enumerate().map(|(voter, ballot)| {
            let scores = given.scores.get(voter).into_iter().flatten().copied();
            let scores = scores.chain(std::iter::repeat(1));
            let ballot = ballot.iter().zip(scores);
            // As if residents were asked one after another, in rounds if there are more voters.
            let group = state.community.group_of(voter % state.community.adults().max(1));
            (group, ballot.map(|(&p, score)| Support { project: p as usize, score }))
        });
        return vote(now, candidates, ballots, budget);
    }
    let residents = &state.community.residents;
    // By need, one's second need counts only where it is not far less pressing than the first.
    let funding = &now.rules.institutions.funding;
    let least = if funding.match_rule == Match::Needs { funding.pressing as f32 } else { 0.0 };
    let ballots = (0..residents.len()).filter(|&i| residents.acts[i] & Mode::Ballot.bit() != 0).map(|i| {
        let view = pressing(state, now, wants(residents.needs[i]));
        (state.community.group_of(i), approved(candidates, move |p| view[p.domain] > least))
    });
    vote(now, candidates, ballots, budget)
}

/// What one wants served, where needs decide weighted by what each service lacks; sums to 1.
pub(super) fn pressing(state: &CommunityState, now: &StepContext, view: [f32; DOMAINS]) -> [f32; DOMAINS] {
    if now.rules.institutions.funding.match_rule == Match::Wishes {
        return view;
    }
    let lacking: [f32; DOMAINS] = std::array::from_fn(|d| view[d] * (1.0 - state.signals.services[d]));
    let sum: f32 = lacking.iter().sum();
    if sum > 0.0 { lacking.map(|l| l / sum) } else { view }
}

/// Numbers of the projects that are liked.
fn approved(candidates: &[Project], likes: impl Fn(&Project) -> bool) -> Vec<usize> {
    (0..candidates.len()).filter(|&c| likes(&candidates[c])).collect()
}

/// The projects chosen by `ballots`, each with the number of its voter's group.
fn vote<B, S>(
    now: &StepContext,
    candidates: &[Project],
    ballots: impl IntoIterator<Item = (usize, B)>,
    budget: i64,
) -> Vec<usize>
where
    B: IntoIterator<Item = S>,
    S: Into<Support>,
{
    let costs: Vec<i64> = candidates.iter().map(|p| p.cost).collect();
    let choose = match now.rules.institutions.council.rule {
        Rule::GroupMajority => return by_groups(&costs, ballots, budget),
        Rule::Majority => Election::majority,
        Rule::Greedy => Election::greedy,
        Rule::EqualShares => Election::equal_shares,
    };
    choose(&Election::new(&costs, ballots.into_iter().map(|(_, ballot)| ballot), budget))
}

/// Each group decides by the majority of those of it who vote, and the majority of groups decides.
fn by_groups<B, S>(costs: &[i64], ballots: impl IntoIterator<Item = (usize, B)>, budget: i64) -> Vec<usize>
where
    B: IntoIterator<Item = S>,
    S: Into<Support>,
{
    let mut groups: BTreeMap<usize, Vec<Vec<Support>>> = BTreeMap::new();
    for (group, ballot) in ballots {
        groups.entry(group).or_default().push(ballot.into_iter().map(Into::into).collect());
    }
    let all = groups.values().flatten().map(|ballot| ballot.iter().copied());
    let election = Election::new(costs, all, budget);
    let of_group = |ballots: Vec<Vec<Support>>| Election::new(costs, ballots, budget);
    election.group_majority(&groups.into_values().map(of_group).collect::<Vec<_>>())
}

/// Share of residents' unmet need in each domain.
pub fn needs(state: &CommunityState) -> [f64; DOMAINS] {
    let mut need = [0.0; DOMAINS];
    for n in &state.community.residents.needs {
        need[n.first()] += Needs::FIRST as f64;
        need[n.second()] += 1.0 - Needs::FIRST as f64;
    }
    for (n, &level) in need.iter_mut().zip(&state.signals.services) {
        *n *= 1.0 - level as f64;
    }
    let sum: f64 = need.iter().sum();
    need.map(|n| if sum > 0.0 { n / sum } else { 1.0 / DOMAINS as f64 })
}

/// Mean unmet need met by a yuan of `projects`, relative to the most needed domain.
pub(super) fn fit(state: &CommunityState, projects: &[Project]) -> Option<f64> {
    let need = needs(state);
    let most = need.iter().copied().fold(0.0, f64::max);
    let money: i64 = projects.iter().map(|p| p.cost).sum();
    if money == 0 || most == 0.0 {
        return None;
    }
    let met: f64 = projects.iter().map(|p| p.cost as f64 * need[p.domain]).sum();
    Some(met / money as f64 / most)
}

/// Share of residents of whose two wishes at least one is met by `projects` that serve them.
pub(super) fn coverage(state: &CommunityState, projects: &[Project]) -> Option<f64> {
    let residents = &state.community.residents;
    if residents.is_empty() {
        return None;
    }
    let for_all = |served: u16, p: &Project| served | if p.compound.is_none() { 1 << p.domain } else { 0 };
    let everywhere = projects.iter().fold(0, for_all);
    let mut served = vec![everywhere; state.community.compounds.max(1) as usize];
    for (compound, domain) in projects.iter().filter_map(|p| Some((p.compound?, p.domain))) {
        served[compound as usize] |= 1 << domain;
    }
    let is_served = |&(needs, &compound): &(&Needs, &u16)| {
        served[compound as usize] & (1 << needs.first() | 1 << needs.second()) != 0
    };
    let with_one = residents.needs.iter().zip(residents.compound.iter()).filter(is_served).count();
    Some(with_one as f64 / residents.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ballot_names_the_projects_that_are_liked() {
        let project = |domain| Project { domain, compound: None, cost: 1, months: 1, done: 0, since: 0 };
        assert_eq!(approved(&[project(1), project(2), project(1)], |p| p.domain == 1), [0, 2]);
    }
}
