//! A design from elsewhere: a CSV table with one column for each key that varies.
//!
//! The first line names the keys; each further line is a row of the design. Values are written as in a
//! scenario file, words without quotes. A table of numbers without names is one of SALib's: [`super::salib`].

use std::ops::Range as Span;
use std::sync::Arc;

use toml::Value;

use super::MOST_ROWS;
use super::factor::{Factor, Range};
use shequ_model::base::i18n::both;
use shequ_model::base::problem::{Place, Problem, Problems, Source};
use shequ_model::scenario::index::Index;
use shequ_model::scenario::{document, draft, renamed};

/// Problems after which a table is not read any further.
pub const ENOUGH: usize = 200;

/// A table read from a file: its factors and its rows.
pub type Given = (Vec<Factor>, Vec<Vec<Value>>);

/// True if the table names its columns: if any cell of its first line is no number.
pub fn has_names(source: &Source) -> bool {
    let lines = source.text.lines().map(str::trim);
    let mut filled = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_number = |cell: &str| cell.is_empty() || cell.parse::<f64>().is_ok();
    filled.next().is_some_and(|line| !line.split([',', ' ', '\t', ';']).all(is_number))
}

/// Reads a table with names, adding what is wrong to `problems`; then it is not to be used. What a reader
/// should know is added to `notes`.
pub fn read(source: &Arc<Source>, index: &Index, problems: &mut Problems, notes: &mut Vec<Problem>) -> Given {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(source.text.as_bytes());
    let Ok(header) = reader.headers().cloned() else { return Given::default() };
    let named = (0..).zip(header.iter().map(str::trim));
    let keys: Vec<&str> =
        named.map(|(column, name)| renamed::of_today(name, &name_place(source, column), notes)).collect();
    check_names(&keys, source, index, problems);
    let known: Vec<bool> = keys.iter().map(|key| index.key(key).is_some()).collect();
    let before = problems.0.len();
    let mut rows = Vec::new();
    for record in reader.records().flatten() {
        let start = record.position().map_or(0, |p| p.byte() as usize);
        if record.len() != keys.len() {
            problems.push(uneven(record.len(), keys.len(), source, start));
        } else {
            let cells = record.iter().enumerate().filter(|&(column, _)| known[column]);
            let values = cells.filter_map(|(column, cell)| {
                let place = Place::new(source, cell_span(&source.text, start, column));
                let entry = document::written(keys[column], &place, cell.trim(), index, problems);
                entry.map(|entry| entry.value)
            });
            rows.push(values.collect());
        }
        if problems.0.len() - before > ENOUGH {
            break;
        }
    }
    check_count(rows.len(), source, problems);
    (keys.iter().enumerate().map(|(column, key)| factor(key, column, &rows)).collect(), rows)
}

/// The factor of a column: the values that occur in it, in the order of their first coming.
fn factor(key: &str, column: usize, rows: &[Vec<Value>]) -> Factor {
    let mut values: Vec<Value> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for value in rows.iter().filter_map(|row| row.get(column)) {
        if seen.insert(value.to_string()) {
            values.push(value.clone());
        }
    }
    Factor { key: key.into(), range: Range::Levels(values) }
}

/// Where the name of column number `column` stands.
pub fn name_place(source: &Arc<Source>, column: usize) -> Place {
    let start = source.text.len() - source.text.trim_start().len();
    Place::new(source, cell_span(&source.text, start, column))
}

fn check_names(keys: &[&str], source: &Arc<Source>, index: &Index, problems: &mut Problems) {
    for (column, key) in keys.iter().enumerate() {
        let place = name_place(source, column);
        if index.key(key).is_none() {
            problems.push(draft::unknown(key, index, problems).at(place));
        } else if keys[..column].contains(key) {
            problems.push(given_twice(key).of(*key).at(place));
        }
    }
}

/// A table of which columns are found by name.
pub struct Named {
    /// Names of the columns.
    pub names: Vec<String>,
    /// The rows that have as many cells as there are columns, each with the byte at which it starts.
    pub rows: Vec<(usize, ::csv::StringRecord)>,
}

impl Named {
    /// Reads the table in `source`, adding what is wrong with its rows to `problems`.
    pub fn read(source: &Arc<Source>, problems: &mut Problems) -> Named {
        let text = source.text.trim_start_matches('\u{feff}');
        let skipped = source.text.len() - text.len();
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let names: Vec<String> = header.iter().map(|name| name.trim().to_string()).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let message = both!("{source}: {error}", "{source}：{error}"; source = source.name);
                    problems.push(Problem::new(message));
                    break;
                }
            };
            let start = skipped + record.position().map_or(0, |p| p.byte() as usize);
            match record.len() == names.len() {
                true => rows.push((start, record)),
                false => problems.push(uneven(record.len(), names.len(), source, start)),
            }
        }
        Named { names, rows }
    }
}

/// A row of such a table while it is read.
pub struct Cells<'a> {
    /// The table.
    pub source: &'a Arc<Source>,
    /// The byte at which the row starts.
    pub start: usize,
    /// What it holds.
    pub cells: &'a ::csv::StringRecord,
}

impl<'a> Cells<'a> {
    /// What stands in a column, without blanks around it.
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).unwrap_or("").trim()
    }

    /// Where it stands.
    pub fn place(&self, column: usize) -> Place {
        Place::new(self.source, cell_span(&self.source.text, self.start, column))
    }

    /// A weight: a number from 0 up.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn weight(&self, column: usize) -> Result<f64, Problem> {
        let cell = self.cell(column);
        match cell.parse::<f64>() {
            Ok(weight) if weight >= 0.0 && weight.is_finite() => Ok(weight),
            _ => {
                let problem = Problem::new(both!("`{cell}` is not a weight", "`{cell}` 不是权重"));
                let allowed = both!("a number from 0 up", "大于等于 0 的数");
                Err(problem.at(self.place(column)).allowed(allowed))
            }
        }
    }
}

/// Two columns of one name.
pub fn given_twice(name: &str) -> Problem {
    Problem::new(both!("two columns are called `{name}`", "有两列都名为 `{name}`"))
}

/// A row of another length than the header.
pub fn uneven(cells: usize, columns: usize, source: &Arc<Source>, start: usize) -> Problem {
    let line = source.text[start..].lines().next().unwrap_or("");
    Problem::new(both!(
        "this row has {cells} values, but there are {columns} columns",
        "此行有 {cells} 个值，但共有 {columns} 列"
    ))
    .at(Place::new(source, start..start + line.len()))
}

/// A table must have rows, and not too many.
pub fn check_count(rows: usize, source: &Arc<Source>, problems: &mut Problems) {
    let name = &source.name;
    if rows == 0 && problems.is_empty() {
        problems.push(Problem::new(both!("{name} has no rows", "{name} 没有数据行")));
    }
    if rows > MOST_ROWS {
        let message = both!("{name} has more than {MOST_ROWS} rows", "{name} 超过 {MOST_ROWS} 行");
        problems.push(Problem::new(message));
    }
}

/// Bytes of cell number `column` in the record that starts at `start`.
pub fn cell_span(text: &str, start: usize, column: usize) -> Span<usize> {
    // The reader's position may be that of the line's end before the record.
    let start = text.len() - text[start..].trim_start_matches(['\r', '\n']).len();
    let (mut begin, mut number, mut quoted) = (start, 0, false);
    for (at, c) in text[start..].char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' | '\r' | '\n' if !quoted => {
                if number == column || c != ',' {
                    return begin..start + at;
                }
                (begin, number) = (start + at + 1, number + 1);
            }
            _ => {}
        }
    }
    begin..text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::scenario::sections;

    fn read_text(text: &str) -> (Given, Problems) {
        let (source, mut problems) = (Source::file("design.csv", text), Problems::default());
        let given = read(&source, &Index::new(sections()), &mut problems, &mut Vec::new());
        (given, problems)
    }

    #[test]
    fn a_table_gives_keys_and_checked_values() {
        let text = "population.rewiring,council.selection,months\n2e-1,sortition,24\n0.1,direct,12\n";
        let ((factors, rows), problems) = read_text(text);
        assert!(problems.is_empty(), "{problems}");
        assert_eq!(factors.iter().map(|f| f.key.as_str()).collect::<Vec<_>>()[1], "council.selection");
        assert_eq!(rows[0], [Value::Float(0.2), "sortition".into(), Value::Integer(24)]);
    }

    #[test]
    fn everything_wrong_is_pointed_at_by_line_and_column() {
        let text = "funding.bass,months,months\n1,12\r\n5,12,x\n5,\"12\",0.5\n";
        let (_, problems) = read_text(text);
        let at: Vec<(usize, usize)> =
            problems.0.iter().filter_map(|p| p.place.as_ref()).map(|p| (p.line(), p.column())).collect();
        assert_eq!(at, [(1, 1), (1, 21), (2, 1), (3, 6), (4, 8)], "{problems}");
        assert!(
            problems.0[0].help.as_ref().is_some_and(|help| help.en.contains("funding.base")),
            "{problems}"
        );
    }

    #[test]
    fn a_table_without_rows_or_text_is_refused() {
        for text in ["", "months\n", "\n\n"] {
            assert!(!read_text(text).1.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn names_tell_a_table_from_one_of_numbers() {
        assert!(has_names(&Source::file("a", "# x\n\nmonths,start\n1,2\n")));
        assert!(!has_names(&Source::file("a", "# x\n1.5e+00 -2 nan\n")));
    }
}
