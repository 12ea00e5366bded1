//! The source files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders that hold source, from the root: the model, experiments, reports, the explorer, the command line, and the
/// Python package.
pub const FOLDERS: [&str; 6] = [
    "crates/model/src",
    "crates/experiment/src",
    "crates/report/src",
    "crates/explore/src",
    "src",
    "python/src",
];

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the workspace but tests and examples, with its path from the root and its text.
pub fn all() -> Vec<(PathBuf, String)> {
    FOLDERS.iter().flat_map(|folder| below(folder)).collect()
}

/// Every Rust file below `folder`, which is named from the root, in the order of names.
pub fn below(folder: &str) -> Vec<(PathBuf, String)> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(root().join(folder)).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    let of = |path: PathBuf| {
        let inside = path.strip_prefix(root()).expect("below the root").to_path_buf();
        match path.is_dir() {
            true => below(inside.to_str().expect("a plain name")),
            false if path.extension().is_some_and(|e| e == "rs") => {
                vec![(inside, fs::read_to_string(path).expect("text"))]
            }
            false => Vec::new(),
        }
    };
    entries.into_iter().flat_map(of).collect()
}
