//! The brief as Markdown, with its pictures beside it.

use super::{Brief, joined, kind};
use shequ_model::base::i18n::Language;

/// The text.
pub fn text(brief: &Brief, language: Language) -> String {
    let mut lines = vec![
        format!("# {}", plain(&brief.answer.text(language))),
        format!("*{} · {}*", kind(language), plain(brief.of.of(language))),
        plain(&joined(&brief.lead, language)),
    ];
    for figure in &brief.figures {
        lines.push(format!("## {}", plain(figure.title.of(language))));
        lines.push(format!("![{}](plots/{}.png)", plain(figure.words.of(language)), figure.file));
        lines.push(plain(figure.note.of(language)));
    }
    for part in &brief.parts {
        lines.push(format!("## {}", plain(part.title.of(language))));
        let item = |said: &crate::page::sentence::Sentence| format!("- {}", plain(&said.text(language)));
        lines.push(part.lines.iter().map(item).collect::<Vec<_>>().join("\n"));
    }
    lines.push("---".into());
    lines.push(plain(&joined(&brief.foot, language)));
    lines.retain(|line| !line.is_empty());
    lines.join("\n\n") + "\n"
}

/// Words that mean nothing to Markdown, whatever name they hold.
fn plain(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => text.extend(['\\', c]),
            c if c.is_control() => text.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_link_or_a_heading() {
        assert_eq!(plain("a [b](c)\n# d"), "a \\[b\\](c) \\# d");
    }
}
