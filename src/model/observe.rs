//! Takes down what a month was like.

use rayon::prelude::*;

use crate::city::DOMAINS;
use crate::institution::council::wants;
use crate::institution::{Place, Wide};
use crate::metric::{self, From, Grouping, TOGETHER, add_by_level};
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
    // Each metric by itself, so that its sum runs in the order of communities on any number of threads.
    life.monthly.par_extend(metric::all().par_iter().enumerate().map(value));
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
        let groupings = metric::groupings();
        let rows: Vec<_> = groupings.par_iter().map(|grouping| groups(grouping, month, places)).collect();
        life.groups.extend(rows.into_iter().flatten());
    }
}

/// Metrics that a community has by itself, in the order of `CommunityRow::values`.
pub fn community_metrics() -> impl Iterator<Item = &'static metric::Metric> {
    metric::all().iter().filter(|m| !matches!(m.from, From::City(_)))
}

/// The rows of one grouping. Sums run over communities and residents in their order.
fn groups(grouping: &Grouping, month: u32, places: &[Place]) -> Vec<GroupRow> {
    let metrics = metric::of_groups();
    let levels = grouping.levels.len();
    let mut sums = vec![vec![[0.0; TOGETHER]; levels]; metrics.len().div_ceil(TOGETHER)];
    let mut members = vec![0u64; levels];
    let mut of = Vec::new();
    for place in places {
        of.clear();
        of.extend((0..place.community.adults()).map(|i| (grouping.level)(place, i) as u8));
        of.iter().for_each(|&level| members[level as usize] += 1);
        for (metrics, sums) in metrics.chunks(TOGETHER).zip(&mut sums) {
            let columns: Vec<_> =
                metrics.iter().map(|(_, column)| column(&place.community.residents)).collect();
            add_by_level(&columns, sums, &of);
        }
    }
    let row = |level: usize, k: usize| GroupRow {
        month,
        group: grouping.name,
        level: grouping.levels[level],
        metric: metrics[k].0,
        value: if members[level] > 0 {
            sums[k / TOGETHER][level][k % TOGETHER] / members[level] as f64
        } else {
            f64::NAN
        },
    };
    (0..levels)
        .flat_map(|level| (0..metrics.len()).map(move |k| (level, k)))
        .map(|(l, k)| row(l, k))
        .collect()
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
