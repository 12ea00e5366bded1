//! The margins of the synthetic city: targets and realised values.

use super::friends;
use crate::city::network::Kind;
use crate::city::{AGE_BANDS, City, Community, Traits, population, table::Row};

/// A share or mean: its target, and its realised value.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// What is counted: age, sex, education, tenure, hukou, party, work unit (adults); kind
    /// (communities); household (persons in one); ties (of one resident).
    pub group: &'static str,
    /// Level within the group.
    pub level: &'static str,
    /// Asked for by the scenario.
    pub target: f64,
    /// Came out in the city; not a number if there is nobody to count.
    pub realised: f64,
}

/// A yes-or-no attribute.
type Trait = fn(Traits) -> bool;

/// The margins of `city` with their targets.
pub fn margins(city: &City, population: &population::Settings) -> Vec<Margin> {
    let mut margins = Vec::new();
    let asked = |of: &dyn Fn(&Row) -> Option<f64>, usual: f64| asked(city, of, usual);
    let mut add = |group, level, target, realised| margins.push(Margin { group, level, target, realised });
    for (band, (_, name)) in AGE_BANDS.iter().enumerate() {
        let share = share_of(city, |_, c, i| c.residents.age_band(i) == band);
        add("age", name.en, asked(&|row| Some(row.age?[band]), population.age[band]), share);
    }
    for (level, name) in population::EDUCATION.iter().enumerate() {
        let share = share_of(city, |traits, _, _| traits.education() as usize == level);
        let target = asked(&|row| Some(row.education?[level]), population.education[level]);
        add("education", name.en, target, share);
    }
    let pairs: [(_, _, _, _, Trait); 4] = [
        ("sex", "men", "women", population.male_share, Traits::male),
        ("tenure", "owners", "renters", asked(&|row| row.owners, population.owner_share), Traits::owner),
        ("hukou", "migrant", "local", asked(&|row| row.migrants, population.migrant_share), |traits| {
            !traits.local()
        }),
        ("party", "members", "others", asked(&|row| row.party, population.party_share), Traits::party),
    ];
    for (group, yes, no, target, is) in pairs {
        let share = share_of(city, |traits, _, _| is(traits));
        add(group, yes, target, share);
        add(group, no, 1.0 - target, 1.0 - share);
    }
    add("work unit", "of danwei residents", population.danwei_share, share_of_unit(city));
    for kind in crate::city::Kind::ALL {
        let count = city.communities.iter().filter(|c| c.kind == kind).count();
        let share = count as f64 / city.communities.len() as f64;
        let given: Vec<_> = population.table.iter().filter_map(|row| row.kind).collect();
        let open = (city.communities.len() - given.len()) as f64 * population.kinds[kind as usize];
        let target = match given.is_empty() {
            true => population.kinds[kind as usize],
            false => {
                let of_kind = given.iter().filter(|&&given| given == kind).count() as f64;
                (of_kind + open) / city.communities.len() as f64
            }
        };
        add("kind", kind.name().en, target, share);
    }
    let households: usize = city.communities.iter().map(|c| c.households.len()).sum();
    let persons: u64 = city.communities.iter().flat_map(|c| &c.households.persons).map(|&p| p as u64).sum();
    add("household", "mean persons", population.household_mean, persons as f64 / households as f64);
    let ties: f64 = city.communities.iter().map(|c| c.ties.mean_degree() * c.adults() as f64).sum();
    add("ties", "mean per resident", ties_asked(city, population), ties / city.adults() as f64);
    if population.network.kind == Kind::Settled {
        add("ties", "none outside the home", population.isolated, share_of(city, |_, c, i| is_alone(c, i)));
    }
    margins
}

/// The share asked for of the whole city: that of the settings, or by adults the mean of what a table gives
/// and, of communities of which it gives nothing, of that.
fn asked(city: &City, of: &dyn Fn(&Row) -> Option<f64>, usual: f64) -> f64 {
    let given = |c: &Community| c.given.as_deref().and_then(of);
    if city.communities.iter().all(|c| given(c).is_none()) {
        return usual;
    }
    let all = city.communities.iter().map(|c| c.adults() as f64 * given(c).unwrap_or(usual)).sum::<f64>();
    all / city.adults() as f64
}

/// True if resident `i` knows nobody outside the own home.
fn is_alone(community: &Community, i: usize) -> bool {
    let home = community.households.members(community.households.of(i));
    community.ties.of(i).iter().all(|other| home.contains(&other))
}

/// Mean number of ties that the scenario asks for; where it lists or implies them, those that there are.
fn ties_asked(city: &City, population: &population::Settings) -> f64 {
    match population.network.kind {
        Kind::Settled => friends::asked(population),
        Kind::Random | Kind::SmallWorld | Kind::Lattice => population.network.degree,
        Kind::Complete | Kind::MeanField | Kind::Given => {
            let ties = |c: &Community| c.ties.mean_degree() * c.adults() as f64;
            city.communities.iter().map(ties).sum::<f64>() / city.adults() as f64
        }
    }
}

/// Share of the city's adults of whom `is` (traits, community, number) holds.
fn share_of(city: &City, is: impl Fn(Traits, &Community, usize) -> bool) -> f64 {
    let count = |c: &Community| (0..c.adults()).filter(|&i| is(c.residents.traits[i], c, i)).count();
    city.communities.iter().map(count).sum::<usize>() as f64 / city.adults() as f64
}

/// Share of the residents of work-unit compounds who belong to the unit.
fn share_of_unit(city: &City) -> f64 {
    let communities = || city.communities.iter().filter(|c| c.kind == crate::city::Kind::Danwei);
    let members: usize =
        communities().flat_map(|c| &c.residents.traits).filter(|traits| traits.danwei()).count();
    members as f64 / communities().map(Community::adults).sum::<usize>() as f64
}
