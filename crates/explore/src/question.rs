//! What a page asks, out of its address: levers, from which month on, where, and under which theory.

use super::area::Area;
use super::changes;
use shequ_experiment::outcome::Outcome;
use shequ_experiment::window::Window;
use shequ_model::base::i18n::{Language, both};
use shequ_model::base::month::Month;
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::scenario::Loaded;

/// Fields of an address, at most; more is no page of ours.
const MOST: usize = 300;

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
    /// The last month in which it holds; `None` if it holds to the end.
    pub to: Option<Month>,
    /// In which communities it holds; `None` where the policy as a whole does.
    pub within: Option<Area>,
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
    /// In which communities those hold that do not say so themselves.
    pub within: Area,
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
            within: Area::Everywhere,
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
            "where" => self.within = Area::read(value).ok_or_else(unknown)?,
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
        let text = changes::text(self, base)?;
        if text.is_empty() { Ok(base.clone()) } else { base.with_changes(NAME, &text) }
    }

    /// All places where levers hold.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.levers.iter().filter_map(|lever| lever.within.as_ref()).chain([&self.within])
    }

    /// The same of a base in whose table only the communities `kept` of `count` are left.
    #[must_use]
    pub fn among(&self, kept: &[usize], count: usize) -> Question {
        let mut question = self.clone();
        question.within = self.within.among(kept, count);
        for lever in &mut question.levers {
            lever.within = lever.within.as_ref().map(|within| within.among(kept, count));
        }
        question
    }
}

/// "2019-01..2020-12:outreach.phone=0.2@kind=courtyard": first and last month, where they are not those of the run, key
/// and value, and where it holds, if that is said of it alone.
fn lever(text: &str) -> Result<Lever, Problem> {
    let wrong =
        || Problem::new(both!("`{text}` is not of the form key=value", "`{text}` 不是 key=value 的形式"));
    let (setting, within) = match text.rsplit_once('@') {
        Some((setting, place)) => (setting, Some(Area::read(place).ok_or_else(wrong)?)),
        None => (text, None),
    };
    let (left, value) = setting.split_once('=').ok_or_else(wrong)?;
    let (months, key) = left.split_once(':').unwrap_or(("", left));
    let (from, to) = months.split_once("..").unwrap_or((months, ""));
    let month = |text: &str| match text.is_empty() {
        true => Ok(None),
        false => text.parse().map(Some).map_err(|()| wrong()),
    };
    Ok(Lever { key: key.into(), value: value.into(), from: month(from)?, to: month(to)?, within })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Loaded {
        shequ_model::scenario::Scenario::from_text("a.toml", "name = \"A\"\nmonths = 36\n", &[]).unwrap()
    }

    #[test]
    fn an_address_says_what_is_set_when_and_where() {
        let asked = "lever=outreach.phone%3D0.2&lever=2018-06..2018-12%3Acouncil.enabled%3Dtrue%40kind%3Dcourtyard\
                     &lever=..2017-03%3Aoutreach.phone%3D0.3%40&where=share%3D0.5&window=first-year\
                     &outcome=satisfaction&language=zh&tour=3";
        let question = Question::of_address(asked).unwrap();
        assert_eq!((question.outcome.name(), question.language), ("satisfaction", Language::Zh));
        assert_eq!(question.within, Area::Of("share".into(), "0.5".into()));
        let [plain, dated, first] = &question.levers[..] else { panic!("{:?}", question.levers) };
        assert_eq!((plain.from, plain.to, &plain.within), (None, None, &None));
        assert_eq!(
            (dated.from, dated.to, &dated.within),
            (
                Some(Month::new(2018, 6)),
                Some(Month::new(2018, 12)),
                &Some(Area::Of("kind".into(), "courtyard".into()))
            )
        );
        assert_eq!((first.key.as_str(), first.value.as_str()), ("outreach.phone", "0.3"));
        assert_eq!(
            (first.from, first.to, &first.within),
            (None, Some(Month::new(2017, 3)), &Some(Area::Everywhere))
        );
        for wrong in ["2018-13:a=1", "2018-01..x:a=1", "a=1@nowhere", "a"] {
            assert!(lever(wrong).is_err(), "{wrong}");
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
