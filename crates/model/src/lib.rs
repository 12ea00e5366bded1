//! The shequ model: a synthetic city, its residents and its institutions, month by month.
//!
//! Each layer uses only those before it:
//!
//! ```text
//! base < city | mechanism < theory | trust | institution < metric < scenario < simulation
//! ```

// What `#[settings]` makes names this crate, within it as without.
extern crate self as shequ_model;

pub mod base;
pub mod city;
pub mod institution;
pub mod mechanism;
pub mod metric;
pub mod registry;
pub mod scenario;
pub mod simulation;
pub mod theory;
pub mod trust;

/// The version of the model: it changes whenever the same scenario and seeds give other numbers.
pub const VERSION: &str = "2";
