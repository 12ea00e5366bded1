//! What a table says of a community, in the chain from which its residents are drawn.
//!
//! Each link that the table gives is solved again for this community alone, on what the links before it give
//! there: ages by iterative proportional fitting, all others by one shift of odds, which is the same for two
//! categories. A link that it does not give stays what it is in communities of this kind.

use super::homes::{HOMES, Sizes};
use super::rake::{chance, ladder, rake, shift};
use super::tables::{AGES, ByEducation, EDUCATIONS, PeopleTables, levels, share_of_owners};
use crate::city::{Kind, groups, population, table::Row};

/// A number for each class of home and age band.
type Ages = [[f64; AGES]; HOMES];

/// The tables of a community of this kind, whose households follow `sizes`, and its shares of adults by age
/// band and education.
pub fn tables(
    city: &PeopleTables,
    asked: &population::Settings,
    sizes: &Sizes,
    kind: Kind,
    row: &Row,
) -> (PeopleTables, ByEducation) {
    let (mut own, groups, k) = (city.clone(), &asked.groups, kind as usize);
    if row.age.is_some() || row.household.is_some() || row.owners.is_some() {
        let ages = ages(city, groups, sizes, k, row);
        let owners = owners(city, groups, &ages, k, row);
        own.ages[k] = std::array::from_fn(|c| {
            [0, 1].map(|owner| {
                let share = |a: usize| if owner == 1 { owners[c][a] } else { 1.0 - owners[c][a] };
                std::array::from_fn(|a| ages[c][a] * share(a))
            })
        });
        own.owner[k] = std::array::from_fn(|c| share_of_owners(&own.ages[k][c]));
    }
    let by_tenure: [[f64; AGES]; 2] = [0, 1]
        .map(|owner| std::array::from_fn(|a| own.ages[k].iter().map(|home| home[owner][a]).sum::<f64>()));
    if let Some(migrants) = row.migrants {
        own.local[k] = local(groups, &by_tenure, k, 1.0 - migrants);
    }
    if let Some(share) = row.work_unit.filter(|_| kind == Kind::Danwei) {
        own.danwei = danwei(groups, &by_tenure, &own.local[k], share);
    }
    let all: f64 = by_tenure.iter().flatten().sum();
    let persons: [f64; AGES] =
        std::array::from_fn(|a| (by_tenure[0][a] + by_tenure[1][a]) / all.max(f64::MIN_POSITIVE));
    if let Some(education) = &row.education {
        let cells: Vec<_> = (0..AGES).map(|a| (persons[a], groups.education_odds(k, a))).collect();
        let ladder = ladder(&cells, education);
        own.education[k] = std::array::from_fn(|a| ladder[a]);
    }
    let adults: ByEducation = std::array::from_fn(|a| {
        let levels = levels(&own.education[k][a]);
        levels.map(|share| persons[a] * share)
    });
    if let Some(party) = row.party {
        own.party[k] = members(groups, &adults, k, party);
    }
    (own, adults)
}

/// Shares of the community's adults by class of home and age band.
fn ages(city: &PeopleTables, groups: &groups::Settings, sizes: &Sizes, k: usize, row: &Row) -> Ages {
    let by_home = sizes.adults_by_class();
    if let Some(asked) = &row.age {
        let (of_kind, of_home) = (groups.age_by_kind()[k], groups.age_by_home());
        let mut table: Ages =
            std::array::from_fn(|c| std::array::from_fn(|a| asked[a] * of_kind[a] * of_home[c][a]));
        rake(&mut table, &by_home, asked);
        return table;
    }
    std::array::from_fn(|c| {
        let cell = |a: usize| city.ages[k][c][0][a] + city.ages[k][c][1][a];
        let all: f64 = (0..AGES).map(cell).sum();
        std::array::from_fn(|a| if all > 0.0 { by_home[c] * cell(a) / all } else { 0.0 })
    })
}

/// Chance to own the home by class of home and age band of the first adult.
fn owners(city: &PeopleTables, groups: &groups::Settings, ages: &Ages, k: usize, row: &Row) -> Ages {
    let Some(asked) = row.owners else {
        return std::array::from_fn(|c| {
            let [renting, owning] = &city.ages[k][c];
            std::array::from_fn(|a| {
                let all = renting[a] + owning[a];
                if all > 0.0 { owning[a] / all } else { 0.0 }
            })
        });
    };
    let cells = (0..HOMES).flat_map(|c| (0..AGES).map(move |a| (c, a)));
    let cells: Vec<_> = cells.map(|(c, a)| (ages[c][a], groups.owner_odds(k, c, a))).collect();
    let shift = shift(&cells, asked);
    std::array::from_fn(|c| std::array::from_fn(|a| chance(shift + libm::log(groups.owner_odds(k, c, a)))))
}

fn local(groups: &groups::Settings, weights: &[[f64; AGES]; 2], k: usize, asked: f64) -> [[f64; AGES]; 2] {
    let cells = (0..2).flat_map(|owner| (0..AGES).map(move |a| (owner, a)));
    let cells: Vec<_> = cells.map(|(o, a)| (weights[o][a], groups.local_odds(k, o, a))).collect();
    let shift = shift(&cells, asked);
    [0, 1].map(|o| std::array::from_fn(|a| chance(shift + libm::log(groups.local_odds(k, o, a)))))
}

fn danwei(
    groups: &groups::Settings,
    weights: &[[f64; AGES]; 2],
    local: &[[f64; AGES]; 2],
    asked: f64,
) -> [[f64; 2]; 2] {
    let mut cells = Vec::new();
    for owner in 0..2 {
        for (&weight, &is_local) in weights[owner].iter().zip(&local[owner]) {
            cells.push((weight * (1.0 - is_local), groups.danwei_odds(owner, 0)));
            cells.push((weight * is_local, groups.danwei_odds(owner, 1)));
        }
    }
    let shift = shift(&cells, asked);
    [0, 1].map(|owner| [0, 1].map(|local| chance(shift + libm::log(groups.danwei_odds(owner, local)))))
}

fn members(
    groups: &groups::Settings,
    adults: &ByEducation,
    k: usize,
    asked: f64,
) -> [[f64; EDUCATIONS]; AGES] {
    let cells = (0..AGES).flat_map(|a| (0..EDUCATIONS).map(move |e| (a, e)));
    let cells: Vec<_> = cells.map(|(a, e)| (adults[a][e], groups.party_odds(k, a, e))).collect();
    let shift = shift(&cells, asked);
    std::array::from_fn(|a| std::array::from_fn(|e| chance(shift + libm::log(groups.party_odds(k, a, e)))))
}
