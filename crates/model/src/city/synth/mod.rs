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
mod own;
mod people;
mod plan;
mod quota;
mod rake;
pub mod size;
mod start;
mod tables;

use std::sync::Arc;

use rayon::prelude::*;

pub use margins::{Margin, margins};
pub use people::{Arrival, OF_AGE, move_in, settle};
pub use tables::{OLDEST, PeopleTables};

use super::{City, Community, Residents, given, person, population, table::Row};
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
    let people = people(population, &plots, sizes, tables);
    let communities = plots
        .par_iter()
        .zip(people)
        .map(|(plot, (sizes, tables))| community(plot, population, &sizes, &tables, rng.of(plot.id)))
        .collect();
    City { seed, communities, streets, districts }
}

/// The law of households and the tables of each community: those of the city but where a table of communities
/// says who lives there.
fn people(
    population: &population::Settings,
    plots: &[Plot],
    sizes: Sizes,
    tables: Arc<PeopleTables>,
) -> Vec<(Sizes, Arc<PeopleTables>)> {
    if !population.table.iter().any(Row::lays_down_residents) {
        return vec![(sizes, tables); plots.len()];
    }
    let nothing = Row::default();
    let solve = |plot: &Plot| {
        let row = population.table.get(plot.id as usize).unwrap_or(&nothing);
        let sizes = match row.household {
            Some(mean) => Sizes::of_mean(population, mean),
            None => sizes.clone(),
        };
        let (own, adults) = own::tables(&tables, population, &sizes, plot.kind, row);
        (sizes, row.lays_down_residents().then_some(own), adults)
    };
    let solved: Vec<_> = plots.par_iter().map(solve).collect();
    // Fifths of the city's incomes follow from who lives in all of it, in the order of the communities.
    let mut adults = [[0.0; tables::EDUCATIONS]; tables::AGES];
    for (plot, (.., shares)) in plots.iter().zip(&solved) {
        for (sum, share) in adults.iter_mut().flatten().zip(shares.iter().flatten()) {
            *sum += f64::from(plot.adults) * share;
        }
    }
    let income = tables::income(&population.groups, &adults);
    let of_city = Arc::new(PeopleTables { income, ..tables.as_ref().clone() });
    let with_income = |(sizes, own, _): (Sizes, Option<PeopleTables>, _)| match own {
        Some(own) => (sizes, Arc::new(PeopleTables { income, ..own })),
        None => (sizes, of_city.clone()),
    };
    solved.into_iter().map(with_income).collect()
}

fn community(
    plot: &Plot,
    population: &population::Settings,
    sizes: &Sizes,
    tables: &Arc<PeopleTables>,
    rng: CounterRng,
) -> Community {
    let (households, mut residents, compounds) = homes::build(plot, population, sizes, tables, rng);
    let row = population.table.get(plot.id as usize);
    if let Some(owners) = row.and_then(|row| row.owners) {
        quota::tenure(&mut residents, &households, plot.kind, owners, &population.groups, rng);
    }
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
        given: row.map(|row| Arc::new(row.clone())),
    };
    people::found(&mut community, &population.groups, rng);
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
