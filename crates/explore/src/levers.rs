//! What may be moved: every key that a dated change may set and a hand can, with what is known of it.

use serde::Serialize;

use super::area;
use super::session::{Base, OUTCOMES};
use shequ_experiment::outcome::Outcome;
use shequ_experiment::record::folder::hash;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Key, Kind, Text};
use shequ_model::base::units;
use shequ_model::city;
use shequ_model::scenario::document::Change;
use shequ_model::scenario::index::join;
use shequ_model::scenario::{chapter, sections};
use shequ_model::{theory, trust};
use shequ_report::called;
use shequ_report::map::Map;

/// The levers that stand first, as policies set them most.
const FIRST: [&str; 14] = [
    "funding.decider",
    "funding.base",
    "funding.openness",
    "council.enabled",
    "council.selection",
    "outreach.wechat_group",
    "outreach.home_visits",
    "outreach.phone",
    "staff.per_10000",
    "staff.professional_share",
    "organisations.grants",
    "organisations.local_preference",
    "feedback.response_rate",
    "services.investment",
];

/// A slider over the whole of a range is of no use where the range is this many times the value.
const WIDE: f64 = 6.0;

/// Everything that a page needs before it asks.
#[derive(Serialize)]
pub struct Levers {
    /// The scenarios that may be the base.
    pub bases: Vec<OfBase>,
    /// Theories and rules of trust.
    pub theories: [Vec<Named>; 2],
    /// Outcomes that may be asked for.
    pub outcomes: Vec<Named>,
    /// Kinds of communities.
    pub kinds: Vec<Named>,
    /// The keys.
    pub keys: Vec<Lever>,
}

/// A word of the program, and what it is called.
#[derive(Serialize)]
pub struct Named {
    /// The word.
    pub word: String,
    /// What it is called.
    pub name: Both,
}

/// A scenario that may be the base.
#[derive(Serialize)]
pub struct OfBase {
    /// What tells it from every other scenario.
    pub id: String,
    /// Its name.
    pub name: Both,
    /// Its file, as it was named; none of the program's own.
    pub file: Option<String>,
    /// What was set for it on the command line, as `key=value`.
    pub options: Vec<String>,
    /// First month, last month.
    pub months: [String; 2],
    /// Months before the first, in which the city comes to rest.
    pub burn_in: u32,
    /// Its own dated changes.
    pub changes: Vec<Dated>,
    /// Communities of its table, in its order; none without one, as they have no names then.
    pub communities: Vec<String>,
    /// Where they lie, if the table says so.
    pub map: Option<Map>,
    /// Theory and rule of trust.
    pub theories: [String; 2],
    /// The value of each key of [`Levers::keys`] at the start, as text.
    pub values: Vec<String>,
}

/// A dated change of a base.
#[derive(Serialize)]
pub struct Dated {
    /// The first month in which it holds.
    pub from: String,
    /// What it changes.
    pub key: String,
    /// To what, as text.
    pub value: String,
    /// In which communities it holds, in words; none in all.
    #[serde(rename = "where")]
    pub within: Option<Both>,
}

/// A key that may be moved.
#[derive(Serialize)]
pub struct Lever {
    /// Its path.
    pub key: String,
    /// In short.
    pub name: Both,
    /// In a sentence.
    pub meaning: Both,
    /// True if it is decided for the city as a whole, and holds everywhere.
    pub citywide: bool,
    /// The chapter that it belongs to.
    pub chapter: Both,
    /// Its unit.
    pub unit: Both,
    /// True of those that stand first.
    pub first: bool,
    /// Ends of its range; none of words and switches.
    pub range: Option<[f64; 2]>,
    /// Ends of its slider.
    pub slider: Option<[f64; 2]>,
    /// True if it is a whole number.
    pub whole: bool,
    /// Its words; "true" and "false" of a switch.
    pub words: Vec<Named>,
    /// How well the default is known, and where it comes from.
    pub grade: Both,
    /// Where the default comes from.
    pub source: &'static str,
}

/// What a page of `bases` may ask.
pub fn levers(bases: &[Base]) -> Levers {
    let keys = all();
    let named = |name: &str, label: Text| Named { word: name.into(), name: label.into() };
    let outcome = |name: &&str| Outcome::named(name).ok().map(|outcome| named(name, outcome.metric.label));
    Levers {
        bases: bases.iter().map(|base| of_base(base, &keys)).collect(),
        theories: [
            theories(bases).into_iter().map(|entry| named(entry.name, entry.label)).collect(),
            trust::all().iter().map(|entry| named(entry.name, entry.label)).collect(),
        ],
        outcomes: OUTCOMES.iter().filter_map(outcome).collect(),
        kinds: city::Kind::ALL.iter().map(|kind| named(kind.name().en, kind.name())).collect(),
        keys,
    }
}

/// The theories that any base may be looked at under.
fn theories(bases: &[Base]) -> Vec<&'static theory::Entry> {
    let mut all: Vec<&'static theory::Entry> = Vec::new();
    for entry in bases.iter().flat_map(|base| base.loaded.theories()) {
        if all.iter().all(|known| known.name != entry.name) {
            all.push(entry);
        }
    }
    all
}

fn of_base(base: &Base, keys: &[Lever]) -> OfBase {
    let loaded = &base.loaded;
    let scenario = &loaded.scenario;
    let value =
        |lever: &Lever| loaded.value(&lever.key).map_or_else(String::new, |given| plain(&given.value));
    let table = &scenario.population.table;
    OfBase {
        id: hash([loaded.canonical_toml().as_str()]),
        name: Both::name(&scenario.name, &scenario.name_zh),
        file: base.file.as_ref().map(|file| file.display().to_string()),
        options: base.options.clone(),
        months: [scenario.start, scenario.start.plus(scenario.months - 1)].map(|month| month.to_string()),
        burn_in: scenario.burn_in,
        changes: loaded.draft.changes.iter().flat_map(dated).collect(),
        communities: table.iter().map(|row| row.name.clone()).collect(),
        map: Map::of(table),
        theories: [&scenario.theory_choice.participation, &scenario.theory_choice.trust]
            .map(|name| name.to_string()),
        values: keys.iter().map(value).collect(),
    }
}

/// A value as a page sets it.
fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}

fn dated(change: &Change) -> impl Iterator<Item = Dated> {
    change.entries.iter().map(|entry| Dated {
        from: change.from.to_string(),
        key: entry.path.clone(),
        value: plain(&entry.value),
        within: change.within.as_ref().map(|within| area::said(&within.to_string())),
    })
}

fn all() -> Vec<Lever> {
    let sections = sections();
    let keys = sections.iter().flat_map(|section| section.keys.iter().map(|key| (section.path, key)));
    let mut levers: Vec<Lever> = keys.filter_map(|(table, key)| lever(table, key)).collect();
    let place = |lever: &Lever| FIRST.iter().position(|first| *first == lever.key).unwrap_or(FIRST.len());
    levers.sort_by_key(place);
    levers
}

/// The key as a lever; none if it makes the city, or if it is more than a number or a word.
fn lever(table: &str, key: &Key) -> Option<Lever> {
    let (range, whole, words) = match &key.kind {
        _ if key.fixed => return None,
        Kind::Real { low, high } => (Some([*low, *high]), false, Vec::new()),
        Kind::Count { low, high } => (Some([*low as f64, *high as f64]), true, Vec::new()),
        Kind::Flag => (None, false, vec![word("true", both("yes", "是")), word("false", both("no", "否"))]),
        Kind::Choice(words) => {
            (None, false, words.iter().map(|known| word(known.name, known.meaning.into())).collect())
        }
        _ => return None,
    };
    let path = join(table, key.name);
    Some(Lever {
        name: called(&path),
        meaning: key.meaning.into(),
        citywide: key.citywide,
        chapter: chapter(table).into(),
        unit: units::unit(key.unit).into(),
        first: FIRST.contains(&path.as_str()),
        slider: range.map(|range| slider(range, number(key))),
        range,
        whole,
        words,
        grade: key.grade.label().into(),
        source: key.source,
        key: path,
    })
}

fn word(word: &str, name: Both) -> Named {
    Named { word: word.into(), name }
}

fn number(key: &Key) -> f64 {
    key.default.as_float().or(key.default.as_integer().map(|n| n as f64)).unwrap_or(0.0)
}

/// Where a slider ends: at the ends of the range or, of a range that is wide beside the default, where the default
/// stands at a third.
fn slider([low, high]: [f64; 2], default: f64) -> [f64; 2] {
    let is_wide = default > 0.0 && high > WIDE * default && high > 1.0;
    [low.max(if is_wide { 0.0 } else { low }), if is_wide { 3.0 * default } else { high }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levers_that_stand_first_are_keys_and_stand_first() {
        let all = all();
        assert_eq!(all.iter().take(FIRST.len()).map(|lever| lever.key.as_str()).collect::<Vec<_>>(), FIRST);
        assert!(all.iter().skip(FIRST.len()).all(|lever| !lever.first));
        assert!(all.len() > 300, "{}", all.len());
        assert!(all.iter().all(|lever| !lever.key.starts_with("population.")));
    }

    #[test]
    fn a_slider_is_where_hands_move() {
        assert_eq!(slider([0.0, 1.0], 0.05), [0.0, 1.0]);
        assert_eq!(slider([0.0, 1e9], 360_000.0), [0.0, 1_080_000.0]);
        assert_eq!(slider([-1.0, 100.0], 40.0), [-1.0, 100.0]);
        assert_eq!(slider([0.0, 1e6], 0.0), [0.0, 1e6]);
    }
}
