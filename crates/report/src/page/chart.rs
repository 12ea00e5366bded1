//! Pictures as data, for the page to draw: values as in the tables, and how people read them.

use serde::{Serialize, Serializer};

use crate::shown::Shown;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::stats::Estimate;
use shequ_model::metric::Metric;

/// How a picture is drawn; each is a file of `crates/report/assets/report/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Over time, with bands.
    Course,
    /// Upright bars in groups, a group for each row.
    Bars,
    /// Marks with intervals beside the names of rows, and a line at zero where there are differences.
    Dots,
    /// A tile for each row, its colour by its value.
    Tiles,
    /// From one sum to its parts.
    Flow,
    /// Marks over two axes of numbers.
    Scatter,
    /// A grid of rows and columns, colours by value.
    Heat,
}

/// A picture.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// Its id within the page, and name of its files.
    pub id: String,
    /// How it is drawn.
    pub form: Form,
    /// Title.
    pub title: Both,
    /// What lines, bands and marks are.
    pub note: Both,
    /// First month, "2017-01", of what goes over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Changes of policy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Axes, side by side.
    pub panels: Vec<Panel>,
}

/// A change of policy.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Months since the start.
    pub month: u32,
    /// What changed.
    pub label: Both,
}

/// One pair of axes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Panel {
    /// Title; empty if the picture's says it all.
    pub title: Both,
    /// How its values are read.
    pub scale: Scale,
    /// Names of the rows: categories, tiles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Of a flow, for each row but the first the row that it is a part of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<usize>,
    /// Names of the columns of a grid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Both>,
    /// Name of the axis of numbers of a scatter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub across: Option<Both>,
    /// What is shown.
    pub series: Vec<Series>,
}

/// The name of a row.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub name: Both,
    /// Said above the first row of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<Both>,
}

/// How values are read: their unit, what they are multiplied by and their decimals, in each language.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scale {
    /// The unit.
    pub unit: Both,
    /// By which values are multiplied: English, Chinese.
    pub factor: [f64; 2],
    /// Digits after the point: English, Chinese.
    pub decimals: [usize; 2],
    /// True if values are differences, which are read from a line at zero and have a sign.
    pub differences: bool,
    /// True if values are sizes, which bars show from zero.
    pub from_zero: bool,
}

/// One thing that is shown. Its values stand by month, by row, by row and column, or by point.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Series {
    /// Its name.
    pub name: Both,
    /// Where it stands on the axis of numbers of a scatter.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "short")]
    pub across: Vec<f64>,
    /// Values; NaN where there is none.
    #[serde(serialize_with = "short")]
    pub mean: Vec<f64>,
    /// Lower ends of intervals.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "short")]
    pub low: Vec<f64>,
    /// Upper ends.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "short")]
    pub high: Vec<f64>,
    /// True where a difference is significant.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "bits")]
    pub claimed: Vec<bool>,
}

impl Series {
    /// A series of estimates under `name`.
    pub fn of(name: Both, estimates: impl IntoIterator<Item = Estimate>) -> Series {
        let mut series = Series { name, ..Series::default() };
        estimates.into_iter().for_each(|e| series.push(e.mean, e.mean - e.half_width, e.mean + e.half_width));
        series
    }

    /// Adds a value with its interval.
    pub fn push(&mut self, mean: f64, low: f64, high: f64) {
        self.mean.push(mean);
        self.low.push(low);
        self.high.push(high);
    }

    /// True if there is anything to see.
    pub fn has_values(&self) -> bool {
        self.mean.iter().any(|value| !value.is_nan())
    }
}

impl Scale {
    /// Of the values of a metric.
    pub fn of(metric: &Metric) -> Scale {
        Scale::with(metric, |shown| shown.unit.into(), false)
    }

    /// Of differences between values of a metric.
    pub fn of_differences(metric: &Metric) -> Scale {
        Scale::with(metric, |shown| shown.unit_of_differences().into(), true)
    }

    fn with(metric: &Metric, unit: impl Fn(Shown) -> Both, differences: bool) -> Scale {
        let [en, zh] = [Language::En, Language::Zh].map(|language| Shown::of(metric, language));
        // One figure more than a level has: a difference may be far smaller than what it is of.
        let more = usize::from(differences);
        Scale {
            unit: both(unit(en).en, unit(zh).zh),
            factor: [en.factor, zh.factor],
            decimals: [en.decimals + more, zh.decimals + more],
            differences,
            from_zero: false,
        }
    }

    /// Of plain numbers.
    pub fn plain(unit: Both, decimals: usize) -> Scale {
        Scale { unit, factor: [1.0; 2], decimals: [decimals; 2], differences: false, from_zero: false }
    }
}

impl Chart {
    /// The chart without panels that have no values; `None` if none is left.
    pub fn if_any(mut self) -> Option<Chart> {
        self.panels.retain(|panel| panel.series.iter().any(Series::has_values));
        (!self.panels.is_empty()).then_some(self)
    }
}

/// Five digits are more than any picture shows, and make a page a third as large.
fn short<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(values.iter().map(|&value| if value.is_nan() { None } else { Some(rounded(value)) }))
}

/// Ones and zeros, a third as long as words.
fn bits<S: Serializer>(values: &[bool], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(values.iter().map(|&value| u8::from(value)))
}

fn rounded(value: f64) -> f64 {
    format!("{value:.4e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_five_digits_and_gaps() {
        let series = Series { mean: vec![0.123_456_789, f64::NAN, -1_234_567.8], ..Series::default() };
        let json = serde_json::to_string(&series).unwrap();
        assert!(json.contains("\"mean\":[0.12346,null,-1234600.0]"), "{json}");
        assert!(!json.contains("\"low\""), "{json}");
    }
}
