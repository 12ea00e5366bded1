//! Reading an experiment file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{BELONGS, SPECIAL, sections};
use super::scenarios::{self, OURS};
use super::{
    Arm, Experiment, Kind, Overrides, bundles, fitted, posterior, search, smallest, solve, vary, weights,
};
use crate::outcome::Outcome;
use crate::window::Window;
use shequ_model::base::i18n::{Both, both, listed};
use shequ_model::base::params::{Settings, Text, text};
use shequ_model::base::problem::{Place, Problem, Problems, Source};
use shequ_model::scenario::document::Entry;
use shequ_model::scenario::index::{Index, split};
use shequ_model::scenario::places::WHERE;
use shequ_model::scenario::reader::Reader;
use shequ_model::scenario::{Loaded, Scenario, communities, file, renamed};

/// What `outcomes` may hold.
const METRICS: Text = text("names of metrics, such as \"participation\"", "指标的名称，如 \"participation\"");

pub fn load(path: &Path, kind: Option<Kind>, overrides: &Overrides) -> Result<Experiment, Problems> {
    let name = path.display().to_string();
    if let Some(problem) = communities::instead_of_scenario(path, &name) {
        return Err(problem.into());
    }
    let source = file::read(path, &name)?;
    of_source(&source, path.parent().unwrap_or(Path::new("")), kind, overrides)
}

/// The experiment in `source`, which names files from `folder`.
pub fn of_source(
    source: &Arc<Source>,
    folder: &Path,
    kind: Option<Kind>,
    overrides: &Overrides,
) -> Result<Experiment, Problems> {
    let (index, mut problems) = (Index::new(sections()), Problems::default());
    let reader = Reader::new(source, &index, &mut problems);
    let folder = folder.to_path_buf();
    let mut file = File {
        reader,
        folder,
        entries: Vec::new(),
        notes: Vec::new(),
        overrides,
        unsolved: Vec::new(),
        asked_apart: Vec::new(),
        kind: Kind::Sweep,
    };
    let experiment = match file.reader.parse() {
        Ok(table) if scenarios::is_one(&table) => return Err(scenarios::told(source, kind)),
        Ok(table) => file.experiment(&table, kind),
        Err(_) => None,
    };
    match experiment {
        Some(experiment) if problems.is_empty() => Ok(experiment),
        _ => {
            // Problems are found by kind; people read them from top to bottom, and this file first.
            let here = |place: &Place| (place.source.name != source.name, place.span.start);
            problems.0.sort_by_key(|p| p.place.as_ref().map_or((true, usize::MAX), here));
            Err(problems)
        }
    }
}

/// An experiment file while it is read.
pub struct File<'a> {
    pub reader: Reader<'a>,
    pub folder: PathBuf,
    /// What the plain keys hold.
    pub entries: Vec<Entry>,
    /// What a reader should know of how keys of scenarios were read.
    pub notes: Vec<Problem>,
    pub overrides: &'a Overrides,
    /// Of arms that have one, by name: the key that is solved.
    pub unsolved: Vec<(String, Entry)>,
    /// Arms that are taken apart, by name, and where that was asked for.
    pub asked_apart: Vec<(String, Place)>,
    kind: Kind,
}

impl File<'_> {
    /// The experiment, or none where something is missing; more may be wrong with it.
    fn experiment(&mut self, table: &DeTable, wanted: Option<Kind>) -> Option<Experiment> {
        let mut entries = Vec::new();
        self.reader.table("", table, &SPECIAL, &mut entries);
        self.entries = entries;
        let kind = self.kind(table, wanted)?;
        self.kind = kind;
        let name = self.name();
        let (outcomes, primary) = (self.outcomes(table, kind), self.primary(table));
        let (outcomes, primary) = Experiment::outcomes_of(kind, outcomes, primary);
        let windows = self.windows(table);
        let base = self.base(table);
        let arms = self.arms(table, kind);
        let design = self.design(table, kind);
        let replicates = self.replicates(table, base.as_ref());
        self.waits_for_an_outcome(table, kind, replicates, &outcomes);
        self.tells_chance(table, kind, replicates);
        let calibration = fitted::calibration(self, table, kind);
        let search = search::search(self, table, kind, replicates, &windows);
        let weights = weights::of_file(self, kind);
        let (base, arms) = match (base?, &calibration) {
            // The runs that targets ask for are its arms.
            (base, Some(calibration)) => {
                let base = calibration.base(&base).ok()?;
                let arms = calibration.arms(&base);
                (base, arms)
            }
            (_, None) if kind == Kind::Calibrate => return None,
            (base, None) if kind == Kind::Search => (search.as_ref()?.base(&base).ok()?, Ok(Vec::new())),
            (base, None) => {
                let windows: Vec<Window> = windows.iter().map(|(window, _)| *window).collect();
                let arms = solve::arms(self, table, &base, &windows, arms?);
                let arms = Experiment::departing(&base, arms);
                (base, arms)
            }
        };
        let arms = arms.map_err(|problems| self.reader.problems.0.extend(problems.0)).ok()?;
        self.windows_within(&windows, &base);
        let bundles = bundles::of(self, kind, &base, &arms);
        let allow = self.entry("allow_unlike").and_then(|entry| entry.value.as_bool());
        let experiment = Experiment {
            kind,
            allow_unlike: self.overrides.allow_unlike || allow.unwrap_or(false),
            name: name?,
            name_zh: self.text("name_zh").unwrap_or_default(),
            base,
            arms,
            replicates: replicates?,
            first_replicate: 0,
            smallest: smallest::of_file(self, table, &outcomes),
            outcomes,
            primary,
            windows: windows.into_iter().map(|(window, _)| window).collect(),
            design: if kind.varies() { Some(design?) } else { None },
            posterior: None,
            weights,
            lower: Vec::new(),
            calibration,
            search,
            bundles,
            notes: std::mem::take(&mut self.notes),
        };
        self.reader.problems.0.extend(experiment.problems().0);
        posterior::of_file(self, table, experiment)
    }

    /// The table `section`, with defaults where the file does not say; nothing where something is wrong with it.
    pub fn table<T: Settings>(&self, section: &str) -> Option<T> {
        let mut values: toml::Table =
            T::keys().iter().map(|key| (key.name.to_string(), key.default.clone())).collect();
        for entry in &self.entries {
            let (table, name) = split(&entry.path);
            if table == section {
                values.insert(name.into(), entry.value.clone());
            }
        }
        T::of(values).ok()
    }

    /// What a plain key was given.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == path)
    }

    pub fn text(&self, path: &str) -> Option<String> {
        self.entry(path).and_then(|entry| entry.value.as_str().map(String::from))
    }

    pub fn wrong(&mut self, problem: Problem) {
        self.reader.wrong(problem);
    }

    /// Adds what is wrong with the table that `key` names, or the command line unless `is_own`. A file that is not there
    /// is shown where it was named.
    pub fn wrong_table(&mut self, key: &str, is_own: bool, problems: Problems) {
        let place = self.entry(key).map(|entry| entry.place.clone()).filter(|_| is_own);
        let point = |problem: Problem| match (&problem.place, &place) {
            (None, Some(place)) => problem.at(place.clone()),
            _ => problem,
        };
        self.reader.problems.0.extend(problems.0.into_iter().map(point));
    }

    /// A problem with a key of the top level, at its value or, where it is missing, without a place.
    pub fn about(&self, key: &str, table: &DeTable, message: Both) -> Problem {
        let problem = Problem::new(message).of(key);
        match table.get(key) {
            Some(value) => problem.at(self.reader.place(value)),
            None => problem,
        }
    }

    fn kind(&mut self, table: &DeTable, wanted: Option<Kind>) -> Option<Kind> {
        let Some(given) = self.text("kind") else {
            if !table.contains_key("kind") {
                let problem = Problem::new(both!(
                    "this file does not name its `kind` of experiment",
                    "此文件缺少实验的 `kind`"
                ));
                let wanted = wanted.unwrap_or(Kind::Sweep);
                let scenarios = match wanted.varies() {
                    true => Both::default(),
                    false => both!(
                        "; of scenarios, name a base and at least one policy",
                        "；若要比较情景，请指明基准和至少一项政策"
                    ),
                };
                let help = both!(
                    "write kind = \"{wanted}\" at the top{scenarios}",
                    "请在文件开头写 kind = \"{wanted}\"{scenarios}";
                    wanted = wanted.name(), scenarios = scenarios
                );
                self.wrong(problem.of("kind").help(help));
            }
            return None;
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == given)?;
        if let Some(wanted) = wanted.filter(|wanted| *wanted != kind) {
            let message = both!(
                "this experiment is not for `shequ {wanted}`", "这不是供 `shequ {wanted}` 使用的实验";
                wanted = wanted.name()
            );
            let problem = self.about("kind", table, message);
            self.wrong(problem.help(both!("run it by `shequ {given}`", "请用 `shequ {given}` 运行")));
            return None;
        }
        for (key, kinds) in BELONGS {
            if table.contains_key(*key) && !kinds.contains(&kind) {
                let is_table = matches!(table[*key].get_ref(), DeValue::Table(_));
                let shown = if is_table { format!("[{key}]") } else { format!("`{key}`") };
                let message =
                    both!("{shown} is not used in this kind of experiment", "这种实验不使用 {shown}");
                let names: Vec<String> =
                    kinds.iter().map(|kind| format!("kind = \"{}\"", kind.name())).collect();
                let problem = self.about(key, table, message);
                self.wrong(problem.help(both!(
                    "it belongs to {kinds}", "它用于 {kinds}";
                    kinds = listed(names.iter().map(String::as_str))
                )));
            }
        }
        Some(kind)
    }

    fn name(&mut self) -> Option<String> {
        let name = self.text("name").filter(|name| !name.trim().is_empty());
        if name.is_none() && !self.reader.problems.concern("name") {
            let problem =
                Problem::new(both!("this file does not name the experiment", "此文件没有写明实验的名称"));
            self.wrong(problem.of("name").help(both!(
                "results are saved under its name: name = \"How large a fund\"",
                "结果按此名称保存：name = \"How large a fund\""
            )));
        }
        name
    }

    /// The texts of a value that is one text or a list of texts, each with its place.
    fn texts(&mut self, key: &str, value: &Spanned<DeValue>, allowed: Text) -> Vec<(String, Place)> {
        let mut texts = Vec::new();
        let mut one = |reader: &mut Reader, item: &Spanned<DeValue>| match item.get_ref() {
            DeValue::String(text) => texts.push((text.to_string(), reader.place(item))),
            _ => {
                let problem = Problem::new(both!(
                    "`{key}` must be text in quotes, or a list of such",
                    "`{key}` 必须是引号中的文本，或由其组成的列表"
                ));
                reader.wrong(problem.of(key).at(reader.place(item)).allowed(allowed));
            }
        };
        match value.get_ref() {
            DeValue::Array(items) if items.is_empty() => {
                let problem = Problem::new(both!("`{key}` is an empty list", "`{key}` 的列表是空的")).of(key);
                self.wrong(problem.at(self.reader.place(value)).allowed(allowed));
            }
            DeValue::Array(items) => items.iter().for_each(|item| one(&mut self.reader, item)),
            _ => one(&mut self.reader, value),
        }
        texts
    }

    fn outcomes(&mut self, table: &DeTable, kind: Kind) -> Vec<Outcome> {
        if !self.overrides.outcomes.is_empty() {
            return self.overrides.outcomes.clone();
        }
        match table.get("outcomes") {
            Some(value) => self.metrics("outcomes", value),
            None => kind.outcomes(),
        }
    }

    /// None where the file does not say.
    fn primary(&mut self, table: &DeTable) -> Vec<Outcome> {
        if !self.overrides.primary.is_empty() {
            return self.overrides.primary.clone();
        }
        table.get("primary").map(|value| self.metrics("primary", value)).unwrap_or_default()
    }

    /// The metrics that a value names, one or a list.
    pub fn metrics(&mut self, key: &str, value: &Spanned<DeValue>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for (name, place) in self.texts(key, value, METRICS) {
            let problem = match Outcome::named(&name) {
                Ok(outcome) if !outcomes.contains(&outcome) => {
                    outcomes.push(outcome);
                    continue;
                }
                Ok(_) => listed_twice(&name),
                Err(what) => what,
            };
            self.wrong(Problem::new(problem).of(key).at(place));
        }
        outcomes
    }

    fn windows(&mut self, table: &DeTable) -> Vec<(Window, Option<Place>)> {
        if !self.overrides.windows.is_empty() {
            return self.overrides.windows.iter().map(|window| (*window, None)).collect();
        }
        let Some(value) = table.get("window") else { return vec![(Window::LastYear, None)] };
        let mut windows = Vec::new();
        for (text, place) in self.texts("window", value, Window::ALLOWED) {
            match text.parse() {
                Ok(window) if windows.iter().all(|(other, _)| *other != window) => {
                    windows.push((window, Some(place)));
                }
                Ok(_) => self.wrong(Problem::new(listed_twice(&text)).of("window").at(place)),
                Err(what) => {
                    let message = both!("`window` {what}", "`window` {what}"; what = what);
                    let problem = Problem::new(message).of("window").at(place);
                    self.wrong(problem.allowed(Window::ALLOWED));
                }
            }
        }
        windows
    }

    fn windows_within(&mut self, windows: &[(Window, Option<Place>)], base: &Loaded) {
        let Scenario { start, months, .. } = base.scenario;
        for (window, place) in windows.iter().filter(|(window, _)| !window.is_within(start, months)) {
            let problem = super::outside(*window, start, months);
            self.wrong(place.iter().fold(problem, |problem, place| problem.at(place.clone())));
        }
    }

    fn base(&mut self, table: &DeTable) -> Option<Loaded> {
        let Some(path) = self.text("scenario") else {
            if !table.contains_key("scenario") {
                let message = both!("this experiment names no scenario", "此实验没有指明情景");
                self.wrong(Problem::new(message).of("scenario").help(both!(
                    "name its base scenario: scenario = \"../baseline.toml\"",
                    "请指明基准情景：scenario = \"../baseline.toml\""
                )));
            }
            return None;
        };
        let place = self.entry("scenario").map(|entry| entry.place.clone());
        self.scenario(&path, place, table.get("set"), &self.overrides.set.clone())
    }

    /// The scenario at `path`, with what the command line and then `set` say.
    fn scenario(
        &mut self,
        path: &str,
        place: Option<Place>,
        set: Option<&Spanned<DeValue>>,
        options: &[String],
    ) -> Option<Loaded> {
        let entries = set.map(|set| self.settings(set)).unwrap_or_default();
        let full = self.folder.join(path);
        let loaded = match Scenario::load(&full, options) {
            Ok(loaded) => loaded.set(entries).and_then(|loaded| Experiment::with_cities(loaded, self.kind)),
            Err(problems) => Err(problems),
        };
        match loaded {
            Ok(loaded) => Some(loaded),
            Err(problems) => {
                // A file that is not there is shown where it was named.
                let point = |problem: Problem| match (&problem.place, &place) {
                    (None, Some(place)) if problem.key.is_none() => problem.at(place.clone()),
                    _ => problem,
                };
                self.reader.problems.add(Problems(problems.0.into_iter().map(point).collect()));
                None
            }
        }
    }

    /// What `set` says: keys of a scenario, each checked.
    fn settings(&mut self, set: &Spanned<DeValue>) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (path, value) in self.scenario_keys("set", set) {
            let source = self.reader.source;
            let mut reader = Reader::new(source, shequ_model::scenario::index(), self.reader.problems);
            reader.value(&path, value, &mut entries);
        }
        entries
    }

    /// The keys of a scenario in a table of `set` or `vary`, in quotes or as tables, with their values.
    pub fn scenario_keys<'v, 'i>(
        &mut self,
        within: &str,
        value: &'v Spanned<DeValue<'i>>,
    ) -> Vec<(String, &'v Spanned<DeValue<'i>>)> {
        let DeValue::Table(table) = value.get_ref() else {
            let message =
                both!("`{within}` must be a table of scenario keys", "`{within}` 必须是由情景的键组成的表");
            let problem = Problem::new(message).of(within).at(self.reader.place(value));
            self.wrong(problem.help(both!(
                "for example: \"council.selection\" = \"sortition\"",
                "例如：\"council.selection\" = \"sortition\""
            )));
            return Vec::new();
        };
        let mut found = Vec::new();
        self.walk("", table, &mut found);
        found
    }

    fn walk<'v, 'i>(
        &mut self,
        path: &str,
        table: &'v DeTable<'i>,
        found: &mut Vec<(String, &'v Spanned<DeValue<'i>>)>,
    ) {
        let index = shequ_model::scenario::index();
        for (name, value) in table {
            let written = shequ_model::scenario::index::join(path, name.get_ref());
            let place = Place::new(self.reader.source, name.span());
            let full = renamed::of_today(&written, &place, &mut self.notes);
            match value.get_ref() {
                _ if OURS.contains(&full) => {
                    let message = both!("`{full}` is set by the experiment", "`{full}` 由实验决定");
                    let problem = Problem::new(message).of(full).at(place);
                    self.wrong(problem.help(both!("write it at the top of this file", "请写在此文件的开头")));
                }
                _ if found.iter().any(|(path, _)| path == full) => {
                    self.wrong(renamed::by_both_names(full, place));
                }
                _ if index.key(full).is_some() => found.push((full.into(), value)),
                DeValue::Table(inner) if index.is_table(full) => self.walk(full, inner, found),
                _ => {
                    let unknown = shequ_model::scenario::draft::unknown(full, index, self.reader.problems);
                    self.wrong(unknown.at(place));
                }
            }
        }
    }

    fn arms(&mut self, table: &DeTable, kind: Kind) -> Option<Vec<Arm>> {
        let Some(value) = table.get("arm") else {
            if !kind.compares() {
                return Some(Vec::new());
            }
            let problem = Problem::new(both!(
                "this experiment has no arms to compare with its scenario",
                "此实验没有可与其情景比较的方案"
            ));
            self.wrong(problem.of("arm").help(both!(
                "write [[arm]] with a name and a scenario, values to set, or both",
                "请写 [[arm]]，给出名称，以及情景文件、所设取值或两者兼有"
            )));
            return None;
        };
        let DeValue::Array(items) = value.get_ref() else {
            let message = both!("`arm` must be a list of tables", "`arm` 必须是表的列表");
            let problem = self.about("arm", table, message);
            self.wrong(problem.help(both!(
                "write [[arm]], with two pairs of brackets, above each arm",
                "请在每个方案之上写 [[arm]]，用两对方括号"
            )));
            return None;
        };
        let set = table.get("set");
        let base = self.text("scenario");
        let arms: Vec<Option<Arm>> = items.iter().map(|item| self.arm(item, base.as_deref(), set)).collect();
        for (item, arm) in items.iter().zip(&arms) {
            let same =
                arms.iter().flatten().filter(|other| arm.as_ref().is_some_and(|a| a.name == other.name));
            if same.count() > 1 {
                let message = both!("another arm has the same name", "另有一个方案与此同名");
                let problem = Problem::new(message).of("arm").at(self.reader.place(item));
                self.wrong(
                    problem.help(both!("tables tell arms apart by their names", "各表以名称区分方案")),
                );
            }
        }
        arms.into_iter().collect()
    }

    fn arm(
        &mut self,
        item: &Spanned<DeValue>,
        base: Option<&str>,
        common: Option<&Spanned<DeValue>>,
    ) -> Option<Arm> {
        let DeValue::Table(table) = item.get_ref() else {
            let message = both!("each arm must be a table", "每个方案必须是一个表");
            self.wrong(Problem::new(message).of("arm").at(self.reader.place(item)));
            return None;
        };
        let mut entries = Vec::new();
        let own = Index::new(vec![arm_section()]);
        let source = self.reader.source;
        let mut reader = Reader::new(source, &own, self.reader.problems);
        reader.table("", table, &["set", WHERE], &mut entries);
        // None where something is wrong with it.
        let within = table.get(WHERE).map_or(Some(None), |value| reader.places(value).map(Some));
        let text = |key: &str| entries.iter().find(|e| e.path == key).and_then(|e| e.value.as_str());
        let name = text("name").filter(|name| !name.trim().is_empty());
        if name.is_none() && text("scenario").is_none() {
            let message = both!("this arm has no name", "此方案没有名称");
            let problem = Problem::new(message).of("arm").at(self.reader.place(item));
            self.wrong(problem.help(both!(
                "an arm without a name takes that of its scenario",
                "没有名称的方案取其情景的名称"
            )));
        }
        let is_like_the_base = text("scenario").is_none() && !table.contains_key("set");
        let unsolved = entries.iter().find(|entry| entry.path == "solve");
        if is_like_the_base && unsolved.is_none() {
            let message = both!("this arm does not differ from the base", "此方案与基准没有不同");
            let problem = Problem::new(message).of("arm").at(self.reader.place(item));
            self.wrong(problem.help(both!(
                "name a scenario, values to set, or both",
                "请指明情景文件、所设取值，或两者兼有"
            )));
        }
        let place = entries.iter().find(|e| e.path == "scenario").map(|e| e.place.clone());
        let path = text("scenario").or(base)?;
        let loaded = self.scenario(path, place, common, &self.overrides.set.clone())?;
        let own = table.get("set").map(|set| self.settings(set)).unwrap_or_default();
        match loaded.set(own).and_then(|loaded| Experiment::with_cities(loaded, self.kind)) {
            Ok(loaded) => {
                let scenario = &loaded.scenario;
                // A name of its own in one language is not joined by the scenario's in the other.
                let names = match (name, text("name_zh")) {
                    (None, None) => (scenario.name.clone(), scenario.name_zh.clone()),
                    (name, name_zh) => (name.unwrap_or(&scenario.name).into(), name_zh.unwrap_or("").into()),
                };
                let is_apart = |entry: &&Entry| entry.path == "parts" && entry.value.as_bool() == Some(true);
                let apart = entries.iter().find(is_apart).map(|entry| (names.0.clone(), entry.place.clone()));
                self.asked_apart.extend(apart);
                self.unsolved.extend(unsolved.map(|entry| (names.0.clone(), entry.clone())));
                Some(Arm { name: names.0, name_zh: names.1, loaded, within: within? })
            }
            Err(problems) => {
                self.reader.problems.0.extend(problems.0);
                None
            }
        }
    }

    fn design(&mut self, table: &DeTable, kind: Kind) -> Option<crate::design::Design> {
        if kind.varies() { vary::design(self, table, kind) } else { None }
    }
}

/// What an `[[arm]]` may say besides `set`.
fn arm_section() -> shequ_model::base::params::Section {
    use shequ_model::base::params::{Key, Section};
    Section {
        path: "",
        meaning: text("One policy to compare with the base.", "与基准比较的一个方案。"),
        keys: vec![
            Key::text("name", "").means(
                "Name of the arm, in English; that of its scenario if left out.",
                "方案的英文名称;缺省为其情景的名称。",
            ),
            Key::text("name_zh", "").means("Name of the arm, in Chinese.", "方案的中文名称。"),
            Key::text("scenario", "")
                .means("Path of its scenario; the base if left out.", "情景文件路径;缺省为基准。"),
            Key::text("set", "").means("Keys that it overrides.", "所修改的参数。"),
            Key::flag("parts", false).means(
                "Whether to find what the effect owes to each table that the arm changes or, of one table, to each key. For compare.",
                "是否求出效应应归于方案所改的哪个表；只改一个表时按参数。用于 compare。",
            ),
            Key::text("solve", "").means(
                "A key whose value is found by which the arm costs the budget.",
                "使该方案的成本等于预算的待求解参数。",
            ),
        ],
    }
}

fn listed_twice(name: &str) -> Both {
    both!("`{name}` is listed twice", "`{name}` 列出了两次")
}
