//! The communities of the first city, one in each row: what a table gave of them, and what was drawn.

use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::city::population::EDUCATION;
use shequ_model::city::table::{Row, keys};
use shequ_model::city::{AGE_BANDS, Community, Traits, synth};
use shequ_model::scenario::Scenario;
use shequ_model::scenario::communities::columns::COLUMNS;

/// One community.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its name, kind, street and district.
    pub words: [String; 4],
    /// Adults, households, persons and compounds.
    pub counts: [u64; 4],
    /// What came out of each share, in the order of their columns.
    pub shares: Vec<f64>,
    /// What the table gave of the rest, in the order of its columns; NaN where it gave nothing.
    pub amounts: Vec<f64>,
    /// The keys of its row that were left open, so that they were drawn or follow from the settings.
    pub open: String,
}

/// What a table may give beside the residents.
const AMOUNTS: [&str; 8] =
    ["staff", "fund", "managed", "fee", "stations", "services", "longitude", "latitude"];

/// Headings of the shares of adults: those of a table of communities.
fn shares() -> impl Iterator<Item = &'static str> {
    let of = |key: &'static str| COLUMNS.iter().filter(move |column| column.key == key);
    let parts = of("age").chain(of("education")).map(|column| column.heading);
    parts.chain(["owners", "migrants", "party", "work_unit", "household"])
}

/// The communities of the city of `replicate`, where a table names them; else none.
pub fn of(scenario: &Scenario, replicate: u32) -> Vec<Place> {
    let table = &scenario.population.table;
    if table.is_empty() {
        return Vec::new();
    }
    let residents = &scenario.periods[0].rules.residents;
    let city = synth::city(&scenario.population, residents, scenario.seed.of_city(replicate));
    city.communities.iter().zip(table).map(|(community, row)| place(community, row)).collect()
}

fn place(community: &Community, row: &Row) -> Place {
    let residents = &community.residents;
    let adults = community.adults() as f64;
    let share = |is: &dyn Fn(Traits, usize) -> bool| {
        let all = residents.traits.iter().zip(0..);
        all.filter(|&(&traits, i)| is(traits, i)).count() as f64 / adults
    };
    let persons: u64 = community.households.persons.iter().map(|&persons| u64::from(persons)).sum();
    let mut shares: Vec<f64> =
        (0..AGE_BANDS.len()).map(|band| share(&|_, i| residents.age_band(i) == band)).collect();
    shares.extend((0..EDUCATION.len()).map(|level| share(&|t, _| usize::from(t.education()) == level)));
    shares.extend([
        share(&|traits, _| traits.owner()),
        share(&|traits, _| !traits.local()),
        share(&|traits, _| traits.party()),
        share(&|traits, _| traits.danwei()),
        persons as f64 / community.households.len() as f64,
    ]);
    // A row as a table of keys knows by itself which it has.
    let given = toml::Table::try_from(row).unwrap_or_default();
    let amount = |key: &str| {
        let value = given.get(key);
        value.and_then(|v| v.as_float().or(v.as_integer().map(|n| n as f64))).unwrap_or(f64::NAN)
    };
    let keys = keys();
    let open: Vec<&str> = keys.iter().map(|key| key.name).filter(|key| !given.contains_key(*key)).collect();
    Place {
        words: [
            row.name.clone(),
            community.kind.word().to_string(),
            community.street_name(),
            community.district_name(),
        ],
        counts: [
            community.adults() as u64,
            community.households.len() as u64,
            persons,
            community.compounds.into(),
        ],
        shares,
        amounts: AMOUNTS.iter().map(|key| amount(key)).collect(),
        open: open.join(" "),
    }
}

/// `places.csv`: none where no table names communities.
pub fn table(places: &[Place]) -> Option<Table<'_>> {
    let mut columns = vec![Column::whole("community")];
    columns.extend(["name", "kind", "street", "district"].map(Column::text));
    columns.extend(["adults", "households", "persons", "compounds"].map(Column::whole));
    columns.extend(shares().chain(AMOUNTS).map(Column::real));
    columns.push(Column::text("open"));
    let rows = move |take: &mut Take| {
        for (number, place) in places.iter().enumerate() {
            let mut cells = vec![Cell::Whole(number as i64)];
            cells.extend(place.words.iter().map(|word| Cell::Text(word)));
            cells.extend(place.counts.map(|count| Cell::Whole(count as i64)));
            cells.extend(place.shares.iter().chain(&place.amounts).map(|&number| Cell::Real(number)));
            cells.push(Cell::Text(&place.open));
            take(&cells)?;
        }
        Ok(())
    };
    (!places.is_empty()).then(|| Table { name: "places", columns, rows: Box::new(rows) })
}
