//! Courses over time, maps and tiles without a title and notes, for a page that has its own words around them.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::canvas::{Canvas, Fault};
use super::raster::Picture;
use super::view::View;
use super::{Frame, lines, map, tiles};
use crate::chart::{Chart, Form};
use shequ_model::base::i18n::Language;

/// Space around a picture, in pixels.
const AROUND: f64 = 2.0;

/// The first panel of a chart over time, of a map or of tiles.
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
    /// Courses of this width, `high` where they have room for their names, and higher by what those take beyond `free`.
    pub fn of_courses(
        words: String,
        chart: &'a Chart,
        language: Language,
        (width, high): (u32, u32),
        free: f64,
    ) -> Plain<'a> {
        let view = View { chart, language };
        let names = |panel| lines::height_of_names(&view, panel, f64::from(width) - 2.0 * AROUND);
        let more = (chart.panels.first().map_or(0.0, names) - free).max(0.0);
        Plain { words, chart, language, size: (width, high + more.ceil() as u32) }
    }

    /// A map of this width, or tiles, as high as that makes it.
    pub fn of_map(words: String, chart: &'a Chart, language: Language, width: u32) -> Plain<'a> {
        let wide = f64::from(width) - 2.0 * AROUND;
        let tiles = |panel| tiles::height(panel, language, wide);
        let high = match &chart.map {
            Some(map) => map::height(map, wide),
            None => chart.panels.first().map_or(0.0, tiles),
        };
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
            Form::Tiles => tiles::draw(&view, panel, frame, pen),
            _ => lines::draw(&view, panel, true, frame, pen),
        })
    }
}
