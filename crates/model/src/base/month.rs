//! The calendar: months counted from a scenario's start.

use std::fmt;
use std::str::FromStr;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(i32);

impl Month {
    /// `month` is 1 to 12.
    pub fn new(year: i32, month: u32) -> Month {
        Month(year * 12 + month as i32 - 1)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1 to 12.
    pub fn of_year(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// This month plus `months`.
    pub fn plus(self, months: u32) -> Month {
        Month(self.0 + months as i32)
    }

    /// This month less `months`.
    pub fn minus(self, months: u32) -> Month {
        Month(self.0 - months as i32)
    }

    /// Months from `earlier` to this one, negative if `earlier` is later.
    pub fn since(self, earlier: Month) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.of_year())
    }
}

impl FromStr for Month {
    type Err = ();

    /// Reads exactly "YYYY-MM", years 1000 to 9999.
    fn from_str(s: &str) -> Result<Month, ()> {
        let (year, month) = s.split_once('-').ok_or(())?;
        let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) || year < "1000" {
            return Err(());
        }
        match (year.parse(), month.parse()) {
            (Ok(y), Ok(m @ 1..=12)) => Ok(Month::new(y, m)),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_print_as_they_are_read_and_roll_over_the_year() {
        let start: Month = "2017-11".parse().unwrap();
        assert_eq!(start.plus(2).to_string(), "2018-01");
        assert_eq!(start.plus(14).since(start), 14);
        for bad in ["2017-13", "2017-00", "17-01", "2017-1", "2017", "2017-01-01", "+017-01"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
