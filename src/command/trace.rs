//! `shequ trace`: why one resident did what they did, term by term.

use std::path::PathBuf;

use clap::Args;

use super::{Common, Error, Overrides, memory, output, value_parser};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::month::Month;
use shequ_model::city::{City, synth};
use shequ_model::scenario::Scenario;
use shequ_model::simulation::trace::follow;
use shequ_model::simulation::{Simulation, prepare};
use shequ_report::traced;

/// Arguments of `trace`.
#[derive(Args)]
pub struct Arguments {
    /// Scenario file
    file: PathBuf,
    /// The resident: a number in the city, or COMMUNITY:NUMBER, both counted from 0
    #[arg(long, value_name = "ID")]
    resident: String,
    /// Months to show, by number from 1 or by date: 1..12, 2018-01..2018-12
    #[arg(long, value_name = "A..B")]
    months: Option<String>,
    /// Number of the replicate, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser::within(0, u32::MAX))]
    replicate: u32,
    #[command(flatten)]
    memory: memory::Allowance,
    #[command(flatten)]
    overrides: Overrides,
}

/// Runs one replicate of the scenario and prints what the resident considered.
pub fn run(arguments: Arguments, common: Common) -> Result<(), Error> {
    let scenario = Scenario::load(&arguments.file, &arguments.overrides.all())?.scenario;
    arguments.memory.check(memory::of_trace(&scenario))?;
    let (from, to) = match &arguments.months {
        Some(given) => months(given, &scenario)?,
        None => (0, scenario.months.min(12)),
    };
    let seed = scenario.seed.of_city(arguments.replicate);
    let city = synth::city(&scenario.population, &scenario.periods[0].rules.residents, seed);
    let (place, i) = find(&city, &arguments.resident)?;
    let fitted = prepare(&scenario);
    let simulation = Simulation::new(&scenario, fitted, &city, arguments.replicate);
    let entries = follow(simulation, place, i, from, to);
    output::print(&traced::told(&entries, common.lang))
}

/// First month, and the month after the last, counted from 0.
fn months(given: &str, scenario: &Scenario) -> Result<(u32, u32), Error> {
    let usage = |why: Both| {
        Error::Usage(both!("--months {given}: {why}", "--months {given}：{why}"; given = given, why = why))
    };
    let form = || usage(both!("write A..B, such as 1..12", "请写 A..B，如 1..12"));
    let (from, to) = given.split_once("..").ok_or_else(form)?;
    let number = |word: &str| -> Option<i64> {
        match word.parse::<Month>() {
            Ok(date) => Some(date.since(scenario.start) as i64 + 1),
            Err(()) => word.parse().ok(),
        }
    };
    let wrong = || {
        usage(both!(
            "each end is a number from 1, or a date such as 2018-01",
            "两端各为从 1 起的数，或日期，如 2018-01"
        ))
    };
    let (from, to) = (number(from).ok_or_else(wrong)?, number(to).ok_or_else(wrong)?);
    if from < 1 || to < from || to > scenario.months as i64 {
        let last = scenario.start.plus(scenario.months - 1);
        let start = scenario.start;
        let months = scenario.months;
        return Err(usage(both!(
            "the scenario has months 1..{months}, {start}..{last}, and A must not come after B",
            "情景有第 1..{months} 个月，即 {start}..{last}，且 A 不得晚于 B"
        )));
    }
    Ok((from as u32 - 1, to as u32))
}

/// Position of the community, and of the resident in it.
fn find(city: &City, id: &str) -> Result<(usize, usize), Error> {
    let wrong = || {
        Error::Usage(both!(
            "--resident {id}: this resident does not exist; give a number below {adults}, or COMMUNITY:NUMBER \
             with a community below {communities}",
            "--resident {id}：没有这位居民；请给出小于 {adults} 的编号，或 COMMUNITY:NUMBER，\
             其中社区编号小于 {communities}";
            id = id, adults = city.adults(), communities = city.communities.len()
        ))
    };
    if let Some((community, number)) = id.split_once(':') {
        let (place, i) = (community.parse().ok(), number.parse().ok());
        let (Some(place), Some(i)): (Option<usize>, Option<usize>) = (place, i) else { return Err(wrong()) };
        let exists = city.communities.get(place).is_some_and(|c| i < c.adults());
        return if exists { Ok((place, i)) } else { Err(wrong()) };
    }
    let mut left: usize = id.parse().map_err(|_| wrong())?;
    for (place, community) in city.communities.iter().enumerate() {
        if left < community.adults() {
            return Ok((place, left));
        }
        left -= community.adults();
    }
    Err(wrong())
}
