//! Law and conflict: officers in the street, rules, rights, and neighbours who fall out.

pub mod enforcement;
pub mod law;
pub mod mediation;
pub mod rights;
