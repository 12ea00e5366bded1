//! Outlines of communities, for maps: read from GeoJSON, and made as simple as a picture needs.
//!
//! An outline is a list of rings, each a list of corners without the first one again at its end. Islands are rings
//! of their own and holes go the other way round, so that it can be filled by either rule that painters know.

use geojson::{Geometry, GeometryValue, Position};
use toml::Value;

/// A ring: longitude and latitude of its corners.
pub type Ring = Vec<[f64; 2]>;

/// Most corners of all outlines of a city.
pub const MOST: usize = 8_000;

/// Corners move by at most this share of the city, and more only where that leaves too many of them.
const REACH: f64 = 1e-3;

/// Most corners of a ring from which corners are chosen, which takes up to the square of their number; where all
/// outlines still have too many, half as many are considered, and so on, but not fewer than [`FEWEST`].
const MOST_CONSIDERED: usize = 2_000;
const FEWEST: usize = 8;

/// What is left of outlines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Simplified {
    /// Corners before.
    pub given: usize,
    /// Corners left.
    pub kept: usize,
    /// Outlines that are smaller than a picture shows, of which nothing is left.
    pub lost: usize,
    /// True if more had to go than a picture would not show.
    pub is_coarse: bool,
}

/// The outline in a geometry; none of points and lines, and of what has a corner that is no place.
pub fn of(value: &GeometryValue) -> Option<Vec<Ring>> {
    match value {
        GeometryValue::Polygon { coordinates } => polygon(coordinates),
        GeometryValue::MultiPolygon { coordinates } => {
            let polygons: Option<Vec<_>> = coordinates.iter().map(|rings| polygon(rings)).collect();
            Some(polygons?.concat())
        }
        _ => None,
    }
}

/// The outline that a text holds as a geometry of GeoJSON.
pub fn read(text: &str) -> Option<Vec<Ring>> {
    of(&serde_json::from_str::<Geometry>(text).ok()?.value)
}

/// The rings of a polygon: its outer one against the clock, its holes with it.
fn polygon(rings: &[Vec<Position>]) -> Option<Vec<Ring>> {
    let ring = |(at, ring): (usize, &Vec<Position>)| {
        let corner = |position: &Position| {
            let numbers = position.as_slice();
            let corner = [*numbers.first()?, *numbers.get(1)?];
            is_place(corner).then_some(corner)
        };
        let mut corners = ring.iter().map(corner).collect::<Option<Ring>>()?;
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        if (twice_the_area(&corners) < 0.0) == (at == 0) {
            corners.reverse();
        }
        Some(corners)
    };
    rings.iter().enumerate().map(ring).collect()
}

fn is_place([longitude, latitude]: [f64; 2]) -> bool {
    (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)
}

/// Positive where a ring goes against the clock.
fn twice_the_area(ring: &[[f64; 2]]) -> f64 {
    let origin = ring.first().map_or(0.0, |corner| corner[0]);
    let east = |corner: &[f64; 2]| beside(origin, corner[0]);
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| east(a) * b[1] - east(b) * a[1]).sum()
}

/// A longitude counted on where the shorter way from `origin` crosses the date line.
pub fn beside(origin: f64, longitude: f64) -> f64 {
    match longitude - origin {
        east if east > 180.0 => longitude - 360.0,
        east if east < -180.0 => longitude + 360.0,
        _ => longitude,
    }
}

/// Makes the outlines of a city as simple as a picture of it needs, and simpler if they have more than [`MOST`]
/// corners.
pub fn simplify(outlines: &mut [Vec<Ring>]) -> Simplified {
    let given = corners(outlines);
    let (mut reach, mut most) = (REACH * span(outlines), MOST_CONSIDERED);
    let mut is_coarse = false;
    loop {
        let mut simpler_of = |ring: &Ring| {
            let near = thinned(ring, reach / 2.0);
            // An odd step keeps both ends of every tooth of a comb.
            let step = near.len().div_ceil(most) | 1;
            is_coarse |= step > 1;
            simpler(&near.into_iter().step_by(step).collect::<Ring>(), reach)
        };
        let mut of_all = |rings: &Vec<Ring>| -> Vec<Ring> {
            rings.iter().map(&mut simpler_of).filter(|ring| ring.len() > 2).collect()
        };
        let simple: Vec<Vec<Ring>> = outlines.iter().map(&mut of_all).collect();
        let kept = corners(&simple);
        if kept <= MOST {
            let lost = outlines.iter().zip(&simple).filter(|(a, b)| !a.is_empty() && b.is_empty()).count();
            outlines.clone_from_slice(&simple);
            return Simplified { given, kept, lost, is_coarse };
        }
        is_coarse = true;
        (reach, most) = (2.0 * reach, (most / 2).max(FEWEST));
    }
}

fn corners(outlines: &[Vec<Ring>]) -> usize {
    outlines.iter().flatten().map(Vec::len).sum()
}

/// The longer side of all outlines, in degrees.
fn span(outlines: &[Vec<Ring>]) -> f64 {
    let corners = || outlines.iter().flatten().flatten();
    let origin = corners().next().map_or(0.0, |corner| corner[0]);
    let side = |axis: usize| {
        let ends = corners().map(|&[east, north]| [beside(origin, east), north][axis]);
        let (low, high) = ends.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        (high - low).max(0.0)
    };
    side(0).max(side(1)).max(f64::MIN_POSITIVE)
}

/// The square of the distance between two places, in degrees of latitude.
fn square(a: [f64; 2], b: [f64; 2]) -> f64 {
    let east = (a[0] - b[0]) * libm::cos((a[1] + b[1]).to_radians() / 2.0);
    east * east + (a[1] - b[1]) * (a[1] - b[1])
}

/// A ring without corners that are nearer than `reach` to the last that is kept, in one piece over the date line.
fn thinned(ring: &[[f64; 2]], reach: f64) -> Ring {
    let origin = ring.first().map_or(0.0, |corner| corner[0]);
    let mut kept: Ring = Vec::new();
    for &[east, north] in ring {
        let corner = [beside(origin, east), north];
        if kept.last().is_none_or(|&last| square(last, corner) > reach * reach) {
            kept.push(corner);
        }
    }
    kept
}

/// A ring with as few of its corners as keep all others within `reach` of it (Ramer 1972; Douglas and Peucker 1973),
/// rounded to a tenth of a metre.
fn simpler(ring: &[[f64; 2]], reach: f64) -> Ring {
    let Some(&first) = ring.first() else { return Vec::new() };
    let far = (1..ring.len()).max_by(|&a, &b| square(first, ring[a]).total_cmp(&square(first, ring[b])));
    let Some(far) = far else { return Vec::new() };
    let mut kept = vec![false; ring.len()];
    (kept[0], kept[far]) = (true, true);
    let mut open = vec![(0, far), (far, ring.len())];
    while let Some((from, to)) = open.pop() {
        let (a, b) = (ring[from], ring[to % ring.len()]);
        let apart = |&at: &usize| square_to_line(ring[at], a, b);
        let Some(most) = (from + 1..to).max_by(|x, y| apart(x).total_cmp(&apart(y))) else { continue };
        if apart(&most) > reach * reach {
            kept[most] = true;
            open.extend([(from, most), (most, to)]);
        }
    }
    let rounded = |[east, north]: [f64; 2]| {
        [beside(0.0, east), north].map(|degrees| (degrees * 1e6).round() / 1e6 + 0.0)
    };
    ring.iter().zip(kept).filter(|(_, kept)| *kept).map(|(&corner, _)| rounded(corner)).collect()
}

/// The square of the distance of a place from the stretch between two others.
fn square_to_line(at: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let wide = libm::cos(at[1].to_radians());
    let flat = |place: [f64; 2]| [(place[0] - from[0]) * wide, place[1] - from[1]];
    let ([x, y], [u, v]) = (flat(at), flat(to));
    let length = u * u + v * v;
    let share = if length > 0.0 { ((x * u + y * v) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (dx, dy) = (x - share * u, y - share * v);
    dx * dx + dy * dy
}

/// An outline as a scenario holds it: for each ring longitude and latitude of its corners, one after another.
pub fn value(rings: &[Ring]) -> Value {
    let ring = |ring: &Ring| Value::Array(ring.iter().flatten().map(|&n| Value::Float(n)).collect());
    Value::Array(rings.iter().map(ring).collect())
}

/// The corners of a ring as a scenario holds it; none if a number is left over, or a corner is no place.
pub fn corners_of(ring: &[f64]) -> Option<Ring> {
    let (pairs, rest) = ring.as_chunks::<2>();
    (rest.is_empty() && pairs.iter().all(|&corner| is_place(corner))).then(|| pairs.to_vec())
}

/// The rings that a scenario holds.
pub fn rings_of(value: &Value) -> Option<Vec<Ring>> {
    let ring = |ring: &Value| {
        let numbers: Option<Vec<f64>> = ring.as_array()?.iter().map(Value::as_float).collect();
        corners_of(&numbers?)
    };
    value.as_array()?.iter().map(ring).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[0,4],[4,4],[4,0],[0,0]],[[1,1],[3,1],[3,3],[1,3],[1,1]]]}"#;

    #[test]
    fn rings_go_against_the_clock_and_holes_with_it() {
        let rings = read(SQUARE).unwrap();
        assert_eq!(rings[0], [[4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]]);
        assert_eq!(rings[1], [[1.0, 3.0], [3.0, 3.0], [3.0, 1.0], [1.0, 1.0]]);
        assert_eq!(rings.iter().map(|ring| twice_the_area(ring)).collect::<Vec<_>>(), [32.0, -8.0]);
        assert_eq!(read(r#"{"type":"Point","coordinates":[1,2]}"#), None);
        assert_eq!(read(r#"{"type":"Polygon","coordinates":[[[0,0],[0,95],[4,4],[0,0]]]}"#), None);
        assert_eq!(read("nonsense"), None);
    }

    #[test]
    fn corners_on_a_straight_side_go_and_those_that_turn_stay() {
        // A square of one degree at the equator with a hundred corners on each side.
        let side = |n: usize| n as f64 / 100.0;
        let mut ring: Ring = (0..100).map(|n| [side(n), 0.0]).collect();
        ring.extend((0..100).map(|n| [1.0, side(n)]));
        ring.extend((0..100).map(|n| [1.0 - side(n), 1.0]));
        ring.extend((0..100).map(|n| [0.0, 1.0 - side(n)]));
        let mut all = [vec![ring], Vec::new()];
        let left = simplify(&mut all);
        assert_eq!(all[0], [vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]]);
        assert_eq!(left, Simplified { given: 400, kept: 4, lost: 0, is_coarse: false });
    }

    #[test]
    fn what_is_left_lies_within_reach_of_what_was_given() {
        // A circle of a thousand corners: of the polygon that is left every corner is one of them, and a corner
        // that went is no further than a thousandth of the diameter from it.
        let corner = |n: usize| {
            let (sin, cos) = libm::sincos(n as f64 / 1000.0 * std::f64::consts::TAU);
            [cos / 100.0, sin / 100.0]
        };
        let circle: Ring = (0..1000).map(corner).collect();
        let mut all = [vec![circle.clone()]];
        simplify(&mut all);
        let left = &all[0][0];
        assert!(left.len() > 16 && left.len() < 80, "{}", left.len());
        let nearest = |&at: &[f64; 2]| {
            let next = left.iter().cycle().skip(1);
            left.iter().zip(next).map(|(&a, &b)| square_to_line(at, a, b)).fold(f64::MAX, f64::min)
        };
        // Thinned by half of it first, and rounded by a millionth of a degree.
        let reach = 1.5 * REACH * 0.02 + 2e-6;
        assert!(circle.iter().map(nearest).all(|square| square < reach * reach));
    }

    #[test]
    fn outlines_of_any_number_of_corners_are_bounded() {
        // A comb of two hundred thousand teeth, whose corners are all apart, and a triangle that is lost beside it.
        let comb: Ring =
            (0..200_000).map(|n| [n as f64 / 1e4, if n % 2 == 0 { 0.0 } else { 20.0 }]).collect();
        let small = vec![vec![[1.0, 1.0], [1.0001, 1.0], [1.0, 1.0001]]];
        let mut all = [vec![comb], small];
        let left = simplify(&mut all);
        assert_eq!((left.given, left.lost, left.is_coarse), (200_003, 1, true));
        assert!(left.kept <= MOST && left.kept > 0 && all[1].is_empty(), "{left:?}");
    }

    #[test]
    fn the_other_side_of_the_date_line_is_near() {
        assert_eq!(beside(179.5, -179.5), 180.5);
        assert_eq!(beside(-179.5, 179.5), -180.5);
        assert_eq!(beside(104.0, 103.0), 103.0);
        let across = vec![[179.0, 0.0], [-179.0, 0.0], [-179.0, 2.0], [179.0, 2.0]];
        let mut all = [vec![across.clone()]];
        assert_eq!((twice_the_area(&across), span(&all)), (8.0, 2.0));
        assert_eq!(simplify(&mut all), Simplified { given: 4, kept: 4, lost: 0, is_coarse: false });
        assert_eq!(all[0], [across]);
    }

    #[test]
    fn a_scenario_gives_back_the_rings_that_it_was_given() {
        let rings = read(SQUARE).unwrap();
        assert_eq!(rings_of(&value(&rings)), Some(rings));
        assert_eq!(corners_of(&[1.0, 2.0, 3.0]), None);
        assert_eq!(corners_of(&[1.0, 91.0]), None);
    }
}
