//! What a cell says: numbers as people write them, words, and what is no value at all.

use crate::base::i18n::{Both, both};

/// A number in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Its value; of per cent the number before the sign.
    pub value: f64,
    /// Whether it is in per cent.
    pub percent: bool,
}

/// True of what people write where they know nothing.
pub fn is_missing(text: &str) -> bool {
    matches!(text, "" | "-" | "--" | "—" | "——" | "/" | "NA" | "N/A" | "n/a" | "na" | "无数据" | "不详")
}

/// The number that `text` is, or why it is none.
pub fn number(text: &str) -> Result<Number, (Both, Option<Both>)> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '．' => '.',
        '，' => ',',
        '％' => '%',
        other => other,
    };
    let text: String = text.chars().map(narrow).collect();
    if text.starts_with('#') {
        let what = both!("this is an error of the spreadsheet", "这是电子表格的错误值");
        return Err((
            what,
            Some(both!("repair it there, or leave the cell empty", "请在表格中修正，或留空")),
        ));
    }
    if is_date(&text) {
        let help = both!(
            "spreadsheets turn things such as 3-4 into dates: format the column as numbers and type it again",
            "电子表格会把 3-4 之类自动变成日期：请将该列设为数值格式后重新输入"
        );
        return Err((both!("this is a date, not a number", "这是日期，不是数"), Some(help)));
    }
    let (bare, percent, times) = without_unit(&text);
    let digits: String = match grouped(bare) {
        Some(digits) => digits,
        None if bare.contains(',') => {
            let help = both!(
                "separate thousands by a comma every three digits (3,000), and decimals by a point (0.35)",
                "千位分隔符每三位一个逗号（3,000），小数用点（0.35）"
            );
            return Err((both!("this is not a number", "这不是数"), Some(help)));
        }
        None => bare.to_string(),
    };
    match digits.parse::<f64>() {
        // Words such as "inf" are numbers to the parser and to nobody else.
        Ok(value)
            if value.is_finite() && digits.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) =>
        {
            Ok(Number { value: value * times, percent })
        }
        _ => Err((both!("this is not a number", "这不是数"), None)),
    }
}

/// The number without what stands behind it, whether that was per cent, and by what it is multiplied.
fn without_unit(text: &str) -> (&str, bool, f64) {
    let text = text.trim();
    if let Some(bare) = text.strip_suffix('%') {
        return (bare.trim_end(), true, 1.0);
    }
    let ten_thousand = 1e4;
    for (unit, times) in [
        ("万元", ten_thousand),
        ("万", ten_thousand),
        ("元", 1.0),
        ("人", 1.0),
        ("名", 1.0),
        ("个", 1.0),
        ("户", 1.0),
        ("yuan", 1.0),
    ] {
        if let Some(bare) = text.strip_suffix(unit) {
            return (bare.trim_end(), false, times);
        }
    }
    (text, false, 1.0)
}

/// The digits of a number whose thousands are separated; none if it is not so written.
fn grouped(text: &str) -> Option<String> {
    let (whole, decimals) = text.split_once('.').map_or((text, ""), |(whole, decimals)| (whole, decimals));
    let mark = |c: char| matches!(c, ',' | ' ' | '\'' | '\u{a0}' | '\u{2009}' | '\u{202f}');
    let separator = whole.chars().find(|&c| mark(c))?;
    let groups: Vec<&str> = whole.split(separator).collect();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (first, others) = groups.split_first()?;
    let head = first.trim_start_matches(['+', '-']);
    let good = (1..=3).contains(&head.len()) && !head.starts_with('0') && is_digits(head);
    (good && others.iter().all(|group| group.len() == 3 && is_digits(group))).then(|| {
        let whole = groups.concat();
        if decimals.is_empty() { whole } else { format!("{whole}.{decimals}") }
    })
}

/// True of what is or was a date: 2017-03-04, 3/4, 3月4日, 4-Mar.
fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> =
        text.split(['-', '/', '年', '月', '日', ' ', ':', '.']).filter(|part| !part.is_empty()).collect();
    let is_month =
        |part: &&str| part.get(..3).is_some_and(|start| MONTHS.contains(&start.to_lowercase().as_str()));
    let is_part = |part: &&str| is_month(part) || part.bytes().all(|b| b.is_ascii_digit());
    let marks = text.trim_start_matches('-').contains(['-', '/', '年', '月', '日', ':'])
        || parts.iter().any(is_month);
    marks && parts.len() >= 2 && parts.iter().all(is_part)
}

/// What a word for "managed" says, as a share.
pub fn yes_or_no(text: &str) -> Option<f64> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "y" | "有" | "是" => Some(1.0),
        "no" | "false" | "n" | "无" | "否" | "没有" => Some(0.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let of = |text: &str| number(text).map(|n| (n.value, n.percent)).ok();
        for (text, value, percent) in [
            ("3000", 3000.0, false),
            ("3,000", 3000.0, false),
            ("1 234 567", 1_234_567.0, false),
            ("12,345.5", 12_345.5, false),
            ("３，０００", 3000.0, false),
            ("35 %", 35.0, true),
            ("35％", 35.0, true),
            (".35", 0.35, false),
            ("36万", 360_000.0, false),
            ("36.5 万元", 365_000.0, false),
            ("8人", 8.0, false),
            ("-1", -1.0, false),
            ("1e3", 1000.0, false),
        ] {
            assert_eq!(of(text), Some((value, percent)), "{text}");
        }
        for text in [
            "0,35",
            "3,00",
            "1,2345",
            "about 3000",
            "inf",
            "nan",
            "#REF!",
            "3-4",
            "2017-03-04",
            "3月4日",
            "4-Mar",
            "Mar-18",
            "3/4",
            "1.2.3",
            "%",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        assert!(is_date("18-29") && is_date("2017年3月") && !is_date("-5") && !is_date("3.5"));
    }
}
