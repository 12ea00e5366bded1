//! What theories and rules are called.

use shequ_model::base::i18n::Language;
use shequ_model::{theory, trust};

/// What a theory of participation is called, by its name in scenarios; the name itself of one that this version
/// does not have.
pub fn theory_called(name: &str, language: Language) -> String {
    let known = theory::named(name);
    known.map_or_else(|| name.into(), |entry| language.of(entry.label).into())
}

/// What a trust rule is called, likewise.
pub fn rule_called(name: &str, language: Language) -> String {
    let known = trust::all().iter().find(|entry| entry.name == name);
    known.map_or_else(|| name.into(), |entry| language.of(entry.label).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::params::Text;

    #[test]
    fn every_theory_and_rule_has_a_name_of_its_own_in_both_languages() {
        let of = |label: Text| [label.en, label.zh];
        let all: Vec<[&str; 2]> =
            theory::with_own().map(|e| of(e.label)).chain(trust::all().iter().map(|e| of(e.label))).collect();
        for (n, [en, zh]) in all.iter().enumerate() {
            assert!(zh.chars().any(|c| c >= '\u{4e00}') && en.is_ascii() && !en.contains('_'), "{en}, {zh}");
            assert!(all[..n].iter().all(|known| known[0] != *en && known[1] != *zh), "{en}, {zh}");
        }
        assert_eq!(theory_called("planned_behaviour", Language::En), "planned behaviour");
        assert_eq!(rule_called("of_another_version", Language::Zh), "of_another_version");
    }
}
