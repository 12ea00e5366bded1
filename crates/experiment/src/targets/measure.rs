//! What a run gives in the place of a target.

use std::ops::RangeInclusive;

use super::table::{Operation, Quantity};
use shequ_model::base::stats::estimate;
use shequ_model::metric;
use shequ_model::simulation::ReplicateOutput;

/// Months between the figures of groups, so that each year has some.
const GROUPS_EVERY: u32 = 12;

/// Settings under which a run reports all that targets are read from, and no more.
pub fn reports() -> [String; 2] {
    [format!("report.groups_every={GROUPS_EVERY}"), "report.communities_every=0".into()]
}

/// The quantity in a replicate, as a mean over `months` (from 1) in which it has a value; NaN if there is none.
pub fn figure(quantity: &Quantity, output: &ReplicateOutput, months: RangeInclusive<u32>) -> f64 {
    let of = |name: &str, level: Option<&str>| match (&quantity.group, level) {
        (Some((group, _)), Some(level)) => of_group(output, group, level, name, &months),
        _ => of_all(output, name, &months),
    };
    let at = |level: Option<&str>| {
        let first = of(&quantity.metric, level);
        match &quantity.with {
            None => first,
            Some((Operation::Plus, second)) => first + of(second, level),
            Some((Operation::Minus, second)) => first - of(second, level),
            Some((Operation::Over, second)) => first / of(second, level),
        }
    };
    let level = quantity.group.as_ref().map(|(_, level)| level.as_str());
    match &quantity.less {
        None => at(level),
        Some(less) => at(level) - at(Some(less)),
    }
}

fn of_all(output: &ReplicateOutput, name: &str, months: &RangeInclusive<u32>) -> f64 {
    let metrics = metric::all().len();
    let Some(position) = metric::position(name) else { return f64::NAN };
    let value = |month: u32| output.monthly.get((month as usize - 1) * metrics + position).copied();
    estimate(months.clone().filter_map(value)).mean
}

fn of_group(
    output: &ReplicateOutput,
    group: &str,
    level: &str,
    name: &str,
    months: &RangeInclusive<u32>,
) -> f64 {
    let rows = output.groups.iter().filter(|row| (row.group, row.level, row.metric) == (group, level, name));
    estimate(rows.filter(|row| months.contains(&(row.month + 1))).map(|row| row.value)).mean
}
