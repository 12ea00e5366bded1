//! Checkpoints of unfinished runs: for each one file in the folder under way, from which it goes on as if it had
//! never stopped.
//!
//! A file is a line of JSON, the state of the replicate as the model wrote it, and the SHA-256 of both. It replaces
//! the one before only once it is on the disk, so that whatever happens, one of the two is whole. It is removed when
//! the run is in the journal.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::plan::Run;
use crate::record::disk::Dir;
use crate::record::disk::seal::{self, Sealing};
use crate::record::disk::stage::{self, Stage};
use crate::record::folder::{Trouble, hash};
use crate::record::manifest::Program;
use shequ_model::base::i18n::{Both, both, errors, reason};
use shequ_model::base::params::text;
use shequ_model::simulation::checkpoint::layout;

/// What the folder is called after in which a checkpoint is written.
pub const WRITING: &str = "checkpoint";

/// Bytes that the first line of a file has at most.
const LONGEST_HEADER: u64 = 4096;

/// What a checkpoint belongs to; one of anything else is not gone on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The program that wrote it.
    pub program: Program,
    /// Stands for what the program remembers of a run, and how it lays that out.
    pub layout: String,
    /// Hash of the experiment.
    pub experiment: String,
}

impl Origin {
    /// Those that this program writes of an experiment with this hash.
    pub fn of(experiment: &str) -> Origin {
        Origin {
            program: Program::this(),
            layout: hash(layout().iter().map(String::as_str)),
            experiment: experiment.into(),
        }
    }
}

/// The first line of a file.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    origin: Origin,
    row: u32,
    replicate: u32,
    /// Months run.
    month: u32,
}

impl Header {
    fn run(&self) -> Run {
        Run { row: self.row, replicate: self.replicate }
    }
}

/// Why a checkpoint is not gone on from.
#[derive(Debug)]
pub enum Refusal {
    /// The disk refused.
    Disk(io::Error),
    /// Its bytes are not those that were written.
    Damaged,
    /// Another program wrote it, or the same one in another version.
    Program {
        /// Name of the program.
        name: String,
        /// Its version.
        version: String,
        /// The commit that it was built from.
        commit: String,
    },
    /// It is of another scenario, of other seeds or of another replicate.
    Scenario,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        Refusal::Disk(error)
    }
}

impl Refusal {
    /// What is told of it.
    pub fn message(&self) -> Both {
        match self {
            Refusal::Disk(error) => reason(error),
            Refusal::Damaged => both!("it is damaged", "文件已损坏"),
            Refusal::Program { name, version, commit } => both!(
                "it was written by another version: {name} {version} ({commit})",
                "由另一版本写出：{name} {version}（{commit}）"
            ),
            Refusal::Scenario => both!("it belongs to another scenario", "属于另一个情景"),
        }
    }
}

errors!(Refusal);

/// The checkpoints of an experiment under way.
pub struct Checkpoints<'a> {
    folder: PathBuf,
    every: Option<u32>,
    origin: Origin,
    warn: Box<dyn Fn(Trouble) + Sync + 'a>,
    own: Mutex<Own>,
}

/// What this process knows to be its own.
#[derive(Default)]
struct Own {
    /// Where checkpoints are written before they get their names; none before the first.
    stage: Option<Stage>,
    /// Runs whose checkpoints it wrote, or read to the last byte.
    runs: BTreeSet<Run>,
}

impl<'a> Checkpoints<'a> {
    /// Checkpoints in `folder`, after every so many months, if any are to be written. `warn` is told where one cannot
    /// be; the run goes on.
    pub fn new(
        folder: &Path,
        every: Option<u32>,
        origin: Origin,
        warn: impl Fn(Trouble) + Sync + 'a,
    ) -> Checkpoints<'a> {
        Checkpoints { folder: folder.into(), every, origin, warn: Box::new(warn), own: Mutex::default() }
    }

    /// True if a run of which `month` months are done, and which `ends` before it is whole, is to be saved.
    pub fn is_due(&self, month: u32, ends: bool) -> bool {
        self.every.is_some_and(|every| ends || month % every == 0)
    }

    /// Reads every byte of those of the runs that are `wanted`, and returns the months that these have behind them, all
    /// together. Those that are not wanted are removed: their runs are finished.
    ///
    /// # Errors
    /// The first file that cannot be gone on from, and why.
    pub fn check(&self, is_wanted: &dyn Fn(Run) -> Wanted) -> Result<u64, (PathBuf, Refusal)> {
        let failed = |path: &Path, error: io::Error| (path.to_path_buf(), Refusal::Disk(error));
        let dir = Dir::open_own(&self.folder).map_err(|error| failed(&self.folder, error))?;
        // What a process left here that died is not worth a word: its last checkpoint is whole.
        let _ = stage::clear(&dir, WRITING);
        let mut months = 0;
        for run in runs(&dir).map_err(|error| failed(&self.folder, error))? {
            let path = self.folder.join(name(run));
            match is_wanted(run) {
                Wanted::Elsewhere => {}
                Wanted::No => dir.remove(&name(run)).map_err(|error| failed(&path, error))?,
                Wanted::Yes => {
                    let begun = self.open(run).map_err(|refusal| (path, refusal))?;
                    months += begun.map_or(0, |(month, _)| u64::from(month));
                }
            }
        }
        Ok(months)
    }

    /// The months that a run has behind it, and its state; `None` if there is no checkpoint.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn open(&self, run: Run) -> Result<Option<(u32, impl Read + use<>)>, Refusal> {
        let file = Dir::open_own(&self.folder).and_then(|dir| dir.read(&name(run)));
        let file = match file {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (line, content) = seal::open(file)?.ok_or(Refusal::Damaged)?;
        let header = read_header(&line)?;
        let Program { name, version, commit, .. } = header.origin.program.clone();
        if header.origin.program != self.origin.program || header.origin.layout != self.origin.layout {
            return Err(Refusal::Program { name, version, commit });
        }
        if header.origin != self.origin || header.run() != run {
            return Err(Refusal::Scenario);
        }
        self.own().runs.insert(run);
        Ok(Some((header.month, content)))
    }

    /// The months that a run has behind it, and its state, if there is a checkpoint that can be gone on from. All were
    /// looked at by [`Checkpoints::check`], so that one which cannot be was changed since; it is not overwritten.
    pub fn begun(&self, run: Run) -> Option<(u32, impl Read + use<>)> {
        self.open(run).ok().flatten()
    }

    /// Keeps a run of which `month` months are done, in place of what was kept of it before. If that fails, what was
    /// kept before is still there.
    pub fn keep(&self, run: Run, month: u32, state: impl FnOnce(&mut Sealing) -> io::Result<()>) {
        let Run { row, replicate } = run;
        let header = Header { origin: self.origin.clone(), row, replicate, month };
        let written = self.write(run, |sealing| {
            serde_json::to_writer(&mut *sealing, &header)?;
            sealing.write_all(b"\n")?;
            state(sealing)
        });
        if let Err(cause) = written {
            (self.warn)(Trouble::out(text("write", "写入"), &self.folder.join(name(run)))(cause));
        }
    }

    fn write(&self, run: Run, fill: impl FnOnce(&mut Sealing) -> io::Result<()>) -> io::Result<()> {
        let name = name(run);
        let file = {
            let mut own = self.own();
            if own.stage.is_none() {
                let dir = Dir::open_own(&self.folder)?;
                own.stage = Some(Stage::begin(dir, WRITING, WRITING, &self.origin.experiment)?);
            }
            let Own { stage: Some(stage), runs } = &mut *own else { return Ok(()) };
            if !runs.contains(&run) && stage.parent().has(&name) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            stage.create(&name)?
        };
        // Others may write theirs meanwhile.
        let mut sealing = Sealing::new(file);
        let filled = fill(&mut sealing).and_then(|()| sealing.close());
        let mut own = self.own();
        let Own { stage: Some(stage), runs } = &mut *own else { return filled };
        if let Err(cause) = filled.and_then(|()| stage.place(&name, stage.parent(), &name)) {
            // The error that is told is the first one.
            let _ = stage.dir().remove(&name);
            return Err(cause);
        }
        runs.insert(run);
        Ok(())
    }

    /// Removes the checkpoint of a run that is finished, if this process knows it to be its own. An I/O error
    /// does not matter any more.
    pub fn remove(&self, run: Run) {
        if self.own().runs.remove(&run)
            && let Ok(dir) = Dir::open_own(&self.folder)
        {
            let _ = dir.remove(&name(run));
        }
    }

    fn own(&self) -> MutexGuard<'_, Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a run is yet to be finished here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It is.
    Yes,
    /// It is finished.
    No,
    /// It is another shard's.
    Elsewhere,
}

/// The name of the checkpoint of a run.
fn name(Run { row, replicate }: Run) -> String {
    format!("checkpoint-{row}-{replicate}")
}

/// The run whose checkpoint is called `name`.
pub fn run_of(name: &str) -> Option<Run> {
    let (row, replicate) = name.strip_prefix("checkpoint-")?.split_once('-')?;
    let run = Run { row: row.parse().ok()?, replicate: replicate.parse().ok()? };
    (self::name(run) == name).then_some(run)
}

/// The runs of which there are checkpoints in `dir`.
///
/// # Errors
/// An I/O error.
pub fn runs(dir: &Dir) -> io::Result<Vec<Run>> {
    Ok(dir.names()?.iter().filter_map(|name| run_of(name.to_str()?)).collect())
}

/// Removes those of the runs that are `meant`.
///
/// # Errors
/// An I/O error.
pub fn forget(dir: &Dir, is_meant: &dyn Fn(Run) -> bool) -> io::Result<()> {
    let meant = runs(dir)?.into_iter().filter(|run| is_meant(*run));
    meant.map(name).try_for_each(|name| dir.remove(&name))
}

/// True if the file is a checkpoint of the experiment, be it damaged or by another version of the program.
///
/// # Errors
/// An I/O error.
pub fn is_of(dir: &Dir, name: &str, experiment: &str) -> io::Result<bool> {
    let Some(run) = run_of(name) else { return Ok(false) };
    let mut line = Vec::new();
    BufReader::new(dir.read(name)?.take(LONGEST_HEADER)).read_until(b'\n', &mut line)?;
    let header = serde_json::from_slice::<Header>(&line);
    Ok(header.is_ok_and(|header| header.origin.experiment == experiment && header.run() == run))
}

/// The bytes are those that were written, so a header that makes no sense is of another version.
fn read_header(line: &[u8]) -> Result<Header, Refusal> {
    let unknown = || "unknown".to_string();
    serde_json::from_slice(line).map_err(|_| Refusal::Program {
        name: "another program".into(),
        version: unknown(),
        commit: unknown(),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const RUN: Run = Run { row: 1, replicate: 3 };

    fn of(folder: &Path, origin: Origin) -> Checkpoints<'static> {
        Checkpoints::new(folder, Some(12), origin, |trouble| panic!("{trouble:?}"))
    }

    fn origin() -> Origin {
        Origin::of("e")
    }

    fn state(checkpoints: &Checkpoints) -> Result<Option<(u32, Vec<u8>)>, Refusal> {
        let Some((month, mut content)) = checkpoints.open(RUN)? else { return Ok(None) };
        let mut state = Vec::new();
        content.read_to_end(&mut state)?;
        Ok(Some((month, state)))
    }

    #[test]
    fn what_is_kept_comes_back_and_the_last_one_counts() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = of(folder.path(), origin());
        assert!(state(&checkpoints).unwrap().is_none());
        for (month, bytes) in [(12, &b"old"[..]), (24, b"\nnew\n")] {
            checkpoints.keep(RUN, month, |to| to.write_all(bytes));
        }
        assert_eq!(state(&checkpoints).unwrap(), Some((24, b"\nnew\n".to_vec())));
        assert_eq!(checkpoints.check(&|_| Wanted::Yes).unwrap(), 24);
        assert_eq!(checkpoints.check(&|_| Wanted::Elsewhere).unwrap(), 0);
        checkpoints.remove(RUN);
        drop(checkpoints);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_checkpoint_of_a_run_that_is_finished_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        of(folder.path(), origin()).keep(RUN, 12, |to| to.write_all(b"state"));
        assert_eq!(of(folder.path(), origin()).check(&|_| Wanted::No).unwrap(), 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_byte_more_less_or_changed_anywhere_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = of(folder.path(), origin());
        checkpoints.keep(RUN, 12, |to| to.write_all(b"state"));
        let path = folder.path().join(name(RUN));
        let good = fs::read(&path).unwrap();
        let mut broken: Vec<Vec<u8>> = (0..good.len())
            .map(|k| good.iter().enumerate().map(|(i, &byte)| if i == k { byte ^ 1 } else { byte }).collect())
            .collect();
        broken.extend((0..good.len()).map(|length| good[..length].to_vec()));
        broken.push([&good[..], b"x"].concat());
        for bytes in broken {
            fs::write(&path, bytes).unwrap();
            assert!(matches!(state(&checkpoints), Err(Refusal::Damaged)));
        }
    }

    #[test]
    fn those_of_another_experiment_run_or_version_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = of(folder.path(), origin());
        checkpoints.keep(RUN, 12, |to| to.write_all(b"state"));
        let (dir, own) = (Dir::open(folder.path()).unwrap(), name(RUN));
        assert!(is_of(&dir, &own, "e").unwrap() && !is_of(&dir, &own, "f").unwrap());
        let other = of(folder.path(), Origin::of("f"));
        assert!(matches!(other.open(RUN), Err(Refusal::Scenario)));
        let newer = of(folder.path(), Origin { layout: "c".into(), ..origin() });
        assert!(matches!(newer.open(RUN), Err(Refusal::Program { .. })));
        let next = Run { replicate: 4, ..RUN };
        fs::rename(folder.path().join(&own), folder.path().join(name(next))).unwrap();
        assert!(matches!(checkpoints.open(next), Err(Refusal::Scenario)));
        assert!(!is_of(&dir, &name(next), "e").unwrap());
    }

    #[test]
    fn where_the_disk_refuses_the_last_one_stays_and_somebody_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let told = AtomicU32::new(0);
        let checkpoints = Checkpoints::new(folder.path(), Some(12), origin(), |_| {
            told.fetch_add(1, Ordering::Relaxed);
        });
        checkpoints.keep(RUN, 12, |to| to.write_all(b"state"));
        checkpoints.keep(RUN, 24, |_| Err(io::ErrorKind::StorageFull.into()));
        assert_eq!(state(&checkpoints).unwrap(), Some((12, b"state".to_vec())));
        drop(checkpoints);
        assert_eq!(told.load(Ordering::Relaxed), 1);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_of_this_process_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let told = AtomicU32::new(0);
        let checkpoints = Checkpoints::new(folder.path(), Some(12), origin(), |_| {
            told.fetch_add(1, Ordering::Relaxed);
        });
        let mine = folder.path().join(name(RUN));
        fs::write(&mine, "precious").unwrap();
        checkpoints.keep(RUN, 12, |to| to.write_all(b"state"));
        checkpoints.remove(RUN);
        drop(checkpoints);
        assert_eq!(told.load(Ordering::Relaxed), 1);
        assert_eq!(fs::read_to_string(&mine).unwrap(), "precious");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
