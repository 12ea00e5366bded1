//! A map, north up: outlines where they are known, points where they are not. What is not significant is hatched, or
//! a hollow point.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::canvas::{Align, Canvas, Fault, GREY};
use super::view::View;
use super::{Frame, Layout, MARGIN, SMALL, WIDE, WIDTH, title_height};
use crate::chart::{Panel, Scale};
use crate::font;
use crate::map::{Map, Place};
use shequ_model::base::i18n::Language;

/// Panels side by side at most.
const COLUMNS: usize = 3;
/// Highest map, in pixels.
const HIGHEST: f64 = 520.0;
/// Space around a map, so that points at its edge are whole.
const AROUND: f64 = 12.0;
/// Height of what the colours mean.
pub const KEY: f64 = 40.0;
/// Height of the bar of the scale.
const BAR: f64 = 16.0;
/// Steps of colour that the key shows, and the width of each.
const STEPS: (usize, f64) = (9, 16.0);
/// Size of names on the map.
pub const NAME: f64 = 10.0;
/// Pixels between the lines of a hatching, measured along x.
const APART: f64 = 7.0;
/// Paper.
pub const WHITE: RGBColor = RGBColor(255, 255, 255);
/// Letters on what is light.
pub const BLACK: RGBColor = RGBColor(0, 0, 0);
// The colours of `assets/report/tiles.js`: of little or nothing, of most, and of what is furthest below zero.
const PALEST: RGBColor = RGBColor(240, 243, 245);
const DARKEST: RGBColor = RGBColor(0, 68, 112);
const LOWEST: RGBColor = RGBColor(150, 62, 0);

/// Panels in rows of three.
pub fn layout(view: &View) -> Layout {
    let columns = view.chart.panels.len().clamp(1, COLUMNS);
    let width = if columns == 1 { WIDTH } else { WIDE };
    let wide = (width - MARGIN * (columns + 1) as f64) / columns as f64;
    let title = view.chart.panels.iter().map(|panel| title_height(view, panel, wide)).fold(0.0, f64::max);
    let map =
        view.chart.map.as_ref().map_or(0.0, |map| times(map, wide) * f64::from(map.size[1]) + beneath(map));
    Layout { columns, names: 0.0, panel: (wide, title + map + 2.0 * AROUND), has_legend: false }
}

/// Height of what stands beneath a map: the bar of its scale, and what the colours mean.
fn beneath(map: &Map) -> f64 {
    KEY + if map.bar.is_some() { BAR } else { 0.0 }
}

/// Height of a map of this width by itself, with what stands beneath it.
pub fn height(map: &Map, wide: f64) -> f64 {
    times(map, wide) * f64::from(map.size[1]) + 2.0 * AROUND + beneath(map)
}

/// How much larger a map is drawn in this width, in both directions.
fn times(map: &Map, wide: f64) -> f64 {
    let [x, y] = map.size.map(|side| f64::from(side.max(1)));
    ((wide - 2.0 * AROUND) / x).min(HIGHEST / y).min((1.1 * wide - 2.0 * AROUND) / y)
}

/// The values at the ends of the colours of a panel, as they are read; differences share those of a chart, around zero.
pub fn span(view: &View, panel: &Panel) -> (f64, f64) {
    let of = |panel: &Panel| {
        let points = panel.series.iter().flat_map(|series| view.points(panel, series));
        points
            .fold((f64::MAX, f64::MIN), |(low, high), (_, point)| (low.min(point.mean), high.max(point.mean)))
    };
    if panel.scale.differences {
        let ends = view.chart.panels.iter().map(of);
        let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(a, b), (low, high)| (a.min(low), b.max(high)));
        let most = high.max(-low);
        return (-most, most);
    }
    match of(panel) {
        (low, high) if low > high => (0.0, 1.0),
        (_, high) if panel.scale.from_zero => (0.0, high),
        ends => ends,
    }
}

/// The colour of a value, and a colour that is read on it.
pub fn shade(value: f64, (low, high): (f64, f64), differences: bool) -> (RGBColor, RGBColor) {
    let (share, darkest) = match differences {
        true => (value.abs() / high, if value < 0.0 { LOWEST } else { DARKEST }),
        false => ((value - low) / (high - low), DARKEST),
    };
    let share = if share.is_nan() { 0.5 } else { share.clamp(0.0, 1.0) };
    let fill = mixed(PALEST, darkest, share);
    (fill, if lightness(fill) > 0.18 { BLACK } else { WHITE })
}

/// A share of the way from one colour to another.
fn mixed(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let part = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8;
    RGBColor(part(from.0, to.0), part(from.1, to.1), part(from.2, to.2))
}

/// How light a colour is, from 0 to 1, by the standard for contrast (WCAG 2).
fn lightness(RGBColor(red, green, blue): RGBColor) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.03928 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
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
    let (Some(map), Some(series)) = (&view.chart.map, panel.series.first()) else { return Ok(()) };
    let wide = frame.right - frame.left;
    let times = times(map, wide);
    let [across, down] = map.size.map(|side| f64::from(side) * times);
    let (left, top) = (frame.left + (wide - across) / 2.0, frame.top + AROUND);
    let at = |x: i32, y: i32| (left + f64::from(x) * times, top + f64::from(y) * times);
    let ends = span(view, panel);
    let radius = (0.3 * (across * down / map.places.len() as f64).sqrt()).clamp(3.5, 9.0);
    let community = |(row, place): (usize, &Place)| {
        let value = view.point(panel, series, row).map(|point| point.mean);
        let (fill, ink) = value.map_or((WHITE, BLACK), |value| shade(value, ends, panel.scale.differences));
        let ring = |ring: &Vec<i32>| ring.chunks_exact(2).map(|corner| at(corner[0], corner[1])).collect();
        Community {
            at: at(place.at[0], place.at[1]),
            rings: place.rings.iter().map(ring).collect(),
            has_value: value.is_some(),
            is_clear: series.significant.get(row).copied().unwrap_or(true),
            fill,
            ink,
        }
    };
    let communities: Vec<Community> = map.places.iter().enumerate().map(community).collect();
    communities.iter().try_for_each(|community| community.draw(radius, pen))?;
    // Above all areas.
    for (community, name) in communities.iter().zip(view.row_names(panel)) {
        if community.has_room_for(&name) {
            pen.text(&name, community.at, NAME, community.ink, Align::Middle)?;
        }
    }
    if let Some(bar) = &map.bar {
        let (y, right) = (frame.bottom - KEY - BAR + 6.0, frame.left + bar.length * times);
        pen.line(&[(frame.left, y - 4.0), (frame.left, y), (right, y), (right, y - 4.0)], GREY, 1.0, &[])?;
        pen.text(bar.label.of(view.language), (right + 6.0, y - 2.0), SMALL, GREY, Align::Left)?;
    }
    key(&panel.scale, ends, view.language, (frame.left, frame.bottom - KEY + 8.0), pen)
}

/// A community as it is drawn.
struct Community {
    at: (f64, f64),
    /// Its outline; none where it is a point.
    rings: Vec<Vec<(f64, f64)>>,
    has_value: bool,
    /// False of what was tested and is not significant.
    is_clear: bool,
    fill: RGBColor,
    /// What can be read on it.
    ink: RGBColor,
}

impl Community {
    fn draw<B: DrawingBackend>(&self, radius: f64, pen: &mut Canvas<B>) -> Result<(), Fault> {
        if self.rings.is_empty() {
            return point(self.at, radius, self.fill, self.has_value && self.is_clear, pen);
        }
        area(&self.rings, self.fill, pen)?;
        if self.has_value && !self.is_clear {
            // Seen on every colour, and quieter than what is significant.
            hatch(&self.rings, mixed(self.fill, self.ink, 0.5), pen)?;
        }
        let dashes: &[f64] = if self.has_value { &[] } else { &[3.0, 3.0] };
        self.rings.iter().try_for_each(|ring| {
            let closed: Vec<(f64, f64)> = ring.iter().chain(ring.first()).copied().collect();
            pen.line(&closed, GREY, 0.8, dashes)
        })
    }

    /// True if its name can be written on it.
    fn has_room_for(&self, name: &str) -> bool {
        match &self.rings[..] {
            [ring] => self.is_clear && font::width(name, NAME) < room_around(self.at, ring),
            _ => false,
        }
    }
}

/// A point, hollow unless it `is_full`.
fn point<B: DrawingBackend>(
    at: (f64, f64),
    radius: f64,
    fill: RGBColor,
    is_full: bool,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    pen.mark(at, GREY, 2.0 * radius + 1.2, 0)?;
    pen.mark(at, fill, 2.0 * radius, 0)?;
    if is_full { Ok(()) } else { pen.mark(at, WHITE, 1.2 * radius, 0) }
}

/// Fills an outline: its rings become one, by ways that are gone twice.
fn area<B: DrawingBackend>(
    rings: &[Vec<(f64, f64)>],
    fill: RGBColor,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let Some(first) = rings.first().and_then(|ring| ring.first()).copied() else { return Ok(()) };
    let round = |ring: &Vec<(f64, f64)>| -> Vec<(f64, f64)> {
        ring.iter().chain(ring.first()).copied().chain([first]).collect()
    };
    let corners: Vec<(f64, f64)> = rings.iter().flat_map(round).collect();
    pen.area(&corners, fill, 1.0)
}

/// Width of what can be written level around a place within a ring.
fn room_around((x, y): (f64, f64), ring: &[(f64, f64)]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let sides = ring.iter().zip(next).filter(|(a, b)| (a.1 <= y) != (b.1 <= y));
    let crossings = sides.map(|(a, b)| a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0));
    let (west, east) = crossings.fold((f64::MIN, f64::MAX), |(west, east), crossing| {
        if crossing < x { (west.max(crossing), east) } else { (west, east.min(crossing)) }
    });
    2.0 * (x - west).min(east - x) - 8.0
}

/// Lines aslant within an outline: along each, from where it enters to where it leaves.
fn hatch<B: DrawingBackend>(
    rings: &[Vec<(f64, f64)>],
    colour: RGBColor,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    for stretch in aslant(rings) {
        pen.line(&stretch, colour, 0.8, &[])?;
    }
    Ok(())
}

/// The stretches of lines x + y = n · [`APART`] that lie within rings, by the even-odd rule.
fn aslant(rings: &[Vec<(f64, f64)>]) -> Vec<[(f64, f64); 2]> {
    let sums = || rings.iter().flatten().map(|(x, y)| x + y);
    let (low, high) = sums().fold((f64::MAX, f64::MIN), |(low, high), sum| (low.min(sum), high.max(sum)));
    let mut stretches = Vec::new();
    if low > high {
        return stretches;
    }
    let lines = (low / APART).ceil() as i64..=(high / APART).floor() as i64;
    for line in lines.map(|n| n as f64 * APART) {
        let mut crossings: Vec<(f64, f64)> = Vec::new();
        for ring in rings {
            let next = ring.iter().cycle().skip(1);
            for (a, b) in ring.iter().zip(next) {
                let (from, to) = (a.0 + a.1, b.0 + b.1);
                if (from <= line) != (to <= line) {
                    let share = (line - from) / (to - from);
                    crossings.push((a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)));
                }
            }
        }
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        stretches.extend(crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
    }
    stretches
}

/// What the colours mean: the values at both ends, and zero between them where there are differences.
///
/// # Errors
/// What the backend says.
pub fn key<B: DrawingBackend>(
    scale: &Scale,
    ends: (f64, f64),
    language: Language,
    (left, top): (f64, f64),
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let (steps, wide) = STEPS;
    for n in 0..steps {
        let value = ends.0 + (ends.1 - ends.0) * n as f64 / (steps - 1) as f64;
        let (fill, _) = shade(value, ends, scale.differences);
        let x = left + n as f64 * wide;
        pen.rectangle((x, top), (x + wide, top + 9.0), fill)?;
    }
    let words = |value: f64| scale.written(value, language);
    let right = left + steps as f64 * wide;
    let y = top + 18.0;
    pen.text(&words(ends.0), (left, y), SMALL, GREY, Align::Left)?;
    if scale.differences {
        pen.text(&words(0.0), ((left + right) / 2.0, y), SMALL, GREY, Align::Middle)?;
    }
    pen.text(&words(ends.1), (right, y), SMALL, GREY, Align::Right)?;
    pen.text(scale.unit.of(language), (right + 8.0, top + 5.0), SMALL, GREY, Align::Left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Chart, Series};
    use shequ_model::base::i18n::Both;

    fn view_of(chart: &Chart) -> View<'_> {
        View { chart, language: Language::En }
    }

    fn panel(means: &[f64], differences: bool) -> Panel {
        let series = Series { mean: means.to_vec(), ..Series::default() };
        let scale = Scale { differences, ..Scale::plain(Both::default(), 1) };
        Panel { scale, series: vec![series], ..Panel::default() }
    }

    #[test]
    fn colours_of_differences_are_symmetric_about_zero_and_alike_in_all_panels() {
        let chart =
            Chart { panels: vec![panel(&[-1.0, 0.5], true), panel(&[3.0], true)], ..Chart::default() };
        let view = view_of(&chart);
        assert_eq!(chart.panels.iter().map(|panel| span(&view, panel)).collect::<Vec<_>>(), [(-3.0, 3.0); 2]);
        let of = |value| shade(value, (-3.0, 3.0), true).0;
        assert_eq!((of(0.0), of(3.0), of(-3.0)), (PALEST, DARKEST, LOWEST));
        // As far from the palest on either side.
        let away = |colour: RGBColor, end: RGBColor| {
            (f64::from(PALEST.1) - f64::from(colour.1)) / (f64::from(PALEST.1) - f64::from(end.1))
        };
        assert!((away(of(1.5), DARKEST) - away(of(-1.5), LOWEST)).abs() < 0.01);
        let levels = panel(&[2.0, 5.0], false);
        assert_eq!(span(&view, &levels), (2.0, 5.0));
    }

    #[test]
    fn letters_have_contrast_on_every_colour() {
        for n in -20..=20 {
            let (fill, ink) = shade(f64::from(n), (-20.0, 20.0), true);
            let [dark, light] = {
                let mut both = [lightness(fill), lightness(ink)];
                both.sort_by(f64::total_cmp);
                both
            };
            assert!((light + 0.05) / (dark + 0.05) >= 4.5, "{n}");
        }
    }

    #[test]
    fn hatching_stays_within_rings_and_out_of_holes() {
        let square = |low: f64, high: f64| vec![(low, low), (high, low), (high, high), (low, high)];
        let stretches = aslant(&[square(0.0, 70.0), square(21.0, 49.0)]);
        // Lines every seven pixels of x + y, from 0 to 140; a line at a corner alone has no length.
        assert!(stretches.len() > 19, "{}", stretches.len());
        for [a, b] in stretches {
            let middle = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
            let within =
                |low: f64, high: f64| low < middle.0 && middle.0 < high && low < middle.1 && middle.1 < high;
            let is_a_point = a == b;
            assert!(is_a_point || within(0.0, 70.0) && !within(21.0, 49.0), "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_map_has_one_scale_in_both_directions() {
        let map = |size| Map { size, places: Vec::new(), bar: None };
        // The room of 800 pixels bounds a broad map by its width and a tall one by its height.
        assert_eq!(times(&map([2000, 500]), 800.0), 776.0 / 2000.0);
        assert_eq!(times(&map([500, 2000]), 800.0), HIGHEST / 2000.0);
    }
}
