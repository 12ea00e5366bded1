//! An experiment at work: its rows, its name among results, and its runs from the first to the last.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::Value;

use super::calibrate::Calibration;
use super::checkpoint::{Checkpoints, Origin, Wanted};
use super::compare::costs;
use super::compare::retained::Kept;
use super::execute::{KeepGoing, RunOne, Stop, Work, Yield};
use super::file::{Experiment, Kind, resolved};
use super::followed;
use super::journal::{self, Expected, Index, Record};
use super::observer::{Extent, Nobody, Observer, Tell};
use super::outcome::Outcome;
use super::parts::orders::{Coalition, whole};
use super::plan::{Plan, Row, Run, Shard};
use super::posterior::Draws;
use super::prepare::RunCache;
use super::search::Search;
use crate::record::folder::{folder_name, hash};
use crate::record::manifest::cores;
use crate::replicates::{Replicates, half_width, half_width_of_effect};
use shequ_model::base::i18n::both;
use shequ_model::city::{Cities, population};
use shequ_model::metric;
use shequ_model::scenario::{Loaded, Scenario};
use shequ_model::simulation::ReplicateOutput;
use shequ_model::{theory, trust};

pub use crate::results::RunResults;

/// An experiment with its rows.
pub struct Study<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// Its rows. Of a comparison the base, the arms, and then coalitions of the parts of arms. Of a contest the same, each under every theory and,
    /// fastest, every trust rule. Of a calibration those of its first wave, of a search the base and the first generation. Else the rows of the design, each under
    /// the base and then every arm.
    pub rows: Vec<Row>,
    /// SHA-256, in hexadecimal, of all that its results depend on.
    pub hash: String,
}

/// How the runs of a study are carried out.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// Threads, at least 1.
    pub threads: usize,
    /// The part that is carried out here.
    pub shard: Shard,
    /// Months after which an unfinished run is saved each time, if it is.
    pub checkpoint_every: Option<u32>,
    /// Where cities at rest are kept, if they are.
    pub starts: Option<&'a Path>,
    /// Asked after every month of every run: true stops all.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Who follows it.
    pub observer: &'a dyn Observer,
}

impl Default for Settings<'_> {
    /// Everything, on as many threads as the machine has, without checkpoints, unwatched and to the end.
    fn default() -> Self {
        Settings {
            threads: cores(),
            shard: Shard::WHOLE,
            checkpoint_every: None,
            starts: None,
            stop: &|| false,
            observer: &Nobody,
        }
    }
}

impl<'a> Study<'a> {
    /// The study of `experiment`.
    pub fn new(experiment: &'a Experiment) -> Study<'a> {
        let rows = match experiment.kind {
            Kind::Compare => sides(experiment).into_iter().chain(coalitions(experiment)).collect(),
            Kind::Contest => contest(&sides(experiment), &experiment.base.theories()),
            Kind::Sweep | Kind::Sensitivity => design(experiment, &sides(experiment)),
            Kind::Calibrate => first_wave(experiment),
            Kind::Search => first_generation(experiment),
            Kind::Run => sides(experiment),
        };
        Study { hash: identity(experiment, &rows), rows, experiment }
    }

    /// Scenarios that each row of the design is run under: the base and the arms.
    pub fn sides(&self) -> usize {
        1 + self.experiment.arms.len()
    }

    /// The name of the base, 0, or of an arm.
    pub fn side_name(&self, side: usize) -> &str {
        let Experiment { base, arms, .. } = self.experiment;
        side.checked_sub(1).map_or(&base.scenario.name, |arm| &arms[arm].name)
    }

    /// The coalitions of bundle number `bundle` with their rows, the base and the arm among them.
    pub fn coalitions(&self, bundle: usize) -> Vec<(Coalition, usize)> {
        let bundles = &self.experiment.bundles;
        let before: usize = bundles[..bundle].iter().map(|bundle| bundle.coalitions.len()).sum();
        let bundle = &bundles[bundle];
        let own = bundle.coalitions.iter().map(|(coalition, _)| *coalition).zip(self.sides() + before..);
        [(0, 0), (whole(bundle.parts.len()), 1 + bundle.arm)].into_iter().chain(own).collect()
    }

    /// Which coalition row `row` of a comparison is: the arm, and its parts. `None` of the base and of an arm.
    pub fn coalition(&self, row: usize) -> Option<(&str, String)> {
        let mut all = self.experiment.bundles.iter().flat_map(|bundle| {
            let arm = &self.experiment.arms[bundle.arm].name;
            bundle.coalitions.iter().map(move |(coalition, _)| (arm.as_str(), bundle.named(*coalition)))
        });
        all.nth(row.checked_sub(self.sides())?)
    }

    /// Which row of the design, or combination of a contest, and which side row `row` of the study is.
    pub fn place(&self, row: usize) -> (usize, usize) {
        match self.experiment.kind.varies() {
            true => (row / self.sides(), row % self.sides()),
            false => (row % self.combinations(), row / self.combinations()),
        }
    }

    /// How often the base and every arm are rows: a contest has each under every theory and trust rule.
    pub fn combinations(&self) -> usize {
        match self.experiment.kind {
            Kind::Contest => self.experiment.base.theories().len() * trust::all().len(),
            _ => 1,
        }
    }

    /// The row that row `row` is compared with, unless it is itself one of the base's, or of a design.
    fn base_of(&self, row: usize) -> Option<usize> {
        let combinations = self.combinations();
        (!self.experiment.kind.varies() && row >= combinations).then_some(row % combinations)
    }

    /// What cities its rows are run in: each population that occurs, and whether replicates share its city.
    pub fn populations(&self) -> impl Iterator<Item = (population::Settings, Cities)> {
        self.rows.iter().map(|row| {
            let scenario = &row.base.scenario;
            let mut population = scenario.population.clone();
            for (key, value) in row.keys.iter().zip(row.values.iter()) {
                let number = || value.as_integer().and_then(|number| u32::try_from(number).ok());
                match (key.as_str(), number()) {
                    ("population.communities", Some(number)) => population.communities = number,
                    ("population.adults", Some(number)) => population.adults = number,
                    _ => {}
                }
            }
            (population, scenario.seed.cities)
        })
    }

    /// The name of its results folder.
    pub fn name(&self) -> String {
        folder_name(&self.experiment.name, &self.hash)
    }

    /// A stock of what the runs of `shard` have in common.
    pub fn cache(&self, shard: Shard) -> RunCache {
        let Experiment { kind, base, outcomes, calibration, search, .. } = self.experiment;
        if *kind == Kind::Run {
            let plan = self.first_plan();
            return RunCache::of_run(&base.scenario, plan.runs(shard).map(|run| run.replicate));
        }
        if let Some(calibration) = calibration {
            return RunCache::new(&calibration.watched(), true);
        }
        if let Some(search) = search {
            return RunCache::new(&search.watched(), true);
        }
        let mut watched: Vec<usize> = outcomes.iter().map(|outcome| outcome.index).collect();
        watched.extend(costs::watched().filter(|_| kind.compares()));
        match kind {
            Kind::Compare => RunCache::new(&watched, true).following(),
            // Gaps between groups are told under every theory.
            Kind::Contest => RunCache::new(&watched, true),
            _ => RunCache::new(&watched, false),
        }
    }

    /// Carries out what is missing in the journals of `folder`, until every row has the replicates that it needs.
    /// Unfinished runs go on from their checkpoints there.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn complete(&self, cache: &RunCache, folder: &Path, settings: &Settings) -> Result<RunResults, Stop> {
        let found = self.found(folder).map_err(Stop::Disk)?;
        self.complete_found(found, None, cache, folder, settings)
    }

    /// The same from what was `found` in `folder` before and, if it is given, by another way of carrying out a run.
    ///
    /// # Errors
    /// [`Stop`].
    pub(crate) fn complete_found(
        &self,
        found: RunResults,
        run_one: Option<&RunOne>,
        cache: &RunCache,
        folder: &Path,
        settings: &Settings,
    ) -> Result<RunResults, Stop> {
        let checkpoints = self.checkpoints(folder, settings);
        let own = |row: &Row, run: Run, keep_going: &KeepGoing| {
            self.run_one(cache, &checkpoints, row, run, keep_going)
        };
        self.complete_by(run_one.unwrap_or(&own), &checkpoints, found, folder, settings)
    }

    /// The same by another way of carrying out a run.
    ///
    /// # Errors
    /// [`Stop`].
    pub fn complete_with(
        &self,
        folder: &Path,
        settings: &Settings,
        run_one: &RunOne,
    ) -> Result<RunResults, Stop> {
        let found = self.found(folder).map_err(Stop::Disk)?;
        self.complete_by(run_one, &self.checkpoints(folder, settings), found, folder, settings)
    }

    fn complete_by(
        &self,
        run_one: &RunOne,
        checkpoints: &Checkpoints,
        mut result: RunResults,
        folder: &Path,
        settings: &Settings,
    ) -> Result<RunResults, Stop> {
        let Settings { threads, shard, stop, observer, .. } = *settings;
        let fits = self.fits();
        let expected = Expected { experiment: &self.hash, fits: &fits };
        let work = Work { expected, shard, threads, observer, checkpoints, run_one, stop };
        result.index.damage().into_iter().for_each(|words| observer.warn(words));
        let begun = self.begun(&result, checkpoints, shard)?;
        if begun > 0 {
            let Extent { months, months_before, .. } = self.extent(&result, shard);
            let done = months_before + begun;
            observer.tell(both!(
                "going on from {folder}: {done} of {months} months are done already",
                "从 {folder} 继续：{months} 个月中已完成 {done} 个月";
                folder = folder.display(), done = done, months = months
            ));
        }
        loop {
            let extent = self.extent(&result, shard);
            observer.begin(Extent { months_before: extent.months_before + begun, ..extent });
            let index = std::mem::take(&mut result.index);
            let index = work.complete(&result.plan, &result.rows, index, folder);
            observer.end();
            result.index = index?;
            if !self.grow(&mut result, &|words| observer.note(words())).map_err(Stop::Disk)? {
                return Ok(result);
            }
        }
    }

    fn checkpoints<'s>(&self, folder: &Path, settings: &Settings<'s>) -> Checkpoints<'s> {
        let observer = settings.observer;
        Checkpoints::new(folder, settings.checkpoint_every, Origin::of(&self.hash), move |trouble| {
            observer.warn(both!(
                "no checkpoint this time, the run goes on: {trouble}", "此次未能保存检查点，模拟继续：{trouble}";
                trouble = trouble.message()
            ));
        })
    }

    /// Months that unfinished runs of `shard` have behind them.
    fn begun(&self, result: &RunResults, checkpoints: &Checkpoints, shard: Shard) -> Result<u64, Stop> {
        let own: BTreeSet<Run> = match shard == Shard::WHOLE {
            true => BTreeSet::new(),
            false => result.plan.runs(shard).collect(),
        };
        let is_wanted = |run: Run| match result.index.has(run) {
            _ if shard != Shard::WHOLE && !own.contains(&run) => Wanted::Elsewhere,
            true => Wanted::No,
            false => Wanted::Yes,
        };
        checkpoints.check(&is_wanted).map_err(|(path, refusal)| Stop::Checkpoint(path, refusal))
    }

    /// How much there is to run of `shard`, and how much of it is finished.
    fn extent(&self, result: &RunResults, shard: Shard) -> Extent {
        let months: Vec<u64> = result.rows.iter().map(|row| u64::from(row.months())).collect();
        let mut extent = Extent::default();
        for run in result.plan.runs(shard) {
            let (months, is_finished) = (months[run.row as usize], result.index.has(run));
            extent.runs += 1;
            extent.months += months;
            extent.finished += u64::from(is_finished);
            extent.months_before += if is_finished { months } else { 0 };
        }
        Extent { failed: result.index.failed() as u64, ..extent }
    }

    /// What the journals in `folder` hold.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read.
    pub(crate) fn found(&self, folder: &Path) -> io::Result<RunResults> {
        Ok(self.gather(journal::files(folder)?)?.0)
    }

    /// What the journals `files` hold, without running anything; the second is the number of runs that are
    /// missing.
    ///
    /// # Errors
    /// An I/O error if a journal cannot be read or written.
    pub fn gather(&self, files: Vec<std::path::PathBuf>) -> io::Result<(RunResults, u64)> {
        let fits = self.fits();
        let index = Index::read(files, &Expected { experiment: &self.hash, fits: &fits })?;
        let waves = self.experiment.calibration.iter().map(Calibration::begin).collect();
        let candidates = self.experiment.search.iter().flat_map(Search::begin).collect();
        let (unit, plan) = (self.unit(), self.first_plan());
        let mut result = RunResults { index, plan, rows: self.rows.clone(), waves, candidates, unit };
        loop {
            let missing = result.missing();
            // Whether more are needed is asked of rows that are complete.
            if missing > 0 || !self.grow(&mut result, &|_| {})? {
                return Ok((result, missing));
            }
        }
    }

    /// True if what is run next depends on what was run before: waves of a calibration, generations of a search, a rule
    /// for replicates. Shards then wait for each other at the end of each round.
    pub fn has_rounds(&self) -> bool {
        let Experiment { replicates, calibration, search, .. } = self.experiment;
        calibration.is_some() || search.is_some() || matches!(replicates, Replicates::Until { .. })
    }

    /// The plan before anything is known of how many replicates are enough.
    pub fn first_plan(&self) -> Plan {
        // A rule for replicates looks at as many independent values with a posterior as without.
        let replicates = self.experiment.replicates;
        let first = replicates.first().saturating_mul(self.unit()).min(replicates.most());
        // Of a search as many independent values of every candidate.
        let first =
            if self.experiment.search.is_some() { first.next_multiple_of(self.unit()) } else { first };
        let mut plan = Plan::new(self.rows.len(), first);
        if let Some(calibration) = &self.experiment.calibration {
            plan.replicates = calibration.replicates(&calibration.begin(), first);
        }
        Plan { first: self.experiment.first_replicate, ..plan }
    }

    /// Replicates that count as one.
    pub fn unit(&self) -> u32 {
        self.experiment.posterior.as_ref().map_or(1, |posterior| posterior.unit())
    }

    /// One run, as far as it is kept.
    fn run_one(
        &self,
        cache: &RunCache,
        checkpoints: &Checkpoints,
        row: &Row,
        run: Run,
        keep_going: &KeepGoing,
    ) -> Option<Result<Yield, String>> {
        let prepared = match cache.row(run.row, row, run.replicate, keep_going) {
            Ok(prepared) => prepared,
            Err(message) => return Some(Err(message)),
        };
        let scenario = prepared.scenario.clone();
        let output = prepared.run_or_resume(run, checkpoints, keep_going)?;
        Some(match self.experiment.kind {
            Kind::Run => output.to_bytes().map_err(|cause| cause.to_string()).map(Yield::whole),
            Kind::Compare if (run.row as usize) < self.sides() => {
                let taken = self.taken_from(&output, &scenario);
                followed::kept(output).map(|output| Yield { output, ..taken })
            }
            _ => Ok(self.taken_from(&output, &scenario)),
        })
    }

    /// What is kept of a replicate: what is taken of it and, where a few scenarios are compared, what groups of
    /// residents and communities were like in each window, who sat on the councils, what it cost, and the outcomes of
    /// every month.
    fn taken_from(&self, output: &ReplicateOutput, scenario: &Scenario) -> Yield {
        let Experiment { windows, outcomes, kind, calibration, search, .. } = self.experiment;
        let figures = match (calibration, search) {
            (Some(calibration), _) => Some(calibration.figures(output, scenario)),
            (None, Some(search)) => Some(search.figures(output, scenario)),
            (None, None) => None,
        };
        if let Some(values) = figures {
            return Yield { values, ..Yield::default() };
        }
        let ranges: Vec<_> = windows.iter().map(|w| w.range(scenario.start, scenario.months)).collect();
        let mut values = Outcome::reduce_all(outcomes, output, &ranges);
        values.extend(Kept::of(self.experiment).into_iter().flat_map(|kept| kept.values(output, &ranges)));
        if kind.compares() {
            values.extend(costs::values(output, &ranges));
        }
        let months = output.monthly.chunks(metric::all().len()).filter(|_| kind.compares());
        let monthly = months.flat_map(|month| outcomes.iter().map(|o| month[o.index])).collect();
        Yield { values, monthly, output: Vec::new() }
    }

    /// Adds to the plan what is to be run after all that was: more replicates, or the next wave of a calibration or
    /// generation of a search, whose rows must all be there. True if there is anything; what is worth knowing is told.
    fn grow(&self, result: &mut RunResults, tell: &Tell) -> io::Result<bool> {
        if let Some(calibration) = &self.experiment.calibration {
            return Ok(result.missing() == 0
                && calibration.grow(
                    result,
                    &sides(self.experiment),
                    self.experiment.replicates.first(),
                    tell,
                )?);
        }
        if let Some(search) = &self.experiment.search {
            return Ok(result.missing() == 0 && search.grow(result, &sides(self.experiment)[0], tell)?);
        }
        let larger = self.grown(result)?;
        let grows = larger.is_some();
        result.plan = larger.unwrap_or_else(|| result.plan.clone());
        Ok(grows)
    }

    /// The plan with more replicates, if its rule asks for more of some row. Rows that are compared with one
    /// another use common random numbers, so all have as many as the one that needs most.
    fn grown(&self, result: &RunResults) -> io::Result<Option<Plan>> {
        let Replicates::Until { outcome, .. } = self.experiment.replicates else { return Ok(None) };
        if result.missing() > 0 {
            return Ok(None);
        }
        let at = self.experiment.outcomes.iter().position(|o| *o == outcome).unwrap_or(0);
        let mut records = result.index.records()?;
        let mut wanted = result.plan.replicates.clone();
        for (row, n) in wanted.iter_mut().enumerate() {
            let values = result.values(&mut records, row as u32, self.width())?;
            let base = match self.base_of(row) {
                Some(base) => Some(result.values(&mut records, base as u32, self.width())?),
                // What is compared counts, not what it is compared with.
                None if self.experiment.kind.compares() => continue,
                None => None,
            };
            let width = |window: usize| {
                let column = window * (self.width() / self.experiment.windows.len()) + at;
                let of =
                    |outputs: &[Vec<f64>]| outputs.iter().map(|output| output[column]).collect::<Vec<f64>>();
                match &base {
                    Some(base) => half_width_of_effect(&of(base), &of(&values), self.experiment.is_paired()),
                    None => half_width(&of(&values)),
                }
            };
            // NaN, no interval at all, is the widest.
            let widest =
                (0..self.experiment.windows.len()).map(|w| width(w).abs()).max_by(|a, b| a.total_cmp(b));
            *n = self.experiment.replicates.next(*n, widest.unwrap_or(f64::NAN)).unwrap_or(*n);
        }
        if self.experiment.kind != Kind::Sweep || self.sides() > 1 {
            let most = wanted.iter().copied().max().unwrap_or(0);
            wanted.fill(most);
        }
        let grows = wanted != result.plan.replicates;
        Ok(grows.then_some(Plan { replicates: wanted, first: result.plan.first }))
    }

    /// Outcomes of a replicate, the first of its values.
    pub fn width(&self) -> usize {
        self.experiment.windows.len() * self.experiment.outcomes.len()
    }

    /// Places of what was spent among the values of a replicate of a comparison or contest; without any of another
    /// kind.
    pub fn spent(&self) -> Range<usize> {
        let Experiment { kind, windows, .. } = self.experiment;
        let kept = Kept::of(self.experiment).map_or(0, |kept| kept.width());
        let from = self.width() + kept;
        from..from + if kind.compares() { costs::width(windows.len()) } else { 0 }
    }

    /// Says of a record whether it is of a row that there is, and holds what is kept of one: of a run everything that
    /// is recorded; else what [`Study::taken_from`] takes, which of a comparison is more than the outcomes, though
    /// [`RunResults::values`] can do without.
    fn fits(&self) -> impl Fn(&Record) -> bool + Sync + use<> {
        let Experiment { outcomes, kind, calibration, search, .. } = self.experiment;
        let targets = calibration.as_ref().map(|calibration| calibration.targets.len());
        let figures = targets.or(search.as_ref().map(|search| search.measures().len()));
        let values = [self.width(), self.spent().end];
        let months: Vec<usize> = self.rows.iter().map(|row| row.base.scenario.months as usize).collect();
        let (kind, width) = (*kind, outcomes.len());
        move |record| {
            if let Some(figures) = figures {
                let count = if record.failure.is_some() { 0 } else { figures };
                return record.values.len() == count && record.monthly.is_empty() && record.output.is_empty();
            }
            let Some(&months) = months.get(record.row as usize) else { return false };
            if record.failure.is_some() {
                return record.values.is_empty() && record.monthly.is_empty() && record.output.is_empty();
            }
            let monthly = if kind.compares() { months * width } else { 0 };
            let is_taken = values.contains(&record.values.len()) && record.monthly.len() == monthly;
            is_taken
                && match kind {
                    Kind::Run => is_whole(record, months),
                    Kind::Compare => record.output.is_empty() || followed::recorded(record).is_some(),
                    _ => record.output.is_empty(),
                }
        }
    }
}

/// True of a record of everything that a run of `months` months reports.
fn is_whole(record: &Record, months: usize) -> bool {
    followed::recorded(record).is_some_and(|output| output.monthly.len() == months * metric::all().len())
}

/// The row of a scenario.
fn row(experiment: &Experiment, loaded: &Loaded, file: &str) -> Row {
    let draws = experiment.posterior.as_ref().map(|known| Draws::of(known, &experiment.base, loaded));
    Row { draws, ..Row::plain(loaded, file) }
}

/// The base, then the arms.
fn sides(experiment: &Experiment) -> Vec<Row> {
    let arms = experiment.arms.iter().enumerate();
    let arms = arms.map(|(number, arm)| row(experiment, &arm.loaded, &Experiment::arm_file(number)));
    std::iter::once(row(experiment, &experiment.base, resolved::SCENARIO)).chain(arms).collect()
}

/// The coalitions of the parts of arms.
fn coalitions(experiment: &Experiment) -> impl Iterator<Item = Row> {
    let all = experiment.coalitions().enumerate();
    all.map(|(number, loaded)| row(experiment, loaded, &Experiment::coalition_file(number)))
}

/// The rows of the first wave of a calibration.
fn first_wave(experiment: &Experiment) -> Vec<Row> {
    let of = |calibration: &Calibration| calibration.rows(&calibration.begin(), &sides(experiment));
    experiment.calibration.as_ref().map(of).unwrap_or_default()
}

/// The base, and the first generation of a search.
fn first_generation(experiment: &Experiment) -> Vec<Row> {
    let Some(search) = &experiment.search else { return Vec::new() };
    let base = sides(experiment).remove(0);
    let candidates = search.rows(&search.begin(), &base);
    std::iter::once(base).chain(candidates).collect()
}

/// `sides` under each of the `theories` of participation and every rule of trust.
fn contest(sides: &[Row], theories: &[&'static theory::Entry]) -> Vec<Row> {
    let keys: Arc<[String]> = ["theory.participation", "theory.trust"].map(String::from).into();
    let mut rows = Vec::new();
    for side in sides {
        for theory in theories {
            let values = |rule: &trust::Entry| [theory.name.into(), rule.name.into()].into();
            let row = |rule| Row { keys: keys.clone(), values: values(rule), ..side.clone() };
            rows.extend(trust::all().iter().copied().map(row));
        }
    }
    rows
}

/// Every row of the design under each of the `sides`.
fn design(experiment: &Experiment, sides: &[Row]) -> Vec<Row> {
    let Some(design) = &experiment.design else { return Vec::new() };
    let keys: Arc<[String]> = experiment.varied_keys().into();
    let mut rows = Vec::new();
    for values in design.rows() {
        let values: Arc<[Value]> = values.into();
        let row = |side: &Row| Row { keys: keys.clone(), values: values.clone(), ..side.clone() };
        rows.extend(sides.iter().map(row));
    }
    rows
}

/// Everything that results depend on: the experiment, its scenarios, the rows and the model.
fn identity(experiment: &Experiment, rows: &[Row]) -> String {
    if experiment.kind == Kind::Run {
        return experiment.run_hash();
    }
    let mut parts =
        vec![shequ_model::VERSION.into(), experiment.resolved_toml(), experiment.base.canonical_toml()];
    parts.extend(experiment.arms.iter().map(|arm| arm.loaded.canonical_toml()));
    let text = |row: &Row| row.values.iter().map(|value| value.to_string()).collect::<Vec<_>>().join(",");
    parts.extend(rows.iter().map(text));
    parts.extend(experiment.posterior.iter().map(|posterior| posterior.text()));
    parts.extend(experiment.weights.iter().map(|weights| weights.text()));
    parts.extend(experiment.calibration.iter().map(|calibration| calibration.text.clone()));
    parts.extend(experiment.functions_in_words());
    hash(parts.iter().map(String::as_str))
}
