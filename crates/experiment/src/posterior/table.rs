//! Reading a posterior: a table with the columns `draw` and `weight` and then one for each parameter.
//!
//! Other programs write tables of this kind too, often with columns of their own, such as a distance. A column whose
//! name is like no key is left out with a note. One whose name is almost a key is an error: the doubt about that
//! parameter would be lost without a word.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use toml::Value;

use super::{Draw, Posterior};
use crate::design::csv::{Cells, ENOUGH, Named, given_twice, name_place};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::problem::{Place, Problem, Problems, Source, nearest};
use shequ_model::scenario::index::{Index, split};
use shequ_model::scenario::{document, draft, file, index, renamed};

/// The columns that are no parameters.
const DRAW: &str = "draw";
const WEIGHT: &str = "weight";

/// Most draws of a table.
const MOST: usize = 100_000;

/// Keys and tables of a scenario that are no parameters: they say what is run and what is reported, or make the
/// replicates of one experiment unlike in number of months or communities.
const NO_PARAMETERS: [&str; 10] = [
    "name",
    "name_zh",
    "start",
    "months",
    "replicates",
    "seed",
    "report",
    "population.communities",
    "population.adults",
    "population.table",
];

/// Reads the table at `path`. What a reader should know is added to `notes`.
///
/// # Errors
/// All that is wrong with it, each with its line and column.
pub fn load(path: &Path, notes: &mut Vec<Problem>) -> Result<Posterior, Problems> {
    read(&file::read_table(path, &path.display().to_string())?, notes)
}

/// Reads a table. What a reader should know is added to `notes`.
///
/// # Errors
/// All that is wrong with it, each with its line and column.
pub fn read(source: &Arc<Source>, notes: &mut Vec<Problem>) -> Result<Posterior, Problems> {
    let mut problems = Problems::default();
    let Named { names, rows } = Named::read(source, &mut problems);
    let columns = columns(&names, source, &mut problems, notes);
    let (mut draws, mut seen) = (Vec::new(), BTreeSet::new());
    for (start, cells) in &rows {
        let mut row = Row { cells: Cells { source, start: *start, cells }, problems: &mut problems };
        let Some(draw) = row.draw(&columns) else { continue };
        if !seen.insert(draw.number) {
            row.again(&columns, draw.number);
        }
        draws.push(draw);
        if problems.0.len() > ENOUGH {
            break;
        }
    }
    let keys = columns.iter().filter_map(|column| match column {
        Is::Parameter(key) => Some(key.clone()),
        _ => None,
    });
    let posterior = Posterior { keys: keys.collect(), draws };
    of_the_whole(&posterior, rows.len(), source, &mut problems);
    if problems.is_empty() {
        return Ok(sorted(posterior));
    }
    // They are found by kind; people read them from top to bottom.
    problems.0.sort_by_key(|problem| problem.place.as_ref().map(|place| place.span.start));
    Err(problems)
}

/// What a column is.
#[derive(Clone, Debug, PartialEq)]
enum Is {
    Draw,
    Weight,
    /// Values of the key of this name.
    Parameter(String),
    /// Nothing that is used.
    Left,
}

/// What each column is, by its name.
fn columns(
    names: &[String],
    source: &Arc<Source>,
    problems: &mut Problems,
    notes: &mut Vec<Problem>,
) -> Vec<Is> {
    let mut found: Vec<Is> = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let place = name_place(source, number);
        let is = match name.as_str() {
            DRAW => Is::Draw,
            WEIGHT => Is::Weight,
            name => parameter(renamed::of_today(name, &place, notes), &place, problems, notes),
        };
        if is != Is::Left && found.contains(&is) {
            problems.push(given_twice(name).of(name.as_str()).at(place));
        }
        found.push(is);
    }
    if names.len() == 1 && names[0].contains(';') {
        let problem = Problem::new(both!(
            "the columns of this table are not separated by commas",
            "此表的各列不是以逗号分隔"
        ));
        problems.push(
            problem
                .at(name_place(source, 0))
                .help(both!("save it as CSV with commas between the columns", "请存为以逗号分隔各列的 CSV")),
        );
        return found;
    }
    for (name, is) in [(DRAW, Is::Draw), (WEIGHT, Is::Weight)] {
        if !found.contains(&is) {
            let problem = Problem::new(both!(
                "there is no column `{name}`, which a posterior needs",
                "缺少后验表必需的列 `{name}`"
            ));
            problems.push(problem.of(name).at(name_place(source, 0)).help(both!(
                "columns: draw (a whole number for each row), weight (from 0 up), then one for each key of the scenario",
                "各列为：draw（每行一个整数）、weight（大于等于 0），其后情景的每个键一列"
            )));
        }
    }
    found
}

/// What the column `name` is, which is neither the draw nor its weight.
fn parameter(name: &str, place: &Place, problems: &mut Problems, notes: &mut Vec<Problem>) -> Is {
    let index = index();
    if NO_PARAMETERS.contains(&name) || NO_PARAMETERS.contains(&split(name).0) && index.key(name).is_some() {
        let message = both!(
            "`{name}` is no parameter that a posterior can be about",
            "`{name}` 不是后验可以涉及的参数"
        );
        problems.push(Problem::new(message).of(name).at(place.clone()).help(both!(
            "it is set in the scenario or the experiment; leave this column out",
            "它在情景或实验中设定；请去掉此列"
        )));
        return Is::Left;
    }
    if index.key(name).is_some() {
        return Is::Parameter(name.into());
    }
    if is_meant_as_a_key(name, index) {
        problems.push(draft::unknown(name, index, problems).at(place.clone()));
        return Is::Left;
    }
    let message = both!(
        "the column `{name}` is no key of a scenario and is left out",
        "列 `{name}` 不是情景的键，不予采用"
    );
    notes.push(Problem::new(message).at(place.clone()));
    Is::Left
}

/// True of a name that is almost that of a key or a column, or within a table of keys.
fn is_meant_as_a_key(name: &str, index: &Index) -> bool {
    let table = split(name).0;
    let is_in_table = !table.is_empty() && index.is_table(table);
    let keys: Vec<String> = index.keys().map(|(path, _)| path).collect();
    is_in_table || index.is_table(name) || nearest(name, keys.iter().map(String::as_str)).is_some()
}

/// A row under way.
struct Row<'a> {
    cells: Cells<'a>,
    problems: &'a mut Problems,
}

impl Row<'_> {
    /// The draw, if nothing is wrong with it.
    fn draw(&mut self, columns: &[Is]) -> Option<Draw> {
        let before = self.problems.0.len();
        let mut draw = Draw { number: 0, weight: 0.0, values: Vec::new() };
        for (column, is) in columns.iter().enumerate() {
            match is {
                Is::Draw => draw.number = self.number(column),
                Is::Weight => draw.weight = self.weight(column),
                Is::Parameter(key) => draw.values.extend(self.value(column, key)),
                Is::Left => {}
            }
        }
        (self.problems.0.len() == before).then_some(draw)
    }

    fn number(&mut self, column: usize) -> u32 {
        let cell = self.cells.cell(column);
        cell.parse().unwrap_or_else(|_| {
            let message = both!("`{cell}` is not the number of a draw", "`{cell}` 不是抽样的编号");
            let allowed = both!("a whole number from 0 to {most}", "0 至 {most} 的整数"; most = u32::MAX);
            self.wrong(DRAW, column, message, allowed);
            0
        })
    }

    fn weight(&mut self, column: usize) -> f64 {
        self.cells.weight(column).unwrap_or_else(|problem| {
            self.problems.push(problem.of(WEIGHT));
            0.0
        })
    }

    fn value(&mut self, column: usize, key: &str) -> Option<Value> {
        let text = self.cells.cell(column);
        if text.is_empty() {
            let allowed = index().key(key).map(|key| key.allowed()).unwrap_or_default();
            self.wrong(key, column, both!("`{key}` has no value", "`{key}` 没有取值"), allowed);
            return None;
        }
        let place = self.cells.place(column);
        document::written(key, &place, text, index(), self.problems).map(|entry| entry.value)
    }

    /// That an earlier row has the same number.
    fn again(&mut self, columns: &[Is], number: u32) {
        let column = columns.iter().position(|is| *is == Is::Draw).unwrap_or(0);
        let message = both!("two draws have the number {number}", "有两组抽样的编号同为 {number}");
        let problem = Problem::new(message).of(DRAW).at(self.cells.place(column));
        self.problems.push(problem.help(both!(
            "tables name draws by their numbers; number the rows 0, 1, 2 …",
            "各表以编号指称抽样；请将各行依次编号为 0、1、2……"
        )));
    }

    fn wrong(&mut self, name: &str, column: usize, message: Both, allowed: Both) {
        let problem = Problem::new(message).of(name).at(self.cells.place(column));
        self.problems.push(problem.allowed(allowed));
    }
}

/// What must hold of all rows together.
fn of_the_whole(posterior: &Posterior, rows: usize, source: &Arc<Source>, problems: &mut Problems) {
    let name = &source.name;
    if rows > MOST {
        let message = both!("{name} has more than {MOST} draws", "{name} 超过 {MOST} 组抽样");
        problems.push(Problem::new(message));
    }
    if !problems.is_empty() {
        return;
    }
    let total: f64 = posterior.draws.iter().map(|draw| draw.weight).sum();
    let wrong = match () {
        _ if posterior.draws.is_empty() => both!("{name} has no draws", "{name} 没有任何抽样"),
        _ if posterior.keys.is_empty() => {
            both!("{name} has no column for a key of the scenario", "{name} 没有情景的键所对应的列")
        }
        _ if total <= 0.0 => both!("all weights of {name} are 0", "{name} 的权重全为 0"),
        _ if total.is_infinite() => both!("the weights of {name} are too large", "{name} 的权重过大"),
        _ => return,
    };
    problems.push(Problem::new(wrong));
}

/// The same with draws by number, whatever the order of the rows.
fn sorted(mut posterior: Posterior) -> Posterior {
    posterior.draws.sort_by_key(|draw| draw.number);
    posterior
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<(Posterior, Vec<String>), String> {
        let (source, mut notes) = (Source::file("posterior.csv", text), Vec::new());
        let read = read(&source, &mut notes).map_err(|problems| problems.to_string())?;
        Ok((read, notes.into_iter().map(|note| note.message.en).collect()))
    }

    #[test]
    fn a_table_gives_draws_by_number_and_leaves_out_what_is_no_key() {
        let head = "draw,weight,theory.calculus.duty,distance,theory.trust,council.seats\r\n";
        let text = format!("\u{feff}{head}7,0.5,8e-1,1.5,asymmetric,5\r\n2,1,\"0.9\",,\"beta\",7\r\n");
        let (posterior, notes) = of(&text).unwrap();
        assert_eq!(posterior.keys, ["theory.calculus.duty", "theory.trust", "council.seats"]);
        let first = Draw { number: 2, weight: 1.0, values: vec![0.9.into(), "beta".into(), 7.into()] };
        assert_eq!((posterior.draws.len(), &posterior.draws[0]), (2, &first));
        assert_eq!(notes, ["the column `distance` is no key of a scenario and is left out"]);
    }

    #[test]
    fn a_table_that_was_written_is_read_again_to_the_bit() {
        let (posterior, _) =
            of("draw,weight,theory.calculus.duty\n0,0.1,0.30000000000000004\n1,3,1e-5\n").unwrap();
        let mut written = Vec::new();
        posterior.table().write(crate::record::table::Form::Csv, &mut written).unwrap();
        let (again, _) = of(&String::from_utf8(written).unwrap()).unwrap();
        assert_eq!((again.text(), again), (posterior.text(), posterior));
    }

    /// Every kind of bad table, with what is said of it and where.
    const BAD: [(&str, &str); 21] = [
        ("", "no column `draw`"),
        ("draw,weight,theory.calculus.duty\n", "has no draws"),
        ("weight,theory.calculus.duty\n1,1\n", "no column `draw`"),
        ("draw,theory.calculus.duty\n1,1\n", "no column `weight`"),
        ("draw,weight\n0,1\n", "no column for a key"),
        ("draw,weight,distance\n0,1,2\n", "no column for a key"),
        ("draw;weight;theory.calculus.duty\n0;1;1\n", "not separated by commas"),
        ("draw,weight,theory.calculus.dutty\n0,1,1\n", "did you mean `theory.calculus.duty`?"),
        ("draw,weight,theory.calculus.zeal\n0,1,1\n", "unknown key `theory.calculus.zeal`"),
        ("draw,weight,theory.calculus\n0,1,1\n", "is a table of keys"),
        ("draw,weight,months\n0,1,12\n", "`months` is no parameter"),
        ("draw,weight,seed.city\n0,1,12\n", "`seed.city` is no parameter"),
        ("draw,draw,weight,theory.calculus.duty\n0,0,1,1\n", "two columns are called `draw`"),
        ("draw,weight,theory.calculus.duty\n0,1\n", "this row has 2 values"),
        ("draw,weight,theory.calculus.duty\n0.5,1,1\n", "`0.5` is not the number of a draw"),
        ("draw,weight,theory.calculus.duty\n3,1,1\n3,1,2\n", "two draws have the number 3"),
        ("draw,weight,theory.calculus.duty\n0,-1,1\n", "`-1` is not a weight"),
        ("draw,weight,theory.calculus.duty\n0,inf,1\n", "`inf` is not a weight"),
        ("draw,weight,theory.calculus.duty\n0,0,1\n1,0,1\n", "all weights of posterior.csv are 0"),
        ("draw,weight,theory.calculus.duty\n0,1,\n", "has no value"),
        ("draw,weight,theory.participation\n0,1,calculs\n", "did you mean \"calculus\"?"),
    ];

    #[test]
    fn every_kind_of_bad_table_is_told_what_is_wrong_with_it() {
        for (text, said) in BAD {
            let told = of(text).unwrap_err();
            assert!(told.contains(said), "{text}: {told}");
        }
        let told = of("draw,weight,council.seats,residents.habit_gain\n0,1,many,7\n").unwrap_err();
        assert!(told.contains(":2:5") && told.contains(":2:10") && told.contains("from 0 to 1"), "{told}");
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_from_top_to_bottom() {
        let text = "draw,weight,theory.calculus.dutty\nx,1,1\n1,2\n1,-3,1\n";
        let mut notes = Vec::new();
        let problems = read(&Source::file("p.csv", text), &mut notes).unwrap_err();
        let at = |p: &Problem| p.place.as_ref().map(|place| (place.line(), place.column()));
        let places: Vec<_> = problems.0.iter().filter_map(at).collect();
        assert_eq!(places, [(1, 13), (2, 1), (3, 1), (4, 3)], "{problems}");
    }
}
