//! The cases that are part of the program.

use shequ_model::scenario::bundled::FILES;

/// Folder of the cases among the files of the program.
const FOLDER: &str = "benchmarks/";

/// Names of all cases, such as "o01-granovetter-uniform", in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, text)| {
        let name = path.strip_prefix(FOLDER)?.strip_suffix(".toml")?;
        text.contains("[[check]]").then_some(name)
    })
}

/// The path by which a case is loaded.
pub fn path(name: &str) -> String {
    format!("shequ:{FOLDER}{name}.toml")
}
