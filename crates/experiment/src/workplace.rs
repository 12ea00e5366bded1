//! The folder of an experiment that is under way, `NAME-ID.partial`.
//!
//! It holds a ledger, the files that say what the experiment is, a journal for each shard, checkpoints of unfinished
//! runs, and locks. The ledger tells it from everything else that may have such a name; the program works in it, and
//! removes it, only while it holds nothing else.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::checkpoint;
use super::file::{Experiment, Kind, resolved};
use super::journal;
use super::lock::{self, Lock};
use super::plan::{Plan, Run, Shard};
use super::study::Study;
use super::sweep;
use crate::record::disk::Dir;
use crate::record::disk::listing::Findings;
use crate::record::disk::stage::{self, LEDGER, Ledger, Stage};
use crate::record::folder::Trouble;
use crate::record::table::{Form, Table};
use shequ_model::base::i18n::{Both, both, errors};
use shequ_model::base::params::{Text, text};

/// What the ledger says that the folder is.
const KIND: &str = "experiment";
/// How the name of the folder ends.
const PARTIAL: &str = ".partial";

const CREATE: Text = text("create", "建立");
const READ: Text = text("read", "读取");
const REMOVE: Text = text("remove", "删除");

/// Why a process may not work in a folder.
#[derive(Debug)]
pub enum Barred {
    /// It is no folder of an experiment that is under way.
    NotOne(PathBuf),
    /// It is that of another one.
    Another(PathBuf),
    /// Another process works in it.
    Busy(PathBuf, Both),
    /// It is not as it was written, or the disk refuses.
    Trouble(Trouble),
}

impl From<Trouble> for Barred {
    fn from(trouble: Trouble) -> Barred {
        Barred::Trouble(trouble)
    }
}

impl Barred {
    /// What is told of it.
    pub fn message(&self) -> Both {
        match self {
            Barred::NotOne(path) => both!(
                "{path} is not a folder of an experiment under way: {LEDGER} is missing",
                "{path} 不是进行中的实验的文件夹：缺少 {LEDGER}"; path = path.display()
            ),
            Barred::Another(path) => {
                both!("{path} is of another experiment", "{path} 属于另一个实验"; path = path.display())
            }
            Barred::Busy(path, why) => {
                both!("{path}: {why}", "{path}：{why}"; path = path.display(), why = *why)
            }
            Barred::Trouble(trouble) => trouble.message(),
        }
    }
}

errors!(Barred);

/// A folder of an experiment under way, looked at and found to be as this program wrote it.
#[derive(Debug)]
pub struct Underway {
    dir: Dir,
    ledger: Ledger,
}

/// The same, held by this process.
#[derive(Debug)]
pub struct Workplace {
    folder: Underway,
    lock: Lock,
}

/// The name of the folder of the study whose results folder is called `name`.
pub fn name(name: &str) -> String {
    format!("{name}{PARTIAL}")
}

/// The name of the results folder, if `folder` is called like one that is under way; else its own.
pub fn results_name(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.strip_suffix(PARTIAL).unwrap_or(&name).to_string()
}

impl Underway {
    /// The folder of `study` in `out`, which is made if need be.
    ///
    /// # Errors
    /// As [`Underway::open`].
    pub fn make(study: &Study, out: &Path) -> Result<Underway, Barred> {
        let (dir, name) = (Dir::make(out).map_err(Trouble::out(CREATE, out))?, name(&study.name()));
        let path = out.join(&name);
        if !dir.has(&name) {
            make(study, dir, &name).map_err(Trouble::out(CREATE, &path))?;
        }
        Underway::of(study, &path)
    }

    /// The folder of `study` at `path`.
    ///
    /// # Errors
    /// As [`Underway::open`], or that it is of another experiment.
    pub fn of(study: &Study, path: &Path) -> Result<Underway, Barred> {
        let folder = Underway::open(path)?;
        match folder.experiment() == study.hash {
            true => Ok(folder),
            false => Err(Barred::Another(path.into())),
        }
    }

    /// Looks at `path`.
    ///
    /// # Errors
    /// [`Barred`], but never that another process works there.
    pub fn open(path: &Path) -> Result<Underway, Barred> {
        let not_one = |_| Barred::NotOne(path.into());
        let dir = Dir::open_own(path).map_err(not_one)?;
        let ledger = Ledger::read(&dir).filter(|ledger| ledger.about.shequ == KIND);
        let ledger = ledger.ok_or_else(|| Barred::NotOne(path.into()))?;
        let folder = Underway { dir, ledger };
        let findings = folder.check().map_err(Trouble::disk(READ, path))?;
        match findings == Findings::default() {
            true => Ok(folder),
            false => Err(Trouble::Changed(path.into(), findings).into()),
        }
    }

    fn check(&self) -> io::Result<Findings> {
        let mut findings = self.ledger.files.check(&self.dir, &[LEDGER])?;
        let mut foreign = Vec::new();
        for name in findings.foreign {
            let of = &self.ledger.about.of;
            let is_own = lock::is_one(&name) && self.dir.length(&name) == Some(0)
                || journal::is_of(&self.dir, &name, of).unwrap_or(false)
                || checkpoint::is_of(&self.dir, &name, of).unwrap_or(false);
            // A checkpoint is gone as soon as its run is finished, which another shard may have done just now.
            let is_gone = checkpoint::run_of(&name).is_some() && !self.dir.has(&name);
            if !is_own && !is_gone {
                foreign.push(name);
            }
        }
        findings.foreign = foreign;
        // What the folder is about to be removed with may be gone already.
        let is_expected = |name: &String| {
            journal::shard_of(name).is_none() && checkpoint::run_of(name).is_none() && !lock::is_one(name)
        };
        findings.missing.retain(is_expected);
        Ok(findings)
    }

    /// Hash of the experiment.
    pub fn experiment(&self) -> &str {
        &self.ledger.about.of
    }

    /// Stands for this folder alone.
    pub fn id(&self) -> &str {
        &self.ledger.about.id
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The journals in it.
    ///
    /// # Errors
    /// An I/O error.
    pub fn journals(&self) -> io::Result<Vec<PathBuf>> {
        journal::files(self.path())
    }

    /// Those of `shards` on which a process works, as far as that can be known from here.
    ///
    /// # Errors
    /// An I/O error.
    pub fn running(&self, shards: impl Iterator<Item = Shard>) -> io::Result<Vec<Shard>> {
        lock::running(&self.dir, shards, &lock::by_system)
    }

    /// What is said of files that stand in for locks of other computers.
    ///
    /// # Errors
    /// An I/O error.
    pub fn elsewhere(&self) -> io::Result<Vec<Both>> {
        lock::elsewhere(&self.dir)
    }

    /// Takes it for `shard`.
    ///
    /// # Errors
    /// [`Barred`].
    pub fn take(self, shard: Shard) -> Result<Workplace, Barred> {
        match lock::lock(&self.dir, shard, &lock::by_system) {
            Ok(Ok(lock)) => Ok(Workplace { folder: self, lock }),
            Ok(Err(why)) => Err(Barred::Busy(self.path().into(), why)),
            Err(cause) => Err(Trouble::disk(text("lock", "锁定"), self.path())(cause).into()),
        }
    }
}

impl Workplace {
    /// The folder of `study` in `out`, taken for `shard`; it is made if need be.
    ///
    /// # Errors
    /// [`Barred`].
    pub fn open(study: &Study, out: &Path, shard: Shard) -> Result<Workplace, Barred> {
        Underway::make(study, out)?.take(shard)
    }

    /// The folder.
    pub fn folder(&self) -> &Underway {
        &self.folder
    }

    /// What is said where a file stands in for a lock that the file system does not know.
    pub fn note(&self) -> Option<Both> {
        match &self.lock {
            Lock::Files(_) => None,
            Lock::Claim(dir, name) => Some(both!(
                "this file system knows no locks; {path} stands in for one",
                "此文件系统不支持锁；以 {path} 代替"; path = dir.path().join(name).display()
            )),
        }
    }

    /// The bytes of a file that says what the experiment is.
    ///
    /// # Errors
    /// [`Trouble::Disk`].
    pub fn text(&self, name: &str) -> Result<Vec<u8>, Trouble> {
        self.folder.dir.text(name).map_err(Trouble::disk(READ, &self.folder.path().join(name)))
    }

    /// Removes what `shard` has run of `plan`; everything is all that there is.
    ///
    /// # Errors
    /// [`Trouble::Disk`].
    pub fn forget(&self, shard: Shard, plan: &Plan) -> Result<(), Trouble> {
        let (dir, own) = (&self.folder.dir, journal::name(shard));
        let is_all = shard == Shard::WHOLE;
        let forgotten = journal::names(dir).and_then(|names| {
            let meant = names.iter().filter(|name| is_all || **name == own);
            meant.into_iter().try_for_each(|name| dir.remove(name))?;
            let runs: BTreeSet<Run> = plan.runs(shard).collect();
            checkpoint::forget(dir, &|run| is_all || runs.contains(&run))
        });
        forgotten.map_err(Trouble::disk(REMOVE, self.folder.path()))
    }

    /// Removes the folder, whose experiment has its results. First it loses its name, so that no half of it is
    /// ever taken for the whole, and if its process dies then, the next one knows what to remove.
    ///
    /// # Errors
    /// [`Trouble::Changed`] if somebody put something into it by now, or [`Trouble::Disk`].
    pub fn retire(self) -> Result<(), Trouble> {
        let Workplace { folder: Underway { dir, mut ledger }, lock } = self;
        let path = dir.path().to_path_buf();
        // What stays of it is told by the check.
        stage::clear_locked(&dir, checkpoint::WRITING);
        let findings = Underway { dir, ledger: ledger.clone() };
        let (findings, dir) = (findings.check(), findings.dir);
        let findings = findings.map_err(Trouble::disk(READ, &path))?;
        if !findings.is_ours() {
            return Err(Trouble::Changed(path, findings));
        }
        let removed = (|| {
            let mut list = dir.append(LEDGER)?;
            for name in dir.names()?.iter().filter_map(|name| name.to_str()) {
                if name != LEDGER && !ledger.files.0.contains_key(name) && !stage::is_one(name) {
                    list.write_all(&stage::begun(name)?)?;
                    ledger.files.0.insert(name.into(), Vec::new());
                }
            }
            let parent = Dir::open(path.parent().unwrap_or(Path::new("")))?;
            let own = path.file_name().and_then(|name| name.to_str()).ok_or(ErrorKind::InvalidFilename)?;
            let aside = stage::fresh(&results_name(&path));
            parent.rename_new(own, &parent, &aside)?;
            drop(lock);
            ledger.files.remove(&parent, &aside, LEDGER)
        })();
        removed.map_err(Trouble::disk(REMOVE, &path))
    }
}

/// Makes the folder, whole, under its name; another process may be faster.
fn make(study: &Study, out: Dir, name: &str) -> io::Result<()> {
    let mut stage = Stage::begin(out, &study.name(), KIND, &study.hash)?;
    for (file, bytes) in describe(study)? {
        stage.write(&file, |to| to.write_all(&bytes))?;
    }
    stage.settle()?;
    match stage.give_name(name) {
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty) => {
            Ok(())
        }
        outcome => outcome,
    }
}

/// The files that say what the experiment is, each with what it holds.
fn describe(study: &Study) -> io::Result<Vec<(String, Vec<u8>)>> {
    let experiment = study.experiment;
    let mut files = vec![
        (resolved::EXPERIMENT.to_string(), experiment.resolved_toml().into_bytes()),
        (resolved::SCENARIO.to_string(), experiment.base.resolved_toml().into_bytes()),
    ];
    let arms = experiment.arms.iter().enumerate();
    files.extend(arms.map(|(n, arm)| (Experiment::arm_file(n), arm.loaded.resolved_toml().into_bytes())));
    let coalitions = experiment.coalitions().enumerate();
    files.extend(
        coalitions.map(|(n, loaded)| (Experiment::coalition_file(n), loaded.resolved_toml().into_bytes())),
    );
    if let Some(calibration) = &experiment.calibration {
        files.push((resolved::TARGETS.to_string(), calibration.text.clone().into_bytes()));
    }
    for table in tables(study) {
        let mut bytes = Vec::new();
        table.write(Form::Csv, &mut bytes)?;
        files.push((table.file(Form::Csv), bytes));
    }
    Ok(files)
}

/// The tables among them, but for the targets, which stay as the user wrote them.
pub fn tables<'a>(study: &'a Study) -> Vec<Table<'a>> {
    let Experiment { design, posterior, weights, .. } = study.experiment;
    let design = design.as_ref().map(|_| sweep::design(study));
    let posterior = posterior.as_ref().map(|posterior| posterior.table());
    let weights = weights.as_ref().map(|weights| weights.table());
    [design, posterior, weights].into_iter().flatten().collect()
}

/// The names of those of the files that say what the experiment is which its results hold too.
pub fn description(study: &Study) -> Vec<String> {
    let arms = (0..study.experiment.arms.len()).map(Experiment::arm_file);
    let head: &[&str] = match study.experiment.kind {
        Kind::Run => &[resolved::SCENARIO],
        _ => &[resolved::EXPERIMENT, resolved::SCENARIO],
    };
    let head = head.iter().map(|name| name.to_string());
    let Experiment { design, calibration, posterior, weights, .. } = study.experiment;
    let tables = [
        (resolved::DESIGN, design.is_some()),
        (resolved::TARGETS, calibration.is_some()),
        (resolved::POSTERIOR, posterior.is_some()),
        (resolved::WEIGHTS, weights.is_some()),
    ];
    let tables = tables.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name.to_string());
    let coalitions = (0..study.experiment.coalitions().count()).map(Experiment::coalition_file);
    head.chain(arms).chain(coalitions).chain(tables).collect()
}
