//! Bases, and what was run of them: kept between questions, so that a lever that moves costs the policy alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::question::Question;
use shequ_experiment::compare::{community, group};
use shequ_experiment::execute::KeepGoing;
use shequ_experiment::outcome::Outcome;
use shequ_experiment::plan::Row;
use shequ_experiment::prepare::RunCache;
use shequ_experiment::record::manifest::cores;
use shequ_model::base::i18n::both;
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::city::{Cities, table};
use shequ_model::metric;
use shequ_model::scenario::{Loaded, Scenario};
use shequ_model::simulation::ReplicateOutput;

/// Resident-months of a replicate of the small city, about: a tenth of a second of one processor.
const SMALL: u64 = 500_000;
/// Adults of a small community, at least, so that councils and groups of residents mean something.
const FEWEST: u32 = 200;
/// Resident-months of a replicate up to which a small city has all communities: half a second of one processor.
const MOST_SMALL: u64 = 4 * SMALL;
/// Communities at least where there are not all, so that they differ from each other.
const FEWEST_COMMUNITIES: usize = 12;
/// Adults of a city from which on its replicates are run one after the other, as two at a time would need too much
/// memory.
const LARGE: u64 = 2_000_000;
/// Replicates of a small city, at most: it is looked at while the asked one is on its way.
const QUICK: u32 = 12;
/// The file of a row, which nobody sees.
const FILE: &str = "scenario.toml";
/// Bases that are kept: two pages that look at two theories each, at two sizes.
const KEPT: usize = 8;

/// What is looked at beside the outcome that is asked for; money comes last.
pub const OUTCOMES: [&str; 10] = [
    "participation",
    "trust.committee",
    "trust.neighbours",
    "trust.local_government",
    "satisfaction",
    "awareness",
    "efficacy",
    "participation.gini",
    "staff.load",
    metric::costs::TOTAL,
];

/// A scenario that may be the base.
pub struct Base {
    /// Its file; `None` of the program's own.
    pub file: Option<PathBuf>,
    /// What was set for it on the command line, as `key=value`.
    pub options: Vec<String>,
    /// The scenario.
    pub loaded: Loaded,
}

/// How large a city is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Size {
    /// These communities alone, of so many adults in the mean: where even the small city takes long.
    Few(Vec<usize>, u32),
    /// Communities of so many adults in the mean, for a first answer.
    Small(u32),
    /// As the scenario says.
    Asked,
}

impl Size {
    /// The word by which a page knows it.
    pub fn word(&self) -> &'static str {
        match self {
            Size::Few(..) => "few",
            Size::Small(_) => "small",
            Size::Asked => "asked",
        }
    }
}

/// What was taken from a replicate.
pub struct Taken {
    /// `[month * outcomes + k]`, in the order of [`Runs::outcomes`].
    pub monthly: Vec<f64>,
    /// Means over the window, `[outcome]`.
    pub means: Vec<f64>,
    /// Means over the window by community, of the first outcome.
    pub communities: Vec<f64>,
    /// Means over the window by group, in the order of [`group::Cell::all`].
    pub groups: Vec<f64>,
}

/// A base at one size, and its replicates.
pub struct Runs {
    /// The base at this size.
    pub base: Loaded,
    /// What is taken, the outcome that is asked for first.
    pub outcomes: Vec<Outcome>,
    cells: Vec<community::Cell>,
    groups: usize,
    window: std::ops::Range<u32>,
    cache: RunCache,
    kept: Mutex<BTreeMap<u32, Arc<Taken>>>,
    /// Rows that were run in this cache, the base being row 0.
    rows: AtomicU32,
}

/// What tells one base from another: which, under which theory, at which size, and what is taken.
type Id = (usize, String, Size, String);

/// Everything that pages share.
pub struct Session {
    /// The scenarios of the command line.
    pub bases: Vec<Base>,
    runs: Mutex<Vec<(Id, Arc<Runs>)>>,
}

impl Base {
    /// A base whose replicates share one city, as those of a comparison do.
    ///
    /// # Errors
    /// None that a scenario which was loaded can give.
    pub fn new(file: Option<PathBuf>, options: &[String], loaded: Loaded) -> Result<Base, Problems> {
        let loaded = match loaded.scenario.seed.cities {
            Cities::Auto | Cities::Pairs => loaded.with(&["seed.cities=one".into()])?,
            Cities::One | Cities::Each => loaded,
        };
        Ok(Base { file, options: options.to_vec(), loaded })
    }
}

/// The sizes at which a question is looked at: a small city first where that is much quicker, and before it a few
/// communities where there are so many that even small ones take long.
pub fn sizes(question: &Question, loaded: &Loaded) -> Vec<Size> {
    let population = &loaded.scenario.population;
    let months = u64::from(loaded.scenario.months.max(1));
    let communities = u64::from(population.communities.max(1));
    let adults = (SMALL / (months * communities)).clamp(FEWEST.into(), u64::from(u32::MAX)) as u32;
    let mut sizes = vec![Size::Asked];
    if u64::from(adults) * 2 < mean_adults(loaded) {
        sizes.insert(0, Size::Small(adults));
    }
    let fewest = u64::from(FEWEST).min(mean_adults(loaded).max(1));
    let few = ((SMALL / (months * fewest)) as usize).max(FEWEST_COMMUNITIES);
    if communities * fewest * months > MOST_SMALL && few as u64 * 2 < communities {
        sizes.insert(0, Size::Few(sample(question, loaded, few), fewest as u32));
    }
    sizes
}

/// So many communities, from all parts of the table; half of them from those that were chosen one by one, if any were.
fn sample(question: &Question, loaded: &Loaded, wanted: usize) -> Vec<usize> {
    let population = &loaded.scenario.population;
    let count = population.communities as usize;
    let chosen: BTreeSet<usize> =
        question.areas().flat_map(|area| area.chosen(population.table.len())).collect();
    let (own, others): (Vec<usize>, Vec<usize>) = (0..count).partition(|n| chosen.contains(n));
    let of_own = if others.is_empty() { wanted } else { own.len().min(wanted / 2) };
    let mut kept = evenly(&own, of_own);
    kept.extend(evenly(&others, wanted - kept.len().min(wanted)));
    kept.sort_unstable();
    kept
}

/// `wanted` of `all`, in equal steps.
fn evenly(all: &[usize], wanted: usize) -> Vec<usize> {
    let wanted = wanted.min(all.len());
    (0..wanted).map(|n| all[n * all.len() / wanted]).collect()
}

/// How many replicates of a city are run side by side, and with how many threads each.
pub fn side_by_side(loaded: &Loaded) -> (usize, usize) {
    let is_large = loaded.scenario.population.all_adults() > LARGE;
    if is_large { (1, cores()) } else { (cores(), 1) }
}

/// A scenario as it is run.
pub fn row(loaded: &Loaded) -> Row {
    Row::plain(loaded, FILE)
}

/// Replicates at a size.
pub fn replicates(loaded: &Loaded, size: &Size) -> u32 {
    let asked = loaded.scenario.replicates.max(2);
    match size {
        Size::Asked => asked,
        Size::Small(_) => asked.min(QUICK),
        Size::Few(..) => QUICK,
    }
}

/// The scenario at a size.
fn at(loaded: &Loaded, size: &Size) -> Result<Loaded, Problems> {
    let is_table = !loaded.scenario.population.table.is_empty();
    match size {
        Size::Asked => Ok(loaded.clone()),
        Size::Small(adults) if is_table => smaller(loaded, *adults, None),
        Size::Small(adults) => loaded.with(&[format!("population.adults={adults}")]),
        Size::Few(kept, adults) if is_table => smaller(loaded, *adults, Some(kept)),
        Size::Few(kept, adults) => fewer(loaded, kept.len() as u32, *adults),
    }
}

/// The scenario with so many communities of so many adults, and streets and districts in the same proportion.
fn fewer(loaded: &Loaded, communities: u32, adults: u32) -> Result<Loaded, Problems> {
    let population = &loaded.scenario.population;
    let part = |all: u16| (u32::from(all) * communities / population.communities.max(1)).max(1);
    loaded.with(&[
        format!("population.communities={communities}"),
        format!("population.adults={adults}"),
        format!("population.streets={}", part(population.streets)),
        format!("population.districts={}", part(population.districts)),
    ])
}

/// Adults of a community in the mean.
fn mean_adults(loaded: &Loaded) -> u64 {
    let population = &loaded.scenario.population;
    population.all_adults() / u64::from(population.communities.max(1))
}

/// The scenario with every community of its table smaller by one factor, until one has `mean` adults in the mean; none
/// has fewer than councils and groups of residents need, or more than before. Of the communities those are left that
/// are `kept`, if not all.
fn smaller(loaded: &Loaded, mean: u32, kept: Option<&[usize]>) -> Result<Loaded, Problems> {
    let population = &loaded.scenario.population;
    let share = f64::from(mean) / mean_adults(loaded).max(1) as f64;
    let fewer = |adults: u32| ((f64::from(adults) * share) as u32).max(FEWEST.min(adults));
    let mut text: toml::Table = loaded.canonical_toml().parse().unwrap_or_default();
    let Some(written) = text.get_mut("population").and_then(|all| all.as_table_mut()) else {
        return Ok(loaded.clone());
    };
    let rows = written.get_mut("table").and_then(|all| all.as_array_mut());
    if let Some(rows) = rows {
        for (written, row) in rows.iter_mut().zip(&population.table) {
            let adults = fewer(row.adults.unwrap_or(population.adults));
            written.as_table_mut().map(|row| row.insert("adults".into(), i64::from(adults).into()));
        }
        if let Some(kept) = kept {
            *rows = kept.iter().filter_map(|n| rows.get(*n).cloned()).collect();
        }
    }
    if kept.is_some() {
        // The table says how many there are, as far as it knows.
        let named = |of: fn(&table::Row) -> bool| population.table.iter().any(of);
        written.remove("communities");
        if named(|row| row.street.is_some()) {
            written.remove("streets");
        }
        if named(|row| row.district.is_some()) {
            written.remove("districts");
        }
    }
    Scenario::from_text(FILE, &text.to_string(), &[])
}

impl Session {
    /// A session that may look at `bases`.
    pub fn new(bases: Vec<Base>) -> Session {
        Session { bases, runs: Mutex::default() }
    }

    /// The base of a question, as the command line named it.
    ///
    /// # Errors
    /// That there is none of that number.
    pub fn base(&self, question: &Question) -> Result<&Base, Problems> {
        self.bases.get(question.base).ok_or_else(|| {
            let message = both!("there is no scenario number {n}", "没有第 {n} 个情景"; n = question.base);
            Problem::new(message).into()
        })
    }

    /// The same under the theory of the question.
    ///
    /// # Errors
    /// That there is none of that number, or what is wrong with the theory.
    pub fn loaded(&self, question: &Question) -> Result<Loaded, Problems> {
        question.base(&self.base(question)?.loaded)
    }

    /// What is kept of `base`, which is [`Session::loaded`] of the question, at a size.
    ///
    /// # Errors
    /// What is wrong with a city of that size.
    pub fn runs(&self, question: &Question, base: &Loaded, size: Size) -> Result<Arc<Runs>, Problems> {
        let theory: String = question.theory.iter().map(|(key, value)| format!("{key}={value};")).collect();
        let window = question.window.range(base.scenario.start, base.scenario.months);
        let id = (question.base, theory, size, format!("{} {window:?}", question.outcome.name()));
        let mut all = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = match all.iter().position(|(known, _)| *known == id) {
            Some(place) => all.remove(place).1,
            None => Arc::new(Runs::new(at(base, &id.2)?, question.outcome, window)),
        };
        if all.len() == KEPT {
            all.remove(0);
        }
        all.push((id, runs.clone()));
        Ok(runs)
    }
}

impl Runs {
    fn new(base: Loaded, outcome: Outcome, window: std::ops::Range<u32>) -> Runs {
        let mut outcomes = vec![outcome];
        let others = OUTCOMES.iter().filter_map(|name| Outcome::named(name).ok());
        outcomes.extend(others.filter(|other| *other != outcome));
        let cells = community::Cell::all(base.scenario.population.communities, &outcomes[..1]);
        let watched: Vec<usize> = outcomes.iter().map(|outcome| outcome.index).collect();
        Runs {
            base,
            cells,
            groups: group::Cell::all().len(),
            window,
            cache: RunCache::new(&watched, true),
            kept: Mutex::default(),
            rows: AtomicU32::new(1),
            outcomes,
        }
    }

    /// A number under which a policy is run.
    pub fn number(&self) -> u32 {
        self.rows.fetch_add(1, Ordering::Relaxed)
    }

    /// True of a replicate of the base that has been run.
    pub fn is_kept(&self, replicate: u32) -> bool {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&replicate)
    }

    /// A replicate of the base, run when it is first asked for; `None` if it was stopped.
    pub fn base(&self, row: &Row, replicate: u32, keep_going: &KeepGoing) -> Option<Arc<Taken>> {
        let known = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = known().get(&replicate) {
            return Some(taken.clone());
        }
        let taken = Arc::new(self.run(0, row, replicate, keep_going)?);
        Some(known().entry(replicate).or_insert(taken).clone())
    }

    /// A replicate of a policy whose row has this number; `None` if it was stopped.
    pub fn run(&self, number: u32, row: &Row, replicate: u32, keep_going: &KeepGoing) -> Option<Taken> {
        // A scenario that was loaded contradicts itself no more.
        let (output, _) = self.cache.run(number, row, replicate, keep_going)?.ok()?;
        Some(self.take(&output))
    }

    fn take(&self, output: &ReplicateOutput) -> Taken {
        let width = metric::all().len();
        let month = |month: &[f64]| self.outcomes.iter().map(|o| month[o.index]).collect::<Vec<f64>>();
        Taken {
            monthly: output.monthly.chunks(width).flat_map(month).collect(),
            means: self.outcomes.iter().map(|o| o.reduce(output, self.window.clone())).collect(),
            communities: community::reduce(output, &self.window, &self.cells),
            groups: group::reduce(output, &self.window, self.groups),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_small_city_too_with_the_same_communities() {
        let text = "name = \"A\"\npopulation.table = [{ name = \"P\", adults = 3000 }, { name = \"Q\", adults = 9000 }, \
                    { name = \"R\", adults = 150 }]\n";
        let loaded = Scenario::from_text("a.toml", text, &[]).unwrap();
        let question = Question::of_address("").unwrap();
        assert!(matches!(sizes(&question, &loaded)[..], [Size::Small(_), Size::Asked]));
        // 12,150 adults in three communities: 405 is a tenth of their mean.
        let small = at(&loaded, &Size::Small(405)).unwrap();
        let rows: Vec<_> =
            small.scenario.population.table.iter().map(|row| (row.name.as_str(), row.adults)).collect();
        assert_eq!(rows, [("P", Some(300)), ("Q", Some(900)), ("R", Some(150))]);
        // Their mean, which stands for the whole city.
        assert_eq!(small.scenario.population.adults, 450);
        // Nothing else is other than it was.
        let others = |loaded: &Loaded| {
            let mut all: toml::Table = loaded.canonical_toml().parse().unwrap();
            all["population"].as_table_mut().unwrap().retain(|key, _| key != "table" && key != "adults");
            all
        };
        assert_eq!(others(&small), others(&loaded));
    }
    #[test]
    fn many_communities_are_a_few_first() {
        // As all of Chengdu: 120 months of 3,040 communities are 73 million resident-months of 200 adults each.
        let text = "name = \"A\"\nmonths = 120\npopulation.communities = 3040\npopulation.adults = 6000\n\
                    population.streets = 261\npopulation.districts = 23\n";
        let loaded = Scenario::from_text("a.toml", text, &[]).unwrap();
        let question = Question::of_address("").unwrap();
        let [few, Size::Small(200), Size::Asked] = &sizes(&question, &loaded)[..] else {
            panic!("three sizes")
        };
        let at_few = at(&loaded, few).unwrap();
        let population = &at_few.scenario.population;
        // Half a million resident-months are twenty communities of 200 adults in 120 months.
        assert_eq!((population.communities, population.adults), (20, 200));
        assert_eq!((population.streets, population.districts), (1, 1));
        assert_eq!(side_by_side(&loaded), (1, cores()));
        assert_eq!(side_by_side(&at_few), (cores(), 1));
        // A city that is small as it is has one size.
        let small = Scenario::from_text("a.toml", "name = \"A\"\npopulation.adults = 300\n", &[]).unwrap();
        assert_eq!(sizes(&question, &small), [Size::Asked]);
    }

    #[test]
    fn of_a_large_table_a_few_stay_with_those_that_were_chosen() {
        let rows: Vec<String> = (0..900)
            .map(|n| format!("{{ name = \"C{n}\", adults = 5000, street = \"S{}\" }}", n / 30))
            .collect();
        let text = format!("name = \"A\"\nmonths = 120\npopulation.table = [{}]\n", rows.join(", "));
        let loaded = Scenario::from_text("a.toml", &text, &[]).unwrap();
        let asked = "lever=outreach.phone%3D0.2&where=places%3D11,501";
        let question = Question::of_address(asked).unwrap();
        let few = sizes(&question, &loaded).remove(0);
        let Size::Few(kept, _) = &few else { panic!("{few:?}") };
        assert_eq!(kept.len(), 20);
        assert!(kept.contains(&10) && kept.contains(&500), "{kept:?}");
        assert!(kept[0] < 60 && kept[19] > 840, "from all parts of the table: {kept:?}");
        let session = Session::new(vec![Base::new(None, &[], loaded.clone()).unwrap()]);
        let runs = session.runs(&question, &loaded, few.clone()).unwrap();
        let policy = question.among(kept, 900).policy(&runs.base).unwrap();
        let within = policy.draft.changes[0].within.as_ref().unwrap().to_string();
        assert_eq!(within, "{ name = [\"C10\", \"C500\"] }");
        assert_eq!(runs.base.scenario.population.communities, 20);
    }
}
