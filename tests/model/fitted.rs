//! The defaults that are fitted are those that the shipped posterior says something about.

use std::fs;
use std::path::Path;

use shequ_model::base::params::Grade;
use shequ_model::scenario::index;

/// As written to three significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap()
}

#[test]
fn fitted_defaults_are_the_medians_of_what_the_targets_inform() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/calibrated/parameters.csv");
    let mut informed: Vec<(String, f64)> = Vec::new();
    for row in csv::Reader::from_reader(&*fs::read(path).unwrap()).deserialize() {
        let row: std::collections::BTreeMap<String, String> = row.unwrap();
        if row["informed"] == "true" {
            informed.push((row["parameter"].clone(), rounded(row["posterior_median"].parse().unwrap())));
        }
    }
    let fitted = index().keys().filter(|(_, key)| key.grade == Grade::Fitted);
    let mut fitted: Vec<(String, f64)> =
        fitted.map(|(path, key)| (path, key.default.as_float().unwrap())).collect();
    informed.sort_by(|a, b| a.0.cmp(&b.0));
    fitted.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(informed.len() > 10);
    assert_eq!(fitted, informed);
}

#[test]
fn what_is_fitted_has_a_prior_that_its_default_is_not_the_middle_of() {
    for (path, key) in index().keys().filter(|(_, key)| key.grade == Grade::Fitted) {
        let prior = key.prior().unwrap_or_else(|| panic!("{path} has none"));
        assert_eq!(prior.basis, shequ_model::base::prior::Basis::Own, "{path}");
    }
}
