//! The tables of a contest: `range.csv` and `variance.csv`.

use super::Split;
use super::range::Range;
use crate::compare::effects::Side;
use crate::record::table::{Cell, Column, Table, Take};

/// `range.csv`: one row for each policy, window and outcome. `arms` are those that the effects were
/// computed with.
pub fn range<'a>(ranges: Vec<(usize, Range<'a>)>, arms: &[(&'a Side, &'a Side)]) -> Table<'a> {
    let arms = arms.to_vec();
    let mut columns = ["arm", "base", "metric", "unit", "window"].map(Column::text).to_vec();
    columns.push(Column::whole("combinations"));
    for end in ["lowest", "highest"] {
        columns.push(Column::real(end));
        columns.extend(["theory", "trust"].map(|what| Column::text(&format!("{end}_{what}"))));
    }
    columns.extend(["above", "below", "up_significant", "down_significant"].map(Column::whole));
    columns.extend(["up_uncorrected", "down_uncorrected"].map(Column::whole));
    for p in ["p", "p_holm"] {
        columns.extend(["theory", "trust", "theory_trust"].map(|on| Column::real(&format!("{p}_{on}"))));
    }
    columns.push(Column::text("verdict"));
    let rows = move |take: &mut Take| {
        ranges.iter().try_for_each(|(_, range)| {
            let (base, arm) = arms[range.lowest.arm];
            let highest = arms[range.highest.arm].1;
            let window = range.lowest.window.to_string();
            let mut cells = vec![
                Cell::Text(&arm.name),
                Cell::Text(&base.name),
                Cell::Text(range.lowest.outcome.name()),
                Cell::Text(range.lowest.outcome.metric.unit),
                Cell::Text(&window),
                Cell::Whole(range.combinations as i64),
                Cell::Real(range.lowest.difference.effect.mean),
                Cell::Text(&arm.theory),
                Cell::Text(&arm.trust),
                Cell::Real(range.highest.difference.effect.mean),
                Cell::Text(&highest.theory),
                Cell::Text(&highest.trust),
                Cell::Whole(range.above as i64),
                Cell::Whole(range.below as i64),
                Cell::Whole(range.up as i64),
                Cell::Whole(range.down as i64),
                Cell::Whole(range.up_uncorrected as i64),
                Cell::Whole(range.down_uncorrected as i64),
            ];
            cells.extend(range.depends.map(|test| Cell::Real(test.p)));
            cells.extend(range.depends.map(|test| Cell::Real(test.adjusted)));
            cells.push(Cell::Text(range.verdict().text().en));
            take(&cells)
        })
    };
    Table { name: "range", columns, rows: Box::new(rows) }
}

/// `variance.csv`: one row for each outcome, window and source: its part, the interval of its share, and the
/// test that it accounts for nothing.
pub fn variance(splits: Vec<Split>) -> Table<'static> {
    let mut columns = ["metric", "unit", "window", "of", "source"].map(Column::text).to_vec();
    columns.push(Column::whole("df"));
    columns.extend(["sum_of_squares", "variance", "share"].map(Column::real));
    columns.push(Column::whole("n"));
    columns.extend(["ci95_low", "ci95_high", "epsilon", "p"].map(Column::real));
    let rows = move |take: &mut Take| {
        splits.iter().try_for_each(|split| {
            let window = split.window.to_string();
            split.parts.iter().try_for_each(|part| {
                take(&[
                    Cell::Text(split.outcome.name()),
                    Cell::Text(split.outcome.metric.unit),
                    Cell::Text(&window),
                    Cell::Text(split.of.word()),
                    Cell::Text(&part.source),
                    Cell::Whole(part.df as i64),
                    Cell::Real(part.squares),
                    Cell::Real(part.variance),
                    Cell::Real(part.share),
                    Cell::Whole(split.n as i64),
                    Cell::Real(part.share - part.half_width),
                    Cell::Real(part.share + part.half_width),
                    Cell::Real(part.epsilon),
                    Cell::Real(part.p),
                ])
            })
        })
    };
    Table { name: "variance", columns, rows: Box::new(rows) }
}
