//! How large a city will be, known before it is built.

use super::friends;
use crate::city::network::Kind;
use crate::city::{Residents, population};

/// Bytes of the columns of all adults: what each replicate that goes on beside others has for itself.
pub fn columns(population: &population::Settings) -> u64 {
    population.all_adults() * Residents::BYTES as u64
}

/// Bytes of a city: columns, households and ties. Linear in the number of adults, except where a network
/// of another size is listed.
pub fn city(population: &population::Settings) -> u64 {
    let adults = population.all_adults();
    let number = if population.most_adults() > 1 << 16 { size_of::<u32>() } else { size_of::<u16>() } as f64;
    let ties = match population.network.kind {
        Kind::Settled => friends::asked(population) * number,
        Kind::Random | Kind::SmallWorld | Kind::Lattice => population.network.degree * number,
        Kind::Complete | Kind::MeanField => 0.0,
        // Each tie in two lists, with a weight.
        Kind::Given => {
            let each = 2.0 * (number + size_of::<f32>() as f64);
            population.network.ties.len() as f64 * each / population.adults.max(1) as f64
        }
    };
    // Where each list begins; a household's beginning and its persons, fewer households than adults.
    let lists = size_of::<u32>() as f64;
    let homes = (size_of::<u32>() + 1) as f64 / (population.household_mean * (1.0 - population.child_share));
    columns(population) + (adults as f64 * (ties + lists + homes)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::Settings as _;
    use crate::city::person;

    #[test]
    fn a_city_takes_what_was_said_before_it_was_built() {
        for (communities, adults, spread) in [(3, 700, 0.0), (6, 2_500, 0.0), (40, 300, 0.4)] {
            let standard = population::Settings::standard();
            let asked = population::Settings { communities, adults, size_spread: spread, ..standard };
            let built = super::super::city(&asked, &person::Settings::standard(), 1);
            let bytes: usize = built
                .communities
                .iter()
                .map(|c| {
                    let homes = size_of_val(c.households.starts.as_slice()) + c.households.persons.len();
                    c.adults() * Residents::BYTES + c.ties.bytes() + homes
                })
                .sum();
            // Ties drawn twice count once, and rounding to whole residents moves sizes a little.
            let ratio = city(&asked) as f64 / bytes as f64;
            assert!((0.98..1.04).contains(&ratio), "{communities} × {adults}: {ratio}");
        }
    }
}
