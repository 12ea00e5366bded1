//! A value at the levels of several keys: one small panel for each, all on one scale.

use plotters::prelude::DrawingBackend;

use crate::axis::{Scale, Tick, round_ticks};
use crate::canvas::{Align, COLOURS, Canvas, Fault, GREY, INK, PALE};
use crate::font;
use crate::panel::{MARGIN, SMALL, paper};
use crate::raster::Picture;

/// Panels side by side.
const COLUMNS: usize = 3;
const WIDTH: f64 = 900.0;
/// Height of a panel with its title and the names of its levels.
const ROW: f64 = 200.0;
const HEAD: f64 = 62.0;
const FOOT: f64 = 30.0;

/// A key at one of its levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// The value, or the stretch, of the key.
    pub label: String,
    /// Where it lies, if it is a number.
    pub at: Option<f64>,
    /// What is shown.
    pub value: f64,
    /// Half the width of its interval; NaN if there is none.
    pub half_width: f64,
}

/// One key.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Its name.
    pub title: String,
    /// Its levels, in order.
    pub levels: Vec<Level>,
}

/// The picture, as data.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    /// Title.
    pub title: String,
    /// Said beneath it in grey.
    pub subtitle: String,
    /// Unit of the upright axes.
    pub unit: String,
    /// Said at the foot.
    pub note: String,
    /// A level line in every panel.
    pub middle: f64,
    /// The panels, in the order in which they are read.
    pub panels: Vec<Panel>,
}

impl Picture for Levels {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (u32, u32) {
        let rows = self.panels.len().div_ceil(COLUMNS);
        (WIDTH as u32, (HEAD + FOOT + ROW * rows as f64) as u32)
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let (_, height) = self.size();
        paper(pen, self.size(), &self.title, &self.subtitle)?;
        pen.text(&self.note, (MARGIN, f64::from(height) - 14.0), SMALL, GREY, Align::Left)?;
        let ends = || self.panels.iter().flat_map(|panel| &panel.levels).flat_map(Level::ends);
        let (low, high) = ends().fold((self.middle, self.middle), |(a, b), y| (a.min(y), b.max(y)));
        let ticks = round_ticks(low, high, 4);
        let labels = ticks.iter().map(|tick| font::width(&tick.label, SMALL)).fold(0.0, f64::max);
        let wide = (WIDTH - MARGIN * (COLUMNS + 1) as f64) / COLUMNS as f64;
        for (i, panel) in self.panels.iter().enumerate() {
            let left = MARGIN + (i % COLUMNS) as f64 * (wide + MARGIN);
            let top = HEAD + (i / COLUMNS) as f64 * ROW;
            pen.text(&panel.title, (left, top + 8.0), 12.0, INK, Align::Left)?;
            pen.text(&self.unit, (left, top + 24.0), SMALL, GREY, Align::Left)?;
            let across = (left + labels + 8.0, left + wide);
            self.draw_panel(panel, &ticks, across, (top + ROW - 38.0, top + 36.0), pen)?;
        }
        Ok(())
    }
}

impl Level {
    fn ends(&self) -> [f64; 2] {
        match self.half_width.is_nan() {
            true => [self.value; 2],
            false => [self.value - self.half_width, self.value + self.half_width],
        }
    }
}

impl Levels {
    fn draw_panel<B: DrawingBackend>(
        &self,
        panel: &Panel,
        ticks: &[Tick],
        across: (f64, f64),
        upright: (f64, f64),
        pen: &mut Canvas<B>,
    ) -> Result<(), Fault> {
        let value = Scale { values: (ticks[0].value, ticks[ticks.len() - 1].value), pixels: upright };
        for tick in ticks {
            let y = value.at(tick.value);
            pen.line(&[(across.0, y), (across.1, y)], PALE, 0.8, &[])?;
            pen.text(&tick.label, (across.0 - 6.0, y), SMALL, INK, Align::Right)?;
        }
        let y = value.at(self.middle);
        pen.line(&[(across.0, y), (across.1, y)], GREY, 0.9, &[4.0, 3.0])?;
        let step = (across.1 - across.0) / panel.levels.len() as f64;
        let place = |i: usize| across.0 + step * (i as f64 + 0.5);
        let points: Vec<(f64, f64)> =
            panel.levels.iter().enumerate().map(|(i, level)| (place(i), value.at(level.value))).collect();
        // Numbers have an order that a line may follow; words have none.
        if panel.levels.iter().all(|level| level.at.is_some()) {
            pen.line(&points, COLOURS[0], 1.4, &[])?;
        }
        for (i, (level, &point)) in panel.levels.iter().zip(&points).enumerate() {
            let [low, high] = level.ends();
            pen.error_bar(point.0, (value.at(low), value.at(high)), COLOURS[0])?;
            pen.mark(point, COLOURS[0], 6.5, 0)?;
            // Two rows where one is too narrow.
            let widest = panel.levels.iter().map(|l| font::width(&l.label, SMALL)).fold(0.0, f64::max);
            let lower = if widest + 6.0 > step && i % 2 == 1 { 13.0 } else { 0.0 };
            pen.text(&level.label, (point.0, upright.0 + 12.0 + lower), SMALL, INK, Align::Middle)?;
        }
        Ok(())
    }
}
