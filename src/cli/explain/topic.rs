//! One thing that can be explained, and how its page looks.

use crate::base::about::Text;
use crate::cli::Language;

/// Something that can be explained.
pub struct Topic {
    /// What it is called, dotted where it is a key or a table.
    pub name: String,
    /// A second name, shorter.
    pub also: Option<&'static str>,
    /// What it is, in a sentence.
    pub meaning: Text,
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

impl Topic {
    /// The page in this language.
    pub fn page(&self, language: Language) -> String {
        let mut page = format!("{}\n\n{}\n", self.name, language.of(self.meaning));
        for fact in self.facts.iter().filter(|fact| !fact.lines.is_empty()) {
            page += &fact.block(language);
        }
        page
    }
}

impl Fact {
    /// The label, then the only line beside it or several lines below it.
    fn block(&self, language: Language) -> String {
        let label = language.of(self.label);
        let lines = self.lines.iter().map(|(en, zh)| if language == Language::En { en } else { zh });
        match self.lines.len() {
            1 => lines.map(|line| format!("\n{label}: {line}\n")).collect(),
            _ => format!("\n{label}:\n") + &lines.map(|line| format!("  {line}\n")).collect::<String>(),
        }
    }
}
