//! Courses by year.

use crate::chart::Series;

/// Months of the mean that a course shows: a year, which has all seasons.
pub const YEAR: usize = 12;

/// Means of the last twelve months, from the first month that has a whole year behind it. What comes now and then, or
/// over less than two years, stays as it is.
pub fn yearly(series: Series) -> Series {
    if series.is_sparse() || series.mean.len() < 2 * YEAR {
        return series;
    }
    let mut mean = vec![f64::NAN; YEAR - 1];
    mean.extend(series.mean.windows(YEAR).map(|year| year.iter().sum::<f64>() / YEAR as f64));
    Series { mean, low: Vec::new(), high: Vec::new(), ..series }
}

/// The series without its first months.
pub fn from_month(series: Series, from: u32) -> Series {
    let cut = |values: Vec<f64>| values.into_iter().skip(from as usize).collect();
    Series { mean: cut(series.mean), low: cut(series.low), high: cut(series.high), ..series }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::i18n::Both;

    #[test]
    fn a_year_is_the_mean_of_its_months() {
        let mut series = Series::named(Both::same("a"));
        (0..36).for_each(|month| series.push(f64::from(month), f64::NAN, f64::NAN));
        let yearly = from_month(yearly(series), 6);
        assert!(yearly.mean[..5].iter().all(|value| value.is_nan()));
        // 0 to 11, and 24 to 35.
        assert_eq!((yearly.mean[5], yearly.mean[29]), (5.5, 29.5));
    }
}
