//! Who may work in the folder of an experiment: shards side by side, anything else alone.
//!
//! A lock of the file system ends with its process, wherever that ran, so it is the first choice. Where the file
//! system knows none, as some of clusters, a file whose name says whose it is stands in for it: its process
//! removes it, or, if that died, the next one that can tell that it did.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::journal;
use super::plan::Shard;
use crate::record::disk::Dir;
use crate::record::disk::owner::State;
use crate::record::disk::stage;
use shequ_model::base::i18n::{Both, both};

/// Name of the file that processes lock, all of them.
const LOCK: &str = "lock";
/// How the names of files begin that stand in for locks.
const CLAIM: &str = "claim";

/// How often a lock is asked for before another process is believed to hold it: who only looks whether a shard is at
/// work ([`running`]) holds it for a moment.
const TRIES: u32 = 5;
/// What lies between two of them.
const PAUSE: Duration = Duration::from_millis(50);

/// Held by a process while it works on a folder.
#[derive(Debug)]
pub enum Lock {
    /// Locks of the file system.
    Files(#[allow(dead_code)] Vec<File>),
    /// A file in their stead, removed in the end.
    Claim(Dir, String),
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Lock::Claim(dir, name) = self {
            // If the disk refuses, whoever comes next sees that its process is gone.
            let _ = dir.remove(name);
        }
    }
}

/// A way to lock a file, shared or not.
pub type TryLock<'a> = dyn Fn(&File, bool) -> Result<(), TryLockError> + 'a;

/// As the file system does it.
pub fn by_system(file: &File, is_shared: bool) -> Result<(), TryLockError> {
    if is_shared { file.try_lock_shared() } else { file.try_lock() }
}

/// Locks `dir` for `shard` by `try_lock`. What is said if another process is at work there comes in place of
/// the lock.
///
/// # Errors
/// An I/O error.
pub fn lock(dir: &Dir, shard: Shard, try_lock: &TryLock) -> io::Result<Result<Lock, Both>> {
    let mut files = Vec::new();
    let own = of_shard(shard);
    let wanted = match shard == Shard::WHOLE {
        true => vec![(LOCK, false)],
        false => vec![(LOCK, true), (own.as_str(), false)],
    };
    for (name, is_shared) in wanted {
        let file = open(dir, name)?;
        match patiently(&file, is_shared, try_lock) {
            Ok(()) => files.push(file),
            Err(TryLockError::WouldBlock) => {
                return Ok(Err(both!(
                    "another process is working there; wait for it, or give each process its own --shard",
                    "另一个进程正在其中工作；请等待，或给每个进程各自的 --shard"
                )));
            }
            Err(TryLockError::Error(error)) if is_unknown(&error) => return claim(dir, shard),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(Ok(Lock::Files(files)))
}

/// Asks for a lock more than once.
fn patiently(file: &File, is_shared: bool, try_lock: &TryLock) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match try_lock(file, is_shared) {
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            answer => return answer,
        }
    }
    try_lock(file, is_shared)
}

/// Those of `shards` on which a process works, as far as that can be known: it holds the lock, or a file stands in for
/// one whose process is not known to be gone. Where locks hold on one computer alone, those of other computers are not
/// seen.
///
/// # Errors
/// An I/O error.
pub fn running(dir: &Dir, shards: impl Iterator<Item = Shard>, try_lock: &TryLock) -> io::Result<Vec<Shard>> {
    let claims = dir.names()?.into_iter().filter_map(|name| claimed(name.to_str()?));
    let claims: Vec<Shard> =
        claims.filter(|(_, state)| *state != State::Gone).map(|(shard, _)| shard).collect();
    let is_locked = |name: &str| match dir.read(name) {
        // Shared, so that two who look do not see each other.
        Ok(file) => matches!(try_lock(&file, true), Err(TryLockError::WouldBlock)),
        Err(_) => false,
    };
    let is_whole = claims.contains(&Shard::WHOLE) || is_locked(LOCK);
    let is_running = |shard: &Shard| is_whole || claims.contains(shard) || is_locked(&of_shard(*shard));
    Ok(shards.filter(is_running).collect())
}

/// What is said of each file that stands in for the lock of a process on another computer, of which nobody can tell from
/// here whether it still runs.
///
/// # Errors
/// An I/O error.
pub fn elsewhere(dir: &Dir) -> io::Result<Vec<Both>> {
    let names = dir.names()?.into_iter().filter_map(|name| name.into_string().ok());
    let meant = names.filter(|name| claimed(name).is_some_and(|(_, state)| state == State::Elsewhere));
    Ok(meant.map(|name| of_another_computer(&dir.path().join(name))).collect())
}

fn of_another_computer(path: &Path) -> Both {
    both!(
        "a process on another computer is working there, according to {path}; if it has ended, remove that file",
        "另一台计算机上的进程正在其中工作（见 {path}）；若并非如此，请删除该文件"; path = path.display()
    )
}

/// The name of the file that a shard locks for itself.
fn of_shard(shard: Shard) -> String {
    format!("{LOCK}-{}", journal::name(shard))
}

/// True if the file system knows no locks, or its server does not.
fn is_unknown(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error()) {
        return true;
    }
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
}

fn open(dir: &Dir, name: &str) -> io::Result<File> {
    match dir.create(name) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => dir.append(name),
        file => file,
    }
}

/// True of the name of a file that is locked, or stands in for a lock.
pub fn is_one(name: &str) -> bool {
    let of_shard =
        |name: &str| name.strip_prefix("lock-").is_some_and(|rest| journal::shard_of(rest).is_some());
    name == LOCK || of_shard(name) || claimed(name).is_some()
}

/// Whose claim it is, and for which shard.
fn claimed(name: &str) -> Option<(Shard, State)> {
    let (of, owner) = stage::read_name(name)?;
    let (number, of) = of.strip_prefix(CLAIM)?.strip_prefix('-')?.split_once("-of-")?;
    Some((format!("{number}/{of}").parse().ok()?, owner.state()))
}

/// Puts a file in place of a lock. Of two processes that do so at the same time, each sees the other's.
fn claim(dir: &Dir, shard: Shard) -> io::Result<Result<Lock, Both>> {
    let name = stage::fresh(&format!("{CLAIM}-{}-of-{}", shard.number, shard.of));
    drop(dir.create(&name)?);
    let own = Lock::Claim(dir.again()?, name.clone());
    for other in dir.names()? {
        let Some(other) = other.to_str().filter(|other| *other != name) else { continue };
        let Some((of, state)) = claimed(other) else { continue };
        let path = dir.path().join(other);
        match state {
            State::Gone => dir.remove(other)?,
            _ if ![of, shard].contains(&Shard::WHOLE) && of != shard => {}
            State::Running => {
                return Ok(Err(both!(
                    "another process is working there, according to {path}; wait for it, or give each process its own --shard",
                    "另一个进程正在其中工作（见 {path}）；请等待，或给每个进程各自的 --shard"; path = path.display()
                )));
            }
            State::Elsewhere => {
                return Ok(Err(of_another_computer(&path)));
            }
        }
    }
    Ok(Ok(own))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn none(_: &File, _: bool) -> Result<(), TryLockError> {
        Err(TryLockError::Error(ErrorKind::Unsupported.into()))
    }

    #[test]
    fn shards_work_side_by_side_and_everything_else_alone_with_and_without_locks() {
        let shard = |text: &str| text.parse::<Shard>().unwrap();
        for try_lock in [&by_system as &TryLock, &none] {
            let place = tempfile::tempdir().unwrap();
            let dir = Dir::open(place.path()).unwrap();
            let take = |text: &str| lock(&dir, shard(text), try_lock).unwrap();
            let running = |of: &[&str]| running(&dir, of.iter().map(|text| shard(text)), try_lock).unwrap();
            assert_eq!(running(&["1/2", "2/2"]), []);
            let (one, two) = (take("1/2").unwrap(), take("2/2").unwrap());
            assert_eq!(running(&["1/3", "1/2"]), [shard("1/2")]);
            assert!(take("1/2").unwrap_err().en.contains("another process is working"));
            assert!(take("1/1").is_err());
            drop(one);
            assert_eq!(running(&["1/2", "2/2"]), [shard("2/2")]);
            let one = take("1/2").unwrap();
            drop((one, two));
            let all = take("1/1").unwrap();
            assert_eq!(running(&["1/2", "2/2"]), [shard("1/2"), shard("2/2")]);
            assert!(take("2/2").is_err() && take("1/1").is_err());
            drop(all);
            take("1/1").unwrap();
            assert!(dir.names().unwrap().iter().all(|name| !name.to_string_lossy().starts_with('.')));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_claim_of_a_dead_process_is_void_and_one_from_elsewhere_is_told() {
        let place = tempfile::tempdir().unwrap();
        let dir = Dir::open(place.path()).unwrap();
        let name = stage::fresh("claim-1-of-1");
        let tag = name.rsplit_once('.').unwrap().1.to_string();
        let parts: Vec<&str> = tag.split('-').collect();
        let with = |place: usize, part: &str| {
            let mut parts = parts.clone();
            parts[place] = part;
            format!(".claim-1-of-1.{}", parts.join("-"))
        };
        // A process of that number that began at another time.
        fs::write(place.path().join(with(4, "1")), "").unwrap();
        drop(lock(&dir, Shard::WHOLE, &none).unwrap().unwrap());
        let elsewhere = with(0, "00000000");
        fs::write(place.path().join(&elsewhere), "").unwrap();
        let said = lock(&dir, Shard::WHOLE, &none).unwrap().unwrap_err().en;
        assert!(said.contains("another computer") && said.contains(&elsewhere), "{said}");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "the lock file and the other's claim");
    }
}
