//! `distributions.csv`: how metrics are distributed over the residents of the city.

use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::month::Month;
use shequ_model::simulation::{QUANTILES, ReplicateOutput};

/// One row for each replicate, recorded month and metric; none where none were recorded.
pub fn table(start: Month, outputs: &[ReplicateOutput]) -> Option<Table<'_>> {
    let mut columns = ["replicate", "month"].map(Column::whole).to_vec();
    columns.extend(["date", "metric"].map(Column::text));
    columns.extend(["mean", "sd"].map(Column::real));
    columns.extend(QUANTILES.map(|p| Column::real(&format!("p{:02}", (100.0 * p) as u32))));
    let rows = move |take: &mut Take| {
        for output in outputs {
            for row in &output.distributions {
                let date = start.plus(row.month).to_string();
                let mut cells = vec![Cell::Whole(output.replicate.into()), Cell::Whole(row.month.into())];
                cells.extend([Cell::Text(&date), Cell::Text(row.metric)]);
                cells.extend(
                    [row.mean, row.sd].into_iter().chain(row.quantiles.iter().copied()).map(Cell::Real),
                );
                take(&cells)?;
            }
        }
        Ok(())
    };
    let some = outputs.iter().any(|output| !output.distributions.is_empty());
    some.then(|| Table { name: "distributions", columns, rows: Box::new(rows) })
}
