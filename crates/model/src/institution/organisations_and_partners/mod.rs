//! Organisations and partners: the party, units, firms and associations that act in a community.

pub mod danwei;
pub mod organisations;
pub mod party;
pub mod property;
pub mod units;
pub mod volunteer;
