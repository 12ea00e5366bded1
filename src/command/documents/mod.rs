//! The documents under `docs/` that are made from what the program says of itself, whole or in part.
//!
//! Nothing here decides anything about the model: each function only lays out descriptions that keys,
//! institutions, theories, rules and metrics give of themselves.

pub mod calibration;
pub mod evidence;
pub mod glossary;
pub mod institutions;
pub mod mechanisms;
pub mod metrics;
pub mod odd;
pub mod parameters;
pub mod targets;
pub mod theories;
pub mod tutorial;
pub mod validation;

/// A first line that tells people where to change the page.
pub const NOTE: &str =
    "<!-- Made by `cargo run -- generate --write` from the program; do not edit by hand. -->\n";

/// A table: its head and its rows, as Markdown.
pub fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: [String; N]| format!("| {} |\n", cells.map(|cell| in_cell(&cell)).join(" | "));
    let rule = format!("|{}\n", "---|".repeat(N));
    let body: String = rows.into_iter().map(line).collect();
    format!("{}{rule}{body}", line(head.map(String::from)))
}

/// Text as one cell of a table holds it.
fn in_cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").trim().to_string()
}

/// Text in the type of a machine.
pub fn code(text: &str) -> String {
    format!("`{text}`")
}

/// The sentence with a capital letter and a full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_within_a_cell_ends_no_cell() {
        let text = table(["a", "b"], [["x | y".into(), "two\nlines".into()]]);
        assert_eq!(text, "| a | b |\n|---|---|\n| x \\| y | two lines |\n");
    }
}
