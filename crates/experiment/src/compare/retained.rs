//! What a comparison keeps of a replicate beside its outcomes: groups, communities, and who sits on the councils. A
//! contest keeps groups alone.

use std::ops::Range;

use super::{community, group, treated};
use crate::file::{Experiment, Kind};
use crate::record::seats;
use shequ_model::city::Cities;
use shequ_model::simulation::{ReplicateOutput, SeatRow};

/// What is kept, and in which order: groups by window, communities by window and in the year before, seats.
pub struct Kept {
    /// Groups of residents.
    pub groups: Vec<group::Cell>,
    /// Communities; none where the sides have different cities. Where replicates have, only for a policy that holds in
    /// some communities, which are found in each of them.
    pub communities: Vec<community::Cell>,
    /// True if all replicates have one city, so that its communities can be told apart.
    pub has_one_city: bool,
    windows: usize,
    /// Levels of which seats are kept.
    seats: usize,
    /// The year before a policy that holds in some communities only; none where there is no such policy or year.
    before: Option<Range<u32>>,
}

impl Kept {
    /// Of the replicates of `experiment`; none of a kind that compares nothing.
    pub fn of(experiment: &Experiment) -> Option<Kept> {
        if !experiment.kind.compares() {
            return None;
        }
        let is_comparison = experiment.kind == Kind::Compare;
        let count = experiment.base.scenario.population.communities;
        let has_one_city = experiment.base.scenario.seed.cities == Cities::One;
        let is_kept = is_comparison && (has_one_city || treated::is_asked(experiment));
        let communities = if is_kept && experiment.is_paired() { count } else { 0 };
        Some(Kept {
            groups: group::Cell::all(),
            communities: community::Cell::all(communities, &experiment.outcomes),
            has_one_city,
            windows: experiment.windows.len(),
            seats: if is_comparison { seats::levels().count() } else { 0 },
            before: treated::before(experiment).filter(|_| is_comparison),
        })
    }

    /// The values of a replicate; those of seats are missing where it ends without a council.
    pub fn values(&self, output: &ReplicateOutput, windows: &[Range<u32>]) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(self.width());
        values.extend(windows.iter().flat_map(|w| group::reduce(output, w, self.groups.len())));
        let windows = windows.iter().chain(&self.before);
        values.extend(windows.flat_map(|w| community::reduce(output, w, &self.communities)));
        values.extend(output.seats.iter().take(self.seats).flat_map(|row| [row.seats, row.adults]));
        values.resize(self.width(), f64::NAN);
        values
    }

    /// Number of values.
    pub fn width(&self) -> usize {
        self.in_seats().end
    }

    /// Places of the groups among the values.
    pub fn in_groups(&self) -> Range<usize> {
        0..self.windows * self.groups.len()
    }

    /// Places of the communities: those of the windows, then those of the year before.
    pub fn in_communities(&self) -> Range<usize> {
        let from = self.in_groups().end;
        from..from + (self.windows + self.before.iter().len()) * self.communities.len()
    }

    /// Places of the seats.
    pub fn in_seats(&self) -> Range<usize> {
        let from = self.in_communities().end;
        from..from + 2 * self.seats
    }
}

/// Seats as [`Kept::values`] has them.
pub fn seats_of(values: &[f64]) -> Vec<SeatRow> {
    let row = |pair: &[f64]| SeatRow { seats: pair[0], adults: pair[1] };
    values.chunks_exact(2).map(row).filter(|row| !row.seats.is_nan()).collect()
}
