//! Named communities as tiles, where nothing says where they lie: as `assets/report/tiles.js` draws them, with whole names.

use plotters::prelude::DrawingBackend;

use super::canvas::{Align, Canvas, Fault, GREY, INK};
use super::map::{BLACK, KEY, NAME, WHITE, key, shade, span};
use super::spelling::wrapped;
use super::view::View;
use super::{Frame, SMALL};
use crate::chart::{Panel, Row};
use shequ_model::base::i18n::Language;

/// Width of a tile at least.
const NARROWEST: f64 = 72.0;
/// Height of a line of a name, of a heading, and of the value of a tile with the space around it.
const LINE: f64 = 12.0;
const HEADING: f64 = 18.0;
const VALUE: f64 = 19.0;

/// A tile: its corner, and its name in lines.
struct Tile {
    at: (f64, f64),
    lines: Vec<String>,
}

/// Tiles of a width and a height, the headings above them, and how high all are together.
struct Tiles {
    size: (f64, f64),
    all: Vec<Tile>,
    headings: Vec<(f64, String)>,
    bottom: f64,
}

impl Tiles {
    /// Those of a panel of this width; a heading begins a row of its own.
    fn of(rows: &[Row], language: Language, wide: f64) -> Tiles {
        let across = (wide / NARROWEST).floor().max(1.0) as usize;
        let width = wide / across as f64;
        let names: Vec<Vec<String>> =
            rows.iter().map(|row| wrapped(row.name.of(language), NAME, width - 8.0)).collect();
        let high = LINE * names.iter().map(Vec::len).max().unwrap_or(0) as f64 + VALUE;
        let (mut column, mut top, mut headings) = (0, 0.0, Vec::new());
        let tile = |(row, lines): (&Row, Vec<String>)| {
            let heading = row.heading.as_ref().map(|heading| heading.of(language));
            if let Some(heading) = heading.filter(|words| !words.is_empty()) {
                top += if column > 0 { high } else { 0.0 } + HEADING;
                column = 0;
                headings.push((top - HEADING / 2.0, heading.to_string()));
            } else if column == across {
                (column, top) = (0, top + high);
            }
            column += 1;
            Tile { at: ((column - 1) as f64 * width, top), lines }
        };
        let all = rows.iter().zip(names).map(tile).collect();
        Tiles { size: (width, high), all, headings, bottom: top + high }
    }
}

/// Height of the tiles of a panel of this width, with what their colours mean.
pub fn height(panel: &Panel, language: Language, wide: f64) -> f64 {
    Tiles::of(&panel.rows, language, wide).bottom + KEY
}

/// Draws a panel. A frame says that a difference is significant.
///
/// # Errors
/// What the backend says.
pub fn draw<B: DrawingBackend>(
    view: &View,
    panel: &Panel,
    frame: Frame,
    pen: &mut Canvas<B>,
) -> Result<(), Fault> {
    let Some(series) = panel.series.first() else { return Ok(()) };
    let Tiles { size: (wide, high), all, headings, bottom } =
        Tiles::of(&panel.rows, view.language, frame.right - frame.left);
    let ends = span(view, panel);
    for (y, words) in &headings {
        pen.text(words, (frame.left, frame.top + y), SMALL, INK, Align::Left)?;
    }
    for (row, Tile { at, lines }) in all.iter().enumerate() {
        let value = view.point(panel, series, row).map(|point| point.mean);
        let (fill, ink) = value.map_or((WHITE, BLACK), |value| shade(value, ends, panel.scale.differences));
        let (left, top) = (frame.left + at.0 + 1.0, frame.top + at.1 + 1.0);
        let (right, lower) = (left + wide - 2.0, top + high - 2.0);
        pen.rectangle((left, top), (right, lower), fill)?;
        let is_clear = series.significant.get(row).copied().unwrap_or(false);
        if is_clear || value.is_none() {
            let corners = [(left, top), (right, top), (right, lower), (left, lower), (left, top)];
            pen.line(&corners, if is_clear { INK } else { GREY }, if is_clear { 2.0 } else { 0.8 }, &[])?;
        }
        let middle = (left + right) / 2.0;
        for (n, line) in lines.iter().enumerate() {
            pen.text(line, (middle, top + LINE * (n as f64 + 0.5) + 2.0), NAME, ink, Align::Middle)?;
        }
        if let Some(value) = value {
            let said = panel.scale.written(value, view.language);
            pen.text(&said, (middle, lower - 9.0), NAME, ink, Align::Middle)?;
        }
    }
    key(&panel.scale, ends, view.language, (frame.left, frame.top + bottom + 8.0), pen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::base::i18n::Both;

    #[test]
    fn streets_begin_a_row_and_names_are_whole() {
        let row = |name: &str, heading: Option<&str>| Row {
            name: Both::same(name),
            heading: heading.map(Both::same),
        };
        let long = "Community of the Western Gate";
        let rows = [row("A", Some("East")), row("B", None), row(long, Some("West"))];
        let tiles = Tiles::of(&rows, Language::En, 250.0);
        // Three of 83 pixels side by side.
        assert_eq!(tiles.all.iter().map(|tile| tile.at.0).collect::<Vec<_>>(), [0.0, 250.0 / 3.0, 0.0]);
        assert_eq!(tiles.all[2].at.1, tiles.size.1 + 2.0 * HEADING);
        assert_eq!(tiles.all[2].lines.join(" "), long);
        assert_eq!(tiles.headings.len(), 2);
        assert_eq!(tiles.bottom, 2.0 * (tiles.size.1 + HEADING));
    }
}
