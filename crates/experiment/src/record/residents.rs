//! `residents.parquet`: the residents who are followed, one row for each of them and each month that is looked at.

use std::io;

use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::month::Month;
use shequ_model::metric::{Detail, Holds, details};
use shequ_model::simulation::ResidentRows;

/// The residents of one replicate.
pub struct OfReplicate<'a> {
    /// The arm; "" where there are none.
    pub arm: &'a str,
    /// Which replicate.
    pub replicate: u32,
    /// Those who are followed.
    pub residents: &'a ResidentRows,
}

/// Takes residents, replicate by replicate.
pub type TakeReplicate<'t> = dyn FnMut(OfReplicate) -> io::Result<()> + 't;

/// Hands over the residents of every replicate in order, and stops at the first error.
pub type EachReplicate<'a> = dyn Fn(&mut TakeReplicate) -> io::Result<()> + Sync + 'a;

/// The table of what `each` hands over, of runs that begin in the month `start`.
pub fn table<'a>(start: Month, has_arms: bool, each: Box<EachReplicate<'a>>) -> Table<'a> {
    let mut columns = Vec::new();
    columns.extend(has_arms.then(|| Column::text("arm")));
    columns.extend(["replicate", "month"].map(Column::whole));
    columns.push(Column::text("date"));
    columns.extend(["community", "resident"].map(Column::whole));
    columns.extend(details().iter().map(column));
    let rows = move |take: &mut Take| {
        each(&mut |OfReplicate { arm, replicate, residents }| {
            let mut date = (u32::MAX, String::new());
            for ([month, community, resident], values) in residents.rows() {
                if date.0 != month {
                    date = (month, start.plus(month).to_string());
                }
                let mut cells = Vec::with_capacity(6 + values.len());
                cells.extend(has_arms.then_some(Cell::Text(arm)));
                cells.extend([Cell::Whole(replicate.into()), Cell::Whole(month.into())]);
                cells.push(Cell::Text(&date.1));
                cells.extend([Cell::Whole(community.into()), Cell::Whole(resident.into())]);
                cells.extend(details().iter().zip(values).map(|(detail, &value)| cell(detail, value)));
                take(&cells)?;
            }
            Ok(())
        })
    };
    Table { name: "residents", columns, rows: Box::new(rows) }
}

fn column(detail: &Detail) -> Column {
    match detail.holds {
        Holds::Whole => Column::whole(&detail.name),
        Holds::Real => Column::real(&detail.name),
        Holds::Flag => Column::flag(&detail.name),
        Holds::Words(_) => Column::text(&detail.name),
    }
}

fn cell(detail: &Detail, value: f32) -> Cell<'static> {
    match detail.holds {
        Holds::Whole => Cell::Whole(value as i64),
        Holds::Real => Cell::Real(value.into()),
        Holds::Flag => Cell::Flag(Some(value != 0.0)),
        Holds::Words(words) => Cell::Text(words.get(value as usize).copied().unwrap_or_default()),
    }
}
