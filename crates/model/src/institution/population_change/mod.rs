//! Population change: who lives there, who comes and goes, and what befalls all.

pub mod community;
pub mod drift;
pub mod ladder;
pub mod migration;
pub mod resettlement;
pub mod shock;
