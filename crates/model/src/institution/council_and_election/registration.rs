//! The list of electors: who may vote for the committee, and how those registered elsewhere get on it.
//!
//! Row 39. Whoever has local hukou is on the list. Whoever is registered elsewhere may apply after a
//! year of residence, unless they vote at home. Few do so unasked; more do of those whom somebody has asked in person
//! within about the last year. Turnout is of those who may vote.

use crate::base::params::{settings, text, words};
use crate::base::rng::Stream;
use crate::city::{Mode, Residents};
use crate::institution::cost::Costs;
use crate::institution::{
    Act, CityState, CommunityState, Family, Institution, Run, Settings as Institutions, Signals, Step,
    StepContext,
};

const APPLIES: Stream = Stream::named("application for the list of electors");
const VOTES_AT_HOME: Stream = Stream::named("votes where registered");

/// Settings of `[registration]`.
#[settings]
pub struct Settings {
    /// Who may vote for committee and council, beside those with local hukou.
    #[param(one_of = Application, zh = "除本地户籍居民外,谁可参加居委会与议事会选举。")]
    pub rule: Rule,
    /// Months of residence after which somebody registered elsewhere may apply.
    #[param(
        count = 12,
        range = 0..=600,
        unit = "months",
        zh = "非本地户籍居民可申请登记为选民所需的居住月数。",
        derived = "a year of residence, an application and the consent of the assembly (Organic Law of Villagers' Committees 2010, article 13, from memory); local rules for residents' committees follow it, some with half a year"
    )]
    pub residence_months: u16,
    /// Chance that one who may apply does so at an election, if nobody asked them to take part in anything.
    #[param(
        share = 0.1,
        unit = "probability per election",
        zh = "可申请者在一次选举中未经动员而申请登记的概率。",
        assumed = "migrants vote far less than others with the same attributes, mainly because of the rules (Chen, Lu and Xu 2015, CGSS 2010), and case studies find few applications; no rate was found"
    )]
    pub application: f64,
    /// The same of those who were asked in person within about the last year.
    #[param(
        share = 0.4,
        unit = "probability per election",
        zh = "过去一年内曾被当面邀请者在一次选举中申请登记的概率。",
        assumed = "several times as many as unasked, since most do not know that they may; no measurement"
    )]
    pub application_asked: f64,
    /// Share of those registered elsewhere who vote there, and may therefore not vote here.
    #[param(
        share = 0.1,
        zh = "非本地户籍居民中在户籍地参加选举、因而不得在此投票的比例。",
        assumed = "few travel home to vote, some are voted for there; no measurement"
    )]
    pub home_vote: f64,
}

/// Who may vote.
#[words]
pub enum Rule {
    /// local hukou, or a year here, an application, and no vote at home
    #[zh = "本地户籍,或居住满一年并申请登记且不在户籍地投票"]
    Application,
    /// everybody who has lived here for `election.settled_months`
    #[zh = "凡居住满 election.settled_months 者"]
    Everybody,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "registration",
    family: Family::CouncilAndElection,
    summary: text("The list of electors, and hukou.", "选民登记与户籍。"),
    rows: &[39],
    equations: &[
        "may vote = settled_months of residence, and by rule application: local hukou or on the list",
        "of those registered elsewhere, here for `residence_months` and not voting at home, a share application + (application_asked − application) · min(1, contacts of the last year) gets on the list at each election, and stays on it",
    ],
    neutral: &[("rule", "\"everybody\"")],
    demonstration: &[("rule", "\"application\"")],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "says whether only those may vote and stand who are on the list of electors",
            run: Run::Community(keep),
        },
        Act {
            step: Step::Opportunities,
            what: "puts those who apply on the list of electors",
            run: Run::Community(enrol),
        },
    ],
    costs: Costs::Free("applications are handled with the election"),
};

/// The residents who may vote, as two conditions.
#[derive(Clone, Copy)]
pub struct Electorate {
    settled_months: u16,
    listed_only: bool,
}

impl Electorate {
    /// That of a community this month.
    pub fn of(signals: &Signals, rules: &Institutions) -> Electorate {
        Electorate { listed_only: signals.listed_only, ..Electorate::settled(rules.election.settled_months) }
    }

    /// Everybody who has lived here for so many months.
    pub fn settled(months: u16) -> Electorate {
        Electorate { settled_months: months, listed_only: false }
    }

    /// True if resident `i` may vote.
    #[inline(always)]
    pub fn has(self, residents: &Residents, i: usize) -> bool {
        let settled = residents.months_here[i] >= self.settled_months;
        settled & (!self.listed_only | residents.traits[i].listed())
    }
}

fn keep(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    state.signals.listed_only = now.rules.institutions.registration.rule == Rule::Application;
}

/// In a month in which people vote, some of those who may apply do.
fn enrol(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let registration = &now.rules.institutions.registration;
    if registration.rule == Rule::Everybody || state.signals.open[Mode::Vote as usize] == 0.0 {
        return;
    }
    let rng = now.rng.of(state.community.id);
    let residents = &mut state.community.residents;
    for i in 0..residents.len() {
        if residents.traits[i].listed() || residents.months_here[i] < registration.residence_months {
            continue;
        }
        let asked = residents.contacts_of_late(i).min(1.0) as f64;
        let chance =
            registration.application + (registration.application_asked - registration.application) * asked;
        // Drawn by the month in which they came, so that it is the same at every election.
        let came = now.month.wrapping_sub(residents.months_here[i] as u32);
        let applies = rng.uniform(APPLIES, i as u32, now.month, 0) < chance;
        if applies && rng.uniform(VOTES_AT_HOME, i as u32, came, 0) >= registration.home_vote {
            residents.traits[i] = residents.traits[i].on_the_list();
        }
    }
}
