//! The residents' council (居民议事会): who sits in it, how it deliberates, what it can decide.
//!
//! Rows 6–8, 39–41, 43, 45, 107, 132, 169 and 180. Seats are filled by election in one of three forms,
//! by lot, or by appointment; what the council then wants follows from who sits in it.

mod composition;
mod settings;
mod sitting;

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

pub use composition::Composition;
pub use settings::{Body, Rule, Selection, Settings};
pub use sitting::{hear, present, sitting};

use super::election::contest::{
    Ballot, Contest, FOR_EACH_SEAT, OF_COUNCIL, best, delegates, standing, standing_with_street,
};
use super::election::{self, Form, own_ballots, representatives};
use crate::base::params::text;
use crate::base::rng::{CounterRng, Stream};
use crate::city::{AGE_BANDS, Community, DOMAINS, Mode, Needs};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext, funding,
};

/// One member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The resident, or none for a stationed unit.
    pub resident: Option<u32>,
    /// How much the member wants each domain served; sums to 1.
    pub wants: [f32; DOMAINS],
    /// How much the member comes and speaks: internal efficacy when seated, and of a unit the mean of the others.
    pub speaks: f32,
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// The members; empty without a council.
    pub members: Vec<Member>,
    /// Month in which seats were last filled, as far as anybody was chosen; none before.
    pub formed: Option<u32>,
    /// How far seats stand from residents, in [0, 1]; NaN without a council.
    pub distance: f64,
    /// How far members' views stand apart after deliberation: mean over members of half the sum of
    /// absolute differences from the mean view, in [0, 1]; NaN without a council.
    pub disagreement: f64,
    /// Who was seated, beside who lived there then.
    pub composition: Composition,
    /// What residents needed when seats were filled, by domain; sums to 1.
    pub need: [f32; DOMAINS],
}

impl Default for Local {
    fn default() -> Local {
        Local {
            members: Vec::new(),
            formed: None,
            distance: f64::NAN,
            disagreement: f64::NAN,
            composition: Composition::default(),
            need: [0.0; DOMAINS],
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
        "x₀ of a member = (1 − for_compound) · own wants + for_compound · what the compound needs; of one whom the street appointed (1 − deference) of it, and deference · what the street believes in",
        "a member comes to a sitting with chance attendance^(2 · (1 − internal efficacy)), and proposes a project for the own compound",
        "deliberation (Friedkin–Johnsen): x' = Λ · mean(x) + (1 − Λ) · x₀, members weighted by internal efficacy",
        "share of voices in a domain taken up = min(1, agenda items · agenda_open_share · attention / voices there), with attention the mean of what members want, so weighted",
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
    costs: Costs::Charged {
        label: text("the council", "议事会支出"),
        charges: &[
            Charge { what: "filling seats, by ballot, lot or name", of: seats_cost },
            Charge { what: "meetings, and the hours of residents who sit", of: sessions_cost },
        ],
    },
};

fn seats_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (council, prices) = (&now.rules.institutions.council, &now.rules.costs);
    if !council.enabled || state.local.council.formed != Some(now.month) {
        return Cost::default();
    }
    let yuan = match council.ballot() {
        Some(_) => state.signals.eligible[Mode::Vote as usize] as f64 * prices.ballot,
        None => state.local.council.members.len() as f64 * prices.seat,
    };
    Cost::yuan(Payer::Budget, yuan)
}

fn sessions_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (council, prices) = (&now.rules.institutions.council, &now.rules.costs);
    if !council.enabled {
        return Cost::default();
    }
    let held = sessions(council, now);
    let residents = state.local.council.members.iter().filter(|member| member.resident.is_some()).count();
    let present = residents as f64 * council.attendance;
    Cost::yuan(Payer::Budget, held * prices.meeting)
        .and(Cost::residents(held * present * prices.meeting_hours))
}

impl Settings {
    /// The form in which residents' votes fill the seats, if they do.
    pub fn ballot(&self) -> Option<Form> {
        match (self.body, self.selection) {
            (Body::Assembly, _) | (Body::Council, Selection::Delegates) => Some(Form::Delegates),
            (Body::Council, Selection::Direct) => Some(Form::Direct),
            (Body::Council, Selection::Household) => Some(Form::Household),
            _ => None,
        }
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
    council.enabled && local.formed.is_none_or(|formed| now.month - formed >= council.term_months)
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
    if due(&state.local.council, council, now)
        && let Some(form) = council.ballot()
    {
        signals.open[Mode::Vote as usize] = 1.0;
        let stake = &mut signals.stake[Mode::Vote as usize];
        *stake = stake.max(council.residents_say() as f32);
        // The same people hold it who hold the committee's election, in the same way.
        let election = &now.rules.institutions.election;
        signals.announced[Mode::Vote as usize] = election.publicity as f32;
        signals.ballot_cost = election.cost(form, &state.community);
        let asked = election.asked(&state.community);
        signals.ask(Asker::Campaign, &[Mode::Vote], asked);
    }
    let chance = crate::institution::opportunities::suits(fit, sessions(council, now));
    let meeting = &mut signals.open[Mode::Meeting as usize];
    *meeting = crate::institution::opportunities::either(*meeting, chance);
    if chance > 0.0 {
        // The stakes of a forum, unless the fund is decided there.
        let stake = &mut signals.stake[Mode::Meeting as usize];
        *stake = stake.max(now.rules.institutions.opportunities.stake_forums as f32);
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

fn sit(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let council = &now.rules.institutions.council;
    if !council.enabled {
        return;
    }
    if due(&state.local.council, council, now) {
        form(state, council, now);
    }
    let items = council.agenda_items as f64 * council.agenda_open_share * sessions(council, now);
    if items > 0.0 {
        let street = council.is_appointed().then(|| funding::street_belief(state, city, now));
        let members = sitting(state, now, street);
        hear(&mut state.signals, &state.local.council.need, items, &members);
    }
}

/// Fills the seats.
fn form(state: &mut CommunityState, council: &Settings, now: &StepContext) {
    let community = &state.community;
    let rng = now.rng.of(community.id);
    let units = (council.unit_seat_share * council.seats as f64).round() as usize;
    let seats = (council.seats as usize - units.min(council.seats as usize)).min(community.adults());
    let everyone = 0..community.adults() as u32;
    let election = &now.rules.institutions.election;
    let stands = |i: u32| standing(community, i as usize, election, rng, now.month);
    let Chosen { seats: chosen, voters } = match council.body {
        Body::Council => select(community, council, seats, now),
        Body::Assembly => delegate(community, council, community.adults(), now),
        Body::Association => {
            let hours = |i: u32| community.residents.year_quarter_hours[i as usize] as f64;
            Chosen::without_vote(best(everyone, seats, |i| hours(i) + stands(i)))
        }
        Body::Owners => {
            let owners = everyone.filter(|&i| community.residents.traits[i as usize].owner());
            Chosen::without_vote(best(owners, seats, stands))
        }
    };
    let (need, of_compounds) = needs(community);
    let seated = |&i: &u32| {
        let (own, of) =
            (wants(community.residents.needs[i as usize]), community.residents.compound[i as usize]);
        let share = council.for_compound as f32;
        let wants = std::array::from_fn(|d| own[d] + share * (of_compounds[of as usize][d] - own[d]));
        Member { resident: Some(i), wants, speaks: community.residents.internal_efficacy[i as usize] }
    };
    let mut members: Vec<Member> = chosen.iter().map(seated).collect();
    let speaks = members.iter().map(|member| member.speaks).sum::<f32>() / members.len().max(1) as f32;
    let unit = Member { resident: None, wants: [1.0 / DOMAINS as f32; DOMAINS], speaks };
    members.extend(std::iter::repeat_n(unit, units));
    let composition = Composition::of(community, &chosen, units);
    let views = deliberate(&members, council.deliberation_rounds, council.susceptibility);
    state.local.council = Local {
        distance: composition.distance(),
        disagreement: disagreement(&views),
        formed: Some(now.month),
        composition,
        members,
        need,
    };
    election::take_in(state, &voters, now);
}

/// Who takes the seats; and of those who voted, whether the one they named is among these.
struct Chosen {
    seats: Vec<u32>,
    voters: Vec<(u32, bool)>,
}

impl Chosen {
    fn without_vote(seats: Vec<u32>) -> Chosen {
        Chosen { seats, voters: Vec::new() }
    }
}

/// What residents need, by domain, as shares: of the whole community, and of each compound.
pub fn needs(community: &Community) -> ([f32; DOMAINS], Vec<[f32; DOMAINS]>) {
    let mut all = [0.0f64; DOMAINS];
    let mut of_compounds = vec![[0.0f64; DOMAINS]; community.compounds.max(1) as usize];
    let residents = &community.residents;
    for (needs, &compound) in residents.needs.iter().zip(residents.compound.iter()) {
        for (d, wants) in wants(*needs).into_iter().enumerate() {
            all[d] += wants as f64;
            of_compounds[compound as usize][d] += wants as f64;
        }
    }
    let shares = |counts: [f64; DOMAINS]| {
        let sum: f64 = counts.iter().sum();
        counts.map(|n| if sum > 0.0 { (n / sum) as f32 } else { 1.0 / DOMAINS as f32 })
    };
    (shares(all), of_compounds.into_iter().map(shares).collect())
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
fn select(community: &Community, council: &Settings, seats: usize, now: &StepContext) -> Chosen {
    let rng = now.rng.of(community.id);
    match council.selection {
        Selection::Direct | Selection::Household => elect(community, council, seats, now),
        Selection::Delegates => delegate(community, council, seats, now),
        Selection::Sortition => Chosen::without_vote(draw(community, council, seats, rng, now.month)),
        Selection::StratifiedSortition => {
            Chosen::without_vote(draw_in_strata(community, council, seats, rng, now.month))
        }
        Selection::Appointed => Chosen::without_vote(appoint(community, seats, now)),
    }
}

/// A resident's wants by domain.
pub fn wants(needs: Needs) -> [f32; DOMAINS] {
    let mut wants = [0.0; DOMAINS];
    wants[needs.first()] += Needs::FIRST;
    wants[needs.second()] += 1.0 - Needs::FIRST;
    wants
}

/// Members' wants after deliberation (Friedkin–Johnsen): each counts with the others by how much they speak, equally
/// where nobody does.
pub fn deliberate(members: &[Member], rounds: u32, susceptibility: f64) -> Vec<[f32; DOMAINS]> {
    let mut views: Vec<[f32; DOMAINS]> = members.iter().map(|m| m.wants).collect();
    let open = susceptibility as f32;
    let spoken: f32 = members.iter().map(|m| m.speaks).sum();
    let weight = |m: &Member| if spoken > 0.0 { m.speaks / spoken } else { 1.0 / members.len() as f32 };
    for _ in 0..rounds {
        let mut mean = [0.0f32; DOMAINS];
        for (view, member) in views.iter().zip(members) {
            for (sum, v) in mean.iter_mut().zip(view) {
                *sum += v * weight(member);
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

const LOT: Stream = Stream::named("lot");

/// Those who vote for a council this month, each with a ballot of their own; one of each household, where these vote.
fn ballots(community: &Community, selection: Selection) -> Vec<Ballot> {
    if selection == Selection::Household {
        return representatives(community, |_| true).map(Ballot::of).collect();
    }
    own_ballots(&community.residents, 0..community.adults())
}

/// More stand than there are seats; each voter names one candidate, and most votes win.
fn elect(community: &Community, council: &Settings, seats: usize, now: &StepContext) -> Chosen {
    let rng = now.rng.of(community.id);
    let everyone = 0..community.adults() as u32;
    let election = &now.rules.institutions.election;
    let candidates =
        best(everyone, FOR_EACH_SEAT * seats, |i| standing(community, i as usize, election, rng, now.month));
    let contest = Contest::new(community, candidates, OF_COUNCIL, rng, now.month);
    let ballots = ballots(community, council.selection);
    let (votes, named) = contest.name_one(election, &ballots);
    let seats = contest.winners(&votes, seats);
    let won = |(ballot, choice): (&Ballot, usize)| (ballot.voter, seats.contains(&contest.who[choice]));
    let voters = ballots.iter().zip(named).map(won).collect();
    Chosen { seats, voters }
}

/// Each residents' group sends those for whom most of its voters vote; from among themselves these elect as many as
/// there are seats.
fn delegate(community: &Community, council: &Settings, seats: usize, now: &StepContext) -> Chosen {
    let (rng, rules) = (now.rng.of(community.id), &now.rules.institutions.election);
    let per_group = council.delegates_per_group as usize;
    let own = ballots(community, Selection::Delegates);
    let (sent, won) = delegates(community, rules, per_group, &own, rng, now.month);
    let voters = own.iter().map(|ballot| ballot.voter).zip(won).collect();
    let of_delegates: Vec<Ballot> = sent.iter().copied().map(Ballot::of).collect();
    let contest = Contest::new(community, sent, OF_COUNCIL, rng, now.month);
    let (votes, _) = contest.name_one(rules, &of_delegates);
    Chosen { seats: contest.winners(&votes, seats), voters }
}

/// Invited in the order of the lot, residents accept the more readily the more they are interested.
fn draw(community: &Community, rules: &Settings, seats: usize, rng: CounterRng, month: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..community.adults() as u32).collect();
    order.shuffle(&mut rng.stream_rng(LOT, 0, month));
    take_accepting(community, rules, order.into_iter(), seats, rng, month)
}

fn take_accepting(
    community: &Community,
    rules: &Settings,
    order: impl Iterator<Item = u32>,
    seats: usize,
    rng: CounterRng,
    month: u32,
) -> Vec<u32> {
    let accepts = |i: u32| {
        let willing =
            rules.accepts + rules.accepts_interest * community.residents.interest[i as usize] as f64;
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

fn draw_in_strata(
    community: &Community,
    rules: &Settings,
    seats: usize,
    rng: CounterRng,
    month: u32,
) -> Vec<u32> {
    let r = &community.residents;
    let mut strata: Vec<Vec<u32>> = vec![Vec::new(); 2 * AGE_BANDS.len()];
    for i in 0..r.len() {
        strata[r.age_band(i) * 2 + r.traits[i].male() as usize].push(i as u32);
    }
    let sizes: Vec<f64> = strata.iter().map(|s| s.len() as f64).collect();
    let quotas = crate::institution::government::split(seats as i64, &sizes);
    let mut chosen = Vec::new();
    for (stratum, quota) in strata.iter_mut().zip(quotas) {
        stratum.shuffle(&mut rng.stream_rng(LOT, 1 + chosen.len() as u32, month));
        let quota = (quota as usize).min(stratum.len());
        chosen.extend(take_accepting(community, rules, stratum.iter().copied(), quota, rng, month));
    }
    chosen
}

/// The street names those it knows.
fn appoint(community: &Community, seats: usize, now: &StepContext) -> Vec<u32> {
    let (rng, election) = (now.rng.of(community.id), &now.rules.institutions.election);
    best(0..community.adults() as u32, seats, |i| {
        standing_with_street(community, i as usize, election, rng, now.month)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(d: usize) -> Member {
        let mut wants = [0.0; DOMAINS];
        wants[d] = 1.0;
        Member { resident: None, wants, speaks: 0.5 }
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
    fn those_who_speak_more_draw_the_others_to_them() {
        let loud = Member { speaks: 0.9, ..member(0) };
        let views = deliberate(&[loud, Member { speaks: 0.1, ..member(1) }], 20, 0.5);
        // The weighted mean does not move: .9 of the first; views rest half way between it and what each brought.
        assert!((views[1][0] - 0.45).abs() < 0.02 && views[0][1] < 0.1, "{views:?}");
        let silent = [0, 1].map(|d| Member { speaks: 0.0, ..member(d) });
        assert_eq!(deliberate(&silent, 1, 1.0)[0][..2], [0.5, 0.5]);
    }

    #[test]
    fn stubborn_members_keep_their_views() {
        let members = [member(1), member(2)];
        assert_eq!(deliberate(&members, 10, 0.0), deliberate(&members, 0, 0.0));
    }
}
