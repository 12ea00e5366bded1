//! The parts of `docs/evidence.md` that are made from the program.

use super::{code, table};
use shequ_model::base::params::Grade;
use shequ_model::scenario::index::join;
use shequ_model::scenario::sections;

/// The keys whose defaults are measured.
pub fn measured() -> String {
    keys(Grade::Measured)
}

/// The keys whose defaults are derived.
pub fn derived() -> String {
    keys(Grade::Derived)
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
