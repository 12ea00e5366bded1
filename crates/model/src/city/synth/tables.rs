//! From whom residents are drawn: the chain of attributes, solved for the shares asked.

use super::homes::{HOMES, Sizes};
use super::rake::{chance, ladder, rake, shift};
use crate::base::math::normal_share;
use crate::city::residents::TARGETS;
use crate::city::{AGE_BANDS, DOMAINS, Kind, domain, feelings, groups, person, population};

pub(super) const KINDS: usize = Kind::ALL.len();
pub(super) const EDUCATIONS: usize = population::EDUCATION.len();
/// Age in years at which the hazard of death is given.
const ELDERLY: f64 = 65.0;
/// Ages in months up to which the life table reaches.
pub const OLDEST: usize = 120 * 12;
/// Incomes are fifths of the city.
const QUINTILES: usize = 5;
pub(super) const AGES: usize = AGE_BANDS.len();

/// A number for each kind, tenure (renter, owner) and age band of a household.
type ByHousehold = [[[f64; AGES]; 2]; KINDS];
/// A number for each kind and age band of a person.
type ByPerson = [[f64; AGES]; KINDS];
/// A number for each age band and education.
pub(super) type ByEducation = [[f64; EDUCATIONS]; AGES];

/// Everything that the drawing of a person needs, computed once for the city. Chances are per draw.
#[derive(Clone, Debug)]
pub struct PeopleTables {
    /// Chance that a household owns its home, by kind and class of home.
    pub(super) owner: [[f64; HOMES]; KINDS],
    /// Weights of the age bands, by kind, class of home and tenure.
    pub(super) ages: [[[[f64; AGES]; 2]; HOMES]; KINDS],
    /// Chance of local hukou, by kind, tenure and age band of the first adult.
    pub(super) local: ByHousehold,
    /// Chance to belong to the work unit, in danwei communities, by tenure and hukou.
    pub(super) danwei: [[f64; 2]; 2],
    /// Chance to be a man, by age band.
    pub(super) male: [f64; AGES],
    /// Chances to reach education 1, 2, 3, by kind and age band.
    pub(super) education: [[[f64; 3]; AGES]; KINDS],
    /// Chance of party membership, by kind, age band and education.
    pub(super) party: [[[f64; 4]; AGES]; KINDS],
    /// Chances to reach income quintile 1, 2, 3, 4, by age band and education.
    pub(super) income: [[[f64; 4]; 4]; AGES],
    /// Weights of the domains, by kind, hukou (migrant, local) and age band.
    pub(super) needs: [[[[f64; DOMAINS]; AGES]; 2]; KINDS],
    /// ln(1 − chance to move in a month), renter and owner.
    pub(super) staying: [f64; 2],
    /// Mean free hours per month, below 60 and from 60.
    pub(super) hours: [f64; 2],
    /// Most free hours per month.
    pub(super) hours_most: f64,
    /// Age in months from which residents have the free time of the retired.
    pub(super) retired: u16,
    /// Standard deviation of the logarithm of free hours.
    pub(super) hours_spread: f64,
    /// Mean trust by target, before it is cut to [0, 1].
    pub(super) trust: [f64; TARGETS],
    /// Standard deviation of trust.
    pub(super) trust_spread: f64,
    /// Share of the variance of trust that all targets have in common.
    pub(super) trust_common: f64,
    /// Shape of the distribution of trust.
    pub(super) trust_shape: person::Shape,
    /// Shape of the distribution of inclinations.
    pub(super) inclination_shape: person::Shape,
    /// Chance of knowing what is on offer.
    pub(super) awareness: f64,
    /// Accuracy of waste sorting.
    pub(super) accuracy: f64,
    /// Mean satisfaction, and its standard deviation.
    pub(super) satisfaction: [f64; 2],
    /// How the other feelings begin.
    pub(super) feelings: feelings::Settings,
    /// Standard deviation of the gap in age of couples, in age bands.
    pub(super) couple_gap: f64,
    /// Chance of dying within a month, by age in months.
    pub deaths: Vec<f32>,
}

impl PeopleTables {
    /// Solves the chain for a city whose adults live in communities of each kind in the shares `kinds`.
    ///
    /// Each link is solved on the exact weights that the links before it give, so every share asked is
    /// met in expectation.
    pub(super) fn solve(
        asked: &population::Settings,
        residents: &person::Settings,
        sizes: &Sizes,
        kinds: [f64; KINDS],
    ) -> PeopleTables {
        let by_home = sizes.adults_by_class();
        let ages = ages(asked, &kinds, &by_home);
        let owners = owners(asked, &ages);
        let split = by_tenure(&ages, &owners);
        let households = households(&split);
        let local = local(asked, &households);
        let persons: ByPerson =
            std::array::from_fn(|k| std::array::from_fn(|a| ages[k].iter().map(|home| home[a]).sum()));
        let education = education(asked, &persons);
        PeopleTables {
            owner: std::array::from_fn(|k| std::array::from_fn(|c| share_of_owners(&split[k][c]))),
            danwei: danwei(asked, &households[Kind::Danwei as usize], &local[Kind::Danwei as usize]),
            male: male(asked),
            party: party(asked, &persons, &education),
            income: income(&asked.groups, &by_age_and_education(&persons, &education)),
            needs: needs(&asked.groups, asked.need_dispersion),
            staying: [residents.move_renter, residents.move_owner].map(|p| libm::log1p(-p)),
            hours: [asked.time_working, asked.time_retired],
            hours_most: asked.time_most,
            retired: asked.retirement_age * 12,
            hours_spread: asked.time_spread,
            trust: uncut(residents),
            trust_spread: residents.trust_spread,
            trust_common: residents.trust_common,
            trust_shape: residents.trust_shape,
            inclination_shape: residents.inclination_shape,
            awareness: residents.awareness,
            accuracy: residents.accuracy,
            satisfaction: [residents.satisfaction, asked.feelings.satisfaction_spread],
            feelings: asked.feelings.clone(),
            couple_gap: asked.groups.couple_gap,
            deaths: life_table(residents),
            ages: split,
            local,
            education,
        }
    }
}

/// The means of normal trust that leave the means asked when it is cut to [0, 1]; even trust is cut little.
fn uncut(residents: &person::Settings) -> [f64; TARGETS] {
    let spread = residents.trust_spread;
    residents.initial_trust().map(|asked| match residents.trust_shape {
        person::Shape::Normal if spread > 0.0 => mean_before_cutting(asked, spread),
        _ => asked,
    })
}

/// The mean of normal numbers of this spread whose mean is `asked` after what lies beyond 0 and 1 is put
/// there. Means nearer to an end than a hundredth would need numbers far beyond it, and get as near as that.
fn mean_before_cutting(asked: f64, spread: f64) -> f64 {
    // E max(X, c) of a normal X is c + sd · (φ(z) + z · Φ(z)), z = (mean − c) / sd; cut at both ends.
    let above = |mean: f64, c: f64| {
        let z = (mean - c) / spread;
        spread * (libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI) + z * normal_share(z))
    };
    let cut = |mean: f64| above(mean, 0.0) - above(mean, 1.0);
    let asked = asked.clamp(0.01, 0.99);
    let (mut low, mut high) = (asked - 5.0 * spread, asked + 5.0 * spread);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if cut(middle) < asked { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Chance of dying within a month, by age in months: a Gompertz law.
fn life_table(residents: &person::Settings) -> Vec<f32> {
    let (at_65, doubling) = (residents.death_at_65 / 12.0, residents.death_doubling);
    let hazard = |years: f64| at_65 * libm::exp2((years - ELDERLY) / doubling);
    (0..=OLDEST).map(|months| hazard(months as f64 / 12.0).min(1.0) as f32).collect()
}

/// Share of all adults in each kind, class of home and age band.
fn ages(
    asked: &population::Settings,
    kinds: &[f64; KINDS],
    by_home: &[f64; HOMES],
) -> [[[f64; AGES]; HOMES]; KINDS] {
    let cells = || (0..KINDS).flat_map(|k| (0..HOMES).map(move |c| (k, c)));
    let (of_kind, of_home) = (asked.groups.age_by_kind(), asked.groups.age_by_home());
    let mut table: Vec<[f64; AGES]> =
        cells().map(|(k, c)| std::array::from_fn(|a| asked.age[a] * of_kind[k][a] * of_home[c][a])).collect();
    let rows: Vec<f64> = cells().map(|(k, c)| kinds[k] * by_home[c]).collect();
    rake(&mut table, &rows, &asked.age);
    std::array::from_fn(|k| std::array::from_fn(|c| table[k * HOMES + c]))
}

/// Chance to own the home in each kind, class of home and age band of the first adult.
fn owners(
    asked: &population::Settings,
    ages: &[[[f64; AGES]; HOMES]; KINDS],
) -> [[[f64; AGES]; HOMES]; KINDS] {
    let groups = &asked.groups;
    let odds = |k, c, a| groups.owner_odds(k, c, a);
    let mut cells = Vec::new();
    for (k, homes) in ages.iter().enumerate() {
        for (c, bands) in homes.iter().enumerate() {
            cells.extend(bands.iter().enumerate().map(|(a, &weight)| (weight, odds(k, c, a))));
        }
    }
    let shift = shift(&cells, asked.owner_share);
    let chance = |k, c, a| chance(shift + libm::log(odds(k, c, a)));
    std::array::from_fn(|k| std::array::from_fn(|c| std::array::from_fn(|a| chance(k, c, a))))
}

/// Splits each cell of `ages` into renters and owners.
fn by_tenure(
    ages: &[[[f64; AGES]; HOMES]; KINDS],
    owners: &[[[f64; AGES]; HOMES]; KINDS],
) -> [[[[f64; AGES]; 2]; HOMES]; KINDS] {
    std::array::from_fn(|k| {
        std::array::from_fn(|c| {
            let owning = std::array::from_fn(|a| ages[k][c][a] * owners[k][c][a]);
            let renting = std::array::from_fn(|a| ages[k][c][a] * (1.0 - owners[k][c][a]));
            [renting, owning]
        })
    })
}

/// Share of owners in a cell split by tenure; 0 where nobody lives.
pub(super) fn share_of_owners(split: &[[f64; AGES]; 2]) -> f64 {
    let [renting, owning]: [f64; 2] = [split[0].iter().sum(), split[1].iter().sum()];
    if owning > 0.0 { owning / (owning + renting) } else { 0.0 }
}

/// Share of all adults by kind, tenure and age band of the first adult.
fn households(split: &[[[[f64; AGES]; 2]; HOMES]; KINDS]) -> ByHousehold {
    std::array::from_fn(|k| {
        std::array::from_fn(|owner| std::array::from_fn(|a| split[k].iter().map(|home| home[owner][a]).sum()))
    })
}

fn local(asked: &population::Settings, households: &ByHousehold) -> ByHousehold {
    let groups = &asked.groups;
    let odds = |k, owner, a| groups.local_odds(k, owner, a);
    let mut cells = Vec::new();
    for (k, tenures) in households.iter().enumerate() {
        for (owner, bands) in tenures.iter().enumerate() {
            cells.extend(bands.iter().enumerate().map(|(a, &weight)| (weight, odds(k, owner, a))));
        }
    }
    let shift = shift(&cells, 1.0 - asked.migrant_share);
    let chance = |k, owner, a| chance(shift + libm::log(odds(k, owner, a)));
    std::array::from_fn(|k| std::array::from_fn(|owner| std::array::from_fn(|a| chance(k, owner, a))))
}

/// From the `households` of danwei communities and their chance to be `local`.
fn danwei(
    asked: &population::Settings,
    households: &[[f64; AGES]; 2],
    local: &[[f64; AGES]; 2],
) -> [[f64; 2]; 2] {
    let groups = &asked.groups;
    let odds = |owner, local| groups.danwei_odds(owner, local);
    let mut cells = Vec::new();
    for owner in 0..2 {
        for (&weight, &is_local) in households[owner].iter().zip(&local[owner]) {
            cells.push((weight * (1.0 - is_local), odds(owner, 0)));
            cells.push((weight * is_local, odds(owner, 1)));
        }
    }
    let shift = shift(&cells, asked.danwei_share);
    std::array::from_fn(|owner| std::array::from_fn(|local| chance(shift + libm::log(odds(owner, local)))))
}

fn male(asked: &population::Settings) -> [f64; AGES] {
    let cells: Vec<_> = asked.age.into_iter().zip(asked.groups.male_by_age).collect();
    let shift = shift(&cells, asked.male_share);
    asked.groups.male_by_age.map(|odds| chance(shift + libm::log(odds)))
}

fn education(asked: &population::Settings, persons: &ByPerson) -> [[[f64; 3]; AGES]; KINDS] {
    let mut cells = Vec::new();
    for (k, bands) in persons.iter().enumerate() {
        let cell = |(a, &weight)| (weight, asked.groups.education_odds(k, a));
        cells.extend(bands.iter().enumerate().map(cell));
    }
    let ladder = ladder(&cells, &asked.education);
    std::array::from_fn(|k| std::array::from_fn(|a| ladder[k * AGES + a]))
}

/// Shares of the four levels from the chances to reach the upper three.
pub(super) fn levels(reach: &[f64; 3]) -> [f64; 4] {
    [1.0 - reach[0], reach[0] - reach[1], reach[1] - reach[2], reach[2]]
}

fn party(
    asked: &population::Settings,
    persons: &ByPerson,
    education: &[[[f64; 3]; AGES]; KINDS],
) -> [[[f64; 4]; AGES]; KINDS] {
    let groups = &asked.groups;
    let odds = |k, a, e| groups.party_odds(k, a, e);
    let mut cells = Vec::new();
    for (k, bands) in persons.iter().enumerate() {
        for (a, &weight) in bands.iter().enumerate() {
            let shares = levels(&education[k][a]);
            cells.extend(shares.iter().enumerate().map(|(e, &share)| (weight * share, odds(k, a, e))));
        }
    }
    let shift = shift(&cells, asked.party_share);
    let chance = |k, a, e| chance(shift + libm::log(odds(k, a, e)));
    std::array::from_fn(|k| std::array::from_fn(|a| std::array::from_fn(|e| chance(k, a, e))))
}

/// Share of all adults by age band and education.
fn by_age_and_education(persons: &ByPerson, education: &[[[f64; 3]; AGES]; KINDS]) -> ByEducation {
    let weight = |a: usize, e: usize| (0..KINDS).map(|k| persons[k][a] * levels(&education[k][a])[e]).sum();
    std::array::from_fn(|a| std::array::from_fn(|e| weight(a, e)))
}

/// Quintiles of the city, hence a fifth of the adults in each, who are so many by age band and education.
pub(super) fn income(groups: &groups::Settings, adults: &ByEducation) -> [[[f64; 4]; EDUCATIONS]; AGES] {
    let mut cells = Vec::new();
    for a in 0..AGES {
        for e in 0..EDUCATIONS {
            cells.push((adults[a][e], groups.income_by_age[a] * groups.income_by_education[e]));
        }
    }
    let ladder = ladder(&cells, &[1.0 / QUINTILES as f64; QUINTILES]);
    std::array::from_fn(|a| std::array::from_fn(|e| ladder[a * EDUCATIONS + e]))
}

/// The profile of each group, mixed with an even spread over the domains.
fn needs(groups: &groups::Settings, dispersion: f64) -> [[[[f64; DOMAINS]; AGES]; 2]; KINDS] {
    let group = |k: usize, local: usize, a: usize| {
        let mut weights = groups.needs_by_age()[a];
        weights[domain::ENVIRONMENT] *= groups.environment_by_kind[k];
        weights[domain::LABOUR] *= [groups.labour_of_migrants, 1.0][local];
        let total: f64 = weights.iter().sum();
        weights.map(|w| (1.0 - dispersion) * w / total + dispersion / DOMAINS as f64)
    };
    std::array::from_fn(|k| std::array::from_fn(|local| std::array::from_fn(|a| group(k, local, a))))
}
