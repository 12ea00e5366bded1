//! One description of a table, from which both its CSV and its Parquet form are written.

use std::io::{self, Write};

use crate::record::parquet;
use shequ_model::base::stats::Estimate;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers, never missing.
    Whole,
    /// Numbers; NaN stands for a missing value.
    Real,
    /// True or false, perhaps missing.
    Flag,
    /// Text; an empty one stands for a missing value.
    Text,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name, as in the first line of the CSV.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Column {
    /// A column of whole numbers.
    pub fn whole(name: &str) -> Column {
        Column { name: name.into(), kind: Kind::Whole }
    }

    /// A column of numbers, some perhaps missing.
    pub fn real(name: &str) -> Column {
        Column { name: name.into(), kind: Kind::Real }
    }

    /// A column of flags, some perhaps missing.
    pub fn flag(name: &str) -> Column {
        Column { name: name.into(), kind: Kind::Flag }
    }

    /// A column of text.
    pub fn text(name: &str) -> Column {
        Column { name: name.into(), kind: Kind::Text }
    }

    /// The columns of an estimate.
    pub fn of_estimate() -> [Column; 5] {
        let [mean, sd, low, high] = ["mean", "sd", "ci95_low", "ci95_high"].map(Column::real);
        [mean, sd, low, high, Column::whole("n")]
    }
}

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// For [`Kind::Whole`].
    Whole(i64),
    /// For [`Kind::Real`]; NaN where there is no value.
    Real(f64),
    /// For [`Kind::Flag`].
    Flag(Option<bool>),
    /// For [`Kind::Text`]; empty where there is no value.
    Text(&'a str),
}

impl<'a> Cell<'a> {
    /// The cells of `e`, in the order of [`Column::of_estimate`].
    pub fn of_estimate(e: &Estimate) -> [Cell<'a>; 5] {
        let [mean, low, high] = Cell::with_ends(e);
        [mean, Cell::Real(e.sd), low, high, Cell::Whole(e.n as i64)]
    }

    /// The mean of `e` and both ends of its interval.
    pub fn with_ends(e: &Estimate) -> [Cell<'a>; 3] {
        [e.mean, e.mean - e.half_width, e.mean + e.half_width].map(Cell::Real)
    }
}

/// Takes the rows of a table, one by one.
pub type Take<'t> = dyn FnMut(&[Cell]) -> io::Result<()> + 't;

/// Goes through the rows of a table, and hands each to the one who takes them.
pub type Rows<'a> = dyn Fn(&mut Take) -> io::Result<()> + Sync + 'a;

/// A table: its columns, and how to go through its rows. Rows are made as they are written.
pub struct Table<'a> {
    /// File name without its ending.
    pub name: &'static str,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Hands over every row in order, one cell for each column, and stops at the first error.
    pub rows: Box<Rows<'a>>,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values, UTF-8, "\n" after every line.
    Csv,
    /// The same behind a byte-order mark, without which Excel takes UTF-8 for the encoding of its country.
    Excel,
    /// Apache Parquet, compressed by Snappy, in Rust alone.
    Parquet,
}

/// What a file in [`Form::Excel`] begins with.
pub const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

impl Form {
    /// The ending of file names.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Csv | Form::Excel => "csv",
            Form::Parquet => "parquet",
        }
    }
}

/// Tables that may have millions of rows.
const LARGE: [&str; 2] = ["residents", "ties"];

impl Table<'_> {
    /// In which forms it is written where these are asked for: as CSV alone no table that may have millions of rows is.
    pub fn forms(&self, asked: &[Form]) -> Vec<Form> {
        match asked {
            [Form::Csv | Form::Excel] if LARGE.contains(&self.name) => vec![Form::Parquet],
            _ => asked.to_vec(),
        }
    }

    /// The name of the table's file in this form.
    pub fn file(&self, form: Form) -> String {
        format!("{}.{}", self.name, form.ending())
    }

    /// Writes the whole table.
    ///
    /// # Errors
    /// An I/O error if the table cannot be written.
    pub fn write(&self, form: Form, to: &mut (impl Write + Send)) -> io::Result<()> {
        match form {
            Form::Csv => self.write_csv(to),
            Form::Excel => {
                to.write_all(BYTE_ORDER_MARK)?;
                self.write_csv(to)
            }
            Form::Parquet => parquet::write(self, to),
        }
    }

    /// Numbers take the shortest form that reads back as the same number, with a point if their column is no
    /// count: readers guess the type of a column by its first rows. A missing value is empty.
    fn write_csv(&self, to: &mut impl Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(self.columns.iter().map(|c| &c.name)).map_err(plain)?;
        let mut digits = Vec::new();
        (self.rows)(&mut |row| {
            for cell in row {
                digits.clear();
                match cell {
                    Cell::Text(text) => digits.extend_from_slice(text.as_bytes()),
                    Cell::Flag(flag) => {
                        digits.extend(flag.map(|flag| flag.to_string()).unwrap_or_default().bytes())
                    }
                    Cell::Whole(number) => write!(digits, "{number}")?,
                    Cell::Real(number) if number.is_nan() => {}
                    // Adding zero turns -0 into 0.
                    Cell::Real(number) if number.fract() == 0.0 => write!(digits, "{:.1}", number + 0.0)?,
                    Cell::Real(number) => write!(digits, "{number}")?,
                }
                csv.write_field(&digits).map_err(plain)?;
            }
            csv.write_record(None::<&[u8]>).map_err(plain)
        })?;
        csv.flush()
    }
}

/// The disk's own error, so that "disk full" is known as such.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
