//! Upright bars in groups, a group for each row.

use plotters::prelude::DrawingBackend;

use super::axis::{Axis, round_ticks};
use super::canvas::{Align, Canvas, Fault, GREY, INK};
use super::view::View;
use super::{Frame, SMALL, axis_name, colour, legend, level_grid};
use crate::chart::Panel;
use crate::font;

/// Draws a panel.
///
/// # Errors
/// What the backend says.
pub fn draw<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    mut frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    if panel.series.len() > 1 {
        frame = legend(view, panel, frame, pen)?;
    }
    let Frame { left, top, right, bottom } = axis_name(view, panel, frame, pen)?;
    let bottom = bottom - 18.0;
    let (low, high) = view.extent(panel).unwrap_or((0.0, 1.0));
    let ticks = round_ticks(low.min(0.0), high.max(0.0), ((bottom - top) / 45.0) as usize);
    let (left, right) = (left + 7.0 + font::widest(ticks.iter().map(|t| &*t.label), SMALL), right - 14.0);
    let value = Axis { values: (ticks[0].value, ticks[ticks.len() - 1].value), pixels: (bottom, top) };
    level_grid(&ticks, (left, right), value, pen)?;
    pen.line(&[(left, bottom), (right, bottom)], GREY, 0.8, &[])?;

    let names = view.row_names(panel);
    let wide = (right - left) / names.len() as f64;
    let every = (font::widest(names.iter().map(String::as_str), SMALL) + 6.0) / wide;
    for (row, name) in names.iter().enumerate().step_by((every.ceil() as usize).max(1)) {
        let middle = left + wide * (row as f64 + 0.5);
        pen.text(name, (middle, bottom + 12.0), SMALL, INK, Align::Middle)?;
    }
    let bar = 0.84 * wide / panel.series.len() as f64;
    for (i, series) in panel.series.iter().enumerate() {
        for (row, point) in view.points(panel, series) {
            let from = left + wide * (row as f64 + 0.08) + bar * i as f64;
            let to = from + 0.92 * bar;
            let (zero, end) = (value.at(0.0), value.at(point.mean));
            pen.area(&[(from, zero), (from, end), (to, end), (to, zero)], colour(i), 0.85)?;
            if let Some((low, high)) = point.interval {
                pen.error_bar((from + to) / 2.0, (value.at(low), value.at(high)), INK)?;
            }
        }
    }
    Ok(())
}
