//! Values on the command line.

use std::fmt::Display;
use std::str::FromStr;

use shequ_experiment::record::dictionary;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::nearest;

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

/// Reads the name of a table.
pub fn table(name: &str) -> Result<String, Both> {
    if dictionary::table(name).is_some() {
        return Ok(name.into());
    }
    Err(match nearest(name, dictionary::names()) {
        Some(near) => both!(
            "there is no table `{name}`; did you mean `{near}`?",
            "没有表格 `{name}`；是否想写 `{near}`？"
        ),
        None => both!(
            "there is no table `{name}`; the tables are {all}", "没有表格 `{name}`；可用的表格有 {all}";
            name = name, all = dictionary::names().collect::<Vec<_>>().join(", ")
        ),
    })
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

    #[test]
    fn only_tables_that_there_are_can_be_named() {
        assert_eq!(table("monthly"), Ok("monthly".into()));
        let near = "there is no table `monthy`; did you mean `monthly`?";
        assert_eq!(table("monthy").unwrap_err().en, near);
        assert!(table("nothing-like-it").unwrap_err().en.contains("the tables are monthly, summary, "));
    }
}
