//! Reading a file that a person wrote, whatever it turns out to be.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use crate::base::problem::{Place, Problem, Source};

/// Longest scenario file, in bytes.
const LONGEST: u64 = 1 << 20;

/// Longest table, in bytes.
const LONGEST_TABLE: u64 = 1 << 28;

/// The text of the file at `path`, which people know as `name`.
pub fn read(path: &Path, name: &str) -> Result<Arc<Source>, Problem> {
    let too_long = || {
        Problem::new(format!("{name} is larger than 1 MiB"))
            .help("a scenario file is a few kilobytes of text; is this another file?")
    };
    text(bytes(path, name, LONGEST)?.ok_or_else(too_long)?, name)
}

/// The text of a table of numbers, which may be longer.
pub fn read_table(path: &Path, name: &str) -> Result<Arc<Source>, Problem> {
    let too_long = || Problem::new(format!("{name} is larger than 256 MiB"));
    text(bytes(path, name, LONGEST_TABLE)?.ok_or_else(too_long)?, name)
}

/// The bytes of a file, or none if there are more than `longest`.
fn bytes(path: &Path, name: &str, longest: u64) -> Result<Option<Vec<u8>>, Problem> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(longest + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(unreadable(path, name, &error)),
        Ok(_) => Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= longest)),
    }
}

fn unreadable(path: &Path, name: &str, error: &std::io::Error) -> Problem {
    if path.is_dir() {
        return Problem::new(format!("{name} is a folder, not a file"))
            .help("name a scenario file in it, such as baseline.toml");
    }
    let reason = match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_string(),
        ErrorKind::PermissionDenied => "its permissions forbid it".to_string(),
        _ => error.to_string(),
    };
    Problem::new(format!("cannot read {name}: {reason}"))
}

fn text(bytes: Vec<u8>, name: &str) -> Result<Arc<Source>, Problem> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Problem::new(format!("{name} is text in UTF-16")).help("save it as UTF-8"));
    }
    if bytes.contains(&0) {
        return Err(Problem::new(format!("{name} is no text file: it holds NUL bytes"))
            .help("a scenario is a TOML file; write one with `shequ new`"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::file(name, text.strip_prefix('\u{FEFF}').unwrap_or(&text))),
        Err(error) => {
            let bad = error.utf8_error().valid_up_to();
            let shown = Source::file(name, String::from_utf8_lossy(error.as_bytes()));
            Err(Problem::new(format!("{name} is not text in UTF-8"))
                .at(Place::new(&shown, bad..bad + '\u{FFFD}'.len_utf8()))
                .allowed("the first byte that is not UTF-8")
                .help("save it as UTF-8; editors in Chinese sometimes save as GBK"))
        }
    }
}
