//! Courses over time and maps without a title and notes, for a page that has its own words around them.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::canvas::{Canvas, Fault};
use super::raster::Picture;
use super::view::View;
use super::{Frame, lines, map};
use crate::chart::{Chart, Form};
use shequ_model::base::i18n::Language;

/// Space around a picture, in pixels.
const AROUND: f64 = 2.0;

/// The first panel of a chart over time or of a map.
pub struct Plain<'a> {
    /// What it shows, for readers that cannot see it.
    pub words: String,
    /// The chart.
    pub chart: &'a Chart,
    /// The language.
    pub language: Language,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl<'a> Plain<'a> {
    /// A map of this width, as high as that makes it.
    pub fn of_map(words: String, chart: &'a Chart, language: Language, width: u32) -> Plain<'a> {
        let high = chart.map.as_ref().map_or(0.0, |map| map::height(map, f64::from(width) - 2.0 * AROUND));
        Plain { words, chart, language, size: (width, (high + 2.0 * AROUND).ceil() as u32) }
    }
}

impl Picture for Plain<'_> {
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
        let frame = Frame { left: AROUND, top: AROUND, right: right - AROUND, bottom: bottom - AROUND };
        self.chart.panels.iter().take(1).try_for_each(|panel| match panel.form {
            Form::Map => map::draw(&view, panel, frame, pen),
            _ => lines::draw(&view, panel, true, frame, pen),
        })
    }
}
