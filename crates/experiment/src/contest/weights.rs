//! Reading weights of theories and rules: a table with the columns `theory`, `trust` and `weight`, as
//! `validate --weights` writes it.

use std::path::Path;
use std::sync::Arc;

use crate::design::csv::{Cells, Named, given_twice, name_place};
use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::i18n::{Both, both, listed};
use shequ_model::base::problem::{Problem, Problems, Source, nearest};
use shequ_model::scenario::file;
use shequ_model::{theory, trust};

/// The columns that there must be.
const NEEDED: [&str; 3] = ["theory", "trust", "weight"];
/// A column that may be there and says nothing here.
const SCORE: &str = "log_score";

/// What each combination of theory and rule counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Theory, rule and weight of each, in the order of a contest; the weights are one in all.
    rows: Vec<(&'static str, &'static str, f64)>,
}

impl Weights {
    /// The weights, in the order of the combinations of a contest.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.rows.iter().map(|(_, _, weight)| *weight)
    }

    /// All of it as text, the same for the same weights whatever file they come from.
    pub fn text(&self) -> String {
        let row = |(theory, rule, weight): &(_, _, f64)| format!("{theory},{rule},{weight:?}");
        self.rows.iter().map(row).collect::<Vec<_>>().join("\n")
    }

    /// `weights.csv`, which can be read again as it stands.
    pub fn table(&self) -> Table<'_> {
        let columns = vec![Column::text(NEEDED[0]), Column::text(NEEDED[1]), Column::real(NEEDED[2])];
        let rows = |take: &mut Take| {
            let mut row = |(theory, rule, weight): &(&str, &str, f64)| {
                take(&[Cell::Text(theory), Cell::Text(rule), Cell::Real(*weight)])
            };
            self.rows.iter().try_for_each(&mut row)
        };
        Table { name: "weights", columns, rows: Box::new(rows) }
    }
}

/// Theory, rule and what was given as its weight.
type Given = (&'static str, &'static str, Option<f64>);

/// Reads the table at `path`.
///
/// # Errors
/// All that is wrong with it, each with its line and column.
pub fn load(path: &Path) -> Result<Weights, Problems> {
    read(&file::read_table(path, &path.display().to_string())?)
}

/// Reads a table.
///
/// # Errors
/// All that is wrong with it, each with its line and column.
pub fn read(source: &Arc<Source>) -> Result<Weights, Problems> {
    let mut problems = Problems::default();
    let Named { names, rows } = Named::read(source, &mut problems);
    let columns = columns(&names, source, &mut problems);
    let mut weights = none();
    if let Some(columns) = columns {
        for (start, cells) in &rows {
            let mut row = Row { cells: Cells { source, start: *start, cells }, problems: &mut problems };
            row.put(columns, &mut weights);
        }
        of_the_whole(&weights, source, &mut problems);
    }
    if problems.is_empty() {
        return Ok(normalised(&weights));
    }
    // They are found by kind; people read them from top to bottom.
    problems.0.sort_by_key(|problem| problem.place.as_ref().map_or(usize::MAX, |place| place.span.start));
    Err(problems)
}

/// Each combination of a contest, without a weight.
fn none() -> Vec<Given> {
    let rules = |theory: &'static str| trust::all().iter().map(move |rule| (theory, rule.name, None));
    theory::all().iter().flat_map(|theory| rules(theory.name)).collect()
}

fn normalised(weights: &[Given]) -> Weights {
    let sum: f64 = weights.iter().filter_map(|(_, _, weight)| *weight).sum();
    // What is one but for rounding stays as it is, so that a table can be written and read again.
    let sum = if (sum - 1.0).abs() < 1e-9 { 1.0 } else { sum };
    let row = |&(theory, rule, weight): &(_, _, Option<f64>)| (theory, rule, weight.unwrap_or(0.0) / sum);
    Weights { rows: weights.iter().map(row).collect() }
}

/// Where each of [`NEEDED`] stands, if all do.
fn columns(names: &[String], source: &Arc<Source>, problems: &mut Problems) -> Option<[usize; 3]> {
    for (column, name) in names.iter().enumerate() {
        let place = || name_place(source, column);
        if names[..column].contains(name) {
            problems.push(given_twice(name).at(place()));
        } else if !NEEDED.contains(&name.as_str()) && name != SCORE {
            let problem = Problem::new(both!("there is no column `{name}`", "没有名为 `{name}` 的列"));
            problems.push(problem.at(place()).help(listed(NEEDED)));
        }
    }
    let places = NEEDED.map(|needed| names.iter().position(|name| name == needed));
    for (name, _) in NEEDED.iter().zip(places).filter(|(_, place)| place.is_none()) {
        let message = both!("there is no column `{name}`, which weights need", "缺少权重表必需的列 `{name}`");
        problems.push(Problem::new(message).at(name_place(source, 0)));
    }
    match places {
        [Some(theory), Some(rule), Some(weight)] => Some([theory, rule, weight]),
        _ => None,
    }
}

/// A row under way.
struct Row<'a> {
    cells: Cells<'a>,
    problems: &'a mut Problems,
}

impl Row<'_> {
    /// Puts the weight of this row in its place.
    fn put(&mut self, [theory, rule, weight]: [usize; 3], weights: &mut [Given]) {
        let theories: Vec<&str> = theory::all().iter().map(|entry| entry.name).collect();
        let rules: Vec<&str> = trust::all().iter().map(|entry| entry.name).collect();
        let of = self
            .word(theory, &theories, |cell| both!("there is no theory `{cell}`", "没有参与理论 `{cell}`"));
        let by = self
            .word(rule, &rules, |cell| both!("there is no rule of trust `{cell}`", "没有信任规则 `{cell}`"));
        let weight = self.cells.weight(weight).map_err(|problem| self.problems.push(problem)).ok();
        let (Some(of), Some(by), Some(weight)) = (of, by, weight) else { return };
        let Some(place) = weights.iter_mut().find(|(theory, rule, _)| (*theory, *rule) == (of, by)) else {
            return;
        };
        if place.2.is_some() {
            let message = both!("{of} with {by} has two weights", "{of} 与 {by} 的组合有两个权重");
            self.wrong(theory, Problem::new(message));
        }
        place.2 = Some(weight);
    }

    /// One of the words `known`; else what `wrong` says of the cell.
    fn word<'k>(
        &mut self,
        column: usize,
        known: &[&'k str],
        wrong: impl FnOnce(&str) -> Both,
    ) -> Option<&'k str> {
        let cell = self.cells.cell(column);
        let found = known.iter().find(|known| **known == cell).copied();
        if found.is_none() {
            let problem = Problem::new(wrong(cell));
            let problem = match nearest(cell, known.iter().copied()) {
                Some(near) => problem.help(both!("did you mean `{near}`?", "是否应为 `{near}`？")),
                None => problem.allowed(listed(known.iter().copied())),
            };
            self.wrong(column, problem);
        }
        found
    }

    fn wrong(&mut self, column: usize, problem: Problem) {
        self.problems.push(problem.at(self.cells.place(column)));
    }
}

/// What must hold of all rows together.
fn of_the_whole(weights: &[Given], source: &Arc<Source>, problems: &mut Problems) {
    if !problems.is_empty() {
        return;
    }
    let name = &source.name;
    let missing: Vec<String> = weights
        .iter()
        .filter(|(_, _, weight)| weight.is_none())
        .map(|(theory, rule, _)| format!("{theory} + {rule}"))
        .collect();
    let sum: f64 = weights.iter().filter_map(|(_, _, weight)| *weight).sum();
    let wrong = match () {
        _ if !missing.is_empty() => {
            let missing = missing.join(", ");
            both!("{name} has no weight of {missing}", "{name} 缺少下列组合的权重：{missing}")
        }
        _ if sum <= 0.0 => both!("all weights of {name} are 0", "{name} 的权重全为 0"),
        _ if sum.is_infinite() => both!("the weights of {name} are too large", "{name} 的权重过大"),
        _ => return,
    };
    problems.push(Problem::new(wrong));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Weights, Vec<String>> {
        read(&Source::file("weights.csv", text)).map_err(|problems| {
            let told = |p: &Problem| {
                let place = p.place.as_ref().map(|place| (place.line(), place.column())).unwrap_or_default();
                format!("{}:{} {}", place.0, place.1, p.message.en)
            };
            problems.0.iter().map(told).collect()
        })
    }

    /// A row for each combination, in an order of its own.
    fn rows(weight: impl Fn(usize) -> f64) -> String {
        let rows = none().into_iter().enumerate().rev();
        rows.map(|(k, (theory, rule, _))| format!("{rule},{theory},{:?},-1\n", weight(k))).collect()
    }

    #[test]
    fn weights_are_one_in_all_and_found_by_name() {
        let count = none().len() as f64;
        let text = format!("trust,theory,weight,log_score\n{}", rows(|k| k as f64));
        let weights = of(&text).unwrap();
        let expected = |(k, weight): (usize, f64)| weight == k as f64 / (count * (count - 1.0) / 2.0);
        assert!(weights.values().enumerate().all(expected), "{weights:?}");
        let mut written = Vec::new();
        weights.table().write(crate::record::table::Form::Csv, &mut written).unwrap();
        let again = of(&String::from_utf8(written).unwrap()).unwrap();
        assert_eq!((again.text(), again), (weights.text(), weights));
    }

    #[test]
    fn all_that_is_wrong_is_told_with_line_and_column() {
        let told = of("theory,trust,weight\ncalculs,beta,1\ncalculus,better,-1\ncalculus\n").unwrap_err();
        assert_eq!(
            told,
            [
                "2:1 there is no theory `calculs`",
                "3:10 there is no rule of trust `better`",
                "3:17 `-1` is not a weight",
                "4:1 this row has 1 values, but there are 3 columns"
            ]
        );
        let told = of("theory,wait,weight,weight\n").unwrap_err();
        assert!(told.contains(&"1:8 there is no column `wait`".into()), "{told:?}");
        assert!(told.contains(&"1:20 two columns are called `weight`".into()), "{told:?}");
        assert!(told.iter().any(|line| line.contains("no column `trust`, which weights need")), "{told:?}");
        let twice = of("theory,trust,weight\ncalculus,beta,1\ncalculus,beta,0.5\n").unwrap_err();
        assert_eq!(twice, ["3:1 calculus with beta has two weights"]);
        let some = of("theory,trust,weight\ncalculus,beta,1\n").unwrap_err();
        assert!(some[0].contains("has no weight of calculus + asymmetric, "), "{some:?}");
        let zero = of(&format!("trust,theory,weight,log_score\n{}", rows(|_| 0.0))).unwrap_err();
        assert_eq!(zero, ["0:0 all weights of weights.csv are 0"]);
    }
}
