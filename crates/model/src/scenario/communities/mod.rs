//! Communities from a table: what a file or a list says of each, checked cell by cell and as a whole.
//!
//! What is read becomes part of the scenario, row by row, so that a resolved scenario needs no other file.

mod cell;
pub mod columns;
mod geography;
mod inline;
mod layers;
pub mod outline;
mod shares;
mod sheet;
pub mod template;
mod whole;
mod workbook;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::{Table, Value};

use self::cell::{is_missing, number, yes_or_no};
use self::columns::{COLUMNS, Part, Scale};
use self::shares::Written;
use self::sheet::{Cell, Sheet};
use super::index::did_you_mean;
use super::reader::HINTED;
use super::{file, lists, value};
use crate::base::i18n::{Both, both, listed};
use crate::base::params::{Key, Kind as Holds};
use crate::base::problem::{Place, Problem, Source, nearest};
use crate::city::{Kind, table};

pub use inline::inline;
pub(super) use layers::settle;
pub use whole::MOST;

/// Longest table, in bytes: far more than the most communities need.
const LONGEST: u64 = 16 << 20;

/// What rows at the end of a table are called that sum it up.
const TOTALS: [&str; 8] = ["合计", "总计", "小计", "平均", "total", "totals", "sum", "average"];

/// A table that was read, and what a reader should know of it.
pub struct Read {
    /// The rows, each with what it says.
    pub value: Value,
    /// What of it is drawn, and what was not used.
    pub notes: Vec<Problem>,
}

/// One row: what it says by key, and where.
#[derive(Debug, Default)]
pub struct Row {
    values: BTreeMap<&'static str, Value>,
    spans: BTreeMap<&'static str, Range<usize>>,
    span: Range<usize>,
}

impl Row {
    fn set(&mut self, key: &'static str, value: Value, span: Range<usize>) {
        self.values.insert(key, value);
        self.spans.insert(key, span);
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key)?.as_str()
    }

    /// Where it says this, or else where it is.
    fn span_of(&self, key: &str) -> Range<usize> {
        self.spans.get(key).unwrap_or(&self.span).clone()
    }

    /// Its values in the order of the keys.
    fn table(mut self, keys: &[Key]) -> Value {
        let value = |key: &Key| Some((key.name.to_string(), self.values.remove(key.name)?));
        Value::Table(keys.iter().filter_map(value).collect::<Table>())
    }
}

/// The communities in the file `named` in `folder`.
///
/// # Errors
/// Everything in the file that cannot be used, each with its line and column.
pub fn read(named: &str, folder: &Path) -> Result<Read, Vec<Problem>> {
    let path = lists::beside(folder, named);
    let name = path.display().to_string();
    let sheet = sheet(named, &path, &name)?;
    let mut reader = Reader { sheet: &sheet, keys: table::keys(), problems: Vec::new(), notes: Vec::new() };
    let mut rows = reader.rows(&sheet);
    reader.simplify(&mut rows);
    reader.check(&rows);
    match reader.problems.is_empty() {
        true => {
            reader.tell(&rows);
            let Reader { keys, notes, .. } = reader;
            Ok(Read { value: rows.into_iter().map(|row| row.table(&keys)).collect::<Vec<_>>().into(), notes })
        }
        false => Err(reader.problems),
    }
}

/// The cells of a file, in whichever of the forms that are read.
fn sheet(named: &str, path: &Path, name: &str) -> Result<Sheet, Problem> {
    let source = if file::is_built_in(named) {
        file::read(path, name)?
    } else {
        let too_long = || {
            Problem::new(both!("{name} is larger than 16 MiB", "{name} 大于 16 MiB")).help(both!(
                "a table of communities has one row for each of at most {MOST}",
                "社区表每个社区一行，最多 {MOST} 行"
            ))
        };
        let bytes = file::bytes(path, name, LONGEST)?.ok_or_else(too_long)?;
        if workbook::is_one(&bytes) || has_ending(path, &["xlsx", "xlsm"]) {
            return workbook::sheet(&bytes, name);
        }
        sheet::text(&bytes, name)?
    };
    if source.text.trim_start().starts_with('{') || has_ending(path, &["geojson"]) {
        return geography::sheet(source);
    }
    not_a_table(&source).map_or_else(|| Sheet::of(source.clone()), Err)
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    endings.contains(&ending.to_lowercase().as_str())
}

impl From<Problem> for Vec<Problem> {
    fn from(problem: Problem) -> Vec<Problem> {
        vec![problem]
    }
}

/// A scenario in the place of a table, or nothing at all.
fn not_a_table(source: &Arc<Source>) -> Option<Problem> {
    let name = &source.name;
    let lines = source.text.lines().map(str::trim);
    let mut filled = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(first) = filled.next() else {
        let problem = Problem::new(both!("{name} is empty", "{name} 是空的"));
        return Some(problem.help(both!(
            "its first line names its columns; `shequ new NAME --communities` writes an example",
            "第一行应写列名；`shequ new NAME --communities` 可写出样例"
        )));
    };
    let is_key = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    let is_scenario = first.starts_with('[') && first.ends_with(']')
        || first.split_once('=').is_some_and(|(key, _)| is_key(key.trim()) && !key.trim().is_empty());
    if is_scenario {
        let problem = Problem::new(both!("{name} is a scenario, not a table", "{name} 是情景，不是表"));
        return Some(problem.help(both!(
            "`population.table` names a CSV, Excel or GeoJSON file with one row for each community; a scenario is run by `shequ run`",
            "`population.table` 应指明每个社区一行的 CSV、Excel 或 GeoJSON 文件；情景用 `shequ run` 运行"
        )));
    }
    first.starts_with('<').then(|| {
        Problem::new(both!("{name} is not a table", "{name} 不是表")).help(both!(
            "`population.table` names a CSV, Excel or GeoJSON file with one row for each community",
            "`population.table` 应指明每个社区一行的 CSV、Excel 或 GeoJSON 文件"
        ))
    })
}

/// Endings of files that are tables and never scenarios.
const ENDINGS: [&str; 6] = ["csv", "tsv", "xlsx", "xls", "ods", "geojson"];

/// True of a file that is a table, told by the ending of its name.
pub fn is_table(path: &Path) -> bool {
    has_ending(path, &ENDINGS) && path.is_file()
}

/// What is said of a table where a scenario is wanted.
pub fn instead_of_scenario(path: &Path, name: &str) -> Option<Problem> {
    is_table(path).then(|| no_scenario(name))
}

/// The same of a text whose first line are the headings of a table.
pub fn headings_instead_of_scenario(source: &Source) -> Option<Problem> {
    let line = source.text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let known = line.split([',', ';', '\t']).filter(|cell| columns::find(cell).is_some()).count();
    (known > 1).then(|| no_scenario(&source.name))
}

fn no_scenario(name: &str) -> Problem {
    Problem::new(both!("{name} is a table, not a scenario", "{name} 是表，不是情景")).help(both!(
        "if it is a table of communities, add it to a scenario: \
         shequ run SCENARIO.toml --set population.table={name}",
        "若是社区表，请加到某个情景上：shequ run SCENARIO.toml --set population.table={name}"
    ))
}

/// A heading that is used.
#[derive(Clone, Copy)]
struct Used {
    /// Its place in the line.
    at: usize,
    /// Its place among [`COLUMNS`].
    column: usize,
    scale: Scale,
}

struct Reader<'a> {
    sheet: &'a Sheet,
    keys: Vec<Key>,
    problems: Vec<Problem>,
    notes: Vec<Problem>,
}

impl Reader<'_> {
    /// Adds a problem, unless there are more than anybody reads.
    fn wrong(&mut self, problem: Problem, span: Range<usize>) {
        if self.problems.len() < HINTED {
            self.problems.push(self.placed(problem, span));
        }
    }

    /// Points at a cell, by what its spreadsheet calls it if it has one.
    fn placed(&self, problem: Problem, span: Range<usize>) -> Problem {
        let message = match self.sheet.addresses.get(&span.start) {
            Some(cell) => both!("{cell}: {said}", "{cell}：{said}"; cell = cell, said = problem.message),
            None => problem.message,
        };
        Problem { message, ..problem }.at(Place::new(&self.sheet.source, span))
    }

    fn key(&self, name: &str) -> Key {
        let found = self.keys.iter().find(|key| key.name == name);
        found.unwrap_or(&self.keys[0]).clone()
    }

    fn rows(&mut self, sheet: &Sheet) -> Vec<Row> {
        let Some((header, lines)) = sheet.lines.split_first() else { return Vec::new() };
        let used = self.header(header, lines);
        if !self.problems.is_empty() {
            return Vec::new();
        }
        if lines.is_empty() {
            let problem = Problem::new(both!("this table has no communities", "表中没有社区"));
            self.wrong(
                problem.help(both!("write one row for each", "每个社区写一行")),
                header[0].span.clone(),
            );
        }
        if lines.len() > MOST {
            let problem = Problem::new(both!(
                "this table has {n} rows, and a city at most {MOST} communities",
                "表中有 {n} 行，而城市最多有 {MOST} 个社区";
                n = lines.len()
            ))
            .help(both!(
                "is this a table of residents? one row is one community",
                "这是居民表吗？一行应为一个社区"
            ));
            self.wrong(problem, lines[MOST][0].span.clone());
            return Vec::new();
        }
        let mut rows = Vec::new();
        let mut written = Vec::new();
        for line in lines {
            if line.len() != header.len() {
                self.uneven(line, header.len(), sheet.separator);
                continue;
            }
            if let Some(row) = self.named(line, &used) {
                rows.push(row);
                written.push(Written::new());
                self.line(line, &used, &mut rows, &mut written);
            }
        }
        self.shares(&used, header, &mut rows, &written);
        rows
    }

    /// Which columns are used.
    fn header(&mut self, header: &[Cell], lines: &[Vec<Cell>]) -> Vec<Used> {
        let known = |line: &[Cell]| line.iter().filter(|cell| columns::find(&cell.text).is_some()).count();
        if known(header) == 0 {
            self.no_header(header, lines.first().is_some_and(|line| known(line) > 1));
            return Vec::new();
        }
        let mut used: Vec<Used> = Vec::new();
        for (at, cell) in header.iter().enumerate() {
            match columns::find(&cell.text) {
                Some((column, scale)) => {
                    if let Some(before) = used.iter().find(|other| other.column == column) {
                        let first = &header[before.at].text;
                        let problem = Problem::new(both!(
                            "this column says the same as the column {first}",
                            "此列与列 {first} 内容相同"
                        ));
                        self.wrong(
                            problem.help(both!("leave one of them out", "请删去其中一列")),
                            cell.span.clone(),
                        );
                    }
                    used.push(Used { at, column, scale });
                }
                None => self.unknown(cell, at, lines),
            }
        }
        if !used.iter().any(|used| COLUMNS[used.column].key == "name") {
            let problem = Problem::new(both!("there is no column `name`", "没有“社区”（`name`）列"));
            self.wrong(
                problem.help(both!("every community needs a name of its own", "每个社区都要有各自的名称")),
                header[0].span.clone(),
            );
        }
        used
    }

    fn no_header(&mut self, header: &[Cell], next_is: bool) {
        let problem = match next_is {
            true => Problem::new(both!(
                "this is a title; the first line must name the columns",
                "这是标题；第一行必须是列名"
            ))
            .help(both!("delete the lines above the headings", "请删去列名之上的各行")),
            false => Problem::new(both!("no column is known by its heading", "没有一列的列名是已知的")).help(
                both!(
                    "the first line names the columns: {all}",
                    "第一行应写列名：{all}";
                    all = listed(COLUMNS.iter().map(|column| column.heading))
                ),
            ),
        };
        self.wrong(problem, header[0].span.clone());
    }

    /// A column that nobody asked for is left out and told; one that was perhaps meant to be another is
    /// wrong.
    fn unknown(&mut self, cell: &Cell, at: usize, lines: &[Vec<Cell>]) {
        let heading = &cell.text;
        if heading.is_empty() {
            if lines.iter().any(|line| line.get(at).is_some_and(|cell| !cell.text.is_empty())) {
                let problem = Problem::new(both!("this column has no heading", "此列没有列名"));
                self.wrong(
                    problem.help(both!(
                        "name it; of merged cells only the first keeps its heading",
                        "请写上列名；合并的单元格只有第一格保留列名"
                    )),
                    cell.span.clone(),
                );
            }
        } else if columns::is_of_ages(heading) {
            let bands = COLUMNS.iter().filter(|column| column.key == "age").map(|column| column.heading);
            let problem = Problem::new(both!("there is no age band {heading}", "没有年龄段 {heading}"));
            self.wrong(
                problem.help(
                    both!("the bands of adults are {all}", "成年居民的年龄段为 {all}"; all = listed(bands)),
                ),
                cell.span.clone(),
            );
        } else if let Some(near) = columns::guess(heading) {
            let problem = Problem::new(both!("there is no column {heading}", "没有列 {heading}"));
            self.wrong(problem.help(did_you_mean(near)), cell.span.clone());
        } else {
            let note = Problem::new(both!("the column {heading} is not used", "列 {heading} 未被使用"));
            let note = self.placed(note, cell.span.clone());
            self.notes.push(note.help(both!(
                "`shequ explain population.table` lists the columns that are",
                "`shequ explain population.table` 列出可用的列"
            )));
        }
    }

    fn uneven(&mut self, line: &[Cell], wanted: usize, separator: char) {
        let problem = Problem::new(both!(
            "this row has {n} cells where the first line has {wanted}",
            "这一行有 {n} 格，而第一行有 {wanted} 格";
            n = line.len(), wanted = wanted
        ));
        let problem = if line.len() > wanted && separator == ',' {
            problem.help(both!(
                "put cells with a comma in quotes: \"3,000\"",
                "含逗号的单元格应加引号：\"3,000\""
            ))
        } else {
            problem.help(both!("leave cells empty, but do not leave them out", "单元格可以为空，但不能省略"))
        };
        self.wrong(problem, line[0].span.start..line[line.len() - 1].span.end);
    }

    /// The row of a line, with its name, unless it sums up the others.
    fn named(&mut self, line: &[Cell], used: &[Used]) -> Option<Row> {
        let name = used.iter().find(|used| COLUMNS[used.column].key == "name")?;
        let cell = &line[name.at];
        if TOTALS.contains(&cell.text.to_lowercase().as_str()) {
            let problem = Problem::new(both!("this row sums up the others", "这一行是合计"));
            self.wrong(problem.help(both!("leave it out", "请删去")), cell.span.clone());
            return None;
        }
        let row = Row { span: line[0].span.start..line[line.len() - 1].span.end, ..Row::default() };
        if cell.text.is_empty() {
            let problem = Problem::new(both!("this community has no name", "此社区没有名称"));
            self.wrong(
                problem.help(both!(
                    "of merged cells only the first keeps what was written: fill in each",
                    "合并的单元格只有第一格保留内容：请逐格填写"
                )),
                row.span.clone(),
            );
            return None;
        }
        Some(row)
    }

    /// What the cells of a line say but for shares, which need their column as a whole.
    fn line(&mut self, line: &[Cell], used: &[Used], rows: &mut [Row], written: &mut [Written]) {
        let (Some(row), Some(written)) = (rows.last_mut(), written.last_mut()) else { return };
        for &Used { at, column, scale } in used {
            let (cell, column) = (&line[at], &COLUMNS[column]);
            if is_missing(&cell.text) {
                // Where an empty cell contradicts others, it is pointed at.
                row.spans.entry(column.key).or_insert_with(|| cell.span.clone());
                continue;
            }
            let key = self.key(column.key);
            let is_share = column.part != Part::Whole || key.unit == "share";
            let read = match &key.kind {
                Holds::Choice(_) => kind(&cell.text),
                Holds::Text => name(&key, &cell.text),
                Holds::Rows { .. } => border(&cell.text),
                _ if is_share => match (column.key, yes_or_no(&cell.text)) {
                    ("managed", Some(share)) => Ok(share.into()),
                    _ => match number(&cell.text) {
                        Ok(number) => {
                            written.insert(at, (number, cell.span.clone()));
                            continue;
                        }
                        Err((what, help)) => Err(problem(what, help)),
                    },
                },
                _ => amount(&key, &cell.text, scale),
            };
            match read {
                Ok(value) => row.set(column.key, value, cell.span.clone()),
                Err(problem) => self.wrong(problem, cell.span.clone()),
            }
        }
    }
}

fn problem(what: Both, help: Option<Both>) -> Problem {
    help.into_iter().fold(Problem::new(what), Problem::help)
}

/// A kind of neighbourhood by any of its names.
fn kind(text: &str) -> Result<Value, Problem> {
    const ALSO: [(Kind, &[&str]); 5] = [
        (Kind::Commodity, &["commodity housing", "商品房", "商品房社区", "商品住宅"]),
        (Kind::Courtyard, &["old courtyard", "老旧小区", "老旧院落社区", "院落", "老院落"]),
        (Kind::Danwei, &["work unit", "单位大院", "单位小区", "家属院"]),
        (Kind::Resettlement, &["resettlement estate", "集中安置小区", "安置房", "安置社区", "拆迁安置"]),
        (Kind::Village, &["村庄", "农村", "行政村", "农村社区"]),
    ];
    let names = || {
        ALSO.iter().flat_map(|(kind, also)| {
            let own = [kind.word(), kind.name().zh];
            own.into_iter().chain(also.iter().copied()).map(|name| (*kind, name))
        })
    };
    let wanted = text.to_lowercase();
    if let Some((kind, _)) = names().find(|(_, name)| *name == wanted) {
        return Ok(kind.word().into());
    }
    let problem = Problem::new(both!("there is no kind {text}", "没有类型 {text}"));
    Err(match nearest(&wanted, names().map(|(_, name)| name)) {
        Some(near) => problem.help(did_you_mean(near)),
        None => problem.help(both(
            format!("the kinds are {}", listed(Kind::ALL.map(Kind::word)).en),
            format!("类型有 {}", listed(Kind::ALL.map(|kind| kind.name().zh)).zh),
        )),
    })
}

/// One line of text, as every text of a scenario.
fn name(key: &Key, text: &str) -> Result<Value, Problem> {
    let one_line = text.replace(['\n', '\r'], " ");
    value::check(key, &toml::de::DeValue::String(one_line.into()))
        .map_err(|fault| problem(both!("this {what}", "此处{what}"; what = fault.what), fault.help))
}

/// An outline, as GeoJSON writes geometry.
fn border(text: &str) -> Result<Value, Problem> {
    let wrong = || {
        Problem::new(both!("this is no outline", "这不是边界")).help(both!(
            "an outline is a `Polygon` or `MultiPolygon` of GeoJSON, in degrees",
            "边界应为 GeoJSON 的 `Polygon` 或 `MultiPolygon`，以度为单位"
        ))
    };
    outline::read(text).map(|rings| outline::value(&rings)).ok_or_else(wrong)
}

/// A number that is no share.
fn amount(key: &Key, text: &str, scale: Scale) -> Result<Value, Problem> {
    let number = number(text).map_err(|(what, help)| problem(what, help))?;
    let times = if scale == Scale::TenThousand { 1e4 } else { 1.0 };
    let (value, allowed) = (number.value * times, key.allowed());
    if number.percent {
        return Err(Problem::new(both!("this is no share", "此列不是比例")).allowed(allowed));
    }
    match key.kind {
        Holds::Count { low, high } => {
            let whole = value.round();
            if (value - whole).abs() > 1e-6 {
                return Err(
                    Problem::new(both!("this must be a whole number", "此处必须是整数")).allowed(allowed)
                );
            }
            match (low as f64..=high as f64).contains(&whole) {
                true => Ok(Value::Integer(whole as i64)),
                false => Err(Problem::new(out_of_range()).allowed(allowed)),
            }
        }
        Holds::Real { low, high } if !(low..=high).contains(&value) => {
            Err(Problem::new(out_of_range()).allowed(allowed))
        }
        _ => Ok(Value::Float(value + 0.0)),
    }
}

fn out_of_range() -> Both {
    both!("this number is out of range", "这个数超出范围")
}
