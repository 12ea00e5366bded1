//! Lists of numbers that a scenario gives in a CSV file beside it.
//!
//! The first line of the file names its columns. What is read becomes part of the scenario, number by
//! number, so that a resolved scenario needs no other file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Value;

use super::file;
use super::index::did_you_mean;
use super::reader::HINTED;
use crate::base::i18n::{Both, both, listed};
use crate::base::problem::{Place, Problem, Source, nearest};

/// The numbers in one column of "FILE.csv:COLUMN", each in `[low, high]`; else what is wrong, with the
/// place if it is in the file itself.
pub fn numbers(named: &str, folder: &Path, low: f64, high: f64) -> Result<Value, Vec<Problem>> {
    let Some((name, column)) = named.rsplit_once(':').filter(|(name, _)| name.ends_with(".csv")) else {
        return Err(vec![
            Problem::new(both!(
                "\"{named}\" does not name a column of a file",
                "\"{named}\" 没有指明文件中的列"
            ))
            .help(both!(
                "write \"FILE.csv:COLUMN\", or the numbers themselves: [0.1, 0.2]",
                "请写 \"FILE.csv:COLUMN\"，或直接写出各数：[0.1, 0.2]"
            )),
        ]);
    };
    let table = Table::read(name, folder)?;
    let k = table.column(column)?;
    let cell = |line: &Line| {
        let cell = line.cells.get(k).filter(|cell| !cell.0.is_empty());
        let missing = || table.wrong(both!("a cell is missing here", "此处缺少一格"), line.span.clone());
        let (text, span) = cell.ok_or_else(missing)?;
        let number: f64 = text.parse().map_err(|_| table.wrong(no_number(), span.clone()))?;
        if (low..=high).contains(&number) {
            return Ok(Value::Float(number + 0.0));
        }
        Err(table
            .wrong(both!("this number is out of range", "这个数超出范围"), span.clone())
            .allowed(both!("{low} to {high}", "{low} 至 {high}")))
    };
    all(table.lines.iter().map(cell))
}

/// The rows of "FILE.csv", each of `shortest` to `longest` numbers.
pub fn rows(named: &str, folder: &Path, shortest: usize, longest: usize) -> Result<Value, Vec<Problem>> {
    let table = Table::read(named, folder)?;
    let row = |line: &Line| {
        let filled = line.cells.iter().filter(|cell| !cell.0.is_empty());
        let numbers = filled.map(|(text, span)| {
            let whole = text.parse().map(Value::Integer);
            whole.or_else(|_| text.parse().map(Value::Float)).map_err(|_| span.clone())
        });
        let numbers: Result<Vec<Value>, _> = numbers.collect();
        match numbers {
            Ok(row) if (shortest..=longest).contains(&row.len()) => Ok(Value::Array(row)),
            Ok(_) => Err(table.wrong(
                both!("this row has too few or too many numbers", "这一行的数太少或太多"),
                line.span.clone(),
            )),
            Err(span) => Err(table.wrong(no_number(), span)),
        }
    };
    all(table.lines.iter().map(row))
}

fn no_number() -> Both {
    both!("this is not a number", "这不是数")
}

/// All values, or all that is wrong as far as anybody would read.
fn all(values: impl Iterator<Item = Result<Value, Problem>>) -> Result<Value, Vec<Problem>> {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for value in values {
        match value {
            Ok(value) => good.push(value),
            Err(problem) if wrong.len() < HINTED => wrong.push(problem),
            Err(_) => break,
        }
    }
    if wrong.is_empty() { Ok(Value::Array(good)) } else { Err(wrong) }
}

/// The path of a file that is named in another, which lies in `folder`.
pub fn beside(folder: &Path, named: &str) -> PathBuf {
    if file::is_built_in(named) { PathBuf::from(named) } else { folder.join(named) }
}

/// A table in a file.
struct Table {
    source: Arc<Source>,
    header: Vec<String>,
    lines: Vec<Line>,
}

/// One line: its cells with their places, and its own.
struct Line {
    cells: Vec<(String, std::ops::Range<usize>)>,
    span: std::ops::Range<usize>,
}

impl Table {
    /// Reads the table. Cells may be in quotes; they hold numbers, so no cell goes over several lines.
    fn read(named: &str, folder: &Path) -> Result<Table, Vec<Problem>> {
        let path = beside(folder, named);
        let source = file::read(&path, &path.display().to_string()).map_err(|problem| vec![problem])?;
        let mut lines = Vec::new();
        let mut start = 0;
        for text in source.text.split_inclusive('\n') {
            let content = text.trim_end_matches(['\n', '\r']);
            if !content.trim().is_empty() {
                lines.push(Line { cells: cells(content, start), span: start..start + content.len() });
            }
            start += text.len();
        }
        if lines.is_empty() {
            return Err(vec![
                Problem::new(both!("{named} is empty", "{named} 是空的"))
                    .help(both!("its first line names its columns", "第一行应写列名")),
            ]);
        }
        let header = lines.remove(0).cells.into_iter().map(|(name, _)| name).collect();
        Ok(Table { source, header, lines })
    }

    fn column(&self, name: &str) -> Result<usize, Vec<Problem>> {
        let names = || self.header.iter().map(String::as_str);
        names().position(|n| n == name).ok_or_else(|| {
            let help = match nearest(name, names()) {
                Some(near) => did_you_mean(near),
                None => both!("its columns are {all}", "其中的列有 {all}"; all = listed(names())),
            };
            let message = both!("{file} has no column `{name}`", "{file} 中没有列 `{name}`";
                file = self.source.name, name = name);
            vec![Problem::new(message).help(help)]
        })
    }

    fn wrong(&self, what: Both, span: std::ops::Range<usize>) -> Problem {
        Problem::new(what).at(Place::new(&self.source, span))
    }
}

/// The cells of one line that begins at byte `start`, without blanks and quotes around them.
fn cells(line: &str, start: usize) -> Vec<(String, std::ops::Range<usize>)> {
    let mut at = start;
    let cell = |cell: &str| {
        let span = at..at + cell.len();
        at = span.end + 1;
        (cell.trim().trim_matches('"').trim().to_string(), span)
    };
    line.split(',').map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), text).unwrap();
        folder
    }

    #[test]
    fn a_column_is_read_by_its_name() {
        let folder = folder("who,\"trust\"\r\n0, 0.5\r\n1,\"1\"\n\n");
        let read = numbers("a.csv:trust", folder.path(), 0.0, 1.0).unwrap();
        assert_eq!(read, Value::Array(vec![Value::Float(0.5), Value::Float(1.0)]));
        let read = rows("a.csv", folder.path(), 2, 2).unwrap();
        assert_eq!(read.to_string(), "[[0, 0.5], [1, 1]]");
    }

    #[test]
    fn every_wrong_cell_is_shown_with_line_and_column() {
        let folder = folder("who,trust\n0,half\n1\n2,7\n3,0.1\n");
        let problems = numbers("a.csv:trust", folder.path(), 0.0, 1.0).unwrap_err();
        let places: Vec<_> = problems
            .iter()
            .map(|p| (p.message.en.as_str(), p.place.as_ref().map(|p| (p.line(), p.column()))))
            .collect();
        assert_eq!(
            places,
            [
                ("this is not a number", Some((2, 3))),
                ("a cell is missing here", Some((3, 1))),
                ("this number is out of range", Some((4, 3))),
            ]
        );
        // Three lines hold two cells where one is wanted.
        assert_eq!(rows("a.csv", folder.path(), 1, 1).unwrap_err().len(), 3);
    }

    #[test]
    fn a_file_or_column_that_is_not_there_is_said() {
        let folder = folder("trust\n1\n");
        let message = |named| numbers(named, folder.path(), 0.0, 1.0).unwrap_err()[0].message.en.clone();
        assert!(message("b.csv:trust").contains("does not exist"));
        assert!(message("a.csv:turst").contains("no column `turst`"));
        assert!(message("trust").contains("does not name a column"));
    }
}
