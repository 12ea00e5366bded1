//! Cities at rest, kept in a folder from one command to the next: one burn-in, and many policies from it.
//!
//! A file is a line of JSON, the state of the city as the model wrote it, and the SHA-256 of both. Its name stands for
//! everything that the city at rest depends on, so a file is either of use as it is or not looked at: other settings,
//! another seed or another version of the program have files of their own. Nothing is replaced and nothing removed.

use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::checkpoint::Origin;
use crate::record::disk::Dir;
use crate::record::disk::seal::{self, Sealing};
use crate::record::disk::stage::{self, Stage};
use crate::record::folder::{Trouble, hash};
use shequ_model::base::i18n::{Both, both, counted};
use shequ_model::base::params::{Text, text};
use shequ_model::simulation::Beginning;

/// Which city at rest a file holds: its first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Which {
    #[serde(flatten)]
    origin: Origin,
    /// Seed of the city.
    city: u64,
}

impl Which {
    /// The one that depends on `settings` and on the seed `city`.
    fn of(settings: &str, city: u64) -> Which {
        Which { origin: Origin::of(&hash([settings])), city }
    }

    /// The name of its file.
    fn name(&self) -> io::Result<String> {
        /// Digits of the hash: as many as tell apart what a disk can hold.
        const DIGITS: usize = 24;
        let hash = hash([serde_json::to_string(self)?.as_str()]);
        Ok(format!("start-{}", &hash[..DIGITS]))
    }
}

/// A folder of cities at rest.
pub struct Starts {
    folder: PathBuf,
    taken: AtomicUsize,
    kept: AtomicUsize,
    troubles: Mutex<Vec<Both>>,
}

impl Starts {
    /// Those in `folder`, which is made when the first is kept.
    pub fn of(folder: &Path) -> Starts {
        Starts {
            folder: folder.into(),
            taken: AtomicUsize::new(0),
            kept: AtomicUsize::new(0),
            troubles: Mutex::default(),
        }
    }

    /// The city at rest that depends on `settings` and on the seed `city`: what `read` makes of the one that is kept, or
    /// else the one that `make` makes, if it makes one, which is kept.
    pub fn begin(
        &self,
        settings: &str,
        city: u64,
        read: impl FnOnce(&mut dyn Read) -> io::Result<Beginning>,
        make: impl FnOnce() -> Option<Beginning>,
    ) -> Option<Beginning> {
        let which = Which::of(settings, city);
        let Ok(name) = which.name() else { return make() };
        let found =
            self.open(&which, &name).and_then(|state| state.map(|mut state| read(&mut state)).transpose());
        match found {
            Ok(Some(beginning)) => {
                self.taken.fetch_add(1, Ordering::Relaxed);
                return Some(beginning);
            }
            Ok(None) => {}
            Err(cause) => self.note(text("read", "读取"), &self.folder.join(&name), cause),
        }
        let made = make()?;
        match self.keep(&which, &name, &made) {
            Ok(()) => {
                self.kept.fetch_add(1, Ordering::Relaxed);
            }
            // Another process was quicker, or it is no use and was told.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(cause) => self.note(text("write", "写入"), &self.folder, cause),
        }
        Some(made)
    }

    fn open(&self, which: &Which, name: &str) -> io::Result<Option<impl Read + use<>>> {
        let file = match Dir::open(&self.folder).and_then(|dir| dir.read(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let damaged = || io::Error::other(both!("it is damaged", "文件已损坏"));
        let (line, state) = seal::open(file)?.ok_or_else(damaged)?;
        let written: Which = serde_json::from_slice(&line).map_err(|_| damaged())?;
        if written == *which { Ok(Some(state)) } else { Err(damaged()) }
    }

    /// Keeps a city at rest; what has its name already stays.
    fn keep(&self, which: &Which, name: &str, beginning: &Beginning) -> io::Result<()> {
        let dir = Dir::make(&self.folder)?;
        // What a process left here that died is not worth a word: nothing depends on it.
        let _ = stage::clear(&dir, name);
        if dir.has(name) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let mut stage = Stage::begin(dir.again()?, name, "start", &which.origin.experiment)?;
        let mut sealing = Sealing::new(stage.create(name)?);
        serde_json::to_writer(&mut sealing, which)?;
        sealing.write_all(b"\n")?;
        beginning.save(&mut sealing)?;
        sealing.close()?;
        stage.dir().rename_new(name, &dir, name)
    }

    /// Notes what cannot be read or written; runs go on without it.
    fn note(&self, doing: Text, path: &Path, cause: io::Error) {
        let words = both!(
            "{trouble}; the city comes to rest anew", "{trouble}；城市将重新趋于静止";
            trouble = Trouble::disk(doing, path)(cause).message()
        );
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    }

    /// What went wrong so far.
    pub fn troubles(&self) -> Vec<Both> {
        std::mem::take(&mut self.troubles.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many were taken and kept; none if nothing was.
    pub fn summary(&self) -> Option<Both> {
        let (taken, kept) = (self.taken.load(Ordering::Relaxed), self.kept.load(Ordering::Relaxed));
        let cities = |n: usize| counted(n as u64, ["city", "cities"], "座城市");
        let folder = self.folder.display();
        match (taken, kept) {
            (0, 0) => None,
            (0, _) => Some(both!(
                "kept in {folder}: {kept} at rest", "已存入 {folder}：{kept}的静止状态"; folder = folder, kept = cities(kept)
            )),
            (_, 0) => Some(both!(
                "taken from {folder}: {taken} at rest", "取自 {folder}：{taken}的静止状态"; folder = folder, taken = cities(taken)
            )),
            _ => Some(both!(
                "taken from {folder}: {taken} at rest; kept there: {kept}",
                "取自 {folder}：{taken}的静止状态；新存入{kept}";
                folder = folder, taken = cities(taken), kept = cities(kept)
            )),
        }
    }
}
