//! Policies against a base.

pub mod alike;
pub mod community;
pub mod conclusions;
pub mod course;
pub mod difference;
pub mod effects;
pub mod group;
pub mod holm;
pub mod kept;
pub mod who;
