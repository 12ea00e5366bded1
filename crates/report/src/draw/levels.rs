//! Marks with intervals above the names of rows, held against a line: what each key does by itself. All panels are
//! on one scale.

use plotters::prelude::DrawingBackend;

use super::axis::{Axis, round_ticks};
use super::canvas::{Align, COLOURS, Canvas, Fault, GREY, INK};
use super::view::View;
use super::{Frame, Layout, MARGIN, SMALL, WIDE, axis_name, level_grid};
use crate::chart::Panel;
use crate::font;

/// Panels side by side.
const COLUMNS: usize = 3;
/// Height of a panel with its title and the names of its rows.
const HEIGHT: f64 = 184.0;

/// Three panels in a row.
pub fn layout(_: &View) -> Layout {
    let wide = (WIDE - MARGIN * (COLUMNS + 1) as f64) / COLUMNS as f64;
    Layout { columns: COLUMNS, names: 0.0, panel: (wide, HEIGHT), has_legend: false }
}

/// Draws a panel.
///
/// # Errors
/// What the backend says.
pub fn draw<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let Frame { left, top, right, bottom } = axis_name(view, panel, frame, pen)?;
    let bottom = bottom - 30.0;
    let (low, high) = span(view);
    let ticks = round_ticks(low, high, 4);
    let left = left + 8.0 + font::widest(ticks.iter().map(|tick| &*tick.label), SMALL);
    let value = Axis { values: (ticks[0].value, ticks[ticks.len() - 1].value), pixels: (bottom, top) };
    level_grid(&ticks, (left, right), value, pen)?;
    if let Some(middle) = middle(view, panel) {
        let y = value.at(middle);
        pen.line(&[(left, y), (right, y)], GREY, 0.9, &[4.0, 3.0])?;
    }

    let names = view.row_names(panel);
    let step = (right - left) / names.len() as f64;
    let place = |row: usize| left + step * (row as f64 + 0.5);
    // Two lines where one is too narrow.
    let alternate = font::widest(names.iter().map(String::as_str), SMALL) + 6.0 > step;
    for (row, name) in names.iter().enumerate() {
        let lower = if alternate && row % 2 == 1 { 13.0 } else { 0.0 };
        pen.text(name, (place(row), bottom + 12.0 + lower), SMALL, INK, Align::Middle)?;
    }
    for series in &panel.series {
        let points: Vec<_> = view.points(panel, series).collect();
        // Numbers have an order that a line may follow; words have none.
        if !series.across.is_empty() {
            let line: Vec<_> = points.iter().map(|(row, p)| (place(*row), value.at(p.mean))).collect();
            pen.line(&line, COLOURS[0], 1.4, &[])?;
        }
        for (row, point) in points {
            if let Some((low, high)) = point.interval {
                pen.error_bar(place(row), (value.at(low), value.at(high)), COLOURS[0])?;
            }
            pen.mark((place(row), value.at(point.mean)), COLOURS[0], 6.5, 0)?;
        }
    }
    Ok(())
}

/// The value that a panel is held against, as it is read.
fn middle(view: &View, panel: &Panel) -> Option<f64> {
    panel.middle.map(|middle| middle * panel.scale.factor_in(view.language))
}

/// The least and the greatest value of all panels.
fn span(view: &View) -> (f64, f64) {
    let panels = || view.chart.panels.iter();
    let ends = panels().filter_map(|panel| view.extent(panel));
    let middles = panels().filter_map(|panel| middle(view, panel)).map(|middle| (middle, middle));
    ends.chain(middles).reduce(|(a, b), (low, high)| (a.min(low), b.max(high))).unwrap_or((0.0, 1.0))
}
