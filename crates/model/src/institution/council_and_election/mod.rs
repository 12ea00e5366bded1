//! Council and election: who sits in it, who chose them, and what they settle.

pub mod assembly;
pub mod council;
pub mod election;
pub mod registration;
