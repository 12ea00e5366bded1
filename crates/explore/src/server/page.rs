//! The page itself: its frame, style and script, with the charts of reports.

use std::fmt::Write;

use shequ_report::page::html::{figures, font};

/// Colours of charts, each with that of the same meaning for the dark, as in briefs; paper comes last.
const DARK: [(&str, &str); 12] = [
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
    ("e4e4e4", "39414a"),
    ("ffffff", "15181c"),
];

/// The frame of the page.
pub fn html() -> &'static str {
    include_str!("../../assets/explore.html")
}

/// The style: that of reports, then the page's own.
pub fn style() -> String {
    format!("{}\n{}\n{}\n{}", font(), figures().0, include_str!("../../assets/explore.css"), dark())
}

/// Charts in the dark. Drawings state their colours as attributes, and those on a canvas look theirs up as
/// `--dark-…`. Words keep white and black, which they have on colours that do not change.
fn dark() -> String {
    let mut style = String::new();
    for (light, dark) in DARK {
        let _ = writeln!(
            style,
            "html[data-theme=\"dark\"] {{ --dark-{light}: #{dark}; }}\n\
             html[data-theme=\"dark\"] svg :is(path, rect, circle, polygon, text:not([fill=\"#ffffff\"]))\
             [fill=\"#{light}\"] {{ fill: #{dark}; }}\n\
             html[data-theme=\"dark\"] svg [stroke=\"#{light}\"] {{ stroke: #{dark}; }}"
        );
    }
    style
}

/// What the page does: the charts of reports, then its own parts in the order in which they are read.
pub fn script() -> String {
    let own = [
        include_str!("../../assets/words.js"),
        include_str!("../../assets/levers.js"),
        include_str!("../../assets/places.js"),
        include_str!("../../assets/timeline.js"),
        include_str!("../../assets/answer.js"),
        include_str!("../../assets/pins.js"),
        include_str!("../../assets/watch.js"),
        include_str!("../../assets/explore.js"),
    ];
    figures().1 + "\n" + &own.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_of_charts_has_one_for_the_dark() {
        let script = include_str!("../../../report/assets/report/svg.js");
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
            assert!(DARK.iter().any(|(light, _)| *light == colour), "#{colour}");
        }
    }
}
