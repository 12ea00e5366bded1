//! Party branches (基层党组织): they ask residents in person, and bring others to one table.
//!
//! Rows 21, 27, 105, 139 and 187. A branch has the time of its members, and spends it on mobilising, on
//! convening or on both. Whether those whom it asks come to take part by themselves is left to habit.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text, words};
use crate::city::Mode;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::opportunities::suits;
use crate::institution::{
    Act, Asker, CityState, CommunityState, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[party]`.
#[settings]
pub struct Settings {
    /// Share of party members who are active in their branch; 0 = branches do nothing beyond what activists
    /// do in elections.
    #[param(share = 0.0, zh = "在党支部中积极活动的党员比例;0 表示除选举外没有作用。", choice)]
    pub strength: f64,
    /// What branches spend their time on.
    #[param(one_of = Lead, zh = "党组织的主要作用。")]
    pub role: Role,
    /// Of enterprises, villages, offices, schools, streets and social organisations, the kinds that have
    /// branches which sit at the table.
    #[param(
        count = 2,
        range = 0..=6,
        unit = "kinds",
        zh = "企业、农村、机关、学校、街道、社会组织六类基层党组织中参与联动的类别数。",
        assumed = "street and office"
    )]
    pub branch_types: u32,
    /// Residents whom an active member can ask in person in a month, if nothing else is to be done.
    #[param(
        real = 10.0,
        range = 0.0..=1_000.0,
        unit = "residents per member and month",
        zh = "每名活跃党员每月可当面动员的居民数。",
        assumed = "a few evenings"
    )]
    pub contacts: f64,
    /// Open meetings that full strength would convene in a year.
    #[param(
        real = 12.0,
        range = 0.0..=365.0,
        unit = "meetings per year",
        zh = "全力召集时每年召开的开放会议次数。",
        assumed = "one a month"
    )]
    pub meetings_per_year: f64,
    /// What a table at which every kind of branch sits settles of what departments leave open.
    #[param(
        share = 0.6,
        zh = "各类党组织齐聚时能解决的部门协调问题比例。",
        assumed = "no measurement",
        demonstration = [".role=convene"]
    )]
    pub settled_at_table: f64,
    /// What is at stake in a meeting that branches convene.
    #[param(
        share = 0.2,
        zh = "党组织召集的会议在居民眼中的重要程度。",
        assumed = "between a forum and a meeting with officials",
        demonstration = [".role=convene"]
    )]
    pub stake: f64,
}

/// What branches spend their time on.
#[words]
pub enum Role {
    /// half of the time on mobilising, half on convening
    #[zh = "动员与召集各半"]
    Lead,
    /// bringing departments, units and residents to one table
    #[zh = "召集各方协商"]
    Convene,
    /// asking residents in person
    #[zh = "当面动员居民"]
    Mobilise,
}

/// Kinds of branch that there are: of firms, villages, offices, schools, streets and organisations.
const BRANCH_TYPES: f64 = 6.0;

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Party members, counted once a year.
    pub members: u32,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "party",
    family: Family::OrganisationsAndPartners,
    summary: text("Party branches that convene and mobilise.", "召集与动员的基层党组织。"),
    rows: &[21, 27, 105, 139, 187],
    equations: &[
        "asked in person = 1 − exp(−strength · m · contacts · members / adults), m = 1 to mobilise, ½ to lead, 0 to convene",
        "coordinated: settled_at_table · strength · (1 − m) · branch_types / 6;  open meetings: meetings_per_year / 12 · strength · (1 − m) a month",
    ],
    neutral: &[("strength", "0.0")],
    demonstration: &[("strength", "0.2")],
    acts: &[
        Act { step: Step::Calendar, what: "brings others to one table", run: Run::Community(convene) },
        Act {
            step: Step::Opportunities,
            what: "opens meetings and asks residents to take part",
            run: Run::Community(mobilise),
        },
    ],
    costs: Costs::Charged {
        label: text("party branches", "党组织活动支出"),
        charges: &[Charge {
            what: "open meetings, and hours of members who ask residents in person",
            of: branches_cost,
        }],
    },
};

fn branches_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (party, rules) = (&now.rules.institutions.party, &now.rules.institutions);
    if party.strength == 0.0 {
        return Cost::default();
    }
    let (mobilising, convening) = party.efforts();
    let contacts = mobilising * party.contacts * state.local.party.members as f64;
    let meetings = convening * party.meetings_per_year / 12.0;
    Cost::yuan(Payer::Budget, meetings * now.rules.costs.meeting)
        .and(Cost::residents(contacts * rules.election.contact_hours))
}

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
    let settled = party.settled_at_table * convening * party.branch_types as f64 / BRANCH_TYPES;
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
    state.signals.ask(Asker::Party, &modes, asked as f32);
    let chance = suits(now.rules.institutions.opportunities.fit, convening * party.meetings_per_year / 12.0);
    state.signals.offer(Mode::Meeting, chance, party.stake as f32);
}
