//! `manifest.json`: where results come from.

use std::io;
use std::ops::Range;
use std::path::Path;

use crate::record::folder::Entry;
use serde::{Deserialize, Serialize};

/// Name of the file; a folder that has it is finished.
pub const MANIFEST: &str = "manifest.json";

/// Version of the model: raised whenever the same scenario gives other numbers.
pub const MODEL_VERSION: &str = "2";

/// What `manifest.json` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name and version of the program.
    pub program: Program,
    /// SHA-256 over the resolved scenario and the model version.
    pub scenario_hash: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Seeds of the city and of its life.
    pub seeds: Seeds,
    /// Lives.
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
    /// Every other file in the folder.
    pub files: Vec<Entry>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// "shequ".
    pub name: String,
    /// Its version.
    pub version: String,
    /// The commit it was built from, "unknown" if the build did not say (SHEQU_COMMIT).
    pub commit: String,
    /// Version of the model.
    pub model: String,
}

impl Program {
    /// The program that is running.
    pub fn this() -> Program {
        Program {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            commit: option_env!("SHEQU_COMMIT").unwrap_or("unknown").into(),
            model: MODEL_VERSION.into(),
        }
    }
}

/// Seeds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeds {
    /// Of the city.
    pub city: u64,
    /// Of its life.
    pub life: u64,
}

/// The computer of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Operating system.
    pub system: String,
    /// Kind of processor.
    pub processor: String,
    /// Cores that the program could use.
    pub cores: usize,
}

impl Machine {
    /// This computer.
    pub fn this() -> Machine {
        Machine {
            system: std::env::consts::OS.into(),
            processor: std::env::consts::ARCH.into(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

impl Manifest {
    /// The replicates that were lived.
    pub fn lived(&self) -> Range<u32> {
        self.first_replicate..self.first_replicate.saturating_add(self.replicates)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Only if a number has no JSON form.
    pub fn to_json(&self) -> io::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Reads the manifest of a results folder.
    ///
    /// # Errors
    /// What the disk says, or what is wrong with the text.
    pub fn read(folder: &Path) -> io::Result<Manifest> {
        let text = std::fs::read_to_string(folder.join(MANIFEST))?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// A time in UTC as ISO 8601, from the seconds since 1970.
///
/// Days become dates by Howard Hinnant's `civil_from_days`, which counts in eras of 400 years that
/// begin on 1 March.
pub fn iso_8601(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let since_march_0 = days + 719_468;
    let (era, day_of_era) = (since_march_0 / 146_097, since_march_0 % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
    let month = (months_since_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
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
