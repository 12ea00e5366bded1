//! Policies against a base.

pub mod difference;
pub mod holm;
pub mod money;
