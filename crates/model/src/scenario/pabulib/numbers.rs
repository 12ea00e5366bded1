//! Numbers as `.pb` files write them: digits with at most a decimal point. What is written otherwise is
//! refused rather than guessed, with the number that was perhaps meant.

use crate::base::i18n::{Both, both};

/// Most digits after the point.
pub const DECIMALS: u32 = 6;

/// Digits that a number may have in all, so that sums stay exact.
const DIGITS: usize = 18;

/// A decimal number: `units` × 10^−[`DECIMALS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    /// Its value in millionths.
    pub units: i128,
}

/// Millionths in one.
pub const ONE: i128 = 10_i128.pow(DECIMALS);

impl Decimal {
    /// The number that `text` is; none if it is none or has too many digits.
    pub fn read(text: &str) -> Option<Decimal> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let all_digits = [whole, part].iter().all(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let fits = whole.len() + part.len() <= DIGITS && part.len() <= DECIMALS as usize;
        if whole.is_empty() || !all_digits || !fits {
            return None;
        }
        let scale = 10_i128.pow(DECIMALS - part.len() as u32);
        let units = format!("{whole}{part}").parse::<i128>().ok()? * scale;
        Some(Decimal { units: sign * units })
    }

    /// True if nothing stands after the point.
    pub fn is_whole(self) -> bool {
        self.units % ONE == 0
    }

    /// The greatest whole number that is not above.
    pub fn floor(self) -> i128 {
        self.units.div_euclid(ONE)
    }

    /// The least whole number that is not below.
    pub fn ceil(self) -> i128 {
        -(-self.units).div_euclid(ONE)
    }
}

/// An amount of money: as [`Decimal::read`], or with a comma for the point where it cannot mark thousands.
pub fn amount(text: &str) -> Option<Decimal> {
    match text.split_once(',') {
        Some((whole, part)) if part.len() <= 2 && !whole.contains('.') => {
            Decimal::read(&format!("{whole}.{part}"))
        }
        _ => Decimal::read(text),
    }
}

/// What was perhaps meant by an amount that is no number.
pub fn meant(text: &str) -> Option<Both> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    let number = plain.trim_matches(|c: char| !c.is_ascii_digit());
    let parts: Vec<&str> = number.split([',', '.']).collect();
    let digits = parts.concat();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let grouped = parts.len() > 1 && parts[1..].iter().all(|part| part.len() == 3);
    let decimal = || format!("{}.{}", parts[..parts.len() - 1].concat(), parts[parts.len() - 1]);
    Some(match (grouped, parts.len()) {
        (true, 2) => both!(
            "write {thousands} if the sign marks thousands, {decimal} if it marks decimals",
            "若逗号表示千位，请写 {thousands}；若表示小数，请写 {decimal}";
            thousands = digits, decimal = decimal()
        ),
        (true, _) | (_, 1) => both!("write {digits}", "请写 {digits}"),
        _ => both!("write {number}", "请写 {number}"; number = decimal()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly_or_not_at_all() {
        let read = |text| Decimal::read(text).map(|number| (number.units, number.floor(), number.ceil()));
        assert_eq!(read("1500"), Some((1_500_000_000, 1500, 1500)));
        assert_eq!(read("30.00"), Some((30_000_000, 30, 30)));
        assert_eq!(read("-0.5"), Some((-500_000, -1, 0)));
        assert_eq!(read("33.000001"), Some((33_000_001, 33, 34)));
        for text in ["", ".", ".5", "1,5", "1e3", "inf", "NaN", "1 500", "0.1234567", "9999999999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_comma_is_a_point_only_where_it_cannot_mark_thousands() {
        let read = |text| amount(text).map(|number| number.units);
        assert_eq!(
            [read("30,00"), read("30,5"), read("30.5")],
            [Some(30_000_000), Some(30_500_000), Some(30_500_000)]
        );
        assert_eq!([read("1,500"), read("1,234,56"), read("1.234,5")], [None; 3]);
    }

    #[test]
    fn what_was_meant_is_said_and_never_guessed_at_between_two_readings() {
        let hint = |text: &str| meant(text).map(|words| words.en);
        assert_eq!(
            hint("1,500").unwrap(),
            "write 1500 if the sign marks thousands, 1.500 if it marks decimals"
        );
        assert_eq!(hint("1,234,567").unwrap(), "write 1234567");
        assert_eq!(hint("1.234,50").unwrap(), "write 1234.50");
        assert_eq!(hint("1 500 zł").unwrap(), "write 1500");
        assert_eq!(hint("free"), None);
    }
}
