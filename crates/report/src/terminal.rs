//! The summary of a run, for a terminal of 80 columns.

use std::ops::Range;

use crate::chart::Series;
use crate::draw::sparkline::sparkline;
use crate::draw::spelling::in_lines;
use crate::shown::{POINTS_NOTE, Shown};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use shequ_experiment::record::change::{self, Change};
use shequ_experiment::record::tables::Results;
use shequ_model::base::i18n::Language;
use shequ_model::base::params::text;
use shequ_model::city::Cities;
use unicode_width::UnicodeWidthStr;

/// The metrics that the summary shows, in this order.
pub const HEADLINES: [&str; 16] = [
    "participation",
    "participation.gini",
    "turnout.cast",
    "trust.neighbours",
    "trust.committee",
    "trust.organisations",
    "trust.property",
    "trust.local_government",
    "trust.central_government",
    "satisfaction",
    "satisfaction.gap",
    "efficacy",
    "awareness",
    "fund.balance",
    "response.days",
    "organisations.count",
];

/// Columns of the table.
pub const WIDTH: u16 = 80;

/// The table, without colours: each headline metric in the first and the last year, the change with its
/// 95 % interval over the replicates, and the course of the monthly mean.
pub fn summary(results: &Results, language: Language) -> String {
    let mut table = table(header(change::window(results.months), language).to_vec());
    let changes = change::changes(results);
    for name in HEADLINES {
        if let Some(k) = results.metrics.iter().position(|m| m.name == name) {
            table.add_row(row(results, &changes[k], language));
        }
    }
    align_right(&mut table, 1..4);
    let parts = (results.cities == Cities::Pairs).then(|| parts(results, &changes, language));
    format!("{table}\n{}{}", note(results, language), parts.unwrap_or_default())
}

/// A table without colours, as wide as what it holds.
pub fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table
}

/// A table without colours, as wide as a terminal.
pub fn table(header: Vec<String>) -> Table {
    let mut table = plain_table();
    table.set_width(WIDTH).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

/// Words in lines no wider than a terminal of 80 columns.
pub fn wrapped(words: &str) -> String {
    wrapped_to(words, WIDTH)
}

/// Words in lines no wider than so many columns.
pub fn wrapped_to(words: &str, columns: u16) -> String {
    in_lines(words, f64::from(columns), |text| text.width() as f64).join("\n")
}

/// Aligns columns of numbers.
pub fn align_right(table: &mut Table, columns: Range<usize>) {
    for k in columns {
        if let Some(column) = table.column_mut(k) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Keeps each cell of these columns in one line; the others have what is left of the width.
pub fn keep_whole(table: &mut Table, columns: Range<usize>) {
    for k in columns {
        if let Some(column) = table.column_mut(k) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

fn header(window: usize, language: Language) -> [String; 5] {
    let say = |en, zh| language.of(text(en, zh)).to_string();
    let over = match (language, window) {
        (_, 12) => say("mean over a year", "全年均值"),
        (Language::En, n) => format!("mean over {n} months"),
        (Language::Zh, n) => format!("{n} 个月均值"),
    };
    [
        over,
        say("first", "最初"),
        say("last", "最后"),
        say("change ± 95 %", "变化 ± 95% 区间"),
        say("course", "走势"),
    ]
}

/// Which share of the variance of each headline metric lies between cities.
fn parts(results: &Results, changes: &[Change], language: Language) -> String {
    let share = |name: &&str| {
        let k = results.metrics.iter().position(|metric| metric.name == *name)?;
        let share = 100.0 * changes[k].parts.share();
        let label = language.of(results.metrics[k].label);
        (!share.is_nan()).then(|| format!("{label} {share:.0} %"))
    };
    let shares = HEADLINES.iter().filter_map(share).collect::<Vec<_>>();
    let (heading, between) = match language {
        Language::En => ("Variance between cities, last months, of all of a replicate", ", "),
        Language::Zh => ("城市之间的方差占单次重复方差的比例（末期）", "，"),
    };
    let rest = language.of(text("variance.csv has both parts.", "两部分方差见 variance.csv。"));
    format!("\n{}", wrapped(&format!("{heading}: {}. {rest}", shares.join(between))))
}

fn note(results: &Results, language: Language) -> String {
    let outputs = results.outputs.len();
    let nearest = language.of(text(
        "Where a year has no value, such as one without elections, the nearest value is used;\n\
         where both ends then use the same month, the change is unknown.",
        "当年无数值（如无选举）时取最近一次；若首尾因此取自同一个月，则变化未知。",
    ));
    let cities = language.of(match results.cities {
        Cities::One => text("all in one synthetic city", "同一座合成城市"),
        Cities::Auto | Cities::Each => text("each in a synthetic city of its own", "各在一座合成城市"),
        Cities::Pairs => text("two in each synthetic city", "每座合成城市两次"),
    });
    let means = match (language, outputs) {
        (Language::En, 1) => "One replicate: no intervals.".into(),
        (Language::Zh, 1) => "一次重复，无区间。".into(),
        (Language::En, n) => {
            format!("Means of {n} replicates, {cities};\n±: half the 95 % interval of the mean.")
        }
        (Language::Zh, n) => format!("{n} 次重复（{cities}）的均值；± 为均值 95% 置信区间的半宽。"),
    };
    format!("{means}\n{}\n{nearest}", language.of(POINTS_NOTE))
}

fn row(results: &Results, change: &Change, language: Language) -> [String; 5] {
    let shown = Shown::of(&results.metrics[change.metric], language);
    let months = (0..results.months).map(|month| results.estimate(month, change.metric));
    let course = Series::of(results.metrics[change.metric].label, months);
    [
        shown.short_label(language),
        shown.number(change.first.mean),
        shown.number(change.last.mean),
        shown.change(change.change),
        sparkline(&course),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_at_eighty_columns() {
        let text = wrapped(&"four ".repeat(40));
        assert!(text.lines().all(|line| line.chars().count() <= 80));
        assert_eq!(text.split_whitespace().count(), 40);
        assert_eq!(wrapped("one line."), "one line.");
        // A Chinese character is two columns wide, and a line may end before each.
        assert_eq!(wrapped_to("参与率上升", 6), "参与率\n上升");
    }
}
