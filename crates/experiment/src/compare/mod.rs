//! Policies against a base.

pub mod community;
pub mod conclusions;
pub mod costs;
pub mod difference;
pub mod effects;
pub mod equivalence;
pub mod fieller;
pub(crate) mod gaps;
pub mod group;
pub(crate) mod holm;
pub(crate) mod pairing;
pub(crate) mod retained;
pub(crate) mod subgroups;
pub mod time_series;
pub mod treated;
