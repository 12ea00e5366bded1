//! The shequ model: a synthetic city, its residents and its institutions, month by month.
//!
//! # Where to begin
//!
//! [`scenario`] reads a file and the files that it extends, reports everything that is wrong with them at once,
//! and yields a [`scenario::Scenario`] that cannot be wrong. [`city::synth`] builds the synthetic city.
//! [`simulation`] runs its months: [`simulation::month`] is the table of what happens, in order, and the same
//! table is what runs. [`simulation::ReplicateOutput`] is what leaves a replicate.
//!
//! [`theory`] has the reasons why residents take part, [`trust`] the rules by which experience changes trust,
//! [`institution`] whatever else acts, family by family. Each shows its settings with unit, range, default, source
//! and grade of evidence. [`metric`] lists what is measured. [`registry`] adds institutions, theories and rules
//! from outside.
//!
//! # Layers
//!
//! Each layer uses only those before it:
//!
//! ```text
//! base < city | mechanism < theory | trust | institution < registry < metric < scenario
//!      < simulation
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
pub const VERSION: &str = "4";
