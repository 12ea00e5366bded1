//! `weights`: what theories and rules count in a contest.

use std::sync::Arc;

use super::reading::File;
use super::{Kind, Overrides};
use crate::contest::weights::{Weights, load};
use shequ_model::base::problem::Problems;

/// The weights that the file of a contest or the command line names, if one does.
pub fn of_file(file: &mut File, kind: Kind) -> Option<Arc<Weights>> {
    if kind != Kind::Contest {
        return None;
    }
    let own = file.text("weights").filter(|_| file.overrides.weights.is_none());
    let path = own.as_ref().map(|own| file.folder.join(own)).or(file.overrides.weights.clone())?;
    match load(&path) {
        Ok(weights) => Some(Arc::new(weights)),
        Err(problems) => {
            file.wrong_table("weights", own.is_some(), problems);
            None
        }
    }
}

/// The weights that the command line names, if it does; what is wrong with them is added to `problems`.
pub fn of_option(kind: Kind, overrides: &Overrides, problems: &mut Problems) -> Option<Arc<Weights>> {
    let path = overrides.weights.as_ref().filter(|_| kind == Kind::Contest)?;
    match load(path) {
        Ok(weights) => Some(Arc::new(weights)),
        Err(wrong) => {
            problems.add(wrong);
            None
        }
    }
}
