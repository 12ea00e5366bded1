//! Whole numbers on the command line.

use std::fmt::Display;
use std::str::FromStr;

use shequ_model::base::i18n::{Both, both};

/// Reads a whole number from `least` to `most`.
pub fn within<N>(least: N, most: N) -> impl Fn(&str) -> Result<N, Both> + Clone + Send + Sync + 'static
where
    N: FromStr + PartialOrd + Display + Copy + Send + Sync + 'static,
{
    move |text| match text.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(both!("it must be a whole number from {least} to {most}", "应为 {least} 至 {most} 的整数")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_of_the_range_are_read() {
        let read = within(1_u16, 1024);
        assert_eq!((read("1"), read("1024")), (Ok(1), Ok(1024)));
        for text in ["0", "1025", "70000", "-1", "1.5", "", "x"] {
            assert_eq!(read(text).unwrap_err().en, "it must be a whole number from 1 to 1024", "{text}");
        }
    }
}
