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
         The terms that this program uses. `shequ explain TERM` prints one, by its English or Chinese name. \
         The last column has the name in version 0.1.0, where it was another.\n\n{}",
        table(["term", "术语", "meaning", "含义", "in version 0.1.0"], rows)
    )
}
