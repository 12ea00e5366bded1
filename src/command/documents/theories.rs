//! The parameters of theories and rules, for `docs/theories.md`.

use super::{code, table};
use shequ_model::base::params::Section;
use shequ_model::scenario::index::join;
use shequ_model::{theory, trust};

/// The keys of all theories of participation.
pub fn of_participation() -> String {
    keys(&theory::sections())
}

/// The keys of all rules of trust.
pub fn of_trust() -> String {
    keys(&trust::sections())
}

fn keys(sections: &[Section]) -> String {
    let all = sections.iter().flat_map(|section| section.keys.iter().map(|key| (section.path, key)));
    let rows = all.map(|(path, key)| {
        let (default, grade) = (code(&key.default.to_string()), key.grade.word().into());
        [
            code(&join(path, key.name)),
            key.meaning.en.into(),
            key.unit.into(),
            default,
            grade,
            key.source.into(),
        ]
    });
    table(["key", "meaning", "unit", "default", "grade", "source"], rows)
}
