//! Party branches (基层党组织): they ask residents in person, and bring others to one table.
//!
//! Rows 21, 27, 105, 139 and 187. A branch has the time of its members, and spends it on mobilising, on
//! convening or on both. Whether those whom it asks come to take part by themselves is left to habit.

use serde::{Deserialize, Serialize};

use super::opportunities::suits;
use super::{Act, CityState, CommunityState, Institution, Run, Step, StepContext};
use crate::base::params::{self, Key, text, word};
use crate::city::Mode;

/// Settings of `[party]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub strength: f64,
    pub role: Role,
    pub branch_types: u32,
    pub contacts: f64,
    pub meetings_per_year: f64,
}

/// What branches spend their time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Half on each.
    Lead,
    /// Bringing others to one table.
    Convene,
    /// Asking residents in person.
    Mobilise,
}

impl params::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::share("strength", 0.0)
                .means("Share of party members who are active in their branch; 0 = branches do nothing beyond what activists do in elections.", "在党支部中积极活动的党员比例;0 表示除选举外没有作用。")
                .choice(),
            Key::one_of(
                "role",
                "lead",
                &[
                    word("lead", "half of the time on mobilising, half on convening", "动员与召集各半"),
                    word("convene", "bringing departments, units and residents to one table", "召集各方协商"),
                    word("mobilise", "asking residents in person", "当面动员居民"),
                ],
            )
            .means("What branches spend their time on.", "党组织的主要作用。"),
            Key::count("branch_types", 2, 0, 6)
                .unit("kinds")
                .means("Of enterprises, villages, offices, schools, streets and social organisations, the kinds that have branches which sit at the table.", "企业、农村、机关、学校、街道、社会组织六类基层党组织中参与联动的类别数。")
                .assumed("street and office"),
            Key::real("contacts", 10.0, 0.0, 1_000.0)
                .unit("residents per member and month")
                .means("Residents whom an active member can ask in person in a month, if nothing else is to be done.", "每名活跃党员每月可当面动员的居民数。")
                .assumed("a few evenings"),
            Key::real("meetings_per_year", 12.0, 0.0, 365.0)
                .unit("meetings per year")
                .means("Open meetings that full strength would convene in a year.", "全力召集时每年召开的开放会议次数。")
                .assumed("one a month"),
        ]
    }
}

/// What a table at which every kind of branch sits settles of what departments leave open (assumed).
const SETTLED_AT_TABLE: f64 = 0.6;

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Party members, counted once a year.
    pub members: u32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "party",
    summary: text("Party branches that convene and mobilise.", "召集与动员的基层党组织。"),
    rows: &[21, 27, 105, 139, 187],
    equations: &[
        "asked in person = 1 − exp(−strength · m · contacts · members / adults), m = 1 to mobilise, ½ to lead, 0 to convene",
        "coordinated: 0.6 · strength · (1 − m) · branch_types / 6;  open meetings: meetings_per_year / 12 · strength · (1 − m) a month",
    ],
    neutral: &[("strength", "0.0")],
    acts: &[
        Act { step: Step::Calendar, what: "brings others to one table", run: Run::Community(convene) },
        Act {
            step: Step::Opportunities,
            what: "opens meetings and asks residents to take part",
            run: Run::Community(mobilise),
        },
    ],
};

impl Settings {
    /// Strength spent on mobilising and on convening.
    fn efforts(&self) -> (f64, f64) {
        let mobilising = match self.role {
            Role::Lead => 0.5,
            Role::Convene => 0.0,
            Role::Mobilise => 1.0,
        };
        (self.strength * mobilising, self.strength * (1.0 - mobilising))
    }
}

fn convene(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let party = &now.rules.institutions.party;
    let (_, convening) = party.efforts();
    let settled = SETTLED_AT_TABLE * convening * party.branch_types as f64 / 6.0;
    if settled > 0.0 {
        state.signals.coordinate(settled as f32);
    }
}

fn mobilise(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let party = &now.rules.institutions.party;
    if party.strength == 0.0 {
        return;
    }
    let community = &state.community;
    if state.local.party.members == 0 || now.date.of_year() == 1 {
        state.local.party.members = community.residents.traits.iter().filter(|t| t.party()).count() as u32;
    }
    let (mobilising, convening) = party.efforts();
    let per_adult = state.local.party.members as f64 / community.adults().max(1) as f64;
    let asked = 1.0 - libm::exp(-mobilising * party.contacts * per_adult);
    let modes = [Mode::Vote, Mode::Ballot, Mode::Meeting, Mode::Volunteer, Mode::Event];
    state.signals.ask(&modes, asked as f32);
    let chance = suits(now.rules.institutions.opportunities.fit, convening * party.meetings_per_year / 12.0);
    // More hangs on a table at which others sit than on a forum.
    state.signals.offer(Mode::Meeting, chance, 0.2);
}
