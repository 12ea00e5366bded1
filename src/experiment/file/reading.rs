//! Reading an experiment file.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{SPECIAL, sections};
use super::{Arm, Experiment, Kind, Overrides, vary};
use crate::base::problem::{Place, Problem, Problems};
use crate::experiment::outcome::Outcome;
use crate::experiment::replicates::Replicates;
use crate::experiment::window::Window;
use crate::scenario::document::Entry;
use crate::scenario::index::Index;
use crate::scenario::reader::Reader;
use crate::scenario::{Loaded, Scenario, file};

/// Most replicates of a row, as of a scenario.
const MOST_REPLICATES: i64 = 100_000;

/// Keys of a scenario that the experiment decides on.
const OURS: [&str; 3] = ["name", "name_zh", "replicates"];

pub fn load(path: &Path, kind: Option<Kind>, overrides: &Overrides) -> Result<Experiment, Problems> {
    let source = file::read(path, &path.display().to_string())?;
    let (index, mut problems) = (Index::new(sections()), Problems::default());
    let reader = Reader { source: &source, index: &index, problems: &mut problems, in_change: false };
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut file = File { reader, folder, entries: Vec::new(), overrides };
    let experiment = match file.reader.parse() {
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
    overrides: &'a Overrides,
}

impl File<'_> {
    /// The experiment, or none where something is missing; more may be wrong with it.
    fn experiment(&mut self, table: &DeTable, wanted: Option<Kind>) -> Option<Experiment> {
        let mut entries = Vec::new();
        self.reader.table("", table, &SPECIAL, &mut entries);
        self.entries = entries;
        let kind = self.kind(table, wanted)?;
        let name = self.name();
        let outcomes = self.outcomes(table, kind);
        let windows = self.windows(table);
        let base = self.base(table);
        let arms = self.arms(table, kind);
        let design = self.design(table, kind);
        let replicates = self.replicates(table, base.as_ref());
        self.waits_for_an_outcome(table, replicates, outcomes.as_deref());
        let base = base?;
        self.windows_within(&windows, &base);
        let allow = self.entry("allow_unlike").and_then(|entry| entry.value.as_bool());
        let experiment = Experiment {
            kind,
            allow_unlike: self.overrides.allow_unlike || allow.unwrap_or(false),
            name: name?,
            name_zh: self.text("name_zh").unwrap_or_default(),
            base,
            arms: arms?,
            replicates: replicates?,
            outcomes: outcomes?,
            windows: windows.into_iter().map(|(window, _)| window).collect(),
            design: if kind.varies() { Some(design?) } else { None },
        };
        self.reader.problems.0.extend(experiment.problems().0);
        Some(experiment)
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

    /// A problem with a key of the top level, at its value or, where it is missing, without a place.
    fn about(&self, key: &str, table: &DeTable, message: String) -> Problem {
        let problem = Problem::new(message).of(key);
        match table.get(key) {
            Some(value) => problem.at(self.reader.place(value)),
            None => problem,
        }
    }

    fn kind(&mut self, table: &DeTable, wanted: Option<Kind>) -> Option<Kind> {
        let Some(given) = self.text("kind") else {
            if !table.contains_key("kind") {
                let problem = Problem::new("this file does not say what kind of experiment it is");
                let wanted = wanted.unwrap_or(Kind::Sweep);
                let scenarios = match wanted.varies() {
                    true => "",
                    false => "; of scenarios, name a base and at least one policy",
                };
                let help = format!("write kind = \"{}\" at its top{scenarios}", wanted.name());
                self.wrong(problem.of("kind").help(help));
            } else if table["kind"].get_ref().as_str() == Some("calibrate") {
                self.reader.problems.0.retain(|problem| problem.key.as_deref() != Some("kind"));
                let problem = self.about("kind", table, "`calibrate` is not built yet".into());
                self.wrong(
                    problem.allowed("this version compares, contests, sweeps and finds sensitivities"),
                );
            }
            return None;
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == given)?;
        if let Some(wanted) = wanted.filter(|wanted| *wanted != kind) {
            let message = format!("this is no experiment for `shequ {}`", wanted.name());
            let problem = self.about("kind", table, message);
            self.wrong(problem.help(format!("run it by `shequ {given}`")));
            return None;
        }
        for key in ["vary", "design"].iter().filter(|key| !kind.varies() && table.contains_key(**key)) {
            let problem = self.about(key, table, format!("[{key}] means nothing in this kind of experiment"));
            self.wrong(problem.help("it belongs to kind = \"sweep\" or \"sensitivity\""));
        }
        Some(kind)
    }

    fn name(&mut self) -> Option<String> {
        let name = self.text("name").filter(|name| !name.trim().is_empty());
        if name.is_none() && !self.reader.problems.concern("name") {
            let problem = Problem::new("this file does not say what the experiment is called").of("name");
            self.wrong(problem.help("results are kept under its name: name = \"How large a fund\""));
        }
        name
    }

    /// The texts of a value that is one text or a list of texts, each with its place.
    fn texts(&mut self, key: &str, value: &Spanned<DeValue>, allowed: &str) -> Vec<(String, Place)> {
        let mut texts = Vec::new();
        let mut one = |reader: &mut Reader, item: &Spanned<DeValue>| match item.get_ref() {
            DeValue::String(text) => texts.push((text.to_string(), reader.place(item))),
            _ => {
                let problem = Problem::new(format!("`{key}` must be text in quotes, or a list of such"));
                reader.wrong(problem.of(key).at(reader.place(item)).allowed(allowed));
            }
        };
        match value.get_ref() {
            DeValue::Array(items) if items.is_empty() => {
                let problem = Problem::new(format!("`{key}` lists nothing")).of(key);
                self.wrong(problem.at(self.reader.place(value)).allowed(allowed));
            }
            DeValue::Array(items) => items.iter().for_each(|item| one(&mut self.reader, item)),
            _ => one(&mut self.reader, value),
        }
        texts
    }

    fn outcomes(&mut self, table: &DeTable, kind: Kind) -> Option<Vec<Outcome>> {
        if !self.overrides.outcomes.is_empty() {
            return Some(self.overrides.outcomes.clone());
        }
        let Some(value) = table.get("outcomes") else { return Some(kind.outcomes()) };
        let mut outcomes = Vec::new();
        for (name, place) in self.texts("outcomes", value, "names of metrics, such as \"participation\"") {
            let problem = match Outcome::named(&name) {
                Ok(outcome) if !outcomes.contains(&outcome) => {
                    outcomes.push(outcome);
                    continue;
                }
                Ok(_) => format!("`{name}` is listed twice"),
                Err(what) => what,
            };
            self.wrong(Problem::new(problem).of("outcomes").at(place));
        }
        Some(outcomes)
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
                Ok(_) => self.wrong(Problem::new(format!("`{text}` is listed twice")).of("window").at(place)),
                Err(what) => {
                    let problem = Problem::new(format!("`window` {what}")).of("window").at(place);
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

    fn replicates(&mut self, table: &DeTable, base: Option<&Loaded>) -> Option<Replicates> {
        let given = table.get("replicates").map(|value| (value, self.replicates_of(value)));
        match (self.overrides.replicates, given) {
            (Some(n), _) => Some(Replicates::Fixed(n)),
            (None, None) => base.map(|base| Replicates::Fixed(base.scenario.replicates)),
            (None, Some((_, Ok(replicates)))) => Some(replicates),
            (None, Some((value, Err(what)))) => {
                let problem = Problem::new(what).of("replicates").at(self.reader.place(value));
                self.wrong(problem.allowed(format!(
                    "a whole number from 1 to {MOST_REPLICATES}, or {{ until = \"participation < 0.005\", max = 200 }}"
                )));
                None
            }
        }
    }

    /// Intervals are known of outcomes only.
    fn waits_for_an_outcome(
        &mut self,
        table: &DeTable,
        rule: Option<Replicates>,
        outcomes: Option<&[Outcome]>,
    ) {
        let (Some(Replicates::Until { outcome, .. }), Some(outcomes)) = (rule, outcomes) else { return };
        if !outcomes.contains(&outcome) {
            let message = format!("`until` waits for `{}`, which is not among the outcomes", outcome.name());
            let problem = self.about("replicates", table, message);
            self.wrong(problem.help("add it to `outcomes`, or wait for one of them"));
        }
    }

    fn replicates_of(&self, value: &Spanned<DeValue>) -> Result<Replicates, String> {
        match value.get_ref() {
            DeValue::Integer(n) => {
                count(n).map(Replicates::Fixed).ok_or("`replicates` is out of range".into())
            }
            DeValue::Table(rule) => {
                if let Some(other) =
                    rule.keys().find(|key| !["until", "max"].contains(&key.get_ref().as_ref()))
                {
                    return Err(format!("`replicates` does not know `{}`", other.get_ref()));
                }
                let until = rule.get("until").and_then(|v| v.get_ref().as_str());
                let until = until.ok_or("`replicates` has no `until`, a text in quotes")?;
                let max =
                    rule.get("max").ok_or("`replicates` has no `max`, after which to stop at any rate")?;
                let max = max.get_ref().as_integer().and_then(count).ok_or("`max` is out of range")?;
                Replicates::until(until, max).map_err(|what| format!("`until` {what}"))
            }
            _ => Err("`replicates` must be a whole number or a rule".into()),
        }
    }

    fn base(&mut self, table: &DeTable) -> Option<Loaded> {
        let Some(path) = self.text("scenario") else {
            if !table.contains_key("scenario") {
                let problem = Problem::new("this experiment names no scenario").of("scenario");
                self.wrong(problem.help("name the one that it starts from: scenario = \"../baseline.toml\""));
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
            Ok(loaded) => loaded.set(entries),
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
            let mut reader = Reader {
                source,
                index: crate::scenario::index(),
                problems: self.reader.problems,
                in_change: false,
            };
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
            let problem = Problem::new(format!("`{within}` must be a table of scenario keys")).of(within);
            self.wrong(
                problem
                    .at(self.reader.place(value))
                    .help("for example: \"council.selection\" = \"sortition\""),
            );
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
        let index = crate::scenario::index();
        for (name, value) in table {
            let full = crate::scenario::index::join(path, name.get_ref());
            let place = Place::new(self.reader.source, name.span());
            match value.get_ref() {
                _ if OURS.contains(&full.as_str()) => {
                    let problem = Problem::new(format!("`{full}` is decided by the experiment")).of(&full);
                    self.wrong(problem.at(place).help("give it at the top of this file"));
                }
                _ if index.key(&full).is_some() => found.push((full, value)),
                DeValue::Table(inner) if index.is_table(&full) => self.walk(&full, inner, found),
                _ => self.wrong(crate::scenario::draft::unknown(&full, index).at(place)),
            }
        }
    }

    fn arms(&mut self, table: &DeTable, kind: Kind) -> Option<Vec<Arm>> {
        let Some(value) = table.get("arm") else {
            if kind.varies() {
                return Some(Vec::new());
            }
            let problem = Problem::new("this experiment has no arms to compare with its scenario").of("arm");
            self.wrong(problem.help("write [[arm]] with a name and a scenario, values to set, or both"));
            return None;
        };
        let DeValue::Array(items) = value.get_ref() else {
            let problem = self.about("arm", table, "`arm` must be a list of tables".into());
            self.wrong(problem.help("write [[arm]], with two pairs of brackets, above each arm"));
            return None;
        };
        let set = table.get("set");
        let base = self.text("scenario");
        let arms: Vec<Option<Arm>> = items.iter().map(|item| self.arm(item, base.as_deref(), set)).collect();
        for (item, arm) in items.iter().zip(&arms) {
            let same =
                arms.iter().flatten().filter(|other| arm.as_ref().is_some_and(|a| a.name == other.name));
            if same.count() > 1 {
                let problem = Problem::new("another arm has the same name").of("arm");
                self.wrong(problem.at(self.reader.place(item)).help("tables tell arms apart by their names"));
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
            self.wrong(Problem::new("each arm must be a table").of("arm").at(self.reader.place(item)));
            return None;
        };
        let mut entries = Vec::new();
        let own = Index::new(vec![arm_section()]);
        let source = self.reader.source;
        let mut reader = Reader { source, index: &own, problems: self.reader.problems, in_change: false };
        reader.table("", table, &["set"], &mut entries);
        let text = |key: &str| entries.iter().find(|e| e.path == key).and_then(|e| e.value.as_str());
        let name = text("name").filter(|name| !name.trim().is_empty());
        if name.is_none() && text("scenario").is_none() {
            let problem = Problem::new("this arm has no name").of("arm").at(self.reader.place(item));
            self.wrong(problem.help("one that names a scenario takes its name, unless it has its own"));
        }
        if text("scenario").is_none() && !table.contains_key("set") {
            let problem = Problem::new("this arm does not differ from the base").of("arm");
            self.wrong(problem.at(self.reader.place(item)).help("name a scenario, values to set, or both"));
        }
        let place = entries.iter().find(|e| e.path == "scenario").map(|e| e.place.clone());
        let path = text("scenario").or(base)?;
        let loaded = self.scenario(path, place, common, &self.overrides.set.clone())?;
        let own = table.get("set").map(|set| self.settings(set)).unwrap_or_default();
        match loaded.set(own) {
            Ok(loaded) => {
                let scenario = &loaded.scenario;
                // A name of its own in one language is not joined by the scenario's in the other.
                let names = match (name, text("name_zh")) {
                    (None, None) => (scenario.name.clone(), scenario.name_zh.clone()),
                    (name, name_zh) => (name.unwrap_or(&scenario.name).into(), name_zh.unwrap_or("").into()),
                };
                Some(Arm { name: names.0, name_zh: names.1, loaded })
            }
            Err(problems) => {
                self.reader.problems.0.extend(problems.0);
                None
            }
        }
    }

    fn design(&mut self, table: &DeTable, kind: Kind) -> Option<crate::experiment::design::Design> {
        if kind.varies() { vary::design(self, table, kind) } else { None }
    }
}

/// What an `[[arm]]` may say besides `set`.
fn arm_section() -> crate::base::about::Section {
    use crate::base::about::{Key, Section, text};
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
            Key::text("set", "").means("Keys that it gives other values.", "所修改的参数。"),
        ],
    }
}

fn count(n: &toml::de::DeInteger) -> Option<u32> {
    let n = i64::from_str_radix(n.as_str(), n.radix()).ok()?;
    (1..=MOST_REPLICATES).contains(&n).then_some(n as u32)
}
