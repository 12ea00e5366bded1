//! The targets that are part of the program, for `docs/targets.md`.

use super::{code, table};
use shequ_experiment::targets::{Target, table as targets};
use shequ_model::base::i18n::Language;
use shequ_report::targets::{aim, origin, used, what};

/// Each target: what it is, what was observed, and where. A table that cannot be read is left out here; a test
/// loads it.
pub fn shipped() -> String {
    let en = Language::En;
    let row = |target: Target| {
        let place = format!("{}, {}", target.place, target.year);
        let runs = match (target.set.is_empty(), &target.against) {
            (true, None) => String::new(),
            (_, against) => {
                let against = against.as_ref().map(|settings| match settings.is_empty() {
                    true => " against the scenario as it is".into(),
                    false => format!(" against {}", code(&settings.join("; "))),
                });
                format!("{}{}", code(&target.set.join("; ")), against.unwrap_or_default())
            }
        };
        let [origin, used] = [origin(target.origin, en), used(target.used, en)];
        let source = if target.note.is_empty() {
            target.source.clone()
        } else {
            format!("{}; {}", target.source, target.note)
        };
        [target.id.clone(), what(&target, en), aim(&target, en), runs, place, source, origin, used]
    };
    let rows = targets::load("shequ:targets.csv".as_ref()).unwrap_or_default().into_iter().map(row);
    table(["id", "what", "observed", "run", "where", "source", "origin", "use"], rows)
}
