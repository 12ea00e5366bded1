//! Teams of volunteers (社区志愿服务队伍): they find occasions, ask acquaintances, and serve neighbours.
//!
//! Row 30.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::{DOMAINS, Mode, Target};
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::diffusion::Practice;
use crate::institution::opportunities::{either, suits_of};
use crate::institution::{
    Act, Asker, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};

/// Settings of `[volunteer]`.
#[settings]
pub struct Settings {
    /// Volunteer teams; 0 = none.
    #[param(
        real = 0.0,
        range = 0.0..=100.0,
        unit = "teams per community",
        zh = "志愿服务队数量;0 表示没有。",
        choice
    )]
    pub teams: f64,
    /// Occasions to volunteer that a team finds.
    #[param(
        real = 2.0,
        range = 0.0..=100.0,
        unit = "occasions per team and month",
        zh = "每支队伍每月组织的志愿服务次数。",
        assumed = "every other week"
    )]
    pub occasions: f64,
    /// Residents whom a team asks in person to join in.
    #[param(
        real = 30.0,
        range = 0.0..=10_000.0,
        unit = "residents per team and month",
        zh = "每支队伍每月当面邀请的居民数。",
        assumed = "ten members, three acquaintances each"
    )]
    pub asks: f64,
    /// Neighbours who are helped by an hour of the team's work.
    #[param(
        real = 0.5,
        range = 0.0..=100.0,
        unit = "residents per hour",
        zh = "每小时服务惠及的邻居数。",
        assumed = "two hours for a neighbour in need"
    )]
    pub helped: f64,
    /// How much an hour per adult raises the service that lacks most, of what is missing.
    #[param(
        real = 0.02,
        range = 0.0..=10.0,
        unit = "share per hour and adult",
        zh = "人均一小时服务对最欠缺领域水平的提升。",
        assumed = "as an hour of an organisation's work"
    )]
    pub service_gain: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Hours of the teams' work this month.
    pub hours: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "volunteer",
    family: Family::OrganisationsAndPartners,
    summary: text("Teams of volunteers who serve neighbours.", "服务邻里的志愿服务队。"),
    rows: &[30],
    equations: &[
        "hours of the teams = volunteers not in the waste group · hours of volunteering · teams' share of occasions",
        "Q' = Q + service_gain · hours per adult · (1 − Q) in the domain that lacks most; helped · hours neighbours have an experience, residents.activity_good of them a good one",
    ],
    neutral: &[("teams", "0.0")],
    demonstration: &[("teams", "0.5")],
    acts: &[
        Act {
            step: Step::Opportunities,
            what: "finds occasions to volunteer, and asks acquaintances",
            run: Run::Community(find),
        },
        Act {
            step: Step::Encounters,
            what: "serves where most is lacking, and helps neighbours",
            run: Run::Community(serve),
        },
    ],
    costs: Costs::Charged {
        label: text("teams of volunteers", "志愿服务队支出"),
        charges: &[Charge {
            what: "what teams need; their hours are among those of taking part",
            of: teams_cost,
        }],
    },
};

fn teams_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let in_use = Practice::VolunteerTeams.is_in_use(state) as u8 as f64;
    let teams = in_use * now.rules.institutions.volunteer.teams;
    Cost::yuan(Payer::Budget, teams * now.rules.costs.team)
}

fn occasions(state: &CommunityState, volunteer: &Settings) -> f64 {
    if Practice::VolunteerTeams.is_in_use(state) { volunteer.teams * volunteer.occasions } else { 0.0 }
}

fn find(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let occasions = occasions(state, &rules.volunteer);
    if occasions == 0.0 {
        return;
    }
    let adults = state.community.adults().max(1) as f64;
    let signals = &mut state.signals;
    let mode = Mode::Volunteer as usize;
    let chance = suits_of(&rules.opportunities, occasions, adults);
    signals.open[mode] = either(signals.open[mode], chance);
    signals.stake[mode] = signals.stake[mode].max(rules.opportunities.stake_organised as f32);
    let asked = (rules.volunteer.teams * rules.volunteer.asks / adults).min(1.0) as f32;
    signals.ask(Asker::Volunteers, &[Mode::Volunteer], asked);
}

fn serve(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let own = occasions(state, &rules.volunteer);
    state.local.volunteer.hours = 0.0;
    if own == 0.0 {
        return;
    }
    let others = rules.opportunities.volunteering_per_month + state.local.organisations.activities;
    let volunteers =
        state.signals.took_part[Mode::Volunteer as usize] as f64 - state.local.waste.members as f64;
    let each = now.rules.modes[Mode::Volunteer as usize].hours;
    let hours = volunteers.max(0.0) * each * own / (own + others);
    state.local.volunteer.hours = hours;
    let adults = state.community.adults().max(1) as f64;
    let signals = &mut state.signals;
    let services = &mut signals.services;
    let lacking = (0..DOMAINS).min_by(|&a, &b| services[a].total_cmp(&services[b])).unwrap_or(0);
    let gain = (hours / adults * rules.volunteer.service_gain).min(1.0) as f32;
    services[lacking] += gain * (1.0 - services[lacking]);
    let chance = (hours * rules.volunteer.helped / adults).min(1.0) as f32;
    let neighbours = &mut signals.contacts[Target::Neighbours as usize];
    *neighbours = neighbours.and(Contact { chance, good: now.rules.residents.activity_good as f32 });
}
