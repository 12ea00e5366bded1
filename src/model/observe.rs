//! Takes down what a month was like.

use crate::city::DOMAINS;
use crate::institution::council::wants;
use crate::institution::{Place, Wide};
use crate::metric::{self, From};
use crate::record::{CommunityRow, GroupRow, Life, ProjectRow, SeatRow};
use crate::scenario::ReportSettings;

/// Which city-level metrics are worked out every month. Working out all of them takes longer than the
/// smallest model takes to live.
#[derive(Clone, Copy, Debug)]
pub enum Watched<'a> {
    /// All.
    All,
    /// Those at these positions in `metric::all()`; the others have no value.
    These(&'a [usize]),
}

/// Adds month `month` to `life`: the metrics that are `watched`, others as NaN. Rows for communities and
/// groups are added at the end of every interval that the scenario asks for.
pub fn month(
    life: &mut Life,
    month: u32,
    report: &ReportSettings,
    watched: &Watched,
    places: &[Place],
    wide: &Wide,
) {
    let value = |(k, metric): (usize, &metric::Metric)| match watched {
        Watched::These(these) if !these.contains(&k) => f64::NAN,
        _ => metric.city(places, wide),
    };
    life.monthly.extend(metric::all().iter().enumerate().map(value));
    spending(life, places);
    let due = |every: u32| every > 0 && (month + 1) % every == 0;
    if due(report.communities_every) {
        life.communities.extend(places.iter().map(|place| CommunityRow {
            month,
            community: place.community.id,
            values: community_metrics().map(|m| m.over(std::slice::from_ref(place))).collect(),
        }));
    }
    if due(report.groups_every) {
        groups(life, month, places);
    }
}

/// Metrics that a community has by itself, in the order of `CommunityRow::values`.
pub fn community_metrics() -> impl Iterator<Item = &'static metric::Metric> {
    metric::all().iter().filter(|m| !matches!(m.from, From::City(_)))
}

fn groups(life: &mut Life, month: u32, places: &[Place]) {
    let metrics = metric::of_groups();
    for grouping in metric::groupings() {
        let levels = grouping.levels.len();
        let mut sums = vec![vec![0.0; metrics.len()]; levels];
        let mut members = vec![0u64; levels];
        for place in places {
            let columns: Vec<_> =
                metrics.iter().map(|(_, column)| column(&place.community.residents)).collect();
            for i in 0..place.community.adults() {
                let level = (grouping.level)(place, i);
                members[level] += 1;
                for (sum, column) in sums[level].iter_mut().zip(&columns) {
                    *sum += column.get(i);
                }
            }
        }
        for (level, name) in grouping.levels.iter().enumerate() {
            life.groups.extend(metrics.iter().zip(&sums[level]).map(|((metric, _), sum)| GroupRow {
                month,
                group: grouping.name,
                level: name,
                metric,
                value: if members[level] > 0 { sum / members[level] as f64 } else { f64::NAN },
            }));
        }
    }
}

/// Adds what the funds spent this month, by domain.
fn spending(life: &mut Life, places: &[Place]) {
    life.projects.resize(DOMAINS, ProjectRow::default());
    for place in places {
        for (row, spent) in life.projects.iter_mut().zip(place.local.funding.spent_on) {
            row.spent += spent as f64;
        }
    }
}

/// Adds to `life` what is taken down once, when it ends: who sits on the councils, and what residents need.
pub fn end(life: &mut Life, places: &[Place]) {
    life.seats = seats(places);
    if life.projects.iter().all(|row| row.spent == 0.0) {
        life.projects.clear();
        return;
    }
    let adults: usize = places.iter().map(|place| place.community.adults()).sum();
    for needs in places.iter().flat_map(|place| &place.community.residents.needs) {
        for (row, weight) in life.projects.iter_mut().zip(wants(*needs)) {
            row.needs += f64::from(weight) / adults as f64;
        }
    }
}

/// Who sits on the councils, by level: means over the communities that have one; empty if none has.
fn seats(places: &[Place]) -> Vec<SeatRow> {
    let councils = places.iter().map(|place| &place.local.council.composition);
    let councils: Vec<_> = councils.filter(|council| !council.seats.is_empty()).collect();
    let mut sums = Vec::new();
    for council in &councils {
        let shares = council.seats.iter().flatten().zip(council.adults.iter().flatten());
        for (level, (seats, adults)) in shares.enumerate() {
            if level == sums.len() {
                sums.push(SeatRow { seats: 0.0, adults: 0.0 });
            }
            sums[level].seats += seats / councils.len() as f64;
            sums[level].adults += adults / councils.len() as f64;
        }
    }
    sums
}
