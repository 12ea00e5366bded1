//! A benchmark case: one TOML file with a scenario, the source of its result, and the expected numbers.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Spanned, Table, Value};

use super::measure::Span;
use super::quantity::{Clusters, Named, Quantity};
use shequ_model::base::i18n::both;
use shequ_model::base::problem::{Place, Problem, Problems};
use shequ_model::scenario::lists::beside;
use shequ_model::scenario::{Loaded, Scenario, file};

/// The table of a case that holds its scenario.
const SCENARIO: &str = "scenario";

/// A case, read and checked.
pub struct Case {
    /// Short name, such as "O1".
    pub id: String,
    /// What is reproduced, in English.
    pub title: String,
    /// The same in Chinese; empty if nobody wrote it.
    pub title_zh: String,
    /// Where the result is published.
    pub source: String,
    /// True if a replicate may end once as many take part in every community as in the month before.
    pub until_stationary: bool,
    /// The scenario.
    pub loaded: Loaded,
    /// The expected numbers.
    pub checks: Vec<Check>,
}

/// One expected number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What it is, in English.
    pub name: String,
    /// The same in Chinese.
    #[serde(default)]
    pub name_zh: String,
    /// Keys that differ from the scenario of the case.
    #[serde(default)]
    set: Table,
    /// The same as `--set` takes them.
    #[serde(skip)]
    pub overrides: Vec<String>,
    /// A metric; or seats of the council or the committee, or projects that ended.
    metric: Spanned<String>,
    /// Of which group of residents, by its name in `groups.csv`; of all if left out.
    group: Option<Spanned<String>>,
    /// The level within the group.
    level: Option<Spanned<String>>,
    /// If given, what is looked at is how many clusters of residents each community has, by the metric.
    clusters: Option<Clusters>,
    /// All of these, read.
    #[serde(skip)]
    pub quantity: Option<Quantity>,
    /// Months in which it is looked at: "last", one number counted from 1, or "A..B".
    #[serde(default = "last")]
    at: Spanned<String>,
    /// The same, read.
    #[serde(skip, default = "Span::last")]
    pub months: Span,
    /// Of what there is one number for each replicate.
    #[serde(default)]
    each: Each,
    /// The resident looked at, where `each` is "resident".
    #[serde(default)]
    resident: u32,
    /// What is made of the months.
    #[serde(default)]
    pub of_months: OfMonths,
    /// If given, what is measured is the share of numbers above it, else their mean.
    pub above: Option<f64>,
    /// What is measured is `shift + scale` times the number.
    #[serde(default = "one")]
    pub scale: f64,
    /// See `scale`.
    #[serde(default)]
    pub shift: f64,
    /// The expected number.
    pub expected: f64,
    /// The largest distance of the measured number from it.
    pub tolerance: f64,
    /// The reason of the tolerance.
    pub because: String,
}

/// Of what there is one number for each replicate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Each {
    /// The city.
    #[default]
    City,
    /// Each community.
    Community,
    /// One resident of the first community.
    Resident,
}

/// What is made of the months looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfMonths {
    /// Their mean.
    #[default]
    Mean,
    /// Their sum.
    Sum,
    /// Nothing: the number of each month counts by itself.
    Each,
    /// The correlation of each month with the next.
    Autocorrelation,
}

/// What a file says besides its scenario.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    id: String,
    title: String,
    #[serde(default)]
    title_zh: String,
    source: String,
    /// Version 0.1.0 called it `until_still`, which is read for one version.
    #[serde(default, alias = "until_still")]
    until_stationary: bool,
    #[allow(dead_code)] // Read by itself, with its places.
    scenario: serde::de::IgnoredAny,
    check: Vec<Check>,
}

fn last() -> Spanned<String> {
    Spanned::new(0..0, "last".into())
}

fn one() -> f64 {
    1.0
}

impl Case {
    /// Reads the case at `path`; `overrides`, as given to `--set`, have the last word in every scenario.
    ///
    /// # Errors
    /// All that is wrong with its scenario, or the first thing that is wrong with the rest.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Case, Problems> {
        let source = file::read(path, &path.display().to_string())?;
        let page: Page = toml::from_str(&source.text).map_err(|error| {
            // What is wrong is said by the parser, in English.
            let problem = Problem::new(
                both!("this is not a benchmark case: {why}", "这不是基准算例：{why}"; why = error.message()),
            );
            problem.at(Place::new(&source, error.span().unwrap_or(0..0)))
        })?;
        let loaded = Scenario::load_within(path, SCENARIO, overrides)?;
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let mut problems = Problems::default();
        let mut checks = page.check;
        for check in &mut checks {
            let at = |spanned: &Spanned<String>| Place::new(&source, spanned.span());
            match Span::read(check.at.get_ref(), loaded.scenario.months) {
                Ok(months) => check.months = months,
                Err(why) => problems.push(Problem::new(why).at(at(&check.at))),
            }
            match Quantity::of(&check.named()) {
                Ok(quantity) => check.quantity = Some(quantity),
                Err((key, why)) => {
                    let help =
                        both!("`shequ explain metrics` lists them", "`shequ explain metrics` 列出各指标");
                    let problem = Problem::new(why).at(at(check.said(key)));
                    problems.push(if key == "metric" { problem.help(help) } else { problem });
                }
            }
            let own = check.set.iter().map(|(key, value)| setting(key, value, &folder));
            check.overrides = own.chain(overrides.iter().cloned()).collect();
        }
        if checks.is_empty() {
            let message = both!("{file} has no checks", "{file} 没有任何检验"; file = path.display());
            problems.push(Problem::new(message));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let Page { id, title, title_zh, source, until_stationary, .. } = page;
        Ok(Case { id, title, title_zh, source, until_stationary, loaded, checks })
    }
}

impl Check {
    fn named(&self) -> Named<'_> {
        Named {
            metric: self.metric.get_ref(),
            group: self.group.as_ref().map(|group| group.get_ref().as_str()),
            level: self.level.as_ref().map(|level| level.get_ref().as_str()),
            clusters: self.clusters,
            each: self.each,
            resident: self.resident,
        }
    }

    /// What stands at `key`; where it is missing, the metric.
    fn said(&self, key: &str) -> &Spanned<String> {
        let said = match key {
            "group" => self.group.as_ref().or(self.level.as_ref()),
            "level" => self.level.as_ref().or(self.group.as_ref()),
            _ => None,
        };
        said.unwrap_or(&self.metric)
    }
}

/// `key=value` as `--set` takes it. A file that is named lies beside the case.
fn setting(key: &str, value: &Value, folder: &Path) -> String {
    match value {
        Value::String(text) if text.contains(".csv") || text.contains(".pb") => {
            format!("{key}={}", Value::String(beside(folder, text).display().to_string()))
        }
        _ => format!("{key}={value}"),
    }
}
