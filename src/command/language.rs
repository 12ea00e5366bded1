//! The language of messages.

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::Language;

/// Reads `--lang`.
pub fn parser() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::NAMES)
        .try_map(|name| Language::named(&name).ok_or("unknown language"))
}

/// That of a command line, which is needed before it is parsed: what is wrong with it is said in this language.
pub fn of_command_line(arguments: impl Iterator<Item = OsString>) -> Language {
    asked(arguments).unwrap_or_else(Language::of_environment)
}

/// What `--lang` says, if it says something that can be.
fn asked(arguments: impl Iterator<Item = OsString>) -> Option<Language> {
    let mut words = arguments.map(|word| word.to_string_lossy().into_owned()).take_while(|word| word != "--");
    let value = words.find_map(|word| match word.strip_prefix("--lang") {
        Some("") => Some(None),
        Some(rest) => rest.strip_prefix('=').map(|value| Some(value.to_string())),
        None => None,
    })?;
    Language::named(&value.or_else(|| words.next())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_found_wherever_it_stands_before_two_dashes() {
        let of = |line: &str| asked(line.split(' ').map(OsString::from));
        for line in
            ["--lang zh run a", "run a --lang=zh", "rnu --lang zh --sed", "run --lang zh -- --lang en"]
        {
            assert_eq!(of(line), Some(Language::Zh), "{line}");
        }
        for line in
            ["run a", "run --lang", "run --lang=", "run --lang fr", "run -- --lang zh", "run --language zh"]
        {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
