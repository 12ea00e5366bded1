//! What a page asks, out of its address: levers, from which month on, where, and under which theory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use shequ_experiment::outcome::Outcome;
use shequ_experiment::window::Window;
use shequ_model::base::i18n::{Language, both};
use shequ_model::base::month::Month;
use shequ_model::base::params::{Key, Kind};
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::scenario::{Loaded, Scenario, index};
use toml::Value;

/// Fields of an address, at most; more is no page of ours.
const MOST: usize = 300;

/// Where communities of a table were chosen one by one: `where=places=1-3,7`, counted from 1.
const CHOSEN: &str = "places";

/// Keys that hold for the base and the policy alike.
pub const THEORIES: [&str; 2] = ["theory.participation", "theory.trust"];

/// The source of values that a page sets, as messages name it.
const NAME: &str = "levers";

/// A lever as it was set.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Its key.
    pub key: String,
    /// Its value, as it was written.
    pub value: String,
    /// From which month on; `None` from the start.
    pub from: Option<Month>,
}

/// What a page asks.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which of the scenarios is the base.
    pub base: usize,
    /// Theory and rule of trust, where they are not the base's.
    pub theory: Vec<(&'static str, String)>,
    /// The levers.
    pub levers: Vec<Lever>,
    /// In which communities they hold: a key of `where` and its value, or "places" and places in the table of
    /// communities; `None` in all.
    pub within: Option<(String, String)>,
    /// The months that are looked at.
    pub window: Window,
    /// What is looked at first.
    pub outcome: Outcome,
    /// The language of what is made in one language alone.
    pub language: Language,
}

impl Question {
    /// Reads the part of an address after `?`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn of_address(query: &str) -> Result<Question, Problems> {
        let mut question = Question {
            base: 0,
            theory: Vec::new(),
            levers: Vec::new(),
            within: None,
            window: Window::LastYear,
            outcome: Outcome::primary_of(&Outcome::headlines())[0],
            language: Language::En,
        };
        let mut problems = Problems::default();
        for (number, (name, value)) in form_urlencoded::parse(query.as_bytes()).enumerate() {
            if number == MOST {
                problems.push(Problem::new(both!("this address holds too much", "此地址的内容过多")));
                break;
            }
            if let Err(problem) = question.take(&name, &value) {
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(question) } else { Err(problems) }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let unknown = || {
            Problem::new(
                both!("`{value}` is no {name}", "`{value}` 不是 {name} 的取值"; value = value, name = name),
            )
        };
        match name {
            "base" => self.base = value.parse().map_err(|_| unknown())?,
            "lever" => self.levers.push(lever(value)?),
            "where" => {
                let (key, word) = value.split_once('=').ok_or_else(unknown)?;
                self.within = Some((key.into(), word.into()));
            }
            "window" => self.window = value.parse().map_err(|_| unknown())?,
            "outcome" => self.outcome = Outcome::named(value).map_err(Problem::new)?,
            "language" => self.language = Language::named(value).ok_or_else(unknown)?,
            // What is only for the page itself, such as the place in a tour.
            _ => match THEORIES.iter().find(|known| **known == name) {
                Some(key) => self.theory.push((key, value.into())),
                None => return Ok(()),
            },
        }
        Ok(())
    }

    /// The base under the theory that is asked for.
    ///
    /// # Errors
    /// What is wrong with the theory.
    pub fn base(&self, base: &Loaded) -> Result<Loaded, Problems> {
        let options: Vec<String> = self.theory.iter().map(|(key, value)| format!("{key}={value}")).collect();
        if options.is_empty() { Ok(base.clone()) } else { base.with(&options) }
    }

    /// The policy: `base` with the levers as dated changes.
    ///
    /// # Errors
    /// What is wrong with a lever, or what the levers contradict.
    pub fn policy(&self, base: &Loaded) -> Result<Loaded, Problems> {
        let text = self.changes(&base.scenario)?;
        if text.is_empty() { Ok(base.clone()) } else { base.with_changes(NAME, &text) }
    }

    /// The levers as a scenario file says them.
    fn changes(&self, base: &Scenario) -> Result<String, Problems> {
        let mut months: BTreeMap<Month, Vec<String>> = BTreeMap::new();
        let mut problems = Problems::default();
        for lever in &self.levers {
            match index().key(&lever.key) {
                Some(key) if !key.fixed => {
                    let line = format!("{} = {}", lever.key, written(key, &lever.value));
                    months.entry(lever.from.unwrap_or(base.start)).or_default().push(line);
                }
                _ => problems.push(no_lever(&lever.key)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let within = self.within(base)?;
        let mut text = String::new();
        for (from, lines) in months {
            let _ = writeln!(text, "[[change]]\nfrom = \"{from}\"");
            if let Some((key, value)) = &within {
                let _ = writeln!(text, "where = {{ {} = {value} }}", Value::from(*key));
            }
            lines.iter().for_each(|line| text += &format!("{line}\n"));
        }
        Ok(text)
    }

    /// Where the levers hold, as a scenario file says it: those that were chosen by their names.
    fn within(&self, base: &Scenario) -> Result<Option<(&str, Value)>, Problem> {
        let Some((key, word)) = &self.within else { return Ok(None) };
        if key != CHOSEN {
            return Ok(Some((key, word_of_place(word))));
        }
        let table = &base.population.table;
        let names = places(word, table.len())?.into_iter().map(|n| Value::from(table[n].name.as_str()));
        Ok(Some(("name", Value::Array(names.collect()))))
    }
}

/// "1-3,7" of `count` communities, as places from 0 in ascending order.
fn places(text: &str, count: usize) -> Result<BTreeSet<usize>, Problem> {
    if text.is_empty() {
        let message = both("no community is chosen", "尚未选择社区");
        let help = both(
            "choose some on the map, or let the policy hold everywhere",
            "请在地图上选择社区，或让政策在所有社区实施",
        );
        return Err(Problem::new(message).help(help));
    }
    let number = |text: &str| text.parse().ok().filter(|n| (1..=count).contains(n));
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(number(first)? - 1..number(last)?)
    };
    let mut chosen = BTreeSet::new();
    for part in text.split(',') {
        chosen.extend(range(part).ok_or_else(|| {
            Problem::new(both!(
                "`{part}` are no places among the {count} communities of a table",
                "`{part}` 不是社区表中 {count} 个社区的序号"; part = part, count = count
            ))
        })?);
    }
    Ok(chosen)
}

fn no_lever(key: &str) -> Problem {
    Problem::new(both!("`{key}` is no lever", "`{key}` 不能在此设置"))
        .help(both!("what makes the city is set in the scenario file", "构成城市的设置请写在情景文件中"))
}

/// "2019-01:outreach.phone=0.2", with or without the month.
fn lever(text: &str) -> Result<Lever, Problem> {
    let wrong =
        || Problem::new(both!("`{text}` is not of the form key=value", "`{text}` 不是 key=value 的形式"));
    let (left, value) = text.split_once('=').ok_or_else(wrong)?;
    let (from, key) = match left.split_once(':') {
        Some((month, key)) => (Some(month.parse().map_err(|()| wrong())?), key),
        None => (None, left),
    };
    Ok(Lever { key: key.into(), value: value.into(), from })
}

/// A value as TOML. What is no value of the key's kind stays text, so that reading it says what is wrong.
fn written(key: &Key, value: &str) -> Value {
    let number = |whole: bool| match whole {
        true => value.parse().ok().map(Value::Integer),
        false => value.parse().ok().filter(|v: &f64| v.is_finite()).map(Value::Float),
    };
    let read = match key.kind {
        Kind::Real { .. } => number(false),
        Kind::Count { .. } => number(true),
        Kind::Flag => value.parse().ok().map(Value::Boolean),
        _ => None,
    };
    read.unwrap_or_else(|| Value::from(value))
}

/// A share is a number, everything else by which communities are told apart a word.
fn word_of_place(word: &str) -> Value {
    word.parse().ok().filter(|v: &f64| v.is_finite()).map_or_else(|| Value::from(word), Value::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Loaded {
        Scenario::from_text("a.toml", "name = \"A\"\nmonths = 36\n", &[]).unwrap()
    }

    #[test]
    fn levers_become_dated_changes_of_the_base() {
        let asked = "lever=outreach.phone%3D0.2&lever=2018-06%3Acouncil.enabled%3Dtrue&lever=funding.decider%3Dcouncil\
                     &where=kind%3Dcourtyard&window=first-year&outcome=satisfaction&language=zh&tour=3";
        let question = Question::of_address(asked).unwrap();
        assert_eq!((question.outcome.name(), question.language), ("satisfaction", Language::Zh));
        let expected = "[[change]]\nfrom = \"2017-01\"\nwhere = { \"kind\" = \"courtyard\" }\noutreach.phone = 0.2\n\
                        funding.decider = \"council\"\n[[change]]\nfrom = \"2018-06\"\nwhere = { \"kind\" = \"courtyard\" }\n\
                        council.enabled = true\n";
        assert_eq!(question.changes(&base().scenario).unwrap(), expected);
    }

    #[test]
    fn communities_that_are_chosen_are_places_in_the_table() {
        let of = |text: &str| places(text, 9).ok().map(|chosen| chosen.into_iter().collect::<Vec<_>>());
        assert_eq!(of("7,1-3,2"), Some(vec![0, 1, 2, 6]));
        assert_eq!(of("9"), Some(vec![8]));
        for wrong in ["", "0", "10", "1-10", "a", "1,", "-", "1--2", "18446744073709551616"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn without_levers_the_policy_is_the_base() {
        let question = Question::of_address("").unwrap();
        let base = base();
        assert_eq!(question.policy(&base).unwrap().canonical_toml(), base.canonical_toml());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let said = |query: &str| -> Vec<String> {
            let asked = Question::of_address(query).and_then(|question| question.policy(&base()));
            asked.err().unwrap_or_default().0.into_iter().map(|problem| problem.message.en).collect()
        };
        assert_eq!(said("window=never&outcome=nothing&lever=x").len(), 3);
        assert!(said("lever=outreach.phone%3D2")[0].contains("outreach.phone"));
        assert!(said("lever=outreach.phone%3Dlots")[0].contains("outreach.phone"));
        assert!(said("lever=population.adults%3D9")[0].contains("no lever"));
        assert!(said("lever=a%0A%5Bseed%5D%3D9")[0].contains("no lever"));
        assert!(said("lever=outreach.phone%3D0.2&where=colour%3Dred")[0].contains("colour"));
        assert!(
            said(&"lever=outreach.phone%3D0.2&".repeat(400)).iter().any(|words| words.contains("too much"))
        );
    }
}
