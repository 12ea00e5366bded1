//! Elections of the residents' committee, and the three turnouts they have.
//!
//! Rows 4, 39, 40, 41, 42 and 115. Who would vote, who did vote and who is counted as having voted
//! are three numbers: where one ballot stands for a household, the official turnout is the share of
//! residents in households that cast one.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text, words};
use crate::city::{Community, Mode};
use crate::institution::registration::Electorate;
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext,
};

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
    /// Ballots of other households or residents that each party member who votes also carries.
    #[param(
        count = 3,
        range = 0..=100,
        unit = "ballots",
        zh = "每名投票党员代为投出的其他选票数。",
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
    /// Perceived stakes of the committee's election.
    #[param(share = 0.3, zh = "居民认为居委会选举的重要程度。", assumed = "no measurement")]
    pub stake: f64,
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
}

impl Default for Local {
    fn default() -> Local {
        Local { willing: f64::NAN, cast: f64::NAN, official: f64::NAN }
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
    ],
    neutral: &[("term_months", "0")],
    demonstration: &[("term_months", "12")],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "calls residents to the ballot box",
            run: Run::Community(call),
        },
        Act {
            step: Step::Decisions,
            what: "counts who voted, and who is counted",
            run: Run::Community(count),
        },
    ],
};

impl Settings {
    /// Share of the residents of `community` whom a campaign asks to vote.
    pub fn asked(&self, community: &Community) -> f32 {
        let traits = &community.residents.traits;
        let members = traits.iter().filter(|traits| traits.party()).count() as f64;
        let contacts = members * self.campaign_hours / self.contact_hours;
        self.mobilisation.min(contacts / community.adults().max(1) as f64) as f32
    }
}

/// True if this is a month of elections.
pub fn held(election: &Settings, now: &StepContext) -> bool {
    now.recurs(election.first_month, election.term_months)
}

fn call(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let election = &now.rules.institutions.election;
    state.local.election = Local::default();
    if held(election, now) {
        let vote = Mode::Vote as usize;
        state.signals.open[vote] = 1.0;
        state.signals.stake[vote] = state.signals.stake[vote].max(election.stake as f32);
        state.signals.announced[vote] = election.publicity as f32;
        state.signals.ask(Asker::Campaign, &[Mode::Vote], election.asked(&state.community));
    }
}

fn count(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let election = &now.rules.institutions.election;
    if !held(election, now) {
        return;
    }
    let community = &state.community;
    let residents = &community.residents;
    let electorate = Electorate::of(&state.signals, &now.rules.institutions);
    let eligible = |i: usize| electorate.has(residents, i);
    let votes = |i: usize| residents.acts[i] & Mode::Vote.bit() != 0;
    let (mut all, mut willing, mut activists) = (0u32, 0u32, 0u32);
    for i in (0..residents.len()).filter(|&i| eligible(i)) {
        all += 1;
        willing += votes(i) as u32;
        activists += (votes(i) && residents.traits[i].party()) as u32;
    }
    let carried = activists * election.proxies;
    let (cast, official) = match election.form {
        Form::Direct => (willing, (willing + carried).min(all)),
        Form::Household => {
            let (mut ballots, mut covered, mut silent) = (0, 0, Vec::new());
            for h in 0..community.households.len() {
                let members = community.households.members(h);
                let electors = members.clone().filter(|&i| eligible(i)).count() as u32;
                if members.clone().any(votes) {
                    ballots += 1;
                    covered += electors;
                } else if electors > 0 {
                    silent.push(electors);
                }
            }
            // Proxies are carried for households that cast none themselves.
            covered += silent.iter().take(carried as usize).sum::<u32>();
            (ballots, covered)
        }
        Form::Delegates => {
            let mut present = vec![(0u32, 0u32); community.groups()];
            for i in (0..residents.len()).filter(|&i| eligible(i)) {
                let group = &mut present[community.group_of(i)];
                group.0 += 1;
                group.1 += votes(i) as u32;
            }
            let quorate = present.iter().filter(|g| g.1 >= election.delegates_per_group);
            quorate.fold((0, 0), |(cast, counted), g| (cast + election.delegates_per_group, counted + g.0))
        }
    };
    let share = |n: u32| if all > 0 { n as f64 / all as f64 } else { f64::NAN };
    state.local.election = Local { willing: share(willing), cast: share(cast), official: share(official) };
}
