//! Takes down what a month was like.

use rayon::prelude::*;

use super::{CommunityRow, GroupRow, ProjectRow, ReplicateOutput, SeatRow, distributions};
use crate::city::DOMAINS;
use crate::institution::council::wants;
use crate::institution::{CityState, CommunityState};
use crate::metric::{self, From, Grouping, TOGETHER, add_by_level};
use crate::scenario::ReportSettings;

/// Which city-level metrics are worked out every month. Working out all of them takes longer than the
/// smallest model takes to run.
#[derive(Clone, Copy, Debug)]
pub enum Watched<'a> {
    /// All.
    All,
    /// Those at these positions in `metric::all()`; the others have no value.
    These(&'a [usize]),
}

/// Adds month `month` to `output`: the metrics that are `watched`, others as NaN. Rows for communities and
/// groups are added at the end of every interval that the scenario asks for.
pub fn month(
    output: &mut ReplicateOutput,
    month: u32,
    report: &ReportSettings,
    watched: &Watched,
    communities: &[CommunityState],
    citywide: &CityState,
) {
    let value = |(k, metric): (usize, &metric::Metric)| match watched {
        Watched::These(these) if !these.contains(&k) => f64::NAN,
        _ => metric.city(communities, citywide),
    };
    // Each metric by itself, so that its sum runs in the order of communities on any number of threads.
    output.monthly.par_extend(metric::all().par_iter().enumerate().map(value));
    spending(output, communities);
    let due = |every: u32| is_due(every, month);
    if due(report.communities_every) {
        output.communities.extend(communities.iter().map(|state| CommunityRow {
            month,
            community: state.community.id,
            values: community_metrics().map(|m| m.over(std::slice::from_ref(state))).collect(),
        }));
    }
    if due(report.groups_every) {
        let groupings = metric::groupings();
        let rows: Vec<_> =
            groupings.par_iter().map(|grouping| groups(grouping, month, communities)).collect();
        output.groups.extend(rows.into_iter().flatten());
    }
    if due(report.distributions_every) {
        distributions::month(output, month, communities);
    }
}

/// True of the last month of every interval of so many; of none if there are 0.
pub(super) fn is_due(every: u32, month: u32) -> bool {
    every > 0 && (month + 1) % every == 0
}

/// Metrics that a community has by itself, in the order of `CommunityRow::values`.
pub fn community_metrics() -> impl Iterator<Item = &'static metric::Metric> {
    metric::all().iter().filter(|m| !matches!(m.from, From::City(_)))
}

/// The rows of one grouping. Sums run over communities and residents in their order.
fn groups(grouping: &Grouping, month: u32, communities: &[CommunityState]) -> Vec<GroupRow> {
    let metrics = metric::of_groups();
    let levels = grouping.levels.len();
    let mut sums = vec![vec![[0.0; TOGETHER]; levels]; metrics.len().div_ceil(TOGETHER)];
    let mut members = vec![0u64; levels];
    let mut of = Vec::new();
    for state in communities {
        of.clear();
        of.extend((0..state.community.adults()).map(|i| (grouping.level)(state, i) as u8));
        of.iter().for_each(|&level| members[level as usize] += 1);
        for (metrics, sums) in metrics.chunks(TOGETHER).zip(&mut sums) {
            let columns: Vec<_> =
                metrics.iter().map(|(_, column)| column(&state.community.residents)).collect();
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
fn spending(output: &mut ReplicateOutput, communities: &[CommunityState]) {
    output.projects.resize(DOMAINS, ProjectRow::default());
    for state in communities {
        for (row, spent) in output.projects.iter_mut().zip(state.local.funding.spent_on) {
            row.spent += spent as f64;
        }
    }
}

/// Adds to `output` what is taken down once, when it ends: who sits on the councils, and what residents need.
pub fn end(output: &mut ReplicateOutput, communities: &[CommunityState]) {
    output.seats = seats(communities);
    if output.projects.iter().all(|row| row.spent == 0.0) {
        output.projects.clear();
        return;
    }
    let adults: usize = communities.iter().map(|state| state.community.adults()).sum();
    for needs in communities.iter().flat_map(|state| &state.community.residents.needs) {
        for (row, weight) in output.projects.iter_mut().zip(wants(*needs)) {
            row.needs += f64::from(weight) / adults as f64;
        }
    }
}

/// Who sits on the councils, by level: means over the communities that have one; empty if none has.
fn seats(communities: &[CommunityState]) -> Vec<SeatRow> {
    let councils = communities.iter().map(|state| &state.local.council.composition);
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
