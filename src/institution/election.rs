//! Elections of the residents' committee, and the three turnouts they have.
//!
//! Rows 4, 39, 40, 41, 42 and 115. Who would vote, who did vote and who is counted as having voted
//! are three numbers: where one ballot stands for a household, the official turnout is the share of
//! residents in households that cast one.

use serde::{Deserialize, Serialize};

use super::{Act, CityState, CommunityState, Institution, Run, Step, StepContext};
use crate::base::params::{self, Key, text, word};
use crate::city::Mode;

/// Settings of `[election]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub form: Form,
    pub first_month: u32,
    pub term_months: u32,
    pub settled_months: u16,
    pub publicity: f64,
    pub mobilisation: f64,
    pub proxies: u32,
    pub delegates_per_group: u32,
    pub stake: f64,
}

/// Who casts ballots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Each resident.
    Direct,
    /// One member for each household.
    Household,
    /// Delegates of residents' groups.
    Delegates,
}

impl params::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::one_of(
                "form",
                "household",
                &[
                    word("direct", "each eligible resident casts a ballot", "全体有选举权居民直接选举"),
                    word("household", "one member casts the household's ballot", "每户派代表选举"),
                    word("delegates", "delegates of each residents' group cast ballots", "居民小组代表选举"),
                ],
            )
            .means("Who casts ballots in committee elections.", "居委会选举的投票方式。"),
            Key::count("first_month", 6, 0, 1200)
                .unit("months after the start")
                .means("Month of the first election.", "首次选举距起始的月数。")
                .choice(),
            Key::count("term_months", 36, 0, 600)
                .unit("months")
                .means("Months between elections; 0 = no elections.", "选举间隔月数;0 表示不选举。")
                .assumed("three years before the law's amendment of 2018 and five since, from memory"),
            Key::count("settled_months", 6, 0, 600)
                .unit("months")
                .means("Months of residence before one may vote.", "取得选举资格所需的居住月数。")
                .assumed("a year by law for non-locals, applied with latitude"),
            Key::share("publicity", 0.7)
                .means("Chance that a resident hears of the election by its own notices.", "居民通过选举公告得知选举的概率。")
                .assumed("a list of electors is put up and read; no measurement"),
            Key::share("mobilisation", 0.15)
                .means("Share of residents whom activists ask in person to vote.", "由积极分子当面动员投票的居民比例。")
                .assumed("no measurement"),
            Key::count("proxies", 3, 0, 100)
                .unit("ballots")
                .means("Ballots of other households or residents that each party member who votes also carries.", "每名投票党员代为投出的其他选票数。")
                .assumed("unrestricted proxy voting lets activists hold many ballots (Xiong 2008); the number is assumed, so that household ballots come near the official 90 %"),
            Key::count("delegates_per_group", 4, 1, 20)
                .unit("delegates")
                .means("Delegates of each residents' group.", "每个居民小组的代表数。")
                .measured("3 to 5 by law (source text F19)"),
            Key::share("stake", 0.3)
                .means("How much residents believe hangs on the committee's election.", "居民认为居委会选举的重要程度。")
                .assumed("no measurement"),
        ]
    }
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
    summary: text("Elections of the residents' committee.", "居民委员会选举。"),
    rows: &[4, 39, 40, 41, 42, 115],
    equations: &[
        "willing = residents who decide to vote / eligible",
        "cast = those who put a ballot in themselves / eligible",
        "official = residents whose ballot, household or group is counted / eligible",
    ],
    neutral: &[("term_months", "0")],
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

/// True if this is a month of elections.
pub fn held(election: &Settings, now: &StepContext) -> bool {
    election.term_months > 0
        && now.month >= election.first_month
        && (now.month - election.first_month) % election.term_months == 0
}

fn call(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let election = &now.rules.institutions.election;
    state.local.election = Local::default();
    if held(election, now) {
        let vote = Mode::Vote as usize;
        state.signals.open[vote] = 1.0;
        state.signals.stake[vote] = state.signals.stake[vote].max(election.stake as f32);
        state.signals.announced[vote] = election.publicity as f32;
        let asked = &mut state.signals.asked[vote];
        *asked = asked.max(election.mobilisation as f32);
    }
}

fn count(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let election = &now.rules.institutions.election;
    if !held(election, now) {
        return;
    }
    let community = &state.community;
    let residents = &community.residents;
    let eligible = |i: usize| residents.months_here[i] >= election.settled_months;
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
