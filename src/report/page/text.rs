//! Words in both languages at once, some of them made at run time.

pub use crate::base::words::{Both, both};
