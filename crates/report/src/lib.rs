//! What people see of results: words, pictures, tables on the terminal.

pub mod archive;
mod asked;
mod brief;
mod calibration;
pub mod chart;
mod comparison;
mod contest;
pub mod dark;
pub mod draw;
pub mod extras;
pub mod font;
pub mod map;
pub mod page;
mod parts;
#[cfg(test)]
mod random;
mod search;
mod sensitivity;
mod shown;
mod sure;
mod sweep;
pub mod targets;
pub mod terminal;
mod theories;
pub mod traced;
mod treated;
mod weighted;

pub use brief::called;
