//! The page itself: its frame, style and script, with the charts of reports.

use shequ_report::dark;
use shequ_report::page::html::{figures, font};

/// Where the page is dark.
const DARK: &str = "html[data-theme=\"dark\"]";

/// The frame of the page.
pub fn html() -> &'static str {
    include_str!("../../assets/explore.html")
}

/// The style: that of reports, then the page's own, then that of charts in the dark.
pub fn style() -> String {
    let own = include_str!("../../assets/explore.css");
    [font(), figures().0, own.into(), dark::properties(DARK), dark::rules(DARK)].join("\n")
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
    fn the_font_can_write_every_chinese_word_of_the_page() {
        let font = include_str!("../../../report/assets/shequ-sans-page.txt");
        let is_chinese = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
        let page = html().to_string() + &script();
        let missing: String = page.chars().filter(is_chinese).filter(|c| !font.contains(*c)).collect();
        // tools/subset-font.sh gives the font what it lacks.
        assert!(missing.is_empty(), "{missing}");
    }
}
