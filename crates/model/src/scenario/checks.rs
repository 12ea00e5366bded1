//! Keys that are each allowed but contradict one another.
//!
//! To add a check: write a function that looks at the whole scenario, and add one line to [`ALL`].

use super::Scenario;
use crate::base::i18n::{Both, both};
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
    pub message: Both,
    /// What to do about it.
    pub help: Both,
}

/// Every check.
pub const ALL: &[fn(&Scenario) -> Option<Finding>] = &[
    name_is_not_blank,
    city_is_not_too_large,
    calendar_has_four_digits,
    council_exists,
    residents_decide_a_given_election,
    disaster_strikes,
    panel_is_not_too_large,
    lists_fit_the_community,
    ties_are_between_residents,
];

/// Most adults in a city.
const MOST_ADULTS: u64 = 100_000_000;

fn name_is_not_blank(scenario: &Scenario) -> Option<Finding> {
    scenario.name.trim().is_empty().then(|| Finding {
        key: "name",
        month: 0,
        message: both!("the name of the scenario is blank", "情景的名称是空白"),
        help: both!("results are saved under this name: write one", "结果按此名称保存：请写上名称"),
    })
}

fn city_is_not_too_large(scenario: &Scenario) -> Option<Finding> {
    let (communities, adults) = (scenario.population.communities, scenario.population.adults);
    let all = scenario.population.all_adults();
    if all > MOST_ADULTS && !scenario.population.table.is_empty() {
        return Some(Finding {
            key: "population.table",
            month: 0,
            message: both!("{all} adults are more than a city may have", "{all} 名成年居民超过城市的上限"),
            help: both!("a city may have at most {MOST_ADULTS}", "城市最多有 {MOST_ADULTS} 名"),
        });
    }
    (all > MOST_ADULTS).then(|| Finding {
        key: "population.adults",
        month: 0,
        message: both!(
            "{communities} communities of {adults} adults are more than a city may have",
            "{communities} 个社区、各 {adults} 名成年居民，超过城市的上限"
        ),
        help: both!(
            "communities × adults may be at most {MOST_ADULTS}",
            "社区数 × 成年居民数不得超过 {MOST_ADULTS}"
        ),
    })
}

/// Most rows of residents in a replicate: about a gigabyte while it is run.
const MOST_ROWS: u64 = 4_000_000;

fn panel_is_not_too_large(scenario: &Scenario) -> Option<Finding> {
    let (rows, months) =
        (scenario.rows_of_residents(), scenario.months / scenario.report.residents_every.max(1));
    (rows > MOST_ROWS).then(|| Finding {
        key: "report.residents",
        month: 0,
        message: both!(
            "{rows} rows of residents in each replicate are more than can be kept",
            "每次重复有 {rows} 行居民数据，超过可以保存的上限"
        ),
        help: both!(
            "followed residents × {months} months may be at most {MOST_ROWS}: follow fewer, or set \
             `report.residents_every` higher",
            "所追踪的居民 × {months} 个月不得超过 {MOST_ROWS}：请减少居民，或增大 `report.residents_every`"
        ),
    })
}

fn calendar_has_four_digits(scenario: &Scenario) -> Option<Finding> {
    let last = scenario.start.plus(scenario.months);
    (last.year() > 9999).then(|| Finding {
        key: "months",
        month: 0,
        message: both!("the run would end after the year 9999", "模拟会超出 9999 年"),
        help: both!("start earlier or simulate fewer months", "请提前开始，或减少月数"),
    })
}

fn council_exists(scenario: &Scenario) -> Option<Finding> {
    let lacks_it = |rules: &Rules| {
        let institutions = &rules.institutions;
        institutions.funding.decider == Decider::Council && !institutions.council.enabled
    };
    scenario.periods.iter().find(|period| lacks_it(&period.rules)).map(|period| Finding {
        key: "funding.decider",
        month: period.from,
        message: both!(
            "the council is to decide the fund, but there is no council",
            "专项资金应由议事会决定，但没有议事会"
        ),
        help: both!(
            "set `council.enabled = true`, or choose another `funding.decider`",
            "请设 `council.enabled = true`，或另选 `funding.decider`"
        ),
    })
}

fn residents_decide_a_given_election(scenario: &Scenario) -> Option<Finding> {
    let lacks_voters = |rules: &Rules| {
        let funding = &rules.institutions.funding;
        !funding.election.costs.is_empty() && funding.decider != Decider::Residents
    };
    scenario.periods.iter().find(|period| lacks_voters(&period.rules)).map(|period| Finding {
        key: "funding.election",
        month: period.from,
        message: both!(
            "an election is given, but residents do not decide the fund",
            "给出了一次投票，但决定专项资金的不是居民"
        ),
        help: both!("set `funding.decider = \"residents\"`", "请设 `funding.decider = \"residents\"`"),
    })
}

fn disaster_strikes(scenario: &Scenario) -> Option<Finding> {
    let last = scenario.start.plus(scenario.months - 1);
    let outside = |rules: &Rules| {
        let shock = &rules.institutions.shock;
        let inside = |date: Month| scenario.start <= date && date <= last;
        shock.severity > 0.0 && !shock.date.parse().is_ok_and(inside)
    };
    scenario.periods.iter().find(|period| outside(&period.rules)).map(|period| Finding {
        key: "shock.date",
        month: period.from,
        message: both!(
            "the disaster would strike outside the months that are simulated",
            "灾害会发生在所模拟的月份之外"
        ),
        help: both!(
            "the run covers {start} to {last}", "模拟自 {start} 至 {last}"; start = scenario.start, last = last
        ),
    })
}

fn lists_fit_the_community(scenario: &Scenario) -> Option<Finding> {
    let population = &scenario.population;
    let adults = population.adults as usize;
    let given = population.table.iter().filter_map(|row| row.adults).any(|given| given != population.adults);
    let uneven = population.size_spread > 0.0 || given;
    let unfit = |list: &[f64]| !list.is_empty() && (list.len() != adults || uneven);
    let (key, list) = population.given.lists().into_iter().find(|(_, list)| unfit(list))?;
    Some(Finding {
        key,
        month: 0,
        message: both!(
            "the list holds {n} numbers, but communities do not have as many adults",
            "列表有 {n} 个数，但社区的成年居民人数与之不同";
            n = list.len()
        ),
        help: match uneven {
            true if given => both!(
                "leave the adults out of `population.table`, so that all communities are of one size",
                "请删去 `population.table` 中的成年居民数，使各社区规模相同"
            ),
            true => both!(
                "set `population.size_spread = 0.0`, so that all communities are of one size",
                "请设 `population.size_spread = 0.0`，使各社区规模相同"
            ),
            false => both!(
                "set `population.adults = {n}`, or give {adults} numbers",
                "请设 `population.adults = {n}`，或给出 {adults} 个数";
                n = list.len(), adults = adults
            ),
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
        message: both!(
            "a tie names resident {stranger}, who does not exist",
            "一条联系写到居民 {stranger}，但没有这位居民"
        ),
        help: both!(
            "residents are numbered from 0 to {last}; `population.adults` says how many there are",
            "居民编号为 0 至 {last}；`population.adults` 给出人数"
        ),
    })
}

fn ties_weigh_something(scenario: &Scenario) -> Option<Finding> {
    let weights = scenario.population.network.ties.iter().filter_map(|tie| tie.get(2));
    let weight = weights.copied().find(|&weight| !(0.0..=1e9).contains(&weight))?;
    Some(Finding {
        key: "population.network.ties",
        month: 0,
        message: both!("a tie has the weight {weight}", "一条联系的权重是 {weight}"),
        help: both!(
            "weights go from 0 to 1e9; only their ratios count",
            "权重为 0 至 1e9；只有彼此的比例起作用"
        ),
    })
}
