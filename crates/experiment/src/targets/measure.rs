//! What a run gives in the place of a target.

use std::collections::BTreeSet;
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

/// Positions in `metric::all()` of the metrics of all residents that these quantities are read from: to work out all of
/// them takes as long as a month of the city.
pub fn watched<'a>(quantities: impl Iterator<Item = &'a Quantity>) -> Vec<usize> {
    let of_all = quantities.filter(|quantity| quantity.group.is_none());
    let names = of_all.flat_map(|quantity| {
        let second = quantity.with.as_ref().map(|(_, second)| second);
        [Some(&quantity.metric), second].into_iter().flatten()
    });
    let positions: BTreeSet<usize> = names.filter_map(|name| metric::position(name)).collect();
    positions.into_iter().collect()
}

/// The quantity in a replicate: a mean over `months` (from 1) in which it has a value, or its change a year in them;
/// NaN if there is none.
pub fn figure(quantity: &Quantity, output: &ReplicateOutput, months: RangeInclusive<u32>) -> f64 {
    let over_time = |values: &[(u32, f64)]| match quantity.trend {
        true => trend(values),
        false => estimate(values.iter().map(|(_, value)| *value)).mean,
    };
    let of = |name: &str, level: Option<&str>| {
        over_time(&match (&quantity.group, level) {
            (Some((group, _)), Some(level)) => of_group(output, group, level, name, &months),
            _ => of_all(output, name, &months),
        })
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

/// Change a year along the line that fits `values` best, of months and what was in them; NaN of fewer than two.
fn trend(values: &[(u32, f64)]) -> f64 {
    const YEAR: f64 = 12.0;
    let known =
        || values.iter().filter(|(_, value)| !value.is_nan()).map(|&(month, value)| (month as f64, value));
    let n = known().count() as f64;
    let sums = known().fold((0.0, 0.0), |(months, all), (month, value)| (months + month, all + value));
    let (month, mean) = (sums.0 / n, sums.1 / n);
    let (up, over) = known().fold((0.0, 0.0), |(up, over), (at, value)| {
        (up + (at - month) * (value - mean), over + (at - month) * (at - month))
    });
    if over > 0.0 { YEAR * up / over } else { f64::NAN }
}

/// Months, from 1, and what was in them.
type Series = Vec<(u32, f64)>;

fn of_all(output: &ReplicateOutput, name: &str, months: &RangeInclusive<u32>) -> Series {
    let metrics = metric::all().len();
    let Some(position) = metric::position(name) else { return Vec::new() };
    let value = |month: u32| {
        output.monthly.get((month as usize - 1) * metrics + position).map(|value| (month, *value))
    };
    months.clone().filter_map(value).collect()
}

fn of_group(
    output: &ReplicateOutput,
    group: &str,
    level: &str,
    name: &str,
    months: &RangeInclusive<u32>,
) -> Series {
    let rows = output.groups.iter().filter(|row| (row.group, row.level, row.metric) == (group, level, name));
    rows.map(|row| (row.month + 1, row.value)).filter(|(month, _)| months.contains(month)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_is_the_slope_a_year_of_the_months_that_have_a_value() {
        let line = |month: u32| (month, 0.3 + 0.02 * month as f64 / 12.0);
        let mut values: Series = [1, 2, 7, 12, 40].map(line).to_vec();
        values.push((20, f64::NAN));
        assert!((trend(&values) - 0.02).abs() < 1e-12);
        // About a line that rises, what lies evenly above and below it does not count.
        let (above, below) = ((5, line(5).1 + 0.1), (5, line(5).1 - 0.1));
        assert!((trend(&[line(1), above, below, line(9)]) - 0.02).abs() < 1e-12);
        assert!(trend(&[line(3)]).is_nan() && trend(&[]).is_nan());
    }
}
