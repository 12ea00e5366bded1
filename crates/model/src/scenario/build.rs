//! From checked values to a [`Scenario`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use toml::{Table, Value};

use super::document::Change;
use super::draft::{Draft, Given};
use super::index::Index;
use super::places::Where;
use super::{Head, PolicyPeriod, Scenario, TheoryChoice, own_theory};
use crate::base::i18n::both;
use crate::base::month::Month;
use crate::base::params::{Section, Settings};
use crate::base::problem::Problem;
use crate::city::table::{self, Held};
use crate::city::{Mode, population};
use crate::institution::{self, Rules};
use crate::{theory, trust};

/// The values of one time, by dotted path.
pub type Values = BTreeMap<String, Given>;

/// The scenario that a draft describes. Fails only if a settings type and its keys disagree.
pub fn scenario(draft: &Draft, index: &Index) -> Result<Scenario, Problem> {
    let tables = Tables { values: &draft.values, index };
    let head: Head = tables.settings("")?;
    let start = calendar(&head)?;
    let choice: TheoryChoice = tables.settings("theory")?;
    Ok(Scenario {
        start,
        months: head.months,
        burn_in: head.burn_in,
        replicates: head.replicates,
        update: head.update,
        name: head.name,
        name_zh: head.name_zh,
        seed: tables.settings("seed")?,
        report: tables.settings("report")?,
        population: population::Settings {
            groups: tables.settings("population.groups")?,
            feelings: tables.settings("population.feelings")?,
            network: tables.settings("population.network")?,
            given: tables.settings("population.given")?,
            ..tables.settings("population")?
        },
        theory: tables.theory(&choice.participation)?,
        trust: tables.rule(&choice.trust)?,
        theory_choice: choice,
        periods: periods(draft, &everywhere, index, start, head.burn_in)?,
        local: Local::of(draft, start, head.burn_in).map(Arc::new),
    })
}

/// What holds in some communities only.
pub struct Local {
    places: Vec<Where>,
    draft: Draft,
    start: Month,
    burn_in: u32,
    /// The courses of rules that were asked for: all replicates of a scenario ask for the same few.
    courses: Mutex<BTreeMap<Vec<bool>, Arc<[PolicyPeriod]>>>,
}

impl Local {
    fn of(draft: &Draft, start: Month, burn_in: u32) -> Option<Local> {
        let mut places: Vec<Where> = Vec::new();
        for within in draft.changes.iter().filter_map(|change| change.within.as_ref()) {
            if !places.contains(within) {
                places.push(within.clone());
            }
        }
        (!places.is_empty()).then(|| Local {
            places,
            draft: draft.clone(),
            start,
            burn_in,
            courses: Mutex::default(),
        })
    }

    /// The different places.
    pub fn places(&self) -> &[Where] {
        &self.places
    }

    /// The month, counted from the start, from which something holds in single places.
    pub fn first_month(&self) -> Option<u32> {
        let mut changes = self.draft.changes.iter().filter(|change| change.within.is_some());
        changes.find_map(|change| u32::try_from(change.from.since(self.start)).ok())
    }

    /// The rules over time where those of the places hold of which `holds` says so.
    ///
    /// # Panics
    /// If a settings type and its keys disagree, which building the scenario has excluded.
    pub fn periods(&self, holds: &[bool]) -> Arc<[PolicyPeriod]> {
        let mut courses = self.courses.lock().unwrap_or_else(PoisonError::into_inner);
        courses.entry(holds.to_vec()).or_insert_with(|| self.course(holds).into()).clone()
    }

    fn course(&self, holds: &[bool]) -> Vec<PolicyPeriod> {
        let is_in =
            |within: &Where| self.places.iter().zip(holds).any(|(places, &holds)| holds && places == within);
        let here = |change: &Change| change.within.as_ref().is_none_or(is_in);
        let periods = periods(&self.draft, &here, super::index(), self.start, self.burn_in);
        periods.unwrap_or_else(|problem| panic!("the same values made rules before: {problem:?}"))
    }
}

/// True of changes that hold in the whole city.
fn everywhere(change: &Change) -> bool {
    change.within.is_none()
}

/// First month and number of months, known before anything else can be built.
pub fn span(draft: &Draft, index: &Index) -> Result<(Month, u32), Problem> {
    let head: Head = Tables { values: &draft.values, index }.settings("")?;
    Ok((calendar(&head)?, head.months))
}

fn calendar(head: &Head) -> Result<Month, Problem> {
    head.start.parse().map_err(|()| disagreement("", &"`start` is no month"))
}

/// The rules from the start, and from each change on that holds.
fn periods(
    draft: &Draft,
    holds: &dyn Fn(&Change) -> bool,
    index: &Index,
    start: Month,
    burn_in: u32,
) -> Result<Vec<PolicyPeriod>, Problem> {
    let mut values = draft.values.clone();
    let rules = |values: &Values| {
        let rules = Tables { values, index }.rules()?;
        Ok::<Rules, Problem>(Rules { table: held(&draft.values, values), ..rules })
    };
    let mut periods = vec![PolicyPeriod { from: 0, rules: rules(&values)? }];
    for change in draft.changes.iter().filter(|change| holds(change)) {
        for entry in &change.entries {
            let given =
                Given { value: entry.value.clone(), place: Some(entry.place.clone()), notes: Vec::new() };
            values.insert(entry.path.clone(), given);
        }
        let from = u32::try_from(change.from.since(start)).unwrap_or(0);
        // Only the last change of a month is ever in force. Without burn-in there is no month before one at the start.
        if periods.last().is_some_and(|last| last.from == from) && (periods.len() > 1 || burn_in == 0) {
            periods.pop();
        }
        periods.push(PolicyPeriod { from, rules: rules(&values)? });
    }
    Ok(periods)
}

/// What of a table of communities holds under the values `now`: that of which the rules are what they were at
/// the
/// `start`. A policy that changes a rule changes it everywhere.
fn held(start: &Values, now: &Values) -> Held {
    let same =
        |key: &&str| start.get(*key).map(|given| &given.value) == now.get(*key).map(|given| &given.value);
    Held(table::RULES.map(|(_, keys)| keys.iter().all(same)))
}

struct Tables<'a> {
    values: &'a Values,
    index: &'a Index,
}

impl Tables<'_> {
    fn settings<T: Settings>(&self, path: &str) -> Result<T, Problem> {
        T::of(self.table(path)).map_err(|error| disagreement(path, &error))
    }

    /// The keys of the section `path`, without the tables within it.
    fn table(&self, path: &str) -> Table {
        let of = |section: &Section| {
            let value =
                |name: &str| self.values.get(&super::index::join(path, name)).map(|g| g.value.clone());
            let pairs = section.keys.iter().filter_map(|k| Some((k.name.to_string(), value(k.name)?)));
            pairs.collect()
        };
        self.index.sections().iter().find(|s| s.path == path).map(of).unwrap_or_default()
    }

    fn rules(&self) -> Result<Rules, Problem> {
        let modes = Mode::ALL.into_iter().map(|mode| self.settings(&format!("modes.{}", mode.name())));
        let modes: Vec<_> = modes.collect::<Result<_, _>>()?;
        let institutions = institution::Settings::read(|name| self.table(name))
            .map_err(|error| disagreement("institutions", &error))?;
        Ok(Rules {
            residents: self.settings("residents")?,
            modes: modes.try_into().map_err(|_| disagreement("modes", &"one mode is missing"))?,
            institutions,
            costs: self.settings("costs")?,
            table: Held::default(),
        })
    }

    fn theory(&self, name: &str) -> Result<Arc<dyn theory::Theory>, Problem> {
        let entry = theory::named(name).ok_or_else(|| disagreement("theory", &name))?;
        let mut table = self.table(entry.path);
        if entry.path == theory::formula::PATH {
            let own =
                own_theory::parameters(self.values).map(|(name, given)| (name.into(), given.value.clone()));
            table.insert(theory::formula::PARAMETERS_NAME.into(), Value::Table(own.collect()));
        }
        let built = (entry.build)(&table);
        built.map(Arc::from).map_err(|error| disagreement(entry.path, &error))
    }

    fn rule(&self, name: &str) -> Result<Arc<dyn trust::Rule>, Problem> {
        let entry = trust::all().iter().find(|e| e.name == name);
        let entry = entry.ok_or_else(|| disagreement("theory", &name))?;
        let built = (entry.build)(&self.table(entry.path));
        built.map(Arc::from).map_err(|error| disagreement(entry.path, &error))
    }
}

/// A mistake of the program, not of the person who wrote the file.
fn disagreement(path: &str, detail: &dyn std::fmt::Display) -> Problem {
    Problem::new(both!(
        "internal error: [{path}] is inconsistent: {detail}",
        "内部错误：[{path}] 不一致：{detail}"
    ))
    .help(both!(
        "this is an error of shequ, not of your file; please report it",
        "这是 shequ 的错误，与文件无关；请报告给开发者"
    ))
}
