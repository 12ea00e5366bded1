//! Policies against a base.

pub mod alike;
pub mod difference;
pub mod effects;
pub mod holm;
pub mod money;
