//! The parts of `docs/evidence.md` that are made from the program.

use super::{code, table};
use shequ_model::base::params::{Grade, Key};
use shequ_model::base::prior::{Basis, Prior, short};
use shequ_model::scenario::index::join;
use shequ_model::scenario::sections;
use shequ_model::scenario::together::{TOGETHER, Together};

/// The keys whose defaults are measured.
pub fn measured() -> String {
    keys(Grade::Measured)
}

/// The keys whose defaults are derived.
pub fn derived() -> String {
    keys(Grade::Derived)
}

/// The keys whose defaults are fitted.
pub fn fitted() -> String {
    keys(Grade::Fitted)
}

fn keys(grade: Grade) -> String {
    let mut rows = Vec::new();
    for section in sections() {
        for key in section.keys.iter().filter(|key| key.grade == grade) {
            rows.push([
                code(&join(section.path, key.name)),
                code(&key.default.to_string()),
                key.unit.to_string(),
                key.source.to_string(),
            ]);
        }
    }
    table(["key", "default", "unit", "source"], rows)
}

/// How many keys of each grade have a prior, of their own or by grade.
pub fn priors_by_grade() -> String {
    let keys: Vec<Key> = sections().into_iter().flat_map(|section| section.keys).collect();
    let row = |grade: Grade| {
        let of = |basis: Option<Basis>| {
            let same = |key: &&Key| key.grade == grade && key.prior().map(|prior| prior.basis) == basis;
            keys.iter().filter(same).count().to_string()
        };
        [grade.word().into(), of(Some(Basis::Own)), of(Some(Basis::Grade)), of(None)]
    };
    let grades = [Grade::Measured, Grade::Derived, Grade::Fitted, Grade::Assumed];
    table(["grade", "own prior", "prior by grade", "none"], grades.map(row))
}

/// The keys with a prior of their own, each with where it lies.
pub fn priors() -> String {
    let mut rows = Vec::new();
    for section in sections() {
        for (key, prior) in section.keys.iter().filter_map(|key| Some((key, key.believed?))) {
            rows.push(prior_of(join(section.path, key.name), key, &prior));
        }
    }
    table(["key", "default", "median", "90 % interval", "prior"], rows)
}

fn prior_of(path: String, key: &Key, prior: &Prior) -> [String; 5] {
    let [low, median, high] = [0.05, 0.5, 0.95].map(|p| short(prior.quantile(p)));
    let unit = prior.of.map_or(String::new(), |key| format!(" × {}", code(key)));
    let interval = format!("{low} to {high}{unit}");
    [code(&path), code(&key.default.to_string()), median + &unit, interval, prior.words().en]
}

/// What data tell only of several keys together.
pub fn together() -> String {
    let row = |group: &Together| {
        let keys: Vec<String> = group.keys.iter().map(|key| code(key)).collect();
        [group.what.en.to_string(), keys.join(", ")]
    };
    table(["what data tell", "of these keys together"], TOGETHER.iter().map(row))
}
