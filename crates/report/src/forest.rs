//! Effects with their intervals beside a line at zero: a forest plot.

use crate::axis::{Scale, Tick, round_ticks};
use crate::canvas::{Align, COLOURS, Canvas, Fault, GREY, INK, PALE};
use crate::figure::Point;
use crate::font;
use crate::panel::{LINE, MARGIN, SMALL, paper};
use crate::raster::Picture;
use plotters::prelude::{DrawingBackend, RGBColor};

/// One effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Effect and interval in the unit of the panel; `x` is not used.
    pub point: Point,
    /// Significant, which fills the mark.
    pub is_claimed: bool,
}

/// One outcome: a dot for each row and series, in this order.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Title.
    pub title: String,
    /// Unit of the axis.
    pub unit: String,
    /// `dots[row][series]`.
    pub dots: Vec<Vec<Dot>>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// Title.
    pub title: String,
    /// Said beneath the title in grey.
    pub subtitle: String,
    /// Said at the foot, a line each.
    pub notes: Vec<String>,
    /// Names of the rows, the same in every panel.
    pub rows: Vec<String>,
    /// Names of the series; one alone is not named.
    pub series: Vec<String>,
    /// Panels, at most [`ACROSS`] in a row.
    pub panels: Vec<Panel>,
}

/// Panels side by side.
pub const ACROSS: usize = 3;
/// Width of a panel in pixels, without its names.
const WIDE: f64 = 230.0;
/// Height between the dots of two series of a row.
const STEP: f64 = 9.0;
/// Height of a row besides its dots.
const GAP: f64 = 13.0;
/// Height of a panel besides its rows: title, unit, axis.
const AROUND: f64 = 64.0;

impl Forest {
    fn across(&self) -> usize {
        self.panels.len().clamp(1, ACROSS)
    }

    fn row_height(&self) -> f64 {
        GAP + STEP * self.series.len().max(1) as f64
    }

    fn panel_height(&self) -> f64 {
        AROUND + self.row_height() * self.rows.len() as f64
    }

    fn names_width(&self) -> f64 {
        self.rows.iter().map(|row| font::width(row, 12.0)).fold(0.0, f64::max) + 12.0
    }

    fn has_legend(&self) -> bool {
        self.series.len() > 1
    }

    fn foot(&self) -> f64 {
        10.0 + LINE * self.notes.len() as f64
    }
}

impl Picture for Forest {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (u32, u32) {
        let panels = self.panels.len().div_ceil(self.across()) as f64;
        let width = MARGIN + self.names_width() + self.across() as f64 * (WIDE + MARGIN);
        let height = 58.0 + if self.has_legend() { LINE + 8.0 } else { 0.0 };
        (width.max(560.0) as u32, (height + panels * self.panel_height() + self.foot()) as u32)
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let size = self.size();
        let mut top = paper(pen, size, &self.title, &self.subtitle)?;
        if self.has_legend() {
            self.legend(pen, top)?;
            top += LINE + 8.0;
        }
        let first = MARGIN + self.names_width();
        for (i, panel) in self.panels.iter().enumerate() {
            let left = first + (i % self.across()) as f64 * (WIDE + MARGIN);
            let top = top + (i / self.across()) as f64 * self.panel_height();
            if i % self.across() == 0 {
                self.names(pen, top)?;
            }
            self.panel(panel, pen, (left, top))?;
        }
        let first = f64::from(size.1) - self.foot() + 8.0;
        for (i, note) in self.notes.iter().enumerate() {
            pen.text(note, (MARGIN, first + LINE * i as f64), SMALL, GREY, Align::Left)?;
        }
        Ok(())
    }
}

impl Forest {
    fn legend<B: DrawingBackend>(&self, pen: &mut Canvas<B>, top: f64) -> Result<(), Fault> {
        let mut x = MARGIN;
        for (i, name) in self.series.iter().enumerate() {
            pen.mark((x + 6.0, top + 7.0), colour(i), 8.0, i)?;
            pen.text(name, (x + 15.0, top + 7.0), 12.0, INK, Align::Left)?;
            x += 31.0 + font::width(name, 12.0);
        }
        Ok(())
    }

    /// Middle of a row, and of a dot in it.
    fn height(&self, top: f64, row: usize, series: Option<usize>) -> f64 {
        let middle = top + 40.0 + self.row_height() * (row as f64 + 0.5);
        let aside = |i: usize| STEP * (i as f64 - (self.series.len().max(1) - 1) as f64 / 2.0);
        middle + series.map_or(0.0, aside)
    }

    fn names<B: DrawingBackend>(&self, pen: &mut Canvas<B>, top: f64) -> Result<(), Fault> {
        let right = MARGIN + self.names_width() - 12.0;
        for (row, name) in self.rows.iter().enumerate() {
            pen.text(name, (right, self.height(top, row, None)), 12.0, INK, Align::Right)?;
        }
        Ok(())
    }

    fn panel<B: DrawingBackend>(
        &self,
        panel: &Panel,
        pen: &mut Canvas<B>,
        (left, top): (f64, f64),
    ) -> Result<(), Fault> {
        pen.text(&panel.title, (left, top + 7.0), 13.0, INK, Align::Left)?;
        pen.text(&panel.unit, (left, top + 24.0), SMALL, GREY, Align::Left)?;
        let bottom = top + 40.0 + self.row_height() * self.rows.len() as f64;
        let points = || panel.dots.iter().flatten().map(|d| d.point).filter(|p| !p.mean.is_nan());
        let low = points().map(|p| p.low()).fold(0.0, f64::min);
        let high = points().map(|p| p.high()).fold(0.0, f64::max);
        let ticks = ticks(low, high);
        let ends = (ticks[0].value, ticks[ticks.len() - 1].value);
        let scale = Scale { values: ends, pixels: (left + 8.0, left + WIDE - 12.0) };
        for row in 1..self.rows.len() {
            let y = top + 40.0 + self.row_height() * row as f64;
            pen.line(&[(left, y), (left + WIDE, y)], PALE, 0.6, &[])?;
        }
        for tick in &ticks {
            let (x, zero) = (scale.at(tick.value), tick.value == 0.0);
            pen.line(&[(x, top + 36.0), (x, bottom)], if zero { INK } else { PALE }, 0.8, &[])?;
            let half = font::width(&tick.label, SMALL) / 2.0;
            // Labels of panels side by side keep apart.
            let x = x.clamp(left + half, (left + WIDE + MARGIN / 2.0 - half).max(left + half));
            pen.text(&tick.label, (x, bottom + 9.0), SMALL, INK, Align::Middle)?;
        }
        for (row, dots) in panel.dots.iter().enumerate() {
            for (i, dot) in dots.iter().enumerate().filter(|(_, d)| !d.point.mean.is_nan()) {
                dot.draw(pen, scale, self.height(top, row, Some(i)), i)?;
            }
        }
        Ok(())
    }
}

impl Dot {
    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>, x: Scale, y: f64, i: usize) -> Result<(), Fault> {
        let (low, high) = (x.at(self.point.low()), x.at(self.point.high()));
        pen.line(&[(low, y), (high, y)], colour(i), 1.6, &[])?;
        let at = (x.at(self.point.mean), y);
        pen.mark(at, colour(i), 7.0, i)?;
        if !self.is_claimed {
            pen.mark(at, RGBColor(255, 255, 255), 4.0, i)?;
        }
        Ok(())
    }
}

/// About four ticks, fewer where their labels would touch.
fn ticks(low: f64, high: f64) -> Vec<Tick> {
    let width = |ticks: &[Tick]| ticks.iter().map(|t| font::width(&t.label, SMALL) + 8.0).sum::<f64>();
    let fits = |ticks: &Vec<Tick>| width(ticks) < WIDE;
    [4, 3, 2]
        .map(|wanted| round_ticks(low, high, wanted))
        .into_iter()
        .find(fits)
        .unwrap_or_else(|| round_ticks(low, high, 1))
}

fn colour(i: usize) -> RGBColor {
    COLOURS[i % COLOURS.len()]
}
