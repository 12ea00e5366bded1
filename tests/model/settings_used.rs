//! Every key of a scenario changes the results.

use crate::common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use common::{bits, busy, lists, make_consistent, output, scenario};
use rayon::prelude::*;
use shequ::experiment::idle::SHARED;
use shequ::model::base::params::{Key, Kind};
use shequ::model::scenario::{Scenario, sections};
use shequ::model::{institution, theory, trust};

/// Keys that only name or count replicates, say which of the later ones have other cities (`tests/model/cities.rs`), or
/// ask for a table of the city (`tests/command/residents.rs`).
const NO_EFFECT: [&str; 5] = ["name", "name_zh", "replicates", "seed.cities", "report.ties"];

/// Largest values that keep the city small.
fn cap(path: &str) -> i64 {
    match path {
        "population.communities" => 5,
        "population.adults" => 300,
        "months" => 40,
        _ => i64::MAX,
    }
}

/// Values that the key may hold and that are far from `busy`'s: one of each list must make a difference.
fn other_values(path: &str, key: &Key) -> Vec<Vec<String>> {
    match &key.kind {
        Kind::Real { low, high } => {
            let middle = 0.5 * (low + high);
            vec![[*low, *high, middle].iter().map(|v| format!("{v:?}")).collect()]
        }
        Kind::Count { low, high } => {
            let default = key.default.as_integer().unwrap_or(0);
            let values = [*low, (*high).min(cap(path)), default / 2 + 1, (default * 2).clamp(*low, *high)];
            vec![values.map(|v| v.min(cap(path)).to_string()).to_vec()]
        }
        Kind::Flag => vec![vec!["false".into(), "true".into()]],
        // Every word but the one in force must make a difference of its own; a formula that nobody wrote is the
        // calculus, as another test holds.
        Kind::Choice(words) => {
            let others = words.iter().filter(|word| word.name != theory::formula::ENTRY.name);
            others.map(|w| vec![w.name.to_string()]).collect()
        }
        Kind::Shares(parts) => {
            let rest = 0.3 / (parts.len() - 1) as f64;
            let shares = (0..parts.len()).map(|k| if k == 0 { 0.7 } else { rest }.to_string());
            vec![vec![format!("[{}]", shares.collect::<Vec<_>>().join(", "))]]
        }
        // The first part alone, at either end.
        Kind::Each { low, high, .. } => vec![[low, high].map(|end| first_at(&key.default, *end)).to_vec()],
        Kind::Month => vec![vec!["2017-11".into()]],
        Kind::Text => vec![vec!["Other".into()]],
        Kind::Formula => {
            let other = if path.ends_with("probability") { "logistic(a + 5*norm)" } else { "0.5*norm" };
            vec![vec![other.into()]]
        }
        Kind::Numbers { .. } | Kind::Rows { .. } | Kind::Communities | Kind::Election => {
            vec![lists(path, 160)]
        }
    }
}

/// `list`, as a value is written, with `end` as its first number.
fn first_at(list: &toml::Value, end: f64) -> String {
    let mut list = list.clone();
    if let Some(first) = list.as_array_mut().and_then(|numbers| numbers.first_mut()) {
        *first = end.into();
    }
    list.to_string()
}

/// What makes room for the key: its theory or rule is chosen, and what it asks for by itself.
fn context(path: &str, key: &Key) -> Vec<String> {
    let (table, _) = path.rsplit_once('.').unwrap_or_default();
    let theory = theory::with_own().find(|entry| entry.path == table);
    let rule = trust::all().iter().find(|entry| entry.path == table);
    let theory = theory.map(|entry| format!("theory.participation={}", entry.name));
    let rule = rule.map(|entry| format!("theory.trust={}", entry.name));
    let own = key.demonstration.iter().map(|setting| match setting.strip_prefix('.') {
        Some(_) => format!("{table}{setting}"),
        None => setting.to_string(),
    });
    theory.into_iter().chain(rule).chain(own).collect()
}

fn path(section: &str, key: &Key) -> String {
    if section.is_empty() { key.name.into() } else { format!("{section}.{}", key.name) }
}

fn every_key() -> Vec<(String, Key)> {
    let keys = sections().into_iter().flat_map(|s| {
        let of = s.path;
        s.keys.into_iter().map(move |k| (path(of, &k), k))
    });
    keys.filter(|(path, _)| !NO_EFFECT.contains(&path.as_str())).collect()
}

/// The value in force in the scenario of the context, as it would be written.
fn in_force(path: &str, settings: &[&str]) -> Option<String> {
    let mut options: Vec<String> = settings.iter().map(|s| s.to_string()).collect();
    make_consistent(&mut options);
    let loaded = Scenario::from_text("test", "name = \"Test\"", &options);
    let value = loaded.ok()?.value(path)?.value.clone();
    Some(value.as_str().map_or_else(|| value.to_string(), String::from))
}

#[test]
fn every_key_changes_the_results() {
    let unused: Vec<String> = every_key()
        .par_iter()
        .flat_map_iter(|(path, key)| {
            let context = context(path, key);
            let context: Vec<&str> = context.iter().map(String::as_str).collect();
            let base: Vec<&str> = [busy(), &context].concat();
            let before = bits(&output(&scenario(&[&base]), 0));
            let now = in_force(path, &base);
            let differs = |value: &String| {
                let setting = format!("{path}={value}");
                bits(&output(&scenario(&[&base, &[&setting]]), 0)) != before
            };
            let others = other_values(path, key).into_iter();
            let without_now = others.filter(|values| values.len() > 1 || values.first() != now.as_ref());
            without_now
                .filter(|values| !values.iter().any(differs))
                .map(|values| format!("{path} = {}", values.join(" or ")))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(unused.is_empty(), "no effect: {unused:#?}");
}

#[test]
fn keys_that_name_or_count_replicates_change_nothing_in_the_first() {
    let before = bits(&output(&scenario(&[busy()]), 0));
    for key in NO_EFFECT {
        let value = match key {
            "replicates" => "3",
            "seed.cities" => "pairs",
            "report.ties" => "true",
            _ => "Other",
        };
        assert_eq!(before, bits(&output(&scenario(&[busy(), &[&format!("{key}={value}")]]), 0)), "{key}");
    }
}

#[test]
fn keys_of_an_institution_that_is_off_change_nothing_but_for_those_that_others_use() {
    // A sweep leaves keys that change nothing out of its ranking.
    let used: Vec<String> = institution::all()
        .par_iter()
        .flat_map_iter(|institution| {
            let prefix = format!("{}.", institution.name);
            let is_neutral =
                |path: &str| institution.neutral.iter().any(|(key, _)| path == prefix.clone() + key);
            let others = every_key().into_iter();
            let others = others.filter(|(path, _)| path.starts_with(&prefix) && !is_neutral(path));
            let off: Vec<String> =
                institution.neutral.iter().map(|(key, value)| format!("{prefix}{key}={value}")).collect();
            let off: Vec<&str> = off.iter().map(String::as_str).collect();
            let acts = |path: &str, key: &Key| {
                let context = context(path, key);
                let context: Vec<&str> = context.iter().map(String::as_str).collect();
                let of = |more: &[&str]| bits(&output(&scenario(&[busy(), &context, &off, more]), 0));
                let before = of(&[]);
                let differs = |value: &String| of(&[&format!("{path}={value}")]) != before;
                other_values(path, key).iter().flatten().any(differs)
            };
            others.filter(|(path, key)| acts(path, key)).map(|(path, _)| path).collect::<Vec<_>>()
        })
        .collect();
    let shared = |path: &&String| SHARED.contains(&path.as_str());
    let unknown: Vec<&String> = used.iter().filter(|path| !shared(path)).collect();
    assert!(unknown.is_empty(), "they are not in idle::SHARED: {unknown:#?}");
    assert_eq!(used.iter().filter(shared).count(), SHARED.len(), "{used:#?}");
}

/// What comes out where `text` is added to the scenario of `base`; none if it contradicts it.
fn with_change(base: &[&str], text: &str) -> Option<Vec<u64>> {
    let mut options: Vec<String> = base.iter().map(|s| s.to_string()).collect();
    make_consistent(&mut options);
    let loaded = Scenario::from_text("test", &format!("name = \"Test\"\n{text}"), &options).ok()?;
    Some(bits(&output(&loaded.scenario, 0)))
}

/// A change of one key, `within` some places.
fn change(within: &str, path: &str, value: &str) -> String {
    format!("[[change]]\nfrom = \"2017-04\"\n{within}{path} = {value}\n")
}

#[test]
fn what_holds_in_all_places_is_what_holds_everywhere_and_in_none_is_nothing() {
    let keys: Vec<(String, Key)> =
        every_key().into_iter().filter(|(_, key)| !key.fixed && !key.citywide).collect();
    // What comes out without a change, by what the keys ask for.
    let without: Mutex<BTreeMap<Vec<String>, Option<Vec<u64>>>> = Mutex::default();
    let differing: usize = keys
        .par_iter()
        .map(|(path, key)| {
            let context = context(path, key);
            // Long enough for what happens once a year.
            let own: Vec<&str> = context.iter().map(String::as_str).chain(["months=16"]).collect();
            let base: Vec<&str> = [busy(), &own].concat();
            let Some(value) = other_values(path, key).into_iter().flatten().next() else { return 0 };
            let value = match key.kind {
                Kind::Choice(_) | Kind::Month | Kind::Text | Kind::Formula => format!("{value:?}"),
                _ => value,
            };
            let Some(everywhere) = with_change(&base, &change("", path, &value)) else { return 0 };
            let placed = with_change(&base, &change("where = { share = 1.0 }\n", path, &value));
            assert!(placed.as_ref() == Some(&everywhere), "{path} = {value} in all places");
            let known = without.lock().unwrap().get(&context).cloned();
            let before = known.unwrap_or_else(|| {
                let before = with_change(&base, "");
                without.lock().unwrap().insert(context.clone(), before.clone());
                before
            });
            if before.is_some() {
                let nowhere = with_change(&base, &change("where = { share = 0.0 }\n", path, &value));
                assert!(nowhere == before, "{path} = {value} in no place");
            }
            usize::from(Some(everywhere) != before)
        })
        .sum();
    // Not every first value differs from that in force, and not every key shows within a year.
    assert!(differing > keys.len() / 2, "{differing} of {} keys made a difference", keys.len());
}
