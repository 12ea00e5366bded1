//! The residents' committee's staff: skill, hours, and a queue of residents' requests.
//!
//! Rows 2, 3, 47, 81, 91, 122, 124, 125, 136 and 184. Each day the staff first serve tasks from above,
//! up to the share of the day that is not reserved for residents, then requests in the order in which
//! they came. What is left goes into tasks left over, then home visits. Delay is not a formula: it is
//! how long requests wait. A request that waits longer than residents' patience is given up.

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::city::Target;
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Rules, Run, Step, StepContext,
};

/// Days of a month, for the queue.
pub const DAYS: u32 = 30;
/// Hours that one of the staff works in a month.
const HOURS: f64 = 160.0;
/// Days after which a request is given up.
pub const PATIENCE: usize = 60;

/// Settings of `[staff]`.
#[settings]
pub struct Settings {
    /// Staff of the committee, full time.
    #[param(
        count = 8,
        range = 0..=500,
        unit = "persons",
        zh = "居委会全职工作人员数。",
        derived = "grid workers of 100–400 households each (Zhou and Chen 2023), and 1,400 households"
    )]
    pub count: u32,
    /// Skill of staff at the start and of those newly hired.
    #[param(share = 0.5, zh = "工作人员的初始能力。", assumed = "proposed core model")]
    pub skill: f64,
    /// Share of staff hired as professional managers.
    #[param(share = 0.0, zh = "聘用的专业管理人才比例。", choice)]
    pub professional_share: f64,
    /// Skill of professional managers when hired.
    #[param(
        share = 0.8,
        zh = "专业管理人才入职时的能力。",
        assumed = "well above the usual, and short of full",
        demonstration = [".professional_share=0.5"]
    )]
    pub professional_skill: f64,
    /// Training of staff.
    #[param(
        real = 1.0,
        range = 0.0..=80.0,
        unit = "hours per person and month",
        zh = "工作人员每月培训时数。",
        assumed = "a dozen hours a year"
    )]
    pub training_hours: f64,
    /// Staff time for one request at full skill; 40 % more at none.
    #[param(
        count = 60,
        range = 1..=6_000,
        unit = "minutes",
        zh = "满技能时办理一项请求的工时。",
        assumed = "proposed core model"
    )]
    pub request_minutes: i64,
    /// Days from the beginning of the work to an answer.
    #[param(
        real = 3.0,
        range = 0.0..=60.0,
        unit = "days",
        zh = "开始办理到答复的天数。",
        assumed = "proposed core model W0"
    )]
    pub handling_days: f64,
    /// Days within which residents expect an answer.
    // Delay shows where requests have to wait.
    #[param(
        real = 7.0,
        range = 0.0..=60.0,
        unit = "days",
        zh = "居民期望得到答复的天数。",
        assumed = "a usual service promise",
        demonstration = ["residents.request_rate=0.8"]
    )]
    pub promise_days: f64,
    /// Share of each day kept for residents' requests whatever comes from above.
    #[param(
        share = 0.12,
        zh = "无论上级任务多少,每天留给居民事务的时间比例。",
        assumed = "no measurement",
        demonstration = ["residents.request_rate=0.8", "admin.tasks_per_month=4"]
    )]
    pub reserved: f64,
    /// Share of voices that the committee takes up, of those it handles in time.
    #[param(share = 0.4, zh = "居委会及时处理的诉求中予以采纳的比例。", assumed = "no measurement")]
    pub accountability: f64,
    /// Staff time for one home visit.
    #[param(
        count = 45,
        range = 1..=600,
        unit = "minutes",
        zh = "一次入户走访所需工时。",
        assumed = "with the way there"
    )]
    pub visit_minutes: i64,
    /// Work left over on tasks from above at the start.
    #[param(
        real = 0.0,
        range = 0.0..=1_000_000.0,
        unit = "hours",
        zh = "起始时积压的行政任务工时。",
        choice,
        fixed
    )]
    pub backlog: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// Present skill; negative before the first month.
    pub skill: f32,
    /// Requests that wait, by days waited: `waiting[0]` came today.
    #[serde(with = "serde_big_array::BigArray")]
    pub waiting: [u32; PATIENCE],
    /// Minutes of work left over on tasks from above.
    pub backlog_minutes: i64,
    /// Minutes already put into the request at the head of the queue.
    pub started_minutes: i64,
    /// Days from the beginning of the work to an answer, as the settings and those who pass requests on say.
    pub handling_days: f64,
    /// This month.
    pub month: Month,
}

/// What the staff did in one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// Minutes at work: administration + requests + training + visits + idle.
    pub capacity: i64,
    /// Minutes for tasks from above.
    pub administration: i64,
    /// Minutes for requests.
    pub requests: i64,
    /// Minutes in training.
    pub training: i64,
    /// Minutes on home visits.
    pub visits: i64,
    /// Minutes with nothing to do.
    pub idle: i64,
    /// Minutes of work that arrived.
    pub demanded: i64,
    /// Requests that came.
    pub arrived: u32,
    /// Requests answered.
    pub done: u32,
    /// Requests answered within the promise, were each one department's own.
    pub on_time: u32,
    /// Requests answered within the promise, were each passed from department to department.
    pub passed_on_time: u32,
    /// Requests given up.
    pub given_up: u32,
    /// Days waited in the queue by the requests answered and given up, summed.
    pub days_waited: u64,
    /// Requests in the queue at the end of each day, summed over the days.
    pub queue_days: u64,
}

impl Default for Local {
    fn default() -> Local {
        Local {
            skill: -1.0,
            waiting: [0; PATIENCE],
            backlog_minutes: 0,
            started_minutes: 0,
            handling_days: 0.0,
            month: Month::default(),
        }
    }
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "staff",
    family: Family::CommitteeAndStaff,
    summary: text(
        "Staff of the residents' committee, their hours and the queue of requests.",
        "居委会工作人员、工时与居民事务队列。",
    ),
    rows: &[2, 3, 47, 81, 91, 122, 124, 125, 136, 184],
    equations: &[
        "minutes per day = count · 160 · 60 / 30; a request takes request_minutes · (1.4 − 0.4 · skill)",
        "each day, after training: overdue requests as far as feedback asks, tasks from above and other duties up to (1 − reserved) of the day, then requests first come first served, then tasks left over, then visits",
        "skill' = skill + 0.002 · training_hours · (1 − skill) − 0.01 · (skill − skill₀), with skill₀ the mean skill of those hired, professionals among them   (people leave and are replaced)",
    ],
    neutral: &[("count", "0")],
    demonstration: &[("count", "1")],
    acts: &[Act {
        step: Step::Tasks,
        what: "serves tasks from above and requests day by day, and visits homes in what time is left",
        run: Run::Community(work),
    }],
};

fn work(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    if rules.staff.count == 0 {
        return;
    }
    let arrived = state.signals.filed;
    let task_minutes = state.local.admin.minutes(&rules.admin) + state.signals.duties;
    let households = state.community.households.len() as i64;
    let home_visits = (rules.outreach.home_visits * households as f64) as i64;
    // To ask somebody about needs is a visit too, and waits its turn among them.
    let wanted_visits = home_visits + rules.demand.interviews as i64;
    let accountability = state.local.oversight.accountability(&rules.staff);
    let coordination = state.local.coordination;
    let effort = state.signals.effort as f64;
    let handling_days = rules.staff.handling_days * effort;
    let order = Order {
        reserved: state.local.oversight.reserved(&rules.staff),
        overdue_share: rules.feedback.response_rate,
        overdue_days: rules.feedback.days as usize,
        handling_days,
        passed_days: handling_days + coordination.passing_days,
        effort,
    };
    let local = &mut state.local.staff;
    if now.month == 0 {
        local.backlog_minutes = (rules.staff.backlog * 60.0) as i64;
    }
    learn(local, &rules.staff);
    local.month = work_month(local, &rules.staff, &order, arrived, task_minutes, wanted_visits);
    let month = &local.month;

    // Of the requests that concern several departments, the committee has to wait for the others.
    let mix = |own: f64, passed: f64| (1.0 - coordination.crossing) * own + coordination.crossing * passed;
    local.handling_days = mix(order.handling_days, order.passed_days);
    let handled = month.done + month.given_up;
    let in_time = mix(month.on_time as f64, month.passed_on_time as f64) as f32;
    let on_time = if handled > 0 { in_time / handled as f32 } else { 1.0 };
    let signals = &mut state.signals;
    signals.answered = on_time * accountability as f32 * signals.heard;
    let visits = month.visits / rules.staff.visit_minutes;
    let at_home = visits * home_visits / wanted_visits.max(1);
    signals.interviewed = (visits - at_home) as u32;
    signals.visited = at_home as f32 / households.max(1) as f32;
    // An answer in time is a good experience unless the manner of it spoils it.
    let manner = 0.8 + 0.2 * local.skill;
    signals.handled_well = on_time * manner;
    // A visit is an experience with the committee too, and nearly always a good one.
    let contact = &mut signals.contacts[Target::Committee as usize];
    *contact = contact.and(Contact { chance: signals.visited, good: manner });
}

/// The share of the staff's hours that tasks from above and requests of `adults` residents are expected to take,
/// before complaints, inspections and what others help with. 0 without staff.
pub fn expected_load(rules: &Rules, adults: f64) -> f64 {
    let (staff, admin) = (&rules.institutions.staff, &rules.institutions.admin);
    if staff.count == 0 {
        return 0.0;
    }
    let tasks = admin.departments as f64
        * admin.tasks_per_month
        * (1.0 + admin.fragmentation)
        * (1.0 + admin.target_pressure)
        * (1.0 - admin.return_power);
    let request_hours = staff.request_minutes as f64 / 60.0 * (1.4 - 0.4 * staff.skill);
    let requests = rules.residents.request_rate * adults * request_hours;
    let training = staff.training_hours * staff.count as f64;
    (tasks * admin.task_hours + requests + training) / (staff.count as f64 * HOURS)
}

fn learn(local: &mut Local, staff: &Settings) {
    if local.skill < 0.0 {
        local.skill = staff.skill as f32;
    }
    let of_professionals = staff.professional_share * (staff.professional_skill - staff.skill);
    let hired = (staff.skill + of_professionals) as f32;
    let (taught, replaced) = (0.002 * staff.training_hours as f32, 0.01);
    local.skill += taught * (1.0 - local.skill) - replaced * (local.skill - hired);
    local.skill = local.skill.clamp(0.0, 1.0);
}

/// In what order the day's work is done, and how long an answer takes that others have a hand in.
struct Order {
    /// Share of the day kept for requests.
    reserved: f64,
    /// Share of the day in which overdue requests come before all else.
    overdue_share: f64,
    /// Days after which a request is overdue.
    overdue_days: usize,
    /// Days from the beginning of the work to an answer.
    handling_days: f64,
    /// The same where departments pass a request on.
    passed_days: f64,
    /// Staff time that a request takes, as a multiple of the usual.
    effort: f64,
}

/// One month of the queue, a day at a time, in whole minutes.
fn work_month(
    local: &mut Local,
    staff: &Settings,
    order: &Order,
    arrived: u32,
    task_minutes: i64,
    wanted_visits: i64,
) -> Month {
    let training = (staff.training_hours * 60.0) as i64 * staff.count as i64;
    let capacity = staff.count as i64 * HOURS as i64 * 60;
    let training = training.min(capacity);
    let per_day = (capacity - training) / DAYS as i64;
    let usual = staff.request_minutes as f64 * (1.4 - 0.4 * local.skill as f64);
    let per_request = (usual * order.effort) as i64;
    let per_request = per_request.max(1);
    let mut month = Month {
        capacity,
        training,
        arrived,
        demanded: task_minutes + arrived as i64 * per_request,
        ..Month::default()
    };
    for day in 0..DAYS {
        let share = |total: i64| total * (day as i64 + 1) / DAYS as i64 - total * day as i64 / DAYS as i64;
        local.backlog_minutes += share(task_minutes);
        age_queue(local, &mut month, share(arrived as i64) as u32);
        let first = (order.overdue_share * per_day as f64) as i64;
        let mut left = per_day;
        if first > 0 {
            left -= serve(local, staff, order, &mut month, order.overdue_days, first, per_request);
        }
        let for_tasks = ((1.0 - order.reserved) * per_day as f64) as i64;
        let tasks = local.backlog_minutes.min(for_tasks).min(left);
        local.backlog_minutes -= tasks;
        month.administration += tasks;
        left -= tasks;
        left -= serve(local, staff, order, &mut month, 0, left, per_request);
        // An empty queue leaves time to catch up with tasks.
        let more = local.backlog_minutes.min(left);
        local.backlog_minutes -= more;
        month.administration += more;
        let visits = ((wanted_visits * staff.visit_minutes - month.visits).max(0)).min(left - more);
        month.visits += visits;
        month.queue_days += local.waiting.iter().map(|&n| n as u64).sum::<u64>();
    }
    month.idle = capacity - training - month.administration - month.requests - month.visits;
    month
}

/// A night passes: every request is a day older, those out of patience leave, new ones come.
fn age_queue(local: &mut Local, month: &mut Month, arrivals: u32) {
    let given_up = local.waiting[PATIENCE - 1];
    month.given_up += given_up;
    month.days_waited += given_up as u64 * PATIENCE as u64;
    local.waiting.copy_within(0..PATIENCE - 1, 1);
    local.waiting[0] = arrivals;
}

/// Serves requests that have waited `from` days or more, longest waiting first, with `minutes` at hand;
/// returns the minutes used.
fn serve(
    local: &mut Local,
    staff: &Settings,
    order: &Order,
    month: &mut Month,
    from: usize,
    minutes: i64,
    per_request: i64,
) -> i64 {
    let mut left = minutes;
    for day in (from..PATIENCE).rev() {
        while local.waiting[day] > 0 {
            let needed = (per_request - local.started_minutes).max(0);
            if needed > left {
                local.started_minutes += left;
                month.requests += minutes;
                return minutes;
            }
            left -= needed;
            local.started_minutes = 0;
            local.waiting[day] -= 1;
            month.done += 1;
            month.days_waited += day as u64;
            month.on_time += (day as f64 + order.handling_days <= staff.promise_days) as u32;
            month.passed_on_time += (day as f64 + order.passed_days <= staff.promise_days) as u32;
        }
    }
    month.requests += minutes - left;
    minutes - left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    fn years(staff: &Settings, requests: impl Fn(u32) -> u32, tasks: i64) -> (Local, Vec<Month>) {
        let mut local = Local { skill: 0.5, ..Local::default() };
        let order = Order {
            reserved: staff.reserved,
            overdue_share: 0.0,
            overdue_days: 0,
            handling_days: staff.handling_days,
            passed_days: staff.handling_days,
            effort: 1.0,
        };
        let months =
            (0..240).map(|m| work_month(&mut local, staff, &order, requests(m), tasks, 50)).collect();
        (local, months)
    }

    #[test]
    fn littles_law_holds_to_the_last_request_day() {
        // Every request is counted in the queue at the end of each day that it waits, so the sum of
        // queue lengths equals the sum of waits: L = λW without any approximation.
        let staff = Settings { count: 2, ..Settings::standard() };
        let busy = |m: u32| 100 + (m * 37 % 90);
        let (local, months) = years(&staff, busy, 12_000);
        let queue: u64 = months.iter().map(|m| m.queue_days).sum();
        let waited: u64 = months.iter().map(|m| m.days_waited).sum();
        let still: u64 = local.waiting.iter().enumerate().map(|(d, &n)| (d as u64 + 1) * n as u64).sum();
        assert!(queue > 1_000, "the queue must be tested under load");
        assert_eq!(queue, waited + still);
    }

    #[test]
    fn requests_and_minutes_balance() {
        let staff = Settings { count: 2, ..Settings::standard() };
        let (local, months) = years(&staff, |m| 90 + m % 50, 10_000);
        let sum = |f: fn(&Month) -> u64| months.iter().map(f).sum::<u64>();
        let waiting: u64 = local.waiting.iter().map(|&n| n as u64).sum();
        assert_eq!(sum(|m| m.arrived as u64), sum(|m| m.done as u64) + sum(|m| m.given_up as u64) + waiting);
        for m in &months {
            assert_eq!(m.capacity, m.administration + m.requests + m.training + m.visits + m.idle);
            assert!(m.idle >= 0);
        }
    }

    #[test]
    fn more_work_from_above_means_longer_waits_and_fewer_visits() {
        let staff = Settings { count: 2, ..Settings::standard() };
        let outcome = |tasks| {
            let (_, months) = years(&staff, |_| 60, tasks);
            let waited: u64 = months.iter().map(|m| m.days_waited).sum();
            let visits: i64 = months.iter().map(|m| m.visits).sum();
            (waited, visits)
        };
        let (light, heavy) = (outcome(1_000), outcome(18_000));
        assert!(heavy.0 > light.0 && heavy.1 < light.1, "{light:?} {heavy:?}");
    }
}
