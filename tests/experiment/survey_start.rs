//! From a survey to a start: figures of a city whose keys are known lead back to these keys.

use shequ::experiment::targets::start::start;
use shequ::experiment::targets::{Combination, scores, table};
use shequ::model::base::problem::Source;
use shequ::model::scenario::{Loaded, Scenario};

const CITY: &str = "name = \"Town\"\nmonths = 24\npopulation.communities = 3\npopulation.adults = 500\n";
/// Replicates of the first year, the same in which the truth is seen.
const REPLICATES: u32 = 4;
/// Keys of the truth, and the figures in which they are seen: through the pollster's questions where there are any.
const TRUTH: [(&str, f64, &str); 4] = [
    ("residents.trust_committee", 0.66, "survey.trusting.committee"),
    ("residents.trust_neighbours", 0.45, "trusting.neighbours"),
    ("modes.event.base_rate", 0.2, "participation.event"),
    ("modes.volunteer.base_rate", 0.03, "survey.volunteered"),
];
/// Standard error of every row.
const ERROR: f64 = 0.004;

fn city(settings: &[String]) -> Loaded {
    Scenario::from_text("town.toml", CITY, settings).unwrap()
}

/// A survey with these values.
fn survey(values: &[f64]) -> Vec<shequ::experiment::targets::Target> {
    let mut text = "id,metric,value,standard_error,from,to,set\n".to_string();
    for (k, ((_, _, metric), value)) in TRUTH.iter().zip(values).enumerate() {
        text += &format!("R{k},{metric},{value},{ERROR},1,12,survey.sample=300\n");
    }
    table::read(&Source::file("survey.csv", text)).unwrap()
}

/// Starts from the defaults, with so many months before the first, and comes back to the truth.
fn comes_back(burn_in: u32) {
    let before = format!("burn_in={burn_in}");
    let base = city(std::slice::from_ref(&before));
    let truth: Vec<String> = TRUTH.iter().map(|(key, value, _)| format!("{key}={value}")).collect();
    let there = city(&[vec![before, "months=12".into()], truth].concat());
    let seen = scores(&there, &survey(&[0.5; 4]), &Combination::of(&there), REPLICATES, &|| false).unwrap();
    let values: Vec<f64> = seen.unwrap().iter().map(|judged| judged.figure.mean).collect();
    let found = start(&base, &survey(&values), REPLICATES, &|| false).unwrap().unwrap();
    assert!(found.left.is_empty(), "{found:?}");
    for ((key, value, _), found) in TRUTH.iter().zip(&found.found) {
        assert_eq!(found.key, *key);
        // In the same replicates the truth gives its figures exactly. Each is met to a quarter of the standard error,
        // and the interval of a row is 1.96 to either side: the truth is well within.
        let [low, high] = found.ends.unwrap();
        assert!(low < *value && *value < high, "{key} = {value}: {found:?}");
        assert!((found.judged.figure.mean - values[found.row]).abs() <= 0.25 * ERROR, "{key}: {found:?}");
        // The interval says something: it leaves out the default from which the search began.
        let default = base.value(key).unwrap().value.as_float().unwrap();
        assert!(default < low || high < default, "{key}: {default} in {found:?}");
    }
}

#[test]
fn the_keys_of_a_known_city_are_found_from_its_survey() {
    comes_back(0);
}

#[test]
fn they_are_found_through_the_months_before_the_start() {
    comes_back(36);
}

#[test]
fn what_no_value_can_give_is_told_with_the_nearest_one() {
    // Services, not the beginning, say how satisfied residents are after ten years.
    let base = city(&["burn_in=120".into()]);
    let text = "id,metric,value,standard_error,from,to\nA,satisfaction,0.3,0.01,1,12\n";
    let survey = table::read(&Source::file("survey.csv", text)).unwrap();
    let found = start(&base, &survey, REPLICATES, &|| false).unwrap().unwrap();
    assert!(found.found.is_empty() && found.left.len() == 1, "{found:?}");
    assert!(found.left[0].why.en.contains("does not say where it is after the burn-in"), "{found:?}");
    // Stopped, there is no start.
    assert_eq!(start(&base, &survey, REPLICATES, &|| true).unwrap(), None);
}
