//! Texts for people, in both languages at once.
//!
//! A message is made where its cause is known, in English and Chinese side by side (`both!`); the language
//! is chosen where it is shown. [`Both`] has no `Display`, so that neither can be printed by accident,
//! and nothing takes a message in one language, so that one without Chinese does not compile. An error has a
//! `message` in both, and is an error of the standard library too (`errors!`), whose words are English.

use std::borrow::Cow;
use std::error::Error;
use std::ffi::OsString;
use std::fmt::{self, Display};
use std::io::{self, ErrorKind};

use serde::Serialize;

use super::params::Text;
use super::visible::visible;

/// A language of the project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// What languages are called on the command line.
    pub const NAMES: [&str; 2] = ["en", "zh"];

    /// The variables of the environment that say it, the program's own first, then those of POSIX by their rank.
    const VARIABLES: [&str; 4] = ["SHEQU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

    /// That of the first variable that is set: Chinese of `zh`, `zh_CN.UTF-8` and the like, else English.
    pub fn of_environment() -> Language {
        let set = Self::VARIABLES.into_iter().filter_map(std::env::var_os).find(|value| !value.is_empty());
        let is_chinese = |value: OsString| value.to_string_lossy().to_lowercase().starts_with("zh");
        if set.is_some_and(is_chinese) { Language::Zh } else { Language::En }
    }

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The language of that name.
    pub fn named(name: &str) -> Option<Language> {
        Self::NAMES.iter().position(|known| *known == name).map(|at| [Language::En, Language::Zh][at])
    }

    /// `words` in this language.
    pub fn of(self, words: Text) -> &'static str {
        match self {
            Language::En => words.en,
            Language::Zh => words.zh,
        }
    }
}

/// The same words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Both {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// Most bytes of a message; what a file or a command line puts into it may be of any length.
const LONGEST: usize = 8_000;

/// A number with its noun, which in English has a plural: "1 community", "3,000 adults".
pub fn counted(n: u64, [one, many]: [&str; 2], zh: &str) -> Both {
    let number = thousands(n);
    both(format!("{number} {}", if n == 1 { one } else { many }), format!("{number} {zh}"))
}

/// 3000 as "3,000".
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Both languages at once, of words that are there already; `both!` formats them. Whatever is in them from
/// files and command lines, they can be shown on a terminal.
pub fn both(en: impl Into<String>, zh: impl Into<String>) -> Both {
    let shown = |mut text: String| {
        if text.len() > LONGEST {
            text.truncate((0..=LONGEST).rfind(|&at| text.is_char_boundary(at)).unwrap_or(0));
            text.push('…');
        }
        match visible(&text) {
            Cow::Owned(shown) => shown,
            Cow::Borrowed(_) => text,
        }
    };
    Both { en: shown(en.into()), zh: shown(zh.into()) }
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

impl From<Both> for (String, String) {
    fn from(words: Both) -> (String, String) {
        (words.en, words.zh)
    }
}

/// Words in both languages as an error of the standard library, whose `Display` is English; [`carried`] and
/// [`reason`] find the Chinese again.
#[derive(Debug)]
struct Carried(Both);

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl Error for Carried {}

impl From<Both> for Box<dyn Error + Send + Sync> {
    fn from(words: Both) -> Self {
        Box::new(Carried(words))
    }
}

/// The words that an error carries, if this program made it.
pub fn carried<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Both> {
    error.downcast_ref().map(|Carried(words)| words)
}

/// Why the system, or a part of this program, could not read or write. The system's own words are English;
/// those that people meet have Chinese here, the others stay as they are.
pub fn reason(error: &io::Error) -> Both {
    if let Some(Carried(words)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return words.clone();
    }
    let zh = match error.kind() {
        ErrorKind::NotFound => "没有这个文件或文件夹",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::AlreadyExists => "已经存在",
        ErrorKind::NotADirectory => "不是文件夹",
        ErrorKind::IsADirectory => "是文件夹",
        ErrorKind::StorageFull => "磁盘空间不足",
        ErrorKind::QuotaExceeded => "超出磁盘配额",
        ErrorKind::FileTooLarge => "文件过大",
        ErrorKind::ReadOnlyFilesystem => "文件系统为只读",
        ErrorKind::InvalidFilename => "文件名不可用",
        ErrorKind::UnexpectedEof => "文件在中途结束",
        _ => return Both::same(&error.to_string()),
    };
    let number = error.raw_os_error().map_or(String::new(), |number| format!("（os error {number}）"));
    both(error.to_string(), format!("{zh}{number}"))
}

/// What may be part of a sentence of `both!`: text in both languages, or text that is the same in both.
pub trait Part {
    /// As it reads within a sentence in `language`.
    fn within(&self, language: Language) -> &dyn Display;
}

impl<T: Display> Part for T {
    fn within(&self, _: Language) -> &dyn Display {
        self
    }
}

impl Part for Both {
    fn within(&self, language: Language) -> &dyn Display {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

impl Part for Text {
    fn within(&self, language: Language) -> &dyn Display {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// A sentence in both languages, as `format!` makes it: `both!("{n} keys vary", "有 {n} 个键变化")`.
///
/// What differs between the languages, or is more than a variable, is named after a semicolon, and must
/// occur in both: `both!("{key} {what}", "{key} {what}"; what = fault.what, key = key.name)`.
#[macro_export]
macro_rules! in_both_languages {
    ($en:literal, $zh:literal $(,)?) => {
        $crate::base::i18n::both(format!($en), format!($zh))
    };
    ($en:literal, $zh:literal; $($name:ident = $value:expr),+ $(,)?) => {{
        use $crate::base::i18n::{Language, Part};
        match ($(&$value,)+) {
            ($($name,)+) => $crate::base::i18n::both(
                format!($en, $($name = Part::within($name, Language::En)),+),
                format!($zh, $($name = Part::within($name, Language::Zh)),+),
            ),
        }
    }};
}

/// Makes types whose `message()` gives the words in both languages errors of the standard library.
#[macro_export]
macro_rules! errors {
    ($($error:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $error {
            /// In English, as errors of Rust are.
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str(&self.message().en)
            }
        }

        impl std::error::Error for $error {}
    )+};
}
pub use errors;

// Under one name with the function: either makes words in both languages.
pub use crate::in_both_languages as both;

/// "a, b, c".
pub fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> Both {
    let words: Vec<&str> = words.into_iter().collect();
    both(words.join(", "), words.join("、"))
}

/// "a", "a or b", "a, b or c".
pub fn either(words: &[Both]) -> Both {
    match words {
        [] => Both::default(),
        [one] => one.clone(),
        [first @ .., last] => {
            let en: Vec<&str> = first.iter().map(|word| word.en.as_str()).collect();
            let zh: Vec<&str> = first.iter().map(|word| word.zh.as_str()).collect();
            both(format!("{} or {}", en.join(", "), last.en), format!("{}或{}", zh.join("、"), last.zh))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_said_in_the_language_of_their_sentence() {
        let (key, what) = ("months", both("is out of range", "超出范围"));
        let said = both!("`{key}` {what}, {n:.1}", "`{key}` {what}，{n:.1}"; what = what, n = 0.25 + 0.5);
        assert_eq!(said, both("`months` is out of range, 0.8", "`months` 超出范围，0.8"));
    }

    #[test]
    fn words_survive_an_error_of_the_standard_library() {
        let words = both!("no such thing", "没有此物");
        let error = io::Error::other(words.clone());
        assert_eq!((error.to_string(), reason(&error)), (words.en.clone(), words));
    }

    #[test]
    fn what_the_system_says_keeps_its_number() {
        // ENOENT has this number on every system of the standard library that has numbers.
        let said = reason(&io::Error::from_raw_os_error(2));
        assert_eq!(said.zh, "没有这个文件或文件夹（os error 2）");
        assert!(said.en.contains("(os error 2)"), "{}", said.en);
        assert_eq!(reason(&ErrorKind::BrokenPipe.into()).zh, "broken pipe");
    }

    #[test]
    fn lists_are_joined_as_each_language_does() {
        let words = ["a", "b", "c"].map(Both::same);
        assert_eq!(either(&words), both("a, b or c", "a、b或c"));
        assert_eq!((either(&words[..1]), either(&[])), (Both::same("a"), Both::default()));
        assert_eq!(listed(["a", "b"]), both("a, b", "a、b"));
    }
}
