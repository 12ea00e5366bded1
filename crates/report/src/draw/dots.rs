//! Marks or bars with intervals beside the names of rows: forest plots, rankings of parameters.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::axis::{Axis, Tick, round_ticks};
use super::canvas::{Align, Canvas, Fault, GREY, INK, PALE};
use super::spelling::wrapped;
use super::view::{Point, View};
use super::{
    Frame, LINE, LONGEST_NAME, Layout, MARGIN, MEDIUM, SMALL, WIDTH, axis_name, colour, title_height,
};
use crate::chart::{Mark, Panel, Series};
use crate::font;

/// Panels side by side, if they have the same rows.
const COLUMNS: usize = 3;
/// Width of one of several panels.
const NARROW: f64 = 230.0;
/// Height between the marks of two series of a row.
const STEP: f64 = 9.0;
/// Height of a row besides its marks.
const GAP: f64 = 13.0;
/// Height of a panel besides its rows: name of the axis, numbers.
const AROUND: f64 = 42.0;
const WHITE: RGBColor = RGBColor(255, 255, 255);

/// Panels of the same rows side by side, the names to their left; others beneath each other.
pub fn layout(view: &View) -> Layout {
    let panels = &view.chart.panels;
    let alike = panels.iter().all(|panel| panel.rows == panels[0].rows);
    let columns = if alike { panels.len().min(COLUMNS) } else { 1 };
    let widest = |panel: &Panel| {
        let lines = names(view, panel);
        font::widest(lines.iter().flatten().map(String::as_str), MEDIUM)
    };
    let names = panels.iter().map(widest).fold(0.0, f64::max) + 12.0;
    let wide = if columns == 1 { WIDTH - 2.0 * MARGIN - names } else { NARROW };
    let high = |panel: &Panel| {
        title_height(view, panel, wide) + AROUND + row_height(view, panel) * panel.rows.len() as f64
    };
    Layout {
        columns,
        names,
        panel: (wide, panels.iter().map(high).fold(0.0, f64::max)),
        has_legend: panels.iter().any(|panel| panel.series.len() > 1),
    }
}

/// Limits stand across a row, all others beneath each other.
fn has_place(series: &Series) -> bool {
    series.mark != Mark::Limit
}

/// Names of rows, each whole, on as many lines as it takes.
fn names(view: &View, panel: &Panel) -> Vec<Vec<String>> {
    view.row_names(panel).iter().map(|name| wrapped(name, MEDIUM, LONGEST_NAME)).collect()
}

fn row_height(view: &View, panel: &Panel) -> f64 {
    let places = panel.series.iter().filter(|series| has_place(series)).count();
    let lines = names(view, panel).iter().map(Vec::len).max().unwrap_or(0);
    (GAP + STEP * places.max(1) as f64).max(LINE * lines as f64 + 5.0)
}

/// Draws a panel, with the names of its rows to the left if it `has_names`.
///
/// # Errors
/// What the backend says.
pub fn draw<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    has_names: bool,
    frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let Frame { left, top, right, .. } = axis_name(view, panel, frame, pen)?;
    let high = row_height(view, panel);
    let bottom = top + high * panel.rows.len() as f64;
    let ticks = ticks(view, panel, right - left);
    let ends = (ticks[0].value, ticks[ticks.len() - 1].value);
    let value = Axis { values: ends, pixels: (left + 8.0, right - 12.0) };
    for row in 1..panel.rows.len() {
        let y = top + high * row as f64;
        pen.line(&[(left, y), (right, y)], PALE, 0.6, &[])?;
    }
    for tick in &ticks {
        let (x, is_zero) = (value.at(tick.value), tick.value == 0.0);
        pen.line(&[(x, top - 4.0), (x, bottom)], if is_zero { INK } else { PALE }, 0.8, &[])?;
        let half = font::width(&tick.label, SMALL) / 2.0;
        // Labels of panels side by side keep apart.
        let x = x.clamp(left + half, (right + MARGIN / 2.0 - half).max(left + half));
        pen.text(&tick.label, (x, bottom + 9.0), SMALL, INK, Align::Middle)?;
    }
    if has_names {
        for (row, lines) in names(view, panel).iter().enumerate() {
            let middle = top + high * (row as f64 + 0.5);
            let first = middle - LINE * (lines.len() as f64 - 1.0) / 2.0;
            for (n, line) in lines.iter().enumerate() {
                let at = (left - 12.0, first + LINE * n as f64);
                pen.text(line, at, MEDIUM, INK, Align::Right)?;
            }
        }
    }
    let places = panel.series.iter().filter(|series| has_place(series)).count() as f64;
    let mut place = 0.0;
    for (i, series) in panel.series.iter().enumerate() {
        let aside = STEP * (place - (places - 1.0) / 2.0);
        for (row, point) in view.points(panel, series) {
            let middle = top + high * (row as f64 + 0.5);
            match series.mark {
                Mark::Limit => limit(value.at(point.mean), (middle - high / 2.0, middle + high / 2.0), pen)?,
                Mark::Bar => bar(point, middle + aside, i, value, pen)?,
                Mark::Dot => {
                    let is_filled = series.significant.get(row).copied().unwrap_or(true);
                    dot(point, middle + aside, i, is_filled, value, pen)?;
                }
            }
        }
        place += if has_place(series) { 1.0 } else { 0.0 };
    }
    Ok(())
}

fn limit<B: DrawingBackend>(x: f64, (top, bottom): (f64, f64), pen: &mut Canvas<B>) -> Result<(), Fault> {
    pen.line(&[(x, top), (x, bottom)], GREY, 1.2, &[4.0, 3.0])
}

fn bar<B: DrawingBackend>(
    point: Point,
    y: f64,
    i: usize,
    value: Axis,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let (zero, end, half) = (value.at(0.0), value.at(point.mean), STEP / 2.0);
    let corners = [(zero, y - half), (end, y - half), (end, y + half), (zero, y + half)];
    pen.area(&corners, colour(i), 0.55)?;
    let Some((low, high)) = point.interval else { return Ok(()) };
    let (low, high) = (value.at(low), value.at(high));
    pen.line(&[(low, y), (high, y)], colour(i), 1.2, &[])?;
    for x in [low, high] {
        pen.line(&[(x, y - 2.5), (x, y + 2.5)], colour(i), 1.2, &[])?;
    }
    Ok(())
}

fn dot<B: DrawingBackend>(
    point: Point,
    y: f64,
    i: usize,
    is_filled: bool,
    value: Axis,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    pen.line(&[(value.at(point.low()), y), (value.at(point.high()), y)], colour(i), 1.6, &[])?;
    let at = (value.at(point.mean), y);
    pen.mark(at, colour(i), 7.0, i)?;
    if !is_filled {
        pen.mark(at, WHITE, 4.0, i)?;
    }
    Ok(())
}

/// As many ticks as their labels leave room for, zero among them where it has a meaning.
fn ticks(view: &View, panel: &Panel, wide: f64) -> Vec<Tick> {
    let (mut low, mut high) = view.extent(panel).unwrap_or((0.0, 1.0));
    if panel.scale.differences || panel.scale.from_zero {
        (low, high) = (low.min(0.0), high.max(0.0));
    }
    let room = |ticks: &[Tick]| ticks.iter().map(|t| font::width(&t.label, SMALL) + 8.0).sum::<f64>();
    let most = if wide > 2.0 * NARROW { 8 } else { 4 };
    let fitting = (2..=most).rev().map(|wanted| round_ticks(low, high, wanted));
    fitting.into_iter().find(|ticks| room(ticks) < wide).unwrap_or_else(|| round_ticks(low, high, 1))
}
