//! Tells the program what it is built from, for the manifest of results: the commit, whether the tree differs
//! from it, and a hash of the sources, which tells programs apart where there is no git; the compiler, and a hash of the file
//! that pins dependencies.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

/// The workspace.
const ROOT: &str = "../..";
/// What the numbers of a run depend on, within the workspace.
const SOURCES: [&str; 4] = ["src", "crates", "Cargo.toml", "Cargo.lock"];

fn main() -> io::Result<()> {
    std::env::set_current_dir(ROOT)?;
    let from_here = std::env::current_dir()?;
    for place in SOURCES.map(|place| from_here.join(place)) {
        let place = place.display();
        println!("cargo:rerun-if-changed={place}");
    }
    println!("cargo:rustc-env=SHEQU_SOURCES={}", hash()?);
    // A package may be built without its lock file.
    if let Ok(lock) = fs::read("Cargo.lock") {
        println!("cargo:rustc-env=SHEQU_LOCK={}", hexadecimal(&Sha256::digest(lock)));
    }
    if let Some(compiler) = compiler() {
        println!("cargo:rustc-env=SHEQU_COMPILER={compiler}");
    }
    if let Some(commit) = commit() {
        println!("cargo:rustc-env=SHEQU_COMMIT={commit}");
    }
    Ok(())
}

/// SHA-256 over the name and the text of every source, in hexadecimal.
fn hash() -> io::Result<String> {
    let mut files = Vec::new();
    SOURCES.iter().try_for_each(|place| list(Path::new(place), &mut files))?;
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        // With "/" and line feeds on every system.
        let name = file.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        let bytes: Vec<u8> = fs::read(&file)?.into_iter().filter(|&byte| byte != b'\r').collect();
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    Ok(hexadecimal(&hash.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the compiler says that it is.
fn compiler() -> Option<String> {
    said(Command::new(std::env::var_os("RUSTC")?).arg("--version"))
}

fn list(place: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !place.is_dir() {
        // A package may be built without its lock file.
        files.extend(place.is_file().then(|| place.to_path_buf()));
        return Ok(());
    }
    for entry in fs::read_dir(place)? {
        list(&entry?.path(), files)?;
    }
    Ok(())
}

/// The commit of this tree, "… modified" if a source differs from it; none if git cannot tell.
fn commit() -> Option<String> {
    // A copy within another repository is none of that repository's commits.
    if !git(&["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    // Not the index: whether a source differs shows in the sources, and reading the state may write the index.
    for name in ["HEAD", "logs/HEAD"] {
        // Cargo takes a relative path from the folder of the crate, and what is missing there for changed.
        let file = std::env::current_dir().ok()?.join(git(&["rev-parse", "--git-path", name])?);
        if file.exists() {
            println!("cargo:rerun-if-changed={}", file.display());
        }
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let changed = git(&[&["status", "--porcelain", "--"], &SOURCES[..]].concat())?;
    Some(if changed.is_empty() { commit } else { format!("{commit} modified") })
}

fn git(arguments: &[&str]) -> Option<String> {
    said(Command::new("git").arg("--no-optional-locks").args(arguments))
}

/// What a command prints, if it succeeds.
fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_string())
}
