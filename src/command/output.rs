//! Printing: results to standard output, messages to standard error.

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

use super::Error;
use shequ_experiment::record::disk::{self, Dir};
use shequ_model::base::i18n::{Both, Language, both, reason};
use shequ_model::base::problem::{self, Problem, Problems};
use shequ_model::base::visible::visible_in_colour;

/// Prints a result. A closed pipe is no error and ends the output.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(visible_in_colour(text).as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let why = reason(&error);
            Err(Error::Failed(both!(
                "cannot write to standard output: {why}", "无法写到标准输出：{why}"; why = why
            )))
        }
        _ => Ok(()),
    }
}

/// The folder of the file at `path`.
///
/// # Errors
/// There is none.
pub fn folder_of(path: &Path) -> Result<&Path, Error> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    match folder.is_dir() {
        true => Ok(folder),
        false => Err(Error::Usage(
            both!("there is no folder {folder}", "没有文件夹 {folder}"; folder = folder.display()),
        )),
    }
}

/// Writes a file, whole or not at all. Where something of that name is not to be replaced, `taken` is said.
///
/// # Errors
/// It is not written.
pub fn file(path: &Path, bytes: &[u8], replace: bool, taken: Both) -> Result<(), Error> {
    let folder = folder_of(path)?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match Dir::open(folder).and_then(|dir| disk::put(&dir, name, bytes, replace)) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Error::Usage(taken)),
        Err(error) => Err(Error::Failed(both!(
            "cannot write {path}: {why}", "无法写入 {path}：{why}"; path = path.display(), why = reason(&error)
        ))),
    }
}

/// Prints a line to standard error, and ignores an error in doing so.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", visible_in_colour(text));
}

/// The language of messages, which is that of the command line from beginning to end.
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Says messages in `language` from now on; the first call holds.
pub fn speak(language: Language) {
    let _ = LANGUAGE.set(language);
}

/// The language of messages.
pub fn language() -> Language {
    LANGUAGE.get().copied().unwrap_or_default()
}

/// Prints a line to standard error in the language of messages.
pub fn tell(words: Both) {
    say(words.of(language()));
}

/// Prints each of `warnings` once, unless `quiet`: what is allowed in a file but may not be meant.
pub fn warn<'a>(warnings: impl IntoIterator<Item = &'a Problem>, quiet: bool) {
    let mut once = Problems::default();
    once.add(Problems(warnings.into_iter().cloned().collect()));
    if !quiet && !once.is_empty() {
        say(&problem::warnings(&once.0, language(), colour()));
    }
}

/// True if standard error shows colour: it is a terminal, and nobody asked for none.
pub fn colour() -> bool {
    is_wanted(std::env::var_os("NO_COLOR"), std::io::stderr().is_terminal())
}

/// True if standard output does.
pub fn colour_of_results() -> bool {
    is_wanted(std::env::var_os("NO_COLOR"), std::io::stdout().is_terminal())
}

/// By the convention of no-color.org, an empty NO_COLOR asks for nothing.
fn is_wanted(no_color: Option<OsString>, is_terminal: bool) -> bool {
    is_terminal && no_color.is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_needs_a_terminal_and_the_absence_of_no_color() {
        assert!(is_wanted(None, true));
        assert!(is_wanted(Some("".into()), true));
        assert!(!is_wanted(Some("1".into()), true));
        assert!(!is_wanted(None, false));
    }
}
