//! Plain words for what the TOML parser says.

use crate::base::problem::Problem;

/// Signs that a Chinese keyboard gives in place of those that TOML knows.
const LOOK_ALIKES: [(char, char); 9] = [
    ('\u{FF1D}', '='),
    ('\u{201C}', '"'),
    ('\u{201D}', '"'),
    ('\u{FF0C}', ','),
    ('\u{FF3B}', '['),
    ('\u{FF3D}', ']'),
    ('\u{3010}', '['),
    ('\u{3011}', ']'),
    ('\u{FF03}', '#'),
];

/// The problem behind the parser's `message`; `near` is the text from there on. Where something is
/// `unclosed`, the parser only stumbles later, over what is right in itself.
pub fn problem(message: &str, near: &str, unclosed: bool) -> Problem {
    let look_alike = near.chars().next().and_then(|c| LOOK_ALIKES.into_iter().find(|&(wide, _)| wide == c));
    if let Some((wide, plain)) = look_alike {
        return Problem::new(format!("TOML does not know the sign {wide}"))
            .help(format!("write the plain {plain} in its place"));
    }
    let said = |what: &str, help: &str| Problem::new(what).help(help);
    let starts = |start: &str| message.starts_with(start);
    if unclosed {
        said("before this, something is opened and never closed", "look for a lone [ or { here or above")
    } else if is_too_deep(message) {
        said("lists and tables are nested too deeply", "a scenario needs tables in tables, and no more")
    } else if starts("duplicate key") {
        said("this key or table is there already", "keep one of the two")
    } else if starts("string values must be quoted") {
        said("text must be in quotes", "write \"…\" around it")
    } else if starts("invalid date") {
        said("this is no date that TOML knows", "write a month in quotes: \"2017-01\"")
    } else if starts("invalid basic string") && near.starts_with(['\r', '\n']) {
        said("this line ends in the middle of a text", "close the text with \"")
    } else if starts("key with no value") {
        said("this key has no value", "write key = value")
    } else if starts("unexpected key or value") {
        said("more follows where the line should end", "one key a line; numbers without commas and units")
    } else {
        let message = message.trim_end_matches(", expected nothing");
        Problem::new(format!("this is not TOML: {message}"))
    }
}

/// True if the parser gave up because of nesting.
pub fn is_too_deep(message: &str) -> bool {
    message.contains("recursion") || message.contains("recurse")
}
