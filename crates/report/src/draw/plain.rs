//! Courses over time without a title and notes, for a page that has its own words around them.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::canvas::{Canvas, Fault};
use super::raster::Picture;
use super::view::View;
use super::{Frame, lines};
use crate::chart::Chart;
use shequ_model::base::i18n::Language;

/// The first panel of a chart over time.
pub struct Course<'a> {
    /// What it shows, for readers that cannot see it.
    pub words: String,
    /// The chart.
    pub chart: &'a Chart,
    /// The language.
    pub language: Language,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl Picture for Course<'_> {
    fn title(&self) -> &str {
        &self.words
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let (right, bottom) = (f64::from(self.size.0), f64::from(self.size.1));
        pen.rectangle((0.0, 0.0), (right, bottom), RGBColor(255, 255, 255))?;
        let view = View { chart: self.chart, language: self.language };
        let frame = Frame { left: 2.0, top: 2.0, right: right - 2.0, bottom: bottom - 2.0 };
        self.chart.panels.iter().take(1).try_for_each(|panel| lines::draw(&view, panel, true, frame, pen))
    }
}
