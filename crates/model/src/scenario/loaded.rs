//! A scenario together with where each of its values comes from.

use std::path::{Path, PathBuf};

use super::document::{Change, Entry};
use super::draft::{Draft, Given};
use super::index::Index;
use super::places::{self, Where};
use super::{Local, Scenario, build, checks, communities, document, doubts, index, own_theory, resolved};
use crate::base::i18n::both;
use crate::base::problem::{Place, Problem, Problems, Source};
use crate::theory;

/// A scenario that was read, and the origin of its values.
#[derive(Clone)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// What the files and options said.
    pub draft: Draft,
    /// What is allowed and yet perhaps not meant, and what of a file was left out or rounded.
    pub warnings: Vec<Problem>,
}

impl Scenario {
    /// Reads the file at `path` and the files that it extends; each of `overrides`, `key=value` as
    /// given to `--set`, then has the last word.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Loaded, Problems> {
        let mut problems = Problems::default();
        let mut draft = Draft::defaults(index());
        draft.read(path, None, index(), &mut problems);
        finish(draft, overrides, problems)
    }

    /// As [`Scenario::load`], of a scenario that is the table `within` of the file at `path`.
    pub fn load_within(path: &Path, within: &str, overrides: &[String]) -> Result<Loaded, Problems> {
        let mut problems = Problems::default();
        let mut draft = Draft::defaults(index());
        draft.read(path, Some(within), index(), &mut problems);
        finish(draft, overrides, problems)
    }

    /// Reads `text`, which people know as `name`. It cannot extend a file.
    pub fn from_text(name: &str, text: &str, overrides: &[String]) -> Result<Loaded, Problems> {
        let mut problems = Problems::default();
        let mut draft = Draft::defaults(index());
        let document = document::read(&Source::file(name, text), None, index(), &mut problems);
        if let Some((_, place)) = &document.extends {
            let message = both!("`extends` is not possible here", "此处不能使用 `extends`");
            problems.push(Problem::new(message).at(place.clone()));
        }
        draft.files.push(PathBuf::from(name));
        draft.add(document);
        finish(draft, overrides, problems)
    }
}

impl Loaded {
    /// The same with more overrides, without reading the files again.
    pub fn with(&self, overrides: &[String]) -> Result<Loaded, Problems> {
        finish(self.draft.clone(), overrides, Problems::default())
    }

    /// The same with other values at the start, which have been checked one by one.
    pub fn set(&self, entries: impl IntoIterator<Item = Entry>) -> Result<Loaded, Problems> {
        let mut draft = self.draft.clone();
        entries.into_iter().for_each(|entry| draft.set(entry));
        finish(draft, &[], Problems::default())
    }

    /// The same with the changes that `text`, which people know as `name`, says in `[[change]]`, laid over those that
    /// there are: of one month they have the last word.
    ///
    /// # Errors
    /// What is wrong with the text, and what its values contradict.
    pub fn with_changes(&self, name: &str, text: &str) -> Result<Loaded, Problems> {
        let mut problems = Problems::default();
        let document = document::read(&Source::file(name, text), None, index(), &mut problems);
        let mut draft = self.draft.clone();
        draft.lay_over(document.changes.unwrap_or_default());
        finish(draft, &[], problems)
    }

    /// The same scenario, in a city that came to rest as that of `base`: what may change in the course of a run
    /// and differs from `base` becomes a change at the start. Without burn-in nothing comes before the start, and
    /// only a table of communities needs to know what changed. `within` some communities alone this scenario holds
    /// there, and `base` in all others.
    ///
    /// # Errors
    /// What the values contradict; of a scenario that is to hold in some communities, changes of its own and keys that
    /// cannot differ between communities.
    pub fn departing_from(&self, base: &Loaded, within: Option<&Where>) -> Result<Loaded, Problems> {
        if within.is_none() && self.scenario.burn_in == 0 && self.scenario.population.table.is_empty() {
            return Ok(self.clone());
        }
        let [own, before] = [self, base].map(|loaded| loaded.draft.changes.iter().map(Change::course));
        if within.is_some() && !own.eq(before) {
            return Err(places::of_its_own().into());
        }
        let mut draft = self.draft.clone();
        let mut entries = Vec::new();
        for (path, _) in index().keys().filter(|(_, key)| !key.fixed) {
            let (Some(own), Some(before)) = (draft.values.get_mut(&path), base.draft.values.get(&path))
            else {
                continue;
            };
            if own.value != before.value {
                let Given { value, place, notes } = std::mem::replace(own, before.clone());
                let place = place.unwrap_or_else(|| {
                    let source = Source::option("default", format!("{path}={value}"));
                    Place::new(&source, 0..source.text.len())
                });
                entries.push(Entry { path, value, place, notes });
            }
        }
        let citywide = entries.iter().filter(|entry: &&Entry| {
            within.is_some() && index().key(&entry.path).is_some_and(|key| key.citywide)
        });
        let of_the_city = |entry: &Entry| places::decided_for_the_city(&entry.path).at(entry.place.clone());
        let problems: Vec<Problem> = citywide.map(of_the_city).collect();
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        if let Some(place) = entries.first().map(|entry| entry.place.clone()) {
            draft.lay_under(Change { from: self.scenario.start, place, within: within.cloned(), entries });
        }
        finish(draft, &[], Problems::default())
    }

    /// The whole scenario as a TOML file, the origin of each value as a comment.
    pub fn resolved_toml(&self) -> String {
        resolved::with_origins(&self.draft)
    }

    /// The whole scenario as a TOML file without comments: equal for equal scenarios, whatever
    /// files they come from.
    pub fn canonical_toml(&self) -> String {
        resolved::bare(&self.draft)
    }

    /// The keys in which this scenario differs from `base`, one a line; "" if in none.
    pub fn difference(&self, base: &Loaded) -> String {
        resolved::difference(&base.draft, &self.draft)
    }

    /// The theories under which it can be simulated: all, and last its own, if it has one.
    pub fn theories(&self) -> Vec<&'static theory::Entry> {
        let is_there =
            |entry: &&theory::Entry| entry.path != theory::formula::PATH || own_theory::is_there(&self.draft);
        theory::with_own().filter(is_there).collect()
    }

    /// The parameters of a theory of its own, by name.
    pub fn own_parameters(&self) -> impl Iterator<Item = (&str, &Given)> {
        own_theory::parameters(&self.draft.values)
    }

    /// The value of a key at the start of the run.
    pub fn value(&self, key: &str) -> Option<&Given> {
        self.draft.values.get(key)
    }
}

/// Judges a draft as a whole and builds its scenario.
pub(super) fn finish(
    mut draft: Draft,
    overrides: &[String],
    mut problems: Problems,
) -> Result<Loaded, Problems> {
    let index = index();
    overrides.iter().for_each(|option| draft.apply(option, index, &mut problems));
    communities::settle(&mut draft, &mut problems);
    name(&draft, &mut problems);
    if !problems.concern("start") && !problems.concern("months") {
        changes_within_the_run(&draft, index, &mut problems);
    }
    own_theory::judge(&draft, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let scenario = build::scenario(&draft, index)?;
    for finding in checks::ALL.iter().filter_map(|check| check(&scenario)) {
        problems.push(located(finding, &draft, &scenario));
    }
    if let Some(local) = scenario.local.clone().filter(|_| problems.is_empty()) {
        in_places(&local, &draft, &scenario, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut warnings: Vec<Problem> = draft.notes().cloned().collect();
    warnings.extend(doubts::of_amounts(&draft, index));
    let doubts = doubts::ALL.iter().filter_map(|doubt| doubt(&scenario));
    warnings.extend(doubts.map(|finding| located(finding, &draft, &scenario)));
    Ok(Loaded { scenario, draft, warnings })
}

/// What is wrong with what holds in some places only: with the places, and with the rules of each by itself and of all
/// together.
fn in_places(local: &Local, draft: &Draft, scenario: &Scenario, problems: &mut Problems) {
    let places = local.places();
    if places.len() > places::MOST {
        problems.push(
            Problem::new(both!(
                "the changes name {n} different places", "各项变化写明了 {n} 个不同的范围"; n = places.len()
            ))
            .of(places::WHERE)
            .allowed(both!("at most {most}", "最多 {most} 个"; most = places::MOST)),
        );
        return;
    }
    places.iter().for_each(|within| problems.0.extend(within.problems(scenario)));
    let alone = (0..places.len()).map(|k| (0..places.len()).map(|other| other == k).collect());
    let together = (places.len() > 1).then(|| vec![true; places.len()]);
    for holds in alone.chain(together) {
        let there = Scenario { periods: local.periods(&holds).to_vec(), ..scenario.clone() };
        for finding in checks::ALL.iter().filter_map(|check| check(&there)) {
            let problem = located(finding, draft, &there);
            if problems.0.iter().all(|known| known.message != problem.message) {
                problems.push(problem);
            }
        }
    }
}

/// Somebody must have said what the scenario is called; that also tells an empty file apart.
fn name(draft: &Draft, problems: &mut Problems) {
    let said = draft.values.get("name").is_some_and(|given| given.place.is_some());
    let Some(file) = draft.files.first().filter(|_| !said && problems.is_empty()) else { return };
    let anything = draft.values.values().any(|given| given.place.is_some()) || draft.files.len() > 1;
    let file = file.display();
    let message = match anything {
        true => both!("{file} has no `name` of the scenario", "{file} 缺少情景的 `name`"),
        false => both!("{file} is empty", "{file} 是空的"),
    };
    problems.push(Problem::new(message).of("name").help(both!(
        "a scenario needs at least a name, at the top of the file: name = \"My scenario\"",
        "情景至少要有名称，写在文件开头：name = \"My scenario\""
    )));
}

fn changes_within_the_run(draft: &Draft, index: &Index, problems: &mut Problems) {
    let Ok((start, months)) = build::span(draft, index) else { return };
    let end = start.plus(months);
    for change in draft.changes.iter().filter(|change| change.from < start || change.from >= end) {
        let message = match change.from < start {
            true => both!("this change would begin before the run", "此项变化会在运行开始之前生效"),
            false => both!("this change would begin after the run", "此项变化会在运行结束之后生效"),
        };
        let last = start.plus(months - 1);
        problems.push(
            Problem::new(message)
                .at(change.place.clone())
                .allowed(both!("a month from {start} to {last}", "{start} 至 {last} 的月份")),
        );
    }
}

fn located(finding: checks::Finding, draft: &Draft, scenario: &Scenario) -> Problem {
    let problem = Problem::new(finding.message).of(finding.key).help(finding.help);
    match place_in_force(draft, finding.key, scenario, finding.month) {
        Some(place) => problem.at(place),
        None => problem,
    }
}

/// Where the value was given that `key` has in `month`.
fn place_in_force(draft: &Draft, key: &str, scenario: &Scenario, month: u32) -> Option<Place> {
    let now = scenario.start.plus(month);
    let past = draft.changes.iter().rev().filter(|change| change.from <= now);
    let changed = past.flat_map(|change| &change.entries).find(|entry| entry.path == key);
    let given = || draft.values.get(key).and_then(|given| given.place.clone());
    changed.map(|entry| entry.place.clone()).or_else(given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::i18n::Both;

    #[test]
    fn an_arm_departs_from_its_base_at_the_start_and_says_so_in_its_file() {
        let load = |text: &str| Scenario::from_text("a.toml", text, &[]).unwrap();
        let base = load("name = \"A\"\n[election]\npublicity = 0.4\n");
        let arm = load("name = \"B\"\n[election]\npublicity = 0.9\nterm_months = 24\n");
        let departing = arm.departing_from(&base, None).unwrap();
        let publicity = |loaded: &Loaded| -> Vec<_> {
            let rules = loaded.scenario.periods.iter().map(|period| &period.rules.institutions.election);
            rules.map(|election| (election.publicity, election.term_months)).collect()
        };
        assert_eq!(publicity(&departing), [(0.4, 36), (0.9, 24)]);
        assert_eq!(departing.scenario.name, "B");
        // Its file says the same, and departing again changes nothing.
        let again = load(&departing.resolved_toml());
        assert_eq!(again.scenario.periods, departing.scenario.periods);
        assert_eq!(again.departing_from(&base, None).unwrap().canonical_toml(), departing.canonical_toml());
        // Without burn-in there is nothing before the start.
        let built = load("name = \"C\"\nburn_in = 0\n[election]\npublicity = 0.9\n");
        assert_eq!(publicity(&built.departing_from(&base, None).unwrap()), [(0.9, 36)]);
    }

    #[test]
    fn changes_are_laid_over_those_that_there_are_and_leave_the_city_at_rest_alone() {
        let text = "name = \"A\"\nelection.publicity = 0.4\n[[change]]\nfrom = \"2018-01\"\nelection.publicity = 0.5\n";
        let base = Scenario::from_text("a.toml", text, &[]).unwrap();
        let added = "[[change]]\nfrom = \"2018-01\"\nelection.publicity = 0.9\n\
                     [[change]]\nfrom = \"2017-01\"\nelection.term_months = 24\n";
        let changed = base.with_changes("levers", added).unwrap();
        let course: Vec<_> = changed
            .scenario
            .periods
            .iter()
            .map(|period| &period.rules.institutions.election)
            .map(|election| (election.publicity, election.term_months))
            .collect();
        assert_eq!(course, [(0.4, 36), (0.4, 24), (0.9, 24)]);
        let wrong = base.with_changes("levers", "[[change]]\nfrom = \"2018-01\"\nelection.publicity = 9\n");
        assert!(wrong.err().unwrap().concern("election.publicity"));
    }

    #[test]
    fn a_contradiction_is_shown_at_the_value_in_force_in_its_month() {
        let text = "name = \"A\"\nmodes.meeting.hours = 1\n\
                    [[change]]\nfrom = \"2018-01\"\nmodes.meeting.hours = 2\n";
        let loaded = Scenario::from_text("a.toml", text, &[]).unwrap();
        let line = |key: &'static str, month| {
            let finding = checks::Finding { key, month, message: Both::default(), help: Both::default() };
            let problem = located(finding, &loaded.draft, &loaded.scenario);
            problem.place.map(|place| place.origin())
        };
        assert_eq!(line("modes.meeting.hours", 0).as_deref(), Some("a.toml:2"));
        assert_eq!(line("modes.meeting.hours", 11).as_deref(), Some("a.toml:2"));
        assert_eq!(line("modes.meeting.hours", 12).as_deref(), Some("a.toml:5"));
        assert_eq!(line("seed.replicates", 12), None);
    }
}
