//! What is believed of parameters before any data is in order, for every registered key.

use shequ::model::base::params::{Grade, Key, Kind};
use shequ::model::base::prior::Prior;
use shequ::model::scenario::index::join;
use shequ::model::scenario::together::TOGETHER;
use shequ::model::scenario::{index, sections};

/// Assumed numbers without a prior: 0 is meant as none, and nothing gives the scale of what else it might be.
const WITHOUT: [(&str, &str); 2] = [
    ("funding.per_capita", "an amount of money that a city sets"),
    ("funding.growth", "nil so that policies are compared at one level"),
];

fn every_key() -> Vec<(String, Key)> {
    let of = |path: &'static str, keys: Vec<Key>| keys.into_iter().map(move |k| (join(path, k.name), k));
    sections().into_iter().flat_map(|section| of(section.path, section.keys)).collect()
}

fn every_prior() -> impl Iterator<Item = (String, Key, Prior)> {
    every_key().into_iter().filter_map(|(path, key)| key.prior().map(|prior| (path, key, prior)))
}

/// The default as a number, of keys that hold one, and the ends of their range.
fn number(key: &Key) -> Option<(f64, f64, f64)> {
    match key.kind {
        Kind::Real { low, high } => Some((key.default.as_float()?, low, high)),
        Kind::Count { low, high } => Some((key.default.as_integer()? as f64, low as f64, high as f64)),
        _ => None,
    }
}

#[test]
fn every_assumed_number_has_a_prior() {
    let without = |(_, key): &(String, Key)| {
        key.grade == Grade::Assumed && matches!(key.kind, Kind::Real { .. }) && key.prior().is_none()
    };
    let missing: Vec<String> = every_key().into_iter().filter(without).map(|(path, _)| path).collect();
    assert_eq!(missing, WITHOUT.map(|(path, _)| path));
}

#[test]
fn no_choice_has_a_prior() {
    let choices = every_prior().filter(|(_, key, _)| key.grade == Grade::Choice);
    assert_eq!(choices.map(|(path, ..)| path).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_prior_lies_in_the_range_of_its_key() {
    for (path, key, prior) in every_prior() {
        let (_, low, high) = number(&key).expect("a prior is of a number");
        assert!(prior.low < prior.high && prior.quantile(0.01) < prior.quantile(0.99), "{path}: {prior:?}");
        match prior.of {
            None => assert!(low <= prior.low && prior.high <= high, "{path}: {prior:?}"),
            // Another number whose scale it shares, and by which it is not its own.
            Some(other) => {
                let other = index().key(other).unwrap_or_else(|| panic!("{path}: no key {other}"));
                assert!(number(other).is_some() && prior.low >= 0.0, "{path}: {prior:?}");
            }
        }
    }
}

#[test]
fn factors_lead_to_a_number_of_its_own() {
    for (path, key, _) in every_prior() {
        let mut key = key;
        for _ in 0..every_key().len() {
            let Some(other) = key.prior().and_then(|prior| prior.of) else { break };
            key = index().key(other).expect("another test finds it").clone();
        }
        assert!(key.prior().is_none_or(|prior| prior.of.is_none()), "{path} is a multiple of itself");
    }
}

#[test]
fn a_default_is_among_what_is_believed_likely() {
    for (path, key, prior) in every_prior() {
        let (default, low, high) = number(&key).expect("a prior is of a number");
        let unit = prior.of.map_or(1.0, |other| number(index().key(other).expect("it is there")).unwrap().0);
        let share = prior.cumulative(default / unit);
        let central = (0.005..=0.995).contains(&share);
        // At an end of the range no share lies beyond it; the law must be densest there.
        let at_end = (default == low || default == high)
            && prior.of.is_none()
            && (1..20).all(|i| prior.density(default) >= prior.density(prior.quantile(i as f64 / 20.0)));
        assert!(central || at_end, "{path}: {default} lies at {share} of {prior:?}");
    }
}

#[test]
fn products_are_of_numbers_that_have_priors() {
    for group in TOGETHER {
        assert!(group.keys.len() > 1, "{:?}", group.what);
        for (k, key) in group.keys.iter().enumerate() {
            let known = index().key(key).unwrap_or_else(|| panic!("no key {key}"));
            assert!(known.prior().is_some(), "{key}");
            assert!(!group.keys[..k].contains(key), "{key} stands twice");
        }
    }
}
