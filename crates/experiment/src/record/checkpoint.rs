//! Checkpoints of a long run: for each replicate one file, from which it goes on as if it had never stopped.
//!
//! A file is a line of JSON, the state of the replicate as the simulation wrote it, and the SHA-256 of both.
//! It replaces the one before only once it is on the disk, so that whatever happens, one of the two is whole.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::disk::Dir;
use super::disk::seal::{Sealing, hash_of};
use super::disk::stage::{self, Stage};
use super::folder::Trouble;
use super::manifest::Program;
use shequ_model::base::i18n::{Both, both, reason};
use shequ_model::base::params::text;

/// Bytes of the hash at the end of a file.
const SEAL: u64 = 32;

/// What the folder is called after in which a checkpoint is written.
const WRITING: &str = "replicate";

/// What a checkpoint belongs to; one of anything else is not gone on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The program that wrote it.
    pub program: Program,
    /// Stands for what the program remembers of a replicate, and how it lays that out.
    pub layout: String,
    /// Hash of the scenario and of the replicates that are simulated.
    pub scenario_hash: String,
}

/// The first line of a file.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    origin: Origin,
    replicate: u32,
    /// Months simulated.
    month: u32,
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

/// The checkpoints of one run.
pub struct Checkpoints {
    folder: PathBuf,
    every: u32,
    origin: Origin,
    warn: Box<dyn Fn(&Trouble) + Sync + Send>,
    own: Mutex<Own>,
}

/// What this process knows to be its own.
#[derive(Default)]
struct Own {
    /// Where checkpoints are written before they get their names; none before the first.
    stage: Option<Stage>,
    /// Replicates whose checkpoints it wrote, or read to the last byte.
    replicates: BTreeSet<u32>,
}

impl Checkpoints {
    /// Checkpoints in `folder`, after every `every` months. `warn` is told where one cannot be written;
    /// the replicate goes on.
    pub fn new(
        folder: PathBuf,
        every: u32,
        origin: Origin,
        warn: impl Fn(&Trouble) + Sync + Send + 'static,
    ) -> Checkpoints {
        Checkpoints { folder, every, origin, warn: Box::new(warn), own: Mutex::default() }
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// True if a checkpoint of a replicate is due after `month` months.
    pub fn is_due(&self, month: u32) -> bool {
        month % self.every == 0
    }

    /// Months that the replicates `replicates` have behind them, all together, after every byte was checked.
    ///
    /// # Errors
    /// The first file that cannot be gone on from, and why.
    pub fn check(&self, replicates: Range<u32>) -> Result<u64, (PathBuf, Refusal)> {
        if let Ok(dir) = Dir::open_own(&self.folder) {
            // What a process left here that died is not worth a word: its last checkpoint is whole.
            let _ = stage::clear(&dir, WRITING);
        }
        let month = |replicate| match self.open(replicate) {
            Ok(begun) => Ok(begun.map_or(0, |(month, _)| u64::from(month))),
            Err(refusal) => Err((self.path(replicate), refusal)),
        };
        replicates.map(month).sum()
    }

    /// The months that replicate `replicate` has behind it, and its state; `None` if there is no checkpoint.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn open(&self, replicate: u32) -> Result<Option<(u32, impl Read + use<>)>, Refusal> {
        let file = Dir::open_own(&self.folder).and_then(|dir| dir.read(&name(replicate)));
        let mut file = match file {
            Ok(file) => BufReader::with_capacity(1 << 16, file),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let length = check_seal(&mut file)?;
        file.rewind()?;
        let mut content = file.take(length);
        let mut line = Vec::new();
        content.read_until(b'\n', &mut line)?;
        let header = read_header(&line)?;
        let Program { name, version, commit, .. } = header.origin.program.clone();
        if header.origin.program != self.origin.program || header.origin.layout != self.origin.layout {
            return Err(Refusal::Program { name, version, commit });
        }
        if header.origin != self.origin || header.replicate != replicate {
            return Err(Refusal::Scenario);
        }
        self.own().replicates.insert(replicate);
        Ok(Some((header.month, content)))
    }

    /// Saves replicate `replicate` after `month` months, in place of its earlier checkpoint.
    /// If that fails, what was kept before is still there.
    pub fn keep(&self, replicate: u32, month: u32, state: impl FnOnce(&mut Sealing) -> io::Result<()>) {
        let header = Header { origin: self.origin.clone(), replicate, month };
        let written = self.write(replicate, |sealing| {
            serde_json::to_writer(&mut *sealing, &header)?;
            sealing.write_all(b"\n")?;
            state(sealing)
        });
        if let Err(cause) = written {
            (self.warn)(&Trouble::out(text("write", "写入"), &self.path(replicate))(cause));
        }
    }

    fn write(&self, replicate: u32, fill: impl FnOnce(&mut Sealing) -> io::Result<()>) -> io::Result<()> {
        let name = name(replicate);
        let file = {
            let mut own = self.own();
            if own.stage.is_none() {
                let dir = Dir::make(&self.folder).and_then(|_| Dir::open_own(&self.folder))?;
                own.stage = Some(Stage::begin(dir, WRITING, "checkpoint", &self.origin.scenario_hash)?);
            }
            let Own { stage: Some(stage), replicates } = &mut *own else { return Ok(()) };
            if !replicates.contains(&replicate) && stage.parent().has(&name) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            stage.create(&name)?
        };
        // Others may write theirs meanwhile.
        let mut sealing = Sealing::new(file);
        let filled = fill(&mut sealing).and_then(|()| sealing.close());
        let mut own = self.own();
        let Own { stage: Some(stage), replicates } = &mut *own else { return filled };
        if let Err(cause) = filled.and_then(|()| stage.place(&name, stage.parent(), &name)) {
            // The error that is told is the first one.
            let _ = stage.dir().remove(&name);
            return Err(cause);
        }
        replicates.insert(replicate);
        Ok(())
    }

    /// Deletes those that are this run's, once it has its results, and the folder if nothing else is in it.
    /// An I/O error here does not matter any more.
    pub fn clear(&self) {
        let mut own = self.own();
        own.stage = None;
        let (Ok(dir), Some(parent)) = (Dir::open_own(&self.folder), self.folder.parent()) else { return };
        for replicate in std::mem::take(&mut own.replicates) {
            let _ = dir.remove(&name(replicate));
        }
        if let (Ok(parent), Some(name)) =
            (Dir::open(parent), self.folder.file_name().and_then(|n| n.to_str()))
        {
            let _ = parent.remove_dir(name);
        }
    }

    fn own(&self) -> MutexGuard<'_, Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, replicate: u32) -> PathBuf {
        self.folder.join(name(replicate))
    }
}

fn name(replicate: u32) -> String {
    format!("replicate-{replicate}")
}

/// Reads a whole file and compares its bytes with the hash at its end; returns the length of what comes
/// before the hash.
fn check_seal(file: &mut BufReader<File>) -> Result<u64, Refusal> {
    let length = file.get_ref().metadata()?.len().checked_sub(SEAL).ok_or(Refusal::Damaged)?;
    let (_, hash) = hash_of(&mut file.by_ref().take(length))?;
    let mut seal = Vec::new();
    file.read_to_end(&mut seal)?;
    if seal == hash { Ok(length) } else { Err(Refusal::Damaged) }
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

    use super::*;

    fn origin() -> Origin {
        Origin { program: Program::this(), layout: "a".into(), scenario_hash: "b".into() }
    }

    fn of(folder: &Path, origin: Origin) -> Checkpoints {
        Checkpoints::new(folder.join("run.checkpoints"), 12, origin, |trouble| panic!("{trouble:?}"))
    }

    fn state(checkpoints: &Checkpoints) -> Result<Option<(u32, Vec<u8>)>, Refusal> {
        let Some((month, mut content)) = checkpoints.open(3)? else { return Ok(None) };
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
            checkpoints.keep(3, month, |to| to.write_all(bytes));
        }
        assert_eq!(state(&checkpoints).unwrap(), Some((24, b"\nnew\n".to_vec())));
        assert_eq!(checkpoints.check(0..5).unwrap(), 24);
        checkpoints.clear();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_byte_more_less_or_changed_anywhere_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = of(folder.path(), origin());
        checkpoints.keep(3, 12, |to| to.write_all(b"state"));
        let path = checkpoints.path(3);
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
    fn those_of_another_scenario_replicate_or_version_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = of(folder.path(), origin());
        checkpoints.keep(3, 12, |to| to.write_all(b"state"));
        let other = of(folder.path(), Origin { scenario_hash: "c".into(), ..origin() });
        assert!(matches!(other.open(3), Err(Refusal::Scenario)));
        let newer = of(folder.path(), Origin { layout: "c".into(), ..origin() });
        assert!(matches!(newer.open(3), Err(Refusal::Program { .. })));
        fs::rename(checkpoints.path(3), checkpoints.path(4)).unwrap();
        assert!(matches!(checkpoints.open(4), Err(Refusal::Scenario)));
    }

    #[test]
    fn where_the_disk_refuses_the_last_one_stays_and_somebody_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let told = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
        let counter = told.clone();
        let checkpoints = Checkpoints::new(folder.path().join("c"), 12, origin(), move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        checkpoints.keep(3, 12, |to| to.write_all(b"state"));
        checkpoints.keep(3, 24, |_| Err(io::ErrorKind::StorageFull.into()));
        assert_eq!(state(&checkpoints).unwrap(), Some((12, b"state".to_vec())));
        assert_eq!(told.load(std::sync::atomic::Ordering::Relaxed), 1);
        let folder = checkpoints.folder().to_path_buf();
        drop(checkpoints);
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_of_this_run_is_neither_overwritten_nor_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let told = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
        let counter = told.clone();
        let place = folder.path().join("run.checkpoints");
        let checkpoints = Checkpoints::new(place.clone(), 12, origin(), move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        checkpoints.keep(3, 12, |to| to.write_all(b"state"));
        for mine in ["replicate-4", "notes.txt"] {
            fs::write(place.join(mine), "precious").unwrap();
        }
        checkpoints.keep(4, 12, |to| to.write_all(b"state"));
        checkpoints.clear();
        assert_eq!(told.load(std::sync::atomic::Ordering::Relaxed), 1);
        for mine in ["replicate-4", "notes.txt"] {
            assert_eq!(fs::read_to_string(place.join(mine)).unwrap(), "precious");
        }
        assert_eq!(fs::read_dir(place).unwrap().count(), 2);
    }
}
