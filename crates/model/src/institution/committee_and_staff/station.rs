//! Service points outside the committee: the station that serves several compounds (一站多居), the
//! street's service centre and the civil-affairs window at the district hall.
//!
//! Rows 24, 25, 26, 38, 52 and 53. Residents take an errand to the nearest point that they find worth
//! the way, and to the committee if none is. A point far away, or one that sends them home to come back,
//! is worth the way to fewer. The station also does departments' tasks of the six families.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::units::MINUTES;
use crate::institution::cost::{Charge, Cost, Costs};
use crate::institution::{Act, CityState, CommunityState, Family, Institution, Run, Step, StepContext};

/// Settings of `[station]`.
#[settings]
pub struct Settings {
    /// Staff of each public-affairs station; 0 = no stations.
    #[param(
        count = 0,
        range = 0..=500,
        unit = "persons per station",
        zh = "每个公共事务服务站的工作人员数;0 表示没有服务站。",
        choice
    )]
    pub staff: u32,
    /// Compounds that one station serves (一站多居); no station reaches beyond its community.
    #[param(
        count = 6,
        range = 1..=1_000,
        unit = "compounds",
        zh = "一个服务站服务的居民小区数(一站多居)。",
        assumed = "F19 says several"
    )]
    pub compounds_per_station: u32,
    /// Whether an errand is done in one go at one desk.
    #[param(flag = false, zh = "是否一站式办理。")]
    pub one_stop: bool,
    /// Share of errands that take a second trip where they are not done in one go.
    #[param(share = 0.4, zh = "非一站式办理时需跑第二次的比例。", assumed = "no measurement")]
    pub second_trips: f64,
    /// Share of departments' tasks that a station does in the committee's place, as far as it has the time.
    #[param(
        share = 0.3,
        zh = "服务站代居委会完成的部门任务比例(视时间而定)。",
        assumed = "F19: the station does the government's tasks of six families; no share is given"
    )]
    pub task_share: f64,
    /// Whether the street has a service centre.
    #[param(flag = false, zh = "街道是否设社区服务中心。")]
    pub street_centre: bool,
    /// Whether the district hall has a civil-affairs window.
    #[param(flag = false, zh = "区政务中心是否设民政窗口。")]
    pub district_window: bool,
    /// How fast the way keeps people off: the share who find it worth the way is exp(−distance_cost · trips ·
    /// distance).
    #[param(
        real = 0.15,
        range = 0.0..=10.0,
        unit = "1 / compound widths",
        zh = "距离对前往意愿的阻隔程度:愿意前往的比例为 exp(−距离成本·次数·距离)。",
        assumed = "a station for four compounds keeps off a quarter"
    )]
    pub distance_cost: f64,
    /// Share of those served at the desk who find it well done, at the first trip.
    #[param(
        share = 0.95,
        zh = "一次办结者中认为办理良好的比例。",
        assumed = "as the committee's staff at full skill"
    )]
    pub manner: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Errands that residents had this month.
    pub wanted: u32,
    /// Tasks from above that stations did this month.
    pub tasks: u32,
    /// People at the desks of stations.
    pub desks: u32,
    /// Errands that were done by the street and the district.
    pub beyond: u32,
}

/// What is kept for the whole city.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Citywide {
    /// Compounds of each street.
    pub street: Vec<u32>,
    /// Compounds of each district.
    pub district: Vec<u32>,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "station",
    family: Family::CommitteeAndStaff,
    summary: text(
        "Service stations, the street's centre and the district's window.",
        "社区服务站、街道服务中心与区民政窗口。",
    ),
    rows: &[24, 25, 26, 38, 52, 53],
    equations: &[
        "share who find it worth the way = exp(−distance_cost · trips · √(compounds served));  trips = 1 + second_trips unless one_stop",
        "errands go to the station, of the rest to the street's centre, of the rest to the district's window, of the rest to the committee",
        "a station does errands, then tasks, in its staff's hours, as many as the committee's staff work; hours of tasks also go into the six families of services",
        "found well done: manner · (1 − second_trips unless one_stop)",
    ],
    neutral: &[("staff", "0"), ("street_centre", "false"), ("district_window", "false")],
    demonstration: &[("staff", "1"), ("street_centre", "true"), ("district_window", "true")],
    acts: &[
        Act {
            step: Step::Calendar,
            what: "is mapped: how many compounds share a street and a district",
            run: Run::City(map),
        },
        Act {
            step: Step::Tasks,
            what: "takes errands and tasks off the committee",
            run: Run::Community(serve),
        },
        Act {
            step: Step::Services,
            what: "is judged together with the committee",
            run: Run::Community(judge),
        },
        Act {
            step: Step::Projects,
            what: "puts the hours of its tasks into services",
            run: Run::Community(produce),
        },
    ],
    costs: Costs::Charged {
        label: text("service stations", "服务站支出"),
        charges: &[Charge {
            what: "hours of the stations' desks, and of desks of the street and the district on errands",
            of: desks_cost,
        }],
    },
};

fn desks_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let rules = &now.rules.institutions;
    let local = &state.local.station;
    let own = (local.desks as f64) * rules.staff.hours;
    let beyond = local.beyond as f64 * rules.staff.request_minutes as f64 / MINUTES;
    Cost::staff(own + beyond, now.rules.costs.staff_hour)
}

/// The first six domains are the task families of the station.
const FAMILIES: usize = 6;

fn map(communities: &mut [CommunityState], city: &mut CityState, now: &StepContext) {
    let is_asked_for = |state: &CommunityState| {
        let station = &now.rules_of(&state.community).institutions.station;
        station.street_centre || station.district_window
    };
    if !city.station.street.is_empty() || !communities.iter().any(is_asked_for) {
        return;
    }
    let most = |of: fn(&CommunityState) -> u16| communities.iter().map(of).max().unwrap_or(0) as usize + 1;
    let mut street = vec![0; most(|p| p.community.street)];
    let mut district = vec![0; most(|p| p.community.district)];
    for community in communities.iter().map(|state| &state.community) {
        street[community.street as usize] += community.compounds as u32;
        district[community.district as usize] += community.compounds as u32;
    }
    city.station = Citywide { street, district };
}

fn serve(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let station = &rules.station;
    let compounds_here = state.community.compounds as u32;
    let by_rule = || compounds_here.div_ceil(station.compounds_per_station);
    let given = now.rules.table.stations(&state.community);
    let stations = if station.staff > 0 { given.unwrap_or_else(by_rule) } else { 0 };
    state.local.station = Local::default();
    if stations == 0 && !station.street_centre && !station.district_window {
        return;
    }
    let trips = 1.0 + if station.one_stop { 0.0 } else { station.second_trips };
    let worth = |compounds: u32| libm::exp(-station.distance_cost * trips * libm::sqrt(compounds as f64));
    let wanted = state.signals.filed;
    state.local.station = Local { wanted, desks: stations * station.staff, ..Local::default() };
    let mut left = wanted;
    let mut take = |share: f64, most: u32| {
        let taken = ((left as f64 * share) as u32).min(most);
        left -= taken;
        taken
    };
    let mut minutes = ((stations * station.staff) as f64 * rules.staff.hours * MINUTES) as i64;
    if stations > 0 {
        let each = rules.staff.request_minutes;
        let each_serves = given.map_or(station.compounds_per_station, |n| compounds_here.div_ceil(n));
        let served = each_serves.min(compounds_here.max(1));
        let taken = take(worth(served), (minutes / each) as u32);
        minutes -= taken as i64 * each;
    }
    // The street and the district have desks enough; the way is what keeps people off.
    let mut beyond = 0;
    let compounds = |of: &[u32], k: u16| of.get(k as usize).copied().unwrap_or(1);
    if station.street_centre {
        beyond += take(worth(compounds(&city.station.street, state.community.street)), u32::MAX);
    }
    if station.district_window {
        beyond += take(worth(compounds(&city.station.district, state.community.district)), u32::MAX);
    }
    state.local.station.beyond = beyond;
    let signals = &mut state.signals;
    signals.errands = wanted - left;
    signals.errands_well = station.manner as f32 * (2.0 - trips) as f32;
    signals.filed = left;
    do_tasks(state, now, minutes);
}

/// What time is left goes into tasks.
fn do_tasks(state: &mut CommunityState, now: &StepContext, minutes: i64) {
    let rules = &now.rules.institutions;
    let each = (rules.admin.task_hours * MINUTES) as i64;
    let tasks = &mut state.local.admin.tasks;
    let offered = (*tasks as f64 * rules.station.task_share) as u32;
    let done = if each > 0 { offered.min((minutes / each) as u32) } else { offered };
    *tasks -= done;
    state.local.station.tasks = done;
}

/// The hours of a task go into the services that tasks are about, as an organisation's hours would.
fn produce(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let tasks = state.local.station.tasks;
    if tasks == 0 {
        return;
    }
    let hours = tasks as f64 * rules.admin.task_hours / FAMILIES as f64;
    let adults = state.community.adults().max(1) as f64;
    let gain = (hours / adults * rules.organisations.service_gain).min(1.0) as f32;
    for level in &mut state.signals.services[..FAMILIES] {
        *level += gain * (1.0 - *level);
    }
}

/// Residents who had an errand find it well done or not, wherever it was done.
fn judge(state: &mut CommunityState, _: &CityState, _: &StepContext) {
    let signals = &mut state.signals;
    if signals.errands == 0 {
        return;
    }
    let elsewhere = signals.errands as f32 / (signals.errands + signals.filed) as f32;
    signals.handled_well += elsewhere * (signals.errands_well - signals.handled_well);
}
