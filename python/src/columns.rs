//! Tables as columns of NumPy.

use std::collections::BTreeMap;
use std::io;

use numpy::IntoPyArray;
use pyo3::prelude::*;
use pyo3::types::PyList;
use shequ::experiment::record::table::{Cell, Kind, Table};

/// The values of one column.
pub enum Values {
    /// Whole numbers, never missing.
    Whole(Vec<i64>),
    /// Numbers; NaN stands for a missing value.
    Real(Vec<f64>),
    /// 1 and 0, or -1 for a missing value.
    Flag(Vec<i8>),
    /// Text: the different words in the order in which they first come, and of each row which; an empty one stands
    /// for a missing value.
    Text(Words),
}

/// Words that are kept once.
#[derive(Default)]
pub struct Words {
    all: Vec<String>,
    places: BTreeMap<String, i32>,
    of_row: Vec<i32>,
}

impl Words {
    fn push(&mut self, word: &str) {
        let place = self.places.get(word).copied().unwrap_or_else(|| {
            let place = self.all.len() as i32;
            self.all.push(word.into());
            self.places.insert(word.into(), place);
            place
        });
        self.of_row.push(place);
    }
}

/// A table whose columns were gone through: their names and values.
pub struct Columns(Vec<(String, Values)>);

/// A column as Python takes it: its name, its kind, its numbers and, of text, its words.
pub type Column<'py> = (String, &'static str, Bound<'py, PyAny>, Option<Bound<'py, PyList>>);

impl Columns {
    /// Those of a table.
    ///
    /// # Errors
    /// What keeps its rows from being made.
    pub fn of(table: &Table) -> io::Result<Columns> {
        let empty = |kind: Kind| match kind {
            Kind::Whole => Values::Whole(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
            Kind::Text => Values::Text(Words::default()),
        };
        let mut columns: Vec<_> =
            table.columns.iter().map(|column| (column.name.clone(), empty(column.kind))).collect();
        (table.rows)(&mut |row| {
            for ((_, values), cell) in columns.iter_mut().zip(row) {
                match (values, *cell) {
                    (Values::Whole(all), Cell::Whole(number)) => all.push(number),
                    // A point is written where none is needed, and -0 as 0, as in files.
                    (Values::Real(all), Cell::Real(number)) => all.push(number + 0.0),
                    (Values::Real(all), Cell::Whole(number)) => all.push(number as f64),
                    (Values::Flag(all), Cell::Flag(flag)) => all.push(flag.map_or(-1, i8::from)),
                    (Values::Text(words), Cell::Text(word)) => words.push(word),
                    _ => return Err(io::ErrorKind::InvalidData.into()),
                }
            }
            Ok(())
        })?;
        Ok(Columns(columns))
    }

    /// Those of a table that is made here, column by column.
    pub fn new(columns: Vec<(&str, Values)>) -> Columns {
        Columns(columns.into_iter().map(|(name, values)| (name.into(), values)).collect())
    }

    /// Hands them to Python, which owns the memory from then on: nothing is copied.
    ///
    /// # Errors
    /// What Python says.
    pub fn into_python(self, py: Python) -> PyResult<Vec<Column>> {
        let hand = |(name, values)| {
            Ok(match values {
                Values::Whole(all) => (name, "integer", all.into_pyarray(py).into_any(), None),
                Values::Real(all) => (name, "number", all.into_pyarray(py).into_any(), None),
                Values::Flag(all) => (name, "boolean", all.into_pyarray(py).into_any(), None),
                Values::Text(Words { all, of_row, .. }) => {
                    (name, "string", of_row.into_pyarray(py).into_any(), Some(PyList::new(py, all)?))
                }
            })
        };
        self.0.into_iter().map(hand).collect()
    }
}

impl FromIterator<String> for Words {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Words {
        let mut all = Words::default();
        words.into_iter().for_each(|word| all.push(&word));
        all
    }
}
