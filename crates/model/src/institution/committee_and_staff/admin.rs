//! Tasks that departments send down to the residents' committee: 社区行政化, 小马拉大车.
//!
//! Rows 18, 20, 23, 50, 59, 60, 69, 133, 134, 136, 138, 166 and 167. Each department sends tasks of its
//! own; where nobody coordinates them, the same thing is asked for twice. Who lives on the street's money
//! is sent more of them, which leaves less time to stand on one's own feet: the loop of row 138.

use serde::{Deserialize, Serialize};

use crate::base::math::poisson_quantile;
use crate::base::params::{settings, text};
use crate::base::rng::Stream;
use crate::base::units::MINUTES;
use crate::city::Target;
use crate::institution::cost::{Charge, Cost, Costs};
use crate::institution::{
    Act, CityState, CommunityState, Contact, Family, Institution, Run, Step, StepContext, coordination,
};

/// Settings of `[admin]`.
#[settings]
pub struct Settings {
    /// Departments that send tasks to the committee.
    #[param(
        count = 12,
        range = 0..=100,
        unit = "departments",
        zh = "向居委会下派任务的部门数。",
        derived = "28 departments were involved in one burden cut (Nanchang Xihu), about 12 of them monthly"
    )]
    pub departments: u32,
    /// Tasks of one department in a month.
    #[param(
        real = 6.0,
        range = 0.0..=200.0,
        unit = "tasks per department and month",
        zh = "每个部门每月下派的任务数。",
        derived = "72 % of 155 recorded jobs a month came from above (62 to 83 %; two Hubei communities, 2003): 112 from 12 departments, those asked for twice among them; residents' requests are the other 28 %"
    )]
    pub tasks_per_month: f64,
    /// Staff hours that one task takes.
    #[param(
        real = 6.0,
        range = 0.0..=100.0,
        unit = "hours per task",
        zh = "完成一项任务所需工时。",
        assumed = "inspections (50.2 % of mentioned tasks) and meetings (15.3 %) take most of a day; 2 to 7 hours would fit three quarters of the time of five to eight persons",
        prior = log_normal(4.0, 0.49)
    )]
    pub task_hours: f64,
    /// How little departments coordinate: share of tasks asked for again by another; 0 = one voice.
    #[param(
        share = 0.3,
        zh = "条块分割程度:被其他部门重复要求的任务比例;0 为统一口径。",
        assumed = "proposed core model F; nine dragons ruling the water (F16)",
        // Against what one voice would have asked, which nobody sees.
        prior = beta(3.0, 6.0)
    )]
    pub fragmentation: f64,
    /// Further tasks caused by districts' appraisal of streets, as a share.
    #[param(
        share = 0.2,
        zh = "区对街道考核带来的附加任务比例。",
        assumed = "no measurement",
        // Against what would have been done without targets, which nobody sees.
        prior = beta(2.0, 6.0)
    )]
    pub target_pressure: f64,
    /// Share of tasks taken back from the committee (return of power).
    #[param(share = 0.0, zh = "从居委会收回的任务比例(还权)。", choice)]
    pub return_power: f64,
    /// Yearly growth of tasks, as employment, social security and relief move down to communities.
    #[param(
        real = 0.0,
        range = -0.3..=0.3,
        unit = "share per year",
        zh = "任务年增长率(就业、社保、救助等向社区延伸)。",
        choice
    )]
    pub task_growth: f64,
    /// Share of tasks outside its duties that the committee may refuse (task list).
    #[param(share = 0.0, zh = "居委会可按清单拒绝的清单外任务比例。", choice)]
    pub task_list: f64,
    /// Share of tasks that lie outside the committee's duties.
    #[param(
        share = 0.4,
        zh = "属于清单外的任务比例。",
        assumed = "no count was found",
        demonstration = [".task_list=0.5"]
    )]
    pub off_list: f64,
    /// Share of the remaining tasks that are delegated for pay, and done by hands hired for it.
    #[param(share = 0.0, zh = "有偿委托、由所聘人员完成的任务比例(费随事转)。", choice)]
    pub delegated_paid: f64,
    /// Further tasks, as a share, sent to a committee that depends on the street's money alone.
    #[param(
        real = 0.0,
        range = 0.0..=10.0,
        unit = "share",
        zh = "完全依靠街道经费的居委会额外承担的任务比例。",
        choice
    )]
    pub dependence: f64,
    /// Inspections by the district's target and supervision office and others, beside tasks.
    #[param(
        real = 0.0,
        range = 0.0..=100.0,
        unit = "inspections per month",
        zh = "目标督查等检查次数(任务之外)。",
        choice
    )]
    pub inspections_per_month: f64,
    /// Staff time that an inspection takes, with its papers.
    #[param(
        real = 8.0,
        range = 0.0..=500.0,
        unit = "hours per inspection",
        zh = "迎接一次检查所需工时(含材料)。",
        assumed = "a working day"
    )]
    pub inspection_hours: f64,
    /// What tasks consist of: papers for social affairs and family planning, patrols for public order,
    /// helping urban management in the street.
    #[param(
        shares = [1.0, 0.0, 0.0],
        parts = [
                text("papers", "台账事务"),
                text("patrols", "治安巡逻"),
                text("urban management", "城市管理"),
            ],
        zh = "任务构成:社会事务与计生台账、综治巡逻、协助城管。",
        assumed = "all papers, so that no other effect is supposed"
    )]
    pub task_mix: [f64; 3],
    /// How far those in office control instead of listening: the share of voices they are not willing to take
    /// up; at the start.
    #[param(share = 0.0, zh = "管控理念的程度(起始):不愿受理的诉求比例。", choice)]
    pub style: f64,
    /// Share of that style shed in a year (the five transformations).
    #[param(share = 0.0, unit = "share per year", zh = "每年转变的比例(五个坚定)。", choice)]
    pub reform_speed: f64,
    /// Residents who have to do with the committee's people on one task of urban management.
    #[param(
        real = 3.0,
        range = 0.0..=1_000.0,
        unit = "residents per task",
        zh = "每项城市管理任务中与居委会人员打交道的居民数。",
        assumed = "no count was found"
    )]
    pub residents_met: f64,
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Tasks that arrive this month.
    pub tasks: u32,
    /// Tasks that are delegated for pay this month, on average over chance.
    pub delegated: f64,
    /// What is left of the style of control, as a share of that at the start, less one.
    pub shed: f64,
}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "admin",
    family: Family::CommitteeAndStaff,
    summary: text(
        "Tasks that departments send down to the residents' committee.",
        "各部门下派给居委会的行政任务。",
    ),
    rows: &[18, 20, 23, 50, 59, 60, 69, 133, 134, 136, 138, 166, 167],
    equations: &[
        "tasks ~ Poisson(departments · tasks_per_month · (1 + F) · (1 + target_pressure · pressure of the street) · (1 − return_power) · (1 + task_growth)^years · (1 − task_list · off_list) · (1 − delegated_paid) · (1 + dependence · D)), with F the fragmentation that nobody overcomes and D the street's share of the community's money",
        "hours of patrols raise public safety as hours of organisations do; on each task of urban management residents_met meet the committee's people as they meet enforcement",
        "share of voices heard = 1 − style · (1 − reform_speed)^years",
    ],
    neutral: &[("tasks_per_month", "0.0"), ("inspections_per_month", "0.0"), ("style", "0.0")],
    demonstration: &[
        ("tasks_per_month", "1"),
        ("return_power", "0.1"),
        ("dependence", "0.3"),
        ("inspections_per_month", "1"),
        ("task_mix", "[0.6, 0.2, 0.2]"),
        ("style", "0.2"),
    ],
    acts: &[
        Act {
            step: Step::Tasks,
            what: "sends tasks and inspections down to the committee",
            run: Run::Community(send),
        },
        Act {
            step: Step::Encounters,
            what: "shows the committee's people on patrol and in the street",
            run: Run::Community(show),
        },
    ],
    costs: Costs::Charged {
        label: text("paid delegation of tasks", "有偿委托任务支出"),
        charges: &[Charge {
            what: "tasks delegated for pay; all others are done in the hours of the committee's staff, or returned to departments that the model does not follow",
            of: delegated_cost,
        }],
    },
};

fn delegated_cost(state: &CommunityState, _: &CityState, now: &StepContext) -> Cost {
    let hours = state.local.admin.delegated * now.rules.institutions.admin.task_hours;
    Cost::staff(hours, now.rules.costs.staff_hour)
}

/// Most tasks of a month, so that the boldest growth stays a number.
const MOST: f64 = 1e6;

fn send(state: &mut CommunityState, city: &CityState, now: &StepContext) {
    let admin = &now.rules.institutions.admin;
    let pressure = city.government.pressure(state.community.street);
    let growth = libm::pow(1.0 + admin.task_growth, now.years());
    let before = admin.departments as f64
        * admin.tasks_per_month
        * (1.0 + coordination::fragmentation(state, now.rules))
        * (1.0 + admin.target_pressure * pressure)
        * (1.0 - admin.return_power)
        * growth
        * (1.0 - admin.task_list * admin.off_list);
    let dependence = 1.0 + admin.dependence * state.local.funding.dependence();
    let mean = before * (1.0 - admin.delegated_paid) * dependence;
    state.local.admin.delegated = (before * admin.delegated_paid * dependence).min(MOST);
    let rng = now.rng.of(state.community.id);
    let u = rng.uniform(Stream::named("admin tasks"), 0, now.month, 0);
    state.local.admin.tasks = poisson_quantile(mean.min(MOST), u);
    if admin.inspections_per_month > 0.0 {
        let u = rng.uniform(Stream::named("inspections"), 0, now.month, 0);
        let inspections = poisson_quantile(admin.inspections_per_month, u);
        state.signals.duties += (inspections as f64 * admin.inspection_hours * MINUTES) as i64;
    }
    if admin.style > 0.0 {
        let shed = &mut state.local.admin.shed;
        *shed += (1.0 - libm::pow(1.0 - admin.reform_speed, 1.0 / 12.0)) * (1.0 - *shed);
        state.signals.heard *= (1.0 - admin.style * (1.0 - *shed)) as f32;
    }
    crate::institution::organisations::take_over(state, city, now);
}

fn show(state: &mut CommunityState, _: &CityState, now: &StepContext) {
    let rules = &now.rules.institutions;
    let [_, patrols, street] = rules.admin.task_mix;
    let tasks = state.local.admin.tasks as f64;
    let adults = state.community.adults().max(1) as f64;
    if patrols > 0.0 {
        let hours = tasks * patrols * rules.admin.task_hours;
        let gain = (hours / adults * rules.organisations.service_gain).min(1.0) as f32;
        // Public safety is the first domain.
        let level = &mut state.signals.services[0];
        *level += gain * (1.0 - *level);
    }
    if street > 0.0 && tasks > 0.0 {
        let chance = 1.0 - libm::exp(-tasks * street * rules.admin.residents_met / adults);
        let good = rules.enforcement.fairness as f32;
        state.signals.meet(Target::Committee, Contact { chance: chance as f32, good });
    }
}
