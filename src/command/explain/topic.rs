//! One thing that can be explained, and how its page looks.

use super::label;
use crate::command::Language;
use shequ_model::base::params::Text;

/// Something that can be explained.
pub struct Topic {
    /// Among what others it is listed.
    pub chapter: Text,
    /// What it is called, dotted where it is a key or a table.
    pub name: String,
    /// Other names: shorter, in Chinese, or of an earlier version.
    pub also: Vec<String>,
    /// What it is, in a sentence: English, Chinese.
    pub meaning: (String, String),
    /// What else there is to know.
    pub facts: Vec<Fact>,
}

/// One thing to know: a label and one or more lines.
pub struct Fact {
    label: Text,
    lines: Vec<(String, String)>,
}

/// A fact in words that both languages share.
pub fn fact(label: Text, lines: impl IntoIterator<Item = String>) -> Fact {
    Fact { label, lines: lines.into_iter().map(|line| (line.clone(), line)).collect() }
}

/// A fact in the words of each language: English, Chinese.
pub fn says(label: Text, lines: impl IntoIterator<Item = (String, String)>) -> Fact {
    Fact { label, lines: lines.into_iter().collect() }
}

/// Facts that are looked through for words: what people call it, and its choices.
const SEARCHED: [Text; 2] = [label::LABEL, label::WORDS];

impl Topic {
    /// True if its names hold all of these words, which are in small letters.
    pub fn is_named_by(&self, words: &[String]) -> bool {
        let labels = self.facts.iter().filter(|fact| fact.label == label::LABEL);
        let labels = labels.flat_map(|fact| fact.lines.iter().flat_map(|(en, zh)| [en, zh]));
        let names: Vec<String> = std::iter::once(&self.name)
            .chain(&self.also)
            .chain(labels)
            .map(|name| name.to_lowercase())
            .collect();
        words.iter().all(|word| names.iter().any(|name| name.contains(word)))
    }

    /// True if its names, its meaning and its choices hold all of these words, which are in small letters.
    pub fn tells_of(&self, words: &[String]) -> bool {
        let facts = self.facts.iter().filter(|fact| SEARCHED.contains(&fact.label));
        let lines = facts.flat_map(|fact| &fact.lines).chain([&self.meaning]);
        let all = lines.flat_map(|(en, zh)| [en, zh]).chain(&self.also).chain([&self.name]);
        let all: Vec<String> = all.map(|text| text.to_lowercase()).collect();
        words.iter().all(|word| all.iter().any(|text| text.contains(word)))
    }

    /// What it is, in this language.
    pub fn meaning(&self, language: Language) -> &str {
        if language == Language::En { &self.meaning.0 } else { &self.meaning.1 }
    }

    /// The page in this language: facts of one line, then those of several.
    pub fn page(&self, language: Language) -> String {
        let short = self.facts.iter().filter(|fact| fact.lines.len() == 1);
        let short: String = short.map(|fact| fact.line(language)).collect();
        let long = self.facts.iter().filter(|fact| fact.lines.len() > 1);
        let long = long.map(|fact| fact.block(language));
        let parts = [format!("{}\n", self.name), format!("{}\n", self.meaning(language)), short];
        parts.into_iter().chain(long).filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n")
    }
}

impl Fact {
    /// True if there is nothing to know.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn words(&self, language: Language) -> impl Iterator<Item = &String> {
        self.lines.iter().map(move |(en, zh)| if language == Language::En { en } else { zh })
    }

    fn line(&self, language: Language) -> String {
        self.words(language).map(|words| format!("{}: {words}\n", language.of(self.label))).collect()
    }

    fn block(&self, language: Language) -> String {
        let lines: String = self.words(language).map(|words| format!("  {words}\n")).collect();
        format!("{}:\n{lines}", language.of(self.label))
    }
}
