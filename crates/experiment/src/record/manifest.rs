//! `manifest.json`: where results come from.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use crate::record::disk::Dir;
use crate::record::disk::listing::{Findings, Listing};
use crate::record::disk::seal::Entry;
use crate::record::folder::{hash, hash_of, mend_replacing};
use crate::record::table::Form;
use serde::{Deserialize, Serialize};
use shequ_model::registry;
use shequ_model::theory::formula::outside::Outside;

/// Name of the file; a folder that has it is finished.
pub const MANIFEST: &str = "manifest.json";

/// What `manifest.json` holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name and version of the program.
    pub program: Program,
    /// SHA-256 over the resolved scenario and the model version.
    pub scenario_hash: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Seeds of the city and of the replicates.
    pub seeds: Seeds,
    /// Replicates.
    pub replicates: u32,
    /// The first of them.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub first_replicate: u32,
    /// Threads that ran them.
    pub threads: usize,
    /// The computer.
    pub machine: Machine,
    /// UTC, such as "2026-11-23T20:56:00Z".
    pub started: String,
    /// UTC.
    pub ended: String,
    /// Wall time between the two.
    pub seconds: f64,
    /// The arguments as typed, file names without their folders.
    pub arguments: Vec<String>,
    /// Of an experiment, how many runs there are; none for a scenario.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub runs: Option<Runs>,
    /// Hours that its runs took, one after another, times the threads that each had: of all shards, on whatever
    /// machine they ran, to a millionth. What was run in vain, as before a kill, is not in it. None in results of
    /// 0.1.0.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub core_hours: Option<f64>,
    /// Of an experiment, the folders in which it was under way, by the ids of their ledgers.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub work: Vec<String>,
    /// The tables that were asked for, where not all were.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub only: Vec<String>,
    /// Functions that a program brought along and that a formula of its scenarios calls: without them it cannot be run
    /// again.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub functions: Vec<Function>,
    /// True if the report was made although files were not as they were written.
    #[serde(skip_serializing_if = "is_false", default)]
    pub changed: bool,
    /// Every other file in the folder.
    pub files: Vec<Entry>,
    /// While files are replaced, what may still stand in their place.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub replacing: Vec<Entry>,
    /// False if the text of the manifest itself is not as it was written.
    #[serde(skip, default)]
    pub is_sealed: bool,
}

/// A function that a program brought along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// The name by which formulas call it.
    pub name: String,
    /// Its text, as the program gave it.
    pub source: String,
}

impl Function {
    /// As a manifest has it.
    pub fn of(function: &Outside) -> Function {
        Function { name: function.name().into(), source: function.source().into() }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Runs of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// Those that went well.
    pub done: u64,
    /// Those that failed.
    pub failed: u64,
}

/// The program that wrote the results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// "shequ".
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit it was built from, with " modified" behind it if the tree differed; "unknown" where git could
    /// not tell.
    pub commit: String,
    /// SHA-256 of the sources, in hexadecimal; empty in results of 0.1.0. Where something was added to the
    /// standard set, another of the running file is behind it, which holds what was added.
    #[serde(default)]
    pub sources: String,
    /// The compiler that built it; empty in results of 0.1.0, and where it could not tell.
    #[serde(default)]
    pub compiler: String,
    /// SHA-256 of the file that pins its dependencies, in hexadecimal; likewise.
    #[serde(default)]
    pub lock: String,
    /// Institutions, theories and rules that were added to the standard set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additions: Vec<String>,
    /// Version of the model.
    pub model: String,
}

impl Program {
    /// The program that is running.
    pub fn this() -> Program {
        Program {
            name: "shequ".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            commit: option_env!("SHEQU_COMMIT").unwrap_or("unknown").into(),
            sources: sources(),
            compiler: option_env!("SHEQU_COMPILER").unwrap_or_default().into(),
            lock: option_env!("SHEQU_LOCK").unwrap_or_default().into(),
            additions: registry::additions(),
            model: shequ_model::VERSION.into(),
        }
    }
}

fn sources() -> String {
    static OF_ADDITIONS: LazyLock<String> = LazyLock::new(|| {
        let running = std::env::current_exe().and_then(std::fs::read);
        running.map_or_else(|_| "unknown".into(), |bytes| hash_of(&bytes))
    });
    let own = env!("SHEQU_SOURCES");
    if registry::additions().is_empty() { own.into() } else { format!("{own} {}", *OF_ADDITIONS) }
}

/// Seeds of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeds {
    /// Of the city.
    pub city: u64,
    /// Of what happens in it.
    // Version 0.1.0 called it `output`.
    #[serde(alias = "life")]
    pub replicates: u64,
}

/// The computer of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Operating system.
    pub system: String,
    /// Kind of processor.
    pub processor: String,
    /// Cores that the program could use.
    pub cores: usize,
}

/// Cores that the program can use, at least 1.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Machine {
    /// This computer.
    pub fn this() -> Machine {
        Machine {
            system: std::env::consts::OS.into(),
            processor: std::env::consts::ARCH.into(),
            cores: cores(),
        }
    }
}

impl Manifest {
    /// The replicates that were simulated.
    pub fn result(&self) -> Range<u32> {
        self.first_replicate..self.first_replicate.saturating_add(self.replicates)
    }

    /// True if the folder has the file `name`.
    pub fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// The form in which the folder has the table `name`: CSV if it has both, none if it has none.
    pub fn form_of(&self, name: &str) -> Option<Form> {
        [Form::Csv, Form::Parquet].into_iter().find(|form| self.has(&format!("{name}.{}", form.ending())))
    }

    /// The text of the file. Its last line is a seal: the SHA-256 of the text before it.
    ///
    /// # Errors
    /// Only if a number has no JSON form.
    pub fn to_json(&self) -> io::Result<String> {
        let text = serde_json::to_string_pretty(self)?;
        let body = text.trim_end_matches('}').trim_end();
        Ok(format!("{body}{SEAL}{}\"\n}}\n", hash([body])))
    }

    /// Reads the manifest of a results folder.
    ///
    /// # Errors
    /// An I/O error if it cannot be read, or if its text is no manifest.
    pub fn read(folder: &Path) -> io::Result<Manifest> {
        Manifest::of(&Dir::open(folder)?)
    }

    /// The same of a folder that is open.
    ///
    /// # Errors
    /// As [`Manifest::read`].
    pub fn of(dir: &Dir) -> io::Result<Manifest> {
        let bytes = dir.text(MANIFEST)?;
        let mut manifest: Manifest = serde_json::from_slice(&bytes)?;
        manifest.is_sealed = is_sealed(&bytes);
        Ok(manifest)
    }

    /// The files of the folder, as they were written.
    pub fn listing(&self) -> Listing {
        let mut listing = Listing::of(&self.files);
        self.replacing.iter().for_each(|entry| listing.allow(entry.clone()));
        listing
    }

    /// Compares the folder with the manifest, file by file.
    ///
    /// # Errors
    /// An I/O error if the folder cannot be read.
    pub fn check(&self, dir: &Dir) -> io::Result<Findings> {
        mend_replacing(dir);
        let mut findings = self.listing().check(dir, &[MANIFEST])?;
        if !self.is_sealed || self.changed {
            findings.changed.push(MANIFEST.into());
        }
        Ok(findings)
    }
}

/// What stands between the text of a manifest and its seal.
const SEAL: &str = ",\n  \"seal\": \"";

/// True if the text ends in its own hash. Manifests of version 0.1.0 have none, and are believed.
fn is_sealed(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    match text.rsplit_once(SEAL) {
        Some((body, seal)) => {
            seal.trim_end().trim_end_matches('}').trim_end() == format!("{}\"", hash([body]))
        }
        None => true,
    }
}

/// A time in UTC as ISO 8601, from the seconds since 1970.
///
/// Days become dates by Howard Hinnant's `civil_from_days`, which counts in periods of 400 years that
/// begin on 1 March.
pub fn iso_8601(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let since_march_0 = days + 719_468;
    let (period, day_of_period) = (since_march_0 / 146_097, since_march_0 % 146_097);
    let year_of_period =
        (day_of_period - day_of_period / 1_460 + day_of_period / 36_524 - day_of_period / 146_096) / 365;
    let day_of_year = day_of_period - (365 * year_of_period + year_of_period / 4 - year_of_period / 100);
    let months_since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
    let month = (months_since_march + 2) % 12 + 1;
    let year = period * 400 + year_of_period + u64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

/// The arguments of this process as they may be kept.
pub fn arguments() -> Vec<String> {
    std::env::args_os().skip(1).map(|argument| without_folder(&argument.to_string_lossy())).collect()
}

/// An argument as it may be kept: of an absolute path only the last part, so that results name no
/// folder of the computer that made them.
pub fn without_folder(argument: &str) -> String {
    let (flag, path) = match argument.split_once('=') {
        Some((flag, path)) if flag.starts_with('-') => (format!("{flag}="), path),
        _ => (String::new(), argument),
    };
    let path = Path::new(path);
    match path.file_name() {
        Some(last) if path.is_absolute() => flag + &last.to_string_lossy(),
        _ => argument.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_dates() {
        // Checked against `date -u -d @N`.
        assert_eq!(iso_8601(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso_8601(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(iso_8601(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(iso_8601(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(iso_8601(1_795_467_360), "2026-11-23T20:56:00Z");
    }

    #[test]
    fn arguments_lose_the_folders_of_the_computer() {
        assert_eq!(without_folder("/home/li/case.toml"), "case.toml");
        assert_eq!(without_folder("--out=/home/li/out"), "--out=out");
        for kept in ["scenarios/chengdu.toml", "--seed", "7", "a.b=\"/x\"", "/"] {
            assert_eq!(without_folder(kept), kept);
        }
    }
}
