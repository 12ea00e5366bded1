//! Tells the program which commit it is built from, for the manifest of results.

use std::fs::read_to_string;

fn main() {
    println!("cargo:rerun-if-changed=.git/HEAD");
    if let Some(commit) = commit() {
        println!("cargo:rustc-env=SHEQU_COMMIT={commit}");
    }
}

/// The commit that HEAD names, if this is a git checkout.
fn commit() -> Option<String> {
    let head = read_to_string(".git/HEAD").ok()?;
    let Some(name) = head.trim().strip_prefix("ref: ") else {
        return Some(head.trim().to_string());
    };
    let file = format!(".git/{name}");
    println!("cargo:rerun-if-changed={file}");
    if let Ok(commit) = read_to_string(&file) {
        return Some(commit.trim().to_string());
    }
    let packed = read_to_string(".git/packed-refs").ok()?;
    packed.lines().find_map(|line| line.strip_suffix(name)).map(|commit| commit.trim().to_string())
}
