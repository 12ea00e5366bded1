//! Reading back any table of a results folder, from either form.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;

use crate::record::disk;
use crate::record::manifest::Manifest;
use crate::record::table::Form;
use shequ_model::base::i18n::{both, reason};

/// Columns of whole numbers by which things are counted, and how many there may be: months, replicates and
/// communities as their keys allow, rows of a design as far as anybody can run them.
const COUNTED: [(&str, f64); 4] =
    [("month", 1_200.0), ("replicate", 100_000.0), ("community", 10_000.0), ("design_row", 1e7)];

/// A table in memory. Words that come back are kept once.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Name of the table, without its ending.
    pub name: String,
    columns: Vec<(String, Values)>,
    rows: usize,
    /// Stands for a column that is not there.
    blank: Blank,
}

/// As many missing values as the table has rows.
#[derive(Clone, Debug, Default, PartialEq)]
struct Blank {
    numbers: Vec<f64>,
    words: Vec<String>,
    of_row: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    Numbers(Vec<f64>),
    Words { all: Vec<String>, of_row: Vec<u32>, number: BTreeMap<String, u32> },
}

impl Values {
    /// Adds a cell of `column`; false if it cannot be one.
    fn push(&mut self, column: &str, cell: &str) -> bool {
        match self {
            Values::Numbers(numbers) if cell.is_empty() => numbers.push(f64::NAN),
            Values::Numbers(numbers) => match cell.parse::<f64>() {
                Ok(number) if is_possible(column, number) => numbers.push(number),
                _ => return false,
            },
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
        true
    }
}

/// True of a number that may stand in the column.
fn is_possible(column: &str, number: f64) -> bool {
    let limit = COUNTED.iter().find(|(name, _)| *name == column);
    limit.is_none_or(|(_, limit)| (0.0..*limit).contains(&number) && number.fract() == 0.0)
}

impl Sheet {
    /// Reads the table `name` of `folder` in the form that its manifest names: the CSV if it has both. Columns
    /// that `is_text` names hold words, all others numbers.
    ///
    /// # Errors
    /// An I/O error if it cannot be read, or what is wrong with the table and where.
    pub fn read(
        folder: &Path,
        manifest: &Manifest,
        name: &str,
        is_text: &dyn Fn(&str) -> bool,
    ) -> io::Result<Sheet> {
        let path = |form: Form| folder.join(format!("{name}.{}", form.ending()));
        let read = match manifest.form_of(name) {
            Some(Form::Csv) => {
                disk::read(&path(Form::Csv)).and_then(|file| Sheet::from_csv(file, name, is_text))
            }
            _ => Sheet::from_parquet(&path(Form::Parquet), name, is_text),
        };
        let sheet = read.map_err(|cause| {
            io::Error::new(
                cause.kind(),
                both!(
                    "the table {name} cannot be read: {why}", "无法读取表格 {name}：{why}";
                    name = name, why = reason(&cause)
                ),
            )
        })?;
        Ok(sheet.with_blanks())
    }

    /// Reads a table whose text this is, as [`Sheet::read`].
    ///
    /// # Errors
    /// What is wrong with it and where.
    pub fn of_text(text: &str, name: &str, is_text: &dyn Fn(&str) -> bool) -> io::Result<Sheet> {
        Ok(Sheet::from_csv(text.as_bytes(), name, is_text)?.with_blanks())
    }

    fn with_blanks(self) -> Sheet {
        let rows = self.rows;
        let words = if rows == 0 { Vec::new() } else { vec![String::new()] };
        let blank = Blank { numbers: vec![f64::NAN; rows], words, of_row: vec![0; rows] };
        Sheet { blank, ..self }
    }

    fn new<'a>(name: &str, columns: impl Iterator<Item = &'a str>, is_text: &dyn Fn(&str) -> bool) -> Sheet {
        let values = |column: &str| match is_text(column) {
            true => Values::Words { all: Vec::new(), of_row: Vec::new(), number: BTreeMap::new() },
            false => Values::Numbers(Vec::new()),
        };
        let columns = columns.map(|column| (column.to_string(), values(column))).collect();
        Sheet { name: name.into(), columns, rows: 0, blank: Blank::default() }
    }

    fn from_csv(file: impl io::Read, name: &str, is_text: &dyn Fn(&str) -> bool) -> io::Result<Sheet> {
        let mut csv = csv::Reader::from_reader(file);
        let mut sheet = Sheet::new(name, csv.headers()?.iter(), is_text);
        let mut record = csv::StringRecord::new();
        while csv.read_record(&mut record)? {
            sheet.push(record.iter())?;
        }
        Ok(sheet)
    }

    fn from_parquet(path: &Path, name: &str, is_text: &dyn Fn(&str) -> bool) -> io::Result<Sheet> {
        let file = SerializedFileReader::new(disk::read(path)?).map_err(io::Error::other)?;
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
            if !values.push(column, cell) {
                let (row, cell) = (self.rows, beginning(cell));
                let words = both!(
                    "in row {row}, {column} is not a valid number: {cell:?}",
                    "第 {row} 行的 {column} 不是有效的数：{cell:?}"
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, words));
            }
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

    /// True if it has a column of numbers of that name.
    pub fn has_numbers(&self, column: &str) -> bool {
        self.position(column).is_some_and(|at| matches!(self.columns[at].1, Values::Numbers(_)))
    }

    /// The numbers of a column, NaN where there is no value, as in all rows if there is no such column.
    pub fn numbers(&self, column: &str) -> &[f64] {
        match self.position(column).map(|at| &self.columns[at].1) {
            Some(Values::Numbers(numbers)) => numbers,
            _ => &self.blank.numbers,
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
            _ => &self.blank.words,
        }
    }

    /// For every row the place of its word among [`Sheet::words`].
    pub fn word_numbers(&self, column: &str) -> &[u32] {
        match self.position(column).map(|at| &self.columns[at].1) {
            Some(Values::Words { of_row, .. }) => of_row,
            _ => &self.blank.of_row,
        }
    }
}

/// As much of a cell as a message should quote.
fn beginning(cell: &str) -> String {
    cell.chars().take(40).collect()
}

/// The cell as the CSV has it.
fn in_csv(cell: &Field) -> String {
    match cell {
        Field::Str(text) => text.clone(),
        Field::Double(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::Bool(flag) => flag.to_string(),
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

    /// A manifest that lists one file.
    fn listing(file: &str) -> Manifest {
        let entry = format!(r#"{{"name": "{file}", "size": 0, "sha256": ""}}"#);
        let text = format!(
            r#"{{"program": {{"name": "", "version": "", "commit": "", "model": ""}}, "scenario_hash": "",
            "scenario": "", "seeds": {{"city": 1, "replicates": 1}}, "replicates": 1, "threads": 1,
            "machine": {{"system": "", "processor": "", "cores": 1}}, "started": "", "ended": "", "seconds": 0.0,
            "arguments": [], "files": [{entry}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn read(text: &str) -> io::Result<Sheet> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.csv"), text).unwrap();
        Sheet::read(folder.path(), &listing("t.csv"), "t", &|_| false)
    }

    #[test]
    fn both_forms_read_back_alike() {
        for form in [Form::Csv, Form::Parquet] {
            let folder = tempfile::tempdir().unwrap();
            let mut bytes = Vec::new();
            table().write(form, &mut bytes).unwrap();
            std::fs::write(folder.path().join(table().file(form)), bytes).unwrap();
            let manifest = listing(&table().file(form));
            let sheet = Sheet::read(folder.path(), &manifest, "little", &|column| column == "who").unwrap();
            assert_eq!((sheet.rows(), sheet.words("who")), (3, &["a,\"b\"".to_string(), "07".into()][..]));
            assert_eq!(sheet.word_numbers("who"), [0, 1, 0]);
            assert_eq!((sheet.number(2, "x"), sheet.number(1, "n")), (1e-300, -1.0));
            assert!(sheet.number(1, "x").is_nan() && sheet.number(0, "nothing").is_nan());
            assert_eq!((sheet.text(1, "who"), sheet.text(9, "who")), ("07", ""));
            // A column that is not there has as many rows as the others.
            assert!(sheet.numbers("nothing").len() == 3 && sheet.words("nothing")[0].is_empty());
        }
    }

    #[test]
    fn what_is_no_number_is_said_with_its_place() {
        let fault = read("a,b\n1,2\n1,two\n").unwrap_err().to_string();
        assert!(fault.contains("table t") && fault.contains("row 2, b is not a valid number: \"two\""));
        let none = Sheet::read(tempfile::tempdir().unwrap().path(), &listing("t.csv"), "none", &|_| false);
        assert!(none.unwrap_err().to_string().contains("table none"));
    }

    #[test]
    fn tables_that_are_no_tables_of_ours_are_errors() {
        for text in [
            "month\n900000000000000\n",
            "month\n-1\n",
            "month\n0.5\n",
            "replicate\n4000000000\n",
            "community\nNaN\n",
            "a,b\n1\n",
            "a,b\n1,2,3\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&format!("a\n{}\n", "x".repeat(100_000))).unwrap_err().to_string().len() < 200);
        assert_eq!(read("a,b\n").unwrap().rows(), 0);
    }
}
