//! Whether the staff of a committee can be expected to cope.

use crate::base::units::{MINUTES, PER_TEN_THOUSAND};
use crate::institution::Rules;

/// Minutes of work that tasks from above and requests of `adults` residents are expected to bring to a committee in a
/// month, before complaints, inspections and what others help with.
fn work(rules: &Rules, adults: f64) -> f64 {
    let (staff, admin) = (&rules.institutions.staff, &rules.institutions.admin);
    let tasks = admin.departments as f64
        * admin.tasks_per_month
        * (1.0 + admin.fragmentation)
        * (1.0 + admin.target_pressure)
        * (1.0 - admin.return_power);
    tasks * admin.task_hours * MINUTES
        + rules.residents.request_rate * adults * staff.minutes_per_request(staff.skill)
}

/// How many of the staff a committee of so many `adults` has, with this share of residents below 18, and which share of
/// their hours that work takes; none without staff.
pub fn load(rules: &Rules, adults: f64, child_share: f64) -> Option<(f64, f64)> {
    let staff = &rules.institutions.staff;
    let [all, training] = staff.minutes();
    let people = staff.people(adults, child_share);
    let load = (work(rules, adults) + people * training) / (people * all);
    staff.is_present().then_some((people, load))
}

/// The least staff to whom that work, with training, takes no more than this share of their hours; none where training
/// alone takes more.
pub fn staff_for(rules: &Rules, adults: f64, load: f64) -> Option<f64> {
    let [all, training] = rules.institutions.staff.minutes();
    let free = load * all - training;
    (free > 0.0).then(|| work(rules, adults) / free)
}

/// So many people of `adults` residents and their children as staff for 10,000 residents.
pub fn for_ten_thousand(people: f64, adults: f64, child_share: f64) -> f64 {
    people / (adults / (1.0 - child_share)) * PER_TEN_THOUSAND
}
