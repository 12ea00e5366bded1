//! Reading back any table of a results folder, from either form.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::num::ParseFloatError;
use std::path::Path;

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;

use crate::base::words::{both, reason};
use crate::record::table::Form;

/// A table in memory. Words that come back are kept once.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Name of the table, without its ending.
    pub name: String,
    columns: Vec<(String, Values)>,
    rows: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    Numbers(Vec<f64>),
    Words { all: Vec<String>, of_row: Vec<u32>, number: BTreeMap<String, u32> },
}

impl Values {
    fn push(&mut self, cell: &str) -> Result<(), ParseFloatError> {
        match self {
            Values::Numbers(numbers) if cell.is_empty() => numbers.push(f64::NAN),
            Values::Numbers(numbers) => numbers.push(cell.parse()?),
            Values::Words { all, of_row, number } => {
                let next = all.len() as u32;
                let known = number.get(cell).copied().unwrap_or(next);
                if known == next {
                    all.push(cell.into());
                    number.insert(cell.into(), next);
                }
                of_row.push(known);
            }
        }
        Ok(())
    }
}

impl Sheet {
    /// Reads the table `name` of `folder`: the CSV if there is one, else the Parquet. Columns that
    /// `is_text` names hold words, all others numbers.
    ///
    /// # Errors
    /// What the disk says, or what is wrong with the table and where.
    pub fn read(folder: &Path, name: &str, is_text: &dyn Fn(&str) -> bool) -> io::Result<Sheet> {
        let file = |form: Form| folder.join(format!("{name}.{}", form.ending()));
        let csv = file(Form::Csv);
        let read = if csv.exists() {
            Sheet::from_csv(&csv, name, is_text)
        } else {
            Sheet::from_parquet(&file(Form::Parquet), name, is_text)
        };
        read.map_err(|cause| {
            io::Error::new(
                cause.kind(),
                both!(
                    "the table {name} cannot be read: {why}", "无法读取表格 {name}：{why}";
                    name = name, why = reason(&cause)
                ),
            )
        })
    }

    fn new<'a>(name: &str, columns: impl Iterator<Item = &'a str>, is_text: &dyn Fn(&str) -> bool) -> Sheet {
        let values = |column: &str| match is_text(column) {
            true => Values::Words { all: Vec::new(), of_row: Vec::new(), number: BTreeMap::new() },
            false => Values::Numbers(Vec::new()),
        };
        let columns = columns.map(|column| (column.to_string(), values(column))).collect();
        Sheet { name: name.into(), columns, rows: 0 }
    }

    fn from_csv(path: &Path, name: &str, is_text: &dyn Fn(&str) -> bool) -> io::Result<Sheet> {
        let mut csv = csv::Reader::from_path(path)?;
        let mut sheet = Sheet::new(name, csv.headers()?.iter(), is_text);
        let mut record = csv::StringRecord::new();
        while csv.read_record(&mut record)? {
            sheet.push(record.iter())?;
        }
        Ok(sheet)
    }

    fn from_parquet(path: &Path, name: &str, is_text: &dyn Fn(&str) -> bool) -> io::Result<Sheet> {
        let file = SerializedFileReader::new(File::open(path)?).map_err(io::Error::other)?;
        let schema = file.metadata().file_metadata().schema().clone();
        let mut sheet = Sheet::new(name, schema.get_fields().iter().map(|field| field.name()), is_text);
        for row in file.get_row_iter(None).map_err(io::Error::other)? {
            let row = row.map_err(io::Error::other)?;
            let cells: Vec<String> = row.get_column_iter().map(|(_, cell)| in_csv(cell)).collect();
            sheet.push(cells.iter().map(String::as_str))?;
        }
        Ok(sheet)
    }

    fn push<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
        self.rows += 1;
        for ((column, values), cell) in self.columns.iter_mut().zip(cells) {
            values.push(cell).map_err(|_| {
                let row = self.rows;
                let words = both!(
                    "in row {row}, {column} is no number: {cell:?}",
                    "第 {row} 行的 {column} 不是数：{cell:?}"
                );
                io::Error::new(io::ErrorKind::InvalidData, words)
            })?;
        }
        Ok(())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// Place of a column.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|(name, _)| name == column)
    }

    /// The numbers of a column, NaN where there is no value; none if there is no such column of numbers.
    pub fn numbers(&self, column: &str) -> &[f64] {
        match self.position(column).map(|at| &self.columns[at].1) {
            Some(Values::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }

    /// A number; NaN where there is none.
    pub fn number(&self, row: usize, column: &str) -> f64 {
        self.numbers(column).get(row).copied().unwrap_or(f64::NAN)
    }

    /// A word; "" where there is none.
    pub fn text(&self, row: usize, column: &str) -> &str {
        match self.position(column).map(|at| &self.columns[at].1) {
            Some(Values::Words { all, of_row, .. }) => {
                of_row.get(row).map_or("", |&word| &all[word as usize])
            }
            _ => "",
        }
    }

    /// The different words of a column, in the order in which they first come.
    pub fn words(&self, column: &str) -> &[String] {
        match self.position(column).map(|at| &self.columns[at].1) {
            Some(Values::Words { all, .. }) => all,
            _ => &[],
        }
    }

    /// For every row the place of its word among [`Sheet::words`].
    pub fn word_numbers(&self, column: &str) -> &[u32] {
        match self.position(column).map(|at| &self.columns[at].1) {
            Some(Values::Words { of_row, .. }) => of_row,
            _ => &[],
        }
    }
}

/// The cell as the CSV has it.
fn in_csv(cell: &Field) -> String {
    match cell {
        Field::Str(text) => text.clone(),
        Field::Double(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::table::{Cell, Column, Table};

    fn table() -> Table<'static> {
        Table {
            name: "little",
            columns: vec![Column::text("who"), Column::whole("n"), Column::real("x")],
            rows: Box::new(|take| {
                take(&[Cell::Text("a,\"b\""), Cell::Whole(3), Cell::Real(0.1)])?;
                take(&[Cell::Text("07"), Cell::Whole(-1), Cell::Real(f64::NAN)])?;
                take(&[Cell::Text("a,\"b\""), Cell::Whole(0), Cell::Real(1e-300)])
            }),
        }
    }

    #[test]
    fn both_forms_read_back_alike() {
        for form in [Form::Csv, Form::Parquet] {
            let folder = tempfile::tempdir().unwrap();
            let mut bytes = Vec::new();
            table().write(form, &mut bytes).unwrap();
            std::fs::write(folder.path().join(table().file(form)), bytes).unwrap();
            let sheet = Sheet::read(folder.path(), "little", &|column| column == "who").unwrap();
            assert_eq!((sheet.rows(), sheet.words("who")), (3, &["a,\"b\"".to_string(), "07".into()][..]));
            assert_eq!(sheet.word_numbers("who"), [0, 1, 0]);
            assert_eq!((sheet.number(2, "x"), sheet.number(1, "n")), (1e-300, -1.0));
            assert!(sheet.number(1, "x").is_nan() && sheet.number(0, "nothing").is_nan());
            assert_eq!((sheet.text(1, "who"), sheet.text(9, "who")), ("07", ""));
        }
    }

    #[test]
    fn what_is_no_number_is_said_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.csv"), "a,b\n1,2\n1,two\n").unwrap();
        let fault = Sheet::read(folder.path(), "t", &|_| false).unwrap_err().to_string();
        assert!(fault.contains("table t") && fault.contains("row 2, b is no number: \"two\""), "{fault}");
        assert!(
            Sheet::read(folder.path(), "none", &|_| false).unwrap_err().to_string().contains("table none")
        );
    }
}
