//! The residents' representative assembly (居民代表大会): each residents' group sends representatives,
//! who bring up its matters, and tell it afterwards what was said.
//!
//! Rows 5, 51 and 132. What is brought up is what those need who come, and what is told is told by them: a group of
//! which nobody comes is neither heard nor told.

use serde::{Deserialize, Serialize};

use super::council::{Member, hear, needs, present, wants};
use super::election;
use super::election::contest::{best, standing};
use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::base::units::MINUTES;
use crate::city::DOMAINS;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::opportunities::this_month;
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[assembly]`.
#[settings]
pub struct Settings {
    /// Meetings of the residents' representative assembly; 0 = none.
    #[param(
        real = 0.0,
        range = 0.0..=52.0,
        unit = "meetings per year",
        zh = "居民代表大会每年召开的次数;0 表示没有。",
        choice
    )]
    pub meetings_per_year: f64,
    /// Representatives of each residents' group.
    #[param(
        count = 3,
        range = 1..=20,
        unit = "representatives",
        zh = "每个居民小组的居民代表人数。",
        measured = "3 to 5 by law (source text F19)"
    )]
    pub per_group: u32,
    /// Share of meetings to which a representative of middling efficacy comes; those more sure of themselves come more
    /// often.
    #[param(
        share = 0.8,
        zh = "效能感居中的居民代表出席会议的比例；更自信者出席更多。",
        assumed = "no register of attendance was found"
    )]
    pub attendance: f64,
    /// Residents' matters that each residents' group of which somebody comes gets through at a meeting.
    #[param(
        real = 0.5,
        range = 0.0..=100.0,
        unit = "matters per group and meeting",
        zh = "每次会议上每个有代表出席的居民小组可提出并办理的居民事项数。",
        assumed = "every second group is heard on one matter; no count was found"
    )]
    pub matters_per_group: f64,
    /// Share of residents whom representatives tell of what is open to them after a meeting, in groups of which
    /// somebody came.
    #[param(
        share = 0.15,
        zh = "会后由出席代表转告参与机会的本组居民比例。",
        assumed = "representatives are neighbours; no measurement"
    )]
    pub relay: f64,
    /// Staff time that a meeting takes.
    #[param(
        real = 16.0,
        range = 0.0..=1_000.0,
        unit = "hours per meeting",
        zh = "每次会议所需的工作人员工时。",
        assumed = "two working days"
    )]
    pub staff_hours: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// The representatives, group by group; empty before the first meeting.
    pub members: Vec<Member>,
    /// Those who come to this month's meeting.
    pub present: Vec<Member>,
    /// Share of groups of which somebody comes to this month's meeting.
    pub groups: f64,
    /// What residents needed when representatives were named, by domain; sums to 1.
    pub need: [f32; DOMAINS],
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "assembly",
    family: Family::CouncilAndElection,
    summary: text("The residents' representative assembly.", "居民代表大会。"),
    rows: &[5, 51, 132],
    equations: &[
        "representatives are those of most standing in each group, named anew in the month of the committee's election",
        "one comes with chance attendance^(2 · (1 − internal efficacy)); g = share of groups of which somebody comes",
        "share of voices in a domain taken up = min(1, matters_per_group · groups · g · meetings this month · attention / voices there), with attention the mean of what those need who come, weighted by internal efficacy",
        "unreached' = unreached · (1 − relay · g) in months with a meeting",
    ],
    neutral: &[("meetings_per_year", "0.0")],
    demonstration: &[("meetings_per_year", "4")],
    acts: &[
        Act {
            step: Step::Tasks,
            what: "is prepared by the staff, and representatives come",
            run: Run::Community(prepare),
        },
        Act {
            step: Step::Outreach,
            what: "sends its members back to tell their groups",
            run: Run::Community(relay),
        },
        Act { step: Step::Decisions, what: "takes up what residents raise", run: Run::Community(sit) },
    ],
    costs: Costs::Charged {
        label: text("the representative assembly", "居民代表大会支出"),
        charges: &[Charge {
            what: "meetings, and the hours of those who come; the staff prepare them in paid hours",
            of: meetings_cost,
        }],
    },
};

fn meetings_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (held, prices) = (meetings(now), &now.rules.costs);
    if held == 0.0 {
        return Cost::default();
    }
    let present = state.local.assembly.present.len() as f64;
    Cost::yuan(Payer::Budget, held * prices.meeting)
        .and(Cost::residents(held * present * prices.meeting_hours))
}

fn meetings(now: &StepContext) -> f64 {
    this_month(now.rules.institutions.assembly.meetings_per_year, now)
}

fn prepare(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let minutes = meetings(now) * now.rules.institutions.assembly.staff_hours * MINUTES;
    state.signals.duties += minutes as i64;
    if meetings(now) > 0.0 {
        convene(state, now);
    }
}

/// Names representatives where there are none or a committee is elected, and lets them come.
fn convene(state: &mut CommunityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let local = &state.local.assembly;
    if local.members.is_empty() || election::held(&rules.election, now) {
        state.local.assembly = name(state, rules.assembly.per_group as usize, now);
    }
    let rng = now.rng.of(state.community.id);
    let draw = |seat: u32| rng.uniform(Stream::named("attendance of representatives"), seat, now.month, 0);
    let groups = state.community.groups();
    let local = &mut state.local.assembly;
    local.present = present(&local.members, rules.assembly.attendance, draw);
    let mut heard = vec![false; groups];
    local
        .present
        .iter()
        .filter_map(|member| member.resident)
        .for_each(|i| heard[state.community.group_of(i as usize)] = true);
    local.groups = heard.iter().filter(|&&heard| heard).count() as f64 / groups as f64;
}

/// Those of most standing in each group represent it.
fn name(state: &CommunityState, per_group: usize, now: &StepContext) -> Local {
    let community = &state.community;
    let rng = now.rng.of(community.id);
    let election = &now.rules.institutions.election;
    let of_group = |group: Vec<u32>| {
        best(group.into_iter(), per_group, |i| standing(community, i as usize, election, rng, now.month))
    };
    let member = |i: u32| {
        let residents = &community.residents;
        let (needs, speaks) = (residents.needs[i as usize], residents.internal_efficacy[i as usize]);
        Member { resident: Some(i), wants: wants(needs), speaks }
    };
    let (need, _) = needs(community);
    Local {
        members: community.members_of_groups().into_iter().flat_map(of_group).map(member).collect(),
        need,
        ..Local::default()
    }
}

fn relay(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    if meetings(now) > 0.0 {
        let told = (now.rules.institutions.assembly.relay * state.local.assembly.groups) as f32;
        state.signals.unreached.iter_mut().for_each(|unreached| *unreached *= 1.0 - told);
    }
}

fn sit(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let local = &state.local.assembly;
    let groups = state.community.groups() as f64 * local.groups;
    let matters = meetings(now) * now.rules.institutions.assembly.matters_per_group * groups;
    if matters > 0.0 {
        hear(&mut state.signals, &local.need, matters, &local.present);
    }
}
