//! A results folder: written under a temporary name, and renamed when whole.
//!
//! It is believed as far as its files fit its manifest, and replaced or removed only if they all do and it
//! holds nothing else; see [`disk`](super::disk).

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::record::disk::listing::Findings;
use crate::record::disk::seal::{Entry, Sealing, hexadecimal};
use crate::record::disk::stage::{self, LEDGER, Stage};
use crate::record::disk::{Dir, owner};
use crate::record::manifest::{MANIFEST, Manifest};
use crate::record::table::{Form, Table};
use sha2::{Digest, Sha256};
use shequ_model::base::i18n::{Both, both, errors, reason};
use shequ_model::base::params::{Text, text};

/// Longest name of a scenario within the name of its folder.
const NAME_LENGTH: usize = 60;

const FOLDER: Text = text("create the folder", "建立文件夹");
const CREATE: Text = text("create", "建立");
const WRITE: Text = text("write", "写入");
const READ: Text = text("read", "读取");

/// Why a results folder was not written.
#[derive(Debug)]
pub enum Trouble {
    /// Nothing is wrong: these results exist already.
    ThereAlready(PathBuf),
    /// Something that is no results folder bears its name.
    NotOurs(PathBuf),
    /// The folder is not as it was written, or holds what this program did not write, so that it is left alone.
    Changed(PathBuf, Findings),
    /// The disk refused.
    Disk {
        /// "write", "create" …
        doing: Text,
        /// What it was done to.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
        /// True if it lies where the option --out says.
        is_out: bool,
    },
}

impl Trouble {
    /// The disk refused to do something in a folder that no option chose.
    pub fn disk(doing: Text, path: &Path) -> impl FnOnce(io::Error) -> Trouble {
        let path = path.to_path_buf();
        move |cause| Trouble::Disk { doing, path, cause, is_out: false }
    }

    /// The disk refused to do something in the folder that --out chooses.
    pub fn out(doing: Text, path: &Path) -> impl FnOnce(io::Error) -> Trouble {
        let path = path.to_path_buf();
        move |cause| Trouble::Disk { doing, path, cause, is_out: true }
    }

    /// What is told of it.
    pub fn message(&self) -> Both {
        match self {
            Trouble::ThereAlready(path) => both!(
                "{path} exists already; --force replaces it", "{path} 已经存在；用 --force 替换";
                path = path.display()
            ),
            Trouble::NotOurs(path) => both!(
                "{path} exists and is not a results folder of this program, so it was left unchanged; move it \
                 away or choose another folder with --out",
                "{path} 已经存在，但不是本程序的结果文件夹，因此未作改动；请将其移走，或用 --out 另选文件夹";
                path = path.display()
            ),
            Trouble::Changed(path, findings) => both!(
                "{path} was modified after it was written ({findings}), so it was left unchanged; move away \
                 what you want to keep, or the whole folder",
                "{path} 在写出后被修改（{findings}），因此未作改动；请移走需要保留的内容，或移走整个文件夹";
                path = path.display(), findings = findings.message()
            ),
            Trouble::Disk { doing, path, cause, is_out } => both!(
                "cannot {doing} {path}: {why}", "无法{doing} {path}：{why}";
                doing = *doing, path = path.display(), why = advice(cause, *is_out)
            ),
        }
    }
}

errors!(Trouble);

/// What the system said, and what to do about it.
fn advice(cause: &io::Error, is_out: bool) -> Both {
    let what = match (cause.kind(), is_out) {
        (io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, true) => both!(
            "free some space, or choose a folder on another disk with --out",
            "请腾出空间，或用 --out 选择另一磁盘上的文件夹"
        ),
        (io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, false) => {
            both!("free some space", "请腾出空间")
        }
        (io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem, true) => {
            both!("choose a writable folder with --out", "请用 --out 选择可写的文件夹")
        }
        (io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists, true) => both!(
            "a file is where a folder is needed; choose another folder with --out",
            "需要文件夹之处是一个文件；请用 --out 另选文件夹"
        ),
        _ => return reason(cause),
    };
    both!("{why}; {what}", "{why}；{what}"; why = reason(cause), what = what)
}

/// The name of a results folder: the name of the scenario, as far as every file system takes it, and
/// ten digits that stand for everything the results depend on.
///
/// `hash` is in hexadecimal.
pub fn folder_name(name: &str, hash: &str) -> String {
    format!("{}-{}", slug(name), &hash[..10])
}

/// SHA-256, in hexadecimal, of the resolved scenario, seeds included, without its comments and of the
/// model version.
pub fn scenario_hash(resolved: &str, model_version: &str) -> String {
    let values = toml::from_str::<toml::Table>(resolved).map(|table| table.to_string());
    hash([values.as_deref().unwrap_or(resolved), model_version])
}

/// SHA-256, in hexadecimal, of some texts one after another.
pub fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for (number, part) in parts.into_iter().enumerate() {
        if number > 0 {
            hash.update([0]);
        }
        hash.update(part);
    }
    hexadecimal(&hash.finalize())
}

/// SHA-256, in hexadecimal, of the bytes of a file.
pub fn hash_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// `name` in lower-case ASCII letters, digits and single hyphens; "scenario" if nothing is left.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(NAME_LENGTH);
    match slug.trim_end_matches('-') {
        "" => "scenario".into(),
        slug => slug.into(),
    }
}

/// True if `folder` holds finished results, believable or not.
pub fn is_finished(folder: &Path) -> bool {
    Dir::open_own(folder).is_ok_and(|dir| dir.has(MANIFEST))
}

/// Mends what processes that died left in `parent` when they made the results folder `name` there: results
/// that are whole get their name, the rest is removed. Returns what is said of what had to stay.
pub fn mend(parent: &Path, name: &str) -> Vec<Both> {
    // Where there is no such folder, there is nothing to mend.
    let Ok(dir) = Dir::open(parent) else { return Vec::new() };
    for (left, state) in stage::leftovers(&dir, name).unwrap_or_default() {
        if state == owner::State::Gone {
            // What cannot be mended is told by what clears the rest.
            let _ = mend_one(&dir, &left, name);
        }
    }
    stage::clear(&dir, name)
}

/// Deals with the folder `left` if it has a manifest; those that have not are left to [`stage::clear`].
fn mend_one(parent: &Dir, left: &str, name: &str) -> io::Result<()> {
    let Ok(dir) = parent.sub(left) else { return Ok(()) };
    let Ok(manifest) = Manifest::of(&dir) else { return Ok(()) };
    let listing = manifest.listing();
    let findings = listing.check(&dir, &[MANIFEST, LEDGER])?;
    if !manifest.is_sealed || !findings.is_ours() {
        return Ok(());
    }
    if findings.missing.is_empty() && !parent.has(name) {
        if dir.has(LEDGER) {
            dir.remove(LEDGER)?;
        }
        parent.rename_new(left, parent, name)?;
        parent.sync();
        return Ok(());
    }
    // With a ledger it is a draft whose process died just before the end.
    if dir.has(LEDGER) { Ok(()) } else { listing.remove(parent, left, MANIFEST) }
}

/// A results folder in the making. Dropped before [`Draft::finish`], it leaves nothing behind.
pub struct Draft {
    finished: PathBuf,
    name: String,
    stage: Stage,
    replace: bool,
    entries: Vec<Entry>,
}

impl Draft {
    /// Begins the folder `name` within `parent`, which is made if need be.
    ///
    /// # Errors
    /// [`Trouble::ThereAlready`] if it is finished already and `force` is not set, [`Trouble::Changed`] if it
    /// is set and would cost somebody a file, [`Trouble::NotOurs`] if something else has its name, or
    /// [`Trouble::Disk`].
    pub fn begin(parent: &Path, name: &str, force: bool) -> Result<Draft, Trouble> {
        let finished = parent.join(name);
        let dir = Dir::make(parent).map_err(Trouble::out(FOLDER, parent))?;
        let replace = is_free(&dir, name, force)?;
        let stage = Stage::begin(dir, name, "results", name).map_err(Trouble::out(FOLDER, &finished))?;
        Ok(Draft { finished, name: name.into(), stage, replace, entries: Vec::new() })
    }

    /// Where the folder will stand.
    pub fn path(&self) -> &Path {
        &self.finished
    }

    /// Where it stands until it is finished.
    pub fn place(&self) -> PathBuf {
        self.stage.path()
    }

    /// Writes one file through to the disk. `name` may lead into a folder, such as "plots/trust.svg".
    ///
    /// # Errors
    /// [`Trouble::Disk`] if the disk, or `fill`, refuses.
    pub fn write(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Sealing) -> io::Result<()>,
    ) -> Result<(), Trouble> {
        let entry = self.stage.write(name, fill).map_err(Trouble::out(WRITE, &self.finished.join(name)))?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes a file of known content.
    ///
    /// # Errors
    /// As [`Draft::write`].
    pub fn write_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.write(name, |to| to.write_all(bytes))
    }

    /// Writes `tables` in each of the `forms`, as far as a table has them.
    ///
    /// # Errors
    /// As [`Draft::write`].
    pub fn write_tables<'t>(
        &mut self,
        tables: impl IntoIterator<Item = &'t Table<'t>>,
        forms: &[Form],
    ) -> Result<(), Trouble> {
        for table in tables {
            for form in table.forms(forms) {
                self.write(&table.file(form), |to| table.write(form, to))?;
            }
        }
        Ok(())
    }

    /// The files written so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Writes the manifest, which lists all files written before it, and gives the folder its name.
    ///
    /// # Errors
    /// [`Trouble::ThereAlready`] if another process was faster, or as [`Draft::begin`].
    pub fn finish(mut self, mut manifest: Manifest) -> Result<PathBuf, Trouble> {
        manifest.files = self.entries.clone();
        let text = manifest.to_json().map_err(Trouble::out(WRITE, &self.finished))?;
        self.write_bytes(MANIFEST, text.as_bytes())?;
        let settled = self.stage.settle().and_then(|()| self.stage.close());
        settled.map_err(Trouble::out(WRITE, &self.finished))?;
        if self.replace {
            self.swap()?;
        } else if let Err(cause) = self.stage.give_name(&self.name) {
            return Err(match is_finished(&self.finished) {
                true => Trouble::ThereAlready(self.finished.clone()),
                false => Trouble::out(CREATE, &self.finished)(cause),
            });
        }
        Ok(self.finished.clone())
    }

    /// Puts the new folder in the place of the old one, and removes that.
    fn swap(&mut self) -> Result<(), Trouble> {
        let old = replaceable(self.stage.parent(), &self.name)?;
        let swapped = self.stage.take_place_of(&self.name);
        swapped.map_err(Trouble::out(text("replace", "替换"), &self.finished))?;
        let aside = self.stage.parent().path().join(self.stage.name());
        let removed = old.listing().remove(self.stage.parent(), self.stage.name(), MANIFEST);
        removed.map_err(Trouble::out(text("delete", "删除"), &aside))
    }
}

/// Says before anything is run whether the results folder `name` could be written into `parent`.
///
/// # Errors
/// As [`Draft::begin`].
pub fn check(parent: &Path, name: &str, force: bool) -> Result<(), Trouble> {
    match Dir::open(parent) {
        Ok(dir) => is_free(&dir, name, force).map(drop),
        // It will be made, or the disk will say why not.
        Err(_) => Ok(()),
    }
}

/// True if results are there that are to be replaced, false if there is nothing.
fn is_free(parent: &Dir, name: &str, force: bool) -> Result<bool, Trouble> {
    let path = parent.path().join(name);
    match is_finished(&path) {
        true if force => replaceable(parent, name).map(|_| true),
        true => Err(Trouble::ThereAlready(path)),
        false if parent.has(name) => Err(Trouble::NotOurs(path)),
        false => Ok(false),
    }
}

/// The manifest of the results folder `name` in `parent`, if nothing of anybody's is lost with the folder.
fn replaceable(parent: &Dir, name: &str) -> Result<Manifest, Trouble> {
    let path = parent.path().join(name);
    let dir = parent.sub(name).map_err(|_| Trouble::NotOurs(path.clone()))?;
    let manifest = Manifest::of(&dir).map_err(|_| Trouble::NotOurs(path.clone()))?;
    let findings = manifest.check(&dir).map_err(Trouble::out(READ, &path))?;
    if findings.is_ours() { Ok(manifest) } else { Err(Trouble::Changed(path, findings)) }
}

/// Puts `files`, each with its path within the folder, into a finished folder, and writes its manifest anew.
/// Every file is whole at any time, and fits the manifest: while files are exchanged, that has them as they
/// were and as they will be.
///
/// # Errors
/// [`Trouble::Changed`] if that would cost somebody a file, or [`Trouble::Disk`].
pub fn replace(folder: &Path, mut manifest: Manifest, files: &[(String, Vec<u8>)]) -> Result<(), Trouble> {
    let dir = Dir::open(folder).map_err(Trouble::disk(READ, folder))?;
    let findings = manifest.check(&dir).map_err(Trouble::disk(READ, folder))?;
    let is_in_the_way = |name: &String| files.iter().any(|(file, _)| file == name);
    let [changed, foreign] = [findings.changed, findings.foreign]
        .map(|names| names.into_iter().filter(is_in_the_way).collect::<Vec<_>>());
    if !changed.is_empty() || !foreign.is_empty() {
        return Err(Trouble::Changed(folder.into(), Findings { changed, foreign, missing: Vec::new() }));
    }
    let replaced = (|| {
        let mut stage = Stage::begin(dir.again()?, REPLACING, "report", &manifest.scenario_hash)?;
        for (name, bytes) in files {
            let entry = stage.write(name, |to| to.write_all(bytes))?;
            match manifest.files.iter_mut().find(|known| known.name == *name) {
                Some(known) => manifest.replacing.push(std::mem::replace(known, entry)),
                None => manifest.files.push(entry),
            }
        }
        write_manifest(&mut stage, &manifest, &dir, "manifest-before.json")?;
        for (name, _) in files {
            put(&stage, name, &dir)?;
        }
        manifest.replacing.clear();
        write_manifest(&mut stage, &manifest, &dir, "manifest-after.json")?;
        dir.sync();
        Ok(())
    })();
    replaced.map_err(Trouble::disk(WRITE, folder))
}

/// What a folder is called after in which files are made for a finished one.
const REPLACING: &str = "replacing";

/// Removes what a process left in a finished folder that died while it replaced files. Where the disk refuses,
/// as in a folder that may only be read, it stays.
pub fn mend_replacing(dir: &Dir) {
    let _ = stage::clear(dir, REPLACING);
}

fn write_manifest(stage: &mut Stage, manifest: &Manifest, dir: &Dir, name: &str) -> io::Result<()> {
    let text = manifest.to_json()?;
    stage.write(name, |to| to.write_all(text.as_bytes()))?;
    stage.place(name, dir, MANIFEST)
}

/// Moves a file from the stage to where it belongs.
fn put(stage: &Stage, name: &str, dir: &Dir) -> io::Result<()> {
    let Some((folder, last)) = name.rsplit_once('/') else { return stage.place(name, dir, name) };
    let folder = match dir.make_sub(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => dir.sub(folder)?,
        made => made?,
    };
    stage.place(name, &folder, last)
}
