//! The tables of a search.

use super::found::{Found, Mix};
use super::{Measure, Search};
use crate::record::table::{Cell, Column, Table, Take};
use crate::study::RunResults;
use crate::sweep;

/// All tables, in the order in which they are written.
pub fn all<'a>(search: &'a Search, result: &'a RunResults, found: &'a Found) -> Vec<Table<'a>> {
    vec![front(search, found), mixes(search, found), candidates(search, result, found), runs(search, result)]
}

fn levers(search: &Search) -> impl Iterator<Item = Column> + '_ {
    search.levers.iter().map(|lever| sweep::parameter(&lever.key))
}

fn status(mix: &Mix) -> &'static str {
    if mix.row == 0 { "base" } else { "mix" }
}

/// `mixes.csv`: one row for the base and each mix that fresh replicates were spent on, with its levers.
fn mixes<'a>(search: &'a Search, found: &'a Found) -> Table<'a> {
    let columns = [Column::whole("design_row"), Column::text("status"), Column::whole("generation")];
    let last = [Column::text("constraints"), Column::flag("front"), Column::whole("n")];
    let rows = move |take: &mut Take| {
        for mix in &found.mixes {
            let mut texts = Vec::new();
            let mut cells = vec![
                Cell::Whole(mix.row as i64),
                Cell::Text(status(mix)),
                Cell::Whole(mix.generation.into()),
            ];
            cells.extend(sweep::cells(&mix.values, &mut texts));
            let n = mix.figures.iter().map(|figure| figure.level.n).min().unwrap_or(0);
            cells.extend([
                Cell::Text(mix.kept.name()),
                Cell::Flag(Some(mix.is_front)),
                Cell::Whole(n as i64),
            ]);
            take(&cells)?;
        }
        Ok(())
    };
    let columns = columns.into_iter().chain(levers(search)).chain(last).collect();
    Table { name: "mixes", columns, rows: Box::new(rows) }
}

/// `front.csv`: every measure of the base and of each such mix, by fresh replicates.
fn front<'a>(search: &'a Search, found: &'a Found) -> Table<'a> {
    let columns = [Column::whole("design_row")].into_iter();
    let columns =
        columns.chain(["status", "role", "better", "outcome", "group", "level", "unit"].map(Column::text));
    let numbers =
        ["mean", "ci95_low", "ci95_high", "change", "change_ci95_low", "change_ci95_high", "searched_mean"];
    let columns = columns.chain(numbers.map(Column::real)).chain([Column::whole("n")]).collect();
    let measures = search.measures();
    let rows = move |take: &mut Take| {
        for mix in &found.mixes {
            for (&measure, figure) in measures.iter().zip(&mix.figures) {
                let (group, level) = measure.group.as_ref().map_or(("", ""), |(group, level)| (group, level));
                let texts = [
                    status(mix),
                    role(search, measure),
                    better(search, measure),
                    measure.outcome.name(),
                    group,
                    level,
                    measure.outcome.metric.unit,
                ];
                let mut cells = vec![Cell::Whole(mix.row as i64)];
                cells.extend(texts.map(Cell::Text));
                cells.extend(Cell::with_ends(&figure.level));
                cells.extend(Cell::with_ends(&figure.change));
                cells.extend([Cell::Real(figure.searched), Cell::Whole(figure.level.n as i64)]);
                take(&cells)?;
            }
        }
        Ok(())
    };
    Table { name: "front", columns, rows: Box::new(rows) }
}

fn role(search: &Search, measure: &Measure) -> &'static str {
    let is_objective = search.objectives.iter().any(|objective| objective.measure == *measure);
    let is_bounded = search.constraints.iter().any(|constraint| constraint.measure == *measure);
    match (is_objective, is_bounded) {
        (true, true) => "objective and constraint",
        (true, false) => "objective",
        _ => "constraint",
    }
}

fn better(search: &Search, measure: &Measure) -> &'static str {
    let own = search.objectives.iter().find(|objective| objective.measure == *measure);
    own.map_or("", |objective| if objective.higher { "higher" } else { "lower" })
}

/// `candidates.csv`: everything that was tried, by the means that it was chosen or left out by.
fn candidates<'a>(search: &'a Search, result: &'a RunResults, found: &'a Found) -> Table<'a> {
    let columns = ["design_row", "generation"].map(Column::whole).into_iter().chain(levers(search));
    let columns = columns.chain(search.measures().into_iter().map(|measure| Column::real(&measure.name())));
    let columns = columns.chain(["feasible", "front", "confirmed"].map(Column::flag)).collect();
    let base = found.mixes.first();
    let rows = move |take: &mut Take| {
        for tried in &found.tried {
            let mut texts = Vec::new();
            let own = &result.rows[tried.row].values;
            let values = if tried.row == 0 { base.map_or(&own[..], |base| &base.values) } else { own };
            let mut cells = vec![Cell::Whole(tried.row as i64), Cell::Whole(tried.generation.into())];
            cells.extend(sweep::cells(values, &mut texts));
            cells.extend(tried.means.iter().map(|mean| Cell::Real(*mean)));
            let flags = [tried.is_feasible, tried.is_front, tried.is_confirmed];
            cells.extend(flags.map(|flag| Cell::Flag(Some(flag))));
            take(&cells)?;
        }
        Ok(())
    };
    Table { name: "candidates", columns, rows: Box::new(rows) }
}

/// `runs.csv`: one row for each run; levers stand in `candidates.csv`.
fn runs<'a>(search: &'a Search, result: &'a RunResults) -> Table<'a> {
    let has_draws = result.rows.first().is_some_and(|row| row.draws.is_some());
    let columns = ["design_row", "replicate"].map(Column::whole).into_iter();
    let columns = columns.chain(has_draws.then(|| Column::whole("draw")));
    let columns = columns.chain(["status", "message"].map(Column::text));
    let measures = search.measures();
    let width = measures.len();
    let columns = columns.chain(measures.into_iter().map(|measure| Column::real(&measure.name()))).collect();
    let rows = move |take: &mut Take| {
        let mut records = result.index.records()?;
        for row in 0..result.rows.len() {
            for replicate in result.plan.of_row(row as u32) {
                let record = result.record(&mut records, row as u32, replicate)?;
                let message = record.failure.as_deref().unwrap_or("");
                let status = if record.failure.is_some() { "failed" } else { "done" };
                let mut cells = vec![Cell::Whole(row as i64), Cell::Whole(replicate.into())];
                let draw = result.rows[row].draws.as_ref().map(|draws| draws.number(replicate));
                cells.extend(draw.map(|draw| Cell::Whole(draw.into())));
                cells.extend([status, message].map(Cell::Text));
                let value = |k: usize| Cell::Real(record.values.get(k).copied().unwrap_or(f64::NAN));
                cells.extend((0..width).map(value));
                take(&cells)?;
            }
        }
        Ok(())
    };
    Table { name: "runs", columns, rows: Box::new(rows) }
}
