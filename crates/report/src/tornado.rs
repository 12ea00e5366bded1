//! A tornado: parameters from the strongest to the weakest, as bars with intervals.

use plotters::prelude::{DrawingBackend, RGBColor};

use crate::axis::{Scale, round_ticks};
use crate::canvas::{Align, COLOURS, Canvas, Fault, GREY, INK, PALE};
use crate::font;
use crate::panel::{MARGIN, SMALL, paper};
use crate::raster::Picture;

/// Height of a parameter.
const ROW: f64 = 24.0;
/// Above the first parameter: title, subtitle, legend.
const HEAD: f64 = 84.0;
/// Beneath the last: ticks, name of the axis, note.
const FOOT: f64 = 64.0;
const WIDTH: u32 = 800;
const MEDIUM: f64 = 12.0;

/// A value and half the width of its interval.
pub type Estimate = (f64, f64);

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its key.
    pub label: String,
    /// What the bar shows.
    pub bar: Estimate,
    /// What the mark shows, if there is one.
    pub mark: Option<Estimate>,
    /// What a parameter that does nothing may have, as an upright line; NaN if that is not known.
    pub floor: f64,
}

/// The picture, as data.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// Title.
    pub title: String,
    /// Said beneath it in grey.
    pub subtitle: String,
    /// What bars and marks show.
    pub legend: (String, Option<String>),
    /// Name of the axis.
    pub axis: String,
    /// Said at the foot.
    pub note: String,
    /// Strongest first.
    pub bars: Vec<Bar>,
}

impl Tornado {
    /// Least and greatest value on the axis, zero among them.
    fn span(&self) -> (f64, f64) {
        let estimates = self.bars.iter().flat_map(|bar| [Some(bar.bar), bar.mark]).flatten();
        let ends = estimates.flat_map(|(value, half)| [value - half, value + half]);
        let ends = ends.chain(self.bars.iter().map(|bar| bar.floor));
        ends.filter(|end| end.is_finite()).fold((0.0, 0.0), |(a, b), end| (end.min(a), end.max(b)))
    }
}

impl Picture for Tornado {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (u32, u32) {
        (WIDTH, (HEAD + FOOT + ROW * self.bars.len() as f64) as u32)
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let (width, height) = (f64::from(self.size().0), f64::from(self.size().1));
        paper(pen, self.size(), &self.title, &self.subtitle)?;
        pen.text(&self.note, (MARGIN, height - 14.0), SMALL, GREY, Align::Left)?;
        self.draw_legend(pen)?;

        let widest = self.bars.iter().map(|bar| font::width(&bar.label, MEDIUM)).fold(0.0, f64::max);
        let (low, high) = self.span();
        let ticks = round_ticks(low, high, 6);
        let ends = (ticks[0].value, ticks[ticks.len() - 1].value);
        let scale = Scale { values: ends, pixels: (MARGIN + widest + 12.0, width - MARGIN - 12.0) };
        let bottom = HEAD + ROW * self.bars.len() as f64;
        for tick in &ticks {
            let (x, colour) = (scale.at(tick.value), if tick.value == 0.0 { GREY } else { PALE });
            pen.line(&[(x, HEAD), (x, bottom)], colour, 0.8, &[])?;
            pen.text(&tick.label, (x, bottom + 11.0), SMALL, INK, Align::Middle)?;
        }
        let middle = (scale.pixels.0 + scale.pixels.1) / 2.0;
        pen.text(&self.axis, (middle, bottom + 28.0), SMALL, GREY, Align::Middle)?;
        for (row, bar) in self.bars.iter().enumerate() {
            draw_bar(bar, HEAD + ROW * (row as f64 + 0.5), scale, pen)?;
        }
        Ok(())
    }
}

impl Tornado {
    fn draw_legend<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let y = 64.0;
        let (bar, mark) = &self.legend;
        pen.mark((MARGIN + 6.0, y), COLOURS[0], 9.0, 1)?;
        pen.text(bar, (MARGIN + 15.0, y), MEDIUM, INK, Align::Left)?;
        if let Some(mark) = mark {
            let x = MARGIN + 15.0 + font::width(bar, MEDIUM) + 24.0;
            pen.mark((x, y), COLOURS[1], 8.0, 2)?;
            pen.text(mark, (x + 10.0, y), MEDIUM, INK, Align::Left)?;
        }
        Ok(())
    }
}

fn draw_bar<B: DrawingBackend>(bar: &Bar, y: f64, scale: Scale, pen: &mut Canvas<B>) -> Result<(), Fault> {
    pen.text(&bar.label, (scale.pixels.0 - 8.0, y), MEDIUM, INK, Align::Right)?;
    let (zero, end, half) = (scale.at(0.0), scale.at(bar.bar.0), 6.0);
    let corners = [(zero, y - half), (end, y - half), (end, y + half), (zero, y + half)];
    pen.area(&corners, COLOURS[0], 0.55)?;
    interval(bar.bar, y, COLOURS[0], scale, pen)?;
    if bar.floor.is_finite() {
        let x = scale.at(bar.floor);
        pen.line(&[(x, y - ROW / 2.0), (x, y + ROW / 2.0)], GREY, 1.2, &[4.0, 3.0])?;
    }
    if let Some(mark) = bar.mark {
        interval(mark, y + 3.0, COLOURS[1], scale, pen)?;
        pen.mark((scale.at(mark.0), y + 3.0), COLOURS[1], 7.0, 2)?;
    }
    Ok(())
}

/// A level error bar with caps.
fn interval<B: DrawingBackend>(
    (value, half): Estimate,
    y: f64,
    colour: RGBColor,
    scale: Scale,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    if !half.is_finite() {
        return Ok(());
    }
    let (low, high) = (scale.at(value - half), scale.at(value + half));
    pen.line(&[(low, y), (high, y)], colour, 1.2, &[])?;
    for x in [low, high] {
        pen.line(&[(x, y - 2.5), (x, y + 2.5)], colour, 1.2, &[])?;
    }
    Ok(())
}
