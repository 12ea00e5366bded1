//! What a folder should hold, as the program wrote it down itself, and what it does hold.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};

use super::Dir;
use super::seal::{Entry, entry_of};
use super::stage;
use shequ_model::base::i18n::{Both, both};

/// The files of a folder: for each the states in which it is right, or none if any is, as of a file that is
/// still being written.
#[derive(Clone, Debug, Default)]
pub struct Listing(pub BTreeMap<String, Vec<Entry>>);

/// Where a folder departs from its list. Names are as people see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Files that are not as they were written.
    pub changed: Vec<String>,
    /// Files that are not there.
    pub missing: Vec<String>,
    /// What the program did not put there.
    pub foreign: Vec<String>,
}

impl Findings {
    /// True if nothing that belongs to somebody else would be lost with the folder.
    pub fn is_ours(&self) -> bool {
        self.changed.is_empty() && self.foreign.is_empty()
    }

    /// What was found, as a list: "changed: a; missing: b; not written by this program: c".
    pub fn message(&self) -> Both {
        let kinds = [
            (both!("changed", "被改动"), &self.changed),
            (both!("missing", "缺少"), &self.missing),
            (both!("not written by this program", "并非本程序写出"), &self.foreign),
        ];
        let mut said = Both::default();
        for (what, names) in kinds.iter().filter(|(_, names)| !names.is_empty()) {
            let names = some(names);
            let gap = if said.en.is_empty() { both("", "") } else { both("; ", "；") };
            said = both!("{said}{gap}{what}: {names}", "{said}{gap}{what}：{names}";
                said = said, gap = gap, what = *what, names = names);
        }
        said
    }
}

/// The first of `names`, and how many more there are.
fn some(names: &[String]) -> Both {
    const SHOWN: usize = 5;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => Both::same(&shown),
        more => both!("{shown} and {more} more", "{shown} 等另外 {more} 项"),
    }
}

impl Listing {
    /// The list of these files.
    pub fn of(entries: &[Entry]) -> Listing {
        let mut listing = Listing::default();
        entries.iter().for_each(|entry| listing.allow(entry.clone()));
        listing
    }

    /// Lets the file be as `entry` says, too.
    pub fn allow(&mut self, entry: Entry) {
        self.0.entry(entry.name.clone()).or_default().push(entry);
    }

    /// Compares the folder with the list, file by file. Files in `beside`, the list itself among them, are not
    /// looked at, nor are folders in which another process is making something.
    ///
    /// # Errors
    /// An I/O error if the folder cannot be read.
    pub fn check(&self, dir: &Dir, beside: &[&str]) -> io::Result<Findings> {
        let mut findings = Findings::default();
        for (name, states) in &self.0 {
            match is_as(dir, name, states) {
                Ok(true) => {}
                Ok(false) => findings.changed.push(shown(name)),
                Err(error) if error.kind() == ErrorKind::NotFound => findings.missing.push(shown(name)),
                Err(_) => findings.changed.push(shown(name)),
            }
        }
        self.find_foreign(dir, "", beside, &mut findings)?;
        Ok(findings)
    }

    fn find_foreign(&self, dir: &Dir, prefix: &str, beside: &[&str], found: &mut Findings) -> io::Result<()> {
        let folders = self.folders();
        for name in dir.names()? {
            let path = name.to_str().map(|name| format!("{prefix}{name}"));
            match path {
                Some(path) if self.0.contains_key(&path) || beside.contains(&path.as_str()) => {}
                Some(path) if folders.contains(path.as_str()) && dir.has_dir(&path[prefix.len()..]) => {
                    let folder = dir.sub(&path[prefix.len()..])?;
                    self.find_foreign(&folder, &format!("{path}/"), beside, found)?;
                }
                Some(path) if prefix.is_empty() && stage::is_one(&path) => {}
                _ => found.foreign.push(shown(&format!("{prefix}{}", name.to_string_lossy()))),
            }
        }
        Ok(())
    }

    /// The folders that the files lie in.
    fn folders(&self) -> BTreeSet<&str> {
        let above = |name: &'_ str| name.match_indices('/').map(|(at, _)| at).collect::<Vec<_>>();
        self.0.keys().flat_map(|name| above(name).into_iter().map(|at| &name[..at])).collect()
    }

    /// Removes the files from the folder `name` of `parent`, the list `proof` as the last of them, and then the
    /// folder. What is not in the list stays, and the folder with it. Another process may be doing the same.
    ///
    /// # Errors
    /// An I/O error.
    pub fn remove(&self, parent: &Dir, name: &str, proof: &str) -> io::Result<()> {
        let dir = match parent.sub(name) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            dir => dir?,
        };
        for file in self.0.keys().filter(|file| *file != proof) {
            gone(dir.remove(file))?;
        }
        // Deeper ones come after those that they lie in.
        for folder in self.folders().into_iter().rev() {
            gone(dir.remove_dir(folder))?;
        }
        gone(dir.remove(proof))?;
        gone(parent.remove_dir(name))
    }
}

/// What is not there has been removed.
fn gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// True if the file is in one of the states.
fn is_as(dir: &Dir, name: &str, states: &[Entry]) -> io::Result<bool> {
    if states.is_empty() {
        return dir.read(name).map(|_| true);
    }
    let length = dir.read(name)?.metadata()?.len();
    if states.iter().all(|state| state.size != length) {
        return Ok(false);
    }
    let found = entry_of(dir, name)?;
    Ok(states.contains(&found))
}

/// A name as it may be printed: one that holds signs for a terminal is written out.
pub fn shown(name: &str) -> String {
    name.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_departs_from_the_list_is_named_and_what_is_not_in_it_stays() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a");
        fs::create_dir_all(path.join("plots/deep")).unwrap();
        for name in ["one", "two", "plots/deep/x", "manifest.json"] {
            fs::write(path.join(name), name).unwrap();
        }
        let (parent, dir) = (Dir::open(place.path()).unwrap(), Dir::open(&path).unwrap());
        let entries = ["one", "two", "plots/deep/x"].map(|name| entry_of(&dir, name).unwrap());
        let listing = Listing::of(&entries);
        assert_eq!(listing.check(&dir, &["manifest.json"]).unwrap(), Findings::default());
        fs::write(path.join("two"), "2wo").unwrap();
        fs::remove_file(path.join("one")).unwrap();
        fs::write(path.join("plots/deep/mine\u{1b}"), "precious").unwrap();
        let found = listing.check(&dir, &["manifest.json"]).unwrap();
        let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        assert_eq!((found.changed, found.missing), (names(&["two"]), names(&["one"])));
        assert_eq!(found.foreign, names(&["plots/deep/mine\\u{1b}"]));
        assert!(listing.remove(&parent, "a", "manifest.json").is_err());
        assert_eq!(fs::read_to_string(path.join("plots/deep/mine\u{1b}")).unwrap(), "precious");
        fs::remove_file(path.join("plots/deep/mine\u{1b}")).unwrap();
        listing.remove(&parent, "a", "manifest.json").unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_reaches_nothing() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("precious"), "mine").unwrap();
        fs::create_dir(place.path().join("a")).unwrap();
        let parent = Dir::open(place.path()).unwrap();
        let outside = ["../precious".to_string(), place.path().join("precious").display().to_string()];
        let listing = Listing(outside.into_iter().map(|name| (name, Vec::new())).collect());
        let found = listing.check(&parent.sub("a").unwrap(), &[]).unwrap();
        assert_eq!((found.changed.len() + found.missing.len(), found.is_ours()), (2, false));
        let _ = listing.remove(&parent, "a", "manifest.json");
        assert_eq!(fs::read_to_string(place.path().join("precious")).unwrap(), "mine");
    }
}
