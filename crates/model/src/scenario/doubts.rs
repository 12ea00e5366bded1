//! Values that are allowed and yet perhaps not what was meant: told as warnings, never refused.
//!
//! To add a doubt: write a function that looks at the whole scenario, and add one line to [`ALL`].

use toml::Value;

use super::Scenario;
use super::checks::Finding;
use super::draft::Draft;
use super::index::Index;
use super::value::number_of;
use crate::base::i18n::both;
use crate::base::problem::Problem;
use crate::institution::funding;
use crate::institution::staff::expected;

/// Every doubt about a scenario as a whole.
pub const ALL: &[fn(&Scenario) -> Option<Finding>] = &[staff_can_cope, fund_stays_a_number];

/// Share of the staff's hours above which requests wait long: in a queue waits grow with 1 / (1 − share).
const BUSY: f64 = 0.95;

fn staff_can_cope(scenario: &Scenario) -> Option<Finding> {
    let (adults, children) = (f64::from(scenario.population.adults), scenario.population.child_share);
    let busy = |rules| expected::load(rules, adults, children).filter(|(_, load)| *load > BUSY);
    let (period, (people, load)) =
        scenario.periods.iter().find_map(|period| Some((period, busy(&period.rules)?)))?;
    let ratio = |people| expected::for_ten_thousand(people, adults, children);
    let message = both!(
        "in a community of {adults} adults the committee's staff, {people} or {ratio} for 10,000 residents, would need \
         {percent} % of their hours for tasks and requests, so that requests wait long or are given up",
        "在有 {adults} 名成年居民的社区，居委会工作人员（{people} 人，即每 10,000 名居民 {ratio} 人）办理任务与请求需要其工时的 \
         {percent} %，请求会长期积压或被放弃";
        adults = adults, people = tenths(people), ratio = tenths(ratio(people)), percent = (100.0 * load).round()
    );
    let lower = both!("lower admin.tasks_per_month", "降低 admin.tasks_per_month");
    let help = match expected::staff_for(&period.rules, adults, BUSY) {
        // A little more than needed, as it is rounded up.
        Some(enough) => both!(
            "{enough} would do: set staff.per_10000 = {ratio} without a fixed staff.count, or {lower}",
            "需 {enough} 人：请设 staff.per_10000 = {ratio}（不设固定的 staff.count），或{lower}";
            enough = enough.ceil(), ratio = up_to_tenths(ratio(enough)), lower = lower
        ),
        None => lower,
    };
    Some(Finding { key: "population.adults", month: period.from, message, help })
}

fn tenths(number: f64) -> f64 {
    (10.0 * number).round() / 10.0
}

fn up_to_tenths(number: f64) -> f64 {
    (10.0 * number).ceil() / 10.0
}

fn fund_stays_a_number(scenario: &Scenario) -> Option<Finding> {
    let grows = |period: &&super::PolicyPeriod| {
        let fund = &period.rules.institutions.funding;
        let years = f64::from(scenario.months) / 12.0;
        let first = fund.base as f64 + fund.per_capita * f64::from(scenario.population.adults);
        first * libm::pow(1.0 + fund.growth, years) > funding::MOST_GRANTED
    };
    scenario.periods.iter().find(grows).map(|period| Finding {
        key: "funding.growth",
        month: period.from,
        message: both!(
            "by the end of the run the fund would grant more than 1e15 yuan a year, and is capped there",
            "模拟结束时专项资金每年将超过 1e15 元，并以此为上限"
        ),
        help: both!("lower funding.growth or run fewer months", "请降低 funding.growth 或减少月数"),
    })
}

/// How many times smaller than the default an amount of money is doubted.
const SMALL: f64 = 200.0;
/// Least default of an amount that is doubted, yuan.
const LARGE: f64 = 1_000.0;

/// Amounts of money that look like ten thousands of yuan (万元), as budgets are written in China.
pub fn of_amounts(draft: &Draft, index: &Index) -> Vec<Problem> {
    let given =
        draft.values.iter().filter_map(|(path, given)| Some((path, &given.value, given.place.as_ref()?)));
    let changed = draft.changes.iter().flat_map(|change| &change.entries);
    let entries = given.chain(changed.map(|entry| (&entry.path, &entry.value, &entry.place)));
    let doubt = |(path, value, place): (&String, &Value, &_)| {
        let key = index.key(path).filter(|key| key.unit.starts_with("yuan"))?;
        let (amount, usual) = (number_of(value)?, number_of(&key.default)?);
        if usual < LARGE || amount <= 0.0 || amount >= usual / SMALL {
            return None;
        }
        let meant = amount * 10_000.0;
        let what = both!(
            "`{path}` is {amount} yuan; usual values are about {usual}",
            "`{path}` 是 {amount} 元，而通常为 {usual} 元"
        );
        let problem = Problem::new(what).of(path).at(Clone::clone(place));
        Some(problem.help(both!(
            "if the amount is in units of ten thousand yuan, write {meant}",
            "若单位是万元，请写 {meant}"
        )))
    };
    entries.filter_map(doubt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(text: &str) -> Vec<String> {
        let text = format!("name = \"A\"\n{text}");
        let loaded = Scenario::from_text("a.toml", &text, &[]).unwrap();
        loaded.warnings.iter().map(|warning| warning.message.en.clone()).collect()
    }

    #[test]
    fn usual_values_are_not_doubted() {
        assert_eq!(warnings(""), Vec::<String>::new());
        assert_eq!(
            warnings("population.adults = 4000\nfunding.base = 0\nfunding.growth = 0.1\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn ten_thousands_are_doubted_at_the_start_and_in_changes() {
        let said = warnings("funding.base = 25\n[[change]]\nfrom = \"2020-01\"\nfunding.base = 30\n");
        assert_eq!(
            said,
            [
                "`funding.base` is 25 yuan; usual values are about 360000",
                "`funding.base` is 30 yuan; usual values are about 360000",
            ]
        );
    }

    #[test]
    fn too_much_work_and_too_much_money_are_doubted() {
        // Five people work 925 hours, of which 674 go into tasks, 5 into training and 540 into 450 requests.
        let few = "population.adults = 6000\nresidents.request_rate = 0.075\nstaff.count = 5\n";
        assert!(warnings(few)[0].contains("would need 132 %"), "{:?}", warnings(few));
        // 6,000 adults with a share of .1594 below 18 are 7,138 residents.
        assert!(warnings(few)[0].contains("staff, 5 or 7 for 10,000 residents"), "{:?}", warnings(few));
        let ratio = "population.adults = 6000\nresidents.request_rate = 0.075\n";
        assert_eq!(warnings(ratio), Vec::<String>::new());
        assert!(warnings("months = 1200\nfunding.growth = 0.5\n")[0].contains("1e15"));
    }

    #[test]
    fn the_staff_that_a_warning_names_would_do_and_no_fewer() {
        let few = "name = \"A\"\npopulation.adults = 6000\nresidents.request_rate = 0.075\n";
        let help = |text: &str| {
            let loaded = Scenario::from_text("a.toml", text, &[]).unwrap();
            loaded.warnings.first().and_then(|warning| warning.help.clone()).map(|help| help.en)
        };
        let said = help(&format!("{few}staff.count = 5\n")).unwrap();
        // 1,214 hours of work at 95 % of 185 less one of training: 6.95.
        assert!(said.starts_with("7 would do: set staff.per_10000 = 9.8 "), "{said}");
        assert_eq!(help(&format!("{few}staff.count = 7\n")), None);
        assert_eq!(help(&format!("{few}staff.per_10000 = 9.8\n")), None);
        assert!(help(&format!("{few}staff.count = 6\n")).is_some());
        assert!(help(&format!("{few}staff.per_10000 = 9.6\n")).is_some());
    }
}
