//! The residents' committee's staff: skill, hours, and a queue of residents' requests.
//!
//! Rows 2, 3, 47, 81, 91, 122, 124, 125, 136 and 184. Requests and tasks come at random times and take random
//! times. Whoever of the staff falls free takes the next job: where both kinds wait, a task, unless requests
//! have not had the share of time that is reserved for residents. What time is left goes into home visits.
//! Delay is not a formula: it is how long requests wait. Those whose patience ends give their requests up.

pub(crate) mod expected;
mod queue;

use serde::{Deserialize, Serialize};

use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::base::units::{MINUTES, PER_TEN_THOUSAND};
use crate::city::Target;
use crate::institution::cost::{Charge, Cost, Costs, Payer};
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext,
};
use queue::{Chance, DAYS, Desk, Load, log_normal};

/// Settings of `[staff]`.
#[settings]
pub struct Settings {
    /// Staff of each committee, full time, whatever its size; −1: by `per_10000`.
    #[param(
        count = -1,
        range = -1..=500,
        unit = "persons",
        zh = "每个居委会的全职工作人员数（与规模无关）；-1 表示按 per_10000 配备。",
        choice
    )]
    pub count: i32,
    /// Staff for 10,000 residents, children included, where `count` is −1; at least `fewest`.
    #[param(
        real = 15.3,
        range = 0.0..=1_000.0,
        unit = "persons per 10,000 residents",
        zh = "每万名居民（含儿童）配备的工作人员数，count 为 -1 时使用，不少于 fewest。",
        fitted = "posterior median of the calibrated baseline; before, 15.4: 5.5 persons (4 to 8) for 3,570: 6 for 1,700 households (Ningbo 2010), 5.1 members of a committee (China 2014); the target for 2025 is 18",
        prior = log_normal(15.4, 0.27),
        demonstration = [".count=-1", ".fewest=1", "population.adults=1600", "residents.request_rate=0.8"]
    )]
    pub per_10000: f64,
    /// Fewest staff of a committee, however few its residents, where they follow from `per_10000`.
    #[param(
        count = 5,
        range = 0..=500,
        unit = "persons",
        zh = "每个居委会最少的工作人员数（按 per_10000 配备时），不论居民多少。",
        measured = "a residents' committee has five to nine members (Organic Law of Urban Residents' Committees, article 7)",
        demonstration = [".count=-1", "residents.request_rate=0.8"]
    )]
    pub fewest: i32,
    /// Hours that one of the staff works in a month.
    #[param(
        real = 185.0,
        range = 1.0..=400.0,
        unit = "hours per person and month",
        zh = "每名工作人员每月工作时数。",
        derived = "8.7 hours a day (165 to 200 a month; 45 committee staff, Ningbo 2010)",
        prior = normal(184.0, 14.0)
    )]
    pub hours: f64,
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
    /// Share of what is missing to full skill that an hour of training gives.
    #[param(
        share = 0.002,
        unit = "share per hour",
        zh = "每小时培训弥补的能力缺口比例。",
        assumed = "a hundred hours close a fifth of the gap"
    )]
    pub training_effect: f64,
    /// Share of staff who leave in a month and are replaced.
    #[param(
        share = 0.018,
        unit = "share per month",
        zh = "每月离职并被替换的工作人员比例。",
        derived = "turnover of social workers of about 20 % a year (.013 to .022 a month; Zeng et al. 2020)",
        prior = log_normal(0.018, 0.2)
    )]
    pub turnover: f64,
    /// Mean staff time for one request at full skill.
    #[param(
        count = 60,
        range = 1..=6_000,
        unit = "minutes",
        zh = "满技能时办理一项请求的工时。",
        assumed = "proposed core model"
    )]
    pub request_minutes: i64,
    /// How much longer a request takes at no skill, as a share.
    #[param(share = 0.4, zh = "毫无能力时办理一项请求多花的时间比例。", assumed = "proposed core model")]
    pub slowness: f64,
    /// Spread of the time that a job takes, around its mean; 0 = all alike, 1 = as spread as waiting times.
    #[param(
        real = 1.0,
        range = 0.0..=5.0,
        unit = "coefficient of variation",
        zh = "单项工作耗时的离散程度；0 表示都一样长。",
        assumed = "many short jobs and a few long ones; no record of times was found"
    )]
    pub service_spread: f64,
    /// How unevenly the days of a month are crowded; 0 = jobs come evenly at random.
    #[param(
        real = 0.5,
        range = 0.0..=3.0,
        unit = "standard deviation of the logarithm",
        zh = "每月各日工作到来的不均程度；0 表示完全随机到来。",
        assumed = "campaigns, deadlines and Mondays: a day in six has more than 1.6 times the usual"
    )]
    pub burst: f64,
    /// Days from the beginning of the work to an answer.
    #[param(
        real = 7.24,
        range = 0.0..=60.0,
        unit = "days",
        zh = "开始办理到答复的天数。",
        fitted = "posterior median of the calibrated baseline; before, 7: 5.31 working days to an answer, 7.4 in all (49,954 orders of the mayor's line, Chengdu, March 2018), less a short wait; simple errands are quicker",
        // The days of the mayor's line are a target, and must not count twice.
        prior = log_normal(7.0, 0.5)
    )]
    pub handling_days: f64,
    /// Days within which half of residents would still find an answer in time.
    // Delay shows where requests have to wait.
    #[param(
        real = 14.0,
        range = 0.0..=60.0,
        unit = "days",
        zh = "半数居民仍认为及时的答复天数。",
        derived = "81 % were content with answers after 7.4 days (mayor's line, Chengdu, March 2018), with the spread of what is expected and the manner that are assumed here",
        demonstration = ["residents.request_rate=0.8"]
    )]
    pub promise_days: f64,
    /// How much residents differ in what they find in time; 0 = all keep to the promise.
    #[param(
        real = 0.5,
        range = 0.0..=3.0,
        unit = "standard deviation of the logarithm",
        zh = "居民对及时答复期望的差异；0 表示期望一致。",
        assumed = "a sixth expect it in three fifths of the time, a sixth would wait 1.6 times as long"
    )]
    pub promise_spread: f64,
    /// Mean days after which residents who wait give a request up; who waits differs in patience.
    #[param(
        real = 60.0,
        range = 1.0..=1_000.0,
        unit = "days",
        zh = "等待中的居民放弃请求的平均天数（耐心因人而异）。",
        assumed = "two months; no record of requests given up was found",
        demonstration = ["residents.request_rate=0.8"]
    )]
    pub patience: f64,
    /// Share of meetings with staff of no skill that leave a good impression; with full skill all do.
    #[param(
        share = 0.8,
        zh = "工作人员毫无能力时仍留下良好印象的接触比例（满能力时为全部）。",
        assumed = "proposed core model"
    )]
    pub manner: f64,
    /// Share of the time that requests get while tasks from above wait too.
    #[param(
        share = 0.12,
        zh = "留给居民事务的时间比例（上级任务同时待办时）。",
        assumed = "no measurement",
        prior = beta(2.0, 10.0),
        demonstration = ["residents.request_rate=0.8", "admin.tasks_per_month=4"]
    )]
    pub reserved: f64,
    /// Share of voices that the committee takes up, of those it handles in time.
    #[param(
        share = 0.35,
        zh = "居委会及时处理的诉求中予以采纳的比例。",
        measured = "about a third of online requests to 2,103 county governments were answered (Chen, Pan and Xu 2016), .33 of .9 in time; carried over from counties",
        // The share of counties that answer is a target, and must not count twice.
        prior = beta(3.5, 6.5)
    )]
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
    /// Staff at work this month.
    pub people: u32,
    /// What waits and what is in hand.
    pub desk: Desk,
    /// Minutes of duties that are not yet a task's worth.
    pub duties: i64,
    /// Minutes of work left over on tasks from above.
    pub backlog_minutes: i64,
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
    /// Tasks from above that came, duties among them.
    pub tasks: u32,
    /// Requests taken up.
    pub done: u32,
    /// Of these, how many residents find answered in time.
    pub on_time: f64,
    /// Of these, how many took longer than `feedback.days`; none where that is no limit.
    pub overdue: Option<f64>,
    /// Requests given up.
    pub given_up: u32,
    /// Days waited in the queue by the requests taken up and given up, summed.
    pub days_waited: f64,
    /// Days of this month that requests waited, summed.
    pub queue_days: f64,
}

impl Default for Local {
    fn default() -> Local {
        Local {
            skill: -1.0,
            people: 0,
            desk: Desk::default(),
            duties: 0,
            backlog_minutes: 0,
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
        "people = count, or per_10000 · residents / 10,000, rounded up or down by a draw of the community's own, at least fewest",
        "requests and tasks come at random times of the month, more on crowded days: the logarithm of a day's share has standard deviation burst",
        "a request takes request_minutes · (1 + slowness · (1 − skill)), a task admin.task_hours, each times a log-normal number of mean 1 and coefficient of variation service_spread",
        "whoever falls free takes the oldest request or a task: where both wait, requests get the share reserved of the time, and feedback's share where the oldest is overdue",
        "a request is given up after a time drawn from an exponential law of mean patience; time in which nothing waits goes into visits",
        "share found in time = Φ(ln(promise_days / (days waited + handling_days)) / promise_spread);  found well done = in time · (1 − (1 − manner) · (1 − skill))",
        "skill' = skill + training_effect · training_hours · (1 − skill) − turnover · (skill − skill₀), with skill₀ the mean skill of those hired, professionals among them   (people leave and are replaced)",
    ],
    neutral: &[("count", "0")],
    demonstration: &[("count", "1")],
    acts: &[Act {
        step: Step::Tasks,
        what: "serves tasks from above and requests as they come, and visits homes in what time is left",
        run: Run::Community(work),
    }],
    costs: Costs::Charged {
        label: text("staff of the committee", "居委会人员支出"),
        charges: &[
            Charge {
                what: "wages for all hours but those of visits, among them duties and time without work",
                of: wages_cost,
            },
            Charge { what: "training beside wages", of: training_cost },
        ],
    },
};

/// Nobody works with the hours in which nothing is to be done, but they are paid.
fn wages_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let (staff, month) = (&now.rules.institutions.staff, &state.local.staff.month);
    if !staff.is_present() {
        return Cost::default();
    }
    let paid = (month.capacity - month.visits) as f64 / MINUTES;
    let worked = (month.capacity - month.visits - month.idle) as f64 / MINUTES;
    Cost { staff_hours: worked, ..Cost::yuan(Payer::Budget, paid * now.rules.costs.staff_hour) }
}

fn training_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    if !now.rules.institutions.staff.is_present() {
        return Cost::default();
    }
    let hours = state.local.staff.month.training as f64 / MINUTES;
    Cost::yuan(Payer::Budget, hours * now.rules.costs.training_hour)
}

/// Hours of this month's visits that were interviews about needs, and of those that were not.
pub fn visit_hours(state: &CommunityState, now: &StepContext) -> [f64; 2] {
    let staff = &now.rules.institutions.staff;
    if !staff.is_present() {
        return [0.0; 2];
    }
    let (visits, each) = (state.local.staff.month.visits, staff.visit_minutes);
    let interviews = (state.signals.interviewed as i64 * each).min(visits);
    [interviews, visits - interviews].map(|minutes| minutes as f64 / MINUTES)
}

impl Settings {
    /// Whether committees have staff at all.
    pub fn is_present(&self) -> bool {
        self.count > 0 || self.count < 0 && self.per_10000 > 0.0
    }

    /// Staff of a committee of `adults`, before rounding, with this share of residents below 18.
    fn people(&self, adults: f64, child_share: f64) -> f64 {
        match u32::try_from(self.count) {
            Ok(count) => count as f64,
            Err(_) if self.per_10000 == 0.0 => 0.0,
            Err(_) => {
                (self.per_10000 * adults / (1.0 - child_share) / PER_TEN_THOUSAND).max(self.fewest as f64)
            }
        }
    }

    /// Minutes that one of the staff works in a month, and what of them goes into training.
    fn minutes(&self) -> [f64; 2] {
        let all = self.hours * MINUTES;
        [all, (self.training_hours * MINUTES).min(all)]
    }

    /// Mean minutes of a request at this skill.
    fn minutes_per_request(&self, skill: f64) -> f64 {
        self.request_minutes as f64 * (1.0 + self.slowness * (1.0 - skill))
    }

    /// Share of meetings with staff of this skill that leave a good impression.
    fn impression(&self, skill: f32) -> f32 {
        1.0 - (1.0 - self.manner as f32) * (1.0 - skill)
    }

    /// Share of residents who find an answer after so many days in time.
    fn in_time(&self, days: f64) -> f64 {
        if self.promise_spread == 0.0 || days == 0.0 {
            return (days <= self.promise_days) as u8 as f64;
        }
        let spare = libm::log(self.promise_days / days) / self.promise_spread;
        0.5 * libm::erfc(-spare * std::f64::consts::FRAC_1_SQRT_2)
    }
}

fn work(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let staff = &rules.staff;
    if !staff.is_present() {
        return;
    }
    let households = state.community.households.len() as i64;
    let home_visits = (rules.outreach.home_visits * households as f64) as i64;
    // To ask somebody about needs is a visit too, and waits its turn among them.
    let wanted_visits = home_visits + rules.demand.interviews as i64;
    learn(&mut state.local.staff, staff);
    state.local.staff.people = hire(state, now);
    let task_minutes = pile(state, now);
    state.local.staff.month = serve(state, now, task_minutes, wanted_visits);

    let local = &state.local.staff;
    let handled = local.month.done + local.month.given_up;
    let on_time = if handled > 0 { (local.month.on_time / handled as f64) as f32 } else { 1.0 };
    // Members who make an effort take up more than the usual.
    let diligence = libm::exp(rules.election.leadership * state.local.election.committee.effort());
    let accountability = (state.local.oversight.accountability(staff) * diligence).min(1.0);
    let manner = staff.impression(local.skill);
    let visits = local.month.visits / staff.visit_minutes;
    let at_home = visits * home_visits / wanted_visits.max(1);
    let signals = &mut state.signals;
    signals.answered = on_time * accountability as f32 * signals.heard;
    signals.interviewed = (visits - at_home) as u32;
    signals.visited = at_home as f32 / households.max(1) as f32;
    // An answer in time is a good experience unless the manner of it spoils it.
    signals.handled_well = on_time * manner;
    // A visit is an experience with the committee too, and nearly always a good one.
    let contact = &mut signals.contacts[Target::Committee as usize];
    *contact = contact.and(Contact { chance: signals.visited, good: manner });
}

/// Whole people: the community's own draw, the same in all months, says whether it rounds up or down.
fn hire(state: &CommunityState, now: &StepContext) -> u32 {
    let adults = state.community.adults() as f64 * state.signals.crowding as f64;
    let by_rule = || now.rules.institutions.staff.people(adults, now.population.child_share);
    let people = now.rules.table.staff(&state.community).unwrap_or_else(by_rule);
    let draw = now.rng.of(state.community.id).uniform(Stream::named("staff of a committee"), 0, 0, 0);
    people as u32 + (draw < people - libm::floor(people)) as u32
}

/// Puts this month's duties among the tasks, a task's length at a time; returns the minutes of a task.
fn pile(state: &mut CommunityState, now: &StepContext) -> f64 {
    /// Minutes of a piece of duties where tasks take no time.
    const PIECE: f64 = 60.0;
    let rules = &now.rules.institutions;
    let local = &mut state.local.staff;
    let minutes = rules.admin.task_hours * MINUTES;
    let (task, own) = if minutes > 0.0 { (minutes.max(1.0), state.local.admin.tasks) } else { (PIECE, 0) };
    let before = if now.month == 0 { (rules.staff.backlog * MINUTES / task) as u32 } else { 0 };
    local.desk.pile(before);
    local.duties += state.signals.duties;
    let pieces = (local.duties as f64 / task) as u32;
    local.duties -= (pieces as f64 * task) as i64;
    local.month.tasks = own.saturating_add(pieces);
    task
}

/// A month at the desk, in whole minutes.
fn serve(state: &mut CommunityState, now: &StepContext, task_minutes: f64, wanted_visits: i64) -> Month {
    let rules = &now.rules.institutions;
    let (staff, arrived) = (&rules.staff, state.signals.filed);
    let coordination = state.local.coordination;
    let effort = state.signals.effort as f64;
    let reserved = state.local.oversight.reserved(staff, &rules.oversight);
    let local = &mut state.local.staff;
    let people = local.people as i64;
    let [all, training] = staff.minutes();
    let load = Load {
        people: local.people,
        minutes_per_day: (all - training) / DAYS,
        requests: arrived,
        tasks: local.month.tasks,
        request_minutes: staff.minutes_per_request(local.skill as f64) * effort,
        task_minutes,
        burst: staff.burst,
        patience: staff.patience,
        reserved,
        overdue_share: rules.feedback.response_rate,
        overdue_days: rules.feedback.days,
    };
    // Of the requests that concern several departments, the committee has to wait for the others.
    let own_days = staff.handling_days * effort;
    let passed_days = own_days + coordination.passing_days;
    let crossing = coordination.crossing;
    local.handling_days = (1.0 - crossing) * own_days + crossing * passed_days;
    let (mut on_time, mut overdue) = (0.0, 0.0);
    let late = |days: f64| (days > rules.feedback.days) as u8 as f64;
    let rng = now.rng.of(state.community.id);
    let chance = Chance { rng, month: now.month, effort: log_normal(staff.service_spread) };
    let worked = local.desk.work(&load, &chance, |waited| {
        on_time += (1.0 - crossing) * staff.in_time(waited + own_days);
        overdue += (1.0 - crossing) * late(waited + own_days);
        if crossing > 0.0 {
            on_time += crossing * staff.in_time(waited + passed_days);
            overdue += crossing * late(waited + passed_days);
        }
    });
    let in_hand = local.desk.task_minutes_in_hand();
    local.backlog_minutes = (local.desk.tasks() as f64 * task_minutes + in_hand) as i64 + local.duties;

    let capacity = people * all as i64;
    let training = (people * training as i64).min(capacity);
    let administration = (worked.task_minutes as i64).min(capacity - training);
    let requests = (worked.request_minutes as i64).min(capacity - training - administration);
    let left = capacity - training - administration - requests;
    let visits = (wanted_visits * staff.visit_minutes).min(left);
    Month {
        capacity,
        administration,
        requests,
        training,
        visits,
        idle: left - visits,
        demanded: (load.tasks as f64 * task_minutes + arrived as f64 * load.request_minutes) as i64,
        arrived,
        tasks: load.tasks,
        done: worked.done,
        on_time,
        overdue: (rules.feedback.response_rate > 0.0).then_some(overdue),
        given_up: worked.given_up,
        days_waited: worked.days_waited,
        queue_days: worked.queue_days,
    }
}

fn learn(local: &mut Local, staff: &Settings) {
    if local.skill < 0.0 {
        local.skill = staff.skill as f32;
    }
    let of_professionals = staff.professional_share * (staff.professional_skill - staff.skill);
    let hired = (staff.skill + of_professionals) as f32;
    let taught = (staff.training_effect * staff.training_hours) as f32;
    local.skill += taught * (1.0 - local.skill) - staff.turnover as f32 * (local.skill - hired);
    local.skill = local.skill.clamp(0.0, 1.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;

    #[test]
    fn who_finds_an_answer_in_time_falls_smoothly_with_the_days_it_took() {
        let staff = Settings::standard();
        let shares: Vec<f64> = (0..120).map(|half_days| staff.in_time(half_days as f64 * 0.5)).collect();
        assert!((staff.in_time(staff.promise_days) - 0.5).abs() < 1e-12);
        assert!(shares.windows(2).all(|w| w[0] >= w[1] && w[0] - w[1] < 0.05), "{shares:?}");
        assert!(shares[0] == 1.0 && shares[119] < 0.01);
        // One who is a standard deviation more patient than half: Φ(1) = .8413 (Abramowitz and Stegun).
        let early = staff.promise_days * libm::exp(-staff.promise_spread);
        assert!((staff.in_time(early) - 0.841_345).abs() < 1e-6);
        let alike = Settings { promise_spread: 0.0, ..staff };
        assert_eq!([14.0, 14.1].map(|days| alike.in_time(days)), [1.0, 0.0]);
    }

    #[test]
    fn the_default_promise_is_what_its_source_says() {
        // 81 % were content with answers after 7.4 days.
        let staff = Settings::standard();
        let content = staff.in_time(7.4) * staff.impression(staff.skill as f32) as f64;
        assert!((content - 0.81).abs() < 0.005, "{content}");
    }

    #[test]
    fn staff_are_counted_or_follow_from_the_number_of_residents() {
        let staff = Settings { per_10000: 15.4, ..Settings::standard() };
        // 3,000 adults with a share of .1594 below 18 are 3,569 residents.
        assert!((staff.people(3_000.0, 0.1594) - 15.4 * 0.3569).abs() < 0.001);
        assert_eq!(staff.people(60.0, 0.1594), 5.0, "as many as the law asks for");
        let counted = Settings { count: 8, ..Settings::standard() };
        assert_eq!([60.0, 6_000.0].map(|adults| counted.people(adults, 0.1594)), [8.0, 8.0]);
        let none = Settings { count: 0, ..Settings::standard() };
        assert!(!none.is_present() && staff.is_present());
    }
}
