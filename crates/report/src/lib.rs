//! What people see of results: words, pictures, tables on the terminal.

pub mod asked;
pub mod chart;
pub mod comparison;
pub mod contest;
pub mod draw;
pub mod extras;
pub mod font;
pub mod page;
pub mod sensitivity;
pub mod shown;
pub mod sweep;
pub mod terminal;
pub mod theories;
