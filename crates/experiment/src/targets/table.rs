//! `targets.csv`: one target in each row.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use shequ_model::base::i18n::{both, listed};
use shequ_model::base::problem::{Place, Problem, Problems, Source, nearest};
use shequ_model::mechanism::Origin;
use shequ_model::metric;
use shequ_model::scenario::file;

use crate::design::csv::{Cells, Named, cell_span, given_twice};

/// The columns; of these only the first three must be there and filled in.
pub const COLUMNS: &[&str] = &[
    "id",
    "metric",
    "value",
    "group",
    "level",
    "from",
    "to",
    "standard_error",
    "transfer",
    "discrepancy",
    "set",
    "against",
    "place",
    "year",
    "n",
    "source",
    "seen",
    "family",
    "use",
    "origin",
    "note",
];

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// As near as possible to a number.
    Number(f64),
    /// No less than a number.
    AtLeast(f64),
    /// No more than a number.
    AtMost(f64),
    /// Between two numbers.
    Between(f64, f64),
    /// Above zero.
    Positive,
    /// Below zero.
    Negative,
}

impl Aim {
    /// The least and the greatest figure that is right.
    pub fn ends(self) -> (f64, f64) {
        match self {
            Aim::Number(number) => (number, number),
            Aim::AtLeast(low) => (low, f64::INFINITY),
            Aim::AtMost(high) => (f64::NEG_INFINITY, high),
            Aim::Between(low, high) => (low, high),
            Aim::Positive => (0.0, f64::INFINITY),
            Aim::Negative => (f64::NEG_INFINITY, 0.0),
        }
    }

    /// The number that is aimed at, the bound, or the middle of the range; NaN of a sign.
    pub fn number(self) -> f64 {
        match self {
            Aim::Number(number) | Aim::AtLeast(number) | Aim::AtMost(number) => number,
            Aim::Between(low, high) => 0.5 * (low + high),
            Aim::Positive | Aim::Negative => f64::NAN,
        }
    }
}

/// What a target is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Parameters are fitted to it.
    Fit,
    /// It judges what was fitted to others.
    HoldOut,
    /// It is shown, and neither fitted to nor counted among what judges a fit: a default was set from it by hand.
    Show,
}

/// What stands before a metric of which the change a year is meant.
const TREND: &str = "trend of ";

/// The words for it.
const USES: [(&str, Use); 3] = [("fit", Use::Fit), ("hold_out", Use::HoldOut), ("show", Use::Show)];

/// What is read off a run: a metric or two, of everybody or of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The first metric.
    pub metric: String,
    /// Whether it is the change a year of the metric that is meant, in place of its mean.
    pub trend: bool,
    /// What is done with a second one.
    pub with: Option<(Operation, String)>,
    /// The grouping and its level; of everybody if there is none.
    pub group: Option<(String, String)>,
    /// The level whose figure is taken off.
    pub less: Option<String>,
}

/// What is done with two metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Their sum.
    Plus,
    /// Their difference.
    Minus,
    /// The first by the second.
    Over,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What it is called.
    pub id: String,
    /// What is read off a run.
    pub quantity: Quantity,
    /// The quantity as written.
    pub written: String,
    /// First and last month, counted from 1; the last year of the run if not said.
    pub months: Option<(u32, u32)>,
    /// What it should be.
    pub aim: Aim,
    /// Standard error of the figure observed, in its unit; that of a share of `n` people if only that is said, else 0.
    pub standard_error: f64,
    /// Standard deviation of what another place, year or wording does to the figure.
    pub transfer: f64,
    /// Standard deviation of what the model cannot be expected to meet.
    pub discrepancy: f64,
    /// Settings of the run beside those of the scenario, as for `--set`.
    pub set: Vec<String>,
    /// Settings of a second run, whose figure is taken off; none if there is no second run.
    pub against: Option<Vec<String>>,
    /// Where the figure was observed.
    pub place: String,
    /// When.
    pub year: String,
    /// Of how many, as written.
    pub n: String,
    /// Who says so.
    pub source: String,
    /// Targets about the same outcome.
    pub family: String,
    /// What it is for.
    pub used: Use,
    /// Why the model gives what it gives, as far as that is known.
    pub origin: Option<Origin>,
    /// What a reader should know.
    pub note: String,
}

impl Target {
    /// The settings of the runs that it asks for.
    pub fn runs(&self) -> impl Iterator<Item = &Vec<String>> {
        [Some(&self.set), self.against.as_ref()].into_iter().flatten()
    }

    /// Standard deviation of what is doubtful about it: the figure itself, its transfer, and what the model leaves out.
    pub fn sd(&self) -> f64 {
        let squares = [self.standard_error, self.transfer, self.discrepancy].map(|sd| sd * sd);
        libm::sqrt(squares.iter().sum())
    }

    /// The months of a run of `months` months over which its figure is taken.
    pub fn span(&self, months: u32) -> RangeInclusive<u32> {
        let (from, to) = self.months.unwrap_or((months.saturating_sub(11).max(1), months));
        from..=to
    }
}

/// Reads the table at `path`.
///
/// # Errors
/// All that is wrong with it, each with its line and column.
pub fn load(path: &Path) -> Result<Vec<Target>, Problems> {
    read(&open(path)?)
}

/// True of a table of targets, told by its headings: a file of that form, or the one that is part of the program.
pub fn is_one(path: &Path) -> bool {
    let is_file = path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    if !is_file && !file::is_built_in(&path.display().to_string()) {
        return false;
    }
    let Ok(source) = open(path) else { return false };
    let headings = source.text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}');
    let names: Vec<&str> = headings.split(',').map(|name| name.trim().trim_matches('"')).collect();
    COLUMNS[..2].iter().all(|name| names.contains(name))
}

/// The text of the table at `path`, which may be one that is part of the program.
///
/// # Errors
/// The file cannot be read.
pub fn open(path: &Path) -> Result<Arc<Source>, Problems> {
    let name = path.display().to_string();
    let source =
        if file::is_built_in(&name) { file::read(path, &name)? } else { file::read_table(path, &name)? };
    Ok(source)
}

/// Reads a table.
///
/// # Errors
/// All that is wrong with it, each with its line and column.
pub fn read(source: &Arc<Source>) -> Result<Vec<Target>, Problems> {
    let mut problems = Problems::default();
    let Named { names, rows } = Named::read(source, &mut problems);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    check_names(&names, source, &mut problems);
    let mut targets: Vec<Target> = Vec::new();
    for (start, record) in rows {
        let cells = Cells { source, start, cells: &record };
        let mut row = Row { names: &names, cells, problems: &mut problems };
        let Some(target) = row.target() else { continue };
        if targets.iter().any(|known| known.id == target.id) {
            let id = &target.id;
            row.wrong("id", Problem::new(both!("two targets are called {id}", "有两个目标都名为 {id}")));
        }
        targets.push(target);
    }
    if targets.is_empty() && problems.is_empty() {
        let message = both!("{name} has no targets", "{name} 没有任何目标"; name = source.name);
        problems.push(Problem::new(message));
    }
    if problems.is_empty() { Ok(targets) } else { Err(problems) }
}

fn check_names(names: &[&str], source: &Arc<Source>, problems: &mut Problems) {
    for (column, name) in names.iter().enumerate() {
        let place = || Place::new(source, cell_span(&source.text, 0, column));
        if !COLUMNS.contains(name) {
            let problem = Problem::new(both!("there is no column `{name}`", "没有名为 `{name}` 的列"));
            let guess = match nearest(name, COLUMNS.iter().copied()) {
                Some(near) => both!("did you mean `{near}`?", "是否应为 `{near}`？"),
                None => listed(COLUMNS.iter().copied()),
            };
            problems.push(problem.at(place()).help(guess));
        } else if names[..column].contains(name) {
            problems.push(given_twice(name).at(place()));
        }
    }
    for name in COLUMNS[..3].iter().filter(|name| !names.contains(name)) {
        let message = both!("there is no column `{name}`, which targets need", "缺少目标必需的列 `{name}`");
        problems.push(Problem::new(message).at(Place::new(source, cell_span(&source.text, 0, 0))));
    }
}

/// A row under way.
struct Row<'a> {
    names: &'a [&'a str],
    cells: Cells<'a>,
    problems: &'a mut Problems,
}

impl<'a> Row<'a> {
    fn cell(&self, name: &str) -> &'a str {
        let column = self.names.iter().position(|known| *known == name);
        column.map_or("", |column| self.cells.cell(column))
    }

    /// Adds `problem` of the cell under `name`.
    fn wrong(&mut self, name: &str, problem: Problem) {
        let column = self.names.iter().position(|known| *known == name).unwrap_or(0);
        self.problems.push(problem.of(name).at(self.cells.place(column)));
    }

    /// The target, if nothing is wrong with it.
    fn target(&mut self) -> Option<Target> {
        let before = self.problems.0.len();
        let target = Target {
            id: self.filled("id").to_string(),
            quantity: self.quantity(),
            written: self.cell("metric").to_string(),
            months: self.months(),
            aim: self.aim(),
            standard_error: self.standard_error(),
            transfer: self.size("transfer"),
            discrepancy: self.size("discrepancy"),
            set: settings(self.cell("set")),
            against: self.against(),
            place: self.cell("place").to_string(),
            year: self.cell("year").to_string(),
            n: self.cell("n").to_string(),
            source: self.cell("source").to_string(),
            family: self.cell("family").to_string(),
            used: self.word("use", &USES).unwrap_or(Use::Fit),
            origin: self.word(
                "origin",
                &[("emergent", Origin::Emergent), ("direct", Origin::Direct), ("imposed", Origin::Imposed)],
            ),
            note: self.cell("note").to_string(),
        };
        (self.problems.0.len() == before).then_some(target)
    }

    fn filled(&mut self, name: &str) -> &'a str {
        let cell = self.cell(name);
        if cell.is_empty() && self.names.contains(&name) {
            self.wrong(name, Problem::new(both!("`{name}` is empty", "`{name}` 为空")));
        }
        cell
    }

    /// One of `words`; none if nothing is said.
    fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let cell = self.cell(name);
        let found = words.iter().find(|(word, _)| *word == cell);
        if found.is_none() && !cell.is_empty() {
            let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message =
                both!("`{cell}` is none of the words for `{name}`", "`{cell}` 不是 `{name}` 的取值");
            self.wrong(name, Problem::new(message).allowed(listed(allowed)));
        }
        found.map(|(_, value)| *value)
    }

    /// A number of at least zero; zero if nothing is said.
    fn size(&mut self, name: &str) -> f64 {
        let cell = self.cell(name);
        match cell.parse::<f64>() {
            _ if cell.is_empty() => 0.0,
            Ok(size) if size >= 0.0 && size.is_finite() => size,
            _ => {
                let message = both!("`{cell}` is not a number from 0 up", "`{cell}` 不是大于等于 0 的数");
                self.wrong(name, Problem::new(message));
                0.0
            }
        }
    }

    /// As said, or else of a share of `n` people drawn at random, √(p · (1 − p) / n). A mean of feelings between 0 and
    /// 1 has at most this one.
    fn standard_error(&mut self) -> f64 {
        let (n, metric) = (self.cell("n"), self.cell("metric"));
        let is_share = metric::all().iter().any(|known| known.name == metric && known.unit == "share");
        let is_difference = self.cell("level").contains(" - ") || !self.cell("against").is_empty();
        match aim(self.cell("value")) {
            Some(Aim::Number(p))
                if self.cell("standard_error").is_empty() && !n.is_empty() && is_share && !is_difference =>
            {
                let people = n.parse::<f64>().ok().filter(|people| *people >= 1.0 && people.is_finite());
                if people.is_none() {
                    let message = both!("`{n}` is no number of people", "`{n}` 不是人数");
                    self.wrong(
                        "n",
                        Problem::new(message).help(both!(
                            "write 6581, without separators or words, or the error under `standard_error`",
                            "请写 6581，不带分隔符或文字；或在 `standard_error` 列写出标准误"
                        )),
                    );
                }
                libm::sqrt((p * (1.0 - p)).max(0.0) / people.unwrap_or(1.0))
            }
            _ => self.size("standard_error"),
        }
    }

    fn months(&mut self) -> Option<(u32, u32)> {
        let (from, to) = (self.cell("from"), self.cell("to"));
        if from.is_empty() && to.is_empty() {
            return None;
        }
        match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) if 1 <= from && from <= to => Some((from, to)),
            _ => {
                self.wrong(
                    "from",
                    Problem::new(both!(
                        "months from `{from}` to `{to}` are no span of months",
                        "从 `{from}` 到 `{to}` 不是一段月份"
                    ))
                    .help(both!(
                        "both count from 1, the first month of the run; the last year if both are empty",
                        "两者均从 1（运行的第一个月）数起；都留空则取最后一年"
                    )),
                );
                None
            }
        }
    }

    fn aim(&mut self) -> Aim {
        let cell = self.filled("value");
        let aim = aim(cell);
        if aim.is_none() && !cell.is_empty() {
            let message = both!("`{cell}` is no figure to aim at", "`{cell}` 不是可比对的数值");
            self.wrong(
                "value",
                Problem::new(message).allowed(both!(
                    "a number, `>= 0.9`, `<= 0.1`, `0.3 to 0.6`, `positive` or `negative`",
                    "一个数、`>= 0.9`、`<= 0.1`、`0.3 to 0.6`、`positive` 或 `negative`"
                )),
            );
        }
        aim.unwrap_or(Aim::Positive)
    }

    /// None if the column is empty; `nothing` is a second run under the scenario as it is.
    fn against(&self) -> Option<Vec<String>> {
        match self.cell("against") {
            "" => None,
            "nothing" => Some(Vec::new()),
            cell => Some(settings(cell)),
        }
    }

    fn quantity(&mut self) -> Quantity {
        let written = self.filled("metric");
        let trend = written.strip_prefix(TREND);
        let cell = trend.unwrap_or(written);
        let signs = [(" + ", Operation::Plus), (" - ", Operation::Minus), (" / ", Operation::Over)];
        let parts = signs.iter().find_map(|(sign, operation)| {
            let (first, second) = cell.split_once(sign)?;
            Some((first.trim(), Some((*operation, second.trim().to_string()))))
        });
        let (metric, with) = parts.unwrap_or((cell, None));
        let group = self.group();
        for name in std::iter::once(metric).chain(with.iter().map(|(_, second)| second.as_str())) {
            self.check_metric(name, group.is_some());
        }
        let less = self.cell("level").split_once(" - ").map(|(_, less)| less.trim().to_string());
        if let (Some(_), Some((_, second))) = (trend, &with) {
            let message = both!("the trend of two metrics is not read off", "不支持两个指标的变化趋势");
            let help = both!("leave out `{second}`, or `trend of`", "请去掉 `{second}` 或 `trend of`");
            self.wrong("metric", Problem::new(message).help(help));
        }
        Quantity { metric: metric.to_string(), trend: trend.is_some(), with, group, less }
    }

    fn check_metric(&mut self, name: &str, of_group: bool) {
        let known: Vec<&str> = match of_group {
            true => metric::of_groups().into_iter().map(|(name, _)| name).collect(),
            false => metric::all().iter().map(|metric| metric.name).collect(),
        };
        if name.is_empty() || known.contains(&name) {
            return;
        }
        let problem = Problem::new(match of_group {
            true => both!("there is no metric {name} of groups", "没有按群体统计的指标 {name}"),
            false => both!("there is no metric {name}", "没有指标 {name}"),
        });
        let help = match nearest(name, known) {
            Some(near) => both!("did you mean `{near}`?", "是否应为 `{near}`？"),
            None => both!("`shequ explain metrics` lists them", "`shequ explain metrics` 列出各指标"),
        };
        self.wrong("metric", problem.help(help));
    }

    fn group(&mut self) -> Option<(String, String)> {
        let (group, level) = (self.cell("group"), self.cell("level"));
        if group.is_empty() && level.is_empty() {
            return None;
        }
        let groupings = metric::groupings();
        let Some(grouping) = groupings.iter().find(|known| known.name == group) else {
            let names: Vec<&str> = groupings.iter().map(|known| known.name).collect();
            let message = both!("there is no grouping `{group}`", "没有群体划分 `{group}`");
            self.wrong("group", Problem::new(message).allowed(listed(names)));
            return None;
        };
        let (first, less) = level.split_once(" - ").unwrap_or((level, ""));
        for name in [first, less].iter().map(|name| name.trim()).take(if less.is_empty() { 1 } else { 2 }) {
            if !grouping.levels.contains(&name) {
                let message = both!("{group} has no level `{name}`", "{group} 没有取值 `{name}`");
                self.wrong("level", Problem::new(message).allowed(listed(grouping.levels.iter().copied())));
            }
        }
        Some((group.to_string(), first.trim().to_string()))
    }
}

fn settings(cell: &str) -> Vec<String> {
    cell.split(';').map(str::trim).filter(|setting| !setting.is_empty()).map(String::from).collect()
}

/// What `cell` says that a figure should be; none if it says nothing of the kind.
fn aim(cell: &str) -> Option<Aim> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match cell {
        "positive" => Some(Aim::Positive),
        "negative" => Some(Aim::Negative),
        _ => {
            if let Some(rest) = cell.strip_prefix(">=") {
                return number(rest).map(Aim::AtLeast);
            }
            if let Some(rest) = cell.strip_prefix("<=") {
                return number(rest).map(Aim::AtMost);
            }
            if let Some((low, high)) = cell.split_once(" to ") {
                let (low, high) = (number(low)?, number(high)?);
                return (low <= high).then_some(Aim::Between(low, high));
            }
            number(cell).map(Aim::Number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<Target>, Vec<String>> {
        let read = read(&Source::file("targets.csv", text));
        read.map_err(|problems| {
            let told = |p: &Problem| {
                let place = p.place.as_ref().map(|place| (place.line(), place.column())).unwrap_or_default();
                format!("{}:{} {}", place.0, place.1, p.message.en)
            };
            problems.0.iter().map(told).collect()
        })
    }

    #[test]
    fn a_row_says_what_is_read_off_which_run_and_what_it_should_be() {
        let table = "id,metric,group,level,value,standard_error,set,against,use\n\
            A,voted,age,70+ - 18–29,0.64,0.02,,,hold_out\n\
            B,fund.leaked / fund.spent,,,<= 0.1,,funding.audit=1; funding.base=2,nothing,fit\n\
            C,participation,,,0.05 to 0.1,,,,\n";
        let targets = of(table).unwrap();
        assert_eq!(targets[0].quantity.group, Some(("age".into(), "70+".into())));
        assert_eq!(targets[0].quantity.less.as_deref(), Some("18–29"));
        assert_eq!((targets[0].aim, targets[0].used), (Aim::Number(0.64), Use::HoldOut));
        assert_eq!(targets[1].quantity.with, Some((Operation::Over, "fund.spent".into())));
        assert_eq!(targets[1].set, ["funding.audit=1", "funding.base=2"]);
        assert_eq!((targets[1].against.as_deref(), targets[1].aim), (Some(&[][..]), Aim::AtMost(0.1)));
        assert_eq!((targets[2].against.as_ref(), targets[2].aim), (None, Aim::Between(0.05, 0.1)));
    }

    #[test]
    fn a_share_of_so_many_people_has_the_error_of_a_random_sample_unless_it_is_said() {
        let head = "id,metric,value,standard_error,n,level,group\n";
        let error = |row: &str| of(&format!("{head}A,{row}\n")).map(|targets| targets[0].standard_error);
        // √(.36 · .64 / 576) = .6 · .8 / 24.
        assert!((error("voted,0.36,,576,,").unwrap() - 0.02).abs() < 1e-15);
        assert_eq!(error("voted,0.36,0.05,576,,"), Ok(0.05));
        // Of differences, bounds and what is no share, `n` says nothing.
        for other in [
            "voted,0.36,,576,female - male,sex",
            "voted - attended,0.36,,576,,",
            "voted,>= 0.36,,576,,",
            "response.days,7,,576,,",
            "voted,0.36,,,,",
        ] {
            assert_eq!(error(other), Ok(0.0), "{other}");
        }
        let told = error("voted,0.36,,about 600,,").unwrap_err();
        assert_eq!(told, ["2:15 `about 600` is no number of people"]);
        assert_eq!(error("voted,0.36,0.02,about 600,,"), Ok(0.02));
    }

    #[test]
    fn all_that_is_wrong_is_told_with_line_and_column() {
        let table = "id,metric,group,level,value,standard_error,from,to,use\n\
            A,votd,,,0.5,,,,\n\
            A2,voted,ages,young,0.5,,,,\n\
            A3,voted,age,young,0.5,,,,\n\
            A4,participation,,,half,-1,3,2,later\n\
            A5,participation,,,0.5\n";
        let told = of(table).unwrap_err();
        for expected in [
            "2:3 there is no metric votd",
            "3:10 there is no grouping `ages`",
            "4:14 age has no level `young`",
            "5:20 `half` is no figure to aim at",
            "5:25 `-1` is not a number from 0 up",
            "5:28 months from `3` to `2` are no span of months",
            "5:32 `later` is none of the words for `use`",
            "6:1 this row has 5 values, but there are 9 columns",
        ] {
            assert!(told.iter().any(|line| line.starts_with(expected)), "{expected}: {told:#?}");
        }
        assert_eq!(of("id,metrc,value\nA,voted,1\n").unwrap_err()[0], "1:4 there is no column `metrc`");
        let twice = of("id,metric,value\nA,voted,1\nA,voted,1\n").unwrap_err();
        assert_eq!(twice, ["3:1 two targets are called A"]);
        assert_eq!(of("id,metric,value\n").unwrap_err()[0], "0:0 targets.csv has no targets");
    }

    #[test]
    fn figures_to_aim_at_are_numbers_bounds_ranges_and_signs() {
        assert_eq!(aim(">= .9"), Some(Aim::AtLeast(0.9)));
        assert_eq!(aim("negative"), Some(Aim::Negative));
        for not in ["", "0.5 to 0.1", "> 1", "nan", "inf", "a to b"] {
            assert_eq!(aim(not), None, "{not}");
        }
    }
}
