//! A table of cells from a workbook of Excel, cell by cell and within bounds: what a file claims of its own size
//! is not believed.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::MOST;
use super::columns;
use super::sheet::{Cell, Sheet};
use crate::base::i18n::{Both, both};
use crate::base::problem::{Problem, Source};

/// Most bytes that the parts of a workbook may unpack to: far more than the most communities need.
const UNPACKED: u64 = 256 << 20;

/// Most rows of a sheet; a table of communities has fewer, and comments.
const ROWS: u32 = 2 * MOST as u32;

/// Most columns of a sheet.
const COLUMNS: u32 = 256;

/// Most cells of a table, filled or not.
const CELLS: usize = 1 << 20;

/// What stands between cells where a row is shown.
const BETWEEN: &str = " | ";

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The filled cells of a sheet by row and column, counted from 0.
type Filled = BTreeMap<(u32, u32), String>;

/// True of what begins as a workbook does: today's, which is a zip archive, or that before 2007.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || is_old(bytes)
}

fn is_old(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
}

/// The first sheet of a workbook whose first row has a heading of ours, or else its first sheet.
pub fn sheet(bytes: &[u8], name: &str) -> Result<Sheet, Problem> {
    if is_old(bytes) {
        let old = both!(
            "{name} is a workbook of before 2007 (.xls), or one with a password",
            "{name} 是 2007 年以前的（.xls）或加密的工作簿"
        );
        return Err(Problem::new(old).help(as_xlsx()));
    }
    bounded(bytes, name)?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(|_: XlsxError| unread(name))?;
    let mut first = None;
    for title in book.sheet_names() {
        let cells = match filled(&mut book, &title) {
            Ok(cells) => cells,
            // A sheet of pictures has no cells.
            Err(Fault::Book(XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_))) => continue,
            Err(fault) => return Err(fault.told(name)),
        };
        let has_headings = has_headings(&cells);
        if has_headings || first.is_none() {
            first = Some((title, cells));
        }
        if has_headings {
            break;
        }
    }
    let (title, cells) =
        first.ok_or_else(|| Problem::new(both!("{name} has no sheet", "{name} 中没有工作表")))?;
    calculated(&mut book, &title, &cells).map_err(|fault| fault.told(name))?;
    unmerged(&mut book, &title).map_err(|fault| fault.told(name))?;
    table(name, &title, &cells)
}

fn as_xlsx() -> Both {
    both!(
        "save it as a workbook (.xlsx) without a password, or as CSV UTF-8, and name that file",
        "请另存为不加密的工作簿（.xlsx）或 CSV UTF-8，并写该文件名"
    )
}

fn unread(name: &str) -> Problem {
    Problem::new(both!("{name} is damaged, or no workbook of Excel", "{name} 已损坏，或不是 Excel 工作簿"))
        .help(as_xlsx())
}

/// Refuses an archive that unpacks to more than anybody's table, by unpacking it: sizes in its list may lie.
fn bounded(bytes: &[u8], name: &str) -> Result<(), Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unread(name))?;
    let mut left = UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| unread(name))?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| unread(name))?;
        left = left.checked_sub(size).ok_or_else(|| {
            let mib = UNPACKED >> 20;
            Problem::new(both!("{name} unpacks to more than {mib} MiB", "{name} 解压后超过 {mib} MiB"))
        })?;
    }
    Ok(())
}

enum Fault {
    Book(XlsxError),
    Cell(Problem),
}

impl Fault {
    fn told(self, name: &str) -> Problem {
        match self {
            Fault::Book(_) => unread(name),
            Fault::Cell(problem) => problem,
        }
    }
}

impl From<XlsxError> for Fault {
    fn from(error: XlsxError) -> Fault {
        Fault::Book(error)
    }
}

fn filled(book: &mut Book, title: &str) -> Result<Filled, Fault> {
    let mut cells = Filled::new();
    let mut reader = book.worksheet_cells_reader(title)?;
    while let Some(cell) = reader.next_cell()? {
        let at = cell.get_position();
        let Some(text) = written(cell.get_value()) else { continue };
        if at.0 >= ROWS || at.1 >= COLUMNS || cells.len() >= CELLS {
            return Err(Fault::Cell(too_far(title, at)));
        }
        cells.insert(at, text);
    }
    Ok(cells)
}

fn too_far(title: &str, at: (u32, u32)) -> Problem {
    Problem::new(both!(
        "{at} lies beyond what a table of communities has: {ROWS} rows and {COLUMNS} columns",
        "{at} 超出社区表的范围：{ROWS} 行、{COLUMNS} 列";
        at = address(title, at)
    ))
    .help(both!(
        "one row is one community; delete what lies beyond the table",
        "每个社区一行；请删去表外的内容"
    ))
}

/// What people see in a cell, as a table in text would have it; none if it is empty.
fn written(value: &DataRef) -> Option<String> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => text.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(is) => is.to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
    })
}

fn has_headings(cells: &Filled) -> bool {
    let Some((&(first, _), _)) = cells.first_key_value() else { return false };
    cells.range((first, 0)..(first + 1, 0)).any(|(_, text)| columns::find(text).is_some())
}

/// Refuses formulas that no program has calculated, whose cells would read as empty.
fn calculated(book: &mut Book, title: &str, cells: &Filled) -> Result<(), Fault> {
    let mut reader = book.worksheet_cells_reader(title)?;
    while let Some(formula) = reader.next_formula()? {
        let at = formula.get_position();
        if !formula.get_value().is_empty() && !cells.contains_key(&at) {
            let problem = Problem::new(both!(
                "{at}: this formula has no value in the file",
                "{at}：文件中没有此公式的值";
                at = address(title, at)
            ));
            return Err(Fault::Cell(problem.help(both!(
                "open the file in Excel and save it, so that formulas are calculated",
                "请用 Excel 打开并保存，以便计算公式"
            ))));
        }
    }
    Ok(())
}

/// Refuses merged cells, of which all but the first are empty.
fn unmerged(book: &mut Book, title: &str) -> Result<(), Fault> {
    let merged = book.merge_cells_by_sheet_name(title)?;
    let first = merged.into_iter().find(|area| area.start != area.end);
    first.map_or(Ok(()), |area| Err(Fault::Cell(joined(title, area))))
}

fn joined(title: &str, area: Dimensions) -> Problem {
    Problem::new(both!(
        "{from}:{to}: these cells are merged",
        "{from}:{to}：这些单元格是合并的";
        from = address(title, area.start), to = column(area.end.1) + &(u64::from(area.end.0) + 1).to_string()
    ))
    .help(both!(
        "of merged cells only the first keeps what was written: unmerge them and fill in each",
        "合并的单元格只有第一格保留内容：请取消合并并逐格填写"
    ))
}

/// The rows that have anything in them, each as wide as the widest, and a text in which every row of the sheet
/// is a line, so that its number is that of the row.
fn table(name: &str, title: &str, cells: &Filled) -> Result<Sheet, Problem> {
    let width = cells.keys().map(|at| at.1 + 1).max().unwrap_or(0);
    let mut rows: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (&(row, at), text) in cells {
        if (rows.len() + 1) * width as usize > CELLS {
            return Err(too_far(title, (row, at)));
        }
        rows.entry(row).or_insert_with(|| vec![""; width as usize])[at as usize] = text;
    }
    let (mut text, mut lines, mut addresses) = (String::new(), Vec::new(), BTreeMap::new());
    for row in 0..rows.keys().last().map_or(0, |last| last + 1) {
        if let Some(written) = rows.get(&row) {
            let line = shown(&mut text, written);
            for (at, cell) in (0..).zip(&line) {
                addresses.insert(cell.span.start, address(title, (row, at)));
            }
            lines.push(line);
        }
        text.push('\n');
    }
    if lines.is_empty() {
        return Err(Problem::new(both!("{name} is empty", "{name} 是空的")));
    }
    lines.retain(|line| !line[0].text.starts_with('#') && line.iter().any(|cell| !cell.text.is_empty()));
    Ok(Sheet { source: Source::file(name, text), lines, separator: '|', addresses })
}

/// Adds a row to the text; its cells.
fn shown(text: &mut String, row: &[&str]) -> Vec<Cell> {
    let mut line = Vec::new();
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            text.push_str(BETWEEN);
        }
        let start = text.len();
        let cell = cell.trim();
        text.push_str(&cell.replace(['\r', '\n'], " "));
        line.push(Cell { text: cell.to_string(), span: start..text.len() });
    }
    line
}

/// What people call a cell: `Sheet1!B7`.
fn address(title: &str, at: (u32, u32)) -> String {
    format!("{title}!{}{}", column(at.1), u64::from(at.0) + 1)
}

/// The letters of a column: A, Z, AA.
fn column(at: u32) -> String {
    let letter = char::from(b'A' + (at % 26) as u8).to_string();
    if at < 26 { letter } else { column(at / 26 - 1) + &letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_called_what_a_spreadsheet_calls_them() {
        assert_eq!(address("Sheet1", (6, 1)), "Sheet1!B7");
        assert_eq!([0, 25, 26, 701, 702].map(column), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
