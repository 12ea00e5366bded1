//! A chart as a picture in one language: on paper with a title, for SVG and PNG files.
//!
//! Each form is a file here: how much room its panels want, and how one is drawn into a frame. Everything around
//! the panels is drawn here, alike for all.

pub(crate) mod axis;
mod bars;
pub(crate) mod canvas;
mod dots;
mod levels;
mod lines;
mod map;
pub(crate) mod plain;
pub(crate) mod ranking;
pub mod raster;
pub(crate) mod sparkline;
pub(crate) mod spelling;
mod tiles;
mod view;

use plotters::prelude::{DrawingBackend, RGBColor};

use crate::chart::{Chart, Form, Mark, Panel};
use crate::font;
use axis::{Axis, Tick};
use canvas::{Align, COLOURS, Canvas, DASHES, Fault, GREY, INK, PALE};
use raster::Picture;
use shequ_model::base::i18n::{Both, Language};
use view::View;

/// Space around the picture and between panels.
const MARGIN: f64 = 16.0;
/// Height of a line of text.
const LINE: f64 = 15.0;
/// Size of text that names things.
const MEDIUM: f64 = 12.0;
/// Size of small text.
const SMALL: f64 = 11.0;
/// Width of a picture of one panel.
const WIDTH: f64 = 800.0;
/// Width of a picture of many panels, and of panels with much beside them.
const WIDE: f64 = 900.0;
/// Widest name beside a panel; a longer one is cut.
const LONGEST_NAME: f64 = 260.0;

/// A box: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Frame {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// Where the panels of a chart stand.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Panels side by side.
    columns: usize,
    /// Room for names to the left of all of them.
    names: f64,
    /// Width and height of a panel.
    panel: (f64, f64),
    /// True if one legend stands for all panels.
    has_legend: bool,
}

/// A chart in one language, laid out.
pub struct Drawing<'a> {
    view: View<'a>,
    title: String,
    /// What the results are of, said beneath the title.
    subtitle: String,
    notes: Vec<String>,
    layout: Layout,
}

impl<'a> Drawing<'a> {
    /// The picture of a chart of results with the name `of`; `None` if only the page can draw it.
    pub fn new(chart: &'a Chart, of: &Both, language: Language) -> Option<Drawing<'a>> {
        let view = View { chart, language };
        let form = chart.panels.first()?.form;
        if !chart.panels.iter().all(|panel| panel.form.is_for_files()) {
            return None;
        }
        let layout = match form {
            Form::Dots => dots::layout(&view),
            Form::Levels => levels::layout(&view),
            Form::Map => map::layout(&view),
            _ => lines::layout(&view),
        };
        let mut drawing = Drawing {
            title: spelling::spelt(chart.title.of(language)),
            subtitle: spelling::if_spelt(of.of(language)).unwrap_or_default().into(),
            notes: Vec::new(),
            layout,
            view,
        };
        let room = drawing.width() - 2.0 * MARGIN;
        if matches!(form, Form::Lines) {
            drawing.notes.extend(lines::changes_beneath(&drawing.view, layout.panel.0, room));
        }
        drawing.notes.extend(spelling::wrapped(&spelling::spelt(chart.note.of(language)), SMALL, room));
        Some(drawing)
    }

    fn width(&self) -> f64 {
        let Layout { columns, names, panel, .. } = self.layout;
        MARGIN + names + columns as f64 * (panel.0 + MARGIN)
    }

    /// Where the legend, or the first row of panels, begins.
    fn head(&self) -> f64 {
        if self.subtitle.is_empty() { 40.0 } else { 58.0 }
    }

    /// Where the first row of panels begins.
    fn top(&self) -> f64 {
        let panel = self.view.chart.panels.first().filter(|_| self.layout.has_legend);
        let high = |panel| named(&self.view, panel, self.width() - 2.0 * MARGIN).1 + 7.0;
        self.head() + panel.map_or(0.0, high)
    }

    /// The middle of the first line of notes.
    fn foot(&self) -> f64 {
        let rows = self.view.chart.panels.len().div_ceil(self.layout.columns) as f64;
        self.top() + rows * (self.layout.panel.1 + MARGIN) + 6.0
    }

    fn frame(&self, number: usize) -> Frame {
        let Layout { columns, names, panel: (wide, high), .. } = self.layout;
        let left = MARGIN + names + (number % columns) as f64 * (wide + MARGIN);
        let top = self.top() + (number / columns) as f64 * (high + MARGIN);
        Frame { left, top, right: left + wide, bottom: top + high }
    }

    fn draw_paper<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let (width, height) = self.size();
        pen.rectangle((0.0, 0.0), (f64::from(width), f64::from(height)), RGBColor(255, 255, 255))?;
        pen.text(&self.title, (MARGIN, 22.0), 17.0, INK, Align::Left)?;
        pen.text(&self.subtitle, (MARGIN, 42.0), MEDIUM, GREY, Align::Left)?;
        for (i, note) in self.notes.iter().enumerate() {
            let y = self.foot() + LINE * i as f64;
            pen.text(note, (MARGIN, y), SMALL, GREY, Align::Left)?;
        }
        Ok(())
    }

    fn draw_panel<B: DrawingBackend>(&self, number: usize, pen: &mut Canvas<B>) -> Result<(), Fault> {
        let panel = &self.view.chart.panels[number];
        let frame = titled(&self.view, panel, self.frame(number), pen)?;
        match panel.form {
            Form::Bars => bars::draw(&self.view, panel, frame, pen),
            Form::Dots => {
                let has_names = number.is_multiple_of(self.layout.columns);
                dots::draw(&self.view, panel, has_names, frame, pen)
            }
            Form::Levels => levels::draw(&self.view, panel, frame, pen),
            Form::Map => map::draw(&self.view, panel, frame, pen),
            // Others have no drawing.
            _ => {
                let is_lines = |panel: &Panel| panel.form == Form::Lines;
                let names_changes = self.view.chart.panels.iter().position(is_lines) == Some(number);
                lines::draw(&self.view, panel, names_changes, frame, pen)
            }
        }
    }
}

impl Picture for Drawing<'_> {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (u32, u32) {
        let height = self.foot() + LINE * self.notes.len().saturating_sub(1) as f64 + 14.0;
        // No title is cut off.
        let least = 2.0 * MARGIN + font::width(&self.title, 17.0).min(WIDE);
        (self.width().max(least) as u32, height as u32)
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        self.draw_paper(pen)?;
        if let Some(panel) = self.view.chart.panels.first().filter(|_| self.layout.has_legend) {
            let right = self.width() - MARGIN;
            legend(&self.view, panel, Frame { left: MARGIN, top: self.head(), right, bottom: 0.0 }, pen)?;
        }
        (0..self.view.chart.panels.len()).try_for_each(|number| self.draw_panel(number, pen))
    }
}

/// Size of titles of panels.
const OF_PANELS: f64 = 13.0;

/// The title of a panel of this width, in as many lines as it takes.
fn title_lines(view: &View, panel: &Panel, wide: f64) -> Vec<String> {
    spelling::wrapped(&spelling::spelt(panel.title.of(view.language)), OF_PANELS, wide)
}

/// Height of the title of a panel of this width.
fn title_height(view: &View, panel: &Panel, wide: f64) -> f64 {
    match title_lines(view, panel, wide).len() {
        0 => 0.0,
        lines => 20.0 + (LINE + 1.0) * (lines - 1) as f64,
    }
}

/// Writes the title of a panel; returns what is left of its frame.
fn titled<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<Frame, Fault> {
    let wide = frame.right - frame.left;
    for (n, line) in title_lines(view, panel, wide).iter().enumerate() {
        let y = frame.top + 7.0 + (LINE + 1.0) * n as f64;
        pen.text(line, (frame.left, y), OF_PANELS, INK, Align::Left)?;
    }
    Ok(Frame { top: frame.top + title_height(view, panel, wide), ..frame })
}

/// What the axis of values is called.
fn axis_words(view: &View, panel: &Panel) -> String {
    spelling::spelt(panel.axis.as_ref().unwrap_or(&panel.scale.unit).of(view.language))
}

/// Writes what the axis of values is called; returns what is left of the frame.
fn axis_name<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<Frame, Fault> {
    let name = axis_words(view, panel);
    pen.text(&name, (frame.left, frame.top + 6.0), SMALL, GREY, Align::Left)?;
    Ok(Frame { top: frame.top + 20.0, ..frame })
}

/// A name of a legend: where it begins, and its lines.
struct Named {
    at: (f64, f64),
    lines: Vec<String>,
}

/// Where the names of a legend of this width stand, from zero on, in rows and whole, and how high they are together.
fn named(view: &View, panel: &Panel, wide: f64) -> (Vec<Named>, f64) {
    let (mut x, mut y, mut high) = (0.0, 0.0, 0.0_f64);
    let one = |name: &String| {
        let lines = spelling::wrapped(name, MEDIUM, wide - 18.0);
        let width = 18.0 + font::widest(lines.iter().map(String::as_str), MEDIUM);
        if x > 0.0 && x + width > wide {
            (x, y, high) = (0.0, y + high, 0.0);
        }
        let at = (x, y);
        x += width + 16.0;
        high = high.max((LINE + 1.0) * lines.len() as f64);
        Named { at, lines }
    };
    let all = view.series_names(panel).iter().map(one).collect();
    (all, y + high)
}

/// Draws a row or more of samples and names; returns what is left of the frame.
fn legend<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<Frame, Fault> {
    let (all, high) = named(view, panel, frame.right - frame.left);
    for (i, (series, Named { at, lines })) in panel.series.iter().zip(all).enumerate() {
        let (x, y) = (frame.left + at.0, frame.top + at.1);
        let at = (x + 6.0, y + 7.0);
        match (panel.form, series.mark) {
            (_, Mark::Limit) => pen.line(&[(at.0, y), (at.0, y + 14.0)], GREY, 1.2, &[4.0, 3.0])?,
            (Form::Lines, _) if !series.is_sparse() => {
                pen.line(&[(x, at.1), (x + 12.0, at.1)], colour(i), 1.8, dash(i))?;
            }
            (Form::Bars, _) | (_, Mark::Bar) => pen.mark(at, colour(i), 9.0, SQUARE)?,
            _ => pen.mark(at, colour(i), 8.0, i)?,
        }
        for (n, line) in lines.iter().enumerate() {
            let y = y + 7.0 + (LINE + 1.0) * n as f64;
            pen.text(line, (x + 15.0, y), MEDIUM, INK, Align::Left)?;
        }
    }
    Ok(Frame { top: frame.top + high + 5.0, ..frame })
}

/// Level lines at values, and the numbers beside them.
fn level_grid<B: DrawingBackend>(
    ticks: &[Tick],
    (left, right): (f64, f64),
    value: Axis,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    for tick in ticks {
        let y = value.at(tick.value);
        let colour = if tick.value == 0.0 { GREY } else { PALE };
        pen.line(&[(left, y), (right, y)], colour, 0.8, &[])?;
        pen.text(&tick.label, (left - 6.0, y), SMALL, INK, Align::Right)?;
    }
    Ok(())
}

/// The mark that stands for a bar.
const SQUARE: usize = 1;

fn colour(i: usize) -> RGBColor {
    COLOURS[i % COLOURS.len()]
}

/// Series of the same colour have other strokes.
fn dash(i: usize) -> &'static [f64] {
    DASHES[(i + i / COLOURS.len()) % DASHES.len()]
}
