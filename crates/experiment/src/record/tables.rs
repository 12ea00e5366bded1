//! The tables of a results folder.

use std::collections::BTreeMap;

use crate::record::places::{self, Place};
use crate::record::table::{Cell, Column, Table, Take};
use crate::record::{change, distributions, projects, seats, variance};
use shequ_model::base::month::Month;
use shequ_model::base::stats::{Estimate, estimate, level};
use shequ_model::city::Cities;
use shequ_model::city::synth::Margin;
use shequ_model::metric::Metric;
use shequ_model::simulation::ReplicateOutput;

/// Everything that the tables of one scenario are made from.
#[derive(Clone, Copy)]
pub struct Results<'a> {
    /// First month.
    pub start: Month,
    /// Months simulated.
    pub months: u32,
    /// The city-level metrics, in the order of [`ReplicateOutput::monthly`].
    pub metrics: &'a [Metric],
    /// Names of the values in [`CommunityRow`](shequ_model::simulation::CommunityRow).
    pub community_columns: &'a [&'a str],
    /// The outputs, by replicate.
    pub outputs: &'a [ReplicateOutput],
    /// Which of them share a city.
    pub cities: Cities,
    /// Shares asked for and come out.
    pub margins: &'a [Margin],
    /// The communities, where a table names them.
    pub places: &'a [Place],
}

impl<'a> Results<'a> {
    /// The value of metric `k` in `month`, one for each replicate.
    pub fn values(&self, month: u32, k: usize) -> impl Iterator<Item = f64> + Clone + 'a {
        let at = month as usize * self.metrics.len() + k;
        self.outputs.iter().map(move |output| output.monthly[at])
    }

    /// Mean and interval of metric `k` in `month` over the replicates.
    pub fn estimate(&self, month: u32, k: usize) -> Estimate {
        self.level(&self.values(month, k).collect::<Vec<f64>>())
    }

    /// The estimate of the mean over replicates from one value of each: over cities where these differ, else of the
    /// one city.
    pub fn level(&self, values: &[f64]) -> Estimate {
        let over_replicates = level(values.iter().copied());
        match self.cities {
            Cities::Pairs => {
                let cities = self.by_city(values).into_iter().map(|own| estimate(own.into_iter()).mean);
                let over_cities = level(cities.collect::<Vec<f64>>().into_iter());
                Estimate { half_width: over_cities.half_width, ..over_replicates }
            }
            _ => over_replicates,
        }
    }

    /// The values of replicates, one for each, grouped by city.
    pub fn by_city(&self, values: &[f64]) -> Vec<Vec<f64>> {
        let mut cities: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for (output, &value) in self.outputs.iter().zip(values).filter(|(_, value)| !value.is_nan()) {
            cities.entry(self.cities.number(output.replicate)).or_default().push(value);
        }
        cities.into_values().collect()
    }

    /// "2017-01" for every month, in order.
    fn dates(&self) -> Vec<String> {
        (0..self.months).map(|m| self.start.plus(m).to_string()).collect()
    }
}

/// Every table, in the order in which they are written.
pub fn all<'a>(results: &'a Results) -> Vec<Table<'a>> {
    let mut all = vec![
        monthly(results),
        summary(results),
        change::table(results),
        groups(results),
        communities(results),
        margins(results.margins),
    ];
    all.extend(distributions::table(results.start, results.outputs));
    all.extend((results.cities == Cities::Pairs).then(|| variance::table(results)));
    all.extend(seats::of_run(results.outputs));
    all.extend(projects::table(results.outputs));
    all.extend(places::table(results.places));
    all
}

/// One row for each replicate and month.
pub fn monthly<'a>(results: &'a Results) -> Table<'a> {
    let mut columns = vec![Column::whole("replicate"), Column::whole("month"), Column::text("date")];
    columns.extend(results.metrics.iter().map(|m| Column::real(m.name)));
    let dates = results.dates();
    let width = results.metrics.len();
    let rows = move |take: &mut Take| {
        let mut row = Vec::with_capacity(width + 3);
        for output in results.outputs {
            for (month, date) in dates.iter().enumerate() {
                row.clear();
                row.extend([replicate(output), Cell::Whole(month as i64), Cell::Text(date)]);
                let values = &output.monthly[month * width..(month + 1) * width];
                row.extend(values.iter().map(|&v| Cell::Real(v)));
                take(&row)?;
            }
        }
        Ok(())
    };
    Table { name: "monthly", columns, rows: Box::new(rows) }
}

/// One row for each month and metric: mean, spread and interval over the replicates.
pub fn summary<'a>(results: &'a Results) -> Table<'a> {
    let mut columns = vec![Column::whole("month")];
    columns.extend(["date", "metric", "unit"].map(Column::text));
    columns.extend(Column::of_estimate());
    let dates = results.dates();
    let rows = move |take: &mut Take| {
        for (month, date) in dates.iter().enumerate() {
            for (k, metric) in results.metrics.iter().enumerate() {
                let mut cells = vec![Cell::Whole(month as i64)];
                cells.extend([date.as_str(), metric.name, metric.unit].map(Cell::Text));
                cells.extend(Cell::of_estimate(&results.estimate(month as u32, k)));
                take(&cells)?;
            }
        }
        Ok(())
    };
    Table { name: "summary", columns, rows: Box::new(rows) }
}

/// One row for each replicate, month, group, level and metric.
pub fn groups<'a>(results: &'a Results) -> Table<'a> {
    let columns = vec![
        Column::whole("replicate"),
        Column::whole("month"),
        Column::text("group"),
        Column::text("level"),
        Column::text("metric"),
        Column::real("value"),
    ];
    let rows = move |take: &mut Take| {
        for output in results.outputs {
            for row in &output.groups {
                take(&[
                    replicate(output),
                    Cell::Whole(row.month.into()),
                    Cell::Text(row.group),
                    Cell::Text(row.level),
                    Cell::Text(row.metric),
                    Cell::Real(row.value),
                ])?;
            }
        }
        Ok(())
    };
    Table { name: "groups", columns, rows: Box::new(rows) }
}

/// One row for each replicate, recorded month and community.
pub fn communities<'a>(results: &'a Results) -> Table<'a> {
    let mut columns = vec![
        Column::whole("replicate"),
        Column::whole("month"),
        Column::text("date"),
        Column::whole("community"),
    ];
    columns.extend(results.community_columns.iter().map(|name| Column::real(name)));
    if !results.places.is_empty() {
        columns.extend(["name", "street", "district"].map(Column::text));
    }
    let dates = results.dates();
    let rows = move |take: &mut Take| {
        let mut cells = Vec::new();
        for output in results.outputs {
            for row in &output.communities {
                cells.clear();
                cells.extend([replicate(output), Cell::Whole(row.month.into())]);
                cells.extend([Cell::Text(&dates[row.month as usize]), Cell::Whole(row.community.into())]);
                cells.extend(row.values.iter().map(|&v| Cell::Real(v)));
                let place = results.places.get(row.community as usize);
                let named =
                    place.map(|Place { words: [name, _, street, district], .. }| [name, street, district]);
                cells.extend(named.into_iter().flatten().map(|word| Cell::Text(word)));
                take(&cells)?;
            }
        }
        Ok(())
    };
    Table { name: "communities", columns, rows: Box::new(rows) }
}

/// One row for each level of each group: its target share and its realised share.
pub fn margins(margins: &[Margin]) -> Table<'_> {
    let columns =
        vec![Column::text("group"), Column::text("level"), Column::real("target"), Column::real("realised")];
    let rows = move |take: &mut Take| {
        margins.iter().try_for_each(|m| {
            take(&[Cell::Text(m.group), Cell::Text(m.level), Cell::Real(m.target), Cell::Real(m.realised)])
        })
    };
    Table { name: "margins", columns, rows: Box::new(rows) }
}

fn replicate(output: &ReplicateOutput) -> Cell<'static> {
    Cell::Whole(output.replicate.into())
}
