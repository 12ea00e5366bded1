//! The language of what people see.

pub use crate::base::words::Language;
