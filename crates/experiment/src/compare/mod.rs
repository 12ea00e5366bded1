//! Policies against a base.

pub mod community;
pub mod conclusions;
pub mod difference;
pub mod effects;
pub mod group;
pub mod holm;
pub mod pairing;
pub mod retained;
pub mod subgroups;
pub mod time_series;
