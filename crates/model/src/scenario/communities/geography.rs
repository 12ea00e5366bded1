//! A table of cells from GeoJSON: features are rows, properties are columns, and geometry gives coordinates and
//! outlines.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use geojson::{Geometry, GeometryValue, Position};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::columns::{self, COLUMNS};
use super::outline::{self, beside};
use super::sheet::{Cell, Sheet};
use crate::base::i18n::both;
use crate::base::problem::{Place, Problem, Source};

#[derive(Deserialize)]
struct Collection<'a> {
    r#type: Option<String>,
    #[serde(borrow)]
    features: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow)]
    properties: Option<BTreeMap<String, &'a RawValue>>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
}

/// The headings that geometry fills.
const COORDINATES: [&str; 2] = ["longitude", "latitude"];
const OUTLINE: &str = "outline";

/// The features of a collection as rows.
pub fn sheet(source: Arc<Source>) -> Result<Sheet, Problem> {
    let text: &str = &source.text;
    let all: Collection = serde_json::from_str(text).map_err(|error| broken(&source, 0, &error))?;
    let features = match (all.r#type.as_deref(), all.features) {
        (Some("FeatureCollection"), Some(features)) if features.is_empty() => {
            let name = &source.name;
            return Err(Problem::new(both!("{name} has no features", "{name} 中没有要素")));
        }
        (Some("FeatureCollection"), Some(features)) => features,
        (found, _) => return Err(no_collection(&source, found)),
    };
    let features = features.into_iter().map(|raw| feature(&source, raw)).collect::<Result<Vec<_>, _>>()?;
    let header = headings(text, &features);
    let mut lines = Vec::new();
    for (span, feature) in &features {
        let mut line: Vec<Cell> =
            header.iter().map(|cell| property(text, span, feature, &cell.text)).collect();
        if !has_any(&header, &COORDINATES) {
            line.extend(place(&source, span, feature)?);
        }
        if !has_any(&header, &[OUTLINE]) {
            line.push(border(text, span, feature));
        }
        lines.push(line);
    }
    let mut first = header;
    let heading = |name: &str| Cell { text: name.to_string(), span: 0..1 };
    if !has_any(&first, &COORDINATES) {
        first.extend(COORDINATES.map(heading));
    }
    if !has_any(&first, &[OUTLINE]) {
        first.push(heading(OUTLINE));
    }
    lines.insert(0, first);
    Ok(Sheet { source, lines, separator: ',', addresses: BTreeMap::new() })
}

/// Where a part of the text stands in it.
fn span(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

fn feature<'a>(source: &'a Arc<Source>, raw: &'a RawValue) -> Result<(Range<usize>, Feature<'a>), Problem> {
    let span = span(&source.text, raw.get());
    let read = serde_json::from_str(raw.get()).map_err(|error| broken(source, span.start, &error));
    // Of a feature that is wrong as a whole its beginning is shown.
    Ok((span.start..span.start + 1, read?))
}

/// What is no JSON, or not of this form, in the part of a text from byte `from`.
fn broken(source: &Arc<Source>, from: usize, error: &serde_json::Error) -> Problem {
    let part = &source.text[from..];
    let lines: usize = part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (from + lines + error.column().saturating_sub(1)).min(source.text.len());
    Problem::new(both!("this is not GeoJSON", "这不是 GeoJSON")).at(Place::new(source, at..at + 1)).help(
        both!(
            "save it anew, from the program that made it, as GeoJSON (RFC 7946)",
            "请用生成它的程序重新保存为 GeoJSON（RFC 7946）"
        ),
    )
}

fn no_collection(source: &Arc<Source>, found: Option<&str>) -> Problem {
    let name = &source.name;
    let problem = match found {
        Some(found) => both!(
            "{name} is a `{found}`, not a `FeatureCollection`",
            "{name} 是 `{found}`，不是 `FeatureCollection`"
        ),
        None => both!(
            "{name} is not a `FeatureCollection` of GeoJSON",
            "{name} 不是 GeoJSON 的 `FeatureCollection`"
        ),
    };
    Problem::new(problem).help(both!(
        "a table of communities is a `FeatureCollection` whose `features` each have `properties` and a `geometry`",
        "社区表应为 `FeatureCollection`，其 `features` 各有 `properties` 和 `geometry`"
    ))
}

/// Every property that any feature has, in the order of the text.
fn headings(text: &str, features: &[(Range<usize>, Feature)]) -> Vec<Cell> {
    let mut found: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    for (_, feature) in features {
        for (name, value) in feature.properties.iter().flatten() {
            found.entry(name).or_insert_with(|| {
                let value = span(text, value.get());
                text[..value.start].rfind(name).map_or(value, |at| at..at + name.len())
            });
        }
    }
    let mut cells: Vec<Cell> =
        found.into_iter().map(|(name, span)| Cell { text: name.trim().to_string(), span }).collect();
    cells.sort_by_key(|cell| cell.span.start);
    cells
}

fn has_any(header: &[Cell], keys: &[&str]) -> bool {
    let is = |cell: &Cell| columns::find(&cell.text).is_some_and(|(at, _)| keys.contains(&COLUMNS[at].key));
    header.iter().any(is)
}

/// The geometry of a feature where it is an outline; nothing where it is not.
fn border(text: &str, whole: &Range<usize>, feature: &Feature) -> Cell {
    let raw = feature.geometry.filter(|raw| outline::read(raw.get()).is_some());
    match raw {
        Some(raw) => {
            let start = span(text, raw.get()).start;
            Cell { text: raw.get().to_string(), span: start..start + 1 }
        }
        None => Cell { text: String::new(), span: whole.clone() },
    }
}

/// What a feature says in a column.
fn property(text: &str, whole: &Range<usize>, feature: &Feature, name: &str) -> Cell {
    let mut all = feature.properties.iter().flatten();
    let Some((_, raw)) = all.find(|(key, _)| key.trim() == name) else {
        return Cell { text: String::new(), span: whole.clone() };
    };
    let written = match serde_json::from_str(raw.get()) {
        Ok(serde_json::Value::String(text)) => text.trim().to_string(),
        Ok(serde_json::Value::Null) => String::new(),
        _ => raw.get().to_string(),
    };
    Cell { text: written, span: span(text, raw.get()) }
}

/// Longitude and latitude of a feature.
fn place(source: &Arc<Source>, whole: &Range<usize>, feature: &Feature) -> Result<[Cell; 2], Problem> {
    let wrong = |problem: Problem, span: Range<usize>| Err(problem.at(Place::new(source, span)));
    let Some(raw) = feature.geometry else {
        let problem = Problem::new(both!("this feature has no `geometry`", "此要素没有 `geometry`"));
        return wrong(
            problem.help(both!(
                "give it a point or an outline; communities without a place can stand in a CSV file",
                "请给出点或边界；没有位置的社区可用 CSV 文件"
            )),
            whole.clone(),
        );
    };
    let span = span(&source.text, raw.get());
    let head = span.start..span.start + 1;
    let Ok(geometry) = serde_json::from_str::<Geometry>(raw.get()) else {
        let problem = Problem::new(both!("this `geometry` cannot be read", "此 `geometry` 无法读取"));
        return wrong(problem.help(forms()), head);
    };
    match middle(&geometry.value) {
        Some(at) => Ok(at.map(|number| Cell { text: number.to_string(), span: head.clone() })),
        None => {
            let problem = Problem::new(both!(
                "this `geometry` is no place of a community",
                "此 `geometry` 不能表示社区的位置"
            ));
            wrong(problem.help(forms()), head)
        }
    }
}

fn forms() -> crate::base::i18n::Both {
    both!(
        "a community is a `Point`, or a `Polygon` or `MultiPolygon` with an area, in degrees",
        "社区应为 `Point`，或有面积的 `Polygon`、`MultiPolygon`，以度为单位"
    )
}

/// A point, or the middle of an area.
fn middle(value: &GeometryValue) -> Option<[f64; 2]> {
    match value {
        GeometryValue::Point { coordinates } => Some(pair(coordinates)?),
        GeometryValue::Polygon { coordinates } => centroid(&[coordinates]),
        GeometryValue::MultiPolygon { coordinates } => centroid(&coordinates.iter().collect::<Vec<_>>()),
        _ => None,
    }
}

fn pair(position: &Position) -> Option<[f64; 2]> {
    let numbers = position.as_slice();
    Some([*numbers.first()?, *numbers.get(1)?])
}

/// The centre of gravity of polygons, whose first rings are outlines and whose others are holes; none without
/// an area. A community is small enough to be flat.
fn centroid(polygons: &[&Vec<Vec<Position>>]) -> Option<[f64; 2]> {
    let origin = pair(polygons.first()?.first()?.first()?)?;
    let (mut area, mut moment) = (0.0, [0.0; 2]);
    for polygon in polygons {
        for (at, ring) in polygon.iter().enumerate() {
            let (twice, moments) = ring_of(ring, origin)?;
            // Whichever way round they are written, outlines add and holes take away.
            let sign = if (twice < 0.0) == (at == 0) { -1.0 } else { 1.0 };
            area += sign * twice;
            moment = [0, 1].map(|axis| moment[axis] + sign * moments[axis]);
        }
    }
    let middle = [0, 1].map(|axis| origin[axis] + moment[axis] / (3.0 * area));
    let middle = [beside(0.0, middle[0]), middle[1]];
    (area > 0.0 && middle.iter().all(|number| number.is_finite())).then_some(middle)
}

/// Twice the area of a ring, and six times its moments, with their sign, seen from `origin`.
fn ring_of(ring: &[Position], origin: [f64; 2]) -> Option<(f64, [f64; 2])> {
    let (mut twice, mut moments) = (0.0, [0.0; 2]);
    for two in ring.windows(2) {
        // What crosses the date line lies on both sides of it.
        let seen = |at: [f64; 2]| [beside(origin[0], at[0]) - origin[0], at[1] - origin[1]];
        let [from, to] = [pair(&two[0])?, pair(&two[1])?].map(seen);
        let cross = from[0] * to[1] - to[0] * from[1];
        twice += cross;
        moments = [0, 1].map(|axis| moments[axis] + cross * (from[axis] + to[axis]));
    }
    Some((twice, moments))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(geometry: &str) -> Option<[f64; 2]> {
        middle(&serde_json::from_str::<Geometry>(geometry).unwrap().value)
    }

    #[test]
    fn an_outline_gives_the_centre_of_its_area_without_its_holes() {
        let square = "[[0,0],[4,0],[4,4],[0,4],[0,0]]";
        let hole = "[[2,0],[2,4],[4,4],[4,0],[2,0]]";
        let of_polygon = |rings: &str| of(&format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#));
        assert_eq!(of_polygon(square), Some([2.0, 2.0]));
        assert_eq!(of_polygon(&format!("{square},{hole}")), Some([1.0, 2.0]));
        assert_eq!(of_polygon("[[0,0],[1,1],[0,0]]"), None);
        let two = format!(
            r#"{{"type":"MultiPolygon","coordinates":[[{square}],[[[6,0],[10,0],[10,4],[6,4],[6,0]]]]}}"#
        );
        assert_eq!(of(&two), Some([5.0, 2.0]));
        let across = of_polygon("[[179,0],[-179,0],[-179,2],[179,2],[179,0]]");
        assert_eq!(across, Some([180.0, 1.0]));
        assert_eq!(of(r#"{"type":"Point","coordinates":[104.1,30.6]}"#), Some([104.1, 30.6]));
        assert_eq!(of(r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#), None);
    }
}
