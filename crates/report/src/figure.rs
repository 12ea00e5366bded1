//! A picture as data: panels, series, points.

/// The mean of one month (or year) and its interval, in the units of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Months since the start.
    pub x: f64,
    /// Mean; NaN where there is no value.
    pub mean: f64,
    /// Half width of the 95 % interval; NaN where there is none.
    pub half_width: f64,
}

impl Point {
    /// The lower end of the interval, or the mean where there is no interval.
    pub fn low(&self) -> f64 {
        if self.half_width.is_nan() { self.mean } else { self.mean - self.half_width }
    }

    /// The upper end of the interval, or the mean where there is no interval.
    pub fn high(&self) -> f64 {
        if self.half_width.is_nan() { self.mean } else { self.mean + self.half_width }
    }
}

/// One thing over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name in labels and legends.
    pub label: String,
    /// Its points in order of time.
    pub points: Vec<Point>,
}

/// How a panel draws its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines with bands, labelled at their ends.
    Lines,
    /// Markers with error bars, for values that come now and then.
    Markers,
    /// Bars of the given width in months with error bars, side by side.
    Bars {
        /// Months that a group of bars stands for.
        months: u32,
    },
}

/// One pair of axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Title; empty if the figure's title says it all.
    pub title: String,
    /// Unit of the upright axis.
    pub unit: String,
    /// How it is drawn.
    pub form: Form,
    /// What it shows.
    pub series: Vec<Series>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// File name without its ending.
    pub name: &'static str,
    /// Title.
    pub title: String,
    /// Said beneath the title in grey.
    pub subtitle: String,
    /// Said at the foot: what the lines and bands are.
    pub note: String,
    /// Panels, row by row.
    pub panels: Vec<Panel>,
    /// Panels in a row.
    pub columns: usize,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// First month, for the axis of time.
    pub start: shequ_model::base::month::Month,
    /// Months shown.
    pub months: u32,
    /// Months in which policy changed, with a word on how.
    pub changes: Vec<(u32, String)>,
}
