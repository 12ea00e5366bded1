//! `shequ trace`: why one resident did what they did, term by term.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use super::{Common, Error, Language, Overrides, memory, output, value_parser};
use shequ_model::base::i18n::{Both, both};
use shequ_model::base::month::Month;
use shequ_model::base::params::{Text, text};
use shequ_model::city::residents::Target;
use shequ_model::city::{City, Traits, synth};
use shequ_model::scenario::Scenario;
use shequ_model::simulation::trace::{Entry, follow};
use shequ_model::simulation::{Simulation, prepare};

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
    let mut page = String::new();
    for entry in &entries {
        write_entry(entry, common.lang, &mut page);
    }
    output::print(&page)
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

const NEWCOMER: Text = text("a new resident has moved in", "新居民迁入");
const YES: Text = text("takes part", "参与");
const NO: Text = text("does not take part", "未参与");
const NO_TIME: Text = text("would take part, but has no time left", "愿意参与，但时间不足");
const NOT_ELIGIBLE: Text = text("not eligible", "不符合资格");
const REQUEST: Text = text("files a request with the committee", "向居委会提出请求");
const TRUST: Text = text("trust changes", "信任变化");
const SATISFACTION: Text = text("satisfaction", "满意度");

fn write_entry(entry: &Entry, language: Language, page: &mut String) {
    let of = |t: Text| language.of(t);
    let who = describe(entry.age, entry.traits, language);
    let hours = entry.time;
    let free = of(text("free hours per month", "每月空闲小时"));
    let _ = writeln!(page, "{}  {who}; {hours:.1} {free}", entry.date);
    if entry.newcomer {
        let _ = writeln!(page, "  {}", of(NEWCOMER));
    }
    for c in &entry.considered {
        let verdict = match (c.eligible, entry.did(c.mode), c.draw < c.chance) {
            (false, ..) => of(NOT_ELIGIBLE),
            (_, true, _) => of(YES),
            (_, false, true) => of(NO_TIME),
            _ => of(NO),
        };
        let _ = writeln!(page, "  {}: {verdict}", of(c.mode.label()));
        if !c.eligible {
            continue;
        }
        let terms: Vec<String> = c.terms.iter().map(|t| format!("{} {:+.3}", of(t.name), t.value)).collect();
        let _ = writeln!(page, "    {}", terms.join(" · "));
        let asked = match c.persuaded {
            0.0 => String::new(),
            persuaded => format!(" + {} {persuaded:.3}", of(text("asked in person", "当面邀请"))),
        };
        let _ = writeln!(
            page,
            "    × {} {:.3}{asked} × {} {:.3} = {} {:.4}; {} {:.4}",
            of(text("is aware of it", "知情")),
            c.knows,
            of(text("open", "有机会")),
            c.open,
            of(text("chance", "概率")),
            c.chance,
            of(text("draw", "随机数")),
            c.draw
        );
    }
    if entry.request {
        let _ = writeln!(page, "  {}", of(REQUEST));
    }
    let moved: Vec<String> = Target::ALL
        .iter()
        .zip(&entry.trust)
        .filter(|(_, (before, after))| before != after)
        .map(|(target, (before, after))| format!("{} {before:.3} → {after:.3}", of(target.label())))
        .collect();
    if !moved.is_empty() {
        let _ = writeln!(page, "  {}: {}", of(TRUST), moved.join(" · "));
    }
    let (before, after) = entry.satisfaction;
    let _ = writeln!(page, "  {}: {before:.3} → {after:.3}\n", of(SATISFACTION));
}

fn describe(age: u16, traits: Traits, language: Language) -> String {
    let words = [
        if traits.male() { text("man", "男") } else { text("woman", "女") },
        if traits.owner() { text("owner", "自有住房") } else { text("renter", "租住") },
        if traits.local() {
            text("local hukou", "本地户籍")
        } else {
            text("non-local hukou", "外地户籍")
        },
        if traits.party() { text("party member", "党员") } else { text("not a party member", "非党员") },
    ];
    let words: Vec<&str> = words.into_iter().map(|w| language.of(w)).collect();
    format!("{age}, {}", words.join(", "))
}
