//! Tasks that departments send down to the residents' committee: 社区行政化, 小马拉大车.
//!
//! Rows 18, 20, 23, 50, 59, 134, 136, 166 and 167. Each department sends tasks of its own; where
//! nobody coordinates them, the same thing is asked for twice.

use serde::{Deserialize, Serialize};

use super::{Act, Institution, Now, Place, Run, Step, Wide as City};
use crate::base::about::{self, Key, text};
use crate::base::luck::Stream;
use crate::base::math::poisson_quantile;

/// Settings of `[admin]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each field is explained by its key below.
pub struct Settings {
    pub departments: u32,
    pub tasks_per_month: f64,
    pub task_hours: f64,
    pub fragmentation: f64,
    pub target_pressure: f64,
    pub return_power: f64,
}

impl about::Settings for Settings {
    fn keys() -> Vec<Key> {
        vec![
            Key::count("departments", 12, 0, 100)
                .unit("departments")
                .means("Departments that send tasks to the committee.", "向居委会下派任务的部门数。")
                .derived("28 departments were involved in one burden cut (Nanchang Xihu), about 12 of them monthly"),
            Key::real("tasks_per_month", 8.0, 0.0, 200.0)
                .unit("tasks per department and month")
                .means("Tasks of one department in a month.", "每个部门每月下派的任务数。")
                .assumed("so that tasks from above take about three quarters of working time; 5.1 recorded jobs a day (two Hubei communities, 2003) are of both kinds together"),
            Key::real("task_hours", 6.0, 0.0, 100.0)
                .unit("hours per task")
                .means("Staff hours that one task takes.", "完成一项任务所需工时。")
                .assumed("inspections (50.2 % of mentioned tasks) and meetings (15.3 %) take most of a day"),
            Key::share("fragmentation", 0.3)
                .means("How little departments coordinate: share of tasks asked for again by another; 0 = one voice.", "条块分割程度:被其他部门重复要求的任务比例;0 为统一口径。")
                .assumed("proposed core model F; nine dragons ruling the water (F16)"),
            Key::share("target_pressure", 0.2)
                .means("Further tasks caused by districts' appraisal of streets, as a share.", "区对街道考核带来的附加任务比例。")
                .assumed("no measurement"),
            Key::share("return_power", 0.0)
                .means("Share of tasks taken back from the committee (return of power).", "从居委会收回的任务比例(还权)。")
                .choice(),
        ]
    }
}

/// What is kept in one community.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Local {
    /// Tasks that arrive this month.
    pub tasks: u32,
}

/// Nothing is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wide {}

/// Registration.
pub const INSTITUTION: Institution = Institution {
    name: "admin",
    summary: text("Tasks that departments send down to the residents' committee.", "各部门下派给居委会的行政任务。"),
    rows: &[18, 20, 23, 50, 59, 134, 136, 166, 167],
    equations: &[
        "tasks ~ Poisson(departments · tasks_per_month · (1 + fragmentation) · (1 + target_pressure · pressure of the street) · (1 − return_power))",
    ],
    neutral: &[("tasks_per_month", "0.0")],
    acts: &[Act { step: Step::Tasks, what: "sends tasks down to the committee", run: Run::Place(send) }],
};

fn send(place: &mut Place, city: &City, now: &Now) {
    let admin = &now.rules.institutions.admin;
    let pressure = city.government.pressure(place.community.street);
    let mean = admin.departments as f64
        * admin.tasks_per_month
        * (1.0 + admin.fragmentation)
        * (1.0 + admin.target_pressure * pressure)
        * (1.0 - admin.return_power);
    let luck = now.luck.of(place.community.id);
    let u = luck.uniform(Stream::named("admin tasks"), 0, now.month, 0);
    place.local.admin.tasks = poisson_quantile(mean, u);
}
