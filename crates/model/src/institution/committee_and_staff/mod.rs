//! Committee and staff: the residents' committee, those who work for it, and the offices above it.

pub mod admin;
pub mod capacity;
pub mod coordination;
pub mod diffusion;
pub mod oversight;
pub mod staff;
pub mod station;
