//! Outreach and platforms: how residents hear of things, find an occasion and are heard.

pub mod feedback;
pub mod intervention;
pub mod opportunities;
pub mod outreach;
pub mod platform;
pub mod survey;
