//! Stub.
use crate::base::about::{self, Key, text};
use super::Institution;
/// Settings.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Settings {}
impl about::Settings for Settings { fn keys() -> Vec<Key> { vec![] } }
/// Local.
#[derive(Clone, Debug, Default)] pub struct Local {}
/// Wide.
#[derive(Clone, Debug, Default)] pub struct Wide {}
/// Registration.
pub const INSTITUTION: Institution = Institution { name: "disaster", summary: text("", ""), rows: &[], equations: &[], neutral: &[], acts: &[] };
