//! Keys that are each allowed but contradict one another.
//!
//! To add a check: write a function that looks at the whole scenario, and add one line to [`ALL`].

use super::Scenario;
use crate::base::month::Month;
use crate::institution::Rules;
use crate::institution::funding::Decider;

/// A contradiction, shown where its key was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Dotted path of the key to point at.
    pub key: &'static str,
    /// Month, counted from the start, in which it shows: the change in force then is pointed at.
    pub month: u32,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Every check.
pub const ALL: &[fn(&Scenario) -> Option<Finding>] = &[
    name_is_not_blank,
    city_is_not_too_large,
    calendar_has_four_digits,
    council_exists,
    residents_decide_a_given_election,
    disaster_strikes,
    lists_fit_the_community,
    ties_are_between_residents,
];

/// Most adults in a city.
const MOST_ADULTS: u64 = 100_000_000;

fn name_is_not_blank(scenario: &Scenario) -> Option<Finding> {
    scenario.name.trim().is_empty().then(|| Finding {
        key: "name",
        month: 0,
        message: "the name of the scenario is blank".into(),
        help: "results are kept under this name: give it one".into(),
    })
}

fn city_is_not_too_large(scenario: &Scenario) -> Option<Finding> {
    let (communities, adults) = (scenario.population.communities, scenario.population.adults);
    let all = u64::from(communities) * u64::from(adults);
    (all > MOST_ADULTS).then(|| Finding {
        key: "population.adults",
        month: 0,
        message: format!("{communities} communities of {adults} adults are too large a city"),
        help: format!("communities × adults may be at most {MOST_ADULTS}"),
    })
}

fn calendar_has_four_digits(scenario: &Scenario) -> Option<Finding> {
    let last = scenario.start.plus(scenario.months);
    (last.year() > 9999).then(|| Finding {
        key: "months",
        month: 0,
        message: "the run would go on beyond the year 9999".into(),
        help: "start earlier or live fewer months".into(),
    })
}

fn council_exists(scenario: &Scenario) -> Option<Finding> {
    let lacks_it = |rules: &Rules| {
        let institutions = &rules.institutions;
        institutions.funding.decider == Decider::Council && !institutions.council.enabled
    };
    scenario.eras.iter().find(|era| lacks_it(&era.rules)).map(|era| Finding {
        key: "funding.decider",
        month: era.from,
        message: "the council is to decide the fund, but there is no council".into(),
        help: "set `council.enabled = true`, or let somebody else decide".into(),
    })
}

fn residents_decide_a_given_election(scenario: &Scenario) -> Option<Finding> {
    let lacks_voters = |rules: &Rules| {
        let funding = &rules.institutions.funding;
        !funding.election.costs.is_empty() && funding.decider != Decider::Residents
    };
    scenario.eras.iter().find(|era| lacks_voters(&era.rules)).map(|era| Finding {
        key: "funding.election",
        month: era.from,
        message: "an election is given, but it is not residents who decide the fund".into(),
        help: "set `funding.decider = \"residents\"`".into(),
    })
}

fn disaster_strikes(scenario: &Scenario) -> Option<Finding> {
    let last = scenario.start.plus(scenario.months - 1);
    let outside = |rules: &Rules| {
        let shock = &rules.institutions.shock;
        let inside = |date: Month| scenario.start <= date && date <= last;
        shock.severity > 0.0 && !shock.date.parse().is_ok_and(inside)
    };
    scenario.eras.iter().find(|era| outside(&era.rules)).map(|era| Finding {
        key: "shock.date",
        month: era.from,
        message: "the disaster would strike outside the months that are lived".into(),
        help: format!("the run lives {} to {last}", scenario.start),
    })
}

fn lists_fit_the_community(scenario: &Scenario) -> Option<Finding> {
    let population = &scenario.population;
    let adults = population.adults as usize;
    let uneven = population.size_spread > 0.0;
    let unfit = |list: &[f64]| !list.is_empty() && (list.len() != adults || uneven);
    let (key, list) = population.given.lists().into_iter().find(|(_, list)| unfit(list))?;
    Some(Finding {
        key,
        month: 0,
        message: format!("the list holds {} numbers, but communities do not have as many adults", list.len()),
        help: match uneven {
            true => "set `population.size_spread = 0.0`, so that all communities are of one size".into(),
            false => format!("set `population.adults = {}`, or give {adults} numbers", list.len()),
        },
    })
}

fn ties_are_between_residents(scenario: &Scenario) -> Option<Finding> {
    let population = &scenario.population;
    let ends = population.network.ties.iter().flat_map(|tie| &tie[..2]);
    let is_resident = |&end: &f64| end.fract() == 0.0 && (0.0..population.adults as f64).contains(&end);
    let Some(stranger) = ends.copied().find(|end| !is_resident(end)) else {
        return ties_weigh_something(scenario);
    };
    let last = population.adults - 1;
    Some(Finding {
        key: "population.network.ties",
        month: 0,
        message: format!("a tie names resident {stranger}, who is not there"),
        help: format!("residents are numbered from 0 to {last}; `population.adults` says how many there are"),
    })
}

fn ties_weigh_something(scenario: &Scenario) -> Option<Finding> {
    let weights = scenario.population.network.ties.iter().filter_map(|tie| tie.get(2));
    let weight = weights.copied().find(|&weight| !(0.0..=1e9).contains(&weight))?;
    Some(Finding {
        key: "population.network.ties",
        month: 0,
        message: format!("a tie has the weight {weight}"),
        help: "weights go from 0 to 1e9; only their ratios count".into(),
    })
}
