//! Where communities lie: places and outlines on a plane, north up.
//!
//! A degree of longitude is as long as the cosine of the latitude makes it, so that both directions have one scale;
//! a city is small enough for that to be all of the projection. Drawers only enlarge.

use serde::Serialize;

use shequ_model::base::i18n::{Both, both};
use shequ_model::city::table::Row;
use shequ_model::scenario::communities::outline::{beside, corners_of};

/// Length of the longer side of a map.
const SIDE: f64 = 2000.0;
/// Kilometres of a degree of latitude on a sphere of the earth's mean radius, 6,371.009 km (Moritz 2000).
const DEGREE: f64 = 111.195;
/// Part of the longer side that the bar of the scale takes at most.
const LONGEST: f64 = 0.25;
/// Part by which lengths from west to east may differ within a map that has one scale.
const TRUE: f64 = 0.02;

/// The places of communities, in units of which the longer side has 2,000: x goes east, y south.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Map {
    /// Width and height.
    pub size: [i32; 2],
    /// One for each community.
    pub places: Vec<Place>,
    /// Its scale; none where one scale does not hold for all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar: Option<Bar>,
}

/// What a length on a map is on the ground.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// The length, in units of the map.
    pub length: f64,
    /// The same on the ground, in words.
    pub label: Both,
}

/// The place of a community.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Its point: x and y.
    pub at: [i32; 2],
    /// The rings of its outline, each with x and y of its corners one after another; none where it is a point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rings: Vec<Vec<i32>>,
}

impl Map {
    /// The map of a table of communities; `None` unless each has coordinates and not all have the same.
    pub fn of(table: &[Row]) -> Option<Map> {
        let point = |row: &Row| Some([row.longitude?, row.latitude?]);
        let points: Vec<[f64; 2]> = table.iter().map(point).collect::<Option<_>>()?;
        let origin = points.first()?[0];
        let rings = |row: &Row| {
            let rings = row.outline.iter().flatten();
            rings.filter_map(|ring| corners_of(ring)).collect::<Vec<_>>()
        };
        let outlines: Vec<Vec<Vec<[f64; 2]>>> = table.iter().map(rings).collect();
        let all = || points.iter().chain(outlines.iter().flatten().flatten());
        let [west, east] = ends(all().map(|at| beside(origin, at[0])));
        let [south, north] = ends(all().map(|at| at[1]));
        // At a pole itself no degree of longitude has a length.
        let wide = libm::cos(((south + north) / 2.0).to_radians()).max(0.01);
        let span = ((east - west) * wide).max(north - south);
        if span <= 0.0 {
            return None;
        }
        let unit = SIDE / span;
        let place =
            |at: [f64; 2]| [(beside(origin, at[0]) - west) * wide * unit, (north - at[1]) * unit].map(whole);
        let places = points.iter().zip(&outlines).map(|(&point, rings)| Place {
            at: place(point),
            rings: rings.iter().map(|ring| ring.iter().flat_map(|&corner| place(corner)).collect()).collect(),
        });
        let size = [(east - west) * wide * unit, (north - south) * unit].map(whole);
        Some(Map { size, places: places.collect(), bar: bar(unit, [south, north]) })
    }
}

/// The bar of a map with so many units to a degree of latitude, which reaches from one latitude to another: a round
/// number of metres or kilometres.
fn bar(unit: f64, [south, north]: [f64; 2]) -> Option<Bar> {
    let wide = |latitude: f64| libm::cos(latitude.to_radians());
    let middle = wide((south + north) / 2.0);
    let is_true = |latitude: f64| (wide(latitude) / middle - 1.0).abs() <= TRUE;
    if middle <= 0.0 || ![south, north].into_iter().all(is_true) {
        return None;
    }
    let metre = unit / DEGREE / 1000.0;
    let most = LONGEST * SIDE / metre;
    let power = libm::pow(10.0, libm::log10(most).floor());
    let metres = [5.0, 2.0].map(|times| times * power).into_iter().find(|&m| m <= most).unwrap_or(power);
    let label = match metres >= 1000.0 {
        true => both!("{n} km", "{n} 公里"; n = metres / 1000.0),
        false => both!("{n} m", "{n} 米"; n = metres),
    };
    (metres >= 1.0).then(|| Bar { length: (metres * metre).round(), label })
}

fn ends(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([f64::MAX, f64::MIN], |[low, high], value| [low.min(value), high.max(value)])
}

/// Parts of a unit would be lost in the drawing, and fill pages with digits.
fn whole(length: f64) -> i32 {
    length.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(longitude: f64, latitude: f64) -> Row {
        Row { longitude: Some(longitude), latitude: Some(latitude), ..Row::default() }
    }

    #[test]
    fn places_lie_where_their_coordinates_say() {
        // At 60 degrees north a degree of longitude is half as long as one of latitude, so four degrees by two are a
        // square around that latitude.
        let table = [row(100.0, 61.0), row(104.0, 59.0), row(102.0, 60.0)];
        let map = Map::of(&table).unwrap();
        assert_eq!(map.size, [2000, 2000]);
        let at: Vec<[i32; 2]> = map.places.iter().map(|place| place.at).collect();
        // North is up, west is left.
        assert_eq!(at, [[0, 0], [2000, 2000], [1000, 1000]]);
    }

    #[test]
    fn outlines_are_within_the_map_and_beside_their_points() {
        let mut square = row(0.0, 0.0);
        square.outline = Some(vec![vec![-1.0, -1.0, 1.0, -1.0, 1.0, 1.0, -1.0, 1.0]]);
        let map = Map::of(&[square, row(3.0, 0.0)]).unwrap();
        // Four degrees wide and two high.
        assert_eq!(map.size, [2000, 1000]);
        assert_eq!(map.places[0].at, [500, 500]);
        assert_eq!(map.places[0].rings, [[0, 1000, 1000, 1000, 1000, 0, 0, 0]]);
        assert_eq!(map.places[1], Place { at: [2000, 500], rings: Vec::new() });
    }

    #[test]
    fn the_bar_is_as_long_as_it_says() {
        // The length of a bar on the map, and of the same way on the ground by the haversine formula.
        let ground = |[x, y]: [f64; 2], [to_x, to_y]: [f64; 2]| {
            let half = |a: f64, b: f64| libm::pow(libm::sin((b - a).to_radians() / 2.0), 2.0);
            let a = half(y, to_y) + libm::cos(y.to_radians()) * libm::cos(to_y.to_radians()) * half(x, to_x);
            2.0 * 6371.009 * libm::asin(a.sqrt())
        };
        for (west, south, side) in [(104.0, 30.5, 0.4), (-70.0, -53.0, 0.05), (10.0, 0.0, 0.004)] {
            let corners = [[west, south], [west + side, south + side]];
            let map = Map::of(&corners.map(|[x, y]| row(x, y))).unwrap();
            let bar = map.bar.unwrap();
            let (number, unit) = bar.label.en.split_once(' ').unwrap();
            let told = number.parse::<f64>().unwrap() / if unit == "m" { 1000.0 } else { 1.0 };
            let [wide, high] = map.size.map(f64::from);
            let across = ground([west, south + side / 2.0], [west + side, south + side / 2.0]);
            let down = ground(corners[0], [west, south + side]);
            for (units, kilometres) in [(wide, across), (high, down)] {
                let drawn = bar.length / units * kilometres;
                assert!((drawn / told - 1.0).abs() < 0.01, "{told} km is {drawn} km");
            }
            assert!(bar.length <= 500.0 && bar.length > 150.0, "{}", bar.length);
        }
        // From the equator to Norway no length is the same everywhere.
        assert_eq!(Map::of(&[row(10.0, 0.0), row(10.0, 60.0)]).unwrap().bar, None);
    }

    #[test]
    fn neighbours_across_the_date_line_are_neighbours() {
        let map = Map::of(&[row(179.0, 0.0), row(-179.0, 0.0), row(179.5, 0.0)]).unwrap();
        let x: Vec<i32> = map.places.iter().map(|place| place.at[0]).collect();
        assert_eq!(x, [0, 2000, 500]);
    }

    #[test]
    fn there_is_no_map_of_places_that_are_unknown_or_one() {
        let unknown = Row { latitude: Some(30.0), ..Row::default() };
        assert_eq!(Map::of(&[row(100.0, 30.0), unknown]), None);
        assert_eq!(Map::of(&[row(100.0, 30.0), row(100.0, 30.0)]), None);
        assert_eq!(Map::of(&[]), None);
        // At the pole there is one all the same.
        assert!(Map::of(&[row(0.0, 90.0), row(10.0, 90.0)]).is_some());
    }
}
