//! Keys and bundled files with a new name: for one version the old name is read, with a warning that has the
//! new one.
//!
//! To rename a key: rename it where it is described, and add one line to `RENAMED`; with the version
//! after the next, take the line out again.

use std::borrow::Cow;

use crate::base::i18n::both;
use crate::base::problem::{Place, Problem};

/// Dotted paths: as version 0.1.0 called the key, and as it is called now.
const RENAMED: &[(&str, &str)] = &[
    ("seed.life", "seed.replicates"),
    ("residents.voice_gain", "residents.external_efficacy_gain"),
    ("residents.efficacy_gain", "residents.internal_efficacy_gain"),
    ("residents.efficacy_fade", "residents.internal_efficacy_fade"),
    ("intervention.enough_efficacy", "intervention.enough_external_efficacy"),
];

/// The folder of bundled benchmark cases, as version 0.1.0 called it and as it is called now.
const FOLDER: (&str, &str) = ("shequ:docking/", "shequ:benchmarks/");

/// The path of today for the path `written` at `place`, and a warning in `notes` if that is another.
pub fn of_today<'a>(written: &'a str, place: &Place, notes: &mut Vec<Problem>) -> &'a str {
    let Some(&(old, new)) = RENAMED.iter().find(|(old, _)| *old == written) else { return written };
    notes.push(is_now(old, new).of(new).at(place.clone()));
    new
}

/// The file of today for the file `written`.
pub fn file_of_today(written: &str) -> Cow<'_, str> {
    match written.strip_prefix(FOLDER.0) {
        Some(name) => Cow::Owned(format!("{}{name}", FOLDER.1)),
        None => Cow::Borrowed(written),
    }
}

/// A warning if the file `written` at `place` has another name today.
pub fn file_note(written: &str, place: &Place) -> Option<Problem> {
    match file_of_today(written) {
        Cow::Owned(new) => Some(is_now(written, &new).at(place.clone())),
        Cow::Borrowed(_) => None,
    }
}

fn is_now(old: &str, new: &str) -> Problem {
    Problem::new(both!("`{old}` is now called `{new}`", "`{old}` 现在称为 `{new}`")).help(both!(
        "write {new}; the next version will not read the old name",
        "请写 {new}；下一版本将不再读取旧名称"
    ))
}

/// The problem that a table gives the key `path` by its old name and by the new one, at one of them.
pub fn by_both_names(path: &str, place: Place) -> Problem {
    let old = RENAMED.iter().find(|(_, new)| *new == path).map_or(path, |(old, _)| old);
    Problem::new(both!(
        "`{path}` is given twice, also by its old name `{old}`",
        "`{path}` 给出了两次，其中一次用旧名称 `{old}`"
    ))
    .of(path)
    .at(place)
    .help(both!("keep {path} alone", "请只保留 {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::problem::Source;
    use crate::scenario;

    #[test]
    fn every_old_name_leads_to_a_key_of_today_and_is_none_itself() {
        for (old, new) in RENAMED {
            assert!(scenario::index().key(new).is_some(), "{new}");
            assert!(scenario::index().key(old).is_none(), "{old}");
        }
    }

    #[test]
    fn only_old_names_give_a_warning() {
        let place = Place::new(&Source::file("a.toml", "seed.life = 2"), 5..9);
        let mut notes = Vec::new();
        assert_eq!(of_today("seed.city", &place, &mut notes), "seed.city");
        assert!(notes.is_empty());
        assert_eq!(of_today("seed.life", &place, &mut notes), "seed.replicates");
        assert_eq!(notes[0].message.en, "`seed.life` is now called `seed.replicates`");
        assert_eq!(notes[0].place.as_ref().map(Place::column), Some(6));
    }
    #[test]
    fn the_old_folder_of_bundled_cases_is_read_with_a_warning() {
        let place = Place::new(&Source::file("a.toml", "extends = \"shequ:docking/neutral.toml\""), 10..37);
        assert_eq!(file_of_today("shequ:docking/neutral.toml"), "shequ:benchmarks/neutral.toml");
        assert!(file_note("shequ:docking/neutral.toml", &place).is_some());
        assert!(file_note("docking/neutral.toml", &place).is_none(), "a folder of the user");
    }
}
