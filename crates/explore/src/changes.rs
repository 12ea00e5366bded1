//! Levers as dated changes of a base, as a scenario file says them.
//!
//! A scenario knows no end of a change. Where a lever ends, another change sets what would hold without it: the value of
//! the start, or what other changes of the same key say by then, each where it holds.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::question::Question;
use shequ_model::base::i18n::both;
use shequ_model::base::month::Month;
use shequ_model::base::params::{Key, Kind};
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::scenario::places::WHERE;
use shequ_model::scenario::{Loaded, index};
use toml::Value;

/// What a lever says, once it was read.
struct Setting<'a> {
    key: &'a str,
    value: Value,
    from: Month,
    /// The first month in which it no longer holds; none if it holds to the end.
    end: Option<Month>,
    /// As a scenario file says it; none in all communities.
    within: Option<String>,
}

/// One key that gets a value.
struct Step<'a> {
    from: Month,
    within: Option<String>,
    key: &'a str,
    value: Value,
}

/// The changes that the levers of a question make of `base`, as a scenario file says them.
///
/// # Errors
/// What is wrong with a lever.
pub fn text(question: &Question, base: &Loaded) -> Result<String, Problems> {
    let settings = settings(question, base)?;
    let ends = settings.iter().enumerate().filter_map(|(n, setting)| Some((n, setting.end?)));
    let mut steps: Vec<Step> = ends.flat_map(|(n, end)| ending(base, &settings, n, end)).collect();
    steps.extend(settings.iter().map(|Setting { key, value, from, within, .. }| Step {
        from: *from,
        within: within.clone(),
        key,
        value: value.clone(),
    }));
    // What ends in a month ends before anything begins.
    steps.sort_by_key(|step| step.from);
    Ok(written(&steps))
}

fn settings<'a>(question: &'a Question, base: &Loaded) -> Result<Vec<Setting<'a>>, Problems> {
    let scenario = &base.scenario;
    let mut problems = Problems::default();
    let mut settings = Vec::new();
    for lever in &question.levers {
        let Some(key) = index().key(&lever.key).filter(|key| !key.fixed) else {
            problems.push(no_lever(&lever.key));
            continue;
        };
        let from = lever.from.unwrap_or(scenario.start);
        if lever.to.is_some_and(|to| to < from) {
            problems.push(ends_before(&lever.key));
        }
        let end = lever.to.map(|to| to.plus(1)).filter(|end| *end < scenario.start.plus(scenario.months));
        match lever.within.as_ref().unwrap_or(&question.within).written(scenario) {
            Ok(within) => {
                settings.push(Setting {
                    key: &lever.key,
                    value: value(key, &lever.value),
                    from,
                    end,
                    within,
                });
            }
            // Of one place there is one thing to say, however many levers hold there.
            Err(problem) if problems.0.iter().all(|known| known.message != problem.message) => {
                problems.push(problem);
            }
            Err(_) => {}
        }
    }
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

/// What sets again what holds from month `end` on without setting number `ended`.
fn ending<'a>(base: &Loaded, settings: &[Setting<'a>], ended: usize, end: Month) -> Vec<Step<'a>> {
    let Setting { key, within, .. } = &settings[ended];
    let of_base = base.draft.changes.iter().filter(|change| change.from <= end).flat_map(|change| {
        let own = change.entries.iter().filter(|entry| entry.path == *key);
        own.map(|entry| (change.from, change.within.as_ref().map(ToString::to_string), entry.value.clone()))
    });
    let others = settings.iter().enumerate().filter(|(n, other)| {
        *n != ended && other.key == *key && other.from < end && other.end.is_none_or(|last| last > end)
    });
    let others = others.map(|(_, other)| (other.from, other.within.clone(), other.value.clone()));
    let mut live: Vec<(Month, Option<String>, Value)> = of_base.chain(others).collect();
    live.sort_by_key(|(from, ..)| *from);
    // What was said before the last word for all communities is past.
    let first = live.iter().rposition(|(_, within, _)| within.is_none());
    let later = live.split_off(first.map_or(0, |at| at + 1));
    let everywhere = live.pop().map(|(.., value)| value);
    let step = |within: Option<String>, value: Value| Step { from: end, within, key, value };
    let rest = everywhere.or_else(|| base.value(key).map(|given| given.value.clone()));
    let back = rest.map(|value| step(within.clone(), value));
    back.into_iter().chain(later.into_iter().map(|(_, within, value)| step(within, value))).collect()
}

fn written(steps: &[Step]) -> String {
    let mut text = String::new();
    let mut last: Option<(Month, &Option<String>)> = None;
    let mut keys = BTreeSet::new();
    for step in steps {
        // A key stands in a change once.
        if last != Some((step.from, &step.within)) || keys.contains(step.key) {
            let _ = writeln!(text, "[[change]]\nfrom = \"{}\"", step.from);
            step.within.iter().for_each(|within| text += &format!("{WHERE} = {within}\n"));
            keys.clear();
        }
        last = Some((step.from, &step.within));
        keys.insert(step.key);
        let _ = writeln!(text, "{} = {}", step.key, step.value);
    }
    text
}

/// A value as TOML. What is no value of the key's kind stays text, so that reading it says what is wrong.
fn value(key: &Key, text: &str) -> Value {
    let number = |whole: bool| match whole {
        true => text.parse().ok().map(Value::Integer),
        false => text.parse().ok().filter(|v: &f64| v.is_finite()).map(Value::Float),
    };
    let read = match key.kind {
        Kind::Real { .. } => number(false),
        Kind::Count { .. } => number(true),
        Kind::Flag => text.parse().ok().map(Value::Boolean),
        _ => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}

fn no_lever(key: &str) -> Problem {
    Problem::new(both!("`{key}` is no lever", "`{key}` 不能在此设置"))
        .help(both!("what makes the city is set in the scenario file", "构成城市的设置请写在情景文件中"))
}

fn ends_before(key: &str) -> Problem {
    Problem::new(both!("the change of `{key}` ends before it begins", "`{key}` 的变化在开始之前就已结束"))
        .help(both!("its last month is its first or a later one", "最后一个月不得早于开始的月份"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shequ_model::scenario::Scenario;

    const BASE: &str = "name = \"A\"\nmonths = 36\nburn_in = 0\n";

    fn base(changes: &str) -> Loaded {
        Scenario::from_text("a.toml", &format!("{BASE}{changes}"), &[]).unwrap()
    }

    fn of(query: &str, base: &Loaded) -> String {
        text(&Question::of_address(query).unwrap(), base).unwrap()
    }

    /// The reach of phone calls in each month, in a community where only what `holds` says is so.
    fn course(loaded: &Loaded, holds: &[bool]) -> Vec<f64> {
        let scenario = &loaded.scenario;
        let periods = match &scenario.local {
            Some(local) => local.periods(holds).to_vec(),
            None => scenario.periods.clone(),
        };
        let in_force = |month: u32| periods.iter().rfind(|period| period.from <= month).unwrap();
        (0..scenario.months).map(|month| in_force(month).rules.institutions.outreach.phone).collect()
    }

    #[test]
    fn levers_become_dated_changes_of_the_base() {
        let asked = "lever=outreach.phone%3D0.2&lever=2018-06%3Acouncil.enabled%3Dtrue&lever=funding.decider%3Dcouncil\
                     &where=kind%3Dcourtyard";
        let expected = "[[change]]\nfrom = \"2017-01\"\nwhere = { \"kind\" = \"courtyard\" }\noutreach.phone = 0.2\n\
                        funding.decider = \"council\"\n[[change]]\nfrom = \"2018-06\"\nwhere = { \"kind\" = \"courtyard\" }\n\
                        council.enabled = true\n";
        assert_eq!(of(asked, &base("")), expected);
    }

    #[test]
    fn a_lever_that_ends_sets_the_value_of_the_start_again() {
        let loaded = base("outreach.phone = 0.05\n");
        let said = of("lever=2017-07..2018-06%3Aoutreach.phone%3D0.2", &loaded);
        let expected = "[[change]]\nfrom = \"2017-07\"\noutreach.phone = 0.2\n[[change]]\nfrom = \"2018-07\"\noutreach.phone = 0.05\n";
        assert_eq!(said, expected);
        let with = loaded.with_changes("levers", &said).unwrap();
        let expected: Vec<f64> =
            (0..36).map(|month| if (6..18).contains(&month) { 0.2 } else { 0.05 }).collect();
        assert_eq!(course(&with, &[]), expected);
        // One that ends with the run, or later, has no end.
        assert_eq!(of("lever=2017-07..2019-12%3Aoutreach.phone%3D0.2", &loaded).matches("change").count(), 1);
        assert_eq!(of("lever=..2017-12%3Aoutreach.phone%3D0.2", &loaded).matches("change").count(), 2);
    }

    #[test]
    fn what_ends_gives_way_to_what_holds_by_then() {
        // The base changes the key itself, everywhere and then in old courtyards; a second lever goes on.
        let loaded = base(
            "outreach.phone = 0.05\n[[change]]\nfrom = \"2017-04\"\noutreach.phone = 0.1\n[[change]]\n\
             from = \"2018-02\"\nwhere = { kind = \"courtyard\" }\noutreach.phone = 0.3\n",
        );
        let asked = "lever=2017-07..2018-06%3Aoutreach.phone%3D0.2%40&\
                     lever=2017-10%3Aoutreach.phone%3D0.4%40kind%3Dvillage";
        let with = loaded.with_changes("levers", &of(asked, &loaded)).unwrap();
        let months = |spans: &[(u32, f64)]| -> Vec<f64> {
            (0..36).map(|month| spans.iter().rfind(|(from, _)| *from <= month).unwrap().1).collect()
        };
        // Places in the order in which changes name them.
        let places: Vec<String> =
            with.scenario.local.as_ref().unwrap().places().iter().map(ToString::to_string).collect();
        assert!(places[0].contains("village") && places[1].contains("courtyard"), "{places:?}");
        // Elsewhere: the base, the lever for a year, and what the base says by then.
        assert_eq!(course(&with, &[false, false]), months(&[(0, 0.05), (3, 0.1), (6, 0.2), (18, 0.1)]));
        // In villages the second lever comes over the first, and stays.
        assert_eq!(course(&with, &[true, false]), months(&[(0, 0.05), (3, 0.1), (6, 0.2), (9, 0.4)]));
        // In old courtyards the base changes it again, within the lever's year.
        assert_eq!(course(&with, &[false, true]), months(&[(0, 0.05), (3, 0.1), (6, 0.2), (13, 0.3)]));
    }

    #[test]
    fn what_begins_where_another_ends_holds() {
        let asked = "lever=2017-07..2017-12%3Aoutreach.phone%3D0.2&lever=2018-01%3Aoutreach.phone%3D0.4";
        let loaded = base("outreach.phone = 0.05\n");
        let with = loaded.with_changes("levers", &of(asked, &loaded)).unwrap();
        let value = |month: u32| {
            if month < 6 {
                0.05
            } else if month < 12 {
                0.2
            } else {
                0.4
            }
        };
        assert_eq!(course(&with, &[]), (0..36).map(value).collect::<Vec<_>>());
        let backwards = Question::of_address("lever=2018-02..2018-01%3Aoutreach.phone%3D0.2").unwrap();
        assert!(text(&backwards, &loaded).unwrap_err().0[0].message.en.contains("ends before it begins"));
    }
}
