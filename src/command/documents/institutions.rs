//! `docs/institutions.md`.

use super::{NOTE, code, sentence};
use shequ_model::base::params::Section;
use shequ_model::institution::cost::Costs;
use shequ_model::institution::{self, Family, Institution, Step};
use shequ_model::scenario::index::join;

/// The whole page.
pub fn page() -> String {
    let families: Vec<String> = Family::ALL.into_iter().map(family).collect();
    format!(
        "{NOTE}\n# Institutions\n\n\
         What each institution and instrument is, what it does in a month, by which equations, what it costs, and with \
         which settings it is as good as absent, family by family. The order in which they act is in \
         [the ODD text](odd.md). Rows are those of the \
         mechanism map, which [the page on evidence](evidence.md#the-mechanism-map) explains.\n\n{}",
        families.join("\n")
    )
}

/// A chapter: the institutions of one family.
fn family(family: Family) -> String {
    let sections = institution::sections();
    let of = |section: &Section| {
        let institution = institution::all().iter().find(|i| i.name == section.path)?;
        (institution.family == family).then(|| part(institution, section))
    };
    let parts: Vec<String> = sections.iter().filter_map(of).collect();
    let label = family.label();
    format!("## Family: {} {}\n\n{}", label.en, label.zh, parts.join("\n"))
}

fn part(institution: &Institution, section: &Section) -> String {
    let list = |items: Vec<String>| -> String { items.iter().map(|item| format!("- {item}\n")).collect() };
    let rows: Vec<String> = institution.rows.iter().map(u16::to_string).collect();
    let acts = institution.acts.iter().map(|act| format!("*{}*: {}", step(act.step), act.what)).collect();
    let equations = institution.equations.iter().map(|equation| code(equation)).collect();
    let neutral = settings(institution.neutral);
    let keys: Vec<String> = section.keys.iter().map(|key| code(&join(section.path, key.name))).collect();
    format!(
        "### {}\n\n{} {}\n\n\
         Rows of the mechanism map: {}.\n\n\
         What it does:\n\n{}\n\
         Equations:\n\n{}\n\
         {}\n\n\
         As good as absent with: {}.{}\n\n\
         Keys ([meanings, units, ranges, defaults and sources](parameters.md#{})): {}.\n",
        institution.name,
        institution.summary.en,
        institution.summary.zh,
        rows.join(", "),
        list(acts),
        list(equations),
        costs(&institution.costs),
        neutral.join(", "),
        at_work(institution),
        institution.name,
        keys.join(", ")
    )
}

/// What it takes money and hours for.
fn costs(costs: &Costs) -> String {
    match costs {
        Costs::Free(why) => format!("Costs nothing: {why}."),
        Costs::Charged { charges, .. } => {
            let what: Vec<&str> = charges.iter().map(|charge| charge.what).collect();
            format!("Costs: {}.", what.join("; "))
        }
    }
}

/// Settings with which it shows an effect, if its defaults are not such.
fn at_work(institution: &Institution) -> String {
    match institution.demonstration {
        [] => String::new(),
        some => format!(" At work, for instance, with: {}.", settings(some).join(", ")),
    }
}

fn settings(settings: &[(&str, &str)]) -> Vec<String> {
    settings.iter().map(|(key, value)| code(&format!("{key} = {value}"))).collect()
}

/// The name of a step in pages.
pub fn step(step: Step) -> String {
    format!("{step:?}").to_lowercase()
}

/// The equations of all institutions, for the ODD text.
pub fn equations() -> String {
    let part = |institution: &&Institution| {
        let lines: String = institution.equations.iter().map(|line| format!("- {}\n", code(line))).collect();
        format!("**{}.** {}\n\n{lines}", institution.name, sentence(institution.summary.en))
    };
    institution::all().iter().map(part).collect::<Vec<_>>().join("\n")
}
