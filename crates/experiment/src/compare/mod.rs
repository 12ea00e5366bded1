//! Policies against a base.

pub(crate) mod community;
pub mod conclusions;
pub mod difference;
pub mod effects;
pub(crate) mod group;
pub(crate) mod holm;
pub(crate) mod pairing;
pub(crate) mod retained;
pub(crate) mod subgroups;
pub mod time_series;
