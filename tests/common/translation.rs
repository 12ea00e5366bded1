//! What a Chinese sentence must share with the English one.

use std::collections::BTreeSet;

/// Checks that `zh` is Chinese where `en` is words, and names the same keys, words in quotes and numbers.
pub fn check(en: &str, zh: &str) -> Result<(), String> {
    let is_chinese = zh.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    if plain(en).contains(char::is_alphabetic) && !is_chinese {
        return Err(format!("no Chinese: {en:?} and {zh:?}"));
    }
    for (what, found) in [("in quotes", quoted as fn(&str) -> _), ("numbers", numbers)] {
        let (en_has, zh_has) = (found(en), found(zh));
        if en_has != zh_has {
            return Err(format!("{what}: {en_has:?} and {zh_has:?} of\n{en}\n{zh}"));
        }
    }
    Ok(())
}

/// The text without what is in backticks, double quotes or braces, and without flags.
fn plain(text: &str) -> String {
    let text = text.split('`').step_by(2).collect::<String>();
    let text = text.split('"').step_by(2).collect::<String>();
    let text: String =
        text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
    text.split_whitespace().filter(|word| !word.starts_with("--")).collect()
}

fn quoted(text: &str) -> BTreeSet<String> {
    // A mark that no other closes is one that the sentence is about.
    let between = |mark: char| {
        let parts: Vec<&str> = text.split(mark).collect();
        let closed = (1..parts.len().saturating_sub(1)).step_by(2);
        closed.map(|inner| parts[inner].to_string()).collect::<Vec<_>>()
    };
    between('`').into_iter().chain(between('"')).collect()
}

fn numbers(text: &str) -> BTreeSet<String> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts.filter(|part| !part.is_empty()).map(String::from).collect()
}
