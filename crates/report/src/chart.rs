//! The chart: what is shown, in both languages, whatever draws it.
//!
//! Those who read results build charts, each once. The page serialises a chart and draws it with a script of
//! `assets/report/`; [`crate::draw`] makes SVG and PNG files of the same chart, and a line of characters of a
//! series. Values stand as in the tables; [`Scale`] says how people read them.

use serde::{Serialize, Serializer};

use crate::map::Map;
use crate::shown::Shown;
use shequ_model::base::i18n::{Both, Language, both};
use shequ_model::base::month::Month;
use shequ_model::base::stats::Estimate;
use shequ_model::metric::Metric;

/// How a panel is drawn. Each form has a script in `assets/report/`; [`Form::is_for_files`] says which have a
/// drawer in [`crate::draw`] too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Over time, with bands; marks where values come now and then.
    #[default]
    Lines,
    /// Upright bars in groups, a group for each row.
    Bars,
    /// Marks or bars with intervals beside the names of rows, and a line at zero where there are differences.
    Dots,
    /// Marks with intervals above the names of rows, held against [`Panel::middle`]; all panels of a chart are on
    /// one scale.
    Levels,
    /// A tile for each row, its colour by its value.
    Tiles,
    /// A place on [`Chart::map`] for each row, its colour by its value; what is not significant is hatched or hollow.
    Map,
    /// From one sum to its parts.
    Flow,
    /// Marks over two axes of numbers.
    Scatter,
    /// A grid of rows and columns, colours by value.
    Heat,
}

impl Form {
    /// True of forms that can be drawn into files.
    pub fn is_for_files(self) -> bool {
        matches!(self, Form::Lines | Form::Bars | Form::Dots | Form::Levels | Form::Map)
    }
}

/// A chart.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Chart {
    /// Its id within the page.
    pub id: String,
    /// The name of its picture files, without an ending; none of a chart that the page alone shows.
    #[serde(skip)]
    pub file: Option<String>,
    /// Title.
    pub title: Both,
    /// What lines, bands and marks are.
    pub note: Both,
    /// First month, "2017-01", of what goes over time.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "month")]
    pub start: Option<Month>,
    /// Changes of policy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Where the rows of a map lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<Map>,
    /// True if a page shows one panel at a time, and lets its reader choose; pictures in files have all of them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub one: bool,
    /// Axes, side by side.
    pub panels: Vec<Panel>,
}

/// A change of policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Months since the start.
    pub month: u32,
    /// The policy that changes, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Both>,
    /// What changes: keys and values.
    pub label: Both,
}

/// One pair of axes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Panel {
    /// Title; empty if the chart's says it all.
    pub title: Both,
    /// How it is drawn.
    pub form: Form,
    /// How its values are read.
    pub scale: Scale,
    /// Said at the axis of values in place of their unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub axis: Option<Both>,
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
    /// The value that levels are held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle: Option<f64>,
    /// What is shown.
    pub series: Vec<Series>,
}

/// The name of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// True if values are sizes, which are seen from zero.
    pub from_zero: bool,
    /// True of levels between nothing and one, which no axis leaves though an interval may.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub share: bool,
    /// True if courses may be seen from elsewhere than zero, which is then said at their axis: of attitudes, whose zero
    /// nobody comes near.
    pub zoomed: bool,
}

/// How the values of a series stand among the dots of a panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// As marks.
    #[default]
    Dot,
    /// As bars from zero.
    Bar,
    /// As limits that the other series are held against.
    Limit,
}

impl Mark {
    fn is_dot(&self) -> bool {
        *self == Mark::Dot
    }
}

/// One thing that is shown. Its values stand by month, by row, by row and column, or by point.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Series {
    /// Its name.
    pub name: Both,
    /// How its values stand among dots.
    #[serde(skip_serializing_if = "Mark::is_dot")]
    pub mark: Mark,
    /// Where each value stands on an axis of numbers; empty where there is none.
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
    /// True where a difference is significant; empty where nothing was tested.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "bits")]
    pub significant: Vec<bool>,
}

impl Series {
    /// A series without values under `name`.
    pub fn named(name: impl Into<Both>) -> Series {
        Series { name: name.into(), ..Series::default() }
    }

    /// A series of estimates under `name`.
    pub fn of(name: impl Into<Both>, estimates: impl IntoIterator<Item = Estimate>) -> Series {
        let mut series = Series::named(name);
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

    /// True if no value has a neighbour, as of elections: a line would show none.
    pub fn is_sparse(&self) -> bool {
        !self.mean.windows(2).any(|pair| !pair[0].is_nan() && !pair[1].is_nan())
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
            share: !differences && metric.unit == "share",
            zoomed: !differences
                && (metric.name.starts_with("trust.") || ["satisfaction", "efficacy"].contains(&metric.name)),
        }
    }

    /// A value, as it is read, in digits; a difference above zero has a sign.
    pub fn written(&self, value: f64, language: Language) -> String {
        let decimals = self.decimals[usize::from(language == Language::Zh)];
        let digits = format!("{:.decimals$}", value.abs());
        let is_zero = digits.chars().all(|c| c == '0' || c == '.');
        let sign = match value {
            _ if is_zero => "",
            value if value < 0.0 => "−",
            _ if self.differences => "+",
            _ => "",
        };
        format!("{sign}{digits}")
    }

    /// Of plain numbers.
    pub fn plain(unit: Both, decimals: usize) -> Scale {
        Scale {
            unit,
            factor: [1.0; 2],
            decimals: [decimals; 2],
            differences: false,
            from_zero: false,
            share: false,
            zoomed: false,
        }
    }

    /// Of sums of yuan up to `largest`, in the power of ten in which they are said.
    pub fn of_money(largest: f64) -> Scale {
        let (en, factor_en, decimals_en) =
            if largest >= 2e6 { ("million yuan", 1e-6, 3) } else { ("1000 yuan", 1e-3, 0) };
        let (zh, factor_zh, decimals_zh) =
            if largest >= 2e8 { ("亿元", 1e-8, 3) } else { ("万元", 1e-4, 1) };
        Scale {
            factor: [factor_en, factor_zh],
            decimals: [decimals_en, decimals_zh],
            ..Scale::plain(both(en, zh), 0)
        }
    }

    /// The ends between which values are drawn.
    pub fn bounds(&self) -> (f64, f64) {
        if self.share { (0.0, 1.0) } else { (f64::NEG_INFINITY, f64::INFINITY) }
    }

    /// What values are multiplied by in a language.
    pub fn factor_in(&self, language: Language) -> f64 {
        match language {
            Language::En => self.factor[0],
            Language::Zh => self.factor[1],
        }
    }
}

impl Panel {
    /// True if there is anything to see.
    pub fn has_values(&self) -> bool {
        self.series.iter().any(Series::has_values)
    }
}

impl Chart {
    /// The chart without panels that have no values; `None` if none is left.
    pub fn if_any(mut self) -> Option<Chart> {
        self.panels.retain(Panel::has_values);
        (!self.panels.is_empty()).then_some(self)
    }

    /// The chart that is also drawn into files of this name.
    pub fn filed(self, name: impl Into<String>) -> Chart {
        Chart { file: Some(name.into()), ..self }
    }
}

fn month<S: Serializer>(month: &Option<Month>, to: S) -> Result<S::Ok, S::Error> {
    match month {
        Some(month) => to.collect_str(month),
        None => to.serialize_none(),
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
