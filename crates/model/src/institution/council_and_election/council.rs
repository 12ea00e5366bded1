//! The residents' council (居民议事会): who sits in it, how it deliberates, what it can decide.
//!
//! Rows 6–8, 39–41, 43, 45, 107, 132, 169 and 180. Seats are filled by election in one of three forms,
//! by lot, or by appointment; what the council then wants follows from who sits in it.

mod composition;
mod settings;

use multiversion::multiversion;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

pub use composition::Composition;
pub use settings::{Body, Rule, Selection, Settings};

use crate::base::params::text;
use crate::base::rng::{CounterRng, Stream};
use crate::city::{Community, DOMAINS, Mode, Needs};
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext,
};

/// One member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The resident, or none for a stationed unit.
    pub resident: Option<u32>,
    /// How much the member wants each domain served; sums to 1.
    pub wants: [f32; DOMAINS],
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// The members; empty without a council.
    pub members: Vec<Member>,
    /// Month in which the council was formed.
    pub formed: u32,
    /// How far seats stand from residents, in [0, 1]; NaN without a council.
    pub distance: f64,
    /// How far members' views stand apart after deliberation: mean over members of half the sum of
    /// absolute differences from the mean view, in [0, 1]; NaN without a council.
    pub disagreement: f64,
    /// Who was seated, beside who lived there then.
    pub composition: Composition,
}

impl Default for Local {
    fn default() -> Local {
        Local {
            members: Vec::new(),
            formed: 0,
            distance: f64::NAN,
            disagreement: f64::NAN,
            composition: Composition::default(),
        }
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "council",
    family: Family::CouncilAndElection,
    summary: text("The residents' council: seats, deliberation and choice.", "居民议事会:席位、协商与决策。"),
    rows: &[6, 7, 8, 39, 40, 41, 43, 45, 107, 132, 169, 180],
    equations: &[
        "distance = mean over age, sex, education, tenure and hukou of ½ Σ |share of seats − share of adults|",
        "deliberation (Friedkin–Johnsen): x' = Λ · mean(x) + (1 − Λ) · x₀",
        "share of voices taken up = min(1, agenda items · agenda_open_share / voices)",
        "own rules: the stakes of keeping them are residents' say in them, local_rulemaking · say; they settle that share of what law leaves open",
    ],
    neutral: &[("enabled", "false")],
    demonstration: &[
        ("enabled", "true"),
        ("unit_seat_share", "0.1"),
        ("term_months", "12"),
        ("local_rulemaking", "0.3"),
    ],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "calls an election where one is due, and opens its sessions",
            run: Run::Community(open),
        },
        Act {
            step: Step::Decisions,
            what: "fills its seats, and takes up what residents raise",
            run: Run::Community(sit),
        },
    ],
};

impl Settings {
    /// True if residents' votes fill the seats.
    pub fn elected(&self) -> bool {
        let by_vote =
            matches!(self.selection, Selection::Direct | Selection::Household | Selection::Delegates);
        self.body == Body::Council && by_vote
    }

    /// Share of the say in the council that is residents' own.
    pub fn residents_say(&self) -> f64 {
        (1.0 - self.unit_seat_share) * (1.0 - self.effective_capture())
    }

    /// Capture, halved where others execute what is decided.
    pub fn effective_capture(&self) -> f64 {
        self.capture * if self.separation { 0.5 } else { 1.0 }
    }
}

fn due(local: &Local, council: &Settings, now: &StepContext) -> bool {
    council.enabled && (local.members.is_empty() || now.month - local.formed >= council.term_months)
}

/// Sessions in this calendar month.
fn sessions(council: &Settings, now: &StepContext) -> f64 {
    crate::institution::opportunities::this_month(council.sessions_per_year, now)
}

fn open(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let council = &now.rules.institutions.council;
    if !council.enabled {
        state.local.council = Local::default();
        return;
    }
    let fit = now.rules.institutions.opportunities.fit;
    let signals = &mut state.signals;
    if due(&state.local.council, council, now) && council.elected() {
        signals.open[Mode::Vote as usize] = 1.0;
        let stake = &mut signals.stake[Mode::Vote as usize];
        *stake = stake.max(council.residents_say() as f32);
        // The same people hold it who hold the committee's election, in the same way.
        let election = &now.rules.institutions.election;
        signals.announced[Mode::Vote as usize] = election.publicity as f32;
        let asked = election.asked(&state.community);
        signals.ask(Asker::Campaign, &[Mode::Vote], asked);
    }
    let chance = crate::institution::opportunities::suits(fit, sessions(council, now));
    let meeting = &mut signals.open[Mode::Meeting as usize];
    *meeting = crate::institution::opportunities::either(*meeting, chance);
    if chance > 0.0 {
        // The stakes of a forum, unless the fund is decided there.
        let stake = &mut signals.stake[Mode::Meeting as usize];
        *stake = stake.max(0.1);
    }
    let proposal = &mut signals.open[Mode::Proposal as usize];
    *proposal =
        crate::institution::opportunities::either(*proposal, chance * council.agenda_open_share as f32);
    if council.local_rulemaking > 0.0 {
        // Sorting is the one rule of living together that residents keep or break every day.
        let say = (council.local_rulemaking * council.residents_say()) as f32;
        let sorting = &mut signals.stake[Mode::Sorting as usize];
        *sorting = sorting.max(say);
        signals.settled = crate::institution::opportunities::either(signals.settled, say);
    }
}

fn sit(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let council = &now.rules.institutions.council;
    if !council.enabled {
        return;
    }
    if due(&state.local.council, council, now) {
        form(state, council, now);
    }
    let voices = state.signals.voices();
    let items = council.agenda_items as f64 * council.agenda_open_share * sessions(council, now);
    if voices > 0 {
        let taken_up = (items / voices as f64).min(1.0) as f32;
        state.signals.answer(taken_up * state.signals.heard);
    }
}

/// Fills the seats.
fn form(state: &mut CommunityState, council: &Settings, now: &StepContext) {
    let community = &state.community;
    let rng = now.rng.of(community.id);
    let units = (council.unit_seat_share * council.seats as f64).round() as usize;
    let seats = (council.seats as usize - units.min(council.seats as usize)).min(community.adults());
    let everyone = 0..community.adults() as u32;
    let stands = |i: u32| standing(community, i as usize, rng, now.month);
    let per_group = council.delegates_per_group as usize;
    let chosen = match council.body {
        Body::Council => select(community, council, seats, rng, now.month),
        Body::Assembly => {
            let all = (per_group * community.groups()).min(community.adults());
            delegate(community, all, per_group, rng, now.month)
        }
        Body::Association => {
            let hours = |i: u32| community.residents.year_quarter_hours[i as usize] as f64;
            best(everyone, seats, |i| hours(i) + stands(i))
        }
        Body::Owners => {
            best(everyone.filter(|&i| community.residents.traits[i as usize].owner()), seats, stands)
        }
    };
    let mut members: Vec<Member> = chosen
        .iter()
        .map(|&i| Member { resident: Some(i), wants: wants(community.residents.needs[i as usize]) })
        .collect();
    members.extend((0..units).map(|_| Member { resident: None, wants: [1.0 / DOMAINS as f32; DOMAINS] }));
    let composition = Composition::of(community, &chosen, units);
    let views = deliberate(&members, council.deliberation_rounds, council.susceptibility);
    state.local.council = Local {
        distance: composition.distance(),
        disagreement: disagreement(&views),
        formed: now.month,
        composition,
        members,
    };
}

/// Mean distance of views from the mean view, as half the sum of absolute differences.
fn disagreement(views: &[[f32; DOMAINS]]) -> f64 {
    let n = views.len().max(1) as f64;
    let mean: [f64; DOMAINS] = std::array::from_fn(|d| views.iter().map(|v| v[d] as f64).sum::<f64>() / n);
    let apart = |view: &[f32; DOMAINS]| -> f64 {
        0.5 * view.iter().zip(&mean).map(|(&v, m)| (v as f64 - m).abs()).sum::<f64>()
    };
    views.iter().map(apart).sum::<f64>() / n
}

/// Who takes the seats of a council.
fn select(community: &Community, council: &Settings, seats: usize, rng: CounterRng, month: u32) -> Vec<u32> {
    match council.selection {
        Selection::Direct => elect(community, seats, &voters(community, false), rng, month),
        Selection::Household => elect(community, seats, &voters(community, true), rng, month),
        Selection::Delegates => delegate(community, seats, council.delegates_per_group as usize, rng, month),
        Selection::Sortition => draw(community, seats, rng, month),
        Selection::StratifiedSortition => draw_in_strata(community, seats, rng, month),
        Selection::Appointed => appoint(community, seats, rng, month),
    }
}

/// A resident's wants by domain.
pub fn wants(needs: Needs) -> [f32; DOMAINS] {
    let mut wants = [0.0; DOMAINS];
    wants[needs.first()] += Needs::FIRST;
    wants[needs.second()] += 1.0 - Needs::FIRST;
    wants
}

/// Members' wants after deliberation (Friedkin–Johnsen with equal weights).
pub fn deliberate(members: &[Member], rounds: u32, susceptibility: f64) -> Vec<[f32; DOMAINS]> {
    let mut views: Vec<[f32; DOMAINS]> = members.iter().map(|m| m.wants).collect();
    let open = susceptibility as f32;
    for _ in 0..rounds {
        let mut mean = [0.0f32; DOMAINS];
        for view in &views {
            for (sum, v) in mean.iter_mut().zip(view) {
                *sum += v / views.len() as f32;
            }
        }
        for (view, member) in views.iter_mut().zip(members) {
            for d in 0..DOMAINS {
                view[d] = open * mean[d] + (1.0 - open) * member.wants[d];
            }
        }
    }
    views
}

const STANDING: Stream = Stream::named("standing for election");
const TASTE: Stream = Stream::named("taste of voters");
const LOT: Stream = Stream::named("lot");

/// Residents who vote this month; under `by_household` the eldest of those in each household.
fn voters(community: &Community, by_household: bool) -> Vec<u32> {
    let residents = &community.residents;
    let votes = |i: usize| residents.acts[i] & Mode::Vote.bit() != 0;
    if !by_household {
        return (0..residents.len()).filter(|&i| votes(i)).map(|i| i as u32).collect();
    }
    (0..community.households.len())
        .filter_map(|h| {
            community.households.members(h).filter(|&i| votes(i)).max_by_key(|&i| (residents.age[i], i))
        })
        .map(|i| i as u32)
        .collect()
}

/// How ready a resident is to stand, and how fit they seem.
fn standing(community: &Community, i: usize, rng: CounterRng, month: u32) -> f64 {
    let r = &community.residents;
    let settled = (r.months_here[i] as f64 / 60.0).min(1.0);
    0.4 * r.internal_efficacy[i] as f64
        + 0.4 * r.interest[i] as f64
        + 0.3 * r.skill[i] as f64
        + 0.3 * settled
        + 0.02 * (r.time[i] as f64).min(20.0)
        + 0.15 * rng.normal(STANDING, i as u32, month, 0)
}

/// The `n` of `pool` with the highest score, highest first; ties to the lower number.
fn best(pool: impl Iterator<Item = u32>, n: usize, score: impl Fn(u32) -> f64) -> Vec<u32> {
    let mut scored: Vec<(f64, u32)> = pool.map(|i| (score(i), i)).collect();
    let higher = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if n < scored.len() {
        scored.select_nth_unstable_by(n, higher);
        scored.truncate(n);
    }
    scored.sort_by(higher);
    scored.into_iter().map(|(_, i)| i).collect()
}

/// Twice as many stand as there are seats; each voter names the candidate nearest in need, place and
/// age, with a taste of the voter's own; most votes win.
fn elect(community: &Community, seats: usize, voters: &[u32], rng: CounterRng, month: u32) -> Vec<u32> {
    let everyone = 0..community.adults() as u32;
    let candidates = best(everyone, 2 * seats, |i| standing(community, i as usize, rng, month));
    let votes = count(community, &candidates, voters.iter().copied(), rng, month);
    let order: Vec<usize> = (0..candidates.len()).collect();
    best(order.into_iter().map(|c| c as u32), seats, |c| votes[c as usize] as f64)
        .into_iter()
        .map(|c| candidates[c as usize])
        .collect()
}

fn count(
    community: &Community,
    candidates: &[u32],
    voters: impl Iterator<Item = u32>,
    rng: CounterRng,
    month: u32,
) -> Vec<u32> {
    let r = &community.residents;
    let of = |i: u32| {
        let i = i as usize;
        [r.needs[i].first() as u32, r.compound[i] as u32, r.age_band(i) as u32]
    };
    let slate: [Vec<u32>; 3] = std::array::from_fn(|k| candidates.iter().map(|&c| of(c)[k]).collect());
    let mut votes = vec![0; candidates.len()];
    let mut likings = vec![0.0; candidates.len()];
    for voter in voters {
        like(&slate, of(voter), rng, voter, month, &mut likings);
        let mut choice = (f64::NEG_INFINITY, usize::MAX);
        for (c, &liking) in likings.iter().enumerate() {
            choice = if liking > choice.0 { (liking, c) } else { choice };
        }
        if let Some(votes) = votes.get_mut(choice.1) {
            *votes += 1;
        }
    }
    votes
}

/// How much a voter likes each candidate of a `slate`, by need, place and age, and by taste.
#[multiversion(targets = "simd")]
fn like(slate: &[Vec<u32>; 3], own: [u32; 3], rng: CounterRng, voter: u32, month: u32, likings: &mut [f64]) {
    let n = likings.len();
    let [needs, compounds, bands] = slate.each_ref().map(|column| &column[..n]);
    for c in 0..n {
        let same = |column: &[u32], own: u32| (column[c] == own) as u8 as f64;
        let likeness = 0.5 * same(needs, own[0]) + 0.5 * same(compounds, own[1]) + 0.3 * same(bands, own[2]);
        let taste = rng.block(TASTE, voter, month, c as u32)[0] as f64 / u32::MAX as f64;
        likings[c] = likeness + taste;
    }
}

/// Each residents' group sends its most fitting members; delegates elect from among themselves.
fn delegate(community: &Community, seats: usize, per_group: usize, rng: CounterRng, month: u32) -> Vec<u32> {
    let mut groups: Vec<Vec<u32>> = vec![Vec::new(); community.groups()];
    for i in 0..community.adults() {
        groups[community.group_of(i)].push(i as u32);
    }
    let delegates: Vec<u32> = groups
        .into_iter()
        .flat_map(|g| best(g.into_iter(), per_group, |i| standing(community, i as usize, rng, month)))
        .collect();
    let votes = count(community, &delegates, delegates.iter().copied(), rng, month);
    best(0..delegates.len() as u32, seats, |d| votes[d as usize] as f64)
        .into_iter()
        .map(|d| delegates[d as usize])
        .collect()
}

/// Invited in the order of the lot, residents accept the more readily the more they are interested.
fn draw(community: &Community, seats: usize, rng: CounterRng, month: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..community.adults() as u32).collect();
    order.shuffle(&mut rng.stream_rng(LOT, 0, month));
    take_accepting(community, order.into_iter(), seats, rng, month)
}

fn take_accepting(
    community: &Community,
    order: impl Iterator<Item = u32>,
    seats: usize,
    rng: CounterRng,
    month: u32,
) -> Vec<u32> {
    let accepts = |i: u32| {
        let willing = 0.3 + 0.5 * community.residents.interest[i as usize] as f64;
        rng.uniform(LOT, i, month, 1 << 20) < willing
    };
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for i in order {
        if yes.len() == seats {
            break;
        }
        if accepts(i) { yes.push(i) } else { no.push(i) }
    }
    // In a tiny community those who declined are asked once more.
    let missing = seats - yes.len();
    yes.extend(no.into_iter().take(missing));
    yes
}

fn draw_in_strata(community: &Community, seats: usize, rng: CounterRng, month: u32) -> Vec<u32> {
    let r = &community.residents;
    let mut strata: Vec<Vec<u32>> = vec![Vec::new(); 10];
    for i in 0..r.len() {
        strata[r.age_band(i) * 2 + r.traits[i].male() as usize].push(i as u32);
    }
    let sizes: Vec<f64> = strata.iter().map(|s| s.len() as f64).collect();
    let quotas = crate::institution::government::split(seats as i64, &sizes);
    let mut chosen = Vec::new();
    for (stratum, quota) in strata.iter_mut().zip(quotas) {
        stratum.shuffle(&mut rng.stream_rng(LOT, 1 + chosen.len() as u32, month));
        let quota = (quota as usize).min(stratum.len());
        chosen.extend(take_accepting(community, stratum.iter().copied(), quota, rng, month));
    }
    chosen
}

/// The street names those it knows: party members, owners, people with standing.
fn appoint(community: &Community, seats: usize, rng: CounterRng, month: u32) -> Vec<u32> {
    let r = &community.residents;
    best(0..community.adults() as u32, seats, |i| {
        let t = r.traits[i as usize];
        standing(community, i as usize, rng, month)
            + 0.6 * t.party() as u8 as f64
            + 0.2 * t.owner() as u8 as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(d: usize) -> Member {
        let mut wants = [0.0; DOMAINS];
        wants[d] = 1.0;
        Member { resident: None, wants }
    }

    #[test]
    fn deliberation_brings_views_together_and_keeps_their_mean() {
        let members: Vec<Member> = (0..4).map(member).collect();
        let spread = |views: &[[f32; DOMAINS]]| -> f32 { views.iter().map(|v| (v[0] - 0.25).powi(2)).sum() };
        let (before, after) = (deliberate(&members, 0, 0.5), deliberate(&members, 5, 0.5));
        assert!(spread(&after) < spread(&before));
        let mean: f32 = after.iter().map(|v| v[0]).sum::<f32>() / 4.0;
        assert!((mean - 0.25).abs() < 1e-6);
    }

    #[test]
    fn stubborn_members_keep_their_views() {
        let members = [member(1), member(2)];
        assert_eq!(deliberate(&members, 10, 0.0), deliberate(&members, 0, 0.0));
    }
}
