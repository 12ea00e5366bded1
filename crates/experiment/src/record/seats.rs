//! Council seats against residents: who sits on the councils at the end of a run, beside who lives there.

use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::stats::{Estimate, estimate};
use shequ_model::city::ATTRIBUTES;

use shequ_model::simulation::{ReplicateOutput, SeatRow};

/// The attribute and the level of every row, in the order of [`ReplicateOutput::seats`].
pub fn levels() -> impl Iterator<Item = (&'static str, &'static str)> {
    ATTRIBUTES.iter().flat_map(|attribute| attribute.levels.iter().map(|&level| (attribute.name, level)))
}

/// One level over the replicates that ended with a council.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seated {
    /// Share of seats.
    pub seats: Estimate,
    /// Share of adults.
    pub adults: Estimate,
    /// The first less the second, replicate by replicate.
    pub gap: Estimate,
}

/// Every level over `outputs`, each in the order of [`levels`]; none if no replicate ended with a council.
pub fn seated<'a>(outputs: impl Iterator<Item = &'a [SeatRow]>) -> Vec<Seated> {
    let outputs: Vec<&[SeatRow]> = outputs.filter(|output| !output.is_empty()).collect();
    let of = |level: usize, value: fn(&SeatRow) -> f64| {
        estimate(outputs.iter().map(|output| value(&output[level])))
    };
    let level = |level: usize| Seated {
        seats: of(level, |row| row.seats),
        adults: of(level, |row| row.adults),
        gap: of(level, |row| row.seats - row.adults),
    };
    if outputs.is_empty() { Vec::new() } else { (0..levels().count()).map(level).collect() }
}

/// `seats.csv` of a run; none without a council.
pub fn of_run(outputs: &[ReplicateOutput]) -> Option<Table<'static>> {
    let rows = seated(outputs.iter().map(|output| &output.seats[..]));
    (!rows.is_empty()).then(|| table(vec![("", rows)], false))
}

/// `seats.csv` of a comparison: the base and the arms, each by its name; none where nobody has a council.
pub fn of_sides(sides: Vec<(&str, Vec<Seated>)>) -> Option<Table<'_>> {
    let some = sides.iter().any(|(_, rows)| !rows.is_empty());
    some.then(|| table(sides, true))
}

fn table(sides: Vec<(&str, Vec<Seated>)>, named: bool) -> Table<'_> {
    let mut columns = Vec::new();
    columns.extend(named.then(|| Column::text("arm")));
    columns.extend(["group", "level"].map(Column::text));
    for of in ["seats", "adults", "gap"] {
        columns.extend(["", "_low", "_high"].map(|end| Column::real(&format!("{of}{end}"))));
    }
    columns.push(Column::whole("n"));
    let rows = move |take: &mut Take| {
        for (name, rows) in &sides {
            for ((group, level), row) in levels().zip(rows) {
                let mut cells = Vec::new();
                cells.extend(named.then_some(Cell::Text(name)));
                cells.extend([Cell::Text(group), Cell::Text(level)]);
                for e in [row.seats, row.adults, row.gap] {
                    let ends = [e.mean, e.mean - e.half_width, e.mean + e.half_width];
                    cells.extend(ends.map(Cell::Real));
                }
                cells.push(Cell::Whole(row.gap.n as i64));
                take(&cells)?;
            }
        }
        Ok(())
    };
    Table { name: "seats", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::table::Form;

    #[test]
    fn seats_by_hand() {
        // One replicate in which the first level has half of the seats and a quarter of the adults, one in which
        // both are a quarter, one without a council.
        let output = |seats| vec![SeatRow { seats, adults: 0.25 }; levels().count()];
        let outputs = [output(0.5), output(0.25), Vec::new()]
            .map(|seats| ReplicateOutput { seats, ..ReplicateOutput::default() });
        let mut csv = Vec::new();
        of_run(&outputs).unwrap().write(Form::Csv, &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        let head =
            "group,level,seats,seats_low,seats_high,adults,adults_low,adults_high,gap,gap_low,gap_high,n";
        let row: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
        assert_eq!((csv.lines().next(), csv.lines().count()), (Some(head), 1 + levels().count()));
        assert_eq!((row[2], row[5], row[8], row[11]), ("0.375", "0.25", "0.125", "2"));
        assert!(of_run(&outputs[2..]).is_none());
        assert!(of_sides(vec![("base", Vec::new())]).is_none());
    }
}
