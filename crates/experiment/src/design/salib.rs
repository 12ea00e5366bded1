//! Files of SALib (Herman and Usher, JOSS 2, 2017), as they are.
//!
//! A **parameter file**, as its `read_param_file` reads it, has one line for each parameter: name, lower and
//! upper bound, and perhaps a group and a distribution, apart by commas, semicolons, tabs or spaces; `#`
//! begins a comment. A **sample table**, as `numpy.savetxt` writes it, has one row for each sample, numbers
//! apart by spaces or commas, and no names.

use std::sync::Arc;

use toml::Value;

use super::csv::{ENOUGH, check_count, uneven};
use super::factor::Factor;
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::params::{Text, text};
use shequ_model::base::problem::{Place, Problem, Problems, Source};
use shequ_model::scenario::index::Index;
use shequ_model::scenario::{draft, renamed};

/// One line of a parameter file or of a sample table.
struct Line<'a> {
    /// What the first cell says; of a parameter, its key's name of today.
    name: &'a str,
    cells: Vec<&'a str>,
    source: &'a Arc<Source>,
}

impl<'a> Line<'a> {
    fn cell(&self, number: usize) -> &'a str {
        self.cells.get(number).copied().unwrap_or("").trim()
    }

    /// Where a cell stands; the start of the line for one that is missing.
    fn place(&self, number: usize) -> Place {
        let cell = self.cells.get(number).unwrap_or(&self.cells[0]);
        Place::new(self.source, span(self.source, cell))
    }
}

/// Bytes of a part of the text of `source`.
fn span(source: &Source, part: &str) -> std::ops::Range<usize> {
    let start = part.as_ptr() as usize - source.text.as_ptr() as usize;
    start..start + part.len()
}

/// The lines that are neither empty nor comments, cut into cells.
fn lines(source: &Arc<Source>) -> impl Iterator<Item = Line<'_>> {
    let filled = source.text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    filled.map(move |line| {
        let separator = [',', ';', '\t'].into_iter().find(|&c| line.contains(c));
        let cells: Vec<&str> = match separator {
            Some(separator) => line.split(separator).map(str::trim).collect(),
            None => line.split_whitespace().collect(),
        };
        Line { name: cells[0], cells, source }
    })
}

/// Reads a parameter file as the columns of a sample table, adding what is wrong to `problems`. Bounds and
/// distributions have done their work when the sample was made: a column may hold all that its key may.
pub fn columns(
    source: &Arc<Source>,
    index: &Index,
    problems: &mut Problems,
    notes: &mut Vec<Problem>,
) -> Vec<Factor> {
    let lines = parameters(source, index, problems, notes);
    let column =
        |line: &Line| {
            let name = line.name;
            let factor = Factor::whole(name, index.key(name)?);
            if factor.is_none() {
                let message =
                    both!("`{name}` is not allowed in a table of numbers", "`{name}` 不能写在数的表格中");
                problems.push(Problem::new(message).of(name).at(line.place(0)).help(both!(
                    "name the columns in the first line of the table",
                    "请在表格的第一行写列名"
                )));
            }
            factor
        };
    lines.iter().filter_map(column).collect()
}

/// Reads a parameter file as ranges to sample from, adding what is wrong to `problems`.
pub fn factors(
    source: &Arc<Source>,
    index: &Index,
    problems: &mut Problems,
    notes: &mut Vec<Problem>,
) -> Vec<Factor> {
    let lines = parameters(source, index, problems, notes);
    lines.iter().filter_map(|line| factor(line, index, problems)).collect()
}

/// The lines that name keys, each once, by their names of today.
fn parameters<'a>(
    source: &'a Arc<Source>,
    index: &Index,
    problems: &mut Problems,
    notes: &mut Vec<Problem>,
) -> Vec<Line<'a>> {
    let is_header =
        |line: &Line| line.cell(0).eq_ignore_ascii_case("name") && line.cell(1).parse::<f64>().is_err();
    let mut known: Vec<Line> = Vec::new();
    for (number, mut line) in lines(source).enumerate() {
        if number == 0 && is_header(&line) {
            continue;
        }
        line.name = renamed::of_today(line.name, &line.place(0), notes);
        let name = line.name;
        if index.key(name).is_none() {
            problems.push(draft::unknown(name, index, problems).at(line.place(0)));
        } else if known.iter().any(|other| other.name == name) {
            let message = both!("`{name}` is here twice", "`{name}` 在此出现了两次");
            problems.push(Problem::new(message).of(name).at(line.place(0)));
        } else {
            known.push(line);
        }
    }
    if known.is_empty() && problems.is_empty() {
        problems.push(Problem::new(
            both!("{file} names no parameters", "{file} 没有写任何参数"; file = source.name),
        ));
    }
    known
}

fn factor(line: &Line, index: &Index, problems: &mut Problems) -> Option<Factor> {
    let name = line.name;
    let mut bound = |number: usize, which: Text| {
        let bound = line.cell(number).parse::<f64>();
        if bound.is_err() {
            let problem = Problem::new(both!(
                "the {which} bound of `{name}` is not a number", "`{name}` 的{which}不是数";
                which = which, name = name
            ));
            problems.push(problem.of(name).at(line.place(number)));
        }
        bound.ok()
    };
    let (low, high) = (bound(1, text("lower", "下界")), bound(2, text("upper", "上界")));
    if !matches!(line.cell(3), "" | "NA") && line.cell(3) != line.cell(0) {
        let problem = Problem::new(both!(
            "`{name}` is in a group, but parameters vary one by one here",
            "`{name}` 属于一个组，但此处各参数逐一变化"
        ));
        let help = both!("write NA for the group", "组请写 NA");
        problems.push(problem.of(name).at(line.place(3)).help(help));
    }
    let log = match line.cell(4) {
        "" | "unif" => false,
        "logunif" => true,
        other => {
            let help = both!(
                "sample by SALib, and give the table with method = \"csv\"",
                "请用 SALib 抽样，再用 method = \"csv\" 给出表格"
            );
            let problem = Problem::new(both!(
                "`{name}` has an unsupported distribution: {other}",
                "不支持 `{name}` 的分布：{other}"
            ));
            let allowed = both!("unif or logunif", "可用 unif 或 logunif");
            problems.push(problem.of(name).at(line.place(4)).allowed(allowed).help(help));
            return None;
        }
    };
    let key = index.key(name)?;
    let factor = Factor::between(name, key, low?, high?, log);
    let wrong = |what: Both| {
        let message = both!("`{name}` {what}", "`{name}` {what}"; what = what, name = name);
        problems.push(Problem::new(message).of(name).at(line.place(1)));
    };
    factor.map_err(wrong).ok()
}

/// Reads a sample table whose columns are `factors`, adding what is wrong to `problems`.
///
/// Numbers for a key of whole numbers are rounded; for a list of n values, a number from 0 up to n chooses
/// the one that it falls to.
pub fn samples(source: &Arc<Source>, factors: &[Factor], problems: &mut Problems) -> Vec<Vec<Value>> {
    let (mut rows, before) = (Vec::new(), problems.0.len());
    for line in lines(source) {
        if line.cells.len() != factors.len() {
            let start = span(source, line.cells[0]).start;
            problems.push(uneven(line.cells.len(), factors.len(), source, start));
        } else {
            let cells = factors.iter().enumerate();
            rows.push(cells.filter_map(|(column, factor)| value(&line, column, factor, problems)).collect());
        }
        if problems.0.len() - before > ENOUGH {
            break;
        }
    }
    check_count(rows.len(), source, problems);
    rows
}

fn value(line: &Line, column: usize, factor: &Factor, problems: &mut Problems) -> Option<Value> {
    let value = line.cell(column).parse::<f64>().ok().and_then(|number| factor.nearest(number));
    if value.is_none() {
        let message = both!("this is not a value of `{key}`", "这不是 `{key}` 的取值"; key = factor.key);
        let problem = Problem::new(message).of(&factor.key);
        problems.push(problem.at(line.place(column)).allowed(factor.allowed()));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::super::factor::Range;
    use super::*;
    use shequ_model::scenario::sections;

    fn read_factors(text: &str) -> (Vec<Factor>, Problems) {
        let (source, mut problems) = (Source::file("parameters.txt", text), Problems::default());
        let factors = factors(&source, &Index::new(sections()), &mut problems, &mut Vec::new());
        (factors, problems)
    }

    fn read_samples(text: &str) -> (Vec<Vec<Value>>, Problems) {
        let words = ["x", "y"].map(Value::from).to_vec();
        let factors = [
            Factor { key: "a".into(), range: Range::Linear { low: 0.0, high: 1.0 } },
            Factor { key: "b".into(), range: Range::Whole { low: 1, high: 9 } },
            Factor { key: "c".into(), range: Range::Levels(words) },
        ];
        let (source, mut problems) = (Source::file("sample.txt", text), Problems::default());
        let rows = samples(&source, &factors, &mut problems);
        (rows, problems)
    }

    #[test]
    fn parameter_files_are_read_in_every_form() {
        let plain = "residents.habit_gain 0 1\n# a comment\npopulation.adults 100 500\n";
        let full = "name,lower_bound,upper_bound,group,dist\n\
                    residents.habit_gain,0,1,NA,unif\r\npopulation.adults,100.0,500,NA,unif\n";
        let expected = [
            Factor { key: "residents.habit_gain".into(), range: Range::Linear { low: 0.0, high: 1.0 } },
            Factor { key: "population.adults".into(), range: Range::Whole { low: 100, high: 500 } },
        ];
        for text in [plain, full] {
            let (factors, problems) = read_factors(text);
            assert!(problems.is_empty(), "{problems}");
            assert_eq!(factors, expected);
        }
    }

    #[test]
    fn columns_take_whatever_their_keys_take() {
        let text = "residents.habit_gain,0.5,0.1,NA,norm\ncouncil.selection,0,6\nstart,0,1\n";
        let (source, mut problems) = (Source::file("parameters.txt", text), Problems::default());
        let columns = columns(&source, &Index::new(sections()), &mut problems, &mut Vec::new());
        assert_eq!(columns[0].range, Range::Linear { low: 0.0, high: 1.0 });
        assert_eq!(columns[1].nearest(0.5), Some("direct".into()));
        assert_eq!((columns.len(), problems.0.len()), (2, 1), "{problems}");
    }

    #[test]
    fn everything_wrong_with_a_parameter_file_is_said_at_once() {
        let text = "residents.habit_gian,0,1\npopulation.adults,x,1\nresidents.habit_gain,0,1,g,norm\n\
                    council.selection,0,1\nresidents.habit_gain,0,1\n";
        let (_, problems) = read_factors(text);
        let lines: Vec<usize> = problems.0.iter().filter_map(|p| p.place.as_ref()).map(Place::line).collect();
        assert_eq!(lines, [1, 5, 2, 3, 3, 4], "{problems}");
    }

    #[test]
    fn sample_tables_are_read_with_spaces_or_commas() {
        let text = "# made by numpy\n5.0e-01 2.6000e+00 1.0000e+00\n";
        for text in [text.to_string(), text.replace("e+00 ", "e+00,").replace("e-01 ", "e-01,")] {
            let (rows, problems) = read_samples(&text);
            assert!(problems.is_empty(), "{problems}");
            assert_eq!(rows, [[Value::Float(0.5), Value::Integer(3), "y".into()]]);
        }
    }

    #[test]
    fn a_wrong_sample_is_pointed_at() {
        let (_, problems) = read_samples("0.5 2 0\n0.5 2\n1.5 nan 3\n");
        let at: Vec<(usize, usize)> =
            problems.0.iter().filter_map(|p| p.place.as_ref()).map(|p| (p.line(), p.column())).collect();
        assert_eq!(at, [(2, 1), (3, 1), (3, 5), (3, 9)], "{problems}");
    }
}
