//! Building the city, and drawing the newcomers who keep it going.
//!
//! The city is planned (how many adults of which kind of neighbourhood), then every community is
//! built on its own: homes first, then the people in them, then who knows whom. Residents draw their
//! attributes one after another along a chain (tenure, age, hukou, sex, education, party, income),
//! each given the ones before; `tables` solves the chain so that the city's shares come out as asked.
//!
//! Every draw is keyed by the community and by the number of the household or resident, so a city
//! does not depend on threads, and one more adult changes nobody else.

mod friends;
mod homes;
mod margins;
mod network;
mod people;
mod plan;
mod rake;
pub mod size;
mod start;
mod tables;

use std::sync::Arc;

use rayon::prelude::*;

pub use margins::{Margin, margins};
pub use people::{Arrival, move_in, settle};
pub use tables::{OLDEST, PeopleTables};

use super::{City, Community, Residents, given, person, population};
use crate::base::math::normal_quantile;
use crate::base::rng::CounterRng;
use homes::Sizes;
use plan::Plot;

/// The month of all draws made when the city is built, before the first month of a replicate.
const FOUNDING: u32 = u32::MAX;

/// Builds the city of `seed`: the same for any number of threads.
pub fn city(population: &population::Settings, residents: &person::Settings, seed: u64) -> City {
    let rng = CounterRng::new(seed, 0);
    let (plots, streets, districts) = plan::plots(population, rng);
    let sizes = Sizes::of(population);
    let tables = Arc::new(PeopleTables::solve(population, residents, &sizes, plan::weights(&plots)));
    let communities =
        plots.par_iter().map(|plot| community(plot, population, &sizes, &tables, rng.of(plot.id))).collect();
    City { seed, communities, streets, districts }
}

fn community(
    plot: &Plot,
    population: &population::Settings,
    sizes: &Sizes,
    tables: &Arc<PeopleTables>,
    rng: CounterRng,
) -> Community {
    let (households, residents, compounds) = homes::build(plot, population, sizes, tables, rng);
    let ties = network::ties(&population.network, plot.adults, rng)
        .unwrap_or_else(|| friends::meet(population, &households, &residents.compound, rng));
    let mut community = Community {
        id: plot.id,
        kind: plot.kind,
        street: plot.street,
        district: plot.district,
        residents,
        households: Arc::new(households),
        compounds,
        households_per_group: population.households_per_group,
        ties: Arc::new(ties),
        tables: tables.clone(),
    };
    people::found(&mut community, rng, FOUNDING);
    lay_down(&mut community.residents, tables.inclination_shape, &population.given);
    community
}

/// Gives a community ties of the same kind, drawn by the random numbers of one replicate.
pub fn meet_anew(community: &mut Community, population: &population::Settings, replicate: CounterRng) {
    let rng = replicate.of(community.id);
    let ties = network::ties(&population.network, community.adults() as u32, rng);
    let settled = || friends::meet(population, &community.households, &community.residents.compound, rng);
    community.ties = Arc::new(ties.unwrap_or_else(settled));
}

/// Puts what the scenario lays down in the place of what was drawn. Lists that are too short, which no
/// checked scenario has, lay down as much as they hold.
fn lay_down(residents: &mut Residents, shape: person::Shape, given: &given::Settings) {
    if given.evenly {
        let n = residents.len() as f64;
        for (i, disposition) in residents.disposition.iter_mut().enumerate() {
            *disposition = shape.of(normal_quantile((i as f64 + 0.5) / n)) as f32;
        }
    }
    let lay = |column: &mut [f32], given: &[f64], sign: f64| {
        column.iter_mut().zip(given).for_each(|(value, &given)| *value = (sign * given) as f32);
    };
    lay(&mut residents.disposition, &given.disposition, 1.0);
    lay(&mut residents.disposition, &given.threshold, -1.0);
    residents.trust.iter_mut().for_each(|trust| lay(trust, &given.trust, 1.0));
    residents.rest_here(0..residents.len());
}
