//! What the tables of results and their columns mean, in one place: for `datapackage.json`, for Parquet, and for
//! whoever reads tables back.

mod tables;
mod words;

use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::units;
use shequ_model::metric;
use shequ_model::scenario::communities::columns;
use shequ_model::scenario::index;

/// Whether a column is read as words or as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text, or true and false.
    Word,
    /// Whole numbers, or numbers.
    Number,
}

/// A column that has the same name in every run.
struct Entry {
    name: &'static str,
    kind: Kind,
    /// "" where it has none, or where the row says it.
    unit: &'static str,
    meaning: Text,
}

/// A table.
pub struct Listed {
    name: &'static str,
    /// What it is.
    pub title: Text,
    /// The columns that together tell its rows apart, as far as it has them; none if rows may be alike.
    pub key: &'static [&'static str],
    /// Columns that have the same names in another table, and a row there for each of their values.
    pub joins: &'static [(&'static [&'static str], &'static str)],
}

/// What a column means.
pub struct Meaning {
    /// A short name, of a metric.
    pub label: Option<Text>,
    /// The unit; "" where there is none, or where the row says it.
    pub unit: Text,
    /// One sentence.
    pub words: Both,
}

/// The table of a name; none if it is no table of results.
pub fn table(name: &str) -> Option<&'static Listed> {
    tables::TABLES.iter().find(|table| table.name == name)
}

/// The names of all tables that results of any kind have.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    tables::TABLES.iter().map(|table| table.name)
}

/// True of a column that holds words, or true and false, wherever it is.
pub fn is_word(column: &str) -> bool {
    entry(column).is_some_and(|entry| entry.kind == Kind::Word)
}

fn entry(name: &str) -> Option<&'static Entry> {
    words::COLUMNS.iter().find(|entry| entry.name == name)
}

/// Tables with a column for each key that varies, which may be called like a column of other tables.
const OF_KEYS: [&str; 5] = ["design", "runs", "posterior", "mixes", "candidates"];

/// What `column` of `table` means; none if it is no column of results.
pub fn meaning(table: &str, column: &str) -> Option<Meaning> {
    if let Some(key) = of_key(column).filter(|_| OF_KEYS.contains(&table)) {
        return Some(key);
    }
    if let Some(detail) = of_detail(column).filter(|_| table == "residents") {
        return Some(detail);
    }
    // A metric has the words of the registry, even where it is called like a column.
    let own = entry(&format!("{table}/{column}")).or_else(|| match of_metric(column) {
        Some(_) => None,
        None => entry(column),
    });
    if let Some(Entry { unit, meaning, .. }) = own {
        return Some(Meaning { label: None, unit: units::unit(unit), words: (*meaning).into() });
    }
    of_metric(column)
        .or_else(|| of_group(column))
        .or_else(|| of_communities(table, column))
        .or_else(|| of_end(table, column))
        .or_else(|| of_target(table, column))
}

/// Of an outcome `METRIC@WINDOW` or a metric.
fn of_metric(column: &str) -> Option<Meaning> {
    let (name, window) = column.split_once('@').map_or((column, None), |(name, window)| (name, Some(window)));
    let metric = metric::all().iter().find(|metric| metric.name == name)?;
    let words = match window {
        None => metric.meaning.into(),
        Some(window) => both!(
            "{meaning} Mean over {window}.", "{meaning}{window} 的均值。"; meaning = metric.meaning, window = window
        ),
    };
    Some(Meaning { label: Some(metric.label), unit: units::unit(metric.unit), words })
}

/// Of a metric of a group, as a search calls it: `METRIC.GROUP.LEVEL`.
fn of_group(column: &str) -> Option<Meaning> {
    metric::groupings().iter().find_map(|grouping| {
        let levels = grouping.levels.iter().map(|level| (level, format!(".{}.{level}", grouping.name)));
        let (level, name) =
            levels.filter_map(|(level, end)| Some((level, column.strip_suffix(&end)?))).next()?;
        let of = of_metric(name)?;
        let words = both!(
            "{meaning} Of {group} {level}.", "{meaning}限于 {group} {level}。";
            meaning = of.words, group = grouping.name, level = level
        );
        Some(Meaning { words, ..of })
    })
}

fn of_key(column: &str) -> Option<Meaning> {
    let key = index().key(column)?;
    Some(Meaning { label: None, unit: units::unit(key.unit), words: key.meaning.into() })
}

/// Of shares of adults that a table of communities may give.
fn of_communities(table: &str, column: &str) -> Option<Meaning> {
    let heading = columns::COLUMNS.iter().find(|heading| table == "places" && heading.heading == column)?;
    let words = both!(
        "Share of adults: {heading}", "占成年居民的比例：{heading}"; heading = text(heading.heading, heading.zh)
    );
    Some(Meaning { label: None, unit: units::unit("share"), words })
}

/// Of a resident.
fn of_detail(column: &str) -> Option<Meaning> {
    let detail = metric::details().iter().find(|detail| detail.name == column)?;
    Some(Meaning { label: None, unit: units::unit(detail.unit), words: detail.meaning.clone() })
}

/// Of the ends of an interval, from the column that the interval is of.
fn of_end(table: &str, column: &str) -> Option<Meaning> {
    let lower = |column: &str| column.strip_suffix("_low").map(String::from);
    let upper = |column: &str| column.strip_suffix("_high").map(String::from);
    let (stem, is_lower) =
        lower(column).map(|stem| (stem, true)).or_else(|| upper(column).map(|stem| (stem, false)))?;
    let of = meaning(table, stem.strip_suffix("_ci95").unwrap_or(&stem))?;
    let words = match is_lower {
        true => both!("{words}: lower end of the 95 % interval", "{words}：95% 区间的下端"; words = of.words),
        false => {
            both!("{words}: upper end of the 95 % interval", "{words}：95% 区间的上端"; words = of.words)
        }
    };
    Some(Meaning { words, ..of })
}

/// The runs of a calibration have a column for each target, by its id, which the user chose.
fn of_target(table: &str, column: &str) -> Option<Meaning> {
    (table == "runs").then(|| Meaning {
        label: None,
        unit: units::unit(""),
        words: both!(
            "What the model gives in the place of the target {column}", "模型对目标 {column} 的取值";
            column = column
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_stands_once_and_is_found() {
        for (k, entry) in words::COLUMNS.iter().enumerate() {
            assert!(words::COLUMNS[..k].iter().all(|other| other.name != entry.name), "{}", entry.name);
            let (table, column) = entry.name.split_once('/').unwrap_or(("", entry.name));
            assert!(meaning(table, column).is_some(), "{}", entry.name);
        }
        for (k, table) in tables::TABLES.iter().enumerate() {
            assert!(tables::TABLES[..k].iter().all(|other| other.name != table.name), "{}", table.name);
            assert!(table.joins.iter().all(|(_, to)| super::table(to).is_some()), "{}", table.name);
        }
    }

    #[test]
    fn words_come_from_where_they_are_written() {
        let trust = meaning("monthly", "trust.committee").unwrap();
        let metric = metric::all().iter().find(|metric| metric.name == "trust.committee").unwrap();
        assert_eq!((trust.words.en.as_str(), trust.unit.en), (metric.meaning.en, metric.unit));
        let end = meaning("parts", "alone_ci95_low").unwrap();
        assert_eq!(end.words.en, "Effect of the part alone: lower end of the 95 % interval");
        assert_eq!(meaning("design", "months").unwrap().words.en, index().key("months").unwrap().meaning.en);
        assert!(meaning("monthly", "nothing").is_none());
    }
}
