//! Building the city.

use super::{City, person, population};

/// A share that was asked for, beside the one that came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// What is counted: age, sex, education, tenure, hukou, party, community type, household size.
    pub group: &'static str,
    /// Level within the group.
    pub level: &'static str,
    /// Asked for by the scenario.
    pub asked: f64,
    /// Came out in the city.
    pub came_out: f64,
}

/// Builds the city of `seed`.
pub fn city(_population: &population::Settings, _residents: &person::Settings, _seed: u64) -> City {
    City { communities: Vec::new(), streets: 1, districts: 1 }
}

/// The margins of `city` beside those asked for.
pub fn margins(_city: &City, _population: &population::Settings) -> Vec<Margin> {
    Vec::new()
}
