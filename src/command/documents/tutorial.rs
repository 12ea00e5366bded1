//! The files of `examples/` within the pages of `docs/tutorial/`.

/// `examples/own_institution.rs`.
pub fn own_institution() -> String {
    block("rust", include_str!("../../../examples/own_institution.rs"))
}

/// `examples/time-bank.toml`.
pub fn time_bank() -> String {
    block("toml", include_str!("../../../examples/time-bank.toml"))
}

/// `examples/own_theory.rs`.
pub fn own_theory() -> String {
    block("rust", include_str!("../../../examples/own_theory.rs"))
}

/// A file as a block of code.
fn block(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n", text.trim_end())
}
