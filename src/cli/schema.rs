//! `shequ schema`.

use super::{Error, output};
use crate::scenario;

/// Prints the JSON Schema of scenario files.
pub fn run() -> Result<(), Error> {
    output::print(&scenario::schema::text())
}
