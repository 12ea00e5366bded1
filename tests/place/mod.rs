//! The program as a user runs it, in a temporary folder.
#![allow(dead_code)] // Each test file uses a part.

use crate::program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A temporary folder in which the program is run.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(name, text)| place.write(name, text));
        place
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The program with these arguments, in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program::shequ();
        command.current_dir(self.path()).args(arguments).stdin(Stdio::null());
        command
    }

    /// What the program does with these arguments.
    pub fn shequ(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The only results folder under `out`.
    pub fn results(&self, out: &str) -> PathBuf {
        let found: Vec<PathBuf> = entries(&self.path().join(out));
        assert_eq!(found.len(), 1, "one folder in {out}: {found:?}");
        found.into_iter().next().unwrap()
    }
}

/// What a folder holds, by name.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    all
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
