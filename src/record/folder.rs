//! A results folder: written under a temporary name, and renamed when whole.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::base::about::{Text, text};
use crate::base::words::{Both, both, reason};
use crate::record::manifest::{MANIFEST, Manifest};
use crate::record::table::{Form, Table};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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
    /// The disk refused.
    Disk {
        /// "write", "create" …
        doing: Text,
        /// What it was done to.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl Trouble {
    fn disk(doing: Text, path: &Path) -> impl FnOnce(io::Error) -> Trouble {
        let path = path.to_path_buf();
        move |cause| Trouble::Disk { doing, path, cause }
    }

    /// What is told of it.
    pub fn said(&self) -> Both {
        match self {
            Trouble::ThereAlready(path) => both!(
                "{path} is there already; --force makes it anew", "{path} 已经存在；用 --force 重新生成";
                path = path.display()
            ),
            Trouble::NotOurs(path) => both!(
                "{path} exists and is no results folder of this program, so it is left alone; move it away or \
                 choose another folder with --out",
                "{path} 已经存在，但不是本程序的结果文件夹，因此未作改动；请将其移走，或用 --out 另选文件夹";
                path = path.display()
            ),
            Trouble::Disk { doing, path, cause } => both!(
                "cannot {doing} {path}: {why}", "无法{doing} {path}：{why}";
                doing = *doing, path = path.display(), why = advice(cause)
            ),
        }
    }
}

/// What the system said, and what to do about it.
fn advice(cause: &io::Error) -> Both {
    let what = match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => both!(
            "free some space, or choose a folder on another disk with --out",
            "请腾出空间，或用 --out 选择另一磁盘上的文件夹"
        ),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            both!("choose a folder that you may write to with --out", "请用 --out 选择可以写入的文件夹")
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => both!(
            "a file stands where a folder is needed; choose another folder with --out",
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

/// A file of a results folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path within the folder, with "/" between parts.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// True if `folder` holds finished results.
pub fn is_finished(folder: &Path) -> bool {
    folder.join(MANIFEST).is_file()
}

/// A results folder in the making. Dropped before [`Draft::finish`], it leaves nothing behind.
pub struct Draft {
    finished: PathBuf,
    partial: PathBuf,
    replace: bool,
    entries: Vec<Entry>,
}

impl Draft {
    /// Begins the folder `name` within `parent`, which is made if need be.
    ///
    /// # Errors
    /// [`Trouble::ThereAlready`] if it is finished already and `force` is not set,
    /// [`Trouble::NotOurs`] if something else has its name, or what the disk says.
    pub fn begin(parent: &Path, name: &str, force: bool) -> Result<Draft, Trouble> {
        let finished = parent.join(name);
        let replace = is_finished(&finished);
        if replace && !force {
            return Err(Trouble::ThereAlready(finished));
        }
        if !replace && finished.symlink_metadata().is_ok() {
            return Err(Trouble::NotOurs(finished));
        }
        let partial = parent.join(format!(".{name}.partial-{}", std::process::id()));
        fs::create_dir_all(parent).map_err(Trouble::disk(FOLDER, parent))?;
        // A process of the same number may have died here.
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(Trouble::disk(text("clear", "清空"), &partial))?;
        }
        fs::create_dir(&partial).map_err(Trouble::disk(FOLDER, &partial))?;
        Ok(Draft { finished, partial, replace, entries: Vec::new() })
    }

    /// Where the folder will stand.
    pub fn path(&self) -> &Path {
        &self.finished
    }

    /// Where it stands until it is finished.
    pub fn place(&self) -> &Path {
        &self.partial
    }

    /// Writes one file through to the disk. `name` may lead into a folder, such as "plots/trust.svg".
    ///
    /// # Errors
    /// What the disk, or `fill`, says.
    pub fn write(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Sealing) -> io::Result<()>,
    ) -> Result<(), Trouble> {
        let path = self.partial.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Trouble::disk(FOLDER, folder))?;
        }
        let file = File::create(&path).map_err(Trouble::disk(CREATE, &path))?;
        let mut sealing = Sealing::new(file);
        let sealed = fill(&mut sealing).and_then(|()| sealing.seal());
        let (size, sha256) = sealed.map_err(Trouble::disk(WRITE, &path))?;
        self.entries.push(Entry { name: name.into(), size, sha256 });
        Ok(())
    }

    /// Writes a file of known content.
    ///
    /// # Errors
    /// What the disk says.
    pub fn write_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.write(name, |to| to.write_all(bytes))
    }

    /// Writes `tables` in each of the `forms`.
    ///
    /// # Errors
    /// What the disk says.
    pub fn write_tables(&mut self, tables: &[Table], forms: &[Form]) -> Result<(), Trouble> {
        for table in tables {
            for &form in forms {
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
    /// [`Trouble::ThereAlready`] if another process was faster, or what the disk says.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<PathBuf, Trouble> {
        manifest.files = self.entries.clone();
        let text = manifest.to_json().map_err(Trouble::disk(WRITE, &self.finished))?;
        self.write_bytes(MANIFEST, text.as_bytes())?;
        sync_folder(&self.partial);
        if self.replace {
            self.swap()?;
        } else if let Err(cause) = fs::rename(&self.partial, &self.finished) {
            return Err(match is_finished(&self.finished) {
                true => Trouble::ThereAlready(self.finished.clone()),
                false => Trouble::Disk { doing: CREATE, path: self.finished.clone(), cause },
            });
        }
        if let Some(parent) = self.finished.parent() {
            sync_folder(parent);
        }
        Ok(self.finished.clone())
    }

    /// Puts the new folder in the place of the old one, which comes back if that fails.
    fn swap(&self) -> Result<(), Trouble> {
        let old = self.partial.with_extension(format!("old-{}", std::process::id()));
        let trouble = || Trouble::disk(text("replace", "替换"), &self.finished);
        fs::rename(&self.finished, &old).map_err(trouble())?;
        if let Err(cause) = fs::rename(&self.partial, &self.finished) {
            // The error that is told is the first one.
            let _ = fs::rename(&old, &self.finished);
            return Err(trouble()(cause));
        }
        fs::remove_dir_all(&old).map_err(Trouble::disk(text("delete", "删除"), &old))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already if the draft was finished; and if the disk refuses, what is left is harmless.
        let _ = fs::remove_dir_all(&self.partial);
    }
}

/// A file being written, whose bytes are counted and hashed on their way.
pub struct Sealing {
    file: BufWriter<File>,
    hash: Sha256,
    size: u64,
}

impl Sealing {
    /// The beginning of `file`.
    pub(super) fn new(file: File) -> Sealing {
        Sealing { file: BufWriter::with_capacity(1 << 16, file), hash: Sha256::new(), size: 0 }
    }

    /// Puts the hash of what was written, 32 bytes, at the end of the file, and sees it through to the disk.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.file.write_all(&self.hash.finalize())?;
        self.file.flush()?;
        self.file.get_ref().sync_all()
    }

    /// Size and hash of the file once it is on the disk.
    fn seal(mut self) -> io::Result<(u64, String)> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok((self.size, hexadecimal(&self.hash.finalize())))
    }
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(bytes)?;
        self.hash.update(&bytes[..taken]);
        self.size += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Size and SHA-256 of a file, listed under `name`.
///
/// # Errors
/// What the disk says.
pub fn entry_of(folder: &Path, name: &str) -> io::Result<Entry> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(folder.join(name))?);
    let (size, hash) = hash_of(&mut file)?;
    Ok(Entry { name: name.into(), size, sha256: hexadecimal(&hash) })
}

/// Number of bytes that are left in `from`, and their SHA-256.
pub(super) fn hash_of(from: &mut impl BufRead) -> io::Result<(u64, [u8; 32])> {
    let (mut hash, mut size) = (Sha256::new(), 0);
    loop {
        let chunk = from.fill_buf()?;
        if chunk.is_empty() {
            return Ok((size, hash.finalize().into()));
        }
        hash.update(chunk);
        let length = chunk.len();
        size += length as u64;
        from.consume(length);
    }
}

/// Puts `files`, each with its path within the folder, into a finished folder, and writes its manifest anew.
/// Every file is whole at any time; tables stay as they are.
///
/// # Errors
/// What the disk says.
pub fn replace(folder: &Path, mut manifest: Manifest, files: &[(String, Vec<u8>)]) -> Result<(), Trouble> {
    for (name, bytes) in files {
        whole(&folder.join(name), |file| filled(file, bytes))?;
        let entry = entry_of(folder, name).map_err(Trouble::disk(READ, &folder.join(name)))?;
        match manifest.files.iter_mut().find(|known| known.name == *name) {
            Some(known) => *known = entry,
            None => manifest.files.push(entry),
        }
    }
    let path = folder.join(MANIFEST);
    let text = manifest.to_json().map_err(Trouble::disk(WRITE, &path))?;
    whole(&path, |file| filled(file, text.as_bytes()))?;
    sync_folder(folder);
    Ok(())
}

/// Writes a file under a temporary name beside it, by `fill`, which sees it through to the disk, and renames
/// it.
pub(super) fn whole(path: &Path, fill: impl FnOnce(File) -> io::Result<()>) -> Result<(), Trouble> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(Trouble::disk(FOLDER, parent))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let partial = parent.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = File::create(&partial).and_then(fill).and_then(|()| fs::rename(&partial, path));
    written.map_err(|cause| {
        // The error that is told is the first one.
        let _ = fs::remove_file(&partial);
        Trouble::disk(WRITE, path)(cause)
    })
}

fn filled(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in a folder last through a power cut. Where folders cannot be opened as files, as
/// on Windows, that is up to the system.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
