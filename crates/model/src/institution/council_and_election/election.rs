//! Elections of the residents' committee: who stands, who is known, who votes, and who sits.
//!
//! Rows 4, 39, 40, 41, 42 and 115. Who would vote, who did vote and who is counted as having voted
//! are three numbers: where one ballot stands for a household, the official turnout is the share of
//! residents in households that cast one. Ballots seat a committee, whose skill and effort move its work until the
//! next election; voters who know those who sit judge them by what they met in the term.

mod committee;
pub(super) mod contest;
mod counting;

use serde::{Deserialize, Serialize};

pub use committee::{Committee, Seat, Slate};
use counting::{by_delegates, by_household, one_by_one};
pub use counting::{own_ballots, representatives};

use crate::base::params::{Text, settings, text, words};
use crate::city::{Community, Mode};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::registration::Electorate;
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext,
};

/// What [`Settings::standing`] is made of.
const STANDING: [Text; 6] = [
    text("internal efficacy", "内部效能感"),
    text("interest", "兴趣"),
    text("skill", "能力"),
    text("known here", "在本地为人所知"),
    text("an hour of free time", "每小时空闲时间"),
    text("chance", "随机因素"),
];

/// Settings of `[election]`.
#[settings]
pub struct Settings {
    /// Who casts ballots in committee elections.
    #[param(one_of = Household, zh = "居委会选举的投票方式。")]
    pub form: Form,
    /// Month of the first election.
    #[param(
        count = 6,
        range = 0..=1200,
        unit = "months after the start",
        zh = "首次选举距起始的月数。",
        choice
    )]
    pub first_month: u32,
    /// Months between elections; 0 = no elections.
    #[param(
        count = 36,
        range = 0..=600,
        unit = "months",
        zh = "选举间隔月数;0 表示不选举。",
        assumed = "three years before the law's amendment of 2018 and five since, from memory"
    )]
    pub term_months: u32,
    /// Months of residence before one may vote; those registered elsewhere have to get on the list of electors besides
    /// (`registration.rule`).
    #[param(
        count = 6,
        range = 0..=600,
        unit = "months",
        zh = "取得选举资格所需的居住月数;非本地户籍者另须登记(registration.rule)。",
        assumed = "electors live in the area (Organic Law of Urban Residents' Committees, article 8, from memory); half a year is what counts as living there in statistics"
    )]
    pub settled_months: u16,
    /// Chance that a resident hears of the election by its own notices.
    #[param(
        share = 0.7,
        zh = "居民通过选举公告得知选举的概率。",
        assumed = "a list of electors is put up and read; no measurement"
    )]
    pub publicity: f64,
    /// Share of residents whom activists ask in person to vote, as far as their hours are enough.
    #[param(
        share = 0.15,
        zh = "由积极分子当面动员投票的居民比例(以其时间为限)。",
        assumed = "no measurement"
    )]
    pub mobilisation: f64,
    /// Hours that party members give on average to the campaign of an election.
    #[param(
        real = 0.25,
        range = 0.0..=40.0,
        unit = "hours per party member and election",
        zh = "每名党员平均为一次选举动员投入的小时数。",
        assumed = "one in eight gives two hours"
    )]
    pub campaign_hours: f64,
    /// Hours that asking one resident in person takes.
    #[param(
        real = 0.1,
        range = 0.01..=10.0,
        unit = "hours per contact",
        zh = "当面动员一名居民所需的小时数。",
        assumed = "ten contacts an hour at the door, those who are not in included",
        demonstration = [".mobilisation=1.0"]
    )]
    pub contact_hours: f64,
    /// Ballots of silent acquaintances that each party member who votes may carry too: of their households, where
    /// households vote.
    #[param(
        count = 3,
        range = 0..=100,
        unit = "ballots",
        zh = "每名投票党员最多可代未投票的熟人(按户投票时为其家庭)投出的选票数。",
        assumed = "unrestricted proxy voting lets activists hold many ballots (Xiong 2008); the number is assumed, so that household ballots come near the official 90 %"
    )]
    pub proxies: u32,
    /// Delegates of each residents' group.
    #[param(
        count = 4,
        range = 1..=20,
        unit = "delegates",
        zh = "每个居民小组的代表数。",
        measured = "3 to 5 by law (source text F19)",
        demonstration = [".form=delegates"]
    )]
    pub delegates_per_group: u32,
    /// Perceived stakes of the committee's election, for one who knows a candidate where all is open.
    #[param(
        share = 0.3,
        zh = "居委会选举的重要程度(对认识候选人的居民而言,且选情未定时)。",
        assumed = "no measurement"
    )]
    pub stake: f64,
    /// Share of the stakes that is lost on those who know no candidate.
    #[param(
        share = 0.5,
        zh = "对不认识任何候选人的居民而言,选举重要程度的损失比例。",
        assumed = "no measurement"
    )]
    pub unknown: f64,
    /// Share of the stakes that is lost where the head had all votes the last time.
    #[param(
        share = 0.5,
        zh = "因上次选举毫无悬念而损失的选举重要程度比例(主任得到全部选票时)。",
        assumed = "turnout rises where an election is close (many studies of larger elections); by how much in committees nobody measured",
        demonstration = [".surplus=0"]
    )]
    pub lopsided: f64,
    /// What a meeting of the residents' group that names delegates costs a resident, relative to the ballot box.
    #[param(
        real = 2.0,
        range = 0.0..=20.0,
        unit = "multiple",
        zh = "参加推选代表的居民小组会议的成本,相对于前往投票箱投票。",
        assumed = "an hour in the place of half of one, and to be seen by neighbours",
        demonstration = [".form=delegates", "council.selection=delegates"]
    )]
    pub group_cost: f64,
    /// Seats of the committee, the head's among them.
    #[param(
        count = 5,
        range = 1..=9,
        unit = "seats",
        zh = "居委会席位数(含主任)。",
        measured = "5 to 9 by law; 497,000 members in 96,693 committees (China 2014)"
    )]
    pub seats: u32,
    /// Who names candidates.
    #[param(one_of = Street, zh = "候选人的提名方式。")]
    pub nomination: Nomination,
    /// Candidates beyond the seats: for the head, and again for the other seats; 0 = no choice.
    #[param(
        count = 1,
        range = 0..=20,
        unit = "candidates",
        zh = "差额人数:主任候选人与委员候选人各多于应选名额的人数;0 表示等额选举。",
        assumed = "rules of procedure ask for more candidates than seats, and mostly get one more"
    )]
    pub surplus: u32,
    /// Chance that somebody who sits on the committee stands again.
    #[param(share = 0.8, unit = "probability", zh = "现任成员再次参选的概率。", assumed = "no measurement")]
    pub stand_again: f64,
    /// Share of voters to whom candidates present themselves before an election, so that they know them.
    #[param(
        share = 0.1,
        zh = "选举前经由候选人见面与介绍而了解候选人的选民比例。",
        derived = "17.7 % were ever at an election meeting or presentation of candidates (China 2015, N = 4,068); most of them at more than one, so about a tenth at each"
    )]
    pub presented: f64,
    /// How much better a voter likes a candidate known to need the same, where tastes differ by up to 1.
    #[param(
        real = 0.5,
        range = 0.0..=10.0,
        unit = "range of tastes",
        zh = "候选人与选民首要需求相同的加分(个人偏好的差异为0至1)。",
        assumed = "no measurement"
    )]
    pub same_need: f64,
    /// The same for a candidate known to live in the same compound.
    #[param(
        real = 0.5,
        range = 0.0..=10.0,
        unit = "range of tastes",
        zh = "候选人与选民同住一个小区的加分。",
        assumed = "friends and neighbours voting is well known; no measurement in committees"
    )]
    pub same_compound: f64,
    /// The same for a candidate known to be of the same age band.
    #[param(
        real = 0.3,
        range = 0.0..=10.0,
        unit = "range of tastes",
        zh = "候选人与选民同一年龄段的加分。",
        assumed = "no measurement"
    )]
    pub same_age: f64,
    /// The same for one standard deviation of a known candidate's skill and effort.
    #[param(
        real = 0.3,
        range = 0.0..=10.0,
        unit = "range of tastes",
        zh = "了解的候选人的能力与投入每高一个标准差的加分。",
        assumed = "no measurement"
    )]
    pub merit: f64,
    /// How much full trust in the committee speaks for those who sit, with voters who know them, and none against.
    #[param(
        real = 1.0,
        range = 0.0..=10.0,
        unit = "range of tastes",
        zh = "对居委会完全信任者给现任成员的加分(限于认识其人的选民;完全不信任者同等减分)。",
        assumed = "as much as all tastes together; no measurement in committees"
    )]
    pub record: f64,
    /// What a standard deviation of the committee's skill does to the time that requests take, and of its effort to
    /// the share of voices that are taken up.
    #[param(
        real = 0.1,
        range = 0.0..=1.0,
        unit = "share per standard deviation",
        zh = "居委会成员能力每高一个标准差使办事时间缩短、投入每高一个标准差使采纳诉求增加的比例。",
        derived = "a manager one standard deviation better raises the output of a public office by about a tenth (Fenizia 2022, offices of social security in Italy; from memory); carried over"
    )]
    pub leadership: f64,
    /// How ready a resident is to stand, and how fit they seem, where an election, a council or an assembly
    /// looks for
    /// candidates.
    #[param(
        each = [0.4, 0.4, 0.3, 0.3, 0.02, 0.15],
        range = 0.0..=10.0,
        parts = STANDING,
        unit = "weight",
        zh = "参选意愿与胜任印象的构成(选举、议事会与联席会挑选候选人时)。",
        assumed = "those who are able, interested and known stand (Verba, Schlozman and Brady 1995); the sizes are assumed"
    )]
    pub standing: [f64; STANDING.len()],
    /// Months of residence after which a candidate counts as known here.
    #[param(
        real = 60.0,
        range = 1.0..=600.0,
        unit = "months",
        zh = "候选人被视为知根知底所需的居住月数。",
        assumed = "five years"
    )]
    pub standing_months: f64,
    /// Free time beyond which more of it makes nobody stand more readily.
    #[param(
        real = 20.0,
        range = 0.0..=200.0,
        unit = "hours per month",
        zh = "超过此数的空闲时间不再增加参选意愿。",
        assumed = "what an office takes"
    )]
    pub standing_hours: f64,
    /// What party membership adds to that where the street names candidates.
    #[param(
        real = 0.6,
        range = 0.0..=10.0,
        unit = "weight",
        zh = "街道提名时党员身份的加分。",
        assumed = "the street knows its members",
        demonstration = [".nomination=street"]
    )]
    pub street_party: f64,
    /// What owning a home adds to that where the street names candidates.
    #[param(
        real = 0.2,
        range = 0.0..=10.0,
        unit = "weight",
        zh = "街道提名时自有住房的加分。",
        assumed = "owners stay",
        demonstration = [".nomination=street"]
    )]
    pub street_owner: f64,
}

/// Who casts ballots.
#[words]
pub enum Form {
    /// each eligible resident casts a ballot
    #[zh = "全体有选举权居民直接选举"]
    Direct,
    /// one member casts the household's ballot
    #[zh = "每户派代表选举"]
    Household,
    /// delegates of each residents' group cast ballots
    #[zh = "居民小组代表选举"]
    Delegates,
}

/// Who names candidates.
#[words]
pub enum Nomination {
    /// the street names residents whom it knows
    #[zh = "街道提名"]
    Street,
    /// residents come forward
    #[zh = "居民自荐"]
    Residents,
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// Shares of eligible residents who decided to vote, cast a ballot themselves, and are counted;
    /// NaN outside election months.
    pub willing: f64,
    /// See `willing`.
    pub cast: f64,
    /// See `willing`.
    pub official: f64,
    /// Whether the head was elected again; none outside election months, and where the head did not stand.
    pub kept: Option<bool>,
    /// How far the head was ahead of the next in the last election, as a share of votes; NaN before the first.
    pub margin: f64,
    /// Who stands in this month's election.
    pub slate: Slate,
    /// Who sits.
    pub committee: Committee,
}

impl Default for Local {
    fn default() -> Local {
        Local {
            willing: f64::NAN,
            cast: f64::NAN,
            official: f64::NAN,
            kept: None,
            margin: f64::NAN,
            slate: Slate::default(),
            committee: Committee::default(),
        }
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "election",
    family: Family::CouncilAndElection,
    summary: text("Elections of the residents' committee.", "居民委员会选举。"),
    rows: &[4, 39, 40, 41, 42, 115],
    equations: &[
        "willing = residents who decide to vote / eligible",
        "cast = those who put a ballot in themselves / eligible",
        "official = residents whose ballot, household or group is counted / eligible",
        "stake = stake₀ · (1 − unknown · (1 − known)) · (1 − lopsided · margin), with known the expected share of residents who know a candidate, margin that of the last head",
        "cost of voting: direct 1, household 1 / adults of a household, delegates group_cost, as a multiple of the mode's",
        "a voter likes a candidate: taste + known · (same_need + same_compound + same_age + merit · (skill + effort) / 2 + record · (2 · trust in the committee − 1) for those who sit)",
        "known is certain of acquaintances, presented of all others, and of those who sit also k' = (k + (1 − k) · c) · (1 − l), with c the chance to meet the head, 1 − (1 − visits / (adults · staff)) · (1 − requests / (adults · staff)), and l the share of residents who left",
        "time of a request · exp(−leadership · skill); share of voices taken up · exp(leadership · effort): of the committee half the head's, half the others'",
        "external efficacy of a voter moves by residents.external_efficacy_gain towards 1 if the one named won, else towards 0",
    ],
    neutral: &[("term_months", "0")],
    demonstration: &[("term_months", "12")],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "gives the committee its pace, and loses members who left",
            run: Run::Community(head),
        },
        Act {
            step: Step::Opportunities,
            what: "names candidates, and calls residents to the ballot box",
            run: Run::Community(call),
        },
        Act {
            step: Step::Decisions,
            what: "counts who voted and who is counted, and seats the committee",
            run: Run::Community(count),
        },
        Act {
            step: Step::Encounters,
            what: "makes the head known to whom residents meet",
            run: Run::Community(meet),
        },
    ],
    costs: Costs::Charged {
        label: text("elections of the committee", "居委会选举支出"),
        charges: &[
            Charge { what: "holding the election", of: holding_cost },
            Charge { what: "hours of party members who campaign", of: campaign_cost },
        ],
    },
};

fn holding_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let is_held = held(&now.rules.institutions.election, now);
    let electors = if is_held { state.signals.eligible[Mode::Vote as usize] } else { 0 };
    Cost::yuan(Payer::Budget, electors as f64 * now.rules.costs.ballot)
}

fn campaign_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let election = &now.rules.institutions.election;
    if !held(election, now) {
        return Cost::default();
    }
    let contacts = election.asked(&state.community) as f64 * state.community.adults() as f64;
    Cost::residents(contacts * election.contact_hours)
}

impl Settings {
    /// Share of the residents of `community` whom a campaign asks to vote.
    pub fn asked(&self, community: &Community) -> f32 {
        let traits = &community.residents.traits;
        let members = traits.iter().filter(|traits| traits.party()).count() as f64;
        let contacts = members * self.campaign_hours / self.contact_hours;
        self.mobilisation.min(contacts / community.adults().max(1) as f64) as f32
    }

    /// What voting in this form costs a resident, as a multiple of going to the ballot box: where one ballot stands
    /// for a household, one of its members goes for all.
    pub fn cost(&self, form: Form, community: &Community) -> f32 {
        match form {
            Form::Direct => 1.0,
            Form::Household => community.households.len() as f32 / community.adults().max(1) as f32,
            Form::Delegates => self.group_cost as f32,
        }
    }
}

/// True if this is a month of elections.
pub fn held(election: &Settings, now: &StepContext) -> bool {
    now.recurs(election.first_month, election.term_months)
}

fn head(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let committee = &mut state.local.election.committee;
    committee.retire(&state.community.residents, now.month);
    let pace = now.rules.institutions.election.leadership * committee.skill();
    state.signals.effort *= libm::exp(-pace) as f32;
}

fn call(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let election = &now.rules.institutions.election;
    let local = std::mem::take(&mut state.local.election);
    state.local.election = Local { committee: local.committee, margin: local.margin, ..Local::default() };
    if !held(election, now) {
        return;
    }
    let slate = committee::nominate(state, election, now);
    let vote = Mode::Vote as usize;
    let stake = stake(state, election, &slate) as f32;
    let signals = &mut state.signals;
    signals.open[vote] = 1.0;
    signals.stake[vote] = signals.stake[vote].max(stake);
    signals.announced[vote] = election.publicity as f32;
    signals.ballot_cost = election.cost(election.form, &state.community);
    signals.ask(Asker::Campaign, &[Mode::Vote], election.asked(&state.community));
    state.local.election.slate = slate;
}

/// The stakes of an election, as far as residents know whom it is about and do not know how it will end.
fn stake(state: &CommunityState, election: &Settings, slate: &Slate) -> f64 {
    let (community, local) = (&state.community, &state.local.election);
    let adults = community.adults() as f64;
    let acquaintances =
        (0..community.adults()).map(|i| community.ties.known(i) as f64).sum::<f64>() / adults.max(1.0);
    // Delegates stand in each group, before its members alone.
    let (candidates, pool) = match election.form {
        Form::Delegates => {
            (contest::standing_for(election.delegates_per_group), adults / community.groups() as f64)
        }
        Form::Direct | Form::Household => (slate.len() as f64, adults),
    };
    let known = committee::reach(election.presented, local.committee.known, candidates, acquaintances, pool);
    let expected = if local.margin.is_nan() { 0.0 } else { local.margin };
    election.stake * (1.0 - election.unknown * (1.0 - known)) * (1.0 - election.lopsided * expected)
}

fn count(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let election = &now.rules.institutions.election;
    if !held(election, now) {
        return;
    }
    let electorate = Electorate::of(&state.signals, &now.rules.institutions);
    let count = match election.form {
        Form::Direct => one_by_one(&state.community, election, electorate),
        Form::Household => by_household(&state.community, election, electorate),
        Form::Delegates => by_delegates(&state.community, election, electorate, now),
    };
    let slate = std::mem::take(&mut state.local.election.slate);
    let outcome = committee::elect(state, &slate, &count.ballots, election, now);
    let share = |n: u32| if count.all > 0 { n as f64 / count.all as f64 } else { f64::NAN };
    let (willing, cast, official) = (share(count.willing), share(count.cast), share(count.official));
    let margin = if outcome.margin.is_nan() { state.local.election.margin } else { outcome.margin };
    let (kept, committee) = (outcome.kept, outcome.committee);
    state.local.election = Local { willing, cast, official, kept, margin, slate, committee };
    let own = || count.ballots.iter().map(|ballot| ballot.voter).zip(outcome.won).collect();
    let voters: Vec<(u32, bool)> = if election.form == Form::Delegates { count.sent } else { own() };
    take_in(state, &voters, now);
}

/// Voters take in whether the one they named was elected.
pub fn take_in(state: &mut CommunityState, voters: &[(u32, bool)], now: &StepContext) {
    if voters.is_empty() {
        return;
    }
    let gain = now.rules.residents.external_efficacy_gain as f32;
    for &(voter, won) in voters {
        let efficacy = &mut state.community.residents.external_efficacy[voter as usize];
        *efficacy += gain * (won as u8 as f32 - *efficacy);
    }
    let won = voters.iter().filter(|(_, won)| *won).count();
    state.signals.verdict = won as f32 / voters.len() as f32;
}

fn meet(state: &mut CommunityState, _: &CityState, _: &StepContext) {
    // Visits and requests are shared evenly among the staff, whom the head leads and works with. Whoever is at home
    // receives a visit, one adult of a household.
    let people = state.local.staff.people.max(1) as f64;
    let adults = state.community.adults().max(1) as f64;
    let signals = &state.signals;
    let visits = signals.visited as f64 * state.community.households.len() as f64;
    let requests = signals.filed as f64;
    let meets = |times: f64| (times / adults).min(1.0) / people;
    let chance = 1.0 - (1.0 - meets(visits)) * (1.0 - meets(requests));
    state.local.election.committee.become_known(chance, signals.left as f64 / adults);
}
