//! The synthetic city: who lives where, and what each resident is and feels. State, no behaviour.
//!
//! A city is a list of communities. Each community owns its residents as columns (one vector per
//! attribute, all of the same length, in household order), so that a community's month stays in the
//! cache and communities can run in parallel.

pub mod attribute;
pub mod cities;
pub mod column;
pub mod feelings;
pub mod given;
pub mod groups;
pub mod memory;
pub mod mode;
pub mod network;
pub mod person;
pub mod population;
pub mod residents;
pub mod survey_items;
pub mod synth;
pub mod table;
pub mod ties;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use attribute::{ATTRIBUTES, Attribute};
pub use cities::Cities;
pub use column::Column;
pub use memory::Memory;
pub use mode::{MODES, Mode};
pub use residents::{Needs, Residents, Target, Traits};
pub use ties::Ties;

use crate::base::params::{Text, text};

/// Age bands, lower bounds in years: 18–29, 30–44, 45–59, 60–69, 70 and over.
pub const AGE_BANDS: [(u16, Text); 5] = [
    (18, text("18–29", "18–29岁")),
    (30, text("30–44", "30–44岁")),
    (45, text("45–59", "45–59岁")),
    (60, text("60–69", "60–69岁")),
    (70, text("70+", "70岁以上")),
];

/// Number of service domains.
pub const DOMAINS: usize = 10;

/// Service domains: the six task families of the service station (F19), then culture, education,
/// environment (F1, F6) and sport (F2).
pub const DOMAIN_NAMES: [Text; DOMAINS] = [
    text("public safety", "社区警务"),
    text("family services", "计生与家庭"),
    text("civil affairs", "民政"),
    text("disability", "残疾人服务"),
    text("labour and social security", "劳动保障"),
    text("health", "卫生"),
    text("education", "教育"),
    text("culture", "文化"),
    text("environment", "环境"),
    text("sport", "体育"),
];

/// Position of domains that institutions name, in [`DOMAIN_NAMES`].
pub mod domain {
    /// Public safety.
    pub const SAFETY: usize = 0;
    /// Family services.
    pub const FAMILY: usize = 1;
    /// Civil affairs.
    pub const CIVIL_AFFAIRS: usize = 2;
    /// Labour and social security.
    pub const LABOUR: usize = 4;
    /// Health.
    pub const HEALTH: usize = 5;
    /// Education.
    pub const EDUCATION: usize = 6;
    /// Culture.
    pub const CULTURE: usize = 7;
    /// Environment.
    pub const ENVIRONMENT: usize = 8;
    /// Sport.
    pub const SPORT: usize = 9;
}

/// What kind of neighbourhood a community is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Kind {
    /// Commodity housing (商品房小区).
    Commodity,
    /// Old courtyards (老旧院落).
    Courtyard,
    /// Work-unit compounds (单位社区).
    Danwei,
    /// Resettlement estates (集中安置小区).
    Resettlement,
    /// Villages (村).
    Village,
}

impl Kind {
    /// All kinds, in the order of `population.kinds`.
    pub const ALL: [Kind; 5] =
        [Kind::Commodity, Kind::Courtyard, Kind::Danwei, Kind::Resettlement, Kind::Village];

    /// The word for it in files.
    pub fn word(self) -> &'static str {
        self.name().en
    }

    /// The name in tables.
    pub const fn name(self) -> Text {
        match self {
            Kind::Commodity => text("commodity", "商品房小区"),
            Kind::Courtyard => text("courtyard", "老旧院落"),
            Kind::Danwei => text("danwei", "单位社区"),
            Kind::Resettlement => text("resettlement", "安置小区"),
            Kind::Village => text("village", "村"),
        }
    }
}

/// Households of one community: contiguous runs of residents.
#[derive(Clone, Debug, Default)]
pub struct Households {
    /// First adult of each household, and one last entry: the number of residents.
    pub starts: Vec<u32>,
    /// Persons, children included.
    pub persons: Vec<u8>,
}

impl Households {
    /// Number of households.
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// True of a community without households.
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// The household of resident `i`.
    pub fn of(&self, i: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= i) - 1
    }

    /// The residents of household `h`.
    pub fn members(&self, h: usize) -> std::ops::Range<usize> {
        self.starts[h] as usize..self.starts[h + 1] as usize
    }
}

/// One community (社区): the unit of place, of self-government and of parallel work.
#[derive(Clone, Debug)]
pub struct Community {
    /// Stable number in the city, the key of its random numbers.
    pub id: u32,
    /// What kind of neighbourhood it is.
    pub kind: Kind,
    /// Street (街道) it belongs to.
    pub street: u16,
    /// District (区) it belongs to.
    pub district: u16,
    /// The adult residents, as columns.
    pub residents: Residents,
    /// The households, as runs of residents. Never change in a replicate, so replicates share them.
    pub households: Arc<Households>,
    /// Number of compounds (小区/院落); residents know theirs by number.
    pub compounds: u16,
    /// Households of one residents' group (居民小组).
    pub households_per_group: u16,
    /// Who knows whom. Never changes in a replicate, so replicates share it.
    pub ties: Arc<Ties>,
    /// From which newcomers are drawn; one for all communities of which no table says more.
    pub tables: Arc<synth::PeopleTables>,
    /// What a table says of it.
    pub given: Option<Arc<table::Row>>,
}

impl Community {
    /// Number of adults.
    pub fn adults(&self) -> usize {
        self.residents.len()
    }

    /// What its street is called: as a table says or, where none does, by its number, counted from 1.
    pub fn street_name(&self) -> String {
        self.named(|row| row.street.as_ref(), self.street)
    }

    /// What its district is called, likewise.
    pub fn district_name(&self) -> String {
        self.named(|row| row.district.as_ref(), self.district)
    }

    fn named(&self, name: fn(&table::Row) -> Option<&String>, number: u16) -> String {
        let given = self.given.as_deref().and_then(name);
        given.cloned().unwrap_or_else(|| (number + 1).to_string())
    }

    /// Number of residents' groups, at least one.
    pub fn groups(&self) -> usize {
        self.households.len().div_ceil(self.households_per_group.max(1) as usize).max(1)
    }

    /// The residents' group of resident `i`.
    pub fn group_of(&self, i: usize) -> usize {
        self.households.of(i) / self.households_per_group.max(1) as usize
    }

    /// The residents of each residents' group, in their order.
    pub fn members_of_groups(&self) -> Vec<Vec<u32>> {
        let mut groups = vec![Vec::new(); self.groups()];
        (0..self.adults()).for_each(|i| groups[self.group_of(i)].push(i as u32));
        groups
    }
}

/// The whole synthetic city.
#[derive(Clone, Debug)]
pub struct City {
    /// Seed of the city: its random numbers while it was built, and before the start.
    pub seed: u64,
    /// Communities in the order of their ids.
    pub communities: Vec<Community>,
    /// Number of streets.
    pub streets: u16,
    /// Number of districts.
    pub districts: u16,
}

impl City {
    /// Number of adults.
    pub fn adults(&self) -> usize {
        self.communities.iter().map(Community::adults).sum()
    }
}
