//! Text from files and command lines, made safe to show: what would steer a terminal, or turn the order of
//! letters around, is written as what it is.

use std::borrow::Cow;

/// True of signs that are not shown but do something.
fn steers(c: char) -> bool {
    let turns = matches!(c, '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}');
    let hides = matches!(c, '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}');
    c.is_control() && c != '\n' && c != '\t' || turns || hides
}

/// True if all of `text` can be shown, on one line.
pub fn is_one_visible_line(text: &str) -> bool {
    !text.chars().any(|c| steers(c) || c.is_control())
}

/// `text` with everything that steers a terminal written as `\u{1b}`; line ends and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    match text.chars().any(steers) {
        true => Cow::Owned(escaped(text)),
        false => Cow::Borrowed(text),
    }
}

/// As [`visible`], but colours of this program stay: sequences that only choose a colour or a weight.
pub fn visible_in_colour(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return visible(text);
    }
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('\u{1b}') {
        shown += &visible(&rest[..at]);
        let length = colour(&rest[at..]).unwrap_or(0);
        let (kept, after) = rest[at..].split_at(length);
        shown += kept;
        rest = after;
        if length == 0 {
            shown += "\\u{1b}";
            rest = &rest[1..];
        }
    }
    shown += &visible(rest);
    Cow::Owned(shown)
}

/// The length of the choice of a colour that `text` begins with.
fn colour(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("\u{1b}[")?;
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    digits[end..].starts_with('m').then_some(2 + end + 1)
}

fn escaped(text: &str) -> String {
    text.chars().map(|c| if steers(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_written_out_and_all_else_stays() {
        assert_eq!(visible("a\u{1b}[31mX\u{202e}\r\u{9b}1m"), "a\\u{1b}[31mX\\u{202e}\\u{d}\\u{9b}1m");
        for text in ["社区 – “a”\n\tb", "é\u{301}", ""] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
        assert!(
            is_one_visible_line("社区 a")
                && !is_one_visible_line("a\nb")
                && !is_one_visible_line("a\u{202e}")
        );
    }

    #[test]
    fn colours_stay_and_other_sequences_do_not() {
        let text = "\u{1b}[1;31merror\u{1b}[0m \u{1b}]0;title\u{7} \u{1b}[2J\u{1b}";
        assert_eq!(
            visible_in_colour(text),
            "\u{1b}[1;31merror\u{1b}[0m \\u{1b}]0;title\\u{7} \\u{1b}[2J\\u{1b}"
        );
        assert_eq!(visible_in_colour("plain\u{7}"), "plain\\u{7}");
    }
}
