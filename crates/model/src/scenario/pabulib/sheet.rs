//! The text of a `.pb` file as sections of rows of cells, each with its place.
//!
//! Cells stand between semicolons, or between the commas or tabs of a spreadsheet's export; within quotes
//! separators and line ends are letters like others, and a doubled quote is one quote. No crate for CSV
//! tells where a cell begins, which every message needs, so the forty lines are ours.

use std::ops::Range;
use std::sync::Arc;

use crate::base::i18n::both;
use crate::base::problem::{Place, Problem, Source};

/// The sections of a file, in the order in which they are handed on.
const NAMES: [&str; 3] = ["META", "PROJECTS", "VOTES"];

/// What may stand between cells; the format has the first one.
const SEPARATORS: [char; 3] = [';', ',', '\t'];

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// Its text, without quotes and the blanks around it.
    pub text: String,
    /// The bytes of the file that it takes.
    pub span: Range<usize>,
}

/// A section: the place of its name, its columns, its rows. No row is empty.
#[derive(Debug, Default)]
pub struct Section {
    /// The bytes of its name.
    pub span: Range<usize>,
    /// The names of its columns.
    pub columns: Vec<Cell>,
    /// Its rows; some may have fewer cells than there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Section {
    /// Which column is called `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.text.eq_ignore_ascii_case(name))
    }
}

/// META, PROJECTS and VOTES, whatever their order.
///
/// # Errors
/// Every section that is missing or there twice, or what stands where it must not.
pub fn sections(source: &Arc<Source>) -> Result<[Section; 3], Vec<Problem>> {
    let wrong = |what, span| Problem::new(what).at(Place::new(source, span));
    let rows = rows(&source.text, separator(&source.text)).map_err(|open| {
        vec![wrong(both!("this quotation mark is never closed", "此引号没有闭合"), open..open + 1)]
    })?;
    let (mut sections, mut problems): ([Option<Section>; 3], _) = ([None, None, None], Vec::new());
    let mut current = None;
    for row in rows {
        let span = row[0].span.start..row[row.len() - 1].span.end;
        let alone = row[1..].iter().all(|cell| cell.text.is_empty());
        let named = NAMES.iter().position(|name| alone && row[0].text.eq_ignore_ascii_case(name));
        match (named, current.and_then(|k: usize| sections[k].as_mut())) {
            (Some(k), _) => {
                let name = NAMES[k];
                if sections[k].replace(Section { span: row[0].span.clone(), ..Section::default() }).is_some()
                {
                    problems.push(wrong(both!("{name} occurs twice", "{name} 出现了两次"), span));
                }
                current = Some(k);
            }
            (None, Some(section)) if section.columns.is_empty() => section.columns = row,
            (None, Some(section)) => section.rows.push(row),
            (None, None) => {
                let what = both!(
                    "this comes before META, PROJECTS and VOTES",
                    "此行位于 META、PROJECTS 和 VOTES 之前"
                );
                return Err(vec![wrong(what, span)]);
            }
        }
    }
    let end = source.text.len();
    for (name, _) in NAMES.iter().zip(&sections).filter(|(_, section)| section.is_none()) {
        problems.push(wrong(both!("the section {name} is missing", "缺少 {name} 一节"), end..end));
    }
    match sections {
        [Some(meta), Some(projects), Some(votes)] if problems.is_empty() => Ok([meta, projects, votes]),
        _ => Err(problems),
    }
}

/// What stands between cells: what stands between "key" and "value" below META.
fn separator(text: &str) -> char {
    let after_key = text.lines().find_map(|line| {
        let line = line.trim_start_matches(['"', ' ']);
        let is_key = line.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("key"));
        is_key.then(|| line[3..].trim_start_matches(['"', ' ']).chars().next()).flatten()
    });
    after_key.filter(|c| SEPARATORS.contains(c)).unwrap_or(SEPARATORS[0])
}

/// What stands for a missing cell in files of some tools.
const MISSING: &str = "none";

/// The rows of `text` that are not empty; or the place of a quote that is not closed.
fn rows(text: &str, separator: char) -> Result<Vec<Vec<Cell>>, usize> {
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < text.len() {
        let (cell, end) = cell(text, at, separator)?;
        row.push(cell);
        let next = text[end..].chars().next();
        at = end + next.map_or(0, char::len_utf8);
        if next != Some(separator) || at == text.len() {
            let row = std::mem::take(&mut row);
            if row.iter().any(|cell: &Cell| !cell.text.is_empty()) {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// The cell that begins at byte `start`, and the byte of the separator or line end after it.
fn cell(text: &str, start: usize, separator: char) -> Result<(Cell, usize), usize> {
    let blanks = text[start..].len() - text[start..].trim_start_matches([' ', '\u{FEFF}']).len();
    let open = start + blanks;
    let ends = |from: usize| {
        let end = text[from..].find([separator, '\n']);
        end.map_or(text.len(), |length| from + length)
    };
    let Some(inner) = text[open..].strip_prefix('"') else {
        let end = ends(start);
        let written = text[start..end].trim();
        let known = if written.eq_ignore_ascii_case(MISSING) { "" } else { written };
        return Ok((Cell { text: known.into(), span: start..end }, end));
    };
    let (mut content, mut rest) = (String::new(), inner);
    loop {
        let quote = rest.find('"').ok_or(open)?;
        content.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                content.push('"');
                rest = more;
            }
            None => break,
        }
    }
    // What follows a closing quote belongs to the cell too, as spreadsheets read it.
    let closed = text.len() - rest.len();
    let end = ends(closed);
    content.push_str(text[closed..end].trim_end());
    Ok((Cell { text: content.trim().into(), span: open..end }, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, separator: char) -> Vec<Vec<String>> {
        let rows = rows(text, separator).unwrap();
        rows.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn cells_are_read_as_the_format_quotes_them() {
        let text = "a; b ;\"c;d\"\r\n\"\"\"Koń\"\" – e\"; \"two\nlines\"\n\n;;\n\"x\" y;z";
        let expected = [vec!["a", "b", "c;d"], vec!["\"Koń\" – e", "two\nlines"], vec!["x y", "z"]];
        assert_eq!(texts(text, ';'), expected);
        assert_eq!(texts("a,\"1,2\"\n", ','), [["a", "1,2"]]);
        // A quote within a cell is a letter.
        assert_eq!(texts("12\" pipe;b\n", ';'), [["12\" pipe", "b"]]);
        assert_eq!(rows("a;\"b\nc\n", ';').unwrap_err(), 2);
        assert_eq!(texts("a;\n", ';'), [["a", ""]]);
        assert_eq!(texts("a;None\n", ';'), [["a", ""]]);
        assert_eq!(texts("a;b;", ';'), [["a", "b"]]);
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "a; \"b\";c\nd;e";
        let rows = rows(text, ';').unwrap();
        let shown: Vec<&str> = rows.iter().flatten().map(|cell| &text[cell.span.clone()]).collect();
        assert_eq!(shown, ["a", "\"b\"", "c", "d", "e"]);
    }

    #[test]
    fn spreadsheets_write_commas_tabs_and_empty_cells() {
        for (separator, text) in [
            (';', "META;;\nkey;value;\nPROJECTS;;\nVOTES;;\n"),
            (',', "\"META\",\n\"key\",\"value\"\nPROJECTS,\nVOTES,\n"),
            ('\t', "META\t\nKey\tvalue\nPROJECTS\t\nVOTES\t\n"),
        ] {
            assert_eq!(super::separator(text), separator);
            let [meta, ..] = sections(&Source::file("a.pb", text)).unwrap();
            assert_eq!(meta.column("value"), Some(1));
        }
    }
}
