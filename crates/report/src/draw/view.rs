//! A chart in one language: its names, and its values in the units that people read.

use super::spelling::if_spelt;
use crate::chart::{Chart, Panel, Series};
use shequ_model::base::i18n::{Both, Language};

/// A chart and the language of its picture.
pub struct View<'a> {
    /// The chart.
    pub chart: &'a Chart,
    /// The language.
    pub language: Language,
}

/// A value as it is read, with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The value.
    pub mean: f64,
    /// The ends of its interval, if it has one.
    pub interval: Option<(f64, f64)>,
}

impl Point {
    /// The lower end of the interval, or the value where there is none.
    pub fn low(&self) -> f64 {
        self.interval.map_or(self.mean, |(low, _)| low)
    }

    /// The upper end of the interval, or the value where there is none.
    pub fn high(&self) -> f64 {
        self.interval.map_or(self.mean, |(_, high)| high)
    }
}

impl View<'_> {
    /// The names of the series of a panel.
    pub fn series_names(&self, panel: &Panel) -> Vec<String> {
        panel.series.iter().enumerate().map(|(n, series)| self.name(&series.name, n)).collect()
    }

    /// The names of the rows of a panel, with the headings under which they stand.
    pub fn row_names(&self, panel: &Panel) -> Vec<String> {
        let heading = |n: usize| panel.rows[..=n].iter().rev().find_map(|row| row.heading.as_ref());
        let named = |n: usize| {
            let name = self.name(&panel.rows[n].name, n);
            match (heading(n), self.language) {
                (None, _) => name,
                (Some(heading), Language::En) => format!("{}: {name}", heading.en),
                (Some(heading), Language::Zh) => format!("{}：{name}", heading.zh),
            }
        };
        (0..panel.rows.len()).map(named).collect()
    }

    /// A name, or its number where it cannot be written.
    fn name(&self, name: &Both, number: usize) -> String {
        if_spelt(name.of(self.language)).map_or_else(|| (number + 1).to_string(), String::from)
    }

    /// Value `i` of a series, if it has one.
    pub fn point(&self, panel: &Panel, series: &Series, i: usize) -> Option<Point> {
        let factor = panel.scale.factor_in(self.language);
        let (least, most) = panel.scale.bounds();
        let drawn = |value: &f64| value.max(least).min(most) * factor;
        let at = |values: &[f64]| values.get(i).filter(|value| !value.is_nan()).map(drawn);
        let interval = at(&series.low).zip(at(&series.high));
        Some(Point { mean: at(&series.mean)?, interval })
    }

    /// The values of a series, each with its place.
    pub fn points<'p>(
        &'p self,
        panel: &'p Panel,
        series: &'p Series,
    ) -> impl Iterator<Item = (usize, Point)> + 'p {
        (0..series.mean.len()).filter_map(move |i| Some((i, self.point(panel, series, i)?)))
    }

    /// The least and the greatest of all values and ends of intervals of a panel; `None` if it has none.
    pub fn extent(&self, panel: &Panel) -> Option<(f64, f64)> {
        let points = panel.series.iter().flat_map(|series| self.points(panel, series));
        let ends = points.map(|(_, point)| (point.low(), point.high()));
        ends.reduce(|(a, b), (low, high)| (a.min(low), b.max(high)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Scale;

    #[test]
    fn intervals_go_from_their_lower_to_their_upper_end() {
        let mut series = Series::named(Both::same("a"));
        series.push(1.0, 0.5, 3.0);
        series.push(f64::NAN, f64::NAN, f64::NAN);
        series.push(2.0, f64::NAN, f64::NAN);
        let scale = Scale { factor: [2.0, 1.0], ..Scale::plain(Both::default(), 0) };
        let panel = Panel { scale, series: vec![series], ..Panel::default() };
        let chart = Chart::default();
        let view = View { chart: &chart, language: Language::En };
        let points: Vec<_> = view.points(&panel, &panel.series[0]).collect();
        let with = Point { mean: 2.0, interval: Some((1.0, 6.0)) };
        assert_eq!(points, [(0, with), (2, Point { mean: 4.0, interval: None })]);
        assert_eq!(view.extent(&panel), Some((1.0, 6.0)));
    }
}
