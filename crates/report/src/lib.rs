//! What people see of results: words, pictures, tables on the terminal.

pub mod asked;
pub mod axis;
pub mod canvas;
pub mod comparison;
pub mod contest;
pub mod extras;
pub mod figure;
pub mod font;
pub mod forest;
pub mod levels;
pub mod page;
pub mod panel;
pub mod plots;
pub mod raster;
pub mod sensitivity;
pub mod shown;
pub mod sweep;
pub mod terminal;
pub mod theories;
pub mod tornado;
