//! `parts` of an arm: what its effect owes to each of its changes.

use super::reading::File;
use super::{Arm, Kind};
use crate::compare::pairing::are_alike;
use crate::parts::Bundle;
use shequ_model::base::i18n::both;
use shequ_model::base::problem::Problem;
use shequ_model::scenario::Loaded;

/// The arms that are to be taken apart, taken apart; what cannot be is a problem of the file.
pub fn of(file: &mut File, kind: Kind, base: &Loaded, arms: &[Arm]) -> Vec<Bundle> {
    let mut bundles = Vec::new();
    for (name, place) in std::mem::take(&mut file.asked_apart) {
        let Some(number) = arms.iter().position(|arm| arm.name == name) else { continue };
        let loaded = &arms[number].loaded;
        let bundle = match () {
            _ if kind != Kind::Compare => Err(both(
                "is taken apart into `parts` only where kind = \"compare\"",
                "只有在 kind = \"compare\" 时才能拆分（`parts`）",
            )),
            _ if !are_alike(base, loaded) => Err(both(
                "has another city or other seeds than the base, so that what its `parts` do cannot be told apart",
                "的城市或种子与基准不同，因此无法区分各部分（`parts`）的作用",
            )),
            _ => Bundle::of(number, base, loaded),
        };
        match bundle {
            Ok(bundle) => bundles.push(bundle),
            Err(what) => {
                let message = both!("`{name}` {what}", "`{name}` {what}"; name = name, what = what);
                file.wrong(Problem::new(message).of("parts").at(place));
            }
        }
    }
    bundles
}
