//! The theory that a scenario writes itself: whether it has one, and what is wrong with it, shown within its formula.

use std::ops::Range;

use super::build::Values;
use super::draft::{Draft, Given};
use super::index::{join, split};
use crate::base::problem::{Place, Problem, Problems};
use crate::theory::formula::{ENTRY, Finding, Formula, Own, PARAMETERS, PATH};

/// The parameters of its own, by name.
pub fn parameters(values: &Values) -> impl Iterator<Item = (&str, &Given)> {
    let after = values.range(join(PARAMETERS, "")..);
    let own = after.map(|(path, given)| (split(path), given));
    own.take_while(|((table, _), _)| *table == PARAMETERS).map(|((_, name), given)| (name, given))
}

/// True if `path` is that of a table of a theory of one's own.
pub fn is_its_table(path: &str) -> bool {
    path == PATH || path == PARAMETERS
}

/// True if somebody wrote a theory, or chose the one that is written where nobody does.
pub fn is_there(draft: &Draft) -> bool {
    let within = |path: &str| is_its_table(split(path).0);
    let is_chosen = text(draft, "theory.participation") == ENTRY.name;
    is_chosen || draft.values.iter().any(|(path, given)| given.place.is_some() && within(path))
}

fn text<'a>(draft: &'a Draft, path: &str) -> &'a str {
    draft.values.get(path).and_then(|given| given.value.as_str()).unwrap_or_default()
}

/// Adds what is wrong with the theory, if there is one; of values that were refused already, no more is said.
pub fn judge(draft: &Draft, problems: &mut Problems) {
    let is_of_it = |key: &String| is_its_table(split(key).0);
    if !is_there(draft) || problems.0.iter().any(|problem| problem.key.as_ref().is_some_and(is_of_it)) {
        return;
    }
    let formula = |name: &str| text(draft, &join(PATH, name)).to_string();
    let settings = Formula {
        probability: formula("probability"),
        remember: formula("remember"),
        remember_start: formula("remember_start"),
    };
    let numbers = parameters(&draft.values).filter_map(|(name, given)| Some((name, given.value.as_float()?)));
    let numbers: Vec<(&str, f64)> = numbers.collect();
    if let Err(found) = Own::of(&settings, &numbers) {
        problems.0.extend(found.into_iter().map(|finding| problem(finding, draft)));
    }
}

fn problem(finding: Finding, draft: &Draft) -> Problem {
    let path = join(PATH, &finding.key);
    let problem = Problem::new(finding.what).of(path.as_str());
    let problem = finding.help.into_iter().fold(problem, Problem::help);
    let Some(given) = draft.values.get(&path) else { return problem };
    let Some(place) = &given.place else { return problem };
    let written = given.value.as_str().unwrap_or_default();
    let span = finding.span.and_then(|span| within(place, written, span));
    problem.at(Place { span: span.unwrap_or_else(|| place.span.clone()), ..place.clone() })
}

/// The bytes `span` of a formula, in the text that holds it; none where they stand otherwise there, because of
/// escapes.
fn within(place: &Place, written: &str, span: Range<usize>) -> Option<Range<usize>> {
    let text = place.source.text.get(place.span.clone())?;
    let start = [0, 1, 3, 4, 5].into_iter().find(|&start| {
        let (quotes, rest) = (text.get(..start), text.get(start..));
        let is_opening = |quotes: &str| {
            let plain = quotes.trim_end_matches(['\r', '\n']);
            matches!(plain, "" | "\"" | "'" | "\"\"\"" | "'''") && (quotes == plain || plain.len() == 3)
        };
        quotes.is_some_and(is_opening) && rest.is_some_and(|rest| rest.starts_with(written))
    })?;
    let at = place.span.start + start;
    Some(at + span.start..at + span.end)
}
