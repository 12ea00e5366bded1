//! Static pictures from charts: the same data as on the page, painted.

use std::io;

use super::Pictures;
use super::chart::{Chart, Panel, Scale, Series};
use crate::figure::{Figure, Form, Panel as Axes, Point, Series as Course};
use crate::font;
use crate::forest::{Dot, Forest, Panel as Dots};
use crate::raster::{self, Picture};
use shequ_model::base::i18n::{Both, Language};
use shequ_model::base::month::Month;
use shequ_model::base::params::Text;

/// Pictures as files, each under its name.
///
/// # Errors
/// What the painter says.
pub fn files<P: Picture>(pictures: &[(String, P)]) -> io::Result<Pictures> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let named: Vec<(&str, &P)> = pictures.iter().map(|(name, picture)| (name.as_str(), picture)).collect();
    raster::files(&named, threads).map_err(io::Error::other)
}

/// Words that a picture can spell; none of others.
pub fn spelt(words: &str) -> Option<String> {
    Some(words).filter(|words| font::can_write(words)).map(String::from)
}

/// The name of a row or series, or its number if pictures cannot spell it.
fn named(name: &Both, number: usize, language: Language) -> String {
    spelt(name.of(language)).unwrap_or_else(|| (number + 1).to_string())
}

/// What values of a scale are multiplied by.
pub fn factor(scale: &Scale, language: Language) -> f64 {
    match language {
        Language::En => scale.factor[0],
        Language::Zh => scale.factor[1],
    }
}

/// Value `i` of a series in the unit of its scale, at `x`.
fn point(series: &Series, i: usize, x: f64, factor: f64) -> Point {
    let at = |values: &[f64]| values.get(i).copied().unwrap_or(f64::NAN);
    Point {
        x,
        mean: at(&series.mean) * factor,
        half_width: (at(&series.high) - at(&series.low)) / 2.0 * factor,
    }
}

/// Marks with intervals as a forest, called `plain` where its own title cannot be spelt.
pub fn forest(chart: &Chart, plain: Text, language: Language) -> Forest {
    let panel = |panel: &Panel| {
        let factor = factor(&panel.scale, language);
        let dot = |row: usize, series: &Series| Dot {
            point: point(series, row, 0.0, factor),
            is_claimed: series.claimed.get(row).copied().unwrap_or(true),
        };
        let row = |row: usize| panel.series.iter().map(|series| dot(row, series)).collect();
        Dots {
            title: panel.title.of(language).into(),
            unit: panel.scale.unit.of(language).into(),
            dots: (0..panel.rows.len()).map(row).collect(),
        }
    };
    let first = chart.panels.first();
    let rows = first.iter().flat_map(|panel| &panel.rows).enumerate();
    let series = first.iter().flat_map(|panel| &panel.series).enumerate();
    Forest {
        title: spelt(chart.title.of(language)).unwrap_or_else(|| language.of(plain).into()),
        subtitle: String::new(),
        notes: lines(chart.note.of(language)),
        rows: rows.map(|(n, row)| named(&row.name, n, language)).collect(),
        series: series.map(|(n, series)| named(&series.name, n, language)).collect(),
        panels: chart.panels.iter().map(panel).collect(),
    }
}

/// A note, a sentence on each line.
fn lines(note: &str) -> Vec<String> {
    let sentences = note.split_inclusive(['。', '.']).map(str::trim).filter(|words| !words.is_empty());
    sentences.map(String::from).collect()
}

/// A course over time, for the file `name`, with the months in which policy changed.
pub fn course(chart: &Chart, name: &'static str, changes: &[(u32, String)], language: Language) -> Figure {
    let panel = |panel: &Panel| {
        let factor = factor(&panel.scale, language);
        let course = |(n, series): (usize, &Series)| Course {
            label: named(&series.name, n, language),
            points: match series.has_values() {
                true => (0..series.mean.len()).map(|i| point(series, i, i as f64, factor)).collect(),
                false => Vec::new(),
            },
        };
        Axes {
            title: panel.title.of(language).into(),
            unit: panel.scale.unit.of(language).into(),
            form: Form::Lines,
            series: panel.series.iter().enumerate().map(course).collect(),
        }
    };
    let months = chart.panels.iter().flat_map(|panel| &panel.series).map(|series| series.mean.len()).max();
    let start = chart.start.as_deref().and_then(|start| start.parse().ok());
    Figure {
        name,
        title: chart.title.of(language).into(),
        subtitle: String::new(),
        note: chart.note.of(language).into(),
        panels: chart.panels.iter().map(panel).collect(),
        columns: 1,
        size: (900, 120 + 300 * chart.panels.len() as u32),
        start: start.unwrap_or(Month::new(2000, 1)),
        months: months.unwrap_or(0) as u32,
        changes: changes.iter().map(|(month, name)| (*month, spelt(name).unwrap_or_default())).collect(),
    }
}
