//! A table of cells with their places, from the bytes of a text file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::base::i18n::both;
use crate::base::problem::{Place, Problem, Source};

/// A cell: what is written in it without blanks around it, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// The bytes of the source that it takes, quotes included.
    pub span: Range<usize>,
}

/// The lines of a table; lines without anything in them are left out.
pub struct Sheet {
    /// The text.
    pub source: Arc<Source>,
    /// Line by line.
    pub lines: Vec<Vec<Cell>>,
    /// What separates cells.
    pub separator: char,
    /// What a spreadsheet calls the cells that begin at these bytes; empty for a file of text.
    pub addresses: BTreeMap<usize, String>,
}

/// The text of a file: with its byte order mark, else as UTF-8, else as GB18030, of which GBK is a part.
pub fn text(bytes: &[u8], name: &str) -> Result<Arc<Source>, Problem> {
    let marked = [(UTF_16LE, [0xFF, 0xFE]), (UTF_16BE, [0xFE, 0xFF])];
    if let Some((encoding, _)) = marked.into_iter().find(|(_, mark)| bytes.starts_with(mark)) {
        let (text, _, broken) = encoding.decode(bytes);
        return if broken { Err(no_text(name)) } else { Ok(Source::file(name, text)) };
    }
    if bytes.contains(&0) {
        return Err(no_text(name));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Source::file(name, text.strip_prefix('\u{FEFF}').unwrap_or(text)));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Source::file(name, text)),
        None => Err(broken(bytes, name)),
    }
}

fn no_text(name: &str) -> Problem {
    Problem::new(both!("{name} is not a text file", "{name} 不是文本文件"))
        .help(both!("save the table as CSV UTF-8", "请将表另存为 CSV UTF-8"))
}

/// Neither UTF-8 nor GB18030: where the first line is that is neither.
fn broken(bytes: &[u8], name: &str) -> Problem {
    let lines = bytes.split(|&byte| byte == b'\n').enumerate();
    let reads = |line: &[u8]| {
        std::str::from_utf8(line).is_ok()
            || GB18030.decode_without_bom_handling_and_without_replacement(line).is_some()
    };
    let line = lines.filter(|(_, line)| !reads(line)).map(|(at, _)| at + 1).next().unwrap_or(1);
    Problem::new(both!(
        "line {line} of {name} is text neither in UTF-8 nor in GBK",
        "{name} 第 {line} 行既不是 UTF-8 也不是 GBK 编码的文本"
    ))
    .help(both!("save the table as CSV UTF-8", "请将表另存为 CSV UTF-8"))
}

impl Sheet {
    /// Cuts a text into cells. What separates them is what most of its first lines have.
    pub fn of(source: Arc<Source>) -> Result<Sheet, Problem> {
        let separator = separator(&source.text);
        let mut cutter = Cutter { text: &source.text, separator, at: 0 };
        let mut lines = Vec::new();
        while cutter.at < source.text.len() {
            let start = cutter.at;
            match cutter.line() {
                Ok(line) if line.iter().all(|cell| cell.text.is_empty()) => {}
                Ok(line) if line[0].text.starts_with('#') => {}
                Ok(line) => lines.push(line),
                Err(quote) => {
                    let problem = Problem::new(both!("these quotes are not closed", "此处的引号没有配对"));
                    return Err(problem.at(Place::new(&source, quote..quote + 1)).help(both!(
                        "close them at the end of the cell, and write quotes within a cell twice",
                        "请在单元格末尾补上引号；单元格内的引号要写两次"
                    )));
                }
            }
            debug_assert!(cutter.at > start);
        }
        Ok(Sheet { source, lines, separator, addresses: BTreeMap::new() })
    }
}

/// A comma, a semicolon or a tab: whichever the first line with any of them has most of.
fn separator(text: &str) -> char {
    // What stands in quotes separates nothing.
    let count = |line: &str, mark: char| {
        line.split('"').step_by(2).map(|outside| outside.matches(mark).count()).sum::<usize>()
    };
    let marks = [',', '\t', ';'];
    let has_any = |line: &&str| marks.iter().any(|&mark| count(line, mark) > 0);
    let first = text.lines().filter(|line| !line.starts_with('#')).find(has_any);
    let line = first.unwrap_or("");
    let most = marks.iter().map(|&mark| count(line, mark)).max().unwrap_or(0);
    marks.into_iter().find(|&mark| count(line, mark) == most).unwrap_or(',')
}

/// Goes through a text cell by cell.
struct Cutter<'a> {
    text: &'a str,
    separator: char,
    at: usize,
}

impl Cutter<'_> {
    /// The cells of the next line; or where quotes begin that never end.
    fn line(&mut self) -> Result<Vec<Cell>, usize> {
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            let rest = &self.text[self.at..];
            match rest.chars().next() {
                Some(mark) if mark == self.separator => self.at += mark.len_utf8(),
                Some(_) => {
                    self.at += if rest.starts_with("\r\n") { 2 } else { 1 };
                    return Ok(cells);
                }
                None => return Ok(cells),
            }
        }
    }

    fn cell(&mut self) -> Result<Cell, usize> {
        let start = self.at;
        let rest = &self.text[start..];
        let quote = start + (rest.len() - rest.trim_start_matches(' ').len());
        let ends = |c: char| c == self.separator || c == '\n' || c == '\r';
        if !self.text[quote..].starts_with('"') {
            self.at = start + rest.find(ends).unwrap_or(rest.len());
            return Ok(self.plain(start));
        }
        let (mut text, mut at) = (String::new(), quote + 1);
        loop {
            let next = at + self.text[at..].find('"').ok_or(quote)?;
            text.push_str(&self.text[at..next]);
            at = next + 1;
            if !self.text[at..].starts_with('"') {
                break;
            }
            text.push('"');
            at += 1;
        }
        // What follows the quotes belongs to the cell too.
        let tail = &self.text[at..];
        self.at = at + tail.find(ends).unwrap_or(tail.len());
        text.push_str(&self.text[at..self.at]);
        Ok(Cell { text: text.trim().to_string(), span: quote..self.at })
    }

    fn plain(&self, start: usize) -> Cell {
        let written = &self.text[start..self.at];
        let blank = |c: char| c.is_whitespace() || c == '\u{3000}' || c == '\u{a0}';
        let text = written.trim_matches(blank);
        let from = start + (written.len() - written.trim_start_matches(blank).len());
        let span = if text.is_empty() { start..self.at } else { from..from + text.len() };
        Cell { text: text.to_string(), span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let sheet = Sheet::of(Source::file("a.csv", text)).unwrap();
        sheet.lines.into_iter().map(|line| line.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn cells_are_cut_at_commas_semicolons_or_tabs_but_not_within_quotes() {
        let expected = [["a", "b,c;d"], ["1", "2\"3"]];
        assert_eq!(cells("a,\"b,c;d\"\r\n1, \"2\"\"3\" \n\n"), expected);
        assert_eq!(cells("a;\"b,c;d\"\n1;\"2\"\"3\""), expected);
        assert_eq!(cells("# a comment, with commas\na\t\"b,c;d\"\n\t\n1\t\"2\"\"3\"\n"), expected);
        assert_eq!(cells("a,b\n\"1\n2\",3\n"), [["a", "b"], ["1\n2", "3"]]);
    }

    #[test]
    fn cells_know_their_places() {
        let sheet = Sheet::of(Source::file("a.csv", "名, b\n\"x\",y\n")).unwrap();
        let place = |cell: &Cell| {
            let place = Place::new(&sheet.source, cell.span.clone());
            (place.line(), place.column())
        };
        assert_eq!(
            sheet.lines.iter().flatten().map(place).collect::<Vec<_>>(),
            [(1, 1), (1, 4), (2, 1), (2, 5)]
        );
    }

    #[test]
    fn text_is_read_in_utf_8_utf_16_or_gbk() {
        let of = |bytes: &[u8]| text(bytes, "a.csv").map(|source| source.text.clone());
        assert_eq!(of("社区,人".as_bytes()).unwrap(), "社区,人");
        assert_eq!(of("\u{FEFF}社区".as_bytes()).unwrap(), "社区");
        assert_eq!(of(b"\xC9\xE7\xC7\xF8,a").unwrap(), "社区,a");
        assert_eq!(of(b"\xFF\xFE>y:S").unwrap(), "社区");
        assert!(of(b"a\nb\n\xC9\xFF\xFF\n").unwrap_err().message.en.starts_with("line 3"));
    }
}
