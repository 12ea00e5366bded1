//! A folder in which a process makes something before it gets its name.
//!
//! It stands beside what it is made for and is called `.NAME.OWNER-N`: whoever sees it knows whose it is. In it
//! a ledger names every file before the file is made, and once more, with size and hash, when it is whole. So a
//! process that finds the folder of one that died knows what belongs to it, and removes that and nothing else.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use super::Dir;
use super::listing::{Findings, Listing};
use super::owner::{Owner, State};
use super::seal::{Entry, Sealing};
use shequ_model::base::i18n::{Both, both, reason};

/// The list of what belongs to the folder that holds it: a line of JSON about the folder, and one for each file.
pub const LEDGER: &str = "ledger.txt";

/// What a folder is, in the first line of its ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What is in it: says that this is a ledger of this program.
    pub shequ: String,
    /// What it belongs to: a hash, or a name.
    pub of: String,
    /// Stands for this folder alone.
    pub id: String,
}

/// A line on a file: its name before it is made, all of it when it is whole.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Whole(Entry),
    Begun { name: String },
}

/// A ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// What it is of.
    pub about: About,
    /// Its files.
    pub files: Listing,
}

impl Ledger {
    /// Reads the ledger of `dir`; none if there is none that was begun in earnest. A line that was cut off at
    /// the end, when its process died, is none.
    pub fn read(dir: &Dir) -> Option<Ledger> {
        let bytes = dir.text(LEDGER).ok()?;
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n');
        let about = serde_json::from_slice(lines.next()?.strip_suffix(b"\n")?).ok()?;
        let mut files = Listing::default();
        for line in lines.filter_map(|line| line.strip_suffix(b"\n")) {
            match serde_json::from_slice(line).ok()? {
                Line::Whole(entry) => {
                    files.0.insert(entry.name.clone(), vec![entry]);
                }
                Line::Begun { name } => {
                    files.0.insert(name, Vec::new());
                }
            }
        }
        Some(Ledger { about, files })
    }
}

/// A folder in the making, of this process. Dropped before it has its name, it leaves nothing behind.
pub struct Stage {
    parent: Dir,
    dir: Dir,
    name: String,
    ledger: File,
    files: Listing,
    is_named: bool,
}

impl Stage {
    /// Makes one in `parent` for what is to be called `name` there. `kind` and `of` go into the ledger.
    ///
    /// # Errors
    /// An I/O error.
    pub fn begin(parent: Dir, name: &str, kind: &str, of: &str) -> io::Result<Stage> {
        let (name, dir) = loop {
            let name = fresh(name);
            match parent.make_sub(&name) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                made => break (name, made?),
            }
        };
        let about = About { shequ: kind.into(), of: of.into(), id: name.clone() };
        let begun = dir.create(LEDGER).and_then(|mut file| {
            file.write_all(&line(&about)?)?;
            Ok(file)
        });
        match begun {
            Ok(ledger) => {
                let files = Listing::default();
                Ok(Stage { parent, dir, name, ledger, files, is_named: false })
            }
            Err(cause) => {
                // The error that is told is the first one.
                let _ = Listing::default().remove(&parent, &name, LEDGER);
                Err(cause)
            }
        }
    }

    /// The folder.
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    /// The folder in which it stands.
    pub fn parent(&self) -> &Dir {
        &self.parent
    }

    /// Where it stands.
    pub fn path(&self) -> PathBuf {
        self.dir.path().into()
    }

    /// The name of the folder until it has its own.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes the file `name`, which may lead into a folder.
    ///
    /// # Errors
    /// An I/O error.
    pub fn create(&mut self, name: &str) -> io::Result<File> {
        if !self.files.0.contains_key(name) {
            self.ledger.write_all(&begun(name)?)?;
        }
        self.files.0.insert(name.into(), Vec::new());
        let Some((folders, last)) = name.rsplit_once('/') else { return self.dir.create(name) };
        let inner = |dir: Option<Dir>, part: &str| -> io::Result<Option<Dir>> {
            let dir = dir.as_ref().unwrap_or(&self.dir);
            match dir.make_sub(part) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Some(dir.sub(part)?)),
                made => Ok(Some(made?)),
            }
        };
        let folder = folders.split('/').try_fold(None, inner)?;
        folder.as_ref().unwrap_or(&self.dir).create(last)
    }

    /// Writes the file `name` through to the disk, by `fill`.
    ///
    /// # Errors
    /// An I/O error.
    pub fn write(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Sealing) -> io::Result<()>,
    ) -> io::Result<Entry> {
        let mut sealing = Sealing::new(self.create(name)?);
        fill(&mut sealing)?;
        let (size, sha256) = sealing.seal()?;
        let entry = Entry { name: name.into(), size, sha256 };
        self.ledger.write_all(&line(&Line::Whole(entry.clone()))?)?;
        self.files.0.insert(name.into(), vec![entry.clone()]);
        Ok(entry)
    }

    /// Moves the file `name` into `to`, in place of what has the name `new` there.
    ///
    /// # Errors
    /// An I/O error.
    pub fn place(&self, name: &str, to: &Dir, new: &str) -> io::Result<()> {
        self.dir.rename(name, to, new)
    }

    /// Sees to it that the folder holds what was written into it, and makes its names last.
    ///
    /// # Errors
    /// An I/O error if somebody took it away, or a file in it.
    pub fn settle(&self) -> io::Result<()> {
        let is_whole = |(name, states): (&String, &Vec<Entry>)| {
            let length = self.dir.length(name);
            states.iter().any(|state| Some(state.size) == length)
        };
        if !self.dir.is_called(&self.parent, &self.name) || !self.files.0.iter().all(is_whole) {
            let words = both!("files were removed while it was written", "写入过程中有文件被移走");
            return Err(io::Error::other(words));
        }
        self.dir.sync();
        Ok(())
    }

    /// Takes the ledger out of the folder, which has another list of what belongs to it by now.
    ///
    /// # Errors
    /// An I/O error.
    pub fn close(&self) -> io::Result<()> {
        self.dir.remove(LEDGER)
    }

    /// Gives the folder the name `name`, which nothing may have.
    ///
    /// # Errors
    /// An I/O error, of the kind `AlreadyExists` or `DirectoryNotEmpty` if anything has it.
    pub fn give_name(&mut self, name: &str) -> io::Result<()> {
        self.parent.rename_new(&self.name, &self.parent, name)?;
        self.is_named = true;
        self.parent.sync();
        Ok(())
    }

    /// Lets the folder and the one that is called `name` change places; that one is then known by the name that
    /// [`Stage::name`] says.
    ///
    /// # Errors
    /// An I/O error; then both are where they were, if the disk lets them.
    pub fn take_place_of(&mut self, name: &str) -> io::Result<()> {
        if !self.parent.exchange(&self.name, name)? {
            // A process that dies between the two leaves both whole; the next one gives the name to either.
            let aside = fresh(name);
            self.parent.rename_new(name, &self.parent, &aside)?;
            if let Err(cause) = self.parent.rename_new(&self.name, &self.parent, name) {
                // The error that is told is the first one.
                let _ = self.parent.rename_new(&aside, &self.parent, name);
                return Err(cause);
            }
            self.name = aside;
        }
        self.is_named = true;
        self.parent.sync();
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.is_named {
            // If the disk refuses, the next process clears it.
            let _ = self.files.remove(&self.parent, &self.name, LEDGER);
        }
    }
}

/// The line of a ledger by which a file belongs to its folder, whatever it comes to hold.
///
/// # Errors
/// Never, as things are: a name has a JSON form.
pub fn begun(name: &str) -> io::Result<Vec<u8>> {
    line(&Line::Begun { name: name.into() })
}

fn line(what: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(what)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A name that no other process gives to what it makes for `name`, nor this one again.
pub fn fresh(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!(".{name}.{}-{}", Owner::this(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Whose folder it is that is called `name`, and what it was made for.
pub fn read_name(name: &str) -> Option<(&str, Owner)> {
    let (of, tag) = name.strip_prefix('.')?.rsplit_once('.')?;
    let (owner, number) = tag.rsplit_once('-')?;
    number.parse::<u32>().ok()?;
    Some((of, owner.parse().ok()?))
}

/// True of the name of a folder in which a process makes something.
pub fn is_one(name: &str) -> bool {
    read_name(name).is_some()
}

/// What was left in `parent` by processes that made something for `name` there.
///
/// # Errors
/// An I/O error if the folder cannot be read.
pub fn leftovers(parent: &Dir, name: &str) -> io::Result<Vec<(String, State)>> {
    let mut found = Vec::new();
    for left in parent.names()? {
        let Some(left) = left.to_str() else { continue };
        if let Some((of, owner)) = read_name(left)
            && of == name
        {
            found.push((left.to_string(), owner.state()));
        }
    }
    Ok(found)
}

/// Removes what dead processes left in `parent` when they made something for `name`. Returns what is said of
/// what had to stay.
pub fn clear(parent: &Dir, name: &str) -> Vec<Both> {
    clear_as(parent, name, |state| state)
}

/// The same where this process is the only one that may work in `parent`, so that all others are done.
pub fn clear_locked(parent: &Dir, name: &str) -> Vec<Both> {
    clear_as(parent, name, |_| State::Gone)
}

fn clear_as(parent: &Dir, name: &str, known: impl Fn(State) -> State) -> Vec<Both> {
    let refused = |path: PathBuf, cause: &io::Error| both!("cannot clear {path}: {why}", "无法清理 {path}：{why}"; path = path.display(), why = reason(cause));
    let found = match leftovers(parent, name) {
        Ok(found) => found,
        Err(cause) => return vec![refused(parent.path().into(), &cause)],
    };
    let note = |(left, state): (String, State)| {
        let path = parent.path().join(&left);
        match known(state) {
            State::Running => None,
            State::Elsewhere => Some(both!(
                "{path} belongs to a process on another computer; if that process has ended, remove it",
                "{path} 属于另一台计算机上的进程；若该进程已不再运行，请将其删除"; path = path.display()
            )),
            State::Gone => match clear_one(parent, &left) {
                Ok(findings) => findings.map(|findings| {
                    both!(
                        "{path} was left unchanged: {findings}", "{path} 保持原样：{findings}";
                        path = path.display(), findings = findings.message()
                    )
                }),
                Err(cause) => Some(refused(path, &cause)),
            },
        }
    };
    found.into_iter().filter_map(note).collect()
}

/// Removes one; what stands in the way, if anything does.
fn clear_one(parent: &Dir, left: &str) -> io::Result<Option<Findings>> {
    let foreign = || Findings { foreign: vec![left.to_string()], ..Findings::default() };
    let dir = match parent.sub(left) {
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(_) => return Ok(Some(foreign())),
        Ok(dir) => dir,
    };
    let listing = match Ledger::read(&dir) {
        Some(ledger) => ledger.files,
        // Its process died before the first line was whole.
        None if is_unborn(&dir)? => Listing::default(),
        None => return Ok(Some(foreign())),
    };
    let findings = listing.check(&dir, &[LEDGER])?;
    if !findings.is_ours() {
        return Ok(Some(findings));
    }
    listing.remove(parent, left, LEDGER)?;
    Ok(None)
}

/// True of a folder that holds nothing, or nothing but the beginning of a ledger.
fn is_unborn(dir: &Dir) -> io::Result<bool> {
    const BEGINNING: &[u8] = b"{\"shequ\":\"";
    let names = dir.names()?;
    if names.iter().any(|name| name != LEDGER) {
        return Ok(false);
    }
    let Ok(bytes) = dir.text(LEDGER) else { return Ok(names.is_empty()) };
    let common = bytes.len().min(BEGINNING.len());
    Ok(bytes[..common] == BEGINNING[..common] && !bytes.contains(&b'\n'))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn begin(place: &Path) -> Stage {
        Stage::begin(Dir::open(place).unwrap(), "a", "results", "b").unwrap()
    }

    /// As if its process had died: the folder stays, under the name of a process that is gone.
    fn dead(mut stage: Stage, place: &Path) -> PathBuf {
        stage.is_named = true;
        let owner = Owner::this().to_string();
        let began = owner.rsplit_once('-').unwrap().1;
        let left = place.join(stage.name().replace(began, "1"));
        fs::rename(stage.path(), &left).unwrap();
        left
    }

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_stage_leaves_nothing_unless_it_is_given_its_name() {
        let place = tempfile::tempdir().unwrap();
        let mut stage = begin(place.path());
        stage.write("x/y/z", |to| to.write_all(b"z")).unwrap();
        drop(stage);
        assert_eq!(names(place.path()), 0);
        let mut stage = begin(place.path());
        stage.write("z", |to| to.write_all(b"z")).unwrap();
        stage.settle().unwrap();
        stage.give_name("a").unwrap();
        drop(stage);
        assert_eq!(fs::read(place.path().join("a/z")).unwrap(), b"z");
        assert!(begin(place.path()).give_name("a").is_err());
        assert_eq!(names(place.path()), 1);
    }

    #[test]
    fn what_a_dead_process_left_is_removed_wherever_it_died_and_nothing_else_is() {
        let place = tempfile::tempdir().unwrap();
        let parent = Dir::open(place.path()).unwrap();
        // Of a ledger cut at any byte, with or without the file that it names last.
        let mut stage = begin(place.path());
        stage.write("x/y", |to| to.write_all(b"z")).unwrap();
        let ledger = fs::read(stage.path().join(LEDGER)).unwrap();
        let first = ledger.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        let second = first + ledger[first..].iter().position(|&byte| byte == b'\n').unwrap() + 1;
        let left = dead(stage, place.path());
        for cut in 0..=ledger.len() {
            fs::create_dir_all(&left).unwrap();
            fs::write(left.join(LEDGER), &ledger[..cut]).unwrap();
            if cut >= second {
                fs::create_dir_all(left.join("x")).unwrap();
                fs::write(left.join("x/y"), "z").unwrap();
            } else if left.join("x").exists() {
                fs::remove_dir_all(left.join("x")).unwrap();
            }
            assert!(clear(&parent, "a").is_empty(), "{cut}");
            assert_eq!(names(place.path()), 0, "{cut}");
        }
        fs::create_dir(&left).unwrap();
        assert!(clear(&parent, "a").is_empty() && !left.exists(), "an empty folder");
        // What a user put there, in place of the ledger or beside it, stays.
        for (file, text) in [("mine.txt", &b"precious"[..]), (LEDGER, b"my own ledger\n"), (LEDGER, b"notes")]
        {
            fs::create_dir(&left).unwrap();
            fs::write(left.join(file), text).unwrap();
            assert_eq!(clear(&parent, "a").len(), 1);
            assert_eq!(fs::read(left.join(file)).unwrap(), text);
            fs::write(left.join("more"), "").unwrap();
            fs::write(left.join(LEDGER), &ledger).unwrap();
            assert!(clear(&parent, "a")[0].en.contains("more"));
            fs::remove_dir_all(&left).unwrap();
        }
    }

    #[test]
    fn the_folder_of_a_living_process_stays() {
        let place = tempfile::tempdir().unwrap();
        let stage = begin(place.path());
        assert!(clear(stage.parent(), "a").is_empty());
        assert!(stage.path().exists());
    }

    #[test]
    fn a_stage_that_somebody_took_something_from_is_not_settled() {
        let place = tempfile::tempdir().unwrap();
        let mut stage = begin(place.path());
        stage.write("z", |to| to.write_all(b"z")).unwrap();
        fs::remove_file(stage.path().join("z")).unwrap();
        assert!(stage.settle().is_err());
        fs::remove_dir_all(stage.path()).unwrap();
        assert!(stage.settle().is_err() && stage.create("q").is_err());
    }
}
