//! What is found becomes a results folder.

use std::io::{self, Write};
use std::path::Path;

use super::clock::Clock;
use super::{Failure, Finished, Options};
use crate::file::Kind;
use crate::findings::Findings;
use crate::observer::Observer;
use crate::record::folder::Draft;
use crate::record::manifest::{Function, Machine, Manifest, Program, Seeds};
use crate::record::package::{self, PACKAGE};
use crate::record::table::{Form, Table};
use crate::study::{RunResults, Study};
use crate::workplace::{self, Workplace};
use shequ_model::base::i18n::{Both, both};

/// Adds to results in the making what is no table: pictures, a page for readers.
pub trait Extras: Sync {
    /// Adds it to the draft, which has its tables. What `is_stopped` says is heard between one file and the next.
    ///
    /// # Errors
    /// [`Failure`]; then no folder is made.
    fn add(&self, draft: &mut Draft, made: &Made) -> Result<(), Failure>;

    /// Adds to the results in `folder`, which are there already, what they were kept without because it could not be
    /// made then. If it cannot be made now, `observer` is told.
    fn complete(&self, folder: &Path, manifest: &Manifest, observer: &dyn Observer);
}

/// Results in the making, as [`Extras`] see them.
pub struct Made<'a> {
    /// The experiment.
    pub study: &'a Study<'a>,
    /// What was found.
    pub findings: &'a Findings,
    /// What they are, but for the list of their files.
    pub manifest: &'a Manifest,
    /// Who is told of faults.
    pub observer: &'a dyn Observer,
    /// True once somebody asked to stop.
    pub is_stopped: &'a (dyn Fn() -> bool + Sync),
}

/// Writes the results of a study whose runs are all there, and removes the folders of its work.
pub(super) fn finish(
    study: &Study,
    result: &RunResults,
    findings: Findings,
    options: &Options,
    clock: &Clock,
    work: Vec<Workplace>,
) -> Result<Finished, Failure> {
    let Options { out, forms, only, force, settings, extras, .. } = options;
    let mut draft = Draft::begin(out, &study.name(), *force)?;
    // As the first process wrote them, with the origin of every value.
    for name in workplace::description(study) {
        draft.write_bytes(&name, &work[0].text(&name)?)?;
    }
    findings.with_tables(study, result, |tables| {
        let is_asked = |table: &Table| only.is_empty() || only.iter().any(|name| name == table.name);
        draft.write_tables(tables.iter().filter(|table| is_asked(table)), forms)?;
        only.iter().filter(|name| tables.iter().all(|table| table.name != *name)).for_each(|name| {
            settings.observer.warn(both!("these results have no table {name}", "这些结果中没有表格 {name}"));
        });
        let first = |table: &Table| table.forms(forms).first().copied().filter(|_| is_asked(table));
        draft.write(PACKAGE, |to| write_package(study, tables, &first, to))
    })?;
    let manifest = manifest(study, result, options, clock, &work);
    if let Some(extras) = extras {
        let (observer, is_stopped) = (settings.observer, settings.stop);
        extras.add(
            &mut draft,
            &Made { study, findings: &findings, manifest: &manifest, observer, is_stopped },
        )?;
    }
    if (settings.stop)() {
        return Err(Failure::Stopped);
    }
    let folder = draft.finish(manifest)?;
    for work in work {
        // The results are there; what is left of the work is worth a word, but no error.
        if let Err(trouble) = work.retire() {
            settings.observer.warn(trouble.message());
        }
    }
    Ok(Finished::Made { folder, findings, runs: result.index.counts() })
}

/// Writes what the tables of a study's results are: each in the form that `form_of` says, if it is there, and those by
/// which it is run again.
///
/// # Errors
/// An I/O error if it cannot be written.
pub fn write_package(
    study: &Study,
    tables: &[Table],
    form_of: &dyn Fn(&Table) -> Option<Form>,
    to: &mut impl Write,
) -> io::Result<()> {
    // These are CSV whatever the results are, as experiment files read them.
    let given = workplace::tables(study);
    let given = given.iter().map(|table| (table, Form::Csv));
    let own = tables.iter().filter_map(|table| Some((table, form_of(table)?)));
    let all: Vec<_> = own.chain(given).collect();
    let title = Both::name(&study.experiment.name, &study.experiment.name_zh);
    package::write(&study.name(), &title, &all, to)
}

fn manifest(
    study: &Study,
    result: &RunResults,
    options: &Options,
    clock: &Clock,
    work: &[Workplace],
) -> Manifest {
    let (started, ended, seconds) = clock.stop();
    let experiment = study.experiment;
    let seed = experiment.base.scenario.seed;
    Manifest {
        program: Program::this(),
        scenario_hash: study.hash.clone(),
        scenario: experiment.name.clone(),
        seeds: Seeds { city: seed.city, replicates: seed.replicates },
        replicates: experiment.replicates.most(),
        first_replicate: experiment.first_replicate,
        threads: options.settings.threads,
        machine: Machine::this(),
        started,
        ended,
        seconds,
        arguments: options.arguments.clone(),
        runs: (experiment.kind != Kind::Run).then(|| result.index.counts()),
        // Few digits, which are read again as they were written.
        core_hours: Some((result.index.core_seconds / 3600.0 * 1e6).round() / 1e6),
        work: work.iter().map(|work| work.folder().id().into()).collect(),
        only: options.only.clone(),
        functions: experiment.functions().iter().map(|function| Function::of(function)).collect(),
        changed: false,
        files: Vec::new(),
        replacing: Vec::new(),
        is_sealed: true,
    }
}
