//! Common random numbers: a newcomer changes nobody before contact, and an institution under its neutral settings
//! is bit-identical to its absence.

use crate::common;

use common::{PLAIN, begin, bits, busy, city, portrait, scenario};
use shequ::model::institution::{self, Institution};
use shequ::model::metric::costs::PREFIX;
use shequ::model::metric::{self, Metric};
use shequ::model::scenario::Scenario;
use shequ::model::simulation::month::schedule_of;

/// The city has no actors that carry news from one community to another.
const NOBODY_CITY_WIDE: &[&str] = &[
    "organisations.count=0.0",
    "organisations.birth_rate=0.0",
    "government.learning_rate=0.0",
    "government.allocation=equal",
    "diffusion.rate=0.0",
];

/// Every month of a replicate, as bits: city-wide metrics and those of each community.
fn months(scenario: &Scenario, present: &dyn Fn(&Institution) -> bool) -> Vec<Vec<u64>> {
    let city = city(scenario);
    let mut simulation = begin(scenario, &city, 0).with_schedule(schedule_of(present));
    (0..scenario.months)
        .map(|_| {
            simulation.step();
            let whole = metric::all().iter().map(|m| m.city(&simulation.communities, &simulation.citywide));
            let each = simulation.communities.iter().flat_map(|p| {
                metric::all().iter().map(|m| m.over(std::slice::from_ref(p))).collect::<Vec<_>>()
            });
            whole.chain(each).map(f64::to_bits).collect()
        })
        .collect()
}

fn neutral(institution: &Institution) -> Vec<String> {
    institution.neutral.iter().map(|(key, value)| format!("{}.{key}={value}", institution.name)).collect()
}

/// First month and metric in which two replicates differ, of the metrics that count.
fn first_difference(a: &[Vec<u64>], b: &[Vec<u64>], counts: &dyn Fn(&Metric) -> bool) -> Option<String> {
    let metric_of = |k: usize| &metric::all()[k % metric::all().len()];
    let differs = |x: &[u64], y: &[u64]| (0..x.len()).find(|&k| x[k] != y[k] && counts(metric_of(k)));
    let (month, k) = (0..a.len()).find_map(|month| Some((month, differs(&a[month], &b[month])?)))?;
    let metric = metric_of(k);
    Some(format!(
        "{} in month {month}: {} and {}",
        metric.name,
        f64::from_bits(a[month][k]),
        f64::from_bits(b[month][k])
    ))
}

#[test]
fn under_its_neutral_settings_no_institution_does_anything() {
    for base in [PLAIN, busy()] {
        for institution in institution::all() {
            let neutral = neutral(institution);
            let neutral: Vec<&str> = neutral.iter().map(String::as_str).collect();
            let scenario = scenario(&[base, &neutral]);
            let there = months(&scenario, &|_| true);
            let absent = months(&scenario, &|i| i.name != institution.name);
            let found = first_difference(&there, &absent, &|_| true);
            assert!(found.is_none(), "{} is not neutral: {}", institution.name, found.unwrap_or_default());
        }
    }
}

/// Institutions whose settings others read too, so that to leave out their acts is not to be without
/// them: the staff visit homes because `outreach.home_visits` says so, and residents whom no staff
/// answer are only disappointed if `staff.count` promises them an answer.
const READ_BY_OTHERS: [&str; 2] = ["outreach", "staff"];

#[test]
fn whatever_its_settings_an_institution_left_out_is_as_a_neutral_one() {
    for institution in institution::all().iter().filter(|i| !READ_BY_OTHERS.contains(&i.name)) {
        let neutral = neutral(institution);
        let neutral: Vec<&str> = neutral.iter().map(String::as_str).collect();
        let there = months(&scenario(&[PLAIN, &neutral]), &|_| true);
        let absent = months(&scenario(&[PLAIN]), &|i| i.name != institution.name);
        // Costs go by what the settings say, whether an institution acts or not.
        let found = first_difference(&there, &absent, &|m| !m.name.starts_with(PREFIX));
        assert!(found.is_none(), "{}: {}", institution.name, found.unwrap_or_default());
    }
}

#[test]
fn every_institution_makes_a_difference_where_it_is_not_neutral() {
    // Without this, the tests above would pass for institutions that do nothing at all.
    let busy = scenario(&[busy()]);
    let all = months(&busy, &|_| true);
    for institution in institution::all() {
        assert_ne!(all, months(&busy, &|i| i.name != institution.name), "{}", institution.name);
    }
}

#[test]
fn one_more_resident_changes_nobody_in_other_communities() {
    let few = scenario(&[busy(), NOBODY_CITY_WIDE, &["population.size_spread=0.0"]]);
    let more =
        scenario(&[busy(), NOBODY_CITY_WIDE, &["population.size_spread=0.0", "population.adults=161"]]);
    let before = city(&few);
    let mut after = before.clone();
    after.communities[2] = city(&more).communities[2].clone();
    assert_eq!(after.communities[2].adults(), before.communities[2].adults() + 1);
    let (mut a, mut b) = (begin(&few, &before, 0), begin(&few, &after, 0));
    for month in 0..few.months {
        a.step();
        b.step();
        for (x, y) in a.communities.iter().zip(&b.communities).take(2) {
            assert!(portrait(x) == portrait(y), "community {} differs in month {month}", x.community.id);
        }
    }
    assert_ne!(portrait(&a.communities[2]), portrait(&b.communities[2]));
}

#[test]
fn in_the_first_month_one_more_resident_changes_only_acquaintances_and_the_same_compound() {
    // Visits to homes and activities are shared out among all, so each newcomer thins them.
    let alone = [NOBODY_CITY_WIDE, &["outreach.home_visits=0.0", "population.adults=600"]].concat();
    let few = scenario(&[PLAIN, &alone]);
    let more = scenario(&[PLAIN, &alone, &["population.adults=601"]]);
    let (before, after) = (city(&few), city(&more));
    let (mut a, mut b) = (begin(&few, &before, 0), begin(&few, &after, 0));
    a.step();
    b.step();
    let (mut compared, mut all) = (0, 0);
    for (x, y) in a.communities.iter().zip(&b.communities) {
        let (old, new) = (&x.community, &y.community);
        let last = new.compounds - 1;
        assert_eq!(new.residents.compound[old.adults()], last, "the newcomer lives in the last compound");
        for i in 0..old.adults() {
            all += 1;
            if new.residents.compound[i] != last && old.ties.of(i) == new.ties.of(i) {
                compared += 1;
                assert_eq!(old.residents.acts[i], new.residents.acts[i], "resident {i} of {}", old.id);
            }
        }
    }
    assert!(compared * 10 > all * 8, "{compared} of {all} compared");
}

#[test]
fn two_policies_use_common_random_numbers_until_they_touch() {
    // Supervised bins touch only sorting, so all else is the same to the last bit, once sorting takes none of the
    // time that other modes need.
    let timeless = ["modes.sorting.hours=0"];
    let plain = common::output(&scenario(&[PLAIN, &timeless]), 0);
    let watched = common::output(&scenario(&[PLAIN, &timeless, &["waste.supervision=1.0"]]), 0);
    let touched = [
        "sorting.accuracy",
        "sorting.watched",
        "participation.sorting",
        "cost.total",
        "cost.by.budget",
        "cost.staff_hours",
        "cost.resident_hours",
        "cost.resident_value",
        "cost.for.waste",
    ];
    for metric in metric::all().iter().filter(|m| !touched.contains(&m.name)) {
        let of =
            |output| common::series(output, metric.name).into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(of(&plain), of(&watched), "{}", metric.name);
    }
    assert_ne!(bits(&plain), bits(&watched));
}
