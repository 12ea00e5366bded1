//! Words in both languages at once, some of them made at run time.

use serde::Serialize;

use crate::base::about::Text;
use crate::report::words::Language;

/// The same words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Both {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// Both languages at once.
pub fn both(en: impl Into<String>, zh: impl Into<String>) -> Both {
    Both { en: en.into(), zh: zh.into() }
}

impl Both {
    /// What is written alike in both languages, such as a key.
    pub fn same(text: &str) -> Both {
        both(text, text)
    }

    /// What `say` says in each language.
    pub fn by(say: impl Fn(Language) -> String) -> Both {
        both(say(Language::En), say(Language::Zh))
    }

    /// The name of something that may lack a Chinese one.
    pub fn name(en: &str, zh: &str) -> Both {
        both(en, if zh.is_empty() { en } else { zh })
    }

    /// The words in `language`.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

impl From<Text> for Both {
    fn from(text: Text) -> Both {
        both(text.en, text.zh)
    }
}
