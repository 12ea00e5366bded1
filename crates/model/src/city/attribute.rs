//! What residents are grouped by, and what the seats of a body are held against them by.

use super::{AGE_BANDS, Residents};

/// An attribute that divides residents into levels.
pub struct Attribute {
    /// Name in tables.
    pub name: &'static str,
    /// Names of its levels.
    pub levels: &'static [&'static str],
    /// The level of a resident, by its place among the names.
    pub level: fn(&Residents, usize) -> usize,
}

const AGES: [&str; AGE_BANDS.len()] =
    [AGE_BANDS[0].1.en, AGE_BANDS[1].1.en, AGE_BANDS[2].1.en, AGE_BANDS[3].1.en, AGE_BANDS[4].1.en];

/// Every attribute, in the order of tables.
pub const ATTRIBUTES: [Attribute; 6] = [
    Attribute { name: "age", levels: &AGES, level: |r, i| r.age_band(i) },
    Attribute { name: "sex", levels: &["female", "male"], level: |r, i| r.traits[i].male() as usize },
    Attribute {
        name: "education",
        levels: &["primary", "junior secondary", "senior secondary", "university"],
        level: |r, i| r.traits[i].education() as usize,
    },
    Attribute { name: "tenure", levels: &["renter", "owner"], level: |r, i| r.traits[i].owner() as usize },
    Attribute { name: "hukou", levels: &["non-local", "local"], level: |r, i| r.traits[i].local() as usize },
    Attribute {
        name: "party",
        levels: &["not a member", "member"],
        level: |r, i| r.traits[i].party() as usize,
    },
];
