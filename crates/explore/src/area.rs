//! In which communities something holds: out of an address, into a scenario, and in words.

use std::collections::BTreeSet;

use shequ_model::base::i18n::{Both, Language, both, listed};
use shequ_model::base::problem::Problem;
use shequ_model::city::{Kind, table};
use shequ_model::scenario::Scenario;
use toml::{Table, Value};

/// Where communities of a table were chosen one by one: `where=places=1-3,7`, counted from 1.
const CHOSEN: &str = "places";

/// Names that are listed; of more there is only their number.
const FEW: usize = 5;

/// In which communities something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Area {
    /// In all.
    Everywhere,
    /// A key of `where` and its value, or "places" and places in the table of communities.
    Of(String, String),
}

impl Area {
    /// "kind=courtyard" or "places=1-3,7"; an empty text is everywhere, and one of another form nothing.
    pub fn read(text: &str) -> Option<Area> {
        match text.split_once('=') {
            Some((key, word)) => Some(Area::Of(key.into(), word.into())),
            None => text.is_empty().then_some(Area::Everywhere),
        }
    }

    /// As a scenario file says it, communities that were chosen by their names; none if it is everywhere.
    ///
    /// # Errors
    /// That none were chosen, or some that are not there.
    pub fn written(&self, base: &Scenario) -> Result<Option<String>, Problem> {
        let Area::Of(key, word) = self else { return Ok(None) };
        if key != CHOSEN {
            return Ok(Some(format!("{{ {} = {} }}", Value::from(key.as_str()), word_of_place(word))));
        }
        let table = &base.population.table;
        let names = places(word, table.len())?.into_iter().map(|n| Value::from(table[n].name.as_str()));
        Ok(Some(format!("{{ name = {} }}", Value::Array(names.collect()))))
    }

    /// Places among `count` communities of a table that were chosen one by one.
    pub fn chosen(&self, count: usize) -> BTreeSet<usize> {
        match self {
            Area::Of(key, word) if key == CHOSEN => places(word, count).unwrap_or_default(),
            _ => BTreeSet::new(),
        }
    }

    /// The same in a table in which only the communities `kept` of `count` are left.
    pub fn among(&self, kept: &[usize], count: usize) -> Area {
        match self {
            Area::Of(key, _) if key == CHOSEN => {
                let chosen = self.chosen(count);
                let left = kept.iter().enumerate().filter(|(_, n)| chosen.contains(n));
                let places: Vec<String> = left.map(|(place, _)| (place + 1).to_string()).collect();
                Area::Of(CHOSEN.into(), places.join(","))
            }
            _ => self.clone(),
        }
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

/// A share is a number, everything else by which communities are told apart a word.
fn word_of_place(word: &str) -> Value {
    word.parse().ok().filter(|v: &f64| v.is_finite()).map_or_else(|| Value::from(word), Value::Float)
}

/// In words what a scenario says as `where`, such as `{ kind = ["courtyard"], share = 0.5 }`.
pub fn said(within: &str) -> Both {
    let Ok(Some(Value::Table(conditions))) =
        format!("where = {within}").parse::<Table>().map(|mut all| all.remove("where"))
    else {
        return Both::same(within);
    };
    let mut all: Vec<Both> = conditions.iter().filter_map(|(key, value)| condition(key, value)).collect();
    all.extend(share(&conditions, !all.is_empty()));
    joined(&all, ["; ", "；"])
}

/// One condition in words; none of what says how a share is drawn.
fn condition(key: &str, value: &Value) -> Option<Both> {
    let words = || {
        let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        all.iter()
            .map(|word| word.as_str().map_or_else(|| word.to_string(), String::from))
            .collect::<Vec<_>>()
    };
    let names = |words: &[String]| listed(words.iter().map(String::as_str));
    match key {
        "name" => Some(match words() {
            one if one.len() == 1 => Both::same(&one[0]),
            few if few.len() <= FEW => both!(
                "{count} communities ({names})", "{count} 个社区（{names}）"; count = few.len(), names = names(&few)
            ),
            many => both!("{count} communities", "{count} 个社区"; count = many.len()),
        }),
        "kind" => {
            let name = |word: &String| {
                Kind::ALL
                    .iter()
                    .find(|kind| kind.word() == word)
                    .map_or_else(|| Both::same(word), |kind| kind.name().into())
            };
            let kinds = joined(&words().iter().map(name).collect::<Vec<_>>(), [", ", "、"]);
            Some(both!("communities of the kind {kinds}", "类型为{kinds}的社区"; kinds = kinds))
        }
        "street" => Some(both!("street {names}", "街道：{names}"; names = names(&words()))),
        "district" => Some(both!("district {names}", "区（市）县：{names}"; names = names(&words()))),
        "share" | "highest" | "lowest" | "stratified_by" => None,
        column => {
            let bounds = value.as_table()?;
            let end = |name: &str| bounds.get(name).map(Value::to_string);
            let ends = [
                end("at_least").map(|end| both!("at least {end}", "至少 {end}")),
                end("at_most").map(|end| both!("at most {end}", "至多 {end}")),
            ];
            let ends: Vec<Both> = ends.into_iter().flatten().collect();
            Some(
                both!("{column}: {ends}", "{column}：{ends}"; column = called(column), ends = joined(&ends, [", ", "，"])),
            )
        }
    }
}

/// What share of the communities is meant, and which.
fn share(conditions: &Table, is_of_some: bool) -> Option<Both> {
    let percent = conditions.get("share")?.as_float()? * 100.0;
    let percent = format!("{}", (percent * 10.0).round() / 10.0);
    let ranked = |key: &str| conditions.get(key).and_then(Value::as_str).map(called);
    let of = match is_of_some {
        true => both("of these", "其中"),
        false => both("of the communities", "全部社区中"),
    };
    let drawn = match (ranked("highest"), ranked("lowest")) {
        (Some(column), _) => both!(
            "the {percent} % {of} with the most of: {column}", "{of}“{column}”最高的 {percent}%";
            of = of, column = column
        ),
        (_, Some(column)) => both!(
            "the {percent} % {of} with the least of: {column}", "{of}“{column}”最低的 {percent}%";
            of = of, column = column
        ),
        _ => both!("{percent} % {of} by lot", "{of}随机 {percent}%"; of = of),
    };
    Some(match conditions.get("stratified_by").and_then(Value::as_str) {
        Some(strata) => {
            both!("{drawn}, for each {strata}", "{drawn}（按{strata}分层）"; drawn = drawn, strata = called_strata(strata))
        }
        None => drawn,
    })
}

/// A column of a table of communities by what it means.
fn called(column: &str) -> Both {
    let known = table::keys().into_iter().find(|key| key.name == column);
    known.map_or_else(
        || Both::same(column),
        |key| both(key.meaning.en.trim_end_matches('.'), key.meaning.zh.trim_end_matches('。')),
    )
}

fn called_strata(strata: &str) -> Both {
    match strata {
        "kind" => both("kind of community", "社区类型"),
        "street" => both("street", "街道"),
        "district" => both("district", "区（市）县"),
        _ => both("community", "社区"),
    }
}

fn joined(all: &[Both], [en, zh]: [&str; 2]) -> Both {
    Both::by(|language| {
        let words: Vec<&str> = all.iter().map(|one| one.of(language)).collect();
        words.join(if language == Language::En { en } else { zh })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_was_chosen_is_found_again_among_fewer_communities() {
        let chosen = Area::read("places=2-4,9").unwrap();
        // Of nine, the first, the third, the fourth and the last are left.
        assert_eq!(chosen.among(&[0, 2, 3, 8], 9), Area::read("places=2,3,4").unwrap());
        let kind = Area::read("kind=courtyard").unwrap();
        assert_eq!(kind.among(&[0, 2], 9), kind);
        assert_eq!(Area::read(""), Some(Area::Everywhere));
        assert_eq!(Area::read("courtyards"), None);
    }

    #[test]
    fn what_a_scenario_says_of_places_is_said_in_words() {
        let en = |text: &str| said(text).en;
        assert_eq!(en("{ name = [\"A\"] }"), "A");
        assert_eq!(en("{ name = [\"A\", \"B\"] }"), "2 communities (A, B)");
        assert_eq!(said("{ name = [\"A\", \"B\", \"C\", \"D\", \"E\", \"F\"] }").zh, "6 个社区");
        assert_eq!(en("{ share = 0.5 }"), "50 % of the communities by lot");
        assert_eq!(
            said("{ kind = [\"courtyard\"], share = 0.25, stratified_by = \"street\" }").zh,
            format!("类型为{}的社区；其中随机 25%（按街道分层）", Kind::Courtyard.name().zh)
        );
        assert_eq!(
            en("{ party = { at_least = 0.1 }, share = 0.2, lowest = \"owners\" }"),
            "Share of adults who are party members: at least 0.1; the 20 % of these with the least of: Share of adults \
             whose household owns its home"
        );
        // What is not known is shown as it was written.
        assert_eq!(en("nothing"), "nothing");
    }
}
