//! Drawing a figure: where everything stands.

use crate::axis::{Scale, Tick, date_ticks, round_ticks};
use crate::canvas::{Align, COLOURS, Canvas, DASHES, Fault, GREY, INK, PALE};
use crate::figure::{Figure, Form, Panel, Point, Series};
use crate::font;
use crate::raster::Picture;
use plotters::prelude::{DrawingBackend, RGBColor};

/// Space around the picture and between panels.
pub const MARGIN: f64 = 16.0;
/// Height of a line of small text.
pub const LINE: f64 = 15.0;
/// Size of small text.
pub const SMALL: f64 = 11.0;
/// A panel at least this wide carries the names of policy changes; narrower ones leave them to the foot.
const ROOMY: f64 = 420.0;
/// Longest name of a policy change in a panel, in characters.
const LONGEST: usize = 40;
/// Most rows of names of policy changes above a panel.
const MOST_ROWS: usize = 8;

/// A box: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Frame {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Picture for Figure {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn draw<B: DrawingBackend>(&self, pen: &mut Canvas<B>) -> Result<(), Fault> {
        draw(self, pen)
    }
}

/// White paper with title and subtitle; returns where the rest begins.
///
/// # Errors
/// What the backend says.
pub fn paper<B: DrawingBackend>(
    pen: &mut Canvas<B>,
    size: (u32, u32),
    title: &str,
    subtitle: &str,
) -> Result<f64, Fault> {
    pen.rectangle((0.0, 0.0), (f64::from(size.0), f64::from(size.1)), RGBColor(255, 255, 255))?;
    pen.text(title, (MARGIN, 22.0), 17.0, INK, Align::Left)?;
    if subtitle.is_empty() {
        return Ok(40.0);
    }
    pen.text(subtitle, (MARGIN, 42.0), 12.0, GREY, Align::Left)?;
    Ok(58.0)
}

fn draw<B: DrawingBackend>(figure: &Figure, pen: &mut Canvas<B>) -> Result<(), Fault> {
    let (width, height) = (f64::from(figure.size.0), f64::from(figure.size.1));
    let top = paper(pen, figure.size, &figure.title, &figure.subtitle)?;
    let columns = figure.columns.max(1);
    let rows = figure.panels.len().div_ceil(columns).max(1);
    let wide = (width - MARGIN * (columns + 1) as f64) / columns as f64;
    let mut bottom = height - 14.0;
    pen.text(&figure.note, (MARGIN, bottom), SMALL, GREY, Align::Left)?;
    if wide < ROOMY && !figure.changes.is_empty() {
        bottom -= LINE;
        let text = fitting(&changes_in_one_line(figure), width - 2.0 * MARGIN);
        pen.text(&text, (MARGIN, bottom), SMALL, GREY, Align::Left)?;
    }
    bottom -= 18.0;

    let high = (bottom - top - MARGIN * (rows - 1) as f64) / rows as f64;
    for (i, panel) in figure.panels.iter().enumerate() {
        let left = MARGIN + (i % columns) as f64 * (wide + MARGIN);
        let top = top + (i / columns) as f64 * (high + MARGIN);
        let frame = Frame { left, top, right: left + wide, bottom: top + high };
        // Where panels stand beneath each other, the first names the changes for all.
        draw_panel(figure, panel, pen, frame, i == 0 && wide >= ROOMY)?;
    }
    Ok(())
}

fn changes_in_one_line(figure: &Figure) -> String {
    let one = |(month, name): &(u32, String)| format!("{} {name}", figure.start.plus(*month));
    figure.changes.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// As much of `text` as `width` pixels of small text hold.
fn fitting(text: &str, width: f64) -> String {
    if font::width(text, SMALL) <= width {
        return text.into();
    }
    let mut room = width - font::width("…", SMALL);
    let held = |c: &char| {
        room -= font::width(c.encode_utf8(&mut [0; 4]), SMALL);
        room >= 0.0
    };
    text.chars().take_while(held).chain(['…']).collect()
}

fn draw_panel<B: DrawingBackend>(
    figure: &Figure,
    panel: &Panel,
    pen: &mut Canvas<B>,
    frame: Frame,
    names_changes: bool,
) -> Result<(), Fault> {
    let mut inner = frame;
    if !panel.title.is_empty() {
        pen.text(&panel.title, (frame.left, inner.top + 7.0), 13.0, INK, Align::Left)?;
        inner.top += 20.0;
    }
    let many = panel.series.len() > 1;
    if many && panel.form != Form::Lines {
        inner.top = legend(panel, pen, inner)?;
    }
    pen.text(&panel.unit, (frame.left, inner.top + 6.0), SMALL, GREY, Align::Left)?;
    inner.top += 20.0;
    inner.bottom -= 18.0;

    let ticks = value_ticks(panel, inner);
    let widest = ticks.iter().map(|t| font::width(&t.label, SMALL)).fold(0.0, f64::max);
    inner.left += widest + 7.0;
    inner.right -= if many && panel.form == Form::Lines { label_room(panel) } else { 14.0 };

    let time = Scale { values: span(figure, panel.form), pixels: (inner.left, inner.right) };
    let changes = if names_changes { place_changes(figure, time) } else { Vec::new() };
    let rows = changes.iter().map(|c| c.row + 1).max().unwrap_or(0);
    let plot_top = inner.top + rows as f64 * LINE;
    let ends = (ticks[0].value, ticks[ticks.len() - 1].value);
    let value = Scale { values: ends, pixels: (inner.bottom, plot_top) };

    grid(figure, panel, pen, (time, value), &ticks)?;
    change_lines(figure, &changes, pen, time, (inner.top, inner.bottom))?;
    match panel.form {
        Form::Lines => lines(panel, pen, time, value)?,
        Form::Markers => markers(panel, pen, time, value)?,
        Form::Bars { months } => bars(panel, months, pen, time, value)?,
    }
    if many && panel.form == Form::Lines {
        end_labels(panel, pen, time, value)?;
    }
    Ok(())
}

/// Months at the two ends of the axis of time. Bars stand for calendar years and need whole ones.
fn span(figure: &Figure, form: Form) -> (f64, f64) {
    let (first, last) = match form {
        Form::Bars { .. } => {
            let end = figure.start.plus(figure.months.saturating_sub(1));
            (1.0 - f64::from(figure.start.of_year()), f64::from(figure.months + 12 - end.of_year()))
        }
        _ => (0.0, f64::from(figure.months)),
    };
    (first - 0.5, last - 0.5)
}

/// Ticks of the upright axis, zero always among them: an axis that starts elsewhere makes noise look
/// like news.
fn value_ticks(panel: &Panel, frame: Frame) -> Vec<Tick> {
    let points = || panel.series.iter().flat_map(|s| &s.points).filter(|p| !p.mean.is_nan());
    let mut low = points().map(Point::low).fold(f64::INFINITY, f64::min);
    let mut high = points().map(Point::high).fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        (low, high) = (0.0, 1.0);
    }
    round_ticks(low.min(0.0), high.max(0.0), ((frame.bottom - frame.top) / 45.0) as usize)
}

/// Grid, axis of time and the numbers beside the axes.
fn grid<B: DrawingBackend>(
    figure: &Figure,
    panel: &Panel,
    pen: &mut Canvas<B>,
    (time, value): (Scale, Scale),
    ticks: &[Tick],
) -> Result<(), Fault> {
    let ((left, right), (bottom, top)) = (time.pixels, value.pixels);
    for tick in ticks {
        let y = value.at(tick.value);
        let colour = if tick.value == 0.0 { GREY } else { PALE };
        pen.line(&[(left, y), (right, y)], colour, 0.8, &[])?;
        pen.text(&tick.label, (left - 6.0, y), SMALL, INK, Align::Right)?;
    }
    let is_bars = matches!(panel.form, Form::Bars { .. });
    for tick in date_ticks(figure.start, figure.months, ((right - left) / 46.0) as usize) {
        let year = tick.label.len() == 4;
        // A year of bars is named beneath its middle.
        let x = time.at(tick.value + if is_bars && year { 5.5 } else { 0.0 });
        if !is_bars {
            pen.line(&[(x, bottom), (x, top)], PALE, 0.8, &[])?;
        }
        pen.line(&[(x, bottom), (x, bottom + 4.0)], GREY, 0.8, &[])?;
        pen.text(&tick.label, (x, bottom + 12.0), SMALL, INK, Align::Middle)?;
    }
    pen.line(&[(left, bottom), (right, bottom)], GREY, 0.8, &[])
}

/// Where the name of a policy change stands.
struct Change<'a> {
    month: f64,
    name: &'a str,
    left: f64,
    align: Align,
    row: usize,
}

/// Gives every change the first row in which its name touches no other, and in which its line, which
/// runs down from the name, crosses none. Names that would take more than [`MOST_ROWS`] rows are left out,
/// all of them: the lines remain.
fn place_changes<'a>(figure: &'a Figure, time: Scale) -> Vec<Change<'a>> {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut placed = Vec::new();
    for (month, name) in &figure.changes {
        let name = name.char_indices().nth(LONGEST).map_or(name.as_str(), |(end, _)| &name[..end]);
        // The line stands between the last month of the old rules and the first of the new.
        let month = f64::from(*month) - 0.5;
        let (x, width) = (time.at(month), font::width(name, SMALL));
        let fits = x + 4.0 + width <= time.pixels.1;
        let (left, align) = if fits { (x + 4.0, Align::Left) } else { (x - 4.0, Align::Right) };
        let (from, to) = if fits { (x, x + 12.0 + width) } else { (x - 12.0 - width, x) };
        let touches = |row: &Vec<(f64, f64)>| row.iter().any(|&(a, b)| a < to && from < b);
        let row = rows.iter().rposition(touches).map_or(0, |row| row + 1);
        if row == rows.len() {
            rows.push(Vec::new());
        }
        if row == MOST_ROWS {
            return Vec::new();
        }
        rows[row].push((from, to));
        placed.push(Change { month, name, left, align, row });
    }
    placed
}

fn change_lines<B: DrawingBackend>(
    figure: &Figure,
    placed: &[Change],
    pen: &mut Canvas<B>,
    time: Scale,
    (top, bottom): (f64, f64),
) -> Result<(), Fault> {
    for change in placed {
        let y = top + change.row as f64 * LINE;
        let x = time.at(change.month);
        pen.line(&[(x, y), (x, bottom)], GREY, 0.9, &[4.0, 3.0])?;
        pen.text(change.name, (change.left, y + 5.0), SMALL, GREY, change.align)?;
    }
    if placed.is_empty() {
        for (month, _) in &figure.changes {
            let x = time.at(f64::from(*month) - 0.5);
            pen.line(&[(x, top), (x, bottom)], GREY, 0.9, &[4.0, 3.0])?;
        }
    }
    Ok(())
}

/// Stretches of points that have values.
fn stretches(series: &Series) -> impl Iterator<Item = &[Point]> {
    series.points.split(|p| p.mean.is_nan()).filter(|stretch| !stretch.is_empty())
}

fn lines<B: DrawingBackend>(
    panel: &Panel,
    pen: &mut Canvas<B>,
    time: Scale,
    value: Scale,
) -> Result<(), Fault> {
    for (i, series) in panel.series.iter().enumerate() {
        for stretch in stretches(series).filter(|s| s.len() > 1) {
            let high = stretch.iter().map(|p| (time.at(p.x), value.at(p.high())));
            let low = stretch.iter().rev().map(|p| (time.at(p.x), value.at(p.low())));
            pen.area(&high.chain(low).collect::<Vec<_>>(), colour(i), 0.22)?;
        }
    }
    for (i, series) in panel.series.iter().enumerate() {
        for stretch in stretches(series) {
            let points: Vec<_> = stretch.iter().map(|p| (time.at(p.x), value.at(p.mean))).collect();
            if let [point] = points[..] {
                pen.error_bar(point.0, ends(&stretch[0], value), colour(i))?;
                pen.mark(point, colour(i), 6.0, i)?;
            } else {
                pen.line(&points, colour(i), 1.8, dash(i))?;
            }
        }
    }
    Ok(())
}

fn markers<B: DrawingBackend>(
    panel: &Panel,
    pen: &mut Canvas<B>,
    time: Scale,
    value: Scale,
) -> Result<(), Fault> {
    for (i, series) in panel.series.iter().enumerate() {
        // Side by side, so that none hides another.
        let aside = 6.5 * (i as f64 - (panel.series.len() - 1) as f64 / 2.0);
        for point in series.points.iter().filter(|p| !p.mean.is_nan()) {
            let x = (time.at(point.x) + aside).clamp(time.pixels.0 + 4.0, time.pixels.1);
            pen.error_bar(x, ends(point, value), colour(i))?;
            pen.mark((x, value.at(point.mean)), colour(i), 6.5, i)?;
        }
    }
    Ok(())
}

fn bars<B: DrawingBackend>(
    panel: &Panel,
    months: u32,
    pen: &mut Canvas<B>,
    time: Scale,
    value: Scale,
) -> Result<(), Fault> {
    let width = 0.8 * f64::from(months) / panel.series.len() as f64;
    for (i, series) in panel.series.iter().enumerate() {
        let aside = width * (i as f64 - panel.series.len() as f64 / 2.0);
        for point in series.points.iter().filter(|p| !p.mean.is_nan()) {
            let (left, right) = (time.at(point.x + aside), time.at(point.x + aside + 0.92 * width));
            let (zero, top) = (value.at(0.0), value.at(point.mean));
            pen.area(&[(left, zero), (left, top), (right, top), (right, zero)], colour(i), 0.85)?;
            if !point.half_width.is_nan() {
                pen.error_bar((left + right) / 2.0, ends(point, value), INK)?;
            }
        }
    }
    Ok(())
}

fn ends(point: &Point, value: Scale) -> (f64, f64) {
    (value.at(point.low()), value.at(point.high()))
}

/// A row or more of samples and names; returns where it ends.
fn legend<B: DrawingBackend>(panel: &Panel, pen: &mut Canvas<B>, frame: Frame) -> Result<f64, Fault> {
    let (mut x, mut y) = (frame.left, frame.top);
    for (i, series) in panel.series.iter().enumerate() {
        let width = 18.0 + font::width(&series.label, 12.0);
        if x > frame.left && x + width > frame.right {
            (x, y) = (frame.left, y + LINE + 1.0);
        }
        let kind = if panel.form == Form::Markers { i } else { 1 };
        pen.mark((x + 6.0, y + 7.0), colour(i), 8.0, kind)?;
        pen.text(&series.label, (x + 15.0, y + 7.0), 12.0, INK, Align::Left)?;
        x += width + 16.0;
    }
    Ok(y + LINE + 6.0)
}

/// Width that the names at the ends of lines need.
fn label_room(panel: &Panel) -> f64 {
    44.0 + panel.series.iter().map(|s| font::width(&s.label, 12.0)).fold(0.0, f64::max)
}

/// Names each line at its end, pushed apart where lines end close together.
fn end_labels<B: DrawingBackend>(
    panel: &Panel,
    pen: &mut Canvas<B>,
    time: Scale,
    value: Scale,
) -> Result<(), Fault> {
    let last = |s: &Series| s.points.iter().rev().find(|p| !p.mean.is_nan()).copied();
    let ends = panel.series.iter().enumerate().filter_map(|(i, s)| Some((i, last(s)?)));
    let mut ends: Vec<(usize, (f64, f64))> =
        ends.map(|(i, p)| (i, (time.at(p.x), value.at(p.mean)))).collect();
    ends.sort_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
    let heights: Vec<f64> = ends.iter().map(|(_, (_, y))| *y).collect();
    let x = time.pixels.1 + 8.0;
    for (&(i, end), y) in ends.iter().zip(apart(&heights, LINE, value.pixels.0)) {
        pen.line(&[(end.0 + 1.5, end.1), (x, y)], colour(i), 0.7, &[])?;
        pen.line(&[(x, y), (x + 26.0, y)], colour(i), 1.8, dash(i))?;
        pen.text(&panel.series[i].label, (x + 31.0, y), 12.0, INK, Align::Left)?;
    }
    Ok(())
}

/// Moves sorted heights as little as keeps them `gap` apart, and none below `bottom`.
fn apart(heights: &[f64], gap: f64, bottom: f64) -> Vec<f64> {
    // Pushed downwards only, and upwards only; the mean of the two keeps the distance.
    let (mut down, mut up) = (heights.to_vec(), heights.to_vec());
    for i in 1..heights.len() {
        down[i] = down[i].max(down[i - 1] + gap);
    }
    for i in (1..heights.len()).rev() {
        up[i - 1] = up[i - 1].min(up[i] - gap);
    }
    let mut placed: Vec<f64> = down.iter().zip(up).map(|(down, up)| (down + up) / 2.0).collect();
    let mut limit = bottom;
    for y in placed.iter_mut().rev() {
        *y = y.min(limit);
        limit = *y - gap;
    }
    placed
}

fn colour(i: usize) -> RGBColor {
    COLOURS[i % COLOURS.len()]
}

fn dash(i: usize) -> &'static [f64] {
    DASHES[i % DASHES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_distance_and_stay_above_the_axis() {
        assert_eq!(apart(&[20.0, 21.0, 60.0], 15.0, 100.0), [13.0, 28.0, 60.0]);
        assert_eq!(apart(&[90.0, 95.0], 15.0, 100.0), [85.0, 100.0]);
    }

    #[test]
    fn a_text_is_cut_where_its_room_ends_however_long_it_is() {
        assert_eq!(fitting("short", 100.0), "short");
        // A million characters, which would take hours if each were cut away by measuring all others.
        let cut = fitting(&"社区".repeat(500_000), 100.0);
        assert!(cut.ends_with('…') && font::width(&cut, SMALL) <= 100.0);
        assert!(font::width(&cut, SMALL) > 100.0 - 2.0 * SMALL, "{cut}");
        assert_eq!(fitting("ab", 0.0), "…");
    }
}
