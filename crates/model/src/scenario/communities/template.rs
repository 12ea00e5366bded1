//! A table of communities to fill in: every column that people write, and an example of each kind.

use super::columns::COLUMNS;
use crate::base::i18n::Language;
use crate::base::params::{Text, text};
use crate::city::Kind;

/// What stands above the headings. Lines that begin with # are not read.
const ABOVE: [Text; 3] = [
    text(
        "# These communities are made up. One row for each of yours.",
        "# 以下社区均为虚构。请每个社区写一行。",
    ),
    text(
        "# What you leave empty is drawn or follows from the scenario; columns may be left out.",
        "# 留空的内容随机抽取或按情景设置；不需要的列可以删去。",
    ),
    text(
        "# What each column means: shequ explain population.table",
        "# 各列的含义：shequ explain population.table",
    ),
];

/// Names of the examples, by kind.
const NAMES: [Text; 5] = [
    text("Example Gardens", "示例花园"),
    text("Example Lane", "示例巷"),
    text("Example Works", "示例厂"),
    text("Example New Homes", "示例新居"),
    text("Example Village", "示例村"),
];

/// What the examples say from `street` on, in the order of the columns.
const EXAMPLES: [&str; 5] = [
    "3200,29%,36%,24%,6%,5%,10%,22%,18%,50%,62%,,45%,,8%,,2.4,8,420000,yes,160,1,75%,104.06,30.66",
    "2100,17%,22%,28%,15%,18%,30%,36%,18%,16%,38%,,35%,,8%,,2.2,6,360000,no,30,1,65%,104.07,30.67",
    "1800,15%,21%,28%,17%,19%,20%,33%,22%,25%,72%,,20%,,14%,60%,2.5,6,360000,60%,60,1,70%,104.08,30.65",
    "2600,22%,28%,28%,11%,11%,26%,40%,16%,18%,85%,,25%,,6%,,2.9,6,380000,yes,50,1,65%,104.10,30.64",
    "1500,12%,17%,30%,19%,22%,48%,36%,10%,6%,95%,,8%,,6%,,2.7,5,400000,no,,0,60%,104.15,30.60",
];

/// The table, in UTF-8 with the mark by which spreadsheets know it.
pub fn table(language: Language) -> String {
    let mut lines: Vec<String> = ABOVE.iter().map(|line| language.of(*line).to_string()).collect();
    let heading = |zh: bool| {
        // Nobody writes outlines by hand.
        let by_hand = COLUMNS.iter().filter(|column| column.key != "outline");
        let of = by_hand.map(|column| if zh { column.zh } else { column.heading });
        of.collect::<Vec<_>>().join(",")
    };
    lines.push(heading(language == Language::Zh));
    let place = |street: usize| match language {
        Language::En => format!("Street {street},District 1"),
        Language::Zh => format!("示例{street}街道,示例区"),
    };
    for ((kind, name), rest) in Kind::ALL.into_iter().zip(NAMES).zip(EXAMPLES) {
        let street = 1 + usize::from(matches!(kind, Kind::Resettlement | Kind::Village));
        let words = [language.of(name), language.of(kind.name())].join(",");
        lines.push(format!("{words},{},{rest}", place(street)));
    }
    format!("\u{FEFF}{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn the_template_is_a_table_in_both_languages_and_says_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let read = |language| {
            let path = folder.path().join("a.csv");
            std::fs::write(&path, table(language)).unwrap();
            let option = format!("population.table={}", path.display());
            let loaded = Scenario::from_text("a.toml", "name = \"A\"", &[option]);
            loaded.unwrap_or_else(|problems| panic!("{problems}")).scenario.population
        };
        let [en, zh] = [Language::En, Language::Zh].map(read);
        assert_eq!((en.communities, en.streets, en.districts), (5, 2, 1));
        for ((a, b), kind) in en.table.iter().zip(&zh.table).zip(Kind::ALL) {
            assert_eq!((a.kind, a.age, a.fund, a.managed), (Some(kind), b.age, b.fund, b.managed));
        }
    }
}
