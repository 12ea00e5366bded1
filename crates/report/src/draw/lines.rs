//! Courses over time, with bands; marks where values come now and then.

use plotters::prelude::DrawingBackend;

use super::axis::{Axis, Tick, date_ticks, round_ticks};
use super::canvas::{Align, Canvas, Fault, GREY, INK, PALE};
use super::spelling::{fitting, if_spelt, wrapped};
use super::view::{Point, View};
use super::{
    Frame, LINE, LONGEST_NAME, Layout, MARGIN, MEDIUM, SMALL, WIDE, WIDTH, axis_name, axis_words, colour,
    dash, legend, level_grid, named,
};
use crate::chart::{Panel, Series};
use crate::font;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::month::Month;

/// Panels side by side at most.
const COLUMNS: usize = 3;
/// A panel at least this wide carries the names of policy changes; narrower ones leave them to the foot.
const ROOMY: f64 = 420.0;
/// Widest name of a policy change in a panel.
const LONGEST: f64 = 300.0;
/// Most rows of names of policy changes above a panel.
const MOST_ROWS: usize = 8;
/// Points, of a hundred, that an axis spans at least which does not begin at zero.
const LEAST: f64 = 10.0;

/// Panels side by side if none has names at the ends of its lines, else beneath each other.
pub fn layout(view: &View) -> Layout {
    let panels = &view.chart.panels;
    let alone = panels.iter().all(|panel| panel.series.len() == 1);
    let columns = if alone { panels.len().clamp(1, COLUMNS) } else { 1 };
    let width = if panels.len() < 3 && columns == panels.len() { WIDTH } else { WIDE };
    let wide = (width - MARGIN * (columns + 1) as f64) / columns as f64;
    let high = match (columns, panels.len()) {
        (1, 1) => 340.0,
        (1, _) => 265.0,
        (2, _) => 270.0,
        _ => 169.0,
    };
    Layout { columns, names: 0.0, panel: (wide, high), has_legend: false }
}

/// The changes of policy in a line for the foot, if panels are too narrow for their names.
pub fn changes_beneath(view: &View, wide: f64, room: f64) -> Option<String> {
    let start = view.chart.start.filter(|_| wide < ROOMY && !view.chart.changes.is_empty())?;
    let changes = changes(view, start);
    let named = changes.iter().map(|(month, name)| format!("{} {name}", start.plus(*month)));
    Some(fitting(&named.collect::<Vec<_>>().join(" · "), SMALL, room))
}

/// The months in which policy changes, each with what changes: the policies if there are several, else the keys;
/// its date where that cannot be written.
fn changes(view: &View, start: Month) -> Vec<(u32, String)> {
    let mut all: Vec<(u32, String)> = Vec::new();
    for change in &view.chart.changes {
        let words = change.policy.as_ref().unwrap_or(&change.label).of(view.language);
        let name = if_spelt(words).map_or_else(|| start.plus(change.month).to_string(), String::from);
        match all.iter_mut().find(|(month, _)| *month == change.month) {
            Some((_, names)) if names.split(", ").any(|known| known == name) => {}
            Some((_, names)) => *names = format!("{names}, {name}"),
            None => all.push((change.month, name)),
        }
    }
    all
}

/// Draws a panel, which `names_changes` of policy if it is wide enough.
///
/// # Errors
/// What the backend says.
pub fn draw<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    names_changes: bool,
    frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let is_roomy = frame.right - frame.left >= ROOMY;
    let is_sparse = panel.series.iter().all(Series::is_sparse);
    let many = panel.series.len() > 1;
    // Names stand at the ends of lines where there is room for them.
    let is_labelled = many && !is_sparse && is_roomy;
    let mut inner = frame;
    if many && !is_labelled {
        inner = legend(view, panel, inner, pen)?;
    }
    let above = inner;
    inner = axis_name(view, panel, inner, pen)?;
    inner.bottom -= 18.0;

    let names = names(view, panel);
    let ticks = value_ticks(view, panel, inner);
    if let Some(words) = begins(&ticks, panel) {
        let at = (above.left + font::width(&axis_words(view, panel), SMALL), above.top + 6.0);
        pen.text(words.of(view.language), at, SMALL, GREY, Align::Left)?;
    }
    inner.left += font::widest(ticks.iter().map(|tick| &*tick.label), SMALL) + 7.0;
    inner.right -= if is_labelled {
        44.0 + font::widest(names.iter().flatten().map(String::as_str), MEDIUM)
    } else {
        14.0
    };

    let months = panel.series.iter().map(|series| series.mean.len()).max().unwrap_or(0);
    let time = Axis { values: (-0.5, months as f64 - 0.5), pixels: (inner.left, inner.right) };
    let start = view.chart.start.unwrap_or(Month::new(2000, 1));
    let changes = changes(view, start);
    let named = if names_changes && is_roomy { place_changes(&changes, time) } else { Vec::new() };
    let rows = named.iter().map(|change| change.row + 1).max().unwrap_or(0);
    let plot_top = inner.top + rows as f64 * LINE;
    let ends = (ticks[0].value, ticks[ticks.len() - 1].value);
    let value = Axis { values: ends, pixels: (inner.bottom, plot_top) };

    level_grid(&ticks, time.pixels, value, pen)?;
    time_grid(start, months as u32, (time, value), pen)?;
    change_lines(&changes, &named, time, (inner.top, inner.bottom), pen)?;
    if is_sparse {
        return markers(view, panel, (time, value), pen);
    }
    lines(view, panel, (time, value), pen)?;
    if is_labelled { end_labels(view, panel, &names, (time, value), pen) } else { Ok(()) }
}

/// Ticks of the upright axis, zero among them unless the scale is one of attitudes: an axis that starts elsewhere makes
/// noise look like news, so it spans [`LEAST`] then.
fn value_ticks(view: &View, panel: &Panel, frame: Frame) -> Vec<Tick> {
    let (low, high) = view.extent(panel).unwrap_or((0.0, 1.0));
    let (low, high) = match panel.scale.zoomed {
        true => {
            let more = (LEAST - (high - low)).max(0.0) / 2.0;
            ((low - more).max(0.0), high + more)
        }
        false => (low.min(0.0), high.max(0.0)),
    };
    round_ticks(low, high, ((frame.bottom - frame.top) / 45.0) as usize)
}

/// Where the upright axis begins, if that is not zero.
fn begins(ticks: &[Tick], panel: &Panel) -> Option<Both> {
    let first = ticks.first().filter(|tick| panel.scale.zoomed && tick.value != 0.0)?;
    let from = &first.label;
    Some(both!("; axis from {from}", "；起点为 {from}"))
}

/// Upright lines at dates, and the axis of time beneath.
fn time_grid<B: DrawingBackend>(
    start: Month,
    months: u32,
    (time, value): (Axis, Axis),
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let ((left, right), (bottom, top)) = (time.pixels, value.pixels);
    for tick in date_ticks(start, months, ((right - left) / 46.0) as usize) {
        let x = time.at(tick.value);
        pen.line(&[(x, bottom), (x, top)], PALE, 0.8, &[])?;
        pen.line(&[(x, bottom), (x, bottom + 4.0)], GREY, 0.8, &[])?;
        pen.text(&tick.label, (x, bottom + 12.0), SMALL, INK, Align::Middle)?;
    }
    pen.line(&[(left, bottom), (right, bottom)], GREY, 0.8, &[])
}

/// Where the name of a policy change stands.
struct Place {
    month: f64,
    name: String,
    left: f64,
    align: Align,
    row: usize,
}

/// Gives every change the first row in which its name touches no other, and in which its line, which
/// runs down from the name, crosses none. Names that would take more than [`MOST_ROWS`] rows are left out,
/// all of them: the lines remain.
fn place_changes(changes: &[(u32, String)], time: Axis) -> Vec<Place> {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut placed = Vec::new();
    for (month, name) in changes {
        let name = fitting(name, SMALL, LONGEST);
        // The line stands between the last month of the old rules and the first of the new.
        let month = f64::from(*month) - 0.5;
        let (x, width) = (time.at(month), font::width(&name, SMALL));
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
        placed.push(Place { month, name, left, align, row });
    }
    placed
}

fn change_lines<B: DrawingBackend>(
    changes: &[(u32, String)],
    placed: &[Place],
    time: Axis,
    (top, bottom): (f64, f64),
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    for place in placed {
        let y = top + place.row as f64 * LINE;
        let x = time.at(place.month);
        pen.line(&[(x, y), (x, bottom)], GREY, 0.9, &[4.0, 3.0])?;
        pen.text(&place.name, (place.left, y + 5.0), SMALL, GREY, place.align)?;
    }
    if placed.is_empty() {
        for (month, _) in changes {
            let x = time.at(f64::from(*month) - 0.5);
            pen.line(&[(x, top), (x, bottom)], GREY, 0.9, &[4.0, 3.0])?;
        }
    }
    Ok(())
}

/// Stretches of neighbouring months that have values.
fn stretches(points: &[(usize, Point)]) -> impl Iterator<Item = &[(usize, Point)]> {
    points.chunk_by(|(a, _), (b, _)| a + 1 == *b)
}

fn lines<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    (time, value): (Axis, Axis),
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let at = |month: usize, of: f64| (time.at(month as f64), value.at(of));
    let all: Vec<Vec<(usize, Point)>> =
        panel.series.iter().map(|series| view.points(panel, series).collect()).collect();
    for (i, points) in all.iter().enumerate() {
        for stretch in stretches(points).filter(|stretch| stretch.len() > 1) {
            let high = stretch.iter().map(|(month, p)| at(*month, p.high()));
            let low = stretch.iter().rev().map(|(month, p)| at(*month, p.low()));
            pen.area(&high.chain(low).collect::<Vec<_>>(), colour(i), 0.22)?;
        }
    }
    for (i, points) in all.iter().enumerate() {
        for stretch in stretches(points) {
            if let [(month, point)] = stretch {
                marker(time.at(*month as f64), point, value, i, pen)?;
            } else {
                let line: Vec<_> = stretch.iter().map(|(month, p)| at(*month, p.mean)).collect();
                pen.line(&line, colour(i), 1.8, dash(i))?;
            }
        }
    }
    Ok(())
}

fn markers<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    (time, value): (Axis, Axis),
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    for (i, series) in panel.series.iter().enumerate() {
        // Side by side, so that none hides another.
        let aside = 6.5 * (i as f64 - (panel.series.len() - 1) as f64 / 2.0);
        for (month, point) in view.points(panel, series) {
            let x = (time.at(month as f64) + aside).clamp(time.pixels.0 + 4.0, time.pixels.1);
            marker(x, &point, value, i, pen)?;
        }
    }
    Ok(())
}

/// A value by itself.
fn marker<B: DrawingBackend>(
    x: f64,
    point: &Point,
    value: Axis,
    i: usize,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    if let Some((low, high)) = point.interval {
        pen.error_bar(x, (value.at(low), value.at(high)), colour(i))?;
    }
    pen.mark((x, value.at(point.mean)), colour(i), 6.5, i)
}

/// Names each line at its end, pushed apart where lines end close together.
fn end_labels<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    names: &[Vec<String>],
    (time, value): (Axis, Axis),
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let last = |series: &Series| view.points(panel, series).last();
    let ends = panel.series.iter().enumerate().filter_map(|(i, series)| Some((i, last(series)?)));
    let mut ends: Vec<(usize, (f64, f64))> =
        ends.map(|(i, (month, p))| (i, (time.at(month as f64), value.at(p.mean)))).collect();
    ends.sort_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
    let heights: Vec<(f64, f64)> =
        ends.iter().map(|(i, (_, y))| (*y, LINE * names[*i].len() as f64)).collect();
    let x = time.pixels.1 + 8.0;
    for (&(i, end), y) in ends.iter().zip(apart(&heights, value.pixels.0)) {
        pen.line(&[(end.0 + 1.5, end.1), (x, y)], colour(i), 0.7, &[])?;
        pen.line(&[(x, y), (x + 26.0, y)], colour(i), 1.8, dash(i))?;
        let first = y - LINE * (names[i].len() as f64 - 1.0) / 2.0;
        for (n, line) in names[i].iter().enumerate() {
            pen.text(line, (x + 31.0, first + LINE * n as f64), MEDIUM, INK, Align::Left)?;
        }
    }
    Ok(())
}

/// The names at the ends of lines, each whole, on as many lines as it takes.
fn names(view: &View, panel: &Panel) -> Vec<Vec<String>> {
    view.series_names(panel).iter().map(|name| wrapped(name, MEDIUM, LONGEST_NAME)).collect()
}

/// How high the names of a panel of this width are together: at the ends of its lines, or above them.
pub fn height_of_names(view: &View, panel: &Panel, wide: f64) -> f64 {
    match (panel.series.len() > 1, wide >= ROOMY) {
        (false, _) => 0.0,
        (true, true) => LINE * names(view, panel).iter().map(Vec::len).sum::<usize>() as f64,
        (true, false) => named(view, panel, wide).1,
    }
}

/// Moves sorted middles of things that are so high as little as keeps them from touching, and none below `bottom`.
fn apart(all: &[(f64, f64)], bottom: f64) -> Vec<f64> {
    let gap = |i: usize| (all[i].1 + all[i + 1].1) / 2.0;
    // Pushed downwards only, and upwards only; the mean of the two keeps the distance.
    let middles: Vec<f64> = all.iter().map(|(middle, _)| *middle).collect();
    let (mut down, mut up) = (middles.clone(), middles);
    for i in 1..all.len() {
        down[i] = down[i].max(down[i - 1] + gap(i - 1));
    }
    for i in (1..all.len()).rev() {
        up[i - 1] = up[i - 1].min(up[i] - gap(i - 1));
    }
    let mut placed: Vec<f64> = down.iter().zip(up).map(|(down, up)| (down + up) / 2.0).collect();
    let mut limit = bottom - all.last().map_or(0.0, |(_, high)| (high - LINE) / 2.0);
    for i in (0..all.len()).rev() {
        placed[i] = placed[i].min(limit);
        limit = placed[i] - if i > 0 { gap(i - 1) } else { 0.0 };
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Chart, Scale};
    use shequ_model::base::i18n::Language;

    #[test]
    fn only_courses_of_attitudes_begin_elsewhere_than_at_zero_and_they_say_so() {
        let chart = Chart::default();
        let view = View { chart: &chart, language: Language::En };
        let frame = Frame { left: 0.0, top: 0.0, right: 400.0, bottom: 225.0 };
        let panel = |zoomed, means: &[f64]| Panel {
            scale: Scale { zoomed, ..Scale::plain(Both::default(), 0) },
            series: vec![Series { mean: means.to_vec(), ..Series::default() }],
            ..Panel::default()
        };
        let ends = |panel: &Panel| {
            let ticks = value_ticks(&view, panel, frame);
            (ticks[0].value, ticks[ticks.len() - 1].value, begins(&ticks, panel).map(|words| words.en))
        };
        assert_eq!(ends(&panel(false, &[62.0, 66.0])), (0.0, 80.0, None));
        // Ten points at least, so that four do not look like much.
        let from_fifty_eight = Some("; axis from 58".to_string());
        assert_eq!(ends(&panel(true, &[62.0, 66.0])), (58.0, 70.0, from_fifty_eight));
        assert_eq!(ends(&panel(true, &[2.0, 3.0])), (0.0, 8.0, None));
        assert_eq!(ends(&panel(true, &[20.0, 80.0])).0, 20.0);
    }

    #[test]
    fn labels_keep_their_distance_and_stay_above_the_axis() {
        let of = |middles: &[f64]| middles.iter().map(|middle| (*middle, LINE)).collect::<Vec<_>>();
        assert_eq!(apart(&of(&[20.0, 21.0, 60.0]), 100.0), [13.0, 28.0, 60.0]);
        assert_eq!(apart(&of(&[90.0, 95.0]), 100.0), [85.0, 100.0]);
        // Of two lines each, the lower one ends where one of a single line would.
        assert_eq!(apart(&[(90.0, 2.0 * LINE), (95.0, 2.0 * LINE)], 100.0), [62.5, 92.5]);
    }
}
