//! Colours of charts in the dark.
//!
//! Drawings state their colours as attributes, in light ones. Where a page is dark, each has another of the same meaning:
//! turning lightness around would make colours that nobody chose.

use std::fmt::Write;

/// Colours of charts and pictures, each with that for the dark; paper comes last.
pub const DARK: [(&str, &str); 13] = [
    ("0072b2", "79c0f2"),
    ("d55e00", "f3a768"),
    ("009e73", "4fd0a8"),
    ("cc79a7", "e3a3c7"),
    ("3c3c3c", "c4cad0"),
    ("e69f00", "f0bf4c"),
    ("56b4e9", "8fd0f7"),
    ("8ab6d6", "5a93b9"),
    ("282828", "e9ecef"),
    ("5c5c5c", "a7afb7"),
    ("646464", "a7afb7"),
    ("e4e4e4", "39414a"),
    ("ffffff", "15181c"),
];

/// Rules that give drawings within `scope`, a selector, their colours for the dark. Words keep white, which they have on
/// colours that do not change.
pub fn rules(scope: &str) -> String {
    let mut style = String::new();
    for (light, dark) in DARK {
        let _ = writeln!(
            style,
            "{scope} svg [fill=\"#{light}\" i]:not(text[fill=\"#ffffff\" i]) {{ fill: #{dark}; }}\n\
             {scope} svg [stroke=\"#{light}\" i] {{ stroke: #{dark}; }}"
        );
    }
    style
}

/// The same colours as properties of `scope`, by which what is drawn on a canvas looks its own up.
pub fn properties(scope: &str) -> String {
    let all: Vec<String> = DARK.iter().map(|(light, dark)| format!("--dark-{light}: #{dark};")).collect();
    format!("{scope} {{ {} }}\n", all.join(" "))
}

/// True of a colour that has one for the dark.
#[cfg(test)]
pub fn has(colour: &str) -> bool {
    DARK.iter().any(|(light, _)| light.eq_ignore_ascii_case(colour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_of_charts_has_one_for_the_dark() {
        let script = include_str!("../assets/report/svg.js");
        let begins = |line: &&str| {
            ["const INK", "const GREY", "const PALE", "const COLOURS"]
                .iter()
                .any(|name| line.starts_with(name))
        };
        let colours: Vec<&str> = script
            .lines()
            .filter(begins)
            .flat_map(|line| line.split('#').skip(1))
            .map(|rest| &rest[..6])
            .collect();
        assert_eq!(colours.len(), 10);
        for colour in colours {
            assert!(has(colour), "#{colour}");
        }
    }

    #[test]
    fn colours_are_told_apart_in_the_dark_too() {
        // Ink, and both greys, are shades of one; all others differ.
        let dark: std::collections::BTreeSet<&str> = DARK.iter().map(|(_, dark)| *dark).collect();
        assert_eq!(dark.len(), DARK.len() - 1);
    }
}
