//! shequ (社区, community): a parallel agent-based simulator of community participation in urban
//! neighbourhoods.

pub mod base;
pub mod city;
pub mod cli;
pub mod experiment;
pub mod institution;
pub mod metric;
pub mod model;
pub mod record;
pub mod report;
pub mod scenario;
pub mod theory;
pub mod trust;
