//! How the parts of the model describe themselves: keys with unit, range, default, source and grade.
//!
//! Every scenario key is one [`Key`]. Validation, the JSON Schema, `shequ explain`, the resolved
//! scenario and `docs/parameters.md` are all made from these descriptions and from nothing else.

#[doc(hidden)]
pub use serde;
pub use shequ_derive::{settings, words};
/// A table of a scenario file.
pub use toml::Table;
use toml::Value;
/// Why a table cannot be read.
pub use toml::de::Error as Unreadable;

use super::i18n::{Both, both, listed};
#[doc(hidden)]
pub use super::prior;
use super::prior::Prior;

/// The same words in both languages of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl From<Text> for (String, String) {
    fn from(text: Text) -> (String, String) {
        (text.en.into(), text.zh.into())
    }
}

/// Both languages at once.
pub const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// How well a default value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Read off an official figure, a survey or a peer-reviewed study.
    Measured,
    /// Computed from measured figures, or a measured figure carried over from a neighbouring case.
    Derived,
    /// Fitted, with others, to targets: the median of the posterior that is shipped.
    Fitted,
    /// Nobody measured it.
    Assumed,
    /// Not a claim about the world: a choice of the person who writes the scenario.
    Choice,
}

impl Grade {
    /// The word used in files and tables.
    pub fn word(self) -> &'static str {
        self.label().en
    }

    /// What people call it.
    pub const fn label(self) -> Text {
        match self {
            Grade::Measured => text("measured", "实测"),
            Grade::Derived => text("derived", "推算"),
            Grade::Fitted => text("fitted", "拟合"),
            Grade::Assumed => text("assumed", "假定"),
            Grade::Choice => text("choice", "自选"),
        }
    }
}

/// One allowed word of a [`Kind::Choice`].
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// As written in a scenario file.
    pub name: &'static str,
    /// What it stands for.
    pub meaning: Text,
}

/// A word that a choice may hold.
pub const fn word(name: &'static str, en: &'static str, zh: &'static str) -> Word {
    Word { name, meaning: text(en, zh) }
}

/// What a key may hold.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A number in `[low, high]`. Whole numbers are accepted too.
    Real {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// A whole number in `[low, high]`.
    Count {
        /// Least value.
        low: i64,
        /// Greatest value.
        high: i64,
    },
    /// `true` or `false`.
    Flag,
    /// One of the listed words.
    Choice(Vec<Word>),
    /// Any text of at most 200 characters.
    Text,
    /// A formula of at most 4,000 characters.
    Formula,
    /// A month, written "2017-01".
    Month,
    /// One share in [0, 1] for each named part, in this order; they sum to 1 within 1e-6.
    Shares(Vec<Text>),
    /// One number in `[low, high]` for each named part, in this order.
    Each {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
        /// The parts.
        parts: Vec<Text>,
    },
    /// Any number of numbers in `[low, high]`: a list, or "FILE.csv:COLUMN".
    Numbers {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Any number of rows of numbers, each of at least `shortest` and at most `longest` numbers: a list
    /// of lists, or "FILE.csv".
    Rows {
        /// Least numbers in a row.
        shortest: usize,
        /// Most numbers in a row.
        longest: usize,
    },
    /// Communities, one in each row: a list of tables, or "FILE.csv".
    Communities,
    /// An election of participatory budgeting: a table of `budget`, `costs` and `ballots`, or "FILE.pb".
    Election,
}

/// One scenario key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Last part of the dotted path.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// The value where a scenario says nothing.
    pub default: Value,
    /// Unit in words; "share" for fractions, "" for words and flags.
    pub unit: &'static str,
    /// One sentence.
    pub meaning: Text,
    /// Where the default comes from.
    pub source: &'static str,
    /// How well the default is known.
    pub grade: Grade,
    /// What is believed of it before any data, where that is written for it alone; [`Key::prior`] has it of all.
    pub believed: Option<Prior>,
    /// True if a dated `[[change]]` may not touch it, because the city is built with it.
    pub fixed: bool,
    /// True if it may not differ between communities, because it is decided for the city as a whole.
    pub citywide: bool,
    /// Settings without which a change of it would show no effect, as `key=value`; `.key=value` is a key of
    /// the same table. Tests use them, beside the demonstration of the institution.
    pub demonstration: Vec<&'static str>,
}

impl Key {
    fn new(name: &'static str, kind: Kind, default: Value) -> Key {
        Key {
            name,
            kind,
            default,
            unit: "",
            meaning: text("", ""),
            source: "",
            grade: Grade::Assumed,
            believed: None,
            fixed: false,
            citywide: false,
            demonstration: Vec::new(),
        }
    }

    /// A number in `[low, high]`.
    pub fn real(name: &'static str, default: f64, low: f64, high: f64) -> Key {
        Key::new(name, Kind::Real { low, high }, Value::Float(default))
    }

    /// A fraction in `[0, 1]`.
    pub fn share(name: &'static str, default: f64) -> Key {
        Key::real(name, default, 0.0, 1.0).unit("share")
    }

    /// A whole number in `[low, high]`.
    pub fn count(name: &'static str, default: i64, low: i64, high: i64) -> Key {
        Key::new(name, Kind::Count { low, high }, Value::Integer(default))
    }

    /// `true` or `false`.
    pub fn flag(name: &'static str, default: bool) -> Key {
        Key::new(name, Kind::Flag, Value::Boolean(default)).choice()
    }

    /// One of several words.
    pub fn one_of(name: &'static str, default: &'static str, words: &[Word]) -> Key {
        debug_assert!(words.iter().any(|w| w.name == default));
        Key::new(name, Kind::Choice(words.to_vec()), Value::String(default.into())).choice()
    }

    /// Free text.
    pub fn text(name: &'static str, default: &'static str) -> Key {
        Key::new(name, Kind::Text, Value::String(default.into())).choice()
    }

    /// A formula.
    pub fn formula(name: &'static str, default: &'static str) -> Key {
        Key::new(name, Kind::Formula, Value::String(default.into())).choice()
    }

    /// A month, "2017-01".
    pub fn month(name: &'static str, default: &'static str) -> Key {
        Key::new(name, Kind::Month, Value::String(default.into())).choice()
    }

    /// Shares that sum to 1.
    pub fn shares(name: &'static str, default: &[f64], parts: &[Text]) -> Key {
        debug_assert_eq!(default.len(), parts.len());
        let values = default.iter().map(|&v| Value::Float(v)).collect();
        Key::new(name, Kind::Shares(parts.to_vec()), Value::Array(values)).unit("share")
    }

    /// One number in `[low, high]` for each part.
    pub fn each(name: &'static str, default: &[f64], low: f64, high: f64, parts: &[Text]) -> Key {
        debug_assert_eq!(default.len(), parts.len());
        let values = default.iter().map(|&v| Value::Float(v)).collect();
        Key::new(name, Kind::Each { low, high, parts: parts.to_vec() }, Value::Array(values))
    }

    /// Numbers in `[low, high]`, none by default.
    pub fn numbers(name: &'static str, low: f64, high: f64) -> Key {
        Key::new(name, Kind::Numbers { low, high }, Value::Array(Vec::new())).choice()
    }

    /// Rows of numbers, none by default.
    pub fn rows(name: &'static str, shortest: usize, longest: usize) -> Key {
        Key::new(name, Kind::Rows { shortest, longest }, Value::Array(Vec::new())).choice()
    }

    /// An election, none by default.
    pub fn election(name: &'static str) -> Key {
        Key::new(name, Kind::Election, Value::Table(Table::new())).choice()
    }

    /// Communities, none by default.
    pub fn communities(name: &'static str) -> Key {
        Key::new(name, Kind::Communities, Value::Array(Vec::new())).choice()
    }

    /// Sets the unit.
    pub fn unit(mut self, unit: &'static str) -> Key {
        self.unit = unit;
        self
    }

    /// Sets the sentence that explains the key.
    pub fn means(mut self, en: &'static str, zh: &'static str) -> Key {
        self.meaning = text(en, zh);
        self
    }

    /// The default was measured, by this source.
    pub fn measured(mut self, source: &'static str) -> Key {
        (self.grade, self.source) = (Grade::Measured, source);
        self
    }

    /// The default was derived from measured figures, in this way.
    pub fn derived(mut self, source: &'static str) -> Key {
        (self.grade, self.source) = (Grade::Derived, source);
        self
    }

    /// The default was fitted to targets; the source says what was known before.
    pub fn fitted(mut self, source: &'static str) -> Key {
        (self.grade, self.source) = (Grade::Fitted, source);
        self
    }

    /// The default is assumed, for this reason.
    pub fn assumed(mut self, reason: &'static str) -> Key {
        (self.grade, self.source) = (Grade::Assumed, reason);
        self
    }

    /// The default is a choice of the scenario's author, not a claim.
    pub fn choice(mut self) -> Key {
        self.grade = Grade::Choice;
        self
    }

    /// What is believed of it before any data, cut to its range where it is no factor of another key.
    pub fn believed(mut self, prior: Prior) -> Key {
        self.believed = Some(match self.kind {
            _ if prior.of.is_some() => prior,
            Kind::Real { low, high } => prior.within(low, high),
            Kind::Count { low, high } => prior.within(low as f64, high as f64),
            _ => prior,
        });
        self
    }

    /// What is believed of it before any data: what is written for it, or else what follows from its default and how
    /// well that is known. None of what is no number or no claim, and where no scale is known
    /// ([`prior::by_grade`]). Of a whole number it is the prior of a real one, which whoever draws it rounds.
    pub fn prior(&self) -> Option<Prior> {
        self.believed.or_else(|| prior::by_grade(self))
    }

    /// The key may not change in the course of a run.
    pub fn fixed(mut self) -> Key {
        self.fixed = true;
        self
    }

    /// The key may not differ between communities.
    pub fn citywide(mut self) -> Key {
        self.citywide = true;
        self
    }

    /// The key shows an effect with these settings, beside those that were named before.
    pub fn demonstration(mut self, settings: &[&'static str]) -> Key {
        self.demonstration.extend(settings);
        self
    }

    /// What is allowed, in one phrase, for error messages and tables.
    pub fn allowed(&self) -> Both {
        match &self.kind {
            Kind::Real { low, high } => both!("a number from {low} to {high}", "{low} 至 {high} 的数"),
            Kind::Count { low, high } => {
                both!("a whole number from {low} to {high}", "{low} 至 {high} 的整数")
            }
            Kind::Flag => both!("true or false", "true（是）或 false（否）"),
            Kind::Choice(words) => {
                let names: Vec<String> = words.iter().map(|w| format!("\"{}\"", w.name)).collect();
                both!("one of {names}", "{names} 之一"; names = listed(names.iter().map(String::as_str)))
            }
            Kind::Text => both!("text of at most 200 characters", "不超过 200 个字符的文本"),
            Kind::Formula => {
                both!("a formula of at most 4,000 characters", "不超过 4,000 个字符的公式")
            }
            Kind::Month => both!("a month such as \"2017-01\"", "月份，如 \"2017-01\""),
            Kind::Shares(parts) => both!(
                "{n} shares that sum to 1: {names}", "{n} 个份额，合计为 1：{names}";
                n = parts.len(), names = named(parts)
            ),
            Kind::Each { low, high, parts } => both!(
                "{n} numbers from {low} to {high}: {names}", "{n} 个 {low} 至 {high} 的数：{names}";
                n = parts.len(), low = low, high = high, names = named(parts)
            ),
            Kind::Numbers { low, high } => both!(
                "a list of numbers from {low} to {high}, or \"FILE.csv:COLUMN\"",
                "{low} 至 {high} 的数的列表，或 \"FILE.csv:COLUMN\""
            ),
            Kind::Rows { shortest, longest } if *longest == usize::MAX => both!(
                "a list of lists of at least {shortest} numbers, or \"FILE.csv\"",
                "由至少含 {shortest} 个数的列表组成的列表，或 \"FILE.csv\""
            ),
            Kind::Rows { shortest, longest } => both!(
                "a list of lists of {shortest} to {longest} numbers, or \"FILE.csv\"",
                "由含 {shortest} 至 {longest} 个数的列表组成的列表，或 \"FILE.csv\""
            ),
            Kind::Communities => both!(
                "\"FILE.csv\" (or .xlsx, .geojson) with one row for each community, or a list of tables with at least a `name`",
                "\"FILE.csv\"（或 .xlsx、.geojson，每个社区一行），或至少含 `name` 的表的列表"
            ),
            Kind::Election => both!(
                "\"FILE.pb\", or a table such as {{ budget = 100, costs = [30, 40], ballots = [[0], [0, 1]] }}",
                "\"FILE.pb\"，或如 {{ budget = 100, costs = [30, 40], ballots = [[0], [0, 1]] }} 的表"
            ),
        }
    }
}

/// The names of parts, one after another.
fn named(parts: &[Text]) -> Both {
    both(
        parts.iter().map(|part| part.en).collect::<Vec<_>>().join(", "),
        parts.iter().map(|part| part.zh).collect::<Vec<_>>().join("、"),
    )
}

/// One table of a scenario file.
#[derive(Clone, Debug)]
pub struct Section {
    /// Dotted path of the table, "" for the top level.
    pub path: &'static str,
    /// What the table is about.
    pub meaning: Text,
    /// Its keys, in the order in which they are shown.
    pub keys: Vec<Key>,
}

impl Section {
    /// The table with every key at its default.
    pub fn defaults(&self) -> Table {
        self.keys.iter().map(|k| (k.name.to_string(), k.default.clone())).collect()
    }
}

/// The words that a setting may hold. An enum becomes such by [`macro@words`].
pub trait Words: Copy + 'static {
    /// All of them, in the order in which they are shown.
    const WORDS: &'static [Word];

    /// This one as written in a file.
    fn word(self) -> &'static str;
}

/// A settings type: what one table of a scenario file becomes.
///
/// A struct becomes such by [`macro@settings`], which makes its keys of its fields. Where it is implemented by
/// hand, fields and [`Settings::keys`] must name the same keys; a test over all sections checks it.
pub trait Settings: Sized + serde::Serialize {
    /// The keys of the table.
    fn keys() -> Vec<Key>;

    /// What a table holds, whose keys are those of [`Settings::keys`].
    ///
    /// # Errors
    /// A key is missing, or its value is of another kind.
    fn of(table: Table) -> Result<Self, Unreadable>;

    /// All keys at their defaults.
    ///
    /// # Panics
    /// If the keys and the fields disagree, which the registry-wide test excludes.
    fn standard() -> Self {
        let table: Table = Self::keys().iter().map(|k| (k.name.into(), k.default.clone())).collect();
        Self::of(table).expect("keys() and the fields of a settings type agree")
    }

    /// The keys, each with what it holds here as its default.
    ///
    /// # Panics
    /// If the keys and the fields disagree, which the registry-wide test excludes.
    fn as_defaults(&self) -> Vec<Key> {
        let table = Table::try_from(self).expect("a settings type is a table");
        let here = |key: Key| Key { default: table[key.name].clone(), ..key };
        Self::keys().into_iter().map(here).collect()
    }
}

/// What `table` holds under `key`, which is taken out of it. What `#[settings]` writes calls it.
#[doc(hidden)]
pub fn take<T: serde::de::DeserializeOwned>(table: &mut Table, key: &'static str) -> Result<T, Unreadable> {
    match table.remove(key) {
        Some(value) => T::deserialize(value),
        None => Err(serde::de::Error::missing_field(key)),
    }
}

/// A registered rival, such as a theory of participation: what it says of itself, and how it is made
/// from its table.
pub struct Registered<T: ?Sized> {
    /// Word by which `[theory]` chooses it, and name of its table.
    pub name: &'static str,
    /// Path of its table.
    pub path: &'static str,
    /// What it is called in tables and pictures.
    pub label: Text,
    /// What it says.
    pub summary: Text,
    /// Its equation.
    pub equation: &'static str,
    /// Its keys.
    pub keys: fn() -> Vec<Key>,
    /// It, with the settings of its table, which has been checked.
    pub build: fn(&Table) -> Result<Box<T>, Unreadable>,
}

impl<T: ?Sized> Registered<T> {
    /// Its table.
    pub fn section(&self) -> Section {
        Section { path: self.path, meaning: self.summary, keys: (self.keys)() }
    }
}
