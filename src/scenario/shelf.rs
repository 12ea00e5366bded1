//! Files that are part of the program, so that published results can be checked anywhere.

/// Names and texts; a scenario extends one of them by `shequ:NAME`.
pub const FILES: &[(&str, &str)] = &[];
