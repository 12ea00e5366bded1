//! Effects, best first: names, marks with intervals beside a line at zero, and what is said of each.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::axis::{Axis, Tick, round_ticks};
use super::canvas::{Align, COLOURS, Canvas, Fault, GREY, INK, PALE};
use super::raster::Picture;
use super::spelling::wrapped;
use crate::font;

/// What is known of the direction of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It is above zero.
    Higher,
    /// It is below zero.
    Lower,
    /// It may be either, or nothing.
    Open,
}

/// One effect, in the unit that people read.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Of what.
    pub name: String,
    /// The effect and the ends of its interval; NaN where there is none.
    pub effect: [f64; 3],
    /// The same in figures.
    pub figures: String,
    /// What is known of it, in words.
    pub verdict: String,
    /// Its direction.
    pub direction: Direction,
}

/// Effects, best first.
pub struct Ranking {
    /// What it shows, for readers that cannot see it.
    pub words: String,
    /// The unit.
    pub unit: String,
    /// The effects.
    pub rows: Vec<Ranked>,
    /// True if values of the axis above zero have a sign.
    pub signed: bool,
    /// Width in pixels.
    pub width: u32,
}

/// Below this width names and figures stand above their marks.
const NARROW: u32 = 480;
/// Size of names and figures.
const LARGE: f64 = 12.5;
/// Shares of the width of a broad picture that names have, and long ones.
const NAMES: [f64; 2] = [0.34, 0.5];
/// Size of small words.
const SMALL: f64 = 11.0;
/// Height of a line of a name, in a broad and in a narrow picture.
const LINES: [f64; 2] = [15.0, 13.5];
/// Size of names where they stand above their marks: a phone's first screen is to hold eight of them.
const TIGHT: f64 = 11.5;
/// Height of figures and mark beneath a name.
const MARK: f64 = 31.0;
/// Height of the axis and of the unit.
const AROUND: f64 = 34.0;
const WHITE: RGBColor = RGBColor(255, 255, 255);

/// Where the columns stand.
struct Columns {
    names: f64,
    plot: (f64, f64),
}

/// Where a row stands, and its name in as many lines as it takes.
struct Place {
    top: f64,
    high: f64,
    lines: Vec<String>,
}

impl Ranking {
    fn is_narrow(&self) -> bool {
        self.width < NARROW
    }

    /// Height of a line of a name.
    fn line(&self) -> f64 {
        LINES[usize::from(self.is_narrow())]
    }

    /// Size of names and figures.
    fn size_of_names(&self) -> f64 {
        if self.is_narrow() { TIGHT } else { LARGE }
    }

    fn columns(&self) -> Columns {
        let width = f64::from(self.width);
        if self.is_narrow() {
            return Columns { names: width - 4.0, plot: (10.0, width - 10.0) };
        }
        let said = |row: &Ranked| font::width(&row.figures, LARGE).max(font::width(&row.verdict, SMALL));
        let said = self.rows.iter().map(said).fold(0.0, f64::max);
        let widest = font::widest(self.rows.iter().map(|row| row.name.as_str()), LARGE);
        // Names that would take more than two lines have more room, at the cost of the marks.
        let names = widest.min((0.5 * widest + LARGE).clamp(NAMES[0] * width, NAMES[1] * width));
        Columns { names, plot: (names + 26.0, width - said - 22.0) }
    }

    fn places(&self) -> Vec<Place> {
        let names = self.columns().names;
        let mut top = 4.0;
        let place = |row: &Ranked| {
            let lines = wrapped(&row.name, self.size_of_names(), names);
            let written = self.line() * lines.len() as f64;
            let high = if self.is_narrow() { written + MARK } else { (written + 3.0).max(33.0) };
            top += high;
            Place { top: top - high, high, lines }
        };
        self.rows.iter().map(place).collect()
    }

    fn value(&self, tick: &Tick) -> String {
        if self.signed && tick.value > 0.0 { format!("+{}", tick.label) } else { tick.label.clone() }
    }

    /// Round values from about the least to about the largest of all ends, zero among them, and where the axis ends.
    fn axis(&self, wide: f64) -> (Vec<Tick>, (f64, f64)) {
        let ends = self.rows.iter().flat_map(|row| row.effect).filter(|value| !value.is_nan());
        let (low, high) = ends.fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
        let mut ticks = round_ticks(low, high, ((wide / 75.0) as usize).max(2));
        // A tick far beyond what is shown would leave half of the picture empty.
        let least = (high - low) / 20.0;
        if low > -least && ticks.len() > 2 && ticks[0].value < 0.0 {
            ticks.remove(0);
        }
        if high < least && ticks.len() > 2 && ticks[ticks.len() - 1].value > 0.0 {
            ticks.pop();
        }
        let ends = (ticks[0].value.min(low), ticks[ticks.len() - 1].value.max(high));
        (ticks, ends)
    }
}

impl Picture for Ranking {
    fn title(&self) -> &str {
        &self.words
    }

    fn size(&self) -> (u32, u32) {
        (self.width, (self.places().iter().map(|place| place.high).sum::<f64>() + AROUND) as u32)
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let (width, height) = (f64::from(self.width), f64::from(self.size().1));
        pen.rectangle((0.0, 0.0), (width, height), WHITE)?;
        let Columns { plot, .. } = self.columns();
        let places = self.places();
        let bottom = places.last().map_or(4.0, |place| place.top + place.high);
        let (ticks, ends) = self.axis(plot.1 - plot.0);
        let value = Axis { values: ends, pixels: plot };
        for tick in &ticks {
            let (x, is_zero) = (value.at(tick.value), tick.value == 0.0);
            for Place { top, high, lines } in &places {
                // Where names stand above their marks, lines leave them alone.
                let above = if self.is_narrow() { self.line() * (lines.len() + 1) as f64 + 2.0 } else { 0.0 };
                let colour = if is_zero { INK } else { PALE };
                pen.line(&[(x, top + above), (x, top + high)], colour, 1.0, &[])?;
            }
            let label = self.value(tick);
            // Whole, at the ends of the axis too.
            let half = font::width(&label, SMALL) / 2.0;
            let at = x.min(width - half).max(half);
            pen.text(&label, (at, bottom + 9.0), SMALL, GREY, Align::Middle)?;
        }
        let middle = (plot.0 + plot.1) / 2.0;
        pen.text(&self.unit, (middle, bottom + 23.0), SMALL, GREY, Align::Middle)?;
        for (number, (row, Place { top, high, lines })) in self.rows.iter().zip(&places).enumerate() {
            if number > 0 {
                pen.line(&[(0.0, *top), (width, *top)], PALE, 0.8, &[])?;
            }
            let (colour, middle) = (colour(row.direction), top + high / 2.0);
            let written = self.line() * lines.len() as f64;
            let (left, first) = match self.is_narrow() {
                true => (2.0, top + 9.0),
                false => (0.0, middle - (written - self.line()) / 2.0),
            };
            for (line, words) in lines.iter().enumerate() {
                let y = first + self.line() * line as f64;
                pen.text(words, (left, y), self.size_of_names(), INK, Align::Left)?;
            }
            if self.is_narrow() {
                let y = top + 9.0 + written;
                pen.text(&row.figures, (2.0, y), TIGHT, INK, Align::Left)?;
                pen.text(&row.verdict, (width - 2.0, y), SMALL, colour, Align::Right)?;
                mark(row, y + 14.0, value, pen)?;
            } else {
                pen.text(&row.figures, (width, middle - 6.0), LARGE, INK, Align::Right)?;
                pen.text(&row.verdict, (width, middle + 9.0), SMALL, colour, Align::Right)?;
                mark(row, middle, value, pen)?;
            }
        }
        Ok(())
    }
}

fn colour(direction: Direction) -> RGBColor {
    match direction {
        Direction::Higher => COLOURS[0],
        Direction::Lower => COLOURS[1],
        Direction::Open => GREY,
    }
}

/// The mark of an effect: full where its direction is known. Colour never speaks alone.
fn mark<B: DrawingBackend>(row: &Ranked, y: f64, value: Axis, pen: &mut Canvas<B>) -> Result<(), Fault> {
    let [mean, low, high] = row.effect;
    if mean.is_nan() {
        return Ok(());
    }
    let colour = colour(row.direction);
    if !low.is_nan() && !high.is_nan() {
        pen.line(&[(value.at(low), y), (value.at(high), y)], colour, 2.2, &[])?;
    }
    let at = (value.at(mean), y);
    pen.mark(at, colour, 9.0, 0)?;
    if row.direction == Direction::Open { pen.mark(at, WHITE, 5.0, 0) } else { Ok(()) }
}
