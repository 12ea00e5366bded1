//! Single residents who are followed from month to month.

use rayon::prelude::*;

use super::observe::is_due;
use super::{ReplicateOutput, ResidentRows};
use crate::base::month::Month;
use crate::base::rng::{CounterRng, Stream};
use crate::city::Community;
use crate::institution::CommunityState;
use crate::metric::{Resident, details};
use crate::scenario::ReportSettings;

const FOLLOWED: Stream = Stream::named("residents who are followed");

/// Who is followed, and how often they are looked at.
pub struct Followed {
    every: u32,
    /// Numbers of residents, rising, of each community; none at all if nobody is followed.
    who: Vec<Vec<u32>>,
}

impl Followed {
    /// So many of each community as `report` asks for. They depend on the seed of the city alone, and fewer are among
    /// more.
    pub fn of(report: &ReportSettings, seed: u64, communities: &[CommunityState]) -> Followed {
        let number = report.residents as usize;
        let of = |state: &CommunityState| sample(&state.community, seed, number);
        let who = if number == 0 { Vec::new() } else { communities.par_iter().map(of).collect() };
        Followed { every: report.residents_every, who }
    }

    /// Adds to `output` what those who are followed are like at the end of `month`, counted from `start`, if it is due.
    pub fn record(
        &self,
        output: &mut ReplicateOutput,
        month: u32,
        start: Month,
        communities: &[CommunityState],
    ) {
        if self.who.is_empty() || !is_due(self.every, month) {
            return;
        }
        let of_year = (start.plus(month).of_year() - 1) as usize;
        let of = |(state, who): (&CommunityState, &Vec<u32>)| rows(state, who, month, of_year);
        let rows: Vec<ResidentRows> = communities.par_iter().zip(&self.who).map(of).collect();
        rows.into_iter().for_each(|rows| output.residents.append(rows));
    }
}

/// The residents of a community with the least draws, in the order of their numbers.
fn sample(community: &Community, seed: u64, number: usize) -> Vec<u32> {
    let adults = community.adults() as u32;
    if number >= adults as usize {
        return (0..adults).collect();
    }
    let rng = CounterRng::new(seed, 0).of(community.id);
    let mut draws: Vec<(f64, u32)> = (0..adults).map(|i| (rng.uniform(FOLLOWED, i, 0, 0), i)).collect();
    draws.select_nth_unstable_by(number, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut who: Vec<u32> = draws[..number].iter().map(|&(_, i)| i).collect();
    who.sort_unstable();
    who
}

fn rows(state: &CommunityState, who: &[u32], month: u32, of_year: usize) -> ResidentRows {
    let mut rows = ResidentRows {
        who: who.iter().map(|&i| [month, state.community.id, i]).collect(),
        values: Vec::with_capacity(who.len() * details().len()),
    };
    for &i in who {
        let resident = Resident { state, i: i as usize, month, of_year };
        rows.values.extend(details().iter().map(|detail| (detail.value)(&resident)));
    }
    rows
}
