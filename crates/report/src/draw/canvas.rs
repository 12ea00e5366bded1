//! Lines, areas, marks and text on any plotters backend, in pixels that may be fractions.

use std::fmt::Display;

use crate::font;
use plotters::prelude::{DrawingBackend, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Plotters counts in whole pixels, so pictures are drawn this many times larger.
pub const FINE: u32 = 6;

/// Colours that colour-blind people tell apart (Okabe and Ito 2008), without the yellow, which is
/// too pale for lines on white.
pub const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(60, 60, 60),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// Lengths of strokes and gaps in pixels; empty is solid.
pub const DASHES: [&[f64]; 7] =
    [&[], &[9.0, 4.0], &[2.0, 3.0], &[9.0, 3.0, 2.0, 3.0], &[16.0, 4.0], &[5.0, 2.5], &[16.0, 3.0, 3.0, 3.0]];

/// Text and axes.
pub const INK: RGBColor = RGBColor(40, 40, 40);
/// Units, notes.
pub const GREY: RGBColor = RGBColor(100, 100, 100);
/// Grid.
pub const PALE: RGBColor = RGBColor(228, 228, 228);

/// Which point of a text is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Its left end.
    Left,
    /// Its middle.
    Middle,
    /// Its right end.
    Right,
}

/// Why a picture could not be drawn.
pub type Fault = String;

/// Draws on a backend.
pub struct Canvas<'b, B: DrawingBackend> {
    backend: &'b mut B,
}

impl<'b, B: DrawingBackend> Canvas<'b, B> {
    /// A pen for a backend that is [`FINE`] times as wide and high as the picture.
    pub fn new(backend: &'b mut B) -> Self {
        Canvas { backend }
    }

    /// A line through `points`, `width` pixels wide.
    pub fn line(
        &mut self,
        points: &[(f64, f64)],
        colour: RGBColor,
        width: f64,
        dash: &[f64],
    ) -> Result<(), Fault> {
        let style = ShapeStyle { color: colour.into(), filled: false, stroke_width: fine(width) as u32 };
        for stroke in strokes(points, dash) {
            let pixels: Vec<(i32, i32)> = stroke.into_iter().map(pixel).collect();
            self.backend.draw_path(pixels, &style).map_err(fault)?;
        }
        Ok(())
    }

    /// A filled polygon of the given opacity.
    pub fn area(&mut self, corners: &[(f64, f64)], colour: RGBColor, opacity: f64) -> Result<(), Fault> {
        use plotters::style::Color;
        let pixels: Vec<(i32, i32)> = corners.iter().copied().map(pixel).collect();
        self.backend.fill_polygon(pixels, &colour.mix(opacity)).map_err(fault)
    }

    /// A filled rectangle from the upper left to the lower right corner.
    pub fn rectangle(&mut self, from: (f64, f64), to: (f64, f64), colour: RGBColor) -> Result<(), Fault> {
        self.backend.draw_rect(pixel(from), pixel(to), &colour, true).map_err(fault)
    }

    /// A mark of about `size` pixels: a disc, a square, a triangle or a diamond by `kind`.
    pub fn mark(
        &mut self,
        (x, y): (f64, f64),
        colour: RGBColor,
        size: f64,
        kind: usize,
    ) -> Result<(), Fault> {
        let (r, q) = (size / 2.0, size * 0.66);
        match kind % 4 {
            0 => {
                let style = ShapeStyle { color: colour.into(), filled: true, stroke_width: 0 };
                self.backend.draw_circle(pixel((x, y)), fine(r) as u32, &style, true).map_err(fault)
            }
            1 => self.area(&[(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)], colour, 1.0),
            2 => self.area(&[(x, y - q), (x + q, y + 0.8 * q), (x - q, y + 0.8 * q)], colour, 1.0),
            _ => self.area(&[(x, y - q), (x + q, y), (x, y + q), (x - q, y)], colour, 1.0),
        }
    }

    /// An upright error bar with caps.
    pub fn error_bar(&mut self, x: f64, (low, high): (f64, f64), colour: RGBColor) -> Result<(), Fault> {
        self.line(&[(x, low), (x, high)], colour, 1.2, &[])?;
        for y in [low, high] {
            self.line(&[(x - 2.5, y), (x + 2.5, y)], colour, 1.2, &[])?;
        }
        Ok(())
    }

    /// Text of `em` pixels whose capitals are centred on y.
    pub fn text(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        em: f64,
        colour: RGBColor,
        align: Align,
    ) -> Result<(), Fault> {
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Middle => HPos::Center,
            Align::Right => HPos::Right,
        };
        // Plotters takes 1.24 times the em, and centres on half the height of an x.
        let size = em * 1.24 * f64::from(FINE);
        let style = TextStyle::from((font::FAMILY, size).into_font().style(FontStyle::Normal))
            .color(&colour)
            .pos(Pos::new(horizontal, VPos::Center));
        self.backend.draw_text(text, &style, pixel((x, y + 0.095 * em))).map_err(fault)
    }
}

fn fine(length: f64) -> i32 {
    (length * f64::from(FINE)).round() as i32
}

fn pixel((x, y): (f64, f64)) -> (i32, i32) {
    (fine(x), fine(y))
}

fn fault(error: impl Display) -> Fault {
    error.to_string()
}

/// Cuts a line into its strokes.
fn strokes(points: &[(f64, f64)], dash: &[f64]) -> Vec<Vec<(f64, f64)>> {
    if dash.is_empty() {
        return vec![points.to_vec()];
    }
    let mut all = Vec::new();
    let (mut part, mut left) = (0, dash[0]);
    let mut stroke: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = libm::hypot(x1 - x0, y1 - y0);
        let mut gone = 0.0;
        while length - gone > left {
            gone += left;
            let cut = (x0 + (x1 - x0) * gone / length, y0 + (y1 - y0) * gone / length);
            stroke.push(cut);
            let whole = std::mem::replace(&mut stroke, vec![cut]);
            if part % 2 == 0 {
                all.push(whole);
            }
            part = (part + 1) % dash.len();
            left = dash[part];
        }
        left -= length - gone;
        stroke.push((x1, y1));
    }
    if part % 2 == 0 && stroke.len() > 1 {
        all.push(stroke);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_go_round_corners() {
        let line = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)];
        let cut = strokes(&line, &[3.0, 2.0]);
        assert_eq!(cut, [vec![(0.0, 0.0), (3.0, 0.0)], vec![(4.0, 1.0), (4.0, 4.0)]]);
        assert_eq!(strokes(&line, &[]), [line.to_vec()]);
    }
}
