//! The repository itself: documents, layers, words, and what it costs to add a thing.

#[path = "../common/program.rs"]
mod program;
#[path = "../common/sources.rs"]
mod sources;
#[path = "../common/translation.rs"]
mod translation;

mod documents;
mod extending;
mod generated;
mod layers;
mod literals;
mod messages;
mod words;
