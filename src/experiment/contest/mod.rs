//! Policies against a base under every theory of participation and every rule of trust.

pub mod range;
pub mod variance;
