//! The language of what people see.

use crate::base::about::Text;
use clap::ValueEnum;

/// A language of the project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// `words` in this language.
    pub fn of(self, words: Text) -> &'static str {
        match self {
            Language::En => words.en,
            Language::Zh => words.zh,
        }
    }
}
