//! The disk, as this program touches it: every file is made, and every folder changed, through this module.
//!
//! Three rules hold here, so that they hold everywhere:
//!
//! - *No link is followed*, except within the path that a user typed. Files and folders are reached from an
//!   open folder ([`Dir`]), so that nobody can put a link or another folder in the way either.
//! - *A file is made as a new one*, in a folder of this process's own (`stage::Stage`), and gets its name
//!   when it is whole.
//! - *Nothing is removed* but what a list that the program wrote itself names ([`listing::Listing`]).
//!
//! The lint `disallowed_methods` keeps other ways of writing out of the rest of the program.

pub mod listing;
pub(crate) mod owner;
pub mod seal;
pub(crate) mod stage;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use cap_fs_ext::{DirExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir as Handle, Metadata, OpenOptions};
use stage::Stage;

use shequ_model::base::i18n::both;

/// Longest text that is read whole, in bytes: a manifest, a ledger, a resolved scenario.
const LONGEST_TEXT: u64 = 64 << 20;

/// An open folder, and the path by which people know it. Names of files in it may lead into folders, with
/// "/" between parts.
#[derive(Debug)]
pub struct Dir {
    handle: Handle,
    path: PathBuf,
}

impl Dir {
    /// Opens the folder that a user named.
    ///
    /// # Errors
    /// An I/O error if it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Dir> {
        let place = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Ok(Dir { handle: Handle::open_ambient_dir(place, ambient_authority())?, path: path.into() })
    }

    /// Opens the folder that a user named, which is made if need be with all above it.
    ///
    /// # Errors
    /// An I/O error if it cannot be made or opened.
    pub fn make(path: &Path) -> io::Result<Dir> {
        if !path.as_os_str().is_empty() {
            Handle::create_ambient_dir_all(path, ambient_authority())?;
        }
        Dir::open(path)
    }

    /// Opens a folder whose own name must not be a link.
    ///
    /// # Errors
    /// An I/O error if it cannot be opened or is no folder.
    pub fn open_own(path: &Path) -> io::Result<Dir> {
        match (path.parent(), path.file_name().and_then(|name| name.to_str())) {
            (Some(parent), Some(name)) => Ok(Dir { path: path.into(), ..Dir::open(parent)?.sub(name)? }),
            _ => Dir::open(path),
        }
    }

    /// The same folder once more.
    ///
    /// # Errors
    /// An I/O error.
    pub fn again(&self) -> io::Result<Dir> {
        Ok(Dir { handle: self.handle.try_clone()?, path: self.path.clone() })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a folder in it.
    ///
    /// # Errors
    /// An I/O error if it is not there, or is a link or no folder.
    pub fn sub(&self, name: &str) -> io::Result<Dir> {
        Ok(Dir { handle: self.handle.open_dir_nofollow(name)?, path: self.path.join(name) })
    }

    /// Makes a folder in it, which must be new.
    ///
    /// # Errors
    /// An I/O error, of the kind `AlreadyExists` if anything has its name.
    pub fn make_sub(&self, name: &str) -> io::Result<Dir> {
        self.handle.create_dir(name)?;
        self.sub(name)
    }

    /// Opens a file to read it.
    ///
    /// # Errors
    /// An I/O error if it is not there, or is a link or no regular file.
    pub fn read(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true);
        Ok(self.regular(name, options)?.0)
    }

    /// Opens a regular file, never waiting for another process as a pipe would have it.
    fn regular(&self, name: &str, mut options: OpenOptions) -> io::Result<(File, Metadata)> {
        let (folder, name) = self.within(name)?;
        let folder = folder.as_ref().unwrap_or(self);
        let file = folder.handle.open_with(name, options.follow(FollowSymlinks::No).nonblock(true));
        let file = file.map_err(|error| if folder.is_link(name) { irregular() } else { error })?;
        let about = file.metadata()?;
        if about.is_file() { Ok((file.into_std(), about)) } else { Err(irregular()) }
    }

    /// The folder within this one that `name` leads into, if it leads into one, and the last part of the name.
    fn within<'n>(&self, name: &'n str) -> io::Result<(Option<Dir>, &'n str)> {
        let Some((folders, last)) = name.rsplit_once('/') else { return Ok((None, name)) };
        let mut parts = folders.split('/');
        let first = self.sub(parts.next().unwrap_or_default())?;
        Ok((Some(parts.try_fold(first, |folder, part| folder.sub(part))?), last))
    }

    fn is_link(&self, name: &str) -> bool {
        self.handle.symlink_metadata(name).is_ok_and(|about| about.is_symlink())
    }

    /// The bytes of a file that is text.
    ///
    /// # Errors
    /// An I/O error if it cannot be read, or is too long to be what it should be.
    pub fn text(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read(name)?.take(LONGEST_TEXT + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > LONGEST_TEXT {
            true => Err(ErrorKind::FileTooLarge.into()),
            false => Ok(bytes),
        }
    }

    /// Makes a file, which must be new, and opens it to write.
    ///
    /// # Errors
    /// An I/O error, of the kind `AlreadyExists` if anything has its name.
    pub fn create(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).follow(FollowSymlinks::No);
        Ok(self.handle.open_with(name, &options)?.into_std())
    }

    /// Opens a file that is there, to read it and to add to its end.
    ///
    /// # Errors
    /// An I/O error if it is no regular file, or goes by another name too.
    pub fn append(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        let (file, about) = self.regular(name, options)?;
        if about.nlink() == 1 { Ok(file) } else { Err(irregular()) }
    }

    /// Removes a file, or a link.
    ///
    /// # Errors
    /// An I/O error.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        let (folder, name) = self.within(name)?;
        folder.as_ref().unwrap_or(self).handle.remove_file_or_symlink(name)
    }

    /// Removes a folder that is empty.
    ///
    /// # Errors
    /// An I/O error.
    pub fn remove_dir(&self, name: &str) -> io::Result<()> {
        self.handle.remove_dir(name)
    }

    /// Moves `name` to `to`, where it takes the place of a file of the name `new`.
    ///
    /// # Errors
    /// An I/O error.
    pub fn rename(&self, name: &str, to: &Dir, new: &str) -> io::Result<()> {
        let (folder, name) = self.within(name)?;
        folder.as_ref().unwrap_or(self).handle.rename(name, &to.handle, new)
    }

    /// Moves `name` to `to` under the name `new`, which nothing may have.
    ///
    /// # Errors
    /// An I/O error, of the kind `AlreadyExists` if anything has that name.
    pub fn rename_new(&self, name: &str, to: &Dir, new: &str) -> io::Result<()> {
        match self.rename_with(name, to, new, Rename::New) {
            Err(error) if is_unknown(&error) && !to.has(new) => self.handle.rename(name, &to.handle, new),
            Err(error) if is_unknown(&error) => Err(ErrorKind::AlreadyExists.into()),
            outcome => outcome,
        }
    }

    /// Lets two names change places at one moment; false if the file system cannot do that.
    ///
    /// # Errors
    /// An I/O error.
    pub fn exchange(&self, one: &str, other: &str) -> io::Result<bool> {
        match self.rename_with(one, self, other, Rename::Exchange) {
            Ok(()) => Ok(true),
            Err(error) if is_unknown(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn rename_with(&self, name: &str, to: &Dir, new: &str, how: Rename) -> io::Result<()> {
        use rustix::fs::{RenameFlags, renameat_with};
        let flags = match how {
            Rename::New => RenameFlags::NOREPLACE,
            Rename::Exchange => RenameFlags::EXCHANGE,
        };
        Ok(renameat_with(&self.handle, name, &to.handle, new, flags)?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    fn rename_with(&self, _: &str, _: &Dir, _: &str, _: Rename) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    /// True if anything has that name, be it a link that leads nowhere.
    pub fn has(&self, name: &str) -> bool {
        self.handle.symlink_metadata(name).is_ok()
    }

    /// True if a folder, and no link to one, has that name.
    pub fn has_dir(&self, name: &str) -> bool {
        self.handle.symlink_metadata(name).is_ok_and(|about| about.is_dir())
    }

    /// Length of a regular file in bytes; none if the file does not exist.
    pub fn length(&self, name: &str) -> Option<u64> {
        let (folder, name) = self.within(name).ok()?;
        let about = folder.as_ref().unwrap_or(self).handle.symlink_metadata(name).ok()?;
        about.is_file().then_some(about.len())
    }

    /// True if `name` in `parent` is this very folder.
    pub fn is_called(&self, parent: &Dir, name: &str) -> bool {
        let id = |about: Metadata| (about.dev(), about.ino());
        match (self.handle.dir_metadata(), parent.handle.symlink_metadata(name)) {
            (Ok(own), Ok(other)) => id(own) == id(other),
            _ => false,
        }
    }

    /// The names in it, sorted.
    ///
    /// # Errors
    /// An I/O error.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names =
            self.handle.entries()?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    /// Makes the names in it last through a power cut, as far as the system lets us.
    pub fn sync(&self) {
        if let Ok(folder) = self.handle.try_clone() {
            let _ = folder.into_std_file().sync_all();
        }
    }
}

/// How a name is given.
#[derive(Clone, Copy)]
enum Rename {
    /// Only if nothing has it.
    New,
    /// In exchange for that of what has it.
    Exchange,
}

/// True if the system, or this file system, does not know how to do that.
fn is_unknown(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput)
}

/// Opens the file at `path`, whose own name must not be a link, to read it.
///
/// # Errors
/// As [`Dir::read`].
pub fn read(path: &Path) -> io::Result<File> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(ErrorKind::InvalidFilename)?;
    Dir::open(path.parent().unwrap_or(Path::new("")))?.read(name)
}

/// Puts a file of these bytes into `dir`: a new one, or, if it is to replace one that a user named, in its place.
///
/// # Errors
/// An I/O error, of the kind `AlreadyExists` if anything has the name that is not to be replaced; `PermissionDenied`
/// if the file to be replaced may not be written to.
pub fn put(dir: &Dir, name: &str, bytes: &[u8], replace: bool) -> io::Result<()> {
    // What has to stay of what others left is no business of this file.
    let _ = stage::clear(dir, name);
    if replace && dir.has(name) {
        let about = dir.read(name)?.metadata()?;
        if about.permissions().readonly() {
            return Err(ErrorKind::PermissionDenied.into());
        }
    }
    let mut stage = Stage::begin(dir.again()?, name, "file", name)?;
    stage.write(name, |to| to.write_all(bytes))?;
    match replace {
        true => stage.place(name, dir, name),
        false => stage.dir().rename_new(name, dir, name),
    }
}

fn irregular() -> io::Error {
    io::Error::new(
        ErrorKind::InvalidInput,
        both!("it is not a regular file, or has several names", "它不是普通文件，或另有别名"),
    )
}
