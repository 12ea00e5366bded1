//! `docs/metrics.md`, and the columns of `docs/residents.md`.

use super::{NOTE, code, table};
use shequ_model::metric::{self, Detail, From, Holds, Metric};

/// The whole page.
pub fn page() -> String {
    format!(
        "{NOTE}\n# Metrics\n\n\
         Every number that a run reports, in the order of the columns of `monthly.csv`. A metric that \
         has no value in a month is an empty cell, never zero. Shares are fractions, not per cent. \
         `shequ explain METRIC` prints the same for one metric.\n\n\
         How a metric is computed:\n\n\
         - *mean over residents*: of all adults; these are also given by group in `groups.csv`;\n\
         - *ratio*: a sum over communities divided by another, where the second is above zero;\n\
         - *sum*: over communities;\n\
         - *city*: of the city as a whole; such a metric has no value for one community, and no column \
         in `communities.csv`.\n\n\
         {}\n\
         ## Groups\n\n\
         `groups.csv` gives these means for each level of each grouping: {}. There `participation` is \
         the share of the group that took part this month in a civic mode, and `hours` the hours of civic participation of the last \
         twelve months.\n\n{}",
        table(
            ["metric", "unit", "label", "名称", "definition", "定义", "how"],
            metric::all().iter().map(row)
        ),
        names(),
        table(
            ["grouping", "levels"],
            metric::groupings().into_iter().map(|g| [g.name.into(), g.levels.join(", ")])
        )
    )
}

fn row(metric: &Metric) -> [String; 7] {
    [
        code(metric.name),
        metric.unit.into(),
        metric.label.en.into(),
        metric.label.zh.into(),
        metric.meaning.en.into(),
        metric.meaning.zh.into(),
        how(metric).into(),
    ]
}

/// What is told of single residents, for `docs/residents.md`.
pub fn details() -> String {
    let row = |detail: &Detail| {
        let holds = match detail.holds {
            Holds::Whole => "whole number".into(),
            Holds::Real => "number".into(),
            Holds::Flag => "true or false".into(),
            Holds::Words(words) => words.join(", "),
        };
        let (en, zh) = detail.meaning.clone().into();
        [code(&detail.name), holds, detail.unit.into(), en, zh]
    };
    table(["column", "holds", "unit", "meaning", "含义"], metric::details().iter().map(row))
}

/// How a metric is got, in a word.
pub fn how(metric: &Metric) -> &'static str {
    match metric.from {
        From::Residents(_) => "mean over residents",
        From::Ratio(_) => "ratio",
        From::Sum(_) | From::For(_) => "sum",
        From::City(_) => "city",
    }
}

fn names() -> String {
    let names: Vec<String> = metric::of_groups().into_iter().map(|(name, _)| code(name)).collect();
    names.join(", ")
}
