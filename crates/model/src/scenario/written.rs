//! Numbers as people write them, and what TOML would have them write.

use crate::base::i18n::{Both, both};

/// A number that TOML cannot read as it was written.
#[derive(Debug, PartialEq)]
pub struct Number {
    /// The signs that TOML does not know in a number, or what else is wrong with it.
    pub sign: Both,
    /// How to write it.
    pub plain: String,
}

/// What multiplies a number, longest first.
const MULTIPLES: [(&str, i32); 6] = [("亿", 8), ("百万", 6), ("万", 4), ("千", 3), ("％", -2), ("%", -2)];

/// What says of which money a number is.
const MONEY: [&str; 7] = ["人民币", "yuan", "RMB", "CNY", "元", "¥", "￥"];

/// The number that `text` means; none if it means none, or is one that TOML knows.
pub fn number(text: &str) -> Option<Number> {
    let mut rest: String = text.trim().chars().map(half_width).collect();
    let mut signs: Vec<String> = Vec::new();
    if rest != text.trim() {
        signs.push(text.chars().filter(|&c| half_width(c) != c).take(3).collect());
    }
    let mut power = 0;
    for word in MONEY {
        if let Some(at) =
            rest.to_lowercase().find(&word.to_lowercase()).filter(|&at| rest.is_char_boundary(at))
        {
            signs.push(word.into());
            rest = rest.get(..at)?.to_string() + rest.get(at + word.len()..)?;
        }
    }
    for (word, tens) in MULTIPLES {
        if let Some(before) = rest.trim_end().strip_suffix(word) {
            signs.push(word.into());
            power += tens;
            rest = before.into();
        }
    }
    let digits: String = rest.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    if text.contains(',') {
        signs.push(",".into());
    }
    if rest.trim().contains(char::is_whitespace) {
        signs.push("␣".into());
    }
    let plain = shifted(&digits, power)?;
    let signs: Vec<String> = signs.into_iter().filter(|sign| !sign.trim().is_empty()).collect();
    (!signs.is_empty()).then(|| Number {
        sign: both(format!("the sign {}", signs.join(" ")), format!("符号 {}", signs.join(" "))),
        plain,
    })
}

/// The month that `text` means, such as "2024年1月", "2024/1" or "2024.01", as TOML files have it.
pub fn month(text: &str) -> Option<String> {
    let text: String = text.trim().chars().map(half_width).collect();
    let parts: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let [year, month, ..] = parts[..] else { return None };
    let (year, month) = (year.parse::<u16>().ok()?, month.parse::<u8>().ok()?);
    (year >= 1000 && (1..=12).contains(&month)).then(|| format!("{year:04}-{month:02}"))
}

/// Full-width signs as plain ones; blanks that look like others are blanks.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' if c != '％' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{3000}' => ' ',
        '\u{3002}' => '.',
        '\u{2212}' => '-',
        _ => c,
    }
}

/// `digits` × 10^`power`, to the digit.
fn shifted(digits: &str, power: i32) -> Option<String> {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = [whole, part].iter().all(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    if whole.is_empty() || !all_digits || digits.len() > 30 {
        return None;
    }
    let point = whole.len() as i32 + power;
    let mut all = format!("{whole}{part}");
    if point <= 0 {
        all = "0".repeat((1 - point) as usize) + &all;
    }
    let point = point.max(1) as usize;
    while all.len() < point {
        all.push('0');
    }
    let (whole, part) = all.split_at(point);
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_understood_as_analysts_write_them() {
        for (written, plain) in [
            ("80%", "0.8"),
            ("12.5 %", "0.125"),
            ("８０％", "0.8"),
            ("２５００００", "250000"),
            ("250,000", "250000"),
            ("250，000", "250000"),
            ("250000元", "250000"),
            ("25万", "250000"),
            ("25 万元", "250000"),
            ("0.5万", "5000"),
            ("1.2亿", "120000000"),
            ("¥250 000", "250000"),
            ("250000 yuan", "250000"),
            ("250\u{A0}000", "250000"),
            ("-3％", "-0.03"),
        ] {
            assert_eq!(number(written).map(|number| number.plain).as_deref(), Some(plain), "{written}");
        }
        for text in ["council", "0.8", "250000", "", "%", "万", "1.2.3元", "2024年1月", "元", "-"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_understood_in_several_forms() {
        for text in ["2024年1月", "2024/1", "2024.01", "2024-1-15", "２０２４年１月"] {
            assert_eq!(month(text).as_deref(), Some("2024-01"), "{text}");
        }
        for text in ["2024", "1月", "January", "2024年13月", ""] {
            assert_eq!(month(text), None, "{text}");
        }
    }
}
