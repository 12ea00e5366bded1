//! The months over which an outcome is taken.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use shequ_model::base::i18n::{Both, both};
use shequ_model::base::month::Month;
use shequ_model::base::params::{Text, text};

/// A stretch of months of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The first twelve months, or the whole of a shorter run.
    FirstYear,
    /// The last twelve months, or the whole of a shorter run.
    LastYear,
    /// Every month.
    Whole,
    /// From the one calendar month to the other, both counted.
    Months(Month, Month),
}

impl Window {
    /// What may be written.
    pub const ALLOWED: Text = text(
        "\"first-year\", \"last-year\", \"whole\" or months such as \"2020-01..2021-12\"",
        "\"first-year\"、\"last-year\"、\"whole\"，或月份，如 \"2020-01..2021-12\"",
    );

    /// Months of the window since the start of a run of `months` months: those that the run has, none if
    /// it has none of them.
    pub fn range(self, start: Month, months: u32) -> Range<u32> {
        let within = |month: i32| month.clamp(0, months as i32) as u32;
        match self {
            Window::FirstYear => 0..months.min(12),
            Window::LastYear => months.saturating_sub(12)..months,
            Window::Whole => 0..months,
            Window::Months(from, to) => within(from.since(start))..within(to.since(start) + 1),
        }
    }

    /// True if a run of `months` months from `start` has every month of the window.
    pub fn is_within(self, start: Month, months: u32) -> bool {
        match self {
            Window::Months(from, to) => from >= start && to < start.plus(months),
            _ => true,
        }
    }
}

impl fmt::Display for Window {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Window::FirstYear => f.write_str("first-year"),
            Window::LastYear => f.write_str("last-year"),
            Window::Whole => f.write_str("whole"),
            Window::Months(from, to) => write!(f, "{from}..{to}"),
        }
    }
}

impl FromStr for Window {
    type Err = Both;

    /// Reads [`Window::ALLOWED`]; the error says what is wrong, without the text itself.
    fn from_str(text: &str) -> Result<Window, Both> {
        match text {
            "first-year" => return Ok(Window::FirstYear),
            "last-year" => return Ok(Window::LastYear),
            "whole" => return Ok(Window::Whole),
            _ => {}
        }
        let no_stretch = || both!("is not a range of months", "不是一段月份");
        let (from, to) = text.split_once("..").ok_or_else(no_stretch)?;
        let month = |text: &str| {
            text.parse().map_err(|()| both!("{text:?} is not a month", "中的 {text:?} 不是月份"))
        };
        let (from, to) = (month(from)?, month(to)?);
        if to < from {
            return Err(both!("{to} comes before {from}", "中的 {to} 早于 {from}"));
        }
        Ok(Window::Months(from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        text.parse().unwrap()
    }

    #[test]
    fn windows_are_written_as_they_are_read() {
        for text in ["first-year", "last-year", "whole", "2020-01..2021-12", "2020-03..2020-03"] {
            assert_eq!(window(text).to_string(), text);
        }
        for bad in ["", "last year", "2020-01", "2020-13..2021-01", "2021-01..2020-12", "2020-01..", ".."] {
            assert!(bad.parse::<Window>().is_err(), "{bad}");
        }
    }

    #[test]
    fn windows_count_from_the_start_of_the_run() {
        let start = Month::new(2017, 1);
        assert_eq!(window("first-year").range(start, 120), 0..12);
        assert_eq!(window("last-year").range(start, 120), 108..120);
        assert_eq!(window("whole").range(start, 120), 0..120);
        assert_eq!(window("2018-01..2018-03").range(start, 120), 12..15);
        // A run shorter than a year is its own first and last year.
        assert_eq!(window("first-year").range(start, 5), 0..5);
        assert_eq!(window("last-year").range(start, 5), 0..5);
    }

    #[test]
    fn a_window_may_lie_partly_or_wholly_outside_the_run() {
        let start = Month::new(2017, 1);
        assert!(window("2017-01..2026-12").is_within(start, 120));
        for (text, range) in
            [("2016-11..2017-02", 0..2), ("2026-12..2027-01", 119..120), ("2015-01..2015-12", 0..0)]
        {
            assert!(!window(text).is_within(start, 120), "{text}");
            assert_eq!(window(text).range(start, 120), range);
        }
    }
}
