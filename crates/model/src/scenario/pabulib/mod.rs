//! Elections of participatory budgeting in the `.pb` format of Pabulib.
//!
//! Three sections, META, PROJECTS and VOTES, each with a line that names its columns. What a vote says
//! depends on `vote_type`: approvals, one choice, ranks, or points. Source: Faliszewski, Flis, Peters,
//! Pierczyński, Skowron, Stolicki, Szufa and Talmon, "Participatory budgeting: data, tools and analysis",
//! IJCAI 2023, and the description of the format at pabulib.org.

mod numbers;
mod sheet;
mod votes;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::{Table, Value};

use self::numbers::{Decimal, ONE};
use self::sheet::{Cell, Section};
use super::file;
use super::lists::beside;
use super::reader::HINTED;
use crate::base::i18n::{Both, both};
use crate::base::math::gcd;
use crate::base::problem::{Place, Problem, Source};

/// Names of projects that a note lists.
const NAMED: usize = 5;

/// An election that was read, and what a reader should know of how it was read.
pub struct Read {
    /// A table of `budget`, `costs`, `ballots` and, unless votes are approvals, `scores`.
    pub value: Value,
    /// What was left out or rounded.
    pub notes: Vec<Problem>,
}

/// The election in the file `named` in `folder`: its budget, what projects cost, and for each voter the
/// projects voted for, counted from 0, with their scores.
///
/// # Errors
/// Everything in the file that cannot be read as the format says.
pub fn election(named: &str, folder: &Path) -> Result<Read, Vec<Problem>> {
    let path = beside(folder, named);
    let source = file::read(&path, &path.display().to_string()).map_err(|problem| vec![problem])?;
    let [meta, projects, votes] = sheet::sections(&source)?;
    let mut reader = Reader { source: &source, meta, problems: Vec::new(), notes: Vec::new() };
    let budget = reader.budget();
    let projects = reader.projects(&projects);
    let votes = match &projects {
        Some(projects) => reader.votes(&votes, projects),
        None => None,
    };
    match (budget, projects, votes) {
        (Some(budget), Some(projects), Some(votes)) if reader.problems.is_empty() => {
            let value = reader.table(budget, projects, votes);
            Ok(Read { value, notes: reader.notes })
        }
        _ => Err(reader.problems),
    }
}

/// A project of the file.
struct Project {
    id: Cell,
    /// Yuan; 0 if it was withdrawn.
    cost: i64,
}

/// What a voter gives to each project voted for: its number among the projects of the file, and the score in
/// millionths of a point.
type Vote = Vec<(usize, i128)>;

struct Reader<'a> {
    source: &'a Arc<Source>,
    meta: Section,
    problems: Vec<Problem>,
    notes: Vec<Problem>,
}

impl Reader<'_> {
    /// The value of a key of META.
    fn value(&self, key: &str) -> Option<Cell> {
        let row = self.meta.rows.iter().find(|row| row[0].text.eq_ignore_ascii_case(key))?;
        row.get(1).filter(|cell| !cell.text.is_empty()).cloned()
    }

    /// A number of META; none if it is not there or is none.
    fn number(&mut self, key: &str) -> Option<Decimal> {
        let cell = self.value(key)?;
        let number = Decimal::read(&cell.text);
        if number.is_none() {
            self.wrong(both!("this is not a number", "这不是数"), cell.span);
        }
        number
    }

    fn budget(&mut self) -> Option<i64> {
        let Some(cell) = self.value("budget") else {
            let span = self.meta.span.clone();
            self.wrong(both!("META has no budget", "META 中没有预算"), span);
            return None;
        };
        let amount = self.amount(&cell, 1)?;
        if !amount.is_whole() {
            let what = both!("the budget is rounded down to whole yuan", "预算舍去小数，取整元");
            self.note(what, cell.span);
        }
        i64::try_from(amount.floor()).ok()
    }

    /// The projects; a cost of 0 stands for one that was withdrawn.
    fn projects(&mut self, section: &Section) -> Option<Vec<Project>> {
        let (id, cost) = (self.column(section, "project_id"), self.column(section, "cost"));
        let (id, cost) = (id?, cost?);
        let (mut projects, mut rounded) = (Vec::new(), None);
        for row in &section.rows {
            let (Some(name), Some(price)) = (row.get(id), row.get(cost)) else {
                let what = both!("this project lacks its name or its cost", "此项目缺少名称或费用");
                self.wrong(what, of_row(row));
                continue;
            };
            let Some(amount) = self.amount(price, 0) else { continue };
            if !amount.is_whole() {
                rounded.get_or_insert(price.span.clone());
            }
            let cost = i64::try_from(amount.ceil()).unwrap_or(i64::MAX);
            projects.push(Project { id: name.clone(), cost });
        }
        self.named_once(&projects);
        if let Some(span) = rounded {
            self.note(both!("costs are rounded up to whole yuan", "费用进位至整元"), span);
        }
        Some(projects)
    }

    fn named_once(&mut self, projects: &[Project]) {
        let mut sorted: Vec<&Cell> = projects.iter().map(|project| &project.id).collect();
        sorted.sort_by_key(|id| (&id.text, id.span.start));
        for pair in sorted.windows(2).filter(|pair| pair[0].text == pair[1].text) {
            let what = both!("project {name} occurs twice", "项目 {name} 出现了两次"; name = pair[1].text);
            self.wrong(what, pair[1].span.clone());
        }
    }

    /// An amount of money of at least `least`.
    fn amount(&mut self, cell: &Cell, least: i128) -> Option<Decimal> {
        const MOST: i128 = 1_000_000_000_000_000;
        let number = numbers::amount(&cell.text);
        let amount = number.filter(|number| (least * ONE..=MOST * ONE).contains(&number.units));
        if amount.is_none()
            && self.wrong(both!("this is not an amount of money", "这不是金额"), cell.span.clone())
        {
            self.allow(match numbers::meant(&cell.text).filter(|_| number.is_none()) {
                Some(meant) => meant,
                None => both!("a number from {least} to 1e15", "{least} 至 1e15 的数"),
            });
        }
        amount
    }

    /// The election as a scenario holds it: without projects that cannot be chosen, scores in whole numbers.
    fn table(&mut self, budget: i64, projects: Vec<Project>, votes: Vec<Vote>) -> Value {
        let eligible = self.eligible(&projects, &votes);
        let place = |project: usize| eligible.iter().position(|&kept| kept == project);
        let places: Vec<Option<usize>> = (0..projects.len()).map(place).collect();
        let kept = |vote: &Vote| -> Vote {
            vote.iter().filter_map(|&(project, score)| Some((places[project]?, score))).collect()
        };
        let votes: Vec<Vote> = votes.iter().map(kept).collect();
        let whole = |numbers: Vec<i64>| Value::Array(numbers.into_iter().map(Value::Integer).collect());
        let column = |of: &dyn Fn(&(usize, i128)) -> i64| {
            Value::Array(votes.iter().map(|vote| whole(vote.iter().map(of).collect())).collect())
        };
        let mut election = Table::new();
        election.insert("budget".into(), Value::Integer(budget));
        election.insert("costs".into(), whole(eligible.iter().map(|&p| projects[p].cost).collect()));
        election.insert("ballots".into(), column(&|vote| vote.0 as i64));
        // Scores count by their ratios alone, so they may be given in whole numbers.
        let unit = votes.iter().flatten().fold(0, |unit, vote| gcd(vote.1.unsigned_abs(), unit)).max(1);
        if votes.iter().flatten().any(|vote| vote.1 != unit as i128) {
            election.insert("scores".into(), column(&|vote| (vote.1 / unit as i128) as i64));
        }
        Value::Table(election)
    }

    /// The projects that may be chosen: neither withdrawn nor below the threshold of the rules.
    fn eligible(&mut self, projects: &[Project], votes: &[Vote]) -> Vec<usize> {
        let mut scores = vec![0; projects.len()];
        votes.iter().flatten().for_each(|&(project, score)| scores[project] += score);
        let threshold = self.number("min_project_score_threshold");
        let is_low = |p: usize| threshold.is_some_and(|threshold| scores[p] < threshold.units);
        let all = 0..projects.len();
        let withdrawn: Vec<usize> = all.clone().filter(|&p| projects[p].cost == 0).collect();
        let low: Vec<usize> = all.clone().filter(|&p| projects[p].cost > 0 && is_low(p)).collect();
        let names = |which: &[usize]| {
            let shown: Vec<&str> = which.iter().take(NAMED).map(|&p| projects[p].id.text.as_str()).collect();
            let more = if which.len() > NAMED { " …" } else { "" };
            shown.join(", ") + more
        };
        if let Some(&first) = withdrawn.first() {
            let what = both!(
                "projects that cost nothing were withdrawn and are left out: {names}",
                "没有费用的项目视为已撤回，不计入：{names}";
                names = names(&withdrawn)
            );
            self.note(what, projects[first].id.span.clone());
        }
        if let Some(&first) = low.first() {
            let what = both!(
                "projects below the threshold of scores are left out: {names}",
                "得分低于门槛的项目不计入：{names}";
                names = names(&low)
            );
            self.note(what, projects[first].id.span.clone());
        }
        all.filter(|p| !withdrawn.contains(p) && !low.contains(p)).collect()
    }

    fn column(&mut self, section: &Section, name: &str) -> Option<usize> {
        let found = section.column(name);
        if found.is_none() {
            self.wrong(both!("this section has no column {name}", "此节没有列 {name}"), section.span.clone());
        }
        found
    }

    /// Adds a problem, and says whether it was added: more than anybody reads are not.
    fn wrong(&mut self, what: Both, span: Range<usize>) -> bool {
        let adds = self.problems.len() < HINTED;
        if adds {
            self.problems.push(Problem::new(what).at(Place::new(self.source, span)));
        }
        adds
    }

    /// Says what is allowed where something was found wrong just now.
    fn allow(&mut self, what: Both) {
        if let Some(last) = self.problems.last_mut() {
            last.allowed = Some(Box::new(what));
        }
    }

    fn note(&mut self, what: Both, span: Range<usize>) {
        self.notes.push(Problem::new(what).at(Place::new(self.source, span)));
    }
}

fn of_row(row: &[Cell]) -> Range<usize> {
    row[0].span.start..row[row.len() - 1].span.end
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "META\nkey;value\ndescription;\"by hand; O9\"\nbudget;100\nvote_type;approval\n\
        PROJECTS\nproject_id;cost;name\nA;30;park\nB;30.00;\"a; b\"\nVOTES\nvoter_id;age;vote\n1;30;A,B\n2;;\n3;9;B\n";

    type Wrong = (String, usize, usize);

    fn read_whole(text: &str) -> Result<(String, Vec<String>), Vec<Wrong>> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.pb"), text).unwrap();
        let place = |p: &Problem| p.place.as_ref().map_or((0, 0), |place| (place.line(), place.column()));
        election("a.pb", folder.path())
            .map(|read| (read.value.to_string(), read.notes.into_iter().map(|n| n.message.en).collect()))
            .map_err(|all| all.iter().map(|p| (p.message.en.clone(), place(p).0, place(p).1)).collect())
    }

    fn read(text: &str) -> Result<String, Vec<Wrong>> {
        read_whole(text).map(|(value, _)| value)
    }

    /// The election with points: B costs `cost`, the votes are of `kind` with further lines of META.
    fn with_points(kind: &str, meta: &str, votes: &str) -> Result<String, Vec<Wrong>> {
        read(&format!(
            "META\nkey;value\nbudget;100\nvote_type;{kind}\n{meta}PROJECTS\nproject_id;cost\nA;60\nB;40\nC;50\n\
             VOTES\nvoter_id;vote;points\n{votes}"
        ))
    }

    #[test]
    fn an_election_is_its_budget_costs_and_approvals() {
        assert_eq!(read(SMALL).unwrap(), "{ budget = 100, costs = [30, 30], ballots = [[0, 1], [], [1]] }");
        let bom = format!("\u{FEFF}{}", SMALL.replace('\n', "\r\n"));
        assert_eq!(read(&bom), read(SMALL));
        let choice = SMALL.replace("approval", "choose-1").replace("A,B", "A");
        assert!(read(&choice).unwrap().ends_with("ballots = [[0], [], [1]] }"));
    }

    #[test]
    fn points_and_ranks_are_scores() {
        let cumulative = with_points("cumulative", "", "1;A,B;5,0\n2;;\n3;C,A;2.5,1\n").unwrap();
        assert!(
            cumulative.ends_with("ballots = [[0], [], [2, 0]], scores = [[10], [], [5, 2]] }"),
            "{cumulative}"
        );
        // Points from the longest allowed rank down, so that a short list is worth no less.
        let ordinal = with_points("ordinal", "max_length;3\n", "1;A,C;\n2;B;\n").unwrap();
        assert!(ordinal.ends_with("ballots = [[0, 2], [1]], scores = [[3, 2], [3]] }"), "{ordinal}");
        let scoring = with_points("scoring", "default_score;1\n", "1;A,B;-1,3\n2;;\n").unwrap();
        assert!(
            scoring.ends_with("ballots = [[0, 1, 2], [0, 1, 2]], scores = [[-1, 3, 1], [1, 1, 1]] }"),
            "{scoring}"
        );
    }

    #[test]
    fn points_that_are_missing_or_not_of_the_kind_are_refused() {
        let wrong = |kind, meta, votes| {
            let problems = with_points(kind, meta, votes).unwrap_err();
            assert_eq!(problems.len(), 1, "{problems:?}");
            problems[0].0.clone()
        };
        assert_eq!(wrong("cumulative", "", "2;A\n"), "this vote names 1 project and gives points to 0");
        assert_eq!(wrong("cumulative", "", "2;A;-1\n"), "points of a cumulative vote cannot be below 0");
        assert_eq!(wrong("scoring", "", "2;A;many\n"), "these points are not numbers");
        assert_eq!(
            wrong("ordinal", "scoring_fn;Dowdall\n", "2;A;\n"),
            "ranks cannot be scored by \"Dowdall\""
        );
        assert_eq!(wrong("choose-1", "", "2;A,B;\n"), "this vote names 2 projects where one may be chosen");
        assert_eq!(wrong("scoring", "", "2;A,A;1,2\n"), "this vote names project A twice");
        assert_eq!(wrong("", "", "2;A;\n"), "META has no vote_type");
    }

    #[test]
    fn what_cannot_be_chosen_is_left_out_and_told() {
        let text = SMALL.replace("A;30;park", "A;30;park\nW;0;withdrawn").replace("1;30;A,B", "1;30;W,A,B");
        let (value, notes) = read_whole(&text).unwrap();
        assert_eq!(value, "{ budget = 100, costs = [30, 30], ballots = [[0, 1], [], [1]] }");
        assert_eq!(notes, ["projects that cost nothing were withdrawn and are left out: W"]);
        let text = SMALL.replace("budget;100\n", "budget;100\nmin_project_score_threshold;2\n");
        let (value, notes) = read_whole(&text).unwrap();
        assert_eq!(value, "{ budget = 100, costs = [30], ballots = [[0], [], [0]] }");
        assert_eq!(notes, ["projects below the threshold of scores are left out: A"]);
    }

    #[test]
    fn parts_of_a_yuan_are_rounded_so_that_what_is_chosen_can_be_paid() {
        let (value, notes) = read_whole(&SMALL.replace("30.00", "30.01").replace("100", "100.9")).unwrap();
        assert!(value.starts_with("{ budget = 100, costs = [30, 31]"), "{value}");
        assert_eq!(notes.len(), 2, "{notes:?}");
    }

    #[test]
    fn amounts_with_commas_are_refused_with_what_was_perhaps_meant() {
        for (from, to) in [("budget;100", "budget;1,500"), ("A;30;", "A;1,200;"), ("A;30;", "A;-1;")] {
            let problems = read(&SMALL.replace(from, to)).unwrap_err();
            assert_eq!(problems[0].0, "this is not an amount of money", "{to}");
        }
    }

    #[test]
    fn everything_wrong_is_shown_with_line_and_column() {
        let text = SMALL.replace("B;30.00", "A;free").replace("3;9;B", "3;9;C").replace("approval", "poetry");
        assert_eq!(
            read(&text).unwrap_err(),
            [
                ("this is not an amount of money".to_string(), 9, 3),
                ("votes of the type \"poetry\" cannot be read".into(), 5, 11),
            ]
        );
        let text = SMALL.replace("B;30.00", "A;5").replace("3;9;B", "3;9;C");
        let unknown = |name, line, column| (format!("there is no project {name}"), line, column);
        let expected =
            [("project A occurs twice".to_string(), 9, 1), unknown("B", 12, 6), unknown("C", 14, 5)];
        assert_eq!(read(&text).unwrap_err(), expected);
        assert_eq!(read("META\nkey;value\n").unwrap_err().len(), 2);
        assert_eq!(read("hello\n").unwrap_err()[0].0, "this comes before META, PROJECTS and VOTES");
        for (from, to) in [("budget;100", "budge;1"), ("cost", "price"), ("age;vote", "age;wote")] {
            assert_eq!(read(&SMALL.replace(from, to)).unwrap_err().len(), 1, "{to}");
        }
    }
}
