//! The cases of `shequ validate`, for `docs/validation.md`.

use super::{code, table};
use shequ_experiment::validate::{Case, Check, bundled};

/// The cases that are part of the program, with their names. A case that cannot be read is left out here;
/// a test loads them all.
fn cases() -> impl Iterator<Item = (&'static str, Case)> {
    bundled::names().filter_map(|name| Some((name, Case::load(bundled::path(name).as_ref(), &[]).ok()?)))
}

/// What each case checks.
pub fn checks() -> String {
    let rows = cases().flat_map(|(name, case)| {
        let file = format!("[{}](../scenarios/benchmarks/{name}.toml)", case.id);
        let row = |check: &Check| {
            let [expected, tolerance] =
                [check.expected, check.tolerance].map(|value| code(&value.to_string()));
            [file.clone(), check.name.clone(), expected, tolerance, check.because.clone()]
        };
        case.checks.iter().map(row).collect::<Vec<_>>()
    });
    table(["case", "what", "expected", "±", "reason for the tolerance"], rows)
}

/// What each case reproduces, and where that is published.
pub fn sources() -> String {
    let line = |(_, case): (&str, Case)| {
        format!("- **{}** {} ({}). {}.\n", case.id, case.title, case.title_zh, case.source)
    };
    cases().map(line).collect()
}
