//! How what residents feel, know and give in hours is distributed over them.

use rayon::prelude::*;

use super::{DistributionRow, ReplicateOutput};
use crate::base::stats::{Moments, quantile};
use crate::city::{Column, Residents};
use crate::institution::CommunityState;
use crate::metric;

/// The quantiles of every row.
pub const QUANTILES: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

/// Adds a row to `output` for each metric of residents that is more than a share.
pub fn month(output: &mut ReplicateOutput, month: u32, communities: &[CommunityState]) {
    let blank = Residents::default();
    let metrics: Vec<_> =
        metric::of_groups().into_iter().filter(|(_, column)| !column(&blank).is_either()).collect();
    let row = |&(metric, column): &(&'static str, fn(&Residents) -> Column)| {
        let (mut values, mut moments) = (Vec::new(), Moments::default());
        for state in communities {
            let residents = &state.community.residents;
            column(residents).each(0..residents.len(), |value| {
                values.push(value);
                moments.add(value);
            });
        }
        values.sort_unstable_by(f64::total_cmp);
        let quantiles = QUANTILES.map(|p| quantile(&values, p)).to_vec();
        let sd = libm::sqrt(moments.squares / (moments.n.saturating_sub(1)) as f64);
        DistributionRow { month, metric, mean: moments.mean, sd, quantiles }
    };
    output.distributions.extend(metrics.par_iter().map(row).collect::<Vec<_>>());
}
