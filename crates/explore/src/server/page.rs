//! The page itself: its frame, style and script, with the charts of reports.

use shequ_report::page::html::{figures, font};

/// The frame of the page.
pub fn html() -> &'static str {
    include_str!("../../assets/explore.html")
}

/// The style: that of reports, then the page's own.
pub fn style() -> String {
    format!("{}\n{}\n{}", font(), figures().0, include_str!("../../assets/explore.css"))
}

/// What the page does: the charts of reports, then its own parts in the order in which they are read.
pub fn script() -> String {
    let own = [
        include_str!("../../assets/words.js"),
        include_str!("../../assets/levers.js"),
        include_str!("../../assets/answer.js"),
        include_str!("../../assets/watch.js"),
        include_str!("../../assets/explore.js"),
    ];
    figures().1 + "\n" + &own.join("\n")
}
