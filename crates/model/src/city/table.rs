//! `population.table`: what a table says of each community. What it leaves open is drawn or follows from the
//! settings.

use serde::{Deserialize, Serialize};

use super::population::EDUCATION;
use super::{AGE_BANDS, Community, Kind};
use crate::base::params::{Key, Word, word};

/// Fewest and most adults of a community.
const ADULTS: [i64; 2] = [1, 2_000_000];
/// Most yuan of a fund or a fee.
const MOST_YUAN: i64 = 1_000_000_000;
/// Most staff of a committee, and most stations.
const MOST_STAFF: f64 = 500.0;
/// Sizes of households that their law can have.
const HOUSEHOLD: [f64; 2] = [1.0, 6.0];
/// Fewest and most numbers of a ring of an outline: two for each corner.
const RING: [usize; 2] = [6, 16_000];

/// One community as a table gives it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Row {
    /// Its name, another for every community.
    pub name: String,
    /// What kind of neighbourhood it is.
    pub kind: Option<Kind>,
    /// Name of its street (街道).
    pub street: Option<String>,
    /// Name of its district (区).
    pub district: Option<String>,
    /// Adult residents.
    pub adults: Option<u32>,
    /// Shares of adults by age band.
    pub age: Option<[f64; AGE_BANDS.len()]>,
    /// Shares of adults by highest education.
    pub education: Option<[f64; EDUCATION.len()]>,
    /// Share of adults whose household owns its home.
    pub owners: Option<f64>,
    /// Share of adults registered elsewhere.
    pub migrants: Option<f64>,
    /// Share of adults who are party members.
    pub party: Option<f64>,
    /// Share of adults whose household belongs to the work unit; of work-unit compounds alone.
    pub work_unit: Option<f64>,
    /// Mean persons of a household, children included.
    pub household: Option<f64>,
    /// Full-time staff of the committee.
    pub staff: Option<f64>,
    /// Yuan that the fund is granted in a year.
    pub fund: Option<i64>,
    /// Share of compounds that are managed, where `property.mode` says by whom.
    pub managed: Option<f64>,
    /// Property fee, yuan per household and month.
    pub fee: Option<i64>,
    /// Service stations, where `station.staff` gives them staff.
    pub stations: Option<u32>,
    /// Level of all services at the start.
    pub services: Option<f64>,
    /// Degrees east; nothing in the model depends on it.
    pub longitude: Option<f64>,
    /// Degrees north; nothing in the model depends on it.
    pub latitude: Option<f64>,
    /// Rings, each with longitude and latitude of its corners one after another, in degrees; nothing in the model
    /// depends on it.
    pub outline: Option<Vec<Vec<f64>>>,
}

impl Row {
    /// True if it lays down who the residents are, and not only how many.
    pub fn lays_down_residents(&self) -> bool {
        let shares = [self.owners, self.migrants, self.party, self.work_unit, self.household];
        self.age.is_some() || self.education.is_some() || shares.iter().any(Option::is_some)
    }
}

/// Keys of the rules that say of all communities what a table says of each, by its column.
pub const RULES: [(&str, &[&str]); 5] = [
    ("staff", &["staff.count", "staff.per_10000", "staff.fewest"]),
    ("fund", &["funding.base", "funding.per_capita"]),
    ("managed", &["property.coverage", "property.courtyards_and_villages"]),
    ("fee", &["property.fee"]),
    ("stations", &["station.compounds_per_station"]),
];

/// Which columns of [`RULES`] hold: those whose rules are what they were at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held(pub [bool; RULES.len()]);

impl Held {
    fn by<T>(self, column: &str, community: &Community, value: fn(&Row) -> Option<T>) -> Option<T> {
        let row = community.given.as_deref()?;
        let holds = RULES.iter().zip(self.0).any(|((name, _), holds)| holds && *name == column);
        value(row).filter(|_| holds)
    }

    /// Full-time staff of the committee.
    pub fn staff(self, community: &Community) -> Option<f64> {
        self.by("staff", community, |row| row.staff)
    }

    /// Yuan that the fund is granted in a year, before growth.
    pub fn fund(self, community: &Community) -> Option<i64> {
        self.by("fund", community, |row| row.fund)
    }

    /// Share of compounds that are managed.
    pub fn managed(self, community: &Community) -> Option<f64> {
        self.by("managed", community, |row| row.managed)
    }

    /// Property fee, yuan per household and month.
    pub fn fee(self, community: &Community) -> Option<i64> {
        self.by("fee", community, |row| row.fee)
    }

    /// Service stations.
    pub fn stations(self, community: &Community) -> Option<u32> {
        self.by("stations", community, |row| row.stations)
    }
}

/// What a row may say, as keys: name, range, unit and meaning of each in both languages.
pub fn keys() -> Vec<Key> {
    let kinds: Vec<Word> = Kind::ALL.map(|kind| word(kind.word(), kind.name().en, kind.name().zh)).to_vec();
    let yuan = |name, unit| Key::count(name, 0, 0, MOST_YUAN).unit(unit);
    vec![
        Key::text("name", "").means("Name, another for every community.", "名称，各社区不得相同。"),
        Key::one_of("kind", Kind::Commodity.word(), &kinds).means("Kind of neighbourhood.", "社区类型。"),
        Key::text("street", "").means("Street it belongs to.", "所属街道。"),
        Key::text("district", "").means("District it belongs to.", "所属区（市）县。"),
        Key::count("adults", ADULTS[0], ADULTS[0], ADULTS[1])
            .unit("adults")
            .means("Adult residents.", "成年居民人数。"),
        Key::shares("age", &[0.0; AGE_BANDS.len()], &AGE_BANDS.map(|(_, name)| name))
            .means("Shares of adults by age band.", "成年居民各年龄段的比例。"),
        Key::shares("education", &[0.0; EDUCATION.len()], &EDUCATION)
            .means("Shares of adults by highest education.", "成年居民各受教育程度的比例。"),
        Key::share("owners", 0.0)
            .means("Share of adults whose household owns its home.", "自有住房家庭的成年居民比例。"),
        Key::share("migrants", 0.0)
            .means("Share of adults registered elsewhere.", "非本地户籍的成年居民比例。"),
        Key::share("party", 0.0).means("Share of adults who are party members.", "成年居民中的党员比例。"),
        Key::share("work_unit", 0.0).means(
            "Share of adults whose household belongs to the work unit; of work-unit compounds alone.",
            "属于本单位家庭的成年居民比例（仅用于单位社区）。",
        ),
        Key::real("household", HOUSEHOLD[0], HOUSEHOLD[0], HOUSEHOLD[1])
            .unit("persons")
            .means("Mean size of a household, children included.", "户均人口（含未成年人）。"),
        Key::real("staff", 0.0, 0.0, MOST_STAFF)
            .unit("persons")
            .means("Full-time staff of the committee.", "居委会全职工作人员数。"),
        yuan("fund", "yuan per community and year").means("Yearly grant of the fund.", "每年的专项资金。"),
        Key::share("managed", 0.0).means(
            "Share of compounds that are managed, where property.mode says by whom.",
            "有物业管理的小区比例（由 property.mode 决定管理方）。",
        ),
        yuan("fee", "yuan per household and month").means("Property fee.", "物业费。"),
        Key::count("stations", 0, 0, MOST_STAFF as i64).unit("stations").means(
            "Service stations, where station.staff gives them staff.",
            "服务站数量（由 station.staff 配备人员）。",
        ),
        Key::share("services", 0.0).means("Level of all services at the start.", "各项服务的初始水平。"),
        Key::real("longitude", 0.0, -180.0, 180.0)
            .unit("degrees")
            .means("Degrees east; the model does not use it.", "经度（模型不使用）。"),
        Key::real("latitude", 0.0, -90.0, 90.0)
            .unit("degrees")
            .means("Degrees north; the model does not use it.", "纬度（模型不使用）。"),
        Key::rows("outline", RING[0], RING[1]).means(
            "Outline for maps, of a geometry in GeoJSON: rings of longitude and latitude; the model does not use it.",
            "地图边界（GeoJSON 几何）：各环的经度与纬度（模型不使用）。",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_a_field_and_every_field_a_key() {
        let row = Row {
            name: "A".into(),
            kind: Some(Kind::Village),
            street: Some("B".into()),
            district: Some("C".into()),
            adults: Some(1),
            age: Some([0.2; 5]),
            education: Some([0.25; 4]),
            owners: Some(0.5),
            migrants: Some(0.5),
            party: Some(0.5),
            work_unit: Some(0.5),
            household: Some(2.5),
            staff: Some(5.0),
            fund: Some(1),
            managed: Some(1.0),
            fee: Some(1),
            stations: Some(1),
            services: Some(0.5),
            longitude: Some(104.0),
            latitude: Some(30.0),
            outline: Some(vec![vec![104.0, 30.0, 104.1, 30.0, 104.0, 30.1]]),
        };
        let table = toml::Table::try_from(&row).unwrap();
        let names: Vec<&str> = keys().iter().map(|key| key.name).collect();
        assert_eq!(table.keys().map(String::as_str).collect::<Vec<_>>(), names);
        assert_eq!(Row::deserialize(toml::Value::Table(table)).unwrap(), row);
    }
}
