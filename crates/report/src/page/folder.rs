//! A results folder as a report reads it: its tables, its manifest and its scenarios.

use std::io;
use std::path::Path;

use crate::page::sentence::{Cell, Item, Source, noun};
use shequ_experiment::posterior::PAIR;
use shequ_experiment::record::dictionary;
use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::folder::slug;
use shequ_experiment::record::manifest::Manifest;
use shequ_experiment::record::sheet::Sheet;
use shequ_model::base::i18n::{Language, both};
use shequ_model::base::problem::Problems;
use shequ_model::scenario::{Loaded, Scenario};

/// The base scenario's file.
pub const SCENARIO: &str = "scenario.toml";
/// The posterior's file, of results that have one.
pub const POSTERIOR: &str = "posterior.csv";

/// A results folder.
#[derive(Clone, Copy)]
pub struct Folder<'a> {
    /// Where it is, be it still in the making.
    pub path: &'a Path,
    /// What it is.
    pub manifest: &'a Manifest,
}

impl Folder<'_> {
    /// Its name when finished.
    pub fn name(&self) -> String {
        let hash = &self.manifest.scenario_hash;
        format!("{}-{}", slug(&self.manifest.scenario), hash.get(..10).unwrap_or(hash))
    }

    /// Independent values that a month must have to be drawn: half of all replicates or, where pairs of them share a draw
    /// of a posterior, half of all pairs.
    pub fn fewest(&self) -> f64 {
        let unit = if self.manifest.has(POSTERIOR) { PAIR } else { 1 };
        f64::from(self.manifest.replicates) / f64::from(2 * unit)
    }

    /// True if it has the table `name` in either form.
    pub fn has(&self, name: &str) -> bool {
        self.manifest.form_of(name).is_some()
    }

    /// A table.
    ///
    /// # Errors
    /// An I/O error if the table cannot be read or is not as this program writes it.
    pub fn sheet(&self, name: &str) -> io::Result<Sheet> {
        Sheet::read(self.path, self.manifest, name, &dictionary::is_word)
    }

    /// A table of which `is_text` says which columns hold words.
    ///
    /// # Errors
    /// As [`Folder::sheet`].
    pub fn sheet_with(&self, name: &str, is_text: &dyn Fn(&str) -> bool) -> io::Result<Sheet> {
        Sheet::read(self.path, self.manifest, name, is_text)
    }

    /// A scenario of the folder.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn scenario(&self, file: &str) -> io::Result<Loaded> {
        let fault = |problems: Problems| {
            let [en, zh] = [Language::En, Language::Zh].map(|language| problems.render(language, false));
            let words = both!("{file}: {what}", "{file}：{what}"; file = file, what = both(en, zh));
            io::Error::new(io::ErrorKind::InvalidData, words)
        };
        Scenario::load(&self.path.join(file), &[]).map_err(fault)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// An I/O error if it cannot be read, or is no text.
    pub fn text(&self, file: &str) -> io::Result<String> {
        let bytes = Dir::open(self.path)?.text(file)?;
        String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
    }
}

/// What sentences name of the size of a city: communities, adults in each and months, and the nouns of these numbers.
pub fn size_of_city(file: &str, loaded: &Loaded) -> Vec<(&'static str, Item)> {
    let counted = [
        ("communities", "population.communities", "community", ["community", "communities"]),
        ("adults", "population.adults", "adult", ["adult", "adults"]),
        ("months", "months", "month", ["month", "months"]),
    ];
    let items = counted.into_iter().flat_map(|(name, key, noun_name, words)| {
        let number = setting(file, loaded, key);
        [(name, number.whole()), (noun_name, noun(number.value, words))]
    });
    items.collect()
}

/// The number that a scenario gives a key, as a cell of its file; NaN if it is no number.
pub fn setting(file: &str, loaded: &Loaded, key: &str) -> Cell {
    let value = loaded.value(key).map(|given| &given.value);
    let number = value.and_then(|v| v.as_float().or_else(|| v.as_integer().map(|n| n as f64)));
    let source = Source { table: file.into(), row: key.into(), column: "value".into() };
    Cell { value: number.unwrap_or(f64::NAN), source }
}
