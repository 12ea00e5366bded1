//! How metrics vary between synthetic cities, and within one under other random numbers.

use crate::record::change::{changes, window};
use crate::record::table::{Cell, Column, Table, Take};
use crate::record::tables::Results;

/// The two parts of a variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// Variance of the means of cities; 0 where its estimate is below. NaN below two cities, or where no city has two
    /// values.
    pub between: f64,
    /// Variance of a replicate about the mean of its city.
    pub within: f64,
    /// Cities.
    pub cities: usize,
    /// Values.
    pub n: usize,
}

impl Parts {
    /// Of the values of each city, by analysis of variance with one random factor (Searle, Casella and McCulloch 1992,
    /// Variance Components, section 3.6).
    pub fn of(cities: &[Vec<f64>]) -> Parts {
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let (n, groups) = (cities.iter().map(Vec::len).sum::<usize>(), cities.len());
        let (all, count) = (n as f64, groups as f64);
        let mean = cities.iter().map(|own| sum(own)).sum::<f64>() / all;
        let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
        for own in cities {
            let (size, middle) = (own.len() as f64, sum(own) / own.len() as f64);
            between += size * (middle - mean) * (middle - mean);
            within += own.iter().map(|value| (value - middle) * (value - middle)).sum::<f64>();
            squares += size * size;
        }
        if groups < 2 || n == groups {
            return Parts { between: f64::NAN, within: f64::NAN, cities: groups, n };
        }
        let within = within / (all - count);
        // Values of a city, on average.
        let size = (all - squares / all) / (count - 1.0);
        Parts { between: ((between / (count - 1.0) - within) / size).max(0.0), within, cities: groups, n }
    }

    /// Share of the variance of a replicate that lies between cities; NaN where nothing varies.
    pub fn share(&self) -> f64 {
        self.between / (self.between + self.within)
    }
}

/// `variance.csv`: one row for each metric, of its mean over the last months.
pub fn table<'a>(results: &'a Results) -> Table<'a> {
    let mut columns = vec![Column::text("metric"), Column::text("unit"), Column::whole("months")];
    columns.extend(["between_cities", "within_city", "share_between"].map(Column::real));
    columns.extend(["cities", "n"].map(Column::whole));
    let rows = move |take: &mut Take| {
        changes(results).iter().try_for_each(|change| {
            let (metric, parts) = (&results.metrics[change.metric], change.parts);
            take(&[
                Cell::Text(metric.name),
                Cell::Text(metric.unit),
                Cell::Whole(window(results.months) as i64),
                Cell::Real(parts.between),
                Cell::Real(parts.within),
                Cell::Real(parts.share()),
                Cell::Whole(parts.cities as i64),
                Cell::Whole(parts.n as i64),
            ])
        })
    };
    Table { name: "variance", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::rng::{CounterRng, Stream};

    #[test]
    fn parts_by_hand() {
        // Means 2, 5 and 8 about 5: 2 (9 + 0 + 9) / 2 = 18 between; 2 + 2 + 2 over 3 = 2 within; (18 − 2) / 2 = 8.
        let parts = Parts::of(&[vec![1.0, 3.0], vec![4.0, 6.0], vec![7.0, 9.0]]);
        assert_eq!(parts, Parts { between: 8.0, within: 2.0, cities: 3, n: 6 });
        assert_eq!(parts.share(), 0.8);
        // Cities that differ less than their replicates do.
        assert_eq!(Parts::of(&[vec![1.0, 3.0], vec![1.0, 3.0]]).between, 0.0);
        for unknown in [&[vec![1.0, 3.0]][..], &[vec![1.0], vec![3.0]], &[]] {
            assert!(Parts::of(unknown).within.is_nan(), "{unknown:?}");
        }
    }

    #[test]
    fn parts_are_those_that_values_were_drawn_with() {
        // Variance 4 between cities and 1 within. Of 400 cities of two, and one of one, the estimates have standard
        // errors of √(2 / 400) · 4.5 = 0.32 and √(2 / 400) = 0.07; the tolerance is three of them.
        let draw = |stream, city, i| CounterRng::new(1, 0).normal(Stream::named(stream), city, i, 0);
        let city = |city: u32| {
            let size = if city == 400 { 1 } else { 2 };
            (0..size).map(|i| 2.0 * draw("city", city, 0) + draw("replicate", city, i)).collect::<Vec<f64>>()
        };
        let parts = Parts::of(&(0..=400).map(city).collect::<Vec<_>>());
        assert!((parts.between - 4.0).abs() < 0.96 && (parts.within - 1.0).abs() < 0.21, "{parts:?}");
    }
}
