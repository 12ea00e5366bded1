//! `parts.csv`.

use super::shares::Apart;
use crate::file::Experiment;
use crate::record::table::{Cell, Column, Table, Take};

/// The columns of an estimate, the first called `name`.
fn columns_of(name: &str, prefix: &str) -> [Column; 3] {
    [name.into(), format!("{prefix}ci95_low"), format!("{prefix}ci95_high")].map(|name| Column::real(&name))
}

/// One row for each arm that is taken apart, outcome, window and part. What is not known by part, `whole` and
/// `interaction`, stands in every row of its parts.
pub fn table<'a>(experiment: &'a Experiment, found: &'a [Apart]) -> Table<'a> {
    let mut columns = ["arm", "base", "part", "keys", "metric", "unit", "window"].map(Column::text).to_vec();
    columns.extend(columns_of("alone", "alone_"));
    columns.extend(columns_of("lost_without", "lost_without_"));
    columns.extend(columns_of("share", ""));
    columns.push(Column::whole("n"));
    columns.push(Column::real("order_half_width"));
    columns.extend(columns_of("whole", "whole_"));
    columns.extend(columns_of("interaction", "interaction_"));
    columns.extend([Column::whole("orders"), Column::text("method")]);
    let rows = move |take: &mut Take| {
        for Apart { bundle, outcome, window, parts, whole, interaction } in found {
            let bundle = &experiment.bundles[*bundle];
            let (arm, window) = (&experiment.arms[bundle.arm].name, window.to_string());
            let method = match bundle.orders.drawn.is_empty() {
                true => "all orders, paired",
                false => "orders drawn at random, paired",
            };
            for (part, of) in bundle.parts.iter().zip(parts) {
                let keys = part.keys.join("; ");
                let texts = [arm.as_str(), &experiment.base.scenario.name, &part.name, &keys];
                let mut cells = texts.map(Cell::Text).to_vec();
                cells.extend([outcome.name(), outcome.metric.unit, &window].map(Cell::Text));
                cells.extend([&of.alone, &of.lost, &of.share].into_iter().flat_map(Cell::with_ends));
                cells.extend([Cell::Whole(of.share.n as i64), Cell::Real(of.of_orders)]);
                cells.extend([whole, interaction].into_iter().flat_map(Cell::with_ends));
                cells.extend([Cell::Whole(bundle.orders.count as i64), Cell::Text(method)]);
                take(&cells)?;
            }
        }
        Ok(())
    };
    Table { name: "parts", columns, rows: Box::new(rows) }
}
