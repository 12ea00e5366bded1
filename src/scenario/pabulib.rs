//! Elections of participatory budgeting in the `.pb` format of Pabulib.
//!
//! Three sections, META, PROJECTS and VOTES, each with a line that names its columns and with cells
//! between semicolons. Source: Faliszewski, Flis, Peters, Pierczyński, Skowron, Stolicki, Szufa and
//! Talmon, "Participatory budgeting: data, tools and analysis", IJCAI 2023.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::{Table, Value};

use super::file;
use super::lists::beside;
use super::reader::HINTED;
use crate::base::problem::{Place, Problem, Source, nearest};
use crate::base::words::{Both, both, listed};

/// What an approval is in each type of vote that is known.
const VOTE_TYPES: [&str; 5] = ["approval", "choose-1", "ordinal", "cumulative", "scoring"];

/// The election in the file: its budget, what projects cost, and who approves which, in the order of
/// the file. A project that a voter ranks, or gives any points, counts as approved.
pub fn election(named: &str, folder: &Path) -> Result<Value, Vec<Problem>> {
    let path = beside(folder, named);
    let source = file::read(&path, &path.display().to_string()).map_err(|problem| vec![problem])?;
    let mut reader = Reader { source: &source, problems: Vec::new() };
    let election = reader.election();
    match election {
        Some(election) if reader.problems.is_empty() => Ok(Value::Table(election)),
        _ => Err(reader.problems),
    }
}

/// A cell and where it is.
type Cell = (String, Range<usize>);

/// A section: the place of its name, its columns, its rows.
#[derive(Default)]
struct Part {
    span: Range<usize>,
    columns: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn election(&mut self) -> Option<Table> {
        let [meta, projects, votes] = self.parts()?;
        let budget = self.budget(&meta);
        let (ids, costs) = self.projects(&projects)?;
        let ballots = self.ballots(&votes, &ids);
        let whole = |numbers: Vec<i64>| Value::Array(numbers.into_iter().map(Value::Integer).collect());
        let mut election = Table::new();
        election.insert("budget".into(), Value::Integer(budget?));
        election.insert("costs".into(), whole(costs));
        election.insert("ballots".into(), Value::Array(ballots?.into_iter().map(whole).collect()));
        Some(election)
    }

    /// The three sections, whatever their order.
    fn parts(&mut self) -> Option<[Part; 3]> {
        const NAMES: [&str; 3] = ["META", "PROJECTS", "VOTES"];
        let mut parts: [Option<Part>; 3] = [None, None, None];
        let mut current = None;
        let mut start = 0;
        for text in self.source.text.split_inclusive('\n') {
            let line = text.trim_end_matches(['\n', '\r']);
            let span = start..start + line.len();
            start += text.len();
            if let Some(k) = NAMES.iter().position(|name| line.trim().eq_ignore_ascii_case(name)) {
                if parts[k].replace(Part { span: span.clone(), ..Part::default() }).is_some() {
                    self.wrong(both!("{name} is there twice", "{name} 出现了两次"; name = NAMES[k]), span);
                }
                current = Some(k);
            } else if !line.trim().is_empty() {
                match current.and_then(|k| parts[k].as_mut()) {
                    Some(part) if part.columns.is_empty() => part.columns = cells(line, span.start),
                    Some(part) => part.rows.push(cells(line, span.start)),
                    None => {
                        self.wrong(
                            both!(
                                "this stands before META, PROJECTS and VOTES",
                                "此行位于 META、PROJECTS 和 VOTES 之前"
                            ),
                            span,
                        );
                        return None;
                    }
                }
            }
        }
        for (part, name) in parts.iter().zip(NAMES) {
            if part.is_none() {
                let end = self.source.text.len();
                self.wrong(both!("the section {name} is missing", "缺少 {name} 一节"), end..end);
            }
        }
        let [Some(meta), Some(projects), Some(votes)] = parts else { return None };
        Some([meta, projects, votes])
    }

    /// The budget; also looks at the type of votes.
    fn budget(&mut self, meta: &Part) -> Option<i64> {
        let value = |key: &str| {
            let row = meta.rows.iter().find(|row| row[0].0.eq_ignore_ascii_case(key));
            row.and_then(|row| row.get(1).cloned())
        };
        if let Some((word, span)) = value("vote_type")
            && !VOTE_TYPES.contains(&word.to_lowercase().as_str())
        {
            let message =
                both!("votes of the type \"{word}\" cannot be read", "无法读取 \"{word}\" 类型的投票");
            self.wrong(message, span);
            self.allow(listed(VOTE_TYPES));
        }
        match value("budget") {
            Some(cell) => self.money(&cell),
            None => {
                self.wrong(both!("META says no budget", "META 中没有预算"), meta.span.clone());
                None
            }
        }
    }

    /// Names and costs.
    fn projects(&mut self, part: &Part) -> Option<(Vec<String>, Vec<i64>)> {
        let (id, cost) = (self.column(part, "project_id"), self.column(part, "cost"));
        let (id, cost) = (id?, cost?);
        let (mut ids, mut costs) = (Vec::new(), Vec::new());
        for row in &part.rows {
            let (Some(name), Some(price)) = (row.get(id), row.get(cost)) else {
                self.wrong(
                    both!("this project lacks its name or its cost", "此项目缺少名称或费用"),
                    of_row(row),
                );
                continue;
            };
            if ids.contains(&name.0) {
                self.wrong(
                    both!("project {name} is there twice", "项目 {name} 出现了两次"; name = name.0),
                    name.1.clone(),
                );
            }
            if let Some(price) = self.money(price) {
                ids.push(name.0.clone());
                costs.push(price);
            }
        }
        Some((ids, costs))
    }

    /// For each voter the positions of the projects approved.
    fn ballots(&mut self, part: &Part, ids: &[String]) -> Option<Vec<Vec<i64>>> {
        let vote = self.column(part, "vote")?;
        let points = part.columns.iter().position(|(name, _)| name == "points");
        // A quick way to find a project among hundreds, for votes in their ten thousands.
        let mut sorted: Vec<(&str, i64)> = ids.iter().map(String::as_str).zip(0..).collect();
        sorted.sort_unstable();
        let mut ballots = Vec::with_capacity(part.rows.len());
        for row in &part.rows {
            let points = points.and_then(|k| row.get(k)).map(|cell| cell.0.as_str()).unwrap_or_default();
            let mut points = points.split(',').map(|word| word.trim().parse::<f64>().unwrap_or(1.0));
            let mut ballot = Vec::new();
            let Some((words, span)) = row.get(vote) else {
                self.wrong(both!("this voter has no vote", "此投票人没有投票"), of_row(row));
                continue;
            };
            for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                let liked = points.next().is_none_or(|points| points > 0.0);
                match sorted.binary_search_by(|(id, _)| (*id).cmp(word)) {
                    Ok(k) if liked => ballot.push(sorted[k].1),
                    Ok(_) => {}
                    Err(_) => {
                        self.wrong(
                            both!("no project is called {word}", "没有名为 {word} 的项目"),
                            span.clone(),
                        );
                        if let Some(near) = nearest(word, ids.iter().map(String::as_str)) {
                            self.allow(both!("perhaps {near}?", "也许是 {near}？"));
                        }
                    }
                }
            }
            ballots.push(ballot);
        }
        Some(ballots)
    }

    fn column(&mut self, part: &Part, name: &str) -> Option<usize> {
        let found = part.columns.iter().position(|(column, _)| column.eq_ignore_ascii_case(name));
        if found.is_none() {
            self.wrong(both!("this section has no column {name}", "此节没有列 {name}"), part.span.clone());
        }
        found
    }

    /// A whole amount of at least one; decimals are cut off, be they after a point or a comma.
    fn money(&mut self, (text, span): &Cell) -> Option<i64> {
        let number = text.replace(',', ".").parse::<f64>().ok();
        let amount = number.filter(|number| (1.0..=1e15).contains(number)).map(|number| number as i64);
        if amount.is_none() {
            self.wrong(both!("this is no amount of money", "这不是金额"), span.clone());
            self.allow(both!("a number from 1 to 1e15", "1 至 1e15 的数"));
        }
        amount
    }

    fn wrong(&mut self, what: Both, span: Range<usize>) {
        if self.problems.len() < HINTED {
            self.problems.push(Problem::new(what).at(Place::new(self.source, span)));
        }
    }

    /// Says what is allowed where something was found wrong just now.
    fn allow(&mut self, what: Both) {
        if let Some(last) = self.problems.last_mut() {
            last.allowed = Some(Box::new(what));
        }
    }
}

fn of_row(row: &[Cell]) -> Range<usize> {
    row[0].1.start..row[row.len() - 1].1.end
}

/// The cells of a line that begins at byte `start`. Within quotes a semicolon is a letter like others.
fn cells(line: &str, start: usize) -> Vec<Cell> {
    let mut quoted = false;
    let apart = |letter: char| {
        quoted ^= letter == '"';
        letter == ';' && !quoted
    };
    let mut at = start;
    line.split(apart)
        .map(|cell| {
            let span = at..at + cell.len();
            at = span.end + 1;
            (cell.trim().trim_matches('"').trim().to_string(), span)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "META\nkey;value\ndescription;\"by hand; O9\"\nbudget;100\nvote_type;approval\n\
        PROJECTS\nproject_id;cost;name\nA;30;park\nB;30,00;\"a; b\"\nVOTES\nvoter_id;age;vote\n1;30;A,B\n2;;\n3;9;B\n";

    fn read(text: &str) -> Result<String, Vec<(String, usize, usize)>> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.pb"), text).unwrap();
        let place = |p: &Problem| p.place.as_ref().map_or((0, 0), |place| (place.line(), place.column()));
        election("a.pb", folder.path())
            .map(|value| value.to_string())
            .map_err(|all| all.iter().map(|p| (p.message.en.clone(), place(p).0, place(p).1)).collect())
    }

    #[test]
    fn an_election_is_its_budget_costs_and_approvals() {
        assert_eq!(read(SMALL).unwrap(), "{ budget = 100, costs = [30, 30], ballots = [[0, 1], [], [1]] }");
        let bom = format!("\u{FEFF}{}", SMALL.replace('\n', "\r\n"));
        assert_eq!(read(&bom), read(SMALL));
    }

    #[test]
    fn projects_with_points_count_as_approved() {
        let text =
            SMALL.replace("approval", "cumulative").replace("voter_id;age;vote", "voter_id;points;vote");
        let text = text.replace("1;30;A,B", "1;\"0,3\";A,B");
        assert!(read(&text).unwrap().ends_with("ballots = [[1], [], [1]] }"));
    }

    #[test]
    fn everything_wrong_is_shown_with_line_and_column() {
        let text = SMALL.replace("B;30,00", "A;free").replace("3;9;B", "3;9;C").replace("approval", "poetry");
        assert_eq!(
            read(&text).unwrap_err(),
            [
                ("votes of the type \"poetry\" cannot be read".to_string(), 5, 11),
                ("project A is there twice".into(), 9, 1),
                ("this is no amount of money".into(), 9, 3),
                ("no project is called B".into(), 12, 6),
                ("no project is called C".into(), 14, 5),
            ]
        );
        assert_eq!(read("META\nkey;value\n").unwrap_err().len(), 2);
        assert_eq!(read("hello\n").unwrap_err()[0].0, "this stands before META, PROJECTS and VOTES");
        for (from, to) in [("budget;100", "budge;1"), ("cost", "price"), ("age;vote", "age;wote")] {
            assert_eq!(read(&SMALL.replace(from, to)).unwrap_err().len(), 1, "{to}");
        }
    }
}
