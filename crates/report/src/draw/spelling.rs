//! Words in a picture: what the font can write, what a width holds, and lines.

use crate::font;

/// Words that the font can write; `None` of others.
pub fn if_spelt(words: &str) -> Option<&str> {
    Some(words).filter(|words| font::can_write(words))
}

/// The words, each stretch that the font cannot write replaced by "…".
pub fn spelt(words: &str) -> String {
    let mut spelt = String::with_capacity(words.len());
    for c in words.chars() {
        match font::can_write(c.encode_utf8(&mut [0; 4])) {
            true => spelt.push(c),
            false if spelt.ends_with('…') => {}
            false => spelt.push('…'),
        }
    }
    spelt
}

/// As much of `words` as `width` pixels hold at `em` pixels.
pub fn fitting(words: &str, em: f64, width: f64) -> String {
    if font::width(words, em) <= width {
        return words.into();
    }
    let mut room = width - font::width("…", em);
    let held = |c: &char| {
        room -= font::width(c.encode_utf8(&mut [0; 4]), em);
        room >= 0.0
    };
    words.chars().take_while(held).chain(['…']).collect()
}

/// The words in lines that `width` pixels hold at `em` pixels.
pub fn wrapped(words: &str, em: f64, width: f64) -> Vec<String> {
    in_lines(words, width, |text| font::width(text, em))
}

/// The words in lines no wider than `width`, by a measure of text; only a word that is wider by itself is broken.
pub fn in_lines(words: &str, width: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0.0;
    for piece in pieces(words).into_iter().flat_map(|piece| broken(piece, width, &measure)) {
        let wide = measure(piece.trim_end());
        match lines.last_mut().filter(|_| wide <= room) {
            Some(line) => line.push_str(piece),
            None => {
                lines.push(piece.into());
                room = width;
            }
        }
        room -= measure(piece);
    }
    lines.iter().map(|line| line.trim_end().to_string()).collect()
}

/// A piece in parts that `width` holds, of a character at least.
fn broken<'a>(piece: &'a str, width: f64, measure: &impl Fn(&str) -> f64) -> Vec<&'a str> {
    if measure(piece.trim_end()) <= width {
        return vec![piece];
    }
    let (mut parts, mut from, mut room) = (Vec::new(), 0, width);
    for (at, c) in piece.char_indices() {
        let wide = measure(c.encode_utf8(&mut [0; 4]));
        if wide > room && at > from {
            parts.push(&piece[from..at]);
            (from, room) = (at, width);
        }
        room -= wide;
    }
    parts.push(&piece[from..]);
    parts
}

/// Where a line may end: behind a space, and before a Chinese character.
fn pieces(words: &str) -> Vec<&str> {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut pieces = Vec::new();
    let (mut from, mut last) = (0, ' ');
    for (at, c) in words.char_indices() {
        if at > from && ((last == ' ' && c != ' ') || is_chinese(c)) {
            pieces.push(&words[from..at]);
            from = at;
        }
        last = c;
    }
    if from < words.len() {
        pieces.push(&words[from..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_room_ends_however_long_it_is() {
        assert_eq!(fitting("short", 11.0, 100.0), "short");
        // A million characters, which would take hours if each were cut away by measuring all others.
        let cut = fitting(&"社区".repeat(500_000), 11.0, 100.0);
        assert!(cut.ends_with('…') && font::width(&cut, 11.0) <= 100.0);
        assert!(font::width(&cut, 11.0) > 100.0 - 2.0 * 11.0, "{cut}");
        assert_eq!(fitting("ab", 11.0, 0.0), "…");
    }

    #[test]
    fn what_the_font_cannot_write_is_left_out() {
        assert_eq!(spelt("\u{e44}\u{e17}: effect by group"), "…: effect by group");
        assert_eq!(spelt("社区"), "社区");
        assert_eq!((if_spelt("\u{e44}"), if_spelt("a")), (None, Some("a")));
    }

    #[test]
    fn lines_are_no_wider_than_their_room_and_lose_nothing() {
        let en = "Lines: 95 % interval. Filled: significant after correction.";
        let zh = "线段为 95% 置信区间。实心：经校正后显著。空心：不显著。";
        for words in [en, zh] {
            let lines = wrapped(words, 11.0, 120.0);
            assert!(
                lines.len() > 1 && lines.iter().all(|line| font::width(line, 11.0) <= 120.0),
                "{lines:?}"
            );
            let squeezed = |text: &str| text.replace(' ', "");
            assert_eq!(squeezed(&lines.concat()), squeezed(words));
        }
        assert!(wrapped("", 11.0, 100.0).is_empty());
    }

    #[test]
    fn a_word_that_no_line_holds_is_broken_and_whole() {
        let word = "a_name_without_any_space".repeat(4);
        let lines = wrapped(&format!("short {word} end"), 11.0, 90.0);
        assert!(lines.iter().all(|line| font::width(line, 11.0) <= 90.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), format!("short{word}end"));
        // No room is no reason to go on for ever.
        assert_eq!(in_lines("ab", 0.0, |text| text.len() as f64), ["a", "b"]);
    }
}
