//! Public services: what is produced for residents, and by whom.

pub mod actions;
pub mod demand;
pub mod providers;
pub mod responsibility;
pub mod services;
pub mod spaces;
pub mod waste;
