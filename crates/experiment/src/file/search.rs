//! What a search says: which levers may be set, what is to be reached, and what must be kept to.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Kind;
use super::keys::{SearchTable, measured};
use super::reading::File;
use super::vary::factor;
use crate::design::{Factor, Range};
use crate::outcome::Outcome;
use crate::replicates::Replicates;
use crate::search::{Constraint, Measure, Objective, Pace, Search};
use crate::window::Window;
use shequ_model::base::i18n::{Both, both, listed};
use shequ_model::base::problem::{Place, Problem, nearest};
use shequ_model::metric;
use shequ_model::scenario;
use shequ_model::scenario::document::Entry;
use shequ_model::scenario::index::Index;
use shequ_model::scenario::reader::Reader;

/// Objectives, at most: a front of more has no picture and hardly a mix that another dominates.
const OBJECTIVES: usize = 3;

/// The search that the file describes; none where it is of another kind, or something is wrong with it.
pub fn search(
    file: &mut File,
    table: &DeTable,
    kind: Kind,
    replicates: Option<Replicates>,
    windows: &[(Window, Option<Place>)],
) -> Option<Search> {
    if kind != Kind::Search {
        return None;
    }
    let before = file.reader.problems.0.len();
    let levers = levers(file, table);
    let objectives: Vec<Objective> =
        tables(file, table, "objective", true).iter().filter_map(|read| objective(file, read)).collect();
    let constraints: Vec<Constraint> = match table.contains_key("constraint") {
        true => tables(file, table, "constraint", false)
            .iter()
            .filter_map(|read| constraint(file, read))
            .collect(),
        false => Vec::new(),
    };
    if file.reader.problems.0.len() == before {
        check_objectives(file, table, &objectives);
    }
    sees_the_same(file, table, replicates);
    let [(window, _)] = windows else {
        let message = both!("a search looks at one window", "搜索只看一个时段");
        let problem = file.about("window", table, message);
        file.wrong(problem.help(both!("write window = \"last-year\"", "请写 window = \"last-year\"")));
        return None;
    };
    let SearchTable { candidates, generations, final_replicates, seed } = file.table("search")?;
    let pace = Pace { candidates, generations, final_replicates, seed };
    (file.reader.problems.0.len() == before).then(|| Search {
        levers,
        objectives,
        constraints,
        pace,
        window: *window,
    })
}

/// The levers of `[vary]`. What makes a city cannot be set by a policy.
fn levers(file: &mut File, table: &DeTable) -> Vec<Factor> {
    let Some(vary) = table.get("vary") else {
        let message = both!("this search has no levers", "此搜索没有可设置的手段");
        file.wrong(Problem::new(message).of("vary").help(both!(
            "name them: [vary] with \"outreach.home_visits\" = {{ low = 0, high = 0.5 }}",
            "请写明：在 [vary] 中写 \"outreach.home_visits\" = {{ low = 0, high = 0.5 }}"
        )));
        return Vec::new();
    };
    let before = file.reader.problems.0.len();
    let mut levers = Vec::new();
    for (path, value) in file.scenario_keys("vary", vary) {
        let is_fixed = scenario::index().key(&path).is_some_and(|key| key.fixed);
        if is_fixed {
            let message = both!(
                "`{path}` makes the city or its months, which no policy sets",
                "`{path}` 决定城市或月份，政策不能设置"
            );
            let problem = Problem::new(message).of(path.as_str()).at(file.reader.place(value));
            file.wrong(problem.help(both!(
                "set it in `set`, for the base and all mixes alike",
                "请写在 `set` 中，对基准与所有组合一致"
            )));
            continue;
        }
        levers.extend(factor(file, &path, value));
    }
    let is_alone = |lever: &Factor| matches!(&lever.range, Range::Levels(values) if values.len() == 1);
    for lever in levers.iter().filter(|lever| is_alone(lever)) {
        let message = both!("`{key}` has one value alone", "`{key}` 只有一个取值"; key = lever.key);
        let problem = Problem::new(message).of(lever.key.as_str()).at(file.reader.place(vary));
        file.wrong(problem.help(both!("set it in `set`", "请写在 `set` 中")));
    }
    if levers.is_empty() && file.reader.problems.0.len() == before {
        let problem = Problem::new(both!("[vary] names no levers", "[vary] 没有写明任何手段"));
        file.wrong(problem.of("vary").at(file.reader.place(vary)));
    }
    levers
}

/// A table of `[[objective]]` or `[[constraint]]` as it was read.
struct Read {
    name: &'static str,
    place: Place,
    entries: Vec<Entry>,
}

impl Read {
    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == key)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.entry(key).and_then(|entry| entry.value.as_str())
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.entry(key).and_then(|entry| scenario::value::number_of(&entry.value))
    }

    fn problem(&self, key: &str, message: Both) -> Problem {
        let place = self.entry(key).map_or(&self.place, |entry| &entry.place);
        Problem::new(message).of(self.name).at(place.clone())
    }
}

fn tables(file: &mut File, table: &DeTable, name: &'static str, is_objective: bool) -> Vec<Read> {
    let Some(value) = table.get(name) else {
        let message = both!("this search has no objective", "此搜索没有目标");
        file.wrong(Problem::new(message).of(name).help(both!(
            "write [[objective]] with outcome = \"participation\"",
            "请写 [[objective]]，其下写 outcome = \"participation\""
        )));
        return Vec::new();
    };
    let DeValue::Array(items) = value.get_ref() else {
        let problem =
            file.about(name, table, both!("`{name}` must be a list of tables", "`{name}` 必须是表的列表"));
        file.wrong(
            problem
                .help(both!("write [[{name}]], with two pairs of brackets", "请写 [[{name}]]，用两对方括号")),
        );
        return Vec::new();
    };
    let own = Index::new(vec![measured(is_objective)]);
    let read = |item: &Spanned<DeValue>| {
        let place = file.reader.place(item);
        let DeValue::Table(inner) = item.get_ref() else {
            let message = both!("each {name} must be a table", "每个 {name} 必须是一个表");
            file.wrong(Problem::new(message).of(name).at(place));
            return None;
        };
        let mut entries = Vec::new();
        let source = file.reader.source;
        Reader::new(source, &own, file.reader.problems).table("", inner, &[], &mut entries);
        Some(Read { name, place, entries })
    };
    items.iter().filter_map(read).collect()
}

/// The outcome that a table names, of all or of a group.
fn measure(file: &mut File, read: &Read) -> Option<Measure> {
    let Some(name) = read.text("outcome") else {
        let message = both!("this {name} names no outcome", "此 {name} 没有写明指标"; name = read.name);
        let problem = read.problem("outcome", message);
        file.wrong(
            problem
                .help(both!("for example: outcome = \"participation\"", "例如：outcome = \"participation\"")),
        );
        return None;
    };
    let outcome = match Outcome::named(name) {
        Ok(outcome) => outcome,
        Err(message) => {
            file.wrong(read.problem("outcome", message));
            return None;
        }
    };
    let (group, level) = match (read.text("group"), read.text("level")) {
        (None, None) => return Some(Measure { outcome, group: None }),
        (Some(group), Some(level)) => (group, level),
        (group, _) => {
            let (there, missing) = if group.is_some() { ("group", "level") } else { ("level", "group") };
            let message = both!("`{there}` needs a `{missing}`", "写了 `{there}` 还须写 `{missing}`");
            file.wrong(read.problem(there, message));
            return None;
        }
    };
    let groupings = metric::groupings();
    let Some(grouping) = groupings.iter().find(|known| known.name == group) else {
        let message = both!("there is no grouping `{group}`", "没有群体划分 `{group}`");
        let names: Vec<&str> = groupings.iter().map(|known| known.name).collect();
        file.wrong(read.problem("group", message).allowed(one_of(names)));
        return None;
    };
    if !grouping.levels.contains(&level) {
        let message = both!("{group} has no level `{level}`", "{group} 没有取值 `{level}`");
        file.wrong(read.problem("level", message).allowed(one_of(grouping.levels.to_vec())));
        return None;
    }
    let of_groups: Vec<&str> = metric::of_groups().into_iter().map(|(name, _)| name).collect();
    if !of_groups.contains(&name) {
        let message = both!("`{name}` is not known by group", "`{name}` 没有按群体的统计");
        let near = nearest(name, of_groups.iter().copied()).map_or_else(
            || both!("known by group: {all}", "按群体统计的有：{all}"; all = listed(of_groups.iter().copied())),
            |near| both!("did you mean `{near}`?", "是否应为 `{near}`？"),
        );
        file.wrong(read.problem("outcome", message).help(near));
        return None;
    }
    Some(Measure { outcome, group: Some((group.into(), level.into())) })
}

fn one_of(names: Vec<&str>) -> Both {
    both!("one of {names}", "{names} 之一"; names = listed(names))
}

fn objective(file: &mut File, read: &Read) -> Option<Objective> {
    let measure = measure(file, read)?;
    Some(Objective { measure, higher: read.text("better") != Some("lower") })
}

fn constraint(file: &mut File, read: &Read) -> Option<Constraint> {
    let measure = measure(file, read)?;
    let bounds = |prefix: &str| ["at_least", "at_most"].map(|end| read.number(&format!("{prefix}{end}")));
    let (level, change) = (bounds(""), bounds("change_"));
    let is_given = |bounds: &[Option<f64>; 2]| bounds.iter().any(Option::is_some);
    let message = match (is_given(&level), is_given(&change)) {
        (false, false) => both!("this constraint has no bound", "此条件没有上下限"),
        (true, true) => {
            both!("this constraint bounds both the outcome and its change", "此条件同时限定了指标与其变化")
        }
        (_, of_change) => {
            let [least, most] = if of_change { change } else { level };
            match (least, most) {
                (Some(low), Some(high)) if low > high => {
                    both!(
                        "no value is at least {low} and at most {high}",
                        "没有既不低于 {low} 又不高于 {high} 的值"
                    )
                }
                _ => return Some(Constraint { measure, of_change, least, most }),
            }
        }
    };
    let problem = read.problem("outcome", message);
    file.wrong(problem.help(both!(
        "write one of at_least, at_most, change_at_least and change_at_most, or both ends of one; change_at_least = 0 \
         lets nothing be lost",
        "请写 at_least、at_most、change_at_least、change_at_most 之一，或同一种的上下限；change_at_least = 0 表示不低于基准"
    )));
    None
}

/// One to three objectives, each of another outcome.
fn check_objectives(file: &mut File, table: &DeTable, objectives: &[Objective]) {
    if objectives.len() > OBJECTIVES {
        let (count, most) = (objectives.len(), OBJECTIVES);
        let message = both!("{count} objectives are too many", "{count} 个目标过多");
        let problem = file.about("objective", table, message);
        file.wrong(problem.help(both!(
            "at most {most}; make a constraint of what need only be kept to",
            "至多 {most} 个；只需满足的请写作 [[constraint]]"
        )));
    }
    let twice = objectives
        .iter()
        .enumerate()
        .find(|(at, objective)| objectives[..*at].iter().any(|other| other.measure == objective.measure));
    if let Some((_, objective)) = twice {
        let message = both!(
            "two objectives are of `{name}`", "有两个目标都是 `{name}`"; name = objective.measure.name()
        );
        let problem = file.about("objective", table, message);
        file.wrong(problem);
    }
}

/// All candidates are compared by the same replicates.
fn sees_the_same(file: &mut File, table: &DeTable, replicates: Option<Replicates>) {
    if matches!(replicates, None | Some(Replicates::Fixed(_))) {
        return;
    }
    let message =
        both!("a search compares all candidates by the same replicates", "搜索以相同的重复比较所有候选方案");
    let problem = file.about("replicates", table, message);
    file.wrong(problem.help(both!("write a number: replicates = 4", "请写一个数：replicates = 4")));
}
