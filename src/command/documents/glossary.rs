//! `docs/glossary.md`.

use super::{NOTE, table};
use crate::command::explain::glossary::TERMS;

/// The whole page.
pub fn page() -> String {
    let rows = TERMS.iter().map(|term| {
        [term.name.en, term.name.zh, term.meaning.en, term.meaning.zh, term.once].map(String::from)
    });
    format!(
        "{NOTE}\n# Glossary\n\n\
         The field's words as this program uses them; `shequ explain TERM` prints one, by its English or its \
         Chinese name. The last column has what version 0.1.0 said, and what some pages and names still say.\n\n{}",
        table(["term", "术语", "meaning", "含义", "in version 0.1.0"], rows)
    )
}
