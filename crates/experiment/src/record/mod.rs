//! What leaves a run: rows, the tables they fill, and the folder that holds the tables.

pub mod change;
pub mod dictionary;
pub mod disk;
pub(crate) mod distributions;
pub mod finished;
pub mod folder;
pub mod manifest;
pub mod package;
pub(crate) mod parquet;
pub mod places;
pub(crate) mod projects;
pub mod read;
pub mod residents;
pub(crate) mod seats;
pub mod sheet;
pub mod table;
pub mod tables;
pub mod ties;
pub(crate) mod variance;
